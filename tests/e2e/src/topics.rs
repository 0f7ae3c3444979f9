//! Topics as a consumer sees them, through `copydesk tail`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use schemas::published::{PublicArticle, Repointing};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::program::{binary, fail, run_well};

/// All records of `topic`; tombstones are null.
///
/// # Panics
/// When the topic can't be read or a record is not a `T`.
#[must_use]
pub fn read<T: DeserializeOwned>(topic: &str, place: &[String]) -> Vec<T> {
    let arguments = ["tail", topic, "--json", "--from-start", "-n", "0"].map(str::to_owned);
    run_well(arguments.iter().chain(place)).lines().map(parse).collect()
}

/// The articles of a public topic, without the events about them.
///
/// # Panics
/// When the topic can't be read or a record is neither.
#[must_use]
pub fn articles(topic: &str, place: &[String]) -> Vec<PublicArticle> {
    let is_event = |record: &Value| {
        ["withdrawn", "repointed"]
            .iter()
            .any(|change| record["change"] == *change)
    };
    let records = read::<Value>(topic, place).into_iter();
    records
        .filter(|record| !is_event(record))
        .map(|record| parse(&record.to_string()))
        .collect()
}

/// The events of a public topic that an article is a copy from now on.
///
/// # Panics
/// When the topic can't be read or such an event is not as it should be.
#[must_use]
pub fn repointings(topic: &str, place: &[String]) -> Vec<Repointing> {
    let records = read::<Value>(topic, place).into_iter();
    let events = records.filter(|record| record["change"] == "repointed");
    events.map(|record| parse(&record.to_string())).collect()
}

fn parse<T: DeserializeOwned>(line: &str) -> T {
    match serde_json::from_str(line) {
        Ok(record) => record,
        Err(error) => fail(&format!("not the record expected: {error}: {line}")),
    }
}

/// Records of a topic as they come.
#[derive(Debug)]
pub struct Follower {
    tail: Child,
    lines: Receiver<String>,
}

impl Follower {
    /// Follows `topic` from its first record on.
    ///
    /// # Panics
    /// When the program can't be started.
    #[must_use]
    pub fn start(topic: &str, place: &[String]) -> Self {
        let mut command = Command::new(binary());
        command
            .args(["tail", topic, "--json", "--from-start", "-n", "0", "--follow"])
            .args(place);
        let spawned = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let Ok(mut tail) = spawned else {
            fail("can't start copydesk tail")
        };
        let Some(output) = tail.stdout.take() else {
            fail("no output of copydesk tail")
        };
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { tail, lines }
    }

    /// Waits until `enough` says so of the records seen so far; returns them.
    ///
    /// # Panics
    /// When that takes longer than `patience`, or the tail ends.
    pub fn wait(&self, what: &str, patience: Duration, mut enough: impl FnMut(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + patience;
        let mut records = Vec::new();
        while !enough(&records) {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => records.push(parse(&line)),
                Err(RecvTimeoutError::Timeout) => fail(&format!(
                    "no {what} within {patience:?}; {} records, the last: {:?}",
                    records.len(),
                    records.last()
                )),
                Err(RecvTimeoutError::Disconnected) => fail(&format!("the tail ended before {what}")),
            }
        }
        records
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.tail.kill();
        let _ = self.tail.wait();
    }
}
