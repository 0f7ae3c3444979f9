//! Lines that say what they are: labels of advertisements, the name of the site, bylines and dates above the story.

use super::super::features::is_same_line;
use super::Review;
use crate::extracted::RemovedKind;
use crate::metadata::Metadata;
use crate::text::line::{self, Line};
use crate::words;

/// Share of the kept text up to which an element can be an advertisement.
const MAX_AD: f32 = 0.2;
/// Weighted characters up to which a line above the story can be about it and no part of it.
const MAX_LINE: f32 = 120.0;
/// Kept lines that can stand above the story; with more of them the story begins without prose.
const MAX_OPENING: usize = 10;

/// Takes labels of advertisements, what an element says behind such a label, and the name of the site above and below
/// the story; within it, it can be a name like others.
pub(super) fn take_labels(review: &mut Review, metadata: &Metadata) {
    let all = review.kept_size();
    let first = review.first_prose();
    let last = review.kept().rfind(|index| review.features.good[*index]);
    let is_outside = |index: usize| Some(index) < first || last < Some(index);
    let mut labelled = None;
    for index in 0..review.page.blocks.len() {
        let element = review.block(index).element;
        let is_label = review.features.shapes[index].said.whole == Some(RemovedKind::Ad) && !review.is_heading(index);
        if is_label {
            let size = review
                .page
                .elements
                .get(element as usize)
                .map_or(0.0, |element| element.size);
            labelled = (size < MAX_AD * all).then_some(element);
        }
        if !review.keep[index] {
            continue;
        }
        if is_label || labelled == Some(element) {
            review.take(index, RemovedKind::Ad);
        } else if is_outside(index) && is_site(review, index, metadata) {
            review.take(index, RemovedKind::Navigation);
        }
    }
}

/// Whether a block is the name of the site and nothing else: as the metadata has it, or behind the headline in the
/// title of the page.
fn is_site(review: &Review, index: usize, metadata: &Metadata) -> bool {
    let block = review.block(index);
    if block.size > 60.0 || review.is_heading(index) {
        return false;
    }
    if metadata
        .site_name
        .as_deref()
        .is_some_and(|site| is_same_line(site, &block.text))
    {
        return true;
    }
    let (key, headline) = (words::key(&block.text), words::key(&metadata.title));
    let title = words::key(&review.page.head.title);
    let is_behind = title.strip_prefix(&headline).is_some_and(|site| site == key);
    let is_before = title.strip_suffix(&headline).is_some_and(|site| site == key);
    !key.is_empty() && !headline.is_empty() && (is_behind || is_before)
}

/// Takes lines above the first prose that are about the story: who wrote it and when, and tools to do things with it.
pub(super) fn take_opening(review: &mut Review) {
    let Some(first) = review.first_prose() else {
        return;
    };
    let opening = review.kept().take(MAX_OPENING).take_while(|index| *index < first);
    for index in opening.collect::<Vec<_>>() {
        let block = review.block(index);
        if block.size > MAX_LINE || review.is_heading(index) {
            continue;
        }
        let is_toolbar = block.links >= 2 && block.size - block.link_size <= 2.0 * block.links as f32;
        let kind = if is_toolbar && !words::ends_sentence(&block.text) {
            Some(RemovedKind::Share)
        } else {
            about(&line::line(&block.text))
        };
        // A story told by days has a date over each of them.
        let is_told_by_days = kind == Some(RemovedKind::DateLine) && has_date_after(review, first);
        if let Some(kind) = kind.filter(|_| !is_told_by_days) {
            review.take(index, kind);
        }
    }
}

fn has_date_after(review: &Review, first: usize) -> bool {
    let after = review.kept().skip_while(|index| *index <= first);
    after
        .map(|index| review.block(index))
        .any(|block| block.size <= MAX_LINE && line::line(&block.text).is_date)
}

/// What a line above the story is, when it is about the story.
fn about(line: &Line) -> Option<RemovedKind> {
    use RemovedKind as Kind;
    if line.is_bullet {
        return None;
    }
    if line.is_date && (!line.ends_sentence || line.said.is_some()) {
        return Some(Kind::DateLine);
    }
    if line.is_credit {
        return Some(Kind::Caption);
    }
    let is_told = line.phrase >= 2.0 && !line.ends_sentence;
    let told = line.said.filter(|_| is_told);
    told.or_else(|| line.names_newsroom().then_some(Kind::Byline))
}
