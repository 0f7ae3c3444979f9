//! Articles: taking entries, requesting pages, judging their answers.

use schemas::article::Trace;
use schemas::canonical::host_of;
use schemas::fate::NotFetchedReason;
use schemas::fetched::{Content, Fetched};
use schemas::frontier::FrontierEntry;
use schemas::id::{FetchId, SourceId};
use schemas::memory::fetcher::{FeedState, FetcherMemory, PendingEntry};
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::{DAY, growing, jittered, retry_after};
use super::robots_file::{self, Standing};
use super::{Fetcher, Next, Step, is_web, own_host, redirect_target, rights};
use crate::exchange::{Answer, FailureKind, Purpose, Request, Response};
use crate::feed::text::plain_text;
use crate::found::Found;
use crate::health::PAGES_REFUSED_MAX;

/// A feed's text shorter than this, in characters, is a teaser and not the article.
const FULL_TEXT_CHARACTERS: usize = 400;

const ACCEPT: &str = "text/html, application/xhtml+xml, */*;q=0.5";

/// What becomes of an entry that arrives.
pub(super) fn take(fetcher: &Fetcher, mut entry: FrontierEntry, now: Timestamp) -> Step {
    let host = entry.host();
    if host.is_empty() || !is_web(&entry.url) {
        return Step::not_fetched(&entry, NotFetchedReason::Refused);
    }
    if !entry.fetch_page {
        return Step::new(Decision::pass(from_feed(fetcher, &entry, now)));
    }
    if let Some(other) = fetcher.pending.get(&FetcherMemory::pending_key(&entry.url)) {
        // Two feeds of a site show most of its articles: one fetch, one fate.
        return match other.entry.requested_url == entry.requested_url {
            true => Step::new(Decision::done()),
            false => Step::not_fetched(&entry, NotFetchedReason::Joined),
        };
    }
    if let Standing::Forbidden = robots_file::standing(fetcher, &host, &entry.url, now) {
        let step = without_page(fetcher, &entry, NotFetchedReason::Robots, now);
        let refused = counted(fetcher, &entry.source_id, true);
        return refused.into_iter().fold(step, Step::and_remember);
    }
    if fetcher.settings.pending_text_bytes_max < fetcher.pending_bytes.saturating_add(bytes_of(&entry)) {
        entry.feed_html = None;
    }
    let pending = PendingEntry {
        entry,
        attempts: 0,
        due_at: now,
    };
    Step::new(Decision::done()).and_remember(FetcherMemory::Pending(pending))
}

/// About how many bytes an entry takes while it is pending.
pub(super) fn bytes_of(entry: &FrontierEntry) -> usize {
    let hints = &entry.hints;
    let names = hints.authors.iter().chain(&hints.categories).chain(&hints.title);
    let named: usize = names.map(String::len).sum();
    let text = entry.feed_html.as_ref().map_or(0, String::len);
    // The URL stands in the key once more, and in the schedule.
    3 * entry.url.len() + entry.requested_url.len() + named + text + size_of::<FrontierEntry>()
}

/// What to do for the entry that waited longest on `host`: request its page, ask robots.txt first, or end it.
pub(super) fn request(fetcher: &Fetcher, host: &str, pending: &PendingEntry, now: Timestamp) -> Option<Next> {
    let entry = &pending.entry;
    let end = |reason, change: Option<FetcherMemory>| {
        let step = without_page(fetcher, entry, reason, now).and_forget(FetcherMemory::pending_key(&entry.url));
        Some(Next::Decided(Box::new(
            change.into_iter().fold(step, Step::and_remember),
        )))
    };
    match robots_file::standing(fetcher, host, &entry.url, now) {
        Standing::Forbidden => {
            let refused = counted(fetcher, &entry.source_id, true);
            end(NotFetchedReason::Robots, refused)
        }
        Standing::Unreachable if waited_too_long(fetcher, entry, now) => end(NotFetchedReason::GivenUp, None),
        Standing::Unreachable | Standing::Unknown => robots_file::request(host, &entry.url),
        Standing::Allowed => {
            if let Some(first) = rights::request(fetcher, host, &entry.url, now) {
                return Some(first);
            }
            let request = Request {
                url: entry.url.clone(),
                host: host.to_owned(),
                purpose: Purpose::Page,
                headers: vec![("Accept".to_owned(), ACCEPT.to_owned())],
                max_body_bytes: fetcher.settings.page_bytes_max,
                ..Request::default()
            };
            // Its source is known here exactly when it has the same host.
            let source = fetcher.subscriptions.get(&entry.source_id);
            let source = source.and_then(|subscription| subscription.source.as_ref());
            Some(Next::Request(Box::new(match source {
                Some(source) => own_host::with_headers(request, source),
                None => request,
            })))
        }
    }
}

/// What follows from the answer to a page request.
///
/// A page that is too large is given up at once: it will not shrink, and asking again costs both sides 5 MiB.
pub(super) fn answered(fetcher: &Fetcher, request: &Request, answer: Answer, now: Timestamp) -> Step {
    let key = FetcherMemory::pending_key(&request.url);
    let Some(pending) = fetcher.pending.get(&key) else {
        return Step::new(Decision::done());
    };
    let is_refused = matches!(&answer, Answer::Response(response) if matches!(response.status, 401 | 403 | 429 | 451));
    let is_had = matches!(&answer, Answer::Response(response) if matches!(response.status, 200..=299));
    let standing = (is_refused || is_had).then(|| counted(fetcher, &pending.entry.source_id, is_refused));
    let step = ended(fetcher, pending, request, answer, now);
    standing.flatten().into_iter().fold(step, Step::and_remember)
}

/// Counts a page that its host refused, or forgets those before a page that was had, for the health of the source;
/// `None` when that changes nothing or the source is another partition's.
fn counted(fetcher: &Fetcher, source: &SourceId, is_refused: bool) -> Option<FetcherMemory> {
    let state = fetcher.subscriptions.get(source)?.state.as_ref()?;
    let pages_refused = match is_refused {
        true => state.pages_refused.saturating_add(1).min(PAGES_REFUSED_MAX),
        false => 0,
    };
    (pages_refused != state.pages_refused).then(|| {
        FetcherMemory::Feed(FeedState {
            pages_refused,
            ..state.clone()
        })
    })
}

fn ended(fetcher: &Fetcher, pending: &PendingEntry, request: &Request, answer: Answer, now: Timestamp) -> Step {
    let key = FetcherMemory::pending_key(&request.url);
    let end = |reason| Step::not_fetched(&pending.entry, reason).and_forget(key.clone());
    match answer {
        Answer::Failure(failure) => match failure.kind {
            FailureKind::RefusedAddress => end(NotFetchedReason::Refused),
            FailureKind::TooLarge => end(NotFetchedReason::GivenUp),
            _ => tried_again(fetcher, pending, None, now),
        },
        Answer::Response(response) => match response.status {
            200..=299 if fetcher.settings.page_bytes_max < response.body.len() => end(NotFetchedReason::GivenUp),
            200..=299 => {
                let found = from_page(fetcher, &pending.entry, response, now);
                Step::new(Decision::pass(found)).and_forget(key)
            }
            300..=303 | 307 | 308 => match redirect_target(&response, &request.url) {
                Some(target) => redirected(fetcher, pending, target, now),
                None => tried_again(fetcher, pending, Some(&response), now),
            },
            404 | 410 => end(NotFetchedReason::Gone),
            _ => tried_again(fetcher, pending, Some(&response), now),
        },
    }
}

/// Another attempt later, or the end of it.
///
/// A server that asks us to slow down (429, or 503 with a Retry-After) has not failed the entry: the attempt is not
/// counted, but the entry waits no longer than for an unreachable robots.txt.
fn tried_again(fetcher: &Fetcher, pending: &PendingEntry, response: Option<&Response>, now: Timestamp) -> Step {
    let wait = response.and_then(|response| retry_after(response, now, DAY));
    let told_to_wait = response.is_some_and(|response| match response.status {
        429 => true,
        503 => wait.is_some(),
        _ => false,
    });
    let attempts = match told_to_wait && !waited_too_long(fetcher, &pending.entry, now) {
        true => pending.attempts,
        false => pending.attempts + 1,
    };
    let key = FetcherMemory::pending_key(&pending.entry.url);
    if fetcher.settings.page_attempts_max <= attempts {
        return Step::not_fetched(&pending.entry, NotFetchedReason::GivenUp).and_forget(key);
    }
    let backoff = jittered(
        growing(fetcher.settings.retry_min_millis(), 5, attempts.saturating_sub(1), DAY),
        &key,
        now,
    );
    let again = PendingEntry {
        entry: pending.entry.clone(),
        attempts,
        due_at: now.plus_millis(wait.unwrap_or(0).max(backoff)),
    };
    Step::new(Decision::done()).and_remember(FetcherMemory::Pending(again))
}

fn redirected(fetcher: &Fetcher, pending: &PendingEntry, target: String, now: Timestamp) -> Step {
    let old_key = FetcherMemory::pending_key(&pending.entry.url);
    let redirects = pending.entry.redirects.saturating_add(1);
    if fetcher.settings.redirects_max < redirects {
        return Step::not_fetched(&pending.entry, NotFetchedReason::Redirects).and_forget(old_key);
    }
    let same_host = host_of(&target) == host_of(&pending.entry.url);
    let new_key = FetcherMemory::pending_key(&target);
    let entry = FrontierEntry {
        url: target,
        redirects,
        ..pending.entry.clone()
    };
    let step = Step::new(Decision::done());
    if !same_host {
        return step.and_forget(old_key).and_found(Found::Entry(Box::new(entry)));
    }
    if new_key != old_key && fetcher.pending.contains_key(&new_key) {
        return Step::not_fetched(&pending.entry, NotFetchedReason::Joined).and_forget(old_key);
    }
    let step = match new_key == old_key {
        true => step,
        false => step.and_forget(old_key),
    };
    step.and_remember(FetcherMemory::Pending(PendingEntry {
        entry,
        attempts: pending.attempts,
        due_at: now,
    }))
}

fn waited_too_long(fetcher: &Fetcher, entry: &FrontierEntry, now: Timestamp) -> bool {
    i64::from(fetcher.settings.page_wait_max_seconds) * 1_000 < now.millis_since(entry.found_at)
}

/// The page can't be had: the feed's own text when it is the whole article, else the end of the entry.
fn without_page(fetcher: &Fetcher, entry: &FrontierEntry, reason: NotFetchedReason, now: Timestamp) -> Step {
    let has_full_text = entry
        .feed_html
        .as_ref()
        .is_some_and(|html| FULL_TEXT_CHARACTERS < plain_text(html).chars().count());
    match has_full_text {
        true => Step::new(Decision::pass(from_feed(fetcher, entry, now))),
        false => Step::not_fetched(entry, reason),
    }
}

fn trace(entry: &FrontierEntry, fetch_id: FetchId, now: Timestamp) -> Trace {
    Trace {
        fetch_id,
        source_id: entry.source_id.clone(),
        requested_url: entry.requested_url.clone(),
        fetched_at: now,
    }
}

fn from_page(fetcher: &Fetcher, entry: &FrontierEntry, response: Response, now: Timestamp) -> Found {
    Found::Fetched(Box::new(Fetched {
        trace: trace(entry, FetchId::of_request(&entry.url, now), now),
        url: entry.url.clone(),
        status: response.status,
        content_type: response.header("content-type").map(str::to_owned),
        robots_headers: response.headers_named("x-robots-tag").map(str::to_owned).collect(),
        rights: rights::known(fetcher, &entry.url, Some(&response)),
        content: Content::Page,
        hints: entry.hints.clone(),
        continues: entry.continues.clone(),
        from_file: false,
        body: response.body,
    }))
}

fn from_feed(fetcher: &Fetcher, entry: &FrontierEntry, now: Timestamp) -> Found {
    // Two feeds may show one article at the same instant, and each text is an item of its own.
    let fetch_id = FetchId::of_request(&format!("{} {}", entry.source_id, entry.url), now);
    Found::Fetched(Box::new(Fetched {
        trace: trace(entry, fetch_id, now),
        url: entry.url.clone(),
        status: 200,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        robots_headers: Vec::new(),
        rights: rights::known(fetcher, &entry.url, None),
        content: Content::FeedHtml,
        hints: entry.hints.clone(),
        continues: None,
        from_file: false,
        body: entry.feed_html.clone().unwrap_or_default().into_bytes(),
    }))
}
