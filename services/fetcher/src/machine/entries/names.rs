//! By what name an entry is known again at the next poll: its id, where that does its duty, else its link.
//!
//! Some feeds give all their entries one id, and some give each a new one at every poll. So that the latter are known
//! by their links without a second mark for each, half of a fingerprint's bits are of the link.

use std::collections::{BTreeMap, BTreeSet};

use crate::feed::Entry;
use crate::machine::subscription::Seen;
use crate::stable_hash::stable_hash;

/// The half of a fingerprint that is of the link.
const LINK_BITS: u64 = 0xffff_ffff;

/// A fingerprint of an entry's text and its link.
pub(super) fn with_link(text: u64, link: Option<&str>) -> u64 {
    (text & !LINK_BITS) | (link.map_or(0, hash_of) & LINK_BITS)
}

/// True when two fingerprints are of one text.
pub(super) fn has_same_text(left: u64, right: u64) -> bool {
    left & !LINK_BITS == right & !LINK_BITS
}

fn hash_of(name: &str) -> u64 {
    stable_hash(&[name.as_bytes()])
}

/// The names of a document's entries.
pub(super) struct Names<'a> {
    seen: &'a Seen,
    /// Ids that several entries have, with a link each.
    shared: BTreeSet<u64>,
    /// Names of seen entries by the link's half of their fingerprints; empty where each entry is known by its id.
    by_link: BTreeMap<u64, u64>,
}

impl<'a> Names<'a> {
    /// For `entries` of a feed of which `seen` were shown before.
    pub(super) fn of(entries: &[Entry], seen: &'a Seen) -> Self {
        let mut links: BTreeMap<u64, &str> = BTreeMap::new();
        let mut shared = BTreeSet::new();
        let mut is_any_new = false;
        for entry in entries {
            let Some((key, link)) = entry.key.as_deref().zip(entry.link.as_deref()) else {
                continue;
            };
            let name = hash_of(key);
            is_any_new |= seen.get(name).is_none();
            if *links.entry(name).or_insert(link) != link {
                shared.insert(name);
            }
        }
        let by_link = match is_any_new && !seen.is_empty() {
            true => seen
                .iter()
                .map(|(name, mark)| (mark.fingerprint & LINK_BITS, name))
                .collect(),
            false => BTreeMap::new(),
        };
        Self { seen, shared, by_link }
    }

    /// What tells `entry` from its siblings at every poll; `None` where it has neither id nor link.
    ///
    /// An id that was never seen, on a link that was, is a new id of an old entry.
    pub(super) fn of_entry(&self, entry: &Entry) -> Option<u64> {
        let by_link = entry.link.as_deref().map(hash_of);
        let by_key = entry.key.as_deref().map(hash_of);
        let name = by_key.filter(|name| !self.shared.contains(name)).or(by_link)?;
        if self.seen.get(name).is_some() {
            return Some(name);
        }
        let known = by_link.and_then(|link| self.by_link.get(&(link & LINK_BITS)));
        Some(known.copied().unwrap_or(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::subscription::Mark;
    use schemas::time::Timestamp;

    fn entry(key: &str, link: &str) -> Entry {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Entry {
            key: text(key),
            link: text(link),
            ..Entry::default()
        }
    }

    fn names(entries: &[Entry], seen: &Seen) -> Vec<Option<u64>> {
        let names = Names::of(entries, seen);
        entries.iter().map(|entry| names.of_entry(entry)).collect()
    }

    fn seen(entries: &[(&str, &str)]) -> Seen {
        let mut seen = Seen::default();
        for (key, link) in entries {
            let fingerprint = with_link(7 << 40, Some(link));
            seen.insert(Mark::new(hash_of(key), fingerprint, Timestamp::default(), 0));
        }
        seen
    }

    #[test]
    fn an_entry_is_known_by_its_id_else_by_its_link() {
        let entries = [entry("a", "/1"), entry("", "/2"), entry("c", ""), entry("", "")];
        let expected = [Some(hash_of("a")), Some(hash_of("/2")), Some(hash_of("c")), None];
        assert_eq!(names(&entries, &Seen::default()), expected);
    }

    #[test]
    fn an_id_of_several_entries_names_none_of_them() {
        let entries = [entry("a", "/1"), entry("a", "/2"), entry("b", "/3"), entry("b", "/3")];
        let expected = ["/1", "/2", "b", "b"].map(|name| Some(hash_of(name)));
        assert_eq!(names(&entries, &Seen::default()), expected);
    }

    #[test]
    fn a_new_id_on_a_link_that_was_seen_is_an_old_entry() {
        let seen = seen(&[("a", "/1"), ("b", "/2")]);
        let entries = [entry("x", "/1"), entry("b", "/9"), entry("y", "/3")];
        let expected = ["a", "b", "y"].map(|name| Some(hash_of(name)));
        assert_eq!(names(&entries, &seen), expected);
    }

    #[test]
    fn the_halves_of_a_fingerprint_are_apart() {
        let text = 0x0123_4567_89ab_cdef;
        assert!(has_same_text(with_link(text, Some("/1")), with_link(text, Some("/2"))));
        assert!(has_same_text(text, with_link(text, None)));
        assert!(!has_same_text(
            with_link(text, Some("/1")),
            with_link(text ^ (1 << 32), Some("/1"))
        ));
    }
}
