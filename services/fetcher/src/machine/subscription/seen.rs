//! The entries that a feed showed, packed: a feed has tens of them, an instance millions.

use schemas::time::Timestamp;

/// Room for so many more marks is made at a time, so that a feed has little room that it doesn't use.
const ROOM_MIN: usize = 4;

/// Bits of a mark that count changes. The others hold a time in milliseconds until far behind the year 9999.
const CHANGES_BITS: u32 = 16;

/// What is kept of a seen entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::machine) struct Mark {
    /// The hash of the entry's id or link.
    entry: u64,
    /// The hash of what would change with a new version of the article.
    pub(in crate::machine) fingerprint: u64,
    /// When it was seen last and how often it changed, in one number: apart they would take half as much again.
    seen_and_changes: u64,
}

impl Mark {
    /// A time before 1970 becomes 1970, and changes beyond 65,535 are that many.
    pub(in crate::machine) fn new(entry: u64, fingerprint: u64, last_seen_at: Timestamp, changes: u32) -> Self {
        let millis = u64::try_from(last_seen_at.as_millis()).unwrap_or(0);
        let changes = u16::try_from(changes).unwrap_or(u16::MAX);
        Self {
            entry,
            fingerprint,
            seen_and_changes: (millis << CHANGES_BITS) | u64::from(changes),
        }
    }

    /// A poll that showed it: the last one, or one of the days before.
    pub(in crate::machine) fn last_seen_at(&self) -> Timestamp {
        let millis = self.seen_and_changes >> CHANGES_BITS;
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// How often it was fetched again because its fingerprint changed.
    pub(in crate::machine) fn changes(&self) -> u32 {
        let [.., high, low] = self.seen_and_changes.to_be_bytes();
        u32::from(u16::from_be_bytes([high, low]))
    }
}

/// The marks of one feed, by entry.
///
/// A sorted list: a tree takes more than twice the memory, and a feed's marks are few enough to be moved.
#[derive(Debug, Default)]
pub(in crate::machine) struct Seen {
    marks: Vec<Mark>,
}

impl Seen {
    pub(in crate::machine) fn get(&self, entry: u64) -> Option<&Mark> {
        self.place(entry).ok().and_then(|at| self.marks.get(at))
    }

    /// All entries with their marks, in the order of their hashes.
    pub(in crate::machine) fn iter(&self) -> impl Iterator<Item = (u64, &Mark)> {
        self.marks.iter().map(|mark| (mark.entry, mark))
    }

    pub(in crate::machine) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    pub(in crate::machine) fn len(&self) -> usize {
        self.marks.len()
    }

    pub(in crate::machine) fn insert(&mut self, mark: Mark) {
        match self.place(mark.entry) {
            Ok(at) => self.marks[at] = mark,
            Err(at) => {
                if self.marks.len() == self.marks.capacity() {
                    self.marks.reserve_exact(ROOM_MIN.max(self.marks.len() / 8));
                }
                self.marks.insert(at, mark);
            }
        }
    }

    pub(in crate::machine) fn remove(&mut self, entry: u64) {
        if let Ok(at) = self.place(entry) {
            self.marks.remove(at);
        }
        if self.marks.len() < self.marks.capacity() / 2 {
            self.marks.shrink_to(self.marks.len() + ROOM_MIN);
        }
    }

    fn place(&self, entry: u64) -> Result<usize, usize> {
        self.marks.binary_search_by_key(&entry, |mark| mark.entry)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    #[test]
    fn a_mark_is_small() {
        assert!(
            size_of::<Mark>() <= 24,
            "{} bytes, millions of times",
            size_of::<Mark>()
        );
    }

    #[test]
    fn a_mark_keeps_time_and_changes() {
        let check = |millis: i64, changes: u32, expected: (i64, u32)| {
            let mark = Mark::new(1, 2, Timestamp::from_millis(millis), changes);
            assert_eq!((mark.last_seen_at().as_millis(), mark.changes()), expected);
        };
        check(1_795_000_000_999, 7, (1_795_000_000_999, 7));
        check(0, 0, (0, 0));
        check(-1, 1, (0, 1));
        check(1, 70_000, (1, 65_535));
        let last = Timestamp::from_millis(i64::MAX).as_millis();
        check(i64::MAX, 65_535, (last, 65_535));
    }

    proptest! {
        #[test]
        fn is_a_map_from_entries_to_marks(steps in vec((0..40_u64, any::<Option<u32>>()), 0..200)) {
            let mut seen = Seen::default();
            let mut map = BTreeMap::new();
            for (entry, changes) in steps {
                match changes {
                    Some(changes) => {
                        let mark = Mark::new(entry, u64::from(changes), Timestamp::default(), changes);
                        seen.insert(mark);
                        map.insert(entry, mark);
                    }
                    None => {
                        seen.remove(entry);
                        map.remove(&entry);
                    }
                }
                assert_eq!(seen.get(entry), map.get(&entry));
                assert_eq!((seen.is_empty(), seen.len()), (map.is_empty(), map.len()));
            }
            let all: Vec<(u64, Mark)> = seen.iter().map(|(entry, mark)| (entry, *mark)).collect();
            assert_eq!(all, map.into_iter().collect::<Vec<(u64, Mark)>>());
        }
    }
}
