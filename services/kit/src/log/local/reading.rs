//! Reading a run of records of one partition.

use schemas::topic::Topic;

use super::super::{LogError, Message};
use super::catalog::Place;
use super::keys;
use super::record;
use super::shared::Shared;
use super::store::Store;

/// How much to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// This many records at most.
    pub records: usize,
    /// About this many bytes at most; one record may be larger.
    pub bytes: usize,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Run {
    /// The records, in offset order.
    pub messages: Vec<Message>,
    /// Their size in the store.
    pub bytes: usize,
    /// The offset after everything that was read or passed over.
    pub next: u64,
}

/// Reads the records of a partition from the offset `from` on, as far as they are visible.
///
/// `reader` names who asks, for the error when records that it did not read are gone.
pub(super) fn read(
    shared: &Shared,
    reader: &str,
    (topic, partition): (Topic, u32),
    from: u64,
    limits: Limits,
) -> Result<Run, LogError> {
    let mut run = Run {
        messages: Vec::new(),
        bytes: 0,
        next: from,
    };
    loop {
        let catalog = shared.catalog();
        let first = catalog.bounds(topic, partition).first;
        let place = catalog.place(topic, partition, run.next);
        drop(catalog);
        // Asked again for every place: a shelf may be dropped while its predecessor is read.
        if run.messages.is_empty() {
            check_not_gone(shared, reader, (topic, partition), run.next, first)?;
        }
        let Some(place) = place else {
            return Ok(run);
        };
        let is_full = shared.with_store(|store| read_place(store, (topic, partition), place, limits, &mut run))?;
        if is_full {
            return Ok(run);
        }
    }
}

/// Refuses to jump over records that went before they were read.
pub(super) fn check_not_gone(
    shared: &Shared,
    reader: &str,
    (topic, partition): (Topic, u32),
    offset: u64,
    first: u64,
) -> Result<(), LogError> {
    // Compaction takes records whose key has a newer one; nobody misses them.
    if super::shelf::Class::of(topic).is_none() || first <= offset {
        return Ok(());
    }
    let topic = topic.name(&shared.prefix);
    Err(LogError::OffsetGone {
        group: reader.to_owned(),
        topic,
        partition,
        offset,
        first,
    })
}

/// Reads what lies in one place; true when no more fits.
fn read_place(
    store: &Store,
    (topic, partition): (Topic, u32),
    place: Place,
    limits: Limits,
    run: &mut Run,
) -> Result<bool, LogError> {
    let keyspace = match place.shelf {
        Some(shelf) => store.shelf(shelf),
        None => Some(&store.compacted),
    };
    // Dropped since the catalog was asked; it now knows better.
    let Some(keyspace) = keyspace else {
        return Ok(false);
    };
    let range = keys::record(topic, partition, run.next)..keys::record(topic, partition, place.until);
    for entry in keyspace.range(range) {
        if limits.records <= run.messages.len() {
            return Ok(true);
        }
        let (key, value) = entry.into_inner().map_err(|source| store.failure("read", source))?;
        if !run.messages.is_empty() && limits.bytes < run.bytes + value.len() {
            return Ok(true);
        }
        let message = keys::record_offset(&key).and_then(|offset| record::decode(topic, partition, offset, &value));
        let message = message.ok_or_else(|| store.damaged())?;
        run.next = message.offset + 1;
        run.bytes += value.len();
        run.messages.push(message);
    }
    run.next = place.until;
    Ok(limits.records <= run.messages.len())
}
