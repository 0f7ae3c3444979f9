//! What gives an article its topics.

pub mod calibration;
pub mod combined;
pub mod file;
pub mod filed;
pub mod finer;
pub mod linear;
mod packed;
pub mod rules;

use serde::{Deserialize, Serialize};

/// What a model is shown of an article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Article<'a> {
    /// A BCP 47 tag, where known.
    pub language: Option<&'a str>,
    /// The title; may be empty.
    pub title: &'a str,
    /// The body.
    pub text: &'a str,
    /// Where its publisher filed it; empty where that is not known.
    pub filing: Filing<'a>,
}

/// Where a publisher filed an article: evidence for its topics, never the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filing<'a> {
    /// The section, as spelled.
    pub section: Option<&'a str>,
    /// The publisher's tags, as spelled.
    pub tags: &'a [String],
    /// What its feed files it under, as spelled, and codes of topics that the operator gave its source.
    pub categories: &'a [String],
    /// The article's address; the steps of its path are often sections. May be empty.
    pub url: &'a str,
}

/// Which model spoke: written into every record, so that a changed model can be told from the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name and version that its maker gave it.
    pub version: String,
    /// SHA-256 of the bytes it was loaded from, in hexadecimal.
    pub hash: String,
}

/// One topic and how likely the model finds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score<'m> {
    /// The topic's code, for example `medtop:11000000`.
    pub topic: &'m str,
    /// The broader topic that this one refines, for a second-level term.
    pub refines: Option<&'m str>,
    /// The calibrated probability: of articles scored 0.8, four in five have the topic.
    pub probability: f32,
    /// Whether it passes the topic's threshold. Below it the model abstains.
    pub published: bool,
}

/// A word or phrase that spoke for or against a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The words as they stand in the article.
    pub words: String,
    /// What they added to the topic's log-odds; negative when they spoke against it.
    pub weight: f32,
}

/// What decided on one topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'m> {
    /// The topic and its score.
    pub score: Score<'m>,
    /// The strongest reasons, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Anything that gives an article its topics.
pub trait Model: std::fmt::Debug + Send + Sync {
    /// Which model this is.
    fn identity(&self) -> &Identity;
    /// The score of every topic the model knows, best first; equal scores in the order of their codes.
    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>>;
    /// For the `topics` best topics, up to `reasons` reasons each.
    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>>;
}

/// Puts scores in the order that [`Model::scores`] promises.
pub(crate) fn best_first(scores: &mut [Score<'_>]) {
    scores.sort_by(|first, second| {
        second
            .probability
            .total_cmp(&first.probability)
            .then_with(|| first.topic.cmp(second.topic))
    });
}
