//! The loop over a log in memory, with failures injected: what a crash between any two lines leaves behind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kit::host::ready::readiness;
use kit::host::{self, Around, HostError, Limits, Role};
use kit::log::memory::{Fault, MemoryLog};
use kit::log::plan::TopicPlan;
use kit::log::{Log, Produce};
use kit::stop::Stop;
use kit::telemetry::{Metric, Telemetry};
use schemas::article::{Article, Trace};
use schemas::fate::{DeadReason, Fate, FateRecord, FilterReason};
use schemas::hop::{Change, Cleaned, Deduplicated};
use schemas::id::{ArticleId, FetchId};
use schemas::memory::deduper::{DeduperMemory, RememberedArticle};
use schemas::record::{FETCH_ID_HEADER, Record};
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};
use stage::{Decision, Stage};

/// Numbers the articles that it sees; a gap or a repetition in the numbers is lost or doubled work.
#[derive(Default)]
struct Numbering {
    seen: BTreeMap<ArticleId, u32>,
}

impl Stage for Numbering {
    type In = Cleaned;
    type Out = Deduplicated;
    type Memory = DeduperMemory;

    fn apply(&mut self, change: &DeduperMemory) {
        if let DeduperMemory::Remember(article) = change {
            self.seen.insert(article.article_id.clone(), article.version);
        }
    }

    fn decide(&self, input: Cleaned, _: Timestamp) -> Decision<Deduplicated, DeduperMemory> {
        let Cleaned { trace, article } = input;
        match article.title.as_str() {
            "panic" => panic!("a defect"),
            "filtered" => return Decision::drop(FilterReason::TooShort),
            "rejected" => return Decision::reject(DeadReason::BrokenBody),
            "oversized" => {
                let article = Article {
                    title: "x".repeat(Topic::Deduplicated.max_record_bytes()),
                    ..article
                };
                return Decision::pass(Deduplicated {
                    trace,
                    article,
                    ..Deduplicated::default()
                });
            }
            _ => {}
        }
        let version = 1 + u32::try_from(self.seen.len()).unwrap();
        let remembered = RememberedArticle {
            article_id: article.id.clone(),
            version,
            ..RememberedArticle::default()
        };
        Decision::pass(Deduplicated {
            trace,
            article,
            version,
            change: Change::Created,
            ..Deduplicated::default()
        })
        .and_remember(DeduperMemory::Remember(Box::new(remembered)))
    }
}

fn clock() -> Timestamp {
    Timestamp::from_seconds(1_700_000_000)
}

fn input(id: &str, title: &str) -> Produce {
    let cleaned = Cleaned {
        trace: Trace {
            fetch_id: FetchId(format!("fetch-{id}")),
            ..Trace::default()
        },
        article: Article {
            id: id.into(),
            title: title.to_owned(),
            ..Article::default()
        },
    };
    Produce::new(cleaned.encode().unwrap(), 0)
}

fn log() -> MemoryLog {
    MemoryLog::new(
        TopicPlan {
            scripts: 1,
            keys: 1,
            ..TopicPlan::default()
        },
        clock(),
    )
}

fn role() -> Role<Numbering> {
    Role {
        name: StageName::Deduper,
        inputs: vec![Topic::Cleaned],
        is_stateful: true,
        make: Box::new(Numbering::default),
    }
}

/// Stops the loop also when a check fails, so that a failed test ends.
struct Stopper(Stop);

impl Drop for Stopper {
    fn drop(&mut self) {
        self.0.pull();
    }
}

/// Runs the loop until `done`, and returns how it ended.
fn run_until(log: &MemoryLog, telemetry: &Telemetry, done: impl Fn() -> bool) -> Result<(), HostError> {
    let (stop, limits) = (
        Stop::new(),
        Limits {
            batch_records: 3,
            ..Limits::default()
        },
    );
    let (readiness, latch) = readiness();
    std::thread::scope(|scope| {
        let own_stop = stop.clone();
        let running = scope.spawn(move || {
            let around = Around {
                log,
                prefix: "news",
                telemetry,
                stop: &own_stop,
                clock,
                limits,
            };
            host::run(&role(), around, latch)
        });
        let stopper = Stopper(stop);
        let deadline = Instant::now() + Duration::from_secs(30);
        while !(running.is_finished() || done() && readiness.is_ready()) {
            assert!(Instant::now() < deadline, "not done in 30 s");
            std::thread::yield_now();
        }
        drop(stopper);
        running.join().unwrap()
    })
}

fn versions(log: &MemoryLog) -> Vec<u32> {
    log.records(Topic::Deduplicated)
        .iter()
        .map(|message| Deduplicated::decode(message.incoming()).unwrap().version)
        .collect()
}

fn fates(log: &MemoryLog) -> Vec<(String, String, Option<String>)> {
    let fates = log
        .records(Topic::Fates)
        .into_iter()
        .map(|message| FateRecord::decode(message.incoming()).unwrap());
    fates.map(|fate| (fate.fetch_id.0, fate.fate, fate.reason)).collect()
}

#[test]
fn failures_before_and_after_a_commit_lose_and_double_nothing() {
    let log = log();
    log.append((0..20).map(|number| input(&format!("a{number}"), "news")).collect())
        .unwrap();
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::LostAfter, Fault::LostBefore] {
        log.inject(fault);
    }
    let telemetry = Telemetry::new();
    run_until(&log, &telemetry, || log.records(Topic::Deduplicated).len() >= 20).unwrap();
    assert_eq!(versions(&log), (1..=20).collect::<Vec<u32>>());
    assert!((telemetry.value(Metric::Restarts, &["deduper"]) - 4.0).abs() < f64::EPSILON);
}

#[test]
fn a_restart_goes_on_with_the_recalled_memory() {
    let log = log();
    let telemetry = Telemetry::new();
    for round in 1..=3_usize {
        log.append(
            (0..4)
                .map(|number| input(&format!("r{round}n{number}"), "news"))
                .collect(),
        )
        .unwrap();
        run_until(&log, &telemetry, || log.records(Topic::Deduplicated).len() >= 4 * round).unwrap();
    }
    assert_eq!(versions(&log), (1..=12).collect::<Vec<u32>>());
}

#[test]
fn every_input_ends_in_one_fate_or_lives_on() {
    let log = log();
    let titles = ["news", "filtered", "panic", "news", "rejected", "oversized", "news"];
    log.append(
        titles
            .iter()
            .enumerate()
            .map(|(index, title)| input(&format!("{index}"), title))
            .collect(),
    )
    .unwrap();
    let broken = Produce {
        value: Some(b"{\"trace\":".to_vec()),
        headers: vec![
            (FETCH_ID_HEADER.to_owned(), b"fetch-broken".to_vec()),
            ("own".to_owned(), vec![0xff]),
        ],
        ..input("broken", "")
    };
    log.append(vec![broken.clone()]).unwrap();
    let expected = [
        ("fetch-1", Fate::Filtered(FilterReason::TooShort)),
        ("fetch-2", Fate::Dead(DeadReason::Panicked)),
        ("fetch-4", Fate::Dead(DeadReason::BrokenBody)),
        ("fetch-5", Fate::Dead(DeadReason::Oversized)),
        ("fetch-broken", Fate::Dead(DeadReason::Undecodable)),
    ];
    run_until(&log, &Telemetry::new(), || {
        log.records(Topic::Fates).len() >= expected.len()
    })
    .unwrap();
    let text = |(id, fate): &(&str, Fate)| {
        (
            (*id).to_owned(),
            fate.as_str().to_owned(),
            fate.reason().map(str::to_owned),
        )
    };
    assert_eq!(fates(&log), expected.iter().map(text).collect::<Vec<_>>());
    assert_eq!(versions(&log), [1, 2, 3]);
    let dead = log.records(Topic::Dead(StageName::Deduper));
    assert_eq!(dead.len(), 4);
    let letter = dead.last().unwrap();
    assert_eq!((&letter.key, &letter.value), (&broken.key, &broken.value));
    assert!(letter.headers.starts_with(&broken.headers));
    assert_eq!(
        letter.header("__connect.errors.topic"),
        Some("news.articles.cleaned.v1")
    );
    assert_eq!(letter.header("__connect.errors.offset"), Some("7"));
    assert_eq!(
        letter.header("__connect.errors.exception.class.name"),
        Some("undecodable")
    );
}

#[test]
fn a_stage_that_rejects_too_much_stops_instead_of_draining_the_topic() {
    let log = log();
    log.append((0..200).map(|number| input(&format!("{number}"), "rejected")).collect())
        .unwrap();
    let ended = run_until(&log, &Telemetry::new(), || false);
    let text = ended.unwrap_err().to_string();
    assert!(
        text.contains("deduper") && text.contains("broken_body") && text.contains("news.deduper.dead.v1"),
        "{text}"
    );
    assert!(log.records(Topic::Dead(StageName::Deduper)).len() < 60);
}

#[test]
fn a_memory_record_that_does_not_decode_keeps_the_role_from_starting() {
    let log = log();
    let memory = Produce {
        topic: Topic::Memory(StageName::Deduper),
        ..input("x", "news")
    };
    log.append(vec![Produce {
        value: Some(b"{}".to_vec()),
        ..memory
    }])
    .unwrap();
    let ended = run_until(&log, &Telemetry::new(), || false);
    assert!(matches!(ended, Err(HostError::Recall(_))), "{ended:?}");
}

#[test]
fn two_instances_share_the_work_without_gaps() {
    let log = MemoryLog::new(
        TopicPlan {
            scripts: 4,
            keys: 1,
            ..TopicPlan::default()
        },
        clock(),
    );
    let inputs = (0..200).map(|number| Produce {
        partition: number % 4,
        ..input(&format!("a{number}"), "news")
    });
    log.append(inputs.collect()).unwrap();
    let taken = AtomicUsize::new(0);
    let done = || log.records(Topic::Deduplicated).len() >= 200;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                run_until(&log, &Telemetry::new(), done).unwrap();
                taken.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    assert_eq!(taken.load(Ordering::Relaxed), 2);
    let records = log.records(Topic::Deduplicated);
    let ids: BTreeSet<Vec<u8>> = records.iter().filter_map(|message| message.key.clone()).collect();
    assert_eq!((records.len(), ids.len()), (200, 200));
}
