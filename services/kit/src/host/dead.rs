//! Dead letters and the fate records that go with them.

use schemas::fate::{DeadReason, Fate, FateRecord};
use schemas::hop::Traced;
use schemas::id::{ArticleId, FetchId};
use schemas::record::FETCH_ID_HEADER;
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};

use crate::log::{Message, Produce, partitioner};

/// What a fate says of the item that it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// The fetch that ended.
    pub fetch_id: FetchId,
    /// The article, once it is known.
    pub article_id: Option<ArticleId>,
    /// The URL that was asked for.
    pub requested_url: String,
    /// The source that led to it.
    pub source_id: schemas::id::SourceId,
    /// When the response arrived.
    pub fetched_at: Option<Timestamp>,
}

impl Subject {
    /// What an input says of itself; `None` for what did not enter by a fetch.
    #[must_use]
    pub fn of(input: &impl Traced) -> Option<Self> {
        let trace = input.trace()?;
        Some(Self {
            fetch_id: trace.fetch_id.clone(),
            article_id: input.article_id().cloned(),
            requested_url: trace.requested_url.clone(),
            source_id: trace.source_id.clone(),
            fetched_at: Some(trace.fetched_at),
        })
    }

    /// What the frame of a message that does not decode still says.
    #[must_use]
    pub fn of_frame(message: &Message) -> Self {
        let unknown = || format!("unknown:{:?}:{}:{}", message.topic, message.partition, message.offset);
        let fetch_id = message.header(FETCH_ID_HEADER).map_or_else(unknown, str::to_owned);
        Self {
            fetch_id: FetchId(fetch_id),
            ..Self::default()
        }
    }

    /// The record of this subject's `fate`.
    #[must_use]
    pub fn fate(self, fate: Fate, stage: StageName, decided_at: Timestamp) -> FateRecord {
        FateRecord {
            fetch_id: self.fetch_id,
            article_id: self.article_id,
            requested_url: self.requested_url,
            source_id: self.source_id,
            fate: fate.as_str().to_owned(),
            reason: fate.reason().map(str::to_owned),
            stage: stage.as_str().to_owned(),
            fetched_at: self.fetched_at,
            decided_at,
        }
    }
}

/// The dead letter for `message`: key, value and headers byte for byte, and headers by the names of Kafka Connect
/// that say where it came from and what was wrong.
#[must_use]
pub fn letter(
    message: &Message,
    stage: StageName,
    reason: DeadReason,
    detail: &str,
    prefix: &str,
    count: u32,
) -> Produce {
    let mut headers = message.headers.clone();
    let mut header = |name: &str, value: String| headers.push((format!("__connect.errors.{name}"), value.into_bytes()));
    header("topic", message.topic.name(prefix));
    header("partition", message.partition.to_string());
    header("offset", message.offset.to_string());
    header("connector.name", "copydesk".to_owned());
    header("stage", stage.as_str().to_owned());
    header("exception.class.name", reason.as_str().to_owned());
    // Bounded and in one line: part of it comes from strangers.
    header(
        "exception.message",
        detail
            .chars()
            .filter(|character| !character.is_control())
            .take(1000)
            .collect(),
    );
    let place = schemas::record::Place::Key(message.key.clone().unwrap_or_default());
    Produce {
        topic: Topic::Dead(stage),
        partition: partitioner::partition(&place, message.partition, count),
        key: message.key.clone(),
        value: message.value.clone(),
        headers,
    }
}
