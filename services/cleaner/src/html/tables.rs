//! What words say: how much more often a word of a name, or of a text, stands on the story's side of pages.
//!
//! Learned by counting sites, not occurrences, so that no single site teaches its own names.

use super::element::hash;
use super::page::{Page, RawBlock};
use crate::words;

/// Elements above a block whose names are read.
pub(super) const LEVELS: usize = 4;
/// Words read of one block.
pub(super) const MAX_WORDS: usize = 80;
/// Bytes of one block whose words are read.
pub(super) const MAX_TEXT: usize = 1000;

/// Evidence per word: its hash, and a sixteenth of log-odds per unit. Sorted by hash.
pub type Table = Vec<(u32, i8)>;

/// The tables of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// For words in class names and ids.
    pub names: Table,
    /// For words in texts.
    pub words: Table,
}

/// Features that come out of the tables.
pub const TABLE_FEATURES: usize = 6;

/// The words of a block, hashed: those of names, nearest element first, and those of its text.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Per level above the block, the words of that element's names.
    pub names: Vec<Vec<u32>>,
    /// Words of the text, in order.
    pub words: Vec<u32>,
}

/// Reads the words of a block.
pub fn evidence(page: &Page, block: &RawBlock) -> Evidence {
    let mut names = Vec::with_capacity(LEVELS + 1);
    names.push(
        page.names
            .get(block.inline_names as usize)
            .map(|names| narrow_all(&names.words))
            .unwrap_or_default(),
    );
    let mut index = block.element;
    for _ in 0..LEVELS {
        let Some(element) = page.elements.get(index as usize) else {
            break;
        };
        names.push(
            page.names
                .get(element.names as usize)
                .map(|names| narrow_all(&names.words))
                .unwrap_or_default(),
        );
        index = element.parent;
    }
    let mut words = Vec::new();
    words::each(read_part(&block.text), |word| {
        words.push(narrow(hash(word.as_bytes())));
        words.len() < MAX_WORDS
    });
    Evidence { names, words }
}

/// The part of a text whose words are read.
fn read_part(text: &str) -> &str {
    words::start(text, MAX_TEXT)
}

fn narrow_all(hashes: &[u64]) -> Vec<u32> {
    hashes.iter().map(|hash| narrow(*hash)).collect()
}

/// The key that a word has in a table.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the upper half is folded in, so nothing is lost that a 32-bit key needs"
)]
pub(crate) fn narrow(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// Weighs the evidence of a block.
pub fn push(tables: &Tables, evidence: &Evidence, row: &mut Vec<f32>) {
    let weighed = |names: &[Vec<u32>]| -> Vec<f32> {
        names
            .iter()
            .flatten()
            .filter_map(|word| weigh(&tables.names, *word))
            .collect()
    };
    // The inline element that the text starts in, and the block element around it, are the block's own.
    let (own, around) = evidence.names.split_at(evidence.names.len().min(2));
    let (own, around) = (weighed(own), weighed(around));
    let words: Vec<f32> = evidence
        .words
        .iter()
        .filter_map(|word| weigh(&tables.words, *word))
        .collect();
    let own_sum: f32 = own.iter().sum();
    let word_sum: f32 = words.iter().sum();
    let least = |weights: &[f32]| weights.iter().copied().fold(0.0, f32::min);
    row.push(own_sum);
    row.push(own_sum + around.iter().sum::<f32>());
    row.push(least(&own).min(least(&around)));
    row.push(word_sum / words.len().max(1) as f32);
    row.push(word_sum);
    row.push(least(&words));
}

pub(crate) fn weigh(table: &Table, word: u32) -> Option<f32> {
    let at = table.binary_search_by_key(&word, |(hash, _)| *hash).ok()?;
    table.get(at).map(|(_, weight)| f32::from(*weight) / 16.0)
}
