//! Indexes of sitemaps: one poll reads the index and then, one after the other, what has changed of what it lists.

use std::collections::BTreeMap;

use schemas::canonical::site::site_of;
use schemas::memory::fetcher::{Detour, FailedSitemap, FeedState, ListedSitemap, ReadSitemap, SitemapsState};
use schemas::time::Timestamp;
use url::Url;

use super::Poll;
use crate::exchange::Response;
use crate::feed::Feed;
use crate::machine::backoff::{DAY, HOUR, MINUTE, growing};
use crate::machine::subscription::hash_text;
use crate::machine::{Step, entries};
use crate::stable_hash::stable_hash;

/// Sitemaps that are remembered as read. One that is forgotten counts as new, and only if it changed lately.
const READ_MAX: usize = 200;

/// A sitemap that was never read is archive, and left alone, when it changed longer ago than this before the last poll.
/// Two days because many indexes state dates without a time, and in any time zone.
const SLACK: i64 = 2 * DAY;

/// Sitemaps that are remembered as failed.
const FAILED_MAX: usize = 100;

/// The wait before a sitemap that failed once is asked for again, in milliseconds.
const FAILED_WAIT: i64 = 5 * MINUTE;

impl Poll<'_> {
    /// The sitemap of an index that the poll under way asks for.
    pub(super) fn reading(&self) -> Option<&ListedSitemap> {
        let state = self.subscription.state.as_ref()?;
        let sitemaps = state.sitemaps.as_ref().filter(|_| !self.subscription.is_restarted())?;
        sitemaps.reading.as_ref()
    }

    /// An index was read: goes on to what has changed of it.
    ///
    /// It speaks for its own site only (sitemaps.org), so it can't send us to hosts that never asked for us. Its
    /// validators are kept for as long as everything that it lists was read: "not modified" would hide what was not.
    pub(super) fn read_index(&self, response: &Response, mut listed: Vec<ListedSitemap>) -> Step {
        let most = usize::try_from(self.fetcher.settings.sitemaps_per_poll_max.max(1)).unwrap_or(usize::MAX);
        let lister = self.reading().map_or(self.url, |reading| &reading.url);
        listed.retain(|one| is_of_site(&one.url, lister));
        let is_settled = listed.iter().all(|one| is_settled(one, self.now));
        let is_nested = self.reading().is_some();
        let mut state = match is_nested {
            true => self.with_reading_done(self.state(), true),
            false => self.succeeded(Some(response), None),
        };
        let sitemaps = state.sitemaps.get_or_insert_default();
        if !is_nested {
            (sitemaps.asked, sitemaps.found) = (0, 0);
            sitemaps.began_at = Some(self.now);
            sitemaps.queue.clear();
            sitemaps
                .failed
                .retain(|failed| self.now.millis_since(failed.tried_at) < SLACK);
        }
        // What an index in an index lists comes next.
        let mut queue = due(listed, sitemaps, self.now, most);
        queue.append(&mut sitemaps.queue);
        let is_whole = queue.len() <= most;
        queue.truncate(most);
        sitemaps.queue = queue;
        match is_settled && is_whole {
            true => self.next_sitemap(state),
            false => self.next_sitemap(without_validators(state)),
        }
    }

    /// A sitemap of an index was read, or a feed in its place.
    pub(super) fn read_child(&self, feed: Feed) -> Step {
        let judged = entries::judge(self, feed);
        let mut state = self.with_reading_done(self.state(), judged.is_complete);
        state.last_new_at = judged.newest_at.max(state.last_new_at);
        state.interval_seconds = self.interval_seconds(state.last_new_at);
        let found = u32::try_from(judged.found.len()).unwrap_or(u32::MAX);
        if let Some(sitemaps) = &mut state.sitemaps {
            sitemaps.found = sitemaps.found.saturating_add(found);
        }
        let state = self.counted(state, judged.news);
        self.with_found(self.next_sitemap(state), judged.found, judged.changes)
    }

    /// A sitemap of an index can't be had: the others still can, and this one is asked for again later.
    pub(super) fn without_child(&self, error: &str) -> Step {
        let mut state = self.with_reading_failed(self.state());
        let url = self.reading().map_or("", |reading| &reading.url);
        state.last_error = Some(format!("{url}: {error}").chars().take(200).collect());
        self.next_sitemap(state)
    }

    /// Another source reads a sitemap of an index: what it lists comes from there.
    pub(super) fn read_elsewhere(&self) -> Step {
        self.next_sitemap(self.with_reading_done(self.state(), true))
    }

    /// True when a redirect from the sitemap under way may lead to `url`.
    pub(super) fn may_lead_to(&self, url: &str) -> bool {
        self.reading().is_none_or(|reading| is_of_site(url, &reading.url))
    }

    /// `state` with the sitemap that was asked for among those that were read; one that was not read to its end will be
    /// read again.
    fn with_reading_done(&self, mut state: FeedState, is_complete: bool) -> FeedState {
        state.polled_at = self.polled_at();
        let sitemaps = state.sitemaps.get_or_insert_default();
        if let Some(reading) = sitemaps.reading.take() {
            let address = address_hash(&reading.url);
            sitemaps.failed.retain(|failed| failed.address != address);
            sitemaps.read.retain(|read| read.address != address);
            sitemaps.read.push(ReadSitemap {
                address,
                modified_at: reading.modified_at.filter(|_| is_complete),
                read_at: self.now,
            });
            let excess = sitemaps.read.len().saturating_sub(READ_MAX);
            sitemaps.read.drain(..excess);
        }
        match is_complete {
            true => state,
            false => without_validators(state),
        }
    }

    /// `state` with the sitemap that was asked for among those that failed.
    fn with_reading_failed(&self, mut state: FeedState) -> FeedState {
        state.polled_at = self.polled_at();
        let sitemaps = state.sitemaps.get_or_insert_default();
        if let Some(reading) = sitemaps.reading.take() {
            let address = address_hash(&reading.url);
            let before = failed(sitemaps, &address).cloned();
            sitemaps.failed.retain(|failed| failed.address != address);
            sitemaps.failed.push(FailedSitemap {
                address,
                failures: before.as_ref().map_or(0, |before| before.failures).saturating_add(1),
                since: before.map_or(self.now, |before| before.since),
                tried_at: self.now,
            });
            let excess = sitemaps.failed.len().saturating_sub(FAILED_MAX);
            sitemaps.failed.drain(..excess);
        }
        without_validators(state)
    }

    /// Asks for the next sitemap in the queue, or ends the poll.
    fn next_sitemap(&self, mut state: FeedState) -> Step {
        let settings = &self.fetcher.settings;
        let wait = self.wait_millis(state.interval_seconds);
        let sitemaps = state.sitemaps.get_or_insert_default();
        let newest = u32::try_from(settings.first_poll_entries).unwrap_or(u32::MAX);
        // The first poll is for the newest entries only.
        let has_enough = sitemaps.complete_at.is_none() && newest <= sitemaps.found;
        let may_ask = sitemaps.asked < settings.sitemaps_per_poll_max.max(1) && !has_enough;
        if may_ask && !sitemaps.queue.is_empty() {
            let next = sitemaps.queue.remove(0);
            let url = next.url.clone();
            sitemaps.asked += 1;
            sitemaps.reading = Some(next);
            let detour = Detour {
                url,
                ..Detour::default()
            };
            return self.onward(detour, state);
        }
        let is_all_read = sitemaps.queue.is_empty() && sitemaps.failed.is_empty();
        sitemaps.complete_at = sitemaps.began_at;
        stopped(sitemaps);
        let state = FeedState {
            next_poll_at: self.now.plus_millis(wait),
            detour: None,
            ..state
        };
        self.remembered(match is_all_read {
            true => state,
            false => without_validators(state),
        })
    }
}

/// Nothing of `sitemaps` is under way any more.
fn stopped(sitemaps: &mut SitemapsState) {
    sitemaps.reading = None;
    sitemaps.queue.clear();
    sitemaps.began_at = None;
}

/// `state` after a poll that failed. Where it had read the index and not all of its sitemaps, the next one reads on.
pub(super) fn interrupted(mut state: FeedState) -> FeedState {
    let sitemaps = state.sitemaps.as_deref_mut();
    let Some(sitemaps) = sitemaps.filter(|sitemaps| sitemaps.began_at.is_some()) else {
        return state;
    };
    stopped(sitemaps);
    without_validators(state)
}

fn without_validators(state: FeedState) -> FeedState {
    FeedState {
        etag: None,
        last_modified: None,
        ..state
    }
}

/// True when the sitemap was read before, and that is remembered.
pub(super) fn was_read(sitemaps: &SitemapsState, listed: &ListedSitemap) -> bool {
    let address = address_hash(&listed.url);
    sitemaps.read.iter().any(|read| read.address == address)
}

/// Since when pages of a sitemap that was never read are news: a day before the last poll that could have read it.
pub(super) fn news_since(sitemaps: &SitemapsState, listed: &ListedSitemap, complete_at: Timestamp) -> Timestamp {
    let failed = failed(sitemaps, &address_hash(&listed.url));
    let last_had_at = failed.map_or(complete_at, |failed| failed.since.min(complete_at));
    last_had_at.plus_millis(-DAY)
}

fn failed<'a>(sitemaps: &'a SitemapsState, address: &str) -> Option<&'a FailedSitemap> {
    sitemaps.failed.iter().find(|failed| failed.address == address)
}

/// True when both addresses belong to one publisher.
fn is_of_site(url: &str, other: &str) -> bool {
    let host = |text: &str| Some(Url::parse(text).ok()?.host_str()?.to_ascii_lowercase());
    match (host(url), host(other)) {
        (Some(host), Some(other)) => site_of(&host) == site_of(&other),
        _ => false,
    }
}

fn address_hash(url: &str) -> String {
    hash_text(stable_hash(&[url.as_bytes()]))
}

/// What is to be read of `listed`: those with dates that changed, newest first, then those without, of which at most
/// `most` are looked at, half from each end, because indexes grow at one of them.
fn due(listed: Vec<ListedSitemap>, sitemaps: &SitemapsState, now: Timestamp, most: usize) -> Vec<ListedSitemap> {
    let read: BTreeMap<&str, &ReadSitemap> = sitemaps.read.iter().map(|read| (read.address.as_str(), read)).collect();
    let (mut dated, mut undated): (Vec<_>, Vec<_>) = listed.into_iter().partition(|one| one.modified_at.is_some());
    if most < undated.len() {
        let last = undated.split_off(undated.len() - most / 2);
        undated.truncate(most.div_ceil(2));
        undated.extend(last);
    }
    undated.retain(|one| {
        let address = address_hash(&one.url);
        let read = read.get(address.as_str());
        match failed(sitemaps, &address) {
            Some(failed) => may_be_tried(failed, now),
            None => read.is_none_or(|read| HOUR <= now.millis_since(read.read_at)),
        }
    });
    dated.retain(|one| {
        let address = address_hash(&one.url);
        match (failed(sitemaps, &address), read.get(address.as_str())) {
            (Some(failed), _) => may_be_tried(failed, now),
            (None, Some(read)) => {
                let was_read_before = || sitemaps.began_at.is_none_or(|began_at| read.read_at < began_at);
                read.modified_at < one.modified_at || (!is_settled(one, now) && was_read_before())
            }
            (None, None) => sitemaps
                .complete_at
                .is_none_or(|complete_at| complete_at.millis_since(one.modified_at.unwrap_or_default()) <= SLACK),
        }
    });
    // What is only looked at again comes last, or on a busy day it would keep us from the rest.
    dated.sort_by_cached_key(|one| {
        let known = read.get(address_hash(&one.url).as_str());
        let known = known.filter(|read| one.modified_at <= read.modified_at);
        (known.map(|read| read.read_at), std::cmp::Reverse(one.modified_at))
    });
    dated.append(&mut undated);
    dated
}

fn may_be_tried(failed: &FailedSitemap, now: Timestamp) -> bool {
    let wait = growing(FAILED_WAIT, 3, failed.failures.saturating_sub(1), DAY);
    wait <= now.millis_since(failed.tried_at)
}

/// True when the index would give another date after a change. A date without a time says nothing about the rest of
/// its day.
fn is_settled(listed: &ListedSitemap, now: Timestamp) -> bool {
    let is_open_day = |at: Timestamp| at.as_millis().rem_euclid(DAY) == 0 && now.millis_since(at) < DAY + HOUR;
    listed.modified_at.is_some_and(|at| !is_open_day(at))
}
