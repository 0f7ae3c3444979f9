//! How fast the log in a directory commits and reads: `cargo bench -p kit --bench local_log [-- DIRECTORY]`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::log::local::{LocalLog, LocalSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Commit, Log, Offsets, Polled, Produce, Start, Worker};
use schemas::time::Timestamp;
use schemas::topic::Topic;

const RECORD_BYTES: usize = 4096;
const BATCH: usize = 100;
const BATCHES: usize = 600;
const SINGLES: usize = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let made = tempfile::tempdir()?;
    let directory = given.as_deref().map_or(made.path(), Path::new);
    let settings = || LocalSettings {
        prefix: "news".to_owned(),
        plan: TopicPlan::default(),
        max_bytes: 1 << 40,
        clock: Arc::new(|| Timestamp::from_millis(1_800_000_000_000)),
    };
    let log = LocalLog::open(directory, settings())?;
    let mut worker = log.worker("bench", &[Topic::Cleaned])?;
    while !matches!(worker.poll(1, 1, Duration::ZERO)?, Polled::Assigned(_)) {}

    let record = |number: usize, bytes: usize, topic| Produce {
        topic,
        partition: u32::try_from(number % 3).unwrap_or(0),
        key: Some(format!("{:016x}", number % 19_998).into_bytes()),
        value: Some(text(number, bytes)),
        headers: Vec::new(),
    };
    commits(
        "batches of 100 records of 4 KB",
        BATCHES,
        BATCH,
        worker.as_mut(),
        |number| {
            (0..BATCH)
                .map(|index| record(number * BATCH + index, RECORD_BYTES, Topic::Cleaned))
                .collect()
        },
    )?;
    commits("single records of 4 KB", SINGLES, 1, worker.as_mut(), |number| {
        vec![record(number, RECORD_BYTES, Topic::Deduplicated)]
    })?;
    commits(
        "batches of 100 records of 400 B in a compacted topic",
        BATCHES,
        BATCH,
        worker.as_mut(),
        |number| {
            (0..BATCH)
                .map(|index| record(number * BATCH + index, RECORD_BYTES / 10, Topic::Latest))
                .collect()
        },
    )?;
    several(&log, 4, record)?;
    read(worker.as_mut(), BATCH * BATCHES)?;
    recall(&log)?;
    println!("memory in use: {}", resident());
    drop(worker);
    drop(log);
    let start = Instant::now();
    let log = LocalLog::open(directory, settings())?;
    println!("opened again in {:?}; memory in use: {}", start.elapsed(), resident());
    drop(log);
    Ok(())
}

/// Text that compresses about as well as an article's JSON does.
fn text(seed: usize, bytes: usize) -> Vec<u8> {
    let mut state = seed as u64;
    let mut value = Vec::with_capacity(bytes + 16);
    while value.len() < bytes {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        value.extend(format!("word{:03} ", (state >> 48) % 1000).bytes());
    }
    value.truncate(bytes);
    value
}

fn commits(
    name: &str,
    count: usize,
    size: usize,
    worker: &mut dyn Worker,
    records: impl Fn(usize) -> Vec<Produce>,
) -> Result<(), kit::log::LogError> {
    let made: Vec<Vec<Produce>> = (0..count).map(records).collect();
    let mut times = Vec::with_capacity(count);
    let start = Instant::now();
    for (number, records) in made.into_iter().enumerate() {
        let before = Instant::now();
        let offsets = Offsets::from([((Topic::Cleaned, 0), number as u64)]);
        worker.commit(Commit { records, offsets })?;
        times.push(before.elapsed());
    }
    report(name, count, size, start.elapsed(), times);
    Ok(())
}

fn report(name: &str, count: usize, size: usize, all: Duration, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    let per_second = |number: usize| number as f64 / all.as_secs_f64();
    println!(
        "{name}: {:.0} commits/s, {:.0} records/s; p50 {:?}, p99 {:?}, longest {:?}",
        per_second(count),
        per_second(count * size),
        at(50),
        at(99),
        at(100)
    );
}

/// Single commits of several threads at once, which share syncs.
fn several(
    log: &LocalLog,
    threads: usize,
    record: impl Fn(usize, usize, Topic) -> Produce + Copy + Send,
) -> Result<(), kit::log::LogError> {
    let start = Instant::now();
    let times = std::thread::scope(|scope| {
        let work = |thread: usize| {
            let log = log.clone();
            move || {
                let one = |number| {
                    let before = Instant::now();
                    log.append(vec![record(thread + number, RECORD_BYTES, Topic::Duplicates)])?;
                    Ok(before.elapsed())
                };
                (0..SINGLES / threads)
                    .map(one)
                    .collect::<Result<Vec<_>, kit::log::LogError>>()
            }
        };
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(work(thread))).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|_| Ok(Vec::new())))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let times = times.concat();
    report(
        &format!("single records of 4 KB from {threads} threads"),
        times.len(),
        1,
        start.elapsed(),
        times,
    );
    Ok(())
}

fn read(worker: &mut dyn Worker, count: usize) -> Result<(), kit::log::LogError> {
    let start = Instant::now();
    let mut read = 0;
    while read < count {
        if let Polled::Records(records) = worker.poll(500, 8 << 20, Duration::from_secs(1))? {
            read += records.len();
        }
    }
    println!("polled {:.0} records/s", count as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

/// Reads a compacted topic from its start, as a stage recalls its memory.
fn recall(log: &LocalLog) -> Result<(), kit::log::LogError> {
    let (start, mut read) = (Instant::now(), 0);
    for partition in 0..3 {
        let end = log.bounds(Topic::Latest, partition)?.end;
        let mut reader = log.reader(Topic::Latest, partition, Start::First)?;
        while reader.position() < end {
            read += reader.read(1000, Duration::ZERO)?.len();
        }
    }
    println!(
        "recalled {read} records of {} written in {:?}",
        BATCHES * BATCH,
        start.elapsed()
    );
    Ok(())
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}
