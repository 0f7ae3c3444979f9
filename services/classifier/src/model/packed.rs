//! Makes the numbers of a model small on disk.

use std::io::{self, BufRead as _, BufReader, Read as _, Take};

/// How hard Zstandard tries, of 22: packing is done once for each training.
const LEVEL: i32 = 19;
/// The most bytes that a file may unpack to: three times what the shipped model does.
const MOST_BYTES: u64 = 96 << 20;
/// The most bytes that memory is set aside for before they are there.
const MOST_AT_ONCE: usize = 16 << 20;

/// Packs bytes into one Zstandard frame.
pub(super) fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    zstd::encode_all(bytes, LEVEL)
}

/// Unpacks what [`pack`] packed piece by piece, so that a model is in memory once.
pub(super) struct Unpacker<'p> {
    unpacked: BufReader<Take<zstd::Decoder<'p, &'p [u8]>>>,
}

impl<'p> Unpacker<'p> {
    /// Nothing is unpacked yet.
    pub(super) fn new(packed: &'p [u8]) -> io::Result<Self> {
        let decoder = zstd::Decoder::with_buffer(packed)?;
        Ok(Self {
            unpacked: BufReader::new(decoder.take(MOST_BYTES)),
        })
    }

    /// Whether there is no more.
    pub(super) fn is_at_end(&mut self) -> io::Result<bool> {
        Ok(self.unpacked.fill_buf()?.is_empty())
    }

    /// The next `count` bytes, or fewer where there are no more.
    pub(super) fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        // A damaged count claims any size: what is there decides on the memory.
        let mut bytes = Vec::with_capacity(count.min(MOST_AT_ONCE));
        self.unpacked.by_ref().take(count as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Ascending numbers as the gaps between them, the lowest byte of all gaps first, then the next: the upper bytes are
/// nearly all alike.
pub(super) fn gaps(ascending: &[u32]) -> Vec<u8> {
    let before = std::iter::once(0).chain(ascending.iter().copied());
    let gaps: Vec<[u8; 4]> = ascending
        .iter()
        .zip(before)
        .map(|(number, before)| number.wrapping_sub(before).to_le_bytes())
        .collect();
    (0..4).flat_map(|byte| gaps.iter().map(move |gap| gap[byte])).collect()
}

/// The numbers that [`gaps`] took apart. Of bytes that it did not write the numbers need not ascend.
pub(super) fn ascending(gaps: &[u8]) -> Vec<u32> {
    let mut last = 0_u32;
    let count = gaps.len() / 4;
    let gap = |at: usize| {
        let byte = |plane: usize| gaps.get(plane * count + at).copied().unwrap_or_default();
        u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)])
    };
    let numbers = (0..count).map(|at| {
        last = last.wrapping_add(gap(at));
        last
    });
    numbers.collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, Unpacker, ascending, gaps, pack};
    use proptest::prelude::{any, proptest};

    fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut unpacker = Unpacker::new(packed)?;
        let bytes = unpacker.bytes(usize::MAX)?;
        assert!(unpacker.is_at_end()?);
        Ok(bytes)
    }

    #[test]
    fn a_bomb_ends_early() {
        let bomb = pack(&vec![0; MOST_BYTES as usize + 1]).unwrap();
        assert!(bomb.len() < 100_000);
        assert_eq!(unpack(&bomb).unwrap().len() as u64, MOST_BYTES);
        assert!(unpack(b"not packed").is_err());
    }

    proptest! {
        #[test]
        fn numbers_and_bytes_come_back(mut numbers in proptest::collection::vec(any::<u32>(), 0..300)) {
            numbers.sort_unstable();
            let gaps = gaps(&numbers);
            assert_eq!(ascending(&gaps), numbers);
            assert_eq!(unpack(&pack(&gaps).unwrap()).unwrap(), gaps);
        }
    }
}
