//! A line by itself: length, sentences, letters, set phrases, likeness to the headline.

use std::collections::{BTreeMap, BTreeSet};

use super::{flag, log, share};
use crate::phrases::said;
use crate::text::line::Line;
use crate::words;

/// The names of the features, in the order of a row.
pub(super) const NAMES: &[&str] = &[
    "size",
    "words",
    "sentences",
    "sentence_density",
    "ends_sentence",
    "ends_colon",
    "ends_question",
    "ends_ellipsis",
    "commas",
    "capitals",
    "title_case",
    "digits",
    "first_character",
    "short_words",
    "word_length",
    "is_bullet",
    "is_mail_or_address",
    "has_trail",
    "is_prose",
    "is_person",
    "is_date",
    "is_credit",
    "is_figure",
    "repeats",
    "headline_in_line",
    "line_in_headline",
    "is_headline",
    "says_related",
    "says_comments",
    "says_newsletter",
    "says_share",
    "says_copyright",
    "says_byline",
    "says_date",
    "says_caption",
    "says_bio",
    "says_ad_or_paywall",
    "says_other",
    "phrase",
];

/// Describes every line by itself.
pub(super) fn rows(lines: &[Line], headline: Option<usize>) -> Vec<Vec<f32>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        *counts.entry(&line.key).or_default() += 1;
    }
    let title: BTreeSet<String> = headline
        .map(|index| words::words(&lines[index].text).into_iter().collect())
        .unwrap_or_default();
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let mut row = Vec::with_capacity(super::WIDTH);
            shape(line, &mut row);
            row.push(log(counts.get(line.key.as_str()).copied().unwrap_or(1) as f32));
            likeness(line, &title, &mut row);
            row.push(flag(headline == Some(index)));
            phrases(line, &mut row);
            row
        })
        .collect()
}

fn shape(line: &Line, row: &mut Vec<f32>) {
    let text = words::start(&line.text, 4000);
    let marks = |marks: &[char]| text.chars().filter(|character| marks.contains(character)).count() as f32;
    let letters = letters(text);
    let (short, length) = spelled(text);
    row.extend([
        log(line.size),
        log(line.words as f32),
        log(line.sentences as f32),
        share(100.0 * line.sentences as f32, line.size),
        flag(line.ends_sentence),
        flag(text.ends_with([':', '：'])),
        flag(text.ends_with(['?', '？', '؟'])),
        flag(text.ends_with('…') || text.ends_with("...")),
        share(100.0 * marks(&[',', '،', '、', '，', ';']), line.size),
        letters.0,
        line.title_case,
        letters.1,
        words::first_character(text),
        short,
        length,
        flag(line.is_bullet),
        flag(text.contains('@') || text.contains("http") || text.contains("www.")),
        log(marks(&['|', '>', '»', '›', '/', '•', '·'])),
        flag(line.is_prose),
        flag(line.is_person),
        flag(line.is_date),
        flag(line.is_credit),
        flag(line.is_figure),
    ]);
}

/// Share of capitals among letters, and of digits among everything but blanks.
fn letters(text: &str) -> (f32, f32) {
    let (mut letters, mut capitals, mut digits, mut all) = (0.0, 0.0, 0.0, 0.0);
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        all += 1.0;
        letters += flag(character.is_alphabetic());
        capitals += flag(character.is_uppercase());
        digits += flag(character.is_numeric());
    }
    (share(capitals, letters), share(digits, all))
}

/// Share of words of three letters or fewer, and the mean length of words.
fn spelled(text: &str) -> (f32, f32) {
    let (mut count, mut short, mut length) = (0.0, 0.0, 0.0);
    for word in text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(400)
    {
        let characters = word.chars().count() as f32;
        count += 1.0;
        length += characters;
        short += flag(characters <= 3.0);
    }
    (share(short, count), share(length, count))
}

fn likeness(line: &Line, title: &BTreeSet<String>, row: &mut Vec<f32>) {
    if title.is_empty() || line.size > 400.0 {
        row.extend([0.0, 0.0]);
        return;
    }
    let found = words::words(&line.text);
    let common: Vec<&String> = found.iter().filter(|word| title.contains(*word)).collect();
    let distinct: BTreeSet<&&String> = common.iter().collect();
    row.push(share(distinct.len() as f32, title.len() as f32));
    row.push(share(common.len() as f32, found.len() as f32));
}

fn phrases(line: &Line, row: &mut Vec<f32>) {
    row.extend(said(&line.text).groups());
    row.push(line.phrase);
}
