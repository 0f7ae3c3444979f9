//! The one thread that writes.
//!
//! Everything that waits goes into one batch with one sync, so that many workers cost little more than one. Only when
//! the batch is on disk does the catalog tell readers of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::super::groups::Seat;
use super::super::{Commit, LogError, Produce};
use super::draft::Draft;
use super::shared::{Coordination, Shared};
use super::shelf::{self, Class, Shelf};
use super::store::Store;

/// A batch takes further commits while it is below these.
const BATCH_COMMITS: usize = 256;
const BATCH_BYTES: usize = 16 * 1024 * 1024;
const RETENTION_INTERVAL: Duration = Duration::from_secs(60);
/// Below this much room on the disk nothing is written: what a failed write leaves behind is worse than a stop.
const DISK_RESERVE_BYTES: u64 = 128 * 1024 * 1024;

/// Where a request's answer goes.
pub(super) type Answer = SyncSender<Result<(), LogError>>;

/// What the committer is asked.
pub(super) enum Request {
    /// Commit this, for the member of a group in this seat or for nobody in particular.
    Commit {
        /// The member.
        seat: Option<Seat>,
        /// What to commit.
        commit: Commit,
        /// Where the answer goes.
        answer: Answer,
    },
    /// Drop now what may go.
    Retain(Answer),
}

/// See the module.
pub(super) struct Committer {
    /// What it shares.
    pub shared: Arc<Shared>,
    /// The shelf that each class is written to, and its size in bytes.
    pub current: BTreeMap<Class, (Shelf, u64)>,
    /// Bytes written since retention last measured.
    unmeasured: u64,
    retention_due: Instant,
}

struct Waiting {
    seat: Option<Seat>,
    commit: Commit,
    answer: Answer,
}

impl Committer {
    /// A committer that looks at retention first.
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            current: BTreeMap::new(),
            unmeasured: 0,
            retention_due: Instant::now(),
        }
    }

    /// Works until the last sender is gone, then closes the store.
    pub(super) fn run(mut self, requests: &Receiver<Request>) {
        loop {
            if self.retention_due <= Instant::now() || self.shared.max_bytes / 64 <= self.unmeasured {
                self.retain_and_log();
            }
            let wait = self.retention_due.saturating_duration_since(Instant::now());
            match requests.recv_timeout(wait) {
                Ok(request) => self.serve(request, requests),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Err(error) = self.shared.with_store(Store::sync) {
            tracing::error!(log = self.shared.describe(), %error, "the log could not be synced at its end");
        }
        self.close_store();
    }

    fn retain_and_log(&mut self) {
        self.retention_due = Instant::now() + RETENTION_INTERVAL;
        self.unmeasured = 0;
        if let Err(error) = self.retain() {
            tracing::error!(log = self.shared.describe(), %error, "old records could not be dropped");
        }
    }

    /// Serves `first` and the commits that wait behind it, up to a batch.
    fn serve(&mut self, first: Request, requests: &Receiver<Request>) {
        let (mut waiting, mut bytes) = (Vec::new(), 0_usize);
        let mut next = Some(first);
        while let Some(request) = next.take() {
            match request {
                Request::Commit { seat, commit, answer } => {
                    bytes += commit.records.iter().map(Produce::size).sum::<usize>();
                    waiting.push(Waiting { seat, commit, answer });
                    if waiting.len() < BATCH_COMMITS && bytes < BATCH_BYTES {
                        next = requests.try_recv().ok();
                    }
                }
                Request::Retain(answer) => {
                    self.commit(std::mem::take(&mut waiting));
                    // Who asked may be gone; then nobody misses the answer.
                    answer.send(self.retain()).ok();
                }
            }
        }
        self.commit(waiting);
    }

    fn commit(&mut self, waiting: Vec<Waiting>) {
        if waiting.is_empty() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let mut coordination = shared.coordination();
        let mut accepted = Vec::new();
        let written = self.write(&mut coordination, waiting, &mut accepted);
        drop(coordination);
        shared.wake();
        answer_all(accepted, written);
    }

    /// Writes the commits that may be written; the others get their answer here.
    fn write(
        &mut self,
        coordination: &mut Coordination,
        waiting: Vec<Waiting>,
        accepted: &mut Vec<Answer>,
    ) -> Result<(), LogError> {
        let shared = Arc::clone(&self.shared);
        let now = (shared.clock)();
        let prepared = self.open_store(coordination).and_then(|()| {
            let classes = waiting
                .iter()
                .flat_map(|one| &one.commit.records)
                .filter_map(|it| Class::of(it.topic));
            self.shelves(classes.collect(), now)
        });
        let room = self.room_on_disk();
        let mut draft = Draft::new(now, prepared.as_ref().map(BTreeMap::clone).unwrap_or_default());
        for Waiting { seat, commit, answer } in waiting {
            if let Err(error) = self.admit(coordination, seat.as_ref(), &commit, room) {
                answer.send(Err(error)).ok();
                continue;
            }
            accepted.push(answer);
            draft.add(&shared.catalog(), seat.as_ref().map(|seat| seat.group.as_str()), commit);
        }
        prepared?;
        let sizes = draft.sizes();
        let written = shared.with_store(|store| {
            let mut batch = store.batch();
            draft.write(store, &mut batch)?;
            batch.commit().map_err(|source| store.failure("commit", source))
        });
        if let Err(error) = written {
            // Whether the batch is on disk is open. What the store says after it was opened again counts.
            self.close_store();
            return Err(error);
        }
        draft.publish(&mut shared.catalog(), &mut coordination.committed);
        for (shelf, size) in sizes {
            self.unmeasured += size;
            self.current.entry(shelf.class).and_modify(|(_, bytes)| *bytes += size);
        }
        Ok(())
    }

    /// Refuses what must not be written now.
    fn admit(
        &self,
        coordination: &Coordination,
        seat: Option<&Seat>,
        commit: &Commit,
        room: u64,
    ) -> Result<(), LogError> {
        if let Some(seat) = seat
            && !coordination.groups.is_current(seat)
        {
            return Err(LogError::Fenced {
                detail: format!("group {} has a newer generation", seat.group),
            });
        }
        let full = |detail: String| {
            Err(LogError::Full {
                path: self.shared.path.clone(),
                detail,
            })
        };
        let fetches = commit
            .records
            .iter()
            .any(|it| matches!(it.topic, Topic::Fetched | Topic::Frontier));
        let reserve = if fetches {
            2 * DISK_RESERVE_BYTES
        } else {
            DISK_RESERVE_BYTES
        };
        if !commit.records.is_empty() && room < reserve {
            return full(format!(
                "the disk has {room} bytes left of the {reserve} that are kept free"
            ));
        }
        if fetches && self.shared.is_full.load(Ordering::Relaxed) {
            let limit = self.shared.max_bytes;
            return full(format!(
                "the log has reached its {limit} bytes, and what is left was not read yet"
            ));
        }
        Ok(())
    }

    fn room_on_disk(&self) -> u64 {
        // When the question fails the write itself will tell.
        rustix::fs::statvfs(&self.shared.path).map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// The shelf for each class that is about to be written to.
    fn shelves(&mut self, classes: BTreeSet<Class>, now: Timestamp) -> Result<BTreeMap<Class, Shelf>, LogError> {
        classes
            .into_iter()
            .map(|class| Ok((class, self.shelf(class, now)?)))
            .collect()
    }

    /// Today's newest shelf of the class while it has room, else a new one.
    fn shelf(&mut self, class: Class, now: Timestamp) -> Result<Shelf, LogError> {
        let today = shelf::day(now);
        let known = self
            .current
            .get(&class)
            .copied()
            .filter(|(shelf, _)| shelf.day == today);
        let known = match known {
            Some(known) => Some(known),
            None => self.last_of(class, today)?,
        };
        let shelf = match known {
            Some((shelf, bytes)) if bytes < self.shelf_limit() => {
                self.current.insert(class, (shelf, bytes));
                return Ok(shelf);
            }
            Some((full, _)) => Shelf {
                sequence: full.sequence + 1,
                ..full
            },
            None => Shelf {
                day: today,
                sequence: 0,
                class,
            },
        };
        self.shared.with_store_alone(|store| {
            let previous = self.current.get(&class);
            previous.map_or(Ok(()), |(previous, _)| store.close_shelf(*previous))?;
            store.add_shelf(shelf)
        })?;
        self.current.insert(class, (shelf, 0));
        Ok(shelf)
    }

    /// The last shelf of the class and day that the log has from before it was opened, and its size.
    fn last_of(&self, class: Class, day: i64) -> Result<Option<(Shelf, u64)>, LogError> {
        let shelves = self.shared.catalog().shelves();
        let last = shelves
            .into_iter()
            .rfind(|shelf| shelf.class == class && shelf.day == day);
        last.map(|shelf| self.shared.with_store(|store| Ok((shelf, store.shelf_size(shelf)))))
            .transpose()
    }

    /// Small enough for the size limit to have something to drop, large enough to stay few.
    fn shelf_limit(&self) -> u64 {
        (self.shared.max_bytes / 32).clamp(4 * 1024 * 1024, 4 * 1024 * 1024 * 1024)
    }

    fn close_store(&mut self) {
        self.shared.store.write().unwrap_or_else(PoisonError::into_inner).take();
        self.current.clear();
    }

    /// Opens the store again when a failed write closed it; from then on only what is on disk counts.
    fn open_store(&mut self, coordination: &mut Coordination) -> Result<(), LogError> {
        let mut slot = self.shared.store.write().unwrap_or_else(PoisonError::into_inner);
        if slot.is_some() {
            return Ok(());
        }
        tracing::warn!(
            log = self.shared.describe(),
            "the store is opened again after a failed write"
        );
        let mut store = Store::open(&self.shared.path)?;
        let contents = store.contents()?;
        *slot = Some(store);
        drop(slot);
        *self.shared.catalog() = contents.catalog;
        coordination.committed = contents.committed;
        Ok(())
    }
}

/// Everybody in a batch shares its fate; the first gets the error itself, the others its words.
fn answer_all(accepted: Vec<Answer>, written: Result<(), LogError>) {
    let Err(error) = written else {
        for answer in accepted {
            answer.send(Ok(())).ok();
        }
        return;
    };
    let mut accepted = accepted.into_iter();
    let first = accepted.next();
    for answer in accepted {
        answer.send(Err(same(&error))).ok();
    }
    match first {
        Some(first) => drop(first.send(Err(error))),
        None => tracing::error!(%error, "a write failed that nobody waits for"),
    }
}

fn same(error: &LogError) -> LogError {
    match error {
        LogError::Full { path, detail } => LogError::Full {
            path: path.clone(),
            detail: detail.clone(),
        },
        other => LogError::Unreachable {
            log: "the local log".to_owned(),
            operation: "commit",
            detail: format!("a commit in the same batch failed: {other}"),
        },
    }
}
