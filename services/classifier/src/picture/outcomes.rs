//! What the pictures are drawn from: counts over documents whose topics are known.

use crate::model::Score;

/// How many steps of probability the calibration is shown in: as many as its error is measured in.
pub(super) const STEPS: usize = 15;

/// Documents whose best topic was about as probable.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Step {
    pub(super) documents: usize,
    pub(super) right: usize,
    pub(super) promised: f64,
}

/// A group of documents and its steps, from improbable to probable.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) steps: [Step; STEPS],
}

impl Series {
    pub(super) fn documents(&self) -> usize {
        self.steps.iter().map(|step| step.documents).sum()
    }

    /// The expected calibration error.
    pub(super) fn error(&self) -> f64 {
        let apart = self.steps.iter().map(|step| (step.promised - step.right as f64).abs());
        apart.sum::<f64>() / self.documents().max(1) as f64
    }
}

/// Counts over documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    /// Codes and names of the topics, in the order of the picture's rows.
    pub(super) topics: Vec<(String, String)>,
    pub(super) series: [Series; 2],
    /// Documents by their main topic, then by the topic given first.
    pub(super) confusion: Vec<Vec<usize>>,
}

impl Outcomes {
    /// Nothing seen yet. `topics` are the codes and names of the topics that are drawn; others are passed over.
    pub fn new(topics: Vec<(String, String)>) -> Self {
        let series = |name| Series {
            name,
            steps: [Step::default(); STEPS],
        };
        Self {
            confusion: vec![vec![0; topics.len()]; topics.len()],
            topics,
            series: [series("English"), series("other languages")],
        }
    }

    /// Adds a document: its language, its topics (the main one first) and the scores it was given, best first.
    pub fn add(&mut self, language: &str, truth: &[String], scores: &[Score<'_>]) {
        let place = |id: &str| self.topics.iter().position(|(known, _)| known == id);
        let best = scores.iter().find_map(|score| Some((place(score.topic)?, score)));
        let main = truth.iter().find_map(|topic| place(topic));
        let (Some((given, best)), Some(main)) = (best, main) else {
            return;
        };
        let is_right = truth.iter().any(|topic| topic == best.topic);
        let series = &mut self.series[usize::from(language != "en")];
        let step = ((best.probability * STEPS as f32) as usize).min(STEPS - 1);
        let step = &mut series.steps[step];
        step.documents += 1;
        step.right += usize::from(is_right);
        step.promised += f64::from(best.probability);
        // A second topic of the document is no confusion.
        let row = if is_right { given } else { main };
        self.confusion[row][given] += 1;
    }
}
