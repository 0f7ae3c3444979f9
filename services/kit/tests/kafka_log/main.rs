//! What only a real broker can show: fencing, atomicity over crashes, and which errors an operator meets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod crash;
mod operation;

use std::time::{Duration, Instant};

use e2e::kafka::Broker;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::plan::TopicPlan;
use kit::log::{Bounds, Commit, Log, LogError, Message, Offsets, Polled, Produce, Start, Worker};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use schemas::topic::{StageName, Topic};

const INPUT: Topic = Topic::Cleaned;
const OUTPUT: Topic = Topic::Deduplicated;
const MEMORY: Topic = Topic::Memory(StageName::Deduper);
const PLAN: TopicPlan = TopicPlan {
    hosts: 2,
    scripts: 2,
    keys: 1,
    replication: 1,
};
const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(50);

struct Place {
    settings: KafkaSettings,
    log: KafkaLog,
}

/// A new prefix with its topics on the broker.
fn place(broker: &Broker) -> Place {
    let settings = KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one");
    let log = KafkaLog::connect(settings.clone()).unwrap();
    log.apply_topics(&PLAN).unwrap();
    Place { settings, log }
}

fn record(topic: Topic, partition: u32, value: &str) -> Produce {
    // Compacted topics take no record without a key.
    let (key, value) = (Some(value.as_bytes().to_vec()), Some(value.as_bytes().to_vec()));
    Produce {
        topic,
        partition,
        key,
        value,
        headers: Vec::new(),
    }
}

fn until<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "no {what} within {PATIENCE:?}");
    }
}

/// Polls until the worker has partitions.
fn assigned(worker: &mut dyn Worker) -> Offsets {
    until("assignment", || match worker.poll(1, 1 << 20, STEP).unwrap() {
        Polled::Assigned(offsets) if !offsets.is_empty() => Some(offsets),
        _ => None,
    })
}

fn polled(worker: &mut dyn Worker, count: usize) -> Vec<Message> {
    let mut taken = Vec::new();
    until("records", || {
        match worker.poll(count - taken.len(), 1 << 20, STEP).unwrap() {
            Polled::Records(records) => {
                taken.extend(records);
                (taken.len() == count).then(|| std::mem::take(&mut taken))
            }
            Polled::Assigned(_) => None,
        }
    })
}

/// What a recall of the partition sees.
fn content(log: &dyn Log, topic: Topic, partition: u32) -> Vec<String> {
    let Bounds { end, .. } = log.bounds(topic, partition).unwrap();
    let mut reader = log.reader(topic, partition, Start::First).unwrap();
    let mut values = Vec::new();
    until("end of the partition", || {
        let read = reader.read(1000, STEP).unwrap();
        values.extend(
            read.into_iter()
                .map(|message| String::from_utf8(message.value.unwrap()).unwrap()),
        );
        (end <= reader.position()).then_some(())
    });
    values
}

/// A producer with a transaction of our own making, as a process that hangs would hold it open.
fn hanging(settings: &KafkaSettings, id: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &settings.bootstrap)
        .set("transactional.id", id);
    config
        .set("transaction.timeout.ms", "60000")
        .set("message.timeout.ms", "60000");
    let producer: BaseProducer = config.create().unwrap();
    producer.init_transactions(PATIENCE).unwrap();
    producer.begin_transaction().unwrap();
    producer
}

fn send(producer: &BaseProducer, settings: &KafkaSettings, topic: Topic, value: &str) {
    let name = topic.name(&settings.prefix);
    producer
        .send(BaseRecord::to(&name).partition(0).key(value).payload(value))
        .unwrap();
    producer.flush(PATIENCE).unwrap();
}

#[test]
fn aborted_records_are_invisible_and_their_offsets_are_passed_over() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    log.append(vec![record(MEMORY, 0, "before")]).unwrap();
    let producer = hanging(&settings, &format!("{}-aborting", settings.prefix));
    send(&producer, &settings, MEMORY, "aborted");
    producer.abort_transaction(PATIENCE).unwrap();
    assert_eq!(content(&log, MEMORY, 0), ["before"]);
    log.append(vec![record(MEMORY, 0, "after")]).unwrap();
    assert_eq!(content(&log, MEMORY, 0), ["before", "after"]);
}

#[test]
fn a_reader_waits_for_an_open_transaction_below_the_end() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    let producer = hanging(&settings, &format!("{}-open", settings.prefix));
    send(&producer, &settings, MEMORY, "open");
    let end = log.bounds(MEMORY, 0).unwrap().end;
    let mut reader = log.reader(MEMORY, 0, Start::First).unwrap();
    assert!(reader.read(10, Duration::from_millis(500)).unwrap().is_empty());
    assert!(reader.position() < end, "the open record counts as passed over");
    producer.commit_transaction(PATIENCE).unwrap();
    assert_eq!(content(&log, MEMORY, 0), ["open"]);
}

#[test]
fn a_second_worker_with_the_same_id_fences_the_first() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    let mut zombie = log.worker("g", &[INPUT]).unwrap();
    let offsets = assigned(zombie.as_mut());
    zombie
        .commit(Commit {
            records: vec![record(OUTPUT, 0, "alive")],
            offsets: offsets.clone(),
        })
        .unwrap();
    let restarted = KafkaLog::connect(settings).unwrap();
    let _successor = restarted.worker("g", &[INPUT]).unwrap();
    let refused = zombie.commit(Commit {
        records: vec![record(OUTPUT, 0, "dead")],
        offsets,
    });
    assert!(matches!(refused, Err(LogError::Fenced { .. })), "{refused:?}");
    assert!(refused.unwrap_err().is_transient());
    assert_eq!(content(&log, OUTPUT, 0), ["alive"]);
}

/// Settings of another instance that the group gives up after six seconds without a poll.
fn impatient(settings: &KafkaSettings, instance_id: &str) -> KafkaSettings {
    let mut settings = KafkaSettings {
        instance_id: instance_id.to_owned(),
        ..settings.clone()
    };
    settings
        .properties
        .insert("max.poll.interval.ms".to_owned(), "6000".to_owned());
    settings
        .properties
        .insert("session.timeout.ms".to_owned(), "6000".to_owned());
    settings
}

#[test]
fn a_worker_that_was_voted_out_cannot_commit() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    log.append(vec![record(INPUT, 0, "input")]).unwrap();
    let sleeping = KafkaLog::connect(impatient(&settings, "sleeping")).unwrap();
    let mut zombie = sleeping.worker("g", &[INPUT]).unwrap();
    let mut offsets = assigned(zombie.as_mut());
    let input = polled(zombie.as_mut(), 1);
    offsets.insert((INPUT, 0), input[0].offset + 1);
    // It does not poll while the other joins, so the group goes on without it.
    let awake = KafkaLog::connect(impatient(&settings, "awake")).unwrap();
    let mut heir = awake.worker("g", &[INPUT]).unwrap();
    let inherited = assigned(heir.as_mut());
    assert_eq!(inherited.len(), 2);
    let refused = zombie.commit(Commit {
        records: vec![record(OUTPUT, 0, "dead")],
        offsets: offsets.clone(),
    });
    assert!(matches!(refused, Err(LogError::Fenced { .. })), "{refused:?}");
    assert!(zombie.poll(1, 1, STEP).is_err(), "a failed worker goes on");
    // The input is the heir's, once.
    assert_eq!(polled(heir.as_mut(), 1), input);
    heir.commit(Commit {
        records: vec![record(OUTPUT, 0, "heir")],
        offsets,
    })
    .unwrap();
    assert_eq!(content(&log, OUTPUT, 0), ["heir"]);
}

#[test]
fn records_from_before_a_rebalance_are_not_committed_after_it() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    let mut one = log.worker("g", &[INPUT]).unwrap();
    let offsets = assigned(one.as_mut());
    let other = KafkaLog::connect(KafkaSettings {
        instance_id: "two".to_owned(),
        ..settings
    })
    .unwrap();
    let mut joining = other.worker("g", &[INPUT]).unwrap();
    let (mut left, mut right) = (offsets.clone(), Offsets::new());
    until("shared assignment", || {
        for (worker, mine) in [(&mut one, &mut left), (&mut joining, &mut right)] {
            if let Polled::Assigned(offsets) = worker.poll(1, 1, STEP).unwrap() {
                *mine = offsets;
            }
        }
        (left.len() == 1 && right.len() == 1).then_some(())
    });
    let refused = one.commit(Commit {
        records: Vec::new(),
        offsets,
    });
    assert!(matches!(refused, Err(LogError::Fenced { .. })), "{refused:?}");
}
