//! A feed as a file: its entries, as a poll would find them.

use schemas::fetched::Hints;

use super::article::Article;
use super::whole::Item;
use crate::feed;

/// The entries of a feed; `None` when it is none.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Item>> {
    let feed = feed::parse(bytes, None, "").ok()?;
    let language = feed.language;
    let item = |entry: feed::Entry| {
        let hints = Hints {
            title: entry.title,
            authors: entry.authors,
            published_at: entry.published,
            updated_at: entry.updated,
            categories: entry.categories,
            language: entry.language.or_else(|| language.clone()),
        };
        let html = entry.content_html.or(entry.summary).unwrap_or_default();
        Item {
            article: Article {
                address: entry.link,
                id: entry.id,
                is_entry: true,
                ..Article::of_fragment(html, hints)
            },
            taken_back: false,
            embargo: None,
            is_text: true,
        }
    };
    Some(feed.entries.into_iter().map(item).collect())
}
