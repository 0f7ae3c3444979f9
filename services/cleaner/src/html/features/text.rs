//! A block by itself: length, sentences, letters, set phrases, likeness to the title.

use std::collections::{BTreeMap, BTreeSet};

use super::super::element::Cue;
use super::super::page::{Page, RawBlock};
use super::{log, share};
use crate::extracted::RemovedKind;
use crate::phrases::{Said, said};
use crate::words;

/// Blocks whose words are told apart: enough for any article, and a bound on the work.
const MAX_WORDS: usize = 400;

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

/// The shapes of all blocks of a page.
pub(super) fn shapes(page: &Page, title: &str) -> Vec<Shape> {
    let title_words: BTreeSet<String> = words::words(title).into_iter().collect();
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let keys: Vec<u64> = page
        .blocks
        .iter()
        .map(|block| super::super::element::hash(words::start(&block.text, 400).as_bytes()))
        .collect();
    for key in &keys {
        *counts.entry(*key).or_default() += 1;
    }
    let shape_of = |(block, key): (&RawBlock, &u64)| {
        let mut shape = shape(block, &title_words);
        shape.repeats = counts.get(key).copied().unwrap_or(1);
        shape
    };
    page.blocks.iter().zip(&keys).map(shape_of).collect()
}

fn shape(block: &RawBlock, title: &BTreeSet<String>) -> Shape {
    let text = words::start(&block.text, 4000);
    let mut shape = Shape {
        sentences: words::sentence_ends(text),
        ends_sentence: words::ends_sentence(&block.text),
        commas: text
            .chars()
            .filter(|character| matches!(character, ',' | '،' | '、' | '，' | ';'))
            .count(),
        said: said(&block.text),
        ..Shape::default()
    };
    letters(text, &mut shape);
    spelled(text, &mut shape);
    if block.size < 400.0 && !title.is_empty() {
        let found = words::words(text);
        let in_title = found.iter().filter(|word| title.contains(*word)).count();
        let distinct: BTreeSet<&String> = found.iter().filter(|word| title.contains(*word)).collect();
        shape.block_in_title = share(in_title as f32, found.len() as f32);
        shape.title_in_block = share(distinct.len() as f32, title.len() as f32);
    }
    shape
}

fn letters(text: &str, shape: &mut Shape) {
    let (mut letters, mut capitals, mut digits, mut all) = (0.0, 0.0, 0.0, 0.0);
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        all += 1.0;
        if character.is_alphabetic() {
            letters += 1.0;
            capitals += f32::from(u8::from(character.is_uppercase()));
        }
        digits += f32::from(u8::from(character.is_numeric()));
    }
    shape.capitals = share(capitals, letters);
    shape.digits = share(digits, all);
}

fn spelled(text: &str, shape: &mut Shape) {
    let (mut count, mut capitalised, mut short, mut length) = (0.0, 0.0, 0.0, 0.0);
    for word in text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
    {
        let characters = word.chars().count() as f32;
        count += 1.0;
        length += characters;
        short += f32::from(u8::from(characters <= 3.0));
        capitalised += f32::from(u8::from(word.chars().next().is_some_and(char::is_uppercase)));
    }
    shape.words = count as usize;
    shape.title_case = share(capitalised, count);
    shape.short_words = share(short, count);
    shape.word_length = share(length, count);
}

/// What the first character is, as a number.
fn first_character(text: &str) -> f32 {
    match text.chars().next() {
        Some(character) if character.is_uppercase() => 1.0,
        Some(character) if character.is_lowercase() => 2.0,
        Some(character) if character.is_alphabetic() => 3.0,
        Some(character) if character.is_numeric() => 4.0,
        Some('"' | '“' | '«' | '„' | '「' | '‘' | '\'') => 5.0,
        Some('-' | '–' | '—' | '•' | '*' | '·' | '■' | '▪') => 6.0,
        _ => 7.0,
    }
}

pub(super) fn push(block: &RawBlock, shape: &Shape, row: &mut Vec<f32>) {
    let flag = |condition: bool| f32::from(u8::from(condition));
    let says = |kind: RemovedKind| flag(shape.said.is(kind));
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
        first_character(&block.text),
        shape.short_words,
        shape.word_length,
        log(block.links as f32),
        flag(block.text.contains('@') || block.text.contains("http") || block.text.contains("www.")),
        shape.title_in_block,
        shape.block_in_title,
        log(shape.repeats as f32),
        says(RemovedKind::Related) + says(RemovedKind::PreviousNext),
        says(RemovedKind::Comments) + says(RemovedKind::Thanks),
        says(RemovedKind::Newsletter),
        says(RemovedKind::Share),
        says(RemovedKind::Copyright) + says(RemovedKind::Cookie),
        says(RemovedKind::Byline),
        says(RemovedKind::DateLine) + says(RemovedKind::ViewCounter),
        says(RemovedKind::Caption),
        says(RemovedKind::AuthorBio),
        says(RemovedKind::Ad) + says(RemovedKind::Paywall),
        says(RemovedKind::Navigation) + says(RemovedKind::Breadcrumb) + says(RemovedKind::Tags),
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
