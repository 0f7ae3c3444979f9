//! From log-odds that are only an order to probabilities that can be believed.
//!
//! Platt's scaling (1999) with one more term. A topic's own log-odds are too low in a language or a length of text that
//! the fit saw little of, and so are those of its rivals; how far a topic stands above its rivals says more. With a
//! slope of 1 and a rival slope of -1 this is the softmax; with a rival slope of 0, Platt's scaling. The data decide in
//! between.

use serde::{Deserialize, Serialize};

/// The probability is the logistic function of `slope × logit + rival × rivals + intercept`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What the topic's own log-odds count.
    pub slope: f64,
    /// What the log of the sum of the rivals' odds counts; negative.
    pub rival: f64,
    /// Shifts all scores of the topic.
    pub intercept: f64,
}

/// What a calibration learns from: one topic of one document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The topic's log-odds.
    pub logit: f32,
    /// The log of the sum of the other topics' odds.
    pub rivals: f32,
    /// What the observation counts.
    pub weight: f32,
    /// Whether the document has the topic.
    pub truth: bool,
}

/// For each log-odds the log of the sum of the odds of all others.
pub fn rivals(logits: &[f32]) -> impl Iterator<Item = f32> {
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - top).exp()).sum();
    // The floor keeps a topic without rivals finite.
    logits
        .iter()
        .map(move |logit| top + (sum - (logit - top).exp()).max(1e-7).ln())
}

impl Calibration {
    /// The probability for a topic's log-odds and those of its rivals.
    pub fn probability(&self, logit: f32, rivals: f32) -> f32 {
        self.exact(f64::from(logit), f64::from(rivals)) as f32
    }

    fn exact(&self, logit: f64, rivals: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * logit + self.rival * rivals + self.intercept)).exp())
    }

    /// Fits to observations by Newton's method, pulled towards `prior` as if by `pull` more observations: a topic with
    /// three examples should not get a scale of its own.
    pub fn fit(observations: &[Observation], prior: Self, pull: f64) -> Self {
        let mut found = prior;
        for _ in 0..100 {
            let apart = [
                found.slope - prior.slope,
                found.rival - prior.rival,
                found.intercept - prior.intercept,
            ];
            let mut gradient = apart.map(|difference| pull * difference);
            let mut curvature = [[pull, 0.0, 0.0], [0.0, pull, 0.0], [0.0, 0.0, pull]];
            for seen in observations {
                let inputs = [f64::from(seen.logit), f64::from(seen.rivals), 1.0];
                let probability = found.exact(inputs[0], inputs[1]);
                let error = (probability - f64::from(u8::from(seen.truth))) * f64::from(seen.weight);
                let spread = (probability * (1.0 - probability)).max(1e-9) * f64::from(seen.weight);
                for (row, first) in inputs.iter().enumerate() {
                    gradient[row] += error * first;
                    for (column, second) in inputs.iter().enumerate() {
                        curvature[row][column] += spread * first * second;
                    }
                }
            }
            // Far from the answer Newton's step overshoots; a bounded step always comes home.
            let step = solve(curvature, gradient).map(|step| step.clamp(-0.5, 0.5));
            found.slope = (found.slope - step[0]).clamp(0.05, 10.0);
            found.rival = (found.rival - step[1]).clamp(-10.0, 0.0);
            found.intercept = (found.intercept - step[2]).clamp(-20.0, 20.0);
            if step.iter().map(|part| part.abs()).sum::<f64>() < 1e-9 {
                break;
            }
        }
        found
    }
}

/// Solves three linear equations by elimination; the matrix is symmetric and, thanks to the pull, positive definite,
/// so no rows need to be exchanged.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        let pivot_row = matrix[pivot];
        for row in pivot + 1..3 {
            let factor = matrix[row][pivot] / pivot_row[pivot];
            for (value, above) in matrix[row].iter_mut().zip(pivot_row) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut solution = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = matrix[row]
            .iter()
            .zip(solution)
            .skip(row + 1)
            .map(|(factor, value)| factor * value)
            .sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution.map(|part| if part.is_finite() { part } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::{Calibration, Observation, rivals};

    const NONE: Calibration = Calibration {
        slope: 1.0,
        rival: 0.0,
        intercept: 0.0,
    };

    /// A grid of log-odds, each with a thousand documents of which the share with the topic is what `truth` says.
    fn observations(truth: Calibration) -> Vec<Observation> {
        let grid = |from: i16, to: i16| (from..=to).map(|step| f32::from(step) / 2.0);
        let mut seen = Vec::new();
        for logit in grid(-8, 8) {
            for rivals in grid(-6, 6) {
                let share = truth.probability(logit, rivals);
                seen.push(Observation {
                    logit,
                    rivals,
                    weight: 1000.0 * share,
                    truth: true,
                });
                seen.push(Observation {
                    logit,
                    rivals,
                    weight: 1000.0 * (1.0 - share),
                    truth: false,
                });
            }
        }
        seen
    }

    #[test]
    fn finds_the_scale_that_made_the_observations() {
        let truths = [
            NONE,
            Calibration {
                slope: 0.4,
                rival: -0.3,
                intercept: -1.0,
            },
            Calibration {
                slope: 2.0,
                rival: -1.0,
                intercept: 0.5,
            },
        ];
        for truth in truths {
            let found = Calibration::fit(&observations(truth), NONE, 1.0);
            assert!((found.slope - truth.slope).abs() < 0.02, "{found:?} for {truth:?}");
            assert!((found.rival - truth.rival).abs() < 0.02, "{found:?} for {truth:?}");
            assert!(
                (found.intercept - truth.intercept).abs() < 0.02,
                "{found:?} for {truth:?}"
            );
        }
    }

    #[test]
    fn keeps_to_the_prior_without_observations() {
        let prior = Calibration {
            slope: 0.7,
            rival: -0.5,
            intercept: 0.2,
        };
        assert_eq!(Calibration::fit(&[], prior, 5.0), prior);
    }

    #[test]
    fn stays_finite_when_one_side_is_all_there_is() {
        let seen = [9.0, 8.0].map(|logit| Observation {
            logit,
            rivals: -3.0,
            weight: 1.0,
            truth: true,
        });
        let found = Calibration::fit(&seen, NONE, 1.0);
        assert!(found.slope.is_finite() && found.rival.is_finite() && found.intercept.is_finite());
    }

    #[test]
    fn rivals_are_all_others_together() {
        let found: Vec<f32> = rivals(&[0.0, 2.0_f32.ln(), 3.0_f32.ln()]).collect();
        for (found, odds) in found.iter().zip([5.0_f32, 4.0, 3.0]) {
            assert!((found - odds.ln()).abs() < 1e-5, "{found}");
        }
        assert!(rivals(&[50.0, -50.0]).chain(rivals(&[1.0])).all(f32::is_finite));
    }
}
