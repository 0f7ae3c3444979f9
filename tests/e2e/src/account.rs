//! Whether everything that was fetched is accounted for: fetched = sum of fates, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use schemas::fate::FateRecord;
use serde_json::Value;

use crate::program::fail;
use crate::topics::read;

/// How often each fetch is in a topic.
type Counts = BTreeMap<String, usize>;

fn counts(ids: impl Iterator<Item = String>) -> Counts {
    let mut counts = Counts::new();
    ids.for_each(|id| *counts.entry(id).or_default() += 1);
    counts
}

fn fetched_ids(fetched: &[Value]) -> Counts {
    counts(fetched.iter().map(|record| match record["trace"]["fetch_id"].as_str() {
        Some(id) => id.to_owned(),
        None => fail(&format!("a fetched record without a fetch id: {record}")),
    }))
}

/// The fates of what was fetched; an entry that never was ends outside of the sum.
fn ended_ids(fates: &[FateRecord]) -> Counts {
    let ended = fates.iter().filter(|fate| fate.fate != "not_fetched");
    counts(ended.map(|fate| fate.fetch_id.to_string()))
}

/// Fetched = sum of fates, each fetch with exactly one.
///
/// # Panics
/// When it is not so.
pub fn conserves(fates: &[FateRecord], fetched: &[Value]) {
    let (fetched, ended) = (fetched_ids(fetched), ended_ids(fates));
    assert_eq!(fetched, ended, "fetched items and fates differ");
    assert_each_once(&fetched, "fetched");
}

/// The same while the program goes on: all that is fetched by now gets its one fate within `patience`, no fate is of
/// anything that was not fetched, and nothing is there twice.
///
/// # Panics
/// When it is not so.
pub fn conserves_as_it_runs(place: &[String], patience: Duration) {
    let deadline = Instant::now() + patience;
    let before = fetched_ids(&read("articles.fetched", place));
    let ended = loop {
        let ended = ended_ids(&read("fates", place));
        let open: Vec<_> = before.keys().filter(|id| !ended.contains_key(*id)).collect();
        if open.is_empty() {
            break ended;
        }
        assert!(Instant::now() < deadline, "no fate within {patience:?}: {open:?}");
    };
    let after = fetched_ids(&read("articles.fetched", place));
    let strange: BTreeSet<_> = ended.keys().filter(|id| !after.contains_key(*id)).collect();
    assert!(strange.is_empty(), "fates of what was never fetched: {strange:?}");
    assert_each_once(&after, "fetched");
    assert_each_once(&ended, "fates");
}

fn assert_each_once(counts: &Counts, topic: &str) {
    let repeated: Vec<_> = counts.iter().filter(|(_, count)| **count != 1).collect();
    assert!(repeated.is_empty(), "more than once in {topic}: {repeated:?}");
}
