//! Which language a text is in.
//!
//! An article usually brings its language along; this is for texts that do not, and it has to be good enough to choose
//! how words are read (see [`crate::vocabulary::profile`]).
//!
//! Measured on labelled news and single sentences: `whatlang` knows 70 languages (Indonesian, Vietnamese, Thai, Khmer,
//! Tagalog among them) but takes 100 to 190 µs a text and calls one short English text in four something else;
//! `whichlang` takes 3 to 11 µs and is better on the 16 languages that it knows, but gives one of the 16 for
//! all others, Indonesian and Thai included. So English, the bulk of the stream, is told by its function words first,
//! and `whatlang` decides on the rest.

use whatlang::{Detector, Lang};

/// A guess, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// A BCP 47 tag, for example `id`.
    pub tag: &'static str,
    /// From 0 to 1.
    pub confidence: f64,
}

/// How much of a text is looked at, in bytes. More costs time and, past a few sentences, tells nothing new.
const SAMPLE_BYTES: usize = 600;
/// A text shorter than this is looked at together with its title. Otherwise titles are left out: they are full of names
/// and often in another style.
const SHORT_BYTES: usize = 120;

/// Languages without news, for which short texts in other languages are often taken.
const NOT_IN_NEWS: [Lang; 2] = [Lang::Epo, Lang::Lat];

/// Guesses the language of an article; `None` for a text without letters.
pub fn identify(title: &str, text: &str) -> Option<Guess> {
    let sample = prefix(text, SAMPLE_BYTES);
    if sample.len() < SHORT_BYTES && !title.is_empty() {
        return guess(&format!("{} {sample}", prefix(title, SAMPLE_BYTES)));
    }
    guess(sample)
}

fn guess(sample: &str) -> Option<Guess> {
    if let Some(confidence) = english(sample) {
        return Some(Guess { tag: "en", confidence });
    }
    let guess = Detector::with_denylist(NOT_IN_NEWS.to_vec()).detect(sample)?;
    Some(Guess {
        tag: tag(guess.lang()),
        confidence: guess.confidence(),
    })
}

/// Words that make up a fifth of any English text and that other languages do not write the same. (`of`, `is` and `was`
/// are Dutch or German too.)
const FUNCTION_WORDS: &[&str] = &[
    "after", "and", "are", "been", "but", "by", "for", "from", "has", "have", "his", "its", "said", "that", "the",
    "their", "they", "this", "to", "were", "which", "who", "will", "with", "would",
];

/// How surely a sample is English; `None` if its words do not say so. One word in eight must be a function word, and
/// at least two different ones must occur: a film title within a foreign text does not make it English.
fn english(sample: &str) -> Option<f64> {
    let mut words = 0_usize;
    let mut found = 0_usize;
    let mut different = 0_u64;
    for word in sample
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words += 1;
        if let Some(at) = function_word(word) {
            found += 1;
            different |= 1 << at;
        }
    }
    let sure = 2 <= different.count_ones() && words <= found * 8;
    sure.then(|| (found as f64 / words as f64 * 5.0).min(1.0))
}

fn function_word(word: &str) -> Option<usize> {
    let mut lower = [0_u8; 5];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    FUNCTION_WORDS
        .binary_search_by(|known| known.as_bytes().cmp(lower))
        .ok()
}

/// The longest beginning of `text` of at most `bytes` bytes that does not cut a character.
fn prefix(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// ISO 639-3, which the detector speaks, in BCP 47, which wants the two-letter code where there is one.
fn tag(language: Lang) -> &'static str {
    let code = language.code();
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
mod tests {
    use super::{FUNCTION_WORDS, TWO_LETTERS, identify, prefix};

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(identify("", text).map(|guess| guess.tag), expected, "{text}");
    }

    #[test]
    fn tells_the_languages_of_news_apart() {
        check(
            "The council voted late on Monday to close the old bridge, which has been unsafe for years.",
            Some("en"),
        );
        check(
            "Pemerintah kota akan menutup jembatan lama itu karena sudah tidak aman bagi warga.",
            Some("id"),
        );
        check(
            "Hội đồng thành phố đã bỏ phiếu đóng cửa cây cầu cũ vì không còn an toàn cho người dân.",
            Some("vi"),
        );
        check(
            "Der Stadtrat hat am Montag beschlossen, die alte Brücke zu schließen, weil sie nicht sicher ist.",
            Some("de"),
        );
        check("สภาเมืองลงมติให้ปิดสะพานเก่าเพราะไม่ปลอดภัย", Some("th"));
        check("市议会周一投票决定关闭这座旧桥，因为它已不再安全。", Some("zh"));
        check(
            "市議会は月曜日、安全でなくなった古い橋を閉鎖することを決めました。",
            Some("ja"),
        );
        check("시의회는 월요일 안전하지 않은 낡은 다리를 폐쇄하기로 했다.", Some("ko"));
        check("The old bridge will be closed to traffic and torn down.", Some("en"));
        check(
            "De burgemeester was het er niet mee eens, is of was dat zo? Het plan is van de baan.",
            Some("nl"),
        );
        check("1987 — 42 %", None);
        check("", None);
    }

    #[test]
    fn a_title_helps_where_there_is_little_text() {
        assert_eq!(
            identify("Der Stadtrat schließt die alte Brücke", " ").map(|guess| guess.tag),
            Some("de")
        );
    }

    #[test]
    fn a_sample_never_cuts_a_character() {
        assert_eq!(prefix("aé", 2), "a");
        assert_eq!(prefix("aé", 3), "aé");
        assert_eq!(prefix("a", 9), "a");
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(TWO_LETTERS.is_sorted_by(|(first, _), (second, _)| first < second));
    }
}
