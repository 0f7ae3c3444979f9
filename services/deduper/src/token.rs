//! Text to tokens: what is left of a text when house style, accents, punctuation and capitals are taken away.
//!
//! Two outlets that print one agency text differ in such things only, so they must give the same tokens. Words of
//! scripts with spaces are one token each; scripts without spaces (Han, kana, Thai, Lao, Khmer, Burmese) give one
//! token per character, because cutting them into words would need a dictionary.

mod character;
mod fold;
mod word;

use character::Class;
use word::Word;

/// Longest text that is read, in tokens: longer ones are cut, so that a hostile page has a bounded cost.
pub(crate) const TOKENS_MAX: usize = 20_000;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of a script that parts words by spaces.
    Word,
    /// A word with a capital letter that no start of a sentence explains.
    Name,
    /// A number, in digits or spelled out.
    Number,
    /// One character of a script without spaces.
    Character,
}

/// One token: the hash of its normalised form, what it is, and where it stands in the text (bytes).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) hash: u32,
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Reads a text into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader::new(text);
    let mut at = 0;
    while let Some(&byte) = reader.bytes.get(at) {
        if reader.tokens.len() >= TOKENS_MAX || u32::try_from(at).is_err() {
            break;
        }
        if byte.is_ascii_alphabetic() {
            at = reader.letters(at);
        } else if byte == b' ' {
            // What most words end with.
            reader.end_word(at);
            at += 1;
        } else if byte.is_ascii() {
            reader.take(at, char::from(byte));
            at += 1;
        } else {
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            reader.take(at, character);
            at += character.len_utf8();
        }
    }
    reader.end_word(reader.last_end);
    reader.tokens
}

struct Reader<'a> {
    bytes: &'a [u8],
    tokens: Vec<Token>,
    word: Word,
    word_start: usize,
    last_end: usize,
    digits: bool,
    capital: bool,
    /// Whether the next word begins a sentence, so that its capital says nothing.
    sentence_start: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            tokens: Vec::with_capacity((text.len() / 5).min(TOKENS_MAX)),
            word: Word::new(),
            word_start: 0,
            last_end: 0,
            digits: false,
            capital: false,
            sentence_start: true,
        }
    }

    /// A run of ASCII letters, which most texts are made of; answers where it ends.
    #[inline]
    fn letters(&mut self, start: usize) -> usize {
        if self.digits {
            self.end_word(start);
        }
        if self.word.is_empty() {
            self.word_start = start;
            self.capital = self.bytes.get(start).is_some_and(u8::is_ascii_uppercase);
        }
        let mut at = start;
        loop {
            let rest = self.bytes.get(at..).unwrap_or(&[]);
            let (eight, whole) = match rest.first_chunk::<8>() {
                Some(eight) => (*eight, true),
                None => (padded(rest), false),
            };
            let count = self.word.extend_letters(eight);
            at += count;
            if count < eight.len() || !whole {
                break;
            }
        }
        self.last_end = at;
        at
    }

    #[inline]
    fn take(&mut self, at: usize, character: char) {
        match character::class(character) {
            Class::Letter(folded) => {
                if self.digits {
                    self.end_word(at);
                }
                if self.word.is_empty() {
                    self.word_start = at;
                    self.capital = character.is_uppercase();
                }
                self.word.extend(folded.as_bytes());
                self.last_end = at + character.len_utf8();
            }
            Class::Digit(digit) => {
                if !self.word.is_empty() && !self.digits {
                    self.end_word(at);
                }
                if self.word.is_empty() {
                    self.word_start = at;
                    self.digits = true;
                }
                self.word.extend(&[digit]);
                self.last_end = at + character.len_utf8();
            }
            Class::Ideograph => {
                self.end_word(at);
                self.push(
                    character::hash_of(character),
                    Kind::Character,
                    at,
                    at + character.len_utf8(),
                );
                self.sentence_start = false;
            }
            Class::Joiner => {}
            Class::Point => self.point(at, character),
            Class::Percent => {
                self.end_word(at);
                self.push(fold::PERCENT, Kind::Word, at, at + character.len_utf8());
            }
            Class::SentenceEnd => {
                self.end_word(at);
                self.sentence_start = true;
            }
            Class::Space => self.end_word(at),
        }
    }

    /// A full stop or comma: inside a number it belongs to the number ("1,200.5"), between single letters it makes an
    /// abbreviation ("U.S."), otherwise it ends the word.
    fn point(&mut self, at: usize, character: char) {
        let next = self.bytes.get(at + 1).copied().unwrap_or(b' ');
        if self.digits && next.is_ascii_digit() {
            // A separator of three digits is left out ("1,200" = "1200" = "1.200"); a decimal point stays.
            if !self.three_digits_follow(at + 1) {
                self.word.extend(b".");
            }
            return;
        }
        let abbreviation = character == '.' && at == self.word_start + 1 + 2 * (self.word.len().saturating_sub(1));
        if abbreviation && !self.word.is_empty() && !self.digits {
            if next.is_ascii_alphabetic() {
                return;
            }
            self.end_word(at);
            return;
        }
        let ended = self.word.len();
        self.end_word(at);
        if character == '.' && ended != 1 {
            self.sentence_start = true;
        }
    }

    fn three_digits_follow(&self, from: usize) -> bool {
        let digits = self
            .bytes
            .iter()
            .skip(from)
            .take(4)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        digits == 3
    }

    #[inline]
    fn end_word(&mut self, at: usize) {
        if self.word.is_empty() {
            return;
        }
        let end = self.last_end.clamp(self.word_start, at);
        if self.digits {
            let hash = self.word.hash();
            self.push(hash, Kind::Number, self.word_start, end);
        } else {
            let folded = fold::fold(&mut self.word);
            let mut hash = folded.hash;
            if hash == fold::CENT && self.tokens.pop_if(|previous| previous.hash == fold::PER).is_some() {
                hash = fold::PERCENT;
            }
            let name = self.capital && !self.sentence_start && self.word.len() >= 2;
            let kind = match (folded.number, name) {
                (true, _) => Kind::Number,
                (false, true) => Kind::Name,
                (false, false) => Kind::Word,
            };
            if !folded.silent {
                self.push(hash, kind, self.word_start, end);
            }
        }
        self.word.clear();
        self.digits = false;
        self.sentence_start = false;
    }

    #[inline]
    fn push(&mut self, hash: u32, kind: Kind, start: usize, end: usize) {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        self.tokens.push(Token { hash, kind, start, end });
    }
}

/// The last bytes of a text, and zeros.
#[cold]
fn padded(rest: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    eight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u32> {
        tokens(text).iter().map(|token| token.hash).collect()
    }

    #[test]
    fn house_styles_of_one_text_give_the_same_tokens() {
        let table = [
            ("Prices rose 5 percent", "prices rose 5%"),
            ("Prices rose five pct", "Prices rose 5 per cent"),
            ("The U.S. economy", "the US economy"),
            ("46,000 hectares", "46000 hectares"),
            ("3 mln dlrs", "three million dollars"),
            ("a $3m programme", "a $3 million program"),
            ("colour, labour and defence", "color, labor and defense"),
            ("They organised a centre", "They organized a center"),
            ("São Paulo’s café", "Sao Paulo's cafe"),
            ("Hà Nội và Đà Nẵng", "Ha Noi va Da Nang"),
            ("Sen. Ames on Nov. 3", "Senator Ames on November 3"),
            ("ＡＢＣ１２３", "abc 123"),
            ("he said it", "he noted it"),
        ];
        for (left, right) in table {
            assert_eq!(hashes(left), hashes(right), "{left} / {right}");
        }
    }

    #[test]
    fn different_words_and_numbers_stay_different() {
        let table = [
            ("5 percent", "6 percent"),
            ("1.5 million", "15 million"),
            ("东京", "北京"),
            ("two dead", "three dead"),
        ];
        for (left, right) in table {
            assert_ne!(hashes(left), hashes(right), "{left} / {right}");
        }
    }

    #[test]
    fn scripts_without_spaces_give_a_token_per_character() {
        for (text, expected) in [("東京サミット", 6), ("กรุงเทพ", 7), ("서울 정상회의", 2)] {
            assert_eq!(tokens(text).len(), expected, "{text}");
        }
    }

    #[test]
    fn names_are_capitals_inside_a_sentence() {
        let text = "Mayors met Ruth Ames. Later she left Lima.";
        let names: Vec<&str> = tokens(text)
            .iter()
            .filter(|token| token.kind == Kind::Name)
            .map(|token| &text[token.start as usize..token.end as usize])
            .collect();
        assert_eq!(names, ["Ruth", "Ames", "Lima"]);
    }
}
