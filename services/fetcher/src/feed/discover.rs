//! Feeds that a web page names, for `copydesk sources add https://site/`.

use super::reference::resolved;
use super::xml::{Reader, Token};
use crate::bounds::ADDRESS_BYTES_MAX;

/// Feeds of one page; more are dropped.
const FEEDS_MAX: usize = 64;

/// The addresses of the feeds that a page offers by `<link rel="alternate" type="…">`, in page order, without
/// repetition. `base_url` is the page's address.
#[must_use]
pub fn discover(html: &str, base_url: &str) -> Vec<String> {
    let mut reader = Reader::new(html);
    let mut base = base_url.to_owned();
    let mut found: Vec<String> = Vec::new();
    while let Some(token) = reader.next() {
        let Token::Start { name, attributes, .. } = token else {
            continue;
        };
        let attribute = |wanted: &str| {
            let named = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            named.map(|(_, value)| value.trim())
        };
        if name.eq_ignore_ascii_case("base") && base == base_url {
            base = attribute("href").map_or(base, |href| resolved(base_url, href));
        }
        if !name.eq_ignore_ascii_case("link") || !is_feed(attribute("rel"), attribute("type")) {
            continue;
        }
        let target = attribute("href").map(|href| resolved(&base, href));
        let is_new = |target: &String| {
            target.len() <= ADDRESS_BYTES_MAX && target.starts_with("http") && !found.contains(target)
        };
        if let Some(target) = target.filter(is_new) {
            found.push(target);
        }
        if FEEDS_MAX <= found.len() {
            break;
        }
    }
    found
}

fn is_feed(relation: Option<&str>, kind: Option<&str>) -> bool {
    let relation = relation.unwrap_or_default();
    let is_alternate = relation
        .split_whitespace()
        .any(|word| word.eq_ignore_ascii_case("alternate"));
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_feed_kind = matches!(
        kind,
        "application/rss+xml" | "application/atom+xml" | "application/feed+json" | "application/rdf+xml" | "text/rss"
    );
    is_alternate && is_feed_kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_feeds_of_a_page() {
        let page = "<html><head><LINK REL=\"alternate home\" TYPE='application/rss+xml; charset=utf-8' HREF=/rss>\
            <link rel=alternate type=application/atom+xml href='https://other.example/atom'>\
            <link rel=alternate hreflang=de href=/de><link rel=alternate type=application/rss+xml href=/rss>\
            <link rel=stylesheet type=application/rss+xml href=/no></head>";
        let found = discover(page, "https://example.org/news/");
        assert_eq!(found, ["https://example.org/rss", "https://other.example/atom"]);
    }

    #[test]
    fn an_address_that_is_too_long_is_none() {
        let link = |href: &str| format!("<link rel=alternate type=application/rss+xml href='{href}'>");
        let page = link(&"a".repeat(ADDRESS_BYTES_MAX)) + &link("/feed.xml");
        assert_eq!(
            discover(&page, "https://example.org/x"),
            ["https://example.org/feed.xml"]
        );
    }

    #[test]
    fn relative_links_start_from_the_base_of_the_page() {
        let page = "<base href='/a/'><link rel=alternate type=application/rss+xml href=feed.xml>";
        assert_eq!(
            discover(page, "https://example.org/x"),
            ["https://example.org/a/feed.xml"]
        );
    }
}
