//! The feeds, in the five forms that are common.

use crate::press::Press;
use crate::site::{FeedKind, SITES};
use crate::validator::Document;

mod atom;
mod json;
mod rdf;
pub(crate) mod rss;

/// The feed of a site.
pub(crate) fn document(press: &Press, site: usize) -> Document {
    let damaged = SITES[site].feed.damaged_entry;
    let (text, content_type) = match SITES[site].feed.kind {
        FeedKind::Rss => (
            rss::document(press, site, false, damaged),
            "application/rss+xml; charset=utf-8",
        ),
        FeedKind::RssContent => (
            rss::document(press, site, true, damaged),
            "application/rss+xml; charset=utf-8",
        ),
        FeedKind::Atom => (atom::document(press, site), "application/atom+xml; charset=utf-8"),
        FeedKind::Json => (json::document(press, site), "application/feed+json"),
        FeedKind::Rdf => (rdf::document(press, site), "application/rdf+xml"),
    };
    Document {
        text,
        content_type,
        modified_at: modified_at(press, site),
        in_site_charset: false,
    }
}

/// The time of the newest entry, seconds since 1970.
fn modified_at(press: &Press, site: usize) -> i64 {
    let times = press
        .feed_entries(site)
        .into_iter()
        .map(|entry| entry.corrected_at.unwrap_or(entry.published_at));
    times.max().unwrap_or(0)
}
