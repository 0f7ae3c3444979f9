//! The lane of one partition: which file is read next, and what follows from a piece of it.
//!
//! What it knows of progress is the fold of its memory records. What it saw in directories is not remembered: after a
//! restart it looks again.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SourceId;
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::{FileSourceState, FileState};
use schemas::source::{FileFormat, Source, SourceChange};
use schemas::time::Timestamp;

use super::{Cause, Listing, Piece, Place, Pressure, Read, Settings, Sighting, Step, Wait, Work, reading};

/// Memory of files that is forgotten in one step.
const FORGOTTEN_MAX: usize = 500;

/// The shortest time between two looks at a source, in milliseconds.
const LOOK_INTERVAL_MIN_MILLIS: i64 = 500;

/// A directory of so many files waits a millisecond longer for its next look.
const FILES_A_MILLISECOND: i64 = 2;

/// How long the memory of a file that was read and is gone is kept, in milliseconds: as long as somebody may put the
/// same file there again.
const GONE_KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A file source and what was seen of it.
#[derive(Debug, Default)]
struct Watched {
    source: Source,
    /// Files of the last look, and whether they were the same at the look before.
    seen: BTreeMap<String, (Sighting, bool)>,
    /// Files that settled and are not read to their end.
    open: BTreeSet<String>,
    looked_at: Option<Timestamp>,
    /// The turn in which a piece of it was last read: sources take turns.
    turn: u64,
}

/// The state of one partition.
#[derive(Debug, Default)]
pub struct Lane {
    settings: Settings,
    sources: BTreeMap<SourceId, Watched>,
    removed: BTreeSet<SourceId>,
    /// What is remembered of files, by key.
    files: BTreeMap<String, FileState>,
    states: BTreeMap<SourceId, FileSourceState>,
    turn: u64,
}

impl Lane {
    /// A lane that knows nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Applies one change of state: on recall, and after each commit. What is not about files changes nothing.
    pub fn apply(&mut self, change: &FetcherMemory) {
        match change {
            FetcherMemory::File(state) => {
                self.files.insert(state.key(), state.clone());
                self.refresh(&state.source_id, &state.path);
            }
            FetcherMemory::FileSource(state) => {
                self.states.insert(state.source_id.clone(), state.clone());
            }
            FetcherMemory::Forget { key } => {
                if let Some(state) = self.files.remove(key) {
                    self.refresh(&state.source_id, &state.path);
                }
                self.states.retain(|_, state| state.key() != *key);
            }
            _ => {}
        }
    }

    /// Applies one change of the list of sources: of file sources that this partition owns, and any removal.
    pub fn apply_source(&mut self, change: &SourceChange) {
        match change {
            SourceChange::Set(source) => {
                self.removed.remove(&source.id);
                let watched = self.sources.entry(source.id.clone()).or_default();
                watched.source = source.clone();
            }
            SourceChange::Removed(id) => {
                self.sources.remove(id);
                let is_known = self.states.contains_key(id) || self.files_of(id).next().is_some();
                if is_known {
                    self.removed.insert(id.clone());
                }
            }
        }
    }

    /// The source of that id.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id).map(|watched| &watched.source)
    }

    /// True when there is a file source here at all.
    #[must_use]
    pub fn has_sources(&self) -> bool {
        !self.sources.is_empty() || !self.removed.is_empty()
    }

    /// True when there is a piece to be read, however it stands with the rest of the process.
    #[must_use]
    pub fn has_work(&self, now: Timestamp) -> bool {
        self.to_be_read(now).is_some()
    }

    /// What to do next.
    #[must_use]
    pub fn next(&self, now: Timestamp, pressure: Pressure) -> Work {
        if let Some(step) = self.forgetting() {
            return Work::Decided(Box::new(step));
        }
        let cause = match pressure {
            Pressure { live: true, .. } => Some(Cause::Live),
            Pressure { room: 0, .. } => Some(Cause::Lag),
            Pressure { .. } => None,
        };
        if !pressure.live
            && let Some(id) = self.to_be_looked_at(now)
        {
            return Work::Look(id);
        }
        let read = self.to_be_read(now);
        match (read, cause) {
            (Some(read), None) => Work::Read(Box::new(read)),
            (read, cause) => Work::Wait(Wait {
                until: self.sources.values().filter_map(|watched| self.look_due(watched)).min(),
                cause: cause.filter(|_| read.is_some()),
            }),
        }
    }

    /// What lies at a source: its files, or why it can't be looked at. The step is empty when that is nothing new.
    #[must_use]
    pub fn looked(&mut self, id: &SourceId, seen: Result<Listing, String>, now: Timestamp) -> Step {
        let Some(watched) = self.sources.get_mut(id) else {
            return Step::default();
        };
        watched.looked_at = Some(now);
        let (listing, error) = match seen {
            Ok(listing) => (listing, None),
            Err(error) => (Listing::new(), Some(error)),
        };
        let state = FileSourceState {
            source_id: id.clone(),
            files: listing.len() as u64,
            bytes: listing.values().map(|file| file.size).sum(),
            seen_at: now,
            error,
        };
        let before = std::mem::take(&mut watched.seen);
        let settled = |path: &String, file: &Sighting| before.get(path).is_some_and(|(old, _)| old == file);
        watched.seen = listing
            .into_iter()
            .map(|(path, file)| {
                let is_settled = settled(&path, &file);
                (path, (file, is_settled))
            })
            .collect();
        let paths: Vec<String> = watched.seen.keys().cloned().collect();
        watched.open.clear();
        paths.iter().for_each(|path| self.refresh(id, path));
        self.noticed(state, now)
    }

    /// The file is not the one that was seen: it is left alone until it has settled again.
    pub fn unsettle(&mut self, read: &Read) {
        if let Some(watched) = self.sources.get_mut(&read.source_id) {
            watched.seen.remove(&read.path);
            watched.open.remove(&read.path);
        }
    }

    /// What follows from a piece of a file, of which `room` rows at most may be taken.
    #[must_use]
    pub fn read(&self, read: &Read, piece: &Piece<'_>, room: usize, now: Timestamp) -> Step {
        let Some(watched) = self.sources.get(&read.source_id) else {
            return Step::default();
        };
        let known = self.files.get(&FileState::key_of(&read.source_id, &read.path));
        let rows_max = self.settings.step_records.min(room).max(1);
        reading::step(
            &watched.source,
            known,
            read,
            piece,
            (rows_max, self.settings.step_bytes),
            now,
        )
    }

    /// A file that can't be read, for a reason in words: it is left alone until it changes.
    #[must_use]
    pub fn give_up(&self, read: &Read, detail: &str, now: Timestamp) -> Step {
        let known = self.files.get(&FileState::key_of(&read.source_id, &read.path));
        reading::given_up(known, read, detail, now)
    }

    /// Notes that a piece of this source was read, so that the others come first.
    pub fn took_turn(&mut self, id: &SourceId) {
        self.turn += 1;
        if let Some(watched) = self.sources.get_mut(id) {
            watched.turn = self.turn;
        }
    }

    /// What is remembered of the files of a source.
    pub fn files_of(&self, id: &SourceId) -> impl Iterator<Item = &FileState> {
        let start = format!("file:{id}:");
        let end = format!("file:{id};");
        self.files.range(start..end).map(|(_, state)| state)
    }

    /// Puts a file where it belongs: among those that are to be read, or not.
    fn refresh(&mut self, id: &SourceId, path: &str) {
        let Some(watched) = self.sources.get_mut(id) else {
            return;
        };
        let known = self.files.get(&FileState::key_of(id, path));
        let is_open = watched.seen.get(path).is_some_and(|(file, is_settled)| {
            // The operator may since have said what a file holds that was none of ours.
            let is_told = known.is_some_and(|state| state.format.is_none()) && watched.source.format.is_some();
            let is_read = known.is_some_and(|state| state.finished && is_same(state, *file) && !is_told);
            *is_settled && !is_read
        });
        match is_open {
            true => watched.open.insert(path.to_owned()),
            false => watched.open.remove(path),
        };
    }

    fn look_due(&self, watched: &Watched) -> Option<Timestamp> {
        let own = watched
            .source
            .poll_interval_seconds
            .map(|seconds| i64::from(seconds) * 1_000);
        // A source that is always due would only ever be looked at, and a look costs by the file.
        let files = i64::try_from(watched.seen.len()).unwrap_or(i64::MAX);
        let interval = own
            .unwrap_or_else(|| i64::from(self.settings.look_interval_ms))
            .max(LOOK_INTERVAL_MIN_MILLIS)
            .max(files / FILES_A_MILLISECOND);
        let due = watched
            .looked_at
            .map_or_else(Timestamp::default, |at| at.plus_millis(interval));
        (!watched.source.paused).then_some(due)
    }

    fn to_be_looked_at(&self, now: Timestamp) -> Option<SourceId> {
        let due = |watched: &Watched| self.look_due(watched).is_some_and(|due| due <= now);
        let mut found = self.sources.iter().filter(|(_, watched)| due(watched));
        found.next().map(|(id, _)| id.clone())
    }

    /// The next piece of the source that has waited longest.
    fn to_be_read(&self, now: Timestamp) -> Option<Read> {
        let candidates = self.sources.iter().filter(|(_, watched)| !watched.source.paused);
        let reads = candidates.filter_map(|(id, watched)| {
            let read = watched
                .open
                .iter()
                .find_map(|path| self.piece_of(id, watched, path, now))?;
            Some((watched.turn, read))
        });
        reads.min_by_key(|(turn, _)| *turn).map(|(_, read)| read)
    }

    fn piece_of(&self, id: &SourceId, watched: &Watched, path: &str, now: Timestamp) -> Option<Read> {
        let (sighting, _) = *watched.seen.get(path)?;
        let known = self.files.get(&FileState::key_of(id, path));
        let from = match known {
            Some(state) if is_same(state, sighting) => match state.due_at {
                Some(due) if now < due => return None,
                _ => place_of(state),
            },
            Some(state) if may_have_grown(state, sighting) => place_of(state),
            _ => Place::default(),
        };
        Some(Read {
            source_id: id.clone(),
            path: path.to_owned(),
            sighting,
            from,
        })
    }

    /// The step that writes down what lies at a source, and forgets files that are long gone.
    fn noticed(&self, state: FileSourceState, now: Timestamp) -> Step {
        let mut step = Step::default();
        let seen = self.sources.get(&state.source_id).map(|watched| &watched.seen);
        if state.error.is_none() {
            let is_gone = |file: &&FileState| {
                let is_there = seen.is_some_and(|seen| seen.contains_key(&file.path));
                !is_there && file.finished && GONE_KEPT_MILLIS < now.millis_since(file.taken_at)
            };
            let gone = self.files_of(&state.source_id).filter(is_gone).take(FORGOTTEN_MAX);
            step.memory = gone.map(|file| FetcherMemory::Forget { key: file.key() }).collect();
        }
        let known = self.states.get(&state.source_id);
        let is_new = known
            .is_none_or(|known| (known.files, known.bytes, &known.error) != (state.files, state.bytes, &state.error));
        if is_new {
            step.memory.push(FetcherMemory::FileSource(state));
        }
        step
    }

    /// A step that forgets what removed sources left behind.
    fn forgetting(&self) -> Option<Step> {
        let id = self
            .removed
            .iter()
            .find(|id| self.states.contains_key(*id) || self.files_of(id).next().is_some())?;
        let files = self.files_of(id).map(FileState::key).take(FORGOTTEN_MAX);
        let mut keys: Vec<String> = files.collect();
        if keys.len() < FORGOTTEN_MAX {
            keys.extend(self.states.get(id).map(FileSourceState::key));
        }
        Some(Step {
            memory: keys.into_iter().map(|key| FetcherMemory::Forget { key }).collect(),
            ..Step::default()
        })
    }
}

/// Whether `state` is of the file that was seen.
pub(super) fn is_same(state: &FileState, file: Sighting) -> bool {
    (state.size, state.modified) == (file.size, file.modified)
}

/// Whether the file that was seen may be the one of `state` with lines added: its beginning must then be looked at.
pub(super) fn may_have_grown(state: &FileState, file: Sighting) -> bool {
    state.format == Some(FileFormat::Jsonl) && state.size <= file.size && state.inflated == 0 && state.error.is_none()
}

/// Where the next piece of a file begins.
pub(super) fn place_of(state: &FileState) -> Place {
    // Items of a whole document are counted, not measured: the document is read from its beginning.
    match state.format.is_some_and(super::whole::is_whole) {
        true => Place::default(),
        false => Place {
            offset: state.offset,
            inflated: state.inflated,
        },
    }
}
