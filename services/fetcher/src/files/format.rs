//! What a file holds, told by its name and its first bytes.

use schemas::source::FileFormat;

use crate::charset;
use crate::feed::xml::{Reader, Token};

/// How much of a file is looked at.
const LOOKED_AT_BYTES: usize = 16 * 1024;

/// The format of the file at `path` that begins with `bytes` (inflated), when it is one of ours.
pub(super) fn of(path: &str, bytes: &[u8]) -> Option<FileFormat> {
    let start = bytes.get(..LOOKED_AT_BYTES).unwrap_or(bytes);
    let lower = path.to_ascii_lowercase();
    let bare = lower.trim_end_matches(".gz").trim_end_matches(".zst");
    let by_name = match bare.rsplit_once('.').map(|(_, ending)| ending) {
        Some("jsonl" | "ndjson") => Some(FileFormat::Jsonl),
        Some("warc") => Some(FileFormat::Warc),
        Some("nitf") => Some(FileFormat::Nitf),
        Some("html" | "htm" | "xhtml") => Some(FileFormat::Html),
        Some("txt" | "md") => Some(FileFormat::Text),
        _ => None,
    };
    by_name.or_else(|| by_bytes(start))
}

fn by_bytes(start: &[u8]) -> Option<FileFormat> {
    if start.starts_with(b"WARC/") {
        return Some(FileFormat::Warc);
    }
    let text = charset::decode_xml(start, None);
    let text = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    match text.chars().next()? {
        '{' => Some(of_json(text)),
        '[' => Some(FileFormat::Ninjs),
        '<' => of_markup(text),
        _ => None,
    }
}

/// An object on each of several lines, a JSON Feed, or an item of ninjs.
fn of_json(text: &str) -> FileFormat {
    let is_object = |line: &str| {
        let line = line.trim();
        line.starts_with('{') && line.ends_with('}')
    };
    let mut lines = text.lines();
    let first_is_whole = lines
        .next()
        .is_some_and(|line| is_object(line) && serde_json::from_str::<serde_json::Value>(line.trim()).is_ok());
    let goes_on = lines.any(|line| line.trim_start().starts_with('{'));
    match (first_is_whole, goes_on, text.contains("jsonfeed.org/version")) {
        (_, _, true) => FileFormat::Feed,
        (true, true, _) => FileFormat::Jsonl,
        _ => FileFormat::Ninjs,
    }
}

/// By the first element.
fn of_markup(text: &str) -> Option<FileFormat> {
    const PAGE: &str = "<!doctype html";
    if text
        .get(..PAGE.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PAGE))
    {
        return Some(FileFormat::Html);
    }
    let mut reader = Reader::new(text);
    while let Some(token) = reader.next() {
        let Token::Start { name, .. } = token else { continue };
        let local = name
            .split_once(':')
            .map_or(name, |(_, local)| local)
            .to_ascii_lowercase();
        return match local.as_str() {
            "newsitem" | "newsmessage" | "packageitem" | "conceptitem" | "knowledgeitem" | "planningitem" => {
                Some(FileFormat::Newsml)
            }
            "nitf" => Some(FileFormat::Nitf),
            "rss" | "feed" | "rdf" => Some(FileFormat::Feed),
            "html" => Some(FileFormat::Html),
            _ => None,
        };
    }
    None
}
