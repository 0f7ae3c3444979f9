//! Makes the weights of the line model: pages rendered to plain lines, and what other extractors leave of them.
//!
//! The rendering is the page's whole text, a block a line: menus, teasers and comments stand in it like the story.
//! Besides it, each page gives documents as other programs hand them on: the text with a line for every piece between
//! two tags, the story alone, its first paragraphs, the story with a few lines of the page left around and within it,
//! and the stretch of the page from the story's first line to a little behind its last. So the model learns both to
//! find a story among hundreds of lines, and to leave one alone.

use super::boost::{self, Data, Settings};
use super::{Prepared, count, labels};
use crate::extracted::Known;
use crate::html::model::Model;
use crate::html::rows::Rows;
use crate::html::tables::Tables;
use crate::text::features;
use crate::text::line::Document;
use crate::words;

mod figures;
mod variants;

pub use figures::{Figure, make};
pub use variants::{Variant, variant};

/// How many parts the tables are counted in, each used on the others' documents.
const PARTS: usize = 5;

/// A page's whole text: a block a line, with a blank line between blocks or not. What a style sheet or a script may
/// hide stands in it as well: without both, nobody can tell.
#[must_use]
pub fn render(html: &str, blank_lines: bool) -> String {
    lines(html).join(if blank_lines { "\n\n" } else { "\n" })
}

/// The lines of [`render`].
fn lines(html: &str) -> Vec<String> {
    let (page, _) = crate::html::open(html, &Known::default());
    page.blocks
        .iter()
        .flat_map(|block| block.text.lines())
        .map(words::fold)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Reads a document as the extractor would; lines that stand in `story` are story.
#[must_use]
pub fn prepare(text: &str, story: &str, group: usize) -> Prepared {
    let document = Document::read(text);
    let texts: Vec<String> = document.lines.iter().map(|line| line.text.clone()).collect();
    let mut rows = Rows::new(features::COUNT, document.lines.len());
    for row in features::describe(&document.lines) {
        rows.push(|out| out.extend(row));
    }
    Prepared {
        group,
        rows,
        evidence: document.lines.iter().map(features::evidence).collect(),
        labels: labels::label(&texts, story),
        weights: labels::weights(&texts),
        texts,
        is_changed: false,
    }
}

/// Trains a model on documents.
#[must_use]
pub fn train(documents: &[&Prepared], settings: &Settings) -> Model {
    let all = count::tables(documents.iter().copied());
    let held_out: Vec<Tables> = (0..PARTS)
        .map(|part| {
            count::tables(
                documents
                    .iter()
                    .copied()
                    .filter(|document| document.group % PARTS != part),
            )
        })
        .collect();
    let mut data = Data::new(features::WIDTH);
    for document in documents {
        let rows = weighed(document, &held_out[document.group % PARTS]);
        for ((row, label), weight) in rows.iter().zip(&document.labels).zip(&document.weights) {
            data.push(row, *label, *weight);
        }
    }
    let (base, trees) = boost::grow(&data, settings);
    Model {
        base,
        trees,
        tables: all,
    }
}

/// The rows of a document, with the features of these tables.
fn weighed(document: &Prepared, tables: &Tables) -> Vec<Vec<f32>> {
    let mut rows: Vec<Vec<f32>> = document.rows.iter().map(<[f32]>::to_vec).collect();
    features::push_evidence(tables, &document.evidence, &mut rows);
    rows
}

/// The scores of a document's lines.
#[must_use]
pub fn scores(model: &Model, document: &Prepared) -> Vec<f32> {
    let rows = weighed(document, &model.tables);
    rows.iter().map(|row| model.score(row)).collect()
}

/// The story that text mode finds with a model, a line a paragraph; empty when it finds none.
#[must_use]
pub fn keep(model: &Model, text: &str) -> String {
    crate::text::story(text, model)
}

#[cfg(test)]
mod tests {
    use super::{prepare, render};

    const PAGE: &str = "<body><nav><a href=/>Home</a> <ul><li>News<li>Sport</ul></nav><h1>The ferry came back</h1>\
        <p>The ferry <a href=/x>left the pier</a> at dawn.<script>var x;</script>\
        <p>It came back<br>at night.</body>";

    #[test]
    fn a_page_becomes_its_lines() {
        let lines = [
            "Home",
            "News",
            "Sport",
            "The ferry came back",
            "The ferry left the pier at dawn.",
            "It came back",
            "at night.",
        ];
        assert_eq!(render(PAGE, false), lines.join("\n"));
        assert_eq!(render(PAGE, true), lines.join("\n\n"));
    }

    #[test]
    fn blank_lines_make_no_difference() {
        let story = "The ferry left the pier at dawn.";
        let (close, apart) = (
            prepare(&render(PAGE, false), story, 0),
            prepare(&render(PAGE, true), story, 0),
        );
        assert_eq!(close.rows, apart.rows);
        assert_eq!(close.labels, [false, false, false, false, true, false, false]);
    }
}
