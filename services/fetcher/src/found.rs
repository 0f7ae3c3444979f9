//! What the machine writes to topics.

use schemas::fetched::Fetched;
use schemas::frontier::FrontierEntry;
use schemas::record::{DecodeError, EncodeError, Encoded, Incoming, Record};
use schemas::topic::Topic;

/// One record that follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Something to fetch next.
    Entry(Box<FrontierEntry>),
    /// A response, on its way to the cleaner.
    Fetched(Box<Fetched>),
}

impl Record for Found {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.topic {
            Topic::Frontier => FrontierEntry::decode(incoming).map(|entry| Self::Entry(Box::new(entry))),
            Topic::Fetched => Fetched::decode(incoming).map(|fetched| Self::Fetched(Box::new(fetched))),
            other => Err(DecodeError::Topic(other)),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Entry(entry) => entry.encode(),
            Self::Fetched(fetched) => fetched.encode(),
        }
    }
}
