//! The socket in the directory, by which the owner answers other processes.
//!
//! It is for the operator's commands: only processes of the same user (or root) are answered, connections and messages
//! are bounded, and a connection that says nothing is closed.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::super::{Bounds, Log, LogError, Reader, Start};
use super::directory::{self, SOCKET};
use super::reader::LocalReader;
use super::wire::{self, Answer, Failure, Question};
use super::{LocalLog, Owner, topics};

/// As many commands may be connected at a time; more are turned away.
const CONNECTIONS: usize = 32;
/// What fits into a socket's address everywhere (104 on BSD, 108 on Linux, with a closing zero).
const ADDRESS_BYTES: usize = 103;
const IDLE: Duration = Duration::from_secs(60);
/// A read waits this long at most; the client asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The socket, served until dropped.
pub(super) struct Socket {
    directory: PathBuf,
    open: Arc<Open>,
    thread: Option<JoinHandle<()>>,
}

/// What the accepting thread and those of the connections share.
#[derive(Default)]
struct Open {
    is_ending: AtomicBool,
    streams: Mutex<Streams>,
}

#[derive(Default)]
struct Streams {
    next: u64,
    by_number: BTreeMap<u64, UnixStream>,
}

impl Socket {
    /// Serves the log of `owner` in its directory. A socket that lies there is a dead process's: we have the lock.
    pub(super) fn serve(owner: &Arc<Owner>) -> Result<Self, LogError> {
        let directory = owner.shared.path.clone();
        let listener = bind(&directory).map_err(|source| directory::failure(&directory, "open its socket", source))?;
        let open = Arc::new(Open::default());
        let (accepting, weak) = (Arc::clone(&open), Arc::downgrade(owner));
        let accept = move || accept(&listener, &accepting, &weak);
        let thread = thread::Builder::new().name("local-log-socket".to_owned()).spawn(accept);
        let thread = thread.map_err(|source| directory::failure(&directory, "start its socket's thread", source))?;
        Ok(Self {
            directory,
            open,
            thread: Some(thread),
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.open.is_ending.store(true, Ordering::Release);
        // Wakes the accepting thread; should that fail it has no listener to wait on either.
        let is_awake = connect(&self.directory).is_ok();
        fs::remove_file(self.directory.join(SOCKET)).ok();
        for stream in self.open.streams().by_number.values() {
            stream.shutdown(std::net::Shutdown::Both).ok();
        }
        if let Some(thread) = self.thread.take().filter(|_| is_awake) {
            thread.join().ok();
        }
    }
}

impl Open {
    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects to the socket in `directory`.
pub(super) fn connect(directory: &Path) -> io::Result<UnixStream> {
    at_short_path(directory, |path| UnixStream::connect(path))
}

fn bind(directory: &Path) -> io::Result<UnixListener> {
    let path = directory.join(SOCKET);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = at_short_path(directory, |path| UnixListener::bind(path))?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Does `action` with a path of the socket that fits into a socket's address; the way to a deep directory goes by its
/// open handle, which Linux shows as a short path.
fn at_short_path<T>(directory: &Path, action: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = directory.join(SOCKET);
    if path.as_os_str().len() <= ADDRESS_BYTES {
        return action(&path);
    }
    let opened = File::open(directory)?;
    action(Path::new(&format!("/proc/self/fd/{}/{SOCKET}", opened.as_raw_fd())))
}

fn accept(listener: &UnixListener, open: &Arc<Open>, owner: &Weak<Owner>) {
    for stream in listener.incoming() {
        if open.is_ending.load(Ordering::Acquire) {
            return;
        }
        if let Err(error) = stream.and_then(|stream| start(stream, open, owner)) {
            tracing::warn!(%error, "a connection to the local log was turned away");
        }
    }
}

/// Serves `stream` on a thread of its own.
fn start(stream: UnixStream, open: &Arc<Open>, owner: &Weak<Owner>) -> io::Result<()> {
    let peer = rustix::net::sockopt::socket_peercred(&stream)?;
    let own = fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own))?;
    if !peer.uid.is_root() && peer.uid.as_raw() != own {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is another user's"));
    }
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(IDLE))?;
    let mut streams = open.streams();
    if CONNECTIONS <= streams.by_number.len() {
        return Err(io::Error::other(format!("{CONNECTIONS} connections are open")));
    }
    let number = streams.next;
    streams.next += 1;
    streams.by_number.insert(number, stream.try_clone()?);
    drop(streams);
    let (registered, owner) = (Arc::clone(open), Weak::clone(owner));
    let thread = thread::Builder::new()
        .name("local-log-connection".to_owned())
        .spawn(move || {
            converse(stream, &registered, &owner);
            registered.streams().by_number.remove(&number);
        });
    if thread.is_err() {
        open.streams().by_number.remove(&number);
    }
    thread.map(drop)
}

/// Answers until the client goes, is silent for too long, or the log ends.
fn converse(mut stream: UnixStream, open: &Open, owner: &Weak<Owner>) {
    while let Ok(question) = wire::receive::<Question>(&mut stream) {
        if open.is_ending.load(Ordering::Acquire) {
            return;
        }
        let Some(owner) = owner.upgrade() else {
            return;
        };
        let answer = answer(&LocalLog { owner }, question).unwrap_or_else(|error| Answer::Failed(Failure::of(&error)));
        if wire::send(&mut stream, &answer).is_err() {
            return;
        }
    }
}

fn answer(log: &LocalLog, question: Question) -> Result<Answer, LogError> {
    let refused = |detail: &str| LogError::Refused {
        log: log.describe(),
        operation: "answer",
        detail: detail.to_owned(),
    };
    let known = |topic: u16| topics::topic(topic).ok_or_else(|| refused("the topic is not one of this release"));
    match question {
        Question::Hello { version: wire::VERSION } => {
            let shared = &log.owner.shared;
            let (prefix, plan) = (shared.prefix.clone(), shared.plan);
            let (hosts, scripts, keys) = (plan.hosts, plan.scripts, plan.keys);
            Ok(Answer::Welcome {
                version: wire::VERSION,
                prefix,
                hosts,
                scripts,
                keys,
            })
        }
        Question::Hello { .. } => Err(refused("the process that owns the log is of another release")),
        Question::Bounds { topic, partition } => {
            let Bounds { first, end } = log.bounds(known(topic)?, partition)?;
            Ok(Answer::Bounds { first, end })
        }
        Question::Committed { group, topic } => Ok(Answer::Committed {
            offsets: wire::committed(log.committed(&group, known(topic)?)?),
        }),
        Question::Read {
            topic,
            partition,
            from,
            max_records,
            wait_millis,
        } => {
            let owner = Arc::clone(&log.owner);
            let reader = LocalReader::open(owner, known(topic)?, partition, Start::Offset(from))?;
            let mut reader = reader.with_limit(wire::READ_BYTES);
            let wait = Duration::from_millis(u64::from(wait_millis)).min(LONGEST_WAIT);
            let messages = reader.read(usize::try_from(max_records).unwrap_or(usize::MAX), wait)?;
            Ok(Answer::Records {
                records: wire::read(messages),
                next: reader.position(),
            })
        }
        Question::Append { records } => {
            let records = wire::produced(records).ok_or_else(|| refused("what came is not a record"))?;
            log.append(records).map(|()| Answer::Appended)
        }
    }
}
