//! The cases. Each gets an empty log and must leave nothing running.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kit::log::{Commit, Log, LogError, Message, Offsets, Polled, Produce, Start, Worker};
use schemas::topic::{StageName, Topic};

const INPUT: Topic = Topic::Cleaned;
const OUTPUT: Topic = Topic::Deduplicated;
const MEMORY: Topic = Topic::Memory(StageName::Deduper);
/// How long a case waits for what must come; brokers may need seconds to rebalance.
const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(50);

fn record(topic: Topic, partition: u32, key: &str, value: &str) -> Produce {
    let (key, value) = (Some(key.as_bytes().to_vec()), Some(value.as_bytes().to_vec()));
    Produce {
        topic,
        partition,
        key,
        value,
        headers: Vec::new(),
    }
}

fn numbered(topic: Topic, partition: u32, count: u32) -> Vec<Produce> {
    (0..count)
        .map(|number| record(topic, partition, &format!("k{number}"), &format!("v{number}")))
        .collect()
}

fn texts(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .map(|message| String::from_utf8(message.value.clone().unwrap_or_default()).unwrap())
        .collect()
}

/// Polls until the worker has its first assignment.
fn assigned(worker: &mut dyn Worker) -> Offsets {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Polled::Assigned(offsets) = worker.poll(100, 1 << 20, STEP).unwrap() {
            return offsets;
        }
    }
    panic!("no assignment within {PATIENCE:?}");
}

/// Polls until `count` records came; a new assignment on the way starts the count again.
fn polled(worker: &mut dyn Worker, count: usize) -> Vec<Message> {
    let deadline = Instant::now() + PATIENCE;
    let mut taken = Vec::new();
    while taken.len() < count {
        assert!(
            Instant::now() < deadline,
            "{} of {count} records within {PATIENCE:?}",
            taken.len()
        );
        match worker.poll(count - taken.len(), 1 << 20, STEP).unwrap() {
            Polled::Records(records) => taken.extend(records),
            Polled::Assigned(_) => taken.clear(),
        }
    }
    taken
}

/// Everything committed in a partition.
fn content(log: &dyn Log, topic: Topic, partition: u32) -> Vec<Message> {
    let end = log.bounds(topic, partition).unwrap().end;
    let mut reader = log.reader(topic, partition, Start::First).unwrap();
    let deadline = Instant::now() + PATIENCE;
    let mut read = Vec::new();
    while reader.position() < end {
        assert!(Instant::now() < deadline, "position {} of {end}", reader.position());
        read.extend(reader.read(1000, STEP).unwrap());
    }
    read
}

fn after(offsets: &Offsets, messages: &[Message]) -> Offsets {
    let mut offsets = offsets.clone();
    offsets.extend(
        messages
            .iter()
            .map(|message| ((message.topic, message.partition), message.offset + 1)),
    );
    offsets
}

pub(crate) fn a_commit_shows_records_and_offsets_together(log: &dyn Log) {
    log.append(numbered(INPUT, 1, 3)).unwrap();
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let start = assigned(worker.as_mut());
    let input = polled(worker.as_mut(), 3);
    assert!(content(log, OUTPUT, 1).is_empty());
    let records = vec![record(OUTPUT, 1, "a", "out"), record(MEMORY, 1, "a", "memory")];
    worker
        .commit(Commit {
            records,
            offsets: after(&start, &input),
        })
        .unwrap();
    assert_eq!(texts(&content(log, OUTPUT, 1)), ["out"]);
    assert_eq!(texts(&content(log, MEMORY, 1)), ["memory"]);
    assert_eq!(
        log.committed("g", INPUT).unwrap().get(&(INPUT, 1)),
        Some(&(input[2].offset + 1))
    );
}

pub(crate) fn bytes_headers_and_tombstones_come_back_as_they_went(log: &dyn Log) {
    let bytes: Vec<u8> = (0..=255).collect();
    let headers = vec![
        ("h".to_owned(), b"1".to_vec()),
        ("h".to_owned(), Vec::new()),
        ("i".to_owned(), bytes.clone()),
    ];
    let full = Produce {
        topic: INPUT,
        partition: 0,
        key: Some(bytes.clone()),
        value: Some(bytes),
        headers,
    };
    let tombstone = Produce {
        value: None,
        headers: Vec::new(),
        ..full.clone()
    };
    let keyless = Produce {
        key: None,
        value: Some(Vec::new()),
        ..tombstone.clone()
    };
    let sent = vec![full, tombstone, keyless];
    log.append(sent.clone()).unwrap();
    let back: Vec<Produce> = content(log, INPUT, 0)
        .into_iter()
        .map(
            |Message {
                 topic,
                 partition,
                 key,
                 value,
                 headers,
                 ..
             }| Produce {
                topic,
                partition,
                key,
                value,
                headers,
            },
        )
        .collect();
    assert_eq!(back, sent);
}

pub(crate) fn a_new_worker_goes_on_where_the_last_one_committed(log: &dyn Log) {
    log.append(numbered(INPUT, 0, 5)).unwrap();
    let mut first = log.worker("g", &[INPUT]).unwrap();
    let start = assigned(first.as_mut());
    let input = polled(first.as_mut(), 2);
    first
        .commit(Commit {
            records: Vec::new(),
            offsets: after(&start, &input),
        })
        .unwrap();
    drop(first);
    let mut second = log.worker("g", &[INPUT]).unwrap();
    assert_eq!(assigned(second.as_mut()).get(&(INPUT, 0)), Some(&(input[1].offset + 1)));
    assert_eq!(texts(&polled(second.as_mut(), 3)), ["v2", "v3", "v4"]);
}

pub(crate) fn what_was_polled_but_not_committed_comes_again(log: &dyn Log) {
    log.append(numbered(INPUT, 0, 3)).unwrap();
    let mut first = log.worker("g", &[INPUT]).unwrap();
    assert_eq!(texts(&polled(first.as_mut(), 3)), ["v0", "v1", "v2"]);
    drop(first);
    let mut second = log.worker("g", &[INPUT]).unwrap();
    assert_eq!(texts(&polled(second.as_mut(), 3)), ["v0", "v1", "v2"]);
}

pub(crate) fn partitions_keep_their_order(log: &dyn Log) {
    let count = log.partitions(INPUT).unwrap();
    for partition in 0..count {
        log.append(numbered(INPUT, partition, 20)).unwrap();
    }
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let mut by_partition: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for message in polled(worker.as_mut(), 20 * count as usize) {
        by_partition.entry(message.partition).or_default().push(message.offset);
    }
    assert_eq!(by_partition.len(), count as usize);
    assert!(
        by_partition
            .values()
            .all(|offsets| offsets.len() == 20 && offsets.is_sorted())
    );
}

type Numbers = BTreeSet<u32>;

/// Polls both workers until each was assigned since the call and their partitions make up the whole.
fn shared(log: &dyn Log, one: &mut (dyn Worker + 'static), other: &mut (dyn Worker + 'static)) -> (Numbers, Numbers) {
    let count = log.partitions(INPUT).unwrap() as usize;
    let deadline = Instant::now() + PATIENCE;
    let (mut left, mut right) = (BTreeSet::new(), BTreeSet::new());
    while left.is_empty() || right.is_empty() || left.len() + right.len() != count {
        assert!(Instant::now() < deadline, "no shared assignment within {PATIENCE:?}");
        for (worker, mine) in [(&mut *one, &mut left), (&mut *other, &mut right)] {
            if let Polled::Assigned(offsets) = worker.poll(1, 1 << 20, STEP).unwrap() {
                *mine = offsets.keys().map(|(_, partition)| *partition).collect();
            }
        }
    }
    (left, right)
}

pub(crate) fn two_workers_share_the_partitions(log: &dyn Log) {
    let mut one = log.worker("g", &[INPUT]).unwrap();
    assert_eq!(assigned(one.as_mut()).len(), log.partitions(INPUT).unwrap() as usize);
    let mut other = log.worker("g", &[INPUT]).unwrap();
    let (left, right) = shared(log, one.as_mut(), other.as_mut());
    assert!(left.is_disjoint(&right), "{left:?} {right:?}");
}

/// For logs inside one process; a broker's members learn of it by their heartbeat, which its own tests show.
pub(crate) fn a_worker_with_a_stale_assignment_cannot_commit(log: &dyn Log) {
    let mut one = log.worker("g", &[INPUT]).unwrap();
    let offsets = assigned(one.as_mut());
    let _other = log.worker("g", &[INPUT]).unwrap();
    let stale = one.commit(Commit {
        records: vec![record(OUTPUT, 0, "k", "stale")],
        offsets,
    });
    assert!(matches!(stale, Err(LogError::Fenced { .. })), "{stale:?}");
    assert!(content(log, OUTPUT, 0).is_empty());
}

pub(crate) fn workers_of_several_topics_get_the_same_partitions(log: &dyn Log) {
    let topics = [Topic::Classified, Topic::Commands];
    let mut one = log.worker("g", &topics).unwrap();
    let mut other = log.worker("g", &topics).unwrap();
    let deadline = Instant::now() + PATIENCE;
    let mut seen: [BTreeMap<Topic, BTreeSet<u32>>; 2] = [BTreeMap::new(), BTreeMap::new()];
    while seen.iter().any(BTreeMap::is_empty) {
        assert!(Instant::now() < deadline, "no assignment within {PATIENCE:?}");
        for (worker, seen) in [&mut one, &mut other].into_iter().zip(&mut seen) {
            if let Polled::Assigned(offsets) = worker.poll(1, 1 << 20, STEP).unwrap() {
                seen.clear();
                for (topic, partition) in offsets.into_keys() {
                    seen.entry(topic).or_default().insert(partition);
                }
            }
        }
    }
    for seen in &seen {
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[&Topic::Classified], seen[&Topic::Commands]);
    }
}

pub(crate) fn a_commit_of_offsets_alone_counts(log: &dyn Log) {
    log.append(numbered(INPUT, 0, 2)).unwrap();
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let start = assigned(worker.as_mut());
    let input = polled(worker.as_mut(), 2);
    worker
        .commit(Commit {
            records: Vec::new(),
            offsets: after(&start, &input),
        })
        .unwrap();
    worker
        .commit(Commit {
            records: Vec::new(),
            offsets: after(&start, &input),
        })
        .unwrap();
    assert_eq!(
        log.committed("g", INPUT).unwrap().get(&(INPUT, 0)),
        Some(&(input[1].offset + 1))
    );
}

pub(crate) fn a_reader_reaches_the_end_that_was_there_when_it_started(log: &dyn Log) {
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let offsets = assigned(worker.as_mut());
    for number in 0..3 {
        // The same key again and again: a compacted topic may drop the older ones, and the end is reached all the same.
        let records = vec![record(MEMORY, 0, "key", &format!("m{number}"))];
        worker
            .commit(Commit {
                records,
                offsets: offsets.clone(),
            })
            .unwrap();
    }
    assert_eq!(texts(&content(log, MEMORY, 0)).last().map(String::as_str), Some("m2"));
    let end = log.bounds(MEMORY, 0).unwrap().end;
    let mut reader = log.reader(MEMORY, 0, Start::End).unwrap();
    assert!(reader.read(10, STEP).unwrap().is_empty());
    assert!(end <= reader.position());
}

pub(crate) fn a_reader_waits_for_what_comes(log: &dyn Log) {
    log.append(vec![record(OUTPUT, 0, "k", "before")]).unwrap();
    let mut reader = log.reader(OUTPUT, 0, Start::End).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            let deadline = Instant::now() + PATIENCE;
            loop {
                let read = reader.read(10, Duration::from_secs(5)).unwrap();
                if !read.is_empty() || deadline < Instant::now() {
                    return texts(&read);
                }
            }
        });
        log.append(vec![record(OUTPUT, 0, "k", "after")]).unwrap();
        assert_eq!(waiting.join().unwrap(), ["after"]);
    });
}

pub(crate) fn the_largest_record_of_a_topic_passes_and_a_larger_one_is_refused(log: &dyn Log) {
    let of_size = |size: usize| Produce {
        topic: Topic::Fetched,
        partition: 0,
        key: None,
        value: Some(vec![b'x'; size]),
        headers: Vec::new(),
    };
    let limit = Topic::Fetched.max_record_bytes();
    log.append(vec![of_size(limit)]).unwrap();
    assert_eq!(content(log, Topic::Fetched, 0).len(), 1);
    assert!(matches!(
        log.append(vec![of_size(limit + 1)]),
        Err(LogError::Oversized { .. })
    ));
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let offsets = assigned(worker.as_mut());
    let refused = worker.commit(Commit {
        records: vec![of_size(limit + 1)],
        offsets,
    });
    assert!(matches!(refused, Err(LogError::Oversized { .. })), "{refused:?}");
    assert_eq!(content(log, Topic::Fetched, 0).len(), 1);
}

pub(crate) fn groups_do_not_disturb_each_other(log: &dyn Log) {
    log.append(numbered(INPUT, 0, 2)).unwrap();
    for group in ["one", "two"] {
        let mut worker = log.worker(group, &[INPUT]).unwrap();
        let start = assigned(worker.as_mut());
        let input = polled(worker.as_mut(), 2);
        worker
            .commit(Commit {
                records: Vec::new(),
                offsets: after(&start, &input),
            })
            .unwrap();
    }
}

pub(crate) fn appended_records_are_read(log: &dyn Log) {
    log.append(numbered(Topic::Sources, 0, 2)).unwrap();
    assert_eq!(texts(&content(log, Topic::Sources, 0)), ["v0", "v1"]);
}

pub(crate) fn missing_partitions_are_refused(log: &dyn Log) {
    let beyond = log.partitions(INPUT).unwrap();
    assert!(log.bounds(INPUT, beyond).is_err());
    assert!(log.reader(INPUT, beyond, Start::First).is_err());
}
