//! What the cleaner writes: articles, and requests for the pages on which they go on.

use schemas::frontier::{FrontierEntry, FrontierRecord};
use schemas::hop::Cleaned;
use schemas::record::{DecodeError, EncodeError, Encoded, Incoming, Record};
use schemas::topic::Topic;

/// One record that follows from a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// An article.
    Article(Box<Cleaned>),
    /// A page to fetch, because an article goes on there.
    NextPage(Box<FrontierEntry>),
}

impl Record for Output {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.topic {
            Topic::Cleaned => Cleaned::decode(incoming).map(|cleaned| Self::Article(Box::new(cleaned))),
            Topic::Frontier => match FrontierRecord::decode(incoming)? {
                FrontierRecord::Entry(entry) => Ok(Self::NextPage(entry)),
                FrontierRecord::Errand(_) | FrontierRecord::Delivery(_) => Err(DecodeError::Topic(Topic::Frontier)),
            },
            other => Err(DecodeError::Topic(other)),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Article(cleaned) => cleaned.encode(),
            Self::NextPage(entry) => entry.encode(),
        }
    }
}
