//! How good a model is: figures over documents whose topics are known.

use crate::model::Score;
use std::collections::BTreeMap;
use std::fmt;

/// Collects the outcomes of documents.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    documents: usize,
    /// Probability of the best topic, and whether the document has it.
    best: Vec<(f32, bool)>,
    unpublished: usize,
    topics: BTreeMap<String, TopicTally>,
}

#[derive(Debug, Clone, Copy, Default)]
struct TopicTally {
    support: usize,
    /// Of the best topic alone: right, wrong, missed.
    first: [usize; 3],
    /// Of all published topics: right, wrong, missed.
    published: [usize; 3],
}

/// The figures of a [`Tally`].
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// How many documents.
    pub documents: usize,
    /// Share of documents whose best topic is one of theirs.
    pub accuracy_at_1: f64,
    /// F1 of the best topic, averaged over the topics that occur.
    pub macro_f1: f64,
    /// F1 of the published topics, over all decisions.
    pub micro_f1: f64,
    /// Expected calibration error of the best topic's probability, in fifteen bins of equal width.
    pub calibration_error: f64,
    /// The largest share of documents, taken by falling probability, of which nine in ten are right.
    pub coverage_at_90: f64,
    /// Share of documents without a published topic.
    pub abstained: f64,
    /// By topic.
    pub topics: BTreeMap<String, TopicFigures>,
}

/// The figures of one topic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicFigures {
    /// How many documents have it.
    pub support: usize,
    /// Of those it was published for, the share that has it.
    pub precision: f64,
    /// Of those that have it, the share it was published for.
    pub recall: f64,
    /// F1 of publishing it.
    pub f1: f64,
    /// F1 of giving it as the best topic.
    pub first_f1: f64,
}

impl Tally {
    /// Adds a document: the topics it has (the main one first) and the scores it was given, best first. Second-level terms
    /// are passed over.
    pub fn add(&mut self, truth: &[String], scores: &[Score<'_>]) {
        let (Some(main), Some(best)) = (truth.first(), scores.first()) else {
            return;
        };
        let has = |topic: &str| truth.iter().any(|of_document| of_document == topic);
        self.documents += 1;
        self.best.push((best.probability, has(best.topic)));
        if has(best.topic) {
            self.topic(best.topic).first[0] += 1;
        } else {
            self.topic(best.topic).first[1] += 1;
            self.topic(main).first[2] += 1;
        }
        for topic in truth {
            let tally = self.topic(topic);
            tally.support += 1;
            tally.published[2] += 1;
        }
        let mut published = 0;
        for score in scores.iter().filter(|score| score.published && score.refines.is_none()) {
            published += 1;
            let tally = self.topic(score.topic);
            if has(score.topic) {
                tally.published[0] += 1;
                tally.published[2] -= 1;
            } else {
                tally.published[1] += 1;
            }
        }
        self.unpublished += usize::from(published == 0);
    }

    fn topic(&mut self, id: &str) -> &mut TopicTally {
        self.topics.entry(id.to_owned()).or_default()
    }

    /// The figures of what was added.
    pub fn figures(&self) -> Figures {
        let right = self.best.iter().filter(|(_, right)| *right).count();
        let occurring = self.topics.iter().filter(|(_, tally)| tally.support != 0);
        let topics: BTreeMap<String, TopicFigures> = occurring
            .map(|(topic, tally)| (topic.clone(), tally.figures()))
            .collect();
        let sum = self.topics.values().fold([0; 3], |sum, tally| {
            [
                sum[0] + tally.published[0],
                sum[1] + tally.published[1],
                sum[2] + tally.published[2],
            ]
        });
        Figures {
            documents: self.documents,
            accuracy_at_1: share(right, self.documents),
            macro_f1: topics.values().map(|topic| topic.first_f1).sum::<f64>() / topics.len().max(1) as f64,
            micro_f1: f1(sum),
            calibration_error: self.calibration_error(),
            coverage_at_90: self.coverage(0.9),
            abstained: share(self.unpublished, self.documents),
            topics,
        }
    }

    fn calibration_error(&self) -> f64 {
        const BINS: usize = 15;
        let mut bins = [(0.0_f64, 0.0_f64); BINS];
        for (probability, right) in &self.best {
            let bin = ((probability * BINS as f32) as usize).min(BINS - 1);
            bins[bin].0 += f64::from(*probability);
            bins[bin].1 += f64::from(u8::from(*right));
        }
        bins.iter().map(|(promised, kept)| (promised - kept).abs()).sum::<f64>() / self.documents.max(1) as f64
    }

    fn coverage(&self, precision: f64) -> f64 {
        let mut best = self.best.clone();
        best.sort_by(|first, second| second.0.total_cmp(&first.0));
        let mut right = 0;
        let mut covered = 0;
        for (index, (_, is_right)) in best.iter().enumerate() {
            right += usize::from(*is_right);
            if precision <= share(right, index + 1) {
                covered = index + 1;
            }
        }
        share(covered, self.documents)
    }
}

impl TopicTally {
    fn figures(&self) -> TopicFigures {
        let [right, wrong, missed] = self.published;
        TopicFigures {
            support: self.support,
            precision: share(right, right + wrong),
            recall: share(right, right + missed),
            f1: f1(self.published),
            first_f1: f1(self.first),
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn f1([right, wrong, missed]: [usize; 3]) -> f64 {
    share(2 * right, 2 * right + wrong + missed)
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:>6} {:>8.4} {:>8.4} {:>8.4} {:>8.4} {:>8.4} {:>8.4}",
            self.documents,
            self.accuracy_at_1,
            self.macro_f1,
            self.micro_f1,
            self.calibration_error,
            self.coverage_at_90,
            self.abstained
        )
    }
}

/// The heading over lines of [`Figures`].
pub const HEADING: &str = "  docs    acc@1  macroF1  microF1      ECE  cov@.90  abstain";

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::model::Score;

    /// The topics that a document has, and its scores.
    type Outcome<'a> = (&'a [&'a str], &'a [(&'a str, f32)]);

    fn tally(documents: &[Outcome<'_>]) -> Tally {
        let mut tally = Tally::default();
        for (truth, scores) in documents {
            let truth: Vec<String> = truth.iter().map(|topic| (*topic).to_owned()).collect();
            let score = |&(topic, probability)| Score {
                topic,
                refines: None,
                probability,
                published: 0.5 <= probability,
            };
            let scores: Vec<Score<'_>> = scores.iter().map(score).collect();
            tally.add(&truth, &scores);
        }
        tally
    }

    #[test]
    fn counts_what_is_right() {
        let figures = tally(&[
            (&["a"], &[("a", 0.9), ("b", 0.1)]),
            (&["b"], &[("a", 0.6), ("b", 0.4)]),
            (&["a", "b"], &[("b", 0.8), ("a", 0.7)]),
            (&["b"], &[("b", 0.3), ("a", 0.2)]),
        ])
        .figures();
        assert_eq!(figures.documents, 4);
        assert!((figures.accuracy_at_1 - 0.75).abs() < 1e-9);
        assert!((figures.abstained - 0.25).abs() < 1e-9);
        // Published: a right, a wrong, b and a right; b missed twice.
        assert!((figures.micro_f1 - 6.0 / 9.0).abs() < 1e-9);
        let a = figures.topics.get("a").unwrap();
        assert_eq!(a.support, 2);
        assert!((a.precision - 2.0 / 3.0).abs() < 1e-9 && (a.recall - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_promise_kept_has_no_calibration_error() {
        let kept = tally(&[(&["a"], &[("a", 1.0)]), (&["a"], &[("a", 1.0)])]).figures();
        assert!(kept.calibration_error < 1e-9);
        let broken = tally(&[(&["a"], &[("b", 1.0)])]).figures();
        assert!((broken.calibration_error - 1.0).abs() < 1e-9);
    }

    #[test]
    fn coverage_stops_where_precision_falls_below() {
        let right: Outcome<'_> = (&["a"], &[("a", 0.9)]);
        let wrong: Outcome<'_> = (&["a"], &[("b", 0.8)]);
        let documents = [vec![right; 9], vec![wrong; 11]].concat();
        assert!((tally(&documents).figures().coverage_at_90 - 0.5).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_figures_too() {
        let figures = Tally::default().figures();
        assert_eq!(figures.documents, 0);
        assert!(figures.accuracy_at_1.is_finite() && figures.calibration_error.is_finite());
    }
}
