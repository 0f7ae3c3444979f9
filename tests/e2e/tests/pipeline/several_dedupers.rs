//! Deduplication shared by several processes on Apache Kafka: whoever joins, leaves or dies, every copy meets its
//! original, as if one process had done it all.

mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use e2e::kafka::Broker;
use e2e::program::{Running, run_well};
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::{Log, Message, Produce, Start};
use schemas::hop::Deduplicated;
use schemas::record::Record as _;
use schemas::script::Script;
use schemas::topic::{StageName, Topic};
use serde_json::Value;

use wire::{Item, Wire};

const PATIENCE: Duration = Duration::from_secs(120);
/// How long a wait for records lasts before the condition is looked at again.
const STEP: Duration = Duration::from_millis(50);

/// The dedupers of an installation, by the name of the instance.
struct Dedupers<'a> {
    bootstrap: &'a str,
    prefix: String,
    directory: &'a Path,
    log: KafkaLog,
    running: BTreeMap<&'static str, Running>,
    /// Articles that were sent.
    sent: AtomicUsize,
}

impl<'a> Dedupers<'a> {
    fn new(broker: &'a Broker, directory: &'a Path) -> Self {
        let prefix = broker.unique_prefix();
        let log = KafkaLog::connect(KafkaSettings::new(broker.bootstrap(), &prefix, "test")).unwrap();
        let dedupers = Self {
            bootstrap: broker.bootstrap(),
            prefix,
            directory,
            log,
            running: BTreeMap::new(),
            sent: AtomicUsize::new(0),
        };
        run_well(
            ["topics", "apply"]
                .map(str::to_owned)
                .into_iter()
                .chain(dedupers.place()),
        );
        dedupers
    }

    fn place(&self) -> Vec<String> {
        let log = format!("kafka:{}", self.bootstrap);
        let prefix = format!("topics.prefix={}", self.prefix);
        ["--log", &log, "--set", &prefix].map(str::to_owned).to_vec()
    }

    fn log_of(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{}-{name}.log", self.prefix))
    }

    /// Starts an instance. It takes few records to a commit, so that what comes finds it at work.
    fn start(&mut self, name: &'static str) {
        let options = format!(
            "deduper --set instance_id={name} --set admin.listen= --set host.batch_records=4 \
             --set kafka.properties.session.timeout.ms=6000"
        );
        let arguments = options.split_whitespace().map(str::to_owned).chain(self.place());
        let running = Running::start(arguments, &self.log_of(name));
        self.running.insert(name, running);
    }

    fn kill(&mut self, name: &str) {
        self.running.remove(name).unwrap().kill();
    }

    fn stop(&mut self, name: &str) {
        assert!(self.running.remove(name).unwrap().terminate().success());
    }

    fn send(&self, items: &[Item]) {
        let records = items.iter().map(|item| {
            let encoded = item.cleaned.encode().unwrap();
            Produce::new(encoded, item.script.partition())
        });
        self.log.append(records.collect()).unwrap();
        self.sent.fetch_add(items.len(), Ordering::Relaxed);
    }

    /// How many partitions an instance was handed last.
    fn partitions_of(&self, name: &str) -> Option<u64> {
        let text = std::fs::read_to_string(self.log_of(name)).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut assigned = lines.filter(|line| line["message"] == "assigned");
        assigned.next_back().and_then(|line| line["partitions"].as_u64())
    }

    /// Waits until each instance that runs has so many partitions.
    fn share(&self, partitions: u64) {
        let all_have = || {
            self.running
                .keys()
                .all(|name| self.partitions_of(name) == Some(partitions))
        };
        until(&format!("{partitions} partitions each"), || all_have().then_some(()));
    }

    /// Waits until so many more articles are decided on, or all that were sent.
    fn decide(&self, more: usize) {
        let sent = self.sent.load(Ordering::Relaxed);
        let wanted = self.decided().saturating_add(more).min(sent);
        until(&format!("{wanted} decisions"), || {
            (wanted <= self.decided()).then_some(())
        });
    }

    fn decided(&self) -> usize {
        let partitions = 0..self.log.partitions(Topic::Deduplicated).unwrap();
        partitions
            .map(|partition| self.read(Topic::Deduplicated, partition).len())
            .sum()
    }

    /// All committed records of a partition.
    fn read(&self, topic: Topic, partition: u32) -> Vec<Message> {
        let end = self.log.bounds(topic, partition).unwrap().end;
        let mut reader = self.log.reader(topic, partition, Start::First).unwrap();
        let mut messages = Vec::new();
        until("the end of a partition", || {
            messages.extend(reader.read(10_000, STEP).unwrap());
            (end <= reader.position()).then_some(())
        });
        messages
    }

    /// Keys and values of each partition of a topic.
    fn content(&self, topic: Topic) -> Vec<Vec<KeyAndValue>> {
        let partitions = 0..self.log.partitions(topic).unwrap();
        let read = |partition| self.read(topic, partition).into_iter();
        partitions
            .map(|partition| read(partition).map(|message| (message.key, message.value)).collect())
            .collect()
    }
}

/// A record as far as it is the same in every run.
type KeyAndValue = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Calls `found` until it finds something; it waits by itself.
fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(std::time::Instant::now() < deadline, "no {what} within {PATIENCE:?}");
        std::thread::park_timeout(STEP);
    }
}

/// The instances come, go and die while articles and their copies flow; answers all that was sent, in order.
fn rebalance(dedupers: &mut Dedupers<'_>) -> Vec<Item> {
    let mut wire = Wire::default();
    let mut sent = Vec::new();
    let mut send = |dedupers: &Dedupers<'_>| {
        let items = wire.round();
        dedupers.send(&items);
        sent.extend(items);
    };
    // One instance has all.
    dedupers.start("one");
    dedupers.share(6);
    send(dedupers);
    dedupers.decide(usize::MAX);
    // Two more come while it works.
    send(dedupers);
    dedupers.decide(1);
    dedupers.start("two");
    dedupers.start("three");
    send(dedupers);
    dedupers.share(2);
    send(dedupers);
    dedupers.decide(usize::MAX);
    // One dies at work; it comes back under its name once the others have its share.
    send(dedupers);
    dedupers.decide(1);
    dedupers.kill("two");
    send(dedupers);
    dedupers.share(3);
    send(dedupers);
    dedupers.decide(1);
    dedupers.start("two");
    dedupers.share(2);
    send(dedupers);
    dedupers.decide(1);
    // The one that saw all from the beginning leaves at work.
    dedupers.stop("one");
    send(dedupers);
    dedupers.share(3);
    send(dedupers);
    dedupers.decide(usize::MAX);
    sent
}

/// Each article has one record, each copy is one of its original, and nothing else is a copy.
fn copies_meet(items: &[Item], dedupers: &Dedupers<'_>) {
    let mut originals = BTreeMap::new();
    for (partition, records) in dedupers.content(Topic::Deduplicated).iter().enumerate() {
        for (_, value) in records {
            let record: Deduplicated = serde_json::from_slice(value.as_deref().unwrap()).unwrap();
            let original = record.duplicate.map(|copy| copy.original);
            let before = originals.insert(record.article.id.clone(), (partition, original));
            assert_eq!(before, None, "{} was decided on twice", record.article.id);
        }
    }
    assert_eq!(originals.len(), items.len());
    for item in items {
        let expected = (item.script.partition() as usize, item.original.clone());
        let id = &item.cleaned.article.id;
        assert_eq!(originals.get(id), Some(&expected), "{id} of script {:?}", item.script);
    }
}

#[test]
fn three_dedupers_find_what_one_finds_across_a_rebalance_and_a_kill() {
    let Some(broker) = Broker::shared() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut several = Dedupers::new(broker, directory.path());
    let items = rebalance(&mut several);
    assert!(
        Script::ALL
            .iter()
            .all(|script| items.iter().any(|item| item.script == *script))
    );
    copies_meet(&items, &several);

    let mut single = Dedupers::new(broker, directory.path());
    single.send(&items);
    single.start("one");
    single.decide(usize::MAX);
    for topic in [Topic::Deduplicated, Topic::Memory(StageName::Deduper)] {
        assert!(
            several.content(topic) == single.content(topic),
            "{topic:?} is not what one instance writes"
        );
    }
    for dedupers in [several, single] {
        for running in dedupers.running.into_values() {
            assert!(running.terminate().success());
        }
    }
}
