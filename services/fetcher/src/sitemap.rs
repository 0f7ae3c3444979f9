//! Sitemaps: the addresses that a site lists, with the news extension, and indexes of sitemaps (sitemaps.org).
//!
//! Lenient as the feed reader: namespaces are not asked for, a cut document gives what came before the cut, and a
//! feed in the place of a sitemap, which the protocol allows, gives its entries.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use schemas::time::Timestamp;

use crate::bounds::ADDRESS_BYTES_MAX;
use crate::feed::reference::resolved;
use crate::feed::scope::Scope;
use crate::feed::tree::Element;
use crate::feed::xml::{Reader, Token};
use crate::{charset, date, feed};

/// Addresses of one document (the protocol allows as many); more are dropped.
const ADDRESSES_MAX: usize = 50_000;

/// The longest document after inflating (the protocol's own limit); what comes after is dropped.
const INFLATED_BYTES_MAX: u64 = 50 * 1024 * 1024;

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
    /// That date as written.
    pub modified_text: Option<String>,
    /// When the article was published (news extension).
    pub published: Option<Timestamp>,
    /// That date as written.
    pub published_text: Option<String>,
    /// The article's title (news extension).
    pub title: Option<String>,
    /// The name of the publication (news extension).
    pub name: Option<String>,
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
    /// That date as written.
    pub modified_text: Option<String>,
}

/// Reads a sitemap, an index of sitemaps, a feed, or a plain list of addresses, any of them gzipped or not.
///
/// `content_type` is the response's header, `base_url` the address that relative addresses start from.
#[must_use]
pub fn parse(body: &[u8], content_type: Option<&str>, base_url: &str) -> Sitemap {
    let inflated = inflated(body);
    let body = inflated.as_deref().unwrap_or(body);
    let text = charset::decode_xml(body, content_type);
    if !text.contains('<') {
        return parse_lines(&text);
    }
    let sitemap = parse_xml(&text, base_url);
    match sitemap.pages.is_empty() && sitemap.sitemaps.is_empty() {
        true => parse_feed(body, content_type, base_url),
        false => sitemap,
    }
}

/// The content of a gzip file, which `sitemap.xml.gz` is also where no header says so. Where the file is cut or
/// broken, what came before.
fn inflated(body: &[u8]) -> Option<Vec<u8>> {
    if !is_gzip(body) {
        return None;
    }
    let mut out = Vec::new();
    // An error costs what comes after it.
    let _ = MultiGzDecoder::new(body).take(INFLATED_BYTES_MAX).read_to_end(&mut out);
    Some(out)
}

/// The first `bytes` of a document, inflated where it is a gzip file.
pub(crate) fn beginning(body: &[u8], bytes: usize) -> Vec<u8> {
    if !is_gzip(body) {
        return body.get(..bytes).unwrap_or(body).to_vec();
    }
    let mut out = Vec::new();
    let most = u64::try_from(bytes).unwrap_or(INFLATED_BYTES_MAX);
    // As above.
    let _ = MultiGzDecoder::new(body).take(most).read_to_end(&mut out);
    out
}

/// True for what begins as gzip files do.
pub(crate) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b])
}

fn parse_lines(text: &str) -> Sitemap {
    let page = |line: &str| Page {
        address: line.to_owned(),
        ..Page::default()
    };
    let lines = text.lines().map(|line| line.trim().trim_start_matches('\u{feff}'));
    let lines = lines.filter(|line| line.len() <= ADDRESS_BYTES_MAX && feed::is_web(line));
    Sitemap {
        pages: lines.take(ADDRESSES_MAX).map(page).collect(),
        sitemaps: Vec::new(),
    }
}

fn parse_feed(body: &[u8], content_type: Option<&str>, base_url: &str) -> Sitemap {
    let entries = feed::parse_newest(body, content_type, base_url, ADDRESSES_MAX).map(|feed| feed.entries);
    let pages = entries.unwrap_or_default().into_iter().filter_map(|entry| {
        Some(Page {
            address: entry.link?,
            modified: entry.updated,
            modified_text: entry.updated_text,
            published: entry.published,
            published_text: entry.published_text,
            title: entry.title,
            name: None,
            language: entry.language,
        })
    });
    Sitemap {
        pages: pages.collect(),
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
        let element = Element::open(name, attributes, &scope);
        match element.name.as_ref() {
            "url" if sitemap.pages.len() < ADDRESSES_MAX => {
                let element = element.read(&mut reader, &["urlset"]);
                sitemap.pages.extend(page(&element));
            }
            "sitemap" if sitemap.sitemaps.len() < ADDRESSES_MAX => {
                let element = element.read(&mut reader, &["sitemapindex"]);
                sitemap.sitemaps.extend(child(&element));
            }
            _ => {}
        }
    }
    sitemap
}

fn page(element: &Element<'_>) -> Option<Page> {
    let news = element.child("news");
    let publication = news.and_then(|news| news.child("publication"));
    // Some sites put all of it into the publication.
    let of_news = |name: &str| {
        let inner = || publication.and_then(|publication| text_of(publication, name));
        news.and_then(|news| text_of(news, name)).or_else(inner)
    };
    let (modified, modified_text) = dated(text_of(element, "lastmod"));
    let (published, published_text) = dated(of_news("publication_date"));
    Some(Page {
        address: address(element)?,
        modified,
        modified_text,
        published,
        published_text,
        title: of_news("title"),
        name: publication.and_then(|publication| text_of(publication, "name")),
        language: of_news("language"),
    })
}

fn child(element: &Element<'_>) -> Option<Child> {
    let (modified, modified_text) = dated(text_of(element, "lastmod"));
    Some(Child {
        address: address(element)?,
        modified,
        modified_text,
    })
}

fn address(element: &Element<'_>) -> Option<String> {
    let text = text_of(element, "loc")?;
    let address = resolved(element.scope.base(), &text);
    (address.len() <= ADDRESS_BYTES_MAX).then_some(address)
}

fn dated(text: Option<String>) -> (Option<Timestamp>, Option<String>) {
    (text.as_deref().and_then(date::parse), text)
}

/// The text of a child: the element's own, or else one of an extension, whose names are often the same.
fn text_of(element: &Element<'_>, name: &str) -> Option<String> {
    let own = element
        .elements()
        .find(|child| child.name == name && child.prefix() == element.prefix());
    let found = own.or_else(|| element.child(name));
    found.map(Element::text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const BASE: &str = "https://example.org/sitemap.xml";

    fn read(document: &str) -> Sitemap {
        parse(document.as_bytes(), None, BASE)
    }

    fn addresses(sitemap: &Sitemap) -> Vec<&str> {
        sitemap.pages.iter().map(|page| page.address.as_str()).collect()
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn reads_pages_with_their_news() {
        let sitemap = read(
            "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc> https://example.org/a\
            </loc><lastmod>2026-11-22</lastmod><n:news><n:publication><n:name>The Post</n:name><n:language>de\
            </n:language></n:publication><n:publication_date>2026-11-21T23:30:00+01:00</n:publication_date>\
            <n:title>A &amp; B</n:title></n:news></url><url><loc>https://example.org/b</loc><lastmod>2026-1",
        );
        let [first, second] = sitemap.pages.as_slice() else {
            panic!("{} pages", sitemap.pages.len());
        };
        assert_eq!(first.address, "https://example.org/a");
        assert_eq!(first.title.as_deref(), Some("A & B"));
        assert_eq!(first.name.as_deref(), Some("The Post"));
        assert_eq!(first.language.as_deref(), Some("de"));
        assert_eq!(first.modified.unwrap().to_string(), "2026-11-22T00:00:00.000Z");
        assert_eq!(first.modified_text.as_deref(), Some("2026-11-22"));
        assert_eq!(first.published.unwrap().to_string(), "2026-11-21T22:30:00.000Z");
        assert_eq!(second.address, "https://example.org/b");
        assert_eq!(second.modified_text, None);
    }

    #[test]
    fn damage_costs_the_page_that_it_is_in() {
        let cut = "<urlset><url><loc>https://example.org/a</loc></url><url><loc>https://exam";
        assert_eq!(addresses(&read(cut)), ["https://example.org/a"]);
        let unclosed = "<urlset><url><loc>/a</loc><url><lastmod>x</lastmod></url></x><url><loc>/b?c&d</loc></url>";
        assert_eq!(
            addresses(&read(unclosed)),
            ["https://example.org/a", "https://example.org/b?c&d"]
        );
    }

    #[test]
    fn names_of_extensions_are_not_taken_for_the_page() {
        let sitemap = read(
            "<urlset><url><image:loc>/i.jpg</image:loc><image:image><image:loc>/j.jpg</image:loc></image:image>
            <video:video><video:title>no</video:title></video:video><loc>/a</loc></url></urlset>",
        );
        assert_eq!(addresses(&sitemap), ["https://example.org/a"]);
        assert_eq!(sitemap.pages[0].title, None);
    }

    #[test]
    fn reads_indexes_with_their_dates() {
        let index = read(
            "<sitemapindex><sitemap><loc>https://example.org/1.xml.gz</loc><lastmod>2026-11-22T10:00Z</lastmod>\
            </sitemap><sitemap><loc><![CDATA[/2.xml]]></loc></sitemap></sitemapindex>",
        );
        assert_eq!(index.sitemaps[0].address, "https://example.org/1.xml.gz");
        assert_eq!(
            index.sitemaps[0].modified.unwrap().to_string(),
            "2026-11-22T10:00:00.000Z"
        );
        assert_eq!(index.sitemaps[1].address, "https://example.org/2.xml");
    }

    #[test]
    fn reads_lists_and_feeds() {
        let list = read("\u{feff}https://example.org/a\r\n\r\n# no\nHTTPS://example.org/b\n");
        assert_eq!(addresses(&list), ["https://example.org/a", "HTTPS://example.org/b"]);
        let feed = read("<rss><channel><link>/</link><item><link>/a</link><pubDate>22 Nov 2026</pubDate></item>");
        assert_eq!(addresses(&feed), ["https://example.org/a"]);
        assert_eq!(feed.pages[0].published_text.as_deref(), Some("22 Nov 2026"));
        assert_eq!(read("<html><body>not found</body></html>"), Sitemap::default());
    }

    #[test]
    fn gzip_needs_no_header_and_has_an_end() {
        let document = format!(
            "<urlset>{}</urlset>",
            "<url><loc>https://example.org/a</loc></url>".repeat(2_000)
        );
        let packed = gzipped(document.as_bytes());
        assert_eq!(parse(&packed, None, BASE).pages.len(), 2_000);
        let cut = parse(&packed[..packed.len() * 3 / 4], None, BASE).pages.len();
        assert!((1..2_000).contains(&cut), "{cut}");
        let blanks = usize::try_from(INFLATED_BYTES_MAX).unwrap();
        let bomb = [vec![b' '; blanks], document.into_bytes()].concat();
        assert_eq!(parse(&gzipped(&bomb), None, BASE), Sitemap::default());
    }

    #[test]
    fn an_address_that_is_too_long_is_none() {
        let long = format!("https://example.org/{}", "a".repeat(ADDRESS_BYTES_MAX));
        let listed = format!("<loc>{long}</loc></x><x><loc>https://example.org/b</loc>");
        let pages = read(&format!("<urlset><x>{listed}</x></urlset>").replace("x>", "url>"));
        assert_eq!(addresses(&pages), ["https://example.org/b"]);
        let index = read(&format!("<sitemapindex><x>{listed}</x></sitemapindex>").replace("x>", "sitemap>"));
        assert_eq!(index.sitemaps.len(), 1);
        assert_eq!(
            addresses(&read(&format!("{long}\nhttps://example.org/b"))),
            ["https://example.org/b"]
        );
    }

    #[test]
    fn too_many_addresses_are_cut_off() {
        let document = "<url><loc>https://example.org/a</loc></url>".repeat(ADDRESSES_MAX + 1);
        assert_eq!(read(&document).pages.len(), ADDRESSES_MAX);
    }
}
