//! One life of a worker and its stage values: from joining the group to the first failure or the wish to stop.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use schemas::fate::DeadReason;
use schemas::hop::Traced as _;
use schemas::record::Record as _;
use schemas::topic::Topic;
use stage::{Decision, Stage, Verdict};

use crate::log::{LogError, Message, Offsets, Polled, Worker};
use crate::recall::recall;
use crate::telemetry::Metric;

use super::batch::{Batch, Placer, Unwritable, encode};
use super::dead::Subject;
use super::measure::{self, as_f64};
use super::ready::Latch;
use super::{Around, HostError, Role, group};

/// How long a poll waits for records; also how soon a wish to stop is seen.
const POLL_WAIT: Duration = Duration::from_millis(200);
/// How often stages are asked what falls due.
const DUE_INTERVAL: Duration = Duration::from_secs(1);
/// How often lag is measured.
const LAG_INTERVAL: Duration = Duration::from_secs(5);
/// Inputs that the share of rejects is taken over, and how many there must be.
const RECENT_INPUTS: usize = 1000;
const ENOUGH_INPUTS: usize = 50;

/// Everything that a failure throws away.
struct Session<'a, S: Stage> {
    role: &'a Role<S>,
    around: Around<'a>,
    worker: Box<dyn Worker>,
    values: BTreeMap<u32, S>,
    offsets: Offsets,
    placer: Placer<'a>,
    /// Whether each of the recent inputs was rejected.
    recent: VecDeque<bool>,
    due_checked_at: Instant,
    lag_measured_at: Instant,
}

/// Joins the group and works until the wish to stop or a failure.
pub(super) fn run<S: Stage>(role: &Role<S>, around: Around<'_>, ready: &mut Option<Latch>) -> Result<(), HostError> {
    let worker = around.log.worker(&group(around.prefix, role.name), &role.inputs)?;
    let now = Instant::now();
    let mut session = Session {
        role,
        around,
        worker,
        values: BTreeMap::new(),
        offsets: Offsets::new(),
        placer: Placer::new(around.log),
        recent: VecDeque::new(),
        due_checked_at: now,
        lag_measured_at: now,
    };
    while !around.stop.is_pulled() {
        session.turn(ready)?;
    }
    Ok(())
}

impl<S: Stage> Session<'_, S> {
    /// One poll and what follows from it.
    fn turn(&mut self, ready: &mut Option<Latch>) -> Result<(), HostError> {
        let limits = self.around.limits;
        let asked_at = Instant::now();
        let polled = self.worker.poll(limits.batch_records, limits.batch_bytes, POLL_WAIT)?;
        let telemetry = self.around.telemetry;
        let stage = self.role.name.as_str();
        telemetry.record(Metric::IdleSeconds, &[stage], asked_at.elapsed().as_secs_f64());
        measure::poll(self.around, self.role.name);
        match polled {
            Polled::Assigned(offsets) => {
                self.assign(offsets)?;
                ready.take();
            }
            Polled::Records(messages) if messages.is_empty() => {}
            Polled::Records(messages) => self.work(messages)?,
        }
        if DUE_INTERVAL <= self.due_checked_at.elapsed() {
            self.due_checked_at = Instant::now();
            self.due()?;
        }
        if LAG_INTERVAL <= self.lag_measured_at.elapsed() {
            self.lag_measured_at = Instant::now();
            measure::lag(self.around, self.role.name, &self.offsets)?;
        }
        Ok(())
    }

    /// Drops every value and recalls one for each partition: the offsets are stable, so the memory up to them is too.
    fn assign(&mut self, offsets: Offsets) -> Result<(), HostError> {
        self.values.clear();
        let stage = self.role.name;
        let mut recalled = 0;
        let partitions: std::collections::BTreeSet<u32> = offsets.keys().map(|(_, partition)| *partition).collect();
        for partition in &partitions {
            let mut value = (self.role.make)();
            if self.role.is_stateful {
                let topic = Topic::Memory(stage);
                let Around { log, stop, .. } = self.around;
                recalled += recall(log, topic, *partition, stop, |change| value.apply(change))?;
            }
            self.values.insert(*partition, value);
        }
        self.offsets = offsets;
        measure::recalled(self.around, stage, partitions.len(), recalled);
        Ok(())
    }

    fn work(&mut self, messages: Vec<Message>) -> Result<(), HostError> {
        let started_at = Instant::now();
        let mut batch = Batch::default();
        let mut offsets = self.offsets.clone();
        let newest = messages.iter().map(|message| message.timestamp).max();
        for message in messages {
            offsets.insert((message.topic, message.partition), message.offset + 1);
            let rejected = self.take(&message, &mut batch)?;
            self.watch_rejects(rejected)?;
        }
        let (telemetry, stage) = (self.around.telemetry, self.role.name.as_str());
        telemetry.record(Metric::DecideSeconds, &[stage], started_at.elapsed().as_secs_f64());
        self.commit(batch, offsets)?;
        if let Some(newest) = newest {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of lag fit")]
            let lag = (self.around.clock)().millis_since(newest).max(0) as f64 / 1000.0;
            telemetry.record(Metric::LagSeconds, &[stage], lag);
        }
        Ok(())
    }

    /// Takes one input into the batch; the reason when it was rejected.
    fn take(&mut self, message: &Message, batch: &mut Batch) -> Result<Option<DeadReason>, HostError> {
        batch.inputs += 1;
        let (stage, around) = (self.role.name, self.around);
        let Some(value) = self.values.get_mut(&message.partition) else {
            let detail = format!("a record of partition {} that is not assigned", message.partition);
            return Err(LogError::Fenced { detail }.into());
        };
        let input = match S::In::decode(message.incoming()) {
            Ok(input) => input,
            Err(error) => {
                let detail = error_chain(&error);
                let subject = Some(Subject::of_frame(message));
                let reason = DeadReason::Undecodable;
                batch.add_dead(message, subject, (reason, &detail), stage, around, &mut self.placer)?;
                return Ok(Some(reason));
            }
        };
        let subject = Subject::of(&input);
        let now = input.entered_at();
        // Deciding changes nothing, so a panic in the middle of it leaves the value whole.
        let decided = catch_unwind(AssertUnwindSafe(|| value.decide(input, now)));
        let decision = decided.unwrap_or_else(|_| Decision::reject(DeadReason::Panicked));
        let (reason, detail) = match write(&decision, message.partition, &mut self.placer) {
            Ok(records) => match decision.verdict {
                Verdict::Reject(reason) => (reason, String::new()),
                Verdict::Pass | Verdict::End(_) => {
                    decision.memory.iter().for_each(|change| value.apply(change));
                    batch.records.extend(records);
                    batch.note(&decision.records);
                    if let (Verdict::End(fate), Some(subject)) = (decision.verdict, subject) {
                        batch.add_fate(subject, fate, stage, around, &mut self.placer)?;
                    }
                    return Ok(None);
                }
            },
            Err(Unwritable::Reject(reason, detail)) => (reason, detail),
            Err(Unwritable::Log(error)) => return Err(error.into()),
        };
        batch.add_dead(message, subject, (reason, &detail), stage, around, &mut self.placer)?;
        Ok(Some(reason))
    }

    fn watch_rejects(&mut self, rejected: Option<DeadReason>) -> Result<(), HostError> {
        if self.recent.len() == RECENT_INPUTS {
            self.recent.pop_front();
        }
        self.recent.push_back(rejected.is_some());
        let Some(reason) = rejected else { return Ok(()) };
        let count = self.recent.iter().filter(|rejected| **rejected).count();
        let is_too_much = self.around.limits.reject_share * as_f64(self.recent.len()) < as_f64(count);
        match ENOUGH_INPUTS <= self.recent.len() && is_too_much {
            true => Err(HostError::TooManyRejects {
                stage: self.role.name,
                rejected: count,
                recent: self.recent.len(),
                reason: reason.as_str(),
                dead_topic: Topic::Dead(self.role.name).name(self.around.prefix),
            }),
            false => Ok(()),
        }
    }

    /// Commits what falls due without an input, until nothing does.
    fn due(&mut self) -> Result<(), HostError> {
        let now = (self.around.clock)();
        let partitions: Vec<u32> = self.values.keys().copied().collect();
        for partition in partitions {
            while !self.around.stop.is_pulled() {
                let Some(value) = self.values.get_mut(&partition) else {
                    break;
                };
                let Some(decision) = value.due(now) else { break };
                let records = match write(&decision, partition, &mut self.placer) {
                    Ok(records) => records,
                    Err(Unwritable::Log(error)) => return Err(error.into()),
                    Err(Unwritable::Reject(reason, detail)) => {
                        tracing::error!(
                            stage = self.role.name.as_str(),
                            reason = reason.as_str(),
                            detail,
                            "what fell due can't be written"
                        );
                        break;
                    }
                };
                decision.memory.iter().for_each(|change| value.apply(change));
                let batch = Batch {
                    records,
                    ..Batch::default()
                };
                self.commit(batch, self.offsets.clone())?;
            }
        }
        Ok(())
    }

    fn commit(&mut self, batch: Batch, offsets: Offsets) -> Result<(), HostError> {
        batch.commit(self.worker.as_mut(), &offsets, self.role.name, self.around)?;
        self.offsets = offsets;
        Ok(())
    }
}

/// The output and memory records of a decision, ready to be written.
fn write<O: schemas::record::Record, M: schemas::record::Record>(
    decision: &Decision<O, M>,
    partition: u32,
    placer: &mut Placer<'_>,
) -> Result<Vec<crate::log::Produce>, Unwritable> {
    let mut records = encode(&decision.records, partition, placer)?;
    records.extend(encode(&decision.memory, partition, placer)?);
    Ok(records)
}

/// An error with everything beneath it, in one line.
fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
