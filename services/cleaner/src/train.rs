//! Makes the weights of the block model from pages with known stories.
//!
//! Deterministic: the same pages give the same bytes. The steps are: label the blocks of every page by their overlap
//! with the story ([`labels`]); add pages with things inserted that the story is not ([`augment`]); count words for
//! the tables, always on other sites than those they are then used on ([`count`]); grow trees ([`boost`]); measure
//! by the measure that matters ([`measure`]), with all pages of one site on one side. [`run`] does all of it.

use schemas::fetched::Hints;

use crate::extracted::Known;
use crate::html::features;
use crate::html::model::{Model, WIDTH};
use crate::html::rows::Rows;
use crate::html::tables::{self, Evidence, Tables};

pub mod augment;
pub mod boost;
pub mod count;
pub mod figures;
pub mod labels;
pub mod lines;
pub mod measure;
pub mod run;

/// A page with its story.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name in reports.
    pub id: String,
    /// The site or another thing that pages share; no group is on both sides of a split.
    pub group: String,
    /// The set that it is measured with.
    pub set: String,
    /// The address that it came from, where that is known.
    pub url: Option<String>,
    /// The page.
    pub html: String,
    /// The story, as a person or a site's own parser cut it out.
    pub story: String,
}

/// A page as rows.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Index of its group.
    pub group: usize,
    /// A row of features a block, without those of the tables.
    pub rows: Rows,
    /// Words of each block.
    pub evidence: Vec<Evidence>,
    /// Whether each block is story.
    pub labels: Vec<bool>,
    /// The weight of each block: pages count alike, long blocks more.
    pub weights: Vec<f32>,
    /// The text of each block.
    pub texts: Vec<String>,
    /// The page is not as its site made it.
    pub is_changed: bool,
}

/// What a changed page counts for against one as its site made it: at full weight, precision is bought with recall on
/// sets that no page was learned from.
const CHANGED: f32 = 0.5;

impl Prepared {
    /// A page that [`augment`] changed.
    #[must_use]
    pub fn changed(mut self) -> Self {
        self.is_changed = true;
        for weight in &mut self.weights {
            *weight *= CHANGED;
        }
        self
    }
}

/// Reads a page as the extractor would.
#[must_use]
pub fn prepare(example: &Example, group: usize) -> Prepared {
    let (page, title) = crate::html::open(
        &example.html,
        &Known {
            hints: Hints::default(),
            ..Known::default()
        },
    );
    let described = features::describe(&page, &title);
    let texts: Vec<String> = page.blocks.iter().map(|block| block.text.clone()).collect();
    let labels = labels::label(&texts, &example.story);
    let weights = labels::weights(&texts);
    let evidence = page.blocks.iter().map(|block| tables::evidence(&page, block)).collect();
    Prepared {
        group,
        rows: described.rows,
        evidence,
        labels,
        weights,
        texts,
        is_changed: false,
    }
}

/// How many parts the tables are counted in, each used on the others' pages.
const PARTS: usize = 5;

/// Trains a model on pages.
#[must_use]
pub fn train(pages: &[&Prepared], settings: &boost::Settings) -> Model {
    // What is inserted is story elsewhere, so counting it would take their meaning from the words.
    let plain = || pages.iter().copied().filter(|page| !page.is_changed);
    let all = count::tables(plain());
    let held_out: Vec<Tables> = (0..PARTS)
        .map(|part| count::tables(plain().filter(|page| page.group % PARTS != part)))
        .collect();
    let mut data = boost::Data::new(WIDTH);
    for page in pages {
        for (index, row) in page.rows.iter().enumerate() {
            let mut row = row.to_vec();
            tables::push(&held_out[page.group % PARTS], &page.evidence[index], &mut row);
            data.push(&row, page.labels[index], page.weights[index]);
        }
    }
    let (base, trees) = boost::grow(&data, settings);
    Model {
        base,
        trees,
        tables: all,
    }
}

/// The text that a model keeps of a page.
#[must_use]
pub fn keep(model: &Model, page: &Prepared, threshold: f32) -> String {
    let mut text = String::new();
    for (index, row) in page.rows.iter().enumerate() {
        let mut row = row.to_vec();
        tables::push(&model.tables, &page.evidence[index], &mut row);
        if model.score(&row) >= threshold {
            text.push_str(&page.texts[index]);
            text.push('\n');
        }
    }
    text
}
