//! The small differences of wording that a copy desk makes: quotation marks, spelling, percent signs.

/// Wire style (left) and British newspaper style (right), as whole words.
const BRITISH: [(&str, &str); 22] = [
    ("percent", "per cent"),
    ("center", "centre"),
    ("centers", "centres"),
    ("labor", "labour"),
    ("harbor", "harbour"),
    ("program", "programme"),
    ("programs", "programmes"),
    ("neighborhood", "neighbourhood"),
    ("neighborhoods", "neighbourhoods"),
    ("neighbors", "neighbours"),
    ("color", "colour"),
    ("favor", "favour"),
    ("honor", "honour"),
    ("defense", "defence"),
    ("meters", "metres"),
    ("kilometers", "kilometres"),
    ("tons", "tonnes"),
    ("traveled", "travelled"),
    ("canceled", "cancelled"),
    ("organized", "organised"),
    ("organization", "organisation"),
    ("recognized", "recognised"),
];

/// Wire style and the style of a local American newspaper.
const LOCAL: [(&str, &str); 9] = [
    ("on Monday", "Monday"),
    ("on Tuesday", "Tuesday"),
    ("on Wednesday", "Wednesday"),
    ("on Thursday", "Thursday"),
    ("on Friday", "Friday"),
    ("on Saturday", "Saturday"),
    ("on Sunday", "Sunday"),
    (" percent", "%"),
    ("kilometers", "km"),
];

/// The text in the house style of `site`; unchanged for a site without one.
pub(crate) fn apply(site: &str, text: &str) -> String {
    match site {
        "courier" => curly(&replace(text, &BRITISH)),
        "ledger" => replace(text, &LOCAL),
        "beacon" => curly(text),
        "pulse" => replace(text, &BRITISH),
        _ => text.to_owned(),
    }
}

/// Replaces words and word groups that are not inside a longer word.
fn replace(text: &str, pairs: &[(&str, &str)]) -> String {
    let inside = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for (start, found) in text.match_indices(from) {
            let before = start.checked_sub(1).and_then(|at| text.as_bytes().get(at).copied());
            let after = text.as_bytes().get(start + found.len()).copied();
            let starts_word = !from.as_bytes()[0].is_ascii_alphanumeric();
            if !inside(after) && (starts_word || !inside(before)) {
                out.push_str(&text[end..start]);
                out.push_str(to);
                end = start + found.len();
            }
        }
        out.push_str(&text[end..]);
        out
    })
}

/// Straight quotation marks become typographic ones.
fn curly(text: &str) -> String {
    let mut before = ' ';
    let mut out = String::with_capacity(text.len());
    for now in text.chars() {
        let opens = before.is_whitespace() || matches!(before, '(' | '—' | '“' | '‘');
        out.push(match (now, opens) {
            ('"', true) => '“',
            ('"', false) => '”',
            ('\'', true) => '‘',
            ('\'', false) => '’',
            (other, _) => other,
        });
        before = now;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn each_house_has_its_own_style() {
        let check = |site: &str, expected: &str| {
            let text = "\"It's 4 percent,\" he said on Monday at the center.";
            assert_eq!(apply(site, text), expected, "{site}");
        };
        check("courier", "“It’s 4 per cent,” he said on Monday at the centre.");
        check("ledger", "\"It's 4%,\" he said Monday at the center.");
        check("beacon", "“It’s 4 percent,” he said on Monday at the center.");
        check("meridian", "\"It's 4 percent,\" he said on Monday at the center.");
    }

    #[test]
    fn parts_of_longer_words_stay() {
        assert_eq!(
            apply("courier", "programmer colorful percentage"),
            "programmer colorful percentage"
        );
    }
}
