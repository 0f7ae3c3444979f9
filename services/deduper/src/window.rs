//! Who entered when: the articles in order of entry, for the end of the window and for postings.

use std::collections::{BTreeMap, VecDeque};

use crate::store::Store;

/// Milliseconds of a part of the window: adding an article that is late costs as much as its part is long.
const PART: i64 = 60_000;

/// Slots in order of entry. Articles mostly come in that order, and the oldest leave first, so both ends are tried
/// first.
#[derive(Debug, Default)]
pub(crate) struct Order(VecDeque<u32>);

impl Order {
    pub(crate) fn insert(&mut self, slot: u32, store: &Store) {
        if self.0.back().is_none_or(|&last| store.compare(last, slot).is_lt()) {
            self.0.push_back(slot);
            return;
        }
        let place = self.0.partition_point(|&other| store.compare(other, slot).is_lt());
        if self.0.get(place) != Some(&slot) {
            self.0.insert(place, slot);
        }
    }

    pub(crate) fn remove(&mut self, slot: u32, store: &Store) {
        if self.0.front() == Some(&slot) {
            self.0.pop_front();
        } else {
            let place = self.0.partition_point(|&other| store.compare(other, slot).is_lt());
            if self.0.get(place) == Some(&slot) {
                self.0.remove(place);
            }
        }
        if 64 < self.0.capacity() && self.0.len() < self.0.capacity() / 4 {
            self.0.shrink_to(self.0.capacity() / 2);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The slots, the oldest first.
    pub(crate) fn slots(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.0.iter().copied()
    }

    /// Bytes that it takes up.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + self.0.capacity() * size_of::<u32>()
    }

    /// How many entered before a time.
    pub(crate) fn before(&self, time: i64, store: &Store) -> usize {
        let is_before = |slot: &u32| store.entry(*slot).is_some_and(|entry| entry.entered < time);
        self.0.partition_point(is_before)
    }
}

/// All articles in order of entry.
#[derive(Debug, Default)]
pub(crate) struct Window(BTreeMap<i64, Order>);

impl Window {
    pub(crate) fn insert(&mut self, slot: u32, store: &Store) {
        self.0.entry(part_of(slot, store)).or_default().insert(slot, store);
    }

    /// Takes a slot away while the store still has its article.
    pub(crate) fn remove(&mut self, slot: u32, store: &Store) {
        let part = part_of(slot, store);
        let Some(order) = self.0.get_mut(&part) else { return };
        order.remove(slot, store);
        if order.len() == 0 {
            self.0.remove(&part);
        }
    }

    /// The slots, the oldest first.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> {
        self.0.values().flat_map(Order::slots)
    }

    /// Bytes that it takes up, about.
    pub(crate) fn bytes(&self) -> usize {
        self.0.values().map(|order| size_of::<i64>() + order.bytes()).sum()
    }

    /// The newest.
    pub(crate) fn newest(&self) -> Option<u32> {
        self.0.last_key_value()?.1.slots().next_back()
    }
}

fn part_of(slot: u32, store: &Store) -> i64 {
    store.entry(slot).map_or(0, |entry| entry.entered.div_euclid(PART))
}
