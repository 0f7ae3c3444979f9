//! Who asked for what: the evidence for tests of politeness.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hit {
    /// Milliseconds between the start of the newsroom and the request (monotonic).
    pub at_ms: u64,
    /// Milliseconds between the start of the newsroom and the end of the exchange: the answer was handed to the
    /// socket, or the client hung up. `None` while it is under way.
    pub ended_ms: Option<u64>,
    /// The key of the site, for example `courier`. Every site is a host of its own (one address and port), so this
    /// is also the unit of politeness.
    pub site: String,
    /// Host and port as the request named them.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The status of the answer; 0 while none has been given.
    pub status: u16,
    /// How many requests to this site were under way when this one arrived, itself included.
    pub open_on_site: usize,
    /// The client's port: the same for all requests of one connection, other for connections at one time.
    pub peer_port: u16,
    /// The `User-Agent`, empty when there was none.
    pub user_agent: String,
    /// Whether the request carried `If-None-Match` or `If-Modified-Since`.
    pub conditional: bool,
    /// The `If-None-Match`, each byte as the character of the same number; no byte is lost.
    pub if_none_match: Option<String>,
    /// The `If-Modified-Since`, as `if_none_match`.
    pub if_modified_since: Option<String>,
    /// The `Accept-Encoding`, empty when there was none.
    pub accept_encoding: String,
    /// The pause that the answer asked for in `Retry-After`, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Bytes of the answer that the client took, its head included. Counted by misbehaving sites only.
    pub sent_bytes: u64,
}

#[derive(Debug, Default)]
struct Entries {
    hits: Vec<Hit>,
    under_way: BTreeMap<String, usize>,
}

/// The log of a newsroom.
#[derive(Debug)]
pub(crate) struct AccessLog {
    started: Instant,
    entries: Mutex<Entries>,
}

/// A request that is being answered. Dropping it ends it, so that a client that hangs up is noted too.
#[derive(Debug)]
pub(crate) struct Exchange<'log> {
    log: &'log AccessLog,
    number: usize,
}

impl AccessLog {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            entries: Mutex::default(),
        }
    }

    /// Since the newsroom started.
    pub(crate) fn elapsed(&self) -> std::time::Duration {
        self.started.elapsed()
    }

    /// Milliseconds since the newsroom started.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Notes a request on arrival, so that one that is never answered is seen too. Times and concurrency are the
    /// log's own; the caller says what the request carried.
    pub(crate) fn arrived(&self, mut hit: Hit) -> Exchange<'_> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        hit.at_ms = self.now_ms();
        let under_way = entries.under_way.entry(hit.site.clone()).or_default();
        *under_way += 1;
        hit.open_on_site = *under_way;
        entries.hits.push(hit);
        Exchange {
            log: self,
            number: entries.hits.len() - 1,
        }
    }

    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).hits.clone()
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Hit)) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hit) = entries.hits.get_mut(number) {
            change(hit);
        }
    }
}

impl Exchange<'_> {
    /// Notes the answer that is about to go out.
    pub(crate) fn answered(&self, status: u16, retry_after_ms: Option<u64>) {
        self.log.change(self.number, |hit| {
            hit.status = status;
            hit.retry_after_ms = retry_after_ms;
        });
    }

    /// Notes bytes that the client took.
    pub(crate) fn sent(&self, bytes: usize) {
        self.log.change(self.number, |hit| hit.sent_bytes += bytes as u64);
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        let now = self.log.now_ms();
        let mut entries = self.log.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(hit) = entries.hits.get_mut(self.number) else {
            return;
        };
        hit.ended_ms = Some(now);
        let site = hit.site.clone();
        if let Some(under_way) = entries.under_way.get_mut(&site) {
            *under_way = under_way.saturating_sub(1);
        }
    }
}
