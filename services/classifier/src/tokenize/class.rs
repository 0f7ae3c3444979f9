//! What a character is to the tokeniser.

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
