//! What the deduper remembers of the articles in its window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hop::Relation;
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
    /// When it was published, as far as that could be believed; when it entered, where nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Its canonical URL.
    pub canonical_url: String,
    /// The site it is from.
    #[serde(default)]
    pub source: String,
    /// The cluster it belongs to: the id of the cluster's first article.
    pub cluster: ArticleId,
    /// Articles in the cluster when it entered, itself included.
    #[serde(default)]
    pub copies: u32,
    /// Set when it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<CopyOf>,
    /// Its version counter.
    pub version: u32,
    /// Hash of the words of title and text: equal means unchanged. 16 hexadecimal digits.
    pub content_hash: String,
    /// The version of the sketch's format.
    pub sketch_format: u32,
    /// The sketch, packed, base64.
    pub sketch: String,
}

/// What an article was found to be a copy of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CopyOf {
    /// The remembered article that it matched best; its cluster is the one that it joined.
    pub matched: ArticleId,
    /// How it relates to that article.
    pub relation: Relation,
    /// Confidence that it is a copy, 0 to 1, four decimals.
    pub similarity: f64,
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
