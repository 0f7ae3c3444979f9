//! Which errors an operator meets, and what they say.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use e2e::kafka::Broker;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::plan::{Outcome, TopicPlan};
use kit::log::{Commit, Log, LogError};
use rdkafka::ClientConfig;
use schemas::topic::Topic;

use super::{INPUT, PLAN, Place, STEP, assigned, content, place, record, until};

#[test]
fn a_committed_offset_that_retention_took_is_an_error_with_its_place() {
    let Some(broker) = Broker::shared() else { return };
    let Place { settings, log } = place(broker);
    log.append((0..10).map(|number| record(INPUT, 0, &number.to_string())).collect())
        .unwrap();
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let mut offsets = assigned(worker.as_mut());
    offsets.insert((INPUT, 0), 2);
    worker
        .commit(Commit {
            records: Vec::new(),
            offsets,
        })
        .unwrap();
    drop(worker);
    delete_records(&settings, INPUT, 5);
    let mut worker = log.worker("g", &[INPUT]).unwrap();
    let gone = until("error", || worker.poll(1, 1, STEP).err());
    assert!(
        matches!(
            gone,
            LogError::OffsetGone {
                offset: 2,
                first: 5,
                partition: 0,
                ..
            }
        ),
        "{gone}"
    );
    assert_eq!(log.bounds(INPUT, 0).unwrap().first, 5);
    assert_eq!(content(&log, INPUT, 0), ["5", "6", "7", "8", "9"]);
}

/// What retention does, at once.
fn delete_records(settings: &KafkaSettings, topic: Topic, before: i64) {
    let client: rdkafka::admin::AdminClient<_> = ClientConfig::new()
        .set("bootstrap.servers", &settings.bootstrap)
        .create()
        .unwrap();
    let mut list = rdkafka::TopicPartitionList::new();
    let name = topic.name(&settings.prefix);
    list.add_partition_offset(&name, 0, rdkafka::Offset::Offset(before))
        .unwrap();
    let deleted = client.delete_records(&list, &rdkafka::admin::AdminOptions::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(deleted).unwrap();
}

#[test]
fn applying_a_plan_creates_then_fits_then_says_what_differs() {
    let Some(broker) = Broker::shared() else { return };
    let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one")).unwrap();
    let outcomes = |plan: &TopicPlan| -> BTreeMap<Topic, Outcome> {
        log.apply_topics(plan)
            .unwrap()
            .into_iter()
            .map(|applied| (applied.topic, applied.outcome))
            .collect()
    };
    assert!(matches!(log.partitions(INPUT), Err(LogError::MissingTopic { .. })));
    assert!(matches!(log.worker("g", &[INPUT]), Err(LogError::MissingTopic { .. })));
    assert!(outcomes(&PLAN).values().all(|outcome| *outcome == Outcome::Created));
    assert!(outcomes(&PLAN).values().all(|outcome| *outcome == Outcome::Fits));
    let differing = outcomes(&TopicPlan { scripts: 3, ..PLAN });
    assert_eq!(
        differing[&INPUT],
        Outcome::Differs("partitions is 2 instead of 3".to_owned())
    );
    assert_eq!(differing[&Topic::Articles], Outcome::Fits);
    let unequal = log.worker("g", &[INPUT, Topic::Articles]);
    assert!(matches!(unequal, Err(LogError::UnequalPartitions { .. })));
}

#[test]
fn an_unreachable_broker_is_one_clear_error() {
    // A port that nobody listens on: bound and given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let bootstrap = format!("127.0.0.1:{port}");
    let started_at = Instant::now();
    let error = KafkaLog::connect(KafkaSettings::new(&bootstrap, "news", "one"))
        .err()
        .unwrap();
    assert!(started_at.elapsed() < Duration::from_secs(15));
    let text = error.to_string();
    assert!(matches!(error, LogError::Unreachable { .. }), "{text}");
    assert!(
        text.contains(&bootstrap) && text.to_lowercase().contains("refused"),
        "{text}"
    );
}

#[test]
fn a_misspelt_property_is_refused_and_secrets_stay_out_of_debug_output() {
    let mut settings = KafkaSettings::new("127.0.0.1:1", "news", "one");
    settings
        .properties
        .insert("sasl.password".to_owned(), "hunter2".to_owned());
    assert!(!format!("{settings:?}").contains("hunter2"));
    settings.properties.insert("sasl.pasword".to_owned(), "x".to_owned());
    let error = KafkaLog::connect(settings).err().unwrap();
    assert!(
        matches!(&error, LogError::Refused { .. }) && error.to_string().contains("sasl.pasword"),
        "{error}"
    );
}
