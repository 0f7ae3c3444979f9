//! Dates as feeds and headers really write them: RFC 822, 850, 3339 and asctime, with zone names, two-digit years,
//! missing parts, and the month names of a dozen languages.
//!
//! A date without a zone is UTC; a zone that is written but can't be understood makes the text no date, because a
//! time that is wrong by hours is worse than none. No time of day is invented: a date alone is its midnight.
//!
//! Of two numbers that could both be the month, the first is the day, as in most of the world; the first is the month
//! where the second can't be one, or where a slash and a half of the day (AM, PM) say that Americans wrote it.

mod clock;
mod words;
mod zones;

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};
use schemas::time::Timestamp;

use clock::Clock;
use words::{THAI_INITIALS, is_filler, month_of, vietnamese_month};
use zones::Zone;

/// A longer text is prose and no date.
const CHARACTERS_MAX: usize = 100;

/// The point in time that `text` names.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = prepared(text)?;
    let (clock, date_text) = clock::split(&text)?;
    let date = date_of(&date_text, &clock)?;
    let midnight = date.to_datetime(Time::midnight());
    let midnight = Offset::UTC.to_timestamp(midnight).ok()?.as_millisecond();
    let millis = match clock.zone {
        Zone::Unknown if clock.is_time && is_korean(&text) => midnight + clock.millis - KOREA_MINUTES * 60_000,
        Zone::Unknown => midnight + clock.millis,
        Zone::Offset { minutes } => midnight + clock.millis - minutes * 60_000,
        Zone::Place(place) => at_place(midnight + clock.millis, place)?,
    };
    Some(Timestamp::from_millis(millis))
}

/// Korean is written in one zone, so a time of day in Korean words is that zone's.
const KOREA_MINUTES: i64 = 9 * 60;

fn is_korean(text: &str) -> bool {
    text.contains(KOREAN)
}

/// The point in time at which clocks in a place show a local time; of two the earlier, and where they skip it, as if
/// they had not (RFC 5545, section 3.3.5).
fn at_place(local_millis: i64, (name, rules): zones::Place) -> Option<i64> {
    let local = Offset::UTC.to_datetime(jiff::Timestamp::from_millisecond(local_millis).ok()?);
    let zone = TimeZone::tzif(name, rules).ok()?;
    let time = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(time.as_millisecond())
}

/// Stands for a word of Korean, so that it is known later that there was one.
const KOREAN: char = '\u{1}';

/// Lower case, blanks folded, East Asian units as separators; `None` for what is too long to be a date.
fn prepared(text: &str) -> Option<String> {
    let text = text.trim();
    if CHARACTERS_MAX * 4 < text.len() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut is_korean = false;
    for character in text.chars().flat_map(char::to_lowercase) {
        is_korean |= matches!(character, '가'..='힣');
        match character {
            '年' | '月' | '년' | '월' => out.push('-'),
            '日' | '号' | '號' | '일' => out.push(' '),
            '时' | '時' | '点' | '點' | '시' | '：' | '分' | '분' => out.push(':'),
            '秒' | '초' | '\u{307}' => {}
            '−' | '–' | '‑' => out.push('-'),
            '０'..='９' | '٠'..='٩' | '۰'..='۹' => out.push(ascii_digit(character)?),
            blank if blank.is_whitespace() || blank.is_control() => {
                // A dash parts as well with a blank after it as without.
                if !out.ends_with([' ', '-']) {
                    out.push(' ');
                }
            }
            other => out.push(other),
        }
    }
    if !out.is_ascii() {
        out = with_latin_words(out);
    }
    let mut out = with_colons(out);
    if is_korean {
        out.push(KOREAN);
    }
    (!out.is_empty() && out.chars().count() <= CHARACTERS_MAX).then_some(out)
}

/// The digit of the Arabic, Persian and full-width rows.
fn ascii_digit(character: char) -> Option<char> {
    let zero = match character {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => '０',
    };
    char::from_digit(u32::from(character) - u32::from(zero), 10)
}

/// Halves of the day and months that are written without letters to tell apart.
fn with_latin_words(text: String) -> String {
    const HALVES: [(&str, &str); 8] = [
        ("上午", " am "),
        ("下午", " pm "),
        ("早上", " am "),
        ("晚上", " pm "),
        ("午前", " am "),
        ("午後", " pm "),
        ("오전", " am "),
        ("오후", " pm "),
    ];
    let is_thai = text.contains(|character| matches!(character, 'ก'..='ฮ'));
    let text = HALVES
        .iter()
        .fold(text, |text, (half, latin)| match text.contains(half) {
            true => text.replace(half, latin),
            false => text,
        });
    if !is_thai {
        return text;
    }
    let months = THAI_INITIALS.iter().zip(ENGLISH_MONTHS);
    // The longer ones end like shorter ones.
    let mut months: Vec<_> = months.collect();
    months.sort_by_key(|(initials, _)| std::cmp::Reverse(initials.len()));
    let text = months
        .into_iter()
        .fold(text, |text, (initials, name)| text.replace(initials, name));
    text.replace("พ.ศ.", " ").replace("น.", " ")
}

const ENGLISH_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `10.30` and `10h30` after a date are `10:30`.
fn with_colons(text: String) -> String {
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if text.contains(':') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let is_digit = |at: usize| word.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let mark = word.find(['.', 'h']).filter(|mark| matches!(mark, 1 | 2));
        let is_time = |mark: &usize| {
            let end = mark + 3;
            (0..*mark).all(is_digit) && is_digit(mark + 1) && is_digit(mark + 2) && !is_digit(end)
        };
        let is_last = |mark: &usize| {
            word.get(mark + 3..)
                .is_some_and(|after| !has_digit(after) && after != ".")
        };
        if !out.is_empty() {
            out.push(' ');
        }
        match mark.filter(|_| has_digit(&out)).filter(is_time).filter(is_last) {
            Some(mark) => {
                out.push_str(&word[..mark]);
                out.push(':');
                out.push_str(&word[mark + 1..]);
            }
            None => out.push_str(word),
        }
    }
    out
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
        // Day of the year, and the century left out (ISO 8601:1988, 5.2.2 and 5.2.1.3).
        [(value, 7)] => day_of_year(value / 1_000, value % 1_000),
        [(value, 5)] => day_of_year(full_year(value / 1_000, 2), value % 1_000),
        [(year, digits @ (2 | 4)), (day, 3)] if text.contains('-') => day_of_year(full_year(*year, *digits), *day),
        [(year, 2), (one, 2)] if text.starts_with('-') => date(full_year(*year, 2), month(*one)?, 1),
        [(value, 4)] if text.starts_with('-') => date(full_year(value / 100, 2), month(value % 100)?, 1),
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
    Date::new(believable(year)?, month, i8::try_from(day).ok()?).ok()
}

fn day_of_year(year: u32, day: u32) -> Option<Date> {
    let first = Date::new(believable(year)?, 1, 1).ok()?;
    first.with().day_of_year(i16::try_from(day).ok()?).build().ok()
}

/// A year that somebody may have meant: `0026` is a broken clock and `9999` stands for never. Thailand counts from
/// the Buddha, 543 years earlier.
fn believable(year: u32) -> Option<i16> {
    let year = match year {
        2_500..=2_643 => year - 543,
        _ => year,
    };
    i16::try_from(year).ok().filter(|year| (100..2_500).contains(year))
}

#[cfg(test)]
mod tests;
