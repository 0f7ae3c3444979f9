//! Dates as pages write them, in machine and in human form.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
mod address;
mod human;
mod months;

pub(crate) use address::in_url;

/// Bytes of a text that are looked through for a date.
const MAX_TEXT: usize = 300;

/// Which number comes first where a date is numbers and slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// As in most of the world.
    #[default]
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// A moment read from a text, and the part of the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// The moment; UTC where no zone is given.
    pub(crate) at: Timestamp,
    /// The words that say so.
    pub(crate) text: &'a str,
    /// Minutes east of Greenwich of the clock that it is told by, where a zone is given.
    pub(crate) offset: Option<i16>,
    /// A time of day is given.
    pub(crate) has_time: bool,
}

/// Reads the first date in a text. `now` bounds it: nothing is from the day after tomorrow, or from before newspapers.
pub(crate) fn find(text: &str, now: Option<Timestamp>) -> Option<Found<'_>> {
    find_as(text, Order::default(), now)
}

/// As [`find`], with the order that the page's country writes dates in.
pub(crate) fn find_as(text: &str, order: Order, now: Option<Timestamp>) -> Option<Found<'_>> {
    let text = crate::words::start(text, MAX_TEXT).trim();
    let found = machine(text).or_else(|| human::find(text, order))?;
    is_possible(found.at, now).then_some(found)
}

/// As [`find_as`], in a line that is not running text: years of two digits count, too.
pub(crate) fn find_in_line(line: &str, order: Order, now: Option<Timestamp>) -> Option<Found<'_>> {
    line.chars().filter(|character| character.is_numeric()).nth(2)?;
    let possible = |found: &Found| is_possible(found.at, now);
    find_as(line, order, now).or_else(|| human::find_short(crate::words::start(line, MAX_TEXT), order).filter(possible))
}

/// Whether an article may be from this time. Zero dates of databases and clocks are no dates.
pub(crate) fn is_possible(at: Timestamp, now: Option<Timestamp>) -> bool {
    let year = at.to_zoned(TimeZone::UTC).year();
    let is_unset = at.as_second().abs() < 86_400 * 2;
    let is_future = now.is_some_and(|now| at.as_second() > now.as_second() + 2 * 86_400);
    (1800..=2200).contains(&year) && !is_unset && !is_future
}

/// RFC 3339, ISO 8601, RFC 2822, seconds and milliseconds of the epoch.
fn machine(text: &str) -> Option<Found<'_>> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    if text.len() < 8 || !text.is_ascii() {
        return None;
    }
    let found = |at, offset| Found {
        at,
        text,
        offset,
        has_time: text.contains(':') || text.len() >= 10 && !text.contains('-'),
    };
    if let Ok(at) = PARSER.parse_timestamp(text) {
        return Some(found(at, Some(offset_of(text))));
    }
    if let Some(at) = epoch(text) {
        return Some(found(at, Some(0)));
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        let offset = i16::try_from(zoned.offset().seconds() / 60).ok();
        return Some(found(Zoned::timestamp(&zoned), offset));
    }
    if text.starts_with(|character: char| character.is_ascii_digit())
        && let Ok(civil) = PARSER.parse_datetime(text)
    {
        let at = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
        return Some(found(at, None));
    }
    None
}

/// Minutes of the offset that ends an RFC 3339 time.
fn offset_of(text: &str) -> i16 {
    let Some(at) = text.rfind(['+', '-']).filter(|at| *at > 10) else {
        return 0;
    };
    let digits: String = text.chars().skip(at + 1).filter(char::is_ascii_digit).take(4).collect();
    let number: i16 = digits.parse().unwrap_or(0);
    let minutes = if digits.len() <= 2 {
        number * 60
    } else {
        number / 100 * 60 + number % 100
    };
    if text.get(at..).is_some_and(|rest| rest.starts_with('-')) {
        -minutes
    } else {
        minutes
    }
}

fn epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, find, find_as, find_in_line};

    fn check(text: &str, expected: &str) {
        let found = find(text, None).map(|found| found.at.to_string());
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn machine_forms() {
        check("2016-02-17T10:11:12+07:00", "2016-02-17T03:11:12Z");
        check("2016-02-17", "2016-02-17T00:00:00Z");
        check("Wed, 17 Feb 2016 10:11:12 GMT", "2016-02-17T10:11:12Z");
        check("1455703872", "2016-02-17T10:11:12Z");
        check("2016-02-17 10:11:12", "2016-02-17T10:11:12Z");
    }

    #[test]
    fn human_forms() {
        check("Posted on February 17th, 2016 at 3:05 pm", "2016-02-17T15:05:00Z");
        check("Rabu, 17 Februari 2016 10:11 WIB", "2016-02-17T03:11:00Z");
        check("17 tháng 2, 2016", "2016-02-17T00:00:00Z");
        check("17 de febrero de 2016", "2016-02-17T00:00:00Z");
        check("2016年2月17日 10:11", "2016-02-17T10:11:00Z");
        check("17.02.2016, 10:11 Uhr", "2016-02-17T10:11:00Z");
        check("17 февраля 2016", "2016-02-17T00:00:00Z");
        check("17 กุมภาพันธ์ 2559", "2016-02-17T00:00:00Z");
        check("2016. február 17. 10:11", "2016-02-17T10:11:00Z");
        check("١٧ فبراير ٢٠١٦", "2016-02-17T00:00:00Z");
        check("१७ फरवरी २०१६", "2016-02-17T00:00:00Z");
        check("02/17/2016 7:38:01 PM", "2016-02-17T19:38:01Z");
        check("Wed Feb 17 2016 10:11:12 GMT+0100 (CET)", "2016-02-17T09:11:12Z");
    }

    #[test]
    fn a_zone_is_told() {
        let offset = |text: &str| find(text, None).and_then(|found| found.offset);
        for (text, expected) in [
            ("2016-02-17T10:11:12+05:30", Some(330)),
            ("2016-02-17T10:11:12-0700", Some(-420)),
            ("2016-02-17T10:11:12Z", Some(0)),
            ("2016-02-17T10:11:12", None),
            ("Wed, 17 Feb 2016 10:11:12 +0900", Some(540)),
            ("17 February 2016, 10:11 CET", Some(60)),
            ("17 February 2016", None),
        ] {
            assert_eq!(offset(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_in_the_order_of_the_country() {
        let day = |found: Option<super::Found>| found.map(|found| found.at.to_string()[..10].to_owned());
        let check = |text: &str, order: Order, expected: Option<&str>| {
            assert_eq!(day(find_in_line(text, order, None)).as_deref(), expected, "{text}");
        };
        check("03/09/2016", Order::DayFirst, Some("2016-09-03"));
        check("03/09/2016", Order::MonthFirst, Some("2016-03-09"));
        check("17/02/2016", Order::MonthFirst, Some("2016-02-17"));
        check("03.09.2016", Order::MonthFirst, Some("2016-09-03"));
        check("Sport, 8.5.12", Order::DayFirst, Some("2012-05-08"));
        check("Updated on 09/11/25", Order::MonthFirst, Some("2025-09-11"));
        check("version 8.5.12.1", Order::DayFirst, None);
        check("it rose 8.5 to 12", Order::DayFirst, None);
        assert_eq!(find_as("8.5.12", Order::DayFirst, None), None);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "1970-01-01T00:00:00Z",
            "0001-01-01",
            "31 February 2016",
            "2016-13-41",
            "99 problems in 2016",
            "",
        ] {
            check(text, "none");
        }
        let now = "2016-02-17T00:00:00Z".parse().ok();
        assert_eq!(find("2099-01-01", now), None);
    }
}
