//! What one synced batch will write: the commits that wait, put together.

use std::collections::BTreeMap;

use fjall::OwnedWriteBatch;
use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::super::{Commit, LogError, Offsets, Produce};
use super::catalog::Catalog;
use super::keys::{self, Meta};
use super::record::{self, take_array};
use super::shelf::{Class, Shelf};
use super::store::Store;

/// The commits of one batch, with offsets given to their records.
pub(super) struct Draft {
    now: Timestamp,
    shelves: BTreeMap<Class, Shelf>,
    ends: BTreeMap<(Topic, u32), u64>,
    segments: BTreeMap<(Topic, u32), (u64, Shelf)>,
    kept: Vec<(Shelf, [u8; 14], Vec<u8>)>,
    /// By message key: of several records with one key in one batch only the last is written.
    compacted: BTreeMap<(Topic, u32, Vec<u8>), Latest>,
    committed: BTreeMap<String, Offsets>,
}

struct Latest {
    offset: u64,
    is_tombstone: bool,
    bytes: Vec<u8>,
}

/// What the index says of a key.
struct Pointer {
    offset: u64,
    /// When the record is a tombstone: the time it was written.
    tombstone: Option<Timestamp>,
}

impl Draft {
    /// An empty batch, written at `now`; records of each class go to its shelf in `shelves`.
    pub(super) fn new(now: Timestamp, shelves: BTreeMap<Class, Shelf>) -> Self {
        Self {
            now,
            shelves,
            ends: BTreeMap::new(),
            segments: BTreeMap::new(),
            kept: Vec::new(),
            compacted: BTreeMap::new(),
            committed: BTreeMap::new(),
        }
    }

    /// Adds a commit by a member of `group`, or by nobody in particular.
    pub(super) fn add(&mut self, catalog: &Catalog, group: Option<&str>, commit: Commit) {
        for record in commit.records {
            self.add_record(catalog, record);
        }
        if let Some(group) = group {
            self.committed
                .entry(group.to_owned())
                .or_default()
                .extend(commit.offsets);
        }
    }

    fn add_record(&mut self, catalog: &Catalog, record: Produce) {
        let place = (record.topic, record.partition);
        let end = self
            .ends
            .entry(place)
            .or_insert_with(|| catalog.bounds(place.0, place.1).end);
        let offset = *end;
        *end += 1;
        let bytes = record::encode(&record, self.now);
        let shelf = Class::of(record.topic)
            .and_then(|class| self.shelves.get(&class))
            .copied();
        match shelf {
            Some(shelf) => {
                if catalog.last_shelf(place.0, place.1) != Some(shelf) {
                    self.segments.entry(place).or_insert((offset, shelf));
                }
                self.kept.push((shelf, keys::record(place.0, place.1, offset), bytes));
            }
            None => {
                let is_tombstone = record.value.is_none();
                let key = (place.0, place.1, record.key.unwrap_or_default());
                self.compacted.insert(
                    key,
                    Latest {
                        offset,
                        is_tombstone,
                        bytes,
                    },
                );
            }
        }
    }

    /// The bytes that go to each shelf.
    pub(super) fn sizes(&self) -> BTreeMap<Shelf, u64> {
        let mut sizes = BTreeMap::new();
        for (shelf, _, bytes) in &self.kept {
            *sizes.entry(*shelf).or_default() += bytes.len() as u64;
        }
        sizes
    }

    /// Puts everything into `batch`.
    pub(super) fn write(&mut self, store: &Store, batch: &mut OwnedWriteBatch) -> Result<(), LogError> {
        for (shelf, key, bytes) in std::mem::take(&mut self.kept) {
            let keyspace = store.shelf(shelf).ok_or_else(|| store.damaged())?;
            batch.insert(keyspace, key.as_slice(), bytes);
        }
        for ((topic, partition, key), latest) in std::mem::take(&mut self.compacted) {
            self.write_compacted(store, batch, (topic, partition), &key, latest)?;
        }
        for ((topic, partition), end) in &self.ends {
            batch.insert(
                &store.meta,
                Meta::End(*topic, *partition).key(),
                end.to_be_bytes().as_slice(),
            );
        }
        for ((topic, partition), (first, shelf)) in &self.segments {
            batch.insert(
                &store.meta,
                Meta::Segment(*topic, *partition, *first).key(),
                shelf.name().as_bytes(),
            );
        }
        for (group, offsets) in &self.committed {
            for ((topic, partition), offset) in offsets {
                let key = Meta::Committed(*topic, *partition, group.clone()).key();
                batch.insert(&store.meta, key, offset.to_be_bytes().as_slice());
            }
        }
        Ok(())
    }

    /// A new record of a key takes the place of the old one.
    fn write_compacted(
        &self,
        store: &Store,
        batch: &mut OwnedWriteBatch,
        (topic, partition): (Topic, u32),
        key: &[u8],
        latest: Latest,
    ) -> Result<(), LogError> {
        let index_key = keys::index(topic, partition, key);
        let known = store
            .index
            .get(&index_key)
            .map_err(|source| store.failure("read the index", source))?;
        if let Some(old) = known.and_then(|bytes| Pointer::decode(&bytes)) {
            batch.remove(&store.compacted, keys::record(topic, partition, old.offset).as_slice());
            if let Some(time) = old.tombstone {
                batch.remove(&store.meta, Meta::Tombstone(time, topic, partition, old.offset).key());
            }
        }
        let tombstone = latest.is_tombstone.then_some(self.now);
        if let Some(time) = tombstone {
            let entry = Meta::Tombstone(time, topic, partition, latest.offset).key();
            batch.insert(&store.meta, entry, b"".as_slice());
        }
        let pointer = Pointer {
            offset: latest.offset,
            tombstone,
        };
        batch.insert(&store.index, index_key, pointer.encode());
        batch.insert(
            &store.compacted,
            keys::record(topic, partition, latest.offset).as_slice(),
            latest.bytes,
        );
        Ok(())
    }

    /// Makes visible what has been written.
    pub(super) fn publish(self, catalog: &mut Catalog, committed: &mut BTreeMap<String, Offsets>) {
        for ((topic, partition), (first, shelf)) in self.segments {
            catalog.start_segment(topic, partition, first, shelf);
        }
        for ((topic, partition), end) in self.ends {
            catalog.set_end(topic, partition, end);
        }
        for (group, offsets) in self.committed {
            committed.entry(group).or_default().extend(offsets);
        }
    }
}

impl Pointer {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = self.offset.to_be_bytes().to_vec();
        bytes.extend(self.tombstone.iter().flat_map(|time| time.as_millis().to_be_bytes()));
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let offset = u64::from_be_bytes(take_array(&mut rest)?);
        let tombstone = take_array(&mut rest).map(|millis| Timestamp::from_millis(i64::from_be_bytes(millis)));
        Some(Self { offset, tombstone })
    }
}
