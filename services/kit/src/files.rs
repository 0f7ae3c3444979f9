//! The lane of files in a fetcher's host: it looks into directories, reads and inflates, and gathers what the pure
//! lane ([`fetcher::files`]) makes of that into commits.
//!
//! A source is only ever read below the directories that the operator lists, because the list of sources is a topic:
//! whoever may write there must not be able to have any file of this machine published.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use fetcher::files::lane::Lane;
use fetcher::files::{Pressure, Read, Settings, Step, Work};
use schemas::fate::{DeadReason, Fate};
use schemas::memory::fetcher::FetcherMemory;
use schemas::record::Place;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use schemas::topic::StageName;

use crate::fetch::found;
use crate::host::batch::{Batch, Placer, Unwritable, encode};
use crate::host::dead::Subject;
use crate::host::{Around, HostError};
use crate::log::partitioner;
use crate::telemetry::Metric;

mod backlog;
mod disk;
mod inflate;
mod letter;
mod progress;
mod stream;
mod streams;

use backlog::Backlog;
use disk::Disk;
pub use progress::Progress;
use streams::{Streams, Turn};

const STAGE: StageName = StageName::Fetcher;

/// Looks at sources between two pieces: a look is cheap, but not free.
const LOOKS_MAX: usize = 16;

/// What came of the turn of one lane.
enum Turned {
    /// A step to commit.
    Step(Step),
    /// There is nothing to be done.
    Idle,
    /// The time of the turn is spent, and there is nothing to commit yet.
    Spent,
}

/// What an operator sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSettings {
    /// Directories below which sources may lie.
    pub roots: Vec<PathBuf>,
    /// Records on their way through later stages, above which files wait.
    pub lag_max_records: usize,
}

/// A step that is ready to be committed.
#[derive(Debug)]
pub struct Prepared {
    /// What the commit will hold.
    pub batch: Batch,
    /// What to count and say once it is committed.
    pub progress: Progress,
}

/// The lanes of the partitions of one process.
#[derive(Debug)]
pub struct FileLanes {
    settings: FileSettings,
    disk: Disk,
    streams: Streams,
    lanes: BTreeMap<u32, Lane>,
    backlog: Backlog,
    /// The partition whose lane made the last step: lanes take turns.
    last: u32,
    /// True when the last step was not the last that could be made.
    goes_on: bool,
    stepped_at: Instant,
}

impl FileLanes {
    /// No lanes yet.
    #[must_use]
    pub fn new(settings: FileSettings) -> Self {
        Self {
            disk: Disk::new(settings.roots.clone()),
            backlog: Backlog::new(settings.lag_max_records),
            settings,
            streams: Streams::default(),
            lanes: BTreeMap::new(),
            last: 0,
            goes_on: false,
            stepped_at: Instant::now(),
        }
    }

    /// Forgets everything: the assignment changed.
    pub fn clear(&mut self) {
        *self = Self::new(self.settings.clone());
    }

    /// The lane of a partition, which is a new one at first.
    pub fn lane(&mut self, partition: u32) -> &mut Lane {
        self.lanes
            .entry(partition)
            .or_insert_with(|| Lane::new(Settings::default()))
    }

    /// Gives a file source to the lane that owns it, if it is one of ours, among `count` partitions.
    pub fn set_source(&mut self, source: &Source, count: u32) {
        let owner = partitioner::partition(&Place::Key(source.url.clone().into_bytes()), 0, count);
        if let Some(lane) = self.lanes.get_mut(&owner) {
            lane.apply_source(&SourceChange::Set(source.clone()));
        }
    }

    /// Hands a change of the list of sources to all lanes.
    pub fn apply_source(&mut self, change: &SourceChange) {
        self.lanes.values_mut().for_each(|lane| lane.apply_source(change));
    }

    /// How long the host may wait for something live: not at all while there is more to read.
    #[must_use]
    pub fn patience(&self, wait: Duration) -> Duration {
        match self.goes_on {
            true => Duration::ZERO,
            false => wait,
        }
    }

    /// The next step of one lane, if there is one to be made.
    ///
    /// # Errors
    /// When the log can't be asked how far later stages are, or what partitions there are.
    pub fn step(
        &mut self,
        is_live: bool,
        around: Around<'_>,
        placer: &mut Placer<'_>,
    ) -> Result<Option<Prepared>, HostError> {
        let waited = Some(std::mem::replace(&mut self.stepped_at, Instant::now()).elapsed());
        self.goes_on = false;
        let with_sources = self.lanes.iter().filter(|(_, lane)| lane.has_sources());
        let (before, after): (Vec<u32>, Vec<u32>) = with_sources
            .map(|(partition, _)| *partition)
            .partition(|partition| *partition <= self.last);
        if before.is_empty() && after.is_empty() {
            return Ok(None);
        }
        let now = (around.clock)();
        let has_work = self.lanes.values().any(|lane| lane.has_work(now));
        // Later stages are only asked about when it matters: on Kafka that is several requests.
        let room = match has_work && !is_live {
            true => self.backlog.room(around, self.lanes.keys().copied(), placer)?,
            false => 0,
        };
        let pressure = Pressure { live: is_live, room };
        let waited = waited.filter(|_| has_work);
        for partition in after.into_iter().chain(before) {
            let step = match self.step_of(partition, pressure, waited, around, now) {
                Turned::Step(step) => Some(step),
                Turned::Spent => None,
                Turned::Idle => continue,
            };
            self.last = partition;
            self.goes_on = true;
            let Some(step) = step else { return Ok(None) };
            let count = step.found.len();
            let prepared = self.prepared(partition, step, around, placer)?;
            self.goes_on = prepared.is_some();
            self.backlog.add(prepared.as_ref().map_or(0, |_| count));
            return Ok(prepared);
        }
        Ok(None)
    }

    /// The next step of the lane of `partition`. What was `waited` counts if there was something to be read all along.
    fn step_of(
        &mut self,
        partition: u32,
        pressure: Pressure,
        waited: Option<Duration>,
        around: Around<'_>,
        now: Timestamp,
    ) -> Turned {
        let Some(lane) = self.lanes.get_mut(&partition) else {
            return Turned::Idle;
        };
        for _ in 0..LOOKS_MAX {
            let step = match lane.next(now, pressure) {
                Work::Look(id) => {
                    let seen = lane.source(&id).map(|source| self.disk.look(&source.url));
                    let seen = seen.unwrap_or_else(|| Err("it is no source any more".to_owned()));
                    if let Err(error) = &seen {
                        tracing::debug!(source = id.as_str(), error, "a file source can't be looked at");
                    }
                    lane.looked(&id, seen, now)
                }
                Work::Read(read) => {
                    lane.took_turn(&read.source_id);
                    match read_piece(lane, &self.disk, &mut self.streams, &read, pressure.room, now) {
                        Some(step) => step,
                        None => return Turned::Spent,
                    }
                }
                Work::Decided(step) => *step,
                Work::Wait(wait) => {
                    // What a look has found just now has not waited for anything yet.
                    self.goes_on |= wait.cause.is_some() && waited.is_none();
                    if let (Some(cause), Some(waited)) = (wait.cause, waited) {
                        let metric = Metric::BackfillWaitingSeconds;
                        around.telemetry.record(metric, &[cause.as_str()], waited.as_secs_f64());
                    }
                    return Turned::Idle;
                }
            };
            if !step.is_empty() {
                return Turned::Step(step);
            }
        }
        Turned::Idle
    }

    /// Puts a step into a batch and applies it; a failed commit throws the lane away with the batch. `None` when its
    /// memory can't be written: what is not remembered must not have happened, and the next look tries again.
    fn prepared(
        &mut self,
        partition: u32,
        step: Step,
        around: Around<'_>,
        placer: &mut Placer<'_>,
    ) -> Result<Option<Prepared>, HostError> {
        let memory = match encode(&step.memory, partition, placer) {
            Ok(records) => records,
            Err(Unwritable::Log(error)) => return Err(error.into()),
            Err(Unwritable::Reject(_, detail)) => {
                tracing::error!(detail, "the memory of files can't be written");
                return Ok(None);
            }
        };
        let progress = Progress::of(&step);
        let mut batch = Batch::default();
        found::add(&step.found, partition, &mut batch, around, placer)?;
        for row in step.dead {
            batch.records.push(letter::of(&row, placer)?);
            let subject = subject(row.subject);
            batch.add_fate(subject, Fate::Dead(DeadReason::Undecodable), STAGE, around, placer)?;
        }
        for (of, fate) in step.ended {
            batch.add_fate(subject(of), fate, STAGE, around, placer)?;
        }
        batch.records.extend(memory);
        let lane = self.lane(partition);
        step.memory.iter().for_each(|change| lane.apply(change));
        Ok(Some(Prepared { batch, progress }))
    }
}

/// Reads a piece of a file and what follows from it; `None` when the turn ended on the way to the piece.
fn read_piece(
    lane: &mut Lane,
    disk: &Disk,
    streams: &mut Streams,
    read: &Read,
    room: usize,
    now: Timestamp,
) -> Option<Step> {
    let Some(source) = lane.source(&read.source_id) else {
        return Some(Step::default());
    };
    let step = match streams.piece(disk, &source.url, read) {
        // A reader that panics on a stranger's bytes changed nothing: the file is then left alone.
        Ok(Turn::Piece(piece)) => catch_unwind(AssertUnwindSafe(|| lane.read(read, &piece, room, now)))
            .unwrap_or_else(|_| lane.give_up(read, "a defect in reading it", now)),
        Ok(Turn::Underway) => return None,
        Ok(Turn::Full) => Step::default(),
        // Somebody still writes it.
        Ok(Turn::Changed) => {
            lane.unsettle(read);
            Step::default()
        }
        Err(detail) => lane.give_up(read, &detail, now),
    };
    let is_finished = |change: &FetcherMemory| matches!(change, FetcherMemory::File(state) if state.finished);
    if step.memory.iter().any(is_finished) {
        streams.close(read);
    }
    Some(step)
}

fn subject(of: fetcher::machine::Subject) -> Subject {
    Subject {
        fetch_id: of.fetch_id,
        requested_url: of.requested_url,
        source_id: of.source_id,
        ..Subject::default()
    }
}
