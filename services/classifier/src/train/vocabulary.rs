//! Chooses the features that a model knows.

use super::Document;
use super::fit::Fit;
use super::learn::Plan;
use crate::vocabulary::{Vocabulary, each_feature, profile};
use std::collections::BTreeMap;

/// All features that occur in enough documents, and all words that have a vector.
pub(super) fn count(documents: &[&Document], plan: &Plan<'_>) -> Vocabulary {
    let weighing = plan.effort.weighing(plan.settings);
    let mut all: Vec<u32> = Vec::new();
    let mut own: Vec<u32> = Vec::new();
    for document in documents {
        let profile = profile(Some(&document.language));
        own.clear();
        each_feature(&document.title, &document.text, profile, &weighing, |_, feature, _| {
            own.push(feature.hash);
        });
        own.sort_unstable();
        own.dedup();
        all.extend(&own);
    }
    all.sort_unstable();
    let frequent = all
        .chunk_by(|first, second| first == second)
        .filter(|run| plan.effort.least_documents <= run.len());
    let mut occurrences: BTreeMap<u32, usize> = plan.vectors.hashes().map(|hash| (hash, 0)).collect();
    occurrences.extend(frequent.filter_map(|run| Some((*run.first()?, run.len()))));
    let (keys, rarity) = occurrences
        .into_iter()
        .map(|(key, count)| (key, rarity(count, documents.len())))
        .unzip();
    Vocabulary::new(keys, rarity).unwrap_or_default()
}

/// The smoothed inverse document frequency, in sixteenths.
fn rarity(occurrences: usize, documents: usize) -> u8 {
    let frequency = (documents as f32 / occurrences.max(1) as f32).ln() + 1.0;
    (frequency * 16.0).round().clamp(1.0, 255.0) as u8
}

/// The `most` features that decide the most: their weights, times what the feature counts in an article, times how often
/// it is met (damped, because what is met often is known to be so from many articles).
pub(super) fn strongest(vocabulary: &Vocabulary, fit: &Fit, most: usize) -> Vocabulary {
    let strength = |row: &[f32], rarity: u8| {
        let norm = row.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        let rarity = f32::from(rarity) / 16.0;
        norm * rarity * (-rarity / 4.0).exp()
    };
    let rows = fit
        .weights
        .chunks_exact(fit.stride)
        .zip(vocabulary.keys().iter().zip(vocabulary.rarity()));
    let mut ranked: Vec<(f32, u32, u8)> = rows
        .map(|(row, (key, rarity))| (strength(row, *rarity), *key, *rarity))
        .collect();
    ranked.sort_by(|first, second| second.0.total_cmp(&first.0).then(first.1.cmp(&second.1)));
    ranked.truncate(most);
    ranked.sort_unstable_by_key(|(_, key, _)| *key);
    let (keys, rarity) = ranked.into_iter().map(|(_, key, rarity)| (key, rarity)).unzip();
    Vocabulary::new(keys, rarity).unwrap_or_default()
}
