//! A member of a group that commits its offsets in the transaction of its records.
//!
//! Two things fence a worker that should no longer write. Its offsets carry the generation of the group by which it
//! got its partitions, and the group's coordinator refuses an older one. And its transactional id belongs to the
//! producer that took it last. Both are checked by the brokers, so they hold for a process that slept through its own
//! death.
//!
//! Between two polls the host has no commit open, so when a rebalance comes there is nothing to finish or to abort.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::Producer as _;
use rdkafka::topic_partition_list::Offset;
use schemas::topic::Topic;

use super::cluster::{Cluster, Isolation, WithLastError as _};
use super::context::{Assignment, Change, Member};
use super::doubt::Doubt;
use super::failure::is_retried_below;
use super::producer::Sender;
use super::{Seat, message, natural, offset, signed, unsigned};
use crate::log::{Commit, LogError, Message, Offsets, Polled, Worker};

pub(super) struct KafkaWorker {
    cluster: Arc<Cluster>,
    sender: Sender,
    consumer: BaseConsumer<Member>,
    /// None before the first assignment and from a revocation until the next.
    assignment: Option<Assignment>,
    /// A topic of the worker, to ask about.
    name: String,
    doubt: Doubt,
    has_failed: bool,
    /// Dropped after the producer, whose transactional id has its number.
    _seat: Seat,
}

impl KafkaWorker {
    pub(super) fn open(cluster: Arc<Cluster>, group: &str, topics: &[Topic], seat: Seat) -> Result<Self, LogError> {
        let transactional_id = match seat.number {
            0 => group.to_owned(),
            number => format!("{group}-{number}"),
        };
        let sender = Sender::open(Arc::clone(&cluster), Some(&transactional_id))?;
        let member = Member::new(Arc::clone(&cluster), group.to_owned());
        let consumer = cluster.consumer(Some(group), Isolation::Committed, member)?;
        let names: Vec<String> = topics.iter().map(|topic| cluster.name(*topic)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let joined = consumer.subscribe(&names);
        joined.map_err(|error| cluster.failure("join the group", &error, consumer.context().last_error()))?;
        let name = names.first().copied().unwrap_or_default().to_owned();
        let (assignment, doubt) = (None, Doubt::default());
        Ok(Self {
            cluster,
            sender,
            consumer,
            assignment,
            name,
            doubt,
            has_failed: false,
            _seat: seat,
        })
    }

    fn usable(&self) -> Result<(), LogError> {
        match self.has_failed {
            true => Err(LogError::Fenced {
                detail: "this worker failed before and must be dropped".to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// What a rebalance since the last call means to the host.
    fn change(&mut self) -> Result<Option<Polled>, LogError> {
        let Some(change) = self.consumer.context().take_change() else {
            return Ok(None);
        };
        self.doubt.clear();
        // What a revocation leaves is told at once: the host must not decide on state that is another's now.
        self.assignment = match change {
            Change::Revoked => None,
            Change::Assigned(assignment) => Some(assignment?),
        };
        let offsets = self
            .assignment
            .as_ref()
            .map_or_else(Offsets::new, |assignment| assignment.offsets.clone());
        Ok(Some(Polled::Assigned(offsets)))
    }

    fn try_poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError> {
        let deadline = Instant::now() + wait;
        let (mut records, mut bytes): (Vec<Message>, usize) = (Vec::new(), 0);
        while records.len() < max_records && bytes < max_bytes {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = if records.is_empty() { left } else { Duration::ZERO };
            // Taken out of the borrow of the consumer before anything else happens.
            let event = self
                .consumer
                .poll(timeout)
                .map(|event| event.map(|record| message::ours(&self.cluster, &record)));
            if let Some(change) = self.change()? {
                return Ok(change);
            }
            match event {
                Some(Ok(record)) => {
                    self.doubt.clear();
                    bytes += record
                        .as_ref()
                        .map_or(0, |record| record.value.as_ref().map_or(0, Vec::len));
                    records.extend(record);
                }
                Some(Err(KafkaError::PartitionEOF(_))) => self.doubt.clear(),
                Some(Err(error)) if is_retried_below(&error) => self.doubt.raise(),
                Some(Err(error)) => return Err(self.reading_failure(&error)),
                None if records.is_empty() && !left.is_zero() => {}
                None => break,
            }
        }
        self.doubt.settle(&self.cluster, &self.consumer, &self.name)?;
        Ok(Polled::Records(records))
    }

    /// An error while reading; records that retention took before we read them are told with their place.
    fn reading_failure(&self, error: &KafkaError) -> LogError {
        let code = error.rdkafka_error_code();
        if matches!(
            code,
            Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange)
        ) && let Err(lost) = self.check_positions()
        {
            return lost;
        }
        self.cluster
            .failure("read records", error, self.consumer.context().last_error())
    }

    fn check_positions(&self) -> Result<(), LogError> {
        let fail = |error| {
            self.cluster
                .failure("read offsets", &error, self.consumer.context().last_error())
        };
        let Some(assignment) = &self.assignment else {
            return Ok(());
        };
        for element in self.consumer.position().map_err(fail)?.elements() {
            let Some(topic) = self.cluster.topic(element.topic()) else {
                continue;
            };
            let partition = unsigned(element.partition());
            let position = match element.offset() {
                Offset::Offset(offset) => natural(offset),
                _ => assignment.offsets.get(&(topic, partition)).copied().unwrap_or(0),
            };
            let bounds = self.cluster.watermarks(&self.consumer, topic, partition)?;
            self.consumer.context().check((topic, partition), position, bounds)?;
        }
        Ok(())
    }

    fn try_commit(&self, commit: &Commit) -> Result<(), LogError> {
        self.cluster.check_sizes(&commit.records)?;
        let fenced = |detail: &str| LogError::Fenced {
            detail: detail.to_owned(),
        };
        let assignment = self
            .assignment
            .as_ref()
            .ok_or_else(|| fenced("no partitions are assigned"))?;
        if let Some(place) = commit
            .offsets
            .keys()
            .find(|place| !assignment.offsets.contains_key(place))
        {
            return Err(fenced(&format!(
                "partition {} of {} is not assigned",
                place.1,
                self.cluster.name(place.0)
            )));
        }
        let producer = self.sender.producer();
        producer
            .begin_transaction()
            .map_err(|error| self.sender.failure("begin a transaction", error))?;
        let written = self.write(commit, assignment);
        if written.is_err() {
            self.sender.abort();
        }
        written
    }

    /// Everything between the beginning and the end of a transaction.
    fn write(&self, commit: &Commit, assignment: &Assignment) -> Result<(), LogError> {
        let mut offsets = TopicPartitionList::with_capacity(commit.offsets.len());
        for ((topic, partition), next) in &commit.offsets {
            offsets
                .add_partition_offset(&self.cluster.name(*topic), signed(*partition), offset(*next))
                .map_err(|error| self.sender.failure("send offsets", error))?;
        }
        let (producer, timeout) = (self.sender.producer(), self.cluster.transaction_timeout());
        self.sender.send(&commit.records)?;
        // Offsets go after the records have arrived: sent beside them, the coordinator answers that it is busy with the
        // transaction, and librdkafka waits 100 ms before it asks again.
        self.sender.await_deliveries()?;
        producer
            .send_offsets_to_transaction(&offsets, &assignment.generation, timeout)
            .map_err(|error| self.sender.failure("send offsets", error))?;
        producer
            .commit_transaction(timeout)
            .map_err(|error| self.sender.failure("commit", error))
    }
}

impl Worker for KafkaWorker {
    fn poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError> {
        self.usable()?;
        self.try_poll(max_records, max_bytes, wait)
            .inspect_err(|_| self.has_failed = true)
    }

    fn commit(&mut self, commit: Commit) -> Result<(), LogError> {
        self.usable()?;
        self.try_commit(&commit).inspect_err(|_| self.has_failed = true)
    }
}
