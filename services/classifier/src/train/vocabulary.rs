//! Chooses the features that a model knows.

use super::fit::Fit;
use super::{Document, Settings};
use crate::vocabulary::{Vocabulary, each_feature, profile};

/// All features that occur in enough documents.
pub(super) fn count(documents: &[&Document], settings: &Settings) -> Vocabulary {
    let mut all: Vec<u32> = Vec::new();
    let mut own: Vec<u32> = Vec::new();
    for document in documents {
        let profile = profile(Some(&document.language));
        own.clear();
        each_feature(
            &document.title,
            &document.text,
            profile,
            &settings.weighing,
            |_, feature, _| {
                own.push(feature.hash);
            },
        );
        own.sort_unstable();
        own.dedup();
        all.extend(&own);
    }
    all.sort_unstable();
    let frequent = all
        .chunk_by(|first, second| first == second)
        .filter(|run| settings.least_documents <= run.len());
    let (keys, rarity) = frequent
        .filter_map(|run| Some((*run.first()?, rarity(run.len(), documents.len()))))
        .unzip();
    Vocabulary::new(keys, rarity).unwrap_or_default()
}

/// The smoothed inverse document frequency, in sixteenths.
fn rarity(occurrences: usize, documents: usize) -> u8 {
    let frequency = (documents as f32 / occurrences.max(1) as f32).ln() + 1.0;
    (frequency * 16.0).round().clamp(1.0, 255.0) as u8
}

/// The `most` features whose weights, times what the feature counts in an article, are the largest.
pub(super) fn strongest(vocabulary: &Vocabulary, fit: &Fit, most: usize) -> Vocabulary {
    let rows = fit
        .weights
        .chunks_exact(fit.stride)
        .zip(vocabulary.keys().iter().zip(vocabulary.rarity()));
    let strength =
        |row: &[f32], rarity: u8| row.iter().map(|weight| weight * weight).sum::<f32>().sqrt() * f32::from(rarity);
    let mut ranked: Vec<(f32, u32, u8)> = rows
        .map(|(row, (key, rarity))| (strength(row, *rarity), *key, *rarity))
        .collect();
    ranked.sort_by(|first, second| second.0.total_cmp(&first.0).then(first.1.cmp(&second.1)));
    ranked.truncate(most);
    ranked.sort_unstable_by_key(|(_, key, _)| *key);
    let (keys, rarity) = ranked.into_iter().map(|(_, key, rarity)| (key, rarity)).unzip();
    Vocabulary::new(keys, rarity).unwrap_or_default()
}
