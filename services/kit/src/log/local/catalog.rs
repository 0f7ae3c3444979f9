//! Which offsets each partition holds and on which shelf they lie, in memory.
//!
//! It is what readers see: a record is visible when the catalog says so, and the committer tells it only after the
//! record is on disk.

use std::collections::{BTreeMap, BTreeSet};

use schemas::topic::Topic;

use super::super::{Bounds, Offsets};
use super::shelf::{Class, Shelf};

/// Every partition that was ever written.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    partitions: BTreeMap<(Topic, u32), Partition>,
}

/// One partition.
#[derive(Debug, Clone, Default)]
struct Partition {
    /// The offset after the last record.
    end: u64,
    /// First offset of each run of records and where it lies. Empty for compacted topics.
    segments: BTreeMap<u64, Shelf>,
    /// Compacted topics only: no record lies before this offset.
    floor: u64,
}

/// Where to look for records from an offset on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The shelf; `None` for compacted topics.
    pub shelf: Option<Shelf>,
    /// The offset where the next place begins, or the partition ends.
    pub until: u64,
}

impl Catalog {
    /// The offsets of a partition that are visible.
    pub(super) fn bounds(&self, topic: Topic, partition: u32) -> Bounds {
        let Some(known) = self.partitions.get(&(topic, partition)) else {
            return Bounds { first: 0, end: 0 };
        };
        let first = match Class::of(topic) {
            Some(_) => known.segments.first_key_value().map_or(known.end, |(first, _)| *first),
            None => known.floor,
        };
        Bounds { first, end: known.end }
    }

    /// Where the record at `offset`, or the next one after it, lies; `None` at the end.
    pub(super) fn place(&self, topic: Topic, partition: u32, offset: u64) -> Option<Place> {
        let known = self
            .partitions
            .get(&(topic, partition))
            .filter(|known| offset < known.end)?;
        let at = known.segments.range(..=offset).next_back();
        let next = known.segments.range(offset.saturating_add(1)..).next();
        let until = next.map_or(known.end, |(first, _)| *first);
        Some(Place {
            shelf: at.or(next).map(|(_, shelf)| *shelf),
            until,
        })
    }

    /// The shelf that a partition's last records lie on.
    pub(super) fn last_shelf(&self, topic: Topic, partition: u32) -> Option<Shelf> {
        self.partitions
            .get(&(topic, partition))?
            .segments
            .last_key_value()
            .map(|(_, shelf)| *shelf)
    }

    /// Notes that the records of a partition from `first` on lie on `shelf`.
    pub(super) fn start_segment(&mut self, topic: Topic, partition: u32, first: u64, shelf: Shelf) {
        self.partitions
            .entry((topic, partition))
            .or_default()
            .segments
            .insert(first, shelf);
    }

    /// Makes the records of a partition before `end` visible.
    pub(super) fn set_end(&mut self, topic: Topic, partition: u32, end: u64) {
        self.partitions.entry((topic, partition)).or_default().end = end;
    }

    /// Notes that a compacted partition has no record before `floor`.
    pub(super) fn set_floor(&mut self, topic: Topic, partition: u32, floor: u64) {
        let known = self.partitions.entry((topic, partition)).or_default();
        known.floor = floor.clamp(known.floor, known.end);
    }

    /// Every shelf that records lie on, oldest first.
    pub(super) fn shelves(&self) -> BTreeSet<Shelf> {
        self.partitions
            .values()
            .flat_map(|known| known.segments.values().copied())
            .collect()
    }

    /// The segments that lie on `shelf`, by partition and first offset.
    pub(super) fn segments_on(&self, shelf: Shelf) -> Vec<(Topic, u32, u64)> {
        let of_partition = |(&(topic, partition), known): (&(Topic, u32), &Partition)| {
            let on_shelf = known.segments.iter().filter(move |(_, at)| **at == shelf);
            on_shelf
                .map(|(first, _)| (topic, partition, *first))
                .collect::<Vec<_>>()
        };
        self.partitions.iter().flat_map(of_partition).collect()
    }

    /// True when a group that reads a partition of `shelf` has yet to read records on it. Groups are those that have
    /// committed offsets.
    pub(super) fn is_unread(&self, shelf: Shelf, committed: &BTreeMap<String, Offsets>) -> bool {
        self.segments_on(shelf).into_iter().any(|(topic, partition, first)| {
            let until = self.place(topic, partition, first).map_or(first, |place| place.until);
            let stands_before = |offsets: &Offsets| offsets.get(&(topic, partition)).is_some_and(|at| *at < until);
            committed.values().any(stands_before)
        })
    }

    /// Forgets the records on `shelf`.
    pub(super) fn remove_shelf(&mut self, shelf: Shelf) {
        for known in self.partitions.values_mut() {
            known.segments.retain(|_, at| *at != shelf);
        }
    }
}
