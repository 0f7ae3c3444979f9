//! What the deduper joins and what it keeps apart, on articles of our own writing.

mod articles;
mod edits;
mod languages;
mod memory;
mod moves;
mod older;
mod origin;
mod stage;
mod stories;
mod traps;

use deduper::deduper::{Article, Config, Deduper, Outcome, Verdict};

/// Noon of some day, milliseconds since 1970.
const NOON: i64 = 1_780_000_000_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A deduper with some settled articles of other stories, so that common words are known to be common.
fn newsroom() -> Deduper {
    let mut deduper = Deduper::new(Config::default());
    for (at, (title, text)) in articles::BACKGROUND.iter().enumerate() {
        let id = format!("background-{at}");
        take(&mut deduper, &article(&id, "gazette", title, text), NOON - HOUR);
    }
    deduper
}

fn article<'a>(id: &'a str, source: &'a str, title: &'a str, text: &'a str) -> Article<'a> {
    Article {
        id,
        fetch_id: id,
        source,
        url: "",
        title,
        text,
        published: None,
    }
}

/// Decides and applies.
fn take(deduper: &mut Deduper, article: &Article<'_>, now: i64) -> Outcome {
    let outcome = deduper.decide(article, now);
    outcome.memory.iter().for_each(|change| deduper.apply(change));
    outcome
}

/// The cluster that an outcome joins, if it is a copy.
fn joined(outcome: &Outcome) -> Option<&str> {
    match &outcome.verdict {
        Verdict::News { duplicate, .. } => duplicate.as_ref().map(|duplicate| duplicate.cluster.as_str()),
        Verdict::Unchanged => None,
    }
}
