//! Sitemaps.

use fetcher::sitemap::{Page, parse};

use crate::input::{header_and_body, length};

/// Addresses of one document, of pages or of sitemaps (sitemaps.org).
const ADDRESSES_MAX: usize = 50_000;

/// A byte becomes three at most, in whatever encoding, and each is kept once.
const GROWTH_MAX: usize = 8;

const SPARE_BYTES: usize = 65_536;

/// Reading a sitemap twice gives the same, no more addresses than the protocol allows, and nothing grows.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (content_type, body) = header_and_body(data);
    let sitemap = parse(body, content_type);
    assert_eq!(sitemap, parse(body, content_type), "two readings differ");
    assert!(sitemap.pages.len() <= ADDRESSES_MAX && sitemap.sitemaps.len() <= ADDRESSES_MAX);
    let pages: usize = sitemap.pages.iter().map(size_of_page).sum();
    let size = pages + sitemap.sitemaps.iter().map(String::len).sum::<usize>();
    assert!(
        size <= GROWTH_MAX * body.len() + SPARE_BYTES,
        "{} bytes became {size}",
        body.len()
    );
}

fn size_of_page(page: &Page) -> usize {
    let fields = [&page.modified, &page.published, &page.title, &page.language];
    page.address.len() + fields.into_iter().map(|field| length(field.as_ref())).sum::<usize>()
}
