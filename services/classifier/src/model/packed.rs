//! Makes the numbers of a model small on disk.

use std::io::{self, BufRead as _, BufReader, Read as _, Take};

/// How hard Zstandard tries, of 22: packing is done once for each training.
const LEVEL: i32 = 19;
/// The most bytes that a file may unpack to: more than four times what the shipped model does.
pub(super) const MOST_BYTES: u64 = 96 << 20;
/// The logarithm of the largest window that an unpacker sets memory aside for: that of [`LEVEL`].
const WINDOW_LOG: u32 = 23;
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
        let mut decoder = zstd::Decoder::with_buffer(packed)?.single_frame();
        decoder.window_log_max(WINDOW_LOG)?;
        Ok(Self {
            unpacked: BufReader::new(decoder.take(MOST_BYTES + 1)),
        })
    }

    /// Whether there is no more; an error beyond [`MOST_BYTES`].
    pub(super) fn is_at_end(&mut self) -> io::Result<bool> {
        let is_empty = self.unpacked.fill_buf()?.is_empty();
        if self.unpacked.get_ref().limit() == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it unpacks to too many bytes",
            ));
        }
        Ok(is_empty)
    }

    /// What stands behind the frame.
    pub(super) fn rest(self) -> &'p [u8] {
        self.unpacked.into_inner().into_inner().finish()
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
        assert!(unpacker.rest().is_empty());
        Ok(bytes)
    }

    #[test]
    fn a_bomb_is_refused() {
        let packed = |size: u64| pack(&vec![0; size as usize]).unwrap();
        assert_eq!(unpack(&packed(MOST_BYTES)).unwrap().len() as u64, MOST_BYTES);
        let bomb = packed(MOST_BYTES + 1);
        assert!(bomb.len() < 100_000 && unpack(&bomb).is_err());
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
