//! The memory of a host in bytes: small numbers, little endian.
//!
//! A count of articles; for each, newest first: its name (4 bytes), a count of words of the headline, the words (2
//! bytes each). Then, to the end, the fingerprints in ascending order: each 4 bytes, and on which articles (2 bytes).

use super::history::{ARTICLES, History, Mark, PRINTS, Slot};
use super::lines::TITLE_WORDS;

/// The version of the format, and of what the fingerprints cover: those of another one are never met again.
pub(super) const FORMAT: u32 = 1;

/// Writes a memory.
pub(super) fn encode(history: &History) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.push(u8::try_from(history.slots.len()).unwrap_or(0));
    for slot in &history.slots {
        bytes.extend(slot.article.to_le_bytes());
        bytes.push(u8::try_from(slot.title.len()).unwrap_or(0));
        bytes.extend(slot.title.iter().flat_map(|word| word.to_le_bytes()));
    }
    for mark in &history.marks {
        bytes.extend(mark.print.to_le_bytes());
        bytes.extend(mark.on.to_le_bytes());
    }
    bytes
}

/// Reads a memory; `None` when the bytes are none.
pub(super) fn decode(bytes: &[u8]) -> Option<History> {
    let (count, mut rest) = bytes.split_first()?;
    if ARTICLES < usize::from(*count) {
        return None;
    }
    let mut slots = Vec::new();
    for _ in 0..*count {
        let (article, after) = rest.split_first_chunk::<4>()?;
        let (words, after) = after.split_first()?;
        let (title, after) = after.split_at_checked(2 * usize::from(*words))?;
        let title: Vec<u16> = title
            .chunks_exact(2)
            .filter_map(|word| Some(u16::from_le_bytes(word.try_into().ok()?)))
            .collect();
        if TITLE_WORDS < title.len() || !title.is_sorted() {
            return None;
        }
        slots.push(Slot {
            article: u32::from_le_bytes(*article),
            title,
        });
        rest = after;
    }
    let mut marks: Vec<Mark> = Vec::new();
    while let Some((print, after)) = rest.split_first_chunk::<4>() {
        let (on, after) = after.split_first_chunk::<2>()?;
        let print = u32::from_le_bytes(*print);
        let is_next = marks.last().is_none_or(|last| last.print < print);
        if !is_next || PRINTS <= marks.len() {
            return None;
        }
        marks.push(Mark {
            print,
            on: u16::from_le_bytes(*on),
        });
        rest = after;
    }
    rest.is_empty().then_some(History { slots, marks })
}
