//! The store on disk: fjall, one database with a keyspace for each shelf and four of its own.
//!
//! | keyspace | holds |
//! | --- | --- |
//! | `hop-…`, `keep-…` | records of one retention class and day (see [`super::shelf`]) |
//! | `compacted` | the last record of each key of the compacted topics |
//! | `index` | for each key of the compacted topics the offset of its record |
//! | `meta` | ends, segments, committed offsets, tombstones by age (see [`super::keys::Meta`]) |

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use fjall::{AbstractTree, Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode};
use schemas::topic::Topic;

use super::super::{LogError, Offsets};
use super::catalog::Catalog;
use super::directory::{self, describe_path};
use super::journal;
use super::keys::{self, Meta};
use super::shelf::Shelf;

/// Write buffers of one keyspace. About seven are written to at a time, and up to five buffers of each may wait for
/// the disk.
const BUFFER_BYTES: u64 = 8 * 1024 * 1024;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// Journals that hold what is only in write buffers yet.
const JOURNAL_BYTES: u64 = 128 * 1024 * 1024;
/// Larger records are written once and never moved again by compaction.
const SEPARATE_BYTES: u32 = 1024;

/// The open store.
pub(super) struct Store {
    path: PathBuf,
    database: Database,
    /// See [`Meta`].
    pub meta: Keyspace,
    /// The records of compacted topics.
    pub compacted: Keyspace,
    /// The offset of the record of each key of compacted topics.
    pub index: Keyspace,
    shelves: BTreeMap<Shelf, Keyspace>,
}

/// What the store says about the partitions.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The partitions.
    pub catalog: Catalog,
    /// The offsets that groups have committed.
    pub committed: BTreeMap<String, Offsets>,
}

impl Store {
    /// Opens the store in the log's directory `path`, and cuts a tail that was not written whole.
    pub(super) fn open(path: &Path) -> Result<Self, LogError> {
        let inside = path.join(directory::STORE);
        let failed = |source: fjall::Error| failure(path, "open the store", source);
        journal::cut_torn_tail(&inside).map_err(|source| directory::failure(path, "read the journal", source))?;
        let database = Database::builder(&inside)
            .cache_size(CACHE_BYTES)
            .max_journaling_size(JOURNAL_BYTES)
            .worker_threads(2)
            .open()
            .map_err(failed)?;
        // fjall syncs what is inside; that it is there at all stands in our directory.
        let synced = File::open(path).and_then(|directory| directory.sync_all());
        synced.map_err(|source| directory::failure(path, "sync the directory", source))?;
        let own = |name: &str| database.keyspace(name, buffered).map_err(failed);
        let (meta, compacted, index) = (own("meta")?, own("compacted")?, own("index")?);
        let shelves = BTreeMap::new();
        let mut store = Self {
            path: path.to_owned(),
            database,
            meta,
            compacted,
            index,
            shelves,
        };
        for name in store.database.list_keyspace_names() {
            if let Some(shelf) = Shelf::of_name(&name) {
                store.add_shelf(shelf)?;
            }
        }
        Ok(store)
    }

    /// Reads what there is, and drops shelves that nothing lies on: a kill left them behind.
    pub(super) fn contents(&mut self) -> Result<Contents, LogError> {
        let mut contents = Contents::default();
        for entry in self.meta.iter() {
            let (key, value) = entry
                .into_inner()
                .map_err(|source| self.failure("read the catalog", source))?;
            let number = || value.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
            match (Meta::of_key(&key), number()) {
                (Some(Meta::End(topic, partition)), Some(end)) => contents.catalog.set_end(topic, partition, end),
                (Some(Meta::Committed(topic, partition, group)), Some(offset)) => {
                    contents
                        .committed
                        .entry(group)
                        .or_default()
                        .insert((topic, partition), offset);
                }
                (Some(Meta::Segment(topic, partition, first)), _) => {
                    if let Some(shelf) = std::str::from_utf8(&value).ok().and_then(Shelf::of_name) {
                        contents.catalog.start_segment(topic, partition, first, shelf);
                    }
                }
                _ => {}
            }
        }
        let in_use = contents.catalog.shelves();
        let left_behind: Vec<_> = self
            .shelves
            .keys()
            .copied()
            .filter(|shelf| !in_use.contains(shelf))
            .collect();
        left_behind.into_iter().try_for_each(|shelf| self.drop_shelf(shelf))?;
        Ok(contents)
    }

    /// The keyspace of `shelf`; `None` when it was dropped.
    pub(super) fn shelf(&self, shelf: Shelf) -> Option<&Keyspace> {
        self.shelves.get(&shelf)
    }

    /// Makes the keyspace of `shelf` when it is missing.
    pub(super) fn add_shelf(&mut self, shelf: Shelf) -> Result<(), LogError> {
        // Records are never changed, so separated ones are never moved: no collector needs to look after them.
        let options = || buffered().with_kv_separation(Some(separated()));
        let keyspace = self.database.keyspace(&shelf.name(), options);
        let keyspace = keyspace.map_err(|source| self.failure("make a keyspace", source))?;
        self.shelves.insert(shelf, keyspace);
        Ok(())
    }

    /// Deletes the keyspace of `shelf` with all records.
    pub(super) fn drop_shelf(&mut self, shelf: Shelf) -> Result<(), LogError> {
        let Some(keyspace) = self.shelves.remove(&shelf) else {
            return Ok(());
        };
        self.database
            .delete_keyspace(keyspace)
            .map_err(|source| self.failure("delete a keyspace", source))
    }

    /// Hands a shelf that gets no more records to the disk, so that it holds no write buffer.
    pub(super) fn close_shelf(&self, shelf: Shelf) -> Result<(), LogError> {
        let Some(keyspace) = self.shelves.get(&shelf) else {
            return Ok(());
        };
        keyspace
            .rotate_memtable()
            .map(drop)
            .map_err(|source| self.failure("close a keyspace", source))
    }

    /// An empty batch; nothing of it is there before it is committed, and everything of it is on disk after.
    pub(super) fn batch(&self) -> fjall::OwnedWriteBatch {
        self.database.batch().durability(Some(PersistMode::SyncAll))
    }

    /// Puts everything on disk.
    pub(super) fn sync(&self) -> Result<(), LogError> {
        self.database
            .persist(PersistMode::SyncAll)
            .map_err(|source| self.failure("write to the disk", source))
    }

    /// The size of a shelf, in bytes.
    pub(super) fn shelf_size(&self, shelf: Shelf) -> u64 {
        self.shelves.get(&shelf).map_or(0, size)
    }

    /// The size of everything but the journals, in bytes; those take up to 200 MB more, whatever is in the log.
    pub(super) fn size(&self) -> u64 {
        let own = [&self.meta, &self.compacted, &self.index].into_iter();
        own.chain(self.shelves.values()).map(size).sum()
    }

    /// The first offset from `from` on that a compacted partition still holds, before `end`.
    pub(super) fn first_compacted(&self, topic: Topic, partition: u32, from: u64, end: u64) -> Result<u64, LogError> {
        let range = keys::record(topic, partition, from)..keys::record(topic, partition, end);
        let Some(entry) = self.compacted.range(range).next() else {
            return Ok(end);
        };
        let key = entry.key().map_err(|source| self.failure("read", source))?;
        Ok(keys::record_offset(&key).unwrap_or(end))
    }

    /// The error for stored bytes that are not what was written.
    pub(super) fn damaged(&self) -> LogError {
        let source = io::Error::new(io::ErrorKind::InvalidData, "a stored record is damaged");
        directory::failure(&self.path, "read", source)
    }

    /// A failure of the store.
    pub(super) fn failure(&self, operation: &'static str, source: fjall::Error) -> LogError {
        failure(&self.path, operation, source)
    }
}

fn buffered() -> KeyspaceCreateOptions {
    KeyspaceCreateOptions::default().max_memtable_size(BUFFER_BYTES)
}

fn separated() -> KvSeparationOptions {
    KvSeparationOptions::default().separation_threshold(SEPARATE_BYTES)
}

fn size(keyspace: &Keyspace) -> u64 {
    keyspace.disk_space() + keyspace.tree.active_memtable().size()
}

fn failure(path: &Path, operation: &'static str, source: fjall::Error) -> LogError {
    match &source {
        fjall::Error::Locked => LogError::Locked { path: path.to_owned() },
        fjall::Error::InvalidVersion(version) => LogError::Format {
            path: path.to_owned(),
            found: version.map_or_else(|| "unknown".to_owned(), |version| format!("of the store {version:?}")),
            known: "of the store V3".to_owned(),
        },
        fjall::Error::Poisoned => LogError::Unreachable {
            log: describe_path(path),
            operation,
            detail: "an earlier write failed; the store is opened again before the next".to_owned(),
        },
        _ if is_full(&source) => LogError::Full {
            path: path.to_owned(),
            detail: format!("can't {operation}: the disk is full"),
        },
        _ => LogError::Storage {
            log: describe_path(path),
            operation,
            source: Box::new(source),
        },
    }
}

/// True when somewhere below lies the file system's word that there is no room.
fn is_full(error: &fjall::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)) {
            return true;
        }
        source = error.source();
    }
    false
}
