//! What the machine says: what was decided, what to do next, how feeds fare.

use schemas::fate::{Fate, NotFetchedReason};
use schemas::frontier::FrontierEntry;
use schemas::id::{FetchId, SourceId, frontier_key};
use schemas::memory::fetcher::FetcherMemory;
use schemas::time::Timestamp;
use stage::Decision;

use crate::exchange::Request;
use crate::found::Found;
use crate::health::Standing;

/// What was decided, to be committed whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The verdict, the records and the memory.
    pub decision: Decision<Found, FetcherMemory>,
    /// The entry that the verdict is about; present exactly when the verdict is not `Pass`.
    pub subject: Option<Subject>,
}

impl Step {
    pub(super) fn new(decision: Decision<Found, FetcherMemory>) -> Self {
        Self {
            decision,
            subject: None,
        }
    }

    /// `entry` ends without having been fetched.
    pub(super) fn not_fetched(entry: &FrontierEntry, reason: NotFetchedReason) -> Self {
        Self {
            decision: Decision::end(Fate::NotFetched(reason)),
            subject: Some(Subject {
                fetch_id: FetchId(frontier_key(&entry.url)),
                requested_url: entry.requested_url.clone(),
                source_id: entry.source_id.clone(),
            }),
        }
    }

    pub(super) fn and_remember(mut self, change: FetcherMemory) -> Self {
        self.decision.memory.push(change);
        self
    }

    pub(super) fn and_forget(self, key: String) -> Self {
        self.and_remember(FetcherMemory::Forget { key })
    }

    pub(super) fn and_found(mut self, found: Found) -> Self {
        self.decision.records.push(found);
        self
    }
}

/// An entry of the frontier that ends without having been fetched: what its fate record needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Stands in for the fetch id: the key of the entry on the frontier.
    pub fetch_id: FetchId,
    /// The URL as the feed spelled it.
    pub requested_url: String,
    /// The source that led to it.
    pub source_id: SourceId,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Make this request and hand its answer to [`Fetcher::answer`](super::Fetcher::answer).
    Request(Box<Request>),
    /// Commit and apply this step: an entry ended without a request (robots.txt forbids it, it waited too long).
    Decided(Box<Step>),
    /// Nothing can be done before this time, or before a busy host is free or something new comes.
    Wait(Option<Timestamp>),
}

/// How a feed fares, for `copydesk sources list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The source.
    pub source_id: SourceId,
    /// How it fares, in a word.
    pub standing: Standing,
    /// Where the feed is now.
    pub url: String,
    /// The last answer that could be read.
    pub last_success_at: Option<Timestamp>,
    /// The last poll that showed something new.
    pub last_new_at: Option<Timestamp>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Why the last poll failed.
    pub last_error: Option<String>,
    /// The next poll; `None` when it is paused or has ended.
    pub next_poll_at: Option<Timestamp>,
    /// True when the server said that it is gone for good.
    pub ended: bool,
}
