//! Text that a page delivers more than once: the headline above the story, the whole story again in one block (for
//! printing, for editing, before it is unfolded), sentences pulled out in large type, notices at each embedded thing.
//!
//! Blocks are compared by windows of words ([Broder 1997](https://doi.org/10.1109/SEQUEN.1997.666900)), so that a
//! block may repeat a part of another one, or several others.

use super::features::is_same_line;
use super::page::Page;
use crate::words;

/// Words in a window (pairs of characters where words are not parted).
const WINDOW: usize = 6;
/// Size from which a block is compared.
const MIN_SIZE: f32 = 80.0;
/// Share of a block's windows that makes it a repetition.
const ENOUGH: f32 = 0.8;
/// How often a short line stands on a page that is said at each of several things.
const MANY: usize = 3;
/// Size from which a short line is a line of its own, not the name of who speaks.
const MIN_LINE: f32 = 30.0;

/// Drops kept blocks that repeat the headline before the story starts, or what is kept elsewhere.
pub(super) fn drop_repeated(page: &Page, title: &str, keep: &mut [bool]) {
    drop_lines(page, title, keep);
    let mut kept = Kept::of(page, keep);
    if kept.places.is_empty() {
        return;
    }
    for is_repetition in [Kept::repeats_several, Kept::is_part_of_another, Kept::repeats_earlier] {
        let dropped: Vec<usize> = (0..kept.blocks.len())
            .filter(|place| is_repetition(&kept, *place))
            .collect();
        for place in &dropped {
            keep[kept.blocks[*place].index] = false;
        }
        if !dropped.is_empty() {
            kept = Kept::of(page, keep);
        }
    }
}

/// Drops the headline, paragraphs that were kept before, and short lines that stand on the page again and again.
fn drop_lines(page: &Page, title: &str, keep: &mut [bool]) {
    let mut seen = std::collections::BTreeMap::<u64, usize>::new();
    let mut is_before_text = true;
    for (block, keep) in page.blocks.iter().zip(keep.iter_mut()).filter(|(_, keep)| **keep) {
        let is_title = is_before_text && is_same_line(&block.text, title);
        let times = seen.entry(key(&block.text)).or_default();
        *times += 1;
        if is_title || block.size >= MIN_SIZE && *times > 1 {
            *keep = false;
        } else if block.size >= MIN_SIZE {
            is_before_text = false;
        }
    }
    let short = page.blocks.iter().zip(keep.iter_mut());
    for (block, keep) in short.filter(|(block, keep)| **keep && (MIN_LINE..MIN_SIZE).contains(&block.size)) {
        *keep = seen.get(&key(&block.text)).is_none_or(|times| *times < MANY);
    }
}

/// A number for what two writings of one line have in common.
fn key(text: &str) -> u64 {
    words::key_hash(text)
}

/// A kept block, long enough to be compared.
struct Compared {
    index: usize,
    size: f32,
    /// Its windows, hashed; in order of their hashes, each once, when any block shares one.
    windows: Vec<u64>,
}

/// All that are compared.
struct Kept {
    blocks: Vec<Compared>,
    /// Each window that several blocks have, with their places, in order.
    places: Vec<(u64, u32)>,
}

impl Kept {
    fn of(page: &Page, keep: &[bool]) -> Self {
        let long = page.blocks.iter().zip(keep).enumerate();
        let long = long.filter(|(_, (block, keep))| **keep && block.size >= MIN_SIZE);
        let blocks = long.map(|(index, (block, _))| Compared {
            index,
            size: block.size,
            windows: windows(page.word_hashes.block(index)),
        });
        let mut kept = Self {
            blocks: blocks.collect(),
            places: Vec::new(),
        };
        kept.places = kept.shared_windows();
        if !kept.places.is_empty() {
            for block in &mut kept.blocks {
                block.windows.sort_unstable();
                block.windows.dedup();
            }
        }
        kept
    }

    /// The windows that several blocks have. Most pages have none, and most windows can be told to be alone by a few of
    /// their bits.
    fn shared_windows(&self) -> Vec<(u64, u32)> {
        let all = || {
            let places = self.blocks.iter().zip(0_u32..);
            places.flat_map(|(block, place)| block.windows.iter().map(move |window| (*window, place)))
        };
        let (mut once, mut twice) = (Bits::default(), Bits::default());
        for (window, _) in all() {
            if !once.insert(window) {
                twice.insert(window);
            }
        }
        let mut places: Vec<(u64, u32)> = all().filter(|(window, _)| twice.contains(*window)).collect();
        places.sort_unstable();
        places.dedup();
        let same = |left: &(u64, u32), right: &(u64, u32)| left.0 == right.0;
        places
            .chunk_by(same)
            .filter(|same| same.len() > 1)
            .flatten()
            .copied()
            .collect()
    }

    /// For each other block with windows of this one, how many.
    fn shared(&self, place: usize) -> std::collections::BTreeMap<usize, usize> {
        let mut shared = std::collections::BTreeMap::new();
        for window in &self.blocks[place].windows {
            let from = self.places.partition_point(|(other, _)| other < window);
            let same = self.places[from..].iter().take_while(|(other, _)| other == window);
            // Blocks with a window in common are few, save on a page made to be slow.
            for (_, other) in same.take(8).filter(|(_, other)| *other as usize != place) {
                *shared.entry(*other as usize).or_default() += 1;
            }
        }
        shared
    }

    fn share(&self, place: usize, windows: usize) -> f32 {
        windows as f32 / self.blocks[place].windows.len().max(1) as f32
    }

    /// Several smaller blocks together are this one.
    fn repeats_several(&self, place: usize) -> bool {
        let own = self.blocks[place].size;
        let parts: Vec<(usize, usize)> = self
            .shared(place)
            .into_iter()
            .filter(|(other, windows)| self.blocks[*other].size < own && self.share(*other, *windows) >= ENOUGH)
            .collect();
        let windows = parts.iter().map(|(_, windows)| windows).sum();
        // Windows over the seams are in none of the parts.
        parts.len() >= 2 && self.share(place, windows) >= ENOUGH - 0.1
    }

    /// A larger block has this one in it.
    fn is_part_of_another(&self, place: usize) -> bool {
        let own = self.blocks[place].size;
        self.shared(place)
            .into_iter()
            .any(|(other, windows)| own < self.blocks[other].size && self.share(place, windows) >= ENOUGH)
    }

    /// A block before says the same.
    fn repeats_earlier(&self, place: usize) -> bool {
        self.shared(place)
            .into_iter()
            .any(|(other, windows)| other < place && self.share(place, windows) >= ENOUGH)
    }
}

fn windows(words: &[u64]) -> Vec<u64> {
    let windows = words.windows(WINDOW).map(|window| {
        window.iter().fold(0, |sum: u64, word| {
            (sum.rotate_left(9) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    });
    windows.collect()
}

/// A set of hashes that may take one for another.
struct Bits(Vec<u64>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; 1 << 10])
    }
}

impl Bits {
    fn place(hash: u64) -> (usize, u64) {
        ((hash >> 54) as usize, 1 << (hash >> 48 & 63))
    }

    /// Whether it was not there.
    fn insert(&mut self, hash: u64) -> bool {
        let (slot, bit) = Self::place(hash);
        let was = self.0[slot];
        self.0[slot] |= bit;
        was & bit == 0
    }

    fn contains(&self, hash: u64) -> bool {
        let (slot, bit) = Self::place(hash);
        self.0[slot] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{Page, RawBlock};
    use super::drop_repeated;
    use crate::words;

    const DAWN: &str = "The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm that took the old one.";
    const BOATS: &str = "Two boats a day will run until the spring, when a third one is expected from the yard, the harbour office said on the quay.";
    const PULLED: &str = "a third one is expected from the yard, the harbour office said on the quay.\u{201d} The mayor said nothing to that";

    /// Numbers of the blocks that are left.
    fn check(texts: &[&str], expected: &[usize]) {
        let blocks = texts.iter().map(|text| RawBlock {
            text: (*text).to_owned(),
            size: words::size(text),
            ..RawBlock::default()
        });
        let mut page = Page {
            blocks: blocks.collect(),
            ..Page::default()
        };
        page.read_words();
        let mut keep = vec![true; texts.len()];
        drop_repeated(&page, "Ferry line opens", &mut keep);
        let left: Vec<usize> = (0..keep.len()).filter(|index| keep[*index]).collect();
        assert_eq!(left, expected, "{texts:#?}");
    }

    #[test]
    fn what_is_kept_elsewhere_goes() {
        let whole = format!("{DAWN} {BOATS}");
        let notice = "External content is not available here.";
        check(&["Ferry line opens", DAWN, BOATS], &[1, 2]);
        check(&[DAWN, BOATS, DAWN], &[0, 1]);
        check(&[DAWN, BOATS, &whole], &[0, 1]);
        check(&[&whole, DAWN, BOATS], &[1, 2]);
        check(&[DAWN, &BOATS[20..], BOATS], &[0, 2]);
        check(&[notice, DAWN, notice, BOATS, notice], &[1, 3]);
        check(&["Host:", DAWN, "Host:", BOATS, "Host:"], &[0, 1, 2, 3, 4]);
        check(&[DAWN, BOATS, PULLED], &[0, 1, 2]);
    }

    #[test]
    fn scripts_without_blanks_are_compared_as_well() {
        let first =
            "北の島の新しい港は、四年間の工事を経て来週開業すると、交通局の局長が月曜日の記者会見で明らかにした。";
        let second = "旅客船は一日に二回寄港し、運賃は年末まで据え置かれるという。地元の漁師は長い間この日を待っていたと話した。";
        check(&[first, second, &format!("{first}{second}")], &[0, 1]);
    }
}
