//! What the body of a poll's answer is: a feed, a sitemap, an index of sitemaps, or a page that names feeds.

use schemas::canonical::host_of;
use schemas::canonical::site::site_of;
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
        // Damage that leaves neither a title nor an entry leaves nothing to tell a feed by.
        Ok(feed) if feed.title.is_none() && feed.entries_seen == 0 => return Err(FeedError::Unknown),
        Ok(feed) => return Ok(Document::Feed(feed)),
        Err(error) => error,
    };
    let is_named_sitemap = is_sitemap(body);
    let may_list = is_named_sitemap || sitemap::is_gzip(body) || is_list(body, content_type, url);
    if error == FeedError::Empty || !may_list {
        return Err(error);
    }
    let Sitemap { pages, sitemaps } = sitemap::parse(body, content_type, url);
    if !sitemaps.is_empty() {
        return Ok(Document::Index(listed(sitemaps)));
    }
    // A sitemap for news may well list nothing at the moment.
    match is_named_sitemap || !pages.is_empty() {
        true => Ok(Document::Pages(as_feed(of_one_site(pages, url), entries_max))),
        false => Err(error),
    }
}

/// True for XML whose root says that it is a sitemap or an index of them, in a gzip file or not.
fn is_sitemap(body: &[u8]) -> bool {
    let head = sitemap::beginning(body, HEAD_BYTES);
    let head = String::from_utf8_lossy(&head);
    ["<urlset", ":urlset", "<sitemapindex", ":sitemapindex"]
        .iter()
        .any(|root| head.contains(root))
}

/// The site of a web address; a numerical one is a site of its own with each port.
fn site(address: &str) -> Option<String> {
    match url::Url::parse(address).ok()?.host()? {
        url::Host::Domain(name) => Some(site_of(name).to_owned()),
        url::Host::Ipv4(_) | url::Host::Ipv6(_) => host_of(address),
    }
}

/// The pages of the site that the sitemap at `url` speaks for: its own where it lists any of its own, else the first
/// page's, because a sitemap may lie with another host. It has no say about any further site (sitemaps.org, "Sitemaps &
/// Cross Submits").
fn of_one_site(mut pages: Vec<Page>, url: &str) -> Vec<Page> {
    let own = site(url);
    let first = pages.first().and_then(|page| site(&page.address));
    let spoken_for = match pages.iter().any(|page| site(&page.address) == own) {
        true => own,
        false => first,
    };
    pages.retain(|page| site(&page.address) == spoken_for);
    pages
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

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_gzip_file_is_what_is_in_it() {
        let check = |text: &str, expected: Result<usize, FeedError>| {
            let pages = match read(
                &gzip(text),
                Some("application/gzip"),
                "https://example.org/map.xml.gz",
                100,
            ) {
                Ok(Document::Pages(feed)) => Ok(feed.entries.len()),
                Ok(other) => panic!("{other:?}"),
                Err(error) => Err(error),
            };
            assert_eq!(pages, expected, "{text:.80}");
        };
        let padding = " ".repeat(1_000_000);
        check("<urlset><url><loc>https://example.org/1</loc></url></urlset>", Ok(1));
        check(&format!("<urlset>{padding}"), Ok(0));
        check("https://example.org/1\nhttps://example.org/2\n", Ok(2));
        check(&padding, Err(FeedError::Unknown));
        check("<html><p>no sitemap</p></html>", Err(FeedError::Unknown));
    }

    #[test]
    fn a_sitemap_speaks_for_one_site() {
        let check = |url: &str, pages: &[&str], expected: &[&str]| {
            let location = |page: &&str| format!("<url><loc>{page}</loc></url>");
            let body = format!("<urlset>{}</urlset>", pages.iter().map(location).collect::<String>());
            let Ok(Document::Pages(feed)) = read(body.as_bytes(), None, url, 100) else {
                panic!("no pages");
            };
            let links: Vec<&str> = feed.entries.iter().filter_map(|entry| entry.link.as_deref()).collect();
            assert_eq!(links, expected, "{url}");
        };
        let (own, news, other) = (
            "https://www.paper.org/1",
            "http://news.paper.org:8080/2",
            "https://other.org/3",
        );
        check("https://paper.org/map.xml", &[other, own, news], &[own, news]);
        check("https://cdn.example/map.xml", &[own, other, news], &[own, news]);
        let (first, second) = ("http://127.0.0.1:81/1", "http://127.0.0.1:82/2");
        check("http://127.0.0.1:82/map.xml", &[first, second], &[second]);
    }

    #[test]
    fn a_document_that_tells_nothing_is_no_feed() {
        let deep = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{}",
            "[".repeat(10_000)
        );
        assert_eq!(kind(&deep, None, "https://example.org/x"), "nothing");
        let empty = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"News\",\"items\":[]}";
        assert_eq!(kind(empty, None, "https://example.org/x"), "feed");
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
