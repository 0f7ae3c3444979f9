//! One source with what is known of its feed and of the entries that the feed showed.

use std::collections::BTreeMap;

use schemas::canonical::host_of;
use schemas::memory::fetcher::{FeedState, SeenEntry};
use schemas::memory::lease::LeaseState;
use schemas::source::Source;
use schemas::time::Timestamp;

use super::Health;

/// What is kept of a seen entry: there are tens for each feed, so they are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) fingerprint: u64,
    pub(super) last_seen_at: Timestamp,
    pub(super) changes: u32,
}

/// One source. Each part comes and goes on its own, in any order.
#[derive(Debug, Default)]
pub(super) struct Subscription {
    /// What the operator wants; `None` before the list of sources was read, and after a removal.
    pub(super) source: Option<Source>,
    /// How the feed stands; `None` before the first answer.
    pub(super) state: Option<FeedState>,
    /// The subscription at a WebSub hub.
    pub(super) lease: Option<LeaseState>,
    /// Seen entries by the hash of their id or link.
    pub(super) seen: BTreeMap<u64, Mark>,
    /// The host and time under which the next poll is scheduled.
    pub(super) scheduled: Option<(String, Timestamp)>,
    /// The operator removed it: what is left is to be forgotten.
    pub(super) removed: bool,
}

impl Subscription {
    /// The URL to request now: of a redirect that is being followed, else of the feed.
    pub(super) fn request_url(&self) -> Option<&str> {
        let detour = self.state.as_ref().and_then(|state| state.detour.as_ref());
        let moved = self.state.as_ref().map(|state| state.url.as_str());
        let given = self.source.as_ref().map(|source| source.url.as_str());
        detour.map(|detour| detour.url.as_str()).or(moved).or(given)
    }

    /// The host and time of the next poll; `None` when there is to be none.
    pub(super) fn wanted_schedule(&self) -> Option<(String, Timestamp)> {
        let source = self.source.as_ref()?;
        let ended = self.state.as_ref().is_some_and(|state| state.ended);
        if source.paused || ended {
            return None;
        }
        let due = self
            .state
            .as_ref()
            .map_or_else(Timestamp::default, |state| state.next_poll_at);
        Some((host_of(self.request_url()?)?, due))
    }

    /// Remembers a seen entry; one whose hashes are unreadable is as good as not seen.
    pub(super) fn set_seen(&mut self, seen: &SeenEntry) {
        let hashes = (parse_hash(&seen.entry), parse_hash(&seen.fingerprint));
        if let (Some(entry), Some(fingerprint)) = hashes {
            let mark = Mark {
                fingerprint,
                last_seen_at: seen.last_seen_at,
                changes: seen.changes,
            };
            self.seen.insert(entry, mark);
        }
    }

    /// How the feed fares; `None` for what is left of a source that is not in the list.
    pub(super) fn health(&self) -> Option<Health> {
        let source = self.source.as_ref()?;
        let state = self.state.as_ref();
        let host_is_known = host_of(&source.url).is_some();
        Some(Health {
            source_id: source.id.clone(),
            url: state.map_or(&source.url, |state| &state.url).clone(),
            last_success_at: state.and_then(|state| state.last_success_at),
            last_new_at: state.and_then(|state| state.last_new_at),
            failures: state.map_or(0, |state| state.failures),
            last_error: match host_is_known {
                true => state.and_then(|state| state.last_error.clone()),
                false => Some("its URL names no host".to_owned()),
            },
            next_poll_at: self.scheduled.as_ref().map(|(_, due)| *due),
            ended: state.is_some_and(|state| state.ended),
        })
    }

    /// True when nothing is left of it.
    pub(super) fn is_empty(&self) -> bool {
        self.source.is_none() && self.state.is_none() && self.lease.is_none() && self.seen.is_empty()
    }
}

/// A hash as memory records spell it.
pub(super) fn hash_text(hash: u64) -> String {
    format!("{hash:016x}")
}

/// The hash of such a text.
pub(super) fn parse_hash(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
