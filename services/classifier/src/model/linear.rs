//! One linear function per topic over the features of an article, with weights of one byte.

use super::calibration::{Calibration, rivals};
use super::{Article, Explanation, Identity, Model, Reason, Score, best_first};
use crate::language::identify;
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

/// The parts of a linear model; [`Linear::new`] checks that they fit together.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The topics, at most [`Linear::MOST_TOPICS`].
    pub topics: Vec<Topic>,
    /// The features it knows.
    pub vocabulary: Vocabulary,
    /// A row of weights per feature, one per topic.
    pub weights: Vec<i8>,
    /// How features are weighed.
    pub weighing: Weighing,
}

/// A linear model: one-vs-rest logistic regression over hashed words and pairs of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    identity: Identity,
    parts: Parts,
}

impl Linear {
    /// The most topics a model may have.
    pub const MOST_TOPICS: usize = 32;

    /// A model from its parts; `None` if the weights are not one row per feature or the topics are none or too many.
    pub fn new(identity: Identity, parts: Parts) -> Option<Self> {
        let topics = parts.topics.len();
        let fits = (1..=Self::MOST_TOPICS).contains(&topics) && parts.weights.len() == topics * parts.vocabulary.len();
        fits.then_some(Self { identity, parts })
    }

    /// What it is made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The log-odds of each topic, in the order of the topics, before calibration.
    pub fn logits(&self, article: &Article<'_>) -> Vec<f32> {
        self.logits_of(&self.vector(article))
    }

    fn vector(&self, article: &Article<'_>) -> Vector {
        let language = language_of(article);
        self.parts
            .vocabulary
            .vector(article.title, article.text, profile(language), &self.parts.weighing)
    }

    fn logits_of(&self, vector: &Vector) -> Vec<f32> {
        let count = self.parts.topics.len();
        let mut sums = [0.0_f32; Self::MOST_TOPICS];
        for entry in &vector.entries {
            let start = entry.index as usize * count;
            let row = self.parts.weights.get(start..start + count).unwrap_or(&[]);
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += entry.value * f32::from(*weight);
            }
        }
        self.parts
            .topics
            .iter()
            .zip(sums)
            .map(|(topic, sum)| topic.bias + topic.scale * sum)
            .collect()
    }

    fn score(&self, vector: &Vector) -> Vec<Score<'_>> {
        let logits = self.logits_of(vector);
        let scored =
            self.parts
                .topics
                .iter()
                .zip(logits.iter().zip(rivals(&logits)))
                .map(|(topic, (logit, rivals))| {
                    let probability = topic.calibration.probability(*logit, rivals);
                    // An article of which nothing is known has no topic, however common a topic may be.
                    let published = topic.threshold <= probability && !vector.entries.is_empty();
                    Score {
                        topic: &topic.id,
                        probability,
                        published,
                    }
                });
        let mut scores: Vec<Score<'_>> = scored.collect();
        best_first(&mut scores);
        scores
    }

    /// The strongest reasons for one topic, given the words that each feature was found as.
    fn reasons(&self, topic: usize, vector: &Vector, words: &BTreeMap<u32, String>, most: usize) -> Vec<Reason> {
        let count = self.parts.topics.len();
        let Some(scale) = self.parts.topics.get(topic).map(|topic| topic.scale) else {
            return Vec::new();
        };
        let found = vector.entries.iter().filter_map(|entry| {
            let weight = f32::from(*self.parts.weights.get(entry.index as usize * count + topic)?) * scale;
            Some(Reason {
                words: words.get(&entry.index)?.clone(),
                weight: entry.value * weight,
            })
        });
        let mut reasons: Vec<Reason> = found.filter(|reason| reason.weight != 0.0).collect();
        reasons.sort_by(|first, second| {
            second
                .weight
                .abs()
                .total_cmp(&first.weight.abs())
                .then_with(|| first.words.cmp(&second.words))
        });
        reasons.truncate(most);
        reasons
    }

    /// How each known feature of the article is written where it first stands.
    fn words(&self, article: &Article<'_>) -> BTreeMap<u32, String> {
        let mut words = BTreeMap::new();
        let profile = profile(language_of(article));
        each_feature(
            article.title,
            article.text,
            profile,
            &self.parts.weighing,
            |part, feature, _| {
                if let Some(index) = self.parts.vocabulary.find(feature.hash) {
                    let source = match part {
                        Part::Title => article.title,
                        Part::Text => article.text,
                    };
                    let written = source.get(feature.start..feature.end).unwrap_or_default();
                    words.entry(index as u32).or_insert_with(|| written.to_lowercase());
                }
            },
        );
        words
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
        self.score(&self.vector(article))
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let vector = self.vector(article);
        let words = self.words(article);
        let scores = self.score(&vector).into_iter().take(topics);
        let explained = scores.filter_map(|score| {
            let topic = self.parts.topics.iter().position(|topic| topic.id == score.topic)?;
            Some(Explanation {
                score,
                reasons: self.reasons(topic, &vector, &words, reasons),
            })
        });
        explained.collect()
    }
}
