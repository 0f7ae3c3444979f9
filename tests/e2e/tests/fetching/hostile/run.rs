//! One run against the misbehaving sites, on any log.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use e2e::press::Press;
use e2e::program::{Running, run_well};
use e2e::topics::{articles, read};
use e2e::{account, listing};
use newsroom::Options;
use newsroom::misbehaviour::{Expect, Hostile, Seen, SeenArticle, SeenFate};
use schemas::fate::FateRecord;
use schemas::published::PublicArticle;

use super::PATIENCE;

/// So many articles of the good press come out beside the misbehaving sites.
const GOOD_ARTICLES: usize = 12;

/// The sites, and where what comes of them can be seen.
pub(super) struct Run {
    pub(super) press: Press,
    /// How the program is told where its log is.
    pub(super) place: Vec<String>,
    /// The log files of all its processes.
    pub(super) logs: Vec<PathBuf>,
    kills: usize,
}

impl Run {
    /// Opens the sites and adds them all as sources.
    pub(super) fn new(place: &[String], logs: Vec<PathBuf>) -> Self {
        let press = Press::with(Options {
            initial: GOOD_ARTICLES,
            hostile: true,
            ..Options::default()
        });
        let run = Self {
            press,
            place: place.to_vec(),
            logs,
            kills: 0,
        };
        // A lie is found at every twentieth poll: whose expectations wait for that are asked more often than others.
        let (often, seldom): (Vec<Hostile>, Vec<Hostile>) =
            run.press.newsroom().hostile().into_iter().partition(needs_many_polls);
        run.add("1", often.into_iter().map(|row| row.subscribe));
        run.add("3", seldom.into_iter().map(|row| row.subscribe));
        run_well(run.press.sources_add().iter().chain(&run.place));
        run
    }

    fn add(&self, seconds: &str, urls: impl Iterator<Item = String>) {
        let words = ["sources", "add", "--poll-interval-seconds", seconds].map(str::to_owned);
        run_well(words.into_iter().chain(urls).chain(self.place.iter().cloned()));
    }

    /// Kills the fetcher's process as a power cut would.
    pub(super) fn kill(&mut self, fetcher: Running) {
        fetcher.kill();
        self.kills += 1;
    }

    /// Waits until all that is expected of every site holds and the press is out, then checks the accounts.
    pub(super) fn check(&self) {
        let rows = self.press.newsroom().hostile();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.seen();
            let problems: Vec<String> = rows.iter().flat_map(|row| row.judge(&seen)).collect();
            if problems.is_empty() && self.press_is_out(&seen) {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "of {} sites, after {PATIENCE:?}:\n{}\nthe logs end with:\n{}",
                rows.len(),
                problems.join("\n"),
                last_lines(&seen.logs)
            );
            // Looking costs more than waiting does.
            thread::park_timeout(Duration::from_secs(2));
        }
        account::conserves_as_it_runs(&self.place, PATIENCE);
    }

    fn press_is_out(&self, seen: &Seen) -> bool {
        let has_fate = |urls: &[String]| seen.fates.iter().any(|fate| urls.contains(&fate.requested_url));
        let truth = self.press.truth();
        let mut released = truth.articles.iter().filter(|article| article.released);
        released.all(|article| has_fate(&article.requested_urls))
    }

    /// What can be seen from outside.
    fn seen(&self) -> Seen {
        let fate = |fate: FateRecord| SeenFate {
            requested_url: fate.requested_url,
            fate: fate.fate,
            reason: fate.reason,
        };
        let article = |article: PublicArticle| SeenArticle {
            requested_url: article.requested_url,
            canonical_url: article.canonical_url,
            title: article.title,
            text: article.text,
            version: article.version,
        };
        Seen {
            articles: articles("articles", &self.place).into_iter().map(article).collect(),
            fates: read("fates", &self.place).into_iter().map(fate).collect(),
            sources: listing::sources(&self.place),
            logs: self
                .logs
                .iter()
                .map(|log| fs::read_to_string(log).unwrap_or_default())
                .collect(),
            hits: self.press.hits(),
            kills: self.kills,
        }
    }
}

fn last_lines(logs: &str) -> String {
    let lines: Vec<&str> = logs.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

fn needs_many_polls(row: &Hostile) -> bool {
    let waits = |expect: &Expect| matches!(expect, Expect::Probed { .. });
    row.expectations.iter().any(waits)
}
