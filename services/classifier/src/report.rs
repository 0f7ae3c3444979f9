//! The table of figures that training prints: by topic, by language, by collection, seen and unseen.

use crate::corpus::is_shippable;
use crate::evaluate::{Figures, HEADING, Tally};
use crate::model::{Article, Model, Score};
use crate::train::{Document, HeldOut};
use std::collections::BTreeMap;
use std::fmt;

/// Figures of a model over documents it has not learnt from.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Articles kept apart from the collections it learnt from.
    pub held_out: BTreeMap<Group, Figures>,
    /// Articles of collections it never saw.
    pub foreign: BTreeMap<Group, Figures>,
}

/// What a row of the report is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// All documents in English.
    English,
    /// All documents in other languages.
    OtherLanguages,
    /// All documents with more than one topic.
    SeveralTopics,
    /// A collection.
    Source(String),
    /// A language.
    Language(String),
}

/// Counts what was said of the documents of a training by fits that had not seen them, and what `model` says of the
/// documents of other collections. Places in `held_out` are places in `learnt`.
pub fn report(model: &dyn Model, learnt: &[Document], held_out: &[HeldOut], others: &[Document]) -> Report {
    let mut known: BTreeMap<Group, Tally> = BTreeMap::new();
    let mut foreign: BTreeMap<Group, Tally> = BTreeMap::new();
    for one in held_out {
        if let Some(document) = learnt.get(one.document) {
            add(&mut known, document, &one.scores());
        }
    }
    for document in others.iter().filter(|document| !is_shippable(document)) {
        let article = Article {
            language: Some(&document.language),
            title: &document.title,
            text: &document.text,
            ..Article::default()
        };
        add(&mut foreign, document, &model.scores(&article));
    }
    let figures = |tallies: BTreeMap<Group, Tally>| {
        tallies
            .into_iter()
            .map(|(group, tally)| (group, tally.figures()))
            .collect()
    };
    Report {
        held_out: figures(known),
        foreign: figures(foreign),
    }
}

fn add(tallies: &mut BTreeMap<Group, Tally>, document: &Document, scores: &[Score<'_>]) {
    for group in groups(document) {
        tallies.entry(group).or_default().add(&document.topics, scores);
    }
}

fn groups(document: &Document) -> Vec<Group> {
    let whole = if document.language == "en" {
        Group::English
    } else {
        Group::OtherLanguages
    };
    let mut groups = vec![
        whole,
        Group::Source(document.source.clone()),
        Group::Language(document.language.clone()),
    ];
    if 1 < document.topics.len() {
        groups.push(Group::SeveralTopics);
    }
    groups
}

impl fmt::Display for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::English => formatter.pad("English, all"),
            Self::OtherLanguages => formatter.pad("other languages, all"),
            Self::SeveralTopics => formatter.pad("of several topics"),
            Self::Source(name) => formatter.pad(name),
            Self::Language(tag) => formatter.pad(&format!("language {tag}")),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (heading, rows) in [("held out", &self.held_out), ("never seen collections", &self.foreign)] {
            writeln!(formatter, "{heading:24} {HEADING}")?;
            for (group, figures) in rows {
                writeln!(formatter, "{group:24} {figures}")?;
            }
            writeln!(formatter)?;
        }
        for (heading, group) in [
            ("held out, English", Group::English),
            ("held out, others", Group::OtherLanguages),
        ] {
            if let Some(figures) = self.held_out.get(&group) {
                topics(formatter, heading, figures)?;
            }
        }
        match self.foreign.get(&Group::English) {
            Some(figures) => topics(formatter, "never seen, English", figures),
            None => Ok(()),
        }
    }
}

fn topics(formatter: &mut fmt::Formatter<'_>, heading: &str, figures: &Figures) -> fmt::Result {
    writeln!(formatter, "{heading:24}   docs precision  recall      F1  bestF1")?;
    for (topic, row) in &figures.topics {
        let (support, precision, recall, f1, first) = (row.support, row.precision, row.recall, row.f1, row.first_f1);
        writeln!(
            formatter,
            "{topic:24} {support:>6}    {precision:.4}  {recall:.4}  {f1:.4}  {first:.4}"
        )?;
    }
    writeln!(formatter)
}
