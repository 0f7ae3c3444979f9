//! A member of a consumer group.

use std::sync::Arc;
use std::time::{Duration, Instant};

use schemas::topic::Topic;

use super::super::groups::Seat;
use super::super::{Commit, LogError, Message, Offsets, Polled, Worker};
use super::Owner;
use super::reading::{self, Limits};

/// A worker of a local log.
pub(super) struct LocalWorker {
    owner: Arc<Owner>,
    seat: Seat,
    topics: Vec<Topic>,
    /// Where reading goes on in each assigned partition.
    positions: Offsets,
    /// The membership at which the assignment was last compared.
    membership: u64,
    /// Which partition is asked first; it moves on with every poll, so that none waits behind a busier one.
    turn: usize,
}

impl LocalWorker {
    /// Joins `group`.
    pub(super) fn join(owner: Arc<Owner>, group: &str, topics: &[Topic]) -> Result<Self, LogError> {
        let shared = &owner.shared;
        let name = |topic: Topic| topic.name(&shared.prefix);
        for pair in topics.windows(2) {
            if let &[one, other] = pair
                && shared.plan.partitions(one) != shared.plan.partitions(other)
            {
                return Err(LogError::UnequalPartitions {
                    one: name(one),
                    other: name(other),
                });
            }
        }
        let seat = shared.regroup(|groups| groups.join(group));
        let topics = topics.to_vec();
        Ok(Self {
            owner,
            seat,
            topics,
            positions: Offsets::new(),
            membership: 0,
            turn: 0,
        })
    }

    /// The new assignment, when there is one.
    fn reassigned(&mut self) -> Result<Option<Offsets>, LogError> {
        let shared = &self.owner.shared;
        if shared.membership() == self.membership {
            return Ok(None);
        }
        let coordination = shared.coordination();
        self.membership = shared.membership();
        let count = self.topics.first().map_or(0, |topic| shared.plan.partitions(*topic));
        let Some(partitions) = coordination.groups.assignment(&mut self.seat, count) else {
            return Ok(None);
        };
        let committed = coordination.committed.get(&self.seat.group);
        let mut offsets = Offsets::new();
        for topic in &self.topics {
            for partition in &partitions {
                let place = (*topic, *partition);
                let first = shared.catalog().bounds(*topic, *partition).first;
                let offset = committed
                    .and_then(|offsets| offsets.get(&place))
                    .copied()
                    .unwrap_or(first);
                reading::check_not_gone(shared, &self.seat.group, place, offset, first)?;
                offsets.insert(place, offset);
            }
        }
        Ok(Some(offsets))
    }

    fn take(&mut self, max_records: usize, max_bytes: usize) -> Result<Vec<Message>, LogError> {
        let shared = &self.owner.shared;
        let mut ready: Vec<(Topic, u32)> = {
            let catalog = shared.catalog();
            let is_ready = |(place, position): (&(Topic, u32), &u64)| {
                (*position < catalog.bounds(place.0, place.1).end).then_some(*place)
            };
            self.positions.iter().filter_map(is_ready).collect()
        };
        let count = ready.len();
        ready.rotate_left(self.turn.checked_rem(count).unwrap_or(0));
        self.turn = self.turn.wrapping_add(1);
        let (mut taken, mut bytes) = (Vec::new(), 0_usize);
        for (asked, place) in ready.into_iter().enumerate() {
            let waiting = count - asked;
            let limits = Limits {
                records: max_records.saturating_sub(taken.len()).div_ceil(waiting),
                bytes: max_bytes.saturating_sub(bytes) / waiting,
            };
            // Where no bytes are left, even one record more would be one too many.
            if limits.records == 0 || (limits.bytes == 0 && !taken.is_empty()) {
                break;
            }
            let Some(position) = self.positions.get_mut(&place) else {
                continue;
            };
            let run = reading::read(shared, &self.seat.group, place, *position, limits)?;
            *position = run.next;
            bytes += run.bytes;
            taken.extend(run.messages);
        }
        Ok(taken)
    }

    fn wait(&self, wait: Duration) {
        let shared = &self.owner.shared;
        shared.wait_while(wait, |catalog| {
            let is_read = |((topic, partition), position): (&(Topic, u32), &u64)| {
                catalog.bounds(*topic, *partition).end <= *position
            };
            shared.membership() == self.membership && self.positions.iter().all(is_read)
        });
    }
}

impl Worker for LocalWorker {
    fn poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError> {
        let start = Instant::now();
        loop {
            if let Some(offsets) = self.reassigned()? {
                self.positions.clone_from(&offsets);
                return Ok(Polled::Assigned(offsets));
            }
            let taken = self.take(max_records, max_bytes)?;
            let left = wait.saturating_sub(start.elapsed());
            if !taken.is_empty() || left.is_zero() {
                return Ok(Polled::Records(taken));
            }
            self.wait(left);
        }
    }

    fn commit(&mut self, commit: Commit) -> Result<(), LogError> {
        self.owner.commit(Some(self.seat.clone()), commit)
    }
}

impl Drop for LocalWorker {
    fn drop(&mut self) {
        self.owner.shared.regroup(|groups| groups.leave(&self.seat));
    }
}
