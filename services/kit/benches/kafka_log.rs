//! How fast the log on Kafka is: `cargo bench -p kit --bench kafka_log`. Starts a broker of its own where java and mvn
//! exist, or uses `KAFKA_BOOTSTRAP`. For figures that mean something nothing else may run on the machine.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::time::{Duration, Instant};

use e2e::kafka::Broker;
use kit::log::{Commit, Log, Polled, Produce, Start};

use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Offsets, Worker};
use schemas::topic::Topic;

const INPUT: Topic = Topic::Cleaned;
const OUTPUT: Topic = Topic::Deduplicated;

const RECORDS: usize = 40_000;
const RECORD_BYTES: usize = 4096;

fn main() {
    let Some(broker) = Broker::shared() else { return };
    let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one")).unwrap();
    log.apply_topics(&TopicPlan {
        hosts: 2,
        scripts: 2,
        keys: 1,
        replication: 1,
    })
    .unwrap();
    let input = texts();
    report("append", || {
        for chunk in input.chunks(1000) {
            log.append(chunk.to_vec()).unwrap();
        }
    });
    report("read", || {
        let end = log.bounds(INPUT, 0).unwrap().end;
        let mut reader = log.reader(INPUT, 0, Start::First).unwrap();
        while reader.position() < end {
            reader.read(1000, Duration::from_secs(1)).unwrap();
        }
    });
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let mut offsets = assigned(worker.as_mut());
    report("pass on, 500 to a commit", || {
        let mut passed = 0;
        while passed < RECORDS {
            let Polled::Records(batch) = worker.poll(500, 16 << 20, Duration::from_secs(1)).unwrap() else {
                continue;
            };
            let Some(last) = batch.last() else { continue };
            offsets.insert((INPUT, 0), last.offset + 1);
            passed += batch.len();
            let forward = |message: kit::log::Message| Produce {
                topic: OUTPUT,
                partition: 0,
                key: message.key,
                value: message.value,
                headers: message.headers,
            };
            let records = batch.into_iter().map(forward).collect();
            worker
                .commit(Commit {
                    records,
                    offsets: offsets.clone(),
                })
                .unwrap();
        }
    });
    time_commits(worker.as_mut(), &offsets);
}

/// Commits of one record each.
fn time_commits(worker: &mut dyn Worker, offsets: &Offsets) {
    let mut times: Vec<Duration> = (0..500)
        .map(|number| {
            let started_at = Instant::now();
            let records = vec![record(OUTPUT, 0, &number.to_string())];
            worker
                .commit(Commit {
                    records,
                    offsets: offsets.clone(),
                })
                .unwrap();
            started_at.elapsed()
        })
        .collect();
    times.sort();
    eprintln!(
        "commit of one record: p50 {:?}, p99 {:?}, worst {:?}",
        times[250], times[495], times[499]
    );
}

/// Polls until the worker has partitions.
fn assigned(worker: &mut dyn Worker) -> Offsets {
    loop {
        if let Polled::Assigned(offsets) = worker.poll(1, 1 << 20, Duration::from_millis(50)).unwrap()
            && !offsets.is_empty()
        {
            return offsets;
        }
    }
}

fn record(topic: Topic, partition: u32, value: &str) -> Produce {
    let (key, value) = (Some(value.as_bytes().to_vec()), Some(value.as_bytes().to_vec()));
    Produce {
        topic,
        partition,
        key,
        value,
        headers: Vec::new(),
    }
}

/// Words without sense that compress about as prose does.
fn texts() -> Vec<Produce> {
    let mut state = 1_u64;
    let mut word = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        format!("{} ", (state >> 33) % 5000)
    };
    let mut text = || {
        let mut text = String::new();
        while text.len() < RECORD_BYTES {
            text.push_str(&word());
        }
        record(INPUT, 0, &text)
    };
    (0..RECORDS).map(|_| Produce { key: None, ..text() }).collect()
}

fn report(what: &str, run: impl FnOnce()) {
    let started_at = Instant::now();
    run();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rate = RECORDS as f64 / started_at.elapsed().as_secs_f64();
    eprintln!("{what}: {rate:.0} records/s of 4 KB");
}
