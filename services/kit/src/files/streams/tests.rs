use std::io::Write as _;
use std::path::Path;

use fetcher::files::{Place, Sighting};

use super::super::disk::sighting;
use super::*;

const LAST: &[u8] = b"the last line\n";

/// Turns that it takes to come to the last line of a file of [`write`].
const WAY_TURNS: usize = 3;

fn last_line() -> Place {
    Place {
        offset: 0,
        inflated: (WAY_TURNS * PASS_BYTES + PASS_BYTES / 2) as u64,
    }
}

/// A file that is one member, with the last line at its end.
fn write(directory: &Path, name: &str) -> Read {
    let path = directory.join(name);
    let zeros = vec![0; usize::try_from(last_line().inflated).unwrap()];
    let packed = match name.ends_with(".zst") {
        true => zstd::encode_all([zeros.as_slice(), LAST].concat().as_slice(), 1).unwrap(),
        false => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&zeros).unwrap();
            encoder.write_all(LAST).unwrap();
            encoder.finish().unwrap()
        }
    };
    std::fs::write(&path, packed).unwrap();
    Read {
        source_id: SourceId::from(name),
        path: name.to_owned(),
        sighting: sighting(&path.metadata().unwrap()),
        from: last_line(),
    }
}

struct World {
    directory: tempfile::TempDir,
    disk: Disk,
    streams: Streams,
}

impl World {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self {
            disk: Disk::new(vec![directory.path().to_owned()]),
            streams: Streams::default(),
            directory,
        }
    }

    /// What a turn gives, in a word; the bytes of a piece at the last line are checked.
    fn turn(&mut self, read: &Read) -> &'static str {
        let url = url::Url::from_file_path(self.directory.path()).unwrap();
        match self.streams.piece(&self.disk, url.as_str(), read).unwrap() {
            Turn::Piece(piece) => {
                assert!(read.from != last_line() || (piece.bytes == LAST && piece.is_end && piece.broken.is_none()));
                "piece"
            }
            Turn::Changed => "changed",
            Turn::Underway => "underway",
            Turn::Full => "full",
        }
    }

    /// Turns until one gives a piece.
    fn way(&mut self, read: &Read) -> usize {
        (0..=WAY_TURNS).take_while(|_| self.turn(read) == "underway").count()
    }
}

#[test]
fn the_way_to_a_place_in_a_large_member_takes_turns_and_is_gone_once() {
    for name in ["a.gz", "a.zst"] {
        let mut world = World::new();
        let read = write(world.directory.path(), name);
        assert_eq!(world.way(&read), WAY_TURNS, "{name}");
        assert_eq!(world.turn(&read), "piece", "{name}");
    }
}

#[test]
fn a_file_that_changes_on_the_way_is_not_read_on() {
    let mut world = World::new();
    let read = write(world.directory.path(), "a.gz");
    assert_eq!(world.turn(&read), "underway");
    std::fs::write(world.directory.path().join("a.gz"), "another").unwrap();
    assert_eq!(world.turn(&read), "changed");
}

#[test]
fn a_place_that_a_broken_file_never_reaches_ends_the_way() {
    let mut world = World::new();
    let read = write(world.directory.path(), "a.gz");
    let path = world.directory.path().join("a.gz");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let read = Read {
        sighting: sighting(&path.metadata().unwrap()),
        ..read
    };
    let url = url::Url::from_file_path(world.directory.path()).unwrap();
    let ended = (0..=WAY_TURNS).any(|_| match world.streams.piece(&world.disk, url.as_str(), &read) {
        Ok(Turn::Piece(piece)) => piece.bytes.is_empty() && piece.is_end && piece.broken.is_some(),
        _ => false,
    });
    assert!(ended);
}

#[test]
fn large_members_that_are_read_in_turns_do_not_close_each_other() {
    let mut world = World::new();
    let reads = ["a.gz", "b.gz", "c.gz", "d.gz", "e.gz"].map(|name| write(world.directory.path(), name));
    for _ in 0..WAY_TURNS {
        let round = reads.each_ref().map(|read| world.turn(read));
        assert_eq!(round, ["underway", "underway", "underway", "full", "full"]);
    }
    for _ in 0..3 {
        let round = reads.each_ref().map(|read| world.turn(read));
        assert_eq!(round, ["piece", "piece", "piece", "full", "full"]);
    }
    // One is read to its end, and the next has its seat.
    world.streams.close(&reads[0]);
    assert_eq!(world.way(&reads[3]), WAY_TURNS);
    let round = reads.each_ref().map(|read| world.turn(read));
    assert_eq!(round, ["full", "piece", "piece", "piece", "full"]);
}

#[test]
fn small_files_never_wait_for_large_members() {
    let mut world = World::new();
    let large = ["a.gz", "b.gz", "c.gz"].map(|name| write(world.directory.path(), name));
    large.iter().for_each(|read| assert_eq!(world.way(read), WAY_TURNS));
    for number in 0..6 {
        let small = write_small(world.directory.path(), &format!("small{number}"));
        assert_eq!(world.turn(&small), "piece");
    }
    large.iter().for_each(|read| assert_eq!(world.turn(read), "piece"));
}

fn write_small(directory: &Path, name: &str) -> Read {
    let path = directory.join(name);
    std::fs::write(&path, LAST).unwrap();
    Read {
        source_id: SourceId::from(name),
        path: name.to_owned(),
        sighting: sighting(&path.metadata().unwrap()),
        from: Place::default(),
    }
}

#[test]
fn an_abandoned_file_loses_its_seat() {
    let mut world = World::new();
    let reads = ["a.gz", "b.gz", "c.gz", "d.gz"].map(|name| write(world.directory.path(), name));
    reads[..3]
        .iter()
        .for_each(|read| assert_eq!(world.way(read), WAY_TURNS));
    let refused = (0..2 * IDLE_TURNS)
        .take_while(|_| world.turn(&reads[3]) == "full")
        .count() as u64;
    assert!((IDLE_TURNS / 2..=IDLE_TURNS).contains(&refused), "{refused}");
}

#[test]
fn a_file_that_is_exchanged_before_it_is_opened_is_not_read() {
    let mut world = World::new();
    let read = Read {
        sighting: Sighting {
            size: 1,
            ..write_small(world.directory.path(), "small").sighting
        },
        ..write_small(world.directory.path(), "small")
    };
    assert_eq!(world.turn(&read), "changed");
}
