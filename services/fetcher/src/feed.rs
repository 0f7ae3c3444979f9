//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed, read leniently.
//!
//! A feed fails by the field and never as a whole: an ill-formed date costs that date, a cut document costs what was
//! cut. Only a document in which no feed can be recognised is an error.

pub mod discover;
mod document;
mod entry_fields;
mod head;
mod json;
mod newest;
pub(crate) mod reference;
pub(crate) mod scope;
pub mod text;
pub(crate) mod tree;
pub(crate) mod xml;

use schemas::time::Timestamp;

/// What a feed says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// Its title, plain text.
    pub title: Option<String>,
    /// The language that it states.
    pub language: Option<String>,
    /// Its entries in document order.
    pub entries: Vec<Entry>,
    /// How many entries the document holds, kept or not.
    pub entries_seen: usize,
    /// The feed's own authors, whom entries have that name none (RFC 4287, section 4.2.1).
    pub authors: Vec<String>,
    /// The WebSub hubs that it names, absolute, in document order (`rel="hub"`; `hubs` of a JSON Feed).
    pub hub_links: Vec<String>,
    /// The address that it gives itself, absolute (`rel="self"`; `feed_url` of a JSON Feed). A WebSub topic is named
    /// by it.
    pub self_link: Option<String>,
    /// How long it says that an answer stays good, in seconds: RSS `ttl`, else `sy:updatePeriod` through
    /// `sy:updateFrequency`. A year at most.
    pub ttl_seconds: Option<u32>,
    /// The hours of the day, in UTC, in which it asks not to be read, ascending (RSS 2.0 `skipHours`).
    pub skip_hours: Vec<u8>,
    /// The days of the week on which it asks not to be read, Monday as 0, ascending (RSS 2.0 `skipDays`).
    pub skip_days: Vec<u8>,
}

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The article's address, absolute.
    pub link: Option<String>,
    /// The entry's own id; where it is a relative address, an absolute one.
    pub id: Option<String>,
    /// The id as written: what names the entry among its siblings even when the feed moves.
    pub key: Option<String>,
    /// Its title, plain text.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// That date as written.
    pub published_text: Option<String>,
    /// When it was updated.
    pub updated: Option<Timestamp>,
    /// That date as written.
    pub updated_text: Option<String>,
    /// Its authors' names.
    pub authors: Vec<String>,
    /// A summary, HTML.
    pub summary: Option<String>,
    /// The whole text, HTML.
    pub content_html: Option<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// The language that it states for itself.
    pub language: Option<String>,
}

/// Why a document is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
    /// It is a web page.
    #[error("the document is a web page")]
    WebPage,
    /// It is something else.
    #[error("no feed can be recognised in the document")]
    Unknown,
}

/// Reads a feed from the bytes of a response, with all its entries.
///
/// `content_type` is the response's header, `base_url` the address that relative links start from.
///
/// # Errors
/// When no feed can be recognised in the document.
pub fn parse(body: &[u8], content_type: Option<&str>, base_url: &str) -> Result<Feed, FeedError> {
    let mut entries = Vec::new();
    let feed = parse_with(body, content_type, base_url, &mut |entry| entries.push(entry))?;
    Ok(with_entries(feed, entries))
}

/// Reads a feed as [`parse`] does, but keeps its newest entries only, `entries_max` at most, in document order.
///
/// The newest are those with the latest dates; where one has no date, those that stand first. Memory is bounded by
/// the document and four times the entries kept.
///
/// # Errors
/// When no feed can be recognised in the document.
pub fn parse_newest(
    body: &[u8],
    content_type: Option<&str>,
    base_url: &str,
    entries_max: usize,
) -> Result<Feed, FeedError> {
    let mut newest = newest::Newest::new(entries_max);
    let feed = parse_with(body, content_type, base_url, &mut |entry| newest.add(entry))?;
    Ok(with_entries(feed, newest.into_entries()))
}

/// Reads a feed as [`parse`] does, but hands each entry to `take` as soon as it was read, and gives the feed without
/// entries. Besides the document one entry is in memory at a time.
///
/// An entry that names no author has those that the feed named before it; authors that stand after it are in
/// [`Feed::authors`] only.
///
/// # Errors
/// When no feed can be recognised in the document.
pub fn parse_with(
    body: &[u8],
    content_type: Option<&str>,
    base_url: &str,
    take: &mut dyn FnMut(Entry),
) -> Result<Feed, FeedError> {
    let text = crate::charset::decode_xml(body, content_type);
    let text = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if text.is_empty() {
        return Err(FeedError::Empty);
    }
    match text.starts_with(['{', '[']) {
        true => json::parse(text, base_url, take),
        false => document::parse(text, base_url, take),
    }
}

fn with_entries(mut feed: Feed, entries: Vec<Entry>) -> Feed {
    feed.entries = entries;
    for entry in feed.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
        entry.authors.clone_from(&feed.authors);
    }
    feed
}

/// True for an address of the web.
pub(crate) fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts("http://") || starts("https://")
}

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod tests;
