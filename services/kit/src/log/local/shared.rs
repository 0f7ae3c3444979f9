//! What the handles, the workers, the readers and the committer of one log share.
//!
//! Locks are taken in this order: coordination, store, catalog.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use schemas::topic::{Retention, Topic};

use super::super::groups::Groups;
use super::super::plan::TopicPlan;
use super::super::{LogError, Offsets, Produce};
use super::Clock;
use super::catalog::Catalog;
use super::directory::describe_path;
use super::store::{Contents, Store};

/// Keys of compacted topics are keys of the store, which takes up to 64 KiB.
const COMPACTED_KEY_BYTES: usize = 32 * 1024;
/// A commit is in memory several times while it is written.
const COMMIT_BYTES: usize = 128 * 1024 * 1024;

/// See the module.
pub(super) struct Shared {
    /// The log's directory.
    pub path: PathBuf,
    /// The first part of topic names.
    pub prefix: String,
    /// The partition counts.
    pub plan: TopicPlan,
    /// The clock that stamps records.
    pub clock: Clock,
    /// The largest size of the store in bytes.
    pub max_bytes: u64,
    /// The store; `None` after a failed write, until the committer has opened it again.
    pub store: RwLock<Option<Store>>,
    /// True while fetching must pause because there is no room.
    pub is_full: AtomicBool,
    catalog: Mutex<Catalog>,
    changed: Condvar,
    coordination: Mutex<Coordination>,
    /// Counts joins and leaves of all groups, so that a poll need not wait for a commit to see that nothing changed.
    membership: AtomicU64,
}

/// The groups and where they stand.
///
/// The committer holds its lock from the check of a member's seat until the commit is visible. A new member, which
/// takes its start offsets under the same lock, therefore sees a commit of the one before it or fences it.
#[derive(Debug, Default)]
pub(super) struct Coordination {
    /// Who reads which partitions.
    pub groups: Groups,
    /// The offsets that groups have committed.
    pub committed: BTreeMap<String, Offsets>,
}

impl Shared {
    /// Shares the open `store` with these `contents`.
    pub(super) fn new(path: PathBuf, settings: super::LocalSettings, store: Store, contents: Contents) -> Self {
        let super::LocalSettings {
            prefix,
            plan,
            max_bytes,
            clock,
        } = settings;
        Self {
            path,
            prefix,
            plan,
            clock,
            max_bytes,
            store: RwLock::new(Some(store)),
            is_full: AtomicBool::new(false),
            catalog: Mutex::new(contents.catalog),
            changed: Condvar::new(),
            coordination: Mutex::new(Coordination {
                groups: Groups::default(),
                committed: contents.committed,
            }),
            membership: AtomicU64::new(1),
        }
    }

    /// The log's name for people.
    pub(super) fn describe(&self) -> String {
        describe_path(&self.path)
    }

    /// The catalog. Whoever changes it calls [`Shared::wake`] after.
    pub(super) fn catalog(&self) -> MutexGuard<'_, Catalog> {
        // A panic elsewhere leaves the maps whole: every change of them is an insert.
        self.catalog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The groups. While it is held no commit goes on.
    pub(super) fn coordination(&self) -> MutexGuard<'_, Coordination> {
        self.coordination.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes who is a member of which group, and wakes everybody.
    pub(super) fn regroup<T>(&self, change: impl FnOnce(&mut Groups) -> T) -> T {
        let mut coordination = self.coordination();
        let changed = change(&mut coordination.groups);
        self.membership.fetch_add(1, Ordering::Release);
        drop(coordination);
        self.wake();
        changed
    }

    /// Grows when any group's members change.
    pub(super) fn membership(&self) -> u64 {
        self.membership.load(Ordering::Acquire)
    }

    /// Wakes everybody who waits in [`Shared::wait_while`].
    pub(super) fn wake(&self) {
        // Taken once, so that nobody is between looking at the condition and falling asleep.
        drop(self.catalog());
        self.changed.notify_all();
    }

    /// Waits until `is_idle` is false or `wait` is over.
    pub(super) fn wait_while(&self, wait: Duration, mut is_idle: impl FnMut(&Catalog) -> bool) {
        let catalog = self.catalog();
        let waited = self
            .changed
            .wait_timeout_while(catalog, wait, |catalog| is_idle(catalog));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Does `action` with the open store.
    pub(super) fn with_store<T>(&self, action: impl FnOnce(&Store) -> Result<T, LogError>) -> Result<T, LogError> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        action(store.as_ref().ok_or_else(|| self.closed("use the store"))?)
    }

    /// Does `action` with the open store, alone.
    pub(super) fn with_store_alone<T>(
        &self,
        action: impl FnOnce(&mut Store) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        action(store.as_mut().ok_or_else(|| self.closed("use the store"))?)
    }

    /// The error of a log that can't answer now but may later.
    pub(super) fn closed(&self, operation: &'static str) -> LogError {
        let detail = "the store is closed after a failed write, or because the log is ending".to_owned();
        LogError::Unreachable {
            log: self.describe(),
            operation,
            detail,
        }
    }

    /// Refuses partitions that do not exist.
    pub(super) fn check_partition(&self, topic: Topic, partition: u32) -> Result<(), LogError> {
        match partition < self.plan.partitions(topic) {
            true => Ok(()),
            false => Err(LogError::MissingPartition { topic, partition }),
        }
    }

    /// Refuses records that no commit of them could make right.
    pub(super) fn check_records(&self, records: &[Produce]) -> Result<(), LogError> {
        records.iter().try_for_each(|record| self.check_record(record))?;
        let size: usize = records.iter().map(Produce::size).sum();
        match size <= COMMIT_BYTES {
            true => Ok(()),
            false => Err(self.refused(format!("a commit of {size} bytes is larger than {COMMIT_BYTES}"))),
        }
    }

    fn check_record(&self, record: &Produce) -> Result<(), LogError> {
        self.check_partition(record.topic, record.partition)?;
        let (size, limit) = (record.size(), record.topic.max_record_bytes());
        let name = || record.topic.name(&self.prefix);
        if limit < size {
            return Err(LogError::Oversized {
                name: name(),
                size,
                limit,
            });
        }
        if record.topic.retention() != Retention::Compacted {
            return Ok(());
        }
        match record.key.as_ref().map(Vec::len) {
            None => Err(self.refused(format!("a record of the compacted topic {} needs a key", name()))),
            Some(length) if COMPACTED_KEY_BYTES < length => Err(self.refused(format!(
                "a key of topic {} has {length} bytes of {COMPACTED_KEY_BYTES}",
                name()
            ))),
            Some(_) => Ok(()),
        }
    }

    fn refused(&self, detail: String) -> LogError {
        LogError::Refused {
            log: self.describe(),
            operation: "commit",
            detail,
        }
    }
}
