//! A compact multimap from hashes to slots: five bytes a pair, and no pause when it grows.
//!
//! Pairs are spread over shards by the first bits of the hash; within a shard they lie sorted in an array with gaps,
//! each at or shortly after the place that its hash would have in an even spread. So the first bits of the hash need
//! not be stored, a search reads some neighbouring bytes, and growing is a copy in order. A shard grows by itself,
//! which takes some ten microseconds with a million articles.
//!
//! The last bits of the hash are left out: what is found is to be checked, which it is anyway.

/// Bits of a hash that are stored; bits of a slot.
const REST_BITS: u32 = 16;
const SLOT_BITS: u32 = 24;
/// Slots are below this.
pub(crate) const SLOTS: u32 = (1 << SLOT_BITS) - 1;
/// Marks a place without a pair.
const EMPTY: u64 = (1 << (REST_BITS + SLOT_BITS)) - 1;
/// A shard is at most fifteen sixteenths full, and then grows by an eighth.
const FULL: usize = 15;
const GROWTH: usize = 8;
/// Places behind the last home of a shard, and the least number of homes.
const TAIL: usize = 8;

type Place = [u8; 5];
/// A place without a pair.
const GAP: Place = [u8::MAX; 5];

#[derive(Debug)]
pub(crate) struct Table {
    shards: Vec<Shard>,
    /// Bits of a hash that choose the shard.
    shard_bits: u32,
}

/// Pairs as numbers of 40 bits: the stored part of the hash, then the slot.
#[derive(Debug, Default)]
struct Shard {
    places: Vec<Place>,
    homes: u32,
    held: u32,
}

impl Table {
    /// A table of so many shards: 2 to the power of `shard_bits`.
    pub(crate) fn new(shard_bits: u32) -> Self {
        Self {
            shards: (0..1 << shard_bits).map(Shard::new).collect(),
            shard_bits,
        }
    }

    /// Adds a pair, which must be new.
    pub(crate) fn insert(&mut self, hash: u32, slot: u32) {
        let (shard, value) = self.split(hash, slot);
        if let Some(shard) = self.shards.get_mut(shard) {
            shard.insert(value);
        }
    }

    /// Takes a pair away; whether it was there.
    pub(crate) fn remove(&mut self, hash: u32, slot: u32) -> bool {
        let (shard, value) = self.split(hash, slot);
        self.shards.get_mut(shard).is_some_and(|shard| shard.remove(value))
    }

    /// The slots of a hash, the lowest first, and of the few that share its [`Self::cell`].
    pub(crate) fn of(&self, hash: u32) -> impl Iterator<Item = u32> {
        let (shard, first) = self.split(hash, 0);
        let places = self.shards.get(shard).map_or(&[][..], |shard| shard.from(first));
        let same = move |value: &u64| value >> SLOT_BITS == first >> SLOT_BITS;
        let values = places.iter().map(|&place| read(place)).take_while(same);
        values.map(|value| (value & u64::from(SLOTS)) as u32)
    }

    /// Reads the places where the pairs of some hashes are looked for, and does nothing with them. Such reads miss the
    /// cache, and here the processor waits for many of them at once; a search waits for each.
    pub(crate) fn warm(&self, hashes: impl Iterator<Item = u32>) {
        let read = hashes.map(|hash| {
            let (shard, value) = self.split(hash, 0);
            let shard = self.shards.get(shard);
            shard.map_or(0, |shard| shard.at(shard.home(value)))
        });
        std::hint::black_box(read.fold(0, |sum, value| sum ^ value));
    }

    /// The bits of a hash that are used: pairs whose hashes agree in them are found together. Sampled hashes lie in a
    /// low range, so they are mixed first.
    pub(crate) fn cell(&self, hash: u32) -> u32 {
        let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x9e37_79b1);
        let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0x85eb_ca77);
        mixed >> (32 - self.shard_bits - REST_BITS)
    }

    /// The shard of a hash, and the number of its pair with `slot`.
    fn split(&self, hash: u32, slot: u32) -> (usize, u64) {
        let cell = self.cell(hash);
        let rest = u64::from(cell & ((1 << REST_BITS) - 1));
        (
            (cell >> REST_BITS) as usize,
            (rest << SLOT_BITS) | u64::from(slot.min(SLOTS)),
        )
    }

    /// Bytes that it takes up.
    pub(crate) fn bytes(&self) -> usize {
        let places = self.shards.iter().map(|shard| shard.places.capacity());
        places.sum::<usize>() * size_of::<Place>() + self.shards.len() * size_of::<Shard>()
    }
}

#[inline]
fn read([a, b, c, d, e]: Place) -> u64 {
    u64::from(u32::from_le_bytes([a, b, c, d])) | u64::from(e) << 32
}

fn written(value: u64) -> Place {
    let [a, b, c, d, e, ..] = value.to_le_bytes();
    [a, b, c, d, e]
}

impl Shard {
    /// An empty shard. Shards begin with different sizes, so that they never all grow at once, and the room that one
    /// leaves is just what another needs.
    fn new(number: u32) -> Self {
        Self {
            homes: number % (TAIL as u32 + 1),
            ..Self::default()
        }
    }

    /// Where the pair would be if nothing stood in its way.
    fn home(&self, value: u64) -> usize {
        (((value >> SLOT_BITS) * u64::from(self.homes)) >> REST_BITS) as usize
    }

    fn at(&self, place: usize) -> u64 {
        self.places.get(place).map_or(EMPTY, |&place| read(place))
    }

    /// The place of the first pair that is not below `value`, or of the gap where it would stand.
    fn seek(&self, value: u64) -> usize {
        let mut place = self.home(value);
        while self.at(place) < value {
            place += 1;
        }
        place
    }

    fn from(&self, first: u64) -> &[Place] {
        self.places.get(self.seek(first)..).unwrap_or(&[])
    }

    fn insert(&mut self, value: u64) {
        if self.homes as usize * FULL <= self.held as usize * (FULL + 1) {
            self.grow();
        }
        while !self.squeeze(value) {
            let length = self.places.len() + TAIL;
            self.places.reserve_exact(TAIL);
            self.places.resize(length, GAP);
        }
        self.held += 1;
    }

    /// Puts the pair in its place and moves those behind it up to the next gap; `false` when there is none.
    fn squeeze(&mut self, value: u64) -> bool {
        let place = self.seek(value);
        let behind = self.places.iter().skip(place);
        let Some(gap) = behind.clone().position(|place| *place == GAP) else {
            return false;
        };
        self.places.copy_within(place..place + gap, place + 1);
        if let Some(free) = self.places.get_mut(place) {
            *free = written(value);
        }
        true
    }

    fn remove(&mut self, value: u64) -> bool {
        let place = self.seek(value);
        if self.at(place) != value || value == EMPTY {
            return false;
        }
        let mut end = place + 1;
        while self.at(end) != EMPTY && self.home(self.at(end)) < end {
            end += 1;
        }
        self.places.copy_within(place + 1..end, place);
        if let Some(last) = self.places.get_mut(end - 1) {
            *last = GAP;
        }
        self.held -= 1;
        if (self.held as usize) < self.homes as usize / 2 {
            self.rebuild(self.held as usize * 5 / 4 + TAIL);
        }
        true
    }

    fn grow(&mut self) {
        self.rebuild(self.homes as usize + self.homes as usize / GROWTH + TAIL);
    }

    fn rebuild(&mut self, homes: usize) {
        let old = std::mem::take(&mut self.places);
        self.homes = u32::try_from(homes).unwrap_or(u32::MAX);
        let mut places = Vec::with_capacity(homes + TAIL);
        for value in old.into_iter().map(read).filter(|value| *value != EMPTY) {
            let home = self.home(value);
            if places.len() < home {
                places.resize(home, GAP);
            }
            if places.len() == places.capacity() {
                places.reserve_exact(TAIL);
            }
            places.push(written(value));
        }
        let length = (homes + TAIL).max(places.len() + 1);
        places.resize(length, GAP);
        self.places = places;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Table;

    proptest! {
        #[test]
        fn holds_what_was_added_and_not_taken_away(
            steps in prop::collection::vec((0..40u32, 0..60u32, prop::bool::weighted(0.7)), 0..600),
        ) {
            let mut table = Table::new(13);
            let mut expected = BTreeSet::new();
            for (hash, slot, adds) in steps {
                if adds && expected.insert((hash, slot)) {
                    table.insert(hash, slot);
                } else if !adds {
                    prop_assert_eq!(table.remove(hash, slot), expected.remove(&(hash, slot)));
                }
            }
            for hash in 0..40 {
                let held: Vec<u32> = table.of(hash).collect();
                let wanted: Vec<u32> = expected.range((hash, 0)..(hash + 1, 0)).map(|pair| pair.1).collect();
                prop_assert_eq!(held, wanted);
            }
        }
    }

    #[test]
    fn many_pairs_take_up_few_bytes_and_give_them_back() {
        let mut table = Table::new(13);
        let pairs = (0..1_000_000u32).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 4, at));
        pairs.clone().for_each(|(hash, slot)| table.insert(hash, slot));
        assert!(table.bytes() < 6_600_000, "{}", table.bytes());
        for (hash, slot) in pairs.clone() {
            assert!(table.of(hash).any(|held| held == slot), "{hash}");
        }
        pairs.for_each(|(hash, slot)| assert!(table.remove(hash, slot)));
        assert!(table.bytes() < (1 << 13) * 400, "{}", table.bytes());
    }
}
