//! What desks do to a text that they print as another's: each edit leaves it a copy.

use super::dice::Dice;
use super::text::{is_word, paragraphs, replace_numbers, sentences};

/// What edits take words and sentences from: articles that have nothing to do with the text.
#[derive(Debug)]
pub(super) struct Pool<'a> {
    /// Texts, each with its title.
    pub(super) articles: Vec<(&'a str, &'a str)>,
    /// Plain words of several letters.
    pub(super) words: Vec<&'a str>,
    /// Capitalised words within sentences.
    pub(super) names: Vec<&'a str>,
}

/// An edit: its name in figures, and what it does.
pub(super) type Edit = (&'static str, fn(&str, &Pool<'_>, &mut Dice) -> String);

/// All edits.
pub(super) const EDITS: [Edit; 16] = [
    ("cut in mid-sentence", cut_mid),
    ("first paragraphs", first_paragraphs),
    ("paragraphs merged", merged),
    ("a paragraph a sentence", parted),
    ("words replaced", words_replaced),
    ("words inserted", words_inserted),
    ("sentences dropped", sentences_dropped),
    ("another lead", another_lead),
    ("a strange tail", strange_tail),
    ("links between", links_between),
    ("lines of the page", page_lines),
    ("capitals", capitals),
    ("figures updated", updated),
    ("paragraphs moved", moved),
    ("another dateline", another_dateline),
    ("other signs", other_signs),
];

/// What pages say around any text.
const PAGE_LINES: [&str; 14] = [
    "Follow us for the latest from the region",
    "This text is part of our offer for subscribers.",
    "Our newsletter comes every weekday at seven. Sign up here.",
    "Photo: a picture from our archive, taken last year",
    "Click here for the full report",
    "Opinions are those of the author.",
    "Advertisement",
    "Have this text read to you",
    "© All rights reserved. No part may be used without our consent.",
    "What others read this week",
    "Comments (12) Log in and write one",
    "Your gift keeps this paper free. Give every month.",
    "Have you seen something? Write to our desk.",
    "Alerts on this and other stories come with our app",
];

/// Openings of other desks.
const DATELINES: [&str; 4] = [
    "LYON — ",
    "(ANSA) - ROME, ",
    "OSLO, May 3 (NTB) - ",
    "Our correspondent writes: ",
];

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a count"
)]
fn part(count: usize, share: f64) -> usize {
    (count as f64 * share) as usize
}

fn cut_mid(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let kept = part(words.len(), dice.share(0.15, 0.8)).max(30).min(words.len());
    let end = dice.one(&["...", "… Continue reading", " [more]"]).copied();
    words[..kept].join(" ") + end.unwrap_or_default()
}

fn first_paragraphs(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let all = paragraphs(text);
    let kept = part(all.len(), dice.share(0.2, 0.8)).max(1).min(all.len());
    all[..kept].join("\n\n")
}

fn merged(text: &str, _: &Pool<'_>, _: &mut Dice) -> String {
    let all = paragraphs(text);
    let merged: Vec<String> = all.chunks(3).map(|three| three.join(" ")).collect();
    merged.join("\n\n")
}

fn parted(text: &str, _: &Pool<'_>, _: &mut Dice) -> String {
    let all: Vec<&str> = paragraphs(text).into_iter().flat_map(sentences).collect();
    all.join("\n\n")
}

fn words_replaced(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let share = dice.share(0.02, 0.07);
    each_word(text, |word| {
        let other = (is_word(word) && dice.happens(share))
            .then(|| dice.one(&pool.words))
            .flatten();
        other.map_or_else(|| word.to_owned(), |other| (*other).to_owned())
    })
}

fn words_inserted(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let share = dice.share(0.01, 0.04);
    each_word(text, |word| {
        let other = (is_word(word) && dice.happens(share))
            .then(|| dice.one(&pool.words))
            .flatten();
        other.map_or_else(|| word.to_owned(), |other| format!("{word} {other}"))
    })
}

fn each_word(text: &str, change: impl FnMut(&str) -> String) -> String {
    text.split(' ').map(change).collect::<Vec<_>>().join(" ")
}

fn sentences_dropped(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let share = dice.share(0.1, 0.4);
    let mut kept = Vec::new();
    for paragraph in paragraphs(text) {
        let stays: Vec<&str> = sentences(paragraph)
            .into_iter()
            .filter(|_| !dice.happens(share))
            .collect();
        if !stays.is_empty() {
            kept.push(stays.join(" "));
        }
    }
    let kept = kept.join("\n\n");
    if 5 * kept.len() > 2 * text.len() {
        kept
    } else {
        text.to_owned()
    }
}

fn another_lead(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let mut all = paragraphs(text);
    let other = dice
        .one(&pool.articles)
        .and_then(|(_, text)| paragraphs(text).first().copied());
    if let (Some(lead), true) = (all.first_mut(), 4 <= text.matches("\n\n").count() + 1) {
        *lead = other.unwrap_or_default();
    }
    all.join("\n\n")
}

fn strange_tail(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let wanted = part(text.len(), dice.share(0.2, 0.6));
    let mut all = paragraphs(text);
    let mut added = 0;
    for paragraph in dice
        .one(&pool.articles)
        .map(|(_, text)| paragraphs(text))
        .unwrap_or_default()
    {
        if wanted <= added + paragraph.len() {
            break;
        }
        added += paragraph.len();
        all.push(paragraph);
    }
    all.join("\n\n")
}

fn links_between(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    inserted(text, dice, |dice| {
        let label = dice.one(&["Also read: ", "Related: ", ""]).copied().unwrap_or_default();
        let title = dice.one(&pool.articles).map_or("", |(title, _)| *title);
        format!("{label}{title}")
    })
}

fn page_lines(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    inserted(text, dice, |dice| {
        dice.one(&PAGE_LINES).copied().unwrap_or_default().to_owned()
    })
}

/// Two to six lines between the paragraphs, at the top and at the end.
fn inserted(text: &str, dice: &mut Dice, mut line: impl FnMut(&mut Dice) -> String) -> String {
    let mut all: Vec<String> = paragraphs(text).into_iter().map(str::to_owned).collect();
    for _ in 0..dice.between(2, 6) {
        let place = match dice.below(4) {
            0 => 0,
            1 | 2 => all.len(),
            _ => dice.between(0, all.len()),
        };
        let line = line(dice);
        all.insert(place, line);
    }
    all.join("\n\n")
}

fn capitals(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let count = dice.between(2, 8);
    let mut at = 0;
    each_word(text, |word| {
        at += 1;
        if at <= count {
            word.to_uppercase()
        } else {
            word.to_owned()
        }
    })
}

fn updated(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let mut places: Vec<usize> = (0..replace_numbers(text, |_, number| number.to_owned()).1).collect();
    dice.shuffle(&mut places);
    places.truncate(dice.between(1, 3));
    let (changed, _) = replace_numbers(text, |at, number| match places.contains(&at) {
        true => dice.between(2, 999).to_string(),
        false => number.to_owned(),
    });
    let notes = ["(Updates with details) ", "", "(Recasts, adds background)\n\n"];
    dice.one(&notes).copied().unwrap_or_default().to_owned() + &changed
}

fn moved(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let mut all = paragraphs(text);
    if let Some(rest) = all.get_mut(1..) {
        dice.shuffle(rest);
    }
    all.join("\n\n")
}

fn another_dateline(text: &str, _: &Pool<'_>, dice: &mut Dice) -> String {
    let dash = ["— ", "– ", " - ", "-- "]
        .iter()
        .filter_map(|dash| Some(text.find(dash)? + dash.len()))
        .min();
    let rest = dash
        .filter(|end| *end < 60)
        .and_then(|end| text.get(end..))
        .unwrap_or(text);
    dice.one(&DATELINES).copied().unwrap_or_default().to_owned() + rest
}

fn other_signs(text: &str, _: &Pool<'_>, _: &mut Dice) -> String {
    text.replace('—', "-").replace(['“', '”'], "\"").replace('’', "'")
}

/// A headline for the same text, by another desk.
pub(super) fn headline(title: &str, text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let mut words: Vec<&str> = title.split_whitespace().collect();
    match dice.below(10) {
        0..=3 => title.to_owned(),
        4 | 5 => words[..(words.len() / 2).max(2).min(words.len())].join(" "),
        6 | 7 => {
            let first = paragraphs(text).first().map(|lead| sentences(lead));
            let sentence = first.and_then(|all| all.first().copied()).unwrap_or_default();
            sentence.chars().take(70).collect()
        }
        _ => {
            dice.shuffle(&mut words);
            words.truncate(5);
            words.extend((0..3).filter_map(|_| dice.one(&pool.words).copied()));
            words.join(" ")
        }
    }
}
