//! The articles of misbehaving sites: a grammar of local news makes as many as there are rows, none like another.
//!
//! Every sentence is put together from four or five short phrases, so that two articles share words but hardly ever
//! five words in a row: they are not near-duplicates of one another, nor of the press's own articles.

use serde::Serialize;

/// An article that a misbehaving site leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Unique among all articles of the newsroom.
    pub slug: String,
    /// The URL that the feed gives; absolute.
    pub url: String,
    /// The headline.
    pub title: String,
    /// The paragraphs exactly as the page shows them.
    pub body: Vec<String>,
}

static PHRASES: &str = include_str!("../../../../seeds/newsroom/hostile.txt");
static FOREIGN: &str = include_str!("../../../../seeds/newsroom/hostile-foreign.txt");

/// How paragraphs are built; `{name}` is a phrase of that block, `{number}` a number.
const PARAGRAPHS: [&str; 5] = [
    "{bodies} of {towns} {decisions} {verbs} {things} {circumstances}. {first names} {last names}, {roles}, said that \
     {hopes} {conditions}.",
    "{crowds} {reactions} {places}, but {uncertainties}. {costs} comes to {number} crowns, {comparisons}. According \
     to {first names} {last names}, {roles}, {hopes} {conditions}. {first names} {last names} and {first names} \
     {last names} from {towns} are to report in {number} days.",
    "{failures} in {year}, when {reasons}. It took {number} days and {number} letters before {bodies|lower} in {towns} \
     {decisions} {verbs} {things} {circumstances}. {first names} {last names} still has {number} of those letters.",
    "{groups} nothing changes before {deadlines}; until then {comforts}. \"I told them that {hopes} {conditions},\" \
     {first names} {last names} recalled {places}.",
    "{costs} was put at {number} crowns in {towns}, {comparisons}. {crowds} {reactions} {places}. What is left to \
     settle is whether to {verbs} {things} before {deadlines}, and {uncertainties}. In {towns} \
     {number} people signed up with {first names} {last names} to keep watch.",
];

/// The article of `slug` as a page at `url` shows it: always the same for one slug.
pub(super) fn text(slug: &str, url: String) -> Text {
    let mut choice = Choice::new(slug);
    let title = choice.fill("{towns} hears of a plan to {verbs} {things}");
    let body = PARAGRAPHS.iter().map(|paragraph| choice.fill(paragraph)).collect();
    Text {
        slug: slug.to_owned(),
        url,
        title,
        body,
    }
}

/// An article in `language`, `ru` or `ja`.
pub(super) fn foreign(language: &str, slug: &str, url: String) -> Text {
    let mark = format!("=== {language}\n");
    let story = FOREIGN.split_once(&mark).map_or("", |(_, after)| after);
    let story = story.split("\n=== ").next().unwrap_or_default();
    let mut parts = story.trim().split("\n\n").map(str::to_owned);
    Text {
        slug: slug.to_owned(),
        url,
        title: parts.next().unwrap_or_default(),
        body: parts.collect(),
    }
}

/// A row of choices that depends on the seed alone.
struct Choice {
    state: u64,
}

impl Choice {
    fn new(seed: &str) -> Self {
        let state = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state }
    }

    /// A number below `limit` (SplitMix64).
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ (mixed >> 31);
        usize::try_from(mixed % limit.max(1) as u64).unwrap_or(0)
    }

    fn fill(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, gap)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = gap.split_once('}').unwrap_or((gap, ""));
            out.push_str(&self.phrase(name));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn phrase(&mut self, name: &str) -> String {
        match name {
            "number" => (112 + self.below(9_800)).to_string(),
            "year" => (1931 + self.below(85)).to_string(),
            _ => {
                let (block, lower) = name.split_once('|').map_or((name, false), |(block, _)| (block, true));
                let lines: Vec<_> = phrases(block).collect();
                let line = lines.get(self.below(lines.len())).copied().unwrap_or_default();
                if lower { lowered(line) } else { line.to_owned() }
            }
        }
    }
}

fn phrases(block: &str) -> impl Iterator<Item = &'static str> {
    let mark = format!("%% {block}\n");
    let rest = PHRASES.split_once(&mark).map_or("", |(_, after)| after);
    rest.lines().take_while(|line| !line.starts_with("%% "))
}

fn lowered(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{PARAGRAPHS, foreign, phrases, text};

    #[test]
    fn every_gap_names_a_block_of_phrases() {
        for gap in PARAGRAPHS.iter().flat_map(|paragraph| paragraph.split('{').skip(1)) {
            let name = gap.split(['}', '|']).next().unwrap();
            assert!(
                matches!(name, "number" | "year") || 8 <= phrases(name).count(),
                "{name} has too few phrases"
            );
        }
    }

    #[test]
    fn one_slug_has_one_text() {
        assert_eq!(text("a", String::new()), text("a", String::new()));
        assert_ne!(text("a", String::new()).body, text("b", String::new()).body);
        assert!(foreign("ru", "x", String::new()).title.starts_with("Трамвай"));
        assert_eq!(foreign("ja", "x", String::new()).body.len(), 4);
    }
}
