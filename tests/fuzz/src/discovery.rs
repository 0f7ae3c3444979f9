//! Feeds that a page names.

use fetcher::feed::discover::discover;

use crate::input::ADDRESS;

/// Feeds of one page.
const FEEDS_MAX: usize = 64;

/// A page names the same feeds twice, each once, and a bounded number of web addresses.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    let mut found = discover(&html, ADDRESS);
    assert_eq!(found, discover(&html, ADDRESS), "two readings differ");
    assert!(found.len() <= FEEDS_MAX);
    assert!(found.iter().all(|address| address.starts_with("http")), "{found:?}");
    let count = found.len();
    found.sort();
    found.dedup();
    assert_eq!(count, found.len(), "a feed named twice: {found:?}");
}
