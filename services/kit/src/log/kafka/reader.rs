//! Reading one partition by assignment, without a group.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::Offset;
use rdkafka::{Message as _, TopicPartitionList};
use schemas::topic::Topic;

use super::cluster::{Cluster, Isolation, WithLastError as _};
use super::context::Quiet;
use super::doubt::Doubt;
use super::failure::is_retried_below;
use super::{message, natural, offset, signed};
use crate::log::{LogError, Message, Reader};

pub(super) struct KafkaReader {
    cluster: Arc<Cluster>,
    consumer: BaseConsumer<Quiet>,
    topic: Topic,
    partition: u32,
    name: String,
    position: u64,
    /// An end that is passed over when the next end of the partition is reported (see [`KafkaReader::reach_end`]).
    awaited: Option<u64>,
    doubt: Doubt,
}

impl KafkaReader {
    pub(super) fn open(cluster: Arc<Cluster>, topic: Topic, partition: u32, position: u64) -> Result<Self, LogError> {
        // librdkafka assigns partitions to members only; this one never joins its group and never commits.
        let group = cluster.group("readers");
        let consumer = cluster.consumer(Some(&group), Isolation::Committed, Quiet::default())?;
        let name = cluster.name(topic);
        let mut assignment = TopicPartitionList::new();
        let assigned = assignment
            .add_partition_offset(&name, signed(partition), offset(position))
            .and_then(|()| consumer.assign(&assignment));
        assigned.map_err(|error| cluster.failure("open a reader", &error, consumer.context().last_error()))?;
        Ok(Self {
            cluster,
            consumer,
            topic,
            partition,
            name,
            position,
            awaited: None,
            doubt: Doubt::default(),
        })
    }

    /// Moves the position to the end of the partition, which was reached just now.
    ///
    /// Transaction markers take up offsets but are no records; librdkafka counts them when it passes them. Compaction
    /// may leave offsets at the end that hold nothing at all, which it does not count. So the end is asked for, and
    /// when it lies further, fetching begins again at our position: whatever then comes before the next report of an
    /// end is all there is up to the end that was asked for. (Taking that end as the position at once would be wrong:
    /// records may have been written after the report and before the question.)
    fn reach_end(&mut self) -> Result<(), LogError> {
        let fail = |error| {
            self.cluster
                .failure("read records", &error, self.consumer.context().last_error())
        };
        let positions = self.consumer.position().map_err(fail)?;
        if let Some(Offset::Offset(passed)) = positions
            .find_partition(&self.name, signed(self.partition))
            .map(|element| element.offset())
        {
            self.position = self.position.max(natural(passed));
        }
        if let Some(end) = self.awaited.take() {
            self.position = self.position.max(end);
            return Ok(());
        }
        let (_, end) = self.cluster.watermarks(&self.consumer, self.topic, self.partition)?;
        if self.position < end {
            let timeout = self.cluster.request_timeout();
            self.consumer
                .seek(&self.name, signed(self.partition), offset(self.position), timeout)
                .map_err(fail)?;
            self.awaited = Some(end);
        }
        Ok(())
    }
}

impl Reader for KafkaReader {
    fn read(&mut self, max_records: usize, wait: Duration) -> Result<Vec<Message>, LogError> {
        let deadline = Instant::now() + wait;
        let mut records = Vec::new();
        while records.len() < max_records {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = if records.is_empty() { left } else { Duration::ZERO };
            match self.consumer.poll(timeout) {
                Some(Ok(message)) => {
                    self.doubt.clear();
                    self.position = natural(message.offset()) + 1;
                    records.extend(message::ours(&self.cluster, &message));
                }
                Some(Err(KafkaError::PartitionEOF(_))) => {
                    self.doubt.clear();
                    self.reach_end()?;
                    break;
                }
                Some(Err(error)) if is_retried_below(&error) => self.doubt.raise(),
                Some(Err(error)) => {
                    let last = self.consumer.context().last_error();
                    return Err(self.cluster.failure("read records", &error, last));
                }
                None if records.is_empty() && !left.is_zero() => {}
                None => break,
            }
        }
        self.doubt.settle(&self.cluster, &self.consumer, &self.name)?;
        Ok(records)
    }

    fn position(&self) -> u64 {
        self.position
    }
}
