//! What all clients of one cluster share: names, configuration, timeouts, and how failures are told.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::config::{FromClientConfigAndContext as _, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::metadata::{Metadata, MetadataTopic};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList, TopicPartitionListElem};
use schemas::topic::{LARGE_RECORD_BYTES, Topic};

use super::context::{LastError, Quiet};
use super::failure::{Kind, is_moving, kind};
use super::{KafkaSettings, natural, signed, unsigned};
use crate::log::{LogError, Offsets, Produce};

/// The frame around a record of the largest size: librdkafka checks sizes before it compresses.
const FRAME_BYTES: usize = 64 * 1024;

/// Which records a consumer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isolation {
    /// Those of committed transactions.
    Committed,
    /// All.
    Uncommitted,
}

pub(super) struct Cluster {
    settings: KafkaSettings,
    topics: BTreeMap<String, Topic>,
}

impl Cluster {
    pub(super) fn new(settings: KafkaSettings) -> Self {
        let topics = Topic::all()
            .into_iter()
            .map(|topic| (topic.name(&settings.prefix), topic))
            .collect();
        Self { settings, topics }
    }

    pub(super) fn describe(&self) -> String {
        format!("kafka:{}", self.settings.bootstrap)
    }

    pub(super) fn name(&self, topic: Topic) -> String {
        topic.name(&self.settings.prefix)
    }

    pub(super) fn topic(&self, name: &str) -> Option<Topic> {
        self.topics.get(name).copied()
    }

    /// The group's id: like topics it begins with the prefix, so that installations on one cluster stay apart.
    pub(super) fn group(&self, group: &str) -> String {
        let prefix = &self.settings.prefix;
        match group.starts_with(prefix.as_str()) {
            true => group.to_owned(),
            false => format!("{prefix}-{group}"),
        }
    }

    pub(super) fn request_timeout(&self) -> Duration {
        self.settings.request_timeout
    }

    pub(super) fn transaction_timeout(&self) -> Duration {
        self.settings.transaction_timeout
    }

    /// How long offsets may take to become stable: a dead process's transaction must time out first.
    pub(super) fn stable_timeout(&self) -> Duration {
        self.settings.transaction_timeout + self.settings.request_timeout
    }

    /// What is common to all clients. The operator's properties lie over it, and what the guarantees rest on over them.
    fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("client.id", format!("copydesk-{}", self.settings.instance_id))
            .set("socket.nagle.disable", "true")
            // A broker that comes back is found within the second.
            .set("reconnect.backoff.max.ms", "1000")
            .set_log_level(RDKafkaLogLevel::Warning);
        config
    }

    /// A consumer that never commits by itself and never jumps to another offset by itself.
    ///
    /// Without a group it can ask for metadata only.
    pub(super) fn consumer<C: ConsumerContext>(
        &self,
        group: Option<&str>,
        isolation: Isolation,
        context: C,
    ) -> Result<BaseConsumer<C>, LogError> {
        let mut config = self.client();
        config
            // At most these many bytes wait in memory for a poll.
            .set("queued.max.messages.kbytes", "65536")
            .set("queued.min.messages", "20000")
            // A full queue is looked at again soon, not after the default second.
            .set("fetch.queue.backoff.ms", "10")
            // A seek waits for the fetch under way, so that one must not be held for long.
            .set("fetch.wait.max.ms", "100")
            // A killed member's partitions go to others after this time.
            .set("session.timeout.ms", "10000");
        config.extend(self.settings.properties.clone());
        config
            .set("bootstrap.servers", &self.settings.bootstrap)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("allow.auto.create.topics", "false")
            .set("enable.partition.eof", "true")
            // All topics of a worker get the same partition numbers.
            .set("partition.assignment.strategy", "range")
            .set("group.protocol", "classic")
            .set(
                "isolation.level",
                match isolation {
                    Isolation::Committed => "read_committed",
                    Isolation::Uncommitted => "read_uncommitted",
                },
            );
        if let Some(group) = group {
            config.set("group.id", group);
        }
        BaseConsumer::from_config_and_context(&config, context).map_err(|error| self.misconfigured(&error))
    }

    /// The configuration of producers: nothing is lost, nothing is written twice, order is kept.
    pub(super) fn producer(&self, transactional_id: Option<&str>) -> ClientConfig {
        let transaction_timeout = self.settings.transaction_timeout.as_millis().to_string();
        let mut config = self.client();
        config
            .set("compression.type", "zstd")
            .set("linger.ms", "1")
            .set("queue.buffering.max.kbytes", "65536");
        config.extend(self.settings.properties.clone());
        config
            .set("bootstrap.servers", &self.settings.bootstrap)
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", (LARGE_RECORD_BYTES + FRAME_BYTES).to_string())
            .set("message.timeout.ms", &transaction_timeout);
        if let Some(id) = transactional_id {
            config.set("transactional.id", format!("{id}-{}", self.settings.instance_id));
            config.set("transaction.timeout.ms", &transaction_timeout);
        }
        config
    }

    /// The configuration of the client that makes topics.
    pub(super) fn admin(&self) -> ClientConfig {
        let mut config = self.client();
        config.extend(self.settings.properties.clone());
        config.set("bootstrap.servers", &self.settings.bootstrap);
        config
    }

    pub(super) fn misconfigured(&self, error: &KafkaError) -> LogError {
        LogError::Refused {
            log: self.describe(),
            operation: "take our settings",
            detail: error.to_string(),
        }
    }

    /// What librdkafka's `error` means to a host; `last` is what the network said before.
    pub(super) fn failure(&self, operation: &'static str, error: &KafkaError, last: &LastError) -> LogError {
        let detail = match last.get() {
            Some(last) => format!("{error} ({last})"),
            None => error.to_string(),
        };
        match kind(error) {
            Kind::Fenced => LogError::Fenced { detail },
            Kind::Refused => LogError::Refused {
                log: self.describe(),
                operation,
                detail,
            },
            Kind::Transient => LogError::Unreachable {
                log: self.describe(),
                operation,
                detail,
            },
        }
    }

    /// Metadata of one topic or of all.
    pub(super) fn metadata(&self, client: &BaseConsumer<Quiet>, name: Option<&str>) -> Result<Metadata, LogError> {
        let answer = client.fetch_metadata(name, self.settings.request_timeout);
        drain(client);
        answer.map_err(|error| self.failure("read metadata", &error, client.context().last_error()))
    }

    /// The number of partitions of a topic that must exist.
    pub(super) fn partitions(&self, client: &BaseConsumer<Quiet>, topic: Topic) -> Result<u32, LogError> {
        let name = self.name(topic);
        let metadata = self.metadata(client, Some(&name))?;
        match metadata
            .topics()
            .iter()
            .find(|found| found.name() == name)
            .and_then(partition_count)
        {
            Some(count) => Ok(count),
            None => Err(LogError::MissingTopic {
                name,
                log: self.describe(),
            }),
        }
    }

    /// The first offset and the offset after the last record that `client` may see.
    pub(super) fn watermarks<C: ConsumerContext + WithLastError>(
        &self,
        client: &BaseConsumer<C>,
        topic: Topic,
        partition: u32,
    ) -> Result<(u64, u64), LogError> {
        let name = self.name(topic);
        let asked = || client.fetch_watermarks(&name, signed(partition), self.settings.request_timeout);
        let answer = retry(self.settings.request_timeout, asked);
        let (first, end) =
            answer.map_err(|error| self.failure("read offsets", &error, client.context().last_error()))?;
        Ok((natural(first), natural(end)))
    }

    /// The offsets that the client's group has committed on `places`, once no transaction is pending on them.
    pub(super) fn committed<C: ConsumerContext + WithLastError>(
        &self,
        client: &BaseConsumer<C>,
        places: &[(Topic, u32)],
    ) -> Result<Offsets, LogError> {
        let timeout = self.stable_timeout();
        let answer = retry(timeout, || {
            let mut list = TopicPartitionList::new();
            for (topic, partition) in places {
                list.add_partition(&self.name(*topic), signed(*partition));
            }
            let list = client.committed_offsets(list, timeout)?;
            list.elements().iter().try_for_each(TopicPartitionListElem::error)?;
            Ok(list)
        });
        let fail = |error| self.failure("read committed offsets", &error, client.context().last_error());
        let answer = answer.map_err(fail)?;
        let elements = answer.elements();
        Ok(elements
            .iter()
            .filter_map(|element| match element.offset() {
                Offset::Offset(offset) => {
                    let place = (self.topic(element.topic())?, unsigned(element.partition()));
                    Some((place, natural(offset)))
                }
                _ => None,
            })
            .collect())
    }

    /// Fails when a record is larger than its topic takes.
    pub(super) fn check_sizes(&self, records: &[Produce]) -> Result<(), LogError> {
        records.iter().try_for_each(|record| {
            let (size, limit) = (record.size(), record.topic.max_record_bytes());
            match size <= limit {
                true => Ok(()),
                false => Err(LogError::Oversized {
                    name: self.name(record.topic),
                    size,
                    limit,
                }),
            }
        })
    }
}

/// Asks again while leaders and coordinators move, which they do on their own and without telling us.
fn retry<T>(timeout: Duration, mut ask: impl FnMut() -> KafkaResult<T>) -> KafkaResult<T> {
    let deadline = Instant::now() + timeout;
    loop {
        match ask() {
            Err(error) if is_moving(&error) && Instant::now() < deadline => thread::sleep(Duration::from_millis(20)),
            answer => return answer,
        }
    }
}

/// A context that remembers what the network said last.
pub(super) trait WithLastError {
    fn last_error(&self) -> &LastError;
}

/// How many partitions a topic has; none when it does not exist.
pub(super) fn partition_count(topic: &MetadataTopic) -> Option<u32> {
    let count = topic.partitions().len();
    if topic.error().is_some() || count == 0 {
        return None;
    }
    u32::try_from(count).ok()
}

/// Serves the log lines and errors that wait for a client without a group; nobody else polls it.
pub(super) fn drain(client: &BaseConsumer<Quiet>) {
    // A poll without waiting answers the same whether it served a line or found none, so there is no telling the end.
    for _ in 0..1000 {
        let _ = client.poll(Duration::ZERO);
    }
}
