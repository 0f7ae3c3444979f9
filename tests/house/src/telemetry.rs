//! Dashboards and alert rules use the metrics that exist, and every metric there is helps somebody.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;

use crate::offence::Offence;
use crate::tokens::{Sequences, is_mark, line};

/// The file that names every metric.
pub const METRICS: &str = "services/kit/src/telemetry.rs";

/// Metrics that no rule and no dashboard needs to use, each with the reason.
pub const EXEMPT: [(&str, &str); 1] = [("copydesk_build_info", "read by people who ask which version runs")];

/// A metric as the source declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name without the endings that the exposition adds.
    pub name: String,
    /// `Counter`, `Gauge` or `Histogram`.
    pub kind: String,
    /// The line that declares it.
    pub line: usize,
}

impl Metric {
    /// The names under which Prometheus sees it.
    #[must_use]
    pub fn exposed(&self) -> Vec<String> {
        let endings: &[&str] = match self.kind.as_str() {
            "Counter" => &["_total"],
            "Histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        endings.iter().map(|ending| format!("{}{ending}", self.name)).collect()
    }
}

/// The metrics that the Rust source `text` declares: `Name = "copydesk_…", Kind`.
#[must_use]
pub fn declared(text: &str) -> Vec<Metric> {
    let Ok(sequences) = Sequences::of(text) else {
        return Vec::new();
    };
    let declaration = |window: &[TokenTree]| match window {
        [
            TokenTree::Ident(_),
            equals,
            TokenTree::Literal(name),
            comma,
            TokenTree::Ident(kind),
        ] if is_mark(equals, '=') && is_mark(comma, ',') => {
            let name = name.to_string().trim_matches('"').to_owned();
            let kind = kind.to_string();
            name.starts_with(PREFIX).then(|| Metric {
                name,
                kind,
                line: window.first().map_or(1, line),
            })
        }
        _ => None,
    };
    sequences
        .iter()
        .flat_map(|sequence| sequence.windows(5).filter_map(declaration))
        .collect()
}

const PREFIX: &str = "copydesk_";

/// The names of metrics in the rules or dashboard `text`, comment lines aside: line and name.
#[must_use]
pub fn used(text: &str) -> Vec<(usize, String)> {
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let in_line = |(index, line): (usize, &str)| -> Vec<(usize, String)> {
        let words = line.split(|letter: char| !is_name(letter));
        words
            .filter(|word| word.starts_with(PREFIX))
            .map(|word| (index + 1, word.to_owned()))
            .collect()
    };
    let lines = text.lines().enumerate();
    let speaking = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
    speaking.flat_map(in_line).collect()
}

/// Whether the file at `path` is one that may use metrics.
#[must_use]
pub fn is_rules(path: &str) -> bool {
    path.starts_with("deploy/") && [".yml", ".yaml", ".json"].iter().any(|ending| path.ends_with(ending))
}

/// The offences of `rules` (path and text) against the metrics that `source` declares. Without any rules that use a
/// metric, none is asked to be used.
#[must_use]
pub fn check(source: &str, rules: &[(String, String)]) -> Vec<Offence> {
    let metrics = declared(source);
    let known: BTreeSet<String> = metrics.iter().flat_map(Metric::exposed).collect();
    let mut in_use = BTreeSet::new();
    let mut offences = Vec::new();
    for (path, text) in rules {
        for (line, name) in used(text) {
            if !known.contains(&name) {
                let what = format!("no metric is exposed as {name}; use a name from {METRICS}, with its ending");
                offences.push(Offence::new(path, line, what));
            }
            in_use.insert(name);
        }
    }
    if !in_use.is_empty() {
        let helps_nobody = |metric: &&Metric| {
            !metric.exposed().iter().any(|name| in_use.contains(name))
                && !EXEMPT.iter().any(|(exempt, _)| *exempt == metric.name)
        };
        offences.extend(metrics.iter().filter(helps_nobody).map(|metric| {
            let what = format!(
                "{} is in no rule or dashboard; use it, exempt it, or take it out",
                metric.name
            );
            Offence::new(METRICS, metric.line, what)
        }));
    }
    offences
}
