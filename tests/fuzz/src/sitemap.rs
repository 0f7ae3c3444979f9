//! Sitemaps.

use fetcher::sitemap::{Child, Page, parse};

use crate::input::{ADDRESS, header_and_body, length};

/// Addresses of one document, of pages or of sitemaps (sitemaps.org).
const ADDRESSES_MAX: usize = 50_000;

/// The size to which a document is inflated at most, and how far deflate can go.
const INFLATED_BYTES_MAX: usize = 50 * 1024 * 1024;
const INFLATION_MAX: usize = 1_032;

/// A byte becomes three at most, in whatever encoding, and each is kept once; where it is a feed, more than once.
const GROWTH_MAX: usize = 32;

/// What an address may hold that it did not write itself: the one that it starts from.
const BASE_BYTES_MAX: usize = 4_096;

const SPARE_BYTES: usize = 65_536;

/// Reading a sitemap twice gives the same, no more addresses than the protocol allows, and nothing grows but by gzip.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (content_type, body) = header_and_body(data);
    let sitemap = parse(body, content_type, ADDRESS);
    assert_eq!(sitemap, parse(body, content_type, ADDRESS), "two readings differ");
    assert!(sitemap.pages.len() <= ADDRESSES_MAX && sitemap.sitemaps.len() <= ADDRESSES_MAX);
    let pages: usize = sitemap.pages.iter().map(size_of_page).sum();
    let size = pages + sitemap.sitemaps.iter().map(size_of_child).sum::<usize>();
    let inflated = match body.starts_with(&[0x1f, 0x8b]) {
        true => INFLATED_BYTES_MAX.min(INFLATION_MAX * body.len()),
        false => body.len(),
    };
    let count = sitemap.pages.len() + sitemap.sitemaps.len();
    let limit = GROWTH_MAX * inflated + BASE_BYTES_MAX.min(inflated) * count + SPARE_BYTES;
    assert!(size <= limit, "{} bytes became {size}, more than {limit}", body.len());
}

fn size_of_page(page: &Page) -> usize {
    let fields = [
        &page.modified_text,
        &page.published_text,
        &page.title,
        &page.name,
        &page.language,
    ];
    page.address.len() + fields.into_iter().map(|field| length(field.as_ref())).sum::<usize>()
}

fn size_of_child(child: &Child) -> usize {
    child.address.len() + length(child.modified_text.as_ref())
}
