//! A document that holds a whole page, menus and comments and all: the learned scores find the story in it.

use std::collections::BTreeSet;

use super::line::{self, Document, Line};
use super::top;
use crate::extracted::RemovedKind;

/// Score from which a line is kept.
const THRESHOLD: f32 = 0.45;
/// Score below which a line is surely none of the story.
const SURE: f32 = 0.2;
/// Short lines, surely none of the story, that make a document a page.
const MIN_MENU: usize = 15;
/// Lines above the story among which its headline is looked for.
const ABOVE: usize = 25;
/// What each line between it and the story speaks against a headline: above it stand the menus of the page.
const REMOTE: f32 = 0.06;
/// Weighted characters from which a line that stands twice is kept once.
const REPEATABLE: f32 = 80.0;

/// Whether a document holds a page: a story has no menu of fifteen lines about it.
pub(super) fn is_page(document: &Document, scores: &[f32]) -> bool {
    let is_menu = |line: &Line| line.size < 30.0 && !line.ends_sentence && !line.is_bullet;
    let menu = document
        .lines
        .iter()
        .zip(scores)
        .filter(|(line, score)| **score < SURE && is_menu(line))
        .count();
    menu >= MIN_MENU
}

/// Cuts everything but the story; the headline's index.
pub(super) fn cut(document: &mut Document, hint: Option<&str>, scores: &[f32]) -> Option<usize> {
    let lines = &mut document.lines;
    let mut keep: Vec<bool> = scores.iter().map(|score| *score >= THRESHOLD).collect();
    drop_repeated(lines, &mut keep);
    let first = keep.iter().position(|keep| *keep)?;
    let last = keep.iter().rposition(|keep| *keep)?;
    let familiarity = line::familiarity(lines, &keep);
    for (line, (familiar, common)) in lines.iter_mut().zip(familiarity) {
        (line.familiar, line.common) = (familiar, common);
    }
    let from = first.saturating_sub(ABOVE);
    let remoteness = |index: usize| REMOTE * (first - from - index) as f32;
    let headline = top::best(&lines[from..first], hint, remoteness).map(|index| from + index);
    if let Some(headline) = headline {
        lines[headline].is_title = true;
    }
    let title = headline.map(|index| lines[index].key.clone()).unwrap_or_default();
    let mut section = RemovedKind::Navigation;
    for (index, (line, keep)) in lines.iter_mut().zip(keep).enumerate() {
        if line.phrase >= 3.0
            && let Some(kind) = line.said
        {
            section = kind;
        }
        let is_title = !line.is_prose && top::is_repeat(&line.key, &title);
        if !line.is_title && (!keep || is_title) {
            let around = if index < first {
                RemovedKind::Navigation
            } else {
                section
            };
            line.cut = Some(kind(line, is_title, (first..=last).contains(&index), around));
        }
    }
    headline
}

fn drop_repeated(lines: &[Line], keep: &mut [bool]) {
    let mut seen = BTreeSet::new();
    for (line, keep) in lines.iter().zip(keep).filter(|(_, keep)| **keep) {
        *keep = line.size < REPEATABLE || seen.insert(line.key.as_str());
    }
}

fn kind(line: &Line, is_title: bool, is_within: bool, around: RemovedKind) -> RemovedKind {
    match line.said {
        _ if is_title => RemovedKind::RepeatedTitle,
        Some(kind) => kind,
        None if line.is_credit => RemovedKind::Caption,
        None if line.is_date => RemovedKind::DateLine,
        None if is_within => RemovedKind::Other,
        None => around,
    }
}
