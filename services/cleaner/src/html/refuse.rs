//! Pages that are no article: what isn't HTML, errors served as pages, lists of stories, stubs before a paywall.

use schemas::fate::FilterReason;

use super::features::Features;
use super::page::Page;
use crate::extracted::RemovedKind;
use crate::metadata::Metadata;

/// Weighted characters below which a text is no story.
const MIN_STORY: f32 = 140.0;
/// Weighted characters below which a story behind a paywall is a stub.
const MAX_STUB: f32 = 900.0;

/// Whether the text can be markup: it has a tag early, and isn't binary.
pub(super) fn is_html(text: &str) -> bool {
    let head = crate::words::start(text, 8192);
    let controls = head
        .chars()
        .filter(|character| character.is_control() && !character.is_whitespace() || *character == '\u{fffd}')
        .count();
    let has_tag = text
        .as_bytes()
        .windows(2)
        .take(65_536)
        .any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || pair[1] == b'!'));
    has_tag && controls * 20 <= head.chars().count()
}

/// Judges what was kept.
pub(super) fn judge(page: &Page, features: &Features, keep: &[bool], metadata: &Metadata) -> Result<(), FilterReason> {
    let kept = || {
        page.blocks
            .iter()
            .zip(keep)
            .filter(|(_, keep)| **keep)
            .map(|(block, _)| block)
    };
    let size: f32 = kept().map(|block| block.size).sum();
    let good: f32 = page
        .blocks
        .iter()
        .zip(keep)
        .zip(&features.good)
        .filter(|((_, keep), good)| **keep && **good)
        .map(|((block, _), _)| block.size)
        .sum();
    if size < MIN_STORY && is_listing(page, features) {
        return Err(FilterReason::ListingPage);
    }
    if size <= 0.0 {
        return Err(FilterReason::NoArticle);
    }
    if size < MAX_STUB && is_stub(page, features, keep, metadata, size) {
        return Err(FilterReason::PaywallStub);
    }
    if size < MIN_STORY {
        return Err(if good > 0.0 || metadata.is_article {
            FilterReason::TooShort
        } else {
            FilterReason::NoArticle
        });
    }
    if !metadata.is_article && is_listing(page, features) && is_scattered(page, features, keep) {
        return Err(FilterReason::ListingPage);
    }
    Ok(())
}

/// A request to pay right below a story that breaks off, or that is said to cost and is a sentence or two. Requests elsewhere on the page stand
/// beside whole stories, too.
fn is_stub(page: &Page, features: &Features, keep: &[bool], metadata: &Metadata, size: f32) -> bool {
    let Some(last) = keep.iter().rposition(|keep| *keep) else {
        return false;
    };
    let nags = features
        .shapes
        .iter()
        .skip(last + 1)
        .take(8)
        .any(|shape| shape.said.is(RemovedKind::Paywall));
    let text = page.blocks.get(last).map_or("", |block| block.text.as_str());
    let breaks_off = !crate::words::ends_sentence(text) || text.ends_with(['…', '—']) || text.ends_with("...");
    nags && (breaks_off || metadata.rights.paywall && size < MAX_STUB / 3.0)
}

/// Many linked headlines and little else.
fn is_listing(page: &Page, features: &Features) -> bool {
    let headlines = page
        .blocks
        .iter()
        .filter(|block| block.size >= 25.0 && block.size < 200.0 && block.link_size > 0.8 * block.size)
        .count();
    let good = features.good.iter().filter(|good| **good).count();
    headlines >= 12 && headlines > 2 * good
}

/// What was kept are teasers: short paragraphs with a linked headline beside nearly every one of them.
fn is_scattered(page: &Page, features: &Features, keep: &[bool]) -> bool {
    let prose: Vec<usize> = (0..keep.len())
        .filter(|index| keep[*index] && features.good[*index])
        .collect();
    let is_link = |index: usize| {
        page.blocks
            .get(index)
            .is_some_and(|block| block.size >= 15.0 && block.link_size > 0.8 * block.size)
    };
    let beside = prose
        .iter()
        .filter(|index| index.checked_sub(1).is_some_and(is_link) || is_link(**index + 1))
        .count();
    beside * 10 > prose.len() * 7
}
