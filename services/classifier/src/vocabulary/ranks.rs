//! A set of numbers that says at once whether it may hold one, and how many smaller ones it holds.
//!
//! Most of what an article's features are asked for is not there. One bit per number tells that from a few kilobytes that
//! stay in the processor's cache; only what is there costs a look at the rest.

/// A bit for each number, and for each word of bits how many members came before.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ranks {
    bits: Vec<u64>,
    before: Vec<u32>,
}

impl Ranks {
    /// A set of numbers below `size`; `members` must ascend, and a number may be there several times.
    pub(crate) fn new(size: usize, members: impl Iterator<Item = u32>) -> Self {
        let words = size.div_ceil(64);
        let mut ranks = Self {
            bits: vec![0; words],
            before: vec![0; words],
        };
        for member in members {
            let word = (member / 64) as usize;
            if let (Some(bits), Some(count)) = (ranks.bits.get_mut(word), ranks.before.get_mut(word)) {
                *bits |= 1 << (member % 64);
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut ranks.before {
            sum += std::mem::replace(count, sum);
        }
        ranks
    }

    /// Whether the number is a member.
    #[inline]
    pub(crate) fn contains(&self, number: u32) -> bool {
        let word = self.bits.get((number / 64) as usize).copied().unwrap_or(0);
        word >> (number % 64) & 1 == 1
    }

    /// How many members are smaller, not counting repetitions within a word of bits: never too many.
    #[inline]
    pub(crate) fn before(&self, number: u32) -> usize {
        let word = (number / 64) as usize;
        let (Some(bits), Some(before)) = (self.bits.get(word), self.before.get(word)) else {
            return 0;
        };
        let lower = bits & ((1 << (number % 64)) - 1);
        (*before + lower.count_ones()) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Ranks;
    use proptest::prelude::proptest;

    proptest! {
        #[test]
        fn ranks_are_those_of_a_sorted_list(mut members in proptest::collection::vec(0_u32..1000, 0..300)) {
            members.sort_unstable();
            members.dedup();
            let ranks = Ranks::new(1000, members.iter().copied());
            for number in 0..1100 {
                assert_eq!(ranks.contains(number), members.contains(&number));
                if number < 1000 {
                    assert_eq!(ranks.before(number), members.partition_point(|member| *member < number));
                }
            }
        }
    }

    #[test]
    fn with_repetitions_the_rank_is_never_too_high() {
        let ranks = Ranks::new(128, [3, 3, 3, 5, 70, 70, 90].into_iter());
        assert_eq!(ranks.before(5), 1);
        assert_eq!((ranks.before(70), ranks.before(90)), (4, 5));
    }
}
