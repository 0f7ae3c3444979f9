//! How many pairs of articles are rightly and wrongly in one cluster.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use super::{Stream, Weights};
use crate::deduper::{Config, Deduper, Verdict};

/// Pairs of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Copies in one cluster.
    pub right: usize,
    /// Others in one cluster.
    pub wrong: usize,
    /// Copies in different clusters.
    pub missed: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

impl Counts {
    /// Runs a stream by these weights, and counts.
    #[must_use]
    pub fn of(stream: &Stream, weights: &Weights) -> Self {
        let found = clusters(stream, weights);
        let mut counts = Self::default();
        let mut by_pair: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let (mut by_found, mut by_label) = (BTreeMap::<&str, Vec<&str>>::new(), BTreeMap::<&str, Vec<&str>>::new());
        for document in &stream.documents {
            let found = found.get(document.id.as_str()).map_or("", String::as_str);
            *by_pair.entry((found, &document.cluster)).or_default() += 1;
            by_found.entry(found).or_default().push(&document.id);
            by_label.entry(&document.cluster).or_default().push(&document.id);
        }
        let pairs = |count: usize| count * count.saturating_sub(1) / 2;
        let label_of: BTreeMap<&str, &str> = stream
            .documents
            .iter()
            .map(|document| (document.id.as_str(), document.cluster.as_str()))
            .collect();
        counts.right = by_pair.values().map(|count| pairs(*count)).sum();
        let joined: usize = by_found.values().map(|ids| pairs(ids.len())).sum();
        let labelled: usize = by_label.values().map(|ids| pairs(ids.len())).sum();
        let (mut ignored_right, mut ignored_wrong, mut ignored_missed) = (0, 0, 0);
        for (a, b) in stream.ignored.iter().filter(|(a, b)| a < b) {
            let (Some(label_a), Some(label_b)) = (label_of.get(a.as_str()), label_of.get(b.as_str())) else {
                continue;
            };
            match (label_a == label_b, found.get(a.as_str()) == found.get(b.as_str())) {
                (true, true) => ignored_right += 1,
                (false, true) => ignored_wrong += 1,
                (true, false) => ignored_missed += 1,
                (false, false) => {}
            }
        }
        counts.wrong = joined - counts.right - ignored_wrong;
        counts.missed = labelled - counts.right - ignored_missed;
        counts.right -= ignored_right;
        counts
    }

    /// Harmonic mean of precision and recall.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed).max(1) as f64
    }
}

/// The cluster of each article.
fn clusters<'a>(stream: &'a Stream, weights: &Weights) -> BTreeMap<&'a str, String> {
    let mut deduper = Deduper::with_weights(Config::default(), weights.clone());
    let mut found = BTreeMap::new();
    for labelled in stream.labelled() {
        let outcome = deduper.decide(&labelled.article, labelled.entered);
        let cluster = match outcome.verdict {
            Verdict::News {
                duplicate: Some(duplicate),
                ..
            } => duplicate.cluster,
            _ => labelled.article.id.to_owned(),
        };
        found.insert(labelled.article.id, cluster);
        outcome.memory.iter().for_each(|change| deduper.apply(change));
        deduper
            .due(labelled.entered)
            .iter()
            .for_each(|change| deduper.apply(change));
    }
    found
}
