//! From one state of a subscription at a WebSub hub to the next. Nothing here asks anybody.

use schemas::id::SourceId;
use schemas::memory::fetcher::Detour;
use schemas::memory::lease::{LeaseStanding, LeaseState};
use schemas::time::Timestamp;

use crate::exchange::{Answer, Response};
use crate::machine::backoff::{DAY, HOUR, MINUTE, SECOND, growing, jittered, retry_after};
use crate::machine::redirect_target;
use crate::websub::Settings;
use crate::websub::discovery::Advertised;

/// A hub that fails is asked no less often than this, in milliseconds.
const RETRY_MAX: i64 = 7 * DAY;
/// A hub that refused is asked again after this, in milliseconds, and no less often than the second.
const DENIED_WAIT: i64 = 7 * DAY;
const DENIED_WAIT_MAX: i64 = 30 * DAY;
/// A renewal comes no sooner than this after the last one, however short the lease, in milliseconds.
const RENEWAL_WAIT_MIN: i64 = 10 * MINUTE;
/// A longer lease is believed for so long only, in milliseconds.
const LEASE_MAX: i64 = 90 * DAY;
/// Of several hubs the next one is tried after this many failures.
const FAILURES_PER_HUB: u32 = 3;

/// The callback of a subscription.
pub(in crate::machine) fn callback(settings: &Settings, source: &SourceId, topic: &str) -> String {
    format!("{}{}", settings.callback_url, settings.keys.path(source, topic))
}

/// The subscription that a feed asks for which was just read; `None` when the one there is will do.
pub(in crate::machine) fn wanted(
    old: Option<&LeaseState>,
    advertised: &Advertised,
    settings: &Settings,
    source: &SourceId,
    now: Timestamp,
) -> Option<LeaseState> {
    let callback = callback(settings, source, &advertised.topic);
    let same = old.filter(|old| old.topic == advertised.topic && old.callback == callback);
    let at = same.and_then(|old| advertised.hubs.iter().position(|hub| *hub == old.hub));
    let at = match (same, at) {
        (Some(old), Some(_)) if old.failures < FAILURES_PER_HUB || advertised.hubs.len() < 2 => return None,
        (Some(_), Some(at)) => (at + 1) % advertised.hubs.len(),
        _ => 0,
    };
    Some(LeaseState {
        source_id: source.clone(),
        hub: advertised.hubs.get(at)?.clone(),
        topic: advertised.topic.clone(),
        callback,
        due_at: now,
        ..LeaseState::default()
    })
}

/// The state after the answer of the hub to a request to subscribe, where that is still waited for: a hub may ask back
/// before it answers, and what it said then is newer than its answer.
pub(in crate::machine) fn answered(
    old: &LeaseState,
    url: &str,
    answer: &Answer,
    redirects_max: u8,
    now: Timestamp,
) -> LeaseState {
    match answer {
        Answer::Failure(failure) => failed(
            old,
            &format!("{}: {}", failure.kind.as_str(), failure.detail),
            None,
            now,
        ),
        Answer::Response(response) => match response.status {
            200..=299 => asked(old, now),
            // The Recommendation names these two; the others would turn the request into a GET.
            307 | 308 => redirected(old, url, response, redirects_max, now),
            status => failed(
                old,
                &format!("the hub answered with status {status}"),
                Some(response),
                now,
            ),
        },
    }
}

/// The hub has the request. Whether it asks back is seen later: each time that it does not counts as a failure.
fn asked(old: &LeaseState, now: Timestamp) -> LeaseState {
    let wait = growing(HOUR, 2, old.failures, RETRY_MAX);
    LeaseState {
        standing: match is_active(old, now) {
            true => LeaseStanding::Granted,
            false => LeaseStanding::Asked,
        },
        due_at: now.plus_millis(jittered(wait, old.source_id.as_str(), now)),
        failures: old.failures.saturating_add(1),
        asked_at: None,
        detour: None,
        last_error: Some("the hub has not asked back".to_owned()).filter(|_| 0 < old.failures),
        ..old.clone()
    }
}

pub(in crate::machine) fn failed(
    old: &LeaseState,
    error: &str,
    response: Option<&Response>,
    now: Timestamp,
) -> LeaseState {
    let wait = growing(5 * MINUTE, 3, old.failures, RETRY_MAX);
    let told = response.and_then(|response| retry_after(response, now, RETRY_MAX));
    let wait = jittered(wait, old.source_id.as_str(), now).max(told.unwrap_or(0));
    LeaseState {
        standing: match is_active(old, now) {
            true => LeaseStanding::Granted,
            false => LeaseStanding::Wanted,
        },
        due_at: now.plus_millis(wait),
        failures: old.failures.saturating_add(1),
        asked_at: None,
        detour: None,
        last_error: Some(error.chars().take(200).collect()),
        ..old.clone()
    }
}

fn redirected(old: &LeaseState, url: &str, response: &Response, redirects_max: u8, now: Timestamp) -> LeaseState {
    let followed = old.detour.as_ref().map_or(0, |detour| detour.redirects);
    let redirects = followed.saturating_add(1);
    match redirect_target(response, url) {
        Some(url) if redirects <= redirects_max => LeaseState {
            detour: Some(Detour {
                url,
                redirects,
                ..Detour::default()
            }),
            due_at: now,
            asked_at: None,
            ..old.clone()
        },
        Some(_) => failed(old, "too many redirects", Some(response), now),
        None => failed(old, "a redirect to nowhere", Some(response), now),
    }
}

/// The state after we told the hub that we want the subscription, and it named the time for which it grants it. Hubs
/// of the time before the Recommendation name none: they grant what they were asked for.
pub(in crate::machine) fn granted(
    old: &LeaseState,
    settings: &Settings,
    lease_seconds: Option<u32>,
    now: Timestamp,
) -> LeaseState {
    let lifetime = i64::from(lease_seconds.unwrap_or(settings.lease_seconds)) * SECOND;
    let lifetime = lifetime.min(LEASE_MAX);
    let renewal = jittered(lifetime / 5 * 4, old.source_id.as_str(), now).max(RENEWAL_WAIT_MIN);
    LeaseState {
        standing: LeaseStanding::Granted,
        due_at: now.plus_millis(renewal),
        expires_at: Some(now.plus_millis(lifetime)),
        failures: 0,
        asked_at: None,
        detour: None,
        last_error: None,
        ..old.clone()
    }
}

/// The state after the hub refused, which it may do at any time.
pub(in crate::machine) fn denied(old: &LeaseState, reason: Option<&str>, now: Timestamp) -> LeaseState {
    let wait = growing(DENIED_WAIT, 2, old.failures, DENIED_WAIT_MAX);
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    LeaseState {
        standing: LeaseStanding::Denied,
        due_at: now.plus_millis(jittered(wait, old.source_id.as_str(), now)),
        expires_at: None,
        failures: old.failures.saturating_add(1),
        asked_at: None,
        detour: None,
        relied_on: false,
        pushed_since_poll: false,
        last_error: Some(format!("the hub refused{reason}")),
        ..old.clone()
    }
}

/// The state after the operator resumed the source or added it again. While it was paused, what the hub sent was
/// refused, on which it may have ended the subscription without a word: it is asked anew, and nothing is relied on.
pub(in crate::machine) fn resumed(old: &LeaseState, now: Timestamp) -> LeaseState {
    LeaseState {
        due_at: now,
        asked_at: None,
        detour: None,
        relied_on: false,
        pushed_since_poll: false,
        ..old.clone()
    }
}

/// The state after the hub sent content that was a feed.
pub(in crate::machine) fn pushed(old: &LeaseState, now: Timestamp) -> LeaseState {
    LeaseState {
        last_push_at: Some(now),
        pushed_since_poll: true,
        ..old.clone()
    }
}

/// The state after a poll; `None` when it stays as it is.
///
/// A poll that finds what no push brought ends the reliance at once. It comes back when a poll finds that the pushes
/// since the one before brought everything.
pub(in crate::machine) fn polled(old: &LeaseState, found_news: bool, now: Timestamp) -> Option<LeaseState> {
    let relied_on = match found_news {
        true => false,
        false => is_active(old, now) && (old.relied_on || old.pushed_since_poll),
    };
    let changed = relied_on != old.relied_on || old.pushed_since_poll;
    changed.then(|| LeaseState {
        relied_on,
        pushed_since_poll: false,
        ..old.clone()
    })
}

/// True while the hub is bound to send us content.
pub(in crate::machine) fn is_active(lease: &LeaseState, now: Timestamp) -> bool {
    lease.expires_at.is_some_and(|expires_at| now < expires_at)
}

/// Milliseconds until the next poll, where it would be `wait` without the lease.
///
/// A feed whose pushes bring everything is polled less often, but once soon after its lease has run out.
pub(in crate::machine) fn stretched(lease: &LeaseState, settings: &Settings, wait: i64, now: Timestamp) -> i64 {
    let Some(expires_at) = lease.expires_at.filter(|_| lease.relied_on && is_active(lease, now)) else {
        return wait;
    };
    let stretched = wait.saturating_mul(i64::from(settings.poll_factor.max(1)));
    stretched.min(expires_at.millis_since(now).saturating_add(wait))
}

#[cfg(test)]
mod tests;
