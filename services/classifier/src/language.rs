//! Which language a text is in.
//!
//! An article usually brings its language along; this is for texts that do not, and it has to be good enough to choose
//! how words are read (see [`crate::vocabulary::profile`]). Three steps, each only where the one before leaves doubt:
//!
//! 1. the script ([`script`]): Thai, Khmer, Lao, Burmese, Greek, Hangul, kana and their like decide at once, Han is told
//!    into simplified, traditional and Japanese by its characters;
//! 2. function words and special letters ([`words`]) of some ninety languages, among them those that trigrams mix up
//!    (Indonesian and Malay, Danish and Norwegian, Croatian and Serbian);
//! 3. for titles and fragments without function words `whichlang`, which takes a microsecond and is very good on the
//!    sixteen languages that it knows, where a word speaks for its answer too; else `whatlang`, by trigrams, which knows
//!    seventy languages and takes a hundred times as long.
//!
//! The body decides, and of a long body its beginning, middle and end together: an article that quotes a foreign sentence
//! first is in the language of the rest. The title is looked at where the body is short.

mod script;
mod words;

use script::{Census, Script};
use whatlang::{Detector, Lang};
use words::{Ballot, Outcome};

/// A guess, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// A BCP 47 tag, for example `id`; with its script where a language has two: `zh-Hans`, `zh-Hant`, `sr-Latn`.
    pub tag: &'static str,
    /// From 0 to 1.
    pub confidence: f64,
}

impl Guess {
    /// The language without its script, for example `zh`.
    pub fn primary(&self) -> &'static str {
        self.tag.split('-').next().unwrap_or(self.tag)
    }
}

/// How much of a text is looked at, in pieces from all over it and bytes of each. More costs time and, past a few
/// sentences, tells nothing new.
const PIECES: usize = 3;
const PIECE_BYTES: usize = 240;
/// A text shorter than this is looked at together with its title. Otherwise titles are left out: they are full of names
/// and often in another style.
const SHORT_BYTES: usize = 120;
/// What the trigrams are shown.
const TRIGRAM_BYTES: usize = 400;

/// Languages without news, for which short texts in other languages are often taken.
const NOT_IN_NEWS: [Lang; 2] = [Lang::Epo, Lang::Lat];

/// The languages of Latin letters that `whichlang` knows.
const QUICK: [&str; 9] = ["de", "en", "es", "fr", "it", "nl", "pt", "sv", "tr"];

/// Guesses the language of an article; `None` for a text without letters.
pub fn identify(title: &str, text: &str) -> Option<Guess> {
    let mut reading = Reading::new();
    if text.len() < SHORT_BYTES {
        reading.read(prefix(title, PIECES * PIECE_BYTES));
    }
    pieces(text).for_each(|piece| reading.read(piece));
    let (script, share) = reading.census.main()?;
    if let Some(tag) = reading.census.language(script) {
        return Some(Guess { tag, confidence: share });
    }
    let outcome = reading.ballot.outcome(script);
    if is_sure(&outcome) {
        let confidence = confidence(&outcome) * share;
        return Some(Guess {
            tag: outcome.tag,
            confidence,
        });
    }
    let both;
    let sample = if text.len() < SHORT_BYTES && !title.is_empty() {
        both = format!("{} {text}", prefix(title, TRIGRAM_BYTES));
        both.as_str()
    } else {
        prefix(text, TRIGRAM_BYTES)
    };
    Some(settle(&reading.ballot, outcome, sample, script))
}

/// One walk over a text: its scripts and its words.
struct Reading {
    census: Census,
    ballot: Ballot,
}

impl Reading {
    fn new() -> Self {
        Self {
            census: Census::new(),
            ballot: Ballot::new(),
        }
    }

    fn read(&mut self, piece: &str) {
        let mut ascii = 0;
        for character in piece.chars() {
            if character.is_ascii_alphabetic() {
                ascii += 1;
                self.ballot.letter(character.to_ascii_lowercase());
                continue;
            }
            match script::of(character) {
                Some(script) => {
                    self.census.count(script, character);
                    self.ballot.letter(lower(character));
                }
                None if is_mark(character) => {}
                None => self.ballot.end(),
            }
        }
        self.ballot.end();
        self.census.count_ascii(ascii);
    }
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// Marks over and under letters, which some write and some do not.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036f)
}

/// The whole of a short text; of a long one pieces from its beginning, its middle and its end.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.len() <= PIECES * PIECE_BYTES;
    let count = if whole { 1 } else { PIECES };
    (0..count).map(move |number| {
        if whole {
            return text;
        }
        let start = text.floor_char_boundary(number * (text.len() - PIECE_BYTES) / (PIECES - 1));
        prefix(text.get(start..).unwrap_or_default(), PIECE_BYTES)
    })
}

/// Whether the function words leave no doubt: there are some, and the next language is well behind.
fn is_sure(outcome: &Outcome) -> bool {
    let lead = outcome.score - outcome.rival;
    3.0 <= outcome.score && 1.5 <= lead && 0.1 * outcome.score <= lead && outcome.words <= 8 * outcome.known
}

/// How sure the words are, from 0.5 to 1; less where a sister language is close.
fn confidence(outcome: &Outcome) -> f64 {
    let apart = |next: f32| f64::from((outcome.score - next) / outcome.score.max(1.0)).clamp(0.0, 1.0);
    let many = 1.0 - (-f64::from(outcome.score) / 4.0).exp();
    let rival = 0.5 + 0.5 * (apart(outcome.rival) * 2.5).min(1.0) * many;
    let sister = 0.5 + 0.5 * (apart(outcome.sister) * 8.0).min(1.0);
    rival.min(sister.max(0.5))
}

/// Words and letters together, where the words are not sure.
fn settle(ballot: &Ballot, outcome: Outcome, sample: &str, script: Script) -> Guess {
    let words = |confidence| Guess {
        tag: if outcome.tag.is_empty() {
            most_common(script)
        } else {
            outcome.tag
        },
        confidence,
    };
    // The detectors know one language of these scripts each.
    if matches!(script, Script::Bengali | Script::Hebrew | Script::Ethiopic) {
        return words(0.5);
    }
    let quick = (script == Script::Latin).then(|| tag(whichlang::detect_language(sample).three_letter_code()));
    if let Some(tag) = quick {
        let score = ballot.score(tag);
        // Of a language that it does not know it says something all the same.
        let allowance = if outcome.tag.is_empty() || QUICK.contains(&outcome.tag) {
            1.0
        } else {
            -0.5
        };
        if 0.0 < score && outcome.score <= score + allowance {
            let confidence = if tag == outcome.tag { 0.85 } else { 0.7 };
            return Guess { tag, confidence };
        }
    }
    let Some(found) = Detector::with_denylist(NOT_IN_NEWS.to_vec()).detect(sample) else {
        return words(0.3);
    };
    let slow = tag(found.lang().code());
    // Trigrams do not know all sisters apart that words do.
    if slow == outcome.tag || words::are_sisters(slow, outcome.tag) {
        return words(found.confidence().clamp(0.6, 0.95));
    }
    let is_likely = found.is_reliable() || 0.0 < ballot.score(slow);
    match quick {
        _ if is_likely && outcome.score <= ballot.score(slow) + 2.0 => Guess {
            tag: slow,
            confidence: found.confidence().clamp(0.3, 0.9),
        },
        // Neither a word nor the trigrams have an opinion.
        Some(tag) if outcome.score < 1.0 && QUICK.contains(&slow) => Guess { tag, confidence: 0.4 },
        Some(_) if outcome.score < 1.0 => Guess {
            tag: slow,
            confidence: 0.3,
        },
        _ => words(0.5),
    }
}

/// The language of most of the news in a script.
fn most_common(script: Script) -> &'static str {
    match script {
        Script::Cyrillic => "ru",
        Script::Arabic => "ar",
        Script::Devanagari => "hi",
        Script::Bengali => "bn",
        Script::Hebrew => "he",
        Script::Ethiopic => "am",
        _ => "en",
    }
}

/// The longest beginning of `text` of at most `bytes` bytes that does not cut a character.
fn prefix(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// ISO 639-3, which the detectors speak, in BCP 47, which wants the two-letter code where there is one.
fn tag(code: &'static str) -> &'static str {
    TWO_LETTERS
        .binary_search_by_key(&code, |(long, _)| long)
        .ok()
        .and_then(|at| TWO_LETTERS.get(at))
        .map_or(code, |(_, short)| short)
}

/// Ascending by the first column.
const TWO_LETTERS: &[(&str, &str)] = &[
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests;
