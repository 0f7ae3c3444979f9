//! JSON Feed 1.0 and 1.1 (jsonfeed.org).

use serde_json::Value;

use super::head::add_hub;
use super::text::{escaped, plain_text};
use super::tree::resolved;
use super::{Entry, Feed, FeedError, is_web};
use crate::date;

/// Reads a JSON Feed.
pub(super) fn parse(text: &str, base_url: &str) -> Result<Feed, FeedError> {
    let document: Value = serde_json::from_str(text).map_err(|_| FeedError::Unknown)?;
    let version = document.get("version").and_then(Value::as_str).unwrap_or_default();
    let items = document.get("items").and_then(Value::as_array);
    match items {
        Some(items) => {
            let mut feed = Feed {
                title: text_of(&document, "title").map(|title| plain_text(&escaped(&title))),
                language: text_of(&document, "language"),
                entries: items.iter().map(|item| entry(item, &document, base_url)).collect(),
                self_link: text_of(&document, "feed_url")
                    .map(|own| resolved(base_url, &own))
                    .filter(|own| is_web(own)),
                ..Feed::default()
            };
            let hubs = document.get("hubs").and_then(Value::as_array).into_iter().flatten();
            for hub in hubs.filter_map(|hub| text_of(hub, "url")) {
                add_hub(&mut feed, resolved(base_url, &hub));
            }
            Ok(feed)
        }
        None if version.contains("jsonfeed.org") => Ok(Feed::default()),
        None => Err(FeedError::Unknown),
    }
}

fn entry(item: &Value, feed: &Value, base_url: &str) -> Entry {
    let address = text_of(item, "url").or_else(|| text_of(item, "external_url"));
    let date = |name: &str| text_of(item, name).and_then(|text| Some((date::parse(&text)?, text)));
    let (published, published_text) = date("date_published").unzip();
    let (updated, updated_text) = date("date_modified").unzip();
    let html = text_of(item, "content_html");
    let own_authors = authors(item);
    Entry {
        link: address.map(|address| resolved(base_url, &address)),
        id: text_of(item, "id"),
        key: text_of(item, "id"),
        title: text_of(item, "title").map(|title| plain_text(&escaped(&title))),
        published,
        published_text,
        updated,
        updated_text,
        authors: match own_authors.is_empty() {
            true => authors(feed),
            false => own_authors,
        },
        summary: text_of(item, "summary").map(|summary| escaped(&summary)),
        content_html: html.or_else(|| text_of(item, "content_text").map(|text| paragraphs(&text))),
        categories: item
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .take(64)
            .collect(),
        language: text_of(item, "language"),
    }
}

/// A value as text; ids may be numbers although the standard wants text.
fn text_of(value: &Value, name: &str) -> Option<String> {
    let text = match value.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Version 1.1 has a list of authors, version 1.0 one author.
fn authors(value: &Value) -> Vec<String> {
    let listed = value.get("authors").and_then(Value::as_array).into_iter().flatten();
    let named = listed
        .chain(value.get("author"))
        .filter_map(|author| text_of(author, "name"));
    let mut names: Vec<String> = named.take(64).collect();
    names.dedup();
    names
}

fn paragraphs(text: &str) -> String {
    let parts = text
        .split("\n\n")
        .map(|part| format!("<p>{}</p>", escaped(part.trim()).replace('\n', "<br>")));
    parts.collect()
}
