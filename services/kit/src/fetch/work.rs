//! What comes from the frontier and from the network, on its way into a commit.
//!
//! Strangers wrote most of it, and the machine reads it here: a defect that it meets in one document must cost that
//! document and nothing else. Deciding changes nothing, so a panic in the middle of it leaves the machine whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use fetcher::machine::{Next, Step};
use schemas::fate::DeadReason;
use schemas::frontier::FrontierRecord;
use schemas::id::{FetchId, frontier_key};
use schemas::record::Record as _;
use stage::Verdict;

use super::{HostError, STAGE, Session, found, not_assigned};
use crate::host::batch::{Batch, Unwritable, encode};
use crate::host::dead::Subject;
use crate::log::Message;

/// Why a step did not come about.
type Refused = (DeadReason, String);

impl Session<'_> {
    /// Commits what came from the frontier, and as many answers as one commit takes: the others keep until the next
    /// turn.
    pub(super) fn work(&mut self, messages: &[Message]) -> Result<(), HostError> {
        let limits = self.around.limits;
        let mut batch = Batch::default();
        let mut offsets = self.offsets.clone();
        for message in messages {
            offsets.insert((message.topic, message.partition), message.offset + 1);
            self.take(message, &mut batch)?;
        }
        // However much the frontier brings, answers get their turn.
        if batch.is_full(limits) {
            self.commit(std::mem::take(&mut batch), offsets.clone())?;
        }
        let (mut freed, mut has_answers) = (Vec::new(), false);
        while !batch.is_full(limits)
            && let Some((partition, request, answer)) = self.answers.next()
        {
            has_answers = true;
            self.count_answer(&request, &answer);
            let answer = self.blamed(&request, answer);
            if self.answer(partition, &request, answer, &mut batch)? {
                freed.push(request.host);
            }
        }
        if offsets != self.offsets || has_answers {
            self.commit(batch, offsets)?;
        }
        for host in freed {
            self.busy.remove(&host);
        }
        Ok(())
    }

    pub(super) fn take(&mut self, message: &Message, batch: &mut Batch) -> Result<(), HostError> {
        batch.inputs += 1;
        let refused = match FrontierRecord::decode(message.incoming()) {
            Ok(record) => {
                let subject = subject(&record);
                self.taken(message, record, batch)?.map(|refused| (subject, refused))
            }
            Err(error) => {
                let subject = Some(Subject::of_frame(message));
                Some((subject, (DeadReason::Undecodable, error.to_string())))
            }
        };
        if let Some((subject, (reason, detail))) = refused {
            batch.add_dead(
                message,
                subject,
                (reason, &detail),
                STAGE,
                self.around,
                &mut self.placer,
            )?;
        }
        Ok(())
    }

    fn taken(
        &mut self,
        message: &Message,
        record: FrontierRecord,
        batch: &mut Batch,
    ) -> Result<Option<Refused>, HostError> {
        let Some(machine) = self.machines.get(&message.partition) else {
            return Err(not_assigned(message.partition));
        };
        let clock = self.around.clock;
        match guarded(|| machine.take(record, clock())) {
            Ok(step) => self.add(message.partition, step, batch),
            Err(refused) => Ok(Some(refused)),
        }
    }

    /// Adds what follows from an answer. One that can't be read, or what follows from it not be remembered, counts as a
    /// failure; false when not even that can be remembered.
    pub(super) fn answer(
        &mut self,
        partition: u32,
        request: &Request,
        answer: Answer,
        batch: &mut Batch,
    ) -> Result<bool, HostError> {
        let Some((_, detail)) = self.answered(partition, request, answer, batch)? else {
            return Ok(true);
        };
        let failure = Answer::Failure(Failure {
            kind: FailureKind::Decode,
            detail,
        });
        let refused = self.answered(partition, request, failure, batch)?;
        if let Some((reason, detail)) = &refused {
            tracing::error!(
                host = request.host,
                reason = reason.as_str(),
                detail,
                "nothing of an answer can be remembered; its host is left alone until the next start"
            );
        }
        Ok(refused.is_none())
    }

    fn answered(
        &mut self,
        partition: u32,
        request: &Request,
        answer: Answer,
        batch: &mut Batch,
    ) -> Result<Option<Refused>, HostError> {
        let Some(machine) = self.machines.get(&partition) else {
            return Err(not_assigned(partition));
        };
        let clock = self.around.clock;
        match guarded(|| machine.answer(request, answer, clock())) {
            Ok(step) => self.add(partition, step, batch),
            Err(refused) => Ok(Some(refused)),
        }
    }

    /// What the machine of `partition` wants to do next; `None` when there is no machine, or a defect keeps it from
    /// saying so: it is then asked again after a while.
    pub(super) fn next(&mut self, partition: u32) -> Option<Next> {
        if self.resting.contains(&partition) {
            return None;
        }
        let (machine, clock) = (self.machines.get(&partition)?, self.around.clock);
        let next = guarded(|| machine.next(clock(), &self.busy));
        if next.is_err() {
            self.resting.insert(partition);
        }
        next.ok()
    }

    /// What falls due in `partition`; `None` when nothing does, or a defect keeps its machine from saying so.
    pub(super) fn due(&self, partition: u32) -> Option<Step> {
        let (machine, clock) = (self.machines.get(&partition)?, self.around.clock);
        guarded(|| machine.due(clock())).ok().flatten()
    }

    /// Adds a step to the batch and applies it; a failed commit throws the machine away with the batch. When its memory
    /// can't be written nothing is added, because what is not remembered must not have happened.
    pub(super) fn add(&mut self, partition: u32, step: Step, batch: &mut Batch) -> Result<Option<Refused>, HostError> {
        let Step { decision, subject } = step;
        let memory = match encode(&decision.memory, partition, &mut self.placer) {
            Ok(records) => records,
            Err(Unwritable::Log(error)) => return Err(error.into()),
            Err(Unwritable::Reject(reason, detail)) => {
                tracing::error!(reason = reason.as_str(), detail, "a step can't be remembered");
                return Ok(Some((reason, detail)));
            }
        };
        let subject = subject.map(|subject| Subject {
            fetch_id: subject.fetch_id,
            requested_url: subject.requested_url,
            source_id: subject.source_id,
            ..Subject::default()
        });
        found::add(&decision.records, partition, batch, self.around, &mut self.placer)?;
        batch.records.extend(memory);
        if let (Verdict::End(fate), Some(subject)) = (decision.verdict, subject) {
            batch.add_fate(subject, fate, STAGE, self.around, &mut self.placer)?;
        }
        if let Some(machine) = self.machines.get_mut(&partition) {
            decision.memory.iter().for_each(|change| machine.apply(change));
        }
        Ok(None)
    }
}

/// What the machine answers, unless it panics.
fn guarded<T>(ask: impl FnOnce() -> T) -> Result<T, Refused> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|_| {
        tracing::error!("a defect in the fetcher; please report it with the panic above");
        (DeadReason::Panicked, "a defect in reading it".to_owned())
    })
}

/// Whom the fate of a record from the frontier is about; `None` for what passes between partitions and is no item.
fn subject(record: &FrontierRecord) -> Option<Subject> {
    match record {
        FrontierRecord::Entry(entry) => Some(Subject {
            fetch_id: FetchId(frontier_key(&entry.url)),
            requested_url: entry.requested_url.clone(),
            source_id: entry.source_id.clone(),
            ..Subject::default()
        }),
        FrontierRecord::Errand(_) | FrontierRecord::Delivery(_) => None,
    }
}
