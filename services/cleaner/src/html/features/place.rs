//! A block's place among elements: names and tags around it, and how much of the page's good text looks like it.

use std::collections::BTreeMap;

use super::super::element::{CUES, Element, Tag};
use super::super::page::{Page, RawBlock};
use super::{log, share};

/// Elements above a block whose names are looked at.
const REACH: usize = 8;

/// Good text and blocks under one look.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    blocks: f32,
    good: f32,
    good_size: f32,
}

/// Where a block is.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The element, its parent, grandparent and great-grandparent.
    pub(super) above: [u32; 4],
    /// For each cue, how far above the nearest element with it is.
    near: [u8; CUES],
    /// A bit for each of [`TAGS`] around it.
    tags: u16,
    look: Look,
    /// Good text under each of `above`, as a share of the page's.
    shares: [f32; 4],
    tag_good_share: f32,
}

const TAGS: [(Tag, Tag); 12] = [
    (Tag::Article, Tag::Article),
    (Tag::Main, Tag::Main),
    (Tag::Aside, Tag::Aside),
    (Tag::Header, Tag::Header),
    (Tag::Footer, Tag::Footer),
    (Tag::Nav, Tag::Nav),
    (Tag::Form, Tag::Form),
    (Tag::Figure, Tag::Figcaption),
    (Tag::Table, Tag::Cell),
    (Tag::List, Tag::Li),
    (Tag::Blockquote, Tag::Blockquote),
    (Tag::Details, Tag::Details),
];

/// The places of all blocks.
pub(super) fn places(page: &Page, good: &[bool]) -> Vec<Place> {
    let good_sizes = good_sizes(page, good);
    let whole = good_sizes.first().copied().unwrap_or(0.0);
    let looks = looks(page, good);
    let mut by_tag: BTreeMap<Tag, f32> = BTreeMap::new();
    for (block, _) in page.blocks.iter().zip(good).filter(|(_, good)| **good) {
        *by_tag.entry(element(page, block.element).tag).or_default() += block.size;
    }
    let tags = tags(page);
    let place_of = |block: &RawBlock| {
        let above = above(page, block.element);
        let mut place = Place {
            near: near(page, block),
            tags: tags.get(block.element as usize).copied().unwrap_or(0),
            ..Place::default()
        };
        place.look = looks.get(&look_of(page, block)).copied().unwrap_or_default();
        place.look.good_size = share(place.look.good_size, whole);
        place.shares = above.map(|index| share(good_sizes.get(index as usize).copied().unwrap_or(0.0), whole));
        place.tag_good_share = share(
            by_tag.get(&element(page, block.element).tag).copied().unwrap_or(0.0),
            whole,
        );
        place.above = above;
        place
    };
    page.blocks.iter().map(place_of).collect()
}

/// The element with this index; the root for one that doesn't exist.
pub(super) fn element(page: &Page, index: u32) -> &Element {
    page.elements.get(index as usize).unwrap_or(&page.elements[0])
}

/// Good text in every element, children included.
pub(super) fn good_sizes(page: &Page, good: &[bool]) -> Vec<f32> {
    let mut sizes = vec![0.0; page.elements.len()];
    for (block, _) in page.blocks.iter().zip(good).filter(|(_, good)| **good) {
        sizes[block.element as usize] += block.size;
    }
    for index in (1..sizes.len()).rev() {
        let parent = page.elements[index].parent as usize;
        sizes[parent] += sizes[index];
    }
    sizes
}

fn above(page: &Page, index: u32) -> [u32; 4] {
    let mut above = [index; 4];
    for step in 1..above.len() {
        above[step] = element(page, above[step - 1]).parent;
    }
    above
}

/// The look of a block: its tag with its names, and those of the element around it.
fn look_of(page: &Page, block: &RawBlock) -> (Tag, u64) {
    let own = element(page, block.element);
    (own.tag, element(page, own.parent).signature)
}

fn looks(page: &Page, good: &[bool]) -> BTreeMap<(Tag, u64), Look> {
    let mut looks: BTreeMap<(Tag, u64), Look> = BTreeMap::new();
    for (block, good) in page.blocks.iter().zip(good) {
        let look = looks.entry(look_of(page, block)).or_default();
        look.blocks += 1.0;
        if *good {
            look.good += 1.0;
            look.good_size += block.size;
        }
    }
    looks
}

/// For each element, the tags of it and of those around it. What is around an element comes before it, so that each is
/// looked at once, however deep the page is.
fn tags(page: &Page) -> Vec<u16> {
    let mut all: Vec<u16> = Vec::with_capacity(page.elements.len());
    for element in &page.elements {
        let is_own = |(tag, other): &(Tag, Tag)| element.tag == *tag || element.tag == *other;
        let own = TAGS.iter().enumerate().filter(|(_, tags)| is_own(tags));
        let own = own.fold(0, |bits, (at, _)| bits | 1 << at);
        all.push(own | all.get(element.parent as usize).copied().unwrap_or(0));
    }
    all
}

/// Cues above a block.
fn near(page: &Page, block: &RawBlock) -> [u8; CUES] {
    let mut near = [REACH as u8; CUES];
    mark_cues(block.inline_cues, 0, &mut near);
    let mut index = block.element;
    for distance in 0..REACH {
        let element = element(page, index);
        mark_cues(element.cues, distance as u8, &mut near);
        if element.parent == index {
            break;
        }
        index = element.parent;
    }
    near
}

fn mark_cues(cues: u32, distance: u8, near: &mut [u8; CUES]) {
    if cues == 0 {
        return;
    }
    for (cue, nearest) in near.iter_mut().enumerate() {
        if cues & (1 << cue) != 0 {
            *nearest = (*nearest).min(distance);
        }
    }
}

pub(super) fn push(page: &Page, block: &RawBlock, place: &Place, row: &mut Vec<f32>) {
    let flag = |condition: bool| f32::from(u8::from(condition));
    let own = element(page, block.element);
    let links = |index: u32| share(element(page, index).link_size, element(page, index).size);
    let whole = element(page, 0).size;
    row.push(f32::from(own.tag as u8));
    row.push(flag(own.tag == Tag::P));
    row.push(flag(matches!(own.tag, Tag::H1 | Tag::H2 | Tag::H3)));
    row.push(flag(matches!(own.tag, Tag::Li | Tag::Definition)));
    row.push(own.depth as f32);
    row.extend(place.near.iter().map(|distance| f32::from(*distance)));
    // The last of the tags is told by the cue for boxes well enough.
    row.extend((0..TAGS.len() - 1).map(|at| flag(place.tags >> at & 1 == 1)));
    row.push(flag(own.is_hidden));
    row.extend([
        share(own.size, whole),
        links(place.above[0]),
        links(place.above[1]),
        links(place.above[2]),
        place.look.good_size,
        share(place.look.good, place.look.blocks),
        log(place.look.blocks),
        place.shares[1],
        place.shares[2],
        place.shares[3],
        place.tag_good_share,
    ]);
}
