//! Feeds and pages of misbehaving sites, as simple as they can be: each row spoils one thing in them.

use super::story::Text;
use crate::calendar::Moment;
use crate::markup::escape;

/// When the articles of misbehaving sites came out: fixed, so that their feeds never change by themselves.
const PUBLISHED_AT: i64 = 1_772_400_000;

/// The time of the `index`th article of a feed, seconds since 1970.
fn published_at(index: usize) -> i64 {
    PUBLISHED_AT - 600 * i64::try_from(index).unwrap_or(0)
}

/// An RSS 2.0 document.
pub(super) fn rss(texts: &[Text]) -> String {
    let items: String = texts
        .iter()
        .enumerate()
        .map(|(index, text)| item(&text.title, &text.url, &text.slug, &rfc822(index)))
        .collect();
    rss_of_items(&items)
}

/// RFC 822 date of the `index`th article.
pub(super) fn rfc822(index: usize) -> String {
    Moment::new(published_at(index), 0).rfc822()
}

/// RFC 3339 date of the `index`th article, `later` seconds later.
pub(super) fn rfc3339(index: usize, later: i64) -> String {
    Moment::new(published_at(index) + later, 0).utc()
}

/// One item; title, link and identifier as plain text.
pub(super) fn item(title: &str, link: &str, identifier: &str, date: &str) -> String {
    format!(
        "<item>\n<title>{}</title>\n<link>{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{date}</pubDate>\n\
         <description>{}</description>\n</item>\n",
        escape(title),
        escape(link),
        escape(identifier),
        escape(title),
    )
}

/// The document around items as written.
pub(super) fn rss_of_items(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n<channel>\n<title>The Odd Gazette</title>\n\
         <link>/</link>\n<description>A site that misbehaves</description>\n{items}</channel>\n</rss>\n"
    )
}

/// The page of an article.
pub(super) fn page(text: &Text) -> String {
    page_with_head(
        text,
        &format!("<link rel=\"canonical\" href=\"{}\">", escape(&text.url)),
    )
}

/// The same with `head` in place of the canonical link.
pub(super) fn page_with_head(text: &Text, head: &str) -> String {
    let title = escape(&text.title);
    let body = paragraphs(text);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n{head}\n</head>\n\
         <body>\n<nav><a href=\"/\">Home</a> <a href=\"/contact\">Contact</a></nav>\n<article>\n<h1>{title}</h1>\n\
         {body}</article>\n<footer><p>The Odd Gazette</p></footer>\n</body>\n</html>\n"
    )
}

/// The paragraphs in their tags.
pub(super) fn paragraphs(text: &Text) -> String {
    text.body
        .iter()
        .map(|paragraph| format!("<p>{}</p>\n", escape(paragraph)))
        .collect()
}
