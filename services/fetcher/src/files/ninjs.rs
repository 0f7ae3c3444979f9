//! ninjs 1, 2 and 3 (IPTC): an item of news as a JSON object; also several in an array.

use schemas::fetched::Hints;
use schemas::time::Timestamp;
use serde_json::Value;

use super::article::Article;
use super::whole::Item;
use crate::date;
use crate::feed::text::plain_text;

/// The items of a document, in order; `None` when it is no JSON.
pub(super) fn read(text: &str) -> Option<Vec<Item>> {
    let document: Value = serde_json::from_str(text).ok()?;
    let items = match &document {
        Value::Array(items) => items.as_slice(),
        Value::Object(fields) => match fields.get("items").and_then(Value::as_array) {
            Some(items) => items.as_slice(),
            None => std::slice::from_ref(&document),
        },
        _ => return None,
    };
    Some(items.iter().map(item).collect())
}

fn item(value: &Value) -> Item {
    let status = text_of(value, "pubstatus").unwrap_or_default().to_ascii_lowercase();
    let kind = text_of(value, "type").unwrap_or_else(|| "text".to_owned());
    let hints = hints(value);
    let article = match html(value) {
        Some(html) => Article::of_fragment(html, hints),
        None => Article::of_text(plain(value).unwrap_or_default(), hints),
    };
    let addresses = ["webcanonicalurl", "canonicalurl", "url", "weburl"];
    Item {
        article: Article {
            address: addresses.into_iter().find_map(|name| text_of(value, name)),
            id: text_of(value, "uri").or_else(|| text_of(value, "guid")),
            ..article
        },
        taken_back: matches!(status.as_str(), "canceled" | "cancelled" | "withheld"),
        embargo: time(value, "embargoed"),
        is_text: matches!(kind.to_ascii_lowercase().as_str(), "text" | "composite"),
    }
}

fn hints(value: &Value) -> Hints {
    let version = time(value, "versioncreated");
    Hints {
        title: headline(value),
        authors: authors(value),
        published_at: time(value, "firstcreated")
            .or_else(|| time(value, "contentcreated"))
            .or(version),
        updated_at: version,
        categories: names(value, &["subject", "subjects"]),
        language: text_of(value, "language"),
    }
}

/// Version 1 has one headline; later ones have several, of which the one without a role or with `main` counts.
fn headline(value: &Value) -> Option<String> {
    let listed = entries(value, "headlines");
    let main = listed.iter().find(|entry| is_main(entry)).or_else(|| listed.first());
    let text = text_of(value, "headline").or_else(|| main.and_then(|entry| text_of(entry, "value")));
    text.or_else(|| text_of(value, "title")).map(|text| plain_text(&text))
}

fn is_main(entry: &Value) -> bool {
    text_of(entry, "role").is_none_or(|role| role.eq_ignore_ascii_case("main"))
}

/// The body as HTML: `body_html` or `body_xhtml` of version 1, the main one of `bodies` later.
fn html(value: &Value) -> Option<String> {
    let of_first_version = text_of(value, "body_html").or_else(|| text_of(value, "body_xhtml"));
    of_first_version.or_else(|| {
        let bodies = entries(value, "bodies");
        let is_html = |body: &&&Value| text_of(body, "contenttype").is_some_and(|kind| kind.contains("html"));
        let of_html: Vec<&&Value> = bodies.iter().filter(is_html).collect();
        let main = of_html.iter().find(|body| is_main(body)).or_else(|| of_html.first());
        main.and_then(|body| text_of(body, "value"))
    })
}

fn plain(value: &Value) -> Option<String> {
    let of_first_version = text_of(value, "body_text");
    of_first_version.or_else(|| {
        let bodies = entries(value, "bodies");
        let main = bodies.iter().find(|body| is_main(body)).or_else(|| bodies.first());
        main.and_then(|body| text_of(body, "value"))
    })
}

/// The byline, else the people who are credited.
fn authors(value: &Value) -> Vec<String> {
    if let Some(byline) = text_of(value, "byline").or_else(|| text_of(value, "by")) {
        return vec![byline];
    }
    let credited = entries(value, "people").into_iter().chain(entries(value, "person"));
    let writes = |person: &&Value| {
        let role = text_of(person, "rel")
            .or_else(|| text_of(person, "role"))
            .unwrap_or_default();
        ["author", "creator", "writer", "byline"]
            .iter()
            .any(|known| role.to_ascii_lowercase().contains(known))
    };
    credited
        .filter(writes)
        .filter_map(|person| text_of(person, "name"))
        .collect()
}

fn names(value: &Value, fields: &[&str]) -> Vec<String> {
    let subjects = fields.iter().flat_map(|field| entries(value, field));
    subjects.filter_map(|subject| text_of(subject, "name")).collect()
}

/// The objects of a list.
fn entries<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect()
}

fn time(value: &Value, name: &str) -> Option<Timestamp> {
    date::parse(&text_of(value, name)?)
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
