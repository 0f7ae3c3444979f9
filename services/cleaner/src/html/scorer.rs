//! The model at work: a page's blocks in, the score of each out, with as little looking up as can be.

use std::sync::LazyLock;

use super::element::hash;
use super::forest::{Forest, LANES};
use super::model::{Model, WIDTH};
use super::page::{Page, RawBlock};
use super::rows::Rows;
use super::tables::{self, LEVELS, MAX_WORDS, TABLE_FEATURES, Table, narrow};
use crate::words;

/// A model, laid out for scoring.
#[derive(Debug, Default)]
pub struct Scorer {
    model: Model,
    /// None when the trees can't be laid out: then they are walked.
    forest: Option<Forest>,
    names: Index,
    words: Index,
}

static SHIPPED: LazyLock<Scorer> =
    LazyLock::new(|| Scorer::new(Model::read(include_bytes!("../../model/blocks.bin")).unwrap_or_default()));

/// The model that ships with the crate.
pub(super) fn shipped() -> &'static Scorer {
    &SHIPPED
}

/// Weight of the names of an element, in sixteenths: all words, and the worst of them.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    sum: i32,
    least: i32,
}

impl Scorer {
    /// Lays out a model.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self {
            forest: Forest::of(&model.trees),
            names: Index::of(&model.tables.names),
            words: Index::of(&model.tables.words),
            model,
        }
    }

    /// The score of every block, 0 to 1. `rows` are the features of the page's blocks, without those of the tables.
    #[must_use]
    pub fn scores(&self, page: &Page, rows: &Rows) -> Vec<f32> {
        let names: Vec<Weight> = page.names.iter().map(|names| self.weigh_names(&names.words)).collect();
        let mut scores = Vec::with_capacity(page.blocks.len());
        let mut columns = vec![[0.0; LANES]; WIDTH];
        let mut rows = rows.iter();
        for blocks in page.blocks.chunks(LANES) {
            for (lane, (block, row)) in blocks.iter().zip(rows.by_ref()).enumerate() {
                let weighed = self.weigh(page, block, &names);
                for (column, value) in columns.iter_mut().zip(row.iter().chain(&weighed)) {
                    column[lane] = *value;
                }
            }
            let sums = self.sums(&columns);
            scores.extend(sums.iter().take(blocks.len()).map(|sum| self.model.probability(*sum)));
        }
        scores
    }

    fn sums(&self, columns: &[[f32; LANES]]) -> [f32; LANES] {
        match &self.forest {
            Some(forest) => forest.sums(columns),
            None => std::array::from_fn(|lane| {
                let row: Vec<f32> = columns.iter().map(|column| column[lane]).collect();
                self.model.sum(&row)
            }),
        }
    }

    fn weigh_names(&self, words: &[u64]) -> Weight {
        let found = words.iter().filter_map(|word| self.names.get(narrow(*word)));
        found.fold(Weight::default(), |weight, found| Weight {
            sum: weight.sum + found,
            least: weight.least.min(found),
        })
    }

    /// The features of the tables, as [`tables::push`] has them. Sums of sixteenths are exact in any order.
    fn weigh(&self, page: &Page, block: &RawBlock, names: &[Weight]) -> [f32; TABLE_FEATURES] {
        let weight_of = |index: u32| names.get(index as usize).copied().unwrap_or_default();
        // The inline element that the text starts in, and the block element around it, are the block's own.
        let mut all = weight_of(block.inline_names);
        let mut own = all.sum;
        let mut index = block.element;
        for level in 0..LEVELS {
            let Some(element) = page.elements.get(index as usize) else {
                break;
            };
            let weight = weight_of(element.names);
            own += if level == 0 { weight.sum } else { 0 };
            all.sum += weight.sum;
            all.least = all.least.min(weight.least);
            index = element.parent;
        }
        let (mut sum, mut least, mut found, mut read) = (0, 0, 0, 0);
        words::each(tables::read_part(&block.text), |word| {
            if let Some(weight) = self.words.get(narrow(hash(word.as_bytes()))) {
                sum += weight;
                least = least.min(weight);
                found += 1;
            }
            read += 1;
            read < MAX_WORDS
        });
        let unit = |sixteenths: i32| sixteenths as f32 / 16.0;
        let mean = unit(sum) / found.max(1) as f32;
        [unit(own), unit(all.sum), unit(all.least), mean, unit(sum), unit(least)]
    }
}

/// A table as an open hash, so that a word costs a look or two.
#[derive(Debug, Default)]
struct Index {
    /// Words with their weights; a power of two of them, at most half of them full.
    slots: Vec<Option<(u32, i8)>>,
}

impl Index {
    fn of(table: &Table) -> Self {
        let mut index = Self {
            slots: vec![None; (2 * table.len() + 1).next_power_of_two()],
        };
        for (word, weight) in table {
            if let Some(slot) = index.slot(*word)
                && let Some(slot) = index.slots.get_mut(slot)
            {
                slot.get_or_insert((*word, *weight));
            }
        }
        index
    }

    /// The slot that a word is in, or would be.
    fn slot(&self, word: u32) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let start = word as usize & mask;
        (start..=mask)
            .chain(0..start)
            .find(|slot| self.slots[*slot].is_none_or(|(found, _)| found == word))
    }

    fn get(&self, word: u32) -> Option<i32> {
        let slot = self.slot(word)?;
        let (_, weight) = (*self.slots.get(slot)?)?;
        Some(i32::from(weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::features;
    use crate::html::model::Node;

    #[test]
    fn the_model_of_this_crate_fits_its_features() {
        let shipped = shipped();
        assert!(100 <= shipped.model.trees.len());
        let questions = shipped.model.trees.iter().flatten().filter_map(|node| match node {
            Node::Split { feature, .. } => Some(usize::from(*feature)),
            Node::Leaf(_) => None,
        });
        assert!(questions.max().is_some_and(|feature| feature < WIDTH));
        assert!(shipped.forest.is_some());
    }

    #[test]
    fn scores_are_those_of_the_rows_one_by_one() {
        let story = "<p>The ferry that left the harbour at dawn came back at noon, with all its crew on deck.</p>";
        let html = format!(
            "<nav class='menu main-menu'><a href=/>Home</a></nav><article class='post entry'><h1>The ferry is back</h1>\
             {}</article><div id='comments'>Subscribe to our newsletter</div>",
            story.repeat(20)
        );
        let page = crate::html::page::read(&html).0;
        let rows = features::describe(&page, "The ferry is back").rows;
        let model = &shipped().model;
        let expected = page.blocks.iter().zip(rows.iter()).map(|(block, row)| {
            let mut row = row.to_vec();
            tables::push(&model.tables, &tables::evidence(&page, block), &mut row);
            model.score(&row)
        });
        let expected: Vec<f32> = expected.collect();
        assert_eq!(shipped().scores(&page, &rows), expected);
        let walked = Scorer {
            forest: None,
            ..Scorer::new(model.clone())
        };
        assert_eq!(walked.scores(&page, &rows), expected);
    }
}
