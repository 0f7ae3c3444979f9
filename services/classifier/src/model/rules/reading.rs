//! The file of rules: read, checked, and refused with the place of the mistake.

use super::{Phrase, Rule, words};
use serde::Deserialize;
use toml::Spanned;

const MOST_RULES: usize = 10_000;
const MOST_PHRASES: usize = 1_000;
/// The longest phrase, in bytes.
const LONGEST_PHRASE: usize = 1_000;

/// Why a file of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", match rule {
    0 => format!("line {line}: {detail}"),
    rule => format!("rule {rule} (line {line}): {detail}"),
})]
pub struct InvalidRules {
    /// The number of the rule, from 1; 0 when the mistake stands before the first.
    pub rule: usize,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, with the key.
    pub detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(default)]
    rule: Vec<Spanned<Line>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    topic: String,
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

/// The version and the rules of a file.
pub(super) fn read(text: &str) -> Result<(String, Vec<Rule>), InvalidRules> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        let above = text.lines().take(line);
        InvalidRules {
            rule: above.filter(|line| line.trim_start().starts_with("[[rule]]")).count(),
            line,
            detail: error.message().to_owned(),
        }
    })?;
    let at_start = |detail: String| InvalidRules {
        rule: 0,
        line: 1,
        detail,
    };
    if file.version.trim().is_empty() || 100 < file.version.len() || file.version.contains(char::is_control) {
        return Err(at_start(
            "version: give the rules a name of at most 100 bytes".to_owned(),
        ));
    }
    if MOST_RULES < file.rule.len() {
        return Err(at_start(format!(
            "{} rules are too many; the limit is {MOST_RULES}",
            file.rule.len()
        )));
    }
    let (mut line, mut at) = (1, 0);
    let mut rules = Vec::with_capacity(file.rule.len());
    for (index, spanned) in file.rule.into_iter().enumerate() {
        let start = spanned.span().start.max(at);
        line += text.get(at..start).unwrap_or_default().matches('\n').count();
        at = start;
        let made = rule(line, spanned.into_inner()).map_err(|detail| InvalidRules {
            rule: index + 1,
            line,
            detail,
        })?;
        rules.push(made);
    }
    Ok((file.version, rules))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

fn rule(line: usize, read: Line) -> Result<Rule, String> {
    if read.topic.is_empty() {
        return Err("topic: name one, such as \"medtop:15000000\"".to_owned());
    }
    if read.any.is_empty() {
        return Err("any: a rule needs at least one phrase".to_owned());
    }
    let count = read.any.len() + read.none.len();
    if MOST_PHRASES < count {
        return Err(format!("{count} phrases are too many; the limit is {MOST_PHRASES}"));
    }
    Ok(Rule {
        topic: read.topic,
        line,
        any: phrases("any", read.any)?,
        none: phrases("none", read.none)?,
    })
}

fn phrases(key: &str, written: Vec<String>) -> Result<Vec<Phrase>, String> {
    let phrase = |written: String| {
        if LONGEST_PHRASE < written.len() {
            return Err(format!(
                "{key}: a phrase of {} bytes; the limit is {LONGEST_PHRASE}",
                written.len()
            ));
        }
        let hashes = words(&written);
        match hashes.is_empty() {
            true => Err(format!(
                "{key}: {written:?} can never match: it has no word of two letters"
            )),
            false => Ok(Phrase { written, hashes }),
        }
    };
    written.into_iter().map(phrase).collect()
}
