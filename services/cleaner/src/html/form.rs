//! What kind of story a page holds, where it is not an ordinary article.

use super::element::Tag;
use super::page::Page;
use crate::extracted::Form;

/// Updates with a time of their own that make a live blog.
const MIN_UPDATES: usize = 8;
/// Pictures within the story that make a gallery.
const MIN_PICTURES: usize = 8;
/// Weighted characters of text to a picture, up to which the pictures are the story.
const MAX_TEXT: f32 = 220.0;
/// Weighted characters from which a caption says something.
const MIN_CAPTION: f32 = 15.0;
/// Weighted characters up to which a block is a time and little else.
const MAX_TIME: f32 = 24.0;

/// Tells the form by what the page calls itself, else by what it looks like. `headline` is where the story begins.
pub(super) fn of(page: &Page, keep: &[bool], headline: usize, json_ld: &[String]) -> Option<Form> {
    let first = keep.iter().position(|keep| *keep)?;
    let last = keep.iter().rposition(|keep| *keep)?;
    let is_called = |kind: &str| json_ld.iter().any(|script| has_type(script, kind));
    if is_called("LiveBlogPosting") || is_live(page, keep, first, last) {
        return Some(Form::LiveBlog);
    }
    if is_called("ImageGallery") || is_called("MediaGallery") || is_gallery(page, keep, headline) {
        return Some(Form::Gallery);
    }
    let calls_itself_video = page
        .head
        .meta_of(&["og:type"])
        .is_some_and(|kind| kind.starts_with("video"));
    calls_itself_video.then_some(Form::Video)
}

/// Whether a script states this type as a whole word in quotes. Quotation by scripts within scripts does not matter.
fn has_type(script: &str, kind: &str) -> bool {
    script.match_indices(kind).take(20).any(|(at, _)| {
        let before = script.get(..at).unwrap_or_default();
        let is_named = before.get(before.floor_char_boundary(at.saturating_sub(40))..);
        let is_whole =
            before.ends_with(['"', '/']) && script.get(at + kind.len()..).is_some_and(|rest| rest.starts_with('"'));
        is_whole && is_named.is_some_and(|before| before.contains("@type"))
    })
}

/// Many short blocks that begin with a time of day, with a paragraph of the story behind most of them.
fn is_live(page: &Page, keep: &[bool], first: usize, last: usize) -> bool {
    let from = first.saturating_sub(5);
    let blocks = page.blocks.iter().enumerate().take(last + 1).skip(from);
    let is_update = |(at, block): &(usize, &super::page::RawBlock)| {
        let is_led = keep.iter().skip(at + 1).take(4).any(|keep| *keep);
        block.size <= MAX_TIME && is_led && starts_with_time(&block.text)
    };
    let updates = blocks.filter(is_update).count();
    let kept = keep.iter().filter(|keep| **keep).count();
    updates >= MIN_UPDATES && updates * 12 >= kept
}

/// `9:05`, `14.32`, `14h32`, `2:30 pm`.
fn starts_with_time(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let hours = digits(text);
    let Some(rest) = text.get(hours..).filter(|_| (1..=2).contains(&hours)) else {
        return false;
    };
    let rest = rest.strip_prefix([':', '.', 'h', 'H']);
    rest.is_some_and(|rest| digits(rest) == 2 && !rest.get(2..).is_some_and(|rest| rest.starts_with(['.', '/', '-'])))
}

/// Many pictures with captions from the headline on, and little text beside them.
fn is_gallery(page: &Page, keep: &[bool], headline: usize) -> bool {
    let captions: std::collections::BTreeSet<usize> = (headline..page.blocks.len())
        .filter(|index| is_caption(page, *index))
        .collect();
    let Some(last) = captions.last() else {
        return false;
    };
    let pictures = page.head.pictures.iter();
    let pictures = pictures.filter(|picture| (headline..=last + 1).contains(&picture.at));
    let count = pictures.count().min(captions.len());
    let kept = (headline..page.blocks.len()).filter(|index| keep.get(*index) == Some(&true));
    let text = kept.filter(|index| !captions.contains(index));
    let size: f32 = text.filter_map(|index| Some(page.blocks.get(index)?.size)).sum();
    count >= MIN_PICTURES && size <= MAX_TEXT * count as f32
}

/// Whether a block is a caption by its tag, and no link to another story. Names of classes don't count: teasers of
/// other stories have the same.
fn is_caption(page: &Page, index: usize) -> bool {
    let Some(block) = page.blocks.get(index) else {
        return false;
    };
    let mut at = block.element;
    let is_tagged = (0..4).any(|_| {
        let element = page.elements.get(at as usize);
        at = element.map_or(0, |element| element.parent);
        element.is_some_and(|element| element.tag == Tag::Figcaption)
    });
    is_tagged && block.size >= MIN_CAPTION && block.link_size < 0.5 * block.size
}
