//! How many records are on their way through the later stages: files wait while there are too many.

use std::time::{Duration, Instant};

use schemas::topic::{StageName, Topic};

use crate::host::batch::Placer;
use crate::host::{Around, HostError, group};
use crate::log::LogError;

/// The shortest time between two measurements.
const INTERVAL: Duration = Duration::from_millis(200);

/// A measurement may take this share of the time: one part in so many.
const COST: u32 = 20;

/// What each later stage reads.
const STAGES: [(StageName, Topic); 4] = [
    (StageName::Cleaner, Topic::Fetched),
    (StageName::Deduper, Topic::Cleaned),
    (StageName::Classifier, Topic::Deduplicated),
    (StageName::Publisher, Topic::Classified),
];

/// What was measured last, and what was added since.
#[derive(Debug)]
pub(super) struct Backlog {
    max: usize,
    measured: usize,
    added: usize,
    measured_at: Option<Instant>,
    interval: Duration,
}

impl Backlog {
    /// Nothing is known yet; `max` records are allowed.
    pub(super) fn new(max: usize) -> Self {
        Self {
            max,
            measured: 0,
            added: 0,
            measured_at: None,
            interval: INTERVAL,
        }
    }

    /// Notes that so many records were handed on.
    pub(super) fn add(&mut self, records: usize) {
        self.added += records;
    }

    /// How many more may be handed on.
    ///
    /// # Errors
    /// When the log can't be asked.
    pub(super) fn room(
        &mut self,
        around: Around<'_>,
        partitions: impl Iterator<Item = u32>,
        placer: &mut Placer<'_>,
    ) -> Result<usize, HostError> {
        if self.measured_at.is_none_or(|at| self.interval <= at.elapsed()) {
            let started_at = Instant::now();
            self.measured = measure(around, &partitions.collect::<Vec<_>>(), placer)?;
            self.added = 0;
            self.interval = (started_at.elapsed() * COST).max(INTERVAL);
            self.measured_at = Some(Instant::now());
        }
        Ok(self.max.saturating_sub(self.measured + self.added))
    }
}

/// Records before the end of the pipeline: of each stage those of the partition where it is furthest behind.
///
/// The cleaner's partitions are those that we write to ourselves; which ones an article takes later is not known.
fn measure(around: Around<'_>, partitions: &[u32], placer: &mut Placer<'_>) -> Result<usize, LogError> {
    let mut records = 0;
    for (stage, topic) in STAGES {
        let committed = around.log.committed(&group(around.prefix, stage), topic)?;
        let all: Vec<u32> = match topic {
            Topic::Fetched => partitions.to_vec(),
            _ => (0..placer.count(topic)?).collect(),
        };
        let mut furthest = 0;
        for partition in all {
            let bounds = around.log.bounds(topic, partition)?;
            let reached = committed.get(&(topic, partition)).copied().unwrap_or(bounds.first);
            furthest = furthest.max(bounds.end.saturating_sub(reached));
        }
        records += usize::try_from(furthest).unwrap_or(usize::MAX);
    }
    Ok(records)
}
