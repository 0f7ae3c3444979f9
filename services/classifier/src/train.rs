//! Trains a linear model from labelled documents.
//!
//! Same documents, same settings, same bytes: nothing here reads a clock, draws a number or runs beside itself. Reading
//! files and choosing which documents a shipped model may learn from is the caller's business.
//!
//! English and all other languages are fitted apart. The steps for each: count features; fit all of them; keep those
//! with the most to say and fit again on these alone; store weights as bytes. That is done once for each of
//! [`FOLDS`] parts of the documents, with this part left out and then scored, so that every document is scored by weights
//! that have not seen it: on those scores the calibration and the thresholds are set, and from them come the figures.
//! Then it is done once more with all documents, which gives the weights that are kept.

mod calibrate;
mod curve;
mod finer;
mod fit;
mod labels;
mod learn;
mod quantise;
mod shuffle;
#[cfg(test)]
mod tests;
pub mod vectors;
mod vocabulary;

use crate::model::Score;
use crate::model::file::{self, FileError};
use crate::model::linear::{Head, Linear};
use crate::tokenize::ENGLISH;
use crate::vocabulary::{Weighing, profile};
pub use curve::{Point, curve};
pub use finer::FinerFigures;
use std::sync::Arc;
use vectors::Vectors;

/// A document whose topics are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which collection it is from: what a collection never files under is no evidence against.
    pub source: String,
    /// A BCP 47 tag.
    pub language: String,
    /// The title; may be empty.
    pub title: String,
    /// The body.
    pub text: String,
    /// Its topics, the main one first.
    pub topics: Vec<String>,
    /// The second-level term of its first topic, where known.
    pub finer: Option<String>,
    /// What it has in common with documents in other words: translations of one sentence. One group is never parted.
    pub group: Option<String>,
    /// Whether it is a definition or an example, which serves for learning and is never scored.
    pub always_fit: bool,
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Written into the model.
    pub version: String,
    /// How features are weighed; what pieces count stands in [`Effort`].
    pub weighing: Weighing,
    /// How English is fitted.
    pub english: Effort,
    /// How all other languages are.
    pub others: Effort,
    /// How many words, the most frequent of those with a vector, serve to tell second-level terms apart.
    pub finer_words: usize,
    /// What the sum of its words' vectors counts beside an article's features; see [`vectors`].
    pub vector_scale: f32,
    /// How far rare topics are lifted: 0 not at all, 1 until all topics weigh the same.
    pub balance: f32,
    /// What it counts when a document lacks a topic that its collection never files under; between 0 and 1.
    pub unknown_weight: f32,
    /// With fewer articles than this a topic is not told by its absence either: that weight shrinks in proportion.
    pub enough_articles: usize,
    /// Of the documents that are no definition and no example, one in so many is learnt from, and all are scored.
    pub one_in: u64,
}

/// How much a head of the model may know, and how hard it is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// How many features it keeps.
    pub features: usize,
    /// Walks over the documents.
    pub epochs: usize,
    /// First step size.
    pub rate: f32,
    /// In how many documents a feature must occur.
    pub least_documents: usize,
    /// What the pieces of words count together; see [`Weighing::pieces`].
    pub pieces: f32,
    /// What an example of our own counts, where an article counts 1.
    pub examples: f32,
}

impl Effort {
    /// How this head weighs features.
    fn weighing(&self, settings: &Settings) -> Weighing {
        Weighing {
            pieces: self.pieces,
            ..settings.weighing.clone()
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: "untitled".to_owned(),
            weighing: Weighing {
                title: 2.0,
                lead_words: 100,
                tail: 0.5,
                pieces: 0.6,
                words: 600,
            },
            english: Effort {
                features: 160_000,
                epochs: 8,
                rate: 0.15,
                least_documents: 2,
                pieces: 0.6,
                examples: 1.0,
            },
            others: Effort {
                features: 700_000,
                epochs: 8,
                rate: 0.2,
                least_documents: 1,
                pieces: 1.0,
                examples: 1.0,
            },
            finer_words: 20_000,
            vector_scale: 1.5,
            balance: 0.3,
            unknown_weight: 0.2,
            enough_articles: 3000,
            one_in: 1,
        }
    }
}

/// How far training has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Whether this is the head for English.
    pub is_english: bool,
    /// Which part of the documents is left out, from 1; [`FOLDS`] and one more for the fit of all.
    pub fold: usize,
    /// 1 for the fit of all features, 2 for that of the kept ones.
    pub round: usize,
    /// From 1.
    pub epoch: usize,
    /// How many there will be in this round.
    pub epochs: usize,
    /// How many features are fitted.
    pub features: usize,
    /// Mean loss of a document.
    pub loss: f64,
}

/// A model, and what its fits said of the documents they had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The model's file.
    pub bytes: Vec<u8>,
    /// One verdict for each document that is no definition and no example.
    pub held_out: Vec<HeldOut>,
    /// How good the second-level terms are.
    pub finer: FinerFigures,
    /// How good English is with a part of the documents, where that was asked for; see [`curve`].
    pub curve: Vec<Point>,
}

/// What a fit that had not seen a document says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// The document's place among those given.
    pub document: usize,
    /// Topic, calibrated probability and whether it would be published; best first.
    pub scores: Vec<(Arc<str>, f32, bool)>,
}

impl HeldOut {
    /// The scores as a model gives them.
    pub fn scores(&self) -> Vec<Score<'_>> {
        let scores = self.scores.iter();
        scores
            .map(|(topic, probability, published)| Score {
                topic,
                refines: None,
                probability: *probability,
                published: *published,
            })
            .collect()
    }
}

/// Why no model can be trained.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// There is no document to fit or calibrate with.
    #[error("there are no documents to train with")]
    NoDocuments,
    /// More topics than a model may have.
    #[error("the documents have {found} topics, and a model has at most {most}", most = Linear::MOST_TOPICS)]
    TooManyTopics {
        /// How many there are.
        found: usize,
    },
    /// The trained numbers do not make a model.
    #[error("the trained model cannot be written")]
    Model(#[source] FileError),
}

/// Into how many parts the documents are split.
pub const FOLDS: usize = 5;

/// Which part a document belongs to, from 0. Its group decides, and where it has none the text, so that two copies of one
/// text are never parted.
pub fn fold_of(document: &Document) -> usize {
    let number = match &document.group {
        Some(group) => text_number(group, ""),
        None => text_number(&document.title, &document.text),
    };
    (number % FOLDS as u64) as usize
}

/// A number that is the same for all copies of a text.
fn text_number(title: &str, text: &str) -> u64 {
    let letters = title
        .chars()
        .chain(text.chars())
        .filter(|character| character.is_alphanumeric());
    let hash = letters
        .flat_map(char::to_lowercase)
        .take(400)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
            (hash ^ u64::from(letter)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

/// Whether a document is one of those that are learnt from.
fn is_learnt(document: &Document, settings: &Settings) -> bool {
    let place = text_number(&document.title, &document.text) / FOLDS as u64;
    document.always_fit || place.is_multiple_of(settings.one_in.max(1))
}

/// Trains a model; `vectors` may be empty.
///
/// # Errors
/// If there are no documents with topics, too many topics, or the result is no model.
pub fn train(
    documents: &[Document],
    vectors: &Vectors,
    settings: &Settings,
    mut progress: impl FnMut(Progress),
) -> Result<Trained, TrainError> {
    let labelled = documents.iter().enumerate();
    let labelled = labelled.filter(|(_, document)| !document.topics.is_empty());
    let (english, others): (Vec<_>, Vec<_>) =
        labelled.partition(|(_, document)| profile(Some(&document.language)) == ENGLISH);
    let none = Vectors::default();
    let mut heads = Vec::new();
    let mut held_out = Vec::new();
    let mut finer = FinerFigures::default();
    for (language, group, effort) in [(Some("en"), english, settings.english), (None, others, settings.others)] {
        if group.iter().all(|(_, document)| document.always_fit) {
            continue;
        }
        let plan = learn::Plan {
            // The vectors are those of English words.
            vectors: if language.is_some() { vectors } else { &none },
            settings,
            effort,
        };
        let (head, mut scored, figures) = learn::learn(&group, &plan, |step| {
            progress(Progress {
                is_english: language.is_some(),
                ..step
            });
        })?;
        heads.push(Head {
            language: language.map(str::to_owned),
            ..head
        });
        held_out.append(&mut scored);
        // The last head with such terms; so far only English has enough.
        finer = if figures.examples == 0 { finer } else { figures };
    }
    // Where there is one language only, its head speaks for all.
    heads.last_mut().ok_or(TrainError::NoDocuments)?.language = None;
    held_out.sort_by_key(|one| one.document);
    let bytes = file::write(&settings.version, &heads).map_err(TrainError::Model)?;
    Ok(Trained {
        bytes,
        held_out,
        finer,
        curve: Vec::new(),
    })
}
