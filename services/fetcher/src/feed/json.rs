//! JSON Feed 1.0 and 1.1 (jsonfeed.org), item by item: a broken item costs itself, a cut document what was cut.

mod scanner;

use serde_json::Value;

use super::document::AUTHORS_MAX;
use super::entry_fields::NAME_BYTES_MAX;
use super::head::add_hub;
use super::reference::resolved;
use super::text::{escaped, plain_text};
use super::{Entry, Feed, FeedError, is_web};
use crate::date;
use scanner::Scanner;

/// Tags or authors of one item; more are dropped.
const NAMES_MAX: usize = 64;

/// Reads a JSON Feed and hands its items to `take`.
pub(super) fn parse(text: &str, base_url: &str, take: &mut dyn FnMut(Entry)) -> Result<Feed, FeedError> {
    let mut scanner = Scanner::new(text);
    if !scanner.skip("{") {
        return Err(FeedError::Unknown);
    }
    let mut feed = Feed::default();
    let mut is_feed = members(&mut scanner, &mut feed, base_url, take);
    // A bracket too many ends the list before its time and leaves items behind.
    while is_feed && scanner.skip_to_next_object(scanner.place()) {
        items(&mut scanner, true, &mut feed, base_url, take);
        is_feed |= members(&mut scanner, &mut feed, base_url, take);
    }
    is_feed.then_some(feed).ok_or(FeedError::Unknown)
}

/// Reads the members of the feed's object; true when one of them says that it is a feed.
fn members(scanner: &mut Scanner<'_>, feed: &mut Feed, base_url: &str, take: &mut dyn FnMut(Entry)) -> bool {
    let mut is_feed = false;
    while let Some(name) = scanner.name() {
        if name == "items" && scanner.skip("[") {
            is_feed = true;
            items(scanner, false, feed, base_url, take);
            continue;
        }
        let Some(value) = scanner.value() else {
            break;
        };
        is_feed |= name == "version" && value.contains("jsonfeed.org");
        field(&name, value, feed, base_url);
    }
    is_feed
}

fn field(name: &str, value: &str, feed: &mut Feed, base_url: &str) {
    if !matches!(name, "title" | "language" | "author" | "authors" | "feed_url" | "hubs") {
        return;
    }
    let Some(value) = lenient(value) else {
        return;
    };
    let text = text_of(&value);
    match name {
        "title" => feed.title = text.map(|title| plain_text(&escaped(&title))),
        "language" => feed.language = text,
        "author" if feed.authors.is_empty() => feed.authors = author_name(&value).into_iter().collect(),
        "authors" => feed.authors = names(&value).into_iter().take(AUTHORS_MAX).collect(),
        "feed_url" => feed.self_link = text.map(|own| resolved(base_url, &own)).filter(|own| is_web(own)),
        "hubs" => {
            let hubs = value.as_array().into_iter().flatten();
            for hub in hubs.filter_map(|hub| text_of(hub.get("url")?)) {
                add_hub(feed, resolved(base_url, &hub));
            }
        }
        _ => {}
    }
}

/// Reads the items up to the end of their list.
///
/// After damage, an object inside an item may look like the next one.
fn items(
    scanner: &mut Scanner<'_>,
    mut is_damaged: bool,
    feed: &mut Feed,
    base_url: &str,
    take: &mut dyn FnMut(Entry),
) {
    loop {
        // In damage, the list that ends may be one inside an item.
        let is_end = scanner.skip("]");
        if is_end && !(is_damaged && scanner.skip_to_next_object(scanner.place())) {
            return;
        }
        let before = scanner.place();
        let item = scanner.value().and_then(lenient).filter(Value::is_object);
        match item {
            Some(item) if !is_damaged || names_itself(&item) => {
                is_damaged = false;
                for item in [&item].into_iter().chain(swallowed(&item)) {
                    feed.entries_seen += 1;
                    take(entry(item, feed, base_url));
                }
            }
            Some(_) => {}
            None => {
                is_damaged = true;
                if !scanner.skip_to_next_object(before) {
                    return;
                }
            }
        }
        scanner.skip(",");
    }
}

/// The items that got into this one because a bracket in it was never closed.
fn swallowed(item: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut waiting = inside(item);
    while let Some(value) = waiting.pop() {
        let is_item = names_itself(value)
            && ["content_html", "content_text"]
                .iter()
                .any(|name| value.get(name).is_some());
        found.extend(is_item.then_some(value));
        waiting.extend(inside(value));
    }
    found
}

fn inside(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(values) => values.iter().collect(),
        _ => Vec::new(),
    }
}

fn names_itself(item: &Value) -> bool {
    let has = |name: &str| item.get(name).is_some();
    has("id") && ["content_html", "content_text", "title", "url"].into_iter().any(has)
}

/// A value, also where its texts hold control characters, which JSON forbids and people paste.
fn lenient(raw: &str) -> Option<Value> {
    let strict = serde_json::from_str(raw).ok();
    strict.or_else(|| {
        let is_control = |character: char| character < ' ';
        let cleaned = raw.contains(is_control).then(|| raw.replace(is_control, " "))?;
        serde_json::from_str(&cleaned).ok()
    })
}

fn entry(item: &Value, feed: &Feed, base_url: &str) -> Entry {
    let text = |name: &str| item.get(name).and_then(text_of);
    let date = |name: &str| text(name).and_then(|text| Some((date::parse(&text)?, text)));
    let (published, published_text) = date("date_published").unzip();
    let (updated, updated_text) = date("date_modified").unzip();
    let id = text("id");
    let address = text("url").or_else(|| text("external_url"));
    // Many ids are the address.
    let address = address.or_else(|| id.clone().filter(|id| is_web(id)));
    let named = item.get("authors").map(names).filter(|names| !names.is_empty());
    let single = || item.get("author").and_then(author_name).map(|name| vec![name]);
    let tags = item.get("tags").and_then(Value::as_array).into_iter().flatten();
    Entry {
        link: address.map(|address| resolved(base_url, &address)),
        key: id.clone(),
        id,
        title: text("title").map(|title| plain_text(&escaped(&title))),
        published,
        published_text,
        updated,
        updated_text,
        authors: named.or_else(single).unwrap_or_else(|| feed.authors.clone()),
        summary: text("summary").map(|summary| escaped(&summary)),
        content_html: text("content_html").or_else(|| text("content_text").map(|text| paragraphs(&text))),
        categories: tags.filter_map(text_of).take(NAMES_MAX).collect(),
        language: text("language"),
    }
}

/// A value as text; ids may be numbers although the standard wants text.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Version 1.1 has a list of authors, version 1.0 one author.
fn names(authors: &Value) -> Vec<String> {
    let listed = authors.as_array().into_iter().flatten();
    let mut names: Vec<String> = listed.filter_map(author_name).take(NAMES_MAX).collect();
    names.dedup();
    names
}

fn author_name(author: &Value) -> Option<String> {
    let name = author.get("name").map_or_else(|| text_of(author), text_of);
    name.filter(|name| name.len() <= NAME_BYTES_MAX)
}

fn paragraphs(text: &str) -> String {
    let parts = text
        .split("\n\n")
        .map(|part| format!("<p>{}</p>", escaped(part.trim()).replace('\n', "<br>")));
    parts.collect()
}
