//! Forgetting what nobody will ask for again.

use schemas::memory::fetcher::{FeedReader, FetcherMemory, HostState};
use schemas::time::Timestamp;
use stage::Decision;

use super::subscription::hash_text;
use super::{Fetcher, Step, errand, lease};

/// Records forgotten in one step, so that a step stays a small commit.
const BATCH: usize = 500;

/// The next batch, when there is one.
pub(super) fn due(fetcher: &Fetcher, now: Timestamp) -> Option<Step> {
    if let Some(step) = fetcher.removed.first().and_then(|id| lease::end(fetcher, id, now)) {
        return Some(step);
    }
    let keys = removed_source(fetcher)
        .or_else(|| idle_hosts(fetcher, now))
        .or_else(|| lost_readers(fetcher, now))?;
    let forget = |step: Step, key| step.and_forget(key);
    Some(keys.into_iter().fold(Step::new(Decision::done()), forget))
}

/// What is left of a source that the operator removed; its feed state goes last.
fn removed_source(fetcher: &Fetcher) -> Option<Vec<String>> {
    let id = fetcher.removed.first()?;
    let subscription = fetcher.subscriptions.get(id)?;
    let seen = subscription
        .seen
        .iter()
        .map(|(entry, _)| FetcherMemory::seen_key(id, &hash_text(entry)));
    let feed = subscription.state.iter().map(|_| FetcherMemory::feed_key(id));
    Some(seen.chain(feed).take(BATCH).collect())
}

/// Pacing and robots.txt of hosts that have nothing to do and whose delay and rules have run out, and what is large of
/// such hosts earlier.
fn idle_hosts(fetcher: &Fetcher, now: Timestamp) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for name in fetcher.hosts.forgettable(now).take(BATCH) {
        let host = fetcher.hosts.get(name)?;
        let is_over = |_: &&HostState| host.is_over(now);
        keys.extend(
            host.pacing
                .iter()
                .filter(is_over)
                .map(|_| FetcherMemory::host_key(name)),
        );
        keys.extend(host.robots.iter().map(|_| FetcherMemory::robots_key(name)));
        keys.extend(host.tdm.iter().map(|_| FetcherMemory::tdm_key(name)));
    }
    (!keys.is_empty()).then_some(keys)
}

/// Readers of feeds that did not come back.
fn lost_readers(fetcher: &Fetcher, now: Timestamp) -> Option<Vec<String>> {
    let is_lost = |(_, reader): &(&String, &FeedReader)| errand::forgotten_at(fetcher, reader) <= now;
    let keys: Vec<String> = fetcher
        .readers
        .iter()
        .filter(is_lost)
        .map(|(key, _)| key.clone())
        .take(BATCH)
        .collect();
    (!keys.is_empty()).then_some(keys)
}
