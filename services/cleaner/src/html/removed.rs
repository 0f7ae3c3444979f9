//! What cut blocks were: for `explain`, and for the captions.

use super::element::{Cue, Tag};
use super::features::{Features, is_same_line};
use super::page::{Page, RawBlock};
use crate::extracted::{Removed, RemovedKind};
use crate::rules::applied::CutPart;
use crate::words;

/// Cut blocks told of one page.
const MAX_REMOVED: usize = 500;
/// Bytes told of one cut block.
const MAX_TEXT: usize = 300;
/// Captions told of one page.
const MAX_CAPTIONS: usize = 40;

/// Names for cues, nearest element first; the order settles ties.
const BY_CUE: &[(Cue, RemovedKind)] = &[
    (Cue::Cookie, RemovedKind::Cookie),
    (Cue::Comment, RemovedKind::Comments),
    (Cue::Newsletter, RemovedKind::Newsletter),
    (Cue::Bio, RemovedKind::AuthorBio),
    (Cue::Related, RemovedKind::Related),
    (Cue::Social, RemovedKind::Share),
    (Cue::Promo, RemovedKind::Ad),
    (Cue::Caption, RemovedKind::Caption),
    (Cue::Tags, RemovedKind::Tags),
    (Cue::Nav, RemovedKind::Navigation),
    (Cue::Footer, RemovedKind::Navigation),
    (Cue::Sidebar, RemovedKind::Related),
    (Cue::Meta, RemovedKind::Byline),
];

/// Names every cut block; `taken` names those that rules cut.
pub(super) fn name(
    page: &Page,
    features: &Features,
    keep: &[bool],
    taken: &[Option<RemovedKind>],
    title: &str,
) -> Vec<Removed> {
    let cut = page
        .blocks
        .iter()
        .zip(keep)
        .zip(&features.shapes)
        .zip(taken)
        .filter(|(((_, keep), _), _)| !**keep);
    let named = cut.map(|(((block, _), shape), taken)| {
        let is_title = is_same_line(&block.text, title);
        let kind = if is_title {
            RemovedKind::RepeatedTitle
        } else {
            taken.or(shape.said.kind()).unwrap_or_else(|| by_place(page, block))
        };
        Removed {
            kind,
            text: words::start(&block.text, MAX_TEXT).to_owned(),
        }
    });
    named.take(MAX_REMOVED).collect()
}

/// Adds what rules cut out of kept blocks, in page order.
pub(super) fn add_parts(removed: &mut Vec<Removed>, keep: &[bool], parts: Vec<CutPart>) {
    for (added, (index, text)) in parts.into_iter().enumerate() {
        let before = keep.iter().take(index).filter(|keep| !**keep).count();
        let part = Removed {
            kind: RemovedKind::Rule,
            text: words::start(&text, MAX_TEXT).to_owned(),
        };
        removed.insert((before + added).min(removed.len()), part);
    }
    removed.truncate(MAX_REMOVED);
}

fn by_place(page: &Page, block: &RawBlock) -> RemovedKind {
    let mut index = block.element;
    for distance in 0..8 {
        let Some(element) = page.elements.get(index as usize) else {
            break;
        };
        let cues = if distance == 0 {
            element.cues | block.inline_cues
        } else {
            element.cues
        };
        if let Some((_, kind)) = BY_CUE.iter().find(|(cue, _)| cues & (1 << *cue as u8) != 0) {
            return *kind;
        }
        match element.tag {
            Tag::Figcaption | Tag::Figure => return RemovedKind::Caption,
            Tag::Nav | Tag::Footer | Tag::Header => return RemovedKind::Navigation,
            Tag::Aside => return RemovedKind::Related,
            _ => {}
        }
        index = element.parent;
    }
    let can_be_date = block.size <= 60.0 && block.text.contains(|character: char| character.is_ascii_digit());
    if can_be_date && crate::dates::find(&block.text, None).is_some() {
        return RemovedKind::DateLine;
    }
    if block.link_size > 0.7 * block.size {
        RemovedKind::Related
    } else {
        RemovedKind::Other
    }
}

/// The captions among what was cut: long enough to say something, each once.
pub(super) fn captions(removed: &[Removed]) -> Vec<String> {
    let mut captions: Vec<String> = Vec::new();
    for caption in removed.iter().filter(|removed| removed.kind == RemovedKind::Caption) {
        if words::size(&caption.text) >= 15.0 && captions.len() < MAX_CAPTIONS && !captions.contains(&caption.text) {
            captions.push(caption.text.clone());
        }
    }
    captions
}
