//! Site memory: what recurs over the articles of one site is no part of any of them.
//!
//! One page does not tell a request for donations from a paragraph of the story; a stream of a site's pages does. For
//! each host the last different articles are remembered: fingerprints of the lines that were kept of them, before
//! the memory cut any ([`history`]). A line that stood on enough of them is cut ([`verdict`]). The host is what is
//! remembered by, with its port, and not the registrable domain: the pipeline's partitions are by host, sections with a
//! host of their own have a design of their own, and strangers share the domains of blog hosters.
//!
//! - An article counts once, however often and under however many addresses it is fetched, and articles about one
//!   story don't count against each other, unless nearly all of the site's articles have the line.
//! - A window of sixteen articles follows when a design changes. Of a busy site every fourth article goes in, so that a
//!   record is not written for each: chosen by its address, because to choose by what stands on it would make that seem
//!   more frequent than it is. All go in while the window fills and where the last one is old.
//! - A host takes 2 KiB, whatever its pages hold, and there is a limit to hosts: the one that learned longest ago goes.
//!
//! The state is the fold of the records ([`Sites::apply`]); reading an article changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use schemas::canonical::host_of;
use schemas::memory::cleaner::{CleanerMemory, RememberedSite};
use schemas::time::Timestamp;

use crate::extracted::{Extracted, Known, Removed, RemovedKind};
use crate::rules::Outcome;
use crate::words;
use history::{ARTICLES, Evidence, History};
use lines::Lines;

mod history;
mod lines;
mod verdict;
mod wire;

/// Hosts remembered by one partition.
const HOSTS: usize = 2_000;
/// Hosts forgotten for one that is new, at most: more than one only after the limit was lowered.
const FORGOTTEN_AT_ONCE: usize = 10;
/// Of a busy site, one article in so many goes in.
const SAMPLED: u32 = 4;
/// Milliseconds after which a site is not busy.
const QUIET: i64 = 6 * 60 * 60 * 1000;
/// Bytes told of one cut line.
const MAX_TEXT: usize = 300;

/// What is remembered of a host.
#[derive(Debug, Clone, Default)]
struct Site {
    learned_at: Timestamp,
    history: History,
}

/// What is remembered of all hosts.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    hosts: BTreeMap<String, Site>,
    /// When each last learned, the longest ago first.
    by_time: BTreeSet<(Timestamp, String)>,
}

impl Sites {
    /// Applies one change of what is remembered of a host.
    pub fn remember(&mut self, record: &RememberedSite) {
        self.forget(&record.host);
        // What another release packed is not known here, and is written anew.
        let history = (record.format == wire::FORMAT)
            .then(|| wire::decode(&record.recurring))
            .flatten();
        let site = Site {
            learned_at: record.learned_at,
            history: history.unwrap_or_default(),
        };
        self.by_time.insert((site.learned_at, record.host.clone()));
        self.hosts.insert(record.host.clone(), site);
    }

    /// Forgets a host.
    pub fn forget(&mut self, host: &str) {
        if let Some(old) = self.hosts.remove(host) {
            self.by_time.remove(&(old.learned_at, host.to_owned()));
        }
    }

    /// Cuts from an article what recurs on the articles of its host, and says what to remember of it.
    ///
    /// `host` is as [`host_of`] gives it. `name` tells the article from others of the host: its canonical URL. `now` is
    /// when it entered the pipeline.
    #[must_use]
    pub fn read(&self, host: &str, name: &str, extracted: &mut Extracted, now: Timestamp) -> Vec<CleanerMemory> {
        let unknown = Site::default();
        let known = self.hosts.get(host);
        let site = known.unwrap_or(&unknown);
        let lines = Lines::read(name, &extracted.title, &extracted.blocks);
        let prints = lines.prints();
        let same = site.history.same(&lines, &prints);
        // What an operator says is the story stays, whatever recurs in it; it is learned from like any other.
        if !extracted.ruled.as_ref().is_some_and(Outcome::keeps) {
            cut(extracted, &verdict::judge(&site.history, &lines, same), now);
        }
        if prints.is_empty() || !site.is_worth(&lines, &prints, same, now) {
            return Vec::new();
        }
        let mut changes = match known {
            Some(_) => Vec::new(),
            None => self.crowded_out(),
        };
        changes.push(CleanerMemory::Site(RememberedSite {
            host: host.to_owned(),
            learned_at: now.max(site.learned_at),
            format: wire::FORMAT,
            recurring: wire::encode(&site.history.with(&lines, &prints, same)),
        }));
        changes
    }

    /// [`Sites::read`] of an article at `place` and the changes at once, for whoever has no log to commit to. Where the
    /// place is no URL but the name of a file, the site is what the page calls it.
    pub fn fold(&mut self, place: &str, extracted: &mut Extracted, now: Timestamp) {
        let name = extracted.canonical_url.clone().unwrap_or_else(|| place.to_owned());
        let host = host_of(place)
            .or_else(|| extracted.site_name.clone())
            .unwrap_or_default();
        for change in self.read(&host, &name, extracted, now) {
            match &change {
                CleanerMemory::Site(site) => self.remember(site),
                CleanerMemory::Forget { key } => self.forget_key(key),
                CleanerMemory::Story(_) => {}
            }
        }
    }

    /// Forgets what is remembered under a key of the memory topic.
    pub fn forget_key(&mut self, key: &str) {
        if let Some(host) = key.strip_prefix(&CleanerMemory::site_key("")) {
            self.forget(host);
        }
    }

    /// The hosts that go when one more comes.
    fn crowded_out(&self) -> Vec<CleanerMemory> {
        let surplus = (self.hosts.len() + 1).saturating_sub(HOSTS);
        let oldest = self.by_time.iter().take(surplus.min(FORGOTTEN_AT_ONCE));
        oldest
            .map(|(_, host)| CleanerMemory::Forget {
                key: CleanerMemory::site_key(host),
            })
            .collect()
    }
}

impl Site {
    /// Whether an article is worth a record.
    fn is_worth(&self, lines: &Lines, prints: &[u32], same: Option<usize>, now: Timestamp) -> bool {
        let history = &self.history;
        if let Some(at) = same {
            // Of an article that changed only what it has in common with others is of interest.
            let own = history::bit(at);
            let is_change = |on: u16, has_it: bool| on & !own != 0 && has_it != (on & own != 0);
            return history
                .marks
                .iter()
                .any(|mark| is_change(mark.on, prints.binary_search(&mark.print).is_ok()));
        }
        let is_sampled = lines.article.is_multiple_of(SAMPLED);
        let is_quiet = QUIET <= now.millis_since(self.learned_at);
        history.slots.len() < ARTICLES || is_sampled || is_quiet
    }
}

/// Moves the lines that recur from the story to what was cut, behind everything else.
fn cut(extracted: &mut Extracted, verdicts: &[Option<Evidence>], now: Timestamp) {
    if verdicts.iter().all(Option::is_none) {
        return;
    }
    let blocks = std::mem::take(&mut extracted.blocks);
    for (block, verdict) in blocks.into_iter().zip(verdicts) {
        match verdict {
            None => extracted.blocks.push(block),
            Some(Evidence { on, of, .. }) => extracted.removed.push(Removed {
                kind: RemovedKind::Recurring { on: *on, of: *of },
                text: words::start(&block.text, MAX_TEXT).to_owned(),
            }),
        }
    }
    let is_opening_new = verdicts.first().is_some_and(Option::is_some);
    if is_opening_new && extracted.dateline.is_none() {
        let agency = extracted.agency.take();
        extracted.read_opening(&Known {
            now: Some(now),
            ..Known::default()
        });
        extracted.agency = agency.or(extracted.agency.take());
    }
}

#[cfg(test)]
mod tests;
