//! Fits one logistic regression per topic.
//!
//! All topics are fitted in one walk over the documents with AdaGrad (Duchi, Hazan and Singer, 2011), a step size per
//! weight that shrinks with the gradients seen: rare words keep learning when frequent ones have settled. Weights of
//! one feature lie side by side, so one cache line serves all topics.

use super::shuffle::Shuffle;
use crate::vocabulary::Entry;

/// A document as the fit sees it.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) entries: Vec<Entry>,
    /// The topics it has, as bits.
    pub(super) topics: u128,
    /// The topics whose absence is evidence, as bits. A source that has no section for the weather says nothing about
    /// the weather when it files a storm elsewhere.
    pub(super) known: u128,
    pub(super) weight: f32,
}

/// Weights of all features for all topics, a row per feature.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
    /// Row length: the number of topics rounded up, so that rows are whole vector registers.
    pub(super) stride: usize,
}

/// How long and how hard to fit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    pub(super) epochs: usize,
    pub(super) rate: f32,
    /// For each topic, what its absence counts where it is no evidence.
    pub(super) unknown: Vec<f32>,
}

/// Fits `topics` regressions over `features` features. `progress` is told after each epoch: its number and the mean
/// loss.
pub(super) fn fit(
    examples: &[Example],
    features: usize,
    topics: usize,
    steps: &Steps,
    mut progress: impl FnMut(usize, f64),
) -> Fit {
    let stride = topics.div_ceil(8) * 8;
    let mut fit = Fit {
        weights: vec![0.0; features * stride],
        bias: vec![0.0; stride],
        stride,
    };
    let mut squares = vec![1e-6_f32; features * stride];
    let mut bias_squares = vec![1e-6_f32; stride];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut shuffle = Shuffle::new(0x5eed);
    let mut logits = vec![0.0_f32; stride];
    for epoch in 1..=steps.epochs {
        shuffle.apply(&mut order);
        let mut loss = 0.0;
        let rate = steps.rate * (1.0 - 0.9 * (epoch - 1) as f32 / steps.epochs as f32);
        for example in order.iter().filter_map(|index| examples.get(*index)) {
            fit.logits(&example.entries, &mut logits);
            loss += gradients(example, &steps.unknown, &mut logits);
            for entry in &example.entries {
                let row = entry.index as usize * stride..(entry.index as usize + 1) * stride;
                let (Some(weights), Some(squares)) = (fit.weights.get_mut(row.clone()), squares.get_mut(row)) else {
                    continue;
                };
                step(weights, squares, &logits, entry.value, rate);
            }
            step(&mut fit.bias, &mut bias_squares, &logits, 1.0, rate * 0.1);
        }
        progress(epoch, loss / examples.len().max(1) as f64);
    }
    fit
}

impl Fit {
    /// The weights of a feature, padding included.
    pub(super) fn row(&self, feature: usize) -> &[f32] {
        let start = feature * self.stride;
        self.weights.get(start..start + self.stride).unwrap_or(&[])
    }

    pub(super) fn logits(&self, entries: &[Entry], logits: &mut [f32]) {
        logits.copy_from_slice(&self.bias);
        for entry in entries {
            let start = entry.index as usize * self.stride;
            if let Some(row) = self.weights.get(start..start + self.stride) {
                for (logit, weight) in logits.iter_mut().zip(row) {
                    *logit += entry.value * weight;
                }
            }
        }
    }
}

/// Turns logits into the gradients of the loss, in place, and returns the loss.
fn gradients(example: &Example, unknown: &[f32], logits: &mut [f32]) -> f64 {
    let mut loss = 0.0;
    for (topic, (slot, unknown)) in logits.iter_mut().zip(unknown).enumerate() {
        let weight = if example.known >> topic & 1 == 1 {
            example.weight
        } else {
            example.weight * unknown
        };
        let probability = 1.0 / (1.0 + (-*slot).exp());
        let truth = (example.topics >> topic & 1) as f32;
        let right = if 0.5 < truth { probability } else { 1.0 - probability };
        loss -= f64::from(right.max(1e-7).ln() * weight);
        *slot = (probability - truth) * weight;
    }
    if let Some(padding) = logits.get_mut(unknown.len()..) {
        padding.fill(0.0);
    }
    loss
}

fn step(weights: &mut [f32], squares: &mut [f32], gradients: &[f32], value: f32, rate: f32) {
    for ((weight, square), gradient) in weights.iter_mut().zip(squares).zip(gradients) {
        let slope = gradient * value;
        *square += slope * slope;
        *weight -= rate * slope / square.sqrt();
    }
}
