//! Which caption is whose: one figure holds a picture and the words beneath it.

use super::element::{Cue, Tag};
use super::page::Page;
use crate::words;

/// Blocks behind a picture among which its caption is looked for.
const REACH: usize = 6;
/// Elements around a picture or a block that are looked at.
const MAX_STEPS: usize = 6;
/// Bytes kept of one caption.
const MAX_CAPTION: usize = 1000;

/// Gives each picture the caption in its figure.
pub(super) fn tie(page: &mut Page) {
    let captions: Vec<Option<String>> = page
        .head
        .pictures
        .iter()
        .map(|picture| {
            let figure = figure_of(page, picture.element)?;
            let from = picture.at.saturating_sub(1);
            (from..picture.at + REACH).find_map(|index| caption_in(page, index, figure))
        })
        .collect();
    for (picture, caption) in page.head.pictures.iter_mut().zip(captions) {
        picture.caption = caption;
    }
}

/// The figure around an element.
fn figure_of(page: &Page, element: u32) -> Option<u32> {
    around(page, element).find(|index| {
        page.elements
            .get(*index as usize)
            .is_some_and(|element| element.tag == Tag::Figure)
    })
}

/// The text of a block, when it is a caption of this figure.
fn caption_in(page: &Page, index: usize, figure: u32) -> Option<String> {
    let block = page.blocks.get(index).filter(|block| block.size >= 3.0)?;
    let path: Vec<u32> = around(page, block.element)
        .take_while(|index| *index != figure)
        .collect();
    let is_inside = path.len() < MAX_STEPS && around(page, block.element).any(|index| index == figure);
    let is_caption = path
        .iter()
        .filter_map(|index| page.elements.get(*index as usize))
        .any(|element| element.tag == Tag::Figcaption || element.has(Cue::Caption));
    (is_inside && is_caption).then(|| words::start(&block.text, MAX_CAPTION).to_owned())
}

/// An element and those around it, inner before outer.
fn around(page: &Page, element: u32) -> impl Iterator<Item = u32> {
    std::iter::successors(Some(element), |index| {
        let parent = page.elements.get(*index as usize)?.parent;
        (parent < *index).then_some(parent)
    })
    .take(MAX_STEPS)
}
