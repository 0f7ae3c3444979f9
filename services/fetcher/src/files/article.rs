//! An article out of a file, on its way to the records that the live lane writes too.

use schemas::article::Trace;
use schemas::fetched::{Content, Fetched, FetchedRights, Hints, MAX_BODY_BYTES};
use schemas::frontier::FrontierEntry;
use schemas::id::{FetchId, SourceId};
use schemas::source::Source;
use schemas::time::Timestamp;

use crate::bounds::{ADDRESS_BYTES_MAX, FEED_HTML_BYTES_MAX, bound};
use crate::found::Found;

/// Topics of a source that are handed on.
const TOPICS_MAX: usize = 64;

/// What a format's reader found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Article {
    /// Its address.
    pub(super) address: Option<String>,
    /// Its publisher's own id.
    pub(super) id: Option<String>,
    /// What the body is.
    pub(super) content: Content,
    /// The body's content type.
    pub(super) content_type: Option<String>,
    /// X-Robots-Tag headers.
    pub(super) robots_headers: Vec<String>,
    /// What the response's headers say about its use.
    pub(super) rights: FetchedRights,
    /// What was said about it.
    pub(super) hints: Hints,
    /// The body.
    pub(super) body: Vec<u8>,
    /// True when the body is what a feed shows and the page itself may be fetched.
    pub(super) is_entry: bool,
}

impl Article {
    /// An article whose body is an HTML fragment.
    pub(super) fn of_fragment(html: String, hints: Hints) -> Self {
        Self {
            content: Content::FeedHtml,
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: html.into_bytes(),
            hints,
            ..Self::default()
        }
    }

    /// An article whose body is plain text.
    pub(super) fn of_text(text: String, hints: Hints) -> Self {
        Self {
            content: Content::Text,
            content_type: Some("text/plain; charset=utf-8".to_owned()),
            body: text.into_bytes(),
            hints,
            ..Self::default()
        }
    }

    /// True when the body is larger than any that is taken.
    pub(super) fn is_too_large(&self) -> bool {
        MAX_BODY_BYTES < self.body.len()
    }

    /// The address by which the article is known: its own when it has one on the web, else its publisher's id, made a
    /// URN where it is none, else its place below the source. Never the path of a directory of ours.
    pub(super) fn name(&self, place: &RowPlace<'_>) -> String {
        let short = |text: &&str| !text.is_empty() && text.len() <= ADDRESS_BYTES_MAX;
        let named = [self.address.as_deref(), self.id.as_deref()]
            .into_iter()
            .flatten()
            .map(str::trim)
            .filter(short);
        let mut plain = None;
        for text in named {
            match url::Url::parse(text) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => return text.to_owned(),
                Ok(url) if matches!(url.scheme(), "urn" | "tag") => return text.to_owned(),
                _ => plain = plain.or(Some(text.to_owned())),
            }
        }
        let own = plain.unwrap_or_else(|| format!("{}/{}", place.path, place.row));
        format!("urn:x-copydesk:{}:{}", place.source.id, escaped(&own))
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowPlace<'a> {
    /// The source.
    pub(super) source: &'a Source,
    /// The file's path below it.
    pub(super) path: &'a str,
    /// Its number in the file, from 0.
    pub(super) row: u64,
    /// When the file was taken for reading.
    pub(super) taken_at: Timestamp,
}

impl RowPlace<'_> {
    /// The fetch id of what stands here: the same however often a crash makes it be read.
    pub(super) fn fetch_id(&self, kind: &str) -> FetchId {
        let SourceId(source) = &self.source.id;
        FetchId::of_request(&format!("{kind} {source} {} {}", self.row, self.path), self.taken_at)
    }

    /// The record of `article`, which enters the pipeline at `now`.
    pub(super) fn found(&self, mut article: Article, now: Timestamp) -> Found {
        let url = article.name(self);
        let topics = self.source.topics.iter().take(TOPICS_MAX).cloned();
        article.hints.categories.splice(0..0, topics);
        if let Some(language) = &self.source.language {
            article.hints.language = Some(language.clone());
        }
        bound(&mut article.hints);
        let is_web = url.starts_with("http://") || url.starts_with("https://");
        if article.is_entry && self.source.fetch_pages && is_web {
            let html = String::from_utf8(article.body).ok();
            return Found::Entry(Box::new(FrontierEntry {
                requested_url: url.clone(),
                url,
                source_id: self.source.id.clone(),
                found_at: now,
                hints: article.hints,
                feed_html: html.filter(|html| (1..=FEED_HTML_BYTES_MAX).contains(&html.len())),
                fetch_page: true,
                ..FrontierEntry::default()
            }));
        }
        Found::Fetched(Box::new(Fetched {
            trace: Trace {
                fetch_id: self.fetch_id("row"),
                source_id: self.source.id.clone(),
                requested_url: url.clone(),
                fetched_at: now,
            },
            url,
            status: 200,
            content_type: article.content_type,
            robots_headers: article.robots_headers,
            rights: article.rights,
            content: article.content,
            hints: article.hints,
            continues: None,
            from_file: true,
            body: article.body,
        }))
    }
}

/// `text` with everything escaped that a URN does not take as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
