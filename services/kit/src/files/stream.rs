//! A file that is read piece by piece: what was not used of one piece is the beginning of the next.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use fetcher::files::{HEAD_BYTES, PIECE_BYTES, Piece, Place, Read, Sighting};

use super::disk::sighting;
use super::inflate::{Inflated, Packing, Taken};

/// Bytes that are asked for at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// Bytes that are inflated in one turn on the way to a place, about: some 50 ms of work, for which the live lane waits.
pub(super) const PASS_BYTES: usize = 16 * 1024 * 1024;

/// An open file and what was read of it.
pub(super) struct Stream {
    /// A second handle, to see whether the file has changed.
    file: File,
    sighting: Sighting,
    packing: Packing,
    head: Vec<u8>,
    inflated: Inflated,
    /// Bytes from `start` on.
    buffer: Vec<u8>,
    start: Place,
    /// The place that was asked for last; the way there may not be over.
    wanted: Place,
    /// Where members begin in `buffer`, and their places in the file.
    members: Vec<(usize, u64)>,
    is_end: bool,
    broken: Option<String>,
}

impl Stream {
    /// Opens `file` where it can be read from on the way to `place`.
    pub(super) fn open(mut file: File, sighting: Sighting, place: Place) -> std::io::Result<Self> {
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        let packing = Packing::of(&head);
        let second = file.try_clone()?;
        Ok(Self {
            inflated: Inflated::open(file, packing, place.offset)?,
            file: second,
            sighting,
            packing,
            head,
            buffer: Vec::new(),
            start: Place {
                offset: place.offset,
                inflated: 0,
            },
            wanted: place,
            members: Vec::new(),
            is_end: false,
            broken: None,
        })
    }

    /// Whether this is the file that `read` means, at a place from which that one can be reached.
    pub(super) fn serves(&self, read: &Read) -> bool {
        let is_ahead = self.packing != Packing::Plain
            && read.from.offset == self.start.offset
            && self.start.inflated <= read.from.inflated;
        self.sighting == read.sighting && (is_ahead || self.index_of(read.from).is_some())
    }

    /// Bytes that must be inflated again when this is closed and opened where it was read last.
    pub(super) fn cost(&self) -> u64 {
        self.wanted.inflated
    }

    /// True when the file has changed since it was opened.
    pub(super) fn has_changed(&self) -> bool {
        let now = self.file.metadata();
        now.map_or(true, |metadata| sighting(&metadata) != self.sighting)
    }

    /// The piece at `place`, which it [`serves`](Self::serves); `None` while it is on the way there and this turn's
    /// bytes are spent.
    pub(super) fn piece(&mut self, place: Place) -> Option<Piece<'_>> {
        self.wanted = place;
        if !self.pass(place) {
            return None;
        }
        if let Some(index) = self.index_of(place) {
            self.drop_first(index, place);
        }
        self.fill(PIECE_BYTES);
        Some(Piece {
            bytes: self.buffer.get(..PIECE_BYTES).unwrap_or(&self.buffer),
            members: &self.members,
            is_packed: self.packing != Packing::Plain,
            is_end: self.is_end && self.buffer.len() <= PIECE_BYTES,
            broken: self.broken.as_deref(),
            head: &self.head,
        })
    }

    /// Where `place` is in the buffer.
    fn index_of(&self, place: Place) -> Option<usize> {
        let index = match self.packing {
            Packing::Plain => place.offset.checked_sub(self.start.offset)?,
            Packing::Gzip | Packing::Zstd if place.offset == self.start.offset => {
                place.inflated.checked_sub(self.start.inflated)?
            }
            Packing::Gzip | Packing::Zstd => {
                let (at, _) = self.members.iter().find(|(_, offset)| *offset == place.offset)?;
                *at as u64 + place.inflated
            }
        };
        usize::try_from(index).ok().filter(|index| *index <= self.buffer.len())
    }

    fn drop_first(&mut self, count: usize, place: Place) {
        self.buffer.drain(..count);
        self.members.retain(|(at, _)| count <= *at);
        self.members.iter_mut().for_each(|(at, _)| *at -= count);
        self.start = place;
    }

    /// Inflates towards `place` and drops what is before it; true once that is in the buffer, or nothing more comes.
    fn pass(&mut self, place: Place) -> bool {
        let mut passed = 0;
        while self.index_of(place).is_none() && !(self.is_end && self.buffer.is_empty()) {
            if PASS_BYTES <= passed {
                return false;
            }
            self.fill(CHUNK_BYTES);
            let left = usize::try_from(place.inflated.saturating_sub(self.start.inflated)).unwrap_or(usize::MAX);
            let count = left.min(self.buffer.len());
            let start = Place {
                inflated: self.start.inflated + count as u64,
                ..self.start
            };
            self.drop_first(count, start);
            passed += count;
        }
        true
    }

    /// Reads until there are so many bytes.
    fn fill(&mut self, wanted: usize) {
        while self.buffer.len() < wanted && !self.is_end {
            let length = self.buffer.len();
            self.buffer.resize(length + CHUNK_BYTES, 0);
            let taken = self.inflated.read(self.buffer.get_mut(length..).unwrap_or_default());
            let count = match &taken {
                Ok(Taken::Bytes(count)) => *count,
                _ => 0,
            };
            self.buffer.truncate(length + count);
            match taken {
                Ok(Taken::Bytes(_)) => {}
                Ok(Taken::Member(offset)) => self.members.push((length, offset)),
                Ok(Taken::End) => self.is_end = true,
                Err(error) => {
                    self.broken = Some(format!("it can't be read to its end: {error}"));
                    self.is_end = true;
                }
            }
        }
    }
}
