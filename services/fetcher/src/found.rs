//! What the machine writes to topics.

use schemas::fetched::Fetched;
use schemas::frontier::{Delivery, Errand, FrontierEntry, FrontierRecord};
use schemas::record::{DecodeError, EncodeError, Encoded, Incoming, Record};
use schemas::topic::Topic;

/// One record that follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Something to fetch next.
    Entry(Box<FrontierEntry>),
    /// Something that another partition is to fetch.
    Errand(Box<Errand>),
    /// The answer to what another partition asked.
    Delivery(Box<Delivery>),
    /// A response, on its way to the cleaner.
    Fetched(Box<Fetched>),
}

impl Record for Found {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.topic {
            Topic::Frontier => FrontierRecord::decode(incoming).map(Self::from),
            Topic::Fetched => Fetched::decode(incoming).map(|fetched| Self::Fetched(Box::new(fetched))),
            other => Err(DecodeError::Topic(other)),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Entry(entry) => entry.encode(),
            Self::Errand(errand) => errand.encode(),
            Self::Delivery(delivery) => delivery.encode(),
            Self::Fetched(fetched) => fetched.encode(),
        }
    }
}

impl From<FrontierRecord> for Found {
    fn from(record: FrontierRecord) -> Self {
        match record {
            FrontierRecord::Entry(entry) => Self::Entry(entry),
            FrontierRecord::Errand(errand) => Self::Errand(errand),
            FrontierRecord::Delivery(delivery) => Self::Delivery(delivery),
        }
    }
}
