//! JSON lines: an object on each line. `url` or `id` names the article, `html` or `text` is its body; `title`,
//! `published_at`, `updated_at`, `authors`, `categories`, `language` and `content_type` say more about it.

use schemas::fetched::{Content, Hints};
use serde_json::{Map, Value};

use super::PIECE_BYTES;
use super::article::Article;
use super::rows::{Ask, Row, Rows};
use crate::date;

/// How much of a line that is too long goes to the dead letters.
const LONG_LINE_BYTES: usize = 64 * 1024;

/// Reads lines. `pass_line` is true when the bytes begin within a line that is passed over.
pub(super) fn read(ask: &Ask<'_>, pass_line: bool) -> Rows {
    let mut rows = Rows::default();
    if pass_line {
        match ask.bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => rows.used = end + 1,
            None => {
                rows.used = ask.bytes.len();
                rows.pass_line = !ask.is_end;
                rows.is_done = ask.is_end;
                return rows;
            }
        }
    }
    while rows.rows.len() < ask.rows_max && rows.used < ask.bytes_max {
        let rest = ask.bytes.get(rows.used..).unwrap_or_default();
        if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            rows.rows.push(row(rest.get(..end).unwrap_or_default()));
            rows.used += end + 1;
            continue;
        }
        match ask.is_end {
            true => last_line(rest, &mut rows),
            false if rows.used == 0 && PIECE_BYTES <= rest.len() => {
                let start = rest.get(..LONG_LINE_BYTES).unwrap_or(rest);
                let detail = format!("a line of more than {PIECE_BYTES} bytes, of which this is the beginning");
                rows.rows.push(Row::bad(start, detail));
                rows.used = rest.len();
                rows.pass_line = true;
            }
            false => {}
        }
        return rows;
    }
    rows
}

/// A last line without an end: whole, or cut off while somebody writes it.
fn last_line(line: &[u8], rows: &mut Rows) {
    match row(line) {
        bad @ Row::Bad { .. } => rows.bad_tail = Some(bad),
        Row::Blank => rows.used += line.len(),
        good => {
            rows.rows.push(good);
            rows.used += line.len();
        }
    }
    rows.is_done = true;
}

fn row(line: &[u8]) -> Row {
    // A byte order mark may open the file.
    let trimmed = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    if trimmed.is_empty() {
        return Row::Blank;
    }
    match serde_json::from_slice::<Value>(trimmed) {
        Ok(Value::Object(fields)) => match article(&fields) {
            Ok(article) if article.is_too_large() => Row::bad(line, "the body is larger than 5 MiB"),
            Ok(article) => Row::Article(Box::new(article)),
            Err(detail) => Row::bad(line, detail),
        },
        Ok(_) => Row::bad(line, "the line is JSON, but no object"),
        Err(error) => Row::bad(line, format!("the line is no JSON: {error}")),
    }
}

fn article(fields: &Map<String, Value>) -> Result<Article, &'static str> {
    let (address, id) = (text(fields, "url"), text(fields, "id"));
    if address.is_none() && id.is_none() {
        return Err("the row has neither url nor id, so its article could not be told from others");
    }
    let date = |name: &str| text(fields, name).and_then(|text| date::parse(&text));
    let hints = Hints {
        title: text(fields, "title"),
        authors: names(fields, "authors"),
        published_at: date("published_at"),
        updated_at: date("updated_at"),
        categories: names(fields, "categories"),
        language: text(fields, "language"),
    };
    let article = match (text(fields, "html"), text(fields, "text")) {
        (Some(html), _) => Article {
            content: Content::Page,
            content_type: page_type(text(fields, "content_type").as_deref()),
            body: html.into_bytes(),
            hints,
            ..Article::default()
        },
        (None, Some(text)) => Article::of_text(text, hints),
        (None, None) => return Err("the row has neither html nor text"),
    };
    Ok(Article { address, id, ..article })
}

/// The content type of a page that came as text: its bytes are UTF-8 now, whatever they were.
fn page_type(stated: Option<&str>) -> Option<String> {
    let media = stated.and_then(|stated| stated.split(';').next());
    let media = media.map(str::trim).filter(|media| !media.is_empty());
    Some(format!("{}; charset=utf-8", media.unwrap_or("text/html")))
}

/// A field as text; ids may be numbers.
fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match fields.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A list of names, or one name.
fn names(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    let listed = fields.get(name).and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<String> = listed.filter_map(|name| name.as_str().map(str::to_owned)).collect();
    match listed.is_empty() {
        true => text(fields, name).into_iter().collect(),
        false => listed,
    }
}
