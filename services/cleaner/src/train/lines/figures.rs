//! From pages to a model with its figures: every site is scored by a model that has seen nothing of it.

use std::collections::BTreeMap;
use std::fmt;

use super::super::boost::Settings;
use super::super::measure::{self, Score};
use super::super::{Example, Prepared, augment};
use super::variants::{Page, Variant};
use super::{keep, prepare, train};
use crate::html::model::Model;

/// How well the documents of one kind, out of one set of pages, came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The set of pages.
    pub set: String,
    /// The kind of document.
    pub kind: &'static str,
    /// The measure.
    pub score: Score,
    /// Documents measured.
    pub documents: usize,
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { precision, recall, f1 } = self.score;
        write!(
            formatter,
            "{}, {}: F1 {f1:.4} P {precision:.4} R {recall:.4} ({} documents)",
            self.set, self.kind, self.documents
        )
    }
}

/// Windows found, found too much and missed, of every document of one kind out of one set.
type Counts = BTreeMap<(String, &'static str), Vec<(f64, f64, f64)>>;

/// A document, the page it comes from, and what it is called in the table of figures.
struct Document {
    prepared: Prepared,
    set: String,
    story: String,
    kind: &'static str,
}

/// Trains on all pages. With `folds` above 0, also measures models trained on all sites but a part of them on that
/// part. `progress` is told what was done.
pub fn make(
    examples: &[Example],
    folds: usize,
    settings: &Settings,
    progress: &mut dyn FnMut(&str),
) -> (Model, Vec<Figure>) {
    let documents = documents(examples, progress);
    let mut counts = Counts::new();
    for fold in 0..folds {
        let outside = documents
            .iter()
            .filter(|document| document.prepared.group % folds != fold);
        let model = train(
            &outside.map(|document| &document.prepared).collect::<Vec<_>>(),
            settings,
        );
        for document in documents
            .iter()
            .filter(|document| document.prepared.group % folds == fold)
        {
            let found = keep(&model, &document.prepared.texts.join("\n"));
            let key = (document.set.clone(), document.kind);
            counts
                .entry(key)
                .or_default()
                .push(measure::counts(&document.story, &found));
        }
        progress(&format!("fold {} of {folds} done", fold + 1));
    }
    let figures = counts.into_iter().map(|((set, kind), counts)| Figure {
        set,
        kind,
        score: measure::score(&counts),
        documents: counts.len(),
    });
    let figures = figures.collect();
    let model = train(
        &documents.iter().map(|document| &document.prepared).collect::<Vec<_>>(),
        settings,
    );
    progress(&format!("{} trees of {} documents", model.trees.len(), documents.len()));
    (model, figures)
}

fn documents(examples: &[Example], progress: &mut dyn FnMut(&str)) -> Vec<Document> {
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    let mut documents = Vec::new();
    for (index, example) in examples.iter().enumerate() {
        let next = groups.len();
        let group = *groups.entry(&example.group).or_insert(next);
        let mut push = |text: &str, kind| {
            let prepared = prepare(text, &example.story, group);
            documents.push(Document {
                // The first paragraphs alone have no more story than themselves.
                story: if kind == Variant::Opening.name() {
                    labelled(&prepared)
                } else {
                    example.story.clone()
                },
                prepared,
                set: example.set.clone(),
                kind,
            });
        };
        let page = Page::read(example);
        for kind in Variant::ALL {
            push(&page.variant(kind, index), kind.name());
        }
        let other = &examples[(index * 7 + 13) % examples.len()];
        let inserted = augment::augment(example, other, index, index / augment::VARIANTS);
        push(&super::render(&inserted.html, false), "whole page with an insertion");
    }
    progress(&format!("{} documents of {} sites", documents.len(), groups.len()));
    documents
}

fn labelled(document: &Prepared) -> String {
    let lines = document.texts.iter().zip(&document.labels);
    let story: Vec<&str> = lines
        .filter(|(_, label)| **label)
        .map(|(text, _)| text.as_str())
        .collect();
    story.join("\n")
}
