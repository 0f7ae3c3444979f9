//! Learns the second-level terms of a head from examples.
//!
//! There are no collections that file by second-level terms, only examples of our own and the terms' names and
//! definitions: a dozen texts each. Word vectors make that enough to tell a term from its siblings. As with the topics,
//! five fits leave a fifth of the examples out, and their scores set the calibration and give the figures.

use super::calibrate::IDENTITY;
use super::fit::{Example, Fit, Steps, fit};
use super::learn::Plan;
use super::vectors::Space;
use super::{Document, FOLDS, fold_of, quantise};
use crate::model::Article;
use crate::model::calibration::{Calibration, Observation, rivals};
use crate::model::finer::{Finer, Term};
use crate::model::linear::Head;
use std::collections::BTreeMap;

/// With fewer examples a head gets no second-level terms.
const LEAST_EXAMPLES: usize = 600;
/// The probability, given the broader topic, from which a term is published.
const THRESHOLD: f32 = 0.6;
/// The examples are few, so the walks over them are many.
const EPOCHS: usize = 30;

/// How good the second-level terms are, by fits that had not seen the example.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FinerFigures {
    /// Examples scored.
    pub examples: usize,
    /// Those whose most probable term, given the broader topic, is right.
    pub first_right: usize,
    /// Those of which a term would be published.
    pub published: usize,
    /// Those of which the right one would be.
    pub published_right: usize,
}

/// An example of a term, and what the fit sees of it.
struct Labelled<'d> {
    document: &'d Document,
    term: usize,
    example: Example,
}

/// Gives `head` the second-level terms that `documents` have examples of.
pub(super) fn learn(head: &mut Head, documents: &[&Document], plan: &Plan<'_>) -> FinerFigures {
    let labelled: Vec<(&Document, &str, &str)> = documents
        .iter()
        .filter_map(|document| Some((*document, document.finer.as_deref()?, document.topics.first()?.as_str())))
        .collect();
    let parents: BTreeMap<&str, &str> = labelled.iter().map(|(_, term, parent)| (*term, *parent)).collect();
    if labelled.len() < LEAST_EXAMPLES || plan.vectors.is_empty() || Finer::MOST_TERMS < parents.len() {
        return FinerFigures::default();
    }
    let ids: Vec<(&str, &str)> = parents.into_iter().collect();
    let mut rows: Vec<Labelled<'_>> = Vec::with_capacity(labelled.len());
    for (document, term, _) in labelled {
        if let Ok(term) = ids.binary_search_by_key(&term, |(id, _)| id) {
            rows.push(labelled_row(head, document, term, &ids));
        }
    }
    let examples: Vec<Example> = rows.iter().map(|row| row.example.clone()).collect();
    let space = Space::new(plan.vectors, &head.vocabulary, &examples, plan.settings.vector_scale);
    for row in &mut rows {
        space.extend(&mut row.example);
    }
    let scored = cross_validate(head, &rows, &ids, &space, plan);
    let observations: Vec<Observation> = scored.iter().flatten().copied().collect();
    let calibration = Calibration::fit(&observations, IDENTITY, 1.0);
    let mut finer = fit_finer(head, &rows.iter().collect::<Vec<_>>(), &ids, &space, plan);
    finer.calibration = calibration;
    head.finer = Some(finer);
    count(&scored, &calibration)
}

fn labelled_row<'d>(head: &Head, document: &'d Document, term: usize, ids: &[(&str, &str)]) -> Labelled<'d> {
    let vector = head.vector(&Article {
        language: Some(&document.language),
        title: &document.title,
        text: &document.text,
        ..Article::default()
    });
    let siblings = ids.iter().enumerate().filter(|(_, (_, parent))| *parent == ids[term].1);
    let example = Example {
        entries: vector.entries,
        topics: 1 << term,
        // Only its siblings are told apart from it; of other topics' terms it would learn what the topics know already.
        known: siblings.fold(0, |bits, (sibling, _)| bits | 1 << sibling),
        weight: 1.0,
    };
    Labelled {
        document,
        term,
        example,
    }
}

/// For each example, what a fit that had not seen it says of its term and the siblings.
fn cross_validate(
    head: &Head,
    rows: &[Labelled<'_>],
    ids: &[(&str, &str)],
    space: &Space<'_>,
    plan: &Plan<'_>,
) -> Vec<Vec<Observation>> {
    let mut scored: Vec<Vec<Observation>> = Vec::new();
    for fold in 0..FOLDS {
        let (left_out, fitted): (Vec<&Labelled<'_>>, Vec<_>) =
            rows.iter().partition(|row| fold_of(row.document) == fold);
        let mut finer = fit_finer(head, &fitted, ids, space, plan);
        finer.index(head.vocabulary.len());
        for row in left_out {
            let terms = finer.under(ids[row.term].1).to_vec();
            let logits = finer.logits(
                &terms,
                &crate::vocabulary::Vector {
                    entries: row.example.entries.clone(),
                    norm: 1.0,
                },
            );
            let seen = terms.iter().zip(logits.iter().zip(rivals(&logits)));
            let seen = seen.map(|(term, (logit, rivals))| Observation {
                logit: *logit,
                rivals,
                weight: 1.0,
                truth: *term == row.term,
            });
            scored.push(seen.collect());
        }
    }
    scored
}

fn count(scored: &[Vec<Observation>], calibration: &Calibration) -> FinerFigures {
    let mut figures = FinerFigures::default();
    for siblings in scored {
        let probable = |seen: &Observation| calibration.probability(seen.logit, seen.rivals);
        let Some(best) = siblings
            .iter()
            .max_by(|one, other| probable(one).total_cmp(&probable(other)))
        else {
            continue;
        };
        let is_published = THRESHOLD <= probable(best);
        figures.examples += 1;
        figures.first_right += usize::from(best.truth);
        figures.published += usize::from(is_published);
        figures.published_right += usize::from(is_published && best.truth);
    }
    figures
}

fn fit_finer(head: &Head, rows: &[&Labelled<'_>], ids: &[(&str, &str)], space: &Space<'_>, plan: &Plan<'_>) -> Finer {
    let examples: Vec<Example> = rows.iter().map(|row| row.example.clone()).collect();
    let steps = Steps {
        epochs: EPOCHS,
        rate: plan.effort.rate,
        unknown: vec![plan.settings.unknown_weight; ids.len()],
    };
    let features = head.vocabulary.len() + space.dimensions();
    let mut fit = fit(&examples, features, ids.len(), &steps, |_, _| {});
    space.fold(&mut fit);
    let features = space.words(plan.settings.finer_words);
    let rows = features.iter().flat_map(|feature| fit.row(*feature as usize));
    let kept = Fit {
        weights: rows.copied().collect(),
        bias: fit.bias.clone(),
        stride: fit.stride,
    };
    let (weights, scales) = quantise::quantise(&kept, ids.len());
    let terms = ids.iter().zip(&fit.bias).zip(scales);
    let terms = terms.map(|(((id, parent), bias), scale)| Term {
        id: (*id).to_owned(),
        parent: (*parent).to_owned(),
        bias: *bias,
        scale,
    });
    Finer::new(terms.collect(), THRESHOLD, features, weights)
}
