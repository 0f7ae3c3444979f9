//! What the log in a directory promises beyond the contract of all logs: kills, torn tails, retention, other processes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod crash;
mod processes;
mod retention;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use kit::log::local::{LocalLog, LocalSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Log, Message, Offsets, Polled, Produce, Start, Worker};
use schemas::time::Timestamp;
use schemas::topic::Topic;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const PATIENCE: Duration = Duration::from_secs(60);

/// A clock that stands still until it is moved.
#[derive(Clone)]
struct HandClock(Arc<AtomicI64>);

impl HandClock {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000)))
    }

    fn forward_days(&self, days: i64) {
        self.0.fetch_add(days * DAY_MILLIS, Ordering::SeqCst);
    }

    fn settings(&self) -> LocalSettings {
        let time = Arc::clone(&self.0);
        LocalSettings {
            prefix: "news".to_owned(),
            plan: TopicPlan::default(),
            max_bytes: 1 << 40,
            clock: Arc::new(move || Timestamp::from_millis(time.load(Ordering::SeqCst))),
        }
    }
}

fn open(directory: &Path) -> LocalLog {
    LocalLog::open(directory, HandClock::new().settings()).unwrap()
}

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

/// Everything in a partition from the first record that is still there.
fn content(log: &dyn Log, topic: Topic, partition: u32) -> Vec<Message> {
    let end = log.bounds(topic, partition).unwrap().end;
    let mut reader = log.reader(topic, partition, Start::First).unwrap();
    let mut read = Vec::new();
    while reader.position() < end {
        read.extend(reader.read(1000, Duration::ZERO).unwrap());
    }
    assert_eq!(reader.position(), end);
    read
}

fn texts(messages: &[Message]) -> Vec<String> {
    let text = |message: &Message| String::from_utf8(message.value.clone().unwrap_or_default()).unwrap();
    messages.iter().map(text).collect()
}

fn assigned(worker: &mut dyn Worker) -> Offsets {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Polled::Assigned(offsets) = worker.poll(1, 1, Duration::from_millis(10)).unwrap() {
            return offsets;
        }
    }
    panic!("no assignment");
}
