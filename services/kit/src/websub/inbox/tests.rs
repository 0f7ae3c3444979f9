use fetcher::websub::keys::Keys;
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};

use super::*;
use crate::log::memory::MemoryLog;
use crate::log::plan::TopicPlan;

const FEED: &str = "https://example.org/feed";

fn noon() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

/// A list that holds the feed behind another one.
fn log() -> MemoryLog {
    let plan = TopicPlan {
        scripts: 1,
        keys: 1,
        ..TopicPlan::default()
    };
    let log = MemoryLog::new(plan, noon());
    for url in ["https://other.example/feed", FEED] {
        let source = SourceChange::Set(Source::of_url(url)).encode().unwrap();
        log.append(vec![Produce::new(source, 0)]).unwrap();
    }
    log
}

fn callback() -> Callback {
    let keys = Keys::new("a secret of the operator");
    keys.open(&keys.path(&Source::of_url(FEED).id, FEED)).unwrap()
}

fn subscribe(lease_seconds: u32) -> Intent {
    Intent::Subscribe {
        topic: FEED.to_owned(),
        challenge: "a challenge".to_owned(),
        lease_seconds: Some(lease_seconds),
    }
}

#[test]
fn while_the_list_is_not_read_to_its_end_nobody_is_told_that_a_source_is_unknown() {
    let log = log();
    let mut inbox = Inbox {
        list_wait_max: Duration::ZERO,
        ..Inbox::new(Arc::new(log.clone()))
    };
    let take = |inbox: &Inbox| inbox.take(&callback(), None, b"<rss/>".to_vec(), noon());
    assert!(matches!(take(&inbox), Err(InboxError::Behind)));
    assert!(matches!(
        inbox.note(&callback(), subscribe(60), noon()),
        Err(InboxError::Behind)
    ));
    assert_eq!(log.records(Topic::Frontier), []);
    inbox.list_wait_max = LIST_WAIT_MAX;
    assert!(take(&inbox).unwrap());
}

#[test]
fn what_a_hub_repeats_is_written_down_once() {
    let log = log();
    let inbox = Inbox::new(Arc::new(log.clone()));
    let says = [
        (60, 0, 1),
        (60, 9_999, 1),
        (61, 9_999, 2),
        (60, 9_999, 3),
        (60, 19_998, 3),
        (60, 19_999, 4),
    ];
    for (lease_seconds, millis, written) in says {
        let now = noon().plus_millis(millis);
        assert!(inbox.note(&callback(), subscribe(lease_seconds), now).unwrap());
        assert_eq!(log.records(Topic::Frontier).len(), written, "{lease_seconds} {millis}");
    }
    let removed = SourceChange::Removed(Source::of_url(FEED).id).encode().unwrap();
    log.append(vec![Produce::new(removed, 0)]).unwrap();
    let again = inbox.note(&callback(), subscribe(60), noon().plus_millis(20_000));
    assert!(!again.unwrap(), "and confirmed only while it is wanted");
}
