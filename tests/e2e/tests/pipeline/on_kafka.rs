//! A process for each role on Apache Kafka.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use e2e::kafka::Broker;
use e2e::press::Press;
use e2e::program::{Running, run_well};
use e2e::topics::Follower;

use super::verdict;

const PATIENCE: Duration = Duration::from_secs(240);
const ROLES: [&str; 5] = ["fetcher", "cleaner", "deduper", "classifier", "publisher"];

/// The processes of an installation, by role.
struct Installation<'a> {
    place: Vec<String>,
    directory: &'a Path,
    running: BTreeMap<&'static str, Running>,
}

impl Installation<'_> {
    fn start(&mut self, role: &'static str) {
        let options = "--set fetcher.allow_networks=127.0.0.0/8 --set fetcher.host_delay_ms=10 \
                       --set fetcher.poll_interval_min_seconds=1 --set fetcher.first_poll_entries=500 --set admin.listen=";
        let mut arguments: Vec<String> = vec![role.to_owned(), "--set".to_owned(), format!("instance_id={role}-1")];
        arguments.extend(options.split_whitespace().map(str::to_owned));
        arguments.extend(self.place.iter().cloned());
        self.running.insert(
            role,
            Running::start(arguments, &self.directory.join(format!("{role}.log"))),
        );
    }

    fn kill_and_start(&mut self, role: &'static str) {
        self.running.remove(role).unwrap().kill();
        self.start(role);
    }

    fn stop_and_start(&mut self, role: &'static str) {
        assert!(self.running.remove(role).unwrap().terminate().success());
        self.start(role);
    }
}

#[test]
fn the_newsroom_comes_out_as_it_should_across_kills_and_restarts_of_every_role() {
    let Some(broker) = Broker::shared() else { return };
    let directory = tempfile::tempdir().unwrap();
    let place = vec![
        "--log".to_owned(),
        format!("kafka:{}", broker.bootstrap()),
        "--set".to_owned(),
        format!("topics.prefix={}", broker.unique_prefix()),
    ];
    run_well(["topics", "apply"].map(str::to_owned).iter().chain(&place));
    let press = Press::start(80, 10.0);
    run_well(press.sources_add().iter().chain(&place));
    let mut installation = Installation {
        place: place.clone(),
        directory: directory.path(),
        running: BTreeMap::new(),
    };
    ROLES.into_iter().for_each(|role| installation.start(role));

    let fates = Follower::start("fates", &place);
    fates.wait("20 fates", PATIENCE, |fates| fates.len() >= 20);
    ["fetcher", "deduper"]
        .into_iter()
        .for_each(|role| installation.kill_and_start(role));
    fates.wait("60 more fates", PATIENCE, |fates| fates.len() >= 60);
    ["cleaner", "publisher", "classifier"]
        .into_iter()
        .for_each(|role| installation.kill_and_start(role));
    fates.wait("60 more fates", PATIENCE, |fates| fates.len() >= 60);
    ROLES.into_iter().for_each(|role| installation.stop_and_start(role));
    Follower::start("fates", &place).wait("fates of everything", PATIENCE, |fates| press.is_settled(fates));
    verdict::check(&press.truth(), &place);
    for running in installation.running.into_values() {
        assert!(running.terminate().success());
    }
}
