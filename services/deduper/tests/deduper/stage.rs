//! The deduper as a stage of the pipeline.

use ::stage::{Decision, Stage, Verdict};
use deduper::deduper::{Config, Deduper};
use schemas::article::{Article, Block, BlockKind, Trace};
use schemas::fate::Fate;
use schemas::hop::{Change, Cleaned, Relation};
use schemas::memory::deduper::DeduperMemory;
use schemas::record::{Incoming, Record};
use schemas::time::Timestamp;

use crate::articles::FERRY;
use crate::{DAY, NOON};

type Decided = Decision<<Deduper as Stage>::Out, DeduperMemory>;

fn cleaned(id: &str, fetch: &str, host: &str, text: &str) -> Cleaned {
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

/// Decides and applies.
fn take(deduper: &mut Deduper, input: Cleaned, now: i64) -> Decided {
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
