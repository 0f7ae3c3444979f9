//! The end of the story: the point from which on more speaks against the lines than for them.

use super::line::{Document, Line};
use crate::extracted::RemovedKind;

/// Evidence below which nothing is cut from the end.
const MIN_EVIDENCE: f32 = 0.9;

/// What a line that can stand anywhere, such as a caption or a share bar, says about those behind it.
const OWN_LINE: f32 = 0.6;

/// Cuts the end of a document off.
pub(super) fn cut(document: &mut Document, title: Option<usize>) {
    let from = title.map_or(0, |index| index + 1);
    let weights: Vec<f32> = (0..document.lines.len()).map(|index| weight(document, index)).collect();
    let (mut sum, mut best, mut cut_from) = (0.0, MIN_EVIDENCE, document.lines.len());
    for index in (from..document.lines.len()).rev() {
        sum += weights[index];
        if sum > best {
            (best, cut_from) = (sum, index);
        }
    }
    if !document
        .lines
        .iter()
        .take(cut_from)
        .skip(from)
        .any(|line| line.cut.is_none())
    {
        // Nothing would be left: then the evidence is wrong.
        return;
    }
    let mut section = RemovedKind::Related;
    for line in document.lines.iter_mut().skip(cut_from) {
        if line.phrase >= 3.0
            && let Some(kind) = line.said
        {
            section = kind;
        }
        line.cut = Some(kind(line, section));
    }
}

fn kind(line: &Line, section: RemovedKind) -> RemovedKind {
    match line.said {
        Some(kind) => kind,
        None if line.is_credit => RemovedKind::Caption,
        None if is_counter(&line.text) => RemovedKind::ViewCounter,
        None if line.is_date => RemovedKind::DateLine,
        None if line.is_person && section == RemovedKind::Related => RemovedKind::Byline,
        // What follows thanks, a share bar and the like is not more of it.
        None => match section {
            RemovedKind::Comments | RemovedKind::PreviousNext => section,
            _ => RemovedKind::Related,
        },
    }
}

/// Evidence that a line is not of the story, given that everything after it is not either.
fn weight(document: &Document, index: usize) -> f32 {
    let lines = &document.lines;
    let line = &lines[index];
    if line.cut.is_some() {
        return 0.0;
    }
    if line.phrase >= 2.0 {
        // A heading opens a section; any other set phrase speaks for its own line, also between paragraphs.
        return if opens_section(line) { 4.5 } else { OWN_LINE };
    }
    if line.is_prose {
        let is_strange = line.familiar < 0.12 && line.sentences <= 2;
        let own = if is_strange {
            1.3
        } else {
            4.5 + (line.size / 150.0).min(3.0)
        };
        let talks_back = if follows_comments(lines, index) { 0.25 } else { 1.0 };
        return -own * talks_back;
    }
    if !document.has_prose {
        return line.phrase - 0.6;
    }
    let introduced = is_introduced(lines, index);
    if line.is_credit {
        return OWN_LINE;
    }
    let mut weight = line.phrase + strangeness(line);
    weight -= if introduced { 3.0 } else { 0.0 };
    weight += if line.is_person { 2.0 } else { 0.0 };
    weight += if line.is_date || is_counter(&line.text) {
        2.0
    } else {
        0.0
    };
    weight -= if line.is_figure && line.phrase <= 0.0 { 1.2 } else { 0.0 };
    weight -= if line.text.ends_with([',', ';', ':', '：']) {
        1.2
    } else {
        0.0
    };
    if line.ends_sentence {
        return weight.min(-1.0);
    }
    weight
        + if line.size >= 30.0 && line.title_case >= 0.6 {
            0.3
        } else {
            0.0
        }
}

/// Whether a line is a heading under which no story follows.
fn opens_section(line: &Line) -> bool {
    let kinds = [RemovedKind::Related, RemovedKind::Comments, RemovedKind::PreviousNext];
    line.phrase >= 3.5 && line.said.is_some_and(|kind| kinds.contains(&kind))
}

/// Evidence from what a line talks about. Only a line long enough for a headline can be told strange by it: short
/// items of a list talk about things of their own.
fn strangeness(line: &Line) -> f32 {
    let is_headline_long = line.size >= 30.0;
    let foreign = if line.common <= 0.0 && line.words >= 4 {
        0.8
    } else {
        0.0
    };
    foreign
        + match line.familiar {
            share if is_headline_long && share < 0.15 => 1.0,
            share if is_headline_long && share < 0.35 => 0.5,
            share if share >= 0.6 => -1.0,
            _ if is_headline_long => 0.1,
            _ => -0.2,
        }
}

/// Whether a line is one of a list that a sentence before it announces with a colon.
fn is_introduced(lines: &[Line], index: usize) -> bool {
    let before = (0..index).rev().take(40);
    let mut items = before.skip_while(|other| {
        lines[*other].is_bullet == lines[index].is_bullet
            && !lines[*other].is_prose
            && lines[*other].phrase < 2.0
            && !lines[*other].text.ends_with([':', '：'])
    });
    items
        .next()
        .is_some_and(|other| lines[other].text.ends_with([':', '：']) && lines[other].phrase < 2.0)
}

/// Whether a heading for readers' comments stands before a line, in the later part of the document.
fn follows_comments(lines: &[Line], index: usize) -> bool {
    lines
        .iter()
        .enumerate()
        .take(index)
        .skip(lines.len() / 3)
        .any(|(_, line)| line.said == Some(RemovedKind::Comments) && line.phrase >= 3.0)
}

/// A word or two with a count: likes, views, shares.
fn is_counter(text: &str) -> bool {
    let inner = text.trim_end_matches([')', '）', ']']);
    let has_brackets = inner.len() < text.len();
    let digits = inner
        .chars()
        .rev()
        .take_while(|character| character.is_ascii_digit() || matches!(character, '.' | ',' | 'k' | 'K'))
        .count();
    let all_digits = text
        .chars()
        .all(|character| character.is_ascii_digit() || matches!(character, '.' | ',' | ' '));
    let leads = text.starts_with(|character: char| character.is_ascii_digit())
        && text.split_whitespace().count() <= 2
        && text.chars().count() <= 16;
    leads || digits > 0 && (has_brackets && text.chars().count() <= 25 || all_digits && text.chars().count() <= 12)
}
