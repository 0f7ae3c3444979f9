//! Stores weights as small whole numbers.

use super::fit::Fit;

/// How many steps the weights of a topic take from zero. A weight needs no more to do its work, and few different numbers
/// pack well: the room goes to more features, which is worth more than exact weights.
const STEPS: f32 = 16.0;
/// Which weight, counted by size, takes all steps; those larger take more, up to what a byte holds. Without the cut one
/// outlier would take the resolution from all others.
const FULL_SHARE: f64 = 0.9999;

/// The weights of the first `topics` columns as bytes, row by row, and what one step is worth for each topic.
pub(super) fn quantise(fit: &Fit, topics: usize) -> (Vec<i8>, Vec<f32>) {
    let scales: Vec<f32> = (0..topics).map(|topic| full(fit, topic) / STEPS).collect();
    let mut bytes = Vec::with_capacity(fit.weights.len() / fit.stride.max(1) * topics);
    for row in fit.weights.chunks_exact(fit.stride) {
        let steps = row
            .iter()
            .zip(&scales)
            .map(|(weight, scale)| (weight / scale).round().clamp(-127.0, 127.0) as i8);
        bytes.extend(steps);
    }
    (bytes, scales)
}

fn full(fit: &Fit, topic: usize) -> f32 {
    let mut sizes: Vec<f32> = fit
        .weights
        .iter()
        .skip(topic)
        .step_by(fit.stride)
        .map(|weight| weight.abs())
        .collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let at = (sizes.len() as f64 * FULL_SHARE) as usize;
    sizes
        .get(at.min(sizes.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0.0)
        .max(1e-6)
}

#[cfg(test)]
mod tests {
    use super::{Fit, quantise};

    #[test]
    fn stored_weights_are_within_half_a_step() {
        let weights = vec![0.5, -2.0, 0.0, 0.25, 1.0, 0.0, -0.1, 0.3, 0.0];
        let fit = Fit {
            weights: weights.clone(),
            bias: vec![0.0; 3],
            stride: 3,
        };
        let (bytes, scales) = quantise(&fit, 2);
        assert_eq!(bytes.len(), 6);
        for (row, stored) in weights.chunks(3).zip(bytes.chunks(2)) {
            for ((weight, byte), scale) in row.iter().zip(stored).zip(&scales) {
                assert!((weight - f32::from(*byte) * scale).abs() <= scale / 2.0 + 1e-6);
            }
        }
    }
}
