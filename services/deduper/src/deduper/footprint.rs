//! What the remembered articles take up.

use super::Deduper;

/// Bytes of memory, by what they are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Sampled shingles, with their thresholds and counts.
    pub samples: usize,
    /// Numbers, names and title words.
    pub pieces: usize,
    /// Ids, hashes, clusters, times, origin.
    pub identity: usize,
    /// Addresses of originals.
    pub addresses: usize,
    /// Which articles have a key.
    pub postings: usize,
    /// Entries by slot, slots by id, articles by time of entry.
    pub order: usize,
    /// Room that is taken and not in use.
    pub room: usize,
}

impl Footprint {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.samples + self.pieces + self.identity + self.addresses + self.postings + self.order + self.room
    }
}

impl Deduper {
    /// What the remembered articles take up. Looks at each of them: for benchmarks and people, not for every minute.
    #[must_use]
    pub fn footprint(&self) -> Footprint {
        let mut sum = Footprint::default();
        for slot in self.window.slots() {
            let [samples, pieces, address, rest] = self.store.bytes_of(slot);
            sum.samples += samples;
            sum.pieces += pieces;
            sum.identity += rest;
            sum.addresses += address;
        }
        let (arena, order) = self.store.bytes();
        sum.room = arena.saturating_sub(sum.total());
        sum.postings = self.index.bytes() + self.rarity.bytes();
        sum.order = order + self.window.bytes();
        sum
    }
}
