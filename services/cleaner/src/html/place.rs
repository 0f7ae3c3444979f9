//! Where on a page things about its story stand: by the headline, within, below, or among other stories.

use super::element::{Cue, Tag};
use super::page::Page;
use crate::words;

/// Blocks below the headline, above it, and below the story that count.
const REACH: [usize; 3] = [40, 10, 15];
/// Elements between the headline and a box that holds little more than the headline and what belongs to it.
const MAX_BOX: usize = 3;
/// Blocks of the story's start behind which a byline may stand.
const MAX_OPENING: usize = 5;

/// Rank from which a block stands behind the summary of the story.
pub(super) const BEHIND_SUMMARY: usize = 110;

/// Where the headline and the story are.
pub(super) struct Place {
    headline: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    /// The first block of the story that other blocks of it follow at once.
    body: Option<usize>,
    /// The elements around the headline, sorted.
    home: Vec<u32>,
    /// The headline itself is hidden: scripts show it (pages that servers send in pieces come like this), and with it what
    /// is hidden around it.
    pub(super) is_hidden: bool,
}

impl Place {
    /// Finds them; `keep` is empty for a page without a story.
    pub(super) fn of(page: &Page, keep: &[bool], title: &str) -> Self {
        let headline = headline(page, keep, title);
        let kept = || {
            keep.iter()
                .enumerate()
                .filter(|(_, keep)| **keep)
                .map(|(index, _)| index)
        };
        let below = kept().find(|index| headline.is_some_and(|headline| *index > headline));
        let first = below.or_else(|| kept().next());
        let is_kept = |index: usize| keep.get(index).is_some_and(|keep| *keep);
        let home = headline
            .or(first)
            .map(|block| ancestors(page, block))
            .unwrap_or_default();
        let own = home.last().and_then(|own| page.elements.get(*own as usize));
        let body = first.and_then(|first| (first..keep.len()).find(|index| is_kept(*index) && is_kept(*index + 1)));
        Self {
            body,
            headline: headline.filter(|headline| first.is_none_or(|first| *headline <= first)),
            first,
            last: keep.iter().rposition(|keep| *keep),
            is_hidden: own.is_some_and(|own| own.is_hidden),
            home,
        }
    }

    /// How good a place for the date line a block is: hundreds for the zone, the rest for the distance within it.
    pub(super) fn rank(&self, index: usize) -> Option<usize> {
        let [below, above, after] = REACH;
        let (start, end) = (self.first.or(self.headline)?, self.last.or(self.headline)?);
        let headline = self.headline.unwrap_or(start);
        // Without a headline the lines above the story are as good as those below one.
        let above = if self.headline.is_some() { above } else { 30 };
        match () {
            () if (headline..=start.max(headline)).contains(&index) => {
                let distance = (index - headline).min(start.saturating_sub(index));
                (distance <= below).then_some(distance)
            }
            // A few lines above the headline are its own; what is further up may be of another story.
            () if index < headline && headline - index <= 4 => Some(100 + headline - index),
            () if index < headline => (headline - index <= above).then(|| 250 + headline - index),
            () if self.is_opening(index, start) => Some(BEHIND_SUMMARY + index - start),
            () if self.first.is_none() => (index - headline <= below).then(|| index - headline),
            () if index <= end => Some(200 + (index - start).min(99)),
            () => (index - end <= after).then(|| 300 + index - end),
        }
    }

    /// Whether a block stands between the first line of the story, which is a summary then, and the rest of it.
    fn is_opening(&self, index: usize, start: usize) -> bool {
        self.headline.is_some()
            && self.first.is_some()
            && index > start
            && index - start <= MAX_OPENING
            && self.body.is_some_and(|body| index < body)
    }

    /// Whether an element stands in one box with the headline.
    pub(super) fn shares_box(&self, page: &Page, element: u32) -> bool {
        let mut index = element;
        loop {
            if let Ok(at) = self.home.binary_search(&index) {
                return self.home.len() - at <= MAX_BOX + 1;
            }
            match page.elements.get(index as usize) {
                Some(around) if around.parent < index => index = around.parent,
                _ => return false,
            }
        }
    }

    /// The cues of the elements around, as far as they are not around the headline, too. None where what stands there
    /// is of something else for sure.
    pub(super) fn cues_around(&self, page: &Page, element: u32, cues: u32) -> Option<u32> {
        let (mut index, mut all) = (element, cues);
        while self.home.binary_search(&index).is_err() {
            let around = page.elements.get(index as usize)?;
            if around.is_hidden && !self.is_hidden
                || matches!(
                    around.tag,
                    Tag::Blockquote | Tag::Figure | Tag::Figcaption | Tag::Table | Tag::Form
                )
            {
                return None;
            }
            match around.tag {
                Tag::Nav => all |= bit(Cue::Nav),
                Tag::Footer => all |= bit(Cue::Footer),
                Tag::Aside => all |= bit(Cue::Sidebar),
                _ => {}
            }
            all |= around.cues;
            if around.parent >= index {
                break;
            }
            index = around.parent;
        }
        Some(all)
    }
}

/// The bit of a cue.
pub(super) fn bit(cue: Cue) -> u32 {
    1 << cue as u8
}

/// The block that is the headline: a heading when there is a choice, and with most of the story below.
fn headline(page: &Page, keep: &[bool], title: &str) -> Option<usize> {
    let title = words::key(title);
    let kept: Vec<usize> = (0..keep.len()).filter(|index| keep[*index]).collect();
    let middle = kept.get(kept.len() / 2).copied().unwrap_or(page.blocks.len());
    let is_title = |index: &usize| {
        page.blocks.get(*index).is_some_and(|block| {
            // A heading may hold more than the headline, in blocks of their own.
            block.text.len() <= 2 * title.len() + 40 && block.size >= 3.0 && {
                let key = words::key(&block.text);
                !key.is_empty() && (key == title || block.size >= 20.0 && title.starts_with(&key))
            }
        })
    };
    let same: Vec<usize> = (0..middle).filter(is_title).collect();
    let is_heading = |index: &&usize| tags_around(page, **index).any(|tag| matches!(tag, Tag::H1 | Tag::H2 | Tag::H3));
    let end = kept.first().map_or(page.blocks.len(), |first| first + 1);
    let first_heading = || {
        (0..end)
            .rev()
            .find(|index| tags_around(page, *index).any(|tag| tag == Tag::H1))
    };
    let chosen = same.iter().rev().find(is_heading).or(same.last()).copied();
    chosen.or_else(first_heading)
}

fn tags_around(page: &Page, index: usize) -> impl Iterator<Item = Tag> {
    let mut element = page.blocks.get(index).map_or(0, |block| block.element);
    (0..3).map_while(move |_| {
        let around = page.elements.get(element as usize)?;
        element = around.parent;
        Some(around.tag)
    })
}

/// The elements around a block, sorted.
fn ancestors(page: &Page, block: usize) -> Vec<u32> {
    let mut index = page.blocks.get(block).map_or(0, |block| block.element);
    let mut around = vec![index];
    while let Some(element) = page
        .elements
        .get(index as usize)
        .filter(|element| element.parent < index)
    {
        index = element.parent;
        around.push(index);
    }
    around.sort_unstable();
    around
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::html::page::read;

    #[test]
    fn what_is_hidden_with_the_headline_is_shown_with_it() {
        let check = |html: &str, counts: bool| {
            let page = read(html).0;
            let place = Place::of(&page, &[], "Ferry line opens");
            assert_eq!(page.blocks[1].text, "1 May 2016");
            assert_eq!(
                place.cues_around(&page, page.blocks[1].element, 0).is_some(),
                counts,
                "{html}"
            );
        };
        check("<div><h1>Ferry line opens</h1></div><div><p>1 May 2016</div>", true);
        check(
            "<div><h1>Ferry line opens</h1></div><div hidden><p>1 May 2016</div>",
            false,
        );
        check(
            "<div hidden><h1>Ferry line opens</h1><div><p>1 May 2016</div></div>",
            true,
        );
    }
}
