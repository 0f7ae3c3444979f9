//! Turns log-odds into probabilities and sets the thresholds, on documents that the fit has not seen.

use super::labels::Labels;
use super::{Document, Settings};
use crate::model::calibration::{Calibration, Observation, rivals};
use crate::model::linear::Head;

/// What a fit that had not seen a document says of it.
pub(super) struct Scored {
    /// The document's place.
    pub(super) document: usize,
    /// Whether a single feature of it is known.
    pub(super) is_known: bool,
    /// The log-odds of each topic.
    pub(super) logits: Vec<f32>,
}

/// Log-odds as they are.
pub(super) const IDENTITY: Calibration = Calibration {
    slope: 1.0,
    rival: 0.0,
    intercept: 0.0,
};
/// How many observations the scale common to all topics stands for, in a topic's own scale.
const PULL: f64 = 10.0;
/// Thresholds stay between these: below, a topic would be published that is probably wrong; above, a topic would be
/// held back that is probably right.
const THRESHOLDS: (f32, f32) = (0.30, 0.60);
/// With fewer documents than this a topic's best threshold is chance.
const LEAST_DOCUMENTS: usize = 30;

/// Gives each topic of `head` its calibration and its threshold.
pub(super) fn calibrate(
    head: &mut Head,
    scored: &[Scored],
    documents: &[&Document],
    labels: &Labels,
    settings: &Settings,
) {
    let mut observations: Vec<Vec<Observation>> = vec![Vec::new(); labels.topics.len()];
    let unknown = labels.unknown_weights(settings);
    for Scored { document, logits, .. } in scored {
        let document = documents[*document];
        let (has, known) = (labels.bits(document), labels.known(document));
        for (topic, (rivals, seen)) in rivals(logits).zip(&mut observations).enumerate() {
            let weight = if known >> topic & 1 == 1 { 1.0 } else { unknown[topic] };
            seen.push(Observation {
                logit: logits[topic],
                rivals,
                weight,
                truth: has >> topic & 1 == 1,
            });
        }
    }
    let all: Vec<Observation> = observations.iter().flatten().copied().collect();
    let common = Calibration::fit(&all, IDENTITY, 1.0);
    for (topic, seen) in head.topics.iter_mut().zip(&observations) {
        topic.calibration = Calibration::fit(seen, common, PULL);
        topic.threshold = threshold(seen, topic.calibration);
    }
}

/// The threshold with the best F1, within bounds.
fn threshold(seen: &[Observation], calibration: Calibration) -> f32 {
    let (least, most) = THRESHOLDS;
    let positives = seen.iter().filter(|one| one.truth).count();
    if positives < LEAST_DOCUMENTS {
        return 0.5;
    }
    let candidates = (0..=30_u8).map(|step| least + (most - least) * f32::from(step) / 30.0);
    let scored = candidates.map(|threshold| {
        let passed = seen
            .iter()
            .filter(|one| threshold <= calibration.probability(one.logit, one.rivals));
        let (right, all) = passed.fold((0.0_f32, 0.0_f32), |(right, all), one| {
            (right + one.weight * f32::from(u8::from(one.truth)), all + one.weight)
        });
        (2.0 * right / (all + positives as f32), threshold)
    });
    scored
        .max_by(|first, second| first.0.total_cmp(&second.0))
        .map_or(0.5, |(_, threshold)| threshold)
}
