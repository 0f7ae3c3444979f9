//! Learns the verifier's weights from labelled streams.
//!
//! Deterministic: Newton's method on a ridge-penalised logistic regression; what is made up follows from fixed seeds.
//! The steps are: make up copies and traps out of the streams' own articles ([`run`] says which), collect the pairs
//! that the verifier would be asked about, fit, and measure on halves that were not learned from.

use std::collections::{BTreeMap, BTreeSet};

use crate::deduper::{Article, Config, Deduper};
use crate::memory::Memory;
use crate::verifier::{FEATURES, Features, Weights, features};

mod dice;
mod edits;
pub mod figures;
mod made;
pub mod run;
mod text;
mod traps;

/// An article of a labelled stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Where it is from.
    pub source: String,
    /// Its URL, or empty.
    pub url: String,
    /// The headline.
    pub title: String,
    /// The text, paragraphs parted by a blank line.
    pub text: String,
    /// When it was published, milliseconds since 1970.
    pub published: i64,
    /// The cluster that it belongs to.
    pub cluster: String,
}

/// Articles in the order of their arrival, with the clusters that they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stream {
    /// Its name in figures.
    pub name: String,
    /// The articles.
    pub documents: Vec<Document>,
    /// Pairs of ids, in both orders, that are neither right nor wrong.
    pub ignored: BTreeSet<(String, String)>,
    /// Its copies are made up, so no more are made of it.
    pub is_made: bool,
}

/// A labelled pair.
#[derive(Debug, Clone)]
pub struct Example {
    features: Features,
    /// The newer article.
    pub article: String,
    /// The remembered article.
    pub candidate: String,
    /// Whether it is a copy.
    pub copy: bool,
    /// How much it counts.
    pub weight: f32,
}

/// An article with what the deduper is told of it.
struct Labelled<'a> {
    article: Article<'a>,
    cluster: &'a str,
    /// When it entered, milliseconds since 1970.
    entered: i64,
}

impl Stream {
    /// The articles as they enter: at their own time, or when an earlier one of a later time had entered.
    fn labelled(&self) -> impl Iterator<Item = Labelled<'_>> {
        let mut newest = i64::MIN;
        self.documents.iter().map(move |document| {
            newest = newest.max(document.published);
            Labelled {
                article: Article {
                    id: &document.id,
                    fetch_id: &document.id,
                    source: &document.source,
                    url: &document.url,
                    title: &document.title,
                    text: &document.text,
                    published: Some(document.published),
                },
                cluster: &document.cluster,
                entered: newest,
            }
        })
    }

    /// The articles of one half by arrival (0 or 1) that have no copies.
    fn lone(&self, half: usize) -> impl Iterator<Item = &Document> {
        let mut sizes = BTreeMap::<&str, usize>::new();
        for document in &self.documents {
            *sizes.entry(&document.cluster).or_default() += 1;
        }
        let all = self.documents.len().max(1);
        let numbered = self.documents.iter().enumerate();
        numbered
            .filter(move |(at, document)| 2 * at / all == half && sizes[document.cluster.as_str()] == 1)
            .map(|(_, document)| document)
    }

    /// The stream without some of its articles.
    fn part(&self, is_in: impl Fn(&Document) -> bool) -> Self {
        Self {
            documents: self
                .documents
                .iter()
                .filter(|document| is_in(document))
                .cloned()
                .collect(),
            ..self.clone()
        }
    }
}

/// Runs a stream with the right clusters and collects all pairs that the verifier would be asked about; counts the
/// articles that have an earlier copy in the window, and those for which one of them was a candidate.
fn collect_from(stream: &Stream) -> (Vec<Example>, (usize, usize)) {
    let mut deduper = Deduper::new(Config {
        threshold: f32::INFINITY,
        ..Config::default()
    });
    let mut examples: Vec<Example> = Vec::new();
    let mut firsts = BTreeMap::<&str, &str>::new();
    let (mut copies, mut reached) = (0, 0);
    let clusters: BTreeMap<&str, &str> = stream.labelled().map(|one| (one.article.id, one.cluster)).collect();
    for labelled in stream.labelled() {
        let Some(Memory::Remember(mut remembered)) = deduper.decide(&labelled.article, labelled.entered).memory else {
            continue;
        };
        let mut is_reached = false;
        let (sketched, hashes) = deduper.sketched(&labelled.article, labelled.entered);
        for found in deduper.matches(&sketched, &hashes, labelled.entered) {
            let candidate = found.kept.id.text();
            let copy = clusters.get(candidate.as_str()) == Some(&labelled.cluster);
            is_reached |= copy;
            if stream.ignored.contains(&(remembered.id.clone(), candidate.clone())) {
                continue;
            }
            examples.push(Example {
                features: features(&found.pair),
                article: remembered.id.clone(),
                candidate,
                copy,
                weight: 1.0,
            });
        }
        let has_copy = firsts
            .get(labelled.cluster)
            .is_some_and(|first| deduper.remembers(first));
        copies += usize::from(has_copy);
        reached += usize::from(has_copy && is_reached);
        remembered.cluster = (*firsts.entry(labelled.cluster).or_insert(labelled.article.id)).to_owned();
        deduper.apply(&Memory::Remember(remembered));
        for change in deduper.due(labelled.entered) {
            deduper.apply(&change);
        }
    }
    (examples, (copies, reached))
}

/// Fits weights to examples, with an L2 penalty.
fn fit(examples: &[Example], penalty: f64) -> Weights {
    let scale = scales(examples);
    let mut weights = [0.0f64; FEATURES];
    for _ in 0..30 {
        let (gradient, hessian) = derivatives(examples, &scale, &weights, penalty);
        let step = solve(hessian, gradient);
        let size = step.iter().map(|part| part.abs()).fold(0.0, f64::max);
        // Newton's steps overshoot when classes part well; a bounded step always goes down.
        let factor = if size > 2.0 { 2.0 / size } else { 1.0 };
        weights
            .iter_mut()
            .zip(&step)
            .for_each(|(weight, part)| *weight -= factor * part);
        if size < 1e-6 {
            break;
        }
    }
    let mut unscaled = Box::new([0.0; FEATURES]);
    for (place, (weight, scale)) in unscaled.iter_mut().zip(weights.iter().zip(&scale)) {
        *place = (weight / scale) as f32;
    }
    Weights::of(unscaled)
}

fn scales(examples: &[Example]) -> [f64; FEATURES] {
    let mut scales = [1.0; FEATURES];
    let count = examples.len().max(1) as f64;
    for (at, scale) in scales.iter_mut().enumerate().skip(1) {
        let values = || examples.iter().map(|example| f64::from(example.features[at]));
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        *scale = variance.sqrt().max(1e-3);
    }
    scales
}

type Matrix = [[f64; FEATURES]; FEATURES];

fn derivatives(
    examples: &[Example],
    scale: &[f64; FEATURES],
    weights: &[f64; FEATURES],
    penalty: f64,
) -> ([f64; FEATURES], Box<Matrix>) {
    let mut gradient = [0.0; FEATURES];
    let mut hessian = Box::new([[0.0; FEATURES]; FEATURES]);
    for at in 0..FEATURES {
        let penalty = if at == 0 { 1e-6 } else { penalty };
        gradient[at] = penalty * weights[at];
        hessian[at][at] = penalty;
    }
    for example in examples {
        let mut values = [0.0; FEATURES];
        for at in 0..FEATURES {
            values[at] = f64::from(example.features[at]) / scale[at];
        }
        let sum: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        let probability = 1.0 / (1.0 + (-sum).exp());
        let error = (probability - f64::from(u8::from(example.copy))) * f64::from(example.weight);
        let curve = (probability * (1.0 - probability)).max(1e-6) * f64::from(example.weight);
        for row in 0..FEATURES {
            gradient[row] += error * values[row];
            for column in 0..=row {
                hessian[row][column] += curve * values[row] * values[column];
            }
        }
    }
    for row in 0..FEATURES {
        for column in 0..row {
            hessian[column][row] = hessian[row][column];
        }
    }
    (gradient, hessian)
}

/// Solves `matrix · x = right` by Gaussian elimination; the matrix is positive definite, so no pivoting is needed.
fn solve(mut matrix: Box<Matrix>, mut right: [f64; FEATURES]) -> [f64; FEATURES] {
    for pivot in 0..FEATURES {
        for row in pivot + 1..FEATURES {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            for column in pivot..FEATURES {
                matrix[row][column] -= factor * matrix[pivot][column];
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..FEATURES).rev() {
        for column in row + 1..FEATURES {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
}
