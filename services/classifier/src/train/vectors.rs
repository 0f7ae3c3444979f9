//! Word vectors: what is known of words from text without labels.
//!
//! Words that occur in like company have like vectors, so what training learns of `striker` and `goalkeeper` it knows
//! of `midfielder` too, which no labelled text may have. An article is shown to the fit with the weighed sum of its
//! words' vectors beside the words themselves. That sum is linear in the words, so the weights of the vector's
//! dimensions fold into the weights of the words afterwards: the model file and its speed know nothing of vectors.

use super::fit::{Example, Fit};
use crate::tokenize::{ENGLISH, Kind, features};
use crate::vocabulary::{Entry, Vocabulary};
use std::collections::BTreeMap;

/// Vectors of English words, by the hash of the word.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    dimensions: usize,
    /// Where the word's vector begins in `values`.
    rows: BTreeMap<u32, usize>,
    /// Vectors of length one, end to end.
    values: Vec<f32>,
}

/// Why a line is no vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// A number cannot be read.
    #[error("the line is not a word and its numbers, parted by spaces")]
    Number,
    /// The vector is longer or shorter than those before.
    #[error("the vector has {found} numbers, and those before have {expected}")]
    Dimensions {
        /// How many numbers it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
}

impl Vectors {
    /// Adds a line of the usual text format: a word and its numbers, parted by spaces. What is no single word for the
    /// tokeniser is passed over.
    ///
    /// # Errors
    /// If the line is not such a line, or of other length than those before.
    pub fn add(&mut self, line: &str) -> Result<(), VectorError> {
        let mut columns = line.split_ascii_whitespace();
        let word = columns.next().ok_or(VectorError::Number)?;
        let numbers: Result<Vec<f32>, _> = columns.map(str::parse).collect();
        let numbers = numbers.map_err(|_| VectorError::Number)?;
        let norm = numbers.iter().map(|value| value * value).sum::<f32>().sqrt();
        if numbers.is_empty() || !norm.is_finite() {
            return Err(VectorError::Number);
        }
        if self.dimensions == 0 {
            self.dimensions = numbers.len();
        }
        if numbers.len() != self.dimensions {
            return Err(VectorError::Dimensions {
                found: numbers.len(),
                expected: self.dimensions,
            });
        }
        let Some(hash) = whole_word(word).filter(|_| 0.0 < norm) else {
            return Ok(());
        };
        if let std::collections::btree_map::Entry::Vacant(row) = self.rows.entry(hash) {
            row.insert(self.values.len());
            self.values.extend(numbers.iter().map(|value| value / norm));
        }
        Ok(())
    }

    /// How many words have a vector.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no word has one.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The hashes of the words, ascending.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u32> {
        self.rows.keys().copied()
    }
}

/// The hash of a text that is one English word and nothing else.
fn whole_word(text: &str) -> Option<u32> {
    let mut whole = None;
    features(text, ENGLISH, 2, |feature| {
        if feature.kind == Kind::Word && feature.start == 0 && feature.end == text.len() {
            whole = Some(feature.hash);
        }
    });
    whole
}

/// The vectors of a vocabulary's features, centred over the articles of a training.
pub(super) struct Space<'v> {
    vectors: &'v Vectors,
    /// For each feature, where its vector begins.
    starts: Vec<Option<usize>>,
    /// The mean of all vectors as articles use them. Without it every article would have much the same sum.
    centre: Vec<f32>,
    /// What the sum counts beside the words themselves.
    scale: f32,
}

impl<'v> Space<'v> {
    /// Lays the vectors under `vocabulary` and centres them over `examples`.
    pub(super) fn new(vectors: &'v Vectors, vocabulary: &Vocabulary, examples: &[Example], scale: f32) -> Self {
        let starts = vocabulary.keys().iter().map(|key| vectors.rows.get(key).copied());
        let mut space = Self {
            vectors,
            starts: starts.collect(),
            centre: vec![0.0; vectors.dimensions],
            scale,
        };
        let mut sums = vec![0.0_f64; vectors.dimensions];
        let mut weight = 0.0_f64;
        for entry in examples.iter().flat_map(|example| &example.entries) {
            if let Some(vector) = space.vector(entry.index as usize) {
                weight += f64::from(entry.value);
                for (sum, value) in sums.iter_mut().zip(vector) {
                    *sum += f64::from(entry.value * value);
                }
            }
        }
        if 0.0 < weight {
            space.centre = sums.iter().map(|sum| (sum / weight) as f32).collect();
        }
        space
    }

    /// The features that are among the first `most` words of the vectors, ascending.
    pub(super) fn words(&self, most: usize) -> Vec<u32> {
        let end = most * self.vectors.dimensions;
        let is_frequent = |start: &Option<usize>| start.is_some_and(|start| start < end);
        let numbered = self.starts.iter().zip(0_u32..);
        numbered
            .filter_map(|(start, feature)| is_frequent(start).then_some(feature))
            .collect()
    }

    /// How many features stand for dimensions; they come after those of the vocabulary.
    pub(super) fn dimensions(&self) -> usize {
        self.vectors.dimensions
    }

    fn vector(&self, feature: usize) -> Option<&[f32]> {
        let start = (*self.starts.get(feature)?)?;
        self.vectors.values.get(start..start + self.vectors.dimensions)
    }

    /// Adds the sum of its words' vectors to an example.
    pub(super) fn extend(&self, example: &mut Example) {
        let mut sums = vec![0.0_f32; self.vectors.dimensions];
        let mut any = false;
        for entry in &example.entries {
            if let Some(vector) = self.vector(entry.index as usize) {
                any = true;
                for ((sum, value), centre) in sums.iter_mut().zip(vector).zip(&self.centre) {
                    *sum += entry.value * (value - centre) * self.scale;
                }
            }
        }
        if any {
            let first = self.starts.len() as u32;
            let entries = sums
                .iter()
                .zip(first..)
                .map(|(value, index)| Entry { index, value: *value });
            example.entries.extend(entries);
        }
    }

    /// Folds the weights of the dimensions into those of the words, and drops them.
    pub(super) fn fold(&self, fit: &mut Fit) {
        let dimensions = fit.weights.split_off(self.starts.len() * fit.stride);
        for (feature, row) in fit.weights.chunks_exact_mut(fit.stride).enumerate() {
            let Some(vector) = self.vector(feature) else { continue };
            for ((value, centre), slope) in vector.iter().zip(&self.centre).zip(dimensions.chunks_exact(fit.stride)) {
                let value = (value - centre) * self.scale;
                for (weight, slope) in row.iter_mut().zip(slope) {
                    *weight += value * slope;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Example, Fit, Space, VectorError, Vectors};
    use crate::train::fit::{Steps, fit};
    use crate::vocabulary::{Entry, Vocabulary};

    fn vectors(lines: &[&str]) -> Vectors {
        let mut vectors = Vectors::default();
        for line in lines {
            vectors.add(line).unwrap();
        }
        vectors
    }

    #[test]
    fn reads_words_and_passes_over_what_is_none() {
        let read = vectors(&["goal 3 4", "new-york 1 0", ", 1 1", "nothing 0 0", "goal 1 0"]);
        assert_eq!(read.len(), 1);
        assert_eq!(read.values, [0.6, 0.8]);
    }

    #[test]
    fn names_what_is_wrong_with_a_line() {
        let mut read = vectors(&["goal 3 4"]);
        let expected = VectorError::Dimensions { found: 3, expected: 2 };
        assert_eq!(read.add("match 1 2 3"), Err(expected));
        for line in ["", "match", "match 1 x", "match 1 inf"] {
            assert_eq!(read.add(line), Err(VectorError::Number), "{line}");
        }
    }

    fn example(entries: &[(u32, f32)], topics: u128) -> Example {
        let entries = entries.iter().map(|&(index, value)| Entry { index, value });
        Example {
            entries: entries.collect(),
            topics,
            known: u128::MAX,
            weight: 1.0,
        }
    }

    /// Three words: the first two have like vectors, and only the first and the third were seen.
    fn fitted() -> (Fit, Vec<Example>, Fit) {
        let vectors = vectors(&["goal 1 0.1", "striker 1 0.2", "rain -1 0.3"]);
        let vocabulary = Vocabulary::new(vectors.hashes().collect(), vec![16; 3]).unwrap();
        let place = |line: &str| {
            let hash = super::whole_word(line).unwrap();
            vocabulary.find(hash).unwrap() as u32
        };
        let (goal, striker, rain) = (place("goal"), place("striker"), place("rain"));
        let mut examples = vec![example(&[(goal, 1.0)], 1), example(&[(rain, 1.0)], 2)];
        let space = Space::new(&vectors, &vocabulary, &examples, 1.0);
        examples.push(example(&[(striker, 1.0)], 0));
        for example in &mut examples {
            space.extend(example);
        }
        let steps = Steps {
            epochs: 20,
            rate: 0.3,
            unknown: vec![1.0; 2],
        };
        let before = fit(&examples[..2], 3 + space.dimensions(), 2, &steps, |_, _| {});
        let mut folded = before.clone();
        space.fold(&mut folded);
        (before, examples, folded)
    }

    #[test]
    fn a_word_without_examples_learns_from_those_like_it() {
        let (_, examples, folded) = fitted();
        let mut logits = vec![0.0; folded.stride];
        folded.logits(&examples[2].entries[..1], &mut logits);
        assert!(logits[1] < 0.0 && 0.0 < logits[0], "{logits:?}");
    }

    #[test]
    fn folded_weights_say_the_same() {
        let (before, examples, folded) = fitted();
        for example in &examples {
            let (mut wide, mut narrow) = (vec![0.0; before.stride], vec![0.0; folded.stride]);
            before.logits(&example.entries, &mut wide);
            folded.logits(&example.entries[..1], &mut narrow);
            assert!(wide.iter().zip(&narrow).all(|(one, other)| (one - other).abs() < 1e-4));
        }
    }
}
