//! Polls of feeds: when, how, and what an answer means for the subscription.

mod outcome;

use schemas::canonical::host_of;
use schemas::frontier::{Delivery, ErrandPurpose};
use schemas::id::SourceId;
use schemas::memory::fetcher::{Detour, FeedState, FetcherMemory};
use schemas::source::Source;
use schemas::time::Timestamp;
use stage::Decision;

use super::entries::Judged;
use super::subscription::Subscription;
use super::{Fetcher, Next, Step, entries};
use crate::exchange::{Answer, Purpose, Request, Response};
use crate::feed;

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
    application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

/// What the next poll of `source` begins with: a request to its own host, an errand for the partition of another one,
/// or the discovery that somebody else reads the feed.
pub(super) fn request(fetcher: &Fetcher, source: &SourceId, now: Timestamp) -> Option<Next> {
    let poll = Poll::begun(fetcher, source, now)?;
    let state = poll.state();
    let decided = |step| Some(Next::Decided(Box::new(step)));
    if let Some(detour) = state.detour.as_ref().filter(|detour| detour.asked_at.is_some()) {
        let host = host_of(&detour.url).unwrap_or_default();
        return decided(poll.failed(&format!("no answer from the fetcher that reads {host}"), None));
    }
    let url = state.detour.as_ref().map_or(&state.url, |detour| &detour.url).clone();
    if state.detour.is_none()
        && url != poll.source.url
        && let Some(reader) = poll.reader_of(&url)
    {
        return decided(poll.followed(&url, &reader, false));
    }
    let home = poll.home();
    if host_of(&url) != home {
        let detour = state.detour.clone().unwrap_or(Detour {
            url,
            permanent: true,
            ..Detour::default()
        });
        return decided(poll.onward(detour, state));
    }
    Some(Next::Request(Box::new(Request {
        headers: poll.headers(&state),
        host: home?,
        url,
        purpose: Purpose::Feed(source.clone()),
        max_body_bytes: fetcher.settings.feed_bytes_max,
        ..Request::default()
    })))
}

/// The validators of `state`, byte for byte as they came; none at every poll of a certain number, to find those that
/// lie.
fn validators(fetcher: &Fetcher, state: &FeedState) -> Vec<(String, String)> {
    if fetcher.settings.unconditional_poll_every <= state.conditional_polls.saturating_add(1) {
        return Vec::new();
    }
    let tag = state.etag.iter().map(|tag| ("If-None-Match".to_owned(), tag.clone()));
    let date = state
        .last_modified
        .iter()
        .map(|date| ("If-Modified-Since".to_owned(), date.clone()));
    tag.chain(date).collect()
}

fn is_validator(name: &str) -> bool {
    matches!(name, "If-None-Match" | "If-Modified-Since")
}

/// What follows from the answer to a poll.
pub(super) fn answered(fetcher: &Fetcher, id: &SourceId, request: &Request, answer: &Answer, now: Timestamp) -> Step {
    let Some(poll) = Poll::begun(fetcher, id, now) else {
        return Step::new(Decision::done());
    };
    let poll = Poll {
        url: &request.url,
        was_conditional: request.headers.iter().any(|(name, _)| is_validator(name)),
        ..poll
    };
    poll.judged(answer)
}

/// What follows from the answer of another partition, if it is still waited for, or from what a server pushed.
pub(super) fn delivered(
    fetcher: &Fetcher,
    id: &SourceId,
    delivery: &Delivery,
    answer: &Answer,
    now: Timestamp,
) -> Step {
    let nothing = Step::new(Decision::done());
    match (Poll::delivered(fetcher, id, delivery, now), answer) {
        (Some(poll), Answer::Response(response)) if delivery.pushed => poll.pushed(response).unwrap_or(nothing),
        (Some(poll), answer) if !delivery.pushed => poll.judged(answer),
        _ => nothing,
    }
}

/// What follows when the partition that was asked says that `reader` reads the feed: where the subscription lives
/// there it follows; where a redirect only leads there this time, nothing is new.
pub(super) fn read_by(fetcher: &Fetcher, delivery: &Delivery, reader: &SourceId, now: Timestamp) -> Step {
    let ErrandPurpose::Feed { source_id } = &delivery.purpose else {
        return Step::new(Decision::done());
    };
    match Poll::delivered(fetcher, source_id, delivery, now) {
        Some(poll) if poll.is_at_home() => poll.followed(&delivery.url, reader, true),
        Some(poll) => poll.remembered(poll.succeeded(None, None)),
        None => Step::new(Decision::done()),
    }
}

/// One poll, under way or answered.
pub(super) struct Poll<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) subscription: &'a Subscription,
    pub(super) source: &'a Source,
    /// The address that answered; empty before that.
    pub(super) url: &'a str,
    pub(super) was_conditional: bool,
    pub(super) now: Timestamp,
}

impl<'a> Poll<'a> {
    fn begun(fetcher: &'a Fetcher, id: &SourceId, now: Timestamp) -> Option<Self> {
        let subscription = fetcher.subscriptions.get(id)?;
        Some(Self {
            fetcher,
            subscription,
            source: subscription.source.as_ref()?,
            url: "",
            was_conditional: false,
            now,
        })
    }

    /// The poll that `delivery` answers; `None` when it is not waited for.
    fn delivered(fetcher: &'a Fetcher, id: &SourceId, delivery: &'a Delivery, now: Timestamp) -> Option<Self> {
        let poll = Self::begun(fetcher, id, now)?;
        let state = poll.subscription.state.as_ref()?;
        let detour = state.detour.as_ref();
        let is_awaited =
            detour.is_some_and(|detour| detour.asked_at == Some(delivery.asked_at) && detour.url == delivery.url);
        (delivery.pushed || is_awaited).then_some(Self {
            url: &delivery.url,
            // Nothing of the state has changed since the errand was written.
            was_conditional: !validators(fetcher, state).is_empty(),
            ..poll
        })
    }
}

impl Poll<'_> {
    fn judged(&self, answer: &Answer) -> Step {
        match answer {
            Answer::Failure(failure) => self.failed(&format!("{}: {}", failure.kind.as_str(), failure.detail), None),
            Answer::Response(response) => self.judge(response),
        }
    }

    /// The host whose partition owns the source.
    fn home(&self) -> Option<String> {
        host_of(&self.source.url)
    }

    fn headers(&self, state: &FeedState) -> Vec<(String, String)> {
        let mut headers = vec![("Accept".to_owned(), ACCEPT.to_owned())];
        headers.extend(validators(self.fetcher, state));
        headers
    }

    fn judge(&self, response: &Response) -> Step {
        match response.status {
            200..=299 => self.read(response),
            304 if self.was_conditional => {
                let state = self.succeeded(Some(response), None);
                self.remembered(state)
            }
            301 | 308 => self.redirected(response, true),
            300 | 302 | 303 | 307 => self.redirected(response, false),
            410 if self.is_at_home() => self.ended(),
            status => self.failed(&format!("the server answered with status {status}"), Some(response)),
        }
    }

    fn read(&self, response: &Response) -> Step {
        let parsed = feed::parse(&response.body, response.header("content-type"), self.url);
        match parsed {
            Ok(feed) => {
                let judged = entries::judge(self, feed);
                let mut state = self.succeeded(Some(response), judged.newest_at);
                if !judged.is_complete {
                    (state.etag, state.last_modified) = (None, None);
                }
                self.with_entries(judged, state)
            }
            Err(error) => self.failed(&format!("the answer is no feed: {error}"), Some(response)),
        }
    }

    /// What a server sent without being asked: its entries count, the schedule stays. Nothing before the first poll,
    /// which decides how much of the past is taken.
    fn pushed(&self, response: &Response) -> Option<Step> {
        let state = self.subscription.state.as_ref()?;
        state.last_success_at?;
        let parsed = feed::parse(&response.body, response.header("content-type"), self.url).ok()?;
        let judged = entries::judge(self, parsed);
        let state = FeedState {
            last_new_at: judged.newest_at.or(state.last_new_at),
            ..state.clone()
        };
        Some(self.with_entries(judged, state))
    }

    fn with_entries(&self, judged: Judged, state: FeedState) -> Step {
        let step = Step::new(Decision::done());
        let step = judged.found.into_iter().fold(step, Step::and_found);
        let step = judged.changes.into_iter().fold(step, Step::and_remember);
        step.and_remember(FetcherMemory::Feed(state))
    }

    /// The state as it was, or that of a source which was never polled, or which the operator wants polled from the
    /// start.
    pub(super) fn state(&self) -> FeedState {
        let fresh = FeedState {
            source_id: self.source.id.clone(),
            url: self.source.url.clone(),
            ..FeedState::default()
        };
        match &self.subscription.state {
            Some(state) if self.subscription.is_restarted() => FeedState {
                failures: state.failures,
                last_success_at: state.last_success_at,
                last_new_at: state.last_new_at,
                rate: state.rate.clone(),
                ..fresh
            },
            Some(state) => state.clone(),
            None => fresh,
        }
    }

    fn detour(&self) -> Option<&Detour> {
        let state = self.subscription.state.as_ref();
        state
            .filter(|_| !self.subscription.is_restarted())
            .and_then(|state| state.detour.as_ref())
    }

    /// True when the answer came from the feed's own address or one that it moved to for good.
    fn is_at_home(&self) -> bool {
        self.detour().is_none_or(|detour| detour.permanent)
    }

    fn remembered(&self, state: FeedState) -> Step {
        Step::new(Decision::done()).and_remember(FetcherMemory::Feed(state))
    }
}
