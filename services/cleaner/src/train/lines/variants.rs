//! Documents out of one page: the whole of it, and what extractors leave.

use super::super::{Example, labels};
use crate::extracted::Known;

/// A way in which a page becomes a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// All lines.
    Whole,
    /// A line for every piece of text between two tags, so that a link breaks its sentence in three.
    Pieces,
    /// The story as its gold has it, under the headline.
    Story,
    /// The story with a few other lines of its page before, within and behind it.
    Sprinkled,
    /// The stretch of the page from a little before the story to a little behind it.
    Stretch,
    /// The story's first paragraphs, as feeds have them.
    Opening,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Whole,
        Self::Pieces,
        Self::Story,
        Self::Sprinkled,
        Self::Stretch,
        Self::Opening,
    ];

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole page",
            Self::Pieces => "whole page in pieces",
            Self::Story => "story alone",
            Self::Sprinkled => "story and 1 to 6 lines",
            Self::Stretch => "stretch of the page",
            Self::Opening => "first paragraphs",
        }
    }
}

/// The document that a page becomes; choices follow from `seed`.
#[must_use]
pub fn variant(example: &Example, kind: Variant, seed: usize) -> String {
    Page::read(example).variant(kind, seed)
}

/// A page as lines, with those that are its story.
pub(super) struct Page {
    title: String,
    lines: Vec<String>,
    pieces: Vec<String>,
    is_story: Vec<bool>,
    story: Vec<String>,
}

impl Page {
    pub(super) fn read(example: &Example) -> Self {
        let lines = super::lines(&example.html);
        let pieces = crate::html::pieces(&example.html);
        let title = crate::html::open(&example.html, &Known::default()).1;
        let is_story = labels::label(&lines, &example.story);
        let story = example.story.lines().map(str::trim).filter(|line| !line.is_empty());
        Self {
            title,
            is_story,
            story: story.map(str::to_owned).collect(),
            lines,
            pieces,
        }
    }

    pub(super) fn variant(&self, kind: Variant, seed: usize) -> String {
        let mut chance = Chance(seed as u64);
        match kind {
            Variant::Whole => self.lines.join("\n"),
            Variant::Pieces => self.pieces.join("\n"),
            Variant::Story => self.story_alone(&mut chance),
            Variant::Sprinkled => self.sprinkled(&mut chance),
            Variant::Stretch => self.stretch(&mut chance),
            Variant::Opening => self.opening(&mut chance),
        }
    }

    fn extent(&self) -> Option<(usize, usize)> {
        let first = self.is_story.iter().position(|is_story| *is_story)?;
        let last = self.is_story.iter().rposition(|is_story| *is_story)?;
        Some((first, last))
    }

    fn story_alone(&self, chance: &mut Chance) -> String {
        let mut lines: Vec<&str> = self.story.iter().map(String::as_str).collect();
        if chance.next(3) > 0 && !self.title.is_empty() {
            lines.insert(0, &self.title);
        }
        lines.join("\n")
    }

    fn opening(&self, chance: &mut Chance) -> String {
        let mut lines: Vec<&str> = self.story.iter().map(String::as_str).take(1 + chance.next(5)).collect();
        if chance.next(3) == 0 && !self.title.is_empty() {
            lines.insert(0, &self.title);
        }
        match chance.next(6) {
            0 => lines.push("Read more"),
            1 => lines.push("Continue reading …"),
            _ => {}
        }
        lines.join("\n")
    }

    /// At least one line of one to six that aren't the story's: near ones before it and in it, any of those behind.
    fn sprinkled(&self, chance: &mut Chance) -> String {
        let Some((first, last)) = self.extent() else {
            return self.story_alone(chance);
        };
        let (before, within, behind) = match chance.next(4) {
            0 => (0, 0, 1 + chance.next(4)),
            1 => (1 + chance.next(3), 0, chance.next(3)),
            2 => (chance.next(2), 1 + chance.next(3), chance.next(2)),
            _ => (1 + chance.next(2), chance.next(2), 1 + chance.next(2)),
        };
        let others = |from: usize, to: usize| (from..to).filter(|index| !self.is_story[*index]).collect::<Vec<_>>();
        let mut taken = chance.pick(&others(first.saturating_sub(12), first), before);
        taken.extend(chance.pick(&others(first, last), within));
        taken.extend(chance.pick(&others(last + 1, (last + 25).min(self.lines.len())), behind));
        let mut out: Vec<&str> = Vec::new();
        if chance.next(4) > 0 && !self.title.is_empty() {
            out.push(&self.title);
        }
        let kept = (0..self.lines.len()).filter(|index| self.is_story[*index] || taken.contains(index));
        out.extend(kept.map(|index| self.lines[index].as_str()));
        out.join("\n")
    }

    fn stretch(&self, chance: &mut Chance) -> String {
        let Some((first, last)) = self.extent() else {
            return self.story_alone(chance);
        };
        let from = first.saturating_sub(chance.next(8));
        let to = (last + 1 + chance.next(30)).min(self.lines.len());
        self.lines[from..to].join("\n")
    }
}

/// Choices without chance: a sequence that its seed alone decides (the mixer of SplitMix64, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    /// The next choice, below `limit`.
    fn next(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap_or(0)
    }

    /// Up to so many of these.
    fn pick(&mut self, from: &[usize], count: usize) -> Vec<usize> {
        let mut left = from.to_vec();
        (0..count.min(left.len()))
            .map(|_| left.swap_remove(self.next(left.len())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Variant};
    use crate::train::Example;

    fn page() -> Page {
        let story = "The ferry left the pier at dawn.\nIt came back alone at night.";
        let html = format!(
            "<title>The ferry</title><nav>Home<br>News</nav>{}<p>Read more<p>Ten beaches<p>Copyright",
            story.lines().map(|line| format!("<p>{line}</p>")).collect::<String>()
        );
        Page::read(&Example {
            url: None,
            id: "a".into(),
            group: "a".into(),
            set: "s".into(),
            html,
            story: story.into(),
        })
    }

    #[test]
    fn every_document_holds_the_whole_story_in_order() {
        let page = page();
        for kind in [
            Variant::Whole,
            Variant::Pieces,
            Variant::Story,
            Variant::Sprinkled,
            Variant::Stretch,
        ] {
            for seed in 0..40 {
                let text = page.variant(kind, seed);
                let story: Vec<&str> = text
                    .lines()
                    .filter(|line| page.story.iter().any(|story| story == line))
                    .collect();
                assert_eq!(story, page.story, "{kind:?} {seed}: {text}");
            }
        }
    }

    #[test]
    fn sprinkled_documents_have_at_most_six_other_lines_and_a_headline() {
        let page = page();
        let others = |seed: usize| page.variant(Variant::Sprinkled, seed).lines().count() - page.story.len();
        assert!((0..40).all(|seed| others(seed) <= 7));
        assert!((0..40).any(|seed| others(seed) >= 2));
    }
}
