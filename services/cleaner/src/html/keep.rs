//! From scores to the blocks that are kept.

use std::collections::BTreeSet;

use super::element::{Cue, Tag};
use super::features::Features;
use super::page::Page;

/// Score from which a block is kept; figures hardly move between 0.3 and 0.5.
pub(crate) const THRESHOLD: f32 = 0.4;
/// Score from which a sub-heading is kept that stands between kept blocks of its own box: few words say little, and
/// what stands around them says the rest.
const HEADING_THRESHOLD: f32 = 0.2;
/// Score from which an item is kept of a list that a kept sentence introduces: such items are often links, or short.
const ITEM_THRESHOLD: f32 = 0.1;
/// Elements up from a block within which it stands in the same box as the heading above it.
const REACH: usize = 3;

/// Whether each block is kept, by its score.
pub(super) fn choose(page: &Page, features: &Features, scores: &[f32]) -> Vec<bool> {
    let sure: Vec<bool> = scores.iter().map(|score| *score >= THRESHOLD).collect();
    let mut keep = sure.clone();
    for index in 1..sure.len().saturating_sub(1) {
        let is_between = sure[index - 1] && sure[index + 1] && !sure[index];
        if is_between && scores[index] >= HEADING_THRESHOLD && heads(page, index) {
            keep[index] = true;
        }
    }
    // One pass: a page may hold nothing but items that end with a colon.
    let mut is_introduced = false;
    for index in 0..sure.len() {
        is_introduced &= tag(page, index) == Some(Tag::Li);
        keep[index] |= is_introduced && scores[index] >= ITEM_THRESHOLD;
        is_introduced |= sure[index] && introduces(page, features, index);
    }
    keep
}

/// Drops a thread of comments that nothing was kept beside but who writes there: the page has no story that they are
/// about.
pub(super) fn drop_thread(page: &Page, keep: &mut [bool]) {
    let is_biography = |index: &usize| named_around(page, *index, Cue::Bio).is_some();
    let kept = (0..keep.len()).filter(|index| keep[*index] && !is_biography(index));
    let comments: Option<BTreeSet<u32>> = kept.map(|index| named_around(page, index, Cue::Comment)).collect();
    let Some(comments) = comments.filter(|comments| 2 <= comments.len()) else {
        return;
    };
    let headings = page
        .blocks
        .iter()
        .map(|block| block.element)
        .filter(|index| is_h1(page, *index));
    if !headings
        .flat_map(|index| up(page, index))
        .any(|around| comments.contains(&around))
    {
        keep.fill(false);
    }
}

/// The nearest element around a block whose names hint at something.
fn named_around(page: &Page, index: usize, cue: Cue) -> Option<u32> {
    let is_named = |index: &u32| {
        let element = page.elements.get(*index as usize);
        element.is_some_and(|element| element.tag != Tag::Body && element.cues & (1 << cue as u8) != 0)
    };
    let mut around = up(page, page.blocks.get(index)?.element);
    around.find(is_named)
}

fn is_h1(page: &Page, element: u32) -> bool {
    page.elements
        .get(element as usize)
        .is_some_and(|element| element.tag == Tag::H1)
}

/// An element and those around it, the root left out.
fn up(page: &Page, element: u32) -> impl Iterator<Item = u32> {
    let parent = |index: &u32| page.elements.get(*index as usize).map(|element| element.parent);
    std::iter::successors(Some(element), parent).take_while(|index| *index != 0)
}

/// Whether a block ends with a colon, and isn't a phrase that stands over links to other stories.
fn introduces(page: &Page, features: &Features, index: usize) -> bool {
    let says_nothing = features.shapes.get(index).is_none_or(|shape| {
        let said = &shape.said;
        said.whole.is_none() && said.start.is_none()
    });
    page.blocks[index].text.ends_with([':', '：']) && says_nothing
}

fn tag(page: &Page, index: usize) -> Option<Tag> {
    let element = page.blocks.get(index)?.element;
    page.elements.get(element as usize).map(|element| element.tag)
}

/// Whether a block is a heading, and the next one stands in the element that it stands in.
fn heads(page: &Page, index: usize) -> bool {
    let element = |index: u32| page.elements.get(index as usize);
    let of = |index: usize| page.blocks.get(index).map_or(0, |block| block.element);
    let Some(heading) = element(of(index)).filter(|heading| matches!(heading.tag, Tag::H2 | Tag::H3)) else {
        return false;
    };
    let above = std::iter::successors(element(of(index + 1)), |below| element(below.parent));
    above.take(REACH).any(|below| below.parent == heading.parent)
}

#[cfg(test)]
mod tests {
    use super::{choose, drop_thread};
    use crate::html::features::describe;
    use crate::html::page::read;

    fn check(html: &str, scores: &[f32], expected: &[bool]) {
        let page = read(html).0;
        assert_eq!(choose(&page, &describe(&page, ""), scores), expected, "{html}");
    }

    #[test]
    fn a_heading_between_kept_blocks_of_its_box_is_kept_with_half_the_score() {
        let list = "<div><p>One.</p><h2>Boats</h2><ul><li>At dawn</li></ul></div>";
        check(list, &[0.9, 0.3, 0.9], &[true, true, true]);
        check(list, &[0.9, 0.1, 0.9], &[true, false, true]);
        check(list, &[0.9, 0.3, 0.2], &[true, false, false]);
        check(&list.replace("h2", "p"), &[0.9, 0.3, 0.9], &[true, false, true]);
        let elsewhere = "<div><p>One.</p></div><aside><h2>Boats</h2></aside><div><p>Two.</p></div>";
        check(elsewhere, &[0.9, 0.3, 0.9], &[true, false, true]);
    }

    #[test]
    fn a_list_that_a_sentence_introduces_is_kept_with_it() {
        let list =
            "<p>Three boats left the pier:</p><ul><li>Gull</li><li>Tern</li></ul><ul><li>Owl</li></ul><p>So.</p>";
        check(list, &[0.9, 0.2, 0.2, 0.05, 0.2], &[true, true, true, false, false]);
        check(list, &[0.3, 0.2, 0.2, 0.2, 0.2], &[false; 5]);
        check(
            &list.replace("pier:", "pier."),
            &[0.9, 0.2, 0.2, 0.2, 0.2],
            &[true, false, false, false, false],
        );
        let related = "<p>Read also:</p><ul><li>Gull</li></ul>";
        check(related, &[0.9, 0.2], &[true, false]);
    }

    #[test]
    fn a_thread_without_a_story_is_nothing() {
        let item = "<li class=comment><p>Well said.</p></li>";
        let check = |html: &str, stays: bool| {
            let page = read(html).0;
            let mut keep = vec![true; page.blocks.len()];
            drop_thread(&page, &mut keep);
            assert!(keep.iter().all(|keep| *keep == stays), "{html}");
        };
        check(&format!("<ol>{item}{item}</ol>"), false);
        check(&format!("<p>The story.</p><ol>{item}{item}</ol>"), true);
        check(
            &format!("<div class=author-bio><p>Ana Lim writes here.</p></div><ol>{item}{item}</ol>"),
            false,
        );
        // An opinion, in a section of that name.
        check("<div class=tone-comment><p>One.</p><p>Two.</p></div>", true);
        // A thread that is the page's own subject.
        check(&format!("<div class=comment><h1>Question</h1>{item}</div>"), true);
        check("", true);
    }
}
