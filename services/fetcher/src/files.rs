//! Sources that are files: JSON lines, WARC archives, the news agencies' wire formats, feeds, pages and texts, alone
//! or in a directory that is watched. A lane of their own, which waits whenever the live one has something to do.
//!
//! Like the machine, the [`Lane`](lane::Lane) does no I/O: the host tells it what lies in a directory and what the
//! bytes of a file are, and commits the [`Step`] that comes back. How far a file was read is remembered in the very
//! commit of what was read, so a kill at any line loses nothing and repeats nothing. The host's loop is:
//!
//! 1. apply the recalled memory and the file sources that this partition owns;
//! 2. [`Lane::next`](lane::Lane::next): look at a source, read a piece of a file, commit a step, or wait;
//! 3. hand what was seen to [`Lane::looked`](lane::Lane::looked) or [`Lane::read`](lane::Lane::read), commit the step
//!    and apply its memory.
//!
//! Start reading at [`lane`], then `rows` (what every format's reader answers).

use std::collections::BTreeMap;

use schemas::fate::Fate;
use schemas::id::SourceId;
use schemas::memory::fetcher::FetcherMemory;
use schemas::time::Timestamp;

use crate::found::Found;
use crate::machine::Subject;

mod article;
mod feed_file;
mod format;
mod http_message;
mod jsonl;
pub mod lane;
mod markup;
mod newsml;
mod ninjs;
mod nitf;
mod page;
mod reading;
mod rows;
#[cfg(test)]
mod tests;
mod warc;
mod whole;

/// Bytes of a piece after inflation. Larger than the largest record that is taken (a page of 5 MiB with its headers),
/// so a record that does not fit into a whole piece is one that is passed over.
pub const PIECE_BYTES: usize = 7 * 1024 * 1024;

/// How much of a file's beginning tells whether it only grew.
pub const HEAD_BYTES: usize = 1_024;

/// Settings of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Records of one step, at most: a live article never waits longer than one step takes.
    pub step_records: usize,
    /// Bytes of one step, about.
    pub step_bytes: usize,
    /// The time between two looks at a source, in milliseconds. A source's own interval wins over it.
    pub look_interval_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            step_records: 50,
            step_bytes: 4 * 1024 * 1024,
            look_interval_ms: 2_000,
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Bytes from the beginning of the file; in a compressed one, where a gzip member or zstd frame begins.
    pub offset: u64,
    /// Bytes behind that, after inflation. Always 0 in a file that is not compressed.
    pub inflated: u64,
}

/// A file as a look at it shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Its size in bytes.
    pub size: u64,
    /// When it changed.
    pub modified: Timestamp,
}

/// The files at a source by their path below it; the path is empty where the source is the file.
pub type Listing = BTreeMap<String, Sighting>;

/// A piece of a file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The source.
    pub source_id: SourceId,
    /// The file's path below the source.
    pub path: String,
    /// The file as it was seen. If it is another one when it is opened, [`Lane::unsettle`](lane::Lane::unsettle).
    pub sighting: Sighting,
    /// Where the piece begins.
    pub from: Place,
}

/// What was read: from [`Read::from`] on [`PIECE_BYTES`] bytes after inflation, less only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Piece<'a> {
    /// The bytes, inflated.
    pub bytes: &'a [u8],
    /// Where gzip members or zstd frames begin in `bytes`, and their places in the file, in order.
    pub members: &'a [(usize, u64)],
    /// True for a compressed file.
    pub is_packed: bool,
    /// True when nothing follows.
    pub is_end: bool,
    /// Why nothing follows although the file goes on: its compression is broken.
    pub broken: Option<&'a str>,
    /// The first [`HEAD_BYTES`] bytes of the file as they lie on the disk.
    pub head: &'a [u8],
}

/// What else there is to do in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressure {
    /// True when the live lane had something to do just now.
    pub live: bool,
    /// How many records may be handed on before later stages fall behind too far.
    pub room: usize,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// See what lies at this source, then [`Lane::looked`](lane::Lane::looked).
    Look(SourceId),
    /// Read this piece, then [`Lane::read`](lane::Lane::read).
    Read(Box<Read>),
    /// Commit and apply this step.
    Decided(Box<Step>),
    /// Nothing can be done now.
    Wait(Wait),
}

/// Why and how long nothing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wait {
    /// When something falls due without anything new; `None` when nothing does.
    pub until: Option<Timestamp>,
    /// What holds back work that could be done; `None` when there is none.
    pub cause: Option<Cause>,
}

/// What holds the lane back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The live lane has something to do.
    Live,
    /// Later stages have enough to do.
    Lag,
}

impl Cause {
    /// The cause as metrics spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Lag => "lag",
        }
    }
}

/// What was decided, to be committed whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Records to write.
    pub found: Vec<Found>,
    /// Items that end here.
    pub ended: Vec<(Subject, Fate)>,
    /// Rows for the dead letters.
    pub dead: Vec<DeadRow>,
    /// What to remember.
    pub memory: Vec<FetcherMemory>,
    /// Rows that hold nothing to read.
    pub skipped: usize,
}

impl Step {
    /// True when there is nothing to commit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.memory.is_empty()
    }
}

/// A row that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadRow {
    /// Whom its fate is about.
    pub subject: Subject,
    /// The file's path below its source.
    pub path: String,
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its bytes, or their beginning where there are too many.
    pub bytes: Vec<u8>,
    /// What is wrong with it, in words.
    pub detail: String,
}
