//! The detectors, each answering with a BCP 47 tag, or nothing.

/// Something that tells the language of a text.
pub trait Detector {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// The language of a text; empty where it does not say.
    fn detect(&self, text: &str) -> String;
}

/// All of them, ours first.
pub fn detectors() -> Vec<Box<dyn Detector>> {
    vec![
        Box::new(Ours),
        Box::new(Whatlang),
        Box::new(Whichlang),
        #[cfg(feature = "lingua")]
        Box::new(Lingua::new()),
    ]
}

struct Ours;

impl Detector for Ours {
    fn name(&self) -> &'static str {
        "copydesk"
    }

    fn detect(&self, text: &str) -> String {
        classifier::language::identify("", text).map_or_else(String::new, |guess| guess.tag.to_owned())
    }
}

struct Whatlang;

impl Detector for Whatlang {
    fn name(&self) -> &'static str {
        "whatlang"
    }

    fn detect(&self, text: &str) -> String {
        whatlang::detect_lang(text).map_or_else(String::new, |language| two_letters(language.code()))
    }
}

struct Whichlang;

impl Detector for Whichlang {
    fn name(&self) -> &'static str {
        "whichlang"
    }

    fn detect(&self, text: &str) -> String {
        two_letters(whichlang::detect_language(text).three_letter_code())
    }
}

#[cfg(feature = "lingua")]
struct Lingua(lingua::LanguageDetector);

#[cfg(feature = "lingua")]
impl Lingua {
    fn new() -> Self {
        Self(lingua::LanguageDetectorBuilder::from_all_languages().build())
    }
}

#[cfg(feature = "lingua")]
impl Detector for Lingua {
    fn name(&self) -> &'static str {
        "lingua"
    }

    fn detect(&self, text: &str) -> String {
        let found = self.0.detect_language_of(text);
        found.map_or_else(String::new, |language| {
            language.iso_code_639_1().to_string().to_lowercase()
        })
    }
}

/// Codes of ISO 639-3 and of BCP 47, for the languages that news is in.
const CODES: &[(&str, &str)] = &[
    ("afr", "af"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
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
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
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
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

fn two_letters(code: &str) -> String {
    CODES
        .iter()
        .find(|(long, _)| *long == code)
        .map_or(code, |(_, short)| short)
        .to_owned()
}
