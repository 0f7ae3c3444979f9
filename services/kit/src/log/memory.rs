//! A log in memory for tests of the loops: the same contract, failures on demand, a clock moved by hand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::groups::{Groups, Seat};
use super::plan::{Applied, Outcome, TopicPlan};
use super::{Bounds, Commit, Log, LogError, Message, Offsets, Polled, Produce, Reader, Start, Worker};

/// A log that ends with its last handle.
#[derive(Debug, Clone)]
pub struct MemoryLog {
    shared: Arc<Shared>,
}

/// What the next commit does instead of succeeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing becomes visible and the commit fails.
    LostBefore,
    /// Everything becomes visible, but the answer is lost: the commit fails all the same.
    LostAfter,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    plan: TopicPlan,
    now: Timestamp,
    records: BTreeMap<(Topic, u32), Vec<Message>>,
    offsets: BTreeMap<(String, Topic, u32), u64>,
    groups: Groups,
    faults: VecDeque<Fault>,
}

impl MemoryLog {
    /// A log with the topics of `plan`, its clock at `now`.
    #[must_use]
    pub fn new(plan: TopicPlan, now: Timestamp) -> Self {
        let state = State {
            plan,
            now,
            ..State::default()
        };
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                changed: Condvar::new(),
            }),
        }
    }

    /// Moves the clock that stamps records.
    pub fn set_now(&self, now: Timestamp) {
        self.shared.lock().now = now;
    }

    /// Makes a coming commit fail; several faults hit several commits in turn.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.push_back(fault);
    }

    /// All records of a topic, by partition and offset.
    #[must_use]
    pub fn records(&self, topic: Topic) -> Vec<Message> {
        let state = self.shared.lock();
        state
            .records
            .iter()
            .filter(|((of, _), _)| *of == topic)
            .flat_map(|(_, records)| records.clone())
            .collect()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the maps whole: every change below is a push or an insert.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&self, topic: Topic, partition: u32) -> Result<(), LogError> {
        match partition < self.plan.partitions(topic) {
            true => Ok(()),
            false => Err(LogError::MissingPartition { topic, partition }),
        }
    }

    fn check_all(&self, records: &[Produce]) -> Result<(), LogError> {
        records.iter().try_for_each(|record| {
            let limit = record.topic.max_record_bytes();
            match record.size() <= limit {
                true => self.check(record.topic, record.partition),
                false => Err(LogError::Oversized {
                    name: record.topic.name("memory"),
                    size: record.size(),
                    limit,
                }),
            }
        })
    }

    fn push_all(&mut self, records: Vec<Produce>) {
        for record in records {
            let Produce {
                topic,
                partition,
                key,
                value,
                headers,
            } = record;
            let timestamp = self.now;
            let records = self.records.entry((topic, partition)).or_default();
            let offset = records.len() as u64;
            records.push(Message {
                topic,
                partition,
                offset,
                timestamp,
                key,
                value,
                headers,
            });
        }
    }

    fn end(&self, topic: Topic, partition: u32) -> u64 {
        self.records
            .get(&(topic, partition))
            .map_or(0, |records| records.len() as u64)
    }

    fn read(&self, topic: Topic, partition: u32, from: u64, max: usize) -> Vec<Message> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let records = self
            .records
            .get(&(topic, partition))
            .map_or(&[][..], |records| records.get(from..).unwrap_or(&[]));
        records.iter().take(max).cloned().collect()
    }
}

impl Log for MemoryLog {
    fn describe(&self) -> String {
        "memory".to_owned()
    }

    fn partitions(&self, topic: Topic) -> Result<u32, LogError> {
        Ok(self.shared.lock().plan.partitions(topic))
    }

    fn apply_topics(&self, _: &TopicPlan) -> Result<Vec<Applied>, LogError> {
        let applied = |topic: Topic| Applied {
            topic,
            name: topic.name("memory"),
            outcome: Outcome::Fits,
        };
        Ok(Topic::all().into_iter().map(applied).collect())
    }

    fn worker(&self, group: &str, topics: &[Topic]) -> Result<Box<dyn Worker>, LogError> {
        let seat = self.shared.lock().groups.join(group);
        self.shared.changed.notify_all();
        Ok(Box::new(MemoryWorker {
            shared: Arc::clone(&self.shared),
            seat,
            topics: topics.to_vec(),
            positions: Offsets::new(),
        }))
    }

    fn reader(&self, topic: Topic, partition: u32, start: Start) -> Result<Box<dyn Reader>, LogError> {
        let state = self.shared.lock();
        state.check(topic, partition)?;
        let position = match start {
            Start::First => 0,
            Start::End => state.end(topic, partition),
            Start::Offset(offset) => offset,
        };
        Ok(Box::new(MemoryReader {
            shared: Arc::clone(&self.shared),
            topic,
            partition,
            position,
        }))
    }

    fn bounds(&self, topic: Topic, partition: u32) -> Result<Bounds, LogError> {
        let state = self.shared.lock();
        state.check(topic, partition)?;
        Ok(Bounds {
            first: 0,
            end: state.end(topic, partition),
        })
    }

    fn committed(&self, group: &str, topic: Topic) -> Result<Offsets, LogError> {
        let state = self.shared.lock();
        let of_group = state
            .offsets
            .iter()
            .filter(|((of, on, _), _)| of == group && *on == topic);
        Ok(of_group
            .map(|((_, topic, partition), offset)| ((*topic, *partition), *offset))
            .collect())
    }

    fn append(&self, records: Vec<Produce>) -> Result<(), LogError> {
        let mut state = self.shared.lock();
        state.check_all(&records)?;
        state.push_all(records);
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }
}

struct MemoryWorker {
    shared: Arc<Shared>,
    seat: Seat,
    topics: Vec<Topic>,
    positions: Offsets,
}

impl MemoryWorker {
    fn start_offsets(&self, state: &State, partitions: &[u32]) -> Offsets {
        let mut offsets = Offsets::new();
        for topic in &self.topics {
            for partition in partitions {
                let committed = state.offsets.get(&(self.seat.group.clone(), *topic, *partition));
                offsets.insert((*topic, *partition), committed.copied().unwrap_or(0));
            }
        }
        offsets
    }

    fn take(&mut self, state: &State, max_records: usize, max_bytes: usize) -> Vec<Message> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        for ((topic, partition), position) in &mut self.positions {
            for message in state.read(*topic, *partition, *position, max_records.saturating_sub(taken.len())) {
                bytes += message.value.as_ref().map_or(0, Vec::len);
                if !taken.is_empty() && max_bytes < bytes {
                    return taken;
                }
                *position = message.offset + 1;
                taken.push(message);
            }
        }
        taken
    }
}

impl Worker for MemoryWorker {
    fn poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError> {
        let shared = Arc::clone(&self.shared);
        let deadline = Instant::now() + wait;
        let mut state = shared.lock();
        loop {
            let count = self.topics.first().map_or(0, |topic| state.plan.partitions(*topic));
            if let Some(partitions) = state.groups.assignment(&mut self.seat, count) {
                self.positions = self.start_offsets(&state, &partitions);
                return Ok(Polled::Assigned(self.positions.clone()));
            }
            let taken = self.take(&state, max_records, max_bytes);
            let left = deadline.saturating_duration_since(Instant::now());
            if !taken.is_empty() || left.is_zero() {
                return Ok(Polled::Records(taken));
            }
            state = shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn commit(&mut self, commit: Commit) -> Result<(), LogError> {
        let mut state = self.shared.lock();
        if !state.groups.is_current(&self.seat) {
            return Err(LogError::Fenced {
                detail: "the group has a newer generation".to_owned(),
            });
        }
        state.check_all(&commit.records)?;
        let lost = |detail: &str| LogError::Unreachable {
            log: "memory".to_owned(),
            operation: "commit",
            detail: detail.to_owned(),
        };
        let fault = state.faults.pop_front();
        if fault == Some(Fault::LostBefore) {
            return Err(lost("injected before the commit"));
        }
        state.push_all(commit.records);
        for ((topic, partition), offset) in commit.offsets {
            state
                .offsets
                .insert((self.seat.group.clone(), topic, partition), offset);
        }
        drop(state);
        self.shared.changed.notify_all();
        match fault {
            Some(Fault::LostAfter) => Err(lost("injected after the commit")),
            _ => Ok(()),
        }
    }
}

impl Drop for MemoryWorker {
    fn drop(&mut self) {
        self.shared.lock().groups.leave(&self.seat);
        self.shared.changed.notify_all();
    }
}

struct MemoryReader {
    shared: Arc<Shared>,
    topic: Topic,
    partition: u32,
    position: u64,
}

impl Reader for MemoryReader {
    fn read(&mut self, max_records: usize, wait: Duration) -> Result<Vec<Message>, LogError> {
        let shared = Arc::clone(&self.shared);
        let state = shared.lock();
        let is_at_end = |state: &mut State| state.end(self.topic, self.partition) <= self.position;
        let (state, _) = shared
            .changed
            .wait_timeout_while(state, wait, is_at_end)
            .unwrap_or_else(PoisonError::into_inner);
        let read = state.read(self.topic, self.partition, self.position, max_records);
        self.position += read.len() as u64;
        Ok(read)
    }

    fn position(&self) -> u64 {
        self.position
    }
}
