//! The topics of the documents, and what their absence says.

use super::{Document, Effort, Settings, TrainError};
use crate::corpus::EXAMPLES;
use crate::model::linear::Linear;
use std::collections::BTreeMap;

/// The topics of all documents, and which of them each collection files under.
pub(super) struct Labels {
    /// Ascending.
    pub(super) topics: Vec<String>,
    counts: Vec<usize>,
    /// Without definitions and examples.
    articles: Vec<usize>,
    sources: BTreeMap<String, u128>,
    documents: usize,
}

impl Labels {
    pub(super) fn new(documents: &[&Document]) -> Result<Self, TrainError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for topic in documents.iter().flat_map(|document| &document.topics) {
            *counts.entry(topic).or_default() += 1;
        }
        if Linear::MOST_TOPICS < counts.len() {
            return Err(TrainError::TooManyTopics { found: counts.len() });
        }
        let mut labels = Self {
            topics: counts.keys().map(|topic| (*topic).to_owned()).collect(),
            articles: vec![0; counts.len()],
            counts: counts.into_values().collect(),
            sources: BTreeMap::new(),
            documents: documents.len(),
        };
        for document in documents {
            let bits = labels.bits(document);
            for (topic, articles) in labels.articles.iter_mut().enumerate() {
                *articles += usize::from(!document.always_fit && bits >> topic & 1 == 1);
            }
            *labels.sources.entry(document.source.clone()).or_default() |= bits;
        }
        Ok(labels)
    }

    /// The topics that a document has, as bits.
    pub(super) fn bits(&self, document: &Document) -> u128 {
        let numbers = document
            .topics
            .iter()
            .filter_map(|topic| self.topics.binary_search(topic).ok());
        numbers.fold(0, |bits, number| bits | 1_u128 << number)
    }

    /// For each topic, what its absence counts where a collection never files under it.
    pub(super) fn unknown_weights(&self, settings: &Settings) -> Vec<f32> {
        let share = |articles: &usize| (*articles as f32 / settings.enough_articles.max(1) as f32).min(1.0);
        self.articles
            .iter()
            .map(|articles| settings.unknown_weight * share(articles))
            .collect()
    }

    /// The topics whose absence from a document is evidence, as bits.
    pub(super) fn known(&self, document: &Document) -> u128 {
        self.sources.get(&document.source).copied().unwrap_or(u128::MAX)
    }

    /// The weight that lifts documents of rare topics.
    pub(super) fn balance(&self, document: &Document, settings: &Settings, effort: &Effort) -> f32 {
        let number = document
            .topics
            .first()
            .and_then(|topic| self.topics.binary_search(topic).ok());
        let count = number.and_then(|number| self.counts.get(number)).copied().unwrap_or(1);
        let even = self.documents as f32 / self.topics.len() as f32;
        let source = if document.source == EXAMPLES {
            effort.examples
        } else {
            1.0
        };
        source * (even / count as f32).powf(settings.balance)
    }
}
