//! What can go wrong with a log, and what to do then.

use std::path::PathBuf;

use schemas::topic::Topic;

/// A failure of the log. Its text names the thing and, where there is one, the way out.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A topic does not exist.
    #[error("topic {name} does not exist in {log}; create it with `copydesk topics apply`")]
    MissingTopic {
        /// Its full name.
        name: String,
        /// The log, as [`super::Log::describe`] says.
        log: String,
    },
    /// A partition does not exist.
    #[error("topic {topic:?} has no partition {partition}")]
    MissingPartition {
        /// The topic.
        topic: Topic,
        /// The partition asked for.
        partition: u32,
    },
    /// Topics that must have the same number of partitions don't.
    #[error(
        "topics {one} and {other} must have the same number of partitions; compare them with `copydesk topics apply`"
    )]
    UnequalPartitions {
        /// One topic.
        one: String,
        /// The other.
        other: String,
    },
    /// A committed offset points before the first record that is still there.
    #[error(
        "group {group} stands at offset {offset} of {topic} partition {partition}, but records before {first} are gone: \
         the role was down longer than the topic keeps records; replay from `articles.fetched`, or reset the group to \
         offset {first} to accept the loss"
    )]
    OffsetGone {
        /// The consumer group.
        group: String,
        /// The topic's full name.
        topic: String,
        /// The partition.
        partition: u32,
        /// The committed offset.
        offset: u64,
        /// The first offset that is still there.
        first: u64,
    },
    /// The group gave our partitions to another member, or another instance has our id.
    #[error("fenced: another member of the group took over ({detail})")]
    Fenced {
        /// What the log said.
        detail: String,
    },
    /// The log can't be reached; it may come back.
    #[error("can't reach {log} to {operation}: {detail}")]
    Unreachable {
        /// The log.
        log: String,
        /// What was tried.
        operation: &'static str,
        /// What the log or the network said.
        detail: String,
    },
    /// The log refuses what we ask; asking again won't help.
    #[error("{log} refused to {operation}: {detail}")]
    Refused {
        /// The log.
        log: String,
        /// What was tried.
        operation: &'static str,
        /// What the log said.
        detail: String,
    },
    /// Another process owns the directory.
    #[error(
        "directory {} is in use by another process; stop that process, or give this one its own --data-dir",
        path.display()
    )]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The directory was written by a release that this one can't read.
    #[error("directory {} has format {found}, but this release reads format {known}; use the release that wrote it", path.display())]
    Format {
        /// The directory.
        path: PathBuf,
        /// The format found.
        found: String,
        /// The format that this release reads.
        known: String,
    },
    /// The disk or the directory's limit is full.
    #[error("no room left for {} ({detail}); free space, or raise local.max_bytes", path.display())]
    Full {
        /// The directory.
        path: PathBuf,
        /// Which limit.
        detail: String,
    },
    /// The storage below failed.
    #[error("can't {operation} in {log}")]
    Storage {
        /// The log.
        log: String,
        /// What was tried.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A record that is larger than its topic takes.
    #[error("a record of {size} bytes is larger than topic {name} takes ({limit} bytes)")]
    Oversized {
        /// The topic's full name.
        name: String,
        /// The record's size.
        size: usize,
        /// The topic's limit.
        limit: usize,
    },
}

impl LogError {
    /// True when starting over, with a new worker and recalled state, may help.
    ///
    /// Fencing is among them: a member that was too slow joins the group again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Fenced { .. } | Self::Full { .. } => true,
            Self::MissingTopic { .. }
            | Self::MissingPartition { .. }
            | Self::UnequalPartitions { .. }
            | Self::OffsetGone { .. }
            | Self::Refused { .. }
            | Self::Locked { .. }
            | Self::Format { .. }
            | Self::Storage { .. }
            | Self::Oversized { .. } => false,
        }
    }
}
