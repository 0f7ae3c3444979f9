//! What one commit will hold, gathered input by input.

use std::collections::BTreeMap;
use std::time::Instant;

use schemas::fate::{DeadReason, Fate, FateRecord};
use schemas::record::{Encoded, Finding, Record};
use schemas::topic::{StageName, Topic};

use crate::log::{Commit, Log, LogError, Message, Offsets, Produce, Worker, partitioner};
use crate::telemetry::Metric;

use super::dead::{self, Subject};
use super::{Around, Limits, measure};

/// Knows how many partitions each topic has, asking the log once for each.
pub struct Placer<'a> {
    log: &'a dyn Log,
    counts: BTreeMap<Topic, u32>,
}

impl<'a> Placer<'a> {
    /// A placer that has asked nothing yet.
    #[must_use]
    pub fn new(log: &'a dyn Log) -> Self {
        Self {
            log,
            counts: BTreeMap::new(),
        }
    }

    /// The number of partitions of `topic`.
    ///
    /// # Errors
    /// When the log does not know.
    pub fn count(&mut self, topic: Topic) -> Result<u32, LogError> {
        if let Some(count) = self.counts.get(&topic) {
            return Ok(*count);
        }
        let count = self.log.partitions(topic)?;
        self.counts.insert(topic, count);
        Ok(count)
    }

    /// `encoded`, its partition chosen, for an input of partition `input`.
    ///
    /// # Errors
    /// When the log does not know the topic.
    pub fn place(&mut self, encoded: Encoded, input: u32) -> Result<Produce, LogError> {
        let partition = partitioner::partition(&encoded.place, input, self.count(encoded.topic)?);
        Ok(Produce::new(encoded, partition))
    }
}

/// Records and counts of one commit.
#[derive(Debug, Default)]
pub struct Batch {
    /// Output, memory, fate and dead-letter records.
    pub records: Vec<Produce>,
    /// Inputs taken.
    pub inputs: usize,
    /// Fates decided.
    pub fates: BTreeMap<(&'static str, &'static str), usize>,
    /// What the records say that is to be counted.
    pub findings: BTreeMap<Finding, usize>,
    /// Records whose bytes are counted, and these bytes.
    pub(super) measured: (usize, usize),
}

/// Why the records of one decision can't be written.
#[derive(Debug)]
pub enum Unwritable {
    /// The decision's own fault: its input goes to the dead letters.
    Reject(DeadReason, String),
    /// The log's fault.
    Log(LogError),
}

impl From<LogError> for Unwritable {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// `records` ready to be written, each within its topic's limit.
///
/// # Errors
/// When a record can't be encoded, is too large, or the log does not know its topic.
pub fn encode<R: Record>(records: &[R], input: u32, placer: &mut Placer<'_>) -> Result<Vec<Produce>, Unwritable> {
    records
        .iter()
        .map(|record| {
            let encoded = record
                .encode()
                .map_err(|error| Unwritable::Reject(DeadReason::Unencodable, format!("{error}: {}", error.source)))?;
            let produce = placer.place(encoded, input)?;
            let (size, limit) = (produce.size(), produce.topic.max_record_bytes());
            match size <= limit {
                true => Ok(produce),
                false => Err(Unwritable::Reject(
                    DeadReason::Oversized,
                    format!(
                        "a record for {:?} has {size} bytes, the limit is {limit}",
                        produce.topic
                    ),
                )),
            }
        })
        .collect()
}

impl Batch {
    /// True when it holds as much as one commit should.
    pub fn is_full(&mut self, limits: Limits) -> bool {
        let (count, bytes) = &mut self.measured;
        let new = self.records.get(*count..).unwrap_or_default();
        *bytes += new.iter().map(Produce::size).sum::<usize>();
        *count = self.records.len();
        limits.batch_records <= *count || limits.batch_bytes <= *bytes
    }

    /// True when it holds a record for one of `topics`.
    #[must_use]
    pub fn holds(&self, topics: &[Topic]) -> bool {
        self.records.iter().any(|record| topics.contains(&record.topic))
    }

    /// Notes what records say that is to be counted once they are committed.
    pub fn note<R: Record>(&mut self, records: &[R]) {
        for (finding, count) in records.iter().flat_map(Record::findings) {
            *self.findings.entry(finding).or_default() += count;
        }
    }

    /// Adds the record of a fate.
    ///
    /// # Errors
    /// When the log does not know the fates topic.
    pub fn add_fate(
        &mut self,
        subject: Subject,
        fate: Fate,
        stage: StageName,
        around: Around<'_>,
        placer: &mut Placer<'_>,
    ) -> Result<(), LogError> {
        let record: FateRecord = subject.fate(fate, stage, (around.clock)());
        // A fate record is a few short texts; it always encodes.
        if let Ok(encoded) = record.encode() {
            self.records.push(placer.place(encoded, 0)?);
        }
        *self
            .fates
            .entry((fate.as_str(), fate.reason().unwrap_or("")))
            .or_default() += 1;
        Ok(())
    }

    /// Adds the dead letter for `message` and its fate.
    ///
    /// # Errors
    /// When the log does not know the topics.
    pub fn add_dead(
        &mut self,
        message: &Message,
        subject: Option<Subject>,
        (reason, detail): (DeadReason, &str),
        stage: StageName,
        around: Around<'_>,
        placer: &mut Placer<'_>,
    ) -> Result<(), LogError> {
        let count = placer.count(Topic::Dead(stage))?;
        self.records
            .push(dead::letter(message, stage, reason, detail, around.prefix, count));
        tracing::warn!(
            stage = stage.as_str(),
            topic = message.topic.name(around.prefix),
            partition = message.partition,
            offset = message.offset,
            reason = reason.as_str(),
            detail,
            "an input went to the dead letters"
        );
        match subject {
            Some(subject) => self.add_fate(subject, Fate::Dead(reason), stage, around, placer),
            None => Ok(()),
        }
    }

    /// Makes everything in it visible together with `offsets`. The line: before it all may be thrown away, after it
    /// nothing.
    ///
    /// # Errors
    /// When it isn't sure to be committed; the worker must then be dropped.
    pub fn commit(
        mut self,
        worker: &mut dyn Worker,
        offsets: &Offsets,
        stage: StageName,
        around: Around<'_>,
    ) -> Result<(), LogError> {
        let started_at = Instant::now();
        let by_topic = self.by_topic();
        let records = std::mem::take(&mut self.records);
        worker.commit(Commit {
            records,
            offsets: offsets.clone(),
        })?;
        let telemetry = around.telemetry;
        telemetry.record(
            Metric::CommitSeconds,
            &[stage.as_str()],
            started_at.elapsed().as_secs_f64(),
        );
        telemetry.count(Metric::Inputs, &[stage.as_str()], self.inputs);
        telemetry.count(Metric::Commits, &[stage.as_str()], 1);
        for ((fate, reason), count) in &self.fates {
            telemetry.count(Metric::Fates, &[stage.as_str(), fate, reason], *count);
        }
        for (finding, count) in &self.findings {
            let (metric, label) = measure::finding(*finding);
            telemetry.count(metric, &[label], *count);
        }
        for (topic, count) in by_topic {
            telemetry.count(Metric::Outputs, &[&topic.name(around.prefix)], count);
        }
        Ok(())
    }

    /// How many records go to each topic.
    fn by_topic(&self) -> BTreeMap<Topic, usize> {
        let mut counts = BTreeMap::new();
        for record in &self.records {
            *counts.entry(record.topic).or_default() += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use schemas::article::{Article, PageRules};
    use schemas::hop::Cleaned;

    use super::*;

    #[test]
    fn what_records_say_of_rules_is_noted_for_its_metric() {
        let rules = PageRules {
            matched: vec![1, 4],
            missed: vec![2],
            expired: Vec::new(),
        };
        let cleaned = Cleaned {
            article: Article {
                rules: Some(rules),
                ..Article::default()
            },
            ..Cleaned::default()
        };
        let mut batch = Batch::default();
        batch.note(&[cleaned.clone(), Cleaned::default(), cleaned]);
        let noted: Vec<_> = batch.findings.iter().collect();
        let expected = [(Finding::PageRuleMatched, 4), (Finding::PageRuleMissed, 2)];
        assert_eq!(
            noted,
            expected
                .iter()
                .map(|(finding, count)| (finding, count))
                .collect::<Vec<_>>()
        );
        for (finding, _) in expected {
            let (metric, label) = measure::finding(finding);
            assert_eq!(metric.labels().len(), 1, "{label}");
        }
    }
}
