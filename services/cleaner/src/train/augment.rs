//! Pages with things inserted that are not the story, so that the model doesn't take every paragraph for story.
//!
//! Development sets hold few comment threads, second articles, appeals and link lists within the text; the web is
//! full of them. What is inserted comes from another page's story, so its words are as good as the story's own.

use super::Example;

/// Names that designers give to such boxes; some say nothing.
const NAMES: &[&str] = &[
    "comment-list",
    "thread",
    "c-box",
    "below",
    "discussion__items",
    "post-content",
    "entry",
    "wrap",
    "box-text",
    "rb-12",
    "more",
    "story-next",
];

/// Kinds of insertion.
pub const VARIANTS: usize = 6;

/// The page with an insertion of a kind (0 to [`VARIANTS`]); text comes from `other`, choices follow from `seed`.
#[must_use]
pub fn augment(example: &Example, other: &Example, variant: usize, seed: usize) -> Example {
    let paragraphs: Vec<&str> = other
        .story
        .lines()
        .map(str::trim)
        .filter(|line| (40..900).contains(&line.len()))
        .collect();
    let name = NAMES[seed % NAMES.len()];
    let box_ = match variant % VARIANTS {
        0 => thread(&paragraphs, name, 4 + seed % 12),
        1 => second_article(&paragraphs, name, seed),
        2 => appeal(&paragraphs, name, seed),
        3 | 4 => links(&paragraphs, name, 2 + seed % 6, seed),
        _ => teasers(&paragraphs, name, 3 + seed % 5),
    };
    let at = match variant % VARIANTS {
        3 => within(example, seed),
        _ => behind(example, seed),
    };
    let mut html = example.html.clone();
    html.insert_str(at, &box_);
    Example {
        id: format!("{}+{variant}", example.id),
        html,
        ..example.clone()
    }
}

fn thread(paragraphs: &[&str], name: &str, count: usize) -> String {
    let items: String = paragraphs.iter().cycle().take(if paragraphs.is_empty() { 0 } else { count }).enumerate().map(|(index, text)| {
        let person = ["Rosa K.", "tomato77", "J. Meyer", "old_salt", "Anonymous"][index % 5];
        format!("<li><div class=\"{name}-item\"><b>{person}</b><span class=\"when\">{} hours ago</span><p>{text}</p><a href=\"#r\">Reply</a></div></li>", index + 2)
    }).collect();
    format!("<div class=\"{name}\"><h3>{count} Comments</h3><ul>{items}</ul></div>")
}

fn second_article(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let body: String = paragraphs
        .iter()
        .take(3 + seed % 9)
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    let head: String = paragraphs
        .first()
        .map(|text| text.chars().take(60).collect())
        .unwrap_or_default();
    match seed % 3 {
        0 => format!("<article class=\"{name}\"><h2><a href=\"/next\">{head}</a></h2>{body}</article>"),
        1 => format!("<div class=\"{name}\"><h1>{head}</h1><div class=\"{name}\">{body}</div></div>"),
        _ => format!("<section><h2>{head}</h2><div>{body}</div></section>"),
    }
}

fn appeal(paragraphs: &[&str], name: &str, seed: usize) -> String {
    let text = paragraphs
        .get(seed % paragraphs.len().max(1))
        .copied()
        .unwrap_or_default();
    match seed % 3 {
        0 => format!(
            "<div class=\"{name}\"><p><b>Before you go:</b> we have no owner but our readers. {text}</p><p>Give what you can today, from two euros a month.</p><a href=\"/give\">Give now</a></div>"
        ),
        1 => format!(
            "<div class=\"{name}\"><img src=\"/a.jpg\"><h4>About the author</h4><p>She writes about the coast and its people. {text}</p></div>"
        ),
        _ => format!(
            "<div class=\"{name}\"><h4>Never miss a story</h4><p>Get our letter every morning, free of charge. {text}</p><form><input name=\"mail\"></form></div>"
        ),
    }
}

fn links(paragraphs: &[&str], name: &str, count: usize, seed: usize) -> String {
    let heads: Vec<String> = paragraphs
        .iter()
        .take(count)
        .map(|text| text.chars().take(70).collect())
        .collect();
    match seed % 3 {
        0 => format!(
            "<div class=\"{name}\"><h3>More on this</h3><ul>{}</ul></div>",
            heads
                .iter()
                .map(|head| format!("<li><a href=\"/x\">{head}</a></li>"))
                .collect::<String>()
        ),
        1 => heads
            .iter()
            .take(2)
            .map(|head| format!("<p><b>Also: <a href=\"/x\">{head}</a></b></p>"))
            .collect(),
        _ => format!(
            "<aside>{}</aside>",
            heads.iter().map(|head| format!("<p>{head}</p>")).collect::<String>()
        ),
    }
}

fn teasers(paragraphs: &[&str], name: &str, count: usize) -> String {
    let cards: String = paragraphs.iter().take(count).map(|text| {
        let head: String = text.chars().take(50).collect();
        let lead: String = text.chars().take(180).collect();
        format!("<div class=\"{name}-card\"><a href=\"/x\"><h3>{head}</h3></a><p>{lead}</p><time>2 days ago</time></div>")
    }).collect();
    format!("<div class=\"{name}\">{cards}</div>")
}

/// Where a paragraph of the story ends in the markup, by its first words.
fn end_of(example: &Example, line: &str) -> Option<usize> {
    let needle = line.get(..line.floor_char_boundary(30))?;
    let at = example.html.find(needle)?;
    example
        .html
        .get(at..)?
        .find("</p>")
        .filter(|length| *length < 5000)
        .map(|length| at + length + 4)
}

/// A place within the story: behind one of its middle paragraphs.
fn within(example: &Example, seed: usize) -> usize {
    let lines: Vec<&str> = example
        .story
        .lines()
        .map(str::trim)
        .filter(|line| line.len() > 60)
        .collect();
    let middle = lines.get(lines.len() / 3 + seed % (lines.len() / 3).max(1));
    middle
        .and_then(|line| end_of(example, line))
        .unwrap_or_else(|| end_of_page(example))
}

/// A place behind the story: behind its last paragraph, the box around it, or at the end of the page.
fn behind(example: &Example, seed: usize) -> usize {
    let last = example
        .story
        .lines()
        .map(str::trim)
        .rfind(|line| line.len() > 60)
        .and_then(|line| end_of(example, line));
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
            for seed in 0..12 {
                let page = augment(&example, &example, variant, seed).html;
                assert!(example.html.len() < page.len());
                assert!(story.lines().all(|line| page.contains(line)));
            }
        }
    }
}
