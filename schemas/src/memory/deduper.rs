//! What the deduper remembers of the articles in its window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, FetchId};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::{StageName, Topic};

/// One change of the deduper's state.
#[derive(Debug, Clone, PartialEq)]
pub enum DeduperMemory {
    /// An article with its sketch; takes the place of what was remembered of it before.
    Remember(Box<RememberedArticle>),
    /// An article that left the window.
    Forget(ArticleId),
}

/// What is kept of an article for comparing others with it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RememberedArticle {
    /// The article.
    pub article_id: ArticleId,
    /// The fetch that brought this version.
    pub fetch_id: FetchId,
    /// When it entered the pipeline; the window's clock.
    pub entered_at: Timestamp,
    /// When it says that it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Its canonical URL.
    pub canonical_url: String,
    /// The cluster it belongs to.
    pub cluster: ArticleId,
    /// The article that it repeats; itself when it is an original.
    pub original: ArticleId,
    /// Its version counter.
    pub version: u32,
    /// Hash of title and text: equal means unchanged. 16 hexadecimal digits.
    pub content_hash: String,
    /// The version of the sketch's format.
    pub sketch_format: u32,
    /// The sketch, packed, base64.
    pub sketch: String,
}

impl Record for DeduperMemory {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.value {
            Some(_) => decode_json(incoming).map(|article| Self::Remember(Box::new(article))),
            None => key_text(incoming).map(|key| Self::Forget(key.into())),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let topic = Topic::Memory(StageName::Deduper);
        Ok(match self {
            Self::Remember(article) => Encoded::json(topic, article.article_id.as_str(), article)?,
            Self::Forget(id) => Encoded::tombstone(topic, id.as_str()),
        }
        .at(Place::SameAsInput))
    }
}
