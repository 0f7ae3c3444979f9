//! Feeds.

use fetcher::feed::{Entry, Feed, parse};

use crate::input::{ADDRESS, header_and_body, length};

/// The shortest entry is one of JSON: `{},`.
const ENTRY_BYTES_MIN: usize = 3;

/// A character may become an escape of six bytes, and a text may fill several fields of one entry.
const GROWTH_MAX: usize = 32;

/// What an entry may hold that it did not write itself: the address that its links start from, the feed's authors and
/// language.
const INHERITED_BYTES_MAX: usize = 16_384;

/// What the feed as a whole may have as a head start.
const SPARE_BYTES: usize = 65_536;

/// Reading a feed twice gives the same, and memory is bounded by the size of the document.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (content_type, body) = header_and_body(data);
    let read = parse(body, content_type, ADDRESS);
    assert_eq!(read, parse(body, content_type, ADDRESS), "two readings differ");
    let Ok(feed) = read else {
        return;
    };
    let count = feed.entries.len();
    assert!(
        count <= 1 + body.len() / ENTRY_BYTES_MIN,
        "{count} entries in {} bytes",
        body.len()
    );
    let limit = GROWTH_MAX * body.len() + INHERITED_BYTES_MAX.min(body.len()) * count + SPARE_BYTES;
    let size = size_of_feed(&feed);
    assert!(
        size <= limit,
        "{} bytes became {size} in {count} entries, more than {limit}",
        body.len()
    );
    for entry in &feed.entries {
        check_entry(entry);
    }
}

fn check_entry(entry: &Entry) {
    let texts = [&entry.link, &entry.id, &entry.key, &entry.title, &entry.language];
    assert!(
        texts.into_iter().flatten().all(|text| !text.is_empty()),
        "an empty text is none: {entry:?}"
    );
    let names = entry.authors.iter().chain(&entry.categories);
    assert!(names.clone().all(|name| !name.is_empty()), "an empty name: {entry:?}");
    assert!(names.count() <= 256, "names without end");
}

fn size_of_feed(feed: &Feed) -> usize {
    let entries: usize = feed.entries.iter().map(size_of_entry).sum();
    let fields = [&feed.title, &feed.language, &feed.self_link];
    let own: usize = fields.into_iter().map(|field| length(field.as_ref())).sum();
    own + feed.hub_links.iter().map(String::len).sum::<usize>() + entries
}

fn size_of_entry(entry: &Entry) -> usize {
    let fields = [
        &entry.link,
        &entry.id,
        &entry.key,
        &entry.title,
        &entry.published_text,
        &entry.updated_text,
        &entry.summary,
        &entry.content_html,
        &entry.language,
    ];
    let names = entry.authors.iter().chain(&entry.categories);
    let named: usize = names.map(String::len).sum();
    named + fields.into_iter().map(|field| length(field.as_ref())).sum::<usize>()
}
