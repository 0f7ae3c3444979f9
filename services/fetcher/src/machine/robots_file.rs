//! robots.txt of each host: when to ask, what the answer means (RFC 9309, sections 2.3 and 2.4).
//!
//! It binds the fetching of articles. The feed itself is not subject to it: an operator subscribed to it by hand, as
//! a person adds it to a feed reader, and many sites forbid all robots a feed that they publish for exactly that use.

use schemas::canonical::host_of;
use schemas::frontier::{Delivery, Errand, ErrandPurpose, HeaderLine};
use schemas::memory::fetcher::{Detour, FetcherMemory, RobotsState, RobotsVerdict};
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::{DAY, HOUR, growing, jittered};
use super::{Fetcher, Next, Step, redirect_target};
use crate::exchange::{Answer, FailureKind, Purpose, Request, Response};
use crate::found::Found;
use crate::robots::opt_outs::AiOptOuts;
use crate::robots::{BYTES_MAX, Rules};

const ACCEPT: &str = "text/plain, */*;q=0.5";

/// What is known about asking for one URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may be asked for.
    Allowed,
    /// It may not.
    Forbidden,
    /// robots.txt has to be read first, or again.
    Unknown,
    /// As [`Standing::Unknown`], after failures to read it.
    Unreachable,
}

/// How `url` on `host` stands at `now`.
pub(super) fn standing(fetcher: &Fetcher, host: &str, url: &str, now: Timestamp) -> Standing {
    let Some(robots) = fetcher.hosts.get(host).and_then(|host| host.robots.as_ref()) else {
        return Standing::Unknown;
    };
    let state = &robots.state;
    let unread = state.detour.is_some() || state.verdict == RobotsVerdict::DisallowAll || state.expires_at <= now;
    match (unread, state.verdict) {
        (true, _) if 0 < state.failures => Standing::Unreachable,
        (true, _) => Standing::Unknown,
        (false, RobotsVerdict::Rules) if !robots.rules.allows(url) => Standing::Forbidden,
        (false, _) => Standing::Allowed,
    }
}

/// The request for the robots.txt of `host`, over the scheme of `page_url`.
pub(super) fn request(host: &str, page_url: &str) -> Option<Next> {
    let scheme = page_url.split_once("://").map_or("https", |(scheme, _)| scheme);
    Some(to(format!("{scheme}://{host}/robots.txt"), host))
}

/// What to do about a robots.txt of `host` that a redirect moved: follow it on this host, ask the partition that owns
/// the other one, or give up waiting for that.
pub(super) fn redirected_request(fetcher: &Fetcher, host: &str, now: Timestamp) -> Option<Next> {
    let state = &fetcher.hosts.get(host)?.robots.as_ref()?.state;
    let detour = state.detour.as_ref()?;
    let decided = |step| Some(Next::Decided(Box::new(step)));
    if detour.asked_at.is_some() {
        return decided(remembered(unreachable(fetcher, host, now)));
    }
    match host_of(&detour.url).as_deref() == Some(host) {
        true => Some(to(detour.url.clone(), host)),
        false => decided(onward(host, state.clone(), detour.clone(), now)),
    }
}

/// Follows a redirect: on this host at the next opportunity, on another by an errand.
fn onward(host: &str, state: RobotsState, detour: Detour, now: Timestamp) -> Step {
    if host_of(&detour.url).as_deref() == Some(host) {
        let detour = Some(detour);
        return remembered(RobotsState { detour, ..state });
    }
    let errand = Errand {
        url: detour.url.clone(),
        purpose: ErrandPurpose::Robots { host: host.to_owned() },
        owner: host.to_owned(),
        headers: vec![HeaderLine {
            name: "Accept".to_owned(),
            value: ACCEPT.to_owned(),
        }],
        asked_at: now,
        ..Errand::default()
    };
    let asked_at = Some(now);
    let detour = Some(Detour { asked_at, ..detour });
    remembered(RobotsState { detour, ..state }).and_found(Found::Errand(Box::new(errand)))
}

fn remembered(state: RobotsState) -> Step {
    Step::new(Decision::done()).and_remember(FetcherMemory::Robots(state))
}

fn to(url: String, host: &str) -> Next {
    Next::Request(Box::new(Request {
        url,
        host: host.to_owned(),
        purpose: Purpose::Robots(host.to_owned()),
        headers: vec![("Accept".to_owned(), ACCEPT.to_owned())],
        max_body_bytes: BYTES_MAX,
        ..Request::default()
    }))
}

/// What follows from the answer to a request for `url`, on the way to the robots.txt of `host`.
pub(super) fn answered(fetcher: &Fetcher, host: &str, url: &str, answer: &Answer, now: Timestamp) -> Step {
    remembered(match answer {
        Answer::Response(response) => match response.status {
            200..=299 => read(fetcher, host, &response.body, now),
            300..=303 | 307 | 308 => return redirected(fetcher, host, url, response, now),
            // The server wants less of us, which is not leave to go on.
            429 => unreachable(fetcher, host, now),
            400..=499 => allow_all(host, now, DAY),
            _ => unreachable(fetcher, host, now),
        },
        // Its pages are refused in the same way, and each gets its own fate by that.
        Answer::Failure(failure) if failure.kind == FailureKind::RefusedAddress => allow_all(host, now, HOUR),
        Answer::Failure(_) => unreachable(fetcher, host, now),
    })
}

/// What follows from the answer of another partition; nothing when it is not waited for any more.
pub(super) fn delivered(fetcher: &Fetcher, host: &str, delivery: &Delivery, answer: &Answer, now: Timestamp) -> Step {
    let known = fetcher.hosts.get(host).and_then(|host| host.robots.as_ref());
    let detour = known.and_then(|robots| robots.state.detour.as_ref());
    match detour {
        Some(detour) if detour.asked_at == Some(delivery.asked_at) && detour.url == delivery.url => {
            answered(fetcher, host, &delivery.url, answer, now)
        }
        _ => Step::new(Decision::done()),
    }
}

fn allow_all(host: &str, now: Timestamp, kept: i64) -> RobotsState {
    RobotsState {
        host: host.to_owned(),
        read_at: now,
        expires_at: now.plus_millis(kept),
        verdict: RobotsVerdict::AllowAll,
        ..RobotsState::default()
    }
}

fn read(fetcher: &Fetcher, host: &str, body: &[u8], now: Timestamp) -> RobotsState {
    let rules = Rules::parse(body, &fetcher.settings.product_token);
    RobotsState {
        verdict: match rules.is_empty() {
            true => RobotsVerdict::AllowAll,
            false => RobotsVerdict::Rules,
        },
        crawl_delay_millis: rules.crawl_delay_millis(),
        rules: rules.to_lines(),
        ai_opt_outs: AiOptOuts::parse(body, &fetcher.settings.product_token).to_lines(),
        ..allow_all(host, now, DAY)
    }
}

fn redirected(fetcher: &Fetcher, host: &str, url: &str, response: &Response, now: Timestamp) -> Step {
    let known = fetcher.hosts.get(host).and_then(|host| host.robots.as_ref());
    let followed = known
        .and_then(|robots| robots.state.detour.as_ref())
        .map_or(0, |detour| detour.redirects);
    let redirects = followed.saturating_add(1);
    match redirect_target(response, url) {
        Some(url) if redirects <= fetcher.settings.redirects_max => {
            let state = RobotsState {
                failures: known.map_or(0, |robots| robots.state.failures),
                ..allow_all(host, now, HOUR)
            };
            let detour = Detour {
                url,
                redirects,
                ..Detour::default()
            };
            onward(host, state, detour, now)
        }
        // More than five redirects: it may be taken as unavailable (RFC 9309, section 2.3.1.2).
        _ => remembered(allow_all(host, now, DAY)),
    }
}

/// It can't be had now. Rules that were read before stay in force (section 2.4); without any, nothing is allowed.
fn unreachable(fetcher: &Fetcher, host: &str, now: Timestamp) -> RobotsState {
    let known = fetcher.hosts.get(host).and_then(|host| host.robots.as_ref());
    let known = known.map(|robots| &robots.state);
    let failures = known.map_or(0, |state| state.failures).saturating_add(1);
    let wait = jittered(
        growing(fetcher.settings.retry_min_millis(), 3, failures - 1, DAY),
        host,
        now,
    );
    let old_rules = known.filter(|state| state.detour.is_none() && state.verdict != RobotsVerdict::DisallowAll);
    match old_rules {
        Some(state) => RobotsState {
            expires_at: now.plus_millis(wait.max(HOUR)),
            failures,
            ..state.clone()
        },
        None => RobotsState {
            verdict: RobotsVerdict::DisallowAll,
            failures,
            ..allow_all(host, now, wait)
        },
    }
}
