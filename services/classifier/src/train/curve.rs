//! The learning curve: how good a model gets with how many documents, and so what more of them would bring.

use super::vectors::Vectors;
use super::{Document, HeldOut, Progress, Settings, TrainError, is_learnt, train};
use crate::evaluate::{Figures, Tally};
use crate::tokenize::ENGLISH;
use crate::vocabulary::profile;

/// A point of the curve: all documents are scored, by fits that learnt from a part of the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// How many documents, without definitions and examples, may be learnt from; each fit leaves a fifth of them out.
    pub documents: usize,
    /// How good the fits are.
    pub figures: Figures,
}

/// One in how many documents is learnt from, at each point.
const PARTS: [u64; 3] = [8, 4, 2];

/// The curve for English: an eighth, a quarter and a half of the documents, and last all of them, which `held_out` of
/// the training with all has scored. Definitions, examples and vectors are always there.
///
/// # Errors
/// As [`train`].
pub fn curve(
    documents: &[Document],
    vectors: &Vectors,
    settings: &Settings,
    held_out: &[HeldOut],
    mut progress: impl FnMut(Progress),
) -> Result<Vec<Point>, TrainError> {
    let is_english = |document: &&Document| profile(Some(&document.language)) == ENGLISH;
    let english: Vec<Document> = documents.iter().filter(is_english).cloned().collect();
    let mut points = Vec::new();
    for one_in in PARTS {
        let settings = Settings {
            one_in,
            ..settings.clone()
        };
        let trained = train(&english, vectors, &settings, &mut progress)?;
        points.push(point(&english, &settings, &trained.held_out));
    }
    let of_english = held_out.iter().filter(|one| {
        let document = documents.get(one.document);
        document.as_ref().is_some_and(is_english)
    });
    let all = Point {
        documents: english.iter().filter(|document| !document.always_fit).count(),
        figures: figures(documents, of_english),
    };
    points.push(all);
    Ok(points)
}

fn point(documents: &[Document], settings: &Settings, held_out: &[HeldOut]) -> Point {
    let learnt = documents.iter().filter(|document| !document.always_fit);
    Point {
        documents: learnt.filter(|document| is_learnt(document, settings)).count(),
        figures: figures(documents, held_out.iter()),
    }
}

fn figures<'h>(documents: &[Document], held_out: impl Iterator<Item = &'h HeldOut>) -> Figures {
    let mut tally = Tally::default();
    for one in held_out {
        if let Some(document) = documents.get(one.document) {
            tally.add(&document.topics, &one.scores());
        }
    }
    tally.figures()
}
