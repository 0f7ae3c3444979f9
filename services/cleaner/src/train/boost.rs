//! Gradient-boosted trees for two classes: binned features, leaf-wise growth, second-order gains (Friedman 2001; the
//! histogram method of LightGBM, Ke et al. 2017).

use crate::html::model::{Node, Tree};

/// Bins a feature is cut into.
const BINS: usize = 64;

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Number of trees.
    pub trees: usize,
    /// Leaves of one tree.
    pub leaves: usize,
    /// What a tree's answer is multiplied with.
    pub rate: f32,
    /// Sum of second derivatives that a leaf must have.
    pub min_weight: f32,
    /// Penalty on the square of answers.
    pub penalty: f32,
    /// Of how many features each tree sees one.
    pub feature_step: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            trees: 300,
            leaves: 12,
            rate: 0.1,
            min_weight: 4.0,
            penalty: 2.0,
            feature_step: 2,
        }
    }
}

/// Rows to learn from.
#[derive(Debug, Default)]
pub struct Data {
    columns: Vec<Vec<f32>>,
    labels: Vec<bool>,
    weights: Vec<f32>,
}

impl Data {
    /// No rows yet, of this many features.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            columns: vec![Vec::new(); width],
            ..Self::default()
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[f32], label: bool, weight: f32) {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(*value);
        }
        self.labels.push(label);
        self.weights.push(weight);
    }
}

/// A feature in bins: the bin of each row, and the value up to which each bin goes.
struct Binned {
    bins: Vec<u8>,
    edges: Vec<f32>,
}

fn bin(column: &[f32]) -> Binned {
    let step = (column.len() / 40_000).max(1);
    let mut sample: Vec<f32> = column.iter().copied().step_by(step).collect();
    sample.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> = (1..BINS)
        .filter_map(|part| sample.get(part * sample.len() / BINS).copied())
        .collect();
    edges.dedup();
    let bins = column
        .iter()
        .map(|value| u8::try_from(edges.partition_point(|edge| edge < value)).unwrap_or(u8::MAX))
        .collect();
    Binned { bins, edges }
}

/// First and second derivatives, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    first: f64,
    second: f64,
}

impl Sum {
    fn minus(self, other: Self) -> Self {
        Self {
            first: self.first - other.first,
            second: self.second - other.second,
        }
    }

    fn gain(self, penalty: f32) -> f64 {
        self.first * self.first / (self.second + f64::from(penalty))
    }
}

/// A leaf that may be split further.
struct Leaf {
    rows: Vec<u32>,
    histogram: Vec<[Sum; BINS]>,
    sum: Sum,
    node: usize,
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    feature: usize,
    bin: usize,
    gain: f64,
}

/// Grows the trees; gives the log-odds before any tree, and the trees.
#[must_use]
pub fn grow(data: &Data, settings: &Settings) -> (f32, Vec<Tree>) {
    let binned: Vec<Binned> = data.columns.iter().map(|column| bin(column)).collect();
    let (mut story, mut all) = (0.0_f64, 0.0_f64);
    for (label, weight) in data.labels.iter().zip(&data.weights) {
        all += f64::from(*weight);
        story += if *label { f64::from(*weight) } else { 0.0 };
    }
    #[expect(clippy::cast_possible_truncation, reason = "log-odds are small")]
    let base = (story.max(1e-6) / (all - story).max(1e-6)).ln() as f32;
    let mut scores = vec![base; data.labels.len()];
    let mut trees = Vec::with_capacity(settings.trees);
    for round in 0..settings.trees {
        let slopes = slopes(data, &scores);
        trees.push(tree(&binned, &slopes, &mut scores, settings, round));
    }
    (base, trees)
}

fn slopes(data: &Data, scores: &[f32]) -> Vec<(f32, f32)> {
    let slope = |((score, label), weight): ((&f32, &bool), &f32)| {
        let probability = 1.0 / (1.0 + (-score).exp());
        let target = f32::from(u8::from(*label));
        (
            weight * (target - probability),
            weight * (probability * (1.0 - probability)).max(1e-6),
        )
    };
    scores.iter().zip(&data.labels).zip(&data.weights).map(slope).collect()
}

fn tree(binned: &[Binned], slopes: &[(f32, f32)], scores: &mut [f32], settings: &Settings, round: usize) -> Tree {
    let grower = Grower {
        binned,
        slopes,
        settings,
        round,
    };
    let rows: Vec<u32> = (0..u32::try_from(slopes.len()).unwrap_or(u32::MAX)).collect();
    let mut tree: Tree = vec![Node::Leaf(0.0)];
    let histogram = grower.histogram(&rows);
    let sum = total(&rows, slopes);
    let mut leaves = vec![grower.leaf(rows, histogram, sum, 0)];
    while leaves.len() < settings.leaves {
        let best = (0..leaves.len())
            .filter(|leaf| leaves[*leaf].best.is_some())
            .max_by(|left, right| {
                let gain = |leaf: usize| leaves[leaf].best.map_or(0.0, |best| best.gain);
                gain(*left).total_cmp(&gain(*right)).then(right.cmp(left))
            });
        let Some(best) = best else { break };
        let leaf = leaves.swap_remove(best);
        let Some(split) = leaf.best else { break };
        let (left, right) = grower.split(leaf, split, &mut tree);
        leaves.push(left);
        leaves.push(right);
    }
    for leaf in leaves {
        #[expect(clippy::cast_possible_truncation, reason = "a step of log-odds is small")]
        let answer =
            (f64::from(settings.rate) * leaf.sum.first / (leaf.sum.second + f64::from(settings.penalty))) as f32;
        tree[leaf.node] = Node::Leaf(answer);
        for row in leaf.rows {
            scores[row as usize] += answer;
        }
    }
    tree
}

fn total(rows: &[u32], slopes: &[(f32, f32)]) -> Sum {
    rows.iter().fold(Sum::default(), |sum, row| {
        let (first, second) = slopes[*row as usize];
        Sum {
            first: sum.first + f64::from(first),
            second: sum.second + f64::from(second),
        }
    })
}

struct Grower<'a> {
    binned: &'a [Binned],
    slopes: &'a [(f32, f32)],
    settings: &'a Settings,
    round: usize,
}

impl Grower<'_> {
    /// Whether this tree sees a feature: which ones it sees changes from tree to tree, without chance.
    fn sees(&self, feature: usize) -> bool {
        let mixed = (feature as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (self.round as u64 + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33)
            .is_multiple_of(self.settings.feature_step as u64)
    }

    fn histogram(&self, rows: &[u32]) -> Vec<[Sum; BINS]> {
        let mut histogram = vec![[Sum::default(); BINS]; self.binned.len()];
        for (feature, binned) in self
            .binned
            .iter()
            .enumerate()
            .filter(|(feature, _)| self.sees(*feature))
        {
            let bins = &mut histogram[feature];
            for row in rows {
                let (first, second) = self.slopes[*row as usize];
                let sum = &mut bins[usize::from(binned.bins[*row as usize])];
                sum.first += f64::from(first);
                sum.second += f64::from(second);
            }
        }
        histogram
    }

    fn leaf(&self, rows: Vec<u32>, histogram: Vec<[Sum; BINS]>, sum: Sum, node: usize) -> Leaf {
        let best = self.best_split(&histogram, sum);
        Leaf {
            rows,
            histogram,
            sum,
            node,
            best,
        }
    }

    fn best_split(&self, histogram: &[[Sum; BINS]], sum: Sum) -> Option<Split> {
        let penalty = self.settings.penalty;
        let mut best: Option<Split> = None;
        for (feature, bins) in histogram.iter().enumerate().filter(|(feature, _)| self.sees(*feature)) {
            let mut left = Sum::default();
            for (bin, part) in bins.iter().enumerate().take(self.binned[feature].edges.len()) {
                left = Sum {
                    first: left.first + part.first,
                    second: left.second + part.second,
                };
                let right = sum.minus(left);
                if left.second.min(right.second) < f64::from(self.settings.min_weight) {
                    continue;
                }
                let gain = left.gain(penalty) + right.gain(penalty) - sum.gain(penalty);
                if gain > best.map_or(1e-3, |best| best.gain) {
                    best = Some(Split { feature, bin, gain });
                }
            }
        }
        best
    }

    fn split(&self, leaf: Leaf, split: Split, tree: &mut Tree) -> (Leaf, Leaf) {
        let bins = &self.binned[split.feature].bins;
        let (left, right): (Vec<u32>, Vec<u32>) = leaf
            .rows
            .iter()
            .partition(|row| usize::from(bins[**row as usize]) <= split.bin);
        let nodes = (tree.len(), tree.len() + 1);
        tree.extend([Node::Leaf(0.0), Node::Leaf(0.0)]);
        let narrow = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        tree[leaf.node] = Node::Split {
            feature: narrow(split.feature),
            threshold: self.binned[split.feature].edges[split.bin],
            left: narrow(nodes.0),
            right: narrow(nodes.1),
        };
        // The larger child's histogram is the parent's less the smaller child's.
        let left_is_smaller = left.len() < right.len();
        let smaller = self.histogram(if left_is_smaller { &left } else { &right });
        let mut larger = leaf.histogram;
        for (bins, other) in larger.iter_mut().zip(&smaller) {
            for (bin, other) in bins.iter_mut().zip(other) {
                *bin = bin.minus(*other);
            }
        }
        let (left_histogram, right_histogram) = if left_is_smaller {
            (smaller, larger)
        } else {
            (larger, smaller)
        };
        let left_sum = total(&left, self.slopes);
        let right_sum = leaf.sum.minus(left_sum);
        (
            self.leaf(left, left_histogram, left_sum, nodes.0),
            self.leaf(right, right_histogram, right_sum, nodes.1),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Settings, grow};
    use crate::html::model::Model;

    #[test]
    fn learns_that_two_features_must_agree() {
        let mut data = Data::new(2);
        for number in 0..2000_u16 {
            let row = [f32::from(number % 10), f32::from(number / 10 % 10)];
            data.push(&row, row[0] > 4.0 && row[1] > 4.0, 1.0);
        }
        let settings = Settings {
            trees: 40,
            leaves: 4,
            feature_step: 1,
            ..Settings::default()
        };
        let (base, trees) = grow(&data, &settings);
        let model = Model {
            base,
            trees,
            ..Model::default()
        };
        assert!(model.score(&[9.0, 8.0]) > 0.8);
        assert!(model.score(&[9.0, 1.0]) < 0.2);
    }
}
