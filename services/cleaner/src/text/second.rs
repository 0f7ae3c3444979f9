//! A second look at what the rules made of a document: the learned scores decide where they are sure.

use super::line::{Document, Line};
use crate::extracted::RemovedKind;

/// Score below which a line goes although no rule cut it.
const SURELY_NOT: f32 = 0.2;
/// The same for a line that ends as a sentence does, and says nothing that sites say around their stories.
const SURELY_NO_SENTENCE: f32 = 0.04;
/// Score from which running text stays although a rule cut it.
const SURELY: f32 = 0.75;
/// Share of the rules' story that a second look may take away. Taking more, it must have taken a story for a page.
const MAX_SHARE: f32 = 0.4;

/// Looks again.
pub(super) fn look(document: &mut Document, title: Option<usize>, scores: &[f32]) {
    if !document.has_prose {
        // Verse, lists and interviews are not what the scores were learned from.
        return;
    }
    let goes: Vec<bool> = (0..document.lines.len())
        .map(|index| goes(document, index, scores))
        .collect();
    let is_kept = |line: &&Line| line.cut.is_none() && !line.is_title;
    let kept: f32 = document.lines.iter().filter(is_kept).map(|line| line.size).sum();
    let going = document.lines.iter().zip(&goes).filter(|(_, goes)| **goes);
    let going: f32 = going.map(|(line, _)| line.size).sum();
    let may_cut = going <= MAX_SHARE * kept;
    let from = title.map_or(0, |title| title + 1);
    for ((line, score), goes) in document.lines.iter_mut().zip(scores).zip(goes).skip(from) {
        let is_again = matches!(line.cut, Some(RemovedKind::Caption | RemovedKind::RepeatedTitle));
        if line.is_prose && *score >= SURELY && !is_again {
            line.cut = None;
        } else if may_cut && goes {
            line.cut = Some(kind(line));
        }
    }
}

/// Whether a line that the rules kept surely is none of the story. Headings between paragraphs are left to the rules:
/// they are short and say what no other line does, so scores are low for the best of them.
fn goes(document: &Document, index: usize, scores: &[f32]) -> bool {
    let line = &document.lines[index];
    let (before, behind) = document.lines.split_at(index);
    let is_prose = |line: &Line| line.cut.is_none() && line.is_prose;
    let can_head = line.is_heading_shaped() && line.phrase < 2.0 && !line.is_person && !line.is_date;
    let heads = can_head && before.iter().any(is_prose) && behind.get(1).is_some_and(is_prose);
    let limit = if line.ends_sentence && line.phrase <= 0.0 {
        SURELY_NO_SENTENCE
    } else {
        SURELY_NOT
    };
    line.cut.is_none() && !line.is_title && !heads && scores[index] < limit
}

fn kind(line: &Line) -> RemovedKind {
    match line.said {
        Some(kind) => kind,
        None if line.is_date => RemovedKind::DateLine,
        None if line.is_person => RemovedKind::Byline,
        None => RemovedKind::Other,
    }
}
