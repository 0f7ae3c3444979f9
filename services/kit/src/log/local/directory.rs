//! The directory around the store: who owns it, and in which format it is.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::LogError;
use super::super::plan::TopicPlan;

/// The format that this release writes and reads.
const FORMAT: u32 = 1;
const DESCRIPTION_FILE: &str = "log.json";
const LOCK_FILE: &str = "lock";
/// The directory of the store, inside.
pub(super) const STORE: &str = "store";
/// The socket of the process that owns the directory, inside.
pub(super) const SOCKET: &str = "copydesk.sock";

/// What was fixed when the directory was made. Unknown fields are from a later release of the same format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Description {
    format: u32,
    host_partitions: u32,
    script_partitions: u32,
    key_partitions: u32,
}

/// Only the number, so that every format can at least be named.
#[derive(Debug, Deserialize)]
struct AnyFormat {
    format: u32,
}

/// The directory, owned by this process until dropped.
#[derive(Debug)]
pub(super) struct Directory {
    /// Where it is.
    pub path: PathBuf,
    /// The partition counts, fixed when it was made.
    pub plan: TopicPlan,
    /// The lock goes with the file handle, also when the process is killed.
    _lock: File,
}

impl Directory {
    /// Takes the directory, and makes it with the partition counts of `plan` when it is new.
    pub(super) fn open(path: &Path, plan: TopicPlan) -> Result<Self, LogError> {
        let failed = |source: io::Error| failure(path, "open the directory", source);
        fs::create_dir_all(path).map_err(failed)?;
        let lock = lock(path)?;
        let file = path.join(DESCRIPTION_FILE);
        let description = match fs::read_to_string(&file) {
            Ok(text) => parse(path, &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let description = describe(plan);
                write(path, &file, &description).map_err(failed)?;
                description
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            plan: description.plan(plan.replication),
            _lock: lock,
        })
    }
}

fn lock(path: &Path) -> Result<File, LogError> {
    let file = path.join(LOCK_FILE);
    let opened = File::options().create(true).truncate(false).write(true).open(file);
    let lock = opened.map_err(|source| failure(path, "open the lock file", source))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(LogError::Locked { path: path.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(failure(path, "take the lock file", source)),
    }
}

fn parse(path: &Path, text: &str) -> Result<Description, LogError> {
    let unknown = |found: String| LogError::Format {
        path: path.to_owned(),
        found,
        known: FORMAT.to_string(),
    };
    let AnyFormat { format } = serde_json::from_str(text).map_err(|_| unknown("unknown".to_owned()))?;
    if format != FORMAT {
        return Err(unknown(format.to_string()));
    }
    serde_json::from_str(text).map_err(|_| unknown(format!("{format} (damaged)")))
}

fn describe(plan: TopicPlan) -> Description {
    Description {
        format: FORMAT,
        host_partitions: plan.hosts,
        script_partitions: plan.scripts,
        key_partitions: plan.keys,
    }
}

impl Description {
    fn plan(self, replication: u16) -> TopicPlan {
        TopicPlan {
            hosts: self.host_partitions,
            scripts: self.script_partitions,
            keys: self.key_partitions,
            replication,
        }
    }
}

/// Whole or not at all: a kill in the middle leaves a directory that counts as new.
fn write(path: &Path, file: &Path, description: &Description) -> io::Result<()> {
    let new = file.with_extension("new");
    let mut written = File::create(&new)?;
    written.write_all(serde_json::to_string_pretty(description)?.as_bytes())?;
    written.write_all(b"\n")?;
    written.sync_all()?;
    fs::rename(&new, file)?;
    File::open(path)?.sync_all()?;
    // The directory itself may be as new; where its parent can't be opened, somebody else made it.
    let parent = fs::canonicalize(path)?.parent().map(File::open);
    parent.and_then(Result::ok).map_or(Ok(()), |parent| parent.sync_all())
}

/// A failure of the file system in `path`.
pub(super) fn failure(path: &Path, operation: &'static str, source: io::Error) -> LogError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LogError::Full {
            path: path.to_owned(),
            detail: format!("can't {operation}: {source}"),
        },
        _ => LogError::Storage {
            log: describe_path(path),
            operation,
            source: Box::new(source),
        },
    }
}

/// The log's name for people.
pub(super) fn describe_path(path: &Path) -> String {
    format!("local:{}", path.display())
}
