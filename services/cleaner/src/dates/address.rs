//! The day in an address.

use std::str::FromStr as _;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::{Captures, Regex};

use super::months::month;
use super::{Found, is_possible};
use crate::phrases::own_regex;

/// `/2016/02/17/`, `/2016-02-17-title`, `/20160217/`, `/2016/feb/17/`.
static YEAR_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"[/_-](?P<year>(?:19|20)\d{2})(?P<parting>[/_-]?)(?P<month>0[1-9]|1[0-2]|[1-9]|[A-Za-z]{3,9})(?P<again>[/_-]?)(?P<day>0[1-9]|[12]\d|3[01]|[1-9])(?:[/_.-]|t\d|$)",
    )
});
/// `/17-02-2016/`, `-17-02-2016.html`, `/17/02/2016/`: which number is the month must be plain.
static YEAR_LAST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"[/_-](?P<day>0[1-9]|[12]\d|3[01])(?P<parting>[/_.-])(?P<month>0[1-9]|[12]\d|3[01])(?P<again>[/_.-])(?P<year>(?:19|20)\d{2})(?:[/_.?-]|$)",
    )
});

/// The day in the path of an address.
pub(crate) fn in_url(url: &str, now: Option<Timestamp>) -> Option<Found<'_>> {
    [&YEAR_FIRST, &YEAR_LAST].into_iter().find_map(|regex| {
        let all = regex.as_ref()?.captures_iter(url);
        let found = all.filter_map(|captures| of_captures(&captures));
        let mut possible = found.filter(|found| is_possible(found.at, now));
        possible.next()
    })
}

fn of_captures<'a>(captures: &Captures<'a>) -> Option<Found<'a>> {
    let text = |name: &str| captures.name(name).map(|found| found.as_str());
    let number = |name: &str| text(name)?.parse::<i16>().ok();
    let name = text("month")?;
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic());
    if text("parting") != text("again") || is_word && text("parting") == Some("") {
        return None;
    }
    let (mut day, mut month) = (
        i8::try_from(number("day")?).ok()?,
        i8::from_str(name).ok().or_else(|| month(name))?,
    );
    let is_year_last = captures.name("day")?.start() < captures.name("year")?.start();
    if is_year_last && month > 12 {
        (day, month) = (month, day);
    } else if is_year_last && day <= 12 && day != month && text("parting") != Some(".") {
        return None;
    }
    let date = Date::new(number("year")?, month, day).ok()?;
    let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let whole = captures.get(0)?.as_str().trim_matches(['/', '_', '-', '.', '?']);
    Some(Found {
        at,
        text: whole,
        offset: None,
        has_time: false,
    })
}

#[cfg(test)]
mod tests {
    use super::in_url;

    #[test]
    fn days_in_addresses() {
        let check = |url: &str, expected: Option<&str>| {
            let day = in_url(url, None).map(|found| found.at.to_string()[..10].to_owned());
            assert_eq!(day.as_deref(), expected, "{url}");
        };
        check("https://x.org/2016/02/17/a-b", Some("2016-02-17"));
        check("https://x.org/a-20160217", Some("2016-02-17"));
        check("https://x.org/a-2016021799", None);
        check("https://x.org/world/2016/feb/17/a-b", Some("2016-02-17"));
        check("https://x.org/2016/the/17/a-b", None);
        check("https://x.org/a-b-17-02-2016.html", Some("2016-02-17"));
        check("https://x.org/17.02.2016/a", Some("2016-02-17"));
        check("https://x.org/02-17-2016/a", Some("2016-02-17"));
        check("https://x.org/02-03-2016/a", None);
        check("https://x.org/02.03.2016/a", Some("2016-03-02"));
        check("https://x.org/2016/02/a", None);
        check("https://x.org/2099-13-41/2016-02-17/a", Some("2016-02-17"));
    }
}
