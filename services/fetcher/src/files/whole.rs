//! Formats that are read whole: a document with one item or several.

use schemas::source::FileFormat;
use schemas::time::Timestamp;

use super::article::Article;
use super::rows::{Ask, Row, Rows};
use super::{feed_file, markup, newsml, ninjs, nitf, page};
use crate::charset;

/// How much of a file that is not what it says goes to the dead letters.
const SHOWN_BYTES: usize = 64 * 1024;

/// An item of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// What it holds.
    pub(super) article: Article,
    /// Its publisher cancelled it, or holds it back.
    pub(super) taken_back: bool,
    /// Nobody may use it before this time.
    pub(super) embargo: Option<Timestamp>,
    /// False for pictures, packages and the like.
    pub(super) is_text: bool,
}

/// True for formats whose documents can only be read whole.
pub(super) fn is_whole(format: FileFormat) -> bool {
    !matches!(format, FileFormat::Jsonl | FileFormat::Warc)
}

/// Reads items from the one of number `first` on. The bytes are those of the whole file; `used` counts items.
pub(super) fn read(format: FileFormat, ask: &Ask<'_>, first: u64) -> Rows {
    let mut rows = Rows::default();
    let items = items(format, ask);
    let count = items.len();
    let first = usize::try_from(first).unwrap_or(usize::MAX).min(count);
    let mut bytes = 0;
    for row in items.into_iter().skip(first) {
        if ask.rows_max <= rows.rows.len() || ask.bytes_max <= bytes {
            break;
        }
        match row {
            Embargoed::Until(due_at) => {
                rows.due_at = Some(due_at);
                break;
            }
            Embargoed::Not(row) => {
                if let Row::Article(article) = &row {
                    bytes += article.body.len();
                }
                rows.rows.push(row);
            }
        }
    }
    rows.used = rows.rows.len();
    rows.is_done = first + rows.used == count;
    rows
}

/// A row, or the end of its embargo.
enum Embargoed {
    Not(Row),
    Until(Timestamp),
}

fn items(format: FileFormat, ask: &Ask<'_>) -> Vec<Embargoed> {
    let text = || charset::decode_xml(ask.bytes, None);
    let found = match format {
        FileFormat::Html => return vec![Embargoed::Not(page::read(ask.bytes))],
        FileFormat::Text => return vec![Embargoed::Not(page::read_text(ask.bytes))],
        FileFormat::Ninjs => ninjs::read(text().trim_start_matches('\u{feff}')),
        FileFormat::Newsml => Some(newsml::read(&markup::parse(&text()))).filter(|items| !items.is_empty()),
        FileFormat::Nitf => nitf::read(&markup::parse(&text())).map(|item| vec![item]),
        FileFormat::Feed => feed_file::read(ask.bytes),
        FileFormat::Jsonl | FileFormat::Warc => None,
    };
    match found {
        Some(items) => items.into_iter().map(|item| judged(item, ask)).collect(),
        None => {
            let detail = format!("the file is no {}", format.as_str());
            vec![Embargoed::Not(Row::bad(
                ask.bytes.get(..SHOWN_BYTES).unwrap_or(ask.bytes),
                detail,
            ))]
        }
    }
}

fn judged(item: Item, ask: &Ask<'_>) -> Embargoed {
    let Item {
        article,
        taken_back,
        embargo,
        is_text,
    } = item;
    let is_nameless = article.address.is_none() && article.id.is_none();
    Embargoed::Not(match () {
        // Whoever takes an item back says so at once.
        () if taken_back => Row::TakenBack(Box::new(article)),
        () if !is_text => Row::Skipped,
        () if embargo.is_some_and(|end| ask.now < end) => return Embargoed::Until(embargo.unwrap_or(ask.now)),
        () if article.is_entry && is_nameless => Row::Skipped,
        // Agencies send headlines ahead of their stories.
        () if article.body.trim_ascii().is_empty() && !article.is_entry => Row::Skipped,
        () if article.is_too_large() => Row::bad(&[], "an item of more than 5 MiB"),
        () => Row::Article(Box::new(article)),
    })
}
