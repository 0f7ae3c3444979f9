//! Dates as people write them: numbers in three orders, names of months in many languages, and a time behind them.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use regex::{Captures, Regex};

use super::months::month;
use super::{Found, Order};
use crate::phrases::own_regex;

const TIME: &str = r"(?:[\s,T–—|·@-]{0,4}(?:at|um|às|à|a las|alle|kl\.?|pukul|lúc|klo|o|в|saat)?[\s,]{0,2}(?P<hour>\d{1,2})[:.h時时시](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?\s?(?P<half>(?i:[ap]\.?m\b))?\s?(?P<zone>Z\b|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|UTC|GMT|WIB|JST|KST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|IST|BST|MSK)?)?";
/// A year of our time, in the digits of several scripts.
const YEAR: &str = r"(?P<year>[12١٢۱۲१२১২][09٠٩۰۹०९০৯]\d{2})";

fn pattern(date: &str) -> Option<Regex> {
    own_regex(&format!("{}{TIME}", date.replace("YEAR", YEAR)))
}

static YEAR_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:^|[^\d])YEAR\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})(?:日|일)?")
});
static YEAR_LAST: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?:^|[^\d])(?P<day>\d{1,2})\s?(?P<parting>[-/.])\s?(?P<month>\d{1,2})\s?[-/.]\s?YEAR"));
static DAY_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // Thai papers count from the death of the Buddha: their years start with 25.
    let year = YEAR.replace("[12", "[2๒][5๕]\\d{2}|[12");
    own_regex(&format!(
        r"(?:^|[^\d])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?,?[\s.-]+(?:de\s+|of\s+|tháng\s+)?(?P<name>[\p{{L}}\p{{M}}]{{2,14}}|\d{{1,2}})\.?,?[\s.,-]+(?:de\s+|del\s+|năm\s+)?{year}г?{TIME}"
    ))
});
static NAME_DAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?P<name>[\p{L}\p{M}]{3,14})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+YEAR"));
static YEAR_NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?:^|[^\d])YEAR\.?,?\s+(?P<name>[\p{L}\p{M}]{3,14})\.?\s+(?P<day>\d{1,2})\b\.?"));
static SHORT_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?:^|[\s,(|•·–—])(?P<day>\d{1,2})(?P<parting>[./])\s?(?P<month>\d{1,2})(?P<again>[./])\s?(?P<year>\d{2})(?:[\s,;:)|•·–—]|\.?$)",
    )
});

/// The first date in a text.
pub(super) fn find(text: &str, order: Order) -> Option<Found<'_>> {
    [&YEAR_FIRST, &YEAR_LAST, &DAY_NAME, &NAME_DAY, &YEAR_NAME]
        .into_iter()
        .find_map(|regex| by(regex, text, order))
}

/// A date whose year has two digits; in running text that is more often something else.
pub(super) fn find_short(text: &str, order: Order) -> Option<Found<'_>> {
    by(&SHORT_YEAR, text, order)
}

fn by<'a>(regex: &LazyLock<Option<Regex>>, text: &'a str, order: Order) -> Option<Found<'a>> {
    // A word before a number need not be a month: the next match may be.
    regex.as_ref()?.captures_iter(text).take(4).find_map(|captures| {
        let mark = |name: &str| captures.name(name).map(|mark| mark.as_str());
        if mark("again").is_some_and(|again| mark("parting") != Some(again)) {
            return None;
        }
        let (at, offset) = moment(&captures, order)?;
        let whole = captures.get(0)?.as_str();
        Some(Found {
            at,
            text: whole.trim_matches(|character: char| !character.is_alphanumeric()),
            offset,
            has_time: captures.name("hour").is_some(),
        })
    })
}

fn moment(captures: &Captures<'_>, order: Order) -> Option<(Timestamp, Option<i16>)> {
    let number = |name: &str| captures.name(name).and_then(|found| value(found.as_str()));
    let narrow = |name: &str| number(name).and_then(|number| i8::try_from(number).ok());
    let (mut month, mut day) = match captures.name("name") {
        Some(name) => (month(name.as_str())?, narrow("day")?),
        None => (narrow("month")?, narrow("day")?),
    };
    let is_slashed = captures.name("parting").is_some_and(|parting| parting.as_str() != ".");
    if month > 12 && day <= 12 || order == Order::MonthFirst && is_slashed && day <= 12 {
        (month, day) = (day, month);
    }
    let year = number("year").map(|year| match year {
        0..=99 => year + 2000,
        2400.. => year - 543,
        _ => year,
    })?;
    let date = Date::new(year, month, day).ok()?;
    let time = time(captures, narrow).unwrap_or_else(Time::midnight);
    let zone = captures.name("zone").map(|zone| offset_minutes(zone.as_str()));
    let offset = Offset::from_seconds(i32::from(zone.unwrap_or(0)) * 60).ok()?;
    let at = offset.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some((at, zone))
}

/// The number that digits of any script stand for; at most four of them.
fn value(digits: &str) -> Option<i16> {
    /// The zeros of Latin, Arabic, Persian, Devanagari, Bengali and Thai.
    const ZEROS: [u32; 6] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
    digits.chars().try_fold(0_i16, |number, digit| {
        let digit = ZEROS
            .iter()
            .filter_map(|zero| u32::from(digit).checked_sub(*zero))
            .find(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(i16::try_from(digit).ok()?)
    })
}

fn time(captures: &Captures<'_>, narrow: impl Fn(&str) -> Option<i8>) -> Option<Time> {
    let mut hour = narrow("hour")?;
    if let Some(half) = captures.name("half") {
        hour = hour % 12 + if half.as_str().starts_with(['p', 'P']) { 12 } else { 0 };
    }
    Time::new(hour, narrow("minute")?, narrow("second").unwrap_or(0), 0).ok()
}

/// Minutes east of Greenwich that a zone stands for. Letters stand for what newsrooms mean by them.
fn offset_minutes(zone: &str) -> i16 {
    match zone {
        "WIB" => 7 * 60,
        "JST" | "KST" => 9 * 60,
        "IST" => 5 * 60 + 30,
        "MSK" => 3 * 60,
        "CET" | "BST" => 60,
        "CEST" => 2 * 60,
        "EST" | "CDT" => -5 * 60,
        "EDT" => -4 * 60,
        "CST" | "MDT" => -6 * 60,
        "MST" | "PDT" => -7 * 60,
        "PST" => -8 * 60,
        _ => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let sign = if zone.contains('-') { -1 } else { 1 };
            let number: i16 = digits.parse().unwrap_or(0);
            sign * (number / 100 * 60 + number % 100)
        }
    }
}
