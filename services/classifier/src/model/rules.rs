//! An operator's own rules as a model: words that give a topic, words that forbid it.
//!
//! ```toml
//! version = "our-desk-3"
//!
//! [[rule]]
//! topic = "medtop:17000000"
//! any = ["storm warning", "snowfall", "Unwetterwarnung"]
//! none = ["political storm"]
//! ```
//!
//! Words are compared as the tokeniser sees them: case, combining marks and the value of numbers make no difference, and
//! a phrase must stand in the text word by word. Phrases in scripts without spaces may stand anywhere.

use super::{Article, Explanation, Identity, Model, Reason, Score, best_first};
use crate::tokenize::{Feature, Kind, WORDS, features};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How sure a matched rule is: an operator means what he writes.
const SURE: f32 = 1.0;
const MOST_RULES: usize = 10_000;
const MOST_PHRASES: usize = 1_000;
/// How many words of an article are read.
const MOST_WORDS: usize = 2_000;

/// Why a rules file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is not the TOML that it should be.
    #[error("failed to read the rules")]
    Toml(#[source] toml::de::Error),
    /// A rule without a topic or without a word in `any`.
    #[error("rule {rule} needs a topic and at least one phrase in any")]
    Empty {
        /// Which rule, counted from one.
        rule: usize,
    },
    /// A phrase without a letter or digit, or of one Latin letter, which no text can match.
    #[error("rule {rule} has the phrase {phrase:?}, which can never match")]
    Phrase {
        /// Which rule, counted from one.
        rule: usize,
        /// The phrase.
        phrase: String,
    },
    /// More rules, or more phrases in one, than can be checked for every article.
    #[error("there are too many rules or phrases")]
    TooMany,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(default)]
    rule: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    topic: String,
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

/// A phrase as the hashes of its words, in order.
#[derive(Debug, Clone)]
struct Phrase {
    written: String,
    hashes: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Rule {
    topic: String,
    any: Vec<Phrase>,
    none: Vec<Phrase>,
}

/// A model made of rules.
#[derive(Debug, Clone)]
pub struct Rules {
    identity: Identity,
    rules: Vec<Rule>,
}

impl Rules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// If it is not TOML of the shape above, or names a rule that cannot work.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = toml::from_str(text).map_err(RulesError::Toml)?;
        let large = |line: &Line| MOST_PHRASES < line.any.len() + line.none.len();
        if MOST_RULES < file.rule.len() || file.rule.iter().any(large) {
            return Err(RulesError::TooMany);
        }
        let rules: Result<Vec<Rule>, RulesError> = file
            .rule
            .into_iter()
            .enumerate()
            .map(|(index, line)| rule(index + 1, line))
            .collect();
        let hash = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            identity: Identity {
                version: file.version,
                hash,
            },
            rules: rules?,
        })
    }

    /// For each topic with a rule, the phrases that gave it; none where no rule matched.
    fn matches(&self, article: &Article<'_>) -> BTreeMap<&str, Vec<&Phrase>> {
        let words = [hashes(article.title, MOST_WORDS), hashes(article.text, MOST_WORDS)];
        let stands = |phrase: &&Phrase| words.iter().any(|words| contains(words, &phrase.hashes));
        let mut found: BTreeMap<&str, Vec<&Phrase>> = BTreeMap::new();
        for rule in &self.rules {
            let phrases = found.entry(&rule.topic).or_default();
            if !rule.none.iter().any(|phrase| stands(&phrase)) {
                phrases.extend(rule.any.iter().filter(stands));
            }
        }
        found
    }
}

fn rule(number: usize, line: Line) -> Result<Rule, RulesError> {
    if line.topic.is_empty() || line.any.is_empty() {
        return Err(RulesError::Empty { rule: number });
    }
    let phrase = |written: String| {
        let hashes = hashes(&written, MOST_WORDS);
        match hashes.is_empty() {
            true => Err(RulesError::Phrase {
                rule: number,
                phrase: written,
            }),
            false => Ok(Phrase { written, hashes }),
        }
    };
    let phrases = |written: Vec<String>| {
        written
            .into_iter()
            .map(phrase)
            .collect::<Result<Vec<Phrase>, RulesError>>()
    };
    Ok(Rule {
        topic: line.topic,
        any: phrases(line.any)?,
        none: phrases(line.none)?,
    })
}

/// The words of a text in order; in scripts without spaces its shortest runs of characters.
fn hashes(text: &str, limit: usize) -> Vec<u32> {
    let mut words: Vec<Feature> = Vec::new();
    let mut last_end = usize::MAX;
    features(text, WORDS, limit, |feature| match feature.kind {
        Kind::Word => words.push(feature),
        Kind::Pair => {}
        // Of the runs that end at one character the first is the shortest.
        Kind::Piece if feature.end == last_end => {}
        Kind::Piece => {
            last_end = feature.end;
            words.push(feature);
        }
    });
    // Hangul gives runs as well as words; the runs lie within the word that follows them and would part a phrase.
    let inside = |at: usize, feature: &Feature| {
        feature.kind == Kind::Piece
            && words
                .get(at + 1..)
                .unwrap_or(&[])
                .iter()
                .take(64)
                .any(|other| other.kind == Kind::Word && other.start <= feature.start && feature.end <= other.end)
    };
    words
        .iter()
        .enumerate()
        .filter(|(at, feature)| !inside(*at, feature))
        .map(|(_, feature)| feature.hash)
        .collect()
}

fn contains(words: &[u32], phrase: &[u32]) -> bool {
    words.windows(phrase.len().max(1)).any(|window| window == phrase)
}

impl Model for Rules {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn scores(&self, article: &Article<'_>) -> Vec<Score<'_>> {
        let found = self.matches(article).into_iter();
        let mut scores: Vec<Score<'_>> = found
            .map(|(topic, phrases)| score(topic, !phrases.is_empty()))
            .collect();
        best_first(&mut scores);
        scores
    }

    fn explain(&self, article: &Article<'_>, topics: usize, reasons: usize) -> Vec<Explanation<'_>> {
        let explained = self
            .matches(article)
            .into_iter()
            .filter(|(_, phrases)| !phrases.is_empty())
            .map(|(topic, phrases)| {
                let reason = |phrase: &&Phrase| Reason {
                    words: phrase.written.clone(),
                    weight: SURE,
                };
                Explanation {
                    score: score(topic, true),
                    reasons: phrases.iter().take(reasons).map(reason).collect(),
                }
            });
        explained.take(topics).collect()
    }
}

fn score(topic: &str, published: bool) -> Score<'_> {
    Score {
        topic,
        probability: if published { SURE } else { 0.0 },
        published,
    }
}

#[cfg(test)]
mod tests {
    use super::{Rules, RulesError};
    use crate::model::{Article, Model};

    const RULES: &str = r#"
        version = "desk-1"
        [[rule]]
        topic = "medtop:17000000"
        any = ["storm warning", "Schneefall", "大雪"]
        none = ["political storm"]
        [[rule]]
        topic = "medtop:15000000"
        any = ["cup final", "월드컵 결승"]
    "#;

    fn check(text: &str, expected: &[&str]) {
        let rules = Rules::parse(RULES).unwrap();
        let article = Article {
            language: None,
            title: "",
            text,
        };
        let scores = rules.scores(&article);
        assert_eq!(scores.len(), 2);
        let published: Vec<&str> = scores
            .iter()
            .filter(|score| score.published)
            .map(|score| score.topic)
            .collect();
        assert_eq!(published, expected, "{text}");
    }

    #[test]
    fn a_phrase_gives_its_topic() {
        check("A Storm Warning is in force.", &["medtop:17000000"]);
        check("The storm came without a warning.", &[]);
        check("Der Schneefall hält an.", &["medtop:17000000"]);
        check("气象台：明天有大雪。", &["medtop:17000000"]);
        check("오늘 월드컵 결승 경기가 열린다.", &["medtop:15000000"]);
        check(
            "Storm warning before the cup final",
            &["medtop:15000000", "medtop:17000000"],
        );
    }

    #[test]
    fn a_forbidden_phrase_takes_it_back() {
        check("Storm warning for the cabinet: a political storm gathers.", &[]);
    }

    #[test]
    fn says_which_phrase_decided() {
        let rules = Rules::parse(RULES).unwrap();
        let explained = rules.explain(
            &Article {
                language: None,
                title: "The cup final",
                text: "",
            },
            5,
            5,
        );
        assert_eq!(explained.len(), 1);
        assert_eq!(explained[0].reasons[0].words, "cup final");
    }

    #[test]
    fn a_rule_that_cannot_work_is_named() {
        let parse = |rule: &str| Rules::parse(&format!("version = \"1\"\n[[rule]]\n{rule}"));
        assert!(matches!(
            parse("topic = \"a\"\nany = []"),
            Err(RulesError::Empty { rule: 1 })
        ));
        assert!(matches!(
            parse("topic = \"a\"\nany = [\"…\"]"),
            Err(RulesError::Phrase { rule: 1, .. })
        ));
        assert!(matches!(
            parse("topic = \"a\"\nany = [\"b\"]\nall = []"),
            Err(RulesError::Toml(_))
        ));
    }
}
