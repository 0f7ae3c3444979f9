//! The names that readers see: a byline by the headline, or else below the story.

use super::element::Cue;
use super::head::{Mark, MarkKind};
use super::page::Page;
use super::place::{Place, bit};
use crate::metadata::people;
use crate::words;

/// Weighted characters of a line that can be a byline.
const MAX_LINE: f32 = 90.0;
/// Elements with names that are looked at.
const MAX_MARKS: usize = 60;
/// How far apart the names of several authors may stand.
const MAX_APART: usize = 6;

/// The rank of an author far from the story: better than none.
const FAR: usize = 390;

/// The texts of bylines, the best place's only, in page order.
pub(super) fn bylines(page: &Page, keep: &[bool], place: &Place) -> Vec<String> {
    let is_name = |mark: &&Mark| matches!(mark.kind, MarkKind::Author | MarkKind::Byline);
    let named = page.head.marks.iter().filter(is_name).take(MAX_MARKS);
    let marks = named.filter_map(|mark| {
        let lines = of_mark(page, mark)?;
        let rank = place.rank(mark.at).unwrap_or(FAR);
        let cues = cues_around(page, place, mark.element, mark.own_cues)?;
        let cost = penalty(cues, rank, place.shares_box(page, mark.element))?;
        Some((rank + cost, mark.at, lines))
    });
    let blocks = (0..page.blocks.len()).filter_map(|index| {
        let rank = place.rank(index)?;
        let is_kept = keep.get(index).is_some_and(|keep| *keep);
        // A story starts with its byline on some pages; further on, a line with a name is a part of it.
        if (200..250).contains(&rank) || rank >= 300 && is_kept {
            return None;
        }
        let block = page.blocks.get(index).filter(|block| block.size <= MAX_LINE)?;
        let line = match people::opens_byline(&block.text)? {
            "" => page.blocks.get(index + 1).map(|next| next.text.clone())?,
            _ => block.text.clone(),
        };
        let cues = cues_around(page, place, block.element, 0)?;
        let cost = penalty(cues, rank, place.shares_box(page, block.element))?;
        Some((rank + cost, index, vec![line]))
    });
    let mut found: Vec<(usize, usize, Vec<String>)> = marks
        .chain(blocks)
        .filter(|(_, _, lines)| {
            lines
                .iter()
                .any(|line| !people::people(std::slice::from_ref(line), &[]).is_empty())
        })
        .collect();
    // Names by the headline first, then those below the story; never those in lists of other stories.
    let Some(best) = found.iter().map(|(rank, ..)| *rank).min() else {
        return Vec::new();
    };
    found.retain(|(rank, ..)| *rank / 100 == best / 100 && rank.abs_diff(best) <= MAX_APART);
    found.sort_by_key(|(_, at, _)| *at);
    if best >= FAR {
        found.truncate(1);
    }
    found.into_iter().flat_map(|(_, _, lines)| lines).collect()
}

/// The cues around a name. Where a server sends a page in pieces, comments may stand between headline and story, and who
/// is named among them wrote no more than one.
fn cues_around(page: &Page, place: &Place, element: u32, own: u32) -> Option<u32> {
    let cues = place.cues_around(page, element, own)?;
    let is_of_comment = place.is_hidden && cues & bit(Cue::Comment) != 0;
    (!is_of_comment).then_some(cues)
}

/// What the cues around a name cost. A box about the author stands in a sidebar or a footer on many pages; a header in one
/// box with the headline is the story's own.
fn penalty(cues: u32, rank: usize, shares_box: bool) -> Option<usize> {
    let has = |cue: Cue| cues & bit(cue) != 0;
    let is_comment = has(Cue::Comment) && !has(Cue::Meta) && rank >= 200;
    let is_own = shares_box && rank < 200;
    let is_elsewhere = (has(Cue::Related) || has(Cue::Nav) && !is_own) && rank >= 100;
    (!is_comment && !is_elsewhere).then_some(if has(Cue::Sidebar) || has(Cue::Footer) { 5 } else { 0 })
}

/// The first line with a person in it; lines are what block tags part.
fn of_mark(page: &Page, mark: &Mark) -> Option<Vec<String>> {
    let stated = mark.value.as_deref().filter(|_| mark.text.trim().is_empty());
    let mut lines = stated
        .unwrap_or(&mark.text)
        .lines()
        .map(words::fold)
        .filter(|line| !line.is_empty() && words::size(line) <= MAX_LINE);
    let is_of_another = page
        .blocks
        .get(mark.at)
        .is_some_and(|block| people::names_another(&block.text));
    if is_of_another {
        return None;
    }
    let line = lines.find(|line| {
        let found = people::people(std::slice::from_ref(line), &[]);
        // A single word in a byline is as often the word for "author".
        found
            .iter()
            .any(|name| mark.kind == MarkKind::Author || name.contains(' ') || !name.is_ascii())
    })?;
    Some(vec![line])
}
