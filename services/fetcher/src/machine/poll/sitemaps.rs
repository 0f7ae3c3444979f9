//! Indexes of sitemaps: one poll reads the index and then, one after the other, what has changed of what it lists.

use std::collections::BTreeMap;

use schemas::memory::fetcher::{Detour, FeedState, ListedSitemap, ReadSitemap, SitemapsState};
use schemas::time::Timestamp;

use super::Poll;
use crate::exchange::Response;
use crate::feed::Feed;
use crate::machine::backoff::{DAY, HOUR};
use crate::machine::subscription::hash_text;
use crate::machine::{Step, entries};
use crate::stable_hash::stable_hash;

/// Sitemaps that are remembered as read. One that is forgotten counts as new, and only if it changed lately.
const READ_MAX: usize = 200;

/// A sitemap that was never read is archive, and left alone, when it changed longer ago than this before the last poll.
/// Two days because many indexes state dates without a time, and in any time zone.
const SLACK: i64 = 2 * DAY;

impl Poll<'_> {
    /// The sitemap of an index that the poll under way asks for.
    pub(super) fn reading(&self) -> Option<&ListedSitemap> {
        let state = self.subscription.state.as_ref()?;
        let sitemaps = state.sitemaps.as_ref().filter(|_| !self.subscription.is_restarted())?;
        sitemaps.reading.as_ref()
    }

    /// An index was read: goes on to what has changed of it.
    pub(super) fn read_index(&self, response: &Response, listed: Vec<ListedSitemap>) -> Step {
        let most = usize::try_from(self.fetcher.settings.sitemaps_per_poll_max.max(1)).unwrap_or(usize::MAX);
        if self.reading().is_some() {
            // An index in an index: what it lists comes next.
            let mut state = self.with_reading_done(self.state(), true);
            let sitemaps = state.sitemaps.get_or_insert_default();
            let mut queue = due(listed, sitemaps, self.now, most);
            queue.append(&mut sitemaps.queue);
            queue.truncate(most);
            sitemaps.queue = queue;
            return self.next_sitemap(state);
        }
        let mut state = self.succeeded(Some(response), None);
        let sitemaps = state.sitemaps.get_or_insert_default();
        sitemaps.queue = due(listed, sitemaps, self.now, most);
        (sitemaps.asked, sitemaps.found) = (0, 0);
        sitemaps.began_at = Some(self.now);
        self.next_sitemap(state)
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

    /// A sitemap of an index can't be had: the others still can.
    pub(super) fn without_child(&self, error: &str) -> Step {
        let mut state = self.with_reading_done(self.state(), true);
        let url = self.reading().map_or("", |reading| &reading.url);
        state.last_error = Some(format!("{url}: {error}").chars().take(200).collect());
        self.next_sitemap(state)
    }

    /// `state` with the sitemap that was asked for among those that were read; one that was not read to its end will be
    /// read again.
    fn with_reading_done(&self, mut state: FeedState, is_complete: bool) -> FeedState {
        state.polled_at = Some(self.now);
        let Some(sitemaps) = &mut state.sitemaps else {
            return state;
        };
        if let Some(reading) = sitemaps.reading.take() {
            let address = address_hash(&reading.url);
            sitemaps.read.retain(|read| read.address != address);
            sitemaps.read.push(ReadSitemap {
                address,
                modified_at: reading.modified_at.filter(|_| is_complete),
                read_at: self.now,
            });
            let excess = sitemaps.read.len().saturating_sub(READ_MAX);
            sitemaps.read.drain(..excess);
        }
        state
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
        sitemaps.queue.clear();
        sitemaps.reading = None;
        sitemaps.complete_at = sitemaps.began_at.take();
        self.remembered(FeedState {
            next_poll_at: self.now.plus_millis(wait),
            detour: None,
            ..state
        })
    }
}

/// Nothing of `sitemaps` is under way any more.
pub(super) fn stopped(sitemaps: &mut SitemapsState) {
    sitemaps.reading = None;
    sitemaps.queue.clear();
    sitemaps.began_at = None;
}

/// True when the sitemap was read before, and that is remembered.
pub(super) fn was_read(sitemaps: &SitemapsState, listed: &ListedSitemap) -> bool {
    let address = address_hash(&listed.url);
    sitemaps.read.iter().any(|read| read.address == address)
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
        read.get(address_hash(&one.url).as_str())
            .is_none_or(|read| HOUR <= now.millis_since(read.read_at))
    });
    dated.retain(|one| {
        let modified_at = one.modified_at.unwrap_or_default();
        match read.get(address_hash(&one.url).as_str()) {
            // A date without a time says nothing about the rest of its day.
            Some(read) => {
                read.modified_at < one.modified_at
                    || (is_a_day(modified_at)
                        && now.millis_since(modified_at) < DAY + HOUR
                        && sitemaps.began_at.is_none_or(|began_at| read.read_at < began_at))
            }
            None => sitemaps
                .complete_at
                .is_none_or(|complete_at| complete_at.millis_since(modified_at) <= SLACK),
        }
    });
    dated.sort_by_key(|one| std::cmp::Reverse(one.modified_at));
    dated.append(&mut undated);
    dated.truncate(most);
    dated
}

fn is_a_day(time: Timestamp) -> bool {
    time.as_millis().rem_euclid(DAY) == 0
}
