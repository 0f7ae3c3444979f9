//! What sites say around their stories: a table of set phrases in many languages (`phrases.tsv`).
//!
//! A phrase is evidence for the scorers, weighed with the shape and the place of the line that has it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::extracted::RemovedKind;
use index::Index;

mod index;

/// Lines longer than this are running text, whatever they say.
const MAX_LINE: usize = 600;

/// Bytes of the shortest phrase that lines start with, and of those within lines.
const MIN_START: usize = 2;
const MIN_WITHIN: usize = 4;

/// What set phrases a line has, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Said {
    /// The line is a set phrase.
    pub(crate) whole: Option<RemovedKind>,
    /// The line starts with one.
    pub(crate) start: Option<RemovedKind>,
    /// The line has one in it.
    pub(crate) within: Option<RemovedKind>,
}

impl Said {
    /// The kind that the strongest phrase speaks for.
    pub(crate) fn kind(self) -> Option<RemovedKind> {
        self.whole.or(self.within).or(self.start)
    }

    /// Whether any phrase speaks for this kind.
    pub(crate) fn is(self, kind: RemovedKind) -> bool {
        [self.whole, self.start, self.within].contains(&Some(kind))
    }

    /// How many kinds of each group the phrases speak for: what both scorers are told.
    pub(crate) fn groups(self) -> [f32; 11] {
        use RemovedKind as Kind;
        let says = |kind: Kind| f32::from(u8::from(self.is(kind)));
        [
            says(Kind::Related) + says(Kind::PreviousNext),
            says(Kind::Comments) + says(Kind::Thanks),
            says(Kind::Newsletter),
            says(Kind::Share),
            says(Kind::Copyright) + says(Kind::Cookie),
            says(Kind::Byline),
            says(Kind::DateLine) + says(Kind::ViewCounter),
            says(Kind::Caption),
            says(Kind::AuthorBio),
            says(Kind::Ad) + says(Kind::Paywall),
            says(Kind::Navigation) + says(Kind::Breadcrumb) + says(Kind::Tags),
        ]
    }
}

/// How a phrase must stand in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Start,
    Within,
}

/// Phrases in order, with their kinds.
type Table = BTreeMap<&'static str, RemovedKind>;

struct Tables {
    whole: Index,
    start: Index,
    within: Index,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    whole: Index::of(table(How::Whole), 4),
    start: Index::of(table(How::Start), MIN_START),
    within: Index::of(table(How::Within), MIN_WITHIN),
});

/// The phrases of a line. Long lines have none.
pub(crate) fn said(line: &str) -> Said {
    if line.is_empty() || line.len() > MAX_LINE {
        return Said::default();
    }
    let line = normal(line);
    let tables = &*TABLES;
    Said {
        whole: tables.whole.whole(bare(&line)),
        start: opening(&tables.start, &line),
        within: tables.within.within(&line),
    }
}

/// Lower case, straight apostrophes, folded blanks.
fn normal(line: &str) -> String {
    if is_plain(line) {
        return line.to_ascii_lowercase();
    }
    if line.contains('Σ') {
        // The one letter whose small form depends on what follows.
        return crate::words::fold(&line.to_lowercase().replace(['’', '‘', '`'], "'"));
    }
    let mut normal = String::with_capacity(line.len() + 8);
    let mut is_after_blank = false;
    for character in line.chars() {
        if character.is_whitespace() {
            is_after_blank = true;
            continue;
        }
        if std::mem::take(&mut is_after_blank) && !normal.is_empty() {
            normal.push(' ');
        }
        let character = if matches!(character, '’' | '‘' | '`') {
            '\''
        } else {
            character
        };
        crate::words::push_lower(character, &mut normal);
    }
    normal
}

/// Whether a line is all of ASCII, with single blanks between words and no mark in place of an apostrophe.
fn is_plain(line: &str) -> bool {
    let mut was_blank = true;
    let is_plain = |byte: u8| {
        let is_blank = byte == b' ';
        !(std::mem::replace(&mut was_blank, is_blank) && is_blank) && (b' '..=b'~').contains(&byte) && byte != b'`'
    };
    line.bytes().all(is_plain) && !was_blank
}

/// A line without punctuation and digits at its ends.
fn bare(line: &str) -> &str {
    line.trim_matches(|character: char| !character.is_alphabetic())
}

/// The kind of the longest phrase that the line starts with, whatever marks stand before it.
fn opening(phrases: &Index, line: &str) -> Option<RemovedKind> {
    let line = line.trim_start_matches([' ', '-', '–', '—', '•', '*', '·', '|', '(', '[', '【']);
    phrases.start(line, |phrase| ends_word(phrase, line))
}

/// Whether a word of a script with blanks is over where the phrase is.
fn ends_word(phrase: &str, line: &str) -> bool {
    let last = phrase
        .chars()
        .next_back()
        .is_some_and(|last| last.is_alphabetic() && u32::from(last) < 0x0e00);
    let goes_on = line
        .get(phrase.len()..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(char::is_alphanumeric);
    !(last && goes_on)
}

fn table(how: How) -> Table {
    let rows = rows().filter(|(_, found, _)| *found == how);
    let mut table = Table::new();
    for (kind, _, phrases) in rows {
        for phrase in phrases.split('|').filter(|phrase| !phrase.is_empty()) {
            let phrase = if how == How::Whole { bare(phrase) } else { phrase };
            // The first row that has a phrase keeps it.
            table.entry(phrase).or_insert(kind);
        }
    }
    table
}

fn rows() -> impl Iterator<Item = (RemovedKind, How, &'static str)> {
    include_str!("phrases.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.splitn(3, '\t');
            let kind = kind_named(cells.next()?)?;
            let how = match cells.next()? {
                "=" => How::Whole,
                "^" => How::Start,
                _ => How::Within,
            };
            Some((kind, how, cells.next()?))
        })
}

fn kind_named(name: &str) -> Option<RemovedKind> {
    use RemovedKind as Kind;
    let kinds = [
        Kind::Ad,
        Kind::Byline,
        Kind::AuthorBio,
        Kind::Breadcrumb,
        Kind::Caption,
        Kind::Comments,
        Kind::Cookie,
        Kind::Copyright,
        Kind::DateLine,
        Kind::Navigation,
        Kind::Newsletter,
        Kind::Paywall,
        Kind::PreviousNext,
        Kind::Related,
        Kind::RepeatedTitle,
        Kind::Share,
        Kind::Tags,
        Kind::Thanks,
        Kind::ViewCounter,
        Kind::Other,
    ];
    kinds.into_iter().find(|kind| kind.name() == name)
}

/// A regular expression of this crate's own writing; the tests see to it that each compiles.
pub(crate) fn own_regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

#[cfg(test)]
mod tests {
    use super::{How, MIN_START, MIN_WITHIN, kind_named, normal, said, table};
    use crate::extracted::RemovedKind;

    #[test]
    fn every_row_of_the_table_is_understood() {
        for line in include_str!("phrases.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let kind = line.split('\t').next().unwrap();
            assert!(kind_named(kind).is_some(), "{kind}");
        }
        for (how, least) in [(How::Start, MIN_START), (How::Within, MIN_WITHIN)] {
            assert!(table(how).keys().all(|phrase| phrase.len() >= least));
        }
        assert!(!table(How::Whole).contains_key(""));
    }

    #[test]
    fn lines_are_read_in_small_letters_with_single_blanks() {
        for (line, expected) in [
            ("Read MORE:", "read more:"),
            (" Read\t more ", "read more"),
            ("a  b`s", "a b's"),
            ("Don’t\u{a0}Miss ÉTÉ", "don't miss été"),
            ("ΟΔΟΣ", "οδος"),
            (" ", ""),
        ] {
            assert_eq!(normal(line), expected, "{line:?}");
        }
    }

    #[test]
    fn phrases_are_told_apart_from_sentences_that_begin_like_them() {
        let check = |line: &str, expected: Option<RemovedKind>| assert_eq!(said(line).kind(), expected, "{line}");
        check("Related News:", Some(RemovedKind::Related));
        check("- Baca juga: Harga beras naik", Some(RemovedKind::Related));
        check("Comments (12)", Some(RemovedKind::Comments));
        check("上一篇：天气", Some(RemovedKind::PreviousNext));
        check("Terima kasih telah membaca artikel ini", Some(RemovedKind::Thanks));
        check("Popular unrest followed the vote in the north.", None);
        check("Nextel was sold for a song.", None);
        check("Dateline clocks are wrong in the village.", None);
    }
}
