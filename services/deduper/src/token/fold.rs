//! House style: spellings, abbreviations and small numbers that editors change without touching the copy.
//!
//! A fold only ever makes two words the same, so a wrong one costs a little precision in rare words and never splits
//! a copy. The table is English, where agencies' style books differ most; other languages pass through unchanged.

use super::word::Word;

/// What a word folds to.
pub(super) struct Fold {
    pub(super) hash: u32,
    /// The word is a number spelled out.
    pub(super) number: bool,
    /// The word is left out: honorifics come and go with house style.
    pub(super) silent: bool,
}

/// The token of "percent" in all its spellings.
pub(super) const PERCENT: u32 = hash(b"percent");
/// The first half of "per cent".
pub(super) const PER: u32 = hash(b"per");
/// The second half of "per cent".
pub(super) const CENT: u32 = hash(b"cent");

/// Spelling on the left, token on the right; an empty right side leaves the word out.
const STYLES: &[(&[u8], &[u8])] = &[
    (b"pct", b"percent"),
    (b"mln", b"million"),
    (b"m", b"million"),
    (b"mn", b"million"),
    (b"bln", b"billion"),
    (b"bn", b"billion"),
    (b"trn", b"trillion"),
    (b"tn", b"trillion"),
    (b"dlr", b"dollar"),
    (b"dlrs", b"dollars"),
    (b"stg", b"sterling"),
    (b"cts", b"cents"),
    (b"ct", b"cents"),
    (b"vs", b"versus"),
    (b"v", b"versus"),
    (b"pc", b"percent"),
    (b"km", b"kilometer"),
    (b"kms", b"kilometer"),
    (b"kilometers", b"kilometer"),
    (b"kilometres", b"kilometer"),
    (b"kph", b"kmh"),
    (b"jan", b"january"),
    (b"feb", b"february"),
    (b"mar", b"march"),
    (b"apr", b"april"),
    (b"jun", b"june"),
    (b"jul", b"july"),
    (b"aug", b"august"),
    (b"sept", b"september"),
    (b"sep", b"september"),
    (b"oct", b"october"),
    (b"nov", b"november"),
    (b"dec", b"december"),
    (b"sen", b"senator"),
    (b"rep", b"representative"),
    (b"gov", b"governor"),
    (b"gen", b"general"),
    (b"lt", b"lieutenant"),
    (b"sgt", b"sergeant"),
    (b"prof", b"professor"),
    (b"st", b"saint"),
    (b"corp", b"corporation"),
    (b"co", b"company"),
    (b"ltd", b"limited"),
    (b"towards", b"toward"),
    (b"afterwards", b"afterward"),
    (b"programme", b"program"),
    (b"programmes", b"programs"),
    (b"adviser", b"advisor"),
    (b"grey", b"gray"),
    (b"tonnes", b"tons"),
    (b"says", b"said"),
    (b"added", b"said"),
    (b"adds", b"said"),
    (b"noted", b"said"),
    (b"notes", b"said"),
    (b"stated", b"said"),
    (b"mr", b""),
    (b"mrs", b""),
    (b"ms", b""),
    (b"dr", b""),
];

const NUMBERS: &[(&[u8], &[u8])] = &[
    (b"one", b"1"),
    (b"two", b"2"),
    (b"three", b"3"),
    (b"four", b"4"),
    (b"five", b"5"),
    (b"six", b"6"),
    (b"seven", b"7"),
    (b"eight", b"8"),
    (b"nine", b"9"),
    (b"ten", b"10"),
    (b"eleven", b"11"),
    (b"twelve", b"12"),
];

/// British endings and the American ones they fold to.
const ENDINGS: &[(&[u8], &[u8])] = &[
    (b"isation", b"ization"),
    (b"isations", b"izations"),
    (b"ising", b"izing"),
    (b"ised", b"ized"),
    (b"ise", b"ize"),
    (b"ises", b"izes"),
    (b"yse", b"yze"),
    (b"ysed", b"yzed"),
    (b"our", b"or"),
    (b"ours", b"ors"),
    (b"oured", b"ored"),
    (b"tre", b"ter"),
    (b"tres", b"ters"),
    (b"ence", b"ense"),
    (b"ences", b"enses"),
    (b"lled", b"led"),
    (b"lling", b"ling"),
];

/// Large enough that hardly any other word meets one of the table's.
const TABLE: usize = 2048;
/// Open addressing over the styles and numbers, built at compile time: index + 1 into `STYLES` then `NUMBERS`.
static SLOTS: [u8; TABLE] = build();

const fn build() -> [u8; TABLE] {
    let mut slots = [0u8; TABLE];
    let mut at = 0;
    while at < STYLES.len() + NUMBERS.len() {
        let key = if at < STYLES.len() {
            STYLES[at].0
        } else {
            NUMBERS[at - STYLES.len()].0
        };
        let mut slot = hash(key) as usize % TABLE;
        while slots[slot] != 0 {
            slot = (slot + 1) % TABLE;
        }
        slots[slot] = (at + 1) as u8;
        at += 1;
    }
    slots
}

/// Hashes eight bytes at a time, because most words are no longer than that. Stored sketches depend on it: another hash
/// is another sketch format.
pub(super) const fn hash(bytes: &[u8]) -> u32 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut state = bytes.len() as u64;
    let mut at = 0;
    while at < chunks.len() {
        state = mixed(state ^ u64::from_le_bytes(chunks[at]));
        at += 1;
    }
    let mut last = 0;
    let mut at = 0;
    while at < rest.len() {
        last = (last << 8) | rest[at] as u64;
        at += 1;
    }
    last_mixed(state, last)
}

/// The last step of [`hash`]: joins the bytes behind the last eight.
#[inline]
pub(super) const fn last_mixed(state: u64, last: u64) -> u32 {
    (mixed(mixed(state ^ last)) >> 32) as u32
}

/// One step of [`hash`].
#[inline]
pub(super) const fn mixed(state: u64) -> u64 {
    let product = (state ^ 0xa076_1d64_78bd_642f).wrapping_mul(0xe703_7ed1_a0b4_28db);
    product ^ (product >> 32)
}

/// Folds a lower-case word in place.
pub(super) fn fold(word: &mut Word) -> Fold {
    let hashed = word.hash();
    let mut slot = hashed as usize % TABLE;
    while let Some(at) = SLOTS.get(slot).copied().filter(|&at| at != 0) {
        let at = usize::from(at) - 1;
        let number = at.checked_sub(STYLES.len()).and_then(|at| NUMBERS.get(at));
        let (key, value) = number.or_else(|| STYLES.get(at)).copied().unwrap_or((b"", b""));
        if key == word.as_slice() {
            return Fold {
                hash: hash(value),
                // "one" is as often a pronoun: it folds, but it is no evidence as a number.
                number: number.is_some() && key != b"one",
                silent: value.is_empty(),
            };
        }
        slot = (slot + 1) % TABLE;
    }
    let changed = word.len() > 4 && american(word);
    Fold {
        hash: if changed { word.hash() } else { hashed },
        number: false,
        silent: false,
    }
}

/// Whether a word may have one of the endings: a look at its last letters, since nearly every word is asked about.
fn may_be_british(word: &[u8]) -> bool {
    match word {
        [.., b'i', b'o', b'n'] => word.ends_with(b"isation"),
        [.., b'o', b'n', b's'] => word.ends_with(b"isations"),
        [.., b'i', b'n', b'g'] => word.ends_with(b"ising") || word.ends_with(b"lling"),
        [.., b's', b'e'] | [.., b's', b'e', b'd' | b's'] | [.., b'l', b'e', b'd'] => true,
        [.., b'u', b'r'] | [.., b'u', b'r', b's'] | [.., b'u', b'r', b'e', b'd'] => true,
        [.., b'r' | b'c', b'e'] | [.., b'r' | b'c', b'e', b's'] => true,
        _ => false,
    }
}

/// Replaces a British ending; answers whether there was one.
fn american(word: &mut Word) -> bool {
    if !may_be_british(word.as_slice()) {
        return false;
    }
    for (british, ending) in ENDINGS {
        if word.as_slice().ends_with(british) {
            word.replace_end(british.len(), ending);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{ENDINGS, Word, fold, hash};

    #[test]
    fn every_british_ending_folds_to_the_american_one() {
        for (british, american) in ENDINGS {
            let mut word = Word::new();
            word.extend(b"colo");
            word.extend(british);
            assert_eq!(
                fold(&mut word).hash,
                hash(&[b"colo", *american].concat()),
                "{british:?}"
            );
        }
    }
}
