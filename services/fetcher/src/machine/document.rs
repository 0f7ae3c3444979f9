//! What the body of a poll's answer is: a feed, a sitemap, an index of sitemaps, or a page that names feeds.

use schemas::memory::fetcher::ListedSitemap;
use schemas::time::Timestamp;

use super::is_web;
use crate::feed::{self, Entry, Feed, FeedError};
use crate::sitemap::{self, Page, Sitemap};
use crate::websub::discovery::Embedded;
use crate::{charset, feed::discover};

/// How much of a document is looked at to see whether it is a sitemap.
const HEAD_BYTES: usize = 4_096;

/// What a body is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// A feed, or a sitemap's pages in the form of one.
    Feed(Feed),
    /// The pages of a sitemap in the form of a feed, newest first where all have dates.
    Pages(Feed),
    /// Sitemaps that an index lists.
    Index(Vec<ListedSitemap>),
}

impl Document {
    /// What it says about hubs.
    pub(super) fn embedded(&self) -> Embedded<'_> {
        match self {
            Self::Feed(feed) => Embedded {
                hubs: &feed.hub_links,
                own: feed.self_link.as_deref(),
            },
            Self::Pages(_) | Self::Index(_) => Embedded::default(),
        }
    }
}

/// Reads `body`, which `url` answered, but of its entries or pages `entries_max` only: the newest where all have
/// dates, else the first.
///
/// # Errors
/// When it is none of these.
pub(super) fn read(
    body: &[u8],
    content_type: Option<&str>,
    url: &str,
    entries_max: usize,
) -> Result<Document, FeedError> {
    let error = match feed::parse_newest(body, content_type, url, entries_max) {
        Ok(feed) => return Ok(Document::Feed(feed)),
        Err(error) => error,
    };
    let is_named_sitemap = is_sitemap(body);
    if error == FeedError::Empty || !(is_named_sitemap || is_list(body, content_type, url)) {
        return Err(error);
    }
    let Sitemap { pages, sitemaps } = sitemap::parse(body, content_type, url);
    if !sitemaps.is_empty() {
        return Ok(Document::Index(listed(sitemaps)));
    }
    // A sitemap for news may well list nothing at the moment.
    match is_named_sitemap || !pages.is_empty() {
        true => Ok(Document::Pages(as_feed(pages, entries_max))),
        false => Err(error),
    }
}

/// True for XML whose root says that it is a sitemap or an index of them, and for anything compressed.
fn is_sitemap(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(body.get(..HEAD_BYTES).unwrap_or(body));
    let is_compressed = body.starts_with(&[0x1f, 0x8b]);
    is_compressed
        || ["<urlset", ":urlset", "<sitemapindex", ":sitemapindex"]
            .iter()
            .any(|root| head.contains(root))
}

/// True for a plain list of addresses: one that says so, or one that holds nothing else.
fn is_list(body: &[u8], content_type: Option<&str>, url: &str) -> bool {
    let is_plain = content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    let mut lines = text
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').trim())
        .filter(|line| !line.is_empty());
    !text.contains('<') && (is_plain || path.ends_with(".txt") || lines.all(is_web))
}

fn listed(children: Vec<sitemap::Child>) -> Vec<ListedSitemap> {
    let web = children.into_iter().filter(|child| is_web(&child.address));
    web.map(|child| ListedSitemap {
        url: child.address,
        modified_at: child.modified,
    })
    .collect()
}

fn as_feed(mut pages: Vec<Page>, entries_max: usize) -> Feed {
    if pages.iter().all(|page| date_of(page).is_some()) {
        pages.sort_by_key(|page| std::cmp::Reverse(date_of(page)));
    }
    let entry = |page: Page| Entry {
        link: Some(page.address),
        title: page.title,
        published: page.published,
        updated: page.modified,
        language: page.language,
        ..Entry::default()
    };
    Feed {
        entries: pages.into_iter().take(entries_max).map(entry).collect(),
        ..Feed::default()
    }
}

fn date_of(page: &Page) -> Option<Timestamp> {
    page.modified.max(page.published)
}

/// The first feed that a web page names.
pub(super) fn named_feed(body: &[u8], content_type: Option<&str>, url: &str) -> Option<String> {
    let (page, ..) = charset::of_page(body, content_type).decode(body);
    discover::discover(&page, url).into_iter().find(|feed| is_web(feed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(body: &str, content_type: Option<&str>, url: &str) -> &'static str {
        match read(body.as_bytes(), content_type, url, 100) {
            Ok(Document::Feed(_)) => "feed",
            Ok(Document::Pages(_)) => "pages",
            Ok(Document::Index(_)) => "index",
            Err(FeedError::WebPage) => "page",
            Err(_) => "nothing",
        }
    }

    #[test]
    fn tells_documents_apart() {
        let check =
            |body: &str, expected: &str| assert_eq!(kind(body, None, "https://example.org/x"), expected, "{body}");
        check(
            "<rss><channel><item><link>https://example.org/1</link></item></channel></rss>",
            "feed",
        );
        check("<urlset><url><loc>https://example.org/1</loc></url></urlset>", "pages");
        check("<?xml version='1.0'?><n:urlset xmlns:n='urn:x'></n:urlset>", "pages");
        check(
            "<sitemapindex><sitemap><loc>https://example.org/1</loc></sitemap></sitemapindex>",
            "index",
        );
        check("https://example.org/1\n\n https://example.org/2\r\n", "pages");
        check("Down: see\nhttps://example.org/status", "nothing");
        check("<html><p>a page about urlset</p></html>", "page");
        check("", "nothing");
    }

    #[test]
    fn a_list_that_says_so_may_hold_other_lines() {
        let body = "# our pages\nhttps://example.org/1\n";
        assert_eq!(kind(body, None, "https://example.org/x"), "nothing");
        assert_eq!(
            kind(body, Some("text/plain; charset=utf-8"), "https://example.org/x"),
            "pages"
        );
        assert_eq!(kind(body, None, "https://example.org/map.txt?a=1"), "pages");
    }

    #[test]
    fn pages_with_dates_come_newest_first() {
        let body = "<urlset><url><loc>https://example.org/1</loc><lastmod>2026-11-01</lastmod></url>\
            <url><loc>https://example.org/2</loc><lastmod>2026-11-22</lastmod></url></urlset>";
        let Ok(Document::Pages(feed)) = read(body.as_bytes(), None, "", 100) else {
            panic!("no pages");
        };
        let links: Vec<&str> = feed.entries.iter().filter_map(|entry| entry.link.as_deref()).collect();
        assert_eq!(links, ["https://example.org/2", "https://example.org/1"]);
        let Ok(Document::Pages(feed)) = read(body.as_bytes(), None, "", 1) else {
            panic!("no pages");
        };
        assert_eq!(feed.entries.len(), 1);
        assert_eq!(feed.entries[0].link.as_deref(), Some("https://example.org/2"));
    }
}
