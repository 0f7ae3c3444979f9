//! The log on Apache Kafka, through librdkafka.
//!
//! A commit is one transaction: records, memory and input offsets. Consumers read committed records only. What the
//! guarantees rest on stands where it is done: `worker` (fencing, commit), `context` (assignment), `reader` (how an end
//! is reached although transaction markers take up offsets).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::consumer::BaseConsumer;
use rdkafka::topic_partition_list::Offset;
use schemas::topic::Topic;

mod cluster;
mod context;
mod doubt;
mod failure;
mod message;
mod producer;
mod reader;
mod topics;
mod worker;

use cluster::{Cluster, Isolation};
use context::Quiet;
use producer::Sender;
use reader::KafkaReader;
use worker::KafkaWorker;

use super::plan::{Applied, TopicPlan};
use super::{Bounds, Log, LogError, Offsets, Produce, Reader, Start, Worker};

/// How to reach a cluster and what to be called there.
#[derive(Clone)]
pub struct KafkaSettings {
    /// Brokers as `HOST:PORT`, comma-separated.
    pub bootstrap: String,
    /// The prefix of topic names, group ids and transactional ids.
    pub prefix: String,
    /// What tells this process from others of its role; the same after a restart where the operator can say so.
    pub instance_id: String,
    /// Settings for librdkafka by its names, such as `security.protocol`. Those that the guarantees rest on are ours.
    pub properties: BTreeMap<String, String>,
    /// After this time a transaction of a dead process is aborted by the cluster. Until then nothing that was written
    /// after it is readable.
    pub transaction_timeout: Duration,
    /// How long an ordinary request may take.
    pub request_timeout: Duration,
}

impl KafkaSettings {
    /// Settings with the default timeouts: transactions 30 s, requests 10 s.
    #[must_use]
    pub fn new(bootstrap: &str, prefix: &str, instance_id: &str) -> Self {
        Self {
            bootstrap: bootstrap.to_owned(),
            prefix: prefix.to_owned(),
            instance_id: instance_id.to_owned(),
            properties: BTreeMap::new(),
            transaction_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for KafkaSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Property values may be secrets.
        let properties: Vec<&String> = self.properties.keys().collect();
        formatter
            .debug_struct("KafkaSettings")
            .field("bootstrap", &self.bootstrap)
            .field("prefix", &self.prefix)
            .field("instance_id", &self.instance_id)
            .field("properties", &properties)
            .field("transaction_timeout", &self.transaction_timeout)
            .field("request_timeout", &self.request_timeout)
            .finish()
    }
}

/// A log on Kafka.
pub struct KafkaLog {
    cluster: Arc<Cluster>,
    /// For metadata and bounds. It reads uncommitted, so that [`Bounds::end`] counts records of transactions whose
    /// markers are still on their way: a recall that stopped before them would forget committed memory.
    metadata: BaseConsumer<Quiet>,
    /// For [`Log::append`]; made at first use and dropped after a failure.
    appender: Mutex<Option<Sender>>,
    /// For each group the numbers that its workers in this process have: a part of the transactional id, for two
    /// living workers with one id would fence each other for ever.
    seats: Seats,
}

/// The numbers in use, by group.
type Seats = Arc<Mutex<BTreeMap<String, BTreeSet<u32>>>>;

impl KafkaLog {
    /// Connects to the cluster and asks for its metadata.
    ///
    /// # Errors
    /// [`LogError::Unreachable`] when no broker answers within the request timeout; [`LogError::Refused`] when
    /// librdkafka does not know a setting or the cluster does not know us.
    pub fn connect(settings: KafkaSettings) -> Result<Self, LogError> {
        let cluster = Arc::new(Cluster::new(settings));
        let metadata = cluster.consumer(None, Isolation::Uncommitted, Quiet::default())?;
        let log = Self {
            cluster,
            metadata,
            appender: Mutex::new(None),
            seats: Seats::default(),
        };
        log.cluster.metadata(&log.metadata, None)?;
        Ok(log)
    }

    fn check_partition(&self, topic: Topic, partition: u32) -> Result<(), LogError> {
        match partition < self.partitions(topic)? {
            true => Ok(()),
            false => Err(LogError::MissingPartition { topic, partition }),
        }
    }
}

impl Log for KafkaLog {
    fn describe(&self) -> String {
        self.cluster.describe()
    }

    fn partitions(&self, topic: Topic) -> Result<u32, LogError> {
        self.cluster.partitions(&self.metadata, topic)
    }

    fn apply_topics(&self, plan: &TopicPlan) -> Result<Vec<Applied>, LogError> {
        topics::apply(&self.cluster, &self.metadata, plan)
    }

    fn worker(&self, group: &str, topics: &[Topic]) -> Result<Box<dyn Worker>, LogError> {
        let mut first = None;
        for topic in topics {
            let count = self.partitions(*topic)?;
            let (one, expected) = *first.get_or_insert((*topic, count));
            if count != expected {
                let (one, other) = (self.cluster.name(one), self.cluster.name(*topic));
                return Err(LogError::UnequalPartitions { one, other });
            }
        }
        let group = self.cluster.group(group);
        let seat = Seat::take(&self.seats, &group);
        Ok(Box::new(KafkaWorker::open(
            Arc::clone(&self.cluster),
            &group,
            topics,
            seat,
        )?))
    }

    fn reader(&self, topic: Topic, partition: u32, start: Start) -> Result<Box<dyn Reader>, LogError> {
        let bounds = self.bounds(topic, partition)?;
        let position = match start {
            Start::First => bounds.first,
            Start::End => bounds.end,
            // What retention took is passed over, as it is for a reader that is slower than retention.
            Start::Offset(offset) => offset.max(bounds.first),
        };
        Ok(Box::new(KafkaReader::open(
            Arc::clone(&self.cluster),
            topic,
            partition,
            position,
        )?))
    }

    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError> {
        self.check_partition(topic, partition)?;
        let (first, end) = self.cluster.watermarks(&self.metadata, topic, partition)?;
        Ok(Bounds { first, end })
    }

    fn committed(&self, group: &str, topic: Topic) -> Result<Offsets, LogError> {
        let group = self.cluster.group(group);
        let consumer = self
            .cluster
            .consumer(Some(&group), Isolation::Committed, Quiet::default())?;
        let places: Vec<(Topic, u32)> = (0..self.partitions(topic)?)
            .map(|partition| (topic, partition))
            .collect();
        self.cluster.committed(&consumer, &places)
    }

    fn append(&self, records: Vec<Produce>) -> Result<(), LogError> {
        self.cluster.check_sizes(&records)?;
        // A panic in the middle leaves a producer that the next line of the failed call would have dropped.
        let mut appender = self.appender.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match appender.take() {
            Some(sender) => sender,
            None => Sender::open(Arc::clone(&self.cluster), None)?,
        };
        sender.send(&records)?;
        sender.await_deliveries()?;
        *appender = Some(sender);
        Ok(())
    }
}

/// A number of a group's workers in this process, free again when dropped.
struct Seat {
    seats: Seats,
    group: String,
    number: u32,
}

impl Seat {
    fn take(seats: &Seats, group: &str) -> Self {
        let mut taken = seats.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = taken.entry(group.to_owned()).or_default();
        let number = (0..).find(|number| !taken.contains(number)).unwrap_or(u32::MAX);
        taken.insert(number);
        Self {
            seats: Arc::clone(seats),
            group: group.to_owned(),
            number,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.group) {
            taken.remove(&self.number);
        }
    }
}

/// A partition number as librdkafka has it.
fn signed(partition: u32) -> i32 {
    i32::try_from(partition).unwrap_or(i32::MAX)
}

/// A partition number as we have it; librdkafka's are never negative where a partition is known.
fn unsigned(partition: i32) -> u32 {
    u32::try_from(partition).unwrap_or(0)
}

/// An offset as we have it; librdkafka's are never negative where an offset is known.
fn natural(offset: i64) -> u64 {
    u64::try_from(offset).unwrap_or(0)
}

/// An offset as librdkafka has it.
fn offset(offset: u64) -> Offset {
    Offset::Offset(i64::try_from(offset).unwrap_or(i64::MAX))
}
