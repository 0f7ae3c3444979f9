//! What a character is to the tokeniser, and its folded form.

/// The class of a character.
pub(super) enum Class {
    /// A letter of a word, folded to lower case without accents.
    Letter(Folded),
    /// A decimal digit, as ASCII.
    Digit(u8),
    /// A character that is a token by itself.
    Ideograph,
    /// Apostrophes, soft hyphens and combining marks: they vanish and part nothing.
    Joiner,
    /// Full stop and comma, whose meaning depends on the neighbours.
    Point,
    /// The percent sign.
    Percent,
    /// Ends a sentence or opens a quotation: the next capital is no name.
    SentenceEnd,
    /// Everything else: it parts words.
    Space,
}

/// A folded letter: up to four bytes of UTF-8.
pub(super) struct Folded {
    bytes: [u8; 4],
    length: u8,
}

impl Folded {
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    #[inline]
    fn of(character: char) -> Self {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Self {
            bytes,
            length: u8::try_from(length).unwrap_or(0),
        }
    }

    #[inline]
    fn ascii(byte: u8) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
        }
    }
}

/// Classes of the 128 ASCII characters are decided by a match that compiles to a table.
#[inline]
pub(super) fn class(character: char) -> Class {
    match character {
        'a'..='z' | 'A'..='Z' => Class::Letter(Folded::ascii((character as u8).to_ascii_lowercase())),
        '0'..='9' => Class::Digit(character as u8),
        '\'' | '\u{2019}' | '\u{2018}' | '\u{00ad}' | '\u{200b}'..='\u{200d}' => Class::Joiner,
        '.' | ',' => Class::Point,
        '%' | '\u{ff05}' => Class::Percent,
        '!' | '?' | ':' | '"' | '\n' | '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' | '\u{2022}' => Class::SentenceEnd,
        '\0'..='\u{7f}' => Class::Space,
        _ => beyond_ascii(character),
    }
}

fn beyond_ascii(character: char) -> Class {
    let code = u32::from(character);
    match code {
        0x300..=0x36f => Class::Joiner,
        0xc0..=0x17f => Class::Letter(base_letter(LATIN, code - 0xc0, character)),
        0x1a0 | 0x1a1 => Class::Letter(Folded::ascii(b'o')),
        0x1af | 0x1b0 => Class::Letter(Folded::ascii(b'u')),
        0x1ea0..=0x1ef9 => Class::Letter(base_letter(VIETNAMESE, code - 0x1ea0, character)),
        // Full-width forms of ASCII.
        0xff10..=0xff19 | 0xff21..=0xff3a | 0xff41..=0xff5a => match char::from_u32(code - 0xfee0) {
            Some(narrow) => class(narrow),
            None => Class::Space,
        },
        _ if is_unspaced(code) => Class::Ideograph,
        _ if character.is_alphabetic() => {
            Class::Letter(Folded::of(character.to_lowercase().next().unwrap_or(character)))
        }
        _ => match character.to_digit(10) {
            Some(digit) => Class::Digit(b'0' + u8::try_from(digit).unwrap_or(0)),
            // Vowel signs of Indic scripts are marks inside a word, not the end of it.
            None if (0x900..=0xdff).contains(&code) => Class::Letter(Folded::of(character)),
            None => Class::Space,
        },
    }
}

/// Han, kana, Thai, Lao, Burmese and Khmer: scripts that do not part words by spaces.
fn is_unspaced(code: u32) -> bool {
    matches!(code, 0x0e01..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17d3 | 0x3005..=0x3007 | 0x3041..=0x30ff
        | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xff66..=0xff9d | 0x20000..=0x323af)
}

/// Base letters of U+00C0 to U+017F; `*` marks what is no letter or has no base letter.
const LATIN: &[u8] = b"aaaaaaaceeeeiiiidnooooo*ouuuuyts\
aaaaaaaceeeeiiiidnooooo*ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggg\
gggghhhhiiiiiiiiiiiijjkkklllllll\
lllnnnnnnnnnoooooooorrrrrrssssss\
ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Base letters of U+1EA0 to U+1EF9, the precomposed letters of Vietnamese.
const VIETNAMESE: &[u8] = b"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

fn base_letter(table: &[u8], at: u32, character: char) -> Folded {
    match table.get(at as usize) {
        Some(&letter) if letter != b'*' => Folded::ascii(letter),
        _ => Folded::of(character),
    }
}

/// The token hash of a single character.
pub(super) fn hash_of(character: char) -> u32 {
    let mut bytes = [0; 4];
    super::fold::hash(character.encode_utf8(&mut bytes).as_bytes())
}
