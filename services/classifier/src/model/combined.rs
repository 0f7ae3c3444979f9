//! Two models as one: an operator's rules over a trained model.

use super::{Article, Explanation, Identity, Model, Score, best_first};
use std::sync::Arc;

/// Topics that the first model publishes are published; on all others the second decides.
#[derive(Debug, Clone)]
pub struct Combined {
    identity: Identity,
    first: Arc<dyn Model>,
    second: Arc<dyn Model>,
}

impl Combined {
    /// `first` over `second`.
    pub fn new(first: Arc<dyn Model>, second: Arc<dyn Model>) -> Self {
        let join = |part: fn(&Identity) -> &str| format!("{}+{}", part(first.identity()), part(second.identity()));
        let identity = Identity {
            version: join(|identity| &identity.version),
            hash: join(|identity| &identity.hash),
        };
        Self {
            identity,
            first,
            second,
        }
    }
}

impl Model for Combined {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        let mut scores = self.first.scores(article);
        scores.retain(|score| score.published);
        for score in self.second.scores(article) {
            if scores.iter().all(|taken| taken.topic != score.topic) {
                scores.push(score);
            }
        }
        best_first(&mut scores);
        scores
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let mut explained = self.first.explain(article, topics, reasons);
        explained.retain(|explanation| explanation.score.published);
        for explanation in self.second.explain(article, topics, reasons) {
            if explained
                .iter()
                .all(|taken| taken.score.topic != explanation.score.topic)
            {
                explained.push(explanation);
            }
        }
        explained.truncate(topics);
        explained
    }
}

#[cfg(test)]
mod tests {
    use super::Combined;
    use crate::model::rules::Rules;
    use crate::model::{Article, Model};
    use std::sync::Arc;

    #[test]
    fn the_first_model_decides_where_it_speaks() {
        let rules = |version: &str, topic: &str, word: &str| {
            let text = format!("version = \"{version}\"\n[[rule]]\ntopic = \"{topic}\"\nany = [\"{word}\"]");
            Arc::new(Rules::parse(&text).unwrap())
        };
        let combined = Combined::new(rules("one", "a", "rain"), rules("two", "a", "snow"));
        let published = |text: &str| {
            let article = Article {
                language: None,
                title: "",
                text,
            };
            combined.scores(&article).iter().filter(|score| score.published).count()
        };
        assert_eq!(
            (
                published("rain"),
                published("snow"),
                published("rain and snow"),
                published("sun")
            ),
            (1, 1, 1, 0)
        );
        assert_eq!(combined.identity().version, "one+two");
        assert_eq!(combined.identity().hash.len(), 129);
    }
}
