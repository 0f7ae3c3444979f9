//! What another site does to a story that it takes over.
//!
//! A copy is written `copy: SITE | EDIT | EDIT …`, with the edits applied in the order written:
//! `keep=N` (the first N blocks only), `title=…`, `byline=…`, `lead=…` (another first paragraph), `local=…` (a
//! paragraph added at the end), `move=A>B` (block A, counted from 1, becomes block B), `style` (the house style of the
//! site, see [`crate::house_style`]).

use crate::StartError;
use crate::house_style;
use crate::seed::{Block, Story};
use crate::truth::BlockKind;

/// A story as another site brings it.
pub(crate) struct Copy {
    pub(crate) story: Story,
    /// The names of the edits, for the truth table.
    pub(crate) edits: Vec<String>,
}

/// Applies one `copy` line of `original`.
pub(crate) fn copy(original: &Story, line: &str) -> Result<Copy, StartError> {
    let mut parts = line.split(" | ");
    let mut story = original.clone();
    story.site = parts.next().unwrap_or_default().trim().to_owned();
    story.slug = format!("{}@{}", original.slug, story.site);
    story.copies.clear();
    story.correction = None;
    let mut edits = Vec::new();
    for part in parts {
        let name = edit(&mut story, part.trim()).map_err(|problem| StartError::Seed {
            story: original.slug.clone(),
            problem,
        })?;
        edits.push(name.to_owned());
    }
    Ok(Copy { story, edits })
}

fn edit(story: &mut Story, edit: &str) -> Result<&'static str, String> {
    let (name, value) = edit.split_once('=').unwrap_or((edit, ""));
    let paragraph = || Block {
        kind: BlockKind::Paragraph,
        text: value.to_owned(),
    };
    match name {
        "keep" => {
            let count = value.parse().map_err(|_| format!("keep={value} is no number"))?;
            story.blocks.truncate(count);
            Ok("truncated")
        }
        "title" => {
            value.clone_into(&mut story.title);
            Ok("headline")
        }
        "byline" => {
            story.author = Some(value.to_owned());
            Ok("byline")
        }
        "lead" => {
            let first = story.blocks.first_mut().ok_or("no first paragraph to replace")?;
            *first = paragraph();
            Ok("lead")
        }
        "local" => {
            story.blocks.push(paragraph());
            Ok("local_paragraph")
        }
        "move" => {
            let (from, to) = value.split_once('>').ok_or("move is `A>B`")?;
            let index = |text: &str| text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let (from, to) = index(from).zip(index(to)).ok_or("move is `A>B`, counted from 1")?;
            if from.max(to) >= story.blocks.len() {
                return Err(format!("move={value} goes beyond the text"));
            }
            let block = story.blocks.remove(from);
            story.blocks.insert(to, block);
            Ok("moved")
        }
        "style" => {
            let site = story.site.clone();
            story.title = house_style::apply(&site, &story.title);
            for block in &mut story.blocks {
                block.text = house_style::apply(&site, &block.text);
            }
            Ok("house_style")
        }
        _ => Err(format!("unknown edit {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Copy, copy};
    use crate::seed::{Block, PageKind, Story};
    use crate::truth::BlockKind;

    fn story() -> Story {
        let block = |text: &str| Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        };
        Story {
            slug: "ferry".to_owned(),
            language: "en",
            site: "meridian".to_owned(),
            title: "Ferry stops".to_owned(),
            topics: vec!["medtop:04000000".to_owned()],
            author: None,
            agency: None,
            dateline: None,
            caption: None,
            page: PageKind::Story,
            family: None,
            correction: None,
            copies: Vec::new(),
            rows: Vec::new(),
            blocks: vec![block("One."), block("Two is 5 percent."), block("Three.")],
        }
    }

    fn check(line: &str, expected: &[&str], expected_edits: &[&str]) {
        let Copy { story, edits } = copy(&story(), line).unwrap();
        let texts: Vec<_> = story.blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts, expected, "{line}");
        assert_eq!(edits, expected_edits, "{line}");
    }

    #[test]
    fn edits_change_what_they_name() {
        check("courier", &["One.", "Two is 5 percent.", "Three."], &[]);
        check(
            "courier | keep=2 | style",
            &["One.", "Two is 5 per cent."],
            &["truncated", "house_style"],
        );
        check(
            "ledger | move=3>1",
            &["Three.", "One.", "Two is 5 percent."],
            &["moved"],
        );
        check(
            "ledger | local=Here.",
            &["One.", "Two is 5 percent.", "Three.", "Here."],
            &["local_paragraph"],
        );
        check(
            "ledger | lead=Uno.",
            &["Uno.", "Two is 5 percent.", "Three."],
            &["lead"],
        );
    }

    #[test]
    fn unknown_edits_and_moves_out_of_the_text_are_refused() {
        for line in [
            "ledger | shout",
            "ledger | move=9>1",
            "ledger | move=0>1",
            "ledger | keep=x",
        ] {
            assert!(copy(&story(), line).is_err(), "{line}");
        }
    }
}
