//! Set phrases, found by how they begin.
//!
//! Most lines begin like none of them, and most places in a line, too: two bytes say so. An expression of all phrases
//! takes longer to compile than ten pages to clean, and then works its states out again for each page in another
//! language.

use crate::extracted::RemovedKind;

/// Phrases of one kind of place in a line.
pub(super) struct Index {
    /// In order, with their kinds.
    phrases: Vec<(&'static str, RemovedKind)>,
    /// A bit for each two bytes: whether a phrase begins with them.
    beginnings: Vec<u64>,
    /// Bytes of the longest one.
    longest: usize,
}

impl Index {
    /// Phrases in order. One of a single byte is found as a whole only.
    pub(super) fn of(phrases: impl IntoIterator<Item = (&'static str, RemovedKind)>) -> Self {
        let phrases: Vec<_> = phrases.into_iter().collect();
        let mut beginnings = vec![0_u64; 1 << 10];
        for pair in phrases.iter().filter_map(|(phrase, _)| pair(phrase.as_bytes())) {
            beginnings[usize::from(pair >> 6)] |= 1 << (pair & 63);
        }
        Self {
            longest: phrases.iter().map(|(phrase, _)| phrase.len()).max().unwrap_or(0),
            phrases,
            beginnings,
        }
    }

    /// The phrases that begin as `text` does, in order.
    fn alike(&self, text: &[u8]) -> &[(&'static str, RemovedKind)] {
        let Some(pair) = pair(text).filter(|pair| self.beginnings[usize::from(pair >> 6)] >> (pair & 63) & 1 == 1)
        else {
            return &[];
        };
        let [from, to] = [u32::from(pair), u32::from(pair) + 1].map(|bound| {
            let is_before = |(phrase, _): &(&str, _)| self::pair(phrase.as_bytes()).map_or(0, u32::from) < bound;
            self.phrases.partition_point(is_before)
        });
        &self.phrases[from..to]
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
        let bytes = text.as_bytes();
        (0..bytes.len()).find_map(|at| {
            let rest = bytes.get(at..).unwrap_or_default();
            let mut alike = self.alike(rest).iter();
            alike
                .find(|(phrase, _)| rest.starts_with(phrase.as_bytes()))
                .map(|(_, kind)| *kind)
        })
    }
}

/// The first two bytes as a number, which is in the order of the bytes. A text of one byte has no second one.
fn pair(text: &[u8]) -> Option<u16> {
    let first = *text.first()?;
    Some(u16::from_be_bytes([first, text.get(1).copied().unwrap_or(0)]))
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
            phrases in prop::collection::btree_set("[abé]{2,4}", 0..6),
            text in "[abé ]{0,12}",
            last in "[abé ]",
        ) {
            let phrases = phrases.into_iter().map(|phrase| &*Box::leak(phrase.into_boxed_str())).zip(KINDS);
            let phrases: Vec<(&str, RemovedKind)> = phrases.collect();
            let index = Index::of(phrases.iter().copied());
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
