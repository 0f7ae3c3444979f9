//! What goes, and when: shelves by age and by size, tombstones by age.
//!
//! What a group has yet to read never goes. Groups are those that have committed offsets; a topic that no group reads
//! goes by age alone.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use schemas::time::Timestamp;

use super::super::LogError;
use super::committer::Committer;
use super::keys::{self, Meta};
use super::record;
use super::shared::Coordination;
use super::shelf::Shelf;
use super::store::Store;

/// As Kafka's `delete.retention.ms` is set for the same topics.
const TOMBSTONE_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// At most this many tombstones go at a time, so that commits need not wait long.
const TOMBSTONES: usize = 10_000;

impl Committer {
    /// Drops what may go, and finds out whether there is room.
    pub(super) fn retain(&mut self) -> Result<(), LogError> {
        let shared = Arc::clone(&self.shared);
        let coordination = shared.coordination();
        let now = (shared.clock)();
        // A variable of its own: in the head of the loop the catalog would stay locked all through it.
        let shelves = shared.catalog().shelves();
        for shelf in shelves {
            if shelf.has_expired(now) {
                self.drop_if_read(&coordination, shelf)?;
            }
        }
        shared.with_store(|store| drop_tombstones(store, now.plus_millis(-TOMBSTONE_MILLIS)))?;
        self.make_room(&coordination)?;
        drop(coordination);
        shared.wake();
        Ok(())
    }

    /// Drops the oldest hop shelves while the log is too large.
    fn make_room(&mut self, coordination: &Coordination) -> Result<(), LogError> {
        let shared = Arc::clone(&self.shared);
        let mut size = shared.with_store(|store| Ok(store.size()))?;
        let shelves = shared.catalog().shelves();
        for shelf in shelves {
            if size <= shared.max_bytes {
                break;
            }
            let is_written_to = self
                .current
                .get(&shelf.class)
                .is_some_and(|(current, _)| *current == shelf);
            if shelf.class.is_hop && !is_written_to && self.drop_if_read(coordination, shelf)? {
                size = shared.with_store(|store| Ok(store.size()))?;
            }
        }
        let is_full = shared.max_bytes < size;
        if shared.is_full.swap(is_full, Ordering::Relaxed) != is_full {
            let (log, limit_bytes) = (shared.describe(), shared.max_bytes);
            match is_full {
                true => tracing::warn!(log, size_bytes = size, limit_bytes, "the log is full; fetching pauses"),
                false => tracing::info!(log, size_bytes = size, limit_bytes, "the log has room again"),
            }
        }
        Ok(())
    }

    fn drop_if_read(&mut self, coordination: &Coordination, shelf: Shelf) -> Result<bool, LogError> {
        let shared = Arc::clone(&self.shared);
        if shared.catalog().is_unread(shelf, &coordination.committed) {
            return Ok(false);
        }
        let segments = shared.catalog().segments_on(shelf);
        // First the segments: a kill after it leaves a keyspace that nothing points at, which the next opening drops.
        shared.with_store(|store| {
            let mut batch = store.batch();
            for (topic, partition, first) in segments {
                batch.remove(&store.meta, Meta::Segment(topic, partition, first).key());
            }
            batch
                .commit()
                .map_err(|source| store.failure("drop old records", source))
        })?;
        shared.catalog().remove_shelf(shelf);
        self.current.retain(|_, (current, _)| *current != shelf);
        shared.with_store_alone(|store| store.drop_shelf(shelf))?;
        tracing::debug!(log = shared.describe(), shelf = shelf.name(), "old records dropped");
        Ok(true)
    }
}

/// Removes tombstones written before `before`, oldest first.
fn drop_tombstones(store: &Store, before: Timestamp) -> Result<(), LogError> {
    let failed = |source| store.failure("drop tombstones", source);
    let range = keys::tombstones_before(Timestamp::default())..keys::tombstones_before(before);
    let mut batch = store.batch();
    for entry in store.meta.range(range).take(TOMBSTONES) {
        let key = entry.key().map_err(failed)?;
        if let Some(Meta::Tombstone(_, topic, partition, offset)) = Meta::of_key(&key) {
            let place = keys::record(topic, partition, offset);
            let bytes = store.compacted.get(place).map_err(failed)?;
            let tombstone = bytes.and_then(|bytes| record::decode(topic, partition, offset, &bytes));
            if let Some(message_key) = tombstone.and_then(|message| message.key) {
                batch.remove(&store.index, keys::index(topic, partition, &message_key));
            }
            batch.remove(&store.compacted, place.as_slice());
        }
        batch.remove(&store.meta, &*key);
    }
    batch.commit().map_err(failed)
}
