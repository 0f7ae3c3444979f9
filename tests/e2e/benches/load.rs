//! How many articles a second all roles take, from the fetched topic to the last fate, on this machine.
//!
//! `cargo bench -p e2e --bench load -- [local] [kafka] [--articles N]`
//!
//! The pages are those of the newsroom, each under many addresses, its vowels exchanged so that every text is another
//! one. The release build of the program is measured from outside; it must be built before.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench fails by panicking, and prints rounded figures"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::kafka::Broker;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::local::{self, LocalLog, LocalSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Log, Produce, Start};
use newsroom::{Newsroom, Options};
use schemas::article::Trace;
use schemas::fetched::Fetched;
use schemas::id::FetchId;
use schemas::record::Record as _;
use schemas::time::Timestamp;
use schemas::topic::Topic;

const ROLES: [&str; 4] = ["cleaner", "deduper", "classifier", "publisher"];
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = arguments
        .iter()
        .position(|word| word == "--articles")
        .and_then(|at| arguments.get(at + 1)?.parse().ok());
    let count = number.unwrap_or(10_000);
    let has = |name: &str| {
        arguments.iter().any(|word| word == name) || !arguments.iter().any(|word| word == "local" || word == "kafka")
    };
    let pages = pages();
    let bytes: usize = pages.iter().map(|(_, body)| body.len()).sum();
    println!(
        "{count} articles, made of {} pages of {} bytes on average",
        pages.len(),
        bytes / pages.len()
    );
    if has("local") {
        on_a_directory(&pages, count);
    }
    if has("kafka") {
        on_kafka(&pages, count);
    }
}

fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release/copydesk");
    assert!(
        program.exists(),
        "build the program first: cargo build --release -p copydesk"
    );
    program
}

fn on_a_directory(pages: &[(String, String)], count: usize) {
    let directory = tempfile::tempdir().unwrap();
    let (prefix, plan) = ("news".to_owned(), TopicPlan::default());
    let settings = LocalSettings {
        prefix,
        plan,
        max_bytes: 20 << 30,
        clock: std::sync::Arc::new(now),
    };
    let log = LocalLog::open(directory.path(), settings).unwrap();
    fill(&log, pages, count);
    drop(log);
    let started_at = Instant::now();
    let place = format!("--data-dir {}", directory.path().display());
    let mut process = start("up", &place);
    let log = loop {
        if let Ok(log) = local::connect(directory.path()) {
            break log;
        }
    };
    wait(&log, count);
    report(
        "local directory, one process",
        count,
        started_at.elapsed(),
        &[("all roles", &process)],
    );
    process.kill().unwrap();
    process.wait().unwrap();
}

fn on_kafka(pages: &[(String, String)], count: usize) {
    let Some(broker) = Broker::shared() else { return };
    let prefix = broker.unique_prefix();
    let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &prefix, "bench")).unwrap();
    log.apply_topics(&TopicPlan::default()).unwrap();
    fill(&log, pages, count);
    let started_at = Instant::now();
    let place = format!("--log kafka:{} --set topics.prefix={prefix}", broker.bootstrap());
    let mut processes: Vec<(&str, Child)> = ROLES.into_iter().map(|role| (role, start(role, &place))).collect();
    wait(&log, count);
    let named: Vec<(&str, &Child)> = processes.iter().map(|(role, process)| (*role, process)).collect();
    report(
        "Apache Kafka on this machine, a process per role",
        count,
        started_at.elapsed(),
        &named,
    );
    for (_, process) in &mut processes {
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

fn start(role: &str, place: &str) -> Child {
    let options = format!("{role} {place} --set admin.listen= --set telemetry.log_level=error");
    Command::new(program())
        .args(options.split(' '))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// Address and HTML of the newsroom's pages.
fn pages() -> Vec<(String, String)> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let newsroom = runtime.block_on(Newsroom::start(Options::default())).unwrap();
    let urls = newsroom
        .truth()
        .articles
        .into_iter()
        .map(|article| article.canonical_url);
    let pages: Vec<(String, String)> = urls.filter_map(|url| Some((url.clone(), page(&url)?))).collect();
    runtime.block_on(newsroom.stop());
    pages
}

fn page(url: &str) -> Option<String> {
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.lines().next()?.contains(" 200 ").then(|| body.to_owned())
}

/// The page with its vowels exchanged outside of tags: the `round`th of 120 permutations.
fn reworded(page: &str, round: usize) -> String {
    let mut left = VOWELS.to_vec();
    let mut rest = round % 120;
    let permutation: Vec<char> = (1..=5)
        .rev()
        .map(|count| {
            let choice = left.remove(rest % count);
            rest /= count;
            choice
        })
        .collect();
    let mut in_tag = false;
    let exchange = |letter: char| {
        in_tag = (in_tag || letter == '<') && letter != '>';
        match VOWELS.iter().position(|vowel| *vowel == letter) {
            Some(index) if !in_tag => permutation[index],
            _ => letter,
        }
    };
    page.chars().map(exchange).collect()
}

fn fill(log: &dyn Log, pages: &[(String, String)], count: usize) {
    let partitions = log.partitions(Topic::Fetched).unwrap();
    let numbers: Vec<usize> = (0..count).collect();
    for batch in numbers.chunks(200) {
        let records = batch.iter().map(|number| {
            let (url, body) = &pages[number % pages.len()];
            let url = format!("{url}?copy={number}");
            let trace = Trace {
                fetch_id: FetchId(format!("{number:032}")),
                requested_url: url.clone(),
                fetched_at: now(),
                ..Trace::default()
            };
            // The canonical link would make all copies of a page one article.
            let body = reworded(body, number / pages.len())
                .replace("rel=\"canonical\"", "rel=\"other\"")
                .replace("og:url", "og:other");
            let content_type = Some("text/html; charset=utf-8".to_owned());
            let fetched = Fetched {
                trace,
                url,
                status: 200,
                content_type,
                body: body.into_bytes(),
                ..Fetched::default()
            };
            Produce::new(fetched.encode().unwrap(), u32::try_from(*number).unwrap() % partitions)
        });
        log.append(records.collect()).unwrap();
    }
}

fn wait(log: &dyn Log, count: usize) {
    let partitions = 0..log.partitions(Topic::Fates).unwrap();
    let mut readers: Vec<_> = partitions
        .map(|partition| log.reader(Topic::Fates, partition, Start::First).unwrap())
        .collect();
    let mut seen = 0;
    let deadline = Instant::now() + Duration::from_secs(1800);
    while seen < count {
        assert!(Instant::now() < deadline, "{seen} of {count} fates in half an hour");
        for reader in &mut readers {
            seen += reader.read(10_000, Duration::from_millis(20)).unwrap().len();
        }
    }
}

fn report(what: &str, count: usize, took: Duration, processes: &[(&str, &Child)]) {
    println!(
        "{what}: {:.0} articles/s ({:.1} s)",
        count as f64 / took.as_secs_f64(),
        took.as_secs_f64()
    );
    for (name, process) in processes {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap_or("?")
            .trim()
            .to_owned();
        println!("  {name}: peak RSS {peak}");
    }
}
