//! JSON Feed 1.1.

use serde_json::json;

use crate::press::Press;
use crate::site::SITES;

pub(super) fn document(press: &Press, site: usize) -> String {
    let style = &SITES[site];
    let items: Vec<_> = press
        .feed_entries(site)
        .iter()
        .map(|entry| {
            let authors: Vec<_> = entry.authors.iter().map(|name| json!({"name": name})).collect();
            json!({
                "id": format!("{}-{}", style.key, entry.number),
                "url": press.entry_link(entry, &style.feed),
                "title": entry.title,
                "summary": entry.summary(),
                "content_text": entry.summary(),
                "date_published": entry.published(style).iso(),
                "date_modified": entry.updated(style).iso(),
                "language": entry.language,
                "authors": authors,
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": style.name,
        "home_page_url": format!("{}/", press.base_url(site)),
        "feed_url": press.feed_url(site),
        "language": style.language,
        "items": items,
    });
    feed.to_string()
}
