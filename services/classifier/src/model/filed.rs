//! A linear model that also hears where the publisher filed the article.
//!
//! The text decides; a section may only add to what the text already says. On the scale of log-odds it adds as much as
//! the text itself does (how far the calibrated probability stands above that of an article without words), times the
//! strength of the evidence, and [`MOST`] at most. So a text that says nothing stays without a topic whatever its section
//! is called, a text that speaks against a topic wins, and a short text that leans the same way as its section is
//! published.

use super::linear::{Head, Linear, with_language};
use super::{Article, Explanation, Identity, Model, Reason, Score, best_first};
use crate::sections::{Evidence, Sections};
use std::collections::BTreeMap;

/// The most that a section adds to the log-odds of its topic: odds of one to one become three and a half to one.
pub const MOST: f32 = 1.25;
/// Log-odds are kept within these bounds, so that a probability of 0 or 1 stays a number.
const BOUND: f32 = 20.0;

/// A linear model with the publisher's filing as evidence.
#[derive(Debug, Clone)]
pub struct Filed {
    identity: Identity,
    linear: Linear,
    sections: Sections,
    /// For each head and topic the log-odds of an article without words, and the threshold.
    topics: Vec<BTreeMap<String, (f32, f32)>>,
}

impl Filed {
    /// `linear` with the names of `sections`, whose hash becomes a part of the model's.
    pub fn new(linear: Linear, sections: Sections) -> Self {
        let own = linear.identity();
        let identity = Identity {
            version: format!("{}+sections", own.version),
            hash: format!("{}+{}", own.hash, sections.hash()),
        };
        let topics = linear.heads().iter().map(silent).collect();
        Self {
            identity,
            linear,
            sections,
            topics,
        }
    }

    fn evidence(&self, article: &Article<'_>) -> Vec<Evidence<'_>> {
        self.sections.evidence(&article.filing, article.language)
    }

    /// What the evidence adds to the log-odds of a score.
    fn push(&self, head: usize, score: &Score<'_>, evidence: &[Evidence<'_>]) -> f32 {
        let found = evidence.iter().find(|evidence| evidence.topic == score.topic);
        let (Some(evidence), Some((silent, _))) = (found, self.base(head, score.topic)) else {
            return 0.0;
        };
        let said = (log_odds(score.probability) - silent).max(0.0);
        evidence.strength * said.min(MOST)
    }

    fn base(&self, head: usize, topic: &str) -> Option<&(f32, f32)> {
        self.topics.get(head)?.get(topic)
    }

    fn pushed<'m>(&self, head: usize, score: Score<'m>, push: f32) -> Score<'m> {
        if push <= 0.0 {
            return score;
        }
        let probability = 1.0 / (1.0 + (-(log_odds(score.probability) + push)).exp());
        let passes = self
            .base(head, score.topic)
            .is_some_and(|(_, threshold)| *threshold <= probability);
        Score {
            probability,
            published: score.published || passes,
            ..score
        }
    }
}

/// For each topic of a head the log-odds of an article without words, and the threshold.
fn silent(head: &Head) -> BTreeMap<String, (f32, f32)> {
    let biases: Vec<f32> = head.topics.iter().map(|topic| topic.bias).collect();
    let scores = head.topics.iter().zip(head.calibrated(&biases, false));
    scores
        .map(|(topic, score)| (topic.id.clone(), (log_odds(score.probability), topic.threshold)))
        .collect()
}

fn log_odds(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln().clamp(-BOUND, BOUND)
}

impl Model for Filed {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        // The publisher's filing is read by the language that the article brought.
        let evidence = self.evidence(article);
        let article = with_language(article);
        let mut scores = self.linear.scores(&article);
        if !evidence.is_empty() {
            let head = self.linear.head_of(&article);
            for score in &mut scores {
                *score = self.pushed(head, *score, self.push(head, score, &evidence));
            }
            best_first(&mut scores);
        }
        scores
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let evidence = self.evidence(article);
        if evidence.is_empty() {
            return self.linear.explain(article, topics, reasons);
        }
        let article = with_language(article);
        let head = self.linear.head_of(&article);
        let mut explained = self.linear.explain(&article, usize::MAX, reasons);
        for explanation in &mut explained {
            let push = self.push(head, &explanation.score, &evidence);
            explanation.score = self.pushed(head, explanation.score, push);
            if let Some(evidence) = evidence
                .iter()
                .find(|evidence| evidence.topic == explanation.score.topic)
            {
                let words = evidence.found.clone();
                explanation.reasons.insert(0, Reason { words, weight: push });
                explanation.reasons.truncate(reasons);
            }
        }
        explained.sort_by(|first, second| {
            second
                .score
                .probability
                .total_cmp(&first.score.probability)
                .then_with(|| first.score.topic.cmp(second.score.topic))
        });
        explained.truncate(topics);
        explained
    }
}

#[cfg(test)]
mod tests {
    use super::{Filed, MOST};
    use crate::model::calibration::Calibration;
    use crate::model::linear::{Head, Linear, Topic};
    use crate::model::{Article, Filing, Identity, Model};
    use crate::sections::Sections;
    use crate::taxonomy::Taxonomy;
    use crate::tokenize::{ENGLISH, Kind, features};
    use crate::vocabulary::{Vocabulary, Weighing};

    const SPORT: &str = "medtop:15000000";
    const ECONOMY: &str = "medtop:04000000";

    /// A model of two topics that knows `goal` (for sport), `maybe` (a little for sport), `bank` (for the economy and
    /// against sport).
    fn filed() -> Filed {
        let mut words: Vec<(u32, [i8; 2])> = Vec::new();
        for (word, row) in [("goal", [-60, 60]), ("maybe", [0, 8]), ("bank", [60, -60])] {
            features(word, ENGLISH, 10, |feature| {
                if feature.kind == Kind::Word {
                    words.push((feature.hash, row));
                }
            });
        }
        words.sort_unstable();
        let keys = words.iter().map(|(hash, _)| *hash).collect();
        let topic = |id: &str| Topic {
            id: id.to_owned(),
            bias: -1.0,
            scale: 0.1,
            calibration: Calibration {
                slope: 1.0,
                rival: 0.0,
                intercept: 0.0,
            },
            threshold: 0.5,
        };
        let head = Head {
            language: None,
            topics: vec![topic(ECONOMY), topic(SPORT)],
            vocabulary: Vocabulary::new(keys, vec![16; 3]).unwrap(),
            weights: words.iter().flat_map(|(_, row)| *row).collect(),
            finer: None,
            weighing: Weighing {
                title: 1.0,
                lead_words: 100,
                tail: 1.0,
                pieces: 1.0,
                words: 100,
            },
        };
        let identity = Identity {
            version: "v1".to_owned(),
            hash: "abc".to_owned(),
        };
        let sections = Sections::known(&Taxonomy::media_topics().unwrap()).unwrap();
        Filed::new(Linear::new(identity, vec![head]).unwrap(), sections)
    }

    fn article<'a>(text: &'a str, section: Option<&'a str>) -> Article<'a> {
        Article {
            language: Some("en"),
            text,
            filing: Filing {
                section,
                ..Filing::default()
            },
            ..Article::default()
        }
    }

    fn published(text: &str, section: Option<&str>) -> Vec<String> {
        let model = filed();
        let scores = model.scores(&article(text, section));
        let published = scores.iter().filter(|score| score.published);
        published.map(|score| score.topic.to_owned()).collect()
    }

    #[test]
    fn a_section_tips_a_text_that_leans_its_way() {
        assert!(published("maybe", None).is_empty());
        assert_eq!(published("maybe", Some("Sport")), [SPORT]);
        assert_eq!(published("maybe", Some("News/Football")), [SPORT]);
        assert!(published("maybe", Some("Business")).is_empty());
        assert!(published("maybe", Some("News")).is_empty());
    }

    #[test]
    fn a_section_alone_publishes_nothing() {
        for text in ["", "words that the model does not know"] {
            assert!(published(text, Some("Sport")).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_text_that_speaks_clearly_wins() {
        assert_eq!(published("bank", Some("Sport")), [ECONOMY]);
        assert_eq!(published("goal", Some("Business")), [SPORT]);
    }

    #[test]
    fn what_a_section_adds_is_bounded_and_explained() {
        let model = filed();
        let explained = model.explain(&article("goal", Some("Sport")), 1, 3);
        assert_eq!(explained.len(), 1);
        let reason = &explained[0].reasons[0];
        assert_eq!(reason.words, "section: Sport");
        assert!((reason.weight - MOST).abs() < 1e-6);
        let without = model.explain(&article("goal", None), 1, 3);
        assert!(without[0].score.probability < explained[0].score.probability);
        assert!(
            without[0]
                .reasons
                .iter()
                .all(|reason| !reason.words.contains("section"))
        );
        // A section that the text gives nothing to add to is shown as such.
        let against = model.explain(&article("bank", Some("Sport")), 2, 3);
        assert_eq!((against[1].score.topic, against[1].reasons[0].weight), (SPORT, 0.0));
    }

    #[test]
    fn the_list_of_sections_is_a_part_of_the_name() {
        let model = filed();
        assert_eq!(model.identity().version, "v1+sections");
        assert_eq!(model.identity().hash.len(), "abc+".len() + 64);
    }
}
