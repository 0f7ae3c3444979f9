//! Who asked for what: the evidence for tests of politeness.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Milliseconds between the start of the newsroom and the request.
    pub at_ms: u64,
    /// The key of the site, for example `courier`.
    pub site: String,
    /// Host and port as the request named them.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The status of the answer; 0 while none has been given.
    pub status: u16,
    /// The `User-Agent`, empty when there was none.
    pub user_agent: String,
    /// Whether the request carried `If-None-Match` or `If-Modified-Since`.
    pub conditional: bool,
    /// The `Accept-Encoding`, empty when there was none.
    pub accept_encoding: String,
}

/// The log of a newsroom.
#[derive(Debug)]
pub(crate) struct AccessLog {
    started: Instant,
    hits: Mutex<Vec<Hit>>,
}

impl AccessLog {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            hits: Mutex::new(Vec::new()),
        }
    }

    /// Since the newsroom started.
    pub(crate) fn elapsed(&self) -> std::time::Duration {
        self.started.elapsed()
    }

    /// Notes a request on arrival, so that one that is never answered is seen too. Gives its number.
    pub(crate) fn arrived(&self, mut hit: Hit) -> usize {
        hit.at_ms = u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        hits.push(hit);
        hits.len() - 1
    }

    /// Notes the answer to request `number`.
    pub(crate) fn answered(&self, number: usize, status: u16) {
        if let Some(hit) = self.hits.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number) {
            hit.status = status;
        }
    }

    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.hits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
