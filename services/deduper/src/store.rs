//! The remembered articles, by slot and by id.

mod address;
mod arena;
mod bytes;
mod kept;
mod story;

use std::cmp::Ordering;

use crate::memory::Remembered;
use crate::table::{SLOTS, Table};
use arena::Arena;
pub(crate) use bytes::Name;
pub(crate) use kept::{Kept, Place, hash_of, long_hash_of, rounded};

/// Slots of a chunk: memory grows by chunks, so nothing is ever copied.
const CHUNK: usize = 1024;
/// Of the table of ids.
const SHARD_BITS: u32 = 9;
/// Marks a slot that nobody has.
const NOBODY: u32 = u32::MAX;

/// What a look-up asks of every article that it meets; sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// When it entered, milliseconds since 1970.
    pub(crate) entered: i64,
    /// Hash of its cluster.
    pub(crate) cluster: u32,
    address: u32,
}

/// The articles.
#[derive(Debug)]
pub(crate) struct Store {
    chunks: Vec<Box<[Entry]>>,
    slots: u32,
    free: Vec<u32>,
    ids: Table,
    arena: Arena,
    held: usize,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            slots: 0,
            free: Vec::new(),
            ids: Table::new(SHARD_BITS),
            arena: Arena::default(),
            held: 0,
        }
    }
}

impl Store {
    /// How many articles there are.
    pub(crate) fn len(&self) -> usize {
        self.held
    }

    /// Adds an article, whose id must be new, and answers its slot; `None` when it can't be kept, because it is far too
    /// large or there are too many (16 million).
    pub(crate) fn insert(&mut self, article: &Remembered) -> Option<u32> {
        let address = self.arena.put(&kept::packed(article)).or_else(|| {
            // An address that nobody would follow is what can be that long.
            let shorter = Remembered {
                url: String::new(),
                ..article.clone()
            };
            self.arena.put(&kept::packed(&shorter))
        })?;
        let slot = self.free.pop().or_else(|| self.another_slot())?;
        *self.entry_mut(slot)? = Entry {
            entered: article.entered,
            cluster: hash_of(&article.cluster),
            address,
        };
        self.ids.insert(hash_of(&article.id), slot);
        self.held += 1;
        Some(slot)
    }

    fn another_slot(&mut self) -> Option<u32> {
        if self.slots as usize == self.chunks.len() * CHUNK {
            let nobody = Entry {
                entered: i64::MIN,
                cluster: 0,
                address: NOBODY,
            };
            self.chunks.push(vec![nobody; CHUNK].into_boxed_slice());
        }
        let slot = self.slots;
        self.slots = slot.checked_add(1).filter(|slots| *slots < SLOTS - 1)?;
        Some(slot)
    }

    /// Takes the article of a slot away.
    pub(crate) fn remove(&mut self, slot: u32) {
        let Some(kept) = self.kept(slot) else { return };
        let hash = hash_of(&kept.id.text());
        let Some(entry) = self.entry_mut(slot) else { return };
        let address = entry.address;
        entry.address = NOBODY;
        self.ids.remove(hash, slot);
        self.arena.remove(address);
        self.free.push(slot);
        self.held -= 1;
        for address in self.arena.sparse(address) {
            self.relocate(address);
        }
    }

    /// Puts an article elsewhere.
    fn relocate(&mut self, address: u32) {
        let bytes = self.arena.get(address).to_vec();
        let id = Kept::of(&bytes, 0).id.text();
        let Some(slot) = self.slot(&id) else { return };
        let Some(moved) = self.arena.put(&bytes) else { return };
        if let Some(entry) = self.entry_mut(slot) {
            entry.address = moved;
        }
        self.arena.remove(address);
    }

    /// The slot of an article.
    pub(crate) fn slot(&self, id: &str) -> Option<u32> {
        let is_it = |slot: &u32| self.kept(*slot).is_some_and(|kept| kept.id.is(id));
        self.ids.of(hash_of(id)).find(is_it)
    }

    /// What is kept of the article of a slot.
    pub(crate) fn kept(&self, slot: u32) -> Option<Kept<'_>> {
        let entry = self.entry(slot).filter(|entry| entry.address != NOBODY)?;
        Some(Kept::of(self.arena.get(entry.address), entry.entered))
    }

    /// Reads some of what is kept of several articles, so that it is at hand: here the processor waits for many reads at
    /// once.
    pub(crate) fn warm(&self, slots: impl Iterator<Item = u32>) {
        let addresses = slots.filter_map(|slot| self.entry(slot)).map(|entry| entry.address);
        let touched = addresses.map(|address| self.arena.touch(address));
        std::hint::black_box(touched.fold(0, |sum, byte| sum ^ byte));
    }

    /// The entry of a slot.
    #[inline]
    pub(crate) fn entry(&self, slot: u32) -> Option<&Entry> {
        self.chunks.get(slot as usize / CHUNK)?.get(slot as usize % CHUNK)
    }

    fn entry_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        self.chunks
            .get_mut(slot as usize / CHUNK)?
            .get_mut(slot as usize % CHUNK)
    }

    /// The order of entry of two articles; those of one time are ordered by id.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        let entered = |slot: u32| self.entry(slot).map_or(i64::MIN, |entry| entry.entered);
        let id = |slot: u32| self.kept(slot).map(|kept| kept.id);
        entered(a).cmp(&entered(b)).then_with(|| match a == b {
            true => Ordering::Equal,
            false => id(a).cmp(&id(b)),
        })
    }

    /// Bytes of samples, of numbers, names and titles, of the address, and of all else that is kept of an article.
    pub(crate) fn bytes_of(&self, slot: u32) -> [usize; 4] {
        let address = self.entry(slot).map_or(NOBODY, |entry| entry.address);
        let all = self.arena.get(address).len();
        self.kept(slot).map_or([0; 4], |kept| kept.bytes(all))
    }

    /// Bytes of the articles, and of what finds them.
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let entries = self.chunks.len() * CHUNK * size_of::<Entry>();
        (
            self.arena.bytes(),
            entries + self.ids.bytes() + self.free.capacity() * size_of::<u32>(),
        )
    }
}
