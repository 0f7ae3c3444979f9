//! Subscriptions at WebSub hubs: how they come of polls, how the hub is asked, and what its word and its content do.
//!
//! A hub belongs to the partition of its host, so it is asked by errands. What it says to the callback comes as a
//! delivery that nobody asked for, to the partition that owns the source.

use schemas::canonical::host_of;
use schemas::frontier::{Delivery, Errand, ErrandPurpose, HubMode, Outcome};
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedState, FetcherMemory};
use schemas::memory::lease::LeaseState;
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::SECOND;
use super::subscription::Subscription;
use super::{Fetcher, Next, Step, errand};
use crate::exchange::{Answer, Response};
use crate::found::Found;
use crate::settings::Settings;
use crate::websub::discovery::{Advertised, Embedded, advertised};
use crate::websub::form;

mod course;

/// The largest answer of a hub in bytes; only its status matters.
pub(super) const HUB_BYTES_MAX: usize = 1024 * 1024;

/// What a poll heard of hubs: nothing was said, there is none, or there are some.
pub(super) enum Heard {
    Nothing,
    None,
    Hubs(Advertised),
}

/// The home host and the time at which the hub is asked next; `None` when it is not to be asked.
pub(super) fn wanted_schedule(settings: &Settings, subscription: &Subscription) -> Option<(String, Timestamp)> {
    let lease = subscription.lease.as_ref()?;
    let is_wanted = settings.websub.is_some() && subscription.is_polled();
    let home = host_of(&subscription.source.as_ref()?.url)?;
    is_wanted.then_some((home, lease.due_at))
}

/// Asks the hub of `id`, which is due.
pub(super) fn request(fetcher: &Fetcher, id: &SourceId, now: Timestamp) -> Option<Next> {
    let subscription = fetcher.subscriptions.get(id)?;
    let (old, source) = (subscription.lease.as_ref()?, subscription.source.as_ref()?);
    let decided = |step| Some(Next::Decided(Box::new(step)));
    let url = old.detour.as_ref().map_or(&old.hub, |detour| &detour.url);
    let host = host_of(url).unwrap_or_default();
    if old.asked_at.is_some() || host.is_empty() {
        let error = format!("no answer from the fetcher that asks {host}");
        return decided(remembered(course::failed(old, &error, None, now)));
    }
    let wait = i64::from(fetcher.settings.errand_wait_seconds) * SECOND;
    let asked = LeaseState {
        due_at: now.plus_millis(wait),
        asked_at: Some(now),
        ..old.clone()
    };
    let errand = errand_for(old, url, &source.url, HubMode::Subscribe, now);
    decided(remembered(asked).and_found(errand))
}

fn errand_for(lease: &LeaseState, url: &str, source_url: &str, mode: HubMode, now: Timestamp) -> Found {
    Found::Errand(Box::new(Errand {
        url: url.to_owned(),
        purpose: ErrandPurpose::Hub {
            source_id: lease.source_id.clone(),
            topic: lease.topic.clone(),
            mode,
        },
        owner: host_of(source_url).unwrap_or_default(),
        asked_at: now,
        ..Errand::default()
    }))
}

/// The form of an errand for a hub; empty for every other errand, `None` when hubs are not to be asked any more.
pub(super) fn form_of(settings: &Settings, purpose: &ErrandPurpose) -> Option<Vec<(String, String)>> {
    match purpose {
        ErrandPurpose::Hub { source_id, topic, mode } => {
            Some(form::fields(settings.websub.as_ref()?, source_id, topic, *mode))
        }
        ErrandPurpose::Feed { .. } | ErrandPurpose::Robots { .. } => Some(Vec::new()),
    }
}

/// What follows from the answer of a hub.
pub(super) fn answered(fetcher: &Fetcher, delivery: &Delivery, answer: &Answer, now: Timestamp) -> Step {
    let waits = |lease: &&LeaseState| lease.asked_at == Some(delivery.asked_at);
    match lease_of(fetcher, delivery).filter(waits) {
        Some(lease) => {
            let redirects_max = fetcher.settings.redirects_max;
            remembered(course::answered(lease, &delivery.url, answer, redirects_max, now))
        }
        None => nothing(),
    }
}

/// The lease that a delivery is about; `None` when it is not the one that is wanted now.
fn lease_of<'a>(fetcher: &'a Fetcher, delivery: &Delivery) -> Option<&'a LeaseState> {
    let ErrandPurpose::Hub { source_id, topic, mode } = &delivery.purpose else {
        return None;
    };
    let lease = fetcher.subscriptions.get(source_id)?.lease.as_ref()?;
    (*mode == HubMode::Subscribe && lease.topic == *topic).then_some(lease)
}

/// What follows from a delivery: of an answer, of the word of a hub, of content that it sent.
pub(super) fn delivered(fetcher: &Fetcher, delivery: Delivery, now: Timestamp) -> Step {
    match &delivery.outcome {
        Outcome::Granted { lease_seconds } => return granted(fetcher, &delivery, *lease_seconds, now),
        Outcome::Denied { reason } => return denied(fetcher, &delivery, reason.as_deref(), now),
        Outcome::Response { .. } | Outcome::Failure { .. } | Outcome::ReadBy { .. } => {}
    }
    let ErrandPurpose::Feed { source_id } = delivery.purpose.clone() else {
        return errand::delivered(fetcher, delivery, now);
    };
    let was_pushed = delivery.pushed;
    let step = errand::delivered(fetcher, delivery, now);
    match was_pushed {
        true => pushed(fetcher, &source_id, step, now),
        false => step,
    }
}

fn granted(fetcher: &Fetcher, delivery: &Delivery, lease_seconds: Option<u32>, now: Timestamp) -> Step {
    match (lease_of(fetcher, delivery), &fetcher.settings.websub) {
        // The lease began when the hub asked, which may be a while ago.
        (Some(lease), Some(settings)) => {
            let began_at = delivery.answered_at.min(now);
            remembered(course::granted(lease, settings, lease_seconds, began_at))
        }
        _ => nothing(),
    }
}

/// The feed is polled at its usual pace again, counted from now.
fn denied(fetcher: &Fetcher, delivery: &Delivery, reason: Option<&str>, now: Timestamp) -> Step {
    let Some(lease) = lease_of(fetcher, delivery) else {
        return nothing();
    };
    let step = remembered(course::denied(lease, reason, now));
    let subscription = fetcher.subscriptions.get(&lease.source_id);
    let state = subscription.and_then(|subscription| subscription.state.as_ref());
    match state.filter(|state| state.detour.is_none() && lease.relied_on) {
        Some(state) => {
            let usual = now.plus_millis(i64::from(state.interval_seconds) * SECOND);
            step.and_remember(FetcherMemory::Feed(FeedState {
                next_poll_at: state.next_poll_at.min(usual),
                ..state.clone()
            }))
        }
        None => step,
    }
}

/// What the document that `url` answered says about hubs: in the headers of `response`, or itself.
pub(super) fn heard(fetcher: &Fetcher, response: &Response, embedded: Embedded<'_>, url: &str) -> Heard {
    match fetcher.settings.websub {
        Some(_) => advertised(response.headers_named("link"), embedded, url).map_or(Heard::None, Heard::Hubs),
        None => Heard::Nothing,
    }
}

/// `step` follows from the answer to a poll of `id`. What it means for the subscription at the hub, and what that
/// means for the next poll, is added.
pub(super) fn polled(fetcher: &Fetcher, id: &SourceId, heard: &Heard, mut step: Step, now: Timestamp) -> Step {
    let Some((subscription, settings)) = fetcher.subscriptions.get(id).zip(fetcher.settings.websub.as_ref()) else {
        return step;
    };
    let is_whole = |state: &&mut FeedState| state.last_success_at == Some(now) && state.detour.is_none();
    let Some(state) = feed_state(&mut step).filter(is_whole) else {
        return step;
    };
    let old_state = subscription.state.as_ref();
    let found_news = state.last_new_at != old_state.and_then(|old| old.last_new_at);
    let old = subscription.lease.as_ref();
    let next = match heard {
        Heard::None if old.is_some() => return step.and_forget(FetcherMemory::lease_key(id)),
        Heard::Hubs(hubs) => course::wanted(old, hubs, settings, id, now),
        Heard::Nothing | Heard::None => None,
    };
    let next = next.or_else(|| course::polled(old?, found_news, now));
    let has_own_interval = subscription
        .source
        .as_ref()
        .is_some_and(|source| source.poll_interval_seconds.is_some());
    if let Some(lease) = next.as_ref().or(old).filter(|_| !has_own_interval) {
        let wait = state.next_poll_at.millis_since(now);
        state.next_poll_at = now.plus_millis(course::stretched(lease, settings, wait, now));
    }
    match next {
        Some(lease) => step.and_remember(FetcherMemory::Lease(lease)),
        None => step,
    }
}

/// `step` follows from content that was pushed for `id`.
fn pushed(fetcher: &Fetcher, id: &SourceId, mut step: Step, now: Timestamp) -> Step {
    let lease = fetcher
        .subscriptions
        .get(id)
        .and_then(|subscription| subscription.lease.as_ref());
    // Content in which no feed was found says nothing about the hub.
    match lease.filter(|_| feed_state(&mut step).is_some()) {
        Some(lease) => step.and_remember(FetcherMemory::Lease(course::pushed(lease, now))),
        None => step,
    }
}

fn feed_state(step: &mut Step) -> Option<&mut FeedState> {
    step.decision.memory.iter_mut().find_map(|change| match change {
        FetcherMemory::Feed(state) => Some(state),
        _ => None,
    })
}

/// Asks the hub to end what is left of a source that the operator removed, while it would go on sending.
pub(super) fn end(fetcher: &Fetcher, id: &SourceId, now: Timestamp) -> Option<Step> {
    let lease = fetcher.subscriptions.get(id)?.lease.as_ref()?;
    let step = nothing().and_forget(FetcherMemory::lease_key(id));
    match course::is_active(lease, now) && fetcher.settings.websub.is_some() {
        // Nobody waits for the answer: a hub that does not hear of it stops when the lease ends.
        true => Some(step.and_found(errand_for(lease, &lease.hub, &lease.hub, HubMode::Unsubscribe, now))),
        false => Some(step),
    }
}

fn remembered(lease: LeaseState) -> Step {
    nothing().and_remember(FetcherMemory::Lease(lease))
}

fn nothing() -> Step {
    Step::new(Decision::done())
}
