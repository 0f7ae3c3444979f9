//! Pages with things inserted that are not the story, and in other designs, so that the model takes neither every
//! paragraph for story nor a name for a proof.
//!
//! Development sets hold few comment threads, second articles, appeals and link lists within the text; the web is
//! full of them. What is inserted ([`boxes`]) comes from another page's story, so its words are as good as the story's
//! own. And they hold the designs of a few years; [`design`] takes away what another decade would not have had.

use super::Example;

mod boxes;
mod design;

/// Kinds of insertion.
pub const VARIANTS: usize = 12;

/// The page with an insertion of a kind (0 to [`VARIANTS`]); text comes from `other`, choices follow from `seed`. Of
/// three seeds one also changes the page's design.
#[must_use]
pub fn augment(example: &Example, other: &Example, variant: usize, seed: usize) -> Example {
    let variant = variant % VARIANTS;
    let paragraphs: Vec<&str> = other
        .story
        .lines()
        .map(str::trim)
        .filter(|line| (40..900).contains(&line.len()))
        .collect();
    let inserted = boxes::make(&paragraphs, variant, seed);
    let at = if boxes::is_within(variant) {
        within(example, seed)
    } else if boxes::is_above(variant, seed) {
        above(example)
    } else {
        behind(example, seed)
    };
    let mut html = example.html.clone();
    html.insert_str(at, &inserted);
    let html = match seed % 3 {
        0 => design::change(&html, seed / 3),
        _ => html,
    };
    Example {
        id: format!("{}+{variant}", example.id),
        html,
        ..example.clone()
    }
}

/// The lines of a story that are long enough to be found in the markup.
fn long_lines(example: &Example) -> Vec<&str> {
    example
        .story
        .lines()
        .map(str::trim)
        .filter(|line| line.len() > 60)
        .collect()
}

/// Where a line of the story starts in the markup, by its first words.
fn start_of(example: &Example, line: &str) -> Option<usize> {
    let needle = line.get(..line.floor_char_boundary(30))?;
    example.html.find(needle)
}

/// Where a paragraph of the story ends in the markup.
fn end_of(example: &Example, line: &str) -> Option<usize> {
    let at = start_of(example, line)?;
    example
        .html
        .get(at..)?
        .find("</p>")
        .filter(|length| *length < 5000)
        .map(|length| at + length + 4)
}

/// A place within the story: behind one of its middle paragraphs.
fn within(example: &Example, seed: usize) -> usize {
    let lines = long_lines(example);
    let middle = lines.get(lines.len() / 3 + seed % (lines.len() / 3).max(1));
    middle
        .and_then(|line| end_of(example, line))
        .unwrap_or_else(|| end_of_page(example))
}

/// A place right above the story's first paragraph.
fn above(example: &Example) -> usize {
    let start = long_lines(example)
        .first()
        .and_then(|line| start_of(example, line))
        .and_then(|at| {
            let before = example.html.get(..at)?;
            before.rfind("<p").filter(|open| at - open < 400)
        });
    start.unwrap_or_else(|| end_of_page(example))
}

/// A place behind the story: behind its last paragraph, the box around it, or at the end of the page.
fn behind(example: &Example, seed: usize) -> usize {
    let last = long_lines(example).last().and_then(|line| end_of(example, line));
    let Some(last) = last else { return end_of_page(example) };
    let box_end = example
        .html
        .get(last..)
        .and_then(|rest| rest.find("</div>"))
        .filter(|length| *length < 3000)
        .map(|length| last + length + 6);
    match seed % 4 {
        0 => last,
        1 | 2 => box_end.unwrap_or(last),
        _ => end_of_page(example),
    }
}

fn end_of_page(example: &Example) -> usize {
    example
        .html
        .rfind("<footer")
        .or_else(|| example.html.rfind("</body"))
        .unwrap_or(example.html.len())
}

#[cfg(test)]
mod tests {
    use super::{Example, VARIANTS, augment};

    #[test]
    fn insertions_leave_the_story_as_it_is() {
        let story = "The ferry left the pier at dawn on Monday and came back at night, people said.\nNobody on the quay could say why it had been away for so long this time.";
        let html = story.lines().map(|line| format!("<p>{line}</p>")).collect::<String>();
        let example = Example {
            id: "a".into(),
            group: "a".into(),
            set: "s".into(),
            url: None,
            html,
            story: story.into(),
        };
        for variant in 0..VARIANTS {
            for seed in 0..24 {
                let page = augment(&example, &example, variant, seed).html;
                assert!(example.html.len() < page.len());
                assert!(story.lines().all(|line| page.contains(line)), "{variant} {seed}");
            }
        }
    }
}
