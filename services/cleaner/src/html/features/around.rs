//! A block's neighbours, and where it stands towards the element that holds most of the good text.

use super::super::element::Tag;
use super::super::page::Page;
use super::place::{Place, element, good_sizes};
use super::text::Shape;
use super::{log, share};

/// Distances are told apart up to this.
const FAR: usize = 30;

/// The numbers of one block, in the order of the names.
pub(super) type Surroundings = Vec<f32>;

/// The element that holds the story, by good text alone, and what follows from it.
struct Best {
    index: u32,
    share: f32,
    /// First and last good block in it.
    first: usize,
    last: usize,
}

/// The surroundings of all blocks.
pub(super) fn surroundings(page: &Page, shapes: &[Shape], good: &[bool], places: &[Place]) -> Vec<Surroundings> {
    let good_sizes = good_sizes(page, good);
    let best = best(page, good, places, &good_sizes);
    let rows = Rows {
        page,
        shapes,
        good,
        good_sizes: &good_sizes,
        meets: meets(page, best.index),
        best,
        nearest: nearest(good),
    };
    let whole = element(page, 0).size;
    let (mut size_before, mut good_before) = (0.0, 0.0);
    let mut all = Vec::with_capacity(page.blocks.len());
    for (index, block) in page.blocks.iter().enumerate() {
        let mut row = Vec::with_capacity(28);
        let good_whole = good_sizes.first().copied().unwrap_or(0.0);
        row.push(share(index as f32, page.blocks.len() as f32));
        row.push(share(size_before, whole));
        row.push(share(good_before, good_whole));
        size_before += block.size;
        if good.get(index).copied().unwrap_or(false) {
            good_before += block.size;
        }
        row.push(share(good_whole - good_before, good_whole));
        rows.neighbours(index, &mut row);
        rows.towards_best(index, &mut row);
        row.push(log(page.blocks.len() as f32));
        row.push(log(good_whole));
        row.push(rows.heading_before(index));
        all.push(row);
    }
    all
}

/// Distances to the good block before and after each block, itself left out.
fn nearest(good: &[bool]) -> Vec<(usize, usize)> {
    let mut distances = vec![(FAR, FAR); good.len()];
    let mut distance = FAR;
    for (index, slot) in distances.iter_mut().enumerate() {
        slot.0 = distance;
        distance = if good[index] { 1 } else { (distance + 1).min(FAR) };
    }
    distance = FAR;
    for (index, slot) in distances.iter_mut().enumerate().rev() {
        slot.1 = distance;
        distance = if good[index] { 1 } else { (distance + 1).min(FAR) };
    }
    distances
}

/// Every good block votes for its parent and, by half, for its grandparent: stories have their paragraphs side by
/// side, with a box or two between.
fn best(page: &Page, good: &[bool], places: &[Place], good_sizes: &[f32]) -> Best {
    let mut votes = vec![0.0_f32; page.elements.len()];
    for (index, block) in page.blocks.iter().enumerate().filter(|(index, _)| good[*index]) {
        let above = places[index].above;
        // Text straight in a container counts for the container.
        let steps = if matches!(
            element(page, above[0]).tag,
            Tag::P | Tag::Li | Tag::H2 | Tag::H3 | Tag::Blockquote
        ) {
            [1, 2, 3]
        } else {
            [0, 1, 2]
        };
        for (step, weight) in steps.into_iter().zip([1.0, 0.5, 0.25]) {
            votes[above[step] as usize] += weight * block.size;
        }
    }
    let mut winner = 0;
    for (index, vote) in votes.iter().enumerate() {
        if *vote > votes[winner] {
            winner = index;
        }
    }
    let index = u32::try_from(winner).unwrap_or(0);
    let within = within(page, index);
    let inside = |at: &usize| good[*at] && within[page.blocks[*at].element as usize];
    let first = (0..good.len()).find(inside).unwrap_or(0);
    let last = (0..good.len()).rev().find(inside).unwrap_or(good.len());
    let whole = good_sizes.first().copied().unwrap_or(0.0);
    Best {
        index,
        share: share(good_sizes.get(winner).copied().unwrap_or(0.0), whole),
        first,
        last,
    }
}

/// For each element, whether it is the container or in it. What is around an element comes before it.
fn within(page: &Page, container: u32) -> Vec<bool> {
    let mut all: Vec<bool> = Vec::with_capacity(page.elements.len());
    for (index, element) in page.elements.iter().enumerate() {
        let is_around = all.get(element.parent as usize).copied().unwrap_or(false);
        all.push(index == container as usize || is_around);
    }
    all
}

/// For each element, the nearest one around both it and the best one, and the child of that towards it; both are itself
/// when it is around the best one.
fn meets(page: &Page, best: u32) -> Vec<(u32, u32)> {
    let mut above_best = vec![false; page.elements.len()];
    let mut index = best;
    while !std::mem::replace(&mut above_best[index as usize], true) {
        index = element(page, index).parent;
    }
    let mut all: Vec<(u32, u32)> = Vec::with_capacity(page.elements.len());
    for (index, element) in (0..).zip(&page.elements) {
        let (common, child) = all.get(element.parent as usize).copied().unwrap_or((index, index));
        all.push(match above_best[index as usize] {
            true => (index, index),
            false if common == element.parent => (common, index),
            false => (common, child),
        });
    }
    all
}

struct Rows<'a> {
    page: &'a Page,
    shapes: &'a [Shape],
    good: &'a [bool],
    good_sizes: &'a [f32],
    best: Best,
    meets: Vec<(u32, u32)>,
    nearest: Vec<(usize, usize)>,
}

impl Rows<'_> {
    fn neighbours(&self, index: usize, row: &mut Vec<f32>) {
        let blocks = &self.page.blocks;
        let before = index.checked_sub(1).and_then(|index| blocks.get(index));
        let after = blocks.get(index + 1);
        row.push(self.nearest[index].0 as f32);
        row.push(self.nearest[index].1 as f32);
        for neighbour in [before, after] {
            row.push(neighbour.map_or(0.0, |block| log(block.size)));
        }
        for neighbour in [before, after] {
            row.push(neighbour.map_or(0.0, |block| share(block.link_size, block.size)));
        }
        for reach in [2, 5] {
            row.push(self.links_within(index, reach));
        }
        for reach in [2, 5] {
            row.push(self.good_within(index, reach));
        }
        let own = blocks[index].element;
        let parent = element(self.page, own).parent;
        let is_near = |other: Option<&super::super::page::RawBlock>| {
            other.map_or(0.0, |block| {
                if block.element == own {
                    2.0
                } else {
                    f32::from(u8::from(element(self.page, block.element).parent == parent))
                }
            })
        };
        row.push(is_near(before));
        row.push(is_near(after));
        row.push(self.same_tag_run(index) as f32);
    }

    fn window(&self, index: usize, reach: usize) -> impl Iterator<Item = usize> {
        let range = index.saturating_sub(reach)..(index + reach + 1).min(self.good.len());
        range.filter(move |other| *other != index)
    }

    fn links_within(&self, index: usize, reach: usize) -> f32 {
        let (mut size, mut links) = (0.0, 0.0);
        for other in self.window(index, reach) {
            size += self.page.blocks[other].size;
            links += self.page.blocks[other].link_size;
        }
        share(links, size)
    }

    fn good_within(&self, index: usize, reach: usize) -> f32 {
        let good = self.window(index, reach).filter(|other| self.good[*other]).count();
        share(good as f32, 2.0 * reach as f32)
    }

    /// Blocks of one tag in a row around this one, up to ten each way.
    fn same_tag_run(&self, index: usize) -> usize {
        let tag = |index: usize| {
            self.page
                .blocks
                .get(index)
                .map(|block| element(self.page, block.element).tag)
        };
        let own = tag(index);
        let after = (1..=10).take_while(|step| tag(index + step) == own).count();
        let before = (1..=10)
            .take_while(|step| index.checked_sub(*step).is_some_and(|index| tag(index) == own))
            .count();
        after + before
    }

    fn towards_best(&self, index: usize, row: &mut Vec<f32>) {
        let best = &self.best;
        let own = self.page.blocks[index].element;
        let (common, child) = self.meets.get(own as usize).copied().unwrap_or((own, own));
        let depth = |index: u32| element(self.page, index).depth as f32;
        row.push(best.share);
        row.push(depth(self.page.blocks[index].element) - depth(best.index));
        row.push(depth(best.index) - depth(common));
        row.push(index.saturating_sub(best.last).min(FAR) as f32);
        row.push(best.first.saturating_sub(index).min(FAR) as f32);
        let good_under = self.good_sizes.get(child as usize).copied().unwrap_or(0.0);
        let child = element(self.page, child);
        row.push(share(child.link_size, child.size));
        row.push(share(good_under, self.good_sizes.first().copied().unwrap_or(0.0)));
        row.push(share(child.size, element(self.page, 0).size));
    }

    /// What the nearest heading within twenty blocks before says: 2 for a set phrase, 1 for anything else, 0 for none.
    fn heading_before(&self, index: usize) -> f32 {
        let heading = (1..=20).filter_map(|step| index.checked_sub(step)).find(|index| {
            matches!(
                element(self.page, self.page.blocks[*index].element).tag,
                Tag::H2 | Tag::H3
            )
        });
        heading.map_or(0.0, |index| {
            if self.shapes[index].said.whole.is_some() {
                2.0
            } else {
                1.0
            }
        })
    }
}

pub(super) fn push(surroundings: &Surroundings, row: &mut Vec<f32>) {
    row.extend_from_slice(surroundings);
}
