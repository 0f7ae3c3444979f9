//! What librdkafka calls back into: log lines, errors, and the assignment of partitions.

use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, ConsumerGroupMetadata};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::TopicPartitionList;
use rdkafka::types::RDKafkaRespErr;
use schemas::topic::Topic;

use super::cluster::{Cluster, WithLastError};
use super::{offset, signed, unsigned};
use crate::log::{LogError, Offsets};

/// What the network said last, for the text of an error: librdkafka's own errors only say that something timed out.
#[derive(Debug, Default)]
pub(super) struct LastError(Mutex<Option<String>>);

impl LastError {
    pub(super) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what librdkafka reports. That all brokers are down follows every refused connection and says less.
    pub(super) fn report(&self, error: &KafkaError, reason: &str) {
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::AllBrokersDown) || self.get().is_none() {
            self.set(reason);
        }
    }

    pub(super) fn set(&self, reason: &str) {
        tracing::debug!(target: "librdkafka", reason);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }

    /// librdkafka warns about what it mends itself, so its lines are for debugging only.
    pub(super) fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        tracing::debug!(target: "librdkafka", ?level, facility, line);
    }
}

/// The context of clients that belong to no group.
#[derive(Debug, Default)]
pub(super) struct Quiet(LastError);

impl WithLastError for Quiet {
    fn last_error(&self) -> &LastError {
        &self.0
    }
}

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.0.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.report(&error, reason);
    }
}

impl ConsumerContext for Quiet {}

/// The partitions of a member, and by which generation of the group it has them.
pub(super) struct Assignment {
    pub(super) offsets: Offsets,
    /// Taken while the assignment is made, and used for every commit under it. Asking anew at a commit would ask for
    /// the client's state of that moment: a client whose session ended has no generation, and the broker takes
    /// transactional offsets without one unchecked.
    pub(super) generation: ConsumerGroupMetadata,
}

/// What a rebalance brought.
pub(super) enum Change {
    Revoked,
    Assigned(Result<Assignment, LogError>),
}

/// The context of a member of a group. Callbacks run inside the member's own `poll`.
pub(super) struct Member {
    last_error: LastError,
    cluster: Arc<Cluster>,
    group: String,
    change: Mutex<Option<Change>>,
}

impl Member {
    pub(super) fn new(cluster: Arc<Cluster>, group: String) -> Self {
        Self {
            last_error: LastError::default(),
            cluster,
            group,
            change: Mutex::new(None),
        }
    }

    /// The last change since the last call.
    pub(super) fn take_change(&self) -> Option<Change> {
        self.change.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Assigns the partitions of `list` where their committed offsets are.
    fn assign(&self, consumer: &BaseConsumer<Self>, list: &TopicPartitionList) -> Result<Assignment, LogError> {
        let offsets = self.starts(consumer, list)?;
        let mut assignment = TopicPartitionList::new();
        let fail = |error| self.cluster.failure("take an assignment", &error, &self.last_error);
        for ((topic, partition), start) in &offsets {
            let (name, partition) = (self.cluster.name(*topic), signed(*partition));
            assignment
                .add_partition_offset(&name, partition, offset(*start))
                .map_err(fail)?;
        }
        consumer.assign(&assignment).map_err(fail)?;
        let Some(generation) = consumer.group_metadata() else {
            return Err(LogError::Fenced {
                detail: "no longer a member of the group".to_owned(),
            });
        };
        Ok(Assignment { offsets, generation })
    }

    /// Where reading goes on in each partition: at the committed offset, once no transaction is pending on it, or at
    /// the first record.
    fn starts(&self, consumer: &BaseConsumer<Self>, list: &TopicPartitionList) -> Result<Offsets, LogError> {
        let elements = list.elements();
        let places: Vec<(Topic, u32)> = elements
            .iter()
            .filter_map(|element| Some((self.cluster.topic(element.topic())?, unsigned(element.partition()))))
            .collect();
        let committed = self.cluster.committed(consumer, &places)?;
        let mut offsets = Offsets::new();
        for (topic, partition) in places {
            let (first, end) = self.cluster.watermarks(consumer, topic, partition)?;
            let start = committed.get(&(topic, partition)).copied().unwrap_or(first);
            self.check((topic, partition), start, (first, end))?;
            offsets.insert((topic, partition), start);
        }
        Ok(offsets)
    }

    /// Fails when `start` is not among the records that are there.
    pub(super) fn check(
        &self,
        (topic, partition): (Topic, u32),
        start: u64,
        (first, end): (u64, u64),
    ) -> Result<(), LogError> {
        let topic = self.cluster.name(topic);
        if start < first {
            let group = self.group.clone();
            return Err(LogError::OffsetGone {
                group,
                topic,
                partition,
                offset: start,
                first,
            });
        }
        if end < start {
            let detail = format!(
                "group {} stands at offset {start} of {topic} partition {partition}, which ends at {end}: was the topic \
                 deleted and made again? reset the group's offsets",
                self.group
            );
            return Err(LogError::Refused {
                log: self.cluster.describe(),
                operation: "go on reading",
                detail,
            });
        }
        Ok(())
    }
}

impl WithLastError for Member {
    fn last_error(&self) -> &LastError {
        &self.last_error
    }
}

impl ClientContext for Member {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.last_error.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.last_error.report(&error, reason);
    }
}

impl ConsumerContext for Member {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, event: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let change = match event {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => Change::Assigned(self.assign(consumer, list)),
            _ => Change::Revoked,
        };
        if !matches!(change, Change::Assigned(Ok(_))) {
            // Without an answer librdkafka would wait for one, and the group with it.
            if let Err(error) = consumer.unassign() {
                self.last_error.set(&error.to_string());
            }
        }
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }
}
