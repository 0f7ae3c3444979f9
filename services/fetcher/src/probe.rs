//! One JSON row in, one JSON row out, for `copydesk probe …`: the fetcher's readers, each by itself, so that anybody
//! can measure them against a set of cases.
//!
//! A row that lacks what its reader needs is read as if that were empty; nothing here fails.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemas::canonical::rules::Rules;
use schemas::time::Timestamp;
use serde_json::{Value, json};

use crate::robots;
use crate::ssrf::Policy;
use crate::{charset, date, feed, sitemap};

/// The readers that can be probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// `{id, bytes_b64, content_type, feed_url}` → `{id, ok, title, language, entries: [{link, title, id, published,
    /// updated, authors, summary, content}], error}`; times in seconds since 1970.
    Feed,
    /// `{id, bytes_b64, content_type, sitemap_url}` → `{id, urls, sitemaps}`.
    Sitemap,
    /// `{id, robots_b64, queries: [{agent, url}]}` → `{id, allow: [bool]}`.
    Robots,
    /// `{id, bytes_b64, content_type}` → `{id, encoding}`.
    Charset,
    /// `{id, s}` → `{id, epoch}`.
    Date,
    /// `{id, variants: [{url}]}` → `{id, canonical: [text or null]}`.
    Url,
    /// `{id, url}` → `{id, allow}`.
    Ssrf,
}

impl Probe {
    /// All probes with their names on the command line.
    pub const ALL: [(&str, Self); 7] = [
        ("feed", Self::Feed),
        ("sitemap", Self::Sitemap),
        ("robots", Self::Robots),
        ("charset", Self::Charset),
        ("date", Self::Date),
        ("url", Self::Url),
        ("ssrf", Self::Ssrf),
    ];

    /// The probe of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, probe)| *probe)
    }

    /// The answer to one row.
    #[must_use]
    pub fn answer(self, row: &Value) -> Value {
        match self {
            Self::Feed => feed(row),
            Self::Sitemap => sitemap(row),
            Self::Robots => robots(row),
            Self::Charset => charset(row),
            Self::Date => date(row),
            Self::Url => url(row),
            Self::Ssrf => ssrf(row),
        }
    }
}

/// Reads a feed.
#[must_use]
pub fn feed(row: &Value) -> Value {
    let base_url = text(row, "feed_url").unwrap_or_default();
    match feed::parse(&bytes(row, "bytes_b64"), text(row, "content_type"), base_url) {
        Ok(feed) => json!({
            "id": row["id"],
            "ok": true,
            "title": feed.title,
            "language": feed.language,
            "entries": feed.entries.iter().map(entry).collect::<Vec<Value>>(),
        }),
        Err(error) => json!({ "id": row["id"], "ok": false, "error": error.to_string() }),
    }
}

fn entry(entry: &feed::Entry) -> Value {
    json!({
        "link": entry.link,
        "title": entry.title,
        "id": entry.id,
        "published": entry.published.map(seconds),
        "updated": entry.updated.map(seconds),
        "authors": entry.authors,
        "summary": entry.summary,
        "content": entry.content_html,
        "tags": entry.categories,
    })
}

/// Reads a sitemap.
#[must_use]
pub fn sitemap(row: &Value) -> Value {
    let base_url = text(row, "sitemap_url").unwrap_or_default();
    let sitemap = sitemap::parse(&bytes(row, "bytes_b64"), text(row, "content_type"), base_url);
    let urls: Vec<&str> = sitemap.pages.iter().map(|page| page.address.as_str()).collect();
    let sitemaps: Vec<&str> = sitemap.sitemaps.iter().map(|child| child.address.as_str()).collect();
    json!({ "id": row["id"], "urls": urls, "sitemaps": sitemaps })
}

/// Asks a robots.txt about URLs.
#[must_use]
pub fn robots(row: &Value) -> Value {
    let file = bytes(row, "robots_b64");
    let allows = |query: &Value| {
        let rules = robots::Rules::parse(&file, text(query, "agent").unwrap_or_default());
        rules.allows(text(query, "url").unwrap_or_default())
    };
    let queries = row["queries"].as_array().into_iter().flatten();
    json!({ "id": row["id"], "allow": queries.map(allows).collect::<Vec<bool>>() })
}

/// Finds the encoding of a page or, where the row's `kind` is `xml`, of a feed.
#[must_use]
pub fn charset(row: &Value) -> Value {
    let body = bytes(row, "bytes_b64");
    let encoding = match text(row, "kind") {
        Some("xml" | "feed") => charset::of_xml(&body, text(row, "content_type")),
        _ => charset::of_page(&body, text(row, "content_type")),
    };
    json!({ "id": row["id"], "encoding": encoding.name() })
}

/// Reads a date.
#[must_use]
pub fn date(row: &Value) -> Value {
    let time = date::parse(text(row, "s").unwrap_or_default());
    json!({ "id": row["id"], "epoch": time.map(seconds) })
}

/// Gives each spelling of an address its canonical form by the built-in rules.
#[must_use]
pub fn url(row: &Value) -> Value {
    url_by(&Rules::default(), row)
}

/// Gives each spelling of an address its canonical form by an operator's rules too.
#[must_use]
pub fn url_by(rules: &Rules, row: &Value) -> Value {
    let canonical = |variant: &Value| rules.canonical_url(text(variant, "url").unwrap_or_default()).ok();
    let variants = row["variants"].as_array().into_iter().flatten();
    json!({ "id": row["id"], "canonical": variants.map(canonical).collect::<Vec<Option<String>>>() })
}

/// Asks the address policy about a URL.
#[must_use]
pub fn ssrf(row: &Value) -> Value {
    let allowed = Policy::default().allows_url(text(row, "url").unwrap_or_default());
    json!({ "id": row["id"], "allow": allowed.is_ok() })
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

fn bytes(row: &Value, name: &str) -> Vec<u8> {
    text(row, name)
        .and_then(|packed| BASE64.decode(packed).ok())
        .unwrap_or_default()
}

fn seconds(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(1_000)
}
