//! What stands around a line: neighbours, runs, the best run of running text, and the headings above.

use super::{Span, flag, log, share};
use crate::extracted::RemovedKind as Kind;
use crate::text::line::Line;

/// The names of the features, in the order of a row.
pub(super) const NAMES: &[&str] = &[
    "position",
    "position_by_size",
    "prose_before",
    "prose_after",
    "lines_to_prose_before",
    "lines_to_prose_after",
    "size_1_before",
    "size_1_after",
    "size_2_before",
    "size_2_after",
    "sentence_1_before",
    "sentence_1_after",
    "phrase_1_before",
    "phrase_1_after",
    "prose_within_2",
    "prose_within_5",
    "prose_within_12",
    "prose_5_before",
    "prose_5_after",
    "short_5_before",
    "short_5_after",
    "sentences_within_5",
    "dates_within_8",
    "people_within_8",
    "phrases_within_8",
    "size_5_before",
    "size_5_after",
    "short_run",
    "long_run",
    "in_span",
    "lines_before_span",
    "lines_after_span",
    "lines_to_span_end",
    "lines_from_span_start",
    "familiar",
    "common",
    "familiar_within_3",
    "after_headline",
    "lines_to_headline",
    "lines_since_related",
    "lines_since_comments",
    "lines_since_other_phrase",
    "lines_until_phrase",
    "lines_since_repeat",
    "document_lines",
    "document_prose_lines",
    "document_prose_share",
    "document_span_share",
];

/// Lines of a document with sums over any stretch of them.
struct Sums {
    /// For each measure, the sum over all lines before an index.
    before: Vec<[f32; MEASURES]>,
}

const MEASURES: usize = 9;
const PROSE: usize = 0;
const SHORT: usize = 1;
const SENTENCE: usize = 2;
const DATE: usize = 3;
const PERSON: usize = 4;
const PHRASE: usize = 5;
const SIZE: usize = 6;
const PROSE_SIZE: usize = 7;
const FAMILIAR: usize = 8;

impl Sums {
    fn of(lines: &[Line], familiar: &[(f32, f32)]) -> Self {
        let mut before = vec![[0.0; MEASURES]];
        let mut sum = [0.0; MEASURES];
        for (line, (familiar, _)) in lines.iter().zip(familiar) {
            let measures = [
                flag(line.is_prose),
                flag(is_short(line)),
                flag(line.ends_sentence),
                flag(line.is_date),
                flag(line.is_person),
                flag(line.phrase >= 2.0),
                log(line.size),
                if line.is_prose { line.size } else { 0.0 },
                *familiar,
            ];
            for (sum, measure) in sum.iter_mut().zip(measures) {
                *sum += measure;
            }
            before.push(sum);
        }
        Self { before }
    }

    /// The sum of a measure from one line up to another, that one left out.
    fn sum(&self, measure: usize, from: usize, to: usize) -> f32 {
        let last = self.before.len() - 1;
        self.before[to.min(last)][measure] - self.before[from.min(last)][measure]
    }

    fn mean(&self, measure: usize, from: usize, to: usize) -> f32 {
        let to = to.min(self.before.len() - 1);
        share(self.sum(measure, from, to), to.saturating_sub(from) as f32)
    }

    fn within(&self, measure: usize, index: usize, reach: usize) -> f32 {
        self.mean(measure, index.saturating_sub(reach), index + reach + 1)
    }
}

fn is_short(line: &Line) -> bool {
    line.size < 40.0 && !line.ends_sentence
}

/// Describes what stands around every line.
pub(super) fn rows(lines: &[Line], span: &Span, familiar: &[(f32, f32)], headline: Option<usize>) -> Vec<Vec<f32>> {
    let sums = Sums::of(lines, familiar);
    let runs = [runs(lines, is_short), runs(lines, |line| !is_short(line))];
    let distances = distances(lines);
    (0..lines.len())
        .map(|index| {
            let mut row = Vec::with_capacity(NAMES.len());
            place(&sums, lines.len(), index, &mut row);
            row.extend(distances.prose[index]);
            neighbours(&sums, lines, index, &mut row);
            row.extend(runs.iter().map(|runs| log(runs[index])));
            to_span(span, familiar, &sums, index, &mut row);
            to_headline(headline, index, &mut row);
            row.extend(distances.phrases[index]);
            document(&sums, lines.len(), span, &mut row);
            row
        })
        .collect()
}

fn place(sums: &Sums, count: usize, index: usize, row: &mut Vec<f32>) {
    let size = sums.sum(SIZE, 0, count);
    let prose = sums.sum(PROSE_SIZE, 0, count);
    row.extend([
        share(index as f32, count as f32),
        share(sums.sum(SIZE, 0, index), size),
        share(sums.sum(PROSE_SIZE, 0, index), prose),
        share(sums.sum(PROSE_SIZE, index + 1, count), prose),
    ]);
}

fn neighbours(sums: &Sums, lines: &[Line], index: usize, row: &mut Vec<f32>) {
    let back = |steps: usize| index.checked_sub(steps).and_then(|index| lines.get(index));
    let ahead = |steps: usize| lines.get(index + steps);
    let size = |line: Option<&Line>| line.map_or(-1.0, |line| log(line.size));
    let ends = |line: Option<&Line>| line.map_or(-1.0, |line| flag(line.ends_sentence));
    let phrase = |line: Option<&Line>| line.map_or(-1.0, |line| line.phrase);
    let (from, next) = (index.saturating_sub(5), index + 1);
    row.extend([
        size(back(1)),
        size(ahead(1)),
        size(back(2)),
        size(ahead(2)),
        ends(back(1)),
        ends(ahead(1)),
        phrase(back(1)),
        phrase(ahead(1)),
        sums.within(PROSE, index, 2),
        sums.within(PROSE, index, 5),
        sums.within(PROSE, index, 12),
        sums.mean(PROSE, from, index),
        sums.mean(PROSE, next, next + 5),
        sums.mean(SHORT, from, index),
        sums.mean(SHORT, next, next + 5),
        sums.within(SENTENCE, index, 5),
        sums.within(DATE, index, 8),
        sums.within(PERSON, index, 8),
        sums.within(PHRASE, index, 8),
        sums.mean(SIZE, from, index),
        sums.mean(SIZE, next, next + 5),
    ]);
}

/// The length of the run of like lines that each line stands in; 0 for the others.
fn runs(lines: &[Line], is_in: impl Fn(&Line) -> bool) -> Vec<f32> {
    let mut runs = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|left, right| is_in(left) == is_in(right)) {
        let length = if run.first().is_some_and(&is_in) { run.len() } else { 0 };
        runs.extend(std::iter::repeat_n(length as f32, run.len()));
    }
    runs
}

fn to_span(span: &Span, familiar: &[(f32, f32)], sums: &Sums, index: usize, row: &mut Vec<f32>) {
    let steps = |from: usize, to: usize| log(to.saturating_sub(from) as f32);
    row.extend([
        flag(span.holds(index)),
        steps(index, span.first),
        steps(span.end, index + 1),
        steps(index, span.end),
        steps(span.first, index),
        familiar[index].0,
        familiar[index].1,
        sums.within(FAMILIAR, index, 3),
    ]);
}

fn to_headline(headline: Option<usize>, index: usize, row: &mut Vec<f32>) {
    row.push(headline.map_or(-1.0, |headline| flag(headline < index)));
    row.push(headline.map_or(-1.0, |headline| log(headline.abs_diff(index) as f32)));
}

fn document(sums: &Sums, count: usize, span: &Span, row: &mut Vec<f32>) {
    let in_prose = sums.sum(PROSE, 0, count);
    row.extend([
        log(count as f32),
        log(in_prose),
        share(in_prose, count as f32),
        span.share,
    ]);
}

/// Steps from each line to the next lines of some kinds.
struct Distances {
    prose: Vec<[f32; 2]>,
    phrases: Vec<[f32; 5]>,
}

/// What stands for "never".
const FAR: usize = 400;

fn distances(lines: &[Line]) -> Distances {
    let says = |line: &Line, kinds: &[Kind]| line.phrase >= 2.5 && line.said.is_some_and(|kind| kinds.contains(&kind));
    let related = |line: &Line| says(line, &[Kind::Related, Kind::PreviousNext]);
    let comments = |line: &Line| says(line, &[Kind::Comments]);
    let other = |line: &Line| line.phrase >= 2.5 && !related(line) && !comments(line);
    let mut seen = std::collections::BTreeSet::new();
    let is_again: Vec<bool> = lines.iter().map(|line| !seen.insert(line.key.as_str())).collect();
    let since = [
        since(lines.iter().map(|line| line.is_prose)),
        since(lines.iter().map(related)),
        since(lines.iter().map(comments)),
        since(lines.iter().map(other)),
        since(is_again.into_iter()),
    ];
    let until = [
        until(lines, |line| line.is_prose),
        until(lines, |line| line.phrase >= 2.5),
    ];
    let prose = (0..lines.len()).map(|index| [since[0][index], until[0][index]]);
    let phrases = (0..lines.len()).map(|index| {
        [
            since[1][index],
            since[2][index],
            since[3][index],
            until[1][index],
            since[4][index],
        ]
    });
    Distances {
        prose: prose.collect(),
        phrases: phrases.collect(),
    }
}

/// Steps since the last line before each that is one of these.
fn since(is_one: impl Iterator<Item = bool>) -> Vec<f32> {
    let mut steps = FAR;
    let mut out = Vec::new();
    for is_one in is_one {
        out.push(log(steps as f32));
        steps = if is_one { 0 } else { (steps + 1).min(FAR) };
    }
    out
}

/// Steps until the next line behind each that is one of these.
fn until(lines: &[Line], is_one: impl Fn(&Line) -> bool) -> Vec<f32> {
    let mut out = since(lines.iter().rev().map(is_one));
    out.reverse();
    out
}
