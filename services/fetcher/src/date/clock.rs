//! The time of day and the zone in a date.

use super::zones::{Zone, place, zone_minutes};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The time of day, in milliseconds since midnight, and the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Clock {
    pub(super) millis: i64,
    /// A time of day was written.
    pub(super) is_time: bool,
    pub(super) zone: Zone,
    /// The time was written with AM or PM.
    pub(super) is_half_day: bool,
}

/// Takes the time of day and the zone out of a prepared text and gives what is left; `None` when there is something
/// like a time that is none.
pub(super) fn split(text: &str) -> Option<(Clock, String)> {
    if let Some(parts) = split_compact(text) {
        return parts;
    }
    let Some(colon) = text.find(':') else {
        return split_zone(text, Clock::default());
    };
    let before = &text[..colon];
    let start = before
        .trim_end_matches(|character: char| character.is_ascii_digit())
        .len();
    let hour = number(&before[start..], 1, 2)?;
    let (minute, rest) = leading_number(&text[colon + 1..], 1, 2)?;
    let (second, fraction, rest) = seconds(rest)?;
    let (half, rest) = half_of_day(rest);
    let (early_half, date_text) = half_before(&text[..start]);
    let hour = hour_of_day(hour, half.or(early_half))?;
    // 24:00 is the midnight that ends the day, and 60 a leap second.
    let whole_day = hour == 24 && minute == 0 && second == 0;
    if (23 < hour && !whole_day) || 59 < minute || 60 < second {
        return None;
    }
    let clock = Clock {
        millis: hour * HOUR + minute * MINUTE + second * SECOND + fraction,
        is_time: true,
        zone: Zone::Unknown,
        is_half_day: half.or(early_half).is_some(),
    };
    let (clock, after) = split_zone(rest, clock)?;
    let date_text = date_text.trim_end().trim_end_matches(['t', ',', '.', '-']);
    Some((clock, format!("{date_text} {after}")))
}

/// `20261122T100000Z`, `20261122T1000`, `20261122100000`, `2026-11-22T100000`, `2026-11-22T10`: no colon parts hour
/// and minute.
fn split_compact(text: &str) -> Option<Option<(Clock, String)>> {
    let is_dashed = |date: &str| date.as_bytes().get(4) == Some(&b'-') && date.as_bytes().get(7) == Some(&b'-');
    let is_of_digits = |date: &str| date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let dashed = text
        .split_at_checked(10)
        .filter(|(date, rest)| is_dashed(date) && rest.starts_with('t'));
    let (date, rest) = dashed.or_else(|| text.split_at_checked(8))?;
    if !is_of_digits(date) || (dashed.is_none() && date.contains('-')) {
        return None;
    }
    let rest = rest.strip_prefix(['t', ' ']).unwrap_or(rest);
    let end = rest
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(rest.len());
    let fits = matches!(end, 4 | 6) || (end == 2 && dashed.is_some());
    if !fits || rest[end..].starts_with(':') {
        return None;
    }
    let digit_pair = |at: usize| {
        rest.get(at..at + 2)
            .filter(|_| at < end)
            .map_or(Some(0), |pair| number(pair, 2, 2))
    };
    let (hour, minute, second) = (digit_pair(0)?, digit_pair(2)?, digit_pair(4)?);
    if 23 < hour || 59 < minute || 60 < second {
        return Some(None);
    }
    let (fraction, rest) = fraction(&rest[end..]);
    let clock = Clock {
        millis: hour * HOUR + minute * MINUTE + second * SECOND + fraction,
        is_time: true,
        ..Clock::default()
    };
    Some(split_zone(rest, clock).map(|(clock, after)| (clock, format!("{date} {after}"))))
}

/// `:30.25` and what follows; without seconds they are zero.
fn seconds(rest: &str) -> Option<(i64, i64, &str)> {
    let Some(after) = rest.strip_prefix(':') else {
        return Some((0, 0, rest));
    };
    // `10时30分` leaves a colon that parts nothing.
    if !after.starts_with(|character: char| character.is_ascii_digit()) {
        return after
            .trim()
            .is_empty()
            .then_some((0, 0, after))
            .or(match after.starts_with(' ') {
                true => Some((0, 0, after)),
                false => None,
            });
    }
    let (second, rest) = leading_number(after, 1, 2)?;
    if rest.starts_with(':') {
        return None;
    }
    let (fraction, rest) = fraction(rest);
    Some((second, fraction, rest))
}

/// Milliseconds after a point or comma.
fn fraction(rest: &str) -> (i64, &str) {
    let Some(after) = rest.strip_prefix(['.', ',']) else {
        return (0, rest);
    };
    let end = after
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(after.len());
    if end == 0 {
        return (0, rest);
    }
    let mut millis = 0;
    for digit in after[..end].bytes().chain(*b"00").take(3) {
        millis = millis * 10 + i64::from(digit - b'0');
    }
    (millis, &after[end..])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

const HALVES: &[(&str, Half)] = &[
    ("a.m.", Half::Morning),
    ("p.m.", Half::Afternoon),
    ("am", Half::Morning),
    ("pm", Half::Afternoon),
    ("sa", Half::Morning),
    ("ch", Half::Afternoon),
    ("a. m.", Half::Morning),
    ("p. m.", Half::Afternoon),
    ("π.μ.", Half::Morning),
    ("μ.μ.", Half::Afternoon),
    ("πμ", Half::Morning),
    ("μμ", Half::Afternoon),
];

fn half_of_day(rest: &str) -> (Option<Half>, &str) {
    let trimmed = rest.trim_start();
    for (name, half) in HALVES {
        let after = trimmed.strip_prefix(name);
        if let Some(after) = after.filter(|after| !after.starts_with(char::is_alphabetic)) {
            return (Some(*half), after);
        }
    }
    (None, rest)
}

/// In East Asia the half of the day stands before the hour.
fn half_before(before: &str) -> (Option<Half>, &str) {
    let trimmed = before.trim_end();
    match (trimmed.strip_suffix(" am"), trimmed.strip_suffix(" pm")) {
        (Some(rest), _) => (Some(Half::Morning), rest),
        (_, Some(rest)) => (Some(Half::Afternoon), rest),
        (None, None) => (None, before),
    }
}

fn hour_of_day(hour: i64, half: Option<Half>) -> Option<i64> {
    match (half, hour) {
        (None, _) => Some(hour),
        (Some(Half::Morning), 12) => Some(0),
        (Some(Half::Afternoon), 1..=11) => Some(hour + 12),
        (Some(_), 0..=23) => Some(hour),
        (Some(_), _) => None,
    }
}

/// Takes a zone out of `rest`; `None` when something there is a zone that can't be understood.
fn split_zone(rest: &str, clock: Clock) -> Option<(Clock, String)> {
    let mut found = Zone::Unknown;
    let mut left = String::new();
    for word in rest.split_whitespace() {
        let word = word.trim_matches(['(', ')', '[', ']', ',']);
        let name_end = word.find(['+', '-']).unwrap_or(word.len());
        let (name, offset) = word.split_at(name_end);
        let offset_of = |offset| signed_minutes(offset).map(|minutes| Zone::Offset { minutes });
        let zone = match (name, offset) {
            ("", "") => continue,
            // After a time a sign starts an offset; in a date without one it only parts numbers.
            ("", offset) if clock.is_time => Some(offset_of(offset)?),
            ("gmt" | "utc" | "ut" | "z", offset) if 1 < offset.len() => Some(offset_of(offset)?),
            (name, "" | "-") if let Some(minutes) = zone_minutes(name) => Some(Zone::Offset { minutes }),
            // A place such as `Europe/Oslo`.
            (name, _) if clock.is_time && name.contains('/') && name.contains(char::is_alphabetic) => {
                Some(Zone::Place(place(word)?))
            }
            _ => None,
        };
        match zone {
            // The first zone counts; `+0200 (CEST)` says it twice.
            Some(zone) if found == Zone::Unknown => found = zone,
            Some(_) => {}
            None => {
                left.push_str(word);
                left.push(' ');
            }
        }
    }
    Some((Clock { zone: found, ..clock }, left))
}

/// `+0530`, `-08:00`, `+7` in minutes.
fn signed_minutes(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let minutes = match digits.split_once(':') {
        Some((hours, minutes)) => number(hours, 1, 2)? * 60 + number(minutes, 2, 2)?,
        None if digits.len() <= 2 => number(digits, 1, 2)? * 60,
        None => {
            let value = number(digits, 3, 4)?;
            value / 100 * 60 + value % 100
        }
    };
    (minutes <= 15 * 60).then_some(sign * minutes)
}

fn number(text: &str, shortest: usize, longest: usize) -> Option<i64> {
    let fits = (shortest..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn leading_number(text: &str, shortest: usize, longest: usize) -> Option<(i64, &str)> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    Some((number(&text[..end], shortest, longest)?, &text[end..]))
}
