//! Which partition a key belongs to: murmur2 as Java's producers compute it, so that records written by other
//! clients land where ours do.

use schemas::record::Place;

/// The partition of `place` among `count` partitions, for a record made from an input of partition `input`.
#[must_use]
pub fn partition(place: &Place, input: u32, count: u32) -> u32 {
    let count = count.max(1);
    match place {
        Place::Key(key) => (murmur2(key) & 0x7fff_ffff) % count,
        Place::SameAsInput => input % count,
        Place::Number(number) => number % count,
    }
}

/// 32-bit murmur2 with the seed of Kafka's `Utils.murmur2`.
fn murmur2(data: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut hash = 0x9747_b28c_u32 ^ length;
    let (words, tail) = data.as_chunks::<4>();
    for word in words {
        let mut k = u32::from_le_bytes(*word).wrapping_mul(M);
        k ^= k >> 24;
        hash = hash.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    for (index, byte) in tail.iter().enumerate() {
        hash ^= u32::from(*byte) << (8 * index);
    }
    if !tail.is_empty() {
        hash = hash.wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_vectors_of_the_java_client() {
        let check = |key: &str, expected: i32| assert_eq!(murmur2(key.as_bytes()).cast_signed(), expected, "{key}");
        check("21", -973_932_308);
        check("foobar", -790_332_482);
        check("a-little-bit-long-string", -985_981_536);
        check("a-little-bit-longer-string", -1_486_304_829);
        check("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971);
        check("abc", 479_470_107);
    }

    #[test]
    fn numbers_wrap_around() {
        assert_eq!(partition(&Place::Number(5), 0, 4), 1);
        assert_eq!(partition(&Place::SameAsInput, 3, 2), 1);
    }
}
