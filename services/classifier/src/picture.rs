//! Pictures of how good a model is, as SVG: they are written with the model and its card.
//!
//! Drawn by hand, because a plot of lines and squares needs no library: same figures, same bytes. Colours follow the
//! reader's light or dark mode, and every axis and number is labelled.

mod calibration;
mod confusion;
mod outcomes;
mod svg;

pub use outcomes::Outcomes;

use crate::taxonomy::Taxonomy;
use crate::train::{Document, HeldOut};

/// The pictures of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictures {
    /// How often what it is so sure of is right: the reliability diagram of the best topic, as an SVG document.
    pub calibration: String,
    /// Which topics it takes for which, as an SVG document.
    pub confusion: String,
}

/// The name of the file of the first picture, which the card refers to.
pub const CALIBRATION_FILE: &str = "calibration.svg";
/// The name of the file of the second picture, which the card refers to.
pub const CONFUSION_FILE: &str = "confusion.svg";

/// Draws how a model does on the documents of its training, by the fits that had not seen them. Places in `held_out` are
/// places in `learnt`.
pub fn pictures(learnt: &[Document], held_out: &[HeldOut], taxonomy: &Taxonomy) -> Pictures {
    let topics = taxonomy.top_terms().map(|term| (term.id.clone(), term.name.clone()));
    let mut outcomes = Outcomes::new(topics.collect());
    for one in held_out {
        if let Some(document) = learnt.get(one.document) {
            outcomes.add(&document.language, &document.topics, &one.scores());
        }
    }
    outcomes.draw()
}

impl Outcomes {
    /// The pictures of what was added.
    pub fn draw(&self) -> Pictures {
        Pictures {
            calibration: calibration::draw(self),
            confusion: confusion::draw(self),
        }
    }
}

#[cfg(test)]
mod tests;
