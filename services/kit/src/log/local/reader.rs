//! A reader of one partition.

use std::sync::Arc;
use std::time::{Duration, Instant};

use schemas::topic::Topic;

use super::super::{LogError, Message, Reader, Start};
use super::Owner;
use super::reading::{self, Limits};

/// A read returns about this many bytes at most, unless told otherwise.
const READ_BYTES: usize = 16 * 1024 * 1024;
/// Who asks, in errors.
pub(super) const READER: &str = "(a reader)";

/// A reader of a local log.
pub(super) struct LocalReader {
    owner: Arc<Owner>,
    place: (Topic, u32),
    position: u64,
    /// A read returns about this many bytes at most.
    bytes: usize,
}

impl LocalReader {
    /// Opens a partition.
    pub(super) fn open(owner: Arc<Owner>, topic: Topic, partition: u32, start: Start) -> Result<Self, LogError> {
        owner.shared.check_partition(topic, partition)?;
        let bounds = owner.shared.catalog().bounds(topic, partition);
        let position = match start {
            Start::First => bounds.first,
            Start::End => bounds.end,
            Start::Offset(offset) => offset,
        };
        Ok(Self {
            owner,
            place: (topic, partition),
            position,
            bytes: READ_BYTES,
        })
    }

    /// The same reader, whose reads return about `bytes` at most.
    pub(super) fn with_limit(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }
}

impl Reader for LocalReader {
    fn read(&mut self, max_records: usize, wait: Duration) -> Result<Vec<Message>, LogError> {
        let (topic, partition) = self.place;
        let shared = &self.owner.shared;
        let start = Instant::now();
        loop {
            let limits = Limits {
                records: max_records,
                bytes: self.bytes,
            };
            let run = reading::read(shared, READER, self.place, self.position, limits)?;
            self.position = run.next;
            let left = wait.saturating_sub(start.elapsed());
            // Where compaction took the last records there is nothing to give, yet the caller learns of the position.
            if !run.messages.is_empty() || left.is_zero() || max_records == 0 {
                return Ok(run.messages);
            }
            let position = self.position;
            shared.wait_while(left, |catalog| catalog.bounds(topic, partition).end <= position);
        }
    }

    fn position(&self) -> u64 {
        self.position
    }
}
