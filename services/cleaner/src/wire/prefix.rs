//! Where the prefix of wire copy ends: behind a dash, a bracket, or the stop after an agency.
//!
//! Read by hand, because as regular expressions these take longer to compile than a hundred pages to clean, and hold
//! megabytes while they search.

use super::agencies::{agency_in, agency_named};
use crate::words::is_ideographic;

/// Pieces before a dash: characters, or abbreviations with their stops.
const MAX_PIECES: usize = 110;

/// Words in short whose stop ends no sentence: months and states.
const SHORT: &[&str] = &[
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ene", "abr", "ago", "dic",
    "gen", "genn", "feb", "febb", "febbr", "giu", "lug", "set", "sett", "ott", "dez", "out", "janv", "févr", "juil",
    "déc", "янв", "фев", "февр", "апр", "авг", "сен", "сент", "окт", "ноя", "нояб", "дек", "ala", "ariz", "ark",
    "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "mass", "md", "mich", "minn", "miss",
    "mo", "mont", "neb", "nev", "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo", "st", "ft", "mt",
];

/// What is left of a text that is read from the left.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Moves behind the characters of a kind, at most this many; says how many there were.
    fn skip(&mut self, most: usize, is_kind: impl Fn(char) -> bool) -> usize {
        let mut characters = self.0.chars();
        let mut count = 0;
        while count < most && characters.clone().next().is_some_and(&is_kind) {
            characters.next();
            count += 1;
        }
        self.0 = characters.as_str();
        count
    }

    fn skip_blanks(&mut self) -> usize {
        self.skip(usize::MAX, char::is_whitespace)
    }

    /// Moves behind as many characters of a kind as must be there.
    fn takes(&mut self, least: usize, most: usize, is_kind: impl Fn(char) -> bool) -> Option<()> {
        (least <= self.skip(most, is_kind)).then_some(())
    }

    /// Moves behind a bracket's content and its end: some characters that are none of `others`, and one of `ends`.
    fn bracketed(&mut self, (least, most): (usize, usize), others: &[char], ends: &[char]) -> Option<&'a str> {
        let inner = self.0;
        self.takes(least, most, |character| !others.contains(&character))?;
        let inner = inner.get(..inner.len() - self.0.len())?;
        self.takes(1, 1, |character| ends.contains(&character))?;
        Some(inner)
    }
}

fn is_long_dash(character: char) -> bool {
    matches!(character, '–' | '—' | '―')
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '–' | '—')
}

/// Where a prefix ends that a dash, or a mark like one, closes: the first in the first sentence.
pub(super) fn end_of_dashed(head: &str) -> Option<usize> {
    let mut pieces = 0;
    for (at, character) in head.char_indices() {
        let rest = head.get(at..)?;
        if pieces > 0
            && let Some(behind) = behind_mark(rest, character)
        {
            return Some(head.len() - behind.len());
        }
        pieces += 1;
        match character {
            '!' | '?' | ':' | ';' | '“' | '”' => return None,
            '.' => pieces -= length_of_short(head.get(..at)?)?,
            _ => {}
        }
        if pieces > MAX_PIECES {
            return None;
        }
    }
    None
}

/// What follows the mark that `rest` starts with, if it closes a prefix.
fn behind_mark(rest: &str, first: char) -> Option<&str> {
    match first {
        ')' => behind_bracket(&rest[1..]),
        '/' => {
            let mut rest = Rest(&rest[1..]);
            rest.skip_blanks();
            rest.takes(1, usize::MAX, |character| character == '.' || is_dash(character))?;
            (rest.skip_blanks() > 0).then_some(rest.0)
        }
        '–' | '—' | '―' => Some(behind_long_dash(rest)),
        blank if blank.is_whitespace() => behind_blank(rest),
        _ => None,
    }
}

/// Behind `) -`, `).-` and the like, or `).` and `):` with a blank.
fn behind_bracket(rest: &str) -> Option<&str> {
    let mut dashed = Rest(rest);
    dashed.skip_blanks();
    let mut stopped = dashed;
    dashed.skip(1, |character| character == '.');
    dashed.skip_blanks();
    if dashed.skip(2, is_dash) > 0 {
        dashed.skip_blanks();
        return Some(dashed.0);
    }
    stopped.takes(1, 1, |character| matches!(character, '.' | ':'))?;
    (stopped.skip_blanks() > 0).then_some(stopped.0)
}

fn behind_long_dash(rest: &str) -> &str {
    let mut rest = Rest(rest);
    rest.skip(2, is_long_dash);
    rest.skip_blanks();
    rest.0
}

/// Behind dashes with a blank before them: a short one needs one behind it, too, or a second one.
fn behind_blank(rest: &str) -> Option<&str> {
    let mut after = Rest(rest);
    let blanks = after.skip_blanks();
    let dashes = after.0;
    if after.skip(2, |character| character == '-' || is_long_dash(character)) > 0 && after.skip_blanks() > 0 {
        return Some(after.0);
    }
    if dashes.starts_with(is_long_dash) {
        return Some(behind_long_dash(dashes));
    }
    let mut double = Rest(dashes.strip_prefix("--").filter(|_| blanks == 1)?);
    double.skip_blanks();
    Some(double.0)
}

/// The characters of the abbreviation whose stop follows: an initial, a number of up to four digits, or a word in short.
fn length_of_short(before: &str) -> Option<usize> {
    let digits = before.chars().rev().take(4).take_while(|digit| digit.is_numeric());
    let digits = digits.count();
    let start = before.trim_end_matches(|character: char| character.is_alphanumeric() || character == '_');
    let word = before.get(start.len()..)?;
    let length = word.chars().count();
    let is_initial = length == 1 && word.starts_with(char::is_uppercase);
    let is_short = length <= 5 && SHORT.contains(&word.to_lowercase().as_str());
    let length = if is_initial || is_short { length } else { 0 };
    Some(length.max(digits)).filter(|length| *length > 0)
}

/// What stands before the bracket of an agency, and where the bracket ends: the form without a dash, as in
/// `MADRID, 5 (EUROPA PRESS)`.
pub(super) fn named(head: &str) -> Option<(&str, usize)> {
    const ROUND: [char; 4] = ['(', ')', '（', '）'];
    let is_mark = |character: char| {
        matches!(character, '.' | '!' | '?' | ':' | ';' | '“' | '”' | '/') || ROUND.contains(&character)
    };
    let (mut from, mut stop) = (0, None);
    loop {
        let at = from + head.get(from..)?.find(is_mark)?;
        let mark = head.get(at..)?;
        let first = mark.chars().next()?;
        let mut rest = Rest(mark.get(first.len_utf8()..)?);
        let inner = match first {
            '(' | '（' => rest.bracketed((2, 40), &ROUND, &[')', '）'])?,
            '/' => rest.bracketed((2, 30), &['/'], &['/'])?,
            '.' => {
                // Right before the bracket, a stop may end a sentence.
                stop = Some(at).filter(|_| rest.0.trim_start().starts_with(['(', '（', '/']));
                if stop.is_none() {
                    length_of_short(head.get(..at)?)?;
                }
                from = at + 1;
                continue;
            }
            _ => return None,
        };
        agency_in(inner)?;
        return Some((head.get(..stop.unwrap_or(at))?, head.len() - rest.0.len()));
    }
}

/// Where place, day and agency end, each with a stop behind it, as Russian agencies write them.
pub(super) fn end_of_stopped(head: &str) -> Option<usize> {
    let is_letter = |character: char| character.is_alphabetic();
    let mut rest = Rest(head);
    rest.takes(1, 1, char::is_uppercase)?;
    rest.takes(2, 24, |character| {
        is_letter(character) || matches!(character, ' ' | '-')
    })?;
    let stop = |rest: &mut Rest| {
        rest.takes(1, 1, |character| character == '.')?;
        rest.takes(1, usize::MAX, char::is_whitespace)
    };
    stop(&mut rest)?;
    rest.takes(1, 2, char::is_numeric)?;
    rest.takes(1, 1, char::is_whitespace)?;
    rest.takes(3, 12, is_letter)?;
    stop(&mut rest)?;
    let agency = rest.0;
    for _ in 0..24 {
        rest.takes(1, 1, |character| {
            is_letter(character) || matches!(character, '.' | ' ' | '-')
        })?;
        let name = agency.get(..agency.len() - rest.0.len())?;
        let mut end = rest;
        end.skip_blanks();
        if name.chars().nth(2).is_some() && end.skip(1, is_dash) > 0 && end.skip(1, char::is_whitespace) > 0 {
            let last = name.trim_end_matches(|character| character == ' ' || is_dash(character));
            agency_named(last.rsplit(". ").next()?)?;
            return Some(head.len() - end.0.len());
        }
    }
    None
}

/// Where a bracket ends that opens the paragraph, or that its first word is followed by, or a Chinese agency's day.
pub(super) fn end_of_bracketed(head: &str) -> Option<usize> {
    let first = head.chars().next()?;
    let mut rest = Rest(head.get(first.len_utf8()..)?);
    let end = match first {
        '【' => '】',
        '［' => '］',
        '[' => ']',
        '(' => ')',
        '（' => '）',
        _ => return end_of_wide_bracket(head).or_else(|| end_of_chinese_day(head)),
    };
    rest.bracketed((1, 40), &[end], &[end])?;
    Some(head.len() - rest.0.len())
}

fn end_of_wide_bracket(head: &str) -> Option<usize> {
    let mut rest = Rest(head);
    rest.takes(1, 20, char::is_alphabetic)?;
    rest.takes(1, 1, |character| character == '（')?;
    rest.bracketed((1, 20), &['）'], &['）'])?;
    Some(head.len() - rest.0.len())
}

/// `新华社北京11月3日电`: the agency, whose name has two to six characters before the one for an office or a net, the
/// place, the day.
fn end_of_chinese_day(head: &str) -> Option<usize> {
    let mut rest = Rest(head);
    let letters = rest.skip(17, char::is_alphabetic);
    let is_han = |character: char| {
        is_ideographic(character) && !matches!(u32::from(character), 0x3041..=0x30ff | 0xac00..=0xd7a3)
    };
    let names = head
        .chars()
        .take(7)
        .take_while(|character| is_han(*character))
        .enumerate();
    let mut offices = names.filter(|(at, character)| *at >= 2 && matches!(character, '社' | '网' | '網'));
    offices.find(|(at, _)| letters <= at + 11)?;
    for mark in ['月', '日'] {
        rest.takes(1, 2, char::is_numeric)?;
        rest.takes(1, 1, |character| character == mark)?;
    }
    rest.takes(1, 1, |character| matches!(character, '电' | '電'))?;
    Some(head.len() - rest.0.len())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    /// A stop that ends no sentence.
    macro_rules! short {
        () => {
            r"\b\p{Lu}\.|\d{1,4}\.|\b(?i:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic|genn?|febbr?|giu|lug|sett?|ott|dez|out|janv|févr|juil|déc|янв|февр?|апр|авг|сент?|окт|нояб?|дек|ala|ariz|ark|calif|colo|conn|del|fla|ga|ill|ind|kan|ky|la|mass|md|mich|minn|miss|mo|mont|neb|nev|okla|ore|pa|tenn|tex|va|vt|wash|wis|wyo|st|ft|mt)\."
        };
    }
    /// What is read by hand, as an expression.
    static DASHED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?:[^.!?:;“”]|",
            short!(),
            r"){1,110}?(?:\s+[–—―-]{1,2}\s+|\s*[–—―]{1,2}\s*|\)\s*\.?\s*[-–—]{1,2}\s*|\)\s*[.:]\s+|/\s*[.–—-]+\s+|\s--\s*)"
        ))
        .unwrap()
    });
    static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:【[^】]{1,40}】|［[^］]{1,40}］|\[[^\]]{1,40}\]|\([^)]{1,40}\)|（[^）]{1,40}）|\p{L}{1,20}（[^）]{1,20}）|\p{Han}{2,6}[社网網]\p{L}{0,10}\d{1,2}月\d{1,2}日[电電])",
        )
        .unwrap()
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?P<before>(?:[^.!?:;“”()（）/]|",
            short!(),
            r")*)\.?\s*(?:[(（](?P<round>[^()（）]{2,40})[)）]|/(?P<slashed>[^/]{2,30})/)"
        ))
        .unwrap()
    });
    static STOPPED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\p{Lu}[\p{L} -]{2,24}\.\s+\d{1,2}\s\p{L}{3,12}\.\s+[\p{L}. -]{3,24}?\s*[-–—]\s").unwrap()
    });

    fn expected_named(head: &str) -> Option<(&str, usize)> {
        let found = NAMED.captures(head)?;
        let inner = found.name("round").or_else(|| found.name("slashed"))?;
        agency_in(inner.as_str())?;
        Some((found.name("before")?.as_str(), found.get(0)?.end()))
    }

    fn expected_stopped(head: &str) -> Option<usize> {
        let found = STOPPED.find(head)?;
        let last = found.as_str().trim_end_matches([' ', '-', '–', '—']);
        agency_named(last.rsplit(". ").next()?).map(|_| found.end())
    }

    fn check(head: &str) {
        assert_eq!(
            end_of_dashed(head),
            DASHED.find(head).map(|found| found.end()),
            "{head}"
        );
        assert_eq!(
            end_of_bracketed(head),
            BRACKETED.find(head).map(|found| found.end()),
            "{head}"
        );
        assert_eq!(end_of_stopped(head), expected_stopped(head), "{head}");
        let trimmed = |(before, end): (&'_ str, usize)| (before.trim().to_owned(), end);
        assert_eq!(named(head).map(trimmed), expected_named(head).map(trimmed), "{head}");
    }

    #[test]
    fn ends_are_those_that_the_expressions_find() {
        for head in [
            "OSLO (AP) — The ferry",
            "Washington, D.C., Aug. 5 (Reuters) -- The",
            "Москва. 5 декабря. INTERFAX.RU - Паром",
            "МОСКВА, 5 декабря. /ТАСС/. Паром",
            "新华社北京11月3日电 渡轮",
            "中新网北京11月3日电 渡轮",
            "ワシントン共同（AP）",
            "Praha 5. (ČTK) x",
            "A.(AP) x",
            "End. (AP) x",
            "x  --y",
            "x --- y",
            "x)..- y",
            &"a ".repeat(56),
            &format!("{} - x", "a".repeat(109)),
            &format!("{} - x", "a".repeat(111)),
            &format!("{} - x", "Sept.".repeat(40)),
        ] {
            check(head);
        }
    }

    proptest! {
        #[test]
        fn any_opening_ends_where_the_expressions_say(
            pieces in prop::collection::vec(
                prop_oneof![
                    3 => prop::sample::select(vec![
                        " ", " ", ".", "-", "--", "–", "—", "(", ")", "/", "（", "）", "【", "】", ":", ";", "“",
                    ]),
                    2 => prop::sample::select(vec![
                        "AP", "(Reuters)", "Sept", "D.", "5", "2023.", "декабря", "Москва. ", "INTERFAX.RU", "ТАСС",
                        "新华社", "北京", "11月", "3日", "电", "MADRID,", "x", "A", "Aug", "st", "_", "\u{a0}", "12345",
                    ]),
                    1 => prop::sample::select(vec!["words and more words", "a long line of words that goes on and on,"]),
                ],
                0..14,
            ),
        ) {
            check(&pieces.concat());
        }
    }
}
