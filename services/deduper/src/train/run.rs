//! From labelled streams to weights and figures.
//!
//! Real streams hold few copies, so streams of made-up ones are added ([`super::made`]), half of them out of the
//! articles of the first half of each real stream, half out of the second. Figures are of the half that the weights
//! were not learned from.

use std::collections::BTreeMap;

use super::{Document, Example, Stream, Weights, collect_from, figures::Counts, fit, made};

/// How the weights are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Strength of the penalty on large weights.
    pub penalty: f64,
    /// The probability, as learned, from which a pair shall count as a copy; weights are moved so that this is one half.
    pub threshold: f32,
    /// Streams of made-up copies for each half.
    pub made: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            penalty: 4.0,
            threshold: 0.7,
            made: 2,
        }
    }
}

/// Figures of one stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The stream.
    pub name: String,
    /// Its articles.
    pub articles: usize,
    /// Copies that have an earlier article of their cluster in the window, and those for which it was a candidate.
    pub candidates: (usize, usize),
    /// Pairs in one cluster, by weights that were learned from the other half.
    pub held_out: Counts,
    /// Pairs in one cluster, by the weights that are kept.
    pub kept: Counts,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The weights.
    pub weights: Weights,
    /// Pairs learned from.
    pub pairs: usize,
    /// A figure a stream.
    pub figures: Vec<Figure>,
}

/// A stream with what can be learned from it.
struct Prepared {
    stream: Stream,
    examples: Vec<Example>,
    positions: BTreeMap<String, usize>,
    candidates: (usize, usize),
    /// All of it belongs to this half; otherwise time parts it.
    half: Option<usize>,
}

/// Learns weights from labelled streams, and measures them. The same streams give the same weights.
#[must_use]
pub fn run(streams: &[Stream], plan: &Plan, progress: &mut dyn FnMut(&str)) -> Made {
    let mut prepared: Vec<Prepared> = streams
        .iter()
        .map(|stream| prepare(stream.clone(), None, progress))
        .collect();
    for half in [0, 1] {
        let lone: Vec<&Document> = streams
            .iter()
            .filter(|stream| !stream.is_made)
            .flat_map(|stream| stream.lone(half))
            .collect();
        for number in 0..plan.made {
            let name = format!("made {half}.{number}");
            let seed = 1 + 2 * number as u64 + half as u64;
            prepared.push(prepare(made::stream(&name, &lone, seed), Some(half), progress));
        }
    }
    let by_half = [1, 0].map(|half| moved(fit(&weighted(&prepared, Some(half)), plan.penalty), plan.threshold));
    progress("learned from each half");
    let all = weighted(&prepared, None);
    let weights = moved(fit(&all, plan.penalty), plan.threshold).rounded();
    progress("learned from all");
    let figures = prepared.iter().map(|one| one.figure(&by_half, &weights)).collect();
    Made {
        weights,
        pairs: all.len(),
        figures,
    }
}

fn prepare(stream: Stream, half: Option<usize>, progress: &mut dyn FnMut(&str)) -> Prepared {
    let (examples, candidates) = collect_from(&stream);
    let ids = stream.documents.iter().enumerate();
    let positions = ids.map(|(at, document)| (document.id.clone(), at)).collect();
    progress(&format!(
        "{}: {} articles, {} pairs, candidates for {} of {} copies",
        stream.name,
        stream.documents.len(),
        examples.len(),
        candidates.1,
        candidates.0
    ));
    Prepared {
        stream,
        examples,
        positions,
        candidates,
        half,
    }
}

impl Prepared {
    fn half_of(&self, article: &str) -> usize {
        let place = self.positions.get(article).copied().unwrap_or(0);
        self.half.unwrap_or(2 * place / self.stream.documents.len().max(1))
    }

    fn figure(&self, by_half: &[Weights; 2], weights: &Weights) -> Figure {
        let mut held_out = Counts::default();
        for (half, weights) in by_half.iter().enumerate() {
            let part = self.stream.part(|document| self.half_of(&document.id) == half);
            held_out += Counts::of(&part, weights);
        }
        Figure {
            name: self.stream.name.clone(),
            articles: self.stream.documents.len(),
            candidates: self.candidates,
            held_out,
            kept: Counts::of(&self.stream, weights),
        }
    }
}

/// The pairs of one half, or of both, with what each counts for: real streams hold few copies and made-up ones many,
/// and each kind of stream should be heard.
fn weighted(prepared: &[Prepared], half: Option<usize>) -> Vec<Example> {
    let mut all = Vec::new();
    for one in prepared {
        let is_in = |example: &&Example| half.is_none_or(|half| one.half_of(&example.article) == half);
        let part = one.examples.iter().filter(is_in);
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let copies = part.clone().filter(|example| example.copy).count().max(1) as f32;
        let (copy, other) = (
            (1500.0 / copies).clamp(0.75, 4.0),
            if copies < 500.0 { 2.0 } else { 1.0 },
        );
        all.extend(part.cloned().map(|example| Example {
            weight: if example.copy { copy } else { other },
            ..example
        }));
    }
    all
}

/// The weights under which one half means what `threshold` meant.
fn moved(mut weights: Weights, threshold: f32) -> Weights {
    weights.move_bias(-(threshold / (1.0 - threshold)).ln());
    weights
}
