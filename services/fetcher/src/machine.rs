//! The machine: one value for each partition of the frontier, which owns whole hosts.
//!
//! Its state is the fold of its memory records and the list of sources, nothing else. [`Fetcher::take`],
//! [`Fetcher::next`], [`Fetcher::answer`] and [`Fetcher::due`] look and decide; [`Fetcher::apply`] and
//! [`Fetcher::apply_source`] change. The host's loop is:
//!
//! 1. apply the recalled memory and the sources whose host this partition owns;
//! 2. commit and apply [`Fetcher::due`] until there is none;
//! 3. [`Fetcher::next`]: start a request, commit and apply a decided step, or wait;
//! 4. when a frontier record comes, commit and apply [`Fetcher::take`]; when an answer comes, commit and apply
//!    [`Fetcher::answer`], and only then take its host off the busy list.

mod backoff;
mod change;
mod document;
mod entries;
mod errand;
mod follow;
mod hosts;
mod lease;
mod own_host;
mod pacing;
mod page;
mod poll;
mod rights;
mod robots_file;
mod step;
mod subscription;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemas::canonical::host_of;
use schemas::frontier::FrontierRecord;
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedReader, FetcherMemory, PendingEntry, PendingErrand};
use schemas::source::SourceChange;
use schemas::time::Timestamp;
use stage::Decision;

use crate::bounds::ADDRESS_BYTES_MAX;
use crate::exchange::{Answer, Purpose, Request};
use crate::settings::Settings;
use hosts::{Direct, Hosts, Job};
pub use step::{Health, Next, Step, Subject};
use subscription::Subscription;

/// The state of one partition of the frontier.
#[derive(Debug)]
pub struct Fetcher {
    settings: Settings,
    subscriptions: BTreeMap<SourceId, Subscription>,
    /// Removed sources of which something is still remembered.
    removed: BTreeSet<SourceId>,
    /// Entries to fetch, by their key in memory.
    pending: BTreeMap<String, PendingEntry>,
    /// About how many bytes they hold.
    pending_bytes: usize,
    /// What other partitions wait for, by its key in memory.
    errands: BTreeMap<String, PendingErrand>,
    /// Sources of other partitions that read feeds here, by their key in memory.
    readers: BTreeMap<String, FeedReader>,
    follow: follow::Index,
    hosts: Hosts,
}

impl Fetcher {
    /// A machine that knows nothing yet.
    ///
    /// `started_at` is the present time: no host is asked before its delay has passed since then, because a request
    /// whose answer was never committed may have gone out just before.
    #[must_use]
    pub fn new(settings: Settings, started_at: Timestamp) -> Self {
        let hosts = Hosts::new(started_at, &settings);
        Self {
            settings,
            subscriptions: BTreeMap::new(),
            removed: BTreeSet::new(),
            pending: BTreeMap::new(),
            pending_bytes: 0,
            errands: BTreeMap::new(),
            readers: BTreeMap::new(),
            follow: follow::Index::default(),
            hosts,
        }
    }

    /// Applies one change of state: on recall, and after each commit.
    pub fn apply(&mut self, change: &FetcherMemory) {
        match change {
            FetcherMemory::Feed(state) => self.change_subscription(&state.source_id, |subscription| {
                subscription.state = Some(state.clone());
            }),
            FetcherMemory::Seen(seen) => self.change_seen(&seen.source_id, |subscription| {
                subscription.set_seen(seen);
            }),
            FetcherMemory::Pending(pending) => self.set_pending(change.key(), Some(pending.clone())),
            FetcherMemory::Host(host) => self.hosts.set_pacing(&host.host, Some(host.clone())),
            FetcherMemory::Tdm(tdm) => self.hosts.set_tdm(&tdm.host, Some(tdm.clone())),
            FetcherMemory::Robots(robots) => self.hosts.set_robots(&robots.host, Some(robots.clone())),
            FetcherMemory::Lease(lease) => self.change_subscription(&lease.source_id, |subscription| {
                subscription.lease = Some(lease.clone());
            }),
            FetcherMemory::Errand(errand) => self.set_errand(change.key(), Some(errand.clone())),
            FetcherMemory::Reader(reader) => {
                self.readers.insert(change.key(), reader.clone());
            }
            FetcherMemory::Forget { key } => self.forget(key),
            // Files are on a lane of their own.
            FetcherMemory::File(_) | FetcherMemory::FileSource(_) => {}
        }
    }

    /// Applies one change of the list of sources. The host calls it only for sources whose host this partition owns
    /// ([`Source::url`](schemas::source::Source::url) through [`host_of`]).
    pub fn apply_source(&mut self, change: &SourceChange) {
        match change {
            SourceChange::Set(source) => self.change_subscription(&source.id, |subscription| {
                subscription.source = Some(source.clone());
                subscription.removed = false;
            }),
            SourceChange::Removed(id) => self.change_subscription(id, |subscription| {
                subscription.source = None;
                subscription.removed = true;
            }),
        }
    }

    /// What becomes of a record that arrives from the frontier.
    ///
    /// An entry is remembered as pending, or it ends here; one for a URL that is pending already joins the pending one
    /// and leaves no trace. An errand is remembered, or answered at once. A delivery counts as the answer to the errand
    /// that this machine waits for; one that it does not wait for leaves no trace.
    #[must_use]
    pub fn take(&self, record: FrontierRecord, now: Timestamp) -> Step {
        match record {
            FrontierRecord::Entry(entry) => page::take(self, *entry, now),
            FrontierRecord::Errand(errand) => errand::take(self, *errand, now),
            FrontierRecord::Delivery(delivery) => lease::delivered(self, *delivery, now),
        }
    }

    /// What to do next. `busy` holds the hosts ([`Request::host`]) with a request under way.
    ///
    /// Nothing is asked of a busy host or of one whose delay has not passed. Of two things that could be done, the
    /// one that has waited longest comes first.
    #[must_use]
    pub fn next(&self, now: Timestamp, busy: &BTreeSet<String>) -> Next {
        let free = |(_, host): &(Timestamp, &str)| !busy.contains(*host);
        for (wake, host) in self.hosts.ready().filter(free) {
            if now < wake {
                return Next::Wait(Some(wake));
            }
            if let Some(next) = self.first_of(host, now) {
                return next;
            }
        }
        Next::Wait(None)
    }

    /// What follows from the answer to `request`, which came back at `now`.
    ///
    /// An answer that is no longer waited for (its source was removed meanwhile) still counts for its host's pacing.
    #[must_use]
    pub fn answer(&self, request: &Request, answer: Answer, now: Timestamp) -> Step {
        let pacing = self.paced(&request.host, &answer, now);
        let step = match &request.purpose {
            _ if answer.is_of_our_network() => Step::new(Decision::done()),
            Purpose::Feed(source) => poll::answered(self, source, request, &answer, now),
            Purpose::Tdm(host) => rights::answered(self, host, &request.url, &answer, now),
            Purpose::Robots(host) => robots_file::answered(self, host, &request.url, &answer, now),
            Purpose::Errand(purpose) => errand::answered(self, purpose, request, &answer, now),
            Purpose::Page => page::answered(self, request, answer, now),
        };
        let pacing = self.paced_by(pacing, &step, now);
        step.and_remember(FetcherMemory::Host(pacing))
    }

    /// What falls due without an answer: forgetting what removed sources and idle hosts left behind. Bounded; ask
    /// again after applying until there is none.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Step> {
        sweep::due(self, now)
    }

    /// Entries that were taken and are not fetched yet. The host may stop taking while there are too many.
    #[must_use]
    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    /// About how many bytes these entries hold.
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        self.pending_bytes
    }

    /// How each feed fares, by source id.
    pub fn health(&self, now: Timestamp) -> impl Iterator<Item = Health> + '_ {
        self.subscriptions
            .values()
            .filter_map(move |subscription| subscription.health(now))
    }

    fn first_of(&self, host: &str, now: Timestamp) -> Option<Next> {
        match self.hosts.get(host)?.first_job(now)? {
            Job::Direct(Direct::Feed(source)) => poll::request(self, source, now),
            Job::Direct(Direct::Robots(of)) => robots_file::redirected_request(self, of, now),
            Job::Direct(Direct::Errand(key)) => errand::request(self, host, key, now),
            Job::Direct(Direct::Hub(source)) => lease::request(self, source, now),
            Job::Page(key) => page::request(self, host, self.pending.get(key)?, now),
        }
    }
}

/// The target of a redirect, when it names a page that can be asked for.
fn redirect_target(response: &crate::exchange::Response, from: &str) -> Option<String> {
    let location = response.header("location")?;
    let mut target = url::Url::parse(from).ok()?.join(location).ok()?;
    target.set_fragment(None);
    let target: String = target.into();
    (target.len() <= ADDRESS_BYTES_MAX && is_web(&target) && host_of(&target).is_some()).then_some(target)
}

/// True for an http or https URL.
fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}
