//! Files in memory, a log in memory, and crashes on demand.

use std::collections::BTreeMap;
use std::io::Read as _;

use schemas::fetched::Fetched;
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::FileState;
use schemas::record::{Incoming, Record as _};
use schemas::source::{FileFormat, Source, SourceChange};
use schemas::time::Timestamp;

use crate::files::lane::Lane;
use crate::files::{
    DeadRow, HEAD_BYTES, Listing, PIECE_BYTES, Piece, Place, Pressure, Read, Settings, Sighting, Step, Work,
};
use crate::found::Found;

/// Nothing else to do, and room for everything.
pub(super) const CALM: Pressure = Pressure {
    live: false,
    room: usize::MAX,
};

pub(super) struct World {
    pub(super) source: Source,
    pub(super) settings: Settings,
    pub(super) files: BTreeMap<String, (Vec<u8>, Timestamp)>,
    pub(super) now: Timestamp,
    pub(super) lane: Lane,
    /// What was committed.
    pub(super) found: Vec<Found>,
    pub(super) dead: Vec<DeadRow>,
    pub(super) ended: Vec<String>,
    memory: BTreeMap<String, Vec<u8>>,
    /// Steps that were committed.
    pub(super) commits: usize,
}

impl World {
    pub(super) fn new(files: &[(&str, &[u8])]) -> Self {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let files = files
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), (bytes.to_vec(), now)));
        let mut world = Self {
            source: Source::of_url("file:///srv/wire"),
            settings: Settings::default(),
            files: files.collect(),
            now,
            lane: Lane::default(),
            found: Vec::new(),
            dead: Vec::new(),
            ended: Vec::new(),
            memory: BTreeMap::new(),
            commits: 0,
        };
        world.restart();
        world
    }

    /// A lane with nothing but what is committed, as after a kill.
    pub(super) fn restart(&mut self) {
        self.lane = Lane::new(self.settings);
        for (key, value) in &self.memory {
            let incoming = Incoming {
                topic: schemas::topic::Topic::Memory(schemas::topic::StageName::Fetcher),
                key: Some(key.as_bytes()),
                value: Some(value),
            };
            self.lane.apply(&FetcherMemory::decode(incoming).unwrap());
        }
        self.lane.apply_source(&SourceChange::Set(self.source.clone()));
    }

    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) {
        self.now = self.now.plus_millis(1_000);
        self.files.insert(path.to_owned(), (bytes.to_vec(), self.now));
    }

    pub(super) fn listing(&self) -> Listing {
        let sighting = |(path, (bytes, modified)): (&String, &(Vec<u8>, Timestamp))| {
            let size = bytes.len() as u64;
            (
                path.clone(),
                Sighting {
                    size,
                    modified: *modified,
                },
            )
        };
        self.files.iter().map(sighting).collect()
    }

    /// The next step, not committed; `None` when there is nothing to do until something changes.
    pub(super) fn step(&mut self, pressure: Pressure) -> Option<Step> {
        for _ in 0..8 {
            let step = match self.lane.next(self.now, pressure) {
                Work::Look(id) => self.lane.looked(&id, Ok(self.listing()), self.now),
                Work::Read(read) => {
                    let (bytes, _) = self.files.get(&read.path).cloned().unwrap_or_default();
                    self.lane.took_turn(&read.source_id);
                    with_piece(&bytes, &read, |piece| {
                        self.lane.read(&read, piece, pressure.room, self.now)
                    })
                }
                Work::Decided(step) => *step,
                Work::Wait(_) => {
                    self.now = self.now.plus_millis(2_000);
                    continue;
                }
            };
            if !step.is_empty() {
                return Some(step);
            }
        }
        None
    }

    pub(super) fn commit(&mut self, step: Step) {
        self.commits += 1;
        self.found.extend(step.found);
        self.dead.extend(step.dead);
        self.ended.extend(
            step.ended
                .into_iter()
                .map(|(subject, fate)| format!("{} {}", subject.requested_url, fate.reason().unwrap_or_default())),
        );
        for change in step.memory {
            let encoded = change.encode().unwrap();
            let key = String::from_utf8(encoded.key.unwrap()).unwrap();
            match encoded.value {
                Some(value) => self.memory.insert(key, value),
                None => self.memory.remove(&key),
            };
            self.lane.apply(&change);
        }
    }

    /// Commits until there is nothing more to do.
    pub(super) fn run(&mut self) {
        while let Some(step) = self.step(CALM) {
            self.commit(step);
            assert!(self.commits < 10_000, "the lane never comes to rest");
        }
    }

    pub(super) fn fetched(&self) -> Vec<&Fetched> {
        let fetched = self.found.iter().map(|found| match found {
            Found::Fetched(fetched) => fetched.as_ref(),
            other => panic!("goes to the frontier: {other:?}"),
        });
        fetched.collect()
    }

    pub(super) fn urls(&self) -> Vec<String> {
        let url = |found: &Found| match found {
            Found::Fetched(fetched) => fetched.url.clone(),
            Found::Entry(entry) => format!("entry {}", entry.url),
            other => panic!("no lane makes this: {other:?}"),
        };
        self.found.iter().map(url).collect()
    }

    pub(super) fn state(&self, path: &str) -> FileState {
        let mut states = self.lane.files_of(&self.source.id);
        states.find(|state| state.path == path).cloned().unwrap()
    }
}

/// What one file of that format yields, read to its end.
pub(super) fn read_one(format: Option<FileFormat>, name: &str, bytes: &[u8]) -> World {
    let mut world = World::new(&[(name, bytes)]);
    world.source.format = format;
    world.restart();
    world.run();
    world
}

/// Hands the piece that `read` asks for to `look`, inflated as the host would.
fn with_piece<T>(bytes: &[u8], read: &Read, look: impl FnOnce(&Piece<'_>) -> T) -> T {
    let is_packed = bytes.starts_with(&[0x1f, 0x8b]);
    let (inflated, members, broken) = match is_packed {
        true => inflate(bytes),
        false => (bytes.to_vec(), Vec::new(), None),
    };
    let begins = |place: Place| -> usize {
        let member = members
            .iter()
            .find(|(_, offset)| *offset == place.offset)
            .map_or(0, |(at, _)| *at);
        usize::try_from(if is_packed {
            member as u64 + place.inflated
        } else {
            place.offset
        })
        .unwrap()
    };
    let start = begins(read.from);
    let end = inflated.len().min(start + PIECE_BYTES);
    let within = members.iter().filter(|(at, _)| start <= *at && *at <= end);
    let members: Vec<(usize, u64)> = within.map(|(at, offset)| (at - start, *offset)).collect();
    look(&Piece {
        bytes: inflated.get(start..end).unwrap_or_default(),
        members: &members,
        is_packed,
        is_end: end == inflated.len(),
        broken: broken.as_deref(),
        head: bytes.get(..HEAD_BYTES).unwrap_or(bytes),
    })
}

/// The content of a gzip file and where its members begin.
fn inflate(bytes: &[u8]) -> (Vec<u8>, Vec<(usize, u64)>, Option<String>) {
    let (mut inflated, mut members, mut rest) = (Vec::new(), Vec::new(), bytes);
    while !rest.is_empty() {
        members.push((inflated.len(), (bytes.len() - rest.len()) as u64));
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        if let Err(error) = decoder.read_to_end(&mut inflated) {
            return (inflated, members, Some(error.to_string()));
        }
        rest = decoder.into_inner();
    }
    (inflated, members, None)
}

/// `bytes` as one gzip member.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::bufread::GzEncoder::new(bytes, flate2::Compression::fast());
    let mut out = Vec::new();
    encoder.read_to_end(&mut out).unwrap();
    out
}
