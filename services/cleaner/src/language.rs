//! The language of a story: trigrams of its text, with the page's own word as evidence.
//!
//! `whatlang` was chosen over `whichlang`, which is faster but knows sixteen languages and has no Indonesian.

use std::sync::LazyLock;

use whatlang::{Detector, Info, Lang};

use crate::extracted::Language;
use crate::words;

/// Bytes of text that are looked at.
const SAMPLE: usize = 6000;
/// Pieces of a long text that are looked at first, and are enough when they leave no doubt; bytes of each.
const PIECES: usize = 3;
const PIECE: usize = 500;

/// Languages that newspapers print and the detector mixes up with bigger ones when a text is short.
const LEFT_OUT: &[Lang] = &[Lang::Epo, Lang::Lat, Lang::Zul, Lang::Sna, Lang::Yid];

/// Tells the language of a text. `stated` are tags that the page and the feed give, best first.
#[must_use]
pub(crate) fn detect<'a>(text: &str, stated: impl IntoIterator<Item = &'a str>) -> Option<Language> {
    let stated = stated.into_iter().find_map(primary);
    let sample = words::start(text, SAMPLE);
    let found = found(sample).map(|info| (tag(info.lang()), info.confidence().clamp(0.0, 1.0)));
    let language = |tag: &str, confidence: f64| {
        Some(Language {
            tag: tag.to_owned(),
            confidence,
        })
    };
    match (found, stated) {
        (Some((found, confidence)), Some(stated)) if found == stated || sister(&found, &stated) => {
            language(&stated, confidence.max(0.95))
        }
        // A page's template often states the language of its maker; a sure reading of a long text beats it.
        (Some((found, confidence)), Some(stated)) => {
            let is_sure = confidence >= 0.8 && words::size(sample) >= 120.0;
            if is_sure {
                language(&found, confidence)
            } else {
                language(&stated, 0.5)
            }
        }
        (Some((found, confidence)), None) => language(&found, confidence),
        (None, Some(stated)) => language(&stated, 0.5),
        (None, None) => None,
    }
}

/// What the detector finds: in pieces from all over the text if it is sure of that, else in the whole of it.
fn found(sample: &str) -> Option<Info> {
    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::with_denylist(LEFT_OUT.to_vec()));
    if sample.len() < 2 * PIECES * PIECE {
        return DETECTOR.detect(sample);
    }
    let pieces = (0..PIECES).map(|at| {
        let start = sample.floor_char_boundary(at * (sample.len() - PIECE) / (PIECES - 1));
        words::start(sample.get(start..).unwrap_or_default(), PIECE)
    });
    let pieces: Vec<&str> = pieces.collect();
    let sure = DETECTOR
        .detect(&pieces.join(" "))
        .filter(|info| info.confidence() >= 1.0);
    sure.or_else(|| DETECTOR.detect(sample))
}

/// Languages whose texts trigrams hardly tell apart: the page's own word decides.
fn sister(left: &str, right: &str) -> bool {
    const FAMILIES: &[&[&str]] = &[
        &["id", "ms", "jv", "su"],
        &["no", "nb", "nn", "da"],
        &["sr", "hr", "bs", "sl", "mk"],
        &["cs", "sk"],
        &["es", "gl", "ca", "pt"],
        &["hi", "mr", "ne"],
        &["fa", "ur", "ps"],
        &["tr", "az"],
        &["ru", "uk", "be", "bg"],
        &["af", "nl"],
    ];
    FAMILIES
        .iter()
        .any(|family| family.contains(&left) && family.contains(&right))
}

/// The primary language of a tag such as `pt-BR` or `en_US`, when it is one.
fn primary(tag: &str) -> Option<String> {
    let first = tag.trim().split(['-', '_', ',', ' ', ';']).next()?.to_ascii_lowercase();
    let first = match first.as_str() {
        "in" => "id",
        "iw" => "he",
        "ind" => "id",
        "eng" | "english" => "en",
        other => other,
    };
    let is_tag = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_tag && first != "und" && first != "mul").then(|| first.to_owned())
}

/// Three-letter codes of ISO 639-3 and their two-letter ones of ISO 639-1.
const SHORT: &[(&str, &str)] = &[
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "no"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("afr", "af"),
    ("cat", "ca"),
    ("slk", "sk"),
    ("tgl", "tl"),
    ("hye", "hy"),
    ("cym", "cy"),
];

/// BCP 47 prefers the two-letter codes of ISO 639-1 to the three letters that the detector gives.
fn tag(lang: Lang) -> String {
    let code = lang.code();
    SHORT
        .iter()
        .find(|(long, _)| *long == code)
        .map_or(code, |(_, short)| short)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn languages_of_the_region_are_told_apart() {
        let check = |text: &str, stated: &[&str], expected: &str| {
            let found = detect(text, stated.iter().copied()).map(|language| language.tag);
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        };
        check(
            "Pemerintah akan membangun pelabuhan baru di pulau itu mulai tahun depan, kata menteri pada hari Senin.",
            &[],
            "id",
        );
        check(
            "Chính phủ sẽ xây dựng một cảng mới trên hòn đảo này từ năm tới, bộ trưởng cho biết hôm thứ Hai.",
            &[],
            "vi",
        );
        check(
            "The government will build a new harbour on the island next year, the minister said on Monday. It will take four years and cost less than the old one did.",
            &["in"],
            "en",
        );
        check("政府は来年、島に新しい港を建設すると大臣が月曜日に述べた。", &[], "ja");
        check("政府将于明年在岛上新建一座港口，部长周一表示。", &[], "zh");
        check(
            "Kerajaan akan membina pelabuhan baharu di pulau itu mulai tahun depan.",
            &["ms-MY"],
            "ms",
        );
        check("", &["pt_BR"], "pt");
    }

    #[test]
    fn a_long_text_is_told_by_more_than_its_start() {
        let first = "The government will build a new harbour on the island next year, the minister said. ";
        let rest = "Die Regierung wird im nächsten Jahr auf der Insel einen neuen Hafen bauen, sagte der Minister. ";
        let found = detect(&format!("{}{}", first.repeat(6), rest.repeat(50)), []);
        assert_eq!(found.map(|language| language.tag).as_deref(), Some("de"));
    }
}
