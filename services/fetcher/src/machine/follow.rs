//! One request per feed and interval, however many subscriptions point there.
//!
//! A subscription that moved to a feed which another subscription reads follows that one: its entries come through the
//! other. It looks again every day, and at once when the other is removed, paused, ended or itself moved on. Of a reader
//! in another partition nobody tells it, so it asks there as often as such a reader may be silent.

use std::collections::BTreeSet;

use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedState, FetcherMemory, Follows};
use stage::Decision;

use super::backoff::{DAY, SECOND, jittered};
use super::poll::Poll;
use super::subscription::Subscription;
use super::{Fetcher, Step};
use crate::stable_hash::stable_hash;

/// Who moved where and who follows whom among the subscriptions of one machine.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Subscriptions that moved, by the hash of the URL where they are now.
    moved: BTreeSet<(u64, SourceId)>,
    /// Followed source and follower.
    followers: BTreeSet<(SourceId, SourceId)>,
}

/// What the index holds of one subscription.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    moved_to: Option<u64>,
    follows: Option<SourceId>,
}

impl Place {
    pub(super) fn of(subscription: &Subscription) -> Self {
        let state = subscription.state.as_ref();
        Self {
            moved_to: state
                .filter(|state| has_moved(subscription, state))
                .map(|state| stable_hash(&[state.url.as_bytes()])),
            follows: state
                .and_then(|state| state.follows.as_ref())
                .filter(|follows| !follows.elsewhere)
                .map(|follows| follows.source_id.clone()),
        }
    }
}

fn has_moved(subscription: &Subscription, state: &FeedState) -> bool {
    subscription
        .source
        .as_ref()
        .is_some_and(|source| source.url != state.url)
}

impl Index {
    /// Replaces what it holds of `id`.
    pub(super) fn change(&mut self, id: &SourceId, old: Place, new: Place) {
        if let Some(hash) = old.moved_to {
            self.moved.remove(&(hash, id.clone()));
        }
        if let Some(followed) = old.follows {
            self.followers.remove(&(followed, id.clone()));
        }
        self.moved.extend(new.moved_to.map(|hash| (hash, id.clone())));
        self.followers
            .extend(new.follows.map(|followed| (followed, id.clone())));
    }

    /// Those that follow `id`.
    pub(super) fn followers_of(&self, id: &SourceId) -> Vec<SourceId> {
        let from = (id.clone(), SourceId::default());
        let of_id = self.followers.range(from..).take_while(|(followed, _)| followed == id);
        of_id.map(|(_, follower)| follower.clone()).collect()
    }

    fn moved_to(&self, url: &str) -> impl Iterator<Item = &SourceId> {
        let hash = stable_hash(&[url.as_bytes()]);
        let there = self.moved.range((hash, SourceId::default())..);
        there.take_while(move |(other, _)| *other == hash).map(|(_, id)| id)
    }
}

/// The subscription of this machine that reads the feed at `url`, other than `asker`: one that was added with this
/// URL, else the first that moved there.
pub(super) fn reader_here<'a>(fetcher: &'a Fetcher, url: &str, asker: &SourceId) -> Option<&'a SourceId> {
    let added_there = SourceId::of_url(url);
    let added_there = fetcher
        .subscriptions
        .get_key_value(&added_there)
        .filter(|(_, subscription)| !has_moved_away(subscription))
        .map(|(id, _)| id);
    let mut candidates = added_there.into_iter().chain(fetcher.follow.moved_to(url));
    candidates.find(|id| {
        let subscription = fetcher.subscriptions.get(*id);
        *id != asker && subscription.is_some_and(|known| known.is_polled() && reads_well(known))
    })
}

fn has_moved_away(subscription: &Subscription) -> bool {
    let state = subscription.state.as_ref();
    state.is_some_and(|state| has_moved(subscription, state))
}

fn reads_well(subscription: &Subscription) -> bool {
    let state = subscription.state.as_ref();
    state.is_some_and(|state| state.failures == 0 && state.last_success_at.is_some())
}

impl Poll<'_> {
    /// The reader of this machine that a poll of `url` would repeat. Of two that moved to one address, the one whose
    /// id sorts first reads it.
    pub(super) fn reader_of(&self, url: &str) -> Option<SourceId> {
        let reader = reader_here(self.fetcher, url, &self.source.id)?;
        let state = self.subscription.state.as_ref();
        let lives_there = state.is_some_and(|state| state.url == url && state.follows.is_none());
        let reader_moved = self.fetcher.subscriptions.get(reader).is_some_and(has_moved_away);
        (!lives_there || !reader_moved || *reader < self.source.id).then(|| reader.clone())
    }

    /// From now on `reader` reads the feed at `url`.
    pub(super) fn followed(&self, url: &str, reader: &SourceId, elsewhere: bool) -> Step {
        let silence = 2 * i64::from(self.fetcher.settings.poll_interval_max_seconds) * SECOND;
        let wait = if elsewhere { silence.min(DAY) } else { DAY };
        let wait = jittered(wait, self.source.id.as_str(), self.now);
        Step::new(Decision::done()).and_remember(FetcherMemory::Feed(FeedState {
            url: url.to_owned(),
            next_poll_at: self.now.plus_millis(wait),
            detour: None,
            etag: None,
            last_modified: None,
            failures: 0,
            failed_status: 0,
            last_error: None,
            ended: false,
            polled_at: self.polled_at(),
            follows: Some(Box::new(Follows {
                source_id: reader.clone(),
                elsewhere,
            })),
            ..self.state()
        }))
    }
}
