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
    /// The cluster it belongs to: as a rule the id of the cluster's first article.
    pub cluster: ArticleId,
    /// Articles in the cluster when it entered, itself included.
    #[serde(default)]
    pub copies: u32,
    /// Set when it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<CopyOf>,
    /// Set when it is on the event of an earlier article, in other words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<RememberedStory>,
    /// What speaks for its being the original of its cluster; an empty object where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginClues>,
    /// Set when the original of its cluster is not the first article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<MovedOriginal>,
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

/// The story that an article was found to be of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RememberedStory {
    /// The story: as a rule the id of its first article.
    pub id: ArticleId,
    /// The article of it that this one resembles most.
    pub related: ArticleId,
    /// Confidence that both are on one event, 0 to 1, four decimals.
    pub score: f64,
}

/// What an article says of where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OriginClues {
    /// The agency that it credits; `other` for one that the deduper does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Whether it has a dateline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dateline: bool,
    /// When it says that it was published, in whole minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// How exactly it says that.
    #[serde(default, skip_serializing_if = "Precision::is_minute")]
    #[schemars(
        with = "String",
        description = "How exactly: `minute` (also where it is left out), `local_minute`, `day`; more may come."
    )]
    pub precision: Precision,
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the minute.
    #[default]
    Minute,
    /// To the minute, of a clock whose zone is not known.
    LocalMinute,
    /// To the day, of a calendar whose zone is not known.
    Day,
    /// One that a later release knows.
    #[serde(other)]
    Other,
}

impl Precision {
    fn is_minute(&self) -> bool {
        *self == Self::Minute
    }
}

/// The original of a cluster after it moved from the first article to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct MovedOriginal {
    /// How often it had moved when the article entered; the highest of a cluster counts.
    pub count: u32,
    /// The original when the article entered; the article itself where it is the one.
    pub original: ArticleId,
    /// Set when the article took the place: of which, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<ReplacedOriginal>,
}

/// The original that an article took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReplacedOriginal {
    /// The former original.
    pub former: ArticleId,
    /// `agency_site`, `credit`, `dateline`, `earlier`; more may come.
    pub reason: String,
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
