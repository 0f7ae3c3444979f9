//! What can be said of a line, as numbers: the input of the line model.
//!
//! A text without markup has neither links nor names of boxes. What is left is the line itself ([`own`]), and what
//! stands around it ([`around`]). The best run of running text stands in for the box that holds the story: how far a
//! line is from it, and how many of its words it shares, say most.

use super::line::{self, Line};
use crate::html::element::hash;
use crate::html::tables::{self, Evidence, Tables};
use crate::words;

mod around;
mod own;

/// Features without those of the word table.
pub(crate) const COUNT: usize = own::NAMES.len() + around::NAMES.len();
/// Features that come out of the word table.
pub(crate) const EVIDENCE: usize = 7;
/// Features that the trees see.
pub(crate) const WIDTH: usize = COUNT + EVIDENCE;

/// Lines looked at on either side for the words said there.
const NEAR: usize = 5;
/// Words of a line that are looked up.
const MAX_WORDS: usize = 80;

/// A row of [`COUNT`] numbers for every line.
pub(crate) fn describe(lines: &[Line]) -> Vec<Vec<f32>> {
    let span = Span::find(lines);
    let is_source: Vec<bool> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| line.is_prose && span.holds(index))
        .collect();
    let familiar = line::familiarity(lines, &is_source);
    let headline = headline(lines, &familiar, &span);
    let own = own::rows(lines, headline);
    let around = around::rows(lines, &span, &familiar, headline);
    own.into_iter()
        .zip(around)
        .map(|(mut own, around)| {
            own.extend(around);
            own
        })
        .collect()
}

/// The run of lines in which running text outweighs everything else by most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Span {
    first: usize,
    /// The line behind the last.
    end: usize,
    /// Its share of all running text.
    share: f32,
}

impl Span {
    fn find(lines: &[Line]) -> Self {
        let mut best = (0.0, Self::default());
        let (mut sum, mut first) = (0.0, 0);
        for (index, line) in lines.iter().enumerate() {
            sum += weight(line);
            if sum <= 0.0 {
                (sum, first) = (0.0, index + 1);
            } else if sum > best.0 {
                let end = index + 1;
                best = (sum, Self { first, end, share: 0.0 });
            }
        }
        let mut span = best.1;
        let prose = |lines: &[Line]| {
            lines
                .iter()
                .filter(|line| line.is_prose)
                .map(|line| line.size)
                .sum::<f32>()
        };
        span.share = prose(lines.get(span.first..span.end).unwrap_or_default()) / prose(lines).max(1.0);
        span
    }

    fn holds(&self, index: usize) -> bool {
        (self.first..self.end).contains(&index)
    }
}

fn weight(line: &Line) -> f32 {
    match () {
        () if line.is_prose => 0.5 + (line.size / 100.0).min(4.0),
        () if line.phrase >= 2.0 => -1.5,
        () if line.ends_sentence && line.size >= 25.0 => 0.3,
        () => -0.7,
    }
}

/// The line above the best run that the run talks about most.
fn headline(lines: &[Line], familiar: &[(f32, f32)], span: &Span) -> Option<usize> {
    let score = |index: usize| {
        let line = &lines[index];
        let fits = (20.0..=220.0).contains(&line.size) && line.phrase <= 0.0 && !line.is_credit && !line.is_date;
        let far = span.first.saturating_sub(index) as f32;
        3.0 * familiar[index].0 + if fits { 1.0 } else { -2.0 } - 0.05 * far
            + if line.ends_sentence { -0.5 } else { 0.0 }
    };
    // The headline may have been taken into the run, where a sentence stands before it.
    let last = (span.first + 2).min(lines.len());
    (span.first.saturating_sub(25)..last)
        .filter(|index| !lines[*index].is_prose)
        .max_by(|left, right| score(*left).total_cmp(&score(*right)).then(right.cmp(left)))
        .filter(|index| score(*index) >= 1.0)
}

/// The words of a line, hashed.
pub(crate) fn evidence(line: &Line) -> Evidence {
    let words = words::words(words::start(&line.text, 1000))
        .iter()
        .take(MAX_WORDS)
        .map(|word| tables::narrow(hash(word.as_bytes())))
        .collect();
    Evidence {
        names: Vec::new(),
        words,
    }
}

/// Weighs the words of every line, and of those around it.
pub(crate) fn push_evidence(tables: &Tables, evidence: &[Evidence], rows: &mut [Vec<f32>]) {
    let weighed: Vec<[f32; 3]> = evidence.iter().map(|evidence| weigh(tables, evidence)).collect();
    let mean = |from: usize, to: usize| {
        let near = weighed.get(from..to.min(weighed.len())).unwrap_or_default();
        near.iter().map(|weighed| weighed[0]).sum::<f32>() / near.len().max(1) as f32
    };
    for (index, row) in rows.iter_mut().enumerate() {
        row.extend(weighed[index]);
        row.push(mean(index.saturating_sub(1), index));
        row.push(mean(index + 1, index + 2));
        row.push(mean(index.saturating_sub(NEAR), index));
        row.push(mean(index + 1, index + 1 + NEAR));
    }
}

/// Mean, sum and least weight of a line's words.
fn weigh(tables: &Tables, evidence: &Evidence) -> [f32; 3] {
    let weights: Vec<f32> = evidence
        .words
        .iter()
        .filter_map(|word| tables::weigh(&tables.words, *word))
        .collect();
    let sum: f32 = weights.iter().sum();
    let least = weights.iter().copied().fold(0.0, f32::min);
    [sum / weights.len().max(1) as f32, sum, least]
}

/// The logarithm that sizes and distances enter with: differences matter by ratio.
fn log(size: f32) -> f32 {
    (1.0 + size.max(0.0)).ln()
}

fn flag(condition: bool) -> f32 {
    f32::from(u8::from(condition))
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::line::Document;
    use super::{COUNT, Span, describe};

    const PAGE: &str = "Home\nNews\nSport\nThe ferry that came back\nBy Ana Lim\n\
        The ferry left the pier at dawn on Monday and came back at night, people on the quay said.\n\
        Why it was away\n\
        Nobody on the quay could say why the ferry had been away for so long this time of the year.\n\
        Read more\nTen beaches to see\nA chef and his weed\nCopyright";

    #[test]
    fn every_line_has_every_number() {
        let document = Document::read(PAGE);
        let rows = describe(&document.lines);
        assert_eq!(rows.len(), 12);
        assert!(
            rows.iter()
                .all(|row| row.len() == COUNT && row.iter().all(|number| number.is_finite()))
        );
        assert!(describe(&[]).is_empty());
    }

    #[test]
    fn the_best_run_goes_from_the_first_sentence_to_the_last() {
        let span = Span::find(&Document::read(PAGE).lines);
        assert_eq!((span.first, span.end), (5, 8));
        assert!(span.share > 0.99);
    }
}
