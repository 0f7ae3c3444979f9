//! What a character is to the tokeniser.

use super::han::form;
use std::sync::LazyLock;

/// The classes of characters that the tokeniser tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Parts words that may still form a pair.
    Gap,
    /// Parts words that must not form a pair.
    Break,
    /// A combining mark that is skipped, so that composed, decomposed and unvowelled spellings come closer.
    Mark,
    Digit,
    Letter,
    Hangul,
    Han,
    Kana,
    /// Thai, Lao, Khmer, Burmese: letters without spaces between words.
    Unspaced,
}

impl Class {
    /// Whether a character of class `next` goes on with a word of this class.
    pub(super) fn joins(self, next: Class) -> bool {
        match self {
            Class::Digit | Class::Letter => matches!(next, Class::Digit | Class::Letter),
            Class::Han | Class::Kana => next.is_cjk(),
            Class::Hangul | Class::Unspaced => self == next,
            Class::Gap | Class::Break | Class::Mark => false,
        }
    }

    pub(super) fn is_cjk(self) -> bool {
        matches!(self, Class::Han | Class::Kana)
    }
}

pub(super) fn classify(character: char) -> Class {
    if character.is_ascii() {
        return ascii(character);
    }
    match u32::from(character) {
        0x00a0 | 0x00ad | 0x2010..=0x2015 | 0x2018 | 0x2019 | 0x200b..=0x200f | 0x2060 | 0xfeff => Class::Gap,
        0x0300..=0x036f | 0x064b..=0x065f | 0x0670 | 0x0640 => Class::Mark,
        // Indic letters, vowel signs and viramas make one word; dandas end a sentence.
        0x0964 | 0x0965 => Class::Break,
        0x0966..=0x096f => Class::Digit,
        0x0900..=0x0dff => Class::Letter,
        0x0e01..=0x0e4e | 0x0e80..=0x0ecd | 0x1000..=0x1049 | 0x1780..=0x17d3 => Class::Unspaced,
        0x3041..=0x3096 | 0x30a1..=0x30fa | 0x30fc | 0x31f0..=0x31ff | 0xff66..=0xff9d => Class::Kana,
        0x3005 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Class::Han,
        0xac00..=0xd7a3 => Class::Hangul,
        _ if character.is_numeric() => Class::Digit,
        _ if character.is_alphabetic() => Class::Letter,
        _ => Class::Break,
    }
}

fn ascii(character: char) -> Class {
    match character {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        ' ' | '\'' | '-' | '\t' => Class::Gap,
        _ => Class::Break,
    }
}

/// The numbers below this are those of the alphabets of Europe, where letters have two cases.
const TWO_CASES: usize = 0x600;

/// What each character of the alphabets of Europe is, and its lower-case form.
pub(super) struct Alphabet {
    table: Vec<(Class, u32)>,
}

static ALPHABET: LazyLock<Alphabet> = LazyLock::new(|| Alphabet {
    table: (0..TWO_CASES as u32)
        .map(|code| char::from_u32(code).map_or((Class::Break, code), |known| (classify(known), lower(known))))
        .collect(),
});

pub(super) fn alphabet() -> &'static Alphabet {
    &ALPHABET
}

impl Alphabet {
    /// The class of a character, and the number of its lower-case form, or of the form common to all Han scripts.
    #[inline]
    pub(super) fn read(&self, character: char) -> (Class, u32) {
        let code = u32::from(character);
        if let Some(known) = self.table.get(code as usize) {
            return *known;
        }
        let class = classify(character);
        if class == Class::Han {
            return (class, form(code));
        }
        // Beyond Europe cases are rare, and looking for them takes longer than all else.
        let has_case =
            matches!(class, Class::Letter | Class::Digit) && !matches!(code, 0x0600..=0x109f | 0x1100..=0x139f);
        (class, if has_case { lower(character) } else { code })
    }
}

/// The lower-case form; where that is several characters, the first: the rest are combining marks.
fn lower(character: char) -> u32 {
    u32::from(character.to_lowercase().next().unwrap_or(character))
}

#[cfg(test)]
mod tests {
    use super::{Class, alphabet, classify, form, lower};

    #[test]
    fn reads_each_character_as_the_slow_way_does() {
        for character in (0..0x3_0000).filter_map(char::from_u32) {
            let class = classify(character);
            let code = if class == Class::Han {
                form(u32::from(character))
            } else {
                lower(character)
            };
            assert_eq!(alphabet().read(character), (class, code), "{character:?}");
        }
    }
}
