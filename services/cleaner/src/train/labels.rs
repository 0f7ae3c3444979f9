//! Which blocks of a page are its story: those whose windows of four words stand in it.

use std::collections::BTreeSet;

use super::measure::tokens;

/// Share of a block's windows that must stand in the story.
const ENOUGH: f64 = 0.5;

/// Labels the blocks of a page. Blocks of fewer than four words are labelled by all their words in a row, and only
/// between blocks that are story for sure, because "More" stands in many stories.
#[must_use]
pub fn label(texts: &[String], story: &str) -> Vec<bool> {
    let story = tokens(story);
    let windows: Vec<BTreeSet<&[&str]>> = (1..=4).map(|length| story.windows(length).collect()).collect();
    let sure: Vec<bool> = texts
        .iter()
        .map(|text| {
            let words = tokens(text);
            words.len() >= 4 && share_in(&words, &windows[3]) >= ENOUGH
        })
        .collect();
    let first = sure.iter().position(|sure| *sure);
    let last = sure.iter().rposition(|sure| *sure);
    texts
        .iter()
        .zip(&sure)
        .enumerate()
        .map(|(index, (text, sure))| {
            let words = tokens(text);
            let is_between = first.is_some_and(|first| first <= index) && last.is_some_and(|last| index <= last + 1);
            *sure || is_between && (1..4).contains(&words.len()) && windows[words.len() - 1].contains(words.as_slice())
        })
        .collect()
}

fn share_in(words: &[&str], windows: &BTreeSet<&[&str]>) -> f64 {
    let all = words.windows(4).count();
    let found = words.windows(4).filter(|window| windows.contains(window)).count();
    found as f64 / all.max(1) as f64
}

/// The weight of each block: by length with diminishing returns, and the same for every page.
#[must_use]
pub fn weights(texts: &[String]) -> Vec<f32> {
    let own: Vec<f32> = texts
        .iter()
        .map(|text| 0.5 + (1.0 + tokens(text).len() as f32).ln())
        .collect();
    let sum: f32 = own.iter().sum();
    own.iter().map(|weight| 100.0 * weight / sum.max(1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn blocks_of_the_story_are_labelled() {
        let texts = [
            "More",
            "The ferry left the pier at dawn",
            "More",
            "Buy our tea in the shop now",
            "It came back at night alone",
        ];
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let story = "The ferry left the pier at dawn. More\nIt came back at night alone.";
        assert_eq!(label(&texts, story), [false, true, true, false, true]);
    }
}
