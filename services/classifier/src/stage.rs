//! The classifier as a stage: deduplicated articles in, the same with their topics out.

use crate::classifier::Classifier;
use crate::model::{Article, Filing};
use schemas::hop::{Classified, Deduplicated};
use schemas::record::Nothing;
use schemas::time::Timestamp;
use stage::{Decision, Stage};

/// It remembers nothing, and copies are classified like originals: who reads only the duplicates wants topics too.
impl Stage for Classifier {
    type In = Deduplicated;
    type Out = Classified;
    type Memory = Nothing;

    fn apply(&mut self, change: &Nothing) {
        match *change {}
    }

    fn decide(&self, input: Deduplicated, _now: Timestamp) -> Decision<Classified, Nothing> {
        let text = input.article.text();
        let article = Article {
            language: input.article.language.as_deref(),
            title: &input.article.title,
            text: &text,
            filing: Filing {
                section: input.article.section.as_deref(),
                tags: &input.article.tags,
                categories: &input.article.categories,
                url: &input.article.canonical_url,
            },
        };
        let topics = self.topics(&article);
        Decision::pass(Classified::new(input, topics, self.model_name()))
    }
}
