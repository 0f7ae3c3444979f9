//! Two models as one: an operator's rules and a trained model.

use super::{Article, Explanation, Identity, Model, Score, best_first};
use std::sync::Arc;

/// How two models share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Topics that the first model publishes are published; on all others the second decides.
    FirstDecides,
    /// The second model speaks where the first publishes no topic at all; elsewhere it is not heard.
    SecondWhereFirstAbstains,
}

/// Two models that speak as one.
#[derive(Debug, Clone)]
pub struct Combined {
    identity: Identity,
    first: Arc<dyn Model>,
    second: Arc<dyn Model>,
    sharing: Sharing,
}

impl Combined {
    /// `first` over `second`.
    pub fn new(first: Arc<dyn Model>, second: Arc<dyn Model>) -> Self {
        Self::sharing(first, second, Sharing::FirstDecides)
    }

    /// Two models, and how they share the work.
    pub fn sharing(first: Arc<dyn Model>, second: Arc<dyn Model>, sharing: Sharing) -> Self {
        // The order of the names tells the two ways apart that the same models can be combined in.
        let join = |part: fn(&Identity) -> &str| format!("{}+{}", part(first.identity()), part(second.identity()));
        let identity = Identity {
            version: join(|identity| &identity.version),
            hash: join(|identity| &identity.hash),
        };
        Self {
            identity,
            first,
            second,
            sharing,
        }
    }

    /// Whether the first model publishes no topic.
    fn first_is_silent(&self, scores: &[Score<'_>]) -> bool {
        scores.iter().all(|score| !score.published)
    }
}

/// `over` where it publishes, `under` for all other topics.
fn overlay<'m>(mut over: Vec<Score<'m>>, under: Vec<Score<'m>>) -> Vec<Score<'m>> {
    over.retain(|score| score.published);
    for score in under {
        if over.iter().all(|taken| taken.topic != score.topic) {
            over.push(score);
        }
    }
    best_first(&mut over);
    over
}

fn overlay_explained<'m>(over: Vec<Explanation<'m>>, under: Vec<Explanation<'m>>) -> Vec<Explanation<'m>> {
    let mut explained = over;
    explained.retain(|explanation| explanation.score.published);
    for explanation in under {
        if explained
            .iter()
            .all(|taken| taken.score.topic != explanation.score.topic)
        {
            explained.push(explanation);
        }
    }
    explained
}

impl Model for Combined {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        let first = self.first.scores(article);
        match self.sharing {
            Sharing::FirstDecides => overlay(first, self.second.scores(article)),
            Sharing::SecondWhereFirstAbstains if self.first_is_silent(&first) => {
                overlay(self.second.scores(article), first)
            }
            Sharing::SecondWhereFirstAbstains => first,
        }
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let first = self.first.explain(article, topics, reasons);
        let mut explained = match self.sharing {
            Sharing::FirstDecides => overlay_explained(first, self.second.explain(article, topics, reasons)),
            Sharing::SecondWhereFirstAbstains if self.first_is_silent(&self.first.scores(article)) => {
                overlay_explained(self.second.explain(article, topics, reasons), first)
            }
            Sharing::SecondWhereFirstAbstains => first,
        };
        explained.truncate(topics);
        explained
    }
}

#[cfg(test)]
mod tests {
    use super::{Combined, Sharing};
    use crate::model::rules::Rules;
    use crate::model::{Article, Model};
    use std::sync::Arc;

    fn rules(version: &str, rows: &[(&str, &str)]) -> Arc<Rules> {
        let mut text = format!("version = \"{version}\"\n");
        for (topic, word) in rows {
            text.push_str(&format!("[[rule]]\ntopic = \"{topic}\"\nany = [\"{word}\"]\n"));
        }
        Arc::new(Rules::parse(&text).unwrap())
    }

    fn check(sharing: Sharing, rows: &[(&str, &[&str])]) {
        let first = rules("one", &[("a", "rain")]);
        let combined = Combined::sharing(first, rules("two", &[("a", "snow"), ("b", "ice")]), sharing);
        for (text, expected) in rows {
            let article = Article {
                text,
                ..Article::default()
            };
            let scores = combined.scores(&article);
            let published = scores.iter().filter(|score| score.published);
            let published: Vec<&str> = published.map(|score| score.topic).collect();
            assert_eq!(&published, expected, "{sharing:?} {text}");
            let explained = combined.explain(&article, 5, 5);
            let explained = explained.iter().filter(|explanation| explanation.score.published);
            let explained: Vec<&str> = explained.map(|explanation| explanation.score.topic).collect();
            assert_eq!(&explained, expected, "{sharing:?} {text}");
        }
    }

    #[test]
    fn the_first_model_decides_where_it_speaks() {
        check(
            Sharing::FirstDecides,
            &[
                ("rain", &["a"]),
                ("snow", &["a"]),
                ("rain and snow", &["a"]),
                ("rain and ice", &["a", "b"]),
                ("sun", &[]),
            ],
        );
    }

    #[test]
    fn the_second_model_may_fill_in() {
        check(
            Sharing::SecondWhereFirstAbstains,
            &[
                ("rain", &["a"]),
                ("snow", &["a"]),
                ("rain and ice", &["a"]),
                ("ice", &["b"]),
                ("sun", &[]),
            ],
        );
    }

    #[test]
    fn both_names_and_hashes_are_in_the_identity() {
        let combined = Combined::new(rules("one", &[("a", "rain")]), rules("two", &[("a", "snow")]));
        assert_eq!(combined.identity().version, "one+two");
        assert_eq!(combined.identity().hash.len(), 129);
    }
}
