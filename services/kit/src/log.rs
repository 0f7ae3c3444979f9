//! The one seam to storage, shaped like Kafka: topics, partitions, offsets, keys, headers.
//!
//! Three implementations keep one contract (`tests/log_contract.rs` runs one suite against all of them): [`kafka`] for
//! production, [`local`] for one process with one directory, [`memory`] for tests of the loops, with injected
//! failures.
//!
//! What a host may rely on:
//! - [`Worker::commit`] is all or nothing: output records, memory records and input offsets become visible together.
//! - After any error of a worker nothing of the open commit is visible or, if the answer to the commit was lost, all
//!   of it is. The host therefore never repairs: it drops the worker and every stage value, opens a new worker, and
//!   recalls. Restart, rebalance and failure are one path.
//! - A partition's records are read in offset order. Offsets grow; they may have gaps (Kafka's transaction markers).
//! - Readers see committed records only.

use std::collections::BTreeMap;
use std::time::Duration;

use schemas::record::{Encoded, Incoming};
use schemas::time::Timestamp;
use schemas::topic::Topic;

pub mod error;
pub mod groups;
pub mod kafka;
pub mod local;
pub mod memory;
pub mod partitioner;
pub mod plan;

pub use error::LogError;

/// A record as it lies in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its topic.
    pub topic: Topic,
    /// Its partition.
    pub partition: u32,
    /// Its offset in the partition.
    pub offset: u64,
    /// When it was written, by the log's clock.
    pub timestamp: Timestamp,
    /// The message key.
    pub key: Option<Vec<u8>>,
    /// The message value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order; names may repeat.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Message {
    /// The message as [`schemas::record::Record::decode`] takes it.
    #[must_use]
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming {
            topic: self.topic,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
        }
    }

    /// The text of the first header of this name, if it is there and UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        std::str::from_utf8(value).ok()
    }
}

/// A record on its way to the log, its partition chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Produce {
    /// Its topic.
    pub topic: Topic,
    /// Its partition.
    pub partition: u32,
    /// The message key.
    pub key: Option<Vec<u8>>,
    /// The message value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order; names may repeat.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Produce {
    /// `encoded` for `partition`.
    #[must_use]
    pub fn new(encoded: Encoded, partition: u32) -> Self {
        let Encoded {
            topic,
            key,
            value,
            headers,
            ..
        } = encoded;
        Self {
            topic,
            partition,
            key,
            value,
            headers,
        }
    }

    /// Its size as brokers count it, roughly: key, value and headers in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.as_ref().map_or(0, Vec::len) + self.value.as_ref().map_or(0, Vec::len) + headers
    }
}

/// For each input partition the offset of the next record to read.
pub type Offsets = BTreeMap<(Topic, u32), u64>;

/// What becomes visible together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// Output and memory records, in order.
    pub records: Vec<Produce>,
    /// The next offset to read of every partition that the worker is assigned, changed or not: only offsets are
    /// checked against the group's generation, so a commit without any would not be fenced.
    pub offsets: Offsets,
}

/// What a worker got from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// Records of assigned partitions, in offset order within each; empty when the wait ran out.
    Records(Vec<Message>),
    /// The assignment changed: these partitions, and no others, are the worker's now, each with the offset where
    /// reading goes on (the committed one, or the first there is). Everything known from before is void.
    Assigned(Offsets),
}

/// A member of a consumer group that reads and commits: one role in one process.
///
/// All topics of a worker have the same number of partitions, and it is assigned the same numbers of each.
pub trait Worker: Send {
    /// Waits up to `wait` for records, and returns at most `max_records` of at most about `max_bytes` in all (one
    /// record may be larger).
    ///
    /// # Errors
    /// When the log can't be read; the worker must then be dropped.
    fn poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError>;

    /// Makes `commit` visible, all or nothing, and waits until it is durable.
    ///
    /// # Errors
    /// When it isn't sure to be committed, or the worker's assignment is no longer the group's; the worker must then
    /// be dropped.
    fn commit(&mut self, commit: Commit) -> Result<(), LogError>;
}

/// Where a reader starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At the first record that is still there.
    First,
    /// After the last record that is there now.
    End,
    /// At this offset.
    Offset(u64),
}

/// Reads one partition by assignment, without a group.
pub trait Reader: Send {
    /// Waits up to `wait` for records and returns at most `max_records`; empty when there are none.
    ///
    /// # Errors
    /// When the partition can't be read.
    fn read(&mut self, max_records: usize, wait: Duration) -> Result<Vec<Message>, LogError>;

    /// The offset after everything that was read or passed over; comparable with [`Bounds::end`].
    fn position(&self) -> u64;
}

/// Which offsets a partition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The offset of the first record that is still there.
    pub first: u64,
    /// The offset after the last record.
    pub end: u64,
}

/// A log.
pub trait Log: Send + Sync {
    /// What it is, for people: `local:DIR` or `kafka:HOST:PORT`.
    fn describe(&self) -> String;

    /// The number of partitions of `topic`.
    ///
    /// # Errors
    /// When the topic does not exist ([`LogError::MissingTopic`]) or the log can't be reached.
    fn partitions(&self, topic: Topic) -> Result<u32, LogError>;

    /// Makes the topics of `plan` that are missing and compares the others with it.
    ///
    /// # Errors
    /// When the log can't be reached or refuses.
    fn apply_topics(&self, plan: &plan::TopicPlan) -> Result<Vec<plan::Applied>, LogError>;

    /// Joins the consumer group `group` to read `topics`.
    ///
    /// # Errors
    /// When a topic is missing or the log can't be reached.
    fn worker(&self, group: &str, topics: &[Topic]) -> Result<Box<dyn Worker>, LogError>;

    /// Opens a partition for reading.
    ///
    /// # Errors
    /// When the topic or the partition does not exist or the log can't be reached.
    fn reader(&self, topic: Topic, partition: u32, start: Start) -> Result<Box<dyn Reader>, LogError>;

    /// The offsets that a partition holds at this moment.
    ///
    /// # Errors
    /// When the topic or the partition does not exist or the log can't be reached.
    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError>;

    /// The offsets that `group` has committed on `topic`.
    ///
    /// # Errors
    /// When the log can't be reached.
    fn committed(&self, group: &str, topic: Topic) -> Result<Offsets, LogError>;

    /// Appends records outside any group, all or nothing where the log can, and waits until they are durable.
    ///
    /// # Errors
    /// When they aren't sure to be written.
    fn append(&self, records: Vec<Produce>) -> Result<(), LogError>;
}
