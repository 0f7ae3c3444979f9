//! One contract for all logs: every case below runs against memory, the local directory and Apache Kafka.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;

use std::any::Any;
use std::sync::Arc;

use e2e::kafka::Broker;
use kit::log::Log;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::local::{LocalLog, LocalSettings};
use kit::log::memory::MemoryLog;
use kit::log::plan::TopicPlan;
use schemas::time::Timestamp;

/// Few partitions, so that a broker makes a set of topics for each case quickly.
const PLAN: TopicPlan = TopicPlan {
    hosts: 2,
    scripts: 2,
    keys: 1,
    replication: 1,
};
const NOW: i64 = 1_700_000_000_000;

/// An empty log, and what must stay alive beside it; `None` where this machine can't have one.
type Made = Option<(Arc<dyn Log>, Box<dyn Any>)>;

fn memory() -> Made {
    Some((
        Arc::new(MemoryLog::new(PLAN, Timestamp::from_millis(NOW))),
        Box::new(()),
    ))
}

fn local() -> Made {
    let directory = tempfile::tempdir().unwrap();
    let settings = LocalSettings {
        prefix: "news".to_owned(),
        plan: PLAN,
        max_bytes: 1 << 30,
        clock: Arc::new(|| Timestamp::from_millis(NOW)),
    };
    Some((
        Arc::new(LocalLog::open(directory.path(), settings).unwrap()),
        Box::new(directory),
    ))
}

fn kafka() -> Made {
    let broker = Broker::shared()?;
    let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one")).unwrap();
    log.apply_topics(&PLAN).unwrap();
    Some((Arc::new(log), Box::new(())))
}

fn run(make: fn() -> Made, case: fn(&dyn Log)) {
    if let Some((log, _beside)) = make() {
        case(log.as_ref());
    }
}

macro_rules! contract {
    ($($case:ident,)*) => {
        mod in_memory {
            $(#[test] fn $case() { super::run(super::memory, super::cases::$case); })*
        }

        mod in_a_directory {
            $(#[test] fn $case() { super::run(super::local, super::cases::$case); })*
        }

        mod on_kafka {
            $(#[test] fn $case() { super::run(super::kafka, super::cases::$case); })*
        }
    };
}

#[test]
fn a_worker_with_a_stale_assignment_cannot_commit_in_memory() {
    run(memory, cases::a_worker_with_a_stale_assignment_cannot_commit);
}

#[test]
fn a_worker_with_a_stale_assignment_cannot_commit_in_a_directory() {
    run(local, cases::a_worker_with_a_stale_assignment_cannot_commit);
}

contract! {
    a_commit_shows_records_and_offsets_together,
    bytes_headers_and_tombstones_come_back_as_they_went,
    a_new_worker_goes_on_where_the_last_one_committed,
    what_was_polled_but_not_committed_comes_again,
    partitions_keep_their_order,
    two_workers_share_the_partitions,
    workers_of_several_topics_get_the_same_partitions,
    a_commit_of_offsets_alone_counts,
    a_reader_reaches_the_end_that_was_there_when_it_started,
    a_reader_waits_for_what_comes,
    the_largest_record_of_a_topic_passes_and_a_larger_one_is_refused,
    groups_do_not_disturb_each_other,
    appended_records_are_read,
    missing_partitions_are_refused,
}
