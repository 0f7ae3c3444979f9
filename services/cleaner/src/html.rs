//! The article in a page: reduce, parse, walk, describe, score, look again, and sort what is left and what was cut.

use schemas::article::{Block, BlockKind};
use schemas::fate::FilterReason;

use crate::extracted::{Extracted, Known, Removed};
use crate::metadata::{self, Metadata};
use crate::{rules, words};

mod byline;
mod captions;
mod cues;
pub mod element;
pub mod features;
pub mod forest;
mod form;
mod head;
mod keep;
pub mod model;
mod output;
pub mod page;
mod place;
mod reduce;
mod refuse;
mod removed;
mod repeats;
mod review;
pub mod rows;
pub mod scorer;
mod seen;
pub mod tables;
mod tree;
mod word_hashes;

pub(crate) use element::Cue;
pub(crate) use head::Mark;
pub(crate) use head::{Head, MarkKind, Picture};
pub(crate) use keep::THRESHOLD;
pub(crate) use seen::Seen;

/// Reads a page as far as its blocks and its headline: where training starts.
pub(crate) fn open(html: &str, known: &Known) -> (page::Page, String) {
    let (page, json_ld) = page::read(html);
    let title = metadata::read(&page.head, &json_ld, None, known).title;
    (page, title)
}

/// A page's text with a line for every piece between two tags, as simple converters write it.
pub(crate) fn pieces(html: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    page::texts(html, |text| pieces.push(words::fold(text)));
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Extracts the article of a page.
///
/// `url` is the address that answered. Every word of the blocks comes from the page, in page order.
///
/// # Errors
/// The reason why the page is no article.
pub fn extract(html: &str, url: Option<&str>, known: &Known) -> Result<Extracted, FilterReason> {
    extract_by(scorer::shipped(), html, url, known)
}

/// [`extract`] by another model: how training measures one on pages that it has not seen.
pub(crate) fn extract_by(
    scorer: &scorer::Scorer,
    html: &str,
    url: Option<&str>,
    known: &Known,
) -> Result<Extracted, FilterReason> {
    if !refuse::is_html(html) {
        return Err(FilterReason::NotHtml);
    }
    let (mut page, json_ld) = page::read(html);
    let mut metadata = metadata::read(&page.head, &json_ld, url, known);
    let mut ruled = rules::reading::read(&known.rules, html, url, known.now);
    if let Some(title) = ruled.as_mut().and_then(|ruled| ruled.title.take()) {
        metadata.title = title;
    }
    let features = features::describe(&page, &metadata.title);
    let scores = scorer.scores(&page, &features.rows);
    let mut keep = keep::choose(&page, &features, &scores);
    keep::drop_thread(&page, &mut keep);
    let scored = keep.clone();
    repeats::drop_repeated(&page, &metadata.title, &mut keep);
    let mut taken = review::review(&page, &features, &metadata, url, &mut keep);
    let ruled = ruled.map(|ruled| ruled.apply(&mut page, &mut keep, &mut taken));
    let (ruled, parts) = ruled.unzip();
    if ruled.is_some() {
        page.read_words();
        repeats::drop_repeated(&page, &metadata.title, &mut keep);
    }
    refuse::judge(html, &page, &features, (&scored, &keep), &metadata)?;
    let (first, last) = output::extent(&page, &keep);
    metadata::add_images(&mut metadata, &page.head, url, first, last);
    complete(&mut metadata, &page, &keep, (html, url), known);
    let blocks = output::blocks(&page, &keep);
    let mut removed = removed::name(&page, &features, &keep, &taken, &metadata.title);
    let form = form::of(&page, &keep, first, &json_ld);
    removed::add_parts(&mut removed, &keep, parts.unwrap_or_default());
    let page_links = page.head.page_links.between(url, first.saturating_sub(15), last + 15);
    Ok(Extracted {
        ruled,
        form,
        page_links,
        ..assemble(blocks, removed, metadata, known)
    })
}

/// What a page says about itself, for one that [`extract`] refuses: everything but the story.
#[must_use]
pub fn describe(html: &str, url: Option<&str>, known: &Known) -> Extracted {
    if !refuse::is_html(html) {
        return Extracted::default();
    }
    let (page, json_ld) = page::read(html);
    let mut metadata = metadata::read(&page.head, &json_ld, url, known);
    complete(&mut metadata, &page, &[], (html, url), known);
    assemble(Vec::new(), Vec::new(), metadata, known)
}

/// Extracts the article out of markup that holds nothing else, as feeds carry it.
///
/// There is no page around it to compare blocks with, so the blocks are read as the lines of a text; those that are
/// links and nothing else go first.
///
/// # Errors
/// The reason why the markup holds no article.
pub fn extract_fragment(html: &str, url: Option<&str>, known: &Known) -> Result<Extracted, FilterReason> {
    let page = page::read(html).0;
    let is_link = |block: &&page::RawBlock| block.link_size > 0.8 * block.size;
    let lines: Vec<&str> = page
        .blocks
        .iter()
        .filter(|block| !is_link(block))
        .map(|block| block.text.as_str())
        .collect();
    let mut extracted = crate::text::extract(&lines.join("\n\n"), url, known)?;
    if let Some(title) = &known.hints.title {
        extracted.title.clone_from(title);
    }
    Ok(extracted)
}

/// Adds what readers see around the story to what machines are told.
fn complete(
    metadata: &mut Metadata,
    page: &page::Page,
    keep: &[bool],
    (html, url): (&str, Option<&str>),
    known: &Known,
) {
    let place = place::Place::of(page, keep, &metadata.title);
    let seen = seen::seen(page, keep, &place, metadata.reader);
    metadata::times::complete(metadata, metadata::times::Page { html, url, seen }, known);
    let bylines = byline::bylines(page, keep, &place);
    let declared = std::mem::take(&mut metadata.authors);
    metadata.authors = metadata::people::choose(declared, &bylines, &metadata.site_names, &known.hints.authors);
}

fn assemble(blocks: Vec<Block>, removed: Vec<Removed>, metadata: Metadata, known: &Known) -> Extracted {
    let mut extracted = Extracted {
        title: metadata.title,
        blocks,
        authors: metadata.authors,
        published_at: metadata.published_at,
        updated_at: metadata.updated_at,
        canonical_url: metadata.canonical_url,
        site_name: metadata.site_name,
        section: metadata.section,
        tags: metadata.tags,
        images: metadata.images,
        captions: removed::captions(&removed),
        rights: metadata.rights,
        removed,
        ..Extracted::default()
    };
    extracted.read_opening(known);
    let stated = metadata
        .stated_language
        .as_deref()
        .into_iter()
        .chain(known.hints.language.as_deref());
    extracted.language = crate::language::detect(&sample(&extracted.blocks), stated);
    extracted
}

/// Running text enough to tell a language by.
pub(crate) fn sample(blocks: &[Block]) -> String {
    let mut sample = String::new();
    let prose = blocks.iter().filter(|block| {
        matches!(
            block.kind,
            BlockKind::Paragraph | BlockKind::Quote | BlockKind::ListItem
        )
    });
    for block in prose {
        sample.push_str(words::start(&block.text, 2000));
        sample.push('\n');
        if sample.len() > 6000 {
            break;
        }
    }
    sample
}
