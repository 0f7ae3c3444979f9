//! Names of sections as they are compared: in lower case, without accents, without punctuation, without the little
//! words between two names. `Arts & Culture`, `arts-and-culture` and `ARTS/CULTURE` are one name.

/// Words that join two names in the languages of the table.
const JOINERS: &[&str] = &[
    "a", "and", "dan", "e", "en", "et", "i", "ja", "og", "och", "oraz", "si", "und", "ve", "va", "y", "και", "и", "і",
    "و", "और",
];
/// A name longer than this is a headline.
const LONGEST: usize = 80;

/// The name in its simplest form; empty for what is no name.
pub(super) fn simple(name: &str) -> String {
    let mut words = String::new();
    if LONGEST < name.trim().len().div_ceil(4) {
        return words;
    }
    let mut word = String::new();
    for character in name.chars().chain([' ']) {
        if is_mark(character) {
            continue;
        }
        if character.is_alphanumeric() || is_vowel_sign(character) {
            character.to_lowercase().for_each(|lower| push(&mut word, lower));
            continue;
        }
        if matches!(character, '\'' | '’' | '\u{200d}') {
            continue;
        }
        if !word.is_empty() && !JOINERS.contains(&word.as_str()) {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&word);
        }
        word.clear();
    }
    words
}

/// The names that one field holds: `News/Sport`, `Sport > Football` and `Politics, Economy` hold two.
pub(super) fn parts(field: &str) -> impl Iterator<Item = &str> {
    let is_break = |character: char| {
        matches!(
            character,
            '/' | '\\'
                | '>'
                | '|'
                | ':'
                | ';'
                | ','
                | '、'
                | '،'
                | '»'
                | '›'
                | '•'
                | '·'
                | '・'
                | '&'
                | '+'
                | '–'
                | '—'
        )
    };
    field.split(is_break).map(str::trim).filter(|part| !part.is_empty())
}

/// Accents over Latin and Greek letters and the vowel signs of Arabic and Hebrew, which are written or left out at will.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036f | 0x0591..=0x05c7 | 0x064b..=0x0652 | 0x0640 | 0x00ad | 0x200b)
}

/// Signs that are part of a word in the scripts of South and South-East Asia, although they are no letters.
fn is_vowel_sign(character: char) -> bool {
    matches!(u32::from(character), 0x0900..=0x0dff | 0x0e31..=0x0e4e) && !matches!(character, '।' | '॥')
}

fn push(word: &mut String, lower: char) {
    match bare(u32::from(lower)) {
        Some(bare) => word.push_str(bare),
        None if is_mark(lower) => {}
        None => word.push(lower),
    }
}

/// A letter in lower case without its accent; `None` where it has none. By the order of the Unicode blocks Latin-1,
/// Latin Extended-A and Latin Extended Additional.
fn bare(letter: u32) -> Option<&'static str> {
    Some(match letter {
        0xe0..=0xe5 | 0x100..=0x105 | 0x1ea0..=0x1eb7 => "a",
        0xe6 => "ae",
        0xe7 | 0x106..=0x10d => "c",
        0xf0 | 0x10e..=0x111 => "d",
        0xe8..=0xeb | 0x112..=0x11b | 0x1eb8..=0x1ec7 => "e",
        0x11c..=0x123 => "g",
        0x124..=0x127 => "h",
        0xec..=0xef | 0x128..=0x131 | 0x1ec8..=0x1ecb => "i",
        0x136..=0x138 => "k",
        0x139..=0x142 => "l",
        0xf1 | 0x143..=0x14b => "n",
        0xf2..=0xf6 | 0xf8 | 0x14c..=0x151 | 0x1a1 | 0x1ecc..=0x1ee3 => "o",
        0x153 => "oe",
        0x154..=0x159 => "r",
        0x15a..=0x161 | 0x219 => "s",
        0xdf => "ss",
        0x162..=0x167 | 0x21b => "t",
        0xf9..=0xfc | 0x168..=0x173 | 0x1b0 | 0x1ee4..=0x1ef1 => "u",
        0xfd | 0xff | 0x176..=0x178 | 0x1ef2..=0x1ef9 => "y",
        0x179..=0x17e => "z",
        0x3ac => "α",
        0x3ad => "ε",
        0x3ae => "η",
        0x3af | 0x3ca | 0x390 => "ι",
        0x3cc => "ο",
        0x3cd | 0x3cb | 0x3b0 => "υ",
        0x3ce => "ω",
        // Alef with and without hamza or madda, and the two shapes of final yeh.
        0x622 | 0x623 | 0x625 => "ا",
        0x649 | 0x6cc => "ي",
        0x6a9 => "ك",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{parts, simple};

    #[test]
    fn spellings_of_one_name_are_one() {
        for (written, expected) in [
            ("Arts & Culture", "arts culture"),
            ("arts-and-culture", "arts culture"),
            ("ARTS/CULTURE", "arts culture"),
            ("  Économie ", "economie"),
            ("E\u{301}conomie", "economie"),
            ("Thể thao", "the thao"),
            ("the-thao", "the thao"),
            ("Bình đẳng giới", "binh dang gioi"),
            ("EKONOMİ", "ekonomi"),
            ("Fußball", "fussball"),
            ("Πολιτική", "πολιτικη"),
            ("Наука и техника", "наука техника"),
            ("أخبار", "اخبار"),
            ("मनोरंजन", "मनोरंजन"),
            ("การเมือง", "การเมือง"),
            ("经济", "经济"),
            ("…", ""),
        ] {
            assert_eq!(simple(written), expected, "{written}");
        }
        assert_eq!(simple(&"word ".repeat(200)), "");
    }

    #[test]
    fn a_trail_of_names_is_several() {
        let names: Vec<&str> = parts("News/Sport > Football | Premier League").collect();
        assert_eq!(names, ["News", "Sport", "Football", "Premier League"]);
        assert_eq!(parts("Life and Style").count(), 1);
    }
}
