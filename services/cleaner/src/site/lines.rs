//! An article as the memory of its site sees it: fingerprints of its lines, where they stand, and which article it is.

use schemas::article::{Block, BlockKind};

use crate::html::element::hash;
use crate::words;

/// Lines remembered from the top and from the end of an article. What recurs stands there, or in the middle of stories
/// that are hardly longer.
const TOP: usize = 10;
const END: usize = 14;
/// Lines from the top and from the end of which the first and the last words count by themselves.
const TOP_EDGE: usize = 2;
const END_EDGE: usize = 4;
/// Weighted characters up to which a line is short: numbers in it and words at one of its ends may change.
const SHORT: f32 = 140.0;
/// Weighted characters from which a line that ends a sentence is prose.
const PROSE: f32 = 80.0;
/// Weighted characters below which a line says too little to be told from others.
const MIN_SIZE: f32 = 4.0;
/// Bytes of a line that its fingerprint covers.
const MAX_BYTES: usize = 300;
/// First or last words that make a fingerprint.
const ENDS: usize = 3;
/// Words kept of a headline, sampled so that the same word is kept of every headline or of none.
pub(super) const TITLE_WORDS: usize = 6;

/// One line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Fingerprint of the whole.
    pub(super) whole: Option<u32>,
    /// Fingerprints of the first and of the last words, of short lines at the edges.
    pub(super) ends: [Option<u32>; 2],
    /// Weighted characters.
    pub(super) size: f32,
    /// It reads like running text by itself.
    pub(super) is_prose: bool,
    /// It is a sub-heading.
    pub(super) is_heading: bool,
}

/// An article in lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// Which article, by its address.
    pub(super) article: u32,
    /// Sampled words of its headline, in order of their fingerprints.
    pub(super) title: Vec<u16>,
    /// Its lines, one for each block.
    pub(super) lines: Vec<Line>,
}

impl Lines {
    /// Reads an article that is told from others by `name`.
    pub(super) fn read(name: &str, title: &str, blocks: &[Block]) -> Self {
        let mut lines: Vec<Line> = blocks.iter().map(line).collect();
        let count = lines.len();
        for (index, (line, block)) in lines.iter_mut().zip(blocks).enumerate() {
            let is_edge = index < TOP_EDGE || count - index <= END_EDGE;
            if is_edge && line.size <= SHORT && !line.is_prose && block.kind != BlockKind::TableRow {
                line.ends = ends(&block.text);
            }
        }
        Self {
            article: fold(hash(name.as_bytes())),
            title: title_words(title),
            lines,
        }
    }

    /// The fingerprints worth remembering, in ascending order, each once.
    pub(super) fn prints(&self) -> Vec<u32> {
        let count = self.lines.len();
        let near = |index: &usize| *index < TOP || count - index <= END;
        let near = (0..count).filter(near).filter_map(|index| self.lines.get(index));
        let mut prints: Vec<u32> = near
            .flat_map(|line| [line.whole, line.ends[0], line.ends[1]])
            .flatten()
            .collect();
        prints.sort_unstable();
        prints.dedup();
        prints
    }
}

fn line(block: &Block) -> Line {
    let size = words::size(&block.text);
    let key = normal(words::start(&block.text, MAX_BYTES), size <= SHORT);
    Line {
        whole: (words::size(&key) >= MIN_SIZE).then(|| fold(hash(key.as_bytes()))),
        ends: [None, None],
        size,
        is_prose: size >= PROSE && words::ends_sentence(&block.text),
        is_heading: block.kind == BlockKind::Heading,
    }
}

/// Letters and digits in lower case; in short lines a number is a number, whichever it is.
fn normal(text: &str, is_short: bool) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars().filter(|character| character.is_alphanumeric()) {
        if is_short && character.is_numeric() {
            if !key.ends_with('0') {
                key.push('0');
            }
        } else {
            key.extend(character.to_lowercase());
        }
    }
    key
}

/// Fingerprints of the first and the last words of a line that has others besides.
fn ends(text: &str) -> [Option<u32>; 2] {
    let words = words::words(text);
    let Some(last) = words.len().checked_sub(ENDS).filter(|rest| *rest > 1) else {
        return [None, None];
    };
    let print = |mark: &str, words: &[String]| {
        let text = words.concat();
        let is_telling = words::size(&text) >= 2.0 * MIN_SIZE && !text.chars().any(char::is_numeric);
        is_telling.then(|| fold(hash(format!("{mark} {}", words.join(" ")).as_bytes())))
    };
    [
        words.get(..ENDS).and_then(|words| print("first", words)),
        words.get(last..).and_then(|words| print("last", words)),
    ]
}

/// A sample of the words of a headline: those whose fingerprints are lowest.
fn title_words(title: &str) -> Vec<u16> {
    let mut prints: Vec<u16> = words::words(title)
        .iter()
        .filter(|word| words::size(word) >= MIN_SIZE)
        .map(|word| short(hash(word.as_bytes())))
        .collect();
    prints.sort_unstable();
    prints.dedup();
    prints.truncate(TITLE_WORDS);
    prints
}

fn fold(hash: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are in the lower one")]
    let folded = (hash ^ hash >> 32) as u32;
    folded
}

fn short(hash: u64) -> u16 {
    let folded = fold(hash);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are in the lower one")]
    let short = (folded ^ folded >> 16) as u16;
    short
}
