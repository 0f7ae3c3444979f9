//! Dates as feeds and headers really write them: RFC 822, 850, 3339 and asctime, with zone names, two-digit years,
//! missing parts, and the month names of a dozen languages.
//!
//! A date without a zone is UTC; a zone that is written but can't be understood makes the text no date, because a
//! time that is wrong by hours is worse than none. No time of day is invented: a date alone is its midnight.

mod clock;
mod words;
mod zones;

use jiff::civil::Date;
use schemas::time::Timestamp;

use clock::Clock;
use words::{is_filler, month_of, vietnamese_month};

/// A longer text is prose and no date.
const CHARACTERS_MAX: usize = 100;

/// The point in time that `text` names.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = prepared(text)?;
    let (clock, date_text) = clock::split(&text)?;
    let date = date_of(&date_text, &clock)?;
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    let midnight = jiff::tz::Offset::UTC.to_timestamp(midnight).ok()?.as_millisecond();
    Some(Timestamp::from_millis(midnight + clock.millis - clock.offset_millis))
}

/// Lower case, blanks folded, East Asian units as separators; `None` for what is too long to be a date.
fn prepared(text: &str) -> Option<String> {
    if CHARACTERS_MAX * 4 < text.len() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for character in text.trim().chars().flat_map(char::to_lowercase) {
        match character {
            '年' | '月' | '년' | '월' => out.push('-'),
            '日' | '号' | '일' => out.push(' '),
            '时' | '時' | '点' | '시' | '：' | '分' | '분' => out.push(':'),
            '秒' | '초' | '\u{307}' => {}
            '−' | '–' | '‑' => out.push('-'),
            '０'..='９' => out.push(char::from_u32(u32::from(character) - 0xfee0)?),
            blank if blank.is_whitespace() || blank.is_control() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            other => out.push(other),
        }
    }
    let folded = out.replace("上午", " am ").replace("下午", " pm ");
    let folded = folded
        .replace("오전", " am ")
        .replace("오후", " pm ")
        .replace("- ", "-");
    (!folded.is_empty() && folded.chars().count() <= CHARACTERS_MAX).then_some(folded)
}

/// A run of digits or of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number { value: u32, digits: usize },
    Word(&'a str),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let of_run = |character: char| match is_digit {
            true => character.is_ascii_digit(),
            false => character.is_alphabetic() && first.is_alphabetic(),
        };
        let end = rest.find(|character| !of_run(character)).unwrap_or(rest.len());
        match (is_digit, end) {
            (true, _) => found.push(Token::Number {
                value: rest[..end].parse().ok()?,
                digits: end,
            }),
            (false, 0) => {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            (false, _) => found.push(Token::Word(&rest[..end])),
        }
        rest = &rest[end..];
    }
    Some(found)
}

fn date_of(text: &str, clock: &Clock) -> Option<Date> {
    let tokens = tokens(text)?;
    match named_month(&tokens) {
        Some((at, used, month)) => {
            let rest: Vec<Token<'_>> = tokens[..at].iter().chain(&tokens[at + used..]).copied().collect();
            with_named_month(month, &rest)
        }
        None => in_numbers(text, &tokens, clock),
    }
}

/// The place, length and number of the month's name. Of two candidates the later one counts: in `mar. 3 nov. 2026`
/// the first is a Tuesday.
fn named_month(tokens: &[Token<'_>]) -> Option<(usize, usize, i8)> {
    (0..tokens.len()).rev().find_map(|at| match tokens[at] {
        Token::Word(word) => match vietnamese_month(word, &words_after(tokens, at)) {
            Some((used, month)) => Some((at, used + 1, month)),
            None => month_of(word).map(|month| (at, 1, month)),
        },
        Token::Number { .. } => None,
    })
}

fn words_after<'a>(tokens: &[Token<'a>], at: usize) -> Vec<&'a str> {
    let words = tokens[at + 1..].iter().map_while(|token| match token {
        Token::Word(word) => Some(*word),
        Token::Number { .. } => None,
    });
    words.take(2).collect()
}

fn with_named_month(month: i8, rest: &[Token<'_>]) -> Option<Date> {
    let strangers = rest
        .iter()
        .filter(|token| matches!(token, Token::Word(word) if !is_filler(word)));
    if 3 < strangers.count() {
        return None;
    }
    let numbers: Vec<(u32, usize)> = numbers(rest).collect();
    let year_at = numbers.iter().position(|(value, digits)| *digits == 4 || 31 < *value);
    match (numbers.as_slice(), year_at) {
        ([(year, _)], Some(_)) => date(*year, month, 1),
        ([(year, digits), (day, _)], Some(0)) => date(full_year(*year, *digits), month, *day),
        ([(day, _), (year, digits)], _) => date(full_year(*year, *digits), month, *day),
        _ => None,
    }
}

fn in_numbers(text: &str, tokens: &[Token<'_>], clock: &Clock) -> Option<Date> {
    let strange = |token: &Token<'_>| matches!(token, Token::Word(word) if !is_filler(word));
    if tokens.iter().any(strange) {
        return None;
    }
    let numbers: Vec<(u32, usize)> = numbers(tokens).collect();
    match numbers.as_slice() {
        [(value, 8)] => date(value / 10_000, month(value / 100 % 100)?, value % 100),
        [(value, 6)] => date(full_year(value / 10_000, 2), month(value / 100 % 100)?, value % 100),
        [(year, 4)] => date(*year, 1, 1),
        [(year, 4), (one, _)] => date(*year, month(*one)?, 1),
        [(year, 4), (one, _), (day, _)] => date(*year, month(*one)?, *day),
        // Without a year of four digits, dashes mean ISO 8601 and anything else the day first.
        [(year, 2), (one, _), (day, _)] if text.contains('-') => date(full_year(*year, 2), month(*one)?, *day),
        [(first, _), (second, _), (year, digits)] => {
            let year = full_year(*year, *digits);
            // Americans write the month first, and the half of the day after the time.
            let month_first = 12 < *second || (clock.is_half_day && *first <= 12 && text.contains('/'));
            match month_first {
                true => date(year, month(*first)?, *second),
                false => date(year, month(*second)?, *first),
            }
        }
        _ => None,
    }
}

fn numbers(tokens: &[Token<'_>]) -> impl Iterator<Item = (u32, usize)> {
    tokens.iter().filter_map(|token| match token {
        Token::Number { value, digits } => Some((*value, *digits)),
        Token::Word(_) => None,
    })
}

fn month(value: u32) -> Option<i8> {
    i8::try_from(value).ok().filter(|month| (1..=12).contains(month))
}

/// Two digits are a year from 1970 to 2069.
fn full_year(value: u32, digits: usize) -> u32 {
    match (digits, value) {
        (1 | 2, 0..70) => value + 2000,
        (1 | 2, _) => value + 1900,
        _ => value,
    }
}

fn date(year: u32, month: i8, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| 0 < *year)?;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests;
