//! How the machine's state changes, and with it what is scheduled at which host.

use schemas::id::SourceId;
use schemas::memory::fetcher::{PendingEntry, PendingErrand};

use super::follow::Place;
use super::hosts::Direct;
use super::subscription::{Subscription, parse_hash};
use super::{Fetcher, lease, page};

impl Fetcher {
    /// Changes a subscription and reschedules its next poll, and those of others that follow it.
    pub(super) fn change_subscription(&mut self, id: &SourceId, change: impl FnOnce(&mut Subscription)) {
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
    pub(super) fn change_seen(&mut self, id: &SourceId, change: impl FnOnce(&mut Subscription)) {
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

    pub(super) fn set_errand(&mut self, key: String, errand: Option<PendingErrand>) {
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

    pub(super) fn set_pending(&mut self, key: String, pending: Option<PendingEntry>) {
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

    pub(super) fn forget(&mut self, key: &str) {
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
