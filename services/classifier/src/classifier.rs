//! The model and the taxonomy together: topics with names, ready for a record.

use crate::language::{Guess, identify};
use crate::model::file::{self, FileError};
use crate::model::{Article, Explanation, Identity, Model, Score};
use crate::taxonomy::{Taxonomy, TaxonomyError};
use schemas::hop::{TopicScore, four_decimals};
use std::sync::Arc;

/// Gives articles their topics. Cloning it shares the model.
#[derive(Debug, Clone)]
pub struct Classifier {
    model: Arc<dyn Model>,
    taxonomy: Arc<Taxonomy>,
}

/// Why there is no classifier.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    /// The model file cannot be used.
    #[error("failed to read the topic model")]
    Model(#[source] FileError),
    /// The taxonomy cannot be used.
    #[error("failed to read the taxonomy")]
    Taxonomy(#[source] TaxonomyError),
}

impl Classifier {
    /// A classifier with any model.
    pub fn new(model: Arc<dyn Model>, taxonomy: Arc<Taxonomy>) -> Self {
        Self { model, taxonomy }
    }

    /// A classifier with the linear model in `bytes` and the compiled-in taxonomy.
    ///
    /// # Errors
    /// If the bytes are no model of this format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ClassifierError> {
        let model = file::read(bytes).map_err(ClassifierError::Model)?;
        let taxonomy = Taxonomy::media_topics().map_err(ClassifierError::Taxonomy)?;
        Ok(Self::new(Arc::new(model), Arc::new(taxonomy)))
    }

    /// Which model decides.
    pub fn identity(&self) -> &Identity {
        self.model.identity()
    }

    /// Version and hash of the model in one word, as records carry it: the hash of each of its parts is cut to sixteen
    /// digits.
    pub fn model_name(&self) -> String {
        let identity = self.identity();
        let hashes = identity.hash.split('+').map(|hash| hash.get(..16).unwrap_or(hash));
        format!("{}@{}", identity.version, hashes.collect::<Vec<&str>>().join("+"))
    }

    /// The taxonomy its topics are from.
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// The language of an article that did not bring one.
    pub fn language(&self, title: &str, text: &str) -> Option<Guess> {
        identify(title, text)
    }

    /// The topics worth publishing, best first; none when the model is not sure enough of any.
    pub fn topics(&self, article: &Article<'_>) -> Vec<TopicScore> {
        self.select(article, |score| score.published)
    }

    /// The score of every topic the model knows, best first, as the model gives it.
    pub fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        self.model.scores(article)
    }

    /// All topics, best first, however unlikely.
    pub fn all_topics(&self, article: &Article<'_>) -> Vec<TopicScore> {
        self.select(article, |_| true)
    }

    /// The words that decided on the best topics.
    pub fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        self.model.explain(article, topics, reasons)
    }

    /// The name of a topic: its English name, or its code where the taxonomy does not have it.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.taxonomy.term(id).map_or(id, |term| &term.name)
    }

    fn select(&self, article: &Article<'_>, wanted: impl Fn(&Score<'_>) -> bool) -> Vec<TopicScore> {
        let scores = self.model.scores(article);
        let topic = |score: Score<'_>| TopicScore {
            id: score.topic.to_owned(),
            name: self.name(score.topic).to_owned(),
            score: four_decimals(f64::from(score.probability)),
        };
        scores.into_iter().filter(wanted).map(topic).collect()
    }
}
