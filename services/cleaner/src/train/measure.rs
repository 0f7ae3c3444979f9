//! The measure: windows of four words, as multisets, means of precision and recall over pages, and their harmonic
//! mean (the definition of the article extraction benchmark by Zyte).

use std::collections::BTreeMap;

/// Precision, recall and F1 over pages.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Mean precision.
    pub precision: f64,
    /// Mean recall.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// Words of a text: runs of letters, digits and underscores.
#[must_use]
pub fn tokens(text: &str) -> Vec<&str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

fn windows(text: &str) -> BTreeMap<Vec<&str>, usize> {
    let words = tokens(text);
    let mut windows = BTreeMap::new();
    if words.is_empty() {
        return windows;
    }
    for window in words.windows(words.len().min(4)) {
        *windows.entry(window.to_vec()).or_default() += 1;
    }
    windows
}

/// True positives, false positives and false negatives of one page.
#[must_use]
pub fn counts(story: &str, found: &str) -> (f64, f64, f64) {
    let (story, found) = (windows(story), windows(found));
    let common: usize = story
        .iter()
        .map(|(window, count)| (*count).min(found.get(window).copied().unwrap_or(0)))
        .sum();
    let sum = |windows: &BTreeMap<Vec<&str>, usize>| windows.values().sum::<usize>();
    (
        common as f64,
        (sum(&found) - common) as f64,
        (sum(&story) - common) as f64,
    )
}

/// The score over pages of (story, found) counts.
#[must_use]
pub fn score(pages: &[(f64, f64, f64)]) -> Score {
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / (values.len().max(1) as f64);
    let precision = mean(
        pages
            .iter()
            .filter(|page| page.0 + page.1 > 0.0)
            .map(|page| page.0 / (page.0 + page.1))
            .collect(),
    );
    let recall = mean(
        pages
            .iter()
            .filter(|page| page.0 + page.2 > 0.0)
            .map(|page| page.0 / (page.0 + page.2))
            .collect(),
    );
    let sum = precision + recall;
    Score {
        precision,
        recall,
        f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::{counts, score};

    #[test]
    fn half_of_a_story_has_full_precision() {
        let page = counts("a b c d e f g", "a b c d e");
        assert_eq!(page, (2.0, 0.0, 2.0));
        let score = score(&[page]);
        assert!((score.f1 - 2.0 / 3.0).abs() < 1e-9, "{score:?}");
    }
}
