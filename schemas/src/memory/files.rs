//! What the fetcher remembers of files that it reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{SourceId, frontier_key};
use crate::source::FileFormat;
use crate::time::Timestamp;

/// How far a file was read. Written in the commit of the records that were read, so that after a kill reading goes on
/// exactly behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FileState {
    /// The source that it belongs to.
    pub source_id: SourceId,
    /// Its path below the source's own; empty when the source is the file itself.
    #[serde(default)]
    pub path: String,
    /// Its size in bytes when it was taken. Another size or time of change makes it another file.
    pub size: u64,
    /// Its time of change when it was taken.
    pub modified: Timestamp,
    /// When it was taken for reading. Ids of what is read from it hang on this time.
    pub taken_at: Timestamp,
    /// What it holds, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
    /// Hash of its first `head_bytes` bytes, 16 hexadecimal digits: a file that only grew still begins so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub head: String,
    /// How many bytes `head` covers.
    #[serde(default)]
    pub head_bytes: u32,
    /// Bytes of the file that were read; in a compressed file the place where a member (gzip) or frame (zstd) begins.
    #[serde(default)]
    pub offset: u64,
    /// Bytes that were read behind that place, after inflation. In a format that is read whole, items.
    #[serde(default)]
    pub inflated: u64,
    /// Bytes of a record too large to be taken that are still to be passed over, after inflation.
    #[serde(default)]
    pub pass_bytes: u64,
    /// True while the rest of a line too long to be taken is passed over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pass_line: bool,
    /// Rows, records or items looked at.
    #[serde(default)]
    pub rows: u64,
    /// Those of them that were handed on.
    #[serde(default)]
    pub records: u64,
    /// Those that could not be read and are in the dead letters.
    #[serde(default)]
    pub bad: u64,
    /// Those that hold nothing to read, such as requests and pictures.
    #[serde(default)]
    pub skipped: u64,
    /// The embargo of the next item: no reading before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// True when there is nothing more to read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub finished: bool,
    /// Why it could not be read to its end, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl FileState {
    /// The key of the record in the memory topic.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.source_id, &self.path)
    }

    /// The key of the state of the file at `path` below the source `source`.
    #[must_use]
    pub fn key_of(source: &SourceId, path: &str) -> String {
        format!("file:{source}:{}", frontier_key(path))
    }
}

/// What lies at a file source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FileSourceState {
    /// The source.
    pub source_id: SourceId,
    /// Files there.
    #[serde(default)]
    pub files: u64,
    /// Their size in bytes.
    #[serde(default)]
    pub bytes: u64,
    /// When this was seen first.
    pub seen_at: Timestamp,
    /// Why they can't be looked at, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl FileSourceState {
    /// The key of the record in the memory topic.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.source_id)
    }

    /// The key of the state of this source.
    #[must_use]
    pub fn key_of(source: &SourceId) -> String {
        format!("files:{source}")
    }
}
