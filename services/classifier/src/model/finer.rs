//! The second-level terms under the topics of a head.
//!
//! They are not asked alone but of an article that has the broader topic already: which of its kinds of sport is this? So
//! a few examples of each term are enough to tell it from its siblings, which is all that it is asked to do.

use super::Score;
use super::calibration::{Calibration, rivals};
use crate::vocabulary::{Ranks, Vector};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A second-level term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Its code, for example `medtop:20000574`.
    pub id: String,
    /// The code of the topic that it refines.
    pub parent: String,
    /// Its log-odds in an article without a known feature.
    pub bias: f32,
    /// What one step of its stored weights is worth.
    pub scale: f32,
}

/// How the terms are told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finer {
    /// The terms, ascending by code, at most [`Finer::MOST_TERMS`].
    pub terms: Vec<Term>,
    /// From the log-odds of a term and those of its siblings to its probability, given the broader topic.
    pub calibration: Calibration,
    /// That probability, from which a term is published.
    pub threshold: f32,
    /// The features of the head that say something about terms, ascending.
    #[serde(skip)]
    pub features: Vec<u32>,
    /// A row of weights for each of these, one per term.
    #[serde(skip)]
    pub weights: Vec<i8>,
    /// Which features have a row, and the how manieth.
    #[serde(skip)]
    rows: Ranks,
    /// For each broader topic the places of its terms.
    #[serde(skip)]
    columns: BTreeMap<String, Vec<usize>>,
}

impl Finer {
    /// The most terms.
    pub const MOST_TERMS: usize = 128;

    /// Terms that are not calibrated yet.
    pub(crate) fn new(terms: Vec<Term>, threshold: f32, features: Vec<u32>, weights: Vec<i8>) -> Self {
        let calibration = Calibration {
            slope: 1.0,
            rival: 0.0,
            intercept: 0.0,
        };
        Self {
            terms,
            calibration,
            threshold,
            features,
            weights,
            rows: Ranks::default(),
            columns: BTreeMap::new(),
        }
    }

    /// Whether terms, features and weights fit together.
    pub(crate) fn fits(&self) -> bool {
        let sane = |term: &Term| term.bias.is_finite() && term.scale.is_finite();
        let ascending = |pair: &[u32]| matches!(pair, [first, second] if first < second);
        self.weights.len() == self.features.len() * self.terms.len()
            && self.terms.len() <= Self::MOST_TERMS
            && self.terms.is_sorted_by(|first, second| first.id < second.id)
            && self.terms.iter().all(sane)
            && self.features.windows(2).all(ascending)
            && (0.0..=1.0).contains(&self.threshold)
    }

    /// Makes the tables from features to rows and from topics to columns, for a head of `features` features.
    pub(crate) fn index(&mut self, features: usize) {
        self.rows = Ranks::new(features, self.features.iter().copied());
        self.columns.clear();
        for (column, term) in self.terms.iter().enumerate() {
            self.columns.entry(term.parent.clone()).or_default().push(column);
        }
    }

    fn row(&self, feature: u32) -> Option<&[i8]> {
        let row = self.rows.contains(feature).then(|| self.rows.before(feature))?;
        self.weights.get(row * self.terms.len()..(row + 1) * self.terms.len())
    }

    /// The places of the terms under a topic.
    pub(crate) fn under(&self, parent: &str) -> &[usize] {
        self.columns.get(parent).map_or(&[], Vec::as_slice)
    }

    /// The log-odds of the terms in these places.
    pub(crate) fn logits(&self, terms: &[usize], vector: &Vector) -> Vec<f32> {
        let mut sums = vec![0.0_f32; terms.len()];
        for entry in &vector.entries {
            let Some(row) = self.row(entry.index) else { continue };
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += entry.value * f32::from(row.get(*term).copied().unwrap_or_default());
            }
        }
        let of_term = |(place, sum): (&usize, f32)| {
            let term = self.terms.get(*place);
            term.map_or(0.0, |term| term.bias + term.scale * sum)
        };
        terms.iter().zip(sums).map(of_term).collect()
    }

    /// The terms under `parent` and how probable each is, given the parent.
    fn siblings(&self, parent: &str, vector: &Vector) -> Vec<(&Term, f32)> {
        let places = self.under(parent);
        let logits = self.logits(places, vector);
        let terms = places.iter().filter_map(|place| self.terms.get(*place));
        let scored = terms.zip(logits.iter().zip(rivals(&logits)));
        scored
            .map(|(term, (logit, rivals))| (term, self.calibration.probability(*logit, rivals)))
            .collect()
    }

    /// The scores of the terms that refine the published ones among `scores`.
    pub(crate) fn scores<'m>(&'m self, vector: &Vector, scores: &[Score<'_>]) -> Vec<Score<'m>> {
        let mut found = Vec::new();
        for parent in scores.iter().filter(|score| score.published) {
            let siblings = self.siblings(parent.topic, vector).into_iter();
            found.extend(siblings.map(|(term, probability)| Score {
                topic: &term.id,
                refines: Some(&term.parent),
                probability: parent.probability * probability,
                published: self.threshold <= probability,
            }));
        }
        found
    }

    /// What a feature adds to the log-odds of a term.
    pub(crate) fn weight(&self, term: usize, feature: u32) -> Option<f32> {
        let weight = f32::from(*self.row(feature)?.get(term)?);
        Some(weight * self.terms.get(term)?.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::{Finer, Term};
    use crate::model::Score;
    use crate::vocabulary::{Entry, Vector};

    /// Football and tennis under sport, elections under politics; feature 3 speaks for football, 7 for tennis.
    fn finer() -> Finer {
        let term = |id: &str, parent: &str| Term {
            id: id.to_owned(),
            parent: parent.to_owned(),
            bias: 0.0,
            scale: 0.1,
        };
        let terms = vec![
            term("elections", "politics"),
            term("football", "sport"),
            term("tennis", "sport"),
        ];
        let mut finer = Finer::new(terms, 0.6, vec![3, 7], vec![0, 60, -60, 0, -60, 60]);
        finer.index(10);
        finer
    }

    fn published(features: &[u32], topics: &[(&str, f32, bool)]) -> Vec<(String, String)> {
        let entry = |index: &u32| Entry {
            index: *index,
            value: 1.0,
        };
        let vector = Vector {
            entries: features.iter().map(entry).collect(),
            norm: 1.0,
        };
        let scores = topics.iter().map(|&(topic, probability, published)| Score {
            topic,
            refines: None,
            probability,
            published,
        });
        let scores: Vec<Score<'_>> = scores.collect();
        let finer = finer();
        let found = finer.scores(&vector, &scores);
        assert!(found.iter().all(|term| (0.0..=0.9).contains(&term.probability)));
        let published = found.iter().filter(|term| term.published);
        published
            .map(|term| (term.topic.to_owned(), term.refines.unwrap_or_default().to_owned()))
            .collect()
    }

    #[test]
    fn a_term_is_published_under_a_published_topic_only() {
        let sport = [("sport", 0.9, true), ("politics", 0.2, false)];
        assert_eq!(published(&[3], &sport), [("football".to_owned(), "sport".to_owned())]);
        assert_eq!(published(&[7], &sport), [("tennis".to_owned(), "sport".to_owned())]);
        assert_eq!(published(&[3], &[("sport", 0.3, false)]), []);
    }

    #[test]
    fn it_abstains_where_siblings_are_alike() {
        let sport = [("sport", 0.9, true)];
        assert_eq!(published(&[3, 7], &sport), []);
        assert_eq!(published(&[5], &sport), []);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let check = |what: &str, break_it: fn(&mut Finer)| {
            let mut broken = finer();
            assert!(broken.fits());
            break_it(&mut broken);
            assert!(!broken.fits(), "{what}");
        };
        check("weights", |finer| finer.weights.truncate(5));
        check("order of features", |finer| finer.features.swap(0, 1));
        check("order of terms", |finer| finer.terms.swap(0, 2));
        check("threshold", |finer| finer.threshold = f32::NAN);
        check("scale", |finer| finer.terms[0].scale = f32::INFINITY);
    }
}
