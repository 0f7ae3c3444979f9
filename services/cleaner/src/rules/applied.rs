//! What matching elements do to the blocks of a page.
//!
//! The blocks and the tree that selectors see come from one page, so their texts are one text. Each block is found
//! there again by its letters, at the place where the last one ended or a little further on; what a block's letters
//! stand in is what the block stands in. A block that can't be found is left to the model.

use std::ops::Range;

use super::Key;
use super::reading::Reading;
use crate::extracted::RemovedKind;
use crate::html::page::{Page, RawBlock};

/// Bytes looked through for a block that does not stand where it should.
const MAX_AHEAD: usize = 32 * 1024;
/// Bytes looked through for all such blocks of a page.
const MAX_SEARCHED: usize = 16 * 1024 * 1024;
/// Blocks told of one selector.
const MAX_SAMPLES: usize = 5;
/// Bytes told of one block.
const MAX_SAMPLE: usize = 120;

/// What operators' rules did to a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Every selector that was tried, in the order of the file.
    pub selectors: Vec<SelectorOutcome>,
    /// Numbers of rules of which a selector of each key matched.
    pub matched: Vec<u32>,
    /// Numbers of rules with a key none of whose selectors matched.
    pub missed: Vec<u32>,
    /// Numbers of rules whose last day is over.
    pub expired: Vec<u32>,
    /// Blocks that are kept only because of the rules.
    pub put_back: usize,
    /// Blocks that are cut only because of the rules.
    pub taken: usize,
}

impl Outcome {
    /// Whether an operator's `keep` said what the story is, all of it: nothing else may cut it then.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.selectors
            .iter()
            .any(|selector| selector.key == Key::Keep && selector.blocks > 0)
    }
}

/// What one selector matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorOutcome {
    /// The number of the rule, from 1.
    pub rule: u32,
    /// What it is for.
    pub key: Key,
    /// The selector as it is written.
    pub selector: String,
    /// Elements that it matched.
    pub elements: u32,
    /// Blocks of text within them, in whole or in part.
    pub blocks: usize,
    /// How the first of these blocks begin.
    pub samples: Vec<String>,
}

/// A part of a block that was cut out of it: the index of the block, and the text.
pub(crate) type CutPart = (usize, String);

impl Reading {
    /// Decides about the blocks that the rules speak of. `taken` gets the kind of what they cut.
    pub(crate) fn apply(
        self,
        page: &mut Page,
        keep: &mut [bool],
        taken: &mut [Option<RemovedKind>],
    ) -> (Outcome, Vec<CutPart>) {
        let places = locate(&self.letters, &page.blocks);
        let mut outcome = self.outcome(page, &places);
        let cuts = merged(self.spans(Key::Cut));
        let keeps = merged(self.spans(Key::Keep));
        let mut parts = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let (Some(block), Some(keep), Some(taken), Some(place)) = (
                page.blocks.get_mut(index),
                keep.get_mut(index),
                taken.get_mut(index),
                place,
            ) else {
                continue;
            };
            let was_kept = *keep;
            if !keeps.is_empty() {
                *keep = 2 * covered(&keeps, place) > place.len();
            }
            if *keep && covered(&cuts, place) > 0 {
                match cut_out(&block.text, place.start, &cuts) {
                    Some((left, cut)) => {
                        block.text = left;
                        parts.push((index, cut));
                    }
                    None => *keep = false,
                }
            }
            match (was_kept, *keep) {
                (true, false) => {
                    *taken = Some(RemovedKind::Rule);
                    outcome.taken += 1;
                }
                (false, true) => {
                    *taken = None;
                    outcome.put_back += 1;
                }
                _ => {}
            }
        }
        (outcome, parts)
    }

    fn spans(&self, key: Key) -> Vec<Range<usize>> {
        let found = self.selectors.iter().filter(|found| found.key == key);
        found.flat_map(|found| found.spans.iter().cloned()).collect()
    }

    fn outcome(&self, page: &Page, places: &[Option<Range<usize>>]) -> Outcome {
        let mut outcome = Outcome {
            expired: self.expired.clone(),
            ..Outcome::default()
        };
        for found in &self.selectors {
            let within =
                |place: &Option<Range<usize>>| place.as_ref().is_some_and(|place| covered(&found.spans, place) > 0);
            let blocks: Vec<&RawBlock> = page
                .blocks
                .iter()
                .zip(places)
                .filter(|(_, place)| within(place))
                .map(|(block, _)| block)
                .collect();
            let start = |block: &&RawBlock| crate::words::start(&block.text, MAX_SAMPLE).to_owned();
            outcome.selectors.push(SelectorOutcome {
                rule: found.rule,
                key: found.key,
                selector: found.selector.clone(),
                elements: found.elements,
                blocks: blocks.len(),
                samples: blocks.iter().take(MAX_SAMPLES).map(start).collect(),
            });
        }
        for rule in outcome.selectors.chunk_by(|left, right| left.rule == right.rule) {
            let is_missed = [Key::Keep, Key::Cut, Key::Title].iter().any(|key| {
                let mut own = rule.iter().filter(|selector| selector.key == *key).peekable();
                own.peek().is_some() && own.all(|selector| selector.blocks == 0)
            });
            let number = rule.first().map_or(0, |selector| selector.rule);
            if is_missed {
                outcome.missed.push(number);
            } else {
                outcome.matched.push(number);
            }
        }
        outcome
    }
}

/// Where the letters of each block stand in the letters of the page; none for those that can't be found.
fn locate(letters: &str, blocks: &[RawBlock]) -> Vec<Option<Range<usize>>> {
    let (mut at, mut searched) = (0, 0);
    let mut locate_one = |block: &RawBlock| {
        let own: String = block.text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let rest = letters.get(at..)?;
        let mut start = at;
        if !rest.starts_with(&own) {
            if searched > MAX_SEARCHED {
                return None;
            }
            let ahead = crate::words::start(rest, MAX_AHEAD + own.len());
            searched += ahead.len();
            start += ahead.find(&own)?;
        }
        at = start + own.len();
        Some(start..at)
    };
    blocks.iter().map(&mut locate_one).collect()
}

/// Spans in order, those that touch or overlap as one.
fn merged(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_unstable_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// How many bytes of a place stand in spans, which are in order and apart.
fn covered(spans: &[Range<usize>], place: &Range<usize>) -> usize {
    let first = spans.partition_point(|span| span.end <= place.start);
    let touching = spans.iter().skip(first).take_while(|span| span.start < place.end);
    touching
        .map(|span| span.end.min(place.end).saturating_sub(span.start.max(place.start)))
        .sum()
}

/// A text without what stands in `cuts`, and what was cut; nothing when no word is left. Its first letter stands at
/// `start`.
fn cut_out(text: &str, start: usize, cuts: &[Range<usize>]) -> Option<(String, String)> {
    let (mut left, mut cut) = (String::with_capacity(text.len()), String::new());
    let mut at = start;
    let mut was_cut = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            left.push(letter);
            cut.push(letter);
            continue;
        }
        let is_cut = covered(cuts, &(at..at + 1)) > 0;
        at += letter.len_utf8();
        let side = if is_cut { &mut cut } else { &mut left };
        // Words that the cut part stood between stay two.
        if !is_cut && was_cut && letter.is_alphanumeric() && side.ends_with(char::is_alphanumeric) {
            side.push(' ');
        }
        side.push(letter);
        was_cut = is_cut;
    }
    let fold = |text: &str| {
        let lines = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    left.contains(char::is_alphanumeric).then(|| (fold(&left), fold(&cut)))
}

#[cfg(test)]
mod tests {
    use super::{covered, cut_out, merged};

    #[test]
    fn spans_are_merged_and_measured() {
        let spans = merged(vec![5..9, 0..2, 8..12, 20..21]);
        assert_eq!(spans, [0..2, 5..12, 20..21]);
        for (place, expected) in [(0..30, 10), (2..5, 0), (6..7, 1), (11..21, 2), (3..3, 0)] {
            assert_eq!(covered(&spans, &place), expected, "{place:?}");
        }
    }

    #[test]
    fn a_part_of_a_paragraph_is_cut_out_of_it() {
        let check = |text: &str, cut: std::ops::Range<usize>, expected: Option<(&str, &str)>| {
            let found = cut_out(text, 10, &[cut]);
            let found = found.as_ref().map(|(left, cut)| (left.as_str(), cut.as_str()));
            assert_eq!(found, expected, "{text}");
        };
        check("one two three", 13..16, Some(("one three", "two")));
        check("one two", 0..99, None);
        check("one.", 10..13, None);
        check("onetwoone", 13..16, Some(("one one", "two")));
        check("ébé", 10..12, Some(("bé", "é")));
    }
}
