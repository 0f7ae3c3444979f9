//! The opening of wire copy: place, date and agency before the first dash, as in `TOKYO (AP) — `.
//!
//! The words stay in the story; here they are only read. An unknown abbreviation before a dash names no agency.

use std::sync::LazyLock;

use jiff::Timestamp as Moment;
use regex::Regex;

use crate::dates;
use crate::phrases::own_regex;
use crate::words;

/// Characters of a first paragraph that a dateline can take up.
const MAX_DATELINE: usize = 110;

/// What the opening of a story says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Opening<'a> {
    /// The agency's usual name.
    pub(crate) agency: Option<&'static str>,
    /// The whole dateline as printed, its dash left out.
    pub(crate) dateline: Option<&'a str>,
    /// The day in it, when it has a year.
    pub(crate) date: Option<(Moment, &'a str)>,
}

static DASHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(r"^[^.!?:;“”]{1,110}?(?:\s+[–—―-]{1,2}\s+|\s*[–—―]{1,2}\s*|\)\s*[-–—]{1,2}\s*|\)\s*[.:]\s+|\s--\s*)")
});
static BRACKETED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"^(?:【[^】]{1,40}】|\[[^\]]{1,40}\]|\([^)]{1,40}\)|（[^）]{1,40}）|\p{L}{1,20}（[^）]{1,20}）|\p{Han}{2,6}社\p{L}{0,10}\d{1,2}月\d{1,2}日电)",
    )
});

/// Reads the opening of a story out of its first paragraphs.
pub(crate) fn opening<'a>(paragraphs: impl Iterator<Item = &'a str>, now: Option<Moment>) -> Opening<'a> {
    // A dek or a heading may stand before the paragraph with the dateline.
    paragraphs
        .take(3)
        .map(|paragraph| read(paragraph, now))
        .find(|opening| *opening != Opening::default())
        .unwrap_or_default()
}

fn read(paragraph: &str, now: Option<Moment>) -> Opening<'_> {
    let head = words::start(paragraph, 4 * MAX_DATELINE);
    let Some(prefix) = prefix(head) else {
        return Opening::default();
    };
    let printed = prefix.trim_end_matches([' ', '-', '–', '—', '―', ':', '.']).trim();
    let agency = agency_in(printed);
    let date = dates::find(printed, now).map(|found| (found.at, found.text));
    if agency.is_none() && date.is_none() && !is_place(printed) {
        return Opening::default();
    }
    Opening {
        agency,
        dateline: Some(printed),
        date,
    }
}

fn prefix(head: &str) -> Option<&str> {
    let bracketed = BRACKETED.as_ref().and_then(|regex| regex.find(head));
    let dashed = DASHED.as_ref().and_then(|regex| regex.find(head));
    let found = dashed.or(bracketed)?;
    Some(found.as_str()).filter(|found| found.chars().count() <= MAX_DATELINE)
}

/// The agency named in a dateline: in brackets, before the date, or by itself.
fn agency_in(printed: &str) -> Option<&'static str> {
    let pieces = printed
        .split(['(', ')', ',', '/', '[', ']', '【', '】', '（', '）', '|'])
        .map(str::trim);
    let whole = pieces.chain([printed]).find_map(agency_named);
    // Chinese and Japanese datelines have no blanks: the agency opens the line or stands in it.
    whole.or_else(|| {
        table()
            .find(|(_, spelling)| {
                spelling.chars().all(words::is_ideographic)
                    && spelling.chars().count() >= 2
                    && printed.contains(spelling)
            })
            .map(|(name, _)| name)
    })
}

/// The usual name of the agency that is spelled so.
pub(crate) fn agency_named(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(|character: char| !character.is_alphanumeric());
    table().find(|(_, spelling)| *spelling == text).map(|(name, _)| name)
}

/// Names and spellings.
fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("agencies.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| {
            let (name, spellings) = line.split_once('\t').unwrap_or((line, line));
            spellings.split('|').map(move |spelling| (name, spelling))
        })
}

/// Whether a prefix is a place as newspapers set it: capitals throughout, few words.
fn is_place(printed: &str) -> bool {
    let place = printed.split([',', '(']).next().unwrap_or_default().trim();
    let letters = place.chars().filter(|character| character.is_alphabetic()).count();
    let is_capital = place.chars().all(|character| !character.is_lowercase()) && place.chars().any(char::is_uppercase);
    // Four letters or fewer may be the abbreviation of a paper or a party.
    is_capital && letters >= 5 && place.split_whitespace().count() <= 4
}

#[cfg(test)]
mod tests {
    use super::opening;

    fn check(paragraph: &str, agency: Option<&str>, dateline: Option<&str>, day: Option<&str>) {
        let found = opening([paragraph].into_iter(), None);
        assert_eq!(found.agency, agency, "{paragraph}");
        assert_eq!(found.dateline, dateline, "{paragraph}");
        let found_day = found
            .date
            .map(|(at, _)| at.to_string().chars().take(10).collect::<String>());
        assert_eq!(found_day.as_deref(), day, "{paragraph}");
    }

    #[test]
    fn datelines_of_wire_copy() {
        check(
            "OSLO (AP) — The ferry left at dawn.",
            Some("AP"),
            Some("OSLO (AP)"),
            None,
        );
        check(
            "HANOI, Feb 17 (Reuters) - The ferry left.",
            Some("Reuters"),
            Some("HANOI, Feb 17 (Reuters)"),
            None,
        );
        check(
            "Vietnam News Agency, 3 March 2016 – The ferry left.",
            Some("Vietnam News Agency"),
            Some("Vietnam News Agency, 3 March 2016"),
            Some("2016-03-03"),
        );
        check("(Reuters) - The ferry left.", Some("Reuters"), Some("(Reuters)"), None);
        check(
            "【ロイター】フェリーが出た。",
            Some("Reuters"),
            Some("【ロイター】"),
            None,
        );
        check("JAKARTA – The ferry left.", None, Some("JAKARTA"), None);
    }

    #[test]
    fn dashes_within_sentences_are_no_datelines() {
        check("XYZN - \"We will sail,\" the captain said.", None, None, None);
        check("The ferry – the oldest of the fleet – left at dawn.", None, None, None);
        check("The ferry left.", None, None, None);
    }
}
