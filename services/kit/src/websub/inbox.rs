//! What hubs say and send, on its way to the instance that owns the feed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fetcher::websub::intent::Intent;
use fetcher::websub::keys::Callback;
use schemas::canonical::host_of;
use schemas::frontier::{Delivery, ErrandPurpose, HeaderLine, HubMode, Outcome};
use schemas::id::SourceId;
use schemas::record::{EncodeError, Record as _};
use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::wanted::Wanted;
use crate::log::{Log, LogError, Produce, partitioner};

/// How long a request waits for the list of sources at most.
const LIST_WAIT_MAX: Duration = Duration::from_secs(10);

/// A hub that says again within this what it said last says nothing new, in milliseconds.
const REPETITION_MILLIS: i64 = 10_000;

/// Callbacks whose last word is kept, before those are dropped whose time is over.
const WORDS_MAX: usize = 1_000;

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum InboxError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Record(#[from] EncodeError),
    #[error("the list of sources is not read to its end yet")]
    Behind,
    #[error("the callback is stopping")]
    Stopping,
}

/// Writes deliveries for feeds that are wanted. Everything here blocks.
pub(super) struct Inbox {
    log: Arc<dyn Log>,
    /// Opened by the first request, and again after a failure.
    wanted: Mutex<Option<Wanted>>,
    /// What hubs said last, and when.
    words: Mutex<BTreeMap<Callback, (Outcome, Timestamp)>>,
    list_wait_max: Duration,
}

impl Inbox {
    pub(super) fn new(log: Arc<dyn Log>) -> Self {
        Self {
            log,
            wanted: Mutex::new(None),
            words: Mutex::default(),
            list_wait_max: LIST_WAIT_MAX,
        }
    }

    /// Writes down what a hub said; false, and nothing written, when the source is not wanted.
    pub(super) fn note(&self, callback: &Callback, intent: Intent, now: Timestamp) -> Result<bool, InboxError> {
        let (topic, outcome) = match intent {
            Intent::Subscribe {
                topic, lease_seconds, ..
            } => (topic, Outcome::Granted { lease_seconds }),
            Intent::Denied { topic, reason } => (topic, Outcome::Denied { reason }),
            // Nobody waits for the end of what is no longer in the list.
            Intent::Unsubscribe { .. } => return Ok(self.feed_of(&callback.source_id)?.is_some()),
        };
        let purpose = ErrandPurpose::Hub {
            source_id: callback.source_id.clone(),
            topic,
            mode: HubMode::Subscribe,
        };
        if self.is_repeated(callback, &outcome, now) {
            return Ok(self.feed_of(&callback.source_id)?.is_some());
        }
        let is_wanted = self.deliver(&callback.source_id, purpose, outcome.clone(), now)?;
        if is_wanted {
            self.remember(callback, outcome, now);
        }
        Ok(is_wanted)
    }

    /// Whether the hub said the same just now, and it was written down.
    fn is_repeated(&self, callback: &Callback, outcome: &Outcome, now: Timestamp) -> bool {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let last = words.get(callback);
        last.is_some_and(|(word, at)| word == outcome && is_recent(*at, now))
    }

    fn remember(&self, callback: &Callback, outcome: Outcome, now: Timestamp) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if WORDS_MAX <= words.len() {
            words.retain(|_, (_, at)| is_recent(*at, now));
        }
        words.insert(callback.clone(), (outcome, now));
    }

    /// Writes down content that a hub sent; false, and nothing written, when the source is not wanted.
    pub(super) fn take(
        &self,
        callback: &Callback,
        content_type: Option<String>,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<bool, InboxError> {
        let purpose = ErrandPurpose::Feed {
            source_id: callback.source_id.clone(),
        };
        let headers = content_type.map(|value| HeaderLine {
            name: "content-type".to_owned(),
            value,
        });
        let outcome = Outcome::Response {
            status: 200,
            headers: headers.into_iter().collect(),
            body,
        };
        self.deliver(&callback.source_id, purpose, outcome, now)
    }

    /// True only when the delivery is durable.
    fn deliver(
        &self,
        source: &SourceId,
        purpose: ErrandPurpose,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<bool, InboxError> {
        let Some(url) = self.feed_of(source)? else {
            return Ok(false);
        };
        let delivery = Delivery {
            purpose,
            owner: host_of(&url).unwrap_or_default(),
            url,
            asked_at: now,
            answered_at: now,
            pushed: true,
            outcome,
            ..Delivery::default()
        };
        let encoded = delivery.encode()?;
        let count = self.log.partitions(Topic::Frontier)?;
        let partition = partitioner::partition(&encoded.place, 0, count);
        self.log.append(vec![Produce::new(encoded, partition)])?;
        Ok(true)
    }

    /// The URL of the source's feed, when it is wanted.
    fn feed_of(&self, source: &SourceId) -> Result<Option<String>, InboxError> {
        // A panic elsewhere leaves at worst a list that is behind, and it is read on below.
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = match wanted.take() {
            Some(list) => list,
            None => Wanted::open(self.log.as_ref())?,
        };
        // After a failure the list is not put back, so that it is read anew.
        let is_whole = list.follow(self.log.as_ref(), self.list_wait_max)?;
        let url = list.url(source).map(str::to_owned);
        *wanted = Some(list);
        match is_whole {
            true => Ok(url),
            // A hub may end a subscription that we seem not to know. The next request reads on.
            false => Err(InboxError::Behind),
        }
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    (0..REPETITION_MILLIS).contains(&now.millis_since(at))
}

#[cfg(test)]
mod tests;
