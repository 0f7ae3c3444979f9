//! A second look at what the model keeps.
//!
//! The model weighs shapes, names and places. It is unsure where old pages give it neither names nor sections, and
//! where a line looks like the story but says that it is none. The rules here need evidence that stands by itself:
//! columns beside the story's ([`columns`]), what a line says of itself ([`lines`]), links to other stories of the
//! site ([`links`]). They only take away, and never much: when they would take a large part, they take nothing.

use super::element::{Element, Tag};
use super::features::Features;
use super::page::{Page, RawBlock};
use crate::extracted::RemovedKind;
use crate::metadata::Metadata;

mod columns;
mod lines;
mod links;

/// Elements looked at above a block; no page that a reader sees nests deeper.
const MAX_DEPTH: usize = 300;
/// Share of the kept text that the rules may take.
const MAX_TAKEN: f32 = 0.3;

/// The page under review.
struct Review<'a> {
    page: &'a Page,
    features: &'a Features,
    keep: &'a mut [bool],
    /// What each block is that a rule took.
    taken: Vec<Option<RemovedKind>>,
}

/// Takes back what the model kept against clear evidence; returns as what, a place for each block.
pub(super) fn review(
    page: &Page,
    features: &Features,
    metadata: &Metadata,
    url: Option<&str>,
    keep: &mut [bool],
) -> Vec<Option<RemovedKind>> {
    let before = keep.to_vec();
    let mut review = Review {
        page,
        features,
        keep,
        taken: vec![None; before.len()],
    };
    let all = review.kept_size();
    columns::take(&mut review);
    columns::take_captions(&mut review);
    lines::take_labels(&mut review, metadata);
    lines::take_opening(&mut review);
    links::take(&mut review, url);
    if review.kept_size() < (1.0 - MAX_TAKEN) * all {
        keep.copy_from_slice(&before);
        return vec![None; before.len()];
    }
    review.taken
}

impl Review<'_> {
    fn kept_size(&self) -> f32 {
        self.kept().map(|index| self.page.blocks[index].size).sum()
    }

    fn kept(&self) -> impl DoubleEndedIterator<Item = usize> + use<'_> {
        (0..self.page.blocks.len()).filter(|index| self.keep[*index])
    }

    fn block(&self, index: usize) -> &RawBlock {
        &self.page.blocks[index]
    }

    fn take(&mut self, index: usize, kind: RemovedKind) {
        self.keep[index] = false;
        self.taken[index] = Some(kind);
    }

    /// The first kept block that is prose by itself.
    fn first_prose(&self) -> Option<usize> {
        self.kept().find(|index| self.features.good[*index])
    }

    fn is_heading(&self, index: usize) -> bool {
        self.around(index)
            .take(2)
            .any(|(_, element)| matches!(element.tag, Tag::H1 | Tag::H2 | Tag::H3))
    }

    /// Whether a block is the heading of a kept paragraph of prose: tagged so, or all in bold.
    fn is_over_prose(&self, index: usize) -> bool {
        let block = self.block(index);
        let is_over = self.is_heading(index) || block.bold_size >= 0.95 * block.size && block.size <= 90.0;
        is_over && self.keep.get(index + 1) == Some(&true) && self.features.good[index + 1]
    }

    /// The innermost element with a tag of some kind that has at least this share of the kept text in it.
    fn innermost(&self, share: f32, is_kind: impl Fn(Tag) -> bool) -> Option<u32> {
        let elements = &self.page.elements;
        if !elements.iter().any(|element| is_kind(element.tag)) {
            return None;
        }
        let mut sizes = vec![0.0_f32; elements.len()];
        for block in self.kept().map(|index| self.block(index)) {
            if let Some(size) = sizes.get_mut(block.element as usize) {
                *size += block.size;
            }
        }
        // A child comes after its parent.
        for index in (1..elements.len()).rev() {
            let size = sizes[index];
            if let Some(parent) = sizes.get_mut(elements[index].parent as usize) {
                *parent += size;
            }
        }
        let needed = share * self.kept_size();
        let found = elements
            .iter()
            .zip(&sizes)
            .rposition(|(element, size)| is_kind(element.tag) && needed <= *size)?;
        u32::try_from(found).ok()
    }

    /// The elements around a block, nearest first, with their indices.
    fn around(&self, index: usize) -> impl Iterator<Item = (u32, &Element)> {
        self.upwards(self.page.blocks[index].element)
    }

    /// An element and those around it.
    fn upwards(&self, from: u32) -> impl Iterator<Item = (u32, &Element)> {
        let next = |index: &u32| {
            let parent = self.page.elements.get(*index as usize)?.parent;
            (parent != *index).then_some(parent)
        };
        std::iter::successors(Some(from), next)
            .take(MAX_DEPTH)
            .filter_map(|index| Some((index, self.page.elements.get(index as usize)?)))
    }
}
