//! The word that is being read: in place, eight bytes at a time, because most words are no longer than that.

/// Longest word that is told apart from a word with the same beginning, in bytes.
const WORD_MAX: usize = 48;
/// Room for the longest word, for a letter of four bytes at its end, and for reading and writing eight bytes behind it.
const ROOM: usize = 64;

/// The high bit of each of eight bytes, and what makes an ASCII letter a small one.
const HIGH: u64 = 0x8080_8080_8080_8080;
const SMALL: u64 = 0x2020_2020_2020_2020;
/// Eight times the same byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// A word in lower case.
pub(super) struct Word {
    bytes: [u8; ROOM],
    length: usize,
}

impl Word {
    pub(super) fn new() -> Self {
        Self {
            bytes: [0; ROOM],
            length: 0,
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    /// Adds the bytes of one character, unless the word is full.
    #[inline]
    pub(super) fn extend(&mut self, character: &[u8]) {
        if WORD_MAX <= self.length {
            return;
        }
        if let Some(place) = self.bytes.get_mut(self.length..self.length + character.len()) {
            place.copy_from_slice(character);
            self.length += character.len();
        }
    }

    /// Adds the ASCII letters at the start of eight bytes, as many as fit; answers how many letters there are.
    #[inline]
    pub(super) fn extend_letters(&mut self, eight: [u8; 8]) -> usize {
        let (letters, count) = letters(u64::from_le_bytes(eight));
        if let Some(place) = self.bytes.get_mut(self.length..self.length + 8) {
            place.copy_from_slice(&letters.to_le_bytes());
            self.length += count.min(WORD_MAX.saturating_sub(self.length));
        }
        count
    }

    /// Takes bytes away from the end and puts others there, not more of them.
    pub(super) fn replace_end(&mut self, old: usize, new: &[u8]) {
        self.length = self.length.saturating_sub(old);
        if let Some(place) = self.bytes.get_mut(self.length..self.length + new.len()) {
            place.copy_from_slice(new);
            self.length += new.len();
        }
    }

    /// The same as [`super::fold::hash`] of its bytes.
    #[inline]
    pub(super) fn hash(&self) -> u32 {
        let chunks = self.bytes.as_chunks::<8>().0;
        let (whole, rest) = (self.length / 8, self.length % 8);
        let mut state = self.length as u64;
        for chunk in chunks.iter().take(whole) {
            state = super::fold::mixed(state ^ u64::from_le_bytes(*chunk));
        }
        // The first bytes are the highest: what stands behind the word is shifted out.
        let last = match (rest, chunks.get(whole)) {
            (1.., Some(chunk)) => u64::from_be_bytes(*chunk) >> (64 - 8 * rest),
            _ => 0,
        };
        super::fold::last_mixed(state, last)
    }
}

/// Eight bytes with small letters for capitals, and how many of the first are ASCII letters.
#[inline]
fn letters(eight: u64) -> (u64, usize) {
    let small = eight | SMALL;
    let seven_bits = small & !HIGH;
    // The high bit of a sum says whether the byte is at least `a`, or more than `z`; no sum reaches the next byte.
    let from_a = seven_bits + ONES * (0x80 - b'a' as u64);
    let behind_z = seven_bits + ONES * (0x80 - b'z' as u64 - 1);
    let others = !(from_a & !behind_z & !eight) & HIGH;
    (small, (others.trailing_zeros() / 8) as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Word, letters};
    use crate::token::fold::hash;

    proptest! {
        #[test]
        fn the_letters_at_the_start_of_eight_bytes_are_counted_and_made_small(
            bytes in prop::array::uniform8(prop_oneof![any::<u8>(), b'A'..=b'Z', b'a'..=b'z']),
        ) {
            let (small, count) = letters(u64::from_le_bytes(bytes));
            let expected = bytes.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(8);
            prop_assert_eq!(count, expected);
            prop_assert_eq!(&small.to_le_bytes()[..count], bytes[..count].to_ascii_lowercase());
        }

        #[test]
        fn a_word_is_its_first_bytes_and_has_their_hash(parts in prop::collection::vec("[a-z]{8}|[a-z]|é|ក", 0..12)) {
            let mut word = Word::new();
            for part in &parts {
                match part.as_bytes().first_chunk::<8>() {
                    Some(eight) => drop(word.extend_letters(*eight)),
                    None => word.extend(part.as_bytes()),
                }
            }
            let whole = parts.concat();
            prop_assert!(whole.as_bytes().starts_with(word.as_slice()));
            prop_assert!(word.len() == whole.len() || (48..52).contains(&word.len()));
            prop_assert_eq!(word.hash(), hash(word.as_slice()));
            word.replace_end(2, b"x");
            prop_assert_eq!(word.hash(), hash(word.as_slice()));
        }
    }
}
