//! What the cleaner remembers: what recurs on the articles of a host, and articles that go on on further pages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::article::{Article, Block};
use crate::id::ArticleId;
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::{StageName, Topic};

/// One change of the cleaner's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CleanerMemory {
    /// What recurs on the articles of a host; takes the place of what was remembered of the host before.
    Site(RememberedSite),
    /// An article that goes on on further pages; takes the place of what was remembered of it before.
    Story(Box<RememberedStory>),
    /// The record of this key is no longer needed. On the wire a tombstone.
    #[schemars(skip)]
    Forget {
        /// The key, as [`CleanerMemory::key`] gives it.
        key: String,
    },
}

/// What the last articles of a host had in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RememberedSite {
    /// Host, with port when it is not the scheme's own.
    pub host: String,
    /// When an article of it last changed this.
    pub learned_at: Timestamp,
    /// The version of the format of `recurring`.
    pub format: u32,
    /// Which articles these were, and fingerprints of their lines; at most 2 KiB. On the wire: base64.
    #[serde(
        rename = "recurring_base64",
        default,
        serialize_with = "write_bytes",
        deserialize_with = "read_bytes"
    )]
    #[schemars(
        with = "String",
        description = "Which articles these were, and fingerprints of their lines, in base64."
    )]
    #[schemars(extend("contentEncoding" = "base64"))]
    pub recurring: Vec<u8>,
}

/// An article of several pages, as far as they have come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RememberedStory {
    /// The article as its first page has it.
    pub first: Article,
    /// What each further page adds, the second page first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<StoryPart>,
    /// When the last of these pages entered the pipeline.
    pub changed_at: Timestamp,
}

/// What a further page adds to an article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct StoryPart {
    /// Its blocks, without those that pages before it have.
    pub blocks: Vec<Block>,
}

fn write_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64.encode(bytes))
}

fn read_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    BASE64.decode(text.as_bytes()).map_err(serde::de::Error::custom)
}

impl CleanerMemory {
    /// The key of the record in the memory topic.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Site(site) => Self::site_key(&site.host),
            Self::Story(story) => Self::story_key(&story.first.id),
            Self::Forget { key } => key.clone(),
        }
    }

    /// The key of what is remembered of a host.
    #[must_use]
    pub fn site_key(host: &str) -> String {
        format!("site:{host}")
    }

    /// The key of an article of several pages.
    #[must_use]
    pub fn story_key(article: &ArticleId) -> String {
        format!("story:{article}")
    }
}

impl Record for CleanerMemory {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.value {
            Some(_) => decode_json(incoming),
            None => key_text(incoming).map(|key| Self::Forget { key: key.to_owned() }),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let topic = Topic::Memory(StageName::Cleaner);
        let key = self.key();
        Ok(match self {
            Self::Forget { .. } => Encoded::tombstone(topic, &key),
            Self::Site(_) | Self::Story(_) => Encoded::json(topic, &key, self)?,
        }
        .at(Place::SameAsInput))
    }
}
