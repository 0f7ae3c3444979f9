//! The deduper as a stage of the pipeline.

use ::stage::{Decision, Stage, Verdict};
use deduper::deduper::{Config, Deduper};
use deduper::origin::Told;
use deduper::stage::told;
use schemas::article::{Article, Block, BlockKind, FoundTime, Trace};
use schemas::fate::Fate;
use schemas::hop::{Change, Cleaned, Relation};
use schemas::memory::deduper::DeduperMemory;
use schemas::record::{Finding, Incoming, Record};
use schemas::time::Timestamp;

use crate::articles::FERRY;
use crate::{DAY, NOON};

pub(crate) type Decided = Decision<<Deduper as Stage>::Out, DeduperMemory>;

pub(crate) fn cleaned(id: &str, fetch: &str, host: &str, text: &str) -> Cleaned {
    let block = |text: &str| Block {
        kind: BlockKind::Paragraph,
        text: text.to_owned(),
    };
    Cleaned {
        trace: Trace {
            fetch_id: fetch.into(),
            ..Trace::default()
        },
        article: Article {
            id: id.into(),
            canonical_url: format!("https://www.{host}/{id}"),
            title: FERRY.0.to_owned(),
            blocks: text.split("\n\n").map(block).collect(),
            ..Article::default()
        },
    }
}

fn found(at: i64, text: &str) -> FoundTime {
    FoundTime {
        at: Timestamp::from_millis(at),
        date_only: false,
        found_in: "json_ld".to_owned(),
        text: text.to_owned(),
        offset_minutes: None,
    }
}

/// Decides and applies.
pub(crate) fn take(deduper: &mut Deduper, input: Cleaned, now: i64) -> Decided {
    let decision = Stage::decide(deduper, input, Timestamp::from_millis(now));
    decision.memory.iter().for_each(|change| Stage::apply(deduper, change));
    decision
}

#[test]
fn what_it_remembers_comes_back_from_the_log_as_it_was() {
    let deduper = Deduper::new(Config::default());
    let decision = Stage::decide(
        &deduper,
        cleaned("a", "1", "agency.example", FERRY.1),
        Timestamp::from_millis(NOON),
    );
    let encoded = decision.memory[0].encode().unwrap();
    let incoming = Incoming {
        topic: encoded.topic,
        key: encoded.key.as_deref(),
        value: encoded.value.as_deref(),
    };
    assert_eq!(DeduperMemory::decode(incoming).unwrap(), decision.memory[0]);
    assert!(encoded.value.unwrap().len() < 1_500);
}

#[test]
fn passes_every_article_on_and_says_what_it_copies() {
    let mut deduper = Deduper::new(Config::default());
    let first = take(&mut deduper, cleaned("a", "1", "agency.example", FERRY.1), NOON);
    assert_eq!(first.verdict, Verdict::Pass);
    assert_eq!(
        (first.records[0].version, first.records[0].duplicate.is_none()),
        (1, true)
    );
    let copy = take(&mut deduper, cleaned("b", "2", "paper.example", FERRY.1), NOON + 1);
    let duplicate = copy.records[0].duplicate.as_ref().unwrap();
    assert_eq!(duplicate.original.as_str(), "a");
    assert_eq!(duplicate.original_url, "https://www.agency.example/a");
    assert_eq!((duplicate.relation, duplicate.copies), (Relation::Copy, 2));
}

#[test]
fn a_late_original_is_passed_on_with_whose_place_it_takes_and_comes_back_from_the_log() {
    let mut deduper = Deduper::new(Config::default());
    take(&mut deduper, cleaned("a", "1", "paper.example", FERRY.1), NOON);
    let mut late = cleaned("b", "2", "antaranews.com", FERRY.1);
    late.article.agency = Some("ANTARA".to_owned());
    late.article.dateline = Some("PORT ALMA (ANTARA) -".to_owned());
    late.article.published_at = Some(found(NOON - DAY / 2, "2026-05-28T20:26:40Z"));
    let decision = take(&mut deduper, late.clone(), NOON + 1);
    let replaces = decision.records[0].replaces.as_ref().unwrap();
    assert!(decision.records[0].duplicate.is_none());
    assert_eq!(
        (replaces.reason.as_str(), replaces.former.original.as_str()),
        ("agency_site", "a")
    );
    assert_eq!(replaces.former.original_url, "https://www.paper.example/a");
    assert_eq!(decision.records[0].findings(), [(Finding::OriginalReplaced, 1)]);
    let encoded = decision.memory[0].encode().unwrap();
    let incoming = Incoming {
        topic: encoded.topic,
        key: encoded.key.as_deref(),
        value: encoded.value.as_deref(),
    };
    let read = DeduperMemory::decode(incoming).unwrap();
    assert_eq!(read, decision.memory[0]);
    Stage::apply(&mut deduper, &read);
    let again = Stage::decide(&deduper, late, Timestamp::from_millis(NOON + 1));
    assert_eq!(again.records, decision.records);
    let copy = take(&mut deduper, cleaned("c", "3", "gazette.example", FERRY.1), NOON + 2);
    let copy = copy.records[0].duplicate.as_ref().unwrap();
    assert_eq!((copy.cluster.as_str(), copy.original.as_str()), ("a", "b"));
}

#[test]
fn an_article_that_an_older_release_remembered_keeps_its_place() {
    let mut deduper = Deduper::new(Config::default());
    let first = take(&mut deduper, cleaned("a", "1", "paper.example", FERRY.1), NOON);
    let DeduperMemory::Remember(mut record) = first.memory[0].clone() else {
        panic!("nothing to remember")
    };
    let mut credited = cleaned("b", "2", "gazette.example", FERRY.1);
    credited.article.agency = Some("ANTARA".to_owned());
    let replaces = |deduper: &Deduper| {
        let decision = Stage::decide(deduper, credited.clone(), Timestamp::from_millis(NOON + 1));
        decision.records[0].replaces.is_some()
    };
    assert!(replaces(&deduper));
    record.origin = None;
    Stage::apply(&mut deduper, &DeduperMemory::Remember(record));
    assert!(!replaces(&deduper));
}

#[test]
fn a_time_proves_as_much_as_its_text_says() {
    let millis = NOON;
    for (text, offset_minutes, expected) in [
        ("2026-05-28T20:26:40Z", None, Told::At(millis)),
        ("2026-05-28T20:26:40+0000", None, Told::At(millis)),
        ("Thu, 28 May 2026 20:26:40 GMT", None, Told::At(millis)),
        ("2026-05-28T22:26:40+02:00", Some(120), Told::At(millis)),
        ("28 May 2026, 20:26", None, Told::Local(millis)),
        ("20:26, 28 Mayz", None, Told::Local(millis)),
    ] {
        let found = FoundTime {
            offset_minutes,
            ..found(millis, text)
        };
        assert_eq!(told(&found), expected, "{text}");
        let date_only = true;
        assert_eq!(told(&FoundTime { date_only, ..found }), Told::Day(millis), "{text}");
    }
}

#[test]
fn the_same_words_end_as_unchanged_and_other_words_are_an_update() {
    let mut deduper = Deduper::new(Config::default());
    take(&mut deduper, cleaned("a", "1", "agency.example", FERRY.1), NOON);
    let same = take(&mut deduper, cleaned("a", "2", "agency.example", FERRY.1), NOON + 1);
    assert_eq!(
        (same.verdict, same.records.len(), same.memory.len()),
        (Verdict::End(Fate::Unchanged), 0, 0)
    );
    let changed = FERRY.1.replace("212", "213");
    let update = take(&mut deduper, cleaned("a", "3", "agency.example", &changed), NOON + 2);
    assert_eq!(
        (update.records[0].version, update.records[0].change),
        (2, Change::Updated)
    );
}

#[test]
fn a_sketch_of_an_unknown_format_still_knows_its_article() {
    let mut deduper = Deduper::new(Config::default());
    let first = Stage::decide(
        &deduper,
        cleaned("a", "1", "agency.example", FERRY.1),
        Timestamp::from_millis(NOON),
    );
    let DeduperMemory::Remember(mut record) = first.memory[0].clone() else {
        panic!("nothing to remember")
    };
    record.sketch_format = 99;
    Stage::apply(&mut deduper, &DeduperMemory::Remember(record));
    let same = take(&mut deduper, cleaned("a", "2", "agency.example", FERRY.1), NOON + 1);
    assert_eq!(same.verdict, Verdict::End(Fate::Unchanged));
}

#[test]
fn what_falls_out_of_the_window_is_forgotten_by_tombstones() {
    let mut deduper = Deduper::new(Config::default());
    take(&mut deduper, cleaned("a", "1", "agency.example", FERRY.1), NOON);
    assert!(Stage::due(&deduper, Timestamp::from_millis(NOON + DAY)).is_none());
    take(
        &mut deduper,
        cleaned("b", "2", "paper.example", "Quite another story."),
        NOON + 8 * DAY,
    );
    let due = Stage::due(&deduper, Timestamp::from_millis(NOON + 8 * DAY)).unwrap();
    assert_eq!(due.memory, [DeduperMemory::Forget("a".into())]);
    assert!(due.memory.iter().all(|change| change.encode().unwrap().value.is_none()));
    due.memory.iter().for_each(|change| Stage::apply(&mut deduper, change));
    assert!(Stage::due(&deduper, Timestamp::from_millis(NOON + 8 * DAY)).is_none());
}
