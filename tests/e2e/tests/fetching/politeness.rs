//! Manners over instances and restarts, judged from the press's own access log: what publishers see of us.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::kafka::Broker;
use e2e::press::Press;
use e2e::program::{Running, run_well};
use e2e::topics::{Follower, read};
use newsroom::politeness::{Rules, judge};
use newsroom::truth::Fate;
use schemas::time::Timestamp;
use serde_json::Value;

use super::words;

const PATIENCE: Duration = Duration::from_secs(180);
/// The configured floor between requests to a host, and the interval between polls of a feed.
const FLOOR_MS: u64 = 150;
const POLL_SECONDS: u64 = 4;

/// Several fetchers of one group.
struct Fetchers<'a> {
    place: &'a [String],
    directory: &'a Path,
    running: BTreeMap<u32, Running>,
}

impl Fetchers<'_> {
    fn log_of(&self, number: u32) -> PathBuf {
        self.directory.join(format!("fetcher-{number}.log"))
    }

    fn start(&mut self, number: u32) {
        let options = format!(
            "fetcher --set instance_id=fetcher-{number} --set fetcher.allow_networks=127.0.0.0/8 \
             --set fetcher.first_poll_entries=500 --set admin.listen= --set fetcher.host_delay_ms={FLOOR_MS} \
             --set fetcher.poll_interval_min_seconds={POLL_SECONDS}"
        );
        let arguments = words(&options).into_iter().chain(self.place.iter().cloned());
        let running = Running::start(arguments, &self.log_of(number));
        self.running.insert(number, running);
    }

    fn kill(&mut self, number: u32) {
        self.running.remove(&number).unwrap().kill();
    }

    /// Lines of a fetcher's log, over all its lives.
    fn log_lines(&self, number: u32) -> Vec<Value> {
        let text = std::fs::read_to_string(self.log_of(number)).unwrap_or_default();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    /// When partitions changed hands, in milliseconds since 1970: a request that was under way then was broken off,
    /// and is made again by the new owner.
    fn assignments(&self) -> Vec<i64> {
        let lines = (1..=3).flat_map(|number| self.log_lines(number));
        let times = lines.filter(|line| line["message"] == "assigned").map(|line| {
            let time: Timestamp = serde_json::from_value(line["timestamp"].clone()).unwrap();
            time.as_millis()
        });
        times.collect()
    }

    /// True once `number` was handed at least one partition.
    fn has_partitions(&self, number: u32) -> bool {
        let lines = self.log_lines(number);
        let mut assigned = lines.iter().filter(|line| line["message"] == "assigned");
        assigned.any(|line| line["partitions"].as_u64() > Some(0))
    }
}

/// Milliseconds since 1970 at the start of the press's clock.
fn epoch_of(press: &Press) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    i64::try_from(now).unwrap() - i64::try_from(press.newsroom().elapsed_ms()).unwrap()
}

/// How often each article's page came into the log, by the URL that was asked for.
fn fetched(place: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for record in read::<Value>("articles.fetched", place) {
        let url = record["trace"]["requested_url"].as_str().unwrap().to_owned();
        *counts.entry(url).or_default() += 1;
    }
    counts
}

/// Checks every request against the rules, which allow for what a change of hands broke off.
fn is_polite(press: &Press, hits: &[newsroom::Hit], interruptions: impl Iterator<Item = i64>) {
    let rules = Rules {
        interrupted_ms: interruptions.filter_map(|at| u64::try_from(at).ok()).collect(),
        ..press.newsroom().politeness(FLOOR_MS, POLL_SECONDS * 1000)
    };
    let offences: Vec<String> = judge(hits, &rules).iter().map(ToString::to_string).collect();
    assert!(
        offences.is_empty(),
        "{} requests, {} impolite:\n{}",
        hits.len(),
        offences.len(),
        offences.join("\n")
    );
}

/// Checks that every page that can be had came into the log once.
fn each_came_once(expected: &[Vec<String>], counts: &BTreeMap<String, usize>) {
    for urls in expected {
        let times: usize = urls.iter().filter_map(|url| counts.get(url)).sum();
        assert_eq!(times, 1, "{urls:?} came into the log {times} times");
    }
}

#[test]
fn publishers_see_one_polite_reader_across_kills_and_a_scale_from_one_to_three() {
    let Some(broker) = Broker::shared() else { return };
    let directory = tempfile::tempdir().unwrap();
    let log = format!(
        "--log kafka:{} --set topics.prefix={}",
        broker.bootstrap(),
        broker.unique_prefix()
    );
    let place = words(&log);
    run_well(["topics", "apply"].map(str::to_owned).iter().chain(&place));
    let press = Press::start(120, 6.0);
    let epoch = epoch_of(&press);
    run_well(press.sources_add_every(POLL_SECONDS).iter().chain(&place));
    let mut fetchers = Fetchers {
        place: &place,
        directory: directory.path(),
        running: BTreeMap::new(),
    };
    let pages = Follower::start("articles.fetched", &place);
    let wait = |count: usize| {
        pages.wait(&format!("{count} more pages"), PATIENCE, |pages| pages.len() >= count);
    };

    fetchers.start(1);
    wait(30);
    fetchers.kill(1);
    fetchers.start(1);
    wait(30);
    fetchers.start(2);
    fetchers.start(3);
    while !(fetchers.has_partitions(2) && fetchers.has_partitions(3)) {
        wait(1);
    }
    wait(20);
    fetchers.kill(2);
    wait(20);
    fetchers.start(2);
    let expected: Vec<Vec<String>> = press
        .truth()
        .articles
        .into_iter()
        .filter(|article| !matches!(article.fate, Fate::NotFetched(_)))
        .map(|article| article.requested_urls)
        .collect();
    let known = fetched(&place).values().sum::<usize>();
    if known < expected.len() {
        Follower::start("articles.fetched", &place).wait("all pages", PATIENCE, |pages| pages.len() >= expected.len());
    }
    let hits = press.hits();
    for (_, running) in std::mem::take(&mut fetchers.running) {
        assert!(running.terminate().success());
    }

    each_came_once(&expected, &fetched(&place));
    is_polite(&press, &hits, fetchers.assignments().iter().map(|at| at - epoch));
}
