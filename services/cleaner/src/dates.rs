//! Dates as pages write them, in machine and in human form.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use regex::{Captures, Regex};

use crate::phrases::own_regex;

/// Bytes of a text that are looked through for a date.
const MAX_TEXT: usize = 300;

/// A moment read from a text, and the part of the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// The moment; UTC where no zone is given.
    pub(crate) at: Timestamp,
    /// The words that say so.
    pub(crate) text: &'a str,
}

/// Reads the first date in a text. `now` bounds it: nothing is from the day after tomorrow, or from before newspapers.
pub(crate) fn find(text: &str, now: Option<Timestamp>) -> Option<Found<'_>> {
    let text = crate::words::start(text, MAX_TEXT).trim();
    let found = machine(text).map(|at| Found { at, text }).or_else(|| human(text))?;
    is_possible(found.at, now).then_some(found)
}

/// Whether an article may be from this time. Zero dates of databases and clocks are no dates.
pub(crate) fn is_possible(at: Timestamp, now: Option<Timestamp>) -> bool {
    let year = at.to_zoned(TimeZone::UTC).year();
    let is_unset = at.as_second().abs() < 86_400 * 2;
    let is_future = now.is_some_and(|now| at.as_second() > now.as_second() + 2 * 86_400);
    (1800..=2200).contains(&year) && !is_unset && !is_future
}

/// RFC 3339, ISO 8601, RFC 2822, seconds and milliseconds of the epoch.
fn machine(text: &str) -> Option<Timestamp> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    if text.len() < 8 || !text.is_ascii() {
        return None;
    }
    if let Ok(at) = PARSER.parse_timestamp(text) {
        return Some(at);
    }
    if let Some(at) = epoch(text) {
        return Some(at);
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        return Some(Zoned::timestamp(&zoned));
    }
    if text.starts_with(|character: char| character.is_ascii_digit())
        && let Ok(civil) = PARSER.parse_datetime(text)
    {
        return civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    None
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

const TIME: &str = r"(?:[\s,T–—|·@-]{0,4}(?:at|um|às|à|a las|alle|kl\.?|pukul|lúc|klo|o|в|saat)?[\s,]{0,2}(?P<hour>\d{1,2})[:.h時时시](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?\s?(?P<half>[ap]\.?m\b)?\s?(?P<zone>Z\b|UTC|GMT|[+-]\d{2}:?\d{2}|WIB|JST|KST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|IST|BST|MSK)?)?";

static YEAR_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(&format!(
        r"(?:^|[^\d])(?P<year>(?:19|20)\d{{2}})\s?[-/.年년]\s?(?P<month>\d{{1,2}})\s?[-/.月월]\s?(?P<day>\d{{1,2}})(?:日|일)?{TIME}"
    ))
});
static DAY_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(&format!(
        r"(?:^|[^\d])(?P<day>\d{{1,2}})\s?[-/.]\s?(?P<month>\d{{1,2}})\s?[-/.]\s?(?P<year>(?:19|20)\d{{2}}){TIME}"
    ))
});
static DAY_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(&format!(
        r"(?:^|[^\d])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?,?[\s.-]+(?:de\s+|of\s+|tháng\s+)?(?P<name>[\p{{L}}\p{{M}}]{{2,14}}|\d{{1,2}})\.?,?[\s.,-]+(?:de\s+|del\s+|năm\s+)?(?P<year>(?:19|20|25)\d{{2}})г?{TIME}"
    ))
});
static NAME_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(&format!(
        r"(?P<name>[\p{{L}}\p{{M}}]{{3,14}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}}){TIME}"
    ))
});

/// Month names and their abbreviations, a line a month, in the languages of the larger news markets.
const MONTHS: [&str; 12] = [
    "january jan januari januar enero ene janvier janv gennaio gen janeiro tammikuuta styczeń stycznia leden ledna ianuarie január ιανουαρίου ocak января январь янв січня януари يناير जनवरी জানুয়ারি มกราคม siječnja jaanuar",
    "february feb februari februar febrero février fevr févr febbraio febb fevereiro fev helmikuuta luty lutego únor února februarie február φεβρουαρίου şubat февраля февраль фев лютого февруари فبراير फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ veljače veebruar",
    "march mar maret maart märz mär marzo mars março maaliskuuta marzec marca březen března martie március μαρτίου mart марта март мар березня مارس मार्च মার্চ มีนาคม ožujka märts",
    "april apr avril aprile abril abr avr huhtikuuta kwiecień kwietnia duben dubna aprilie április apríl απριλίου nisan апреля апрель апр квітня април أبريل ابريل अप्रैल এপ্রিল เมษายน travnja",
    "may mei mai mayo maggio mag maio maj toukokuuta maja květen května máj május μαΐου mayıs мая май травня مايو मई মে พฤษภาคม svibnja",
    "june jun juni junio juin giugno giu junho kesäkuuta czerwiec czerwca červen června iunie június jún ιουνίου haziran июня июнь июн червня юни يونيو जून জুন มิถุนายน lipnja",
    "july jul juli julio juillet juil luglio lug julho heinäkuuta lipiec lipca červenec července iulie július júl ιουλίου temmuz июля июль июл липня юли يوليو जुलाई জুলাই กรกฎาคม srpnja",
    "august aug agustus augustus agosto ago août aout elokuuta sierpień sierpnia srpen srpna augusztus αυγούστου ağustos августа август авг серпня أغسطس अगस्त আগস্ট สิงหาคม kolovoza agt",
    "september sep sept septiembre septembre settembre set setembro syyskuuta wrzesień września září septembrie szeptember σεπτεμβρίου eylül сентября сентябрь сен вересня септември سبتمبر सितंबर सितम्बर সেপ্টেম্বর กันยายน rujna",
    "october oct oktober okt octubre octobre ottobre ott outubro out lokakuuta październik października říjen října octombrie október οκτωβρίου ekim октября октябрь окт жовтня октомври أكتوبر अक्टूबर অক্টোবর ตุลาคม",
    "november nov noviembre novembre novembro marraskuuta listopad listopadu noiembrie νοεμβρίου kasım ноября ноябрь ноя листопада ноември نوفمبر नवंबर नवम्बर নভেম্বর พฤศจิกายน listopada studenoga nop",
    "december dec desember dezember dez diciembre dic décembre déc dicembre dezembro joulukuuta grudzień grudnia prosinec prosince decembrie december δεκεμβρίου aralık декабря декабрь дек грудня декември ديسمبر दिसंबर दिसम्बर ডিসেম্বর ธันวาคม prosinca des",
];

/// The month that a word names, 1 to 12.
pub(crate) fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.chars().all(|character| character.is_ascii_digit()) {
        return word.parse().ok().filter(|month| (1..=12).contains(month));
    }
    MONTHS
        .iter()
        .zip(1..)
        .find(|(names, _)| names.split(' ').any(|name| name == word))
        .map(|(_, month)| month)
}

fn human(text: &str) -> Option<Found<'_>> {
    [&YEAR_FIRST, &DAY_FIRST, &DAY_NAME, &NAME_DAY]
        .into_iter()
        .find_map(|regex| {
            // A word before a number need not be a month: the next match may be.
            regex.as_ref()?.captures_iter(text).take(4).find_map(|captures| {
                let at = moment(&captures)?;
                let whole = captures.get(0)?;
                let text = text.get(whole.start()..whole.end())?;
                Some(Found {
                    at,
                    text: text.trim_matches(|character: char| !character.is_alphanumeric()),
                })
            })
        })
}

fn moment(captures: &Captures<'_>) -> Option<Timestamp> {
    let number = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<i16>().ok());
    let narrow = |name: &str| number(name).and_then(|number| i8::try_from(number).ok());
    let (mut month, mut day) = match captures.name("name") {
        Some(name) => (month(name.as_str())?, narrow("day")?),
        None => (narrow("month")?, narrow("day")?),
    };
    if month > 12 && day <= 12 {
        (month, day) = (day, month);
    }
    // Thai papers count from the death of the Buddha.
    let year = number("year").map(|year| if year >= 2400 { year - 543 } else { year })?;
    let date = Date::new(year, month, day).ok()?;
    let time = time(captures, narrow).unwrap_or_else(Time::midnight);
    let zone = captures.name("zone").map_or(0, |zone| offset_minutes(zone.as_str()));
    let offset = Offset::from_seconds(zone * 60).ok()?;
    offset.to_timestamp(DateTime::from_parts(date, time)).ok()
}

fn time(captures: &Captures<'_>, narrow: impl Fn(&str) -> Option<i8>) -> Option<Time> {
    let mut hour = narrow("hour")?;
    if let Some(half) = captures.name("half") {
        hour = hour % 12 + if half.as_str().starts_with('p') { 12 } else { 0 };
    }
    Time::new(hour, narrow("minute")?, narrow("second").unwrap_or(0), 0).ok()
}

/// Minutes east of Greenwich that a zone stands for. Letters stand for what newsrooms mean by them.
fn offset_minutes(zone: &str) -> i32 {
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
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let number: i32 = digits.parse().unwrap_or(0);
            sign * (number / 100 * 60 + number % 100)
        }
    }
}

/// The day in the path of an address, as in `/2016/02/17/`, `/2016-02-17-title` or `/20160217/`.
pub(crate) fn in_url(url: &str, now: Option<Timestamp>) -> Option<Found<'_>> {
    static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        own_regex(
            r"[/_-](?P<year>(?:19|20)\d{2})(?P<parting>[/_-]?)(?P<month>0[1-9]|1[0-2]|[1-9])(?P<second>[/_-]?)(?P<day>0[1-9]|[12]\d|3[01]|[1-9])(?:[/_.-]|t\d|$)",
        )
    });
    let captures = PATH.as_ref()?.captures_iter(url).find(|captures| {
        captures.name("parting").map(|found| found.as_str()) == captures.name("second").map(|found| found.as_str())
    })?;
    let number = |name: &str| captures.name(name)?.as_str().parse::<i16>().ok();
    let day = Date::new(
        number("year")?,
        i8::try_from(number("month")?).ok()?,
        i8::try_from(number("day")?).ok()?,
    )
    .ok()?;
    let at = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let whole = captures.get(0)?.as_str().trim_matches(['/', '_', '-', '.']);
    is_possible(at, now).then_some(Found { at, text: whole })
}

#[cfg(test)]
mod tests {
    use super::{find, in_url};

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

    #[test]
    fn days_in_addresses() {
        let day = |url| in_url(url, None).map(|found| found.at.to_string());
        assert_eq!(
            day("https://x.org/2016/02/17/a-b").as_deref(),
            Some("2016-02-17T00:00:00Z")
        );
        assert_eq!(day("https://x.org/a-20160217").as_deref(), Some("2016-02-17T00:00:00Z"));
        assert_eq!(day("https://x.org/a-2016021799"), None);
    }
}
