//! What consumers may rely on, decision by decision.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use publisher::{Input, Publisher, Settings};
use schemas::article::{Article, Block, BlockKind, Trace};
use schemas::command::{Action, Command};
use schemas::fate::{Fate, WithheldReason};
use schemas::hop::{Classified, Duplicate, Relation, TopicScore};
use schemas::id::{ArticleId, FetchId};
use schemas::memory::publisher::PublisherMemory;
use schemas::published::Publication;
use schemas::time::Timestamp;
use schemas::topic::{Subject, Topic};
use stage::{Decision, Stage, Verdict};

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
        Publication::Article { topic, .. } | Publication::Withdrawn { topic, .. } => *topic,
        Publication::Cleared(_) => Topic::Latest,
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
fn an_original_that_turns_out_a_copy_leaves_the_latest_topic() {
    let mut publisher = Publisher::new(Settings::default());
    publish(&mut publisher, article("a", 1, 5));
    assert_eq!(
        topics(&publish(&mut publisher, copy("a", 6))),
        [Topic::Duplicates, Topic::Latest]
    );
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
