//! The records between the stages after fetching: each adds what its stage found and moves the article on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{Article, Trace};
use crate::id::ArticleId;
use crate::record::{
    DecodeError, EncodeError, Encoded, FETCH_ID_HEADER, Finding, Incoming, Place, Record, decode_json,
};
use crate::script::Script;
use crate::time::Timestamp;
use crate::topic::Topic;

/// What the cleaner hands on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cleaned {
    /// Where it came from.
    pub trace: Trace,
    /// The article.
    pub article: Article,
}

/// How a copy relates to the article that it repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Near-identical text.
    Copy,
    /// The same text corrected or extended.
    Version,
    /// A relation that a later release knows: readers of this one let it pass.
    #[serde(other)]
    Other,
}

/// What an article is a copy of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Duplicate {
    /// The cluster, for ever: as a rule the id of its first article, which need not be its original.
    pub cluster: ArticleId,
    /// The article that this one repeats: the cluster's original when this one came.
    pub original: ArticleId,
    /// The original's canonical URL.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub original_url: String,
    /// How it relates to the original.
    #[schemars(
        with = "String",
        description = "How it relates to the original: `copy`, `version`; more may come."
    )]
    pub relation: Relation,
    /// Articles in the cluster, this one included.
    pub copies: u32,
    /// Confidence that it is a copy, 0 to 1, four decimals.
    pub similarity: f64,
    /// How that was found, such as `sampled_shingles/1`.
    pub method: String,
}

/// The event that an article shares with earlier ones which it does not copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Story {
    /// The story: as a rule the id of its first article, which has no such block.
    pub id: ArticleId,
    /// The article of the story that this one resembles most.
    pub related: ArticleId,
    /// Confidence that both are on one event, 0 to 1, four decimals.
    pub score: f64,
    /// How that was found, such as `shared_names/1`.
    pub method: String,
}

/// What an article does to the cluster that it joined as its original.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replaces {
    /// What speaks for it: `agency_site` (it stands on the site of the agency that wrote it), `credit` (it names an
    /// agency), `dateline` (it has one), `earlier` (it was published earlier); more may come.
    pub reason: String,
    /// The former original as the article that this one repeats.
    pub former: Duplicate,
}

/// Why there is a new version of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The first version that was seen.
    #[default]
    Created,
    /// The text changed materially.
    Updated,
}

/// What the deduper hands on: every article, with what it is a copy of.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Deduplicated {
    /// Where it came from.
    pub trace: Trace,
    /// The article.
    pub article: Article,
    /// Set when it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Duplicate>,
    /// Set when it takes the place of its cluster's original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    /// Set when it is on the event of an earlier article, in other words: that makes it no copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<Story>,
    /// 1, 2, 3 … while the article is remembered.
    pub version: u32,
    /// What this version is.
    pub change: Change,
}

/// A topic of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TopicScore {
    /// IPTC Media Topics id, such as `medtop:11000000`.
    pub id: String,
    /// Its English name.
    pub name: String,
    /// Calibrated probability, 0 to 1, four decimals.
    pub score: f64,
}

/// What the classifier hands on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Classified {
    /// Where it came from.
    pub trace: Trace,
    /// The article.
    pub article: Article,
    /// Set when it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<Duplicate>,
    /// Set when it takes the place of its cluster's original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    /// Set when it is on the event of an earlier article, in other words: that makes it no copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<Story>,
    /// 1, 2, 3 … while the article is remembered.
    pub version: u32,
    /// What this version is.
    pub change: Change,
    /// Topics above their thresholds, best first; none when the model abstains.
    #[serde(default)]
    pub topics: Vec<TopicScore>,
    /// Version and content hash of the model that found them.
    #[serde(default)]
    pub model: String,
}

impl Classified {
    /// The classifier's answer for `deduplicated`; everything else moves over.
    #[must_use]
    pub fn new(deduplicated: Deduplicated, topics: Vec<TopicScore>, model: String) -> Self {
        let Deduplicated {
            trace,
            article,
            duplicate,
            replaces,
            story,
            version,
            change,
        } = deduplicated;
        Self {
            trace,
            article,
            duplicate,
            replaces,
            story,
            version,
            change,
            topics,
            model,
        }
    }
}

/// A score with the four decimals that records carry.
#[must_use]
pub fn four_decimals(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

/// What every input of a stage after the fetcher can say of itself, for its fate.
pub trait Traced {
    /// Where it came from; `None` for what did not enter by a fetch, such as a command.
    fn trace(&self) -> Option<&Trace>;
    /// The article's id, once it is known.
    fn article_id(&self) -> Option<&ArticleId>;
    /// The time at which the input entered the pipeline, which is the only time that a stage is told.
    fn entered_at(&self) -> Timestamp {
        self.trace().map_or(Timestamp::default(), |trace| trace.fetched_at)
    }
}

impl Traced for crate::fetched::Fetched {
    fn trace(&self) -> Option<&Trace> {
        Some(&self.trace)
    }

    fn article_id(&self) -> Option<&ArticleId> {
        None
    }
}

macro_rules! hop {
    ($name:ident, $topic:expr, $findings:expr, $place:expr) => {
        impl Traced for $name {
            fn trace(&self) -> Option<&Trace> {
                Some(&self.trace)
            }

            fn article_id(&self) -> Option<&ArticleId> {
                Some(&self.article.id)
            }
        }

        impl Record for $name {
            fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
                decode_json(incoming)
            }

            fn encode(&self) -> Result<Encoded, EncodeError> {
                let place: fn(&Self) -> Place = $place;
                Ok(Encoded::json($topic, self.article.id.as_str(), self)?
                    .at(place(self))
                    .with_header(FETCH_ID_HEADER, self.trace.fetch_id.as_str().as_bytes()))
            }

            fn findings(&self) -> Vec<(Finding, usize)> {
                let findings: fn(&Self) -> Vec<(Finding, usize)> = $findings;
                findings(self)
            }
        }
    };
}

/// What the cleaner found; the stages after it hand it on and find nothing of it anew.
fn cleaner_findings(cleaned: &Cleaned) -> Vec<(Finding, usize)> {
    let rules = cleaned.article.rules.iter().flat_map(|rules| {
        [
            (Finding::PageRuleMatched, rules.matched.len()),
            (Finding::PageRuleMissed, rules.missed.len()),
            (Finding::PageRuleExpired, rules.expired.len()),
        ]
    });
    rules.filter(|(_, count)| *count > 0).collect()
}

hop!(Cleaned, Topic::Cleaned, cleaner_findings, |cleaned| {
    let text = cleaned
        .article
        .blocks
        .iter()
        .find(|block| 80 < block.text.len())
        .map_or("", |block| &block.text);
    let sample = if text.is_empty() {
        cleaned.article.title.clone()
    } else {
        text.to_owned()
    };
    Place::Number(Script::of(&sample).partition())
});
/// What the deduper found.
fn deduper_findings(deduplicated: &Deduplicated) -> Vec<(Finding, usize)> {
    let replaces = deduplicated.replaces.iter();
    replaces.map(|_| (Finding::OriginalReplaced, 1)).collect()
}

hop!(Deduplicated, Topic::Deduplicated, deduper_findings, |_| {
    Place::SameAsInput
});
hop!(Classified, Topic::Classified, |_| Vec::new(), |_| Place::SameAsInput);
