//! What goes and what stays, by a clock moved by hand.

use kit::log::local::{LocalLog, LocalSettings};
use kit::log::{Bounds, Commit, Log, LogError, Offsets, Produce, Start};
use schemas::topic::Topic;
use std::time::Duration;

use super::{HandClock, assigned, content, record, texts};

/// Kept 7 days, read by a group.
const HOP: Topic = Topic::Classified;
/// Kept 28 days, read by nobody that the log knows.
const PUBLIC: Topic = Topic::Articles;
const COMPACTED: Topic = Topic::Latest;

struct Desk {
    clock: HandClock,
    directory: tempfile::TempDir,
    settings: LocalSettings,
    log: Option<LocalLog>,
}

impl Desk {
    fn new(max_bytes: u64) -> Self {
        let clock = HandClock::new();
        let directory = tempfile::tempdir().unwrap();
        let settings = LocalSettings {
            max_bytes,
            ..clock.settings()
        };
        let log = LocalLog::open(directory.path(), settings.clone()).unwrap();
        Self {
            clock,
            directory,
            settings,
            log: Some(log),
        }
    }

    fn log(&self) -> &LocalLog {
        self.log.as_ref().unwrap()
    }

    fn append(&self, topic: Topic, value: &str) {
        self.log().append(vec![record(topic, 0, value, value)]).unwrap();
    }

    /// Commits that the group `g` has read the partition up to `offset`.
    fn commit(&self, topic: Topic, offset: u64) {
        let mut worker = self.log().worker("g", &[topic]).unwrap();
        assigned(worker.as_mut());
        let offsets = Offsets::from([((topic, 0), offset)]);
        worker
            .commit(Commit {
                records: Vec::new(),
                offsets,
            })
            .unwrap();
    }

    fn retain_after_days(&self, days: i64) {
        self.clock.forward_days(days);
        self.log().retain().unwrap();
    }

    fn reopen(&mut self) {
        drop(self.log.take());
        self.log = Some(LocalLog::open(self.directory.path(), self.settings.clone()).unwrap());
    }

    fn bounds(&self, topic: Topic) -> Bounds {
        self.log().bounds(topic, 0).unwrap()
    }

    fn texts(&self, topic: Topic) -> Vec<String> {
        texts(&content(self.log(), topic, 0))
    }
}

#[test]
fn read_records_go_when_they_are_too_old() {
    let desk = Desk::new(1 << 40);
    desk.append(HOP, "old");
    desk.clock.forward_days(5);
    desk.append(HOP, "young");
    desk.commit(HOP, 2);
    desk.retain_after_days(2);
    assert_eq!(desk.texts(HOP), ["old", "young"]);
    desk.retain_after_days(1);
    assert_eq!(desk.texts(HOP), ["young"]);
    assert_eq!(desk.bounds(HOP), Bounds { first: 1, end: 2 });
}

#[test]
fn what_a_group_has_yet_to_read_never_goes() {
    let desk = Desk::new(1 << 40);
    desk.append(HOP, "read");
    desk.append(HOP, "unread");
    desk.commit(HOP, 1);
    desk.retain_after_days(1000);
    assert_eq!(desk.texts(HOP), ["read", "unread"]);
    desk.commit(HOP, 2);
    desk.retain_after_days(0);
    assert!(desk.texts(HOP).is_empty());
}

#[test]
fn a_topic_without_a_group_goes_by_age() {
    let desk = Desk::new(1 << 40);
    desk.append(PUBLIC, "one");
    desk.retain_after_days(28);
    assert_eq!(desk.texts(PUBLIC), ["one"]);
    desk.retain_after_days(1);
    assert!(desk.texts(PUBLIC).is_empty());
}

#[test]
fn offsets_go_on_after_everything_expired() {
    let mut desk = Desk::new(1 << 40);
    desk.append(PUBLIC, "one");
    desk.append(PUBLIC, "two");
    desk.retain_after_days(100);
    for _ in 0..2 {
        assert_eq!(desk.bounds(PUBLIC), Bounds { first: 2, end: 2 });
        desk.reopen();
    }
    desk.append(PUBLIC, "three");
    assert_eq!(desk.bounds(PUBLIC), Bounds { first: 2, end: 3 });
    assert_eq!(desk.texts(PUBLIC), ["three"]);
}

#[test]
fn a_reader_that_missed_records_is_told_instead_of_jumping() {
    let desk = Desk::new(1 << 40);
    desk.append(PUBLIC, "gone");
    let mut reader = desk.log().reader(PUBLIC, 0, Start::First).unwrap();
    desk.retain_after_days(100);
    desk.append(PUBLIC, "there");
    let gone = reader.read(10, Duration::ZERO);
    assert!(
        matches!(
            gone,
            Err(LogError::OffsetGone {
                offset: 0,
                first: 1,
                ..
            })
        ),
        "{gone:?}"
    );
}

#[test]
fn days_and_reopening_leave_one_row_of_records() {
    let mut desk = Desk::new(1 << 40);
    let mut expected = Vec::new();
    for number in 0..12 {
        desk.append(HOP, &number.to_string());
        expected.push(number.to_string());
        match number % 4 {
            1 => desk.clock.forward_days(1),
            2 => desk.reopen(),
            // A clock that was set back must not lose or reorder anything.
            3 => desk.clock.forward_days(-1),
            _ => {}
        }
    }
    assert_eq!(desk.texts(HOP), expected);
}

#[test]
fn the_last_record_of_a_key_stays_for_ever_and_takes_the_place_of_the_one_before() {
    let mut desk = Desk::new(1 << 40);
    for value in ["a", "b", "a", "c", "a"] {
        desk.append(COMPACTED, value);
    }
    desk.retain_after_days(1000);
    desk.reopen();
    assert_eq!(desk.texts(COMPACTED), ["b", "c", "a"]);
    assert_eq!(desk.bounds(COMPACTED), Bounds { first: 1, end: 5 });
}

#[test]
fn a_tombstone_stays_thirty_days() {
    let tombstone = || {
        vec![Produce {
            value: None,
            ..record(COMPACTED, 0, "a", "")
        }]
    };
    let desk = Desk::new(1 << 40);
    desk.append(COMPACTED, "a");
    desk.log().append(tombstone()).unwrap();
    let there = |desk: &Desk| content(desk.log(), COMPACTED, 0).len();
    desk.retain_after_days(30);
    assert_eq!(there(&desk), 1);
    // A newer tombstone of the key counts from its own time.
    desk.log().append(tombstone()).unwrap();
    desk.retain_after_days(30);
    assert_eq!(there(&desk), 1);
    desk.clock.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    desk.retain_after_days(0);
    assert_eq!(there(&desk), 0);
    assert_eq!(desk.bounds(COMPACTED), Bounds { first: 3, end: 3 });
    desk.append(COMPACTED, "a");
    assert_eq!(desk.texts(COMPACTED), ["a"]);
}

#[test]
fn a_full_log_refuses_pages_until_they_are_read_and_lets_the_rest_pass() {
    let desk = Desk::new(24 << 20);
    let page = |number: u32| {
        // Not compressible: a linear congruential generator (Knuth's constants).
        let mut state = u64::from(number);
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let value = (0..1 << 20).map(|_| noise()).collect();
        vec![Produce {
            value: Some(value),
            ..record(Topic::Fetched, 0, "k", "")
        }]
    };
    desk.commit(Topic::Fetched, 0);
    let mut written = 0;
    let refused = loop {
        match desk.log().append(page(written)) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 100, "100 MiB in a log of 24 MiB");
    };
    assert!(matches!(refused, LogError::Full { .. }), "{refused}");
    assert!(desk.log().is_full());
    desk.append(HOP, "another stage goes on");
    assert_eq!(
        desk.bounds(Topic::Fetched),
        Bounds {
            first: 0,
            end: u64::from(written)
        }
    );
    desk.commit(Topic::Fetched, u64::from(written));
    desk.retain_after_days(0);
    // How many of the pages that were read went depends on how far the disk had been written meanwhile.
    assert!(!desk.log().is_full());
    desk.log().append(page(written)).unwrap();
}
