//! How long a stage takes to recall its memory: `cargo bench -p kit --bench recall -- [ARTICLES] [kafka]`.
//!
//! The stage is the deduper, whose memory is the largest by far; what it remembers of made-up articles is appended to
//! one partition of its memory topic, in a directory or on a broker, and folded from there as a host does it. On Kafka
//! a broker is started where java and mvn exist, or `KAFKA_BOOTSTRAP` is used.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../../deduper/benches/dedup/stream.rs"]
mod stream;

use std::sync::Arc;
use std::time::{Duration, Instant};

use deduper::deduper::{Config, Deduper};
use e2e::kafka::Broker;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::local::{LocalLog, LocalSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Log, Produce, Start};
use kit::recall::recall;
use kit::stop::Stop;
use schemas::article::{Article, Block, BlockKind, Trace};
use schemas::hop::Cleaned;
use schemas::memory::deduper::DeduperMemory;
use schemas::record::Record as _;
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};
use stage::Stage;
use stream::{Made, Stream};

const MEMORY: Topic = Topic::Memory(StageName::Deduper);
/// Records that are appended at once.
const BATCH: usize = 1_000;
/// Milliseconds from one article to the next.
const TICK_MS: i64 = 20;
const START_MS: i64 = 1_780_000_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let articles = arguments.iter().find_map(|argument| argument.parse().ok());
    let articles = articles.unwrap_or(100_000);
    if !arguments.iter().any(|argument| argument == "kafka") {
        let directory = tempfile::tempdir().unwrap();
        let settings = LocalSettings {
            prefix: "news".to_owned(),
            plan: TopicPlan::default(),
            max_bytes: 1 << 40,
            clock: Arc::new(|| Timestamp::from_millis(START_MS)),
        };
        return measure(&LocalLog::open(directory.path(), settings).unwrap(), articles);
    }
    let Some(broker) = Broker::shared() else { return };
    let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one")).unwrap();
    log.apply_topics(&TopicPlan {
        hosts: 1,
        scripts: 1,
        keys: 1,
        replication: 1,
    })
    .unwrap();
    measure(&log, articles);
}

fn measure(log: &dyn Log, articles: usize) {
    let bytes = fill(log, articles);
    println!("{articles} records of {} bytes in {}", bytes / articles, log.describe());
    println!("| | wall s | CPU s, user | system |\n| --- | --- | --- | --- |");
    report("read", || {
        let end = log.bounds(MEMORY, 0).unwrap().end;
        let mut reader = log.reader(MEMORY, 0, Start::First).unwrap();
        let mut read = 0;
        while reader.position() < end {
            read += reader.read(10_000, Duration::from_millis(500)).unwrap().len();
        }
        assert_eq!(read, articles);
    });
    let fold = |apply: &mut dyn FnMut(&DeduperMemory)| recall(log, MEMORY, 0, &Stop::new(), apply).unwrap();
    report("read and decode", || {
        assert_eq!(fold(&mut |_| ()), articles);
    });
    report("recall", || {
        let mut deduper = deduper(articles);
        assert_eq!(fold(&mut |change| Stage::apply(&mut deduper, change)), articles);
        assert_eq!(deduper.len(), articles);
    });
}

fn deduper(articles: usize) -> Deduper {
    Deduper::new(Config {
        window_ms: 2 * articles as i64 * TICK_MS,
        ..Config::default()
    })
}

/// Appends what is remembered of each article; answers how many bytes that takes. Each is remembered as the first of its
/// cluster: whom it resembles makes no difference to a recall.
fn fill(log: &dyn Log, articles: usize) -> usize {
    let (empty, mut bytes) = (deduper(articles), 0);
    let mut stream = Stream::default().take(articles).enumerate().peekable();
    while stream.peek().is_some() {
        let records = stream.by_ref().take(BATCH).flat_map(|(at, made)| {
            let now = Timestamp::from_millis(START_MS + at as i64 * TICK_MS);
            let changes = Stage::decide(&empty, cleaned(made, now), now).memory;
            changes
                .into_iter()
                .map(|change| Produce::new(change.encode().unwrap(), 0))
        });
        let records: Vec<Produce> = records.collect();
        bytes += records.iter().map(Produce::size).sum::<usize>();
        log.append(records).unwrap();
    }
    bytes
}

fn cleaned(made: Made, now: Timestamp) -> Cleaned {
    let block = |text: &str| Block {
        kind: BlockKind::Paragraph,
        text: text.to_owned(),
    };
    Cleaned {
        trace: Trace {
            fetch_id: made.fetch_id.as_str().into(),
            source_id: made.source.as_str().into(),
            fetched_at: now,
            ..Trace::default()
        },
        article: Article {
            id: made.id.as_str().into(),
            canonical_url: made.url,
            title: made.title,
            blocks: made.text.split("\n\n").map(block).collect(),
            ..Article::default()
        },
    }
}

/// Does the work and prints what it took.
fn report(name: &str, work: impl FnOnce()) {
    let (started, [user, system]) = (Instant::now(), cpu_seconds());
    work();
    let [user_after, system_after] = cpu_seconds();
    println!(
        "| {name} | {:.1} | {:.1} | {:.1} |",
        started.elapsed().as_secs_f64(),
        user_after - user,
        system_after - system
    );
}

/// What all threads of this process spent on a processor, for themselves and in the system; zeros where it does not tell.
fn cpu_seconds() -> [f64; 2] {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses, and may hold anything.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |at: usize| {
        rest.split_whitespace()
            .nth(at)
            .and_then(|ticks| ticks.parse::<f64>().ok())
    };
    [11, 12].map(|at| ticks(at).unwrap_or(0.0) / 100.0)
}
