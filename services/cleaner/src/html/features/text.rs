//! A block by itself: length, sentences, letters, set phrases, likeness to the title.

use std::collections::BTreeMap;

use super::super::element::Cue;
use super::super::page::{Page, RawBlock};
use super::tally::Tally;
use super::{log, share};
use crate::phrases::{Said, said};
use crate::words;

/// Bytes of a block that are read.
const MAX_TEXT: usize = 4000;

/// The shape of a text.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    words: usize,
    /// Ends of sentences in it.
    pub sentences: usize,
    /// It ends as a sentence does.
    pub ends_sentence: bool,
    capitals: f32,
    title_case: f32,
    digits: f32,
    short_words: f32,
    word_length: f32,
    commas: usize,
    title_in_block: f32,
    /// Share of the block's words that are in the title.
    pub block_in_title: f32,
    /// How often the text stands on the page.
    pub repeats: usize,
    /// Set phrases in it.
    pub(crate) said: Said,
}

/// The words of the headline, hashed, and which of them a block has.
struct Title {
    /// Sorted, without repetition.
    words: Vec<u64>,
    seen: Vec<bool>,
}

/// The shapes of all blocks of a page.
pub(super) fn shapes(page: &Page, title: &str) -> Vec<Shape> {
    let mut title = Title::of(title);
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let keys: Vec<u64> = page
        .blocks
        .iter()
        .map(|block| super::super::element::hash(words::start(&block.text, 400).as_bytes()))
        .collect();
    for key in &keys {
        *counts.entry(*key).or_default() += 1;
    }
    let shape_of = |(index, (block, key)): (usize, (&RawBlock, &u64))| {
        let mut shape = shape(page, (index, block), &mut title);
        shape.repeats = counts.get(key).copied().unwrap_or(1);
        shape
    };
    page.blocks.iter().zip(&keys).enumerate().map(shape_of).collect()
}

fn shape(page: &Page, (index, block): (usize, &RawBlock), title: &mut Title) -> Shape {
    let text = words::start(&block.text, MAX_TEXT);
    let tally = Tally::of(text);
    let rate = |part: u32, whole: u32| share(part as f32, whole as f32);
    let mut shape = Shape {
        words: tally.words as usize,
        sentences: tally.sentences as usize,
        ends_sentence: words::ends_sentence(&block.text),
        capitals: rate(tally.capitals, tally.letters),
        title_case: rate(tally.capitalised, tally.words),
        digits: rate(tally.digits, tally.characters),
        short_words: rate(tally.short, tally.words),
        word_length: rate(tally.length, tally.words),
        commas: tally.commas as usize,
        said: said(&block.text),
        ..Shape::default()
    };
    if block.size < 400.0 && !title.words.is_empty() {
        (shape.block_in_title, shape.title_in_block) =
            title.shares(&page.word_hashes.start(index, &block.text, MAX_TEXT, usize::MAX));
    }
    shape
}

impl Title {
    fn of(title: &str) -> Self {
        let mut words = Vec::new();
        words::each_hash(title, |hash| {
            words.push(hash);
            true
        });
        words.sort_unstable();
        words.dedup();
        Self {
            seen: vec![false; words.len()],
            words,
        }
    }

    /// The share of a text's words that are in the title, and of the title's that are in the text.
    fn shares(&mut self, words: &[u64]) -> (f32, f32) {
        let mut in_title = 0;
        self.seen.fill(false);
        for word in words {
            if let Ok(at) = self.words.binary_search(word) {
                in_title += 1;
                self.seen[at] = true;
            }
        }
        let distinct = self.seen.iter().filter(|seen| **seen).count();
        (
            share(in_title as f32, words.len() as f32),
            share(distinct as f32, self.words.len() as f32),
        )
    }
}

pub(super) fn push(block: &RawBlock, shape: &Shape, row: &mut Vec<f32>) {
    let flag = |condition: bool| f32::from(u8::from(condition));
    row.extend([
        log(block.size),
        log(shape.words as f32),
        share(block.link_size, block.size),
        share(block.bold_size, block.size),
        log(shape.sentences as f32),
        share(100.0 * shape.sentences as f32, block.size),
        flag(shape.ends_sentence),
        flag(block.text.ends_with([':', '：'])),
        flag(block.text.ends_with(['?', '？', '؟'])),
        share(100.0 * shape.commas as f32, block.size),
        shape.capitals,
        shape.title_case,
        shape.digits,
        words::first_character(&block.text),
        shape.short_words,
        shape.word_length,
        log(block.links as f32),
        flag(block.text.contains('@') || block.text.contains("http") || block.text.contains("www.")),
        shape.title_in_block,
        shape.block_in_title,
        log(shape.repeats as f32),
    ]);
    row.extend(shape.said.groups());
    row.extend([
        if shape.said.whole.is_some() {
            2.0
        } else {
            flag(shape.said.start.is_some())
        },
        flag(block.after_break),
        flag(block.inline_cues & (1 << Cue::Meta as u8) != 0),
        flag(block.inline_cues & !(1 << Cue::Meta as u8) != 0),
    ]);
}
