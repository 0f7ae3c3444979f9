//! A page as a file: its address is the one that it gives itself.

use schemas::fetched::Content;

use super::article::Article;
use super::rows::Row;
use crate::charset;
use crate::feed::xml::{Reader, Token};

/// How far into a page its own address is looked for.
const SEARCHED_BYTES: usize = 256 * 1024;

/// An article whose body is this page.
pub(super) fn article(body: Vec<u8>) -> Article {
    Article {
        content: Content::Page,
        body,
        ..Article::default()
    }
}

/// A file that is one page. It has no other address than the one that it names itself, so that one is believed.
pub(super) fn read(bytes: &[u8]) -> Row {
    let found = Article {
        address: own_address(bytes.get(..SEARCHED_BYTES).unwrap_or(bytes)),
        content_type: Some("text/html".to_owned()),
        ..article(bytes.to_vec())
    };
    Row::Article(Box::new(found))
}

/// A file that is one text.
pub(super) fn read_text(bytes: &[u8]) -> Row {
    let text = charset::decode_xml(bytes, None);
    Row::Article(Box::new(Article::of_text(text.into_owned(), Default::default())))
}

/// The address of `<link rel=canonical>`, else of `og:url`.
fn own_address(page: &[u8]) -> Option<String> {
    let text = charset::decode_xml(page, None);
    let mut reader = Reader::new(&text);
    let mut open_graph = None;
    while let Some(token) = reader.next() {
        let Token::Start { name, attributes, .. } = token else {
            continue;
        };
        let attribute = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim().to_owned())
        };
        let is = |wanted: &str, value: &str| attribute(wanted).is_some_and(|found| found.eq_ignore_ascii_case(value));
        if name.eq_ignore_ascii_case("link") && is("rel", "canonical") {
            return attribute("href");
        }
        if name.eq_ignore_ascii_case("meta") && is("property", "og:url") {
            open_graph = open_graph.or_else(|| attribute("content"));
        }
    }
    open_graph
}
