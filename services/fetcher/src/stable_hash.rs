//! A small hash that never changes: names of entries in a feed, fingerprints of their text, jitter.
//!
//! Sixty-four bits are enough because values are only ever compared within one feed, and whoever makes two entries of
//! a feed collide harms that feed alone.

/// FNV-1a over the parts, each followed by a zero byte, with a final mix so that close inputs differ in all bits.
#[must_use]
pub fn stable_hash(parts: &[&[u8]]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.iter().chain(std::iter::once(&0)) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    mixed(hash)
}

/// The finaliser of SplitMix64.
fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_the_same_across_releases() {
        assert_eq!(stable_hash(&[b"a", b"b"]), stable_hash(&[b"a", b"b"]));
        assert_ne!(stable_hash(&[b"a", b"b"]), stable_hash(&[b"ab"]));
        assert_ne!(stable_hash(&[b"a", b"b"]), stable_hash(&[b"a", b"c"]));
    }
}
