//! The top of a document: the headline, and what stands before and behind it.

use super::line::{Document, Line};
use crate::extracted::RemovedKind;
use crate::metadata::title;

/// Lines among which the headline is looked for.
const MAX_TOP: usize = 14;

/// Finds the headline, marks it, and cuts what is no story around it; the headline's index.
pub(super) fn cut(document: &mut Document, hint: Option<&str>) -> Option<usize> {
    let start = story_start(&document.lines);
    let headline = headline(document, start, hint);
    let Some(headline) = headline else {
        cut_lines(document, 0, start, None);
        return None;
    };
    document.lines[headline].is_title = true;
    for index in 0..headline {
        let kind = before_title(&document.lines[index], &document.lines[headline]);
        document.lines[index].cut = Some(kind);
    }
    cut_lines(document, headline + 1, start.max(headline + 1), Some(headline));
    Some(headline)
}

/// The first line that is part of the story by itself: a sentence that nothing speaks against.
fn story_start(lines: &[Line]) -> usize {
    let opens = |(index, line): (usize, &Line)| {
        let is_repeated = lines
            .iter()
            .enumerate()
            .any(|(other, found)| other != index && found.key == line.key);
        // The very first line may be a headline that asks or shouts.
        let can_be_headline = index == 0
            && line.sentences <= 1
            && line.size < 160.0
            && lines.len() > 2
            && line.text.ends_with(['?', '!', '？', '！', '؟']);
        line.ends_sentence
            && line.size >= 40.0
            && line.words >= 5
            && line.phrase <= 0.0
            && !line.is_credit
            && !is_repeated
            && !can_be_headline
            || line.is_prose && !can_be_headline && !is_repeated
    };
    lines
        .iter()
        .enumerate()
        .position(opens)
        .unwrap_or(lines.len())
        .min(MAX_TOP)
}

fn headline(document: &Document, start: usize, hint: Option<&str>) -> Option<usize> {
    let lines = &document.lines;
    if !document.has_prose {
        // Verse, lists and interviews: the first line, where its shape is that of a headline.
        let first = lines.first()?;
        return (first.phrase <= 0.0
            && !first.is_bullet
            && !first.ends_sentence
            && first.size >= 8.0
            && lines.len() > 2
            && !first.text.ends_with([',', ';']))
        .then_some(0);
    }
    best(lines.get(..start)?, hint, |index| 0.15 * index as f32)
}

/// The line that looks most like a headline, if any does; `remoteness` is what its place speaks against it.
pub(super) fn best(lines: &[Line], hint: Option<&str>, remoteness: impl Fn(usize) -> f32) -> Option<usize> {
    let scores = (0..lines.len()).map(|index| (index, score(lines, index, hint) - remoteness(index)));
    let best = scores.fold(None, |best: Option<(usize, f32)>, next| match best {
        Some(best) if next.1 <= best.1 => Some(best),
        _ => Some(next),
    });
    best.filter(|(_, score)| *score >= 0.8).map(|(index, _)| index)
}

/// How much a line at the top looks like the headline of this story.
fn score(lines: &[Line], index: usize, hint: Option<&str>) -> f32 {
    let line = &lines[index];
    let is_within_another = |other: &Line| line.key.len() >= 12 && other.key.contains(&line.key);
    let repeats = lines
        .iter()
        .enumerate()
        .take(MAX_TOP)
        .filter(|(other, found)| *other != index && is_within_another(found))
        .count();
    let mut score = 3.0 * line.familiar;
    score += if repeats > 0 { 1.5 } else { 0.0 };
    score += if (20.0..=220.0).contains(&line.size) { 1.0 } else { -1.5 };
    score += if line.words >= 4 || line.size >= 25.0 {
        0.5
    } else {
        -0.5
    };
    score -= if line.text.ends_with(['.', '。', ':', '：', ',']) {
        1.0
    } else {
        0.0
    };
    score -= if line.phrase > 0.0 || line.is_credit || line.is_date {
        4.0
    } else {
        0.0
    };
    score -= if line.is_person { 1.0 } else { 0.0 };
    score -= if is_trail(&line.text) { 1.5 } else { 0.0 };
    score += hint.map_or(0.0, |hint| 3.0 * title::likeness(&line.text, hint) as f32);
    score
}

/// A trail of sections: names parted by arrows or slashes.
fn is_trail(text: &str) -> bool {
    [" > ", " » ", " › ", ">>", " / ", "＞"]
        .iter()
        .any(|arrow| text.contains(arrow))
}

/// What a line before the headline is.
fn before_title(line: &Line, title: &Line) -> RemovedKind {
    match line.said {
        Some(kind) => kind,
        None if is_trail(&line.text) => RemovedKind::Breadcrumb,
        None if line.key == title.key => RemovedKind::RepeatedTitle,
        None if line.key.contains(&title.key) => RemovedKind::Breadcrumb,
        None if line.is_credit => RemovedKind::Caption,
        None if line.is_date => RemovedKind::DateLine,
        // A name above the headline is as often that of the site.
        None => RemovedKind::Ad,
    }
}

/// Cuts lines between the headline and the story, each on its own evidence.
fn cut_lines(document: &mut Document, from: usize, to: usize, headline: Option<usize>) {
    let title = headline
        .map(|index| document.lines[index].key.clone())
        .unwrap_or_default();
    for line in document.lines.iter_mut().take(to).skip(from) {
        let is_title = is_repeat(&line.key, &title);
        let evidence = line.phrase
            + if is_title { 5.0 } else { 0.0 }
            + if line.is_date { 4.0 } else { 0.0 }
            + if line.is_credit { 4.0 } else { 0.0 }
            + if is_trail(&line.text) && line.size < 90.0 {
                1.5
            } else {
                0.0
            }
            + if line.is_person && headline.is_some() { 2.0 } else { 0.0 }
            + strangeness(line)
            - if line.ends_sentence { 2.0 } else { 0.0 }
            - if line.size >= 100.0 { 1.0 } else { 0.0 }
            - 0.5;
        if evidence > 0.0 && (document.has_prose || line.phrase >= 2.0 || is_title) {
            line.cut = Some(kind(line, is_title));
        }
    }
}

/// Evidence from what a line talks about: nothing that the story does, or much.
fn strangeness(line: &Line) -> f32 {
    match line.familiar {
        share if share < 0.05 => 1.5,
        share if share < 0.2 => 0.6,
        share if share >= 0.5 => -1.5,
        _ => 0.0,
    }
}

fn kind(line: &Line, is_title: bool) -> RemovedKind {
    match line.said {
        _ if is_title => RemovedKind::RepeatedTitle,
        _ if line.is_credit => RemovedKind::Caption,
        Some(kind) => kind,
        None if line.is_date => RemovedKind::DateLine,
        None if line.is_person => RemovedKind::Byline,
        None if is_trail(&line.text) => RemovedKind::Breadcrumb,
        None => RemovedKind::Ad,
    }
}

/// Whether a line is the headline once more, perhaps with a section or the name of the site about it.
pub(super) fn is_repeat(key: &str, title: &str) -> bool {
    let contains = title.len() >= 12 && key.contains(title) && key.len() * 10 < title.len() * 18;
    let is_most = key.len() >= 20 && title.contains(key) && key.len() * 10 > title.len() * 7;
    !title.is_empty() && (key == title || contains || is_most)
}
