//! Folds the memory of a partition: the one way in which a stage gets its state.

use std::time::Duration;

use schemas::record::{DecodeError, Record};
use schemas::topic::Topic;

use crate::log::{Log, LogError, Start};
use crate::stop::Stop;

/// Why a recall failed.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The log can't be read.
    #[error("can't recall the memory")]
    Log(#[from] LogError),
    /// A memory record does not decode. State without it would be wrong, so the role must not start.
    #[error(
        "memory record at offset {offset} of {topic:?} partition {partition} does not decode: was it written by a later release?"
    )]
    Record {
        /// The memory topic.
        topic: Topic,
        /// Its partition.
        partition: u32,
        /// The record.
        offset: u64,
        /// What is wrong with it.
        #[source]
        source: DecodeError,
    },
    /// Somebody asked to stop.
    #[error("stopped while recalling")]
    Stopped,
}

/// Calls `apply` with every record that is committed in the partition now, in order; returns how many there were.
///
/// The caller must know its committed input offset before it calls: that offset is stable only when the transactions
/// that wrote up to it are complete, so their memory records are seen here.
///
/// # Errors
/// When the partition can't be read to its end.
pub fn recall<M: Record>(
    log: &dyn Log,
    topic: Topic,
    partition: u32,
    stop: &Stop,
    mut apply: impl FnMut(&M),
) -> Result<usize, RecallError> {
    let end = log.bounds(topic, partition)?.end;
    let mut reader = log.reader(topic, partition, Start::First)?;
    let mut count = 0;
    while reader.position() < end {
        if stop.is_pulled() {
            return Err(RecallError::Stopped);
        }
        for message in reader.read(10_000, Duration::from_millis(500))? {
            let change = M::decode(message.incoming()).map_err(|source| RecallError::Record {
                topic,
                partition,
                offset: message.offset,
                source,
            })?;
            apply(&change);
            count += 1;
        }
    }
    Ok(count)
}
