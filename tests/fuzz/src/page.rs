//! Pages: the cleaner's way from bytes to an article.

use cleaner::decode::decode;
use cleaner::extracted::{Extracted, Known};
use cleaner::html;

use crate::input::{ADDRESS, header_and_body};

/// Bytes told of one cut piece, and of one block.
const GROWTH_MAX: usize = 16;

const SPARE_BYTES: usize = 65_536;

/// A page read twice gives the same article or the same reason why it is none, whole or as a fragment of a feed, and
/// the article is no larger than the page can account for. Nothing is invented and nothing is told twice: what is kept
/// and what is cut have no letter more often, together, than the page has it.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (content_type, body) = header_and_body(data);
    let decoded = decode(body, content_type);
    assert!(decoded.text.len() <= 3 * body.len() + 3);
    let known = Known::default();
    let article = html::extract(&decoded.text, Some(ADDRESS), &known);
    assert_eq!(
        article,
        html::extract(&decoded.text, Some(ADDRESS), &known),
        "two readings differ"
    );
    if let Ok(article) = article {
        check_article(&article, decoded.text.len());
        check_letters(&article, &decoded.text);
    }
    if let Ok(article) = html::extract_fragment(&decoded.text, Some(ADDRESS), &known) {
        check_article(&article, decoded.text.len());
    }
}

fn check_article(article: &Extracted, bytes: usize) {
    assert!(
        article.blocks.iter().all(|block| !block.text.trim().is_empty()),
        "an empty block"
    );
    let removed: usize = article.removed.iter().map(|removed| removed.text.len()).sum();
    let size = article.title.len() + article.text().len() + removed;
    assert!(
        size <= GROWTH_MAX * bytes + SPARE_BYTES,
        "a page of {bytes} bytes became {size}"
    );
    if let Some(language) = &article.language {
        assert!((0.0..=1.0).contains(&language.confidence), "{language:?}");
    }
}

/// How often a text has each ASCII letter and digit.
fn letters<'a>(texts: impl Iterator<Item = &'a str>) -> [usize; 128] {
    let mut counts = [0; 128];
    for byte in texts.flat_map(str::bytes).filter(u8::is_ascii_alphanumeric) {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    counts
}

/// Character references make letters out of others, so a page with any is not counted.
fn check_letters(article: &Extracted, page: &str) {
    if page.contains('&') {
        return;
    }
    let kept = article.blocks.iter().map(|block| block.text.as_str());
    let cut = article.removed.iter().map(|removed| removed.text.as_str());
    let (told, there) = (letters(kept.chain(cut)), letters(std::iter::once(page)));
    for (letter, (told, there)) in told.iter().zip(there).enumerate() {
        assert!(
            *told <= there,
            "{letter:#x} is told {told} times and on the page {there} times"
        );
    }
}
