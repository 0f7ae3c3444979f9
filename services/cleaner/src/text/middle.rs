//! Within the story: captions, links to other stories, share bars, each cut on its own evidence.

use super::line::{Document, Line};
use super::top;
use crate::extracted::RemovedKind;

/// Cuts single lines between the headline and the end.
pub(super) fn cut(document: &mut Document, title: Option<usize>) {
    let from = title.map_or(0, |index| index + 1);
    let title = title.map(|index| document.lines[index].key.clone()).unwrap_or_default();
    let found: Vec<(usize, RemovedKind)> = (from..document.lines.len())
        .filter(|index| document.lines[*index].cut.is_none())
        .filter_map(|index| kind(document, index, &title).map(|kind| (index, kind)))
        .collect();
    for (index, kind) in found {
        document.lines[index].cut = Some(kind);
    }
    cut_listed(document, from);
}

fn kind(document: &Document, index: usize, title: &str) -> Option<RemovedKind> {
    let line = &document.lines[index];
    if line.is_credit {
        return Some(RemovedKind::Caption);
    }
    if top::is_repeat(&line.key, title) && !line.is_prose {
        return Some(RemovedKind::RepeatedTitle);
    }
    if is_doubled(document, index) {
        return Some(RemovedKind::Caption);
    }
    let against = if line.is_prose {
        2.0 + line.size / 100.0
    } else {
        1.0 + if line.ends_sentence { 0.8 } else { 0.0 }
    };
    line.said.filter(|_| line.phrase > against)
}

/// Whether the neighbour says the same: the text under a picture and the text for when it doesn't load. A paragraph
/// that stands twice by mistake is longer, and its first copy stays.
fn is_doubled(document: &Document, index: usize) -> bool {
    let line = &document.lines[index];
    let is_same = |other: Option<&Line>| other.is_some_and(|other| other.key == line.key && !other.is_title);
    let before = index.checked_sub(1).and_then(|index| document.lines.get(index));
    let is_again = is_same(before);
    let is_caption = line.sentences <= 1 && line.size < 300.0 && document.has_prose && line.words >= 3;
    line.key.len() >= 10 && (is_again || is_caption && is_same(document.lines.get(index + 1)))
}

/// Cuts the headlines under a heading for related stories, up to where the story goes on.
fn cut_listed(document: &mut Document, from: usize) {
    let mut in_list = false;
    for line in document.lines.iter_mut().skip(from) {
        if line.cut == Some(RemovedKind::Related) && line.phrase >= 4.0 {
            in_list = true;
        } else if line.is_prose || line.ends_sentence && line.familiar >= 0.3 {
            in_list = false;
        } else if in_list && line.cut.is_none() && line.size >= 20.0 && line.familiar < 0.6 {
            line.cut = Some(RemovedKind::Related);
        }
    }
}
