//! What became of an article.

use crate::memory::{Memory, Relation, StoryOf};
use crate::origin::Reason;

/// What an article is a copy of.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The cluster: as a rule the id of its first article.
    pub cluster: String,
    /// The article that it repeats: the cluster's original when it came.
    pub original: String,
    /// That article's URL, while it is remembered.
    pub original_url: String,
    /// Articles in the cluster, this one included.
    pub copies: u32,
    /// How it relates to the best match.
    pub relation: Relation,
    /// Probability that it is a copy.
    pub similarity: f32,
}

/// The original whose place an article takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Replaces {
    /// What speaks for the article.
    pub reason: Reason,
    /// The former original, as the article that it repeats.
    pub former: Duplicate,
}

/// What became of an article.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It was seen before, in these words.
    Unchanged,
    /// It is news, or a copy of what is.
    News {
        /// 1, 2, 3 …
        version: u32,
        /// Set when it is a copy of another article.
        duplicate: Option<Duplicate>,
        /// Set when it is the original of its cluster from now on, in place of another article.
        replaces: Option<Replaces>,
        /// Set when it is on the event of an earlier article, in other words. It is published all the same.
        story: Option<Box<StoryOf>>,
    },
}

/// A verdict, and what to remember of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What became of the article.
    pub verdict: Verdict,
    /// What to remember; at most one change.
    pub memory: Option<Memory>,
}
