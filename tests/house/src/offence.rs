//! Where a rule is broken, and what to do about it.

use std::fmt;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offence {
    /// Path from the top of the repository, with slashes.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in one sentence.
    pub what: String,
}

impl Offence {
    /// An offence at `line` of `file`.
    #[must_use]
    pub fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// All offences as one text, a line each, sorted; empty when there are none.
#[must_use]
pub fn list(mut offences: Vec<Offence>) -> String {
    offences.sort();
    offences.iter().map(|offence| format!("\n{offence}")).collect()
}

/// The number of the first line of `text` that starts with `start`; 1 when none does.
#[must_use]
pub fn line_starting(text: &str, start: &str) -> usize {
    text.lines()
        .position(|line| line.trim_start().starts_with(start))
        .map_or(1, |index| index + 1)
}
