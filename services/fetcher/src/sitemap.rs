//! Sitemaps: the addresses that a site lists, with the news extension, and indexes of sitemaps (sitemaps.org).
//!
//! Lenient as the feed reader: namespaces are not asked for, a cut document gives what came before the cut.

use schemas::time::Timestamp;

use crate::feed::tree::{Element, Scope};
use crate::feed::xml::{Reader, Token};
use crate::{charset, date};

/// Addresses of one document (the protocol allows as many); more are dropped.
const ADDRESSES_MAX: usize = 50_000;

/// What a sitemap says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// The pages that it lists.
    pub pages: Vec<Page>,
    /// The sitemaps that it lists.
    pub sitemaps: Vec<Child>,
}

/// One listed page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its address.
    pub address: String,
    /// When it changed.
    pub modified: Option<Timestamp>,
    /// When the article was published (news extension).
    pub published: Option<Timestamp>,
    /// The article's title (news extension).
    pub title: Option<String>,
    /// The language of the publication (news extension).
    pub language: Option<String>,
}

/// One listed sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Child {
    /// Its address.
    pub address: String,
    /// When it changed.
    pub modified: Option<Timestamp>,
}

/// Reads a sitemap, an index of sitemaps, or a plain list of addresses.
///
/// `content_type` is the response's header, `base_url` the address that relative addresses start from.
#[must_use]
pub fn parse(body: &[u8], content_type: Option<&str>, base_url: &str) -> Sitemap {
    let text = charset::decode_xml(body, content_type);
    match text.contains('<') {
        true => parse_xml(&text, base_url),
        false => parse_lines(&text),
    }
}

fn parse_lines(text: &str) -> Sitemap {
    let page = |line: &str| Page {
        address: line.to_owned(),
        ..Page::default()
    };
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with("http"));
    Sitemap {
        pages: lines.take(ADDRESSES_MAX).map(page).collect(),
        sitemaps: Vec::new(),
    }
}

fn parse_xml(text: &str, base_url: &str) -> Sitemap {
    let mut reader = Reader::new(text);
    let scope = Scope::new(base_url);
    let mut sitemap = Sitemap::default();
    while let Some(token) = reader.next() {
        let Token::Start {
            name,
            attributes,
            empty: false,
        } = token
        else {
            continue;
        };
        let element = Element::open(name, &attributes, &scope);
        match element.name.as_str() {
            "url" => {
                let element = element.read(&mut reader, &["urlset".to_owned()]);
                let page = page(&element).filter(|_| sitemap.pages.len() < ADDRESSES_MAX);
                sitemap.pages.extend(page);
            }
            "sitemap" => {
                let element = element.read(&mut reader, &["sitemapindex".to_owned()]);
                let address = text_of(&element, "loc").filter(|_| sitemap.sitemaps.len() < ADDRESSES_MAX);
                sitemap.sitemaps.extend(address.map(|address| Child {
                    address,
                    modified: time_of(&element, "lastmod"),
                }));
            }
            _ => {}
        }
    }
    sitemap
}

fn page(element: &Element) -> Option<Page> {
    let news = element.child("news");
    let of_news = |name: &str| news.and_then(|news| text_of(news, name));
    let publication = news.and_then(|news| news.child("publication"));
    Some(Page {
        address: text_of(element, "loc")?,
        modified: time_of(element, "lastmod"),
        published: of_news("publication_date").and_then(|text| date::parse(&text)),
        title: of_news("title"),
        language: publication.and_then(|publication| text_of(publication, "language")),
    })
}

fn time_of(element: &Element, name: &str) -> Option<Timestamp> {
    date::parse(&text_of(element, name)?)
}

fn text_of(element: &Element, name: &str) -> Option<String> {
    element.child(name).map(Element::text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pages_with_their_news() {
        let body = "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc> https://example.org/a\
            </loc><lastmod>2026-11-22</lastmod><n:news><n:publication><n:name>The Post</n:name><n:language>de\
            </n:language></n:publication><n:title>A &amp; B</n:title></n:news></url><url>\
            <loc>https://example.org/b</loc><lastmod>2026-1";
        let cut = "<urlset><url><loc>https://example.org/a</loc></url><url><loc>https://exam";
        assert_eq!(parse(cut.as_bytes(), None, "").pages.len(), 1);
        let sitemap = parse(body.as_bytes(), None, "");
        assert_eq!(sitemap.pages[0].address, "https://example.org/a");
        assert_eq!(sitemap.pages[0].title.as_deref(), Some("A & B"));
        assert_eq!(sitemap.pages[0].language.as_deref(), Some("de"));
        assert_eq!(sitemap.pages[1].address, "https://example.org/b");
    }

    #[test]
    fn reads_indexes_and_lists() {
        let index = b"<sitemapindex><sitemap><loc>https://example.org/1.xml</loc></sitemap></sitemapindex>";
        assert_eq!(parse(index, None, "").sitemaps[0].address, "https://example.org/1.xml");
        let list = parse(b"https://example.org/a\r\n\r\nhttps://example.org/b\n", None, "");
        assert_eq!(list.pages.len(), 2);
    }
}
