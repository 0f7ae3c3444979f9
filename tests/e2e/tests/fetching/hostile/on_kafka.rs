//! A process for each role on Apache Kafka.

use std::path::PathBuf;

use e2e::kafka::Broker;
use e2e::program::{Running, run_well};
use e2e::topics::Follower;

use super::run::Run;
use super::{OPTIONS, PATIENCE};
use crate::words;

const ROLES: [&str; 5] = ["fetcher", "cleaner", "deduper", "classifier", "publisher"];

#[test]
fn of_every_misbehaving_site_comes_what_should_across_a_kill_of_the_fetcher() {
    let Some(broker) = Broker::shared() else { return };
    let directory = tempfile::tempdir().unwrap();
    let place = words(&format!(
        "--log kafka:{} --set topics.prefix={}",
        broker.bootstrap(),
        broker.unique_prefix()
    ));
    run_well(words("topics apply").iter().chain(&place));
    let log = |role: &str| -> PathBuf { directory.path().join(format!("{role}.log")) };
    let start = |role: &str| {
        let arguments = words(&format!("{role} --set instance_id={role}-1 {OPTIONS}"));
        Running::start(arguments.iter().chain(&place), &log(role))
    };
    let mut run = Run::new(&place, ROLES.map(log).to_vec());

    let [fetcher, others @ ..] = ROLES.map(start);
    let fates = Follower::start("fates", &place);
    fates.wait("60 fates", PATIENCE, |fates| fates.len() >= 60);
    run.kill(fetcher);

    let fetcher = start("fetcher");
    run.check();
    for running in [fetcher].into_iter().chain(others) {
        assert!(running.terminate().success());
    }
}
