//! Set phrases, found by how they begin.
//!
//! Most lines begin like none of them, and most places in a line, too: four bytes say so. An expression of all phrases
//! takes longer to compile than ten pages to clean, and then works its states out again for each page in another
//! language.

use crate::extracted::RemovedKind;

/// Bits of the hash of a beginning.
const HASH_BITS: u32 = 14;

/// Phrases of one kind of place in a line.
pub(super) struct Index {
    /// In order, with their kinds.
    phrases: Vec<(&'static str, RemovedKind)>,
    /// Their beginnings.
    keys: Vec<u32>,
    /// How many bytes of a phrase are its beginning, one to four.
    width: usize,
    /// A bit for each hash of a beginning: whether a phrase has one like that.
    beginnings: [u64; 1 << (HASH_BITS - 6)],
    /// Bytes of the longest one.
    longest: usize,
}

impl Index {
    /// Phrases in order, with the bytes that each has at least if more than whole texts are looked up.
    pub(super) fn of(phrases: impl IntoIterator<Item = (&'static str, RemovedKind)>, width: usize) -> Self {
        let phrases: Vec<_> = phrases.into_iter().collect();
        let mut index = Self {
            longest: phrases.iter().map(|(phrase, _)| phrase.len()).max().unwrap_or(0),
            width: width.clamp(1, 4),
            beginnings: [0; 1 << (HASH_BITS - 6)],
            phrases: Vec::new(),
            keys: Vec::new(),
        };
        for (phrase, _) in &phrases {
            let beginning = index.beginning(phrase.as_bytes());
            index.keys.push(beginning);
            let (slot, bit) = place(beginning);
            index.beginnings[slot] |= bit;
        }
        Self { phrases, ..index }
    }

    /// The first bytes as a number, which is in the order of the bytes; zeros stand for those that are missing.
    fn beginning(&self, text: &[u8]) -> u32 {
        let bytes = (0..4).map(|at| text.get(at).copied().filter(|_| at < self.width).unwrap_or(0));
        bytes.fold(0, |number, byte| number << 8 | u32::from(byte))
    }

    /// The phrases that begin as `text` does, in order.
    fn alike(&self, text: &[u8]) -> &[(&'static str, RemovedKind)] {
        let beginning = self.beginning(text);
        let (slot, bit) = place(beginning);
        if self.beginnings[slot] & bit == 0 {
            return &[];
        }
        let from = self.keys.partition_point(|key| *key < beginning);
        let alike = self.keys[from..].iter().take_while(|key| **key == beginning);
        &self.phrases[from..from + alike.count()]
    }

    /// The phrase that is all of `text`.
    pub(super) fn whole(&self, text: &str) -> Option<RemovedKind> {
        if text.len() > self.longest {
            return None;
        }
        let alike = self.alike(text.as_bytes());
        let found = alike.binary_search_by(|(phrase, _)| (*phrase).cmp(text)).ok()?;
        alike.get(found).map(|(_, kind)| *kind)
    }

    /// The longest phrase that `text` starts with and that `ends` well there.
    pub(super) fn start(&self, text: &str, ends: impl Fn(&str) -> bool) -> Option<RemovedKind> {
        // Of the phrases that a text starts with, each starts the next in order.
        let mut alike = self.alike(text.as_bytes()).iter().rev();
        alike
            .find(|(phrase, _)| text.starts_with(phrase) && ends(phrase))
            .map(|(_, kind)| *kind)
    }

    /// The first phrase in `text`.
    pub(super) fn within(&self, text: &str) -> Option<RemovedKind> {
        let (bytes, spare) = (text.as_bytes(), 8 * (4 - self.width));
        let mut last = 0_u32;
        for (at, byte) in bytes.iter().enumerate() {
            last = last << 8 | u32::from(*byte);
            let (slot, bit) = place(last << spare);
            if self.beginnings[slot] & bit == 0 || at + 1 < self.width {
                continue;
            }
            let rest = bytes.get(at + 1 - self.width..).unwrap_or_default();
            let mut alike = self.alike(rest).iter();
            if let Some((_, kind)) = alike.find(|(phrase, _)| rest.starts_with(phrase.as_bytes())) {
                return Some(*kind);
            }
        }
        None
    }
}

/// The word and the bit in it for a beginning.
fn place(beginning: u32) -> (usize, u64) {
    let hash = beginning.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Index;
    use crate::extracted::RemovedKind;

    /// As many kinds as there are phrases in a case.
    const KINDS: [RemovedKind; 6] = [
        RemovedKind::Ad,
        RemovedKind::Byline,
        RemovedKind::Caption,
        RemovedKind::Comments,
        RemovedKind::Cookie,
        RemovedKind::Share,
    ];

    proptest! {
        #[test]
        fn phrases_are_those_that_a_look_at_each_finds(
            phrases in prop::collection::btree_set("[abé]{2,6}", 0..6),
            text in "[abé ]{0,12}",
            last in "[abé ]",
        ) {
            let phrases = phrases.into_iter().map(|phrase| &*Box::leak(phrase.into_boxed_str())).zip(KINDS);
            let phrases: Vec<(&str, RemovedKind)> = phrases.collect();
            let width = phrases.iter().map(|(phrase, _)| phrase.len()).min().unwrap_or(4).min(4);
            let index = Index::of(phrases.iter().copied(), width);
            let kind_of = |found: Option<&(&str, RemovedKind)>| found.map(|(_, kind)| *kind);
            let ends = |phrase: &str| !phrase.ends_with(&last);
            let whole = phrases.iter().find(|(phrase, _)| *phrase == text);
            prop_assert_eq!(index.whole(&text), kind_of(whole));
            let starts = phrases.iter().filter(|(phrase, _)| text.starts_with(phrase) && ends(phrase));
            prop_assert_eq!(index.start(&text, ends), kind_of(starts.max_by_key(|(phrase, _)| phrase.len())));
            let places = phrases.iter().filter_map(|found| Some((text.find(found.0)?, found)));
            let first = places.min_by_key(|(at, (phrase, _))| (*at, *phrase)).map(|(_, found)| found);
            prop_assert_eq!(index.within(&text), kind_of(first));
        }
    }
}
