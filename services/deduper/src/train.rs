//! Learns the verifier's weights from labelled streams.
//!
//! Deterministic: Newton's method on a ridge-penalised logistic regression, no sampling and no randomness.

use crate::deduper::{Article, Config, Deduper};
use crate::memory::Memory;
use crate::verifier::{FEATURES, Features, features, sigmoid};

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

/// An article of a labelled stream.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// The article.
    pub article: Article<'a>,
    /// The cluster it belongs to.
    pub cluster: &'a str,
    /// When it entered, milliseconds since 1970.
    pub entered: i64,
}

/// Runs a stream with the right clusters and collects all pairs that the verifier would be asked about. `ignored`
/// tells the pairs that are neither right nor wrong.
pub fn collect(stream: &[Labelled<'_>], ignored: impl Fn(&str, &str) -> bool) -> Vec<Example> {
    let mut deduper = Deduper::new(Config {
        threshold: f32::INFINITY,
        ..Config::default()
    });
    let mut examples = Vec::new();
    let mut firsts = std::collections::BTreeMap::<&str, &str>::new();
    let clusters: std::collections::BTreeMap<&str, &str> = stream.iter().map(|l| (l.article.id, l.cluster)).collect();
    for labelled in stream {
        let Some(Memory::Remember(mut remembered)) = deduper.decide(&labelled.article, labelled.entered).memory else {
            continue;
        };
        for found in deduper.matches(&remembered, labelled.entered) {
            let candidate = &found.remembered.id;
            if ignored(&remembered.id, candidate) {
                continue;
            }
            let copy = clusters.get(candidate.as_str()) == Some(&labelled.cluster);
            examples.push(Example {
                features: features(&found.pair),
                article: remembered.id.clone(),
                candidate: candidate.clone(),
                copy,
                weight: 1.0,
            });
        }
        remembered.cluster = (*firsts.entry(labelled.cluster).or_insert(labelled.article.id)).to_owned();
        deduper.apply(&Memory::Remember(remembered));
        for change in deduper.due(labelled.entered) {
            deduper.apply(&change);
        }
    }
    examples
}

/// Fits weights to examples, with an L2 penalty.
#[must_use]
pub fn fit(examples: &[Example], penalty: f64) -> Vec<f32> {
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
    weights
        .iter()
        .zip(&scale)
        .map(|(weight, scale)| (weight / scale) as f32)
        .collect()
}

/// The score of an example under given weights.
#[must_use]
pub fn score(example: &Example, weights: &[f32]) -> f32 {
    sigmoid(
        example
            .features
            .iter()
            .zip(weights)
            .map(|(value, weight)| value * weight)
            .sum(),
    )
}

/// Names of the features, in the order of the weights.
#[must_use]
pub fn feature_names() -> Vec<String> {
    crate::verifier::names()
}

/// The values of an example's features.
#[must_use]
pub fn feature_values(example: &Example) -> &[f32] {
    &example.features
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
