//! How a story is written down.
//!
//! A desk file is a list of stories. A story starts with `=== slug`, then `key: value` lines, an empty line, and
//! paragraphs parted by empty lines. `## ` starts a heading, `> ` a quotation; `[text](path)` is a link inside a
//! paragraph. The keys: `title`, `topics` (`04 09` for medtop:04000000 and medtop:09000000, main one first), `site`
//! (the desk's site if absent), `author`, `agency`, `dateline`, `caption`, `page` (see [`PageKind`]), `family`,
//! `correction: N | new text of paragraph N`, and any number of `copy: SITE | EDIT | EDIT …` (see [`crate::edits`]).
//!
//! A family file holds templates: the story's paragraphs may contain `{name}`, and each `row: slug | name=value | …`
//! is one article. A paragraph that is empty after filling is left out.

use crate::StartError;
use crate::truth::BlockKind;

mod desks;
mod family;

pub(crate) use desks::desks;

/// What is behind a feed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// An article.
    Story,
    /// A list of other articles.
    Listing,
    /// A player and one line of text.
    Video,
    /// 410.
    Gone,
    /// 404.
    Missing,
    /// An article at a path that robots.txt forbids.
    Forbidden,
    /// An article that the feed links to by a path that redirects.
    Moved,
}

/// A paragraph, heading or quotation, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) text: String,
}

/// One story as written.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) slug: String,
    pub(crate) language: &'static str,
    pub(crate) site: String,
    pub(crate) title: String,
    pub(crate) topics: Vec<String>,
    pub(crate) author: Option<String>,
    pub(crate) agency: Option<String>,
    pub(crate) dateline: Option<String>,
    pub(crate) caption: Option<String>,
    pub(crate) page: PageKind,
    pub(crate) family: Option<String>,
    pub(crate) correction: Option<(usize, String)>,
    pub(crate) copies: Vec<String>,
    pub(crate) rows: Vec<String>,
    pub(crate) blocks: Vec<Block>,
}

/// One file of stories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) language: &'static str,
    pub(crate) site: &'static str,
    pub(crate) text: &'static str,
}

/// All stories of all desks; families are filled in.
pub(crate) fn stories() -> Result<Vec<Story>, StartError> {
    let mut stories = Vec::new();
    for desk in desks() {
        for part in desk.text.split("\n=== ").filter(|part| !part.trim().is_empty()) {
            let part = part.strip_prefix("=== ").unwrap_or(part);
            let story = parse(part, desk)?;
            if story.rows.is_empty() {
                stories.push(story);
            } else {
                stories.extend(family::fill(&story)?);
            }
        }
    }
    Ok(stories)
}

fn parse(part: &str, desk: &Desk) -> Result<Story, StartError> {
    let (head, body) = part.split_once("\n\n").unwrap_or((part, ""));
    let mut lines = head.lines();
    let slug = lines.next().unwrap_or_default().trim().to_owned();
    let problem = |problem: String| StartError::Seed {
        story: slug.clone(),
        problem,
    };
    let mut story = Story {
        slug: slug.clone(),
        language: desk.language,
        site: desk.site.to_owned(),
        title: String::new(),
        topics: Vec::new(),
        author: None,
        agency: None,
        dateline: None,
        caption: None,
        page: PageKind::Story,
        family: None,
        correction: None,
        copies: Vec::new(),
        rows: Vec::new(),
        blocks: body
            .split("\n\n")
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(block)
            .collect(),
    };
    for line in lines {
        let (key, value) = line
            .split_once(": ")
            .ok_or_else(|| problem(format!("no key in line {line:?}")))?;
        set(&mut story, key, value.trim()).map_err(problem)?;
    }
    if story.title.is_empty() {
        return Err(StartError::Seed {
            story: slug,
            problem: "no title".to_owned(),
        });
    }
    Ok(story)
}

fn set(story: &mut Story, key: &str, value: &str) -> Result<(), String> {
    let text = || Some(value.to_owned());
    match key {
        "title" => value.clone_into(&mut story.title),
        "topics" => story.topics = value.split(' ').map(|two| format!("medtop:{two}000000")).collect(),
        "site" => value.clone_into(&mut story.site),
        "author" => story.author = text(),
        "agency" => story.agency = text(),
        "dateline" => story.dateline = text(),
        "caption" => story.caption = text(),
        "family" => story.family = text(),
        "copy" => story.copies.push(value.to_owned()),
        "row" => story.rows.push(value.to_owned()),
        "page" => story.page = page_kind(value)?,
        "correction" => {
            let (number, text) = value.split_once(" | ").ok_or("a correction is `N | text`")?;
            let number = number.trim().parse().map_err(|_| "a correction starts with a number")?;
            story.correction = Some((number, text.to_owned()));
        }
        _ => return Err(format!("unknown key {key}")),
    }
    Ok(())
}

fn page_kind(value: &str) -> Result<PageKind, String> {
    Ok(match value {
        "listing" => PageKind::Listing,
        "video" => PageKind::Video,
        "gone" => PageKind::Gone,
        "missing" => PageKind::Missing,
        "forbidden" => PageKind::Forbidden,
        "moved" => PageKind::Moved,
        _ => return Err(format!("unknown page kind {value}")),
    })
}

fn block(text: &str) -> Block {
    let (kind, text) = if let Some(heading) = text.strip_prefix("## ") {
        (BlockKind::Heading, heading)
    } else if let Some(quote) = text.strip_prefix("> ") {
        (BlockKind::Quote, quote)
    } else {
        (BlockKind::Paragraph, text)
    };
    Block {
        kind,
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
