//! Tables that lay out a page: columns beside the story, rows below it, pictures with their captions.
//!
//! Before style sheets, pages were tables, and old sites and mail still are. Nothing in them has a telling name, but a
//! story stands in one cell: what stands in the cells beside it is another column of the page.

use std::collections::BTreeMap;

use super::super::element::Tag;
use super::Review;
use crate::extracted::RemovedKind;

/// Share of the kept text that makes a cell the story's.
const STORY_SHARE: f32 = 0.7;
/// Weighted characters in a cell below which it may be a cell of a table of facts.
const MIN_STORY: f32 = 400.0;
/// Weighted characters up to which a table with a picture holds a caption, and not a story with a picture.
const MAX_CAPTION: f32 = 400.0;

/// Takes what stands in columns beside the cell of the story, and what is no prose in rows below it.
pub(super) fn take(review: &mut Review) {
    let Some(cell) = story_cell(review) else {
        return;
    };
    let above: BTreeMap<u32, Tag> = review
        .upwards(cell)
        .map(|(index, element)| (index, element.tag))
        .collect();
    let mut is_below = false;
    for index in review.kept().collect::<Vec<_>>() {
        let meeting = review
            .around(index)
            .find_map(|(element, _)| above.get(&element).map(|tag| (element, *tag)));
        match meeting {
            Some((element, _)) if element == cell => is_below = true,
            Some((_, Tag::Row)) => review.take(index, RemovedKind::Navigation),
            Some((_, Tag::Table)) if is_below && !review.features.good[index] => {
                review.take(index, RemovedKind::Navigation);
            }
            _ => {}
        }
    }
}

/// The innermost cell with most of the kept text.
fn story_cell(review: &Review) -> Option<u32> {
    let cell = review.innermost(STORY_SHARE, |tag| tag == Tag::Cell)?;
    let size = review.page.elements.get(cell as usize)?.size;
    (size >= MIN_STORY).then_some(cell)
}

/// Takes captions out of tables that hold a picture and one or two lines: the frame of a picture before there was one.
/// Those that the model cut are named as what they are.
pub(super) fn take_captions(review: &mut Review) {
    let all = review.kept_size();
    for index in 0..review.page.blocks.len() {
        let block = review.block(index);
        if block.size <= MAX_CAPTION && block.link_size <= 0.5 * block.size && is_framed(review, index, 0.3 * all) {
            review.take(index, RemovedKind::Caption);
        }
    }
}

/// Whether a block stands in a small table with a picture.
fn is_framed(review: &Review, index: usize, most: f32) -> bool {
    let Some((table, lines)) = table_of(review, index) else {
        return false;
    };
    // Pictures are in page order.
    let pictures = &review.page.head.pictures;
    let next = pictures.partition_point(|picture| picture.at < lines.start);
    let has_picture = pictures.get(next).is_some_and(|picture| picture.at <= index);
    let size = review.page.elements.get(table as usize).map_or(0.0, |table| table.size);
    has_picture && lines.len() <= 2 && size <= most.min(MAX_CAPTION)
}

/// The nearest table around a block and the blocks in it, as far as two on each side.
fn table_of(review: &Review, index: usize) -> Option<(u32, std::ops::Range<usize>)> {
    // The parser puts a body into every table, which is a table to us, too: the outer one is the whole.
    let is_cell = |tag: Tag| tag == Tag::Cell;
    review.around(index).take(4).find(|(_, element)| is_cell(element.tag))?;
    let (table, _) = review
        .around(index)
        .take(8)
        .find(|(_, element)| element.tag == Tag::Table)?;
    let is_within = |other: &usize| {
        *other < review.page.blocks.len() && review.around(*other).take(8).any(|(element, _)| element == table)
    };
    let start = (index.saturating_sub(2)..index).find(is_within).unwrap_or(index);
    let end = (index..index + 3).take_while(is_within).last().unwrap_or(index);
    Some((table, start..end + 1))
}
