//! What the publisher reads: articles, and what operators order.

use schemas::article::Trace;
use schemas::command::Command;
use schemas::hop::{Classified, Traced};
use schemas::id::ArticleId;
use schemas::record::{DecodeError, EncodeError, Encoded, Incoming, Record};
use schemas::time::Timestamp;
use schemas::topic::Topic;

/// One input of the publisher.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// An article to publish.
    Article(Box<Classified>),
    /// An order.
    Command(Command),
}

impl Record for Input {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.topic {
            Topic::Classified => Classified::decode(incoming).map(|classified| Self::Article(Box::new(classified))),
            Topic::Commands => Command::decode(incoming).map(Self::Command),
            other => Err(DecodeError::Topic(other)),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Article(classified) => classified.encode(),
            Self::Command(command) => command.encode(),
        }
    }
}

impl Traced for Input {
    fn trace(&self) -> Option<&Trace> {
        match self {
            Self::Article(classified) => Some(&classified.trace),
            Self::Command(_) => None,
        }
    }

    fn article_id(&self) -> Option<&ArticleId> {
        match self {
            Self::Article(classified) => Some(&classified.article.id),
            Self::Command(command) => Some(&command.article_id),
        }
    }

    fn entered_at(&self) -> Timestamp {
        match self {
            Self::Article(classified) => classified.trace.fetched_at,
            Self::Command(command) => command.given_at,
        }
    }
}
