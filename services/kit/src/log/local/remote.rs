//! The log of a directory that another process owns, over that process's socket.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use schemas::topic::Topic;

use super::super::plan::{Applied, TopicPlan};
use super::super::{Bounds, Log, LogError, Message, Offsets, Produce, Reader, Start, Worker};
use super::directory::describe_path;
use super::wire::{self, Answer, Failure, Question};
use super::{record, socket, topics};

/// Longer than the owner ever waits before it answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// The owner is asked to wait this long for records at most, and asked again.
const WAIT_STEP: Duration = Duration::from_secs(5);

/// A log in a directory that another process owns.
#[derive(Debug, Clone)]
pub struct RemoteLog {
    connection: Arc<Connection>,
    prefix: Arc<str>,
    plan: TopicPlan,
}

#[derive(Debug)]
struct Connection {
    directory: PathBuf,
    /// The stream in use, if the last answer came whole.
    stream: Mutex<Option<UnixStream>>,
}

/// Connects to the process that owns the log in `directory`.
///
/// # Errors
/// When no process answers on its socket, or one of another release.
pub fn connect(directory: &Path) -> Result<RemoteLog, LogError> {
    let connection = Connection {
        directory: directory.to_owned(),
        stream: Mutex::new(None),
    };
    let (stream, welcome) = connection.greet()?;
    *connection.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
    let (prefix, plan) = match welcome {
        Answer::Welcome {
            prefix,
            hosts,
            scripts,
            keys,
            ..
        } => (
            prefix,
            TopicPlan {
                hosts,
                scripts,
                keys,
                replication: 1,
            },
        ),
        other => return Err(connection.unexpected("connect", &other)),
    };
    Ok(RemoteLog {
        connection: Arc::new(connection),
        prefix: prefix.into(),
        plan,
    })
}

impl Connection {
    fn describe(&self) -> String {
        describe_path(&self.directory)
    }

    fn unreachable(&self, operation: &'static str, error: &io::Error) -> LogError {
        let detail = format!("no answer from the process that owns the directory: {error}");
        LogError::Unreachable {
            log: self.describe(),
            operation,
            detail,
        }
    }

    fn unexpected(&self, operation: &'static str, answer: &Answer) -> LogError {
        let detail = match answer {
            Answer::Failed(Failure::Refused { detail } | Failure::Unreachable { detail }) => detail.clone(),
            _ => "the answer does not fit the question; is the owner of another release?".to_owned(),
        };
        LogError::Refused {
            log: self.describe(),
            operation,
            detail,
        }
    }

    /// A new stream, and what the owner says of its log.
    fn greet(&self) -> Result<(UnixStream, Answer), LogError> {
        let greeted = socket::connect(&self.directory).and_then(|mut stream| {
            stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
            stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
            wire::send(&mut stream, &Question::Hello { version: wire::VERSION })?;
            let welcome = wire::receive(&mut stream)?;
            Ok((stream, welcome))
        });
        greeted.map_err(|error| self.unreachable("connect", &error))
    }

    /// Asks on the stream in use, or on a new one where that was closed. An append is never asked twice: it may have
    /// been written before its answer was lost.
    fn ask(&self, operation: &'static str, question: &Question) -> Result<Answer, LogError> {
        let mut slot = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let may_repeat = !matches!(question, Question::Append { .. });
        if let Some(stream) = slot.take().filter(|_| may_repeat)
            && let Ok((stream, answer)) = exchange(stream, question)
        {
            *slot = Some(stream);
            return self.checked(operation, answer);
        }
        let (stream, welcome) = self.greet()?;
        if !matches!(welcome, Answer::Welcome { .. }) {
            return Err(self.unexpected(operation, &welcome));
        }
        let (stream, answer) = exchange(stream, question).map_err(|error| self.unreachable(operation, &error))?;
        *slot = Some(stream);
        self.checked(operation, answer)
    }

    fn checked(&self, operation: &'static str, answer: Answer) -> Result<Answer, LogError> {
        let Answer::Failed(failure) = answer else {
            return Ok(answer);
        };
        let log = self.describe();
        Err(match failure {
            Failure::MissingPartition { topic, partition } => match topics::topic(topic) {
                Some(topic) => LogError::MissingPartition { topic, partition },
                None => LogError::Refused {
                    log,
                    operation,
                    detail: "a partition is missing".to_owned(),
                },
            },
            Failure::OffsetGone {
                topic,
                partition,
                offset,
                first,
            } => LogError::OffsetGone {
                group: super::reader::READER.to_owned(),
                topic,
                partition,
                offset,
                first,
            },
            Failure::Full { detail } => LogError::Full {
                path: self.directory.clone(),
                detail,
            },
            Failure::Oversized { name, size, limit } => {
                let narrow = |number| usize::try_from(number).unwrap_or(usize::MAX);
                LogError::Oversized {
                    name,
                    size: narrow(size),
                    limit: narrow(limit),
                }
            }
            Failure::Unreachable { detail } => LogError::Unreachable { log, operation, detail },
            Failure::Refused { detail } => LogError::Refused { log, operation, detail },
        })
    }
}

fn exchange(mut stream: UnixStream, question: &Question) -> io::Result<(UnixStream, Answer)> {
    wire::send(&mut stream, question)?;
    let answer = wire::receive(&mut stream)?;
    Ok((stream, answer))
}

impl RemoteLog {
    fn check_partition(&self, topic: Topic, partition: u32) -> Result<(), LogError> {
        match partition < self.plan.partitions(topic) {
            true => Ok(()),
            false => Err(LogError::MissingPartition { topic, partition }),
        }
    }
}

impl Log for RemoteLog {
    fn describe(&self) -> String {
        self.connection.describe()
    }

    fn partitions(&self, topic: Topic) -> Result<u32, LogError> {
        Ok(self.plan.partitions(topic))
    }

    fn apply_topics(&self, plan: &TopicPlan) -> Result<Vec<Applied>, LogError> {
        Ok(super::compare(&self.prefix, self.plan, *plan))
    }

    fn worker(&self, group: &str, _: &[Topic]) -> Result<Box<dyn Worker>, LogError> {
        Err(LogError::Refused {
            log: self.describe(),
            operation: "join a group",
            detail: format!("roles such as {group} run inside the process that owns the directory"),
        })
    }

    fn reader(&self, topic: Topic, partition: u32, start: Start) -> Result<Box<dyn Reader>, LogError> {
        self.check_partition(topic, partition)?;
        let position = match start {
            Start::First => self.bounds(topic, partition)?.first,
            Start::End => self.bounds(topic, partition)?.end,
            Start::Offset(offset) => offset,
        };
        // A stream of its own: a read that waits holds up nobody else's question.
        let directory = self.connection.directory.clone();
        let connection = Connection {
            directory,
            stream: Mutex::new(None),
        };
        Ok(Box::new(RemoteReader {
            connection,
            topic,
            partition,
            position,
        }))
    }

    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError> {
        let question = Question::Bounds {
            topic: topics::code(topic),
            partition,
        };
        match self.connection.ask("read bounds", &question)? {
            Answer::Bounds { first, end } => Ok(Bounds { first, end }),
            other => Err(self.connection.unexpected("read bounds", &other)),
        }
    }

    fn committed(&self, group: &str, topic: Topic) -> Result<Offsets, LogError> {
        let question = Question::Committed {
            group: group.to_owned(),
            topic: topics::code(topic),
        };
        match self.connection.ask("read committed offsets", &question)? {
            Answer::Committed { offsets } => Ok(offsets
                .into_iter()
                .map(|(partition, offset)| ((topic, partition), offset))
                .collect()),
            other => Err(self.connection.unexpected("read committed offsets", &other)),
        }
    }

    fn append(&self, records: Vec<Produce>) -> Result<(), LogError> {
        let question = Question::Append {
            records: wire::sent(&records),
        };
        match self.connection.ask("append", &question)? {
            Answer::Appended => Ok(()),
            other => Err(self.connection.unexpected("append", &other)),
        }
    }
}

/// A reader over the socket.
struct RemoteReader {
    connection: Connection,
    topic: Topic,
    partition: u32,
    position: u64,
}

impl Reader for RemoteReader {
    fn read(&mut self, max_records: usize, wait: Duration) -> Result<Vec<Message>, LogError> {
        let start = Instant::now();
        loop {
            let left = wait.saturating_sub(start.elapsed());
            let question = Question::Read {
                topic: topics::code(self.topic),
                partition: self.partition,
                from: self.position,
                max_records: u32::try_from(max_records).unwrap_or(u32::MAX),
                wait_millis: u32::try_from(left.min(WAIT_STEP).as_millis()).unwrap_or(u32::MAX),
            };
            let answer = self.connection.ask("read", &question)?;
            let Answer::Records { records, next } = answer else {
                return Err(self.connection.unexpected("read", &answer));
            };
            let decode = |(offset, bytes): (u64, Vec<u8>)| record::decode(self.topic, self.partition, offset, &bytes);
            let messages: Option<Vec<Message>> = records.into_iter().map(decode).collect();
            let messages = messages.ok_or_else(|| {
                let error = io::Error::new(io::ErrorKind::InvalidData, "what came is not a record");
                self.connection.unreachable("read", &error)
            })?;
            self.position = next;
            if !messages.is_empty() || left.is_zero() || max_records == 0 {
                return Ok(messages);
            }
        }
    }

    fn position(&self) -> u64 {
        self.position
    }
}
