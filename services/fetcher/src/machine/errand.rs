//! Errands: what other partitions of the frontier wait for and only this one may ask for, because it owns the host.
//!
//! An errand waits among the other work of its host. Errands for one URL that wait at the same time share one request;
//! each gets a delivery of its own. A source that reads a feed here by errands, interval after interval, is remembered
//! as the feed's reader, and another source that leads to the same feed is told so instead of asking a second time.

use schemas::fetched::MAX_BODY_BYTES;
use schemas::frontier::{Delivery, Errand, ErrandPurpose, HeaderLine, Outcome};
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedReader, FetcherMemory, PendingErrand};
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::SECOND;
use super::{Fetcher, Next, Step, follow, is_web, lease, poll, robots_file};
use crate::exchange::{Answer, Failure, FailureKind, Purpose, Request, Response};
use crate::found::Found;
use crate::robots;

/// Headers of an answer that travel back to who asked.
const DELIVERED: [&str; 9] = [
    "content-type",
    "location",
    "etag",
    "last-modified",
    "retry-after",
    "link",
    "cache-control",
    "expires",
    "x-robots-tag",
];

/// A longer header does not travel.
const HEADER_BYTES_MAX: usize = 4_096;

/// Headers of one name that travel.
const HEADERS_MAX: usize = 16;

/// What becomes of an errand that arrives: it is remembered, or answered at once.
pub(super) fn take(fetcher: &Fetcher, errand: Errand, now: Timestamp) -> Step {
    let done = Step::new(Decision::done());
    let deliver = |outcome| {
        let delivery = errand.delivery(outcome, now);
        Step::new(Decision::done()).and_found(Found::Delivery(Box::new(delivery)))
    };
    if is_too_late(fetcher, &errand, now) {
        return done;
    }
    if errand.host().is_empty() || !is_web(&errand.url) {
        return deliver(Outcome::Failure {
            failure: FailureKind::RefusedAddress.as_str().to_owned(),
            detail: "not the address of a web page".to_owned(),
        });
    }
    if let Some(source_id) = reader(fetcher, &errand, now) {
        return deliver(Outcome::ReadBy { source_id });
    }
    let key = FetcherMemory::errand_key(&errand.purpose, &errand.url);
    let is_newer = |waiting: &PendingErrand| errand.asked_at < waiting.errand.asked_at;
    match fetcher.errands.get(&key).is_some_and(is_newer) {
        true => done,
        false => done.and_remember(FetcherMemory::Errand(PendingErrand { errand })),
    }
}

/// The source that reads the feed already, so that this one need not.
fn reader(fetcher: &Fetcher, errand: &Errand, now: Timestamp) -> Option<SourceId> {
    let ErrandPurpose::Feed { source_id: asker } = &errand.purpose else {
        return None;
    };
    if let Some(local) = follow::reader_here(fetcher, &errand.url, asker) {
        return Some(local.clone());
    }
    let reader = fetcher.readers.get(&FetcherMemory::reader_key(&errand.url))?;
    (reader.source_id != *asker && now < forgotten_at(fetcher, reader)).then(|| reader.source_id.clone())
}

/// When a reader that does not come back counts no more.
pub(super) fn forgotten_at(fetcher: &Fetcher, reader: &FeedReader) -> Timestamp {
    let interval = i64::from(fetcher.settings.poll_interval_max_seconds) * SECOND;
    reader.read_at.plus_millis(2 * interval)
}

/// True when nobody waits for the answer any more.
fn is_too_late(fetcher: &Fetcher, errand: &Errand, now: Timestamp) -> bool {
    i64::from(fetcher.settings.errand_wait_seconds) * SECOND <= now.millis_since(errand.asked_at)
}

/// What to do for the errand of this key.
pub(super) fn request(fetcher: &Fetcher, host: &str, key: &str, now: Timestamp) -> Option<Next> {
    let errand = &fetcher.errands.get(key)?.errand;
    let form = lease::form_of(&fetcher.settings, &errand.purpose);
    let Some(form) = form.filter(|_| !is_too_late(fetcher, errand, now)) else {
        let step = Step::new(Decision::done()).and_forget(key.to_owned());
        return Some(Next::Decided(Box::new(step)));
    };
    let all_alike = together(fetcher, &errand.purpose, &errand.url).all(|other| other.headers == errand.headers);
    // Those that wait have different versions of the feed: without validators the answer serves them all.
    let headers = errand
        .headers
        .iter()
        .filter(|header| all_alike || !is_validator(&header.name));
    let max_body_bytes = match errand.purpose {
        ErrandPurpose::Robots { .. } => robots::BYTES_MAX,
        ErrandPurpose::Feed { .. } => fetcher.settings.feed_bytes_max.min(MAX_BODY_BYTES),
        ErrandPurpose::Hub { .. } => lease::HUB_BYTES_MAX,
    };
    Some(Next::Request(Box::new(Request {
        url: errand.url.clone(),
        host: host.to_owned(),
        purpose: Purpose::Errand(errand.purpose.clone()),
        headers: headers
            .map(|header| (header.name.clone(), header.value.clone()))
            .collect(),
        form,
        max_body_bytes,
        ..Request::default()
    })))
}

fn is_validator(name: &str) -> bool {
    name.eq_ignore_ascii_case("if-none-match") || name.eq_ignore_ascii_case("if-modified-since")
}

/// All errands that wait for `url` for the same kind of purpose.
fn together<'a>(fetcher: &'a Fetcher, purpose: &ErrandPurpose, url: &str) -> impl Iterator<Item = &'a Errand> {
    let key = FetcherMemory::errand_key(purpose, url);
    // The key without its last part, which names who waits.
    let shared: usize = key.split(':').take(3).map(|part| part.len() + 1).sum();
    let prefix = key.get(..shared).unwrap_or_default().to_owned();
    fetcher
        .errands
        .range(prefix.clone()..)
        .take_while(move |(key, _)| key.starts_with(&prefix))
        .map(|(_, pending)| &pending.errand)
}

/// What follows from the answer: a delivery for everybody who waits for it.
pub(super) fn answered(
    fetcher: &Fetcher,
    purpose: &ErrandPurpose,
    request: &Request,
    answer: &Answer,
    now: Timestamp,
) -> Step {
    let is_unchanged = matches!(answer, Answer::Response(response) if response.status == 304);
    let asked_the_same = |errand: &&Errand| !is_unchanged || is_of(errand, request);
    let mut step = Step::new(Decision::done());
    let mut reader = None;
    for errand in together(fetcher, purpose, &request.url).filter(asked_the_same) {
        let delivery = errand.delivery(outcome(answer), now);
        let key = FetcherMemory::errand_key(&errand.purpose, &errand.url);
        step = step.and_found(Found::Delivery(Box::new(delivery))).and_forget(key);
        if errand.settled && is_good(answer) && reader.is_none() {
            reader = Some(errand);
        }
    }
    if let Some((errand, ErrandPurpose::Feed { source_id })) = reader.map(|errand| (errand, &errand.purpose)) {
        step = step.and_remember(FetcherMemory::Reader(FeedReader {
            url: errand.url.clone(),
            source_id: source_id.clone(),
            read_at: now,
        }));
    }
    step
}

/// True when `errand` wants the very headers that were sent.
fn is_of(errand: &Errand, request: &Request) -> bool {
    let wanted = errand
        .headers
        .iter()
        .map(|header| (header.name.as_str(), header.value.as_str()));
    wanted.eq(request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str())))
}

fn is_good(answer: &Answer) -> bool {
    matches!(answer, Answer::Response(response) if matches!(response.status, 200..=299 | 304))
}

fn outcome(answer: &Answer) -> Outcome {
    match answer {
        Answer::Response(response) if response.body.len() <= MAX_BODY_BYTES => Outcome::Response {
            status: response.status,
            headers: DELIVERED
                .iter()
                .flat_map(|name| {
                    let short = response
                        .headers_named(name)
                        .filter(|value| value.len() <= HEADER_BYTES_MAX);
                    short.take(HEADERS_MAX).map(|value| HeaderLine {
                        name: (*name).to_owned(),
                        value: value.to_owned(),
                    })
                })
                .collect(),
            body: response.body.clone(),
        },
        Answer::Response(_) => Outcome::Failure {
            failure: FailureKind::TooLarge.as_str().to_owned(),
            detail: format!("the body is larger than {MAX_BODY_BYTES} bytes"),
        },
        Answer::Failure(failure) => Outcome::Failure {
            failure: failure.kind.as_str().to_owned(),
            detail: failure.detail.clone(),
        },
    }
}

/// What follows from a delivery that arrives: the same as from an answer, if it is still waited for.
pub(super) fn delivered(fetcher: &Fetcher, delivery: Delivery, now: Timestamp) -> Step {
    let mut delivery = delivery;
    let outcome = std::mem::take(&mut delivery.outcome);
    let answer = match outcome {
        Outcome::ReadBy { source_id } => return poll::read_by(fetcher, &delivery, &source_id, now),
        // Word of a hub, which is no answer to an errand.
        Outcome::Granted { .. } | Outcome::Denied { .. } => return Step::new(Decision::done()),
        Outcome::Response { status, headers, body } => Answer::Response(Response {
            status,
            headers: headers.into_iter().map(|header| (header.name, header.value)).collect(),
            body,
        }),
        Outcome::Failure { failure, detail } => Answer::Failure(Failure {
            kind: FailureKind::named(&failure).unwrap_or(FailureKind::Connect),
            detail,
        }),
    };
    match &delivery.purpose {
        ErrandPurpose::Feed { source_id } => poll::delivered(fetcher, source_id, &delivery, &answer, now),
        ErrandPurpose::Robots { host } => robots_file::delivered(fetcher, host, &delivery, &answer, now),
        ErrandPurpose::Hub { .. } => lease::answered(fetcher, &delivery, &answer, now),
    }
}
