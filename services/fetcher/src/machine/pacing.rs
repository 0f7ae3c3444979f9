//! A host's pacing after an answer of it: the delay, what it asks for, what its failures call for, its budget.

use schemas::memory::fetcher::HostState;
use schemas::time::Timestamp;

use super::Fetcher;
use super::backoff::{DAY, HOUR, SECOND, growing, jittered, retry_after};
use crate::exchange::{Answer, FailureKind};

impl Fetcher {
    /// The host's pacing after `answer`.
    pub(super) fn paced(&self, host: &str, answer: &Answer, now: Timestamp) -> HostState {
        let known = self.hosts.get(host).and_then(|host| host.pacing.as_ref());
        let failures = known.map_or(0, |pacing| pacing.failures);
        let one_more = failures.saturating_add(1);
        let delay = self.hosts.delay_millis(host);
        let first = self.settings.retry_min_millis();
        let (failures, wait) = match answer {
            Answer::Failure(failure) if failure.kind == FailureKind::OurNetwork => {
                (failures, jittered(first, host, now))
            }
            Answer::Failure(failure) if failure.kind.is_of_host() => {
                let wait = growing(delay.max(SECOND), 2, one_more, HOUR);
                (one_more, jittered(wait, host, now))
            }
            Answer::Response(response) if matches!(response.status, 429 | 503) => {
                let wait = retry_after(response, now, DAY);
                (one_more, wait.unwrap_or_else(|| growing(first, 2, failures, HOUR)))
            }
            Answer::Response(_) | Answer::Failure(_) => (0, 0),
        };
        let (hour_began_at, requests) = counted(known, now);
        let next_request_at = now.plus_millis(wait.max(delay));
        let is_spent = self.settings.host_requests_per_hour_max.max(1) <= requests;
        HostState {
            host: host.to_owned(),
            next_request_at: match is_spent {
                true => next_request_at.max(hour_began_at.plus_millis(HOUR)),
                false => next_request_at,
            },
            failures,
            hour_began_at: Some(hour_began_at),
            requests,
        }
    }
}

/// The present hour of the host's budget and the requests in it, this one included.
fn counted(known: Option<&HostState>, now: Timestamp) -> (Timestamp, u32) {
    let hour = known.and_then(|pacing| Some((pacing.hour_began_at?, pacing.requests)));
    match hour {
        Some((began_at, requests)) if (0..HOUR).contains(&now.millis_since(began_at)) => {
            (began_at, requests.saturating_add(1))
        }
        _ => (now, 1),
    }
}
