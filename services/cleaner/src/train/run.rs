//! From pages to weights and figures: prepare, cross-validate, train.
//!
//! Each page is used as it is and with something inserted that is not its story. A fold's model is measured on the
//! sites that it has not seen; the model that is kept has seen them all.

use std::collections::BTreeMap;

use super::figures::{Figures, Measured};
use super::lines::{self, Figure};
use super::{Example, Prepared, augment, boost, keep, measure, prepare, train};
use crate::extracted::Known;
use crate::html;
use crate::html::model::Model;
use crate::html::scorer::Scorer;

/// Scores from which a block is kept in the figures by threshold.
pub const THRESHOLDS: [f32; 5] = [0.3, 0.35, 0.4, 0.45, 0.5];

/// How the models are made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Parts that the sites are split into for cross-validation; fewer than 2 for none, and then there are no figures.
    pub folds: usize,
    /// How many times each page is used with an insertion, another one each time.
    pub insertions: usize,
    /// How trees are grown.
    pub settings: boost::Settings,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            folds: 4,
            insertions: 3,
            settings: boost::Settings::default(),
        }
    }
}

/// How far the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// This many of all pages are read.
    Read {
        /// Pages read.
        done: usize,
        /// All pages.
        of: usize,
    },
    /// All pages are rows now.
    Prepared {
        /// Sites among them.
        sites: usize,
        /// Blocks of the pages as they are.
        blocks: usize,
    },
    /// This many folds are trained and measured.
    Fold {
        /// Folds done.
        done: usize,
        /// All folds.
        of: usize,
    },
    /// The model of all pages is trained.
    Trained {
        /// Its trees.
        trees: usize,
    },
    /// The line model has come this far, in words.
    Lines(String),
}

/// A file of weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// The name of the file in the model's folder.
    pub file: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What comes out.
#[derive(Debug, Clone)]
pub struct Made {
    /// The files of weights.
    pub weights: Vec<Weights>,
    /// How good the block model is, by cross-validation.
    pub figures: Figures,
    /// How good the line model is, by cross-validation.
    pub lines: Vec<Figure>,
}

/// Makes every model of the cleaner from these pages, and measures them. The same pages in the same order give the
/// same bytes. No page, no model: the weights of no pages keep nothing.
#[must_use]
pub fn run(examples: &[Example], plan: &Plan, progress: &mut dyn FnMut(Step)) -> Made {
    let pages = Pages::prepare(examples, plan, progress);
    let figures = cross_validate(&pages, plan, progress);
    let model = pages.train(plan, |_| true);
    progress(Step::Trained {
        trees: model.trees.len(),
    });
    drop(pages);
    let (line_model, lines) = lines::make(examples, plan.folds, &plan.settings, &mut |told| {
        progress(Step::Lines(told.to_owned()));
    });
    let weights = [("blocks.bin", &model), ("lines.bin", &line_model)].map(|(file, model)| Weights {
        file,
        bytes: model.write(),
    });
    Made {
        weights: weights.into(),
        figures,
        lines,
    }
}

/// All pages, as they are and with insertions.
struct Pages<'a> {
    examples: &'a [Example],
    plain: Vec<Prepared>,
    /// One round after the other, each as long as `plain`.
    inserted: Vec<Prepared>,
    sites: usize,
}

impl<'a> Pages<'a> {
    fn prepare(examples: &'a [Example], plan: &Plan, progress: &mut dyn FnMut(Step)) -> Self {
        let mut sites: BTreeMap<&str, usize> = BTreeMap::new();
        for example in examples {
            let next = sites.len();
            sites.entry(&example.group).or_insert(next);
        }
        let site_of = |example: &Example| sites.get(example.group.as_str()).copied().unwrap_or(0);
        let of = examples.len() * (1 + plan.insertions);
        let mut done = 0;
        let mut read = |example: &Example| {
            let prepared = prepare(example, site_of(example));
            done += 1;
            progress(Step::Read { done, of });
            prepared
        };
        let plain: Vec<Prepared> = examples.iter().map(&mut read).collect();
        let inserted = (0..plan.insertions)
            .flat_map(|round| (0..examples.len()).map(move |index| (round, index)))
            .map(|(round, index)| read(&with_insertion(examples, index, round)).changed())
            .collect();
        progress(Step::Prepared {
            sites: sites.len(),
            blocks: plain.iter().map(|page| page.rows.len()).sum(),
        });
        Self {
            examples,
            plain,
            inserted,
            sites: sites.len(),
        }
    }

    /// A model of the pages of these sites.
    fn train(&self, plan: &Plan, is_in: impl Fn(usize) -> bool) -> Model {
        let all = self.plain.iter().chain(&self.inserted);
        let pages: Vec<&Prepared> = all.filter(|page| is_in(page.group)).collect();
        train(&pages, &plan.settings)
    }
}

/// A page with the insertion that is its turn; the text inserted is that of a page near by, because what lies side by
/// side in a set is mostly of one language, and sometimes of one site, as it is on the web.
fn with_insertion(examples: &[Example], index: usize, round: usize) -> Example {
    let turn = index + round * (5 + examples.len());
    let other = &examples[(index + 1 + turn % 3) % examples.len()];
    augment::augment(&examples[index], other, turn, turn / augment::VARIANTS)
}

fn cross_validate(pages: &Pages<'_>, plan: &Plan, progress: &mut dyn FnMut(Step)) -> Figures {
    let mut figures = Figures::new(pages.examples.len(), pages.sites);
    if plan.folds < 2 {
        return figures;
    }
    for fold in 0..plan.folds {
        let model = pages.train(plan, |site| site % plan.folds != fold);
        let scorer = Scorer::new(model.clone());
        let measured = |example: &Example, page: &Prepared| measured(&model, &scorer, example, page);
        for (index, example) in pages.examples.iter().enumerate() {
            let plain = &pages.plain[index];
            if plain.group % plan.folds != fold {
                continue;
            }
            figures.add(&example.set, false, &measured(example, plain));
            if let Some(inserted) = pages.inserted.get(index) {
                let example = with_insertion(pages.examples, index, 0);
                figures.add(&example.set, true, &measured(&example, inserted));
            }
        }
        progress(Step::Fold {
            done: fold + 1,
            of: plan.folds,
        });
    }
    figures
}

/// One page by a model that has not seen its site: by the scores alone at each threshold, and by the whole extractor.
fn measured(model: &Model, scorer: &Scorer, example: &Example, page: &Prepared) -> Measured {
    let counts = |found: &str| measure::counts(&example.story, found);
    let extracted = html::extract_by(scorer, &example.html, example.url.as_deref(), &Known::default());
    Measured {
        blocks: THRESHOLDS.map(|threshold| counts(&keep(model, page, threshold))),
        extracted: counts(&extracted.map(|found| found.text()).unwrap_or_default()),
    }
}
