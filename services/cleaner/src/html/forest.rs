//! Trees laid out for many rows at once (QuickScorer, Lucchese et al. 2015).
//!
//! The leaves of a tree are numbered from left to right, a bit each. A question that a row answers with "right" rules
//! out the leaves on its left; when all questions of the tree are asked, whichever way, the first leaf that is left is
//! the one that a walk would have ended in. So no step depends on the one before, and the compiler turns a question
//! to a handful of rows into a few instructions.

use super::model::{Node, Tree};

/// Rows that are scored side by side.
pub(super) const LANES: usize = 16;

/// Leaves that a tree can have at most.
pub const MAX_LEAVES: usize = 32;

/// The values of one feature in a few rows.
pub(super) type Lane = [f32; LANES];

/// A question of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Question {
    feature: u32,
    /// Goes left up to this.
    threshold: f32,
    /// The leaves that stay when the answer is "right".
    right: u32,
}

/// Trees, one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Forest {
    questions: Vec<Question>,
    leaves: Vec<f32>,
    /// For each tree, where its questions and its leaves end.
    ends: Vec<(usize, usize)>,
}

impl Forest {
    /// Lays out trees. None when one has more than [`MAX_LEAVES`] leaves, a node without its children, or a loop.
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let mut forest = Self::default();
        for tree in trees {
            let start = forest.leaves.len();
            forest.lay(tree, 0, start)?;
            forest.ends.push((forest.questions.len(), forest.leaves.len()));
        }
        Some(forest)
    }

    /// Lays out the part of a tree below a node. `start` is where the leaves of the tree begin.
    fn lay(&mut self, tree: &Tree, node: usize, start: usize) -> Option<()> {
        match *tree.get(node)? {
            Node::Leaf(value) => {
                self.leaves.push(value);
                (self.leaves.len() - start <= MAX_LEAVES).then_some(())
            }
            Node::Split {
                feature,
                threshold,
                left,
                right,
            } => {
                // Children come after their parents, so there is no way back up, and never deeper than a tree is long.
                let (left, right) = (usize::from(left), usize::from(right));
                if left <= node || right <= node {
                    return None;
                }
                let first = self.leaves.len() - start;
                self.lay(tree, left, start)?;
                let behind = self.leaves.len() - start;
                self.questions.push(Question {
                    feature: u32::from(feature),
                    threshold,
                    right: !(below(behind) & !below(first)),
                });
                self.lay(tree, right, start)
            }
        }
    }

    /// Adds up the answers of all trees for each row; `columns` has the values by feature.
    pub(super) fn sums(&self, columns: &[Lane]) -> Lane {
        let mut sums = [0.0; LANES];
        let (mut first_question, mut first_leaf) = (0, 0);
        for (last_question, last_leaf) in &self.ends {
            let questions = self.questions.get(first_question..*last_question).unwrap_or_default();
            let leaves = self.leaves.get(first_leaf..*last_leaf).unwrap_or_default();
            let left = remaining(questions, columns);
            for (sum, left) in sums.iter_mut().zip(left) {
                *sum += leaves.get(left.trailing_zeros() as usize).copied().unwrap_or(0.0);
            }
            (first_question, first_leaf) = (*last_question, *last_leaf);
        }
        sums
    }
}

/// The leaves that are left in each row after all questions of a tree. A function of its own, without a branch in its
/// inner loop, becomes four rows an instruction; as a part of another it becomes what it says.
#[inline(never)]
fn remaining(questions: &[Question], columns: &[Lane]) -> [u32; LANES] {
    let mut left = [u32::MAX; LANES];
    for question in questions {
        let Some(values) = columns.get(question.feature as usize) else {
            continue;
        };
        let (threshold, right) = (question.threshold, question.right);
        for (left, value) in left.iter_mut().zip(values) {
            *left &= u32::from(*value <= threshold).wrapping_neg() | right;
        }
    }
    left
}

/// A bit for each of the first `count` leaves.
fn below(count: usize) -> u32 {
    u32::try_from((1_u64 << count.min(32)) - 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::html::model::Model;

    fn split(feature: u8, threshold: f32, left: u8) -> Node {
        Node::Split {
            feature,
            threshold,
            left,
            right: left + 1,
        }
    }

    /// A tree of this many leaves over four features, whose growth the numbers decide.
    fn grown(numbers: &[(usize, u8, f32)]) -> Tree {
        let mut tree = vec![Node::Leaf(0.0)];
        for (at, feature, threshold) in numbers {
            let leaves: Vec<usize> = (0..tree.len())
                .filter(|node| matches!(tree[*node], Node::Leaf(_)))
                .collect();
            let children = u8::try_from(tree.len()).unwrap();
            tree[leaves[at % leaves.len()]] = split(*feature, *threshold, children);
            tree.extend([Node::Leaf(f32::from(children)), Node::Leaf(0.5 + f32::from(children))]);
        }
        tree
    }

    proptest! {
        #[test]
        fn rows_end_in_the_leaf_that_a_walk_ends_in(
            trees in prop::collection::vec(
                prop::collection::vec((0_usize..100, 0_u8..4, -2.0_f32..2.0), 0..MAX_LEAVES).prop_map(|numbers| grown(&numbers)),
                0..6,
            ),
            columns in prop::collection::vec(prop::array::uniform16(prop_oneof![-2.5_f32..2.5, Just(f32::NAN)]), 4),
        ) {
            let forest = Forest::of(&trees).unwrap();
            let sums = forest.sums(&columns);
            let model = Model { trees, ..Model::default() };
            for lane in 0..LANES {
                let row: Vec<f32> = columns.iter().map(|column| column[lane]).collect();
                let score = 1.0 / (1.0 + (-sums[lane]).exp());
                prop_assert_eq!(score.to_bits(), model.score(&row).to_bits());
            }
        }
    }

    #[test]
    fn damaged_trees_are_refused() {
        let long = (0..33).map(|at| (at, 0, 0.0)).collect::<Vec<_>>();
        for tree in [
            vec![],
            vec![split(0, 0.0, 0)],
            vec![split(0, 0.0, 1), Node::Leaf(1.0)],
            vec![split(0, 0.0, 1), Node::Leaf(1.0), split(0, 0.0, 1)],
            grown(&long),
        ] {
            assert!(Forest::of(std::slice::from_ref(&tree)).is_none(), "{tree:?}");
        }
    }
}
