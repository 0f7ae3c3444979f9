//! The fetcher's host: like [`crate::host`], but between its question and its answer lies the network.
//!
//! One synchronous loop on a thread of its own owns the machines and the log; requests run on tokio and answer over a
//! bounded channel. An answer counts only once it is committed; until then its host stays busy. After a failure the
//! answers under way are thrown away with everything else, and the recalled machines ask again.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use fetcher::machine::{Fetcher, Next, Step};
use fetcher::outage::Outage;
use fetcher::settings::Settings;
use schemas::canonical::host_of;
use schemas::fate::DeadReason;
use schemas::frontier::FrontierRecord;
use schemas::record::{Place, Record as _};
use schemas::source::SourceChange;
use schemas::topic::{StageName, Topic};
use stage::Verdict;

use crate::files::{FileLanes, FileSettings};
use crate::host::batch::{Batch, Placer, Unwritable, encode};
use crate::host::dead::Subject;
use crate::host::ready::Latch;
use crate::host::{Around, HostError, group, measure, start_over};
use crate::http::Client;
use crate::log::{LogError, Message, Offsets, Polled, Reader, Start, Worker, partitioner};
use crate::recall::recall;
use crate::telemetry::Metric;

mod answers;
mod backfill;
mod credentials;
pub(crate) mod found;
mod measures;
mod network;

use answers::Answers;
pub use credentials::{CredentialSettings, is_credentials_name};

const STAGE: StageName = StageName::Fetcher;
/// How long a poll waits when requests are under way, and when none are.
const BUSY_WAIT: Duration = Duration::from_millis(10);
const IDLE_WAIT: Duration = Duration::from_millis(200);
/// How often the list of sources is looked at, what falls due is asked for, and gauges are set.
const SOURCES_INTERVAL: Duration = Duration::from_millis(500);
const SWEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Entries that one partition keeps pending before it takes no more from the frontier.
const PENDING_MAX: usize = 50_000;

/// How the fetcher runs in this process.
pub struct FetchRole {
    /// Settings of the machines.
    pub settings: Settings,
    /// The client.
    pub client: Client,
    /// Where requests run.
    pub runtime: tokio::runtime::Handle,
    /// Requests under way at once.
    pub max_requests: usize,
    /// Where credentials of sources lie.
    pub credentials: CredentialSettings,
    /// Which files may be sources, and how much they hold back for the live lane.
    pub files: FileSettings,
}

/// Runs the fetcher until somebody pulls the stop latch.
///
/// # Errors
/// When starting over can't help.
pub fn run(role: &FetchRole, around: Around<'_>, ready: Latch) -> Result<(), HostError> {
    let mut ready = Some(ready);
    start_over(STAGE, around, || {
        let mut session = Session::open(role, around)?;
        while !around.stop.is_pulled() {
            session.turn(&mut ready)?;
        }
        Ok(())
    })
}

/// Everything that a failure throws away.
struct Session<'a> {
    role: &'a FetchRole,
    around: Around<'a>,
    worker: Box<dyn Worker>,
    sources: Box<dyn Reader>,
    machines: BTreeMap<u32, Fetcher>,
    offsets: Offsets,
    placer: Placer<'a>,
    answers: Answers,
    /// Hosts with a request under way or an answer that is not committed.
    busy: BTreeSet<String>,
    files: FileLanes,
    /// True when this turn committed something that did not come from a file.
    is_live: bool,
    outage: Outage,
    sources_read_at: Option<Instant>,
    swept_at: Instant,
}

impl<'a> Session<'a> {
    fn open(role: &'a FetchRole, around: Around<'a>) -> Result<Self, HostError> {
        Ok(Self {
            role,
            around,
            worker: around.log.worker(&group(around.prefix, STAGE), &[Topic::Frontier])?,
            sources: around.log.reader(Topic::Sources, 0, Start::First)?,
            machines: BTreeMap::new(),
            offsets: Offsets::new(),
            placer: Placer::new(around.log),
            answers: Answers::new(role.max_requests),
            busy: BTreeSet::new(),
            files: FileLanes::new(role.files.clone()),
            is_live: false,
            outage: Outage::default(),
            sources_read_at: None,
            swept_at: Instant::now(),
        })
    }

    fn turn(&mut self, ready: &mut Option<Latch>) -> Result<(), HostError> {
        let wait = if self.answers.under_way() == 0 {
            IDLE_WAIT
        } else {
            BUSY_WAIT
        };
        self.is_live = false;
        match self.poll(self.files.patience(wait))? {
            Polled::Assigned(offsets) => {
                self.assign(offsets)?;
                ready.take();
            }
            Polled::Records(messages) => self.work(&messages)?,
        }
        if self.sources_read_at.is_none_or(|at| SOURCES_INTERVAL <= at.elapsed()) {
            self.read_sources(Duration::ZERO)?;
        }
        if SWEEP_INTERVAL <= self.swept_at.elapsed() {
            self.swept_at = Instant::now();
            self.sweep()?;
            self.measure()?;
        }
        self.start_requests()?;
        self.backfill()
    }

    fn poll(&mut self, wait: Duration) -> Result<Polled, HostError> {
        let limits = self.around.limits;
        // A full machine takes nothing new, but the group must go on hearing from us.
        let pending = self.machines.values().map(Fetcher::pending_count).max().unwrap_or(0);
        let room = PENDING_MAX.saturating_sub(pending).clamp(1, limits.batch_records);
        let asked_at = Instant::now();
        let polled = self.worker.poll(room, limits.batch_bytes, wait)?;
        let waited = asked_at.elapsed().as_secs_f64();
        let is_saturated = self.role.max_requests <= self.answers.under_way();
        let metric = if is_saturated {
            Metric::BackpressureSeconds
        } else {
            Metric::IdleSeconds
        };
        self.around.telemetry.record(metric, &[STAGE.as_str()], waited);
        measure::poll(self.around, STAGE);
        Ok(polled)
    }

    /// Drops every machine and recalls one for each partition; answers under way belong to the past.
    fn assign(&mut self, offsets: Offsets) -> Result<(), HostError> {
        self.machines.clear();
        self.files.clear();
        self.answers = Answers::new(self.role.max_requests);
        self.busy.clear();
        let now = (self.around.clock)();
        let mut recalled = 0;
        for partition in offsets.keys().map(|(_, partition)| *partition) {
            let mut machine = Fetcher::new(self.role.settings.clone(), now);
            let lane = self.files.lane(partition);
            let topic = Topic::Memory(STAGE);
            recalled += recall(self.around.log, topic, partition, self.around.stop, |change| {
                machine.apply(change);
                lane.apply(change);
            })?;
            self.machines.insert(partition, machine);
        }
        self.offsets = offsets;
        self.sources = self.around.log.reader(Topic::Sources, 0, Start::First)?;
        self.read_all_sources()?;
        measure::recalled(self.around, STAGE, self.machines.len(), recalled);
        Ok(())
    }

    fn read_all_sources(&mut self) -> Result<(), HostError> {
        let end = self.around.log.bounds(Topic::Sources, 0)?.end;
        while self.sources.position() < end && !self.around.stop.is_pulled() {
            self.read_sources(Duration::from_millis(100))?;
        }
        Ok(())
    }

    /// Hands new entries of the list of sources to the machines that own their hosts.
    fn read_sources(&mut self, wait: Duration) -> Result<(), HostError> {
        self.sources_read_at = Some(Instant::now());
        let count = self.placer.count(Topic::Frontier)?;
        for message in self.sources.read(1000, wait)? {
            let change = match SourceChange::decode(message.incoming()) {
                Ok(change) => change,
                Err(error) => {
                    tracing::warn!(offset = message.offset, error = %error, "a source record does not decode and is passed over; add the source again");
                    continue;
                }
            };
            match &change {
                SourceChange::Set(source) if source.is_file() => self.files.set_source(source, count),
                SourceChange::Set(source) => {
                    let host = host_of(&source.url).unwrap_or_default();
                    let owner = partitioner::partition(&Place::Key(host.into_bytes()), 0, count);
                    // A source whose URL changed may have moved: everybody else forgets it.
                    for (partition, machine) in &mut self.machines {
                        match *partition == owner {
                            true => machine.apply_source(&change),
                            false => machine.apply_source(&SourceChange::Removed(source.id.clone())),
                        }
                    }
                }
                SourceChange::Removed(_) => {
                    self.files.apply_source(&change);
                    self.machines
                        .values_mut()
                        .for_each(|machine| machine.apply_source(&change));
                }
            }
        }
        Ok(())
    }

    /// Commits what came from the frontier and from the network.
    fn work(&mut self, messages: &[Message]) -> Result<(), HostError> {
        let mut batch = Batch::default();
        let mut offsets = self.offsets.clone();
        for message in messages {
            offsets.insert((message.topic, message.partition), message.offset + 1);
            self.take(message, &mut batch)?;
        }
        let mut freed = Vec::new();
        while let Some((partition, request, answer)) = self.answers.next() {
            self.count_answer(&request, &answer);
            let answer = self.blamed(&request, answer);
            self.answer(partition, &request, answer, &mut batch)?;
            freed.push(request.host.clone());
        }
        if !messages.is_empty() || !freed.is_empty() {
            self.commit(batch, offsets)?;
        }
        for host in freed {
            self.busy.remove(&host);
        }
        Ok(())
    }

    fn take(&mut self, message: &Message, batch: &mut Batch) -> Result<(), HostError> {
        batch.inputs += 1;
        let record = match FrontierRecord::decode(message.incoming()) {
            Ok(record) => record,
            Err(error) => {
                let (subject, why) = (
                    Some(Subject::of_frame(message)),
                    (DeadReason::Undecodable, error.to_string()),
                );
                batch.add_dead(message, subject, (why.0, &why.1), STAGE, self.around, &mut self.placer)?;
                return Ok(());
            }
        };
        let now = (self.around.clock)();
        let step = match self.machines.get(&message.partition) {
            Some(machine) => machine.take(record, now),
            None => return Err(not_assigned(message.partition)),
        };
        self.add(message.partition, step, batch)
    }

    fn answer(
        &mut self,
        partition: u32,
        request: &Request,
        answer: Answer,
        batch: &mut Batch,
    ) -> Result<(), HostError> {
        let now = (self.around.clock)();
        let Some(machine) = self.machines.get(&partition) else {
            return Err(not_assigned(partition));
        };
        // A parser that panics on a stranger's bytes changed nothing: the answer then counts as unreadable.
        let step = catch_unwind(AssertUnwindSafe(|| machine.answer(request, answer, now))).unwrap_or_else(|_| {
            let detail = "a defect in reading the answer".to_owned();
            machine.answer(
                request,
                Answer::Failure(Failure {
                    kind: FailureKind::Decode,
                    detail,
                }),
                now,
            )
        });
        self.add(partition, step, batch)
    }

    /// Adds a step to the batch and applies it; a failed commit throws the machine away with the batch.
    fn add(&mut self, partition: u32, step: Step, batch: &mut Batch) -> Result<(), HostError> {
        let Step { decision, subject } = step;
        let subject = subject.map(|subject| Subject {
            fetch_id: subject.fetch_id,
            requested_url: subject.requested_url,
            source_id: subject.source_id,
            ..Subject::default()
        });
        found::add(&decision.records, partition, batch, self.around, &mut self.placer)?;
        match encode(&decision.memory, partition, &mut self.placer) {
            Ok(records) => batch.records.extend(records),
            Err(Unwritable::Log(error)) => return Err(error.into()),
            Err(Unwritable::Reject(reason, detail)) => {
                tracing::error!(
                    reason = reason.as_str(),
                    detail,
                    "the fetcher's memory can't be written"
                );
            }
        }
        if let (Verdict::End(fate), Some(subject)) = (decision.verdict, subject) {
            batch.add_fate(subject, fate, STAGE, self.around, &mut self.placer)?;
        }
        if let Some(machine) = self.machines.get_mut(&partition) {
            decision.memory.iter().for_each(|change| machine.apply(change));
        }
        Ok(())
    }

    fn commit(&mut self, batch: Batch, offsets: Offsets) -> Result<(), HostError> {
        self.is_live = true;
        batch.commit(self.worker.as_mut(), &offsets, STAGE, self.around)?;
        self.offsets = offsets;
        Ok(())
    }

    /// Commits what falls due without an answer, until nothing does.
    fn sweep(&mut self) -> Result<(), HostError> {
        let partitions: Vec<u32> = self.machines.keys().copied().collect();
        for partition in partitions {
            while let Some(step) = self
                .machines
                .get(&partition)
                .and_then(|machine| machine.due((self.around.clock)()))
            {
                let mut batch = Batch::default();
                self.add(partition, step, &mut batch)?;
                self.commit(batch, self.offsets.clone())?;
            }
        }
        Ok(())
    }

    /// Starts what may be started now; entries that end without a request are committed on the way.
    fn start_requests(&mut self) -> Result<(), HostError> {
        let partitions: Vec<u32> = self.machines.keys().copied().collect();
        let mut batch = Batch::default();
        for partition in partitions {
            while self.may_request() {
                let Some(machine) = self.machines.get(&partition) else {
                    break;
                };
                match machine.next((self.around.clock)(), &self.busy) {
                    Next::Request(request) => {
                        self.busy.insert(request.host.clone());
                        self.outage.requested((self.around.clock)());
                        self.answers.start(partition, *request, self.role);
                    }
                    Next::Decided(step) => self.add(partition, *step, &mut batch)?,
                    Next::Wait(_) => break,
                }
            }
        }
        match batch.records.is_empty() {
            true => Ok(()),
            false => self.commit(batch, self.offsets.clone()),
        }
    }
}

fn not_assigned(partition: u32) -> HostError {
    LogError::Fenced {
        detail: format!("partition {partition} is not assigned"),
    }
    .into()
}
