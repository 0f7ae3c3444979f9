//! What the publisher remembers of what it published.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, FetchId};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::{StageName, Topic};

/// One change of the publisher's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublisherMemory {
    /// How an article stands.
    Standing(Standing),
    /// An article that needs no remembering any more.
    Forget(ArticleId),
}

/// How an article stands with consumers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The article.
    pub article_id: ArticleId,
    /// The last fetch that was published or refused.
    pub fetch_id: FetchId,
    /// The last version published; 0 when none was.
    pub version: u32,
    /// The last revision published, in milliseconds since the epoch.
    pub revision: i64,
    /// When it last changed; standings are forgotten some time after.
    pub changed_at: Timestamp,
    /// True when it was published as a copy of another article.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
    /// True for a copy that was published as an original before: a withdrawal reaches those who read it there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once_original: bool,
    /// True after an operator withdrew it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// The subjects that it was last published under as an original, so that a withdrawal reaches them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
}

impl Record for PublisherMemory {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.value {
            Some(_) => decode_json(incoming).map(Self::Standing),
            None => key_text(incoming).map(|key| Self::Forget(key.into())),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let topic = Topic::Memory(StageName::Publisher);
        Ok(match self {
            Self::Standing(standing) => Encoded::json(topic, standing.article_id.as_str(), standing)?,
            Self::Forget(id) => Encoded::tombstone(topic, id.as_str()),
        }
        .at(Place::SameAsInput))
    }
}
