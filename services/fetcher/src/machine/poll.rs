//! Polls of feeds: when, how, and what an answer means for the subscription.

mod outcome;
mod rate;
mod sitemaps;

use schemas::canonical::host_of;
use schemas::frontier::{Delivery, ErrandPurpose};
use schemas::id::SourceId;
use schemas::memory::fetcher::{Detour, FeedState, FetcherMemory};
use schemas::source::Source;
use schemas::time::Timestamp;
use stage::Decision;

use super::backoff::DAY;
use super::document::{self, Document};
use super::lease::{self, Heard};
use super::subscription::Subscription;
use super::{Fetcher, Next, Step, entries, own_host};
use crate::exchange::{Answer, Failure, Purpose, Request, Response};
use crate::feed::{Feed, FeedError};
use crate::found::Found;

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
    let request = Request {
        headers: poll.headers(&state),
        host: home?,
        url,
        purpose: Purpose::Feed(source.clone()),
        max_body_bytes: fetcher.settings.feed_bytes_max,
        ..Request::default()
    };
    Some(Next::Request(Box::new(own_host::with_headers(request, poll.source))))
}

/// The validators of `state`, byte for byte as they came; none at every poll of a certain number, to find those that
/// lie.
fn validators(fetcher: &Fetcher, state: &FeedState) -> Vec<(String, String)> {
    let is_probe = fetcher.settings.unconditional_poll_every <= state.conditional_polls.saturating_add(1);
    // The validators are those of the index, not of what it lists.
    let is_listed = state
        .sitemaps
        .as_ref()
        .is_some_and(|sitemaps| sitemaps.reading.is_some());
    if is_probe || is_listed {
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
        Some(poll) => {
            let step = match poll.is_at_home() {
                true => poll.followed(&delivery.url, reader, true),
                false => poll.remembered(poll.succeeded(None, None)),
            };
            lease::polled(fetcher, source_id, &Heard::Nothing, step, now)
        }
        None => Step::new(Decision::done()),
    }
}

/// How much of what was never seen is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backlog {
    /// All of it.
    All,
    /// The newest so many: the source is new.
    Newest(usize),
    /// The newest so many and what is dated since then: this part of the source is new.
    NewestAndSince(usize, Timestamp),
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
        let (step, heard) = match answer {
            Answer::Failure(failure) => (self.unanswered(failure), Heard::Nothing),
            Answer::Response(response) if matches!(response.status, 200..=299) => self.read(response),
            Answer::Response(response) => (self.judge(response), Heard::Nothing),
        };
        lease::polled(self.fetcher, &self.source.id, &heard, step, self.now)
    }

    fn unanswered(&self, failure: &Failure) -> Step {
        let error = format!("{}: {}", failure.kind.as_str(), failure.detail);
        match self.reading().is_some() && !failure.kind.is_of_host() {
            true => self.without_child(&error),
            false => self.failed(&error, None),
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
            304 if self.was_conditional => {
                let state = self.succeeded(Some(response), None);
                self.remembered(state)
            }
            301 | 308 => self.redirected(response, true),
            300 | 302 | 303 | 307 => self.redirected(response, false),
            410 if self.is_at_home() => self.ended(),
            status => self.refused(&format!("the server answered with status {status}"), response),
        }
    }

    /// An answer without a document: the end of the poll, or of one of the sitemaps that it reads.
    pub(super) fn refused(&self, error: &str, response: &Response) -> Step {
        let told_to_wait = matches!(response.status, 429 | 503);
        match self.reading().is_some() && !told_to_wait {
            true => self.without_child(error),
            false => self.failed(error, Some(response)),
        }
    }

    /// What follows from a document, and what it says about hubs; one that can't be read says nothing about them.
    fn read(&self, response: &Response) -> (Step, Heard) {
        let content_type = self.content_type(response);
        let document = self.document(response, content_type.as_deref());
        let heard = match &document {
            Ok(document) => lease::heard(self.fetcher, response, document.embedded(), self.url),
            Err(_) => Heard::Nothing,
        };
        let step = match document {
            Ok(Document::Index(listed)) => self.read_index(response, listed),
            Ok(Document::Feed(feed)) if self.reading().is_some() => self.read_child(feed),
            Ok(Document::Pages(pages)) if self.reading().is_some() => self.read_child(self.recent(pages)),
            Ok(Document::Feed(feed)) => self.read_feed(response, feed),
            Ok(Document::Pages(pages)) => self.read_feed(response, self.recent(pages)),
            Err(FeedError::WebPage) => self.read_page(response, content_type.as_deref()),
            Err(error) => self.refused(&format!("the answer is no feed: {error}"), response),
        };
        (step, heard)
    }

    fn document(&self, response: &Response, content_type: Option<&str>) -> Result<Document, FeedError> {
        let entries_max = self.fetcher.settings.entries_per_poll_max;
        document::read(&response.body, content_type, self.url, entries_max)
    }

    fn read_feed(&self, response: &Response, feed: Feed) -> Step {
        let judged = entries::judge(self, feed);
        let mut state = self.succeeded(Some(response), judged.newest_at);
        if !judged.is_complete {
            (state.etag, state.last_modified) = (None, None);
        }
        let state = self.counted(
            FeedState {
                sitemaps: None,
                ..state
            },
            judged.news,
        );
        self.with_found(self.remembered(state), judged.found, judged.changes)
    }

    /// A web page where a feed should be. A source that was never read may be the address of a site: the first feed
    /// that the page names is then gone on to, and the subscription lives there once a feed was found.
    fn read_page(&self, response: &Response, content_type: Option<&str>) -> Step {
        let was_read = self.state().last_success_at.is_some();
        let named = document::named_feed(&response.body, content_type, self.url);
        match named.filter(|_| !was_read) {
            Some(url) => self.led(url, true, response),
            None => self.refused(&format!("the answer is no feed: {}", FeedError::WebPage), response),
        }
    }

    /// The Content-Type header, with the charset that the operator knows to be right.
    fn content_type(&self, response: &Response) -> Option<String> {
        let sent = response.header("content-type");
        let Some(charset) = &self.source.charset else {
            return sent.map(str::to_owned);
        };
        let kind = sent
            .and_then(|sent| sent.split(';').next())
            .unwrap_or("application/xml");
        Some(format!("{}; charset={charset}", kind.trim()))
    }

    /// `pages` of a sitemap without those that are older than what is remembered: whether they are new could not be
    /// told. The first poll takes the newest of any age.
    fn recent(&self, mut pages: Feed) -> Feed {
        let kept = i64::from(self.fetcher.settings.seen_kept_seconds) * 1_000;
        let newest = match self.backlog() {
            Backlog::Newest(count) => count,
            Backlog::All | Backlog::NewestAndSince(..) => 0,
        };
        let mut at = 0;
        pages.entries.retain(|page| {
            at += 1;
            let date = page.updated.max(page.published);
            at <= newest || date.is_none_or(|date| self.now.millis_since(date) < kept)
        });
        pages
    }

    /// How much of what was never seen is news.
    pub(super) fn backlog(&self) -> Backlog {
        let newest = self.fetcher.settings.first_poll_entries;
        let state = self.subscription.state.as_ref();
        let Some(reading) = self.reading() else {
            let was_read = state.is_some_and(|state| state.last_success_at.is_some());
            return if was_read {
                Backlog::All
            } else {
                Backlog::Newest(newest)
            };
        };
        let sitemaps = state.and_then(|state| state.sitemaps.as_ref());
        match sitemaps.map(|sitemaps| (sitemaps, sitemaps.complete_at)) {
            Some((sitemaps, Some(_))) if sitemaps::was_read(sitemaps, reading) => Backlog::All,
            Some((_, Some(complete_at))) => Backlog::NewestAndSince(newest, complete_at.plus_millis(-DAY)),
            Some((sitemaps, None)) => {
                Backlog::Newest(newest.saturating_sub(usize::try_from(sitemaps.found).unwrap_or(0)))
            }
            None => Backlog::Newest(newest),
        }
    }

    /// What a server sent without being asked: its entries count, the schedule stays. Nothing before the first poll,
    /// which decides how much of the past is taken.
    fn pushed(&self, response: &Response) -> Option<Step> {
        let state = self.subscription.state.as_ref()?;
        state.last_success_at?;
        let content_type = self.content_type(response);
        let Ok(Document::Feed(feed)) = self.document(response, content_type.as_deref()) else {
            return None;
        };
        let judged = entries::judge(self, feed);
        let state = FeedState {
            last_new_at: judged.newest_at.max(state.last_new_at),
            ..state.clone()
        };
        let state = self.counted(state, judged.news);
        Some(self.with_found(self.remembered(state), judged.found, judged.changes))
    }

    fn with_found(&self, step: Step, found: Vec<Found>, changes: Vec<FetcherMemory>) -> Step {
        let step = found.into_iter().fold(step, Step::and_found);
        changes.into_iter().fold(step, Step::and_remember)
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
