//! Hosts: when each may be asked again, what is waiting for it, and which of all comes first.
//!
//! Everything here but pacing and robots.txt is an index over feeds and pending entries. It is ordered by time, so
//! that finding the next request costs a look at the first free host and not a scan over all feeds.

use std::collections::{BTreeMap, BTreeSet};

use schemas::id::SourceId;
use schemas::memory::fetcher::{HostState, RobotsState, RobotsVerdict, TdmState};
use schemas::time::Timestamp;

use super::backoff::{HOUR, SECOND};
use crate::robots::Rules;
use crate::robots::opt_outs::AiOptOuts;
use crate::settings::Settings;
use crate::tdm::TdmFile;

/// Work that does not ask robots.txt first: a feed that the operator subscribed to, or a robots.txt itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direct {
    /// A poll of this source's feed.
    Feed(SourceId),
    /// The robots.txt of this host, which a redirect moved.
    Robots(String),
    /// The errand of this key in memory.
    Errand(String),
    /// The hub of this source is to be asked, by an errand.
    Hub(SourceId),
}

/// What a host has to do first.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Job<'a> {
    /// A feed or a robots.txt.
    Direct(&'a Direct),
    /// The pending entry of this key.
    Page(&'a str),
}

/// What a host said is not kept for a day but until there is nothing to do for the host, when it is larger than this.
const KEPT_BYTES_MAX: usize = 16 * 1024;

/// An errand that waits longer comes before polls and pages that wait longer still: who waits for it gives it up soon.
const ERRAND_PATIENCE: i64 = HOUR;

/// A robots.txt with its rules read.
#[derive(Debug)]
pub(super) struct Robots {
    /// Without the lines of its rules, which are not held twice.
    pub(super) state: RobotsState,
    pub(super) rules: Rules,
    pub(super) opt_outs: AiOptOuts,
    /// Bytes of the lines.
    size: usize,
}

impl Robots {
    fn new(mut state: RobotsState) -> Self {
        let lines = std::mem::take(&mut state.rules);
        let opt_outs = std::mem::take(&mut state.ai_opt_outs);
        Self {
            rules: Rules::from_lines(&lines),
            opt_outs: AiOptOuts::from_lines(&opt_outs),
            size: lines.len() + opt_outs.len(),
            state,
        }
    }

    /// The state as it is remembered.
    pub(super) fn state_in_full(&self) -> RobotsState {
        RobotsState {
            rules: self.rules.to_lines(),
            ai_opt_outs: self.opt_outs.to_lines(),
            ..self.state.clone()
        }
    }
}

/// A tdmrep.json with its rules read.
#[derive(Debug)]
pub(super) struct KnownTdm {
    pub(super) state: TdmState,
    pub(super) file: TdmFile,
}

/// One host.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) pacing: Option<HostState>,
    pub(super) robots: Option<Robots>,
    pub(super) tdm: Option<KnownTdm>,
    direct: BTreeSet<(Timestamp, Direct)>,
    errands: BTreeSet<(Timestamp, Direct)>,
    pages: BTreeSet<(Timestamp, String)>,
    /// Its place in [`Hosts::ready`].
    wake: Option<Timestamp>,
    /// Its place in [`Hosts::idle`].
    forget_at: Option<Timestamp>,
}

impl Host {
    fn first_page_at(&self) -> Option<Timestamp> {
        let (due, _) = self.pages.first()?;
        match self.robots.as_ref().map(|robots| &robots.state) {
            Some(robots) if robots.detour.is_some() => None,
            Some(robots) if robots.verdict == RobotsVerdict::DisallowAll => Some(*due.max(&robots.expires_at)),
            _ => Some(*due),
        }
    }

    fn queue(&mut self, work: &Direct) -> &mut BTreeSet<(Timestamp, Direct)> {
        match work {
            Direct::Errand(_) => &mut self.errands,
            Direct::Feed(_) | Direct::Robots(_) | Direct::Hub(_) => &mut self.direct,
        }
    }

    fn first_direct(&self) -> Option<&(Timestamp, Direct)> {
        self.direct.first().into_iter().chain(self.errands.first()).min()
    }

    /// The errand to be done before anything else: the oldest when it has waited long, but not of two requests running,
    /// so that errands without end don't end the polls.
    fn late_errand(&self, now: Timestamp) -> Option<&Direct> {
        let (asked_at, errand) = self.errands.first()?;
        let is_its_turn = self.pacing.as_ref().is_none_or(|pacing| pacing.requests % 2 == 0);
        (is_its_turn && ERRAND_PATIENCE <= now.millis_since(*asked_at)).then_some(errand)
    }

    fn first_at(&self) -> Option<Timestamp> {
        let direct = self.first_direct().map(|(due, _)| *due);
        direct.into_iter().chain(self.first_page_at()).min()
    }

    /// The work that has waited longest, or an errand that can't wait any longer.
    pub(super) fn first_job(&self, now: Timestamp) -> Option<Job<'_>> {
        if let Some(errand) = self.late_errand(now) {
            return Some(Job::Direct(errand));
        }
        let direct = self.first_direct();
        let page = self.first_page_at().zip(self.pages.first());
        match (direct, page) {
            (Some((due, direct)), Some((page_due, _))) if *due <= page_due => Some(Job::Direct(direct)),
            (Some((_, direct)), None) => Some(Job::Direct(direct)),
            (_, Some((_, (_, key)))) => Some(Job::Page(key)),
            (None, None) => None,
        }
    }

    fn has_work(&self) -> bool {
        !self.direct.is_empty() || !self.errands.is_empty() || !self.pages.is_empty()
    }

    /// When the next part of what is known about it can be forgotten: all of it once nothing of it counts any more, and
    /// what is large as soon as it may be asked again and there is nothing to ask for.
    fn forget_at(&self) -> Option<Timestamp> {
        if self.has_work() {
            return None;
        }
        let next_request_at = self.pacing.as_ref().map(|pacing| pacing.next_request_at);
        match self.is_large() {
            true => Some(next_request_at.unwrap_or_default()),
            false => self.counts_until(),
        }
    }

    fn counts_until(&self) -> Option<Timestamp> {
        let robots_until = self.robots.as_ref().map(|robots| robots.state.expires_at);
        let tdm_until = self.tdm.as_ref().map(|tdm| tdm.state.expires_at);
        let budget_until = |pacing: &HostState| pacing.hour_began_at.map(|began_at| began_at.plus_millis(HOUR));
        let paced_until = |pacing: &HostState| budget_until(pacing).max(Some(pacing.next_request_at));
        let paced_until = self.pacing.as_ref().and_then(paced_until);
        paced_until.into_iter().chain(robots_until).chain(tdm_until).max()
    }

    fn is_large(&self) -> bool {
        let robots = self.robots.as_ref().map_or(0, |robots| robots.size);
        let tdm = self.tdm.as_ref().map_or(0, |tdm| tdm.state.rules.len());
        KEPT_BYTES_MAX < robots + tdm
    }

    /// True when its pacing counts no more at `now` either.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.counts_until().is_none_or(|until| until < now)
    }
}

/// All hosts with work, pacing or a robots.txt.
#[derive(Debug)]
pub(super) struct Hosts {
    hosts: BTreeMap<String, Host>,
    /// Hosts with work, by the first time at which they may be asked.
    ready: BTreeSet<(Timestamp, String)>,
    /// Hosts without work, by the time from which nothing about them matters any more.
    idle: BTreeSet<(Timestamp, String)>,
    started_at: Timestamp,
    delay_millis: i64,
    crawl_delay_max_millis: i64,
    errand_wait_millis: i64,
}

impl Hosts {
    pub(super) fn new(started_at: Timestamp, settings: &Settings) -> Self {
        Self {
            hosts: BTreeMap::new(),
            ready: BTreeSet::new(),
            idle: BTreeSet::new(),
            started_at,
            delay_millis: i64::from(settings.host_delay_ms),
            crawl_delay_max_millis: i64::from(settings.crawl_delay_max_ms),
            errand_wait_millis: i64::from(settings.errand_wait_seconds) * SECOND,
        }
    }

    pub(super) fn get(&self, host: &str) -> Option<&Host> {
        self.hosts.get(host)
    }

    /// Hosts with work, those that may be asked first at the front.
    pub(super) fn ready(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        self.ready.iter().map(|(wake, host)| (*wake, host.as_str()))
    }

    /// Hosts that can be forgotten at `now`.
    pub(super) fn forgettable(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let past = move |(forget_at, _): &&(Timestamp, String)| *forget_at < now;
        self.idle.iter().take_while(past).map(|(_, host)| host.as_str())
    }

    /// The time between an answer of `host` and the next request to it, in milliseconds.
    pub(super) fn delay_millis(&self, host: &str) -> i64 {
        self.delay_of(self.hosts.get(host))
    }

    fn delay_of(&self, host: Option<&Host>) -> i64 {
        let robots = host.and_then(|host| host.robots.as_ref());
        robots.map_or(self.delay_millis, |robots| self.delay_by(&robots.state))
    }

    /// The same by a robots.txt, in milliseconds.
    pub(super) fn delay_by(&self, robots: &RobotsState) -> i64 {
        let asked_for = i64::from(robots.crawl_delay_millis);
        self.delay_millis.max(asked_for.min(self.crawl_delay_max_millis))
    }

    pub(super) fn set_pacing(&mut self, host: &str, pacing: Option<HostState>) {
        self.change(host, |entry| entry.pacing = pacing);
    }

    pub(super) fn set_robots(&mut self, host: &str, state: Option<RobotsState>) {
        let old = self.hosts.get(host).and_then(|entry| entry.robots.as_ref());
        if let Some(due) = old.and_then(|robots| self.detour_due(robots)) {
            self.remove_direct(host, due, Direct::Robots(host.to_owned()));
        }
        let robots = state.map(Robots::new);
        let due = robots.as_ref().and_then(|robots| self.detour_due(robots));
        self.change(host, |entry| entry.robots = robots);
        if let Some(due) = due {
            self.add_direct(host, due, Direct::Robots(host.to_owned()));
        }
    }

    /// When a redirected robots.txt is to be asked for or, once another partition was asked, given up.
    fn detour_due(&self, robots: &Robots) -> Option<Timestamp> {
        let detour = robots.state.detour.as_ref()?;
        Some(match detour.asked_at {
            Some(asked_at) => asked_at.plus_millis(self.errand_wait_millis),
            None => robots.state.read_at,
        })
    }

    pub(super) fn set_tdm(&mut self, host: &str, state: Option<TdmState>) {
        let tdm = state.map(|state| KnownTdm {
            file: TdmFile::from_text(&state.rules),
            state,
        });
        self.change(host, |entry| entry.tdm = tdm);
    }

    pub(super) fn add_direct(&mut self, host: &str, due: Timestamp, work: Direct) {
        self.change(host, |entry| {
            entry.queue(&work).insert((due, work));
        });
    }

    pub(super) fn remove_direct(&mut self, host: &str, due: Timestamp, work: Direct) {
        self.change(host, |entry| {
            entry.queue(&work).remove(&(due, work));
        });
    }

    pub(super) fn add_page(&mut self, host: &str, due: Timestamp, key: String) {
        self.change(host, |entry| {
            entry.pages.insert((due, key));
        });
    }

    pub(super) fn remove_page(&mut self, host: &str, due: Timestamp, key: String) {
        self.change(host, |entry| {
            entry.pages.remove(&(due, key));
        });
    }

    /// Changes a host and puts it where it now belongs in the indexes.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Host)) {
        let mut host = self.hosts.remove(name).unwrap_or_default();
        if let Some(wake) = host.wake.take() {
            self.ready.remove(&(wake, name.to_owned()));
        }
        if let Some(forget_at) = host.forget_at.take() {
            self.idle.remove(&(forget_at, name.to_owned()));
        }
        change(&mut host);
        // A request whose answer was never committed may have gone out just before we started.
        let paced_since_start = self.started_at.plus_millis(self.delay_of(Some(&host)));
        let paced_until = host.pacing.as_ref().map(|pacing| pacing.next_request_at);
        let not_before = paced_until.map_or(paced_since_start, |until| until.max(paced_since_start));
        host.wake = host.first_at().map(|first| first.max(not_before));
        host.forget_at = host.forget_at();
        self.ready.extend(host.wake.map(|wake| (wake, name.to_owned())));
        self.idle
            .extend(host.forget_at.map(|forget_at| (forget_at, name.to_owned())));
        if host.has_work() || host.pacing.is_some() || host.robots.is_some() || host.tdm.is_some() {
            self.hosts.insert(name.to_owned(), host);
        }
    }
}
