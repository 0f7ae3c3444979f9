//! From text to hashed features, in one pass and without an allocation.
//!
//! Words are hashed while their characters go by, so no token is ever stored. What a "word" is depends on the script:
//! - alphabets with spaces give words and pairs of neighbouring words, and in the first words of a text runs of three
//!   and five characters of a word with its edges, which tell rare words and names by their parts; outside English
//!   also the beginnings of words, a stemmer that needs no grammar (`pemilihan`, `pemilih` meet in `pemil`);
//! - Hangul gives words and, because Korean glues particles to nouns, pairs and triples of syllables;
//! - Han and kana give single Han characters, pairs and triples; Thai, Lao, Khmer and Burmese, which do not part words
//!   either, give runs of three to five characters.
//!
//! Numbers keep only their length: `2023` and `1987` are the same feature, because a year is not a topic.
//!
//! English and other languages have features of their own: `die` in a German text is an article.

mod class;

use class::{Class, classify};

/// Which features a text gives beyond those every text gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Lengths in characters at which the beginning of a longer word is a feature of its own.
    pub prefixes: &'static [usize],
    /// Lengths in characters of the runs within words that are features, a word's edges counted as characters; at most
    /// [`LONGEST_RUN`].
    pub runs: &'static [usize],
    /// How many words of a text give runs. News says first what it is about, and runs are most of the work.
    pub run_words: usize,
    /// Keeps the features of this profile apart from those of others.
    pub space: u32,
}

/// Whole words and pairs only.
pub const WORDS: Profile = Profile {
    prefixes: &[],
    runs: &[],
    run_words: 0,
    space: 0,
};
/// English: words, pairs and runs.
pub const ENGLISH: Profile = Profile {
    runs: &[3, 5],
    run_words: 60,
    ..WORDS
};
/// All other languages: words, pairs, runs, and the beginnings of words.
pub const OTHER_LANGUAGES: Profile = Profile {
    prefixes: &[4, 6],
    space: 0x9e37_79b9,
    ..ENGLISH
};

/// What a feature is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One word.
    Word,
    /// Two neighbouring words.
    Pair,
    /// A part of a word, or a run of characters in a script that does not part words.
    Piece,
}

/// One feature and where in the text it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// The hash that the model knows it by.
    pub hash: u32,
    /// What it is made of.
    pub kind: Kind,
    /// How many words (or their like in scripts without spaces) came before it.
    pub position: usize,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte in the text.
    pub end: usize,
}

/// Whether words of this character's script are parted by spaces.
pub fn has_spaces(character: char) -> bool {
    matches!(classify(character), Class::Letter | Class::Mark)
}

/// Calls `sink` with every feature of `text`, in the order of the text, for at most `limit` words.
pub fn features(text: &str, profile: Profile, limit: usize, mut sink: impl FnMut(Feature)) {
    let mut walk = Walk::new(profile);
    for (at, character) in text.char_indices() {
        if limit <= walk.position {
            return;
        }
        match classify(character) {
            Class::Mark => {}
            Class::Gap => walk.end(at, &mut sink),
            Class::Break => {
                walk.end(at, &mut sink);
                walk.previous = None;
            }
            class => {
                if walk.length != 0 && !walk.class.joins(class) {
                    walk.end(at, &mut sink);
                }
                walk.push(at, class, character, &mut sink);
            }
        }
    }
    walk.end(text.len(), &mut sink);
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
/// The longest run of characters that is a feature.
pub const LONGEST_RUN: usize = 5;
/// What stands for the edge of a word in a run.
const EDGE: u32 = 0x20;

#[derive(Clone, Copy)]
struct Character {
    code: u32,
    /// Small, because five of these are moved for each character; no text is longer.
    at: u32,
}

#[derive(Clone, Copy)]
struct Previous {
    hash: u64,
    start: usize,
}

/// The state of one pass: the word under way, and the word before it.
struct Walk {
    profile: Profile,
    class: Class,
    start: usize,
    length: usize,
    digits: usize,
    hash: u64,
    recent: [Character; LONGEST_RUN],
    previous: Option<Previous>,
    position: usize,
}

impl Walk {
    fn new(profile: Profile) -> Self {
        let recent = [Character { code: 0, at: 0 }; LONGEST_RUN];
        let class = Class::Gap;
        Self {
            profile,
            class,
            start: 0,
            length: 0,
            digits: 0,
            hash: SEED,
            recent,
            previous: None,
            position: 0,
        }
    }

    fn push(&mut self, at: usize, class: Class, character: char, sink: &mut impl FnMut(Feature)) {
        if self.length == 0 {
            self.start = at;
            self.class = class;
            self.hash = SEED;
            self.digits = 0;
            self.remember(EDGE, at);
        }
        if class == Class::Digit {
            self.digits += 1;
        } else if self.class == Class::Digit {
            self.class = class;
        }
        let code = lower(character);
        let end = at + character.len_utf8();
        self.hash = step(self.hash, code);
        self.length += 1;
        self.remember(code, at);
        match class {
            Class::Han => {
                self.piece(1, end, sink);
                self.pieces(2, 3, end, sink);
            }
            Class::Kana | Class::Hangul => self.pieces(2, 3, end, sink),
            Class::Unspaced => self.pieces(3, 5, end, sink),
            _ => {
                if self.profile.prefixes.contains(&self.length) && self.digits == 0 {
                    sink(self.feature(finish(self.hash ^ 0x5f), Kind::Piece, self.start, end));
                }
                self.runs(self.length + 1, end, sink);
            }
        }
        if (class == Class::Unspaced && self.length.is_multiple_of(5))
            || (class.is_cjk() && self.length.is_multiple_of(2))
        {
            self.position += 1;
        }
    }

    fn remember(&mut self, code: u32, at: usize) {
        let [_, second, third, fourth, fifth] = self.recent;
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.recent = [second, third, fourth, fifth, Character { code, at }];
    }

    /// The runs of the profile's lengths that end with the newest of the word's `known` characters, edges included.
    fn runs(&self, known: usize, end: usize, sink: &mut impl FnMut(Feature)) {
        if self.position < self.profile.run_words && self.digits == 0 {
            for run in self.profile.runs.iter().filter(|run| **run <= known) {
                self.piece(*run, end, sink);
            }
        }
    }

    /// The runs of `shortest` to `longest` characters that end with the newest character.
    fn pieces(&self, shortest: usize, longest: usize, end: usize, sink: &mut impl FnMut(Feature)) {
        for run in shortest..=longest.min(self.length) {
            self.piece(run, end, sink);
        }
    }

    fn piece(&self, run: usize, end: usize, sink: &mut impl FnMut(Feature)) {
        let characters = self.recent.get(LONGEST_RUN.saturating_sub(run)..).unwrap_or(&[]);
        let hash = characters
            .iter()
            .fold(SEED ^ 0x2d, |hash, character| step(hash, character.code));
        let start = characters.first().map_or(self.start, |character| character.at as usize);
        sink(self.feature(finish(hash), Kind::Piece, start, end));
    }

    /// Ends the word under way, if there is one.
    fn end(&mut self, at: usize, sink: &mut impl FnMut(Feature)) {
        let length = std::mem::replace(&mut self.length, 0);
        if length == 0 || self.class.is_cjk() || self.class == Class::Unspaced {
            return;
        }
        if self.class == Class::Letter {
            self.remember(EDGE, at);
            self.runs(length + 2, at, sink);
        }
        let number = self.digits == length;
        let hash = if number {
            step(SEED ^ 0x23, length.min(9) as u32)
        } else {
            self.hash
        };
        // One letter says nothing alone (initials, the `s` of a genitive), but it does not part its neighbours either.
        if length == 1 && !number {
            return;
        }
        sink(self.feature(finish(hash), Kind::Word, self.start, at));
        if let Some(previous) = self.previous {
            let pair = previous.hash.rotate_left(23).wrapping_mul(PRIME) ^ hash;
            sink(self.feature(finish(pair), Kind::Pair, previous.start, at));
        }
        self.previous = Some(Previous {
            hash,
            start: self.start,
        });
        self.position += 1;
    }

    fn feature(&self, hash: u32, kind: Kind, start: usize, end: usize) -> Feature {
        Feature {
            hash: hash ^ self.profile.space,
            kind,
            position: self.position,
            start,
            end,
        }
    }
}

fn step(hash: u64, code: u32) -> u64 {
    (hash ^ u64::from(code)).wrapping_mul(PRIME)
}

/// FNV-1a mixes its upper bits badly, so the hash is stirred once more before its upper half is taken
/// (the finaliser of MurmurHash3).
fn finish(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    ((hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53) >> 32) as u32
}

/// The lower-case form; where that is several characters, the first: the rest are combining marks.
fn lower(character: char) -> u32 {
    if character.is_ascii() {
        return u32::from(character.to_ascii_lowercase());
    }
    u32::from(character.to_lowercase().next().unwrap_or(character))
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, Feature, Kind, OTHER_LANGUAGES, Profile, WORDS, features};
    use proptest::prelude::{any, proptest};

    fn all(text: &str, profile: Profile) -> Vec<Feature> {
        let mut found = Vec::new();
        features(text, profile, usize::MAX, |feature| found.push(feature));
        found
    }

    /// The text of each feature of one kind.
    fn check(text: &str, profile: Profile, kind: Kind, expected: &[&str]) {
        let found = all(text, profile);
        let written: Vec<&str> = found
            .iter()
            .filter(|feature| feature.kind == kind)
            .map(|feature| &text[feature.start..feature.end])
            .collect();
        assert_eq!(written, expected, "{text}");
    }

    fn hashes(text: &str) -> Vec<u32> {
        all(text, OTHER_LANGUAGES).iter().map(|feature| feature.hash).collect()
    }

    #[test]
    fn english_gives_words_and_pairs() {
        check(
            "The council's vote, at last",
            WORDS,
            Kind::Word,
            &["The", "council", "vote", "at", "last"],
        );
        check(
            "The council's vote, at last",
            WORDS,
            Kind::Pair,
            &["The council", "council's vote", "at last"],
        );
        check("The council's vote, at last", WORDS, Kind::Piece, &[]);
    }

    #[test]
    fn other_alphabets_give_beginnings_too() {
        let stems = Profile {
            runs: &[],
            ..OTHER_LANGUAGES
        };
        check("Pemilihan umum", stems, Kind::Piece, &["Pemi", "Pemili", "umum"]);
    }

    #[test]
    fn the_first_words_give_runs_with_their_edges() {
        check("On ice", ENGLISH, Kind::Piece, &["On", "On", "ic", "ice", "ce", "ice"]);
        let short = Profile {
            run_words: 1,
            ..ENGLISH
        };
        check("On ice", short, Kind::Piece, &["On", "On"]);
        check("42 1987", ENGLISH, Kind::Piece, &[]);
    }

    #[test]
    fn languages_share_no_features() {
        let english = all("die Wahl", ENGLISH);
        let german = all("die Wahl", OTHER_LANGUAGES);
        assert!(
            english
                .iter()
                .all(|one| german.iter().all(|other| one.hash != other.hash))
        );
    }

    #[test]
    fn scripts_without_spaces_give_runs_of_characters() {
        check(
            "市議会",
            WORDS,
            Kind::Piece,
            &["市", "議", "市議", "会", "議会", "市議会"],
        );
        check(
            "サッカー",
            WORDS,
            Kind::Piece,
            &["サッ", "ッカ", "サッカ", "カー", "ッカー"],
        );
        check(
            "สะพาน",
            WORDS,
            Kind::Piece,
            &["สะพ", "ะพา", "สะพา", "พาน", "ะพาน", "สะพาน"],
        );
        check("대통령 선거", WORDS, Kind::Word, &["대통령", "선거"]);
        check("대통령", WORDS, Kind::Piece, &["대통", "통령", "대통령"]);
    }

    #[test]
    fn case_and_vowel_marks_make_no_difference() {
        assert_eq!(hashes("Élection ÉTAT"), hashes("élection état"));
        assert_eq!(hashes("مُحَمَّد"), hashes("محمد"));
    }

    #[test]
    fn a_number_is_its_length() {
        assert_eq!(hashes("in 1987"), hashes("in 2023"));
        assert_ne!(hashes("in 87"), hashes("in 2023"));
        assert_ne!(hashes("g7"), hashes("g8"));
    }

    #[test]
    fn a_sentence_end_parts_a_pair() {
        check(
            "Rain fell. Markets rose",
            WORDS,
            Kind::Pair,
            &["Rain fell", "Markets rose"],
        );
    }

    #[test]
    fn reads_no_more_words_than_asked() {
        let mut count = 0;
        features(&"word ".repeat(1000), WORDS, 10, |feature| {
            count += usize::from(feature.kind == Kind::Word);
        });
        assert_eq!(count, 10);
        let mut count = 0;
        features(&"สะพาน".repeat(1000), WORDS, 10, |_| count += 1);
        assert!(count < 200, "{count}");
    }

    proptest! {
        #[test]
        fn features_lie_within_the_text(text in any::<String>()) {
            for feature in all(&text, OTHER_LANGUAGES) {
                assert!(text.get(feature.start..feature.end).is_some_and(|written| !written.is_empty()));
            }
        }
    }
}
