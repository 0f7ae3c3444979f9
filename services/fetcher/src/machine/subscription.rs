//! One source with what is known of its feed and of the entries that the feed showed.

mod seen;

use schemas::canonical::host_of;
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedState, Follows, SeenEntry};
use schemas::memory::lease::LeaseState;
use schemas::source::Source;
use schemas::time::Timestamp;

use super::Health;
use crate::health::Standing;
pub(super) use seen::{Mark, Seen};

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
    pub(super) seen: Seen,
    /// The host and time under which the next poll is scheduled.
    pub(super) scheduled: Option<(String, Timestamp)>,
    /// The host and time under which the hub is asked next.
    pub(super) lease_scheduled: Option<(String, Timestamp)>,
    /// The operator removed it: what is left is to be forgotten.
    pub(super) removed: bool,
}

impl Subscription {
    /// True while the feed is to be polled: the operator wants it, and nothing says that somebody else does it or that
    /// it has ended.
    pub(super) fn is_polled(&self) -> bool {
        let state = self.state.as_ref();
        let is_over = state.is_some_and(|state| state.ended && !self.is_restarted());
        let follows = state.is_some_and(|state| state.follows.is_some() && !self.is_restarted());
        self.source.as_ref().is_some_and(|source| !source.paused) && !is_over && !follows
    }

    /// True when the operator added or resumed the source after the last answer.
    pub(super) fn is_restarted(&self) -> bool {
        let added_at = self.source.as_ref().and_then(|source| source.added_at);
        let polled_at = self
            .state
            .as_ref()
            .and_then(|state| state.polled_at.max(state.last_success_at));
        added_at.is_some_and(|added_at| polled_at.is_some_and(|polled_at| polled_at < added_at))
    }

    /// The host and time of the next poll; `None` when there is to be none. `has_reader` says of a source of this
    /// machine that is followed whether it is still polled.
    pub(super) fn wanted_schedule(&self, has_reader: impl Fn(&SourceId) -> bool) -> Option<(String, Timestamp)> {
        let source = self.source.as_ref().filter(|source| !source.paused)?;
        let home = host_of(&source.url)?;
        let Some(state) = &self.state else {
            return Some((home, Timestamp::default()));
        };
        if self.is_restarted() {
            let added_at = source.added_at.unwrap_or_default();
            let waits = state.ended || state.follows.is_some();
            return Some((
                home,
                if waits {
                    added_at
                } else {
                    added_at.min(state.next_poll_at)
                },
            ));
        }
        let lost = |follows: &Follows| !follows.elsewhere && !has_reader(&follows.source_id);
        match state.follows.as_deref() {
            Some(follows) if lost(follows) => Some((home, Timestamp::default())),
            _ => (!state.ended).then_some((home, state.next_poll_at)),
        }
    }

    /// Remembers a seen entry; one whose hashes are unreadable is as good as not seen.
    pub(super) fn set_seen(&mut self, seen: &SeenEntry) {
        let hashes = (parse_hash(&seen.entry), parse_hash(&seen.fingerprint));
        if let (Some(entry), Some(fingerprint)) = hashes {
            self.seen
                .insert(Mark::new(entry, fingerprint, seen.last_seen_at, seen.changes));
        }
    }

    /// How the feed fares; `None` for what is left of a source that is not in the list.
    pub(super) fn health(&self, now: Timestamp) -> Option<Health> {
        let source = self.source.as_ref()?;
        let state = self.state.as_ref();
        let host_is_known = host_of(&source.url).is_some();
        Some(Health {
            source_id: source.id.clone(),
            standing: Standing::of(source, state, now),
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
