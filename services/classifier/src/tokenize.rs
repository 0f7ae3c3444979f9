//! From text to hashed features, in one pass and without an allocation.
//!
//! Words are hashed while their characters go by, so no token is ever stored. What a "word" is depends on the script:
//! - alphabets with spaces give words and pairs of neighbouring words, and in the first words of a text runs of
//!   four characters of a word with its edges, which tell rare words and names by their parts; outside English
//!   also the beginnings of words, a stemmer that needs no grammar (`pemilihan`, `pemilih` meet in `pemil`);
//! - Hangul gives words and, because Korean glues particles to nouns, syllables, pairs and triples of them, which count
//!   like words;
//! - Han and kana give single Han characters, pairs and triples, in one form for China, Taiwan and Japan; Thai, Lao, Khmer and Burmese, which do not part words
//!   either, give runs of three to five characters.
//!
//! Numbers keep only their length: `2023` and `1987` are the same feature, because a year is not a topic.
//!
//! English and other languages have features of their own: `die` in a German text is an article.

mod class;
mod han;

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
    runs: &[4],
    run_words: 40,
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
    /// One word, or in Korean up to three syllables of it.
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
    /// First byte in the text; of a part of a word in an alphabet, that of the word.
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
    let alphabet = class::alphabet();
    let mut walk = Walk::new(profile);
    for (at, character) in text.char_indices() {
        if limit <= walk.position {
            return;
        }
        let (class, code) = alphabet.read(character);
        match class {
            Class::Mark => {}
            Class::Gap => walk.end(at, &mut sink),
            Class::Break => {
                walk.end(at, &mut sink);
                walk.previous = None;
            }
            Class::Letter | Class::Digit => {
                if walk.length != 0 && !walk.class.joins(class) {
                    walk.end(at, &mut sink);
                }
                walk.letter(at, class, code, at + character.len_utf8(), &mut sink);
            }
            class => {
                if walk.length != 0 && !walk.class.joins(class) {
                    walk.end(at, &mut sink);
                }
                walk.sign(at, class, code, at + character.len_utf8(), &mut sink);
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
/// A character's number takes this many bits, so the longest run fits into one number.
const CODE_BITS: usize = 21;

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
    /// The last [`LONGEST_RUN`] characters, the newest in the lowest bits.
    recent: u128,
    /// Where the last characters begin in a script that does not part words. A run of letters stands in its word.
    places: [usize; LONGEST_RUN],
    previous: Option<Previous>,
    position: usize,
}

impl Walk {
    fn new(profile: Profile) -> Self {
        Self {
            profile,
            class: Class::Gap,
            start: 0,
            length: 0,
            digits: 0,
            hash: SEED,
            recent: 0,
            places: [0; LONGEST_RUN],
            previous: None,
            position: 0,
        }
    }

    fn begin(&mut self, at: usize, class: Class) {
        self.start = at;
        self.class = class;
        self.hash = SEED;
        self.digits = 0;
        self.recent = u128::from(EDGE);
    }

    fn remember(&mut self, code: u32) {
        self.recent = self.recent << CODE_BITS | u128::from(code);
    }

    /// A letter or digit of a script that parts words.
    #[inline]
    fn letter(&mut self, at: usize, class: Class, code: u32, end: usize, sink: &mut impl FnMut(Feature)) {
        if self.length == 0 {
            self.begin(at, class);
        }
        if class == Class::Digit {
            self.digits += 1;
        } else if self.class == Class::Digit {
            self.class = class;
        }
        self.hash = step(self.hash, code);
        self.length += 1;
        self.remember(code);
        if self.digits == 0 {
            if self.profile.prefixes.contains(&self.length) {
                sink(self.feature(finish(self.hash ^ 0x5f), Kind::Piece, self.start, end));
            }
            self.runs(self.length + 1, end, sink);
        }
    }

    /// A character of a script that does not part words, or parts them elsewhere than their meanings.
    fn sign(&mut self, at: usize, class: Class, code: u32, end: usize, sink: &mut impl FnMut(Feature)) {
        if self.length == 0 {
            self.begin(at, class);
        }
        self.hash = step(self.hash, code);
        self.length += 1;
        self.remember(code);
        self.places.rotate_left(1);
        if let Some(newest) = self.places.last_mut() {
            *newest = at;
        }
        let (shortest, longest, kind) = match class {
            Class::Han => (1, 3, Kind::Piece),
            // Particles make of a Korean noun a dozen words: its syllables say more than the words do.
            Class::Hangul => (1, 3, Kind::Word),
            Class::Unspaced => (3, 5, Kind::Piece),
            _ => (2, 3, Kind::Piece),
        };
        // The beginning of a Korean word is where its stem is.
        if class == Class::Hangul && matches!(self.length, 2 | 3) {
            sink(self.feature(finish(self.hash ^ 0x5f), kind, self.start, end));
        }
        for run in shortest..=self.length.min(longest) {
            let start = self.places.get(LONGEST_RUN - run).copied().unwrap_or(self.start);
            sink(self.feature(self.run(run), kind, start, end));
        }
        if (class == Class::Unspaced && self.length.is_multiple_of(5))
            || (class.is_cjk() && self.length.is_multiple_of(2))
        {
            self.position += 1;
        }
    }

    /// The runs of the profile's lengths that end with the newest of the word's `known` characters, edges included.
    #[inline]
    fn runs(&self, known: usize, end: usize, sink: &mut impl FnMut(Feature)) {
        if self.position < self.profile.run_words {
            for run in self.profile.runs.iter().filter(|run| **run <= known) {
                sink(self.feature(self.run(*run), Kind::Piece, self.start, end));
            }
        }
    }

    /// The hash of the last `run` characters.
    fn run(&self, run: usize) -> u32 {
        let characters = self.recent & ((1 << (run * CODE_BITS)) - 1);
        let (low, high) = (characters as u64, (characters >> 64) as u64);
        finish((low ^ SEED).wrapping_mul(PRIME) ^ high.wrapping_mul(SEED))
    }

    /// Ends the word under way, if there is one.
    #[inline]
    fn end(&mut self, at: usize, sink: &mut impl FnMut(Feature)) {
        let length = std::mem::replace(&mut self.length, 0);
        if length == 0 || self.class.is_cjk() || self.class == Class::Unspaced {
            return;
        }
        if self.class == Class::Letter && self.digits == 0 {
            self.remember(EDGE);
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

#[cfg(test)]
mod tests;
