//! The model at work: a page's blocks in, the score of each out, with as little looking up as can be.

use std::sync::LazyLock;

use super::forest::{Forest, LANES};
use super::model::{Model, WIDTH};
use super::page::{Page, RawBlock};
use super::rows::Rows;
use super::tables::{self, LEVELS, MAX_WORDS, TABLE_FEATURES, Table, narrow};

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
        for (chunk, blocks) in page.blocks.chunks(LANES).enumerate() {
            for (lane, (block, row)) in blocks.iter().zip(rows.by_ref()).enumerate() {
                let weighed = self.weigh(page, (chunk * LANES + lane, block), &names);
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
    fn weigh(&self, page: &Page, (place, block): (usize, &RawBlock), names: &[Weight]) -> [f32; TABLE_FEATURES] {
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
        let (mut sum, mut least, mut found) = (0, 0, 0);
        let words = page.word_hashes.start(place, &block.text, tables::MAX_TEXT, MAX_WORDS);
        for weight in words.iter().filter_map(|word| self.words.get(narrow(*word))) {
            sum += weight;
            least = least.min(weight);
            found += 1;
        }
        let unit = |sixteenths: i32| sixteenths as f32 / 16.0;
        let mean = unit(sum) / found.max(1) as f32;
        [unit(own), unit(all.sum), unit(all.least), mean, unit(sum), unit(least)]
    }
}

/// A table as an open hash, so that a word costs a look or two. Most words are in none, so the words lie apart from
/// what they weigh: four bytes of each are looked at.
#[derive(Debug, Default)]
struct Index {
    /// Words; a power of two of them, at most half of them full.
    words: Vec<u32>,
    /// What they weigh, in the same order.
    weights: Vec<i8>,
    /// What the word weighs whose number stands for an empty place.
    of_empty: Option<i8>,
}

/// Stands where no word is.
const EMPTY: u32 = 0;

impl Index {
    fn of(table: &Table) -> Self {
        let size = (2 * table.len() + 1).next_power_of_two();
        let mut index = Self {
            words: vec![EMPTY; size],
            weights: vec![0; size],
            of_empty: None,
        };
        for (word, weight) in table {
            if *word == EMPTY {
                index.of_empty.get_or_insert(*weight);
                continue;
            }
            let at = index.place(*word);
            if let Some(place) = index.words.get_mut(at)
                && *place == EMPTY
            {
                *place = *word;
                index.weights[at] = *weight;
            }
        }
        index
    }

    /// The place that a word is in, or would be. There is always an empty one.
    fn place(&self, word: u32) -> usize {
        let mask = self.words.len().saturating_sub(1);
        let mut at = word as usize & mask;
        while self
            .words
            .get(at)
            .is_some_and(|found| *found != word && *found != EMPTY)
        {
            at = (at + 1) & mask;
        }
        at
    }

    fn get(&self, word: u32) -> Option<i32> {
        if word == EMPTY {
            return self.of_empty.map(i32::from);
        }
        let at = self.place(word);
        let is_there = *self.words.get(at)? == word;
        is_there.then(|| self.weights.get(at).copied().map(i32::from))?
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
