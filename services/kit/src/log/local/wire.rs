//! What the owner of a directory and other processes say to each other over the socket.
//!
//! Each message is a frame: its length (u32, big endian), then postcard bytes. The first frame of a connection is the
//! version that the client speaks, so that two releases tell each other instead of misreading.

use std::io::{self, Read, Write};

use schemas::topic::LARGE_RECORD_BYTES;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::{LogError, Message, Offsets, Produce};
use super::{record, topics};

/// Grows with every change of the messages.
pub(super) const VERSION: u32 = 1;
/// The largest record and what goes around it.
pub(super) const FRAME_BYTES: usize = LARGE_RECORD_BYTES + 1024 * 1024;
/// An answer with records holds about this many bytes of them, or one larger record.
pub(super) const READ_BYTES: usize = 4 * 1024 * 1024;

/// What a client asks. Topics are numbers as [`topics::code`] gives them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Question {
    /// Always first.
    Hello { version: u32 },
    /// [`super::super::Log::bounds`].
    Bounds { topic: u16, partition: u32 },
    /// [`super::super::Log::committed`].
    Committed { group: String, topic: u16 },
    /// Records from this offset on; waits up to `wait_millis` for the first.
    Read {
        topic: u16,
        partition: u32,
        from: u64,
        max_records: u32,
        wait_millis: u32,
    },
    /// [`super::super::Log::append`].
    Append { records: Vec<Sent> },
}

/// A record to append: topic, partition, bytes as [`record::encode`] gives them.
pub(super) type Sent = (u16, u32, Vec<u8>);

/// What the owner answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// To a hello: what the log is.
    Welcome {
        version: u32,
        prefix: String,
        hosts: u32,
        scripts: u32,
        keys: u32,
    },
    /// To a question for bounds.
    Bounds { first: u64, end: u64 },
    /// To a question for committed offsets: partition and offset.
    Committed { offsets: Vec<(u32, u64)> },
    /// To a read: offset and bytes of each record, and the offset where reading goes on.
    Records { records: Vec<(u64, Vec<u8>)>, next: u64 },
    /// To an append.
    Appended,
    /// To anything.
    Failed(Failure),
}

/// The errors that a client may decide on, and the words of all others.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Failure {
    MissingPartition {
        topic: u16,
        partition: u32,
    },
    OffsetGone {
        topic: String,
        partition: u32,
        offset: u64,
        first: u64,
    },
    Full {
        detail: String,
    },
    Oversized {
        name: String,
        size: u64,
        limit: u64,
    },
    Unreachable {
        detail: String,
    },
    Refused {
        detail: String,
    },
}

impl Failure {
    /// `error` for the socket.
    pub(super) fn of(error: &LogError) -> Self {
        match error {
            LogError::MissingPartition { topic, partition } => Self::MissingPartition {
                topic: topics::code(*topic),
                partition: *partition,
            },
            LogError::OffsetGone {
                topic,
                partition,
                offset,
                first,
                ..
            } => Self::OffsetGone {
                topic: topic.clone(),
                partition: *partition,
                offset: *offset,
                first: *first,
            },
            LogError::Full { detail, .. } => Self::Full { detail: detail.clone() },
            LogError::Oversized { name, size, limit } => Self::Oversized {
                name: name.clone(),
                size: *size as u64,
                limit: *limit as u64,
            },
            error if error.is_transient() => Self::Unreachable {
                detail: with_causes(error),
            },
            error => Self::Refused {
                detail: with_causes(error),
            },
        }
    }
}

fn with_causes(error: &LogError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Writes one frame.
pub(super) fn send<T: Serialize>(stream: &mut impl Write, message: &T) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= FRAME_BYTES);
    let length = length.ok_or_else(|| {
        let text = format!(
            "a message of {} bytes is larger than the socket takes ({FRAME_BYTES})",
            bytes.len()
        );
        io::Error::new(io::ErrorKind::InvalidInput, text)
    })?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&bytes)?;
    stream.flush()
}

/// Reads one frame; the error kind `UnexpectedEof` also stands for a connection that was closed.
pub(super) fn receive<T: DeserializeOwned>(stream: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if FRAME_BYTES < length {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a message of {length} bytes is too large"),
        ));
    }
    // Grows with what comes: the length alone reserves nothing.
    let mut bytes = Vec::new();
    stream.by_ref().take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    postcard::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Records for [`Question::Append`].
pub(super) fn sent(records: &[Produce]) -> Vec<Sent> {
    let encode = |it: &Produce| {
        (
            topics::code(it.topic),
            it.partition,
            record::encode(it, Default::default()),
        )
    };
    records.iter().map(encode).collect()
}

/// The records of [`Question::Append`]; `None` when one is not a record.
pub(super) fn produced(sent: Vec<Sent>) -> Option<Vec<Produce>> {
    let decode = |(topic, partition, bytes): Sent| record::decode_produce(topics::topic(topic)?, partition, &bytes);
    sent.into_iter().map(decode).collect()
}

/// Messages for [`Answer::Records`].
pub(super) fn read(messages: Vec<Message>) -> Vec<(u64, Vec<u8>)> {
    let encode = |message: Message| {
        let Message {
            topic,
            partition,
            offset,
            timestamp,
            key,
            value,
            headers,
        } = message;
        (
            offset,
            record::encode(
                &Produce {
                    topic,
                    partition,
                    key,
                    value,
                    headers,
                },
                timestamp,
            ),
        )
    };
    messages.into_iter().map(encode).collect()
}

/// Offsets of one topic for [`Answer::Committed`].
pub(super) fn committed(offsets: Offsets) -> Vec<(u32, u64)> {
    offsets
        .into_iter()
        .map(|((_, partition), offset)| (partition, offset))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_went() {
        let mut bytes = Vec::new();
        send(
            &mut bytes,
            &Question::Committed {
                group: "g".to_owned(),
                topic: 4,
            },
        )
        .unwrap();
        let back: Question = receive(&mut bytes.as_slice()).unwrap();
        assert!(matches!(back, Question::Committed { group, topic: 4 } if group == "g"));
    }

    #[test]
    fn a_frame_that_is_too_large_is_refused_before_it_is_read() {
        let bytes = (FRAME_BYTES as u32 + 1).to_be_bytes();
        let refused = receive::<Question>(&mut bytes.as_slice()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_frame_that_ends_early_is_an_end() {
        let mut bytes = Vec::new();
        send(&mut bytes, &Question::Hello { version: VERSION }).unwrap();
        for length in 0..bytes.len() {
            let cut = receive::<Question>(&mut &bytes[..length]).unwrap_err();
            assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof, "{length}");
        }
    }
}
