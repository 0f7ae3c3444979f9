//! The entries that a feed showed, packed: a feed has tens of them, an instance millions.

use schemas::time::Timestamp;

/// Room for so many more marks is made at a time, so that a feed has little room that it doesn't use.
const ROOM_MIN: usize = 4;

/// What is kept of a seen entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::machine) struct Mark {
    /// The hash of the entry's id or link.
    entry: u64,
    /// The hash of what would change with a new version of the article.
    pub(in crate::machine) fingerprint: u64,
    /// Seconds since 1970, which fit until 2106: ages are counted in seconds, and a mark is a third smaller.
    last_seen_seconds: u32,
    /// How often it was fetched again because its fingerprint changed.
    pub(in crate::machine) changes: u32,
}

impl Mark {
    pub(super) fn new(entry: u64, fingerprint: u64, last_seen_at: Timestamp, changes: u32) -> Self {
        let seconds = last_seen_at.as_millis().div_euclid(1_000).max(0);
        Self {
            entry,
            fingerprint,
            last_seen_seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            changes,
        }
    }

    /// A poll that showed it, to the second.
    pub(in crate::machine) fn last_seen_at(&self) -> Timestamp {
        Timestamp::from_seconds(i64::from(self.last_seen_seconds))
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

    pub(super) fn insert(&mut self, mark: Mark) {
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
    fn times_that_do_not_fit_become_the_nearest_that_do() {
        let check = |millis: i64, expected_seconds: i64| {
            let mark = Mark::new(1, 2, Timestamp::from_millis(millis), 0);
            assert_eq!(mark.last_seen_at(), Timestamp::from_seconds(expected_seconds));
        };
        check(1_795_000_000_999, 1_795_000_000);
        check(0, 0);
        check(-1, 0);
        check(i64::MAX, i64::from(u32::MAX));
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
                assert_eq!(seen.is_empty(), map.is_empty());
            }
            let all: Vec<(u64, Mark)> = seen.iter().map(|(entry, mark)| (entry, *mark)).collect();
            assert_eq!(all, map.into_iter().collect::<Vec<(u64, Mark)>>());
        }
    }
}
