//! How a record becomes the key, value and headers of a message, and back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::topic::Topic;

/// Header of every hop record: the fetch id, so that even a record that does not decode has a name for its fate.
pub const FETCH_ID_HEADER: &str = "copydesk-fetch-id";

/// Which partition of its topic a record goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By the murmur2 hash of these bytes, as Java's producers do it. Usually the record's own key.
    Key(Vec<u8>),
    /// The partition of the input that led to it, modulo the topic's count.
    SameAsInput,
    /// This number, modulo the topic's count.
    Number(u32),
}

/// A record ready for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Where it goes.
    pub topic: Topic,
    /// Its partition.
    pub place: Place,
    /// The message key.
    pub key: Option<Vec<u8>>,
    /// The message value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order; names may repeat.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Encoded {
    /// A record of `value` as JSON, keyed and placed by `key`.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json<T: Serialize>(topic: Topic, key: &str, value: &T) -> Result<Self, EncodeError> {
        let value = serde_json::to_vec(value).map_err(|source| EncodeError { topic, source })?;
        Ok(Self {
            value: Some(value),
            ..Self::tombstone(topic, key)
        })
    }

    /// A record without a value, keyed and placed by `key`.
    #[must_use]
    pub fn tombstone(topic: Topic, key: &str) -> Self {
        let key = key.as_bytes().to_vec();
        Self {
            topic,
            place: Place::Key(key.clone()),
            key: Some(key),
            value: None,
            headers: Vec::new(),
        }
    }

    /// The same record in another place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// The same record with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// What a record looks like when it comes from the log.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The topic it was read from.
    pub topic: Topic,
    /// The message key.
    pub key: Option<&'a [u8]>,
    /// The message value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
}

/// A record that can't be written.
#[derive(Debug, thiserror::Error)]
#[error("can't write a record for topic {topic:?}")]
pub struct EncodeError {
    /// The topic it was meant for.
    pub topic: Topic,
    /// Why.
    #[source]
    pub source: serde_json::Error,
}

/// A message that is not the record that its topic holds.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The value is not the JSON that the topic's schema asks for.
    #[error("the value is not a record of this topic")]
    Value(#[source] serde_json::Error),
    /// The topic is not one that this kind of record lives in.
    #[error("no such record lives in topic {0:?}")]
    Topic(Topic),
    /// The key is missing or has a form that this topic does not know.
    #[error("the key is not one of this topic")]
    Key,
    /// A tombstone where the topic has none.
    #[error("a tombstone where the topic has none")]
    Tombstone,
}

/// A type whose values live in one or several topics.
///
/// Encoding then decoding gives the same value.
pub trait Record: Sized {
    /// Reads a message.
    ///
    /// # Errors
    /// When the message is not such a record; the message then belongs in the dead letters.
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError>;

    /// Writes a message.
    ///
    /// # Errors
    /// When the record can't be written as JSON.
    fn encode(&self) -> Result<Encoded, EncodeError>;

    /// What the record says that operators want counted once it is committed, with how often.
    fn findings(&self) -> Vec<(Finding, usize)> {
        Vec::new()
    }
}

/// Something that a stage found and an operator wants counted: a closed list, because each becomes a metric's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// An operator's rule for pages of a site found what it looks for.
    PageRuleMatched,
    /// It did not.
    PageRuleMissed,
    /// It was left out because its last day is over.
    PageRuleExpired,
    /// An article took the place of its cluster's original.
    OriginalReplaced,
}

/// The memory of a stage that remembers nothing: no value of it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {}

impl Record for Nothing {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        Err(DecodeError::Topic(incoming.topic))
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match *self {}
    }
}

/// The value of a message as JSON of type `T`.
///
/// # Errors
/// When the message is a tombstone or its value is no such JSON.
pub fn decode_json<T: DeserializeOwned>(incoming: Incoming<'_>) -> Result<T, DecodeError> {
    serde_json::from_slice(incoming.value.ok_or(DecodeError::Tombstone)?).map_err(DecodeError::Value)
}

/// The key of a message as text.
///
/// # Errors
/// When there is none or it is not UTF-8.
pub fn key_text<'a>(incoming: Incoming<'a>) -> Result<&'a str, DecodeError> {
    incoming
        .key
        .and_then(|key| std::str::from_utf8(key).ok())
        .ok_or(DecodeError::Key)
}
