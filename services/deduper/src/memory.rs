//! What the deduper remembers: one record for each article, and its end.

use crate::origin::{Evidence, Reason};
use crate::sketch::Sketch;

/// How a copy relates to the article that it repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Near-identical text.
    Copy,
    /// The same text corrected or extended.
    Version,
}

/// What an article was found to be a copy of.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// The remembered article that it matches best.
    pub matched: String,
    /// How it relates to that article.
    pub relation: Relation,
    /// Probability that it is a copy, 0 to 1.
    pub similarity: f32,
}

/// The original of a cluster after it moved from the first article to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// How often it had moved when the article entered.
    pub count: u32,
    /// The original when the article entered; the article itself where it is the one.
    pub original: String,
    /// Set when the article took the place.
    pub replaced: Option<Replaced>,
}

/// The original that an article took the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The former original.
    pub former: String,
    /// What speaks for the article.
    pub reason: Reason,
}

impl Moved {
    /// What an article knows that took nobody's place.
    pub(crate) fn known(count: u32, original: &str) -> Box<Self> {
        Box::new(Self {
            count,
            original: original.to_owned(),
            replaced: None,
        })
    }
}

/// The story that an article is of.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryOf {
    /// The story: as a rule the id of its first article.
    pub story: String,
    /// The article of it that this one resembles most: the original, where that is a copy.
    pub related: String,
    /// How likely it is that both are on one event, 0 to 1.
    pub score: f32,
}

/// All that is remembered of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// The article's id.
    pub id: String,
    /// The fetch by which the remembered text entered.
    pub fetch_id: String,
    /// Where it is from.
    pub source: String,
    /// Its canonical URL.
    pub url: String,
    /// The cluster: as a rule the id of its first article.
    pub cluster: String,
    /// Articles in the cluster when it entered, itself included.
    pub copies: u32,
    /// 1, 2, 3 …: grows when the text changes.
    pub version: u32,
    /// Set when it is a copy, or took the place of the original that it would be a copy of.
    pub attachment: Option<Attachment>,
    /// Set when it is on the event of an earlier article. Of a copy: what it copies is.
    pub story: Option<StoryOf>,
    /// What speaks for its being the original of its cluster; not known of an article that a release without it
    /// remembered.
    pub evidence: Option<Evidence>,
    /// Set when the original of its cluster is not the first article.
    pub moved: Option<Box<Moved>>,
    /// When it entered the pipeline, milliseconds since 1970.
    pub entered: i64,
    /// When it was published, as far as that can be believed.
    pub published: i64,
    /// Its text.
    pub sketch: Sketch,
}

/// One change of the deduper's state. The last change of each article's id counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Memory {
    /// The article is remembered so, in place of what was remembered before.
    Remember(Box<Remembered>),
    /// The article with this id is forgotten.
    Forget(String),
}

impl Memory {
    /// The id of the article that the change is about: the key in a compacted log.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Remember(remembered) => &remembered.id,
            Self::Forget(id) => id,
        }
    }
}
