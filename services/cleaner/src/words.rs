//! Words, sentences and letters, as far as they can be told apart in any script.

/// Whether a character is written without blanks between words (Chinese, Japanese, Korean syllables, Thai and their
/// neighbours count as themselves: only ideographs and kana weigh more than a letter).
pub(crate) fn is_ideographic(character: char) -> bool {
    matches!(u32::from(character), 0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Whether a character belongs to a script that has no blanks between words.
fn is_unspaced(character: char) -> bool {
    is_ideographic(character) && !matches!(u32::from(character), 0xac00..=0xd7a3)
        || matches!(u32::from(character), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff)
}

/// Whether a character ends a sentence, in any script.
pub(crate) fn is_terminal(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '।'
            | '॥'
            | '؟'
            | '۔'
            | '።'
            | '፧'
            | '։'
            | '។'
            | '၊'
            | '။'
            | '‽'
    )
}

/// Whether a character may stand after the end of a sentence and still close it: quotes and brackets.
fn is_closer(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | '”'
            | '’'
            | '»'
            | '«'
            | '“'
            | '‘'
            | ')'
            | ']'
            | '」'
            | '』'
            | '）'
            | '】'
            | '›'
            | '*'
            | '\u{200f}'
            | '\u{200e}'
    )
}

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end()
        .trim_end_matches(is_closer)
        .chars()
        .next_back()
        .is_some_and(is_terminal)
}

/// The number of sentence ends in a text: terminal marks that a blank, a closer or the end follows (or, in scripts
/// without blanks, anything).
pub(crate) fn sentence_ends(text: &str) -> usize {
    let mut ends = 0;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if is_terminal(character) {
            ends += usize::from(ends_before(character, characters.as_str()));
        }
    }
    ends
}

/// Whether a terminal mark ends a sentence, by what follows it.
pub(crate) fn ends_before(mark: char, rest: &str) -> bool {
    let is_wide = u32::from(mark) > 0x2fff;
    let goes_on = |next: char| !next.is_whitespace() && !is_closer(next);
    is_wide || !rest.starts_with(goes_on)
}

/// The words of a text in lower case; in scripts without blanks, each pair of neighbouring characters.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    each(text, |word| {
        out.push(word.to_owned());
        true
    });
    out
}

/// Calls `found` with each of the [`words`] of a text, in order, until it says no.
pub(crate) fn each(text: &str, found: impl FnMut(&String) -> bool) {
    gather(text, String::new(), found);
}

/// Calls `found` with the hash of each of the [`words`] of a text, in order, until it says no. Hashes are of the bytes
/// by [`hash`], and nobody writes the words down.
pub(crate) fn each_hash(text: &str, mut found: impl FnMut(u64) -> bool) {
    gather(text, Hashed(NO_BYTES), |word| found(word.0));
}

/// A word that grows.
trait Gather {
    fn push(&mut self, character: char);
    /// Adds letters and digits of ASCII in lower case.
    fn push_plain(&mut self, run: &[u8]);
    fn push_lower(&mut self, character: char);
    fn is_empty(&self) -> bool;
    fn clear(&mut self);
}

impl Gather for String {
    fn push(&mut self, character: char) {
        self.push(character);
    }

    fn push_plain(&mut self, run: &[u8]) {
        self.extend(run.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
    }

    fn push_lower(&mut self, character: char) {
        push_lower(character, self);
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn clear(&mut self) {
        self.clear();
    }
}

/// The hash of no bytes.
const NO_BYTES: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits: stable over releases and machines, because the models' tables are keyed by it.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(NO_BYTES, |state, byte| hash_on(state, *byte))
}

fn hash_on(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// The hash of the bytes so far. No word has the hash of none: it takes about as many tries as there are hashes.
struct Hashed(u64);

impl Gather for Hashed {
    fn push(&mut self, character: char) {
        let bytes = character.encode_utf8(&mut [0; 4]).bytes().fold(self.0, hash_on);
        self.0 = bytes;
    }

    fn push_plain(&mut self, run: &[u8]) {
        self.0 = run
            .iter()
            .fold(self.0, |state, byte| hash_on(state, byte.to_ascii_lowercase()));
    }

    fn push_lower(&mut self, character: char) {
        for small in character.to_lowercase() {
            self.push(small);
        }
    }

    fn is_empty(&self) -> bool {
        self.0 == NO_BYTES
    }

    fn clear(&mut self) {
        self.0 = NO_BYTES;
    }
}

fn gather<W: Gather>(text: &str, mut word: W, mut found: impl FnMut(&W) -> bool) {
    // The last character of a run without blanks, and whether it is the only one.
    let mut unspaced: Option<(char, bool)> = None;
    let (mut rest, mut is_over) = (text, false);
    while !is_over {
        if unspaced.is_none() {
            let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let (plain, behind) = rest.split_at_checked(run).unwrap_or(("", rest));
            word.push_plain(plain.as_bytes());
            rest = behind;
        }
        let mut characters = rest.chars();
        let next = characters.next();
        rest = characters.as_str();
        is_over = next.is_none();
        let character = next.unwrap_or(' ');
        let is_spaced = if character.is_ascii() {
            character.is_ascii_alphanumeric()
        } else {
            !is_unspaced(character) && character.is_alphanumeric()
        };
        if is_spaced && unspaced.is_none() {
            word.push_lower(character);
            continue;
        }
        let starts_unspaced = !is_spaced && is_unspaced(character);
        if let Some((last, is_alone)) = unspaced
            && (is_alone || starts_unspaced)
        {
            word.push(last);
            if starts_unspaced {
                word.push(character);
            }
        }
        if !word.is_empty() && !found(&word) {
            return;
        }
        word.clear();
        unspaced = starts_unspaced.then_some((character, unspaced.is_none()));
        if is_spaced {
            word.push_lower(character);
        }
    }
}

/// Adds a character in lower case.
pub(crate) fn push_lower(character: char, word: &mut String) {
    if character.is_ascii() {
        word.push(character.to_ascii_lowercase());
    } else {
        word.extend(character.to_lowercase());
    }
}

/// Letters and digits only, in lower case: what two writings of one line have in common.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || !character.is_ascii() && character.is_alphanumeric() {
            push_lower(character, &mut key);
        }
    }
    key
}

/// The [`hash`] of the [`key`] of a text.
pub(crate) fn key_hash(text: &str) -> u64 {
    let mut key = Hashed(NO_BYTES);
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            key.push_plain(&[character as u8]);
        } else if !character.is_ascii() && character.is_alphanumeric() {
            key.push_lower(character);
        }
    }
    key.0
}

/// The characters of the [`key`] of a text.
pub(crate) fn key_characters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// Blanks of any kind folded to one space, none at the ends.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Weighted length of a text in characters, blanks left out (see [`is_ideographic`]).
pub(crate) fn size(text: &str) -> f32 {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| if is_ideographic(character) { 2.5 } else { 1.0 })
        .sum()
}

/// The start of a text, at most this many bytes, cut between characters.
pub(crate) fn start(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// What the first character is, as a number: a feature of both scorers.
pub(crate) fn first_character(text: &str) -> f32 {
    match text.chars().next() {
        Some(character) if character.is_uppercase() => 1.0,
        Some(character) if character.is_lowercase() => 2.0,
        Some(character) if character.is_alphabetic() => 3.0,
        Some(character) if character.is_numeric() => 4.0,
        Some('"' | '“' | '«' | '„' | '「' | '‘' | '\'') => 5.0,
        Some('-' | '–' | '—' | '•' | '*' | '·' | '■' | '▪') => 6.0,
        _ => 7.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{each_hash, ends_sentence, hash, key, key_hash, sentence_ends, words};

    #[test]
    fn sentences_end_in_any_script() {
        for text in [
            "He left.",
            "“Go!”",
            "他走了。",
            "वह गया।",
            "هل ذهب؟",
            "She said (twice).)",
            "end…",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["A headline", "10.5 percent", "「標題」", ""] {
            assert!(!ends_sentence(text), "{text}");
        }
        assert_eq!(sentence_ends("It rose 3.5 percent. It fell. 他走了。她来了。"), 4);
    }

    #[test]
    fn scripts_without_blanks_give_pairs() {
        assert_eq!(words("Don't STOP, 東京都"), ["don", "t", "stop", "東京", "京都"]);
        assert_eq!(key("“Hello, World” (2)"), "helloworld2");
    }

    proptest! {
        #[test]
        fn hashes_are_those_of_the_words(text in "[a-zA-Z0-9ÉéΣİ東京のภ .,'-]{0,40}") {
            let mut hashes = Vec::new();
            each_hash(&text, |hash| {
                hashes.push(hash);
                true
            });
            let expected: Vec<u64> = words(&text).iter().map(|word| hash(word.as_bytes())).collect();
            prop_assert_eq!(hashes, expected);
            prop_assert_eq!(key_hash(&text), hash(key(&text).as_bytes()));
        }
    }
}
