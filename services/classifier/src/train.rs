//! Trains a linear model from labelled documents.
//!
//! Same documents, same settings, same bytes: nothing here reads a clock, draws a number or runs beside itself. Reading
//! files and choosing which documents a shipped model may learn from is the caller's business.
//!
//! The steps: split by content ([`part_of`]); count features; fit all of them; keep those with the most to say
//! and fit again on these alone; store weights as bytes; calibrate and set thresholds with the stored weights, on
//! documents the fit has not seen.

mod calibrate;
mod fit;
mod quantise;
mod shuffle;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::corpus::EXAMPLES;
use crate::model::file::{self, FileError};
use crate::model::linear::{Parts, Topic};
use crate::model::{Identity, linear::Linear};
use crate::vocabulary::{Vocabulary, Weighing, profile};
use fit::{Effort, Example, Fit, fit};
use std::collections::BTreeMap;

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
    /// Whether it is a definition or an example that must be learnt from whatever [`part_of`] says.
    pub always_fit: bool,
}

/// What a document is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// To fit weights.
    Fit,
    /// To calibrate and to set thresholds.
    Calibrate,
    /// Only to measure.
    Evaluate,
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Written into the model.
    pub version: String,
    /// How features are weighed.
    pub weighing: Weighing,
    /// In how many documents a feature must occur.
    pub least_documents: usize,
    /// How many features the model keeps.
    pub features: usize,
    /// Walks over the documents.
    pub epochs: usize,
    /// First step size.
    pub rate: f32,
    /// Pull of weights towards zero.
    pub decay: f32,
    /// How far rare topics are lifted: 0 not at all, 1 until all topics weigh the same.
    pub balance: f32,
    /// What it counts when a document lacks a topic that its collection never files under; between 0 and 1.
    pub unknown_weight: f32,
    /// With fewer articles than this a topic is not told by its absence either: that weight shrinks in proportion.
    pub enough_articles: usize,
    /// What documents of a collection count, where that is not 1.
    pub source_weights: BTreeMap<String, f32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: "untitled".to_owned(),
            weighing: Weighing {
                title: 2.0,
                lead_words: 100,
                tail: 0.5,
                words: 600,
            },
            least_documents: 2,
            features: 200_000,
            epochs: 8,
            rate: 0.3,
            decay: 1e-5,
            balance: 0.3,
            unknown_weight: 0.2,
            enough_articles: 3000,
            source_weights: [(EXAMPLES.to_owned(), 5.0)].into(),
        }
    }
}

/// How far training has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// Features were counted.
    Counted {
        /// Documents used to fit.
        documents: usize,
        /// Features in enough of them.
        features: usize,
    },
    /// An epoch of a fit is over.
    Epoch {
        /// 1 for the fit of all features, 2 for that of the kept ones.
        round: usize,
        /// From 1.
        epoch: usize,
        /// How many there will be in this round.
        epochs: usize,
        /// Mean loss of a document.
        loss: f64,
    },
    /// Scores were calibrated.
    Calibrated {
        /// Documents used to calibrate.
        documents: usize,
    },
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

/// Which use a document is put to: of a hundred documents about 84 fit, 8 calibrate, 8 evaluate. The text decides, so
/// that two copies of one text are never on both sides.
pub fn part_of(title: &str, text: &str) -> Use {
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
    match (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32 {
        upper if upper % 100 < 8 => Use::Evaluate,
        upper if upper % 100 < 16 => Use::Calibrate,
        _ => Use::Fit,
    }
}

/// Trains a model and gives the bytes of its file. Documents that [`part_of`] keeps for evaluation are not looked at.
///
/// # Errors
/// If there are no documents, too many topics, or the result is no model.
pub fn train(
    documents: &[Document],
    settings: &Settings,
    mut progress: impl FnMut(Progress),
) -> Result<Vec<u8>, TrainError> {
    let fitted: Vec<&Document> = documents.iter().filter(|document| is_for(document, Use::Fit)).collect();
    let calibrated: Vec<&Document> = documents
        .iter()
        .filter(|document| is_for(document, Use::Calibrate))
        .collect();
    if fitted.is_empty() || calibrated.is_empty() {
        return Err(TrainError::NoDocuments);
    }
    let labels = Labels::new(&fitted)?;

    let counted = vocabulary::count(&fitted, settings);
    progress(Progress::Counted {
        documents: fitted.len(),
        features: counted.len(),
    });
    let effort = Effort {
        epochs: settings.epochs,
        rate: settings.rate,
        decay: settings.decay,
        unknown: labels.unknown_weights(settings),
    };
    let epochs = settings.epochs;
    let mut round = |round, vocabulary: &Vocabulary| {
        let examples = labels.examples(&fitted, vocabulary, settings);
        fit(
            &examples,
            vocabulary.len(),
            labels.topics.len(),
            &effort,
            |epoch, loss| {
                progress(Progress::Epoch {
                    round,
                    epoch,
                    epochs,
                    loss,
                });
            },
        )
    };
    let first = round(1, &counted);
    let kept = vocabulary::strongest(&counted, &first, settings.features);
    let second = round(2, &kept);

    let uncalibrated = parts(&labels, kept, &second, settings);
    let parts = calibrate::calibrate(uncalibrated, &calibrated, &labels, settings);
    progress(Progress::Calibrated {
        documents: calibrated.len(),
    });
    file::write(&settings.version, &parts).map_err(TrainError::Model)
}

/// True for a document with topics that serves this part of the training.
fn is_for(document: &Document, part: Use) -> bool {
    let own = if document.always_fit {
        Use::Fit
    } else {
        part_of(&document.title, &document.text)
    };
    !document.topics.is_empty() && own == part
}

/// The topics of all documents, and which of them each collection files under.
struct Labels {
    /// Ascending.
    topics: Vec<String>,
    counts: Vec<usize>,
    /// Without definitions and examples.
    articles: Vec<usize>,
    sources: BTreeMap<String, u32>,
    documents: usize,
}

impl Labels {
    fn new(documents: &[&Document]) -> Result<Self, TrainError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for topic in documents.iter().flat_map(|document| &document.topics) {
            *counts.entry(topic).or_default() += 1;
        }
        if Linear::MOST_TOPICS < counts.len() {
            return Err(TrainError::TooManyTopics { found: counts.len() });
        }
        let topics_len = counts.len();
        let topics = counts.keys().map(|topic| (*topic).to_owned()).collect();
        let counts = counts.into_values().collect();
        let articles = vec![0; topics_len];
        let mut labels = Self {
            topics,
            counts,
            articles,
            sources: BTreeMap::new(),
            documents: documents.len(),
        };
        for document in documents {
            let bits = labels.bits(document);
            for (topic, articles) in labels.articles.iter_mut().enumerate() {
                *articles += usize::from(!document.always_fit && bits >> topic & 1 == 1);
            }
            *labels.sources.entry(document.source.clone()).or_default() |= bits;
        }
        Ok(labels)
    }

    fn bits(&self, document: &Document) -> u32 {
        let numbers = document
            .topics
            .iter()
            .filter_map(|topic| self.topics.binary_search(topic).ok());
        numbers.fold(0, |bits, number| bits | 1 << number)
    }

    /// For each topic, what its absence counts where a collection never files under it.
    fn unknown_weights(&self, settings: &Settings) -> Vec<f32> {
        let share = |articles: &usize| (*articles as f32 / settings.enough_articles.max(1) as f32).min(1.0);
        self.articles
            .iter()
            .map(|articles| settings.unknown_weight * share(articles))
            .collect()
    }

    fn known(&self, document: &Document) -> u32 {
        self.sources.get(&document.source).copied().unwrap_or(u32::MAX)
    }

    /// The weight that lifts documents of rare topics.
    fn balance(&self, document: &Document, settings: &Settings) -> f32 {
        let number = document
            .topics
            .first()
            .and_then(|topic| self.topics.binary_search(topic).ok());
        let count = number.and_then(|number| self.counts.get(number)).copied().unwrap_or(1);
        let even = self.documents as f32 / self.topics.len() as f32;
        let source = settings.source_weights.get(&document.source).copied().unwrap_or(1.0);
        source * (even / count as f32).powf(settings.balance)
    }

    fn examples(&self, documents: &[&Document], vocabulary: &Vocabulary, settings: &Settings) -> Vec<Example> {
        let example = |document: &&Document| Example {
            entries: vector(document, vocabulary, settings),
            topics: self.bits(document),
            known: self.known(document),
            weight: self.balance(document, settings),
        };
        documents.iter().map(example).collect()
    }
}

fn vector(document: &Document, vocabulary: &Vocabulary, settings: &Settings) -> Vec<crate::vocabulary::Entry> {
    let profile = profile(Some(&document.language));
    vocabulary
        .vector(&document.title, &document.text, profile, &settings.weighing)
        .entries
}

/// The model before calibration: its probabilities are the plain logistic ones.
fn parts(labels: &Labels, vocabulary: Vocabulary, fit: &Fit, settings: &Settings) -> Parts {
    let (weights, scales) = quantise::quantise(fit, labels.topics.len());
    let topics = labels
        .topics
        .iter()
        .zip(&fit.bias)
        .zip(scales)
        .map(|((id, bias), scale)| Topic {
            id: id.clone(),
            bias: *bias,
            scale,
            calibration: calibrate::IDENTITY,
            threshold: 0.5,
        });
    Parts {
        topics: topics.collect(),
        vocabulary,
        weights,
        weighing: settings.weighing.clone(),
    }
}

/// The identity of a model that is not yet a file.
fn unnamed() -> Identity {
    Identity {
        version: String::new(),
        hash: String::new(),
    }
}
