//! Who may open the directory, and what others get over the socket.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use kit::log::local::{self, LocalLog, LocalSettings};
use kit::log::plan::{Outcome, TopicPlan};
use kit::log::{Commit, Log, LogError, Offsets, Produce, Start};
use schemas::topic::Topic;

use super::{HandClock, assigned, content, open, record, texts};

#[test]
fn a_directory_in_use_is_refused_until_the_last_handle_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let reader = log.reader(Topic::Fates, 0, Start::First).unwrap();
    drop(log);
    let settings = HandClock::new().settings();
    assert!(matches!(
        LocalLog::open(directory.path(), settings),
        Err(LogError::Locked { .. })
    ));
    drop(reader);
    open(directory.path());
}

#[test]
fn another_format_is_refused() {
    let check = |description: &str, expected: &str| {
        let directory = tempfile::tempdir().unwrap();
        drop(open(directory.path()));
        fs::write(directory.path().join("log.json"), description).unwrap();
        match LocalLog::open(directory.path(), HandClock::new().settings()) {
            Err(LogError::Format { found, known, .. }) => assert_eq!((found.as_str(), known.as_str()), (expected, "1")),
            other => panic!("{:?}", other.err()),
        }
    };
    check(r#"{"format": 2, "shape": "new"}"#, "2");
    check(r#"{"format": 0}"#, "0");
    check(r#"{"format": 1}"#, "1 (damaged)");
    check("", "unknown");
}

#[test]
fn partition_counts_stay_as_they_were_made() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()));
    let plan = TopicPlan {
        hosts: 9,
        ..TopicPlan::default()
    };
    let log = LocalLog::open(
        directory.path(),
        LocalSettings {
            plan,
            ..HandClock::new().settings()
        },
    )
    .unwrap();
    assert_eq!(log.partitions(Topic::Fetched).unwrap(), TopicPlan::default().hosts);
    let applied = log.apply_topics(&plan).unwrap();
    let of = |topic| applied.iter().find(|applied| applied.topic == topic).unwrap();
    assert!(matches!(&of(Topic::Fetched).outcome, Outcome::Differs(words) if words.contains('9')));
    assert_eq!(of(Topic::Cleaned).outcome, Outcome::Fits);
    assert_eq!(of(Topic::Cleaned).name, "news.articles.cleaned.v1");
}

#[test]
fn the_socket_answers_what_operators_ask() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let socket = fs::metadata(directory.path().join("copydesk.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
    let remote = local::connect(directory.path()).unwrap();

    let headers = vec![("h".to_owned(), vec![0, 255]), ("h".to_owned(), Vec::new())];
    let source = Produce {
        headers,
        ..record(Topic::Sources, 0, "id", "source")
    };
    remote
        .append(vec![source.clone(), record(Topic::Fates, 2, "k", "fate")])
        .unwrap();
    assert_eq!(content(&remote, Topic::Sources, 0), content(&log, Topic::Sources, 0));
    assert_eq!(content(&log, Topic::Sources, 0)[0].headers, source.headers);
    assert_eq!(texts(&content(&remote, Topic::Fates, 2)), ["fate"]);
    assert_eq!(
        remote.bounds(Topic::Fates, 2).unwrap(),
        log.bounds(Topic::Fates, 2).unwrap()
    );
    assert_eq!(remote.partitions(Topic::Fates).unwrap(), 3);
    assert_eq!(remote.describe(), log.describe());

    let mut worker = log.worker("g", &[Topic::Cleaned]).unwrap();
    assigned(worker.as_mut());
    let offsets = Offsets::from([((Topic::Cleaned, 1), 7)]);
    worker
        .commit(Commit {
            records: Vec::new(),
            offsets: offsets.clone(),
        })
        .unwrap();
    assert_eq!(remote.committed("g", Topic::Cleaned).unwrap(), offsets);
    assert!(remote.committed("g", Topic::Fates).unwrap().is_empty());
}

#[test]
fn the_socket_says_no_as_the_log_does() {
    let directory = tempfile::tempdir().unwrap();
    let _log = open(directory.path());
    let remote = local::connect(directory.path()).unwrap();
    let refused = remote.worker("deduper", &[Topic::Cleaned]).err().unwrap();
    assert!(
        refused.to_string().contains("deduper run inside the process that owns"),
        "{refused}"
    );
    assert!(matches!(
        remote.bounds(Topic::Fates, 3),
        Err(LogError::MissingPartition { partition: 3, .. })
    ));
    let large = Produce {
        value: Some(vec![0; 3 << 20]),
        ..record(Topic::Fates, 0, "k", "")
    };
    assert!(matches!(remote.append(vec![large]), Err(LogError::Oversized { limit, .. }) if limit == 2 << 20));
    let keyless = Produce {
        key: None,
        ..record(Topic::Sources, 0, "", "v")
    };
    assert!(matches!(remote.append(vec![keyless]), Err(LogError::Refused { .. })));
    // It still answers.
    remote.append(vec![record(Topic::Fates, 0, "k", "v")]).unwrap();
}

#[test]
fn the_largest_record_goes_through_the_socket_both_ways() {
    let directory = tempfile::tempdir().unwrap();
    let _log = open(directory.path());
    let remote = local::connect(directory.path()).unwrap();
    let limit = Topic::Fetched.max_record_bytes();
    let page = Produce {
        key: None,
        value: Some(vec![b'x'; limit]),
        ..record(Topic::Fetched, 0, "", "")
    };
    for _ in 0..3 {
        remote.append(vec![page.clone()]).unwrap();
    }
    let read = content(&remote, Topic::Fetched, 0);
    assert!(read.len() == 3 && read.iter().all(|message| message.value == page.value));
}

#[test]
fn a_remote_reader_waits_for_what_the_owner_writes() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let remote = local::connect(directory.path()).unwrap();
    let mut reader = remote.reader(Topic::Fates, 0, Start::End).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || texts(&reader.read(10, super::PATIENCE).unwrap()));
        log.append(vec![record(Topic::Fates, 0, "k", "after")]).unwrap();
        assert_eq!(waiting.join().unwrap(), ["after"]);
    });
}

#[test]
fn a_connected_command_does_not_keep_the_log_open() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let remote = local::connect(directory.path()).unwrap();
    let mut reader = remote.reader(Topic::Fates, 0, Start::First).unwrap();
    reader.read(1, Duration::ZERO).unwrap();
    drop(log);
    let again = open(directory.path());
    again.append(vec![record(Topic::Fates, 0, "k", "new owner")]).unwrap();
    assert_eq!(texts(&reader.read(1, Duration::ZERO).unwrap()), ["new owner"]);
}

#[test]
fn a_directory_deeper_than_a_socket_address_is_served_too() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("a".repeat(90)).join("b".repeat(90));
    let log = open(&directory);
    log.append(vec![record(Topic::Fates, 0, "k", "deep")]).unwrap();
    let remote = local::open_or_connect(&directory, &HandClock::new().settings()).unwrap();
    assert_eq!(texts(&content(remote.as_ref(), Topic::Fates, 0)), ["deep"]);
}

#[test]
fn strange_bytes_on_the_socket_disturb_nobody() {
    use std::io::{Read, Write};
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    let path = directory.path().join("copydesk.sock");
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xff; 64],
        &[0, 0, 0, 2, 99, 99],
        &[0, 0, 0, 0],
    ] {
        let mut stream = std::os::unix::net::UnixStream::connect(&path).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        // The owner closes the connection.
        stream.read_to_end(&mut Vec::new()).ok();
    }
    log.append(vec![record(Topic::Fates, 0, "k", "v")]).unwrap();
    assert_eq!(
        content(&local::connect(directory.path()).unwrap(), Topic::Fates, 0).len(),
        1
    );
}
