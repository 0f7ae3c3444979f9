//! The fetcher's host: like [`crate::host`], but between its question and its answer lies the network.
//!
//! One synchronous loop on a thread of its own owns the machines and the log; requests run on tokio and answer over a
//! bounded channel. An answer counts only once it is committed; until then its host stays busy. After a failure the
//! answers under way are thrown away with everything else, and the recalled machines ask again.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use fetcher::exchange::Request;
use fetcher::machine::{Fetcher, Next};
use fetcher::outage::Outage;
use fetcher::settings::Settings;
use schemas::topic::{StageName, Topic};

use crate::files::{FileLanes, FileSettings};
use crate::host::batch::{Batch, Placer};
use crate::host::ready::Latch;
use crate::host::{Around, HostError, group, measure, start_over};
use crate::http::Client;
use crate::log::{LogError, Offsets, Polled, Reader, Start, Worker};
use crate::recall::recall;
use crate::telemetry::Metric;

mod answers;
mod backfill;
mod credentials;
pub(crate) mod found;
mod measures;
mod network;
mod setbacks;
mod sources;
#[cfg(test)]
mod tests;
mod work;

use answers::Answers;
pub use credentials::{CredentialSettings, is_credentials_name};
use setbacks::Setbacks;

const STAGE: StageName = StageName::Fetcher;
/// How long a poll waits when requests are under way, and when none are.
const BUSY_WAIT: Duration = Duration::from_millis(10);
const IDLE_WAIT: Duration = Duration::from_millis(200);
/// How often the list of sources is looked at, what falls due is asked for, and gauges are set.
const SOURCES_INTERVAL: Duration = Duration::from_millis(500);
const SWEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Entries, and their bytes, that all partitions of a process keep pending before hardly any more are taken.
const PENDING_MAX: usize = 500_000;
const PENDING_BYTES_MAX: usize = 512 * 1024 * 1024;

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
    let (mut ready, setbacks) = (Some(ready), Cell::new(Setbacks::default()));
    start_over(STAGE, around, || {
        let mut session = Session::open(role, around, setbacks.get())?;
        while !around.stop.is_pulled() {
            let turned = session.turn(&mut ready);
            if turned.is_err() {
                setbacks.set(session.setbacks.failed());
            }
            turned?;
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
    /// Partitions whose machines can't say what to do next; they are asked again at the next sweep.
    resting: BTreeSet<u32>,
    setbacks: Setbacks,
    files: FileLanes,
    /// True when this turn committed something that did not come from a file.
    is_live: bool,
    outage: Outage,
    sources_read_at: Option<Instant>,
    swept_at: Instant,
}

impl<'a> Session<'a> {
    fn open(role: &'a FetchRole, around: Around<'a>, setbacks: Setbacks) -> Result<Self, HostError> {
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
            resting: BTreeSet::new(),
            setbacks,
            files: FileLanes::new(role.files.clone()),
            is_live: false,
            outage: Outage::default(),
            sources_read_at: None,
            swept_at: Instant::now(),
        })
    }

    fn turn(&mut self, ready: &mut Option<Latch>) -> Result<(), HostError> {
        let wait = match self.answers.under_way() {
            0 => IDLE_WAIT,
            _ if self.answers.have_come() => Duration::ZERO,
            _ => BUSY_WAIT,
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
        let room = self.room().clamp(1, limits.batch_records);
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

    /// Entries that may still be taken. Where there is no room, records trickle in one by one all the same: the group
    /// must go on hearing from us, and the answers that pending entries wait for come the same way.
    fn room(&self) -> usize {
        let pending: usize = self.machines.values().map(Fetcher::pending_count).sum();
        let bytes: usize = self.machines.values().map(Fetcher::pending_bytes).sum();
        match bytes < PENDING_BYTES_MAX {
            true => PENDING_MAX.saturating_sub(pending),
            false => 0,
        }
    }

    /// Drops every machine and recalls one for each partition; answers under way belong to the past.
    fn assign(&mut self, offsets: Offsets) -> Result<(), HostError> {
        self.machines.clear();
        self.files.clear();
        self.answers = Answers::new(self.role.max_requests);
        self.busy.clear();
        self.resting.clear();
        let start_at = self.setbacks.start_at((self.around.clock)());
        let mut recalled = 0;
        for partition in offsets.keys().map(|(_, partition)| *partition) {
            let mut machine = Fetcher::new(self.role.settings.clone(), start_at);
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

    fn commit(&mut self, batch: Batch, offsets: Offsets) -> Result<(), HostError> {
        self.is_live = true;
        let has_found = batch.holds(&[Topic::Fetched, Topic::Frontier]);
        batch.commit(self.worker.as_mut(), &offsets, STAGE, self.around)?;
        self.offsets = offsets;
        if has_found {
            self.setbacks.bore_fruit();
        }
        Ok(())
    }

    /// Commits what falls due without an answer, until nothing does.
    fn sweep(&mut self) -> Result<(), HostError> {
        self.resting.clear();
        let partitions: Vec<u32> = self.machines.keys().copied().collect();
        for partition in partitions {
            while let Some(step) = self.due(partition) {
                let mut batch = Batch::default();
                if self.add(partition, step, &mut batch)?.is_some() {
                    break;
                }
                self.commit(batch, self.offsets.clone())?;
            }
        }
        Ok(())
    }

    /// Starts what may be started now; entries that end without a request are committed on the way, no more of them at
    /// once than a commit takes.
    fn start_requests(&mut self) -> Result<(), HostError> {
        let partitions: Vec<u32> = self.machines.keys().copied().collect();
        let mut batch = Batch::default();
        for partition in partitions {
            while self.may_request() && !self.around.stop.is_pulled() {
                match self.next(partition) {
                    Some(Next::Request(request)) => self.start(partition, *request),
                    Some(Next::Decided(step)) => {
                        if self.add(partition, *step, &mut batch)?.is_some() {
                            self.resting.insert(partition);
                        }
                        if batch.is_full(self.around.limits) {
                            self.commit(std::mem::take(&mut batch), self.offsets.clone())?;
                        }
                    }
                    Some(Next::Wait(_)) | None => break,
                }
            }
        }
        match batch.records.is_empty() {
            true => Ok(()),
            false => self.commit(batch, self.offsets.clone()),
        }
    }

    fn start(&mut self, partition: u32, request: Request) {
        self.busy.insert(request.host.clone());
        self.outage.requested((self.around.clock)());
        self.setbacks.asked();
        let fetching = answers::fetched(self.role.client.clone(), self.role.credentials.clone(), request.clone());
        self.answers.start(partition, request, fetching, &self.role.runtime);
    }
}

fn not_assigned(partition: u32) -> HostError {
    LogError::Fenced {
        detail: format!("partition {partition} is not assigned"),
    }
    .into()
}
