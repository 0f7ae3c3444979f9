//! Which shingles of a text are kept, and which of those are keys.

use super::{Thresholds, upper};

/// Shingles of the lead from which samples are taken at the higher density.
pub(crate) const LEAD_SHINGLES: usize = 128;
/// Samples of a text that has more: a text of no more shingles is kept whole.
pub(crate) const SAMPLES: usize = 72;
/// How many of them are of the rest of the text, where that is long.
const BODY_SAMPLES: usize = 20;
/// How many of the samples are keys, and of those how many are of the rest.
const KEYS: usize = 24;
const BODY_KEYS: usize = 5;

/// What was kept of a text.
pub(crate) struct Sampled {
    /// Whole hashes, in the order of the text.
    pub(crate) hashes: Vec<u32>,
    /// How many of them are of the lead.
    pub(crate) lead: u8,
    pub(crate) thresholds: Thresholds,
}

impl Sampled {
    /// The samples as they are remembered.
    pub(crate) fn samples(&self) -> Vec<u32> {
        let numbered = self.hashes.iter().enumerate();
        let kept = numbered.map(|(at, &hash)| match at < usize::from(self.lead) {
            true => shortened(hash, self.thresholds.lead_keys),
            false => shortened(hash, self.thresholds.body_keys),
        });
        kept.collect()
    }
}

/// A hash whose lower half is taken away where it is no key.
fn shortened(hash: u32, keys: u16) -> u32 {
    if upper(hash) <= keys { hash } else { hash & 0xffff_0000 }
}

/// Samples the shingles of a text.
pub(super) fn sample(all: &[u32]) -> Sampled {
    let (lead, body) = all.split_at(all.len().min(LEAD_SHINGLES));
    let thresholds = match all.len() <= SAMPLES {
        true => (u16::MAX, u16::MAX),
        false => {
            let wanted = wanted(body.len());
            (wanted.lead(lead), wanted.body(body))
        }
    };
    thin((lead, body), body.len(), thresholds)
}

/// How many samples are wanted of the lead and of the rest.
pub(super) struct Wanted(usize);

/// How many samples are wanted of a text whose rest has so many shingles.
pub(super) fn wanted(rest: usize) -> Wanted {
    Wanted(share(BODY_SAMPLES, rest))
}

impl Wanted {
    /// The threshold of a lead.
    pub(super) fn lead(&self, hashes: &[u32]) -> u16 {
        threshold(hashes, SAMPLES - self.0)
    }

    /// The threshold of a rest.
    pub(super) fn body(&self, hashes: &[u32]) -> u16 {
        threshold(hashes, self.0)
    }
}

/// Keeps of the shingles of a lead and of a rest (which had `body_length` shingles) those that are not above the
/// thresholds.
pub(super) fn thin((lead, body): (&[u32], &[u32]), body_length: usize, thresholds: (u16, u16)) -> Sampled {
    let mut hashes = Vec::with_capacity(SAMPLES);
    let mut seen = Seen::default();
    let mut keep = |part: &[u32], threshold: u16| {
        let before = hashes.len();
        let kept = part.iter().filter(|&&hash| upper(hash) <= threshold);
        hashes.extend(kept.filter(|&&hash| seen.insert(hash)).take(2 * SAMPLES - before));
        hashes.len() - before
    };
    let of_lead = keep(lead, thresholds.0);
    keep(body, thresholds.1);
    let thresholds = thresholds_of(&hashes, of_lead, body_length, thresholds);
    Sampled {
        hashes,
        lead: u8::try_from(of_lead).unwrap_or(u8::MAX),
        thresholds,
    }
}

/// The thresholds of a sketch whose samples those of the lead and of the rest are kept by; the others follow from the
/// samples.
pub(super) fn thresholds_of(
    samples: &[u32],
    lead: usize,
    body_length: usize,
    (lead_kept, body_kept): (u16, u16),
) -> Thresholds {
    let (lead_keys, body_keys) = match (lead_kept, body_kept) {
        (u16::MAX, u16::MAX) => {
            let keys = threshold(samples, KEYS);
            (keys, keys)
        }
        _ => {
            let rest = share(BODY_KEYS, body_length);
            let (lead, body) = samples.split_at(lead.min(samples.len()));
            (threshold(lead, KEYS - rest), threshold(body, rest))
        }
    };
    Thresholds {
        lead: lead_kept,
        body: body_kept,
        lead_keys,
        body_keys,
    }
}

/// How much of what is wanted is of the rest of the text: at most a share for every second of its shingles.
fn share(wanted: usize, length: usize) -> usize {
    wanted.min(length.div_ceil(2))
}

/// The largest half hash that is kept so that about `wanted` are: all of them when there are no more.
fn threshold(hashes: &[u32], wanted: usize) -> u16 {
    if hashes.len() <= wanted || wanted == 0 {
        return u16::MAX;
    }
    // Hashes are spread evenly, so that counting them by their first bits leaves a few to choose among.
    let mut counts = [0usize; RANGES];
    let range_of = |hash: u32| (hash >> (32 - RANGE_BITS)) as usize;
    for &hash in hashes {
        if let Some(count) = counts.get_mut(range_of(hash)) {
            *count += 1;
        }
    }
    let (mut range, mut below) = (0, 0);
    while let Some(count) = counts.get(range).filter(|&&count| below + count < wanted) {
        below += count;
        range += 1;
    }
    let in_range = hashes.iter().filter(|&&hash| range_of(hash) == range);
    let mut few: Vec<u16> = Vec::with_capacity(counts.get(range).copied().unwrap_or(0));
    few.extend(in_range.map(|&hash| upper(hash)));
    let (_, &mut kept, _) = few.select_nth_unstable(wanted - 1 - below);
    kept
}

/// Bits of a hash that choose one of the ranges by which hashes are counted.
const RANGE_BITS: u32 = 7;
const RANGES: usize = 1 << RANGE_BITS;

/// A small set of half hashes; a whole sketch fits in.
struct Seen([u32; 512]);

impl Default for Seen {
    fn default() -> Self {
        Self([u32::MAX; 512])
    }
}

impl Seen {
    /// Whether no hash with the same upper half was seen.
    fn insert(&mut self, hash: u32) -> bool {
        let half = u32::from(upper(hash));
        let mut place = (half.wrapping_mul(0x9e37_79b1) >> 23) as usize;
        for _ in 0..512 {
            match self.0.get_mut(place) {
                Some(held) if *held == half => return false,
                Some(held) if *held == u32::MAX => {
                    *held = half;
                    return true;
                }
                _ => place = (place + 1) % 512,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::threshold;
    use crate::sketch::upper;

    proptest! {
        #[test]
        fn the_threshold_is_the_last_of_those_wanted(
            hashes in prop::collection::vec(prop_oneof![any::<u32>(), 0..1u32 << 20], 1..300),
            wanted in 0..200usize,
        ) {
            let mut sorted: Vec<u16> = hashes.iter().map(|&hash| upper(hash)).collect();
            sorted.sort_unstable();
            let expected = match wanted {
                0 => u16::MAX,
                _ if sorted.len() <= wanted => u16::MAX,
                _ => sorted[wanted - 1],
            };
            prop_assert_eq!(threshold(&hashes, wanted), expected);
        }
    }
}
