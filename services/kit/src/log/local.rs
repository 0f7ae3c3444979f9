//! The log in one directory of one process: no server, the same promises.
//!
//! - A commit is one synced batch of the store below (fjall): records, memory and offsets are on disk together before
//!   anybody sees them, and a kill at any moment leaves all of a commit or nothing of it.
//! - One thread writes (`committer`); everybody else reads, up to the ends that the `catalog` tells.
//! - Records that expire together lie together on a `shelf` that is dropped whole; what a group has yet to read is
//!   never dropped.
//! - A process owns the directory by a file lock, and answers other processes on a socket in it (`socket`,
//!   `remote`), so that operators' commands work while the roles run.

mod catalog;
mod committer;
mod directory;
mod draft;
mod journal;
mod keys;
mod reader;
mod reading;
mod record;
mod remote;
mod retention;
mod shared;
mod shelf;
mod socket;
mod store;
mod topics;
mod wire;
mod worker;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::groups::Seat;
use super::plan::{Applied, Outcome, TopicPlan};
use super::{Bounds, Commit, Log, LogError, Offsets, Produce, Reader, Start, Worker};
use committer::{Committer, Request};
use directory::Directory;
pub use remote::{RemoteLog, connect};
use shared::Shared;
use socket::Socket;
use store::Store;

/// Commits that may wait for the committer; who comes later waits to hand over its own.
const QUEUE: usize = 64;

/// How long an owner that starts or ends may take until it answers or is gone.
const HANDOVER: Duration = Duration::from_secs(5);
const HANDOVER_STEP: Duration = Duration::from_millis(20);

/// A clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a directory is opened.
#[derive(Clone)]
pub struct LocalSettings {
    /// The first part of topic names, such as `news`.
    pub prefix: String,
    /// Partition counts for a new directory; one that is there keeps its own.
    pub plan: TopicPlan,
    /// The largest size of the records in bytes, roughly; journals take up to 200 MB more. When it is reached and
    /// nothing can go, fetching pauses.
    pub max_bytes: u64,
    /// What stamps records and decides about their age.
    pub clock: Clock,
}

/// A log in a directory that this process owns. Clones are handles of the same log; the last one closes it.
#[derive(Clone)]
pub struct LocalLog {
    owner: Arc<Owner>,
}

/// What ends with the last handle, worker and reader.
struct Owner {
    shared: Arc<Shared>,
    requests: Option<SyncSender<Request>>,
    committer: Option<JoinHandle<()>>,
    /// Holds the owner weakly, so that a connected command keeps no log open.
    socket: OnceLock<Socket>,
    /// Dropped last: the directory is another process's only when everything is on disk.
    _directory: Directory,
}

impl LocalLog {
    /// Opens the log in `directory`, which is made when it is missing.
    ///
    /// # Errors
    /// [`LogError::Locked`] when another process owns it, [`LogError::Format`] when another release wrote it,
    /// [`LogError::Full`] or [`LogError::Storage`] when it can't be read or written.
    pub fn open(directory: &Path, settings: LocalSettings) -> Result<Self, LogError> {
        let directory = Directory::open(directory, settings.plan)?;
        let mut store = Store::open(&directory.path)?;
        let contents = store.contents()?;
        let settings = LocalSettings {
            plan: directory.plan,
            ..settings
        };
        let shared = Arc::new(Shared::new(directory.path.clone(), settings, store, contents));
        let (sender, requests) = mpsc::sync_channel(QUEUE);
        let committer = Committer::new(Arc::clone(&shared));
        let thread = thread::Builder::new()
            .name("local-log".to_owned())
            .spawn(move || committer.run(&requests));
        let thread =
            thread.map_err(|source| directory::failure(&directory.path, "start the committing thread", source))?;
        let (requests, committer) = (Some(sender), Some(thread));
        let owner = Owner {
            shared,
            requests,
            committer,
            socket: OnceLock::new(),
            _directory: directory,
        };
        let owner = Arc::new(owner);
        let socket = Socket::serve(&owner)?;
        owner.socket.get_or_init(|| socket);
        Ok(Self { owner })
    }

    /// True while the log has reached its size and nothing may go: commits of fetched pages and new frontier entries
    /// are refused with [`LogError::Full`], so fetching must pause; the other roles go on.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.owner.shared.is_full.load(Ordering::Relaxed)
    }

    /// Drops what is too old or too much, as the log does by itself every minute.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn retain(&self) -> Result<(), LogError> {
        self.owner.ask(Request::Retain)
    }
}

impl Owner {
    fn commit(&self, seat: Option<Seat>, commit: Commit) -> Result<(), LogError> {
        self.shared.check_records(&commit.records)?;
        for (topic, partition) in commit.offsets.keys() {
            self.shared.check_partition(*topic, *partition)?;
        }
        self.ask(|answer| Request::Commit { seat, commit, answer })
    }

    fn ask(&self, request: impl FnOnce(committer::Answer) -> Request) -> Result<(), LogError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let ended = || self.shared.closed("commit");
        let requests = self.requests.as_ref().ok_or_else(ended)?;
        requests.send(request(answer)).map_err(|_| ended())?;
        answered.recv().map_err(|_| ended())?
    }

    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError> {
        let shared = &self.shared;
        shared.check_partition(topic, partition)?;
        let Bounds { first, end } = shared.catalog().bounds(topic, partition);
        if shelf::Class::of(topic).is_some() || first == end {
            return Ok(Bounds { first, end });
        }
        let first = shared.with_store(|store| store.first_compacted(topic, partition, first, end))?;
        shared.catalog().set_floor(topic, partition, first);
        Ok(Bounds { first, end })
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        drop(self.socket.take());
        // The committer ends when it has served what waits and no sender is left.
        drop(self.requests.take());
        if let Some(committer) = self.committer.take()
            && committer.join().is_err()
        {
            tracing::error!(log = self.shared.describe(), "the committing thread panicked");
        }
    }
}

impl Log for LocalLog {
    fn describe(&self) -> String {
        self.owner.shared.describe()
    }

    fn partitions(&self, topic: Topic) -> Result<u32, LogError> {
        Ok(self.owner.shared.plan.partitions(topic))
    }

    fn apply_topics(&self, plan: &TopicPlan) -> Result<Vec<Applied>, LogError> {
        Ok(compare(&self.owner.shared.prefix, self.owner.shared.plan, *plan))
    }

    fn worker(&self, group: &str, topics: &[Topic]) -> Result<Box<dyn Worker>, LogError> {
        Ok(Box::new(worker::LocalWorker::join(
            Arc::clone(&self.owner),
            group,
            topics,
        )?))
    }

    fn reader(&self, topic: Topic, partition: u32, start: Start) -> Result<Box<dyn Reader>, LogError> {
        Ok(Box::new(reader::LocalReader::open(
            Arc::clone(&self.owner),
            topic,
            partition,
            start,
        )?))
    }

    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError> {
        self.owner.bounds(topic, partition)
    }

    fn committed(&self, group: &str, topic: Topic) -> Result<Offsets, LogError> {
        let coordination = self.owner.shared.coordination();
        let offsets = coordination.committed.get(group).into_iter().flatten();
        Ok(offsets
            .filter(|((of, _), _)| *of == topic)
            .map(|(place, offset)| (*place, *offset))
            .collect())
    }

    fn append(&self, records: Vec<Produce>) -> Result<(), LogError> {
        self.owner.commit(
            None,
            Commit {
                records,
                offsets: Offsets::new(),
            },
        )
    }
}

/// Opens the log in `directory`, or connects to the process that owns it.
///
/// # Errors
/// As [`LocalLog::open`]; [`LogError::Locked`] when a process owns the directory but does not answer.
pub fn open_or_connect(directory: &Path, settings: &LocalSettings) -> Result<Box<dyn Log>, LogError> {
    let deadline = Instant::now() + HANDOVER;
    loop {
        let locked = match LocalLog::open(directory, settings.clone()) {
            Ok(log) => return Ok(Box::new(log)),
            Err(locked @ LogError::Locked { .. }) => locked,
            Err(error) => return Err(error),
        };
        match connect(directory) {
            Ok(log) => return Ok(Box::new(log)),
            Err(error) if !error.is_transient() => return Err(error),
            // The owner has the lock before it has its socket, and the socket ends before the lock.
            Err(_) if Instant::now() < deadline => thread::sleep(HANDOVER_STEP),
            Err(_) => return Err(locked),
        }
    }
}

/// Compares the partition counts that were fixed when the directory was made with those planned.
fn compare(prefix: &str, fixed: TopicPlan, plan: TopicPlan) -> Vec<Applied> {
    let applied = |topic: Topic| {
        let (has, planned) = (fixed.partitions(topic), plan.partitions(topic));
        let outcome = match has == planned {
            true => Outcome::Fits,
            false => Outcome::Differs(format!("it has {has} partitions, the plan says {planned}")),
        };
        Applied {
            topic,
            name: topic.name(prefix),
            outcome,
        }
    };
    Topic::all().into_iter().map(applied).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::*;

    #[test]
    fn a_store_that_a_failed_write_closed_is_opened_again_by_the_next_commit() {
        let directory = tempfile::tempdir().unwrap();
        let clock: Clock = Arc::new(|| Timestamp::from_seconds(1_800_000_000));
        let settings = LocalSettings {
            prefix: "news".to_owned(),
            plan: TopicPlan::default(),
            max_bytes: 1 << 40,
            clock,
        };
        let log = LocalLog::open(directory.path(), settings).unwrap();
        let record = |value: &str| {
            let (key, value) = (Some(b"k".to_vec()), Some(value.as_bytes().to_vec()));
            vec![Produce {
                topic: Topic::Fates,
                partition: 0,
                key,
                value,
                headers: Vec::new(),
            }]
        };
        log.append(record("before")).unwrap();
        log.owner
            .shared
            .store
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let mut reader = log.reader(Topic::Fates, 0, Start::First).unwrap();
        assert!(matches!(
            reader.read(10, Duration::ZERO),
            Err(LogError::Unreachable { .. })
        ));
        log.append(record("after")).unwrap();
        let values: Vec<_> = reader
            .read(10, Duration::ZERO)
            .unwrap()
            .into_iter()
            .map(|it| it.value)
            .collect();
        assert_eq!(values, [Some(b"before".to_vec()), Some(b"after".to_vec())]);
    }
}
