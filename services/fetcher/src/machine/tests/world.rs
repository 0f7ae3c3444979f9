//! A hand-moved clock, an origin that answers from a table, and a log of everything that was committed.

use std::collections::{BTreeMap, BTreeSet};

use schemas::fate::Fate;
use schemas::fetched::Fetched;
use schemas::frontier::FrontierRecord;
use schemas::memory::fetcher::FetcherMemory;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use stage::Verdict;

use crate::exchange::{Answer, Failure, FailureKind, Request, Response};
use crate::found::Found;
use crate::machine::{Fetcher, Next, Step};
use crate::settings::Settings;

/// What the origin answers.
pub(super) type Origin = Box<dyn FnMut(&Request, Timestamp) -> Answer>;

pub(super) struct World {
    pub(super) now: Timestamp,
    pub(super) fetcher: Fetcher,
    pub(super) settings: Settings,
    /// The compacted memory topic.
    pub(super) memory: BTreeMap<String, FetcherMemory>,
    pub(super) sources: Vec<Source>,
    /// The origin's access log.
    pub(super) requests: Vec<(Timestamp, Request)>,
    pub(super) fetched: Vec<Fetched>,
    pub(super) fates: Vec<(String, Fate)>,
    /// Records on their way to the machine.
    pub(super) frontier: Vec<FrontierRecord>,
    /// Time between request and answer.
    pub(super) latency_millis: i64,
    /// Drop the machine and recall it after this many commits.
    pub(super) recall_every: Option<usize>,
    commits: usize,
    /// When the present machine was made.
    pub(super) started_at: Timestamp,
}

pub(super) fn settings() -> Settings {
    Settings {
        product_token: "Newsbot".to_owned(),
        poll_interval_min_seconds: 60,
        poll_interval_max_seconds: 3_600,
        ask_tdmrep: false,
        ..Settings::default()
    }
}

impl World {
    pub(super) fn new(feeds: &[&str]) -> Self {
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let sources: Vec<Source> = feeds.iter().map(|url| Source::of_url(url)).collect();
        let mut world = Self {
            now,
            fetcher: Fetcher::new(settings(), now),
            settings: settings(),
            memory: BTreeMap::new(),
            sources,
            requests: Vec::new(),
            fetched: Vec::new(),
            fates: Vec::new(),
            frontier: Vec::new(),
            latency_millis: 50,
            recall_every: None,
            commits: 0,
            started_at: now,
        };
        world.recall();
        world
    }

    /// Drops the machine and folds a new one from the compacted memory.
    pub(super) fn recall(&mut self) {
        self.started_at = self.now;
        self.fold();
    }

    /// Folds a new machine that started when the present one did.
    pub(super) fn fold(&mut self) {
        self.fetcher = Fetcher::new(self.settings.clone(), self.started_at);
        for change in self.memory.values() {
            self.fetcher.apply(change);
        }
        for source in &self.sources {
            self.fetcher.apply_source(&SourceChange::Set(source.clone()));
        }
    }

    pub(super) fn commit(&mut self, step: Step) {
        match (step.decision.verdict, step.subject) {
            (Verdict::Pass, None) => {}
            (Verdict::End(fate), Some(subject)) => self.fates.push((subject.requested_url, fate)),
            other => panic!("a verdict without its subject: {other:?}"),
        }
        for found in step.decision.records {
            match found {
                Found::Entry(entry) => self.frontier.push(FrontierRecord::Entry(entry)),
                Found::Errand(errand) => self.frontier.push(FrontierRecord::Errand(errand)),
                Found::Delivery(delivery) => self.frontier.push(FrontierRecord::Delivery(delivery)),
                Found::Fetched(fetched) => self.fetched.push(*fetched),
            }
        }
        for change in step.decision.memory {
            self.fetcher.apply(&change);
            match change {
                FetcherMemory::Forget { key } => self.memory.remove(&key),
                kept => self.memory.insert(kept.key(), kept),
            };
        }
        self.commits += 1;
        if self
            .recall_every
            .is_some_and(|every| self.commits.is_multiple_of(every))
        {
            self.recall();
        }
    }

    /// Takes what is on the frontier now; what follows from it stays there.
    pub(super) fn take_once(&mut self) {
        for record in std::mem::take(&mut self.frontier) {
            let step = self.fetcher.take(record, self.now);
            self.commit(step);
        }
    }

    /// Takes everything from the frontier.
    pub(super) fn take(&mut self) {
        while !self.frontier.is_empty() {
            let record = self.frontier.remove(0);
            let step = self.fetcher.take(record, self.now);
            self.commit(step);
        }
    }

    /// Runs until `end`, one request at a time.
    pub(super) fn run(&mut self, end: Timestamp, origin: &mut Origin) {
        self.take();
        self.run_to(end, origin, true);
    }

    /// Runs until `end`; with `takes` the machine gets what itself puts on the frontier.
    pub(super) fn run_to(&mut self, end: Timestamp, origin: &mut Origin, takes: bool) {
        loop {
            while let Some(step) = self.fetcher.due(self.now) {
                self.commit(step);
            }
            if takes {
                self.take();
            }
            match self.fetcher.next(self.now, &BTreeSet::new()) {
                Next::Request(request) => {
                    self.requests.push((self.now, (*request).clone()));
                    self.now = self.now.plus_millis(self.latency_millis);
                    let answer = origin(&request, self.now);
                    let step = self.fetcher.answer(&request, answer, self.now);
                    self.commit(step);
                }
                Next::Decided(step) => self.commit(*step),
                Next::Wait(Some(until)) if until <= end => {
                    assert!(self.now < until, "a wait must end later");
                    self.now = until;
                }
                Next::Wait(_) => break,
            }
        }
        self.now = end;
        while let Some(step) = self.fetcher.due(self.now) {
            self.commit(step);
        }
    }

    pub(super) fn run_for(&mut self, seconds: i64, origin: &mut Origin) {
        self.run(self.now.plus_millis(seconds * 1_000), origin);
    }

    pub(super) fn requested(&self, url: &str) -> usize {
        self.requests.iter().filter(|(_, request)| request.url == url).count()
    }

    pub(super) fn feed_state(&self) -> schemas::memory::fetcher::FeedState {
        let state = self.memory.values().find_map(|change| match change {
            FetcherMemory::Feed(state) => Some(state.clone()),
            _ => None,
        });
        state.unwrap()
    }
}

pub(super) fn ok(body: &str) -> Answer {
    status(200, &[], body)
}

pub(super) fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    Answer::Response(Response {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    })
}

pub(super) fn failure(kind: FailureKind) -> Answer {
    Answer::Failure(Failure {
        kind,
        detail: "said the test".to_owned(),
    })
}

/// An RSS feed with one item for each link.
pub(super) fn rss(links: &[String]) -> String {
    let item = |link: &String| format!("<item><title>On {link}</title><link>{link}</link></item>");
    let items: String = links.iter().map(item).collect();
    format!("<rss version='2.0'><channel><title>News</title>{items}</channel></rss>")
}
