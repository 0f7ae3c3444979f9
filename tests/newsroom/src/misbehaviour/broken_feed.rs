//! A feed whose generator died in the middle: whole entries, one with a bare ampersand and an undeclared entity, and
//! then half an entry.

use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::feed;
use crate::press::Press;

pub(crate) const PATH: &str = "/misbehaviour/broken.xml";

/// The site's newest articles as RSS, broken off inside the last entry.
pub(crate) fn answer(press: &Press, site: usize) -> Response<Body> {
    let whole = feed::rss::document(press, site, false, false);
    let wild = "<item><title>Fish & chips&nbsp;price</title><link>/story/fish</link></item>\n";
    let whole = whole.replacen("<item>", &format!("{wild}<item>"), 1);
    let end = whole.rfind("<pubDate>").unwrap_or(whole.len());
    crate::validator::plain(
        StatusCode::OK,
        "application/rss+xml; charset=utf-8",
        whole[..end].to_owned(),
    )
}
