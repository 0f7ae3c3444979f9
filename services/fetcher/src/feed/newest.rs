//! The newest entries out of a stream of them.

use std::cmp::Reverse;

use super::Entry;

/// Keeps the newest entries, and never more than four times as many.
pub(super) struct Newest {
    entries_max: usize,
    /// How many were added.
    seen: usize,
    are_all_dated: bool,
    /// With their places in the document, in its order: the first ones and the newest ones, which of them counts is
    /// known at the end.
    kept: Vec<(usize, Entry)>,
}

impl Newest {
    pub(super) fn new(entries_max: usize) -> Self {
        Self {
            entries_max,
            seen: 0,
            are_all_dated: true,
            kept: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, entry: Entry) {
        self.are_all_dated &= date(&entry).is_some();
        if self.are_all_dated || self.seen < self.entries_max {
            self.kept.push((self.seen, entry));
        }
        self.seen += 1;
        // Twice what stays at most, so that each entry is looked at a few times and not at every other one.
        if self.entries_max.saturating_mul(4).max(64) <= self.kept.len() {
            self.shrink();
        }
    }

    pub(super) fn into_entries(mut self) -> Vec<Entry> {
        self.shrink();
        let entries_max = self.entries_max;
        let newest = newest_places(&self.kept, entries_max);
        let counts = |place: usize| match self.are_all_dated {
            true => newest.binary_search(&place).is_ok(),
            false => place < entries_max,
        };
        let kept = self.kept.into_iter().filter(|(place, _)| counts(*place));
        kept.map(|(_, entry)| entry).collect()
    }

    /// Drops what is neither among the first nor among the newest.
    fn shrink(&mut self) {
        let newest = newest_places(&self.kept, self.entries_max);
        let entries_max = self.entries_max;
        self.kept
            .retain(|(place, _)| *place < entries_max || newest.binary_search(place).is_ok());
    }
}

/// The places of the `count` newest entries, ascending; of two from one time the first in the document counts more.
fn newest_places(entries: &[(usize, Entry)], count: usize) -> Vec<usize> {
    let mut dated: Vec<_> = entries
        .iter()
        .map(|(place, entry)| (Reverse(date(entry)), *place))
        .collect();
    dated.sort_unstable();
    let mut places: Vec<usize> = dated.into_iter().take(count).map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}

fn date(entry: &Entry) -> Option<schemas::time::Timestamp> {
    entry.published.or(entry.updated)
}

#[cfg(test)]
mod tests {
    use proptest::{collection, option, prop_assert, prop_assert_eq, proptest};
    use schemas::time::Timestamp;

    use super::*;

    fn entry(millis: Option<i64>) -> Entry {
        Entry {
            published: millis.map(Timestamp::from_millis),
            ..Entry::default()
        }
    }

    #[test]
    fn without_all_dates_the_first_ones_count() {
        let mut newest = Newest::new(2);
        for millis in [Some(1), None, Some(3)] {
            newest.add(entry(millis));
        }
        assert_eq!(newest.into_entries(), [entry(Some(1)), entry(None)]);
    }

    proptest! {
        #[test]
        fn gives_what_sorting_all_of_them_would(
            dates in collection::vec(option::weighted(0.99, 0..50_i64), 0..300),
            count in 0..20_usize,
        ) {
            let mut newest = Newest::new(count);
            let mut most = 0;
            for millis in &dates {
                newest.add(entry(*millis));
                most = most.max(newest.kept.len());
            }
            prop_assert!(most <= (4 * count).max(64));
            let mut places: Vec<usize> = (0..dates.len()).collect();
            if dates.iter().all(Option::is_some) {
                places.sort_by_key(|place| Reverse(dates[*place]));
            }
            places.truncate(count);
            places.sort_unstable();
            let expected: Vec<Entry> = places.into_iter().map(|place| entry(dates[place])).collect();
            prop_assert_eq!(newest.into_entries(), expected);
        }
    }
}
