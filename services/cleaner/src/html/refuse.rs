//! Pages that are no article: what isn't HTML, errors served as pages, lists of stories, stubs before a paywall.

use schemas::fate::FilterReason;

use super::element::Tag;
use super::features::Features;
use super::page::{Page, RawBlock};
use crate::extracted::RemovedKind;
use crate::metadata::Metadata;

mod notices;

/// Weighted characters below which a text is no story.
const MIN_STORY: f32 = 140.0;
/// Weighted characters below which a story behind a paywall is a stub.
const MAX_STUB: f32 = 900.0;
/// Weighted characters below which a text can be a notice in place of a page.
const MAX_NOTICE: f32 = 700.0;
/// Linked headlines from which a page can be a list of stories.
const MIN_HEADLINES: usize = 10;
/// Teasers from which a page can be a list of them although each headline has one.
const MIN_TEASERS: usize = 5;

/// Weighted characters from which a paragraph is more than a teaser.
const MAX_TEASER: f32 = 500.0;

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

/// Judges what was kept of `html`: what the scores alone would keep, and what is left of that. Teasers repeat one another,
/// so a list of stories is told by the former.
pub(super) fn judge(
    html: &str,
    page: &Page,
    features: &Features,
    (scored, keep): (&[bool], &[bool]),
    metadata: &Metadata,
) -> Result<(), FilterReason> {
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
    if size < MIN_STORY && notices::needs_script(html, page) {
        return Err(FilterReason::NeedsScript);
    }
    if size <= 0.0 || size < MAX_NOTICE && notices::is_notice(page, &metadata.title) {
        return Err(FilterReason::NoArticle);
    }
    if good <= 0.0 && captions(page, keep) > 0.5 * size {
        return Err(FilterReason::NoArticle);
    }
    if size < MAX_STUB && is_stub(page, features, keep, metadata, size) {
        return Err(FilterReason::PaywallStub);
    }
    if size < MIN_STORY && metadata.rights.paywall {
        return Err(FilterReason::PaywallStub);
    }
    if size < MIN_STORY {
        return Err(if good > 0.0 || metadata.is_article {
            FilterReason::TooShort
        } else {
            FilterReason::NoArticle
        });
    }
    if !metadata.is_article && is_scattered(page, features, scored) {
        return Err(FilterReason::ListingPage);
    }
    Ok(())
}

/// A request to pay right below a story that breaks off, or that is said to cost and is a sentence or two. Requests
/// elsewhere on the page stand beside whole stories, too, and stories may end with a list of names.
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
    let is_open = features.good[last] && !crate::words::ends_sentence(text);
    let breaks_off = is_open || text.ends_with(['…', '—']) || text.ends_with("...");
    nags && (breaks_off || metadata.rights.paywall && size < MAX_STUB / 3.0)
}

/// Weighted characters of what was kept that stand with pictures: all that a gallery has.
fn captions(page: &Page, keep: &[bool]) -> f32 {
    let is_caption = |block: &RawBlock| {
        let element = page.elements.get(block.element as usize);
        element.is_some_and(|element| matches!(element.tag, Tag::Figure | Tag::Figcaption))
    };
    let kept = page.blocks.iter().zip(keep).filter(|(_, keep)| **keep);
    kept.map(|(block, _)| block)
        .filter(|block| is_caption(block))
        .map(|block| block.size)
        .sum()
}

/// Linked headlines, as lists of stories have them.
fn headlines(page: &Page) -> usize {
    let is_headline =
        |block: &&RawBlock| block.size >= 25.0 && block.size < 200.0 && block.link_size > 0.8 * block.size;
    page.blocks.iter().filter(is_headline).count()
}

/// Many linked headlines and little else.
fn is_listing(page: &Page, features: &Features) -> bool {
    let good = features.good.iter().filter(|good| **good).count();
    let headlines = headlines(page);
    headlines >= MIN_HEADLINES && headlines > 2 * good
}

/// What was kept are teasers: paragraphs with a linked headline right above or below nearly every one of them.
fn is_scattered(page: &Page, features: &Features, keep: &[bool]) -> bool {
    let prose: Vec<usize> = (0..keep.len())
        .filter(|index| keep[*index] && features.good[*index])
        .collect();
    let is_link = |index: usize| {
        page.blocks
            .get(index)
            .is_some_and(|block| block.size >= 15.0 && block.link_size > 0.8 * block.size)
    };
    // A date may stand between headline and teaser.
    let is_above = |index: usize| (1..=2).any(|up| index.checked_sub(up).is_some_and(is_link));
    let is_teaser = |index: usize| page.blocks.get(index).is_some_and(|block| block.size < MAX_TEASER);
    let beside = prose
        .iter()
        .filter(|index| is_teaser(**index) && (is_above(**index) || is_link(**index + 1)))
        .count();
    let is_list = prose.len() >= MIN_TEASERS && headlines(page) >= MIN_HEADLINES || is_listing(page, features);
    is_list && beside * 10 > prose.len() * 7
}
