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
//!
//! All phrases are looked for in one walk over the article, so ten thousand rules cost hardly more than ten.

mod reading;

pub use reading::InvalidRules;

use super::{Article, Explanation, Identity, Model, Reason, Score, best_first};
use crate::taxonomy::Taxonomy;
use crate::tokenize::{Feature, Kind, WORDS, features};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How sure a matched rule is: an operator means what he writes.
const SURE: f32 = 1.0;
/// How many words of an article are read.
const MOST_WORDS: usize = 2_000;

/// A phrase as the hashes of its words, in order.
#[derive(Debug, Clone)]
struct Phrase {
    written: String,
    hashes: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Rule {
    topic: String,
    /// Where it stands in its file, from 1.
    line: usize,
    any: Vec<Phrase>,
    none: Vec<Phrase>,
}

/// Where a phrase stands in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    rule: usize,
    /// Its number in the rule's `any`; `None` for one in `none`.
    any: Option<usize>,
}

/// A model made of rules.
#[derive(Debug, Clone)]
pub struct Rules {
    identity: Identity,
    rules: Vec<Rule>,
    /// All phrases, each once, ascending by their words, and where they stand.
    phrases: Vec<(Vec<u32>, Vec<Mention>)>,
}

impl Rules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// If it is not TOML of the shape above, or has a rule that cannot work. The error names the rule and its line.
    pub fn parse(text: &str) -> Result<Self, InvalidRules> {
        let (version, rules) = reading::read(text)?;
        let hash = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            identity: Identity { version, hash },
            phrases: index(&rules),
            rules,
        })
    }

    /// Checks that every rule's topic is a term of `taxonomy`.
    ///
    /// # Errors
    /// Names the first rule whose topic is none.
    pub fn check(&self, taxonomy: &Taxonomy) -> Result<(), InvalidRules> {
        let unknown = |rule: &&Rule| taxonomy.term(&rule.topic).is_none();
        match self.rules.iter().enumerate().find(|(_, rule)| unknown(rule)) {
            None => Ok(()),
            Some((index, rule)) => Err(InvalidRules {
                rule: index + 1,
                line: rule.line,
                detail: format!("topic: {:?} is no Media Topic of the first two levels", rule.topic),
            }),
        }
    }

    /// For each topic with a rule, the phrases that gave it; none where no rule matched.
    fn matches(&self, article: &Article<'_>) -> BTreeMap<&str, Vec<&Phrase>> {
        let mut stand = BTreeSet::new();
        self.find(&words(article.title), &mut stand);
        self.find(&words(article.text), &mut stand);
        let forbidden: BTreeSet<usize> = stand
            .iter()
            .filter(|mention| mention.any.is_none())
            .map(|mention| mention.rule)
            .collect();
        let mut found: BTreeMap<&str, Vec<&Phrase>> = self
            .rules
            .iter()
            .map(|rule| (rule.topic.as_str(), Vec::new()))
            .collect();
        for mention in stand.iter().filter(|mention| !forbidden.contains(&mention.rule)) {
            let Some(rule) = self.rules.get(mention.rule) else {
                continue;
            };
            let phrase = mention.any.and_then(|number| rule.any.get(number));
            found.entry(&rule.topic).or_default().extend(phrase);
        }
        found
    }

    /// Adds where the phrases stand in the rules that stand in `words`.
    fn find(&self, words: &[u32], stand: &mut BTreeSet<Mention>) {
        for at in 0..words.len() {
            let mut candidates = self.phrases.as_slice();
            // Phrases that begin alike lie side by side, the shortest first: each further word narrows them down.
            for (length, word) in words.iter().skip(at).enumerate() {
                let first = candidates.partition_point(|(phrase, _)| phrase.get(length) < Some(word));
                let end = candidates.partition_point(|(phrase, _)| phrase.get(length) <= Some(word));
                candidates = candidates.get(first..end).unwrap_or_default();
                match candidates.first() {
                    None => break,
                    Some((phrase, mentions)) if phrase.len() == length + 1 => stand.extend(mentions),
                    Some(_) => {}
                }
            }
        }
    }
}

fn index(rules: &[Rule]) -> Vec<(Vec<u32>, Vec<Mention>)> {
    let mut phrases: BTreeMap<&[u32], Vec<Mention>> = BTreeMap::new();
    for (rule, written) in rules.iter().enumerate() {
        let any = written
            .any
            .iter()
            .enumerate()
            .map(|(number, phrase)| (phrase, Some(number)));
        for (phrase, any) in any.chain(written.none.iter().map(|phrase| (phrase, None))) {
            phrases.entry(&phrase.hashes).or_default().push(Mention { rule, any });
        }
    }
    let owned = phrases
        .into_iter()
        .map(|(hashes, mentions)| (hashes.to_vec(), mentions));
    owned.collect()
}

/// The words of a text in order; in scripts without spaces its shortest runs of characters.
fn words(text: &str) -> Vec<u32> {
    let mut words: Vec<Feature> = Vec::new();
    let mut last_end = usize::MAX;
    features(text, WORDS, MOST_WORDS, |feature| match feature.kind {
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
        refines: None,
        probability: if published { SURE } else { 0.0 },
        published,
    }
}

#[cfg(test)]
mod tests;
