//! Files through the fetcher's real host: read once across failures and restarts, and never too far ahead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use fetcher::settings::Settings;
use fetcher::ssrf::Policy;
use kit::fetch::{self, FetchRole};
use kit::files::FileSettings;
use kit::host::ready::readiness;
use kit::host::{Around, HostError, Limits};
use kit::http::{Client, ClientSettings};
use kit::log::local::{LocalLog, LocalSettings};
use kit::log::memory::{Fault, MemoryLog};
use kit::log::plan::TopicPlan;
use kit::log::{Commit, Log, Message, Polled, Produce, Start};
use kit::stop::Stop;
use kit::telemetry::{Metric, Telemetry};
use schemas::fate::FateRecord;
use schemas::fetched::Fetched;
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::{FileSourceState, FileState};
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};

const PATIENCE: Duration = Duration::from_secs(60);

/// A clock that moves by being looked at, so that no test waits for two looks at a file.
fn clock() -> Timestamp {
    static NOW: AtomicI64 = AtomicI64::new(1_800_000_000_000);
    Timestamp::from_millis(NOW.fetch_add(300, Ordering::SeqCst))
}

/// Stops the fetcher also when a check fails, so that a failed test ends.
struct Stopper(Stop);

impl Drop for Stopper {
    fn drop(&mut self) {
        self.0.pull();
    }
}

/// Runs the fetcher until `done`, and returns how it ended.
fn run_until(
    log: &dyn Log,
    (roots, lag_max_records): (&Path, usize),
    telemetry: &Telemetry,
    done: impl Fn() -> bool,
) -> Result<(), HostError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Client::new(ClientSettings {
        user_agent: "copydesk".to_owned(),
        timeout: Duration::from_secs(1),
        policy: Policy::default(),
        proxy: String::new(),
        authorities: Vec::new(),
    });
    let role = FetchRole {
        settings: Settings::default(),
        client: client.unwrap(),
        runtime: runtime.handle().clone(),
        max_requests: 1,
        credentials: fetch::CredentialSettings::default(),
        files: FileSettings {
            roots: vec![roots.to_owned()],
            lag_max_records,
        },
    };
    let stop = Stop::new();
    let (_, latch) = readiness();
    std::thread::scope(|scope| {
        let own_stop = stop.clone();
        let running = scope.spawn(move || {
            let around = Around {
                log,
                prefix: "news",
                telemetry,
                stop: &own_stop,
                clock,
                limits: Limits::default(),
            };
            fetch::run(&role, around, latch)
        });
        let stopper = Stopper(stop);
        let deadline = Instant::now() + PATIENCE;
        while !(running.is_finished() || done()) {
            assert!(Instant::now() < deadline, "not done in {PATIENCE:?}");
            std::thread::yield_now();
        }
        drop(stopper);
        running.join().unwrap()
    })
}

/// Everything in a topic.
fn content(log: &dyn Log, topic: Topic) -> Vec<Message> {
    let mut read = Vec::new();
    for partition in 0..log.partitions(topic).unwrap() {
        let end = log.bounds(topic, partition).unwrap().end;
        let mut reader = log.reader(topic, partition, Start::First).unwrap();
        while reader.position() < end {
            read.extend(reader.read(1_000, Duration::ZERO).unwrap());
        }
    }
    read
}

fn fetched(log: &dyn Log) -> Vec<Fetched> {
    let messages = content(log, Topic::Fetched);
    messages
        .iter()
        .map(|message| Fetched::decode(message.incoming()).unwrap())
        .collect()
}

fn fates(log: &dyn Log) -> Vec<String> {
    let messages = content(log, Topic::Fates);
    let fates = messages
        .iter()
        .map(|message| FateRecord::decode(message.incoming()).unwrap());
    fates.map(|fate| fate.reason.unwrap_or(fate.fate)).collect()
}

fn memory(log: &dyn Log) -> (BTreeMap<String, FileState>, Option<FileSourceState>) {
    let (mut files, mut source) = (BTreeMap::new(), None);
    for message in content(log, Topic::Memory(StageName::Fetcher)) {
        match FetcherMemory::decode(message.incoming()).unwrap() {
            FetcherMemory::File(state) => {
                files.insert(state.path.clone(), state);
            }
            FetcherMemory::FileSource(state) => source = Some(state),
            _ => {}
        }
    }
    (files, source)
}

fn finished(log: &dyn Log, count: usize) -> bool {
    memory(log).0.values().filter(|file| file.finished).count() == count
}

fn source(path: &Path) -> (Source, Produce) {
    let source = Source::of_url(url::Url::from_file_path(path).unwrap().as_str());
    let encoded = SourceChange::Set(source.clone()).encode().unwrap();
    (source, Produce::new(encoded, 0))
}

fn row(name: &str) -> String {
    format!("{{\"url\": \"https://harbour.example/{name}\", \"text\": \"The text of {name}.\"}}\n")
}

fn rows(prefix: &str, count: usize) -> String {
    (0..count).map(|number| row(&format!("{prefix}{number:04}"))).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = flate2::bufread::GzEncoder::new(bytes, flate2::Compression::fast());
    encoder.read_to_end(&mut out).unwrap();
    out
}

fn archive(names: impl Iterator<Item = String>) -> Vec<Vec<u8>> {
    let record = |name: String| {
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>The text of {name}.</p>");
        let head = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour.example/{name}\r\nContent-Length: {}",
            block.len()
        );
        format!("{head}\r\n\r\n{block}\r\n\r\n").into_bytes()
    };
    names.map(record).collect()
}

/// A directory with a file of each kind; 600 articles, and a row that can't be read.
fn mixed(directory: &Path) -> Vec<String> {
    let names = |prefix: &'static str, count: usize| (0..count).map(move |number| format!("{prefix}{number:04}"));
    let write = |name: &str, bytes: &[u8]| std::fs::write(directory.join(name), bytes).unwrap();
    write("a.jsonl", format!("{}not json\n", rows("a", 120)).as_bytes());
    write("b.jsonl.gz", &gzip(rows("b", 120).as_bytes()));
    write("c.jsonl.zst", &zstd::encode_all(rows("c", 120).as_bytes(), 3).unwrap());
    write(
        "d.warc.gz",
        &archive(names("d", 120))
            .iter()
            .map(|record| gzip(record))
            .collect::<Vec<_>>()
            .concat(),
    );
    write("e.warc", &archive(names("e", 118)).concat());
    let item = |name: &str| {
        let item = format!("{{\"uri\": \"https://harbour.example/{name}\", \"body_text\": \"The text of {name}.\"}}");
        write(&format!("{name}.json"), item.as_bytes());
    };
    item("f0000");
    item("f0001");
    let all = ["a", "b", "c", "d"].into_iter().flat_map(|prefix| names(prefix, 120));
    let all = all.chain(names("e", 118)).chain(names("f", 2));
    all.map(|name| format!("https://harbour.example/{name}")).collect()
}

fn check_each_once(log: &dyn Log, expected: &[String]) {
    let mut urls: Vec<String> = fetched(log).into_iter().map(|fetched| fetched.url).collect();
    urls.sort();
    assert_eq!(urls, expected);
    let ids: std::collections::BTreeSet<String> = fetched(log)
        .into_iter()
        .map(|fetched| fetched.trace.fetch_id.0)
        .collect();
    assert_eq!(ids.len(), expected.len());
}

#[test]
fn every_file_is_read_once_across_commits_that_fail() {
    let directory = tempfile::tempdir().unwrap();
    let expected = mixed(directory.path());
    let log = MemoryLog::new(TopicPlan::default(), clock());
    log.append(vec![source(directory.path()).1]).unwrap();
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::LostAfter, Fault::LostBefore] {
        log.inject(fault);
    }
    let telemetry = Telemetry::new();
    run_until(&log, (directory.path(), 10_000), &telemetry, || finished(&log, 7)).unwrap();
    check_each_once(&log, &expected);
    assert_eq!(fates(&log), ["undecodable"]);
    let dead = content(&log, Topic::Dead(StageName::Fetcher));
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].value.as_deref(), Some(b"not json".as_slice()));
    assert_eq!(dead[0].header("__connect.errors.file"), Some("a.jsonl"));
    assert_eq!(dead[0].header("__connect.errors.row"), Some("121"));
    assert!(
        dead[0]
            .header("__connect.errors.exception.message")
            .unwrap()
            .starts_with("a.jsonl, row 121: ")
    );
    assert!(3.0 < telemetry.value(Metric::Restarts, &["fetcher"]));
}

#[test]
fn a_directory_is_read_on_where_it_was_left_when_the_log_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let (files, data) = (directory.path().join("files"), directory.path().join("data"));
    std::fs::create_dir(&files).unwrap();
    let expected = mixed(&files);
    let open = || {
        let settings = LocalSettings {
            prefix: "news".to_owned(),
            plan: TopicPlan::default(),
            max_bytes: 1 << 40,
            clock: Arc::new(clock),
        };
        LocalLog::open(&data, settings).unwrap()
    };
    let log = open();
    log.append(vec![source(&files).1]).unwrap();
    drop(log);
    for goal in [60, 170, 300, 420] {
        let log = open();
        run_until(&log, (&files, 10_000), &Telemetry::new(), || {
            goal <= fetched(&log).len()
        })
        .unwrap();
    }
    let log = open();
    run_until(&log, (&files, 10_000), &Telemetry::new(), || finished(&log, 7)).unwrap();
    check_each_once(&log, &expected);
    // What is put there later is read too, and only that.
    std::fs::write(files.join("z.jsonl"), rows("z", 3)).unwrap();
    run_until(&log, (&files, 10_000), &Telemetry::new(), || finished(&log, 8)).unwrap();
    let later = ["z0000", "z0001", "z0002"].map(|name| format!("https://harbour.example/{name}"));
    check_each_once(&log, &[expected, later.to_vec()].concat());
}

#[test]
fn files_wait_while_later_stages_have_enough_to_do() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.jsonl"), rows("a", 200)).unwrap();
    let log = MemoryLog::new(TopicPlan::default(), clock());
    log.append(vec![source(directory.path()).1]).unwrap();
    let telemetry = Telemetry::new();
    let waits = || 0.0 < telemetry.value(Metric::BackfillWaitingSeconds, &["lag"]);
    run_until(&log, (directory.path(), 70), &telemetry, waits).unwrap();
    assert_eq!(fetched(&log).len(), 70, "no more than that is ever on the way");
    // A cleaner that takes them all, a few at a time.
    let mut cleaner = log.worker("news-cleaner", &[Topic::Fetched]).unwrap();
    let taking = std::sync::Mutex::new((&mut cleaner, 0_usize, kit::log::Offsets::new()));
    let take = || {
        let mut taking = taking.lock().unwrap();
        let (worker, taken, offsets) = &mut *taking;
        match worker.poll(10, 1 << 20, Duration::ZERO).unwrap() {
            Polled::Assigned(assigned) => *offsets = assigned,
            Polled::Records(messages) => {
                let ahead = fetched(&log).len() - *taken;
                assert!(ahead <= 70, "{ahead} records are on the way");
                for message in &messages {
                    offsets.insert((message.topic, message.partition), message.offset + 1);
                }
                let commit = Commit {
                    records: Vec::new(),
                    offsets: offsets.clone(),
                };
                worker.commit(commit).unwrap();
                *taken += messages.len();
            }
        }
        *taken == 200
    };
    run_until(&log, (directory.path(), 70), &telemetry, take).unwrap();
    assert_eq!(fetched(&log).len(), 200);
}

#[test]
fn a_source_that_may_not_be_read_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let (root, secrets) = (directory.path().join("wire"), directory.path().join("secrets"));
    std::fs::create_dir(&root).unwrap();
    std::fs::create_dir(&secrets).unwrap();
    std::fs::write(secrets.join("a.jsonl"), rows("a", 1)).unwrap();
    let log = MemoryLog::new(TopicPlan::default(), clock());
    log.append(vec![source(&secrets).1]).unwrap();
    let refusal = || memory(&log).1.and_then(|state| state.error);
    run_until(&log, (&root, 70), &Telemetry::new(), || refusal().is_some()).unwrap();
    assert!(refusal().unwrap().contains("fetcher.file_roots"));
    assert_eq!(fetched(&log), []);
}

#[test]
fn what_a_removed_source_left_behind_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.jsonl"), rows("a", 1)).unwrap();
    let log = MemoryLog::new(TopicPlan::default(), clock());
    let (source, record) = source(directory.path());
    log.append(vec![record]).unwrap();
    run_until(&log, (directory.path(), 70), &Telemetry::new(), || finished(&log, 1)).unwrap();
    let removed = SourceChange::Removed(source.id.clone()).encode().unwrap();
    log.append(vec![Produce::new(removed, 0)]).unwrap();
    let tombstones = || {
        let memory = content(&log, Topic::Memory(StageName::Fetcher));
        memory.iter().filter(|message| message.value.is_none()).count()
    };
    run_until(&log, (directory.path(), 70), &Telemetry::new(), || tombstones() == 2).unwrap();
}
