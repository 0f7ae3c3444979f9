//! A compact multimap from hashes to slots: five bytes a pair, and no pause when it grows.
//!
//! Pairs are spread over shards by the first bits of the hash; within a shard they lie sorted in an array with gaps,
//! each at or shortly after the place that its hash would have in an even spread. So the first bits of the hash need
//! not be stored, a search reads some neighbouring bytes, and growing is a copy in order. A shard grows by itself,
//! which takes some ten microseconds with a million articles.
//!
//! A shard is one array in sixteen parts, whose borders it knows, so the bits that choose the part need not be stored
//! either. With the bits of shard and part 32 bits tell keys apart, as many as a key has: without those of the part, each
//! article would meet six strangers among a million.
//!
//! Of a table with fewer shards the last bits of the hash are left out: what is found is to be checked.

/// Bits of a hash that are stored; bits of a slot; bits that choose the part of a shard.
const REST_BITS: u32 = 16;
const SLOT_BITS: u32 = 24;
const PART_BITS: u32 = 4;
/// Parts of a shard.
const PARTS: usize = 1 << PART_BITS;
/// Bits of a pair that are stored.
const STORED_BITS: u32 = REST_BITS + SLOT_BITS;
/// Slots are below this.
pub(crate) const SLOTS: u32 = (1 << SLOT_BITS) - 1;
/// Marks a place without a pair.
const EMPTY: u64 = (1 << STORED_BITS) - 1;
/// A shard is at most so many thirty-seconds full, and then grows by an eighth: fuller, and pairs stand in runs so long
/// that most of the time of adding and taking away goes into their ends.
const FULL: usize = 29;
const GROWTH: u32 = 8;
/// Places behind the last home of a shard.
const TAIL: usize = 8;
/// Shards begin with different sizes, evenly spread over one step of growth, so that they never all grow at once. The
/// room that they leave as they grow is too small for the others: some 45 bytes an article of a full window.
const SIZES: u32 = 17;
const LEAST: u32 = 64;
/// About as many places as lie in a cache line.
const LINE_PLACES: usize = 12;

type Place = [u8; 5];
/// A place without a pair.
const GAP: Place = [u8::MAX; 5];

#[derive(Debug)]
pub(crate) struct Table {
    shards: Vec<Shard>,
    /// Bits of a hash that choose the shard.
    shard_bits: u32,
}

/// Pairs as numbers of 44 bits, in order: the part, the stored part of the hash, the slot. All but the part is stored.
#[derive(Debug, Default)]
struct Shard {
    places: Vec<Place>,
    /// All pairs of a part and of those behind it stand here or further on, all of those before it nearer.
    starts: [u32; PARTS],
    homes: u32,
    held: u32,
}

impl Table {
    /// A table of so many shards: 2 to the power of `shard_bits`, at most 12.
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
        let first = first & EMPTY;
        // A gap looks like the pair of the last hash of all with a slot that is none.
        let same = move |value: &u64| value >> SLOT_BITS == first >> SLOT_BITS && *value != EMPTY;
        let values = places.iter().map(|&place| read(place)).take_while(same);
        values.map(|value| (value & u64::from(SLOTS)) as u32)
    }

    /// Reads the places where the pairs of some hashes are looked for, and does nothing with them. Such reads miss the
    /// cache, and here the processor waits for many of them at once; a search waits for each.
    pub(crate) fn warm(&self, hashes: impl Iterator<Item = u32>) {
        let read = hashes.map(|hash| {
            let (shard, value) = self.split(hash, 0);
            let Some(shard) = self.shards.get(shard) else { return 0 };
            let home = shard.home(value);
            // A pair stands at its home or behind it, so a search that begins near the end of a cache line needs the
            // next one.
            shard.first_byte(home) ^ shard.first_byte(home + LINE_PLACES)
        });
        std::hint::black_box(read.fold(0, |sum, byte| sum ^ byte));
    }

    /// The bits of a hash that are used: pairs whose hashes agree in them are found together. Sampled hashes lie in a
    /// low range, so they are mixed first.
    pub(crate) fn cell(&self, hash: u32) -> u32 {
        let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x9e37_79b1);
        let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0x85eb_ca77);
        mixed >> (32 - self.shard_bits - PART_BITS - REST_BITS)
    }

    /// The shard of a hash, and the number of its pair with `slot`.
    fn split(&self, hash: u32, slot: u32) -> (usize, u64) {
        let cell = self.cell(hash);
        let rest = u64::from(cell & ((1 << (PART_BITS + REST_BITS)) - 1));
        (
            (cell >> (PART_BITS + REST_BITS)) as usize,
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

/// Whether no pair stands there: no slot is as high.
#[inline]
fn is_gap(&[a, b, c, d, _]: &Place) -> bool {
    u32::from_le_bytes([a, b, c, d]) & SLOTS == SLOTS
}

fn written(value: u64) -> Place {
    let [a, b, c, d, e, ..] = value.to_le_bytes();
    [a, b, c, d, e]
}

/// The part of a shard that a pair belongs to.
#[inline]
fn part_of(value: u64) -> usize {
    (value >> STORED_BITS) as usize
}

impl Shard {
    /// An empty shard. Until it grows for the first time it has hardly any homes, and their number says how many it gets
    /// then.
    fn new(number: u32) -> Self {
        Self {
            homes: number % SIZES,
            ..Self::default()
        }
    }

    /// Where the pair would be if nothing stood in its way.
    #[inline]
    fn home(&self, value: u64) -> usize {
        (((value >> SLOT_BITS) * u64::from(self.homes)) >> (PART_BITS + REST_BITS)) as usize
    }

    /// What is stored at a place.
    #[inline]
    fn at(&self, place: usize) -> u64 {
        self.places.get(place).map_or(EMPTY, |&place| read(place))
    }

    fn first_byte(&self, place: usize) -> u8 {
        self.places.get(place).map_or(0, |place| place[0])
    }

    #[inline]
    fn start(&self, part: usize) -> usize {
        self.starts.get(part).map_or(self.places.len(), |&start| start as usize)
    }

    /// The place of the first pair of the part that is not below `value`, or of the gap where it would stand, and where
    /// the part ends. The place is not in front of the end when there is no such pair and no gap.
    #[inline]
    fn seek(&self, value: u64) -> (usize, usize) {
        let (part, stored) = (part_of(value), value & EMPTY);
        let end = self.start(part + 1);
        let mut place = self.home(value).max(self.start(part));
        while place < end && self.at(place) < stored {
            place += 1;
        }
        (place, end)
    }

    fn from(&self, first: u64) -> &[Place] {
        let (place, end) = self.seek(first);
        self.places.get(place..end).unwrap_or(&[])
    }

    fn insert(&mut self, value: u64) {
        if self.homes as usize * FULL <= self.held as usize * 32 {
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
        let (place, _) = self.seek(value);
        let behind = self.places.get(place..).unwrap_or(&[]);
        let Some(gap) = behind.iter().position(is_gap) else {
            return false;
        };
        let gap = place + gap;
        self.places.copy_within(place..gap, place + 1);
        if let Some(free) = self.places.get_mut(place) {
            *free = written(value);
        }
        // The parts behind begin one further on as far as pairs were moved, and behind the pair in any case.
        for start in self.starts.iter_mut().skip(part_of(value) + 1) {
            if *start as usize > gap {
                break;
            }
            *start = (*start).max(place as u32) + 1;
        }
        true
    }

    fn remove(&mut self, value: u64) -> bool {
        let (place, part_end) = self.seek(value);
        if part_end <= place || self.at(place) != value & EMPTY || value & EMPTY == EMPTY {
            return false;
        }
        let end = self.end_of_run(place + 1, part_of(value));
        self.places.copy_within(place + 1..end, place);
        if let Some(last) = self.places.get_mut(end - 1) {
            *last = GAP;
        }
        for start in self.starts.iter_mut().skip(part_of(value) + 1) {
            if *start as usize > end {
                break;
            }
            *start -= 1;
        }
        self.held -= 1;
        if (self.held as usize) < self.homes as usize / 2 {
            self.rebuild(self.held as usize * 5 / 4 + TAIL);
        }
        true
    }

    /// The first place from `end` on that is a gap or whose pair stands at its home; `part` is that of the place before.
    fn end_of_run(&self, mut end: usize, mut part: usize) -> usize {
        while part < PARTS {
            let places = self.places.get(end..self.start(part + 1)).unwrap_or(&[]);
            for place in places {
                let pair = read(*place) | (part as u64) << STORED_BITS;
                if is_gap(place) || end <= self.home(pair) {
                    return end;
                }
                end += 1;
            }
            part += 1;
        }
        end
    }

    fn grow(&mut self) {
        let homes = match self.homes {
            first if first < SIZES => LEAST + first,
            homes => homes + homes / GROWTH + TAIL as u32,
        };
        self.rebuild(homes as usize);
    }

    fn rebuild(&mut self, homes: usize) {
        let old = std::mem::take(&mut self.places);
        let old_starts = std::mem::take(&mut self.starts);
        self.homes = u32::try_from(homes).unwrap_or(u32::MAX);
        let mut places = Vec::with_capacity(homes + TAIL);
        for part in 0..PARTS {
            let start_of = |part: usize| old_starts.get(part).map_or(old.len(), |&start| start as usize);
            if let Some(start) = self.starts.get_mut(part) {
                *start = places.len() as u32;
            }
            let pairs = old.get(start_of(part)..start_of(part + 1)).unwrap_or(&[]);
            for stored in pairs.iter().map(|&place| read(place)).filter(|stored| *stored != EMPTY) {
                let home = self.home(stored | (part as u64) << STORED_BITS);
                if places.len() < home {
                    places.resize(home, GAP);
                }
                if places.len() == places.capacity() {
                    places.reserve_exact(TAIL);
                }
                places.push(written(stored));
            }
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
            shard_bits in prop_oneof![Just(0u32), Just(12)],
            steps in prop::collection::vec((0..40u32, 0..60u32, prop::bool::weighted(0.7)), 0..600),
        ) {
            let mut table = Table::new(shard_bits);
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
    fn a_gap_is_no_slot_of_a_hash_whose_stored_bits_are_all_set() {
        let mut table = Table::new(0);
        let all_set = (0..u32::MAX).find(|&hash| table.cell(hash) & 0xffff == 0xffff);
        let hash = all_set.unwrap_or_default();
        assert_eq!(table.of(hash).count(), 0);
        table.insert(hash, 7);
        assert_eq!(table.of(hash).collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn many_pairs_take_up_few_bytes_and_give_them_back() {
        let mut table = Table::new(12);
        let pairs = (0..1_000_000u32).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 4, at));
        pairs.clone().for_each(|(hash, slot)| table.insert(hash, slot));
        assert!(table.bytes() < 7_000_000, "{}", table.bytes());
        for (hash, slot) in pairs.clone() {
            assert!(table.of(hash).any(|held| held == slot), "{hash}");
        }
        pairs.for_each(|(hash, slot)| assert!(table.remove(hash, slot)));
        assert!(table.bytes() < (1 << 12) * 400, "{}", table.bytes());
    }
}
