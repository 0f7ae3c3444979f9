//! Kills and torn tails: whatever happens, a commit is there whole or not at all, and one that was answered is there.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use kit::log::local;
use kit::log::{Commit, Log, LogError, Offsets, Produce};
use schemas::topic::{StageName, Topic};

use super::{assigned, content, open, record, texts};

const CHILD_DIRECTORY: &str = "LOCAL_LOG_TEST_DIRECTORY";
const GROUP: &str = "g";
const INPUT: Topic = Topic::Cleaned;
const OUTPUT: Topic = Topic::Deduplicated;
const MEMORY: Topic = Topic::Memory(StageName::Deduper);

/// What commit `number` holds: an output record in each partition, and a memory record.
fn records(number: u64) -> Vec<Produce> {
    let mut records: Vec<Produce> = (0..6)
        .map(|partition| record(OUTPUT, partition, "k", &format!("{number}")))
        .collect();
    records.push(record(MEMORY, 0, &format!("m{number}"), &format!("{number}")));
    records
}

fn offsets(number: u64) -> Offsets {
    Offsets::from([((INPUT, 0), number)])
}

/// Not a test of its own: the process that the tests below kill.
#[test]
fn child_that_commits_until_it_is_killed() {
    let Ok(directory) = std::env::var(CHILD_DIRECTORY) else {
        return;
    };
    let log = open(Path::new(&directory));
    let mut worker = log.worker(GROUP, &[INPUT]).unwrap();
    let start = assigned(worker.as_mut());
    for number in start[&(INPUT, 0)] + 1.. {
        worker
            .commit(Commit {
                records: records(number),
                offsets: offsets(number),
            })
            .unwrap();
        println!("committed {number}");
    }
}

fn spawn_child(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_that_commits_until_it_is_killed", "--nocapture"])
        .env(CHILD_DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits for `count` answered commits; returns the number of the last.
fn answered(child: &mut Child, count: usize) -> u64 {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let numbers = lines.filter_map(|line| line.unwrap().split_once("committed ")?.1.trim().parse().ok());
    numbers.take(count).last().unwrap()
}

fn assert_only_whole_commits(log: &dyn Log, last_answered: u64) {
    let last = log.committed(GROUP, INPUT).unwrap()[&(INPUT, 0)];
    assert!(last_answered <= last, "{last_answered} was answered, {last} is there");
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let outputs = (0..6).map(|partition| (OUTPUT, partition));
    for (topic, partition) in outputs.chain([(MEMORY, 0)]) {
        for text in texts(&content(log, topic, partition)) {
            *counts.entry(text.parse().unwrap()).or_default() += 1;
        }
    }
    assert_eq!(counts, (1..=last).map(|number| (number, 7)).collect());
}

#[test]
fn a_kill_leaves_whole_commits_and_all_that_were_answered() {
    let directory = tempfile::tempdir().unwrap();
    for round in 1..=4 {
        let mut child = spawn_child(directory.path());
        let last_answered = answered(&mut child, 40 * round);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_only_whole_commits(&open(directory.path()), last_answered);
    }
}

#[test]
fn another_process_reads_what_the_owner_committed_and_follows_its_death() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = spawn_child(directory.path());
    let last_answered = answered(&mut child, 5);
    assert!(matches!(open_again(directory.path()), Err(LogError::Locked { .. })));
    let remote = local::connect(directory.path()).unwrap();
    assert!(last_answered <= remote.bounds(OUTPUT, 3).unwrap().end);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(remote.bounds(OUTPUT, 3), Err(LogError::Unreachable { .. })));
    // The socket of the dead process still lies there.
    assert!(directory.path().join("copydesk.sock").exists());
    let owned = local::open_or_connect(directory.path(), &super::HandClock::new().settings()).unwrap();
    assert!(last_answered <= owned.bounds(OUTPUT, 3).unwrap().end);
    assert!(local::connect(directory.path()).is_ok());
}

fn open_again(directory: &Path) -> Result<local::LocalLog, LogError> {
    local::LocalLog::open(directory, super::HandClock::new().settings())
}

/// A directory with three commits, and the length of its journal.
fn three_commits() -> (tempfile::TempDir, usize) {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let mut worker = log.worker(GROUP, &[INPUT]).unwrap();
    assigned(worker.as_mut());
    for number in 1..=3 {
        worker
            .commit(Commit {
                records: records(number),
                offsets: offsets(number),
            })
            .unwrap();
    }
    drop(worker);
    drop(log);
    let bytes = fs::read(journal(directory.path())).unwrap();
    let length = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    (directory, length)
}

fn journal(directory: &Path) -> PathBuf {
    let entries = fs::read_dir(directory.join("store")).unwrap();
    let mut journals = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "jnl"));
    let journal = journals.next().unwrap();
    assert!(journals.next().is_none());
    journal
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy(&entry.path(), &target),
            kind if kind.is_file() => drop(fs::copy(entry.path(), target).unwrap()),
            _ => {}
        }
    }
}

/// The directory of `three_commits` with a changed journal.
fn damaged(change: impl FnOnce(&mut Vec<u8>, usize)) -> tempfile::TempDir {
    let (directory, length) = three_commits();
    let copied = tempfile::tempdir().unwrap();
    copy(directory.path(), copied.path());
    let mut bytes = fs::read(journal(copied.path())).unwrap();
    change(&mut bytes, length);
    fs::write(journal(copied.path()), bytes).unwrap();
    copied
}

#[test]
fn a_torn_tail_is_cut_and_the_log_goes_on() {
    let torn: [fn(&mut Vec<u8>, usize); 5] = [
        |bytes, length| bytes.truncate(length - 1),
        |bytes, length| bytes.truncate(length - 200),
        |bytes, length| bytes[length - 100..length].fill(0),
        |bytes, length| bytes[length - 300] ^= 1,
        |bytes, length| bytes[length - 2] ^= 1,
    ];
    for change in torn {
        let directory = damaged(change);
        let log = open(directory.path());
        assert_only_whole_commits(&log, 2);
        assert_eq!(log.committed(GROUP, INPUT).unwrap(), offsets(2));
        let mut worker = log.worker(GROUP, &[INPUT]).unwrap();
        assigned(worker.as_mut());
        worker
            .commit(Commit {
                records: records(3),
                offsets: offsets(3),
            })
            .unwrap();
        drop((worker, log));
        assert_only_whole_commits(&open(directory.path()), 3);
    }
}

#[test]
fn damage_before_whole_commits_is_said_and_nothing_is_cut() {
    let directory = damaged(|bytes, length| bytes[length / 2] ^= 1);
    let before = fs::read(journal(directory.path())).unwrap();
    for _ in 0..2 {
        let Err(LogError::Storage { source, .. }) = open_again(directory.path()) else {
            panic!("opened");
        };
        assert!(source.to_string().contains("damaged at byte"), "{source}");
    }
    assert!(fs::read(journal(directory.path())).unwrap() == before);
}

#[test]
fn an_untouched_directory_opens_with_everything() {
    let directory = damaged(|_, _| {});
    assert_only_whole_commits(&open(directory.path()), 3);
}
