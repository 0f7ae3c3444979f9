//! One head of the model: fitted once for each part of the documents that is left out, and once with all.

use super::calibrate::{self, Scored};
use super::finer::{self, FinerFigures};
use super::fit::{Example, Fit, Steps, fit};
use super::labels::Labels;
use super::vectors::{Space, Vectors};
use super::{
    Document, Effort, FOLDS, HeldOut, Progress, Settings, TrainError, fold_of, is_learnt, quantise, vocabulary,
};
use crate::model::Article;
use crate::model::best_first;
use crate::model::linear::{Head, Topic};
use crate::vocabulary::Vocabulary;
use std::sync::Arc;

/// What a head is fitted with.
pub(super) struct Plan<'p> {
    pub(super) vectors: &'p Vectors,
    pub(super) settings: &'p Settings,
    pub(super) effort: Effort,
}

/// Learns from documents, given with their places among all documents.
pub(super) fn learn(
    documents: &[(usize, &Document)],
    plan: &Plan<'_>,
    mut progress: impl FnMut(Progress),
) -> Result<(Head, Vec<HeldOut>, FinerFigures), TrainError> {
    let all: Vec<&Document> = documents.iter().map(|(_, document)| *document).collect();
    let labels = Labels::new(&all)?;
    let fold_of = |document: &Document| (!document.always_fit).then(|| fold_of(document));
    let folds: Vec<Option<usize>> = all.iter().map(|document| fold_of(document)).collect();
    let mut scored = Vec::new();
    for fold in 0..FOLDS {
        let (left_out, fitted): (Vec<_>, Vec<_>) = (0..all.len()).partition(|at| folds[*at] == Some(fold));
        let fitted = fitted.into_iter().map(|at| all[at]);
        let fitted: Vec<&Document> = fitted.filter(|document| is_learnt(document, plan.settings)).collect();
        let head = fit_head(&fitted, &labels, plan, |step| {
            progress(Progress { fold: fold + 1, ..step });
        });
        scored.extend(left_out.into_iter().map(|at| score(&head, at, all[at])));
    }
    let learnt = all.iter().copied();
    let learnt: Vec<&Document> = learnt.filter(|document| is_learnt(document, plan.settings)).collect();
    let mut head = fit_head(&learnt, &labels, plan, |step| {
        progress(Progress {
            fold: FOLDS + 1,
            ..step
        });
    });
    calibrate::calibrate(&mut head, &scored, &all, &labels, plan.settings);
    let names: Vec<Arc<str>> = head.topics.iter().map(|topic| topic.id.as_str().into()).collect();
    let held_out = scored.iter().map(|one| HeldOut {
        document: documents[one.document].0,
        scores: verdict(&head, one, &names),
    });
    let held_out = held_out.collect();
    let finer = finer::learn(&mut head, &all, plan);
    Ok((head, held_out, finer))
}

fn score(head: &Head, document: usize, read: &Document) -> Scored {
    let vector = head.vector(&Article {
        language: Some(&read.language),
        title: &read.title,
        text: &read.text,
        ..Article::default()
    });
    Scored {
        document,
        is_known: !vector.entries.is_empty(),
        logits: head.logits(&vector),
    }
}

/// What the calibrated head makes of the log-odds of one that had not seen the document.
fn verdict(head: &Head, scored: &Scored, names: &[Arc<str>]) -> Vec<(Arc<str>, f32, bool)> {
    let mut scores: Vec<_> = head.calibrated(&scored.logits, scored.is_known);
    best_first(&mut scores);
    let name = |topic: &str| names.iter().find(|name| ***name == *topic).cloned();
    let named = scores
        .iter()
        .filter_map(|score| Some((name(score.topic)?, score.probability, score.published)));
    named.collect()
}

/// Fits a head: all features, then again those with the most to say. Its probabilities are the plain logistic ones.
fn fit_head(documents: &[&Document], labels: &Labels, plan: &Plan<'_>, mut progress: impl FnMut(Progress)) -> Head {
    let counted = vocabulary::count(documents, plan);
    let first = fit_round(documents, labels, plan, &counted, |epoch, loss| {
        progress(step(1, epoch, plan, counted.len(), loss));
    });
    let kept = vocabulary::strongest(&counted, &first, plan.effort.features);
    let second = fit_round(documents, labels, plan, &kept, |epoch, loss| {
        progress(step(2, epoch, plan, kept.len(), loss));
    });
    unscaled(labels, kept, &second, plan)
}

fn step(round: usize, epoch: usize, plan: &Plan<'_>, features: usize, loss: f64) -> Progress {
    Progress {
        is_english: false,
        fold: 0,
        round,
        epoch,
        epochs: plan.effort.epochs,
        features,
        loss,
    }
}

fn fit_round(
    documents: &[&Document],
    labels: &Labels,
    plan: &Plan<'_>,
    vocabulary: &Vocabulary,
    progress: impl FnMut(usize, f64),
) -> Fit {
    let mut examples: Vec<Example> = documents
        .iter()
        .map(|document| example(document, labels, vocabulary, plan))
        .collect();
    let space = Space::new(plan.vectors, vocabulary, &examples, plan.settings.vector_scale);
    for example in &mut examples {
        space.extend(example);
    }
    let steps = Steps {
        epochs: plan.effort.epochs,
        rate: plan.effort.rate,
        unknown: labels.unknown_weights(plan.settings),
    };
    let features = vocabulary.len() + space.dimensions();
    let mut fit = fit(&examples, features, labels.topics.len(), &steps, progress);
    space.fold(&mut fit);
    fit
}

fn example(document: &Document, labels: &Labels, vocabulary: &Vocabulary, plan: &Plan<'_>) -> Example {
    let weighing = plan.effort.weighing(plan.settings);
    let profile = crate::vocabulary::profile(Some(&document.language));
    let vector = vocabulary.vector(&document.title, &document.text, profile, &weighing);
    Example {
        entries: vector.entries,
        topics: labels.bits(document),
        known: labels.known(document),
        weight: labels.balance(document, plan.settings, &plan.effort),
    }
}

/// The head before calibration.
fn unscaled(labels: &Labels, vocabulary: Vocabulary, fit: &Fit, plan: &Plan<'_>) -> Head {
    let (weights, scales) = quantise::quantise(fit, labels.topics.len());
    let topics = labels.topics.iter().zip(&fit.bias).zip(scales);
    let topics = topics.map(|((id, bias), scale)| Topic {
        id: id.clone(),
        bias: *bias,
        scale,
        calibration: calibrate::IDENTITY,
        threshold: 0.5,
    });
    Head {
        language: None,
        topics: topics.collect(),
        vocabulary,
        weights,
        weighing: plan.effort.weighing(plan.settings),
        finer: None,
    }
}
