//! JSON lines `{"id","html"|"text","url"?}` in, `{"id","title","text","authors","date",…}` out, in the same order.
//!
//! For the scorers of development sets and for looking at single pages; the program's own filter is `copydesk clean`.

use std::io::{BufRead as _, Write as _};

use cleaner::extracted::{Extracted, Known};
use schemas::article::FoundTime;
use schemas::fate::FilterReason;
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&line?);
        writeln!(out, "{answer}")?;
    }
    out.flush()
}

fn answer(line: &str) -> Value {
    let input: Value = match serde_json::from_str(line) {
        Ok(input) => input,
        Err(error) => return json!({"id": null, "error": {"code": "bad_json", "message": error.to_string()}}),
    };
    let url = input.get("url").and_then(Value::as_str).filter(|url| !url.is_empty());
    let known = Known::default();
    let result = match (
        input.get("html").and_then(Value::as_str),
        input.get("text").and_then(Value::as_str),
    ) {
        (Some(html), _) => cleaner::html::extract(html, url, &known),
        (None, Some(text)) => cleaner::text::extract(text, url, &known),
        (None, None) => Err(FilterReason::NotHtml),
    };
    match result {
        Ok(extracted) => describe(&input["id"], &extracted),
        Err(reason) => json!({"id": input["id"], "filtered": reason.as_str()}),
    }
}

/// The day as the site sees it: the text as found where it starts with one, else the day in UTC.
fn day(found: &FoundTime) -> String {
    let is_day = found.text.len() >= 10
        && found
            .text
            .bytes()
            .take(10)
            .enumerate()
            .all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
    if is_day {
        found.text.clone()
    } else {
        found.at.to_string()
    }
}

fn describe(id: &Value, extracted: &Extracted) -> Value {
    json!({
        "id": id,
        "title": extracted.title,
        "text": extracted.text(),
        "language": extracted.language.as_ref().map(|language| &language.tag),
        "authors": extracted.authors,
        "date": extracted.published_at.as_ref().map(day),
        "date_found": extracted.published_at.as_ref().map(|found| &found.found_in),
        "agency": extracted.agency.as_ref().map(|agency| &agency.name),
        "dateline": extracted.dateline.as_ref().map(|dateline| &dateline.text),
        "canonical_url": extracted.canonical_url,
        "captions": extracted.captions,
        "removed": extracted.removed.iter().map(|removed| json!({"kind": removed.kind.name(), "text": removed.text})).collect::<Vec<_>>(),
    })
}
