//! A second opinion on Latin text: whether any language that was written in the guessed encoding has these letters.
//!
//! Statistics of letter pairs go astray on languages that they were not made from: two Welsh circumflexes look Latvian,
//! an inverted question mark looks Polish. Orthographies are closed sets, so a guess under which no language has the
//! letters of the text is wrong, whatever the statistics say, when another encoding has one that explains them all.

use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_13, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

/// Languages by the letters outside ASCII that they write, in lower case (exemplar characters of Unicode CLDR):
/// German; French; Spanish, Irish and most of Latin America; Portuguese; Italian; Catalan; the Nordic ones; Icelandic;
/// Faroese; Dutch, Afrikaans, Frisian; Welsh; Estonian; Albanian, Breton, Walloon.
const WESTERN: &[&str] = &[
    "äöüß",
    "àâæçèéêëîïôœùûüÿ",
    "áéíñóúüªº",
    "àáâãçéêíóôõúüªº",
    "àèéìíîòóù",
    "àçèéíïòóúü·",
    "àâäåæèéêöøóòôü",
    "áéíóúýþæöð",
    "áæðíóøúý",
    "áäâéèêëíïîóöôúüûç",
    "âêîôûäëïöáàéèóò",
    "äöõüšž",
    "âçëêîûñéèôù",
];

/// Polish; Czech; Slovak; Hungarian; Croatian, Bosnian, Serbian and Slovene; Romanian; Sorbian; German; Albanian.
const CENTRAL: &[&str] = &[
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšžáéíóú",
    "ăâîşţáéè",
    "ćčěłńóřśšźžŕ",
    "äöüß",
    "çëâé",
];

/// Turkish; Kurdish.
const TURKISH: &[&str] = &["çğıöşüâîûi", "çêîşû"];

/// Lithuanian; Latvian; Estonian.
const BALTIC: &[&str] = &["ąčęėįšųūžé", "āčēģīķļņŗšūž", "äöõüšž"];

/// Maltese; Esperanto.
const SOUTHERN: &[&str] = &["ċġħżàèìîòùé", "ĉĝĥĵŝŭ"];

/// The encodings with their languages. Of two that explain a text equally well the first is more common on the web.
const ENCODINGS: &[(&Encoding, &[&str])] = &[
    (WINDOWS_1252, WESTERN),
    (WINDOWS_1250, CENTRAL),
    (ISO_8859_2, CENTRAL),
    (WINDOWS_1254, TURKISH),
    (WINDOWS_1257, BALTIC),
    (ISO_8859_13, BALTIC),
    (ISO_8859_4, BALTIC),
    (ISO_8859_3, SOUTHERN),
];

/// A guess that explains this share of the letters stands: names from elsewhere are in every text.
const STANDS: f64 = 0.95;

/// How much more another encoding has to explain.
const MARGIN: f64 = 0.1;

/// The guess, or the Latin encoding that explains the letters when the guess does not. A guess of windows-1252, which
/// is the web's default, and of other scripts, stands.
pub(super) fn judged(body: &[u8], guess: &'static Encoding) -> &'static Encoding {
    let Some((_, languages)) = ENCODINGS.iter().find(|(encoding, _)| *encoding == guess) else {
        return guess;
    };
    let of_guess = fit(body, guess, languages);
    if guess == WINDOWS_1252 || STANDS <= of_guess {
        return guess;
    }
    let (mut best, mut best_fit) = (guess, of_guess + MARGIN);
    for (encoding, languages) in ENCODINGS {
        let other = fit(body, encoding, languages);
        if STANDS <= other && best_fit < other {
            (best, best_fit) = (*encoding, other);
        }
    }
    best
}

/// The share of what stands outside ASCII that the best of `languages` explains; 1 where nothing does.
fn fit(body: &[u8], encoding: &'static Encoding, languages: &[&str]) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(body);
    let (mut all, mut explained) = (0_u32, vec![0_u32; languages.len()]);
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_inside = before.is_alphabetic() && characters.peek().is_some_and(|next| next.is_alphabetic());
        before = character;
        let is_letter = character.is_alphabetic();
        // Punctuation is in every language, but only few marks stand within a word, and controls in none.
        let is_mark = matches!(character, '’' | '‘' | '´' | '·' | '\u{ad}' | '\u{a0}');
        let is_odd = character.is_control() || (is_inside && !is_mark);
        if character.is_ascii() || !(is_letter || is_odd) {
            continue;
        }
        all += 1;
        let lower = character.to_lowercase().next().unwrap_or(character);
        for (count, letters) in explained.iter_mut().zip(languages) {
            *count += u32::from(is_letter && letters.contains(lower));
        }
    }
    match (all, explained.into_iter().max()) {
        (0, _) | (_, None) => 1.0,
        (all, Some(most)) => f64::from(most) / f64::from(all),
    }
}
