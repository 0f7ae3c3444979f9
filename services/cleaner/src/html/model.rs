//! The learned scorer: boosted trees over the features of a block (Friedman 2001), with tables of words.
//!
//! The weights are made by [`crate::train`] and lie beside the source with their card. They are read once; a file
//! that can't be read is a mistake of the build, which the tests catch.

use super::features;
use super::tables::{self, TABLE_FEATURES, Tables};

/// Features that the trees see.
pub const WIDTH: usize = features::COUNT + TABLE_FEATURES;

const MAGIC: &[u8; 8] = b"cleaner1";

/// One node: a question, or an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Left when the feature is at most the threshold.
    Split {
        /// Which feature.
        feature: u8,
        /// Up to where it goes left.
        threshold: f32,
        /// Index of the left node in its tree.
        left: u8,
        /// Index of the right node in its tree.
        right: u8,
    },
    /// What the tree adds to the log-odds.
    Leaf(f32),
}

/// A tree; the first node is the root.
pub type Tree = Vec<Node>;

/// Boosted trees and tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Log-odds before any tree.
    pub base: f32,
    /// The trees.
    pub trees: Vec<Tree>,
    /// The tables.
    pub tables: Tables,
}

impl Model {
    /// The score of one row of [`WIDTH`] features.
    #[must_use]
    pub fn score(&self, row: &[f32]) -> f32 {
        self.probability(self.sum(row))
    }

    /// What the trees add up to.
    pub(super) fn sum(&self, row: &[f32]) -> f32 {
        self.trees.iter().fold(0.0, |sum, tree| sum + answer(tree, row))
    }

    /// The probability that a sum of answers stands for.
    pub(super) fn probability(&self, sum: f32) -> f32 {
        1.0 / (1.0 + (-(self.base + sum)).exp())
    }

    /// The model as bytes, little-endian: head, trees, tables.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.base.to_le_bytes());
        push_count(&mut out, self.trees.len());
        for tree in &self.trees {
            push_count(&mut out, tree.len());
            for node in tree {
                match node {
                    Node::Leaf(value) => {
                        out.push(u8::MAX);
                        out.extend(value.to_le_bytes());
                    }
                    Node::Split {
                        feature,
                        threshold,
                        left,
                        right,
                    } => {
                        out.push(*feature);
                        out.extend(threshold.to_le_bytes());
                        out.extend([*left, *right]);
                    }
                }
            }
        }
        for table in [&self.tables.names, &self.tables.words] {
            push_count(&mut out, table.len());
            for (hash, weight) in table {
                out.extend(hash.to_le_bytes());
                out.extend(weight.to_le_bytes());
            }
        }
        out
    }

    /// Reads what [`Model::write`] wrote; none for anything else.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = bytes.strip_prefix(MAGIC)?;
        let base = take(&mut bytes).map(f32::from_le_bytes)?;
        let mut trees = Vec::new();
        for _ in 0..take_count(&mut bytes)? {
            trees.push(read_tree(&mut bytes)?);
        }
        let names = read_table(&mut bytes)?;
        let words = read_table(&mut bytes)?;
        bytes.is_empty().then_some(Self {
            base,
            trees,
            tables: Tables { names, words },
        })
    }
}

fn answer(tree: &Tree, row: &[f32]) -> f32 {
    let mut at = 0;
    // A tree has no more than 255 nodes, so a loop in a damaged one ends as well.
    for _ in 0..=u8::MAX {
        match tree.get(at) {
            Some(Node::Split {
                feature,
                threshold,
                left,
                right,
            }) => {
                let value = row.get(usize::from(*feature)).copied().unwrap_or(0.0);
                at = usize::from(if value <= *threshold { *left } else { *right });
            }
            Some(Node::Leaf(value)) => return *value,
            None => return 0.0,
        }
    }
    0.0
}

fn push_count(out: &mut Vec<u8>, count: usize) {
    out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

fn take_count(bytes: &mut &[u8]) -> Option<usize> {
    let count = usize::try_from(u32::from_le_bytes(take(bytes)?)).ok()?;
    (count <= bytes.len()).then_some(count)
}

fn read_tree(bytes: &mut &[u8]) -> Option<Tree> {
    let mut tree = Vec::new();
    for _ in 0..take_count(bytes)? {
        let [feature] = take(bytes)?;
        let value = f32::from_le_bytes(take(bytes)?);
        tree.push(if feature == u8::MAX {
            Node::Leaf(value)
        } else {
            let [left, right] = take(bytes)?;
            Node::Split {
                feature,
                threshold: value,
                left,
                right,
            }
        });
    }
    Some(tree)
}

fn read_table(bytes: &mut &[u8]) -> Option<tables::Table> {
    let mut table = Vec::new();
    for _ in 0..take_count(bytes)? {
        table.push((u32::from_le_bytes(take(bytes)?), i8::from_le_bytes(take(bytes)?)));
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let tree = vec![
            Node::Split {
                feature: 3,
                threshold: 0.5,
                left: 1,
                right: 2,
            },
            Node::Leaf(-1.0),
            Node::Leaf(2.0),
        ];
        let tables = Tables {
            names: vec![(1, -3)],
            words: vec![(5, 7), (9, 1)],
        };
        let model = Model {
            base: 0.25,
            trees: vec![tree],
            tables,
        };
        assert_eq!(Model::read(&model.write()), Some(model.clone()));
        assert_eq!(Model::read(&model.write()[1..]), None);
        assert!(model.score(&[0.0, 0.0, 0.0, 1.0]) > 0.9);
    }
}
