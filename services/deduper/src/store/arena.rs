//! Where packed articles lie: one after the other in large segments, so that each costs its own bytes and no more.
//!
//! Articles leave in about the order in which they came, so segments empty as a whole and go back to the system. One
//! that doesn't, because few of its articles stay long, is emptied by moving them ([`Arena::sparse`]).

/// Bytes of a segment: with what an allocator adds it fits whole pages.
const SEGMENT: usize = (1 << 18) - 64;
/// Addresses count units of so many bytes.
const UNIT: usize = 4;
/// Addresses of a segment; the last few are not used.
const SEGMENT_UNITS: u32 = 1 << 16;
/// Segments at most: with more, addresses would not fit.
const SEGMENTS_MAX: usize = 1 << 16;
/// Bytes of a cache line, and how many lines hold an article up to the end of its samples.
const LINE: usize = 64;
const LINES: usize = 5;
/// Set in an article's head when it was taken away.
const DEAD: u16 = 1 << 15;

#[derive(Debug)]
struct Segment {
    bytes: Box<[u8]>,
    used: usize,
    dead: usize,
}

/// The segments.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    segments: Vec<Option<Segment>>,
    vacant: Vec<usize>,
    open: usize,
    /// Bytes that lie in segments, and how many of them were taken away.
    used: usize,
    dead: usize,
}

impl Arena {
    /// Puts bytes down and answers where; `None` when they are too many or there is no room.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Option<u32> {
        let length = u16::try_from(bytes.len()).ok().filter(|length| length & DEAD == 0)?;
        let size = size_of(bytes.len());
        if self.open().is_none_or(|segment| SEGMENT < segment.used + size) {
            self.open_another()?;
        }
        let number = self.open;
        let segment = self.open()?;
        let start = segment.used;
        let place = segment.bytes.get_mut(start..start + 2 + bytes.len())?;
        let (head, body) = place.split_at_mut(2);
        head.copy_from_slice(&length.to_le_bytes());
        body.copy_from_slice(bytes);
        segment.used += size;
        self.used += size;
        Some(number as u32 * SEGMENT_UNITS + (start / UNIT) as u32)
    }

    fn open(&mut self) -> Option<&mut Segment> {
        self.segments.get_mut(self.open)?.as_mut()
    }

    fn open_another(&mut self) -> Option<()> {
        let filled = self.open;
        let number = match self.vacant.pop() {
            Some(number) => number,
            None if self.segments.len() < SEGMENTS_MAX => {
                self.segments.push(None);
                self.segments.len() - 1
            }
            None => return None,
        };
        let segment = Segment {
            bytes: vec![0; SEGMENT].into_boxed_slice(),
            used: 0,
            dead: 0,
        };
        *self.segments.get_mut(number)? = Some(segment);
        self.open = number;
        self.release(filled);
        Some(())
    }

    /// What lies at an address; nothing when it was taken away.
    pub(crate) fn get(&self, address: u32) -> &[u8] {
        let (segment, start) = (address / SEGMENT_UNITS, (address % SEGMENT_UNITS) as usize * UNIT);
        let segment = self.segments.get(segment as usize).and_then(Option::as_ref);
        segment.map_or(&[], |segment| segment.at(start))
    }

    /// Reads some of what lies at an address, a byte of each cache line, so that it is at hand.
    pub(crate) fn touch(&self, address: u32) -> u8 {
        let (segment, start) = (address / SEGMENT_UNITS, (address % SEGMENT_UNITS) as usize * UNIT);
        let segment = self.segments.get(segment as usize).and_then(Option::as_ref);
        let lines = segment.and_then(|segment| segment.bytes.get(start..)).unwrap_or(&[]);
        lines.iter().step_by(LINE).take(LINES).fold(0, |sum, byte| sum ^ byte)
    }

    /// Takes away what lies at an address.
    pub(crate) fn remove(&mut self, address: u32) {
        let (number, start) = (
            (address / SEGMENT_UNITS) as usize,
            (address % SEGMENT_UNITS) as usize * UNIT,
        );
        let Some(segment) = self.segments.get_mut(number).and_then(Option::as_mut) else {
            return;
        };
        let size = size_of(segment.at(start).len());
        if let Some(high) = segment.bytes.get_mut(start + 1) {
            *high |= (DEAD >> 8) as u8;
        }
        segment.dead += size;
        self.dead += size;
        self.release(number);
    }

    /// Gives an empty segment back.
    fn release(&mut self, number: usize) {
        let is_empty = |segment: &Segment| segment.dead == segment.used;
        let Some(place) = self.segments.get_mut(number).filter(|_| number != self.open) else {
            return;
        };
        if let Some(segment) = place.take_if(|segment| is_empty(segment)) {
            self.used -= segment.used;
            self.dead -= segment.dead;
            self.vacant.push(number);
        }
    }

    /// The addresses of what still lies in the segment of an address, when it should be moved: less than half of the
    /// segment is left, and more than a quarter of all was taken away. Where the oldest leave first it never is.
    pub(crate) fn sparse(&self, address: u32) -> Vec<u32> {
        let number = (address / SEGMENT_UNITS) as usize;
        let segment = self.segments.get(number).and_then(Option::as_ref);
        let many_holes = self.used < self.dead * 4 && number != self.open;
        let sparse = segment.filter(|segment| many_holes && segment.used < segment.dead * 2);
        let starts = sparse.map(Segment::live).unwrap_or_default();
        let addresses = starts
            .iter()
            .map(|start| number as u32 * SEGMENT_UNITS + (start / UNIT) as u32);
        addresses.collect()
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> usize {
        self.segments.iter().flatten().count() * SEGMENT
    }
}

impl Segment {
    fn head(&self, start: usize) -> u16 {
        let head = self.bytes.get(start..).and_then(|rest| rest.first_chunk::<2>());
        head.map_or(0, |head| u16::from_le_bytes(*head))
    }

    fn at(&self, start: usize) -> &[u8] {
        let head = self.head(start);
        let length = if head & DEAD == 0 { usize::from(head) } else { 0 };
        self.bytes.get(start + 2..start + 2 + length).unwrap_or(&[])
    }

    fn live(&self) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut start = 0;
        while start < self.used {
            let head = self.head(start);
            if head & DEAD == 0 {
                starts.push(start);
            }
            start += size_of(usize::from(head & !DEAD));
        }
        starts
    }
}

/// What bytes take up with their head.
fn size_of(length: usize) -> usize {
    (2 + length).next_multiple_of(UNIT)
}

#[cfg(test)]
mod tests {
    use super::{Arena, SEGMENT};

    fn bytes(number: usize) -> Vec<u8> {
        vec![number as u8; 1 + number * 7 % 900]
    }

    #[test]
    fn holds_what_was_put_down_until_it_is_taken_away() {
        let mut arena = Arena::default();
        let addresses: Vec<u32> = (0..5_000).map(|number| arena.put(&bytes(number)).unwrap()).collect();
        for (number, &address) in addresses.iter().enumerate().filter(|(number, _)| number % 3 == 0) {
            assert_eq!(arena.get(address), bytes(number));
            arena.remove(address);
        }
        for (number, &address) in addresses.iter().enumerate() {
            let expected = if number % 3 == 0 { vec![] } else { bytes(number) };
            assert_eq!(arena.get(address), expected, "{number}");
        }
    }

    #[test]
    fn empty_segments_go_back_and_sparse_ones_can_be_emptied() {
        let mut arena = Arena::default();
        let mut addresses: Vec<u32> = (0..5_000).map(|number| arena.put(&bytes(number)).unwrap()).collect();
        let full = arena.bytes();
        assert!(7 * SEGMENT < full, "{full}");
        for number in (0..5_000).filter(|number| number % 37 != 0) {
            let address = addresses[number];
            arena.remove(address);
            addresses[number] = u32::MAX;
            for sparse in arena.sparse(address) {
                let bytes = arena.get(sparse).to_vec();
                let moved = arena.put(&bytes).unwrap();
                arena.remove(sparse);
                *addresses.iter_mut().find(|address| **address == sparse).unwrap() = moved;
            }
        }
        for number in (0..5_000).step_by(37) {
            assert_eq!(arena.get(addresses[number]), bytes(number), "{number}");
        }
        assert!(arena.bytes() * 2 < full, "{} of {full}", arena.bytes());
    }

    #[test]
    fn refuses_what_is_too_large() {
        assert_eq!(Arena::default().put(&vec![0; 1 << 15]), None);
    }
}
