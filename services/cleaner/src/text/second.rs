//! A second look at what the rules made of a document: the learned scores decide where they are sure.

use super::line::{Document, Line};
use crate::extracted::RemovedKind;

/// Score below which a line goes although no rule cut it.
const SURELY_NOT: f32 = 0.2;
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
    let goes = |(line, score): &(&Line, &f32)| line.cut.is_none() && !line.is_title && **score < SURELY_NOT;
    let size = |lines: &mut dyn Iterator<Item = &Line>| lines.map(|line| line.size).sum::<f32>();
    let kept = size(
        &mut document
            .lines
            .iter()
            .filter(|line| line.cut.is_none() && !line.is_title),
    );
    let going = size(&mut document.lines.iter().zip(scores).filter(goes).map(|(line, _)| line));
    let may_cut = going <= MAX_SHARE * kept;
    let from = title.map_or(0, |title| title + 1);
    for (line, score) in document.lines.iter_mut().zip(scores).skip(from) {
        let is_again = matches!(line.cut, Some(RemovedKind::Caption | RemovedKind::RepeatedTitle));
        if line.is_prose && *score >= SURELY && !is_again {
            line.cut = None;
        } else if may_cut && line.cut.is_none() && *score < SURELY_NOT {
            line.cut = Some(kind(line));
        }
    }
}

fn kind(line: &Line) -> RemovedKind {
    match line.said {
        Some(kind) => kind,
        None if line.is_date => RemovedKind::DateLine,
        None if line.is_person => RemovedKind::Byline,
        None => RemovedKind::Other,
    }
}
