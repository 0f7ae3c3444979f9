//! The words of a page's blocks, as hashes: who compares texts, or looks words up, needs no more of them.

use std::borrow::Cow;

use super::page::RawBlock;
use crate::words;

/// Bytes of a block whose words are read.
const MAX_TEXT: usize = 20_000;

/// The hashes of the words of all blocks, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct WordHashes {
    all: Vec<u64>,
    /// For each block, where its words end.
    ends: Vec<usize>,
}

impl WordHashes {
    /// Reads the words of blocks.
    pub(super) fn of(blocks: &[RawBlock]) -> Self {
        let mut hashes = Self::default();
        for block in blocks {
            words::each_hash(words::start(&block.text, MAX_TEXT), |hash| {
                hashes.all.push(hash);
                true
            });
            hashes.ends.push(hashes.all.len());
        }
        hashes
    }

    /// The words of a block.
    pub(super) fn block(&self, index: usize) -> &[u64] {
        let end = |index: usize| self.ends.get(index).copied().unwrap_or(0);
        let start = index.checked_sub(1).map_or(0, end);
        self.all.get(start..end(index)).unwrap_or_default()
    }

    /// The words of the beginning of a block's text, as many of them as are wanted.
    pub(super) fn start(&self, index: usize, text: &str, bytes: usize, count: usize) -> Cow<'_, [u64]> {
        if text.len() <= bytes {
            let all = self.block(index);
            return Cow::Borrowed(all.get(..count).unwrap_or(all));
        }
        // A word may be cut in two.
        let mut hashes = Vec::with_capacity(count);
        words::each_hash(words::start(text, bytes), |hash| {
            hashes.push(hash);
            hashes.len() < count
        });
        Cow::Owned(hashes)
    }
}

#[cfg(test)]
mod tests {
    use super::WordHashes;
    use crate::html::page::RawBlock;
    use crate::words::hash;

    #[test]
    fn each_block_has_its_own_words() {
        let block = |text: &str| RawBlock {
            text: text.to_owned(),
            ..RawBlock::default()
        };
        let texts = ["Ferry at dawn", "", "Noon"];
        let hashes = WordHashes::of(&texts.map(block));
        let expected = |words: &[&str]| words.iter().map(|word| hash(word.as_bytes())).collect::<Vec<_>>();
        assert_eq!(hashes.block(0), expected(&["ferry", "at", "dawn"]));
        assert_eq!(hashes.block(1), expected(&[]));
        assert_eq!(hashes.block(2), expected(&["noon"]));
        assert_eq!(hashes.block(3), expected(&[]));
        assert_eq!(*hashes.start(0, texts[0], 100, 2), expected(&["ferry", "at"]));
        assert_eq!(*hashes.start(0, texts[0], 10, 80), expected(&["ferry", "at", "d"]));
    }
}
