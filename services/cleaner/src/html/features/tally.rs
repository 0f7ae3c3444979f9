//! What a text is made of, counted in one pass.

use crate::words;

/// Words that are told apart: enough for any article.
const MAX_WORDS: u32 = 400;

/// Counts over the characters and the words of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    /// Characters that are no blanks.
    pub(super) characters: u32,
    pub(super) letters: u32,
    pub(super) capitals: u32,
    pub(super) digits: u32,
    pub(super) commas: u32,
    /// As [`words::sentence_ends`] counts them.
    pub(super) sentences: u32,
    /// Runs of letters and digits, and what the first hundreds of them are like.
    pub(super) words: u32,
    pub(super) capitalised: u32,
    pub(super) short: u32,
    /// Characters in them.
    pub(super) length: u32,
}

/// What a character is, as far as it counts.
#[derive(Clone, Copy, Default)]
struct Kind {
    is_letter: bool,
    is_capital: bool,
    is_digit: bool,
}

impl Tally {
    /// Counts a text.
    pub(super) fn of(text: &str) -> Self {
        let mut tally = Self::default();
        let (mut run, mut is_capitalised) = (0, false);
        let mut rest = text.chars();
        while let Some(character) = rest.next() {
            let kind = kind(character);
            if kind.is_letter || kind.is_digit {
                if run == 0 {
                    is_capitalised = kind.is_capital;
                }
                run += 1;
                tally.characters += 1;
                tally.letters += u32::from(kind.is_letter);
                tally.capitals += u32::from(kind.is_letter && kind.is_capital);
                tally.digits += u32::from(kind.is_digit);
                continue;
            }
            tally.end_word(std::mem::take(&mut run), is_capitalised);
            tally.characters += u32::from(!character.is_whitespace());
            tally.commas += u32::from(matches!(character, ',' | '،' | '、' | '，' | ';'));
            tally.sentences += u32::from(words::is_terminal(character) && words::ends_before(character, rest.as_str()));
        }
        tally.end_word(run, is_capitalised);
        tally
    }

    fn end_word(&mut self, length: u32, is_capitalised: bool) {
        if 0 < length && self.words < MAX_WORDS {
            self.words += 1;
            self.length += length;
            self.short += u32::from(length <= 3);
            self.capitalised += u32::from(is_capitalised);
        }
    }
}

fn kind(character: char) -> Kind {
    if character.is_ascii() {
        return Kind {
            is_letter: character.is_ascii_alphabetic(),
            is_capital: character.is_ascii_uppercase(),
            is_digit: character.is_ascii_digit(),
        };
    }
    Kind {
        is_letter: character.is_alphabetic(),
        is_capital: character.is_uppercase(),
        is_digit: character.is_numeric(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Tally, words};

    #[test]
    fn one_pass_sees_letters_words_and_sentences() {
        let tally = Tally::of("Ana Lim, 38, left “at dawn.” 他走了。");
        let expected = Tally {
            characters: 27,
            letters: 19,
            capitals: 2,
            digits: 2,
            commas: 2,
            sentences: 2,
            words: 7,
            capitalised: 2,
            short: 5,
            length: 21,
        };
        assert_eq!(tally, expected);
        assert_eq!(Tally::of(&"a ".repeat(500)).words, 400);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_pass_for_each(text in "[\\PC .,!?。»”]{0,60}") {
            let tally = Tally::of(&text);
            let count = |is: fn(char) -> bool| text.chars().filter(|character| is(*character)).count() as u32;
            let runs = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
            prop_assert_eq!(tally.letters, count(char::is_alphabetic));
            prop_assert_eq!(tally.digits, count(char::is_numeric));
            prop_assert_eq!(tally.characters, count(|character| !character.is_whitespace()));
            prop_assert_eq!(tally.capitals, count(|character| character.is_alphabetic() && character.is_uppercase()));
            prop_assert_eq!(tally.words as usize, runs.count());
            prop_assert_eq!(tally.sentences as usize, words::sentence_ends(&text));
        }
    }
}
