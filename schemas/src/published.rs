//! The public record: what consumers subscribe to.
//!
//! Fields are only ever added, and only as optional ones. Enumerations are open strings: a consumer must let values
//! pass that it does not know.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{Image, Rights};
use crate::hop::{Duplicate, Story, TopicScore};
use crate::id::{ArticleId, FetchId, SourceId};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::{Subject, Topic};

/// The id of the schema that public records follow, sent in the header `dataschema`.
pub const ARTICLE_SCHEMA_ID: &str = "urn:copydesk:schema:article:1";

/// What happened to an article that an operator took down.
pub const WITHDRAWN: &str = "withdrawn";

/// What happened to an original that is a copy from now on.
pub const REPOINTED: &str = "repointed";

/// One version of one article.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PublicArticle {
    /// The article, for ever: 32 hexadecimal digits.
    pub id: ArticleId,
    /// 1, 2, 3 … while the article is remembered.
    pub version: u32,
    /// Grows with every version, also after the article was forgotten: consumers keep the highest.
    pub revision: i64,
    /// The address it was read from, after redirects.
    pub url: String,
    /// Its canonical address.
    pub canonical_url: String,
    /// The address as the feed spelled it; of a version that a later page of the article brought, that page's.
    pub requested_url: String,
    /// Who published it.
    pub source: PublicSource,
    /// The headline.
    pub title: String,
    /// The text: paragraphs parted by a blank line.
    pub text: String,
    /// The kind of each paragraph of `text`, same order, same count: `paragraph`, `heading`, `list_item`, `quote`,
    /// `table_row`, `preformatted`.
    pub blocks: Vec<String>,
    /// What it is where it is not an ordinary article: `live_blog`, `gallery`, `video`; more may come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// People, in the order named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was first published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// When this version was fetched.
    pub fetched_at: Timestamp,
    /// The agency credited for the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The dateline as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Pictures, the lead picture first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// Captions that stood on the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// Set on copies: what it is a copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Duplicate>,
    /// Set when it is on the event of an earlier article, in other words: that makes it no copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<Story>,
    /// IPTC Media Topics, best first.
    pub topics: Vec<TopicScore>,
    /// What publisher and law say about using it.
    #[serde(default)]
    pub rights: Rights,
    /// `created` or `updated`; more may come.
    pub change: String,
    /// How the record came to be.
    pub provenance: Provenance,
}

/// Who published an article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PublicSource {
    /// The operator's source that led to it.
    pub id: SourceId,
    /// The site's name for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The section that the publisher put it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The publisher's own tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// How a record came to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// The fetch that brought this version.
    pub fetch_id: FetchId,
    /// The extractor and its version.
    pub extractor: String,
    /// The topic model, its version and content hash.
    pub model: String,
    /// The program and its version.
    pub program: String,
    /// Where `published_at` stood and its text as found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Origin>,
    /// Where `updated_at` stood and its text as found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Origin>,
}

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// The place, such as `json_ld` or `feed`.
    pub found_in: String,
    /// The text as found.
    pub text: String,
}

/// The event that an article was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawal {
    /// The article.
    pub id: ArticleId,
    /// Grows with every event about the article.
    pub revision: i64,
    /// Always `withdrawn`.
    pub change: String,
    /// The operator's reason.
    pub reason: String,
}

/// The event that an article, published as an original before, is a copy of another from now on. It is a
/// [`Withdrawal`] to readers that don't know it, with another `change`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(
    description = "The event that an article, published as an original before, is a copy of another from now on. To \
        readers that don't know it, it is a withdrawal with another `change`."
)]
pub struct Repointing {
    /// The article.
    pub id: ArticleId,
    /// Grows with every event about the article.
    pub revision: i64,
    /// Always `repointed`.
    pub change: String,
    /// What decided: `agency_site` (the original stands on the site of the agency that wrote it), `credit` (it names
    /// an agency), `dateline` (it has one), `earlier` (it was published earlier), `updated` (the article's own new
    /// text is a copy); more may come.
    pub reason: String,
    /// The cluster, for ever: the one that copies of the article name.
    pub cluster: ArticleId,
    /// The original from now on. It may be re-pointed later by an event of its own.
    pub original: ArticleId,
    /// The original's canonical URL.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub original_url: String,
}

/// One message on a public topic.
#[derive(Debug, Clone, PartialEq)]
pub enum Publication {
    /// A version of an article, on the event log, the latest topic, the duplicates topic or a subject's topic.
    Article {
        /// Where it goes: `Articles`, `Latest`, `Duplicates` or `Subject`.
        topic: Topic,
        /// The record.
        article: std::sync::Arc<PublicArticle>,
    },
    /// An article was taken down: an event on all public topics but the latest.
    Withdrawn {
        /// Where it goes.
        topic: Topic,
        /// The event.
        withdrawal: Withdrawal,
    },
    /// An article is a copy of another from now on: an event on all public topics but the latest.
    Repointed {
        /// Where it goes.
        topic: Topic,
        /// The event.
        repointing: Repointing,
    },
    /// An article's record goes from the latest topic.
    Cleared {
        /// The article.
        id: ArticleId,
        /// Why: `withdrawn` or `repointed`. A header says it, so it is empty in what was read from the log.
        change: String,
    },
}

impl Publication {
    /// The topic of an original article's subject.
    #[must_use]
    pub fn on_subject(subject: Subject, article: std::sync::Arc<PublicArticle>) -> Self {
        Self::Article {
            topic: Topic::Subject(subject),
            article,
        }
    }
}

/// CloudEvents 1.0 attributes in Kafka's binary mode (protocol binding, section 3.2), for a message about `id`.
fn cloud_event(encoded: Encoded, kind: &str, source: &str, id: &ArticleId, revision: i64) -> Encoded {
    encoded
        .with_header("ce_specversion", "1.0")
        .with_header("ce_id", format!("{id}-{revision}"))
        .with_header("ce_type", format!("news.copydesk.article.{kind}"))
        .with_header("ce_source", header_text(source))
        .with_header("ce_time", Timestamp::from_millis(revision).to_string())
        .with_header("ce_subject", id.as_str())
        .with_header("ce_dataschema", ARTICLE_SCHEMA_ID)
        .with_header("content-type", "application/json")
}

/// Text for a header: what a page says must not break out of it.
fn header_text(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(512)
        .collect()
}

/// An event about an article, if the message is one.
fn event(incoming: Incoming<'_>) -> Option<Publication> {
    let topic = incoming.topic;
    let withdrawal: Withdrawal = decode_json(incoming).ok()?;
    if withdrawal.change == REPOINTED {
        let repointing = decode_json(incoming).ok()?;
        return Some(Publication::Repointed { topic, repointing });
    }
    Some(Publication::Withdrawn { topic, withdrawal })
}

impl Record for Publication {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        let topic = incoming.topic;
        if incoming.value.is_none() {
            return key_text(incoming).map(|key| Self::Cleared {
                id: key.into(),
                change: String::new(),
            });
        }
        match decode_json::<PublicArticle>(incoming) {
            Ok(article) => Ok(Self::Article {
                topic,
                article: std::sync::Arc::new(article),
            }),
            Err(error) => event(incoming).ok_or(error),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        Ok(match self {
            Self::Article { topic, article } => {
                let encoded = Encoded::json(*topic, article.id.as_str(), article.as_ref())?;
                cloud_event(
                    encoded,
                    &article.change,
                    &article.canonical_url,
                    &article.id,
                    article.revision,
                )
            }
            Self::Withdrawn { topic, withdrawal } => {
                let encoded = Encoded::json(*topic, withdrawal.id.as_str(), withdrawal)?;
                cloud_event(encoded, WITHDRAWN, "copydesk", &withdrawal.id, withdrawal.revision)
            }
            Self::Repointed { topic, repointing } => {
                let encoded = Encoded::json(*topic, repointing.id.as_str(), repointing)?;
                cloud_event(
                    encoded,
                    &repointing.change,
                    "copydesk",
                    &repointing.id,
                    repointing.revision,
                )
            }
            Self::Cleared { id, change } => Encoded::tombstone(Topic::Latest, id.as_str())
                .with_header("ce_type", format!("news.copydesk.article.{change}"))
                .with_header("ce_subject", id.as_str()),
        })
    }
}
