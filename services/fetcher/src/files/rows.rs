//! What every format's reader is asked and answers.

use schemas::time::Timestamp;

use super::article::Article;

/// How much of a bad row goes to the dead letters: more would not fit into their topic.
pub(super) const BAD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a reader is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The bytes from where reading goes on.
    pub(super) bytes: &'a [u8],
    /// True when no bytes follow.
    pub(super) is_end: bool,
    /// Rows to read, at most.
    pub(super) rows_max: usize,
    /// Bytes to read, about: a row is begun only below this.
    pub(super) bytes_max: usize,
    /// The present time, which embargoes are held against.
    pub(super) now: Timestamp,
}

/// One row, record or item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// An article.
    Article(Box<Article>),
    /// It can't be read.
    Bad {
        /// Its bytes, or their beginning.
        bytes: Vec<u8>,
        /// What is wrong with it.
        detail: String,
    },
    /// It holds nothing to read.
    Skipped,
    /// An empty line.
    Blank,
    /// Its publisher took it back.
    TakenBack(Box<Article>),
}

impl Row {
    /// A row of these bytes that can't be read.
    pub(super) fn bad(bytes: &[u8], detail: impl Into<String>) -> Self {
        Self::Bad {
            bytes: bytes.get(..BAD_BYTES_MAX).unwrap_or(bytes).to_vec(),
            detail: detail.into(),
        }
    }
}

/// What a reader answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rows {
    /// The rows in order.
    pub(super) rows: Vec<Row>,
    /// How many bytes they take, with what was passed over.
    pub(super) used: usize,
    /// Bytes behind `used` that belong to a record too large to be taken.
    pub(super) pass_bytes: u64,
    /// True when the rest of the line behind `used` is too long to be taken.
    pub(super) pass_line: bool,
    /// The next row may be read from this time on.
    pub(super) due_at: Option<Timestamp>,
    /// The last line has no end and can't be read: it is bad as it stands, and is read again should it grow.
    pub(super) bad_tail: Option<Row>,
    /// True when nothing is left to read.
    pub(super) is_done: bool,
}
