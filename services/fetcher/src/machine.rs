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
mod subscription;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemas::canonical::host_of;
use schemas::fate::{Fate, NotFetchedReason};
use schemas::frontier::{FrontierEntry, FrontierRecord};
use schemas::id::{FetchId, SourceId, frontier_key};
use schemas::memory::fetcher::{FeedReader, FetcherMemory, PendingEntry, PendingErrand};
use schemas::source::SourceChange;
use schemas::time::Timestamp;
use stage::Decision;

use crate::bounds::ADDRESS_BYTES_MAX;
use crate::exchange::{Answer, Purpose, Request};
use crate::found::Found;
use crate::health::Standing;
use crate::settings::Settings;
use follow::Place;
use hosts::{Direct, Hosts, Job};
use subscription::{Subscription, parse_hash};

/// What was decided, to be committed whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The verdict, the records and the memory.
    pub decision: Decision<Found, FetcherMemory>,
    /// The entry that the verdict is about; present exactly when the verdict is not `Pass`.
    pub subject: Option<Subject>,
}

impl Step {
    fn new(decision: Decision<Found, FetcherMemory>) -> Self {
        Self {
            decision,
            subject: None,
        }
    }

    /// `entry` ends without having been fetched.
    fn not_fetched(entry: &FrontierEntry, reason: NotFetchedReason) -> Self {
        Self {
            decision: Decision::end(Fate::NotFetched(reason)),
            subject: Some(Subject {
                fetch_id: FetchId(frontier_key(&entry.url)),
                requested_url: entry.requested_url.clone(),
                source_id: entry.source_id.clone(),
            }),
        }
    }

    fn and_remember(mut self, change: FetcherMemory) -> Self {
        self.decision.memory.push(change);
        self
    }

    fn and_forget(self, key: String) -> Self {
        self.and_remember(FetcherMemory::Forget { key })
    }

    fn and_found(mut self, found: Found) -> Self {
        self.decision.records.push(found);
        self
    }
}

/// An entry of the frontier that ends without having been fetched: what its fate record needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Stands in for the fetch id: the key of the entry on the frontier.
    pub fetch_id: FetchId,
    /// The URL as the feed spelled it.
    pub requested_url: String,
    /// The source that led to it.
    pub source_id: SourceId,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Make this request and hand its answer to [`Fetcher::answer`].
    Request(Box<Request>),
    /// Commit and apply this step: an entry ended without a request (robots.txt forbids it, it waited too long).
    Decided(Box<Step>),
    /// Nothing can be done before this time, or before a busy host is free or something new comes.
    Wait(Option<Timestamp>),
}

/// How a feed fares, for `copydesk sources list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The source.
    pub source_id: SourceId,
    /// How it fares, in a word.
    pub standing: Standing,
    /// Where the feed is now.
    pub url: String,
    /// The last answer that could be read.
    pub last_success_at: Option<Timestamp>,
    /// The last poll that showed something new.
    pub last_new_at: Option<Timestamp>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Why the last poll failed.
    pub last_error: Option<String>,
    /// The next poll; `None` when it is paused or has ended.
    pub next_poll_at: Option<Timestamp>,
    /// True when the server said that it is gone for good.
    pub ended: bool,
}

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
            Purpose::Feed(source) => {
                let step = poll::answered(self, source, request, &answer, now);
                lease::polled(self, source, &lease::heard(self, &answer, &request.url), step, now)
            }
            Purpose::Tdm(host) => rights::answered(self, host, &request.url, &answer, now),
            Purpose::Robots(host) => robots_file::answered(self, host, &request.url, &answer, now),
            Purpose::Errand(purpose) => errand::answered(self, purpose, request, &answer, now),
            Purpose::Page => page::answered(self, request, answer, now),
        };
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
        match self.hosts.get(host)?.first_job()? {
            Job::Direct(Direct::Feed(source)) => poll::request(self, source, now),
            Job::Direct(Direct::Robots(of)) => robots_file::redirected_request(self, of, now),
            Job::Direct(Direct::Errand(key)) => errand::request(self, host, key, now),
            Job::Direct(Direct::Hub(source)) => lease::request(self, source, now),
            Job::Page(key) => page::request(self, host, self.pending.get(key)?, now),
        }
    }

    /// Changes a subscription and reschedules its next poll, and those of others that follow it.
    fn change_subscription(&mut self, id: &SourceId, change: impl FnOnce(&mut Subscription)) {
        let subscription = self.subscriptions.entry(id.clone()).or_default();
        let (old_place, was_polled) = (Place::of(subscription), subscription.is_polled());
        change(subscription);
        let (new_place, is_polled) = (Place::of(subscription), subscription.is_polled());
        if old_place != new_place {
            self.follow.change(id, old_place, new_place);
        }
        self.reschedule(id);
        self.reschedule_lease(id);
        if was_polled != is_polled {
            for follower in self.follow.followers_of(id) {
                self.reschedule(&follower);
            }
        }
        self.settle(id);
    }

    /// Changes what a subscription saw, which moves no poll: there are millions of such records to recall.
    fn change_seen(&mut self, id: &SourceId, change: impl FnOnce(&mut Subscription)) {
        change(self.subscriptions.entry(id.clone()).or_default());
        self.settle(id);
    }

    /// Forgets a subscription of which nothing is left, and notes one of which something is to be forgotten.
    fn settle(&mut self, id: &SourceId) {
        let Some(subscription) = self.subscriptions.get(id) else {
            return;
        };
        let (is_empty, removed) = (subscription.is_empty(), subscription.removed);
        match removed && !is_empty {
            true => self.removed.insert(id.clone()),
            false => self.removed.remove(id),
        };
        // Also when it was removed: most removals that a machine hears of are of sources that were never its own.
        if is_empty {
            self.subscriptions.remove(id);
        }
    }

    fn reschedule(&mut self, id: &SourceId) {
        let has_reader = |reader: &SourceId| self.subscriptions.get(reader).is_some_and(Subscription::is_polled);
        let wanted = self
            .subscriptions
            .get(id)
            .and_then(|known| known.wanted_schedule(has_reader));
        let Some(subscription) = self.subscriptions.get_mut(id) else {
            return;
        };
        if subscription.scheduled == wanted {
            return;
        }
        if let Some((host, due)) = subscription.scheduled.take() {
            self.hosts.remove_direct(&host, due, Direct::Feed(id.clone()));
        }
        if let Some((host, due)) = &wanted {
            self.hosts.add_direct(host, *due, Direct::Feed(id.clone()));
        }
        subscription.scheduled = wanted;
    }

    /// Schedules the next word with the hub of `id`.
    fn reschedule_lease(&mut self, id: &SourceId) {
        let known = self.subscriptions.get(id);
        let wanted = known.and_then(|known| lease::wanted_schedule(&self.settings, known));
        let Some(subscription) = self.subscriptions.get_mut(id) else {
            return;
        };
        if let Some((host, due)) = subscription.lease_scheduled.take() {
            self.hosts.remove_direct(&host, due, Direct::Hub(id.clone()));
        }
        if let Some((host, due)) = &wanted {
            self.hosts.add_direct(host, *due, Direct::Hub(id.clone()));
        }
        subscription.lease_scheduled = wanted;
    }

    fn set_errand(&mut self, key: String, errand: Option<PendingErrand>) {
        if let Some(old) = self.errands.remove(&key) {
            let work = Direct::Errand(key.clone());
            self.hosts.remove_direct(&old.errand.host(), old.errand.asked_at, work);
        }
        if let Some(new) = errand {
            let work = Direct::Errand(key.clone());
            self.hosts.add_direct(&new.errand.host(), new.errand.asked_at, work);
            self.errands.insert(key, new);
        }
    }

    fn set_pending(&mut self, key: String, pending: Option<PendingEntry>) {
        if let Some(old) = self.pending.remove(&key) {
            self.pending_bytes = self.pending_bytes.saturating_sub(page::bytes_of(&old.entry));
            self.hosts.remove_page(&old.entry.host(), old.due_at, key.clone());
        }
        if let Some(pending) = pending {
            self.pending_bytes += page::bytes_of(&pending.entry);
            self.hosts.add_page(&pending.entry.host(), pending.due_at, key.clone());
            self.pending.insert(key, pending);
        }
    }

    fn forget(&mut self, key: &str) {
        let (kind, name) = key.split_once(':').unwrap_or((key, ""));
        match kind {
            "feed" => self.change_subscription(&name.into(), |subscription| subscription.state = None),
            "seen" => {
                let (source, entry) = name.split_once(':').unwrap_or((name, ""));
                self.change_seen(&source.into(), |subscription| {
                    if let Some(entry) = parse_hash(entry) {
                        subscription.seen.remove(entry);
                    }
                });
            }
            "lease" => self.change_subscription(&name.into(), |subscription| subscription.lease = None),
            "pending" => self.set_pending(key.to_owned(), None),
            "host" => self.hosts.set_pacing(name, None),
            "robots" => self.hosts.set_robots(name, None),
            "tdm" => self.hosts.set_tdm(name, None),
            "errand" => self.set_errand(key.to_owned(), None),
            "reader" => {
                self.readers.remove(key);
            }
            // A kind of a later release: not ours to keep, so there is nothing to forget.
            _ => {}
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
