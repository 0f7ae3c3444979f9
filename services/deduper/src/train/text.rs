//! Paragraphs, sentences, words and numbers of a plain text, as far as making up copies needs them.

/// The paragraphs.
pub(super) fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .collect()
}

/// The sentences of a paragraph: parted behind a stop and a blank, before a capital or a quote.
pub(super) fn sentences(paragraph: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, _) in paragraph.match_indices(' ') {
        let (before, after) = (&paragraph[..at], &paragraph[at + 1..]);
        let ends = before.ends_with(['.', '!', '?']);
        let begins = after.starts_with(|next: char| next.is_uppercase() || matches!(next, '"' | '“'));
        if ends && begins {
            all.push(&paragraph[start..at]);
            start = at + 1;
        }
    }
    all.push(&paragraph[start..]);
    all
}

/// Whether a word has small letters only, and more than none.
pub(super) fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_lowercase)
}

/// Hands each number of a text, with its place among them, to `change`; gives the text with what comes back, and how
/// many numbers there are.
pub(super) fn replace_numbers(text: &str, mut change: impl FnMut(usize, &str) -> String) -> (String, usize) {
    let (mut out, mut count, mut rest) = (String::with_capacity(text.len()), 0, text);
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        out.push_str(before);
        let end = number
            .find(|character: char| !matches!(character, '0'..='9' | ',' | '.'))
            .unwrap_or(number.len());
        let end = number[..end].trim_end_matches([',', '.']).len();
        let (number, behind) = number.split_at(end);
        let is_part_of_word = before.ends_with(char::is_alphabetic) || behind.starts_with(char::is_alphabetic);
        if is_part_of_word {
            out.push_str(number);
        } else {
            out.push_str(&change(count, number));
            count += 1;
        }
        rest = behind;
    }
    out.push_str(rest);
    (out, count)
}

/// Capitalised words that follow a small letter and a blank, each with where it starts.
pub(super) fn names(text: &str) -> Vec<(usize, &str)> {
    let mut all = Vec::new();
    for (at, _) in text.match_indices(' ') {
        let after = &text[at + 1..];
        let is_inside = text[..at].ends_with(|before: char| before.is_lowercase() || before == ',');
        let end = after.find(|next: char| !next.is_alphabetic()).unwrap_or(after.len());
        let is_name = after.starts_with(char::is_uppercase) && 3 <= after[..end].chars().count();
        if is_inside && is_name {
            all.push((at + 1, &after[..end]));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{names, replace_numbers, sentences};

    #[test]
    fn sentences_end_at_stops_before_capitals() {
        let text = "It left at 9 a.m. sharp. “So what?” he said. Nobody knew.";
        let expected = ["It left at 9 a.m. sharp.", "“So what?” he said.", "Nobody knew."];
        assert_eq!(sentences(text), expected);
    }

    #[test]
    fn numbers_are_handed_out_one_by_one() {
        let (text, count) = replace_numbers("In 1,200.5 cases, B2 and 3rd apart, 7.", |at, number| {
            format!("<{at}:{number}>")
        });
        assert_eq!(
            (text.as_str(), count),
            ("In <0:1,200.5> cases, B2 and 3rd apart, <1:7>.", 2)
        );
    }

    #[test]
    fn names_stand_inside_sentences() {
        let found: Vec<&str> = names("Mayors met Ruth Ames in Lima, Peru. Later Bo left.")
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(found, ["Ruth", "Ames", "Lima", "Peru"]);
    }
}
