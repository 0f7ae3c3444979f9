//! What consumers may rely on, decision by decision.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use publisher::{Input, Publisher, Settings};
use schemas::article::{Article, Block, BlockKind, Trace};
use schemas::command::{Action, Command};
use schemas::fate::{Fate, WithheldReason};
use schemas::hop::{Classified, Duplicate, Relation, Replaces, TopicScore};
use schemas::id::{ArticleId, FetchId};
use schemas::memory::publisher::PublisherMemory;
use schemas::published::{Publication, Repointing};
use schemas::time::Timestamp;
use schemas::topic::{Subject, Topic};
use stage::{Decision, Stage, Verdict};

type Way<'a> = dyn Fn(&mut Publisher) + 'a;
type Decided = Decision<Publication, PublisherMemory>;

fn article(id: &str, version: u32, fetched_at: i64) -> Classified {
    let block = |kind, text: &str| Block {
        kind,
        text: text.to_owned(),
    };
    Classified {
        trace: Trace {
            fetch_id: FetchId(format!("{id}-{fetched_at}")),
            fetched_at: Timestamp::from_millis(fetched_at),
            ..Trace::default()
        },
        article: Article {
            id: id.into(),
            title: "Ferry service resumes".to_owned(),
            blocks: vec![
                block(BlockKind::Heading, "Harbour"),
                block(BlockKind::Paragraph, "The ferry sailed at noon."),
            ],
            ..Article::default()
        },
        version,
        topics: vec![
            TopicScore {
                id: "medtop:04000000".to_owned(),
                name: "economy".to_owned(),
                score: 0.8,
            },
            TopicScore {
                id: "medtop:17000000".to_owned(),
                name: "weather".to_owned(),
                score: 0.3,
            },
        ],
        ..Classified::default()
    }
}

fn copy(id: &str, fetched_at: i64) -> Classified {
    let original = ArticleId::from("original");
    let duplicate = Duplicate {
        cluster: original.clone(),
        original,
        original_url: String::new(),
        relation: Relation::Copy,
        copies: 2,
        similarity: 0.97,
        method: "test".to_owned(),
    };
    Classified {
        duplicate: Some(duplicate),
        ..article(id, 1, fetched_at)
    }
}

/// An article that takes the place of `former` as the original of its cluster.
fn in_place_of(former: &str, id: &str, fetched_at: i64) -> Classified {
    let mut classified = article(id, 1, fetched_at);
    classified.article.canonical_url = format!("https://agency.example/{id}");
    let as_copy = copy(id, fetched_at).duplicate.unwrap();
    classified.replaces = Some(Replaces {
        reason: "agency_site".to_owned(),
        former: Duplicate {
            cluster: "a".into(),
            original: former.into(),
            ..as_copy
        },
    });
    classified
}

/// The one re-pointing that a decision tells.
fn repointing(decision: &Decided) -> Repointing {
    let event = |publication: &Publication| match publication {
        Publication::Repointed { repointing, .. } => Some(repointing.clone()),
        _ => None,
    };
    let mut events: Vec<_> = decision.records.iter().filter_map(event).collect();
    events.dedup();
    assert_eq!(events.len(), 1, "{decision:?}");
    events.remove(0)
}

/// A record in short.
fn line(publication: &Publication) -> String {
    match publication {
        Publication::Article { topic, article } => {
            format!(
                "{}: {} {} {}",
                topic.name(""),
                article.id,
                article.change,
                article.revision
            )
        }
        Publication::Repointed { topic, repointing } => format!(
            "{}: {} {} {} to {} by {}",
            topic.name(""),
            repointing.id,
            repointing.change,
            repointing.revision,
            repointing.original_url,
            repointing.reason
        ),
        Publication::Withdrawn { topic, withdrawal } => {
            format!(
                "{}: {} {} {}",
                topic.name(""),
                withdrawal.id,
                withdrawal.change,
                withdrawal.revision
            )
        }
        Publication::Cleared { id, change } => format!("{}: {id} cleared, {change}", Topic::Latest.name("")),
    }
}

fn order(id: &str, action: Action, given_at: i64) -> Input {
    Input::Command(Command {
        article_id: id.into(),
        action,
        reason: "a court order".to_owned(),
        given_at: Timestamp::from_millis(given_at),
        partition: 0,
    })
}

fn decide(publisher: &mut Publisher, input: Input) -> Decided {
    let decision = publisher.decide(input, Timestamp::from_millis(0));
    decision.memory.iter().for_each(|change| publisher.apply(change));
    decision
}

fn publish(publisher: &mut Publisher, classified: Classified) -> Decided {
    decide(publisher, Input::Article(Box::new(classified)))
}

fn topics(decision: &Decided) -> Vec<Topic> {
    let topic = |publication: &Publication| match publication {
        Publication::Article { topic, .. }
        | Publication::Withdrawn { topic, .. }
        | Publication::Repointed { topic, .. } => *topic,
        Publication::Cleared { .. } => Topic::Latest,
    };
    decision.records.iter().map(topic).collect()
}

fn economy() -> Topic {
    Topic::Subject(Subject::of_id("medtop:04000000").unwrap())
}

#[test]
fn an_original_goes_to_log_latest_and_the_topics_of_its_sure_subjects() {
    let mut publisher = Publisher::new(Settings::default());
    let decision = publish(&mut publisher, article("a", 1, 5));
    assert_eq!(decision.verdict, Verdict::End(Fate::Published));
    assert_eq!(topics(&decision), [Topic::Articles, Topic::Latest, economy()]);
    let Publication::Article { article, .. } = &decision.records[0] else {
        panic!("no article")
    };
    assert_eq!(article.text, "Harbour\n\nThe ferry sailed at noon.");
    assert_eq!(article.blocks, ["heading", "paragraph"]);
    assert_eq!((article.version, article.revision), (1, 5));
}

#[test]
fn a_copy_goes_to_the_duplicates_only() {
    let mut publisher = Publisher::new(Settings::default());
    let decision = publish(&mut publisher, copy("b", 5));
    assert_eq!(decision.verdict, Verdict::End(Fate::Duplicate));
    assert_eq!(topics(&decision), [Topic::Duplicates]);
}

#[test]
fn an_original_whose_new_text_is_a_copy_leaves_the_latest_topic_and_its_readers_are_told() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    let decision = publish(&mut publisher, copy("a", 6));
    assert_eq!(decision.verdict, Verdict::End(Fate::Duplicate));
    assert_eq!(
        topics(&decision),
        [Topic::Duplicates, Topic::Articles, Topic::Latest, economy()]
    );
    let event = repointing(&decision);
    assert_eq!(
        (event.revision, event.original.as_str(), event.reason.as_str()),
        (6, "original", "updated")
    );
    // Once is enough.
    assert_eq!(topics(&publish(&mut publisher, copy("a", 7))), [Topic::Duplicates]);
}

#[test]
fn a_late_original_is_published_and_then_the_former_one_is_told_to_be_its_copy() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    let decision = publish(&mut publisher, in_place_of("a", "b", 9));
    assert_eq!(decision.verdict, Verdict::End(Fate::Published));
    let log: Vec<String> = decision.records.iter().map(line).collect();
    let expected = [
        ".articles.v1: b created 9",
        ".articles.latest.v1: b created 9",
        ".topics.economy-business-and-finance.v1: b created 9",
        ".articles.v1: a repointed 9 to https://agency.example/b by agency_site",
        ".articles.latest.v1: a cleared, repointed",
        ".topics.economy-business-and-finance.v1: a repointed 9 to https://agency.example/b by agency_site",
        ".duplicates.v1: a repointed 9 to https://agency.example/b by agency_site",
    ];
    assert_eq!(log, expected);
    assert_eq!(repointing(&decision).cluster.as_str(), "a");
    // The same record again changes nothing, and neither does an older version of the former original.
    for replayed in [in_place_of("a", "b", 9), article("a", 2, 8)] {
        let again = publish(&mut publisher, replayed);
        assert_eq!((again.verdict, again.records.len()), (Verdict::End(Fate::Unchanged), 0));
    }
}

#[test]
fn an_original_may_be_re_pointed_again_and_again() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    for (former, new, at) in [("a", "b", 6), ("b", "c", 7), ("c", "d", 8)] {
        let decision = publish(&mut publisher, in_place_of(former, new, at));
        let event = repointing(&decision);
        assert_eq!((event.id.as_str(), event.original.as_str()), (former, new));
    }
}

#[test]
fn the_revision_of_a_re_pointing_grows_also_where_the_new_original_was_fetched_first() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 50));
    let decision = publish(&mut publisher, in_place_of("a", "b", 9));
    assert_eq!(repointing(&decision).revision, 51);
}

#[test]
fn of_what_is_no_public_original_no_re_pointing_is_told() {
    let nothing = |_: &mut Publisher| ();
    let as_copy = |publisher: &mut Publisher| drop(publish(publisher, copy("a", 5)));
    let withdrawn = |publisher: &mut Publisher| {
        publish(publisher, article("a", 1, 5));
        decide(publisher, order("a", Action::Withdraw, 6));
    };
    let repointed = |publisher: &mut Publisher| {
        publish(publisher, article("a", 1, 5));
        publish(publisher, in_place_of("a", "other", 6));
    };
    let ways: [(_, &Way<'_>); 4] = [
        ("never published", &nothing),
        ("a copy", &as_copy),
        ("withdrawn", &withdrawn),
        ("re-pointed before", &repointed),
    ];
    for (what, before) in ways {
        let mut publisher = Publisher::new(Settings::default());
        before(&mut publisher);
        let decision = publish(&mut publisher, in_place_of("a", "b", 9));
        assert_eq!(decision.verdict, Verdict::End(Fate::Published), "{what}");
        assert_eq!(topics(&decision), [Topic::Articles, Topic::Latest, economy()], "{what}");
        assert_eq!(decision.memory.len(), 1, "{what}");
    }
}

#[test]
fn a_withdrawal_of_a_re_pointed_article_reaches_all_who_got_its_text() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    publish(&mut publisher, in_place_of("a", "b", 9));
    // A later version of it is a copy, under no subject's topic.
    let version = Classified {
        topics: Vec::new(),
        version: 2,
        ..copy("a", 11)
    };
    assert_eq!(topics(&publish(&mut publisher, version)), [Topic::Duplicates]);
    let decision = decide(&mut publisher, order("a", Action::Withdraw, 12));
    let everywhere = [Topic::Articles, Topic::Latest, economy(), Topic::Duplicates];
    assert_eq!(topics(&decision), everywhere);
    let never_original = publish(&mut publisher, copy("c", 5));
    assert_eq!(topics(&never_original), [Topic::Duplicates]);
    let decision = decide(&mut publisher, order("c", Action::Withdraw, 12));
    assert_eq!(topics(&decision), [Topic::Duplicates]);
}

#[test]
fn nothing_older_than_what_is_public_is_published() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 2, 9));
    for replayed in [article("a", 1, 5), article("a", 2, 9)] {
        let decision = publish(&mut publisher, replayed);
        assert_eq!(
            (decision.verdict, decision.records.len()),
            (Verdict::End(Fate::Unchanged), 0)
        );
    }
    assert_eq!(
        publish(&mut publisher, article("a", 3, 10)).verdict,
        Verdict::End(Fate::Published)
    );
}

#[test]
fn a_withdrawn_article_is_taken_down_everywhere_and_stays_down_until_released() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    let decision = decide(&mut publisher, order("a", Action::Withdraw, 7));
    assert_eq!(topics(&decision), [Topic::Articles, Topic::Latest, economy()]);
    let refused = publish(&mut publisher, article("a", 2, 8));
    assert_eq!(refused.verdict, Verdict::End(Fate::Withheld(WithheldReason::Withdrawn)));
    assert!(
        decide(&mut publisher, order("a", Action::Withdraw, 9))
            .records
            .is_empty()
    );
    decide(&mut publisher, order("a", Action::Release, 10));
    assert_eq!(
        publish(&mut publisher, article("a", 3, 11)).verdict,
        Verdict::End(Fate::Published)
    );
}

#[test]
fn an_article_can_be_withdrawn_before_it_comes() {
    let mut publisher = Publisher::new(Settings::default());
    assert!(
        decide(&mut publisher, order("a", Action::Withdraw, 7))
            .records
            .is_empty()
    );
    assert_eq!(
        publish(&mut publisher, article("a", 1, 8)).verdict,
        Verdict::End(Fate::Withheld(WithheldReason::Withdrawn))
    );
}

#[test]
fn standings_are_forgotten_in_time_but_withdrawals_are_not() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    decide(&mut publisher, order("b", Action::Withdraw, 5));
    assert_eq!(publisher.due(Timestamp::from_seconds(60)), None);
    let later = Timestamp::from_seconds(31 * 24 * 3600);
    let due = publisher.due(later).unwrap();
    assert_eq!(due.memory, [PublisherMemory::Forget("a".into())]);
    due.memory.iter().for_each(|change| publisher.apply(change));
    assert_eq!(publisher.due(later), None);
}
