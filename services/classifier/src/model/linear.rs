//! One linear function per topic over the features of an article, with weights of one byte.

use super::calibration::{Calibration, rivals};
use super::finer::Finer;
use super::{Article, Explanation, Identity, Model, Reason, Score, best_first};
use crate::language::identify;
use crate::tokenize::{Feature, Kind, has_spaces};
use crate::vocabulary::{Part, Vector, Vocabulary, Weighing, each_feature, profile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What belongs to one topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Its code, for example `medtop:11000000`.
    pub id: String,
    /// Its log-odds in an article without a known feature.
    pub bias: f32,
    /// What one step of its stored weights is worth.
    pub scale: f32,
    /// From log-odds to probability.
    pub calibration: Calibration,
    /// The probability from which it is published.
    pub threshold: f32,
}

/// What decides on the articles of one language, or of all languages without a head of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The primary subtag of its language; `None` for the head of all others.
    pub language: Option<String>,
    /// The topics, at most [`Linear::MOST_TOPICS`].
    pub topics: Vec<Topic>,
    /// The features it knows.
    pub vocabulary: Vocabulary,
    /// A row of weights per feature, one per topic.
    pub weights: Vec<i8>,
    /// How features are weighed.
    pub weighing: Weighing,
    /// The second-level terms, where there is evidence for them.
    pub finer: Option<Finer>,
}

/// A linear model: one-vs-rest logistic regression over hashed words, pairs of words and pieces of words. English and
/// other languages have heads of their own, because what is rare, likely and sure in one is not so in the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    identity: Identity,
    heads: Vec<Head>,
}

impl Linear {
    /// The most topics a head may have.
    pub const MOST_TOPICS: usize = 32;
    /// The most heads a model may have.
    pub const MOST_HEADS: usize = 8;

    /// A model from its heads; `None` if there are none or too many, the last is not the one for all languages, or one
    /// does not fit together.
    pub fn new(identity: Identity, mut heads: Vec<Head>) -> Option<Self> {
        let last_is_for_all = heads.last().is_some_and(|head| head.language.is_none());
        let fits = last_is_for_all && heads.len() <= Self::MOST_HEADS && heads.iter().all(Head::fits);
        for head in &mut heads {
            let features = head.vocabulary.len();
            if let Some(finer) = &mut head.finer {
                finer.index(features);
            }
        }
        fits.then_some(Self { identity, heads })
    }

    /// Its heads; the last is that of all languages without one of their own.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Which of the heads decides on an article.
    pub fn head_of(&self, article: &Article<'_>) -> usize {
        let language = language_of(article).unwrap_or_default();
        let primary = language.split('-').next().unwrap_or_default();
        let own = self
            .heads
            .iter()
            .position(|head| head.language.as_deref() == Some(primary));
        own.unwrap_or(self.heads.len().saturating_sub(1))
    }

    fn head(&self, article: &Article<'_>) -> Option<&Head> {
        self.heads.get(self.head_of(article))
    }
}

impl Head {
    fn fits(&self) -> bool {
        let topics = self.topics.len();
        (1..=Linear::MOST_TOPICS).contains(&topics)
            && self.weights.len() == topics * self.vocabulary.len()
            && self.finer.as_ref().is_none_or(Finer::fits)
    }

    /// What it sees of an article.
    pub(crate) fn vector(&self, article: &Article<'_>) -> Vector {
        let language = language_of(article);
        self.vocabulary
            .vector(article.title, article.text, profile(language), &self.weighing)
    }

    /// The log-odds of each topic, in the order of the topics, before calibration.
    pub(crate) fn logits(&self, vector: &Vector) -> Vec<f32> {
        let count = self.topics.len();
        let mut sums = [0.0_f32; Linear::MOST_TOPICS];
        for entry in &vector.entries {
            let start = entry.index as usize * count;
            let row = self.weights.get(start..start + count).unwrap_or(&[]);
            add_row(&mut sums, row, entry.value);
        }
        let logits = self.topics.iter().zip(sums);
        logits.map(|(topic, sum)| topic.bias + topic.scale * sum).collect()
    }

    /// The calibrated scores for log-odds, in the order of the topics. An article of which nothing is known has no
    /// topic, however common a topic may be.
    pub(crate) fn calibrated(&self, logits: &[f32], is_known: bool) -> Vec<Score<'_>> {
        let scored = self.topics.iter().zip(logits.iter().zip(rivals(logits)));
        scored
            .map(|(topic, (logit, rivals))| {
                let probability = topic.calibration.probability(*logit, rivals);
                Score {
                    topic: &topic.id,
                    refines: None,
                    probability,
                    published: topic.threshold <= probability && is_known,
                }
            })
            .collect()
    }

    fn score(&self, vector: &Vector) -> Vec<Score<'_>> {
        let logits = self.logits(vector);
        let mut scores: Vec<Score<'_>> = self.calibrated(&logits, !vector.entries.is_empty());
        if let Some(finer) = &self.finer {
            let refined = finer.scores(vector, &scores);
            scores.extend(refined);
        }
        best_first(&mut scores);
        scores
    }

    /// What a feature adds to the log-odds of a topic or term.
    fn weight(&self, id: &str, feature: u32) -> Option<f32> {
        if let Some(topic) = self.topics.iter().position(|topic| topic.id == id) {
            let weight = self.weights.get(feature as usize * self.topics.len() + topic)?;
            return Some(f32::from(*weight) * self.topics.get(topic)?.scale);
        }
        let finer = self.finer.as_ref()?;
        let term = finer.terms.iter().position(|term| term.id == id)?;
        finer.weight(term, feature)
    }

    /// The strongest reasons for one topic, given the words that each feature was found in: what the word says itself,
    /// with its neighbour and by its parts.
    fn reasons(&self, topic: &str, vector: &Vector, words: &BTreeMap<u32, String>, most: usize) -> Vec<Reason> {
        let mut sums: BTreeMap<&str, f32> = BTreeMap::new();
        for entry in &vector.entries {
            if let (Some(weight), Some(words)) = (self.weight(topic, entry.index), words.get(&entry.index)) {
                *sums.entry(words).or_default() += entry.value * weight;
            }
        }
        let reason = |(words, weight): (&str, f32)| Reason {
            words: words.to_owned(),
            weight,
        };
        strongest(sums.into_iter().map(reason).collect(), most)
    }

    /// For each known feature of the article, what is written where it first stands; for a piece, the whole word.
    fn words(&self, article: &Article<'_>) -> BTreeMap<u32, String> {
        let mut words = BTreeMap::new();
        let profile = profile(language_of(article));
        each_feature(
            article.title,
            article.text,
            profile,
            &self.weighing,
            |part, feature, _| {
                if let Some(index) = self.vocabulary.find(feature.hash) {
                    let source = match part {
                        Part::Title => article.title,
                        Part::Text => article.text,
                    };
                    words
                        .entry(index as u32)
                        .or_insert_with(|| written(source, &feature).to_lowercase());
                }
            },
        );
        words
    }
}

/// Adds a row of weights times a value to as many sums. Sixteen at once: a number that is known beforehand is fast.
fn add_row(sums: &mut [f32], row: &[i8], value: f32) {
    let (sums, last_sums) = sums.get_mut(..row.len()).unwrap_or_default().as_chunks_mut::<16>();
    let (row, last_weights) = row.as_chunks::<16>();
    for (sums, weights) in sums.iter_mut().zip(row) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += value * f32::from(*weight);
        }
    }
    for (sum, weight) in last_sums.iter_mut().zip(last_weights) {
        *sum += value * f32::from(*weight);
    }
}

/// The strongest of some reasons, the strongest first.
fn strongest(mut reasons: Vec<Reason>, most: usize) -> Vec<Reason> {
    reasons.retain(|reason| reason.weight != 0.0);
    reasons.sort_by(|first, second| {
        let (first_size, second_size) = (first.weight.abs(), second.weight.abs());
        second_size
            .total_cmp(&first_size)
            .then_with(|| first.words.cmp(&second.words))
    });
    reasons.truncate(most);
    reasons
}

/// A feature as it is written; for a piece of a word in an alphabet with spaces, the word.
fn written<'a>(source: &'a str, feature: &Feature) -> &'a str {
    let (before, rest) = source.split_at_checked(feature.start).unwrap_or((source, ""));
    let own = rest.get(..feature.end - feature.start).unwrap_or_default();
    let is_spaced = |character: char| character.is_alphabetic() && has_spaces(character);
    if feature.kind != Kind::Piece || !own.chars().all(is_spaced) {
        return own;
    }
    let start = before.trim_end_matches(is_spaced).len();
    let length = rest.find(|character| !is_spaced(character)).unwrap_or(rest.len());
    source.get(start..feature.start + length).unwrap_or(own)
}

/// The article with its language identified where it did not bring one, so that it is identified once.
pub(crate) fn with_language<'a>(article: &Article<'a>) -> Article<'a> {
    Article {
        language: language_of(article),
        ..*article
    }
}

fn language_of<'a>(article: &Article<'a>) -> Option<&'a str> {
    article
        .language
        .or_else(|| identify(article.title, article.text).map(|guess| guess.tag))
}

impl Model for Linear {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        let article = with_language(article);
        let head = self.head(&article);
        head.map(|head| head.score(&head.vector(&article))).unwrap_or_default()
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let article = with_language(article);
        let Some(head) = self.head(&article) else {
            return Vec::new();
        };
        let vector = head.vector(&article);
        let words = head.words(&article);
        let scores = head.score(&vector).into_iter().take(topics);
        let explained = scores.map(|score| Explanation {
            score,
            reasons: head.reasons(score.topic, &vector, &words, reasons),
        });
        explained.collect()
    }
}
