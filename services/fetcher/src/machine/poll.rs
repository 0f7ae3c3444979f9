//! Polls of feeds: when, how, and what an answer means for the subscription.

use schemas::id::SourceId;
use schemas::memory::fetcher::{Detour, FeedState, FetcherMemory};
use schemas::source::Source;
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::{DAY, SECOND, growing, jittered, retry_after};
use super::subscription::Subscription;
use super::{Fetcher, Next, Step, entries, redirect_target};
use crate::exchange::{Answer, Purpose, Request, Response};
use crate::feed;

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
    application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

/// A feed that fails backs off to this and no further, in milliseconds.
const BACKOFF_MAX: i64 = 30 * DAY;

/// A longer validator is not kept.
const VALIDATOR_BYTES_MAX: usize = 1_024;

/// The request for the next poll of `source`.
pub(super) fn request(fetcher: &Fetcher, source: &SourceId, host: &str) -> Option<Next> {
    let subscription = fetcher.subscriptions.get(source)?;
    let mut headers = vec![("Accept".to_owned(), ACCEPT.to_owned())];
    if let Some(state) = subscription.state.as_ref().filter(|state| !is_probe(fetcher, state)) {
        let etag = state.etag.iter().map(|tag| ("If-None-Match".to_owned(), tag.clone()));
        let modified = state
            .last_modified
            .iter()
            .map(|date| ("If-Modified-Since".to_owned(), date.clone()));
        headers.extend(etag.chain(modified));
    }
    Some(Next::Request(Box::new(Request {
        url: subscription.request_url()?.to_owned(),
        host: host.to_owned(),
        purpose: Purpose::Feed(source.clone()),
        headers,
        max_body_bytes: fetcher.settings.feed_bytes_max,
    })))
}

/// True when this poll goes out without validators, to find those that lie.
fn is_probe(fetcher: &Fetcher, state: &FeedState) -> bool {
    fetcher.settings.unconditional_poll_every <= state.conditional_polls.saturating_add(1)
}

/// What follows from the answer to a poll.
pub(super) fn answered(fetcher: &Fetcher, id: &SourceId, request: &Request, answer: &Answer, now: Timestamp) -> Step {
    let subscription = fetcher.subscriptions.get(id);
    let Some((subscription, source)) = subscription.and_then(|known| Some((known, known.source.as_ref()?))) else {
        return Step::new(Decision::done());
    };
    let poll = Poll {
        fetcher,
        subscription,
        source,
        request,
        now,
    };
    match answer {
        Answer::Failure(failure) => poll.failed(&format!("{}: {}", failure.kind.as_str(), failure.detail), None),
        Answer::Response(response) => poll.judge(response),
    }
}

/// One answered poll.
pub(super) struct Poll<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) subscription: &'a Subscription,
    pub(super) source: &'a Source,
    pub(super) request: &'a Request,
    pub(super) now: Timestamp,
}

impl Poll<'_> {
    fn judge(&self, response: &Response) -> Step {
        match response.status {
            200..=299 => self.read(response),
            304 if self.was_conditional() => {
                let state = self.succeeded(response, None);
                self.remembered(state)
            }
            301 | 308 => self.redirected(response, true),
            300 | 302 | 303 | 307 => self.redirected(response, false),
            410 if self.is_at_home() => self.ended(),
            status => self.failed(&format!("the server answered with status {status}"), Some(response)),
        }
    }

    fn read(&self, response: &Response) -> Step {
        let parsed = feed::parse(&response.body, response.header("content-type"), &self.request.url);
        match parsed {
            Ok(feed) => {
                let judged = entries::judge(self, feed);
                let mut state = self.succeeded(response, judged.newest_at);
                if !judged.is_complete {
                    (state.etag, state.last_modified) = (None, None);
                }
                let step = Step::new(Decision::done());
                let step = judged.found.into_iter().fold(step, Step::and_found);
                let step = judged.changes.into_iter().fold(step, Step::and_remember);
                step.and_remember(FetcherMemory::Feed(state))
            }
            Err(error) => self.failed(&format!("the answer is no feed: {error}"), Some(response)),
        }
    }

    /// The state as it was, or that of a source which was never polled.
    pub(super) fn state(&self) -> FeedState {
        self.subscription.state.clone().unwrap_or_else(|| FeedState {
            source_id: self.source.id.clone(),
            url: self.source.url.clone(),
            ..FeedState::default()
        })
    }

    fn detour(&self) -> Option<&Detour> {
        self.subscription.state.as_ref()?.detour.as_ref()
    }

    /// True when the answer came from the feed's own address or one that it moved to for good.
    fn is_at_home(&self) -> bool {
        self.detour().is_none_or(|detour| detour.permanent)
    }

    fn was_conditional(&self) -> bool {
        let is_validator =
            |(name, _): &(String, String)| matches!(name.as_str(), "If-None-Match" | "If-Modified-Since");
        self.request.headers.iter().any(is_validator)
    }

    fn remembered(&self, state: FeedState) -> Step {
        Step::new(Decision::done()).and_remember(FetcherMemory::Feed(state))
    }

    /// The state after an answer that could be read; `newest_at` is the time of the newest thing that is new.
    fn succeeded(&self, response: &Response, newest_at: Option<Timestamp>) -> FeedState {
        let old = self.state();
        let conditional_polls = match self.was_conditional() {
            true => old.conditional_polls.saturating_add(1),
            false => 0,
        };
        let not_modified = response.status == 304;
        let validator = |name: &str, old: Option<String>| {
            let sent = response.header(name).filter(|value| value.len() <= VALIDATOR_BYTES_MAX);
            sent.map(str::to_owned).or(old.filter(|_| not_modified))
        };
        let last_new_at = newest_at.or(old.last_new_at);
        let interval_seconds = self.interval_seconds(last_new_at);
        let wait = i64::from(interval_seconds) * SECOND;
        FeedState {
            url: match old.detour {
                Some(detour) if detour.permanent => detour.url,
                _ => old.url,
            },
            source_id: old.source_id,
            next_poll_at: self.now.plus_millis(self.spread(wait)),
            detour: None,
            etag: validator("etag", old.etag),
            last_modified: validator("last-modified", old.last_modified),
            failures: 0,
            last_success_at: Some(self.now),
            last_new_at,
            conditional_polls,
            interval_seconds,
            last_error: None,
            ended: false,
            ..FeedState::default()
        }
    }

    /// Seconds until the next poll: the operator's, or a tenth of the time that the feed has been silent. A new entry
    /// is then found after at most a tenth of the silence before it, and a feed that sleeps costs next to nothing.
    fn interval_seconds(&self, last_new_at: Option<Timestamp>) -> u32 {
        if let Some(seconds) = self.source.poll_interval_seconds {
            return seconds.max(1);
        }
        let settings = &self.fetcher.settings;
        let silent_millis = last_new_at.map_or(0, |at| self.now.millis_since(at));
        let tenth = u32::try_from(silent_millis.max(0) / (10 * SECOND)).unwrap_or(u32::MAX);
        let longest = settings
            .poll_interval_max_seconds
            .max(settings.poll_interval_min_seconds);
        tenth.clamp(settings.poll_interval_min_seconds.max(1), longest.max(1))
    }

    fn spread(&self, wait: i64) -> i64 {
        match self.source.poll_interval_seconds {
            Some(_) => wait,
            None => jittered(wait, self.source.id.as_str(), self.now),
        }
    }

    /// A poll that failed: the next one waits twice as long, up to 30 days, and longer when the server says so.
    fn failed(&self, error: &str, response: Option<&Response>) -> Step {
        let old = self.state();
        let failures = old.failures.saturating_add(1);
        let base = i64::from(self.interval_seconds(old.last_new_at)) * SECOND;
        let backoff = jittered(
            growing(base, 2, failures, BACKOFF_MAX),
            self.source.id.as_str(),
            self.now,
        );
        let told = response.and_then(|response| retry_after(response, self.now, BACKOFF_MAX));
        self.remembered(FeedState {
            next_poll_at: self.now.plus_millis(backoff.max(told.unwrap_or(0))),
            detour: None,
            failures,
            last_error: Some(error.chars().take(200).collect()),
            ..old
        })
    }

    /// A redirect is followed at once. A permanent one moves the subscription only when a feed is found at its end,
    /// because a broken proxy can answer 301 for everything.
    fn redirected(&self, response: &Response, permanent: bool) -> Step {
        let redirects = self.detour().map_or(0, |detour| detour.redirects).saturating_add(1);
        if self.fetcher.settings.redirects_max < redirects {
            return self.failed("too many redirects", Some(response));
        }
        let Some(url) = redirect_target(response, &self.request.url) else {
            return self.failed("a redirect to nowhere", Some(response));
        };
        self.remembered(FeedState {
            next_poll_at: self.now,
            detour: Some(Detour {
                url,
                redirects,
                permanent: permanent && self.is_at_home(),
                ..Detour::default()
            }),
            ..self.state()
        })
    }

    fn ended(&self) -> Step {
        self.remembered(FeedState {
            ended: true,
            detour: None,
            last_error: Some("the server says that the feed is gone (410)".to_owned()),
            ..self.state()
        })
    }
}
