//! News agencies by the names that datelines and credits give them (`agencies.tsv`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::phrases::own_regex;
use crate::words;

/// The agency named in a dateline: in brackets, before the date, or by itself.
pub(super) fn agency_in(printed: &str) -> Option<&'static str> {
    let pieces = printed
        .split([
            '(', ')', ',', '/', '[', ']', '【', '】', '（', '）', '［', '］', '|', '=', '＝',
        ])
        .map(str::trim);
    let whole = pieces.chain([printed]).find_map(agency_spelled);
    // Chinese and Japanese datelines have no blanks: the agency opens the line or stands in it. Two characters may be
    // a word as well, but not at the end of a bracket.
    let bare = printed.trim_end_matches(|character: char| !character.is_alphanumeric());
    whole.or_else(|| {
        let stands = |spelling: &str, length| match length {
            2 => bare.ends_with(spelling),
            _ => length >= 3 && printed.contains(spelling),
        };
        let mut ideographic = NAMES.ideographic.iter();
        ideographic
            .find(|(_, spelling, length)| stands(spelling, *length))
            .map(|(name, ..)| *name)
    })
}

/// The usual name of the agency that a line names and nothing else, as a dateline or a credit does.
pub(crate) fn agency_named(text: &str) -> Option<&'static str> {
    static CREDIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        own_regex(
            r"(?i)^(?:(?:©|\(c\)|copyright|source|quelle|fuente|fonte|sumber|nguồn|theo|źródło|kaynak|источник|джерело|المصدر|स्रोत|ที่มา|출처|出典|来源|來源|(?:with )?inputs from|via|con información de)[\s:：©]*)+(?:\d{4})?[\s,]*(?:by\s+)?(?P<name>[^.]{2,40}?)(?:[\s,]+\d{4})?(?:\.|\.\s.{0,60})?$",
        )
    });
    if text.len() > 200 {
        return None;
    }
    agency_spelled(text).or_else(|| {
        let credit = CREDIT.as_ref()?.captures(text.trim())?;
        agency_spelled(credit.name("name")?.as_str())
    })
}

fn agency_spelled(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(|character: char| !character.is_alphanumeric());
    NAMES.by_spelling.get(text).copied()
}

/// The table, as it is looked up: every line of every text asks.
#[derive(Default)]
struct Names {
    /// Usual names by spelling; the first in the table where two share one.
    by_spelling: BTreeMap<&'static str, &'static str>,
    /// Usual name, spelling and its length in characters, of the spellings in Chinese characters.
    ideographic: Vec<(&'static str, &'static str, usize)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::default();
    for (name, spelling) in table() {
        names.by_spelling.entry(spelling).or_insert(name);
        if spelling.chars().all(words::is_ideographic) {
            names.ideographic.push((name, spelling, spelling.chars().count()));
        }
    }
    names
});

/// Names and spellings.
fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../agencies.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| {
            let (name, spellings) = line.split_once('\t').unwrap_or((line, line));
            spellings.split('|').map(move |spelling| (name, spelling))
        })
}
