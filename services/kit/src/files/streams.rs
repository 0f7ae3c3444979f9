//! Open files, so that a compressed one is not inflated from its beginning for each piece.

use std::collections::BTreeMap;

use fetcher::files::{Piece, Read};
use schemas::id::SourceId;

use super::disk::Disk;
use super::stream::Stream;

/// Files that are open at once; each holds a piece in memory.
const OPEN_MAX: usize = 4;

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
    /// The piece that `read` asks for of the source at `url`; `None` when the file is no longer the one that was seen.
    ///
    /// # Errors
    /// In words, when the file can't be read.
    pub(super) fn piece(&mut self, disk: &Disk, url: &str, read: &Read) -> Result<Option<Piece<'_>>, String> {
        self.turn += 1;
        let key = (read.source_id.clone(), read.path.clone());
        let serves = |(_, stream): &(u64, Stream)| stream.serves(read) && !stream.has_changed();
        if !self.open.get(&key).is_some_and(serves) {
            self.open.remove(&key);
            let (file, sighting) = disk.open(url, &read.path)?;
            if sighting != read.sighting {
                return Ok(None);
            }
            let opened = Stream::open(file, sighting, read.from);
            let stream = opened.map_err(|error| format!("it can't be read: {error}"))?;
            self.make_room();
            self.open.insert(key.clone(), (self.turn, stream));
        }
        let Some((turn, stream)) = self.open.get_mut(&key) else {
            return Ok(None);
        };
        *turn = self.turn;
        Ok(Some(stream.piece(read.from)))
    }

    /// Closes the file that was not read for the longest time, when there are too many.
    fn make_room(&mut self) {
        while OPEN_MAX <= self.open.len() {
            let oldest = self.open.iter().min_by_key(|(_, (turn, _))| *turn);
            match oldest.map(|(key, _)| key.clone()) {
                Some(key) => self.open.remove(&key),
                None => return,
            };
        }
    }
}
