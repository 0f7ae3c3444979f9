//! The story in a document that another program extracted before: lines in, the same cuts as for pages.
//!
//! Such documents have lost their markup, so there are no links and no class names to go by. What is left is the shape
//! of lines, their order, and what they talk about. Each line gets evidence for and against being part of the story
//! ([`line`]). The headline is the line at the top that the story talks about ([`top`]). The end of the story is the
//! point from which on the evidence against outweighs the evidence for by most ([`end`]): so a full sentence within a
//! list of forty headlines goes with the list, and a short line within prose stays with the prose. Between the two,
//! only lines with evidence of their own go ([`middle`]).
//!
//! A learned model scores every line, too ([`features`], [`model`]). A document with a menu's worth of short lines that
//! surely are no story is a whole page, and there the scores decide ([`page`]); in any other they only decide where
//! they are sure ([`second`]).

use schemas::article::{Block, BlockKind};
use schemas::fate::FilterReason;
use schemas::time::Timestamp;

use crate::extracted::{Agency, Extracted, Known, Removed, RemovedKind};
use crate::html::model::Model;
use crate::metadata::{people, times};
use crate::{language, wire, words};

mod end;
pub(crate) mod features;
pub(crate) mod line;
mod middle;
pub(crate) mod model;
mod page;
mod second;
mod top;

use line::Document;

/// Weighted characters below which a text is no story.
const MIN_STORY: f32 = 90.0;
/// Openings of lines that name the paper or agency a text was taken from, and no person.
const SOURCES: &[&str] = &[
    "theo ",
    "nguồn",
    "sumber",
    "source",
    "fuente",
    "fonte",
    "quelle",
    "źródło",
    "kaynak",
    "источник",
    "джерело",
    "المصدر",
    "منبع",
    "स्रोत",
    "ที่มา",
    "출처",
    "出典",
    "出所",
    "来源",
    "來源",
];
/// Bytes told of one cut line.
const MAX_REMOVED_TEXT: usize = 300;

/// Extracts the story of a plain text. `url` is where it came from, when anybody knows.
///
/// # Errors
/// The reason why the text is no article.
pub fn extract(text: &str, url: Option<&str>, known: &Known) -> Result<Extracted, FilterReason> {
    if is_binary(text) {
        return Err(FilterReason::NotHtml);
    }
    let mut document = Document::read(text);
    if document.lines.is_empty() {
        return Err(FilterReason::NoArticle);
    }
    if is_listing(&document) {
        return Err(FilterReason::ListingPage);
    }
    let title = cut(&mut document, known.hints.title.as_deref(), model::shipped());
    let title = title.map(|index| document.lines[index].text.clone());
    assemble(&document, title, url, known)
}

/// Cuts what is no story out of a document; the headline's index.
fn cut(document: &mut Document, hint: Option<&str>, model: &Model) -> Option<usize> {
    let scores = model::scores(model, &document.lines);
    if page::is_page(document, &scores) {
        return page::cut(document, hint, &scores);
    }
    let title = top::cut(document, hint);
    end::cut(document, title);
    middle::cut(document, title);
    second::look(document, title, &scores);
    title
}

/// The story that a model finds, a line a paragraph, whatever its size: what training measures.
pub(crate) fn story(text: &str, model: &Model) -> String {
    let mut document = Document::read(text);
    cut(&mut document, None, model);
    let blocks = blocks(&document);
    let lines: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    lines.join("\n")
}

fn is_binary(text: &str) -> bool {
    let head = words::start(text, 8192);
    let odd = head
        .chars()
        .filter(|character| character.is_control() && !character.is_whitespace() || *character == '\u{fffd}')
        .count();
    odd * 20 > head.chars().count()
}

/// Headlines and nothing else: many long lines, none of which ends as prose or verse does.
fn is_listing(document: &Document) -> bool {
    let lines = &document.lines;
    let headlines = lines
        .iter()
        .filter(|line| line.size >= 35.0 && !line.ends_sentence && !line.text.ends_with([',', ';', ':', '-', '—']))
        .count();
    !document.has_prose && lines.len() >= 12 && headlines * 10 >= lines.len() * 8
}

fn assemble(
    document: &Document,
    title: Option<String>,
    url: Option<&str>,
    known: &Known,
) -> Result<Extracted, FilterReason> {
    let blocks = blocks(document);
    let size: f32 = blocks.iter().map(|block| words::size(&block.text)).sum();
    if blocks.is_empty() {
        return Err(FilterReason::NoArticle);
    }
    if size < MIN_STORY {
        return Err(FilterReason::TooShort);
    }
    let removed: Vec<Removed> = document
        .lines
        .iter()
        .filter_map(|line| {
            line.cut.map(|kind| Removed {
                kind,
                text: words::start(&line.text, MAX_REMOVED_TEXT).to_owned(),
            })
        })
        .collect();
    let mut extracted = Extracted {
        title: title.or_else(|| known.hints.title.clone()).unwrap_or_default(),
        authors: authors(&removed, known),
        captions: captions(&removed),
        blocks,
        removed,
        ..Extracted::default()
    };
    extracted.read_opening(known);
    if extracted.agency.is_none() {
        let signed = extracted
            .removed
            .iter()
            .find_map(|removed| wire::agency_named(&removed.text));
        extracted.agency = signed.map(|name| Agency { name: name.to_owned() });
    }
    if extracted.published_at.is_none() {
        extracted.published_at = published(url, known);
    }
    extracted.language = language::detect(&crate::html::sample(&extracted.blocks), known.hints.language.as_deref());
    Ok(extracted)
}

/// A bare date line isn't believed: sites that post again what others wrote put their own day there. The address and
/// the feed are the publisher's own word.
fn published(url: Option<&str>, known: &Known) -> Option<schemas::article::FoundTime> {
    let feed = known
        .hints
        .published_at
        .map(Timestamp::as_millis)
        .and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    if let Some(at) = feed {
        return Some(times::found_time(at, &at.to_string(), "feed"));
    }
    let found = crate::dates::in_url(url?, None)?;
    Some(times::found_time(found.at, found.text, "url"))
}

fn blocks(document: &Document) -> Vec<Block> {
    let kept: Vec<&line::Line> = document
        .lines
        .iter()
        .filter(|line| line.cut.is_none() && !line.is_title)
        .collect();
    let kind = |index: usize| {
        let line = kept[index];
        let leads_prose = kept.get(index + 1).is_some_and(|next| next.is_prose);
        match () {
            () if line.is_bullet => BlockKind::ListItem,
            () if line.text.starts_with('>') => BlockKind::Quote,
            () if document.has_prose && leads_prose && line.is_heading_shaped() => BlockKind::Heading,
            () => BlockKind::Paragraph,
        }
    };
    (0..kept.len())
        .map(|index| Block {
            kind: kind(index),
            text: kept[index].text.clone(),
        })
        .collect()
}

fn authors(removed: &[Removed], known: &Known) -> Vec<String> {
    let bylines: Vec<String> = removed
        .iter()
        .filter(|removed| removed.kind == RemovedKind::Byline && !removed.text.contains('/'))
        .filter(|removed| {
            !SOURCES
                .iter()
                .any(|opening| removed.text.to_lowercase().starts_with(opening))
        })
        .map(|removed| removed.text.clone())
        .collect();
    let found = people::people(&bylines, &[]);
    if found.is_empty() {
        people::people(&known.hints.authors, &[])
    } else {
        found
    }
}

fn captions(removed: &[Removed]) -> Vec<String> {
    let mut captions: Vec<String> = Vec::new();
    for removed in removed.iter().filter(|removed| removed.kind == RemovedKind::Caption) {
        if !captions
            .iter()
            .any(|known| words::key(known) == words::key(&removed.text))
        {
            captions.push(removed.text.clone());
        }
    }
    captions
}
