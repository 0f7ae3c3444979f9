//! Open files, so that a compressed one is not inflated from its beginning for each piece.

use std::collections::BTreeMap;

use fetcher::files::{Piece, Read};
use schemas::id::SourceId;

use super::disk::Disk;
use super::stream::{PASS_BYTES, Stream};

/// Files that are open at once; each holds a piece in memory.
const OPEN_MAX: usize = 4;

/// Of these, files that would have to be inflated for long again. One seat is always left to the others, so that a
/// small file never waits for a large one to be read to its end.
const DEAR_MAX: usize = OPEN_MAX - 1;

/// A file that nothing was read of for so many turns has lost its seat: its source was paused, removed or changed.
/// Others took these turns, so it is no matter of time: a busy live lane costs nobody a seat.
const IDLE_TURNS: u64 = 1_000;

/// What one turn gave.
pub(super) enum Turn<'a> {
    /// The piece that was asked for.
    Piece(Piece<'a>),
    /// The file is no longer the one that was seen.
    Changed,
    /// The turn is spent on the way to the piece.
    Underway,
    /// As many files as may be are kept open for others: it comes again when one of these is read to its end.
    Full,
}

/// The files that were read last, one for each source.
#[derive(Default)]
pub(super) struct Streams {
    open: BTreeMap<(SourceId, String), (u64, Stream)>,
    turn: u64,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.open.keys()).finish()
    }
}

impl Streams {
    /// The piece that `read` asks for of the source at `url`, or why there is none in this turn.
    ///
    /// # Errors
    /// In words, when the file can't be read.
    pub(super) fn piece(&mut self, disk: &Disk, url: &str, read: &Read) -> Result<Turn<'_>, String> {
        self.turn += 1;
        let key = key_of(read);
        let serves = |(_, stream): &(u64, Stream)| stream.serves(read) && !stream.has_changed();
        if !self.open.get(&key).is_some_and(serves) {
            self.open.remove(&key);
            if is_dear(read.from.inflated) && DEAR_MAX <= self.count_dear() {
                return Ok(Turn::Full);
            }
            let (file, sighting) = disk.open(url, &read.path)?;
            if sighting != read.sighting {
                return Ok(Turn::Changed);
            }
            let opened = Stream::open(file, sighting, read.from);
            let stream = opened.map_err(|error| format!("it can't be read: {error}"))?;
            self.make_room();
            self.open.insert(key.clone(), (self.turn, stream));
        }
        let Some((turn, stream)) = self.open.get_mut(&key) else {
            return Ok(Turn::Changed);
        };
        *turn = self.turn;
        Ok(stream.piece(read.from).map_or(Turn::Underway, Turn::Piece))
    }

    /// Gives back the seat of a file of which nothing more is read.
    pub(super) fn close(&mut self, read: &Read) {
        self.open.remove(&key_of(read));
    }

    fn count_dear(&self) -> usize {
        let dear = |(turn, stream): &&(u64, Stream)| is_dear(stream.cost()) && self.turn - turn < IDLE_TURNS;
        self.open.values().filter(dear).count()
    }

    /// Closes a file when there are too many: that which is opened again soonest, or was not read for the longest time.
    fn make_room(&mut self) {
        while OPEN_MAX <= self.open.len() {
            let loss = |(_, (turn, stream)): &(&(SourceId, String), &(u64, Stream))| match self.turn - turn {
                0..IDLE_TURNS if is_dear(stream.cost()) => (stream.cost(), *turn),
                _ => (0, *turn),
            };
            match self.open.iter().min_by_key(loss).map(|(key, _)| key.clone()) {
                Some(key) => self.open.remove(&key),
                None => return,
            };
        }
    }
}

fn key_of(read: &Read) -> (SourceId, String) {
    (read.source_id.clone(), read.path.clone())
}

/// Whether so many bytes take more than a turn to inflate again.
fn is_dear(bytes: u64) -> bool {
    PASS_BYTES as u64 <= bytes
}

#[cfg(test)]
mod tests;
