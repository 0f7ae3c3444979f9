//! What a poll does to the subscription: the next time, the next address, the end.

use schemas::canonical::host_of;
use schemas::frontier::{Errand, ErrandPurpose, HeaderLine};
use schemas::memory::fetcher::{Detour, FeedState};
use schemas::time::Timestamp;

use super::Poll;
use super::sitemaps::stopped;
use crate::exchange::Response;
use crate::found::Found;
use crate::machine::backoff::{DAY, SECOND, growing, jittered, retry_after};
use crate::machine::{Step, redirect_target};

/// A feed that fails backs off to this and no further, in milliseconds.
const BACKOFF_MAX: i64 = 30 * DAY;

/// A longer validator is not kept: with it back in a request many servers would refuse the request's head.
const VALIDATOR_BYTES_MAX: usize = 4_096;

impl Poll<'_> {
    /// The state after an answer that could be read, or after word that another source read it; `newest_at` is the
    /// time of the newest thing that is new.
    pub(super) fn succeeded(&self, response: Option<&Response>, newest_at: Option<Timestamp>) -> FeedState {
        let old = self.state();
        let is_unchanged = response.is_none_or(|response| response.status == 304);
        let validator = |name: &str, old: Option<String>| {
            let sent = response.and_then(|response| response.header(name));
            let sent = sent.filter(|value| value.len() <= VALIDATOR_BYTES_MAX);
            sent.map(str::to_owned).or(old.filter(|_| is_unchanged))
        };
        let last_new_at = newest_at.or(old.last_new_at);
        let interval_seconds = self.interval_seconds(last_new_at);
        FeedState {
            url: match old.detour {
                Some(detour) if detour.permanent => detour.url,
                _ => old.url,
            },
            next_poll_at: self.now.plus_millis(self.wait_millis(interval_seconds)),
            detour: None,
            follows: None,
            etag: validator("etag", old.etag),
            last_modified: validator("last-modified", old.last_modified),
            failures: 0,
            failed_status: 0,
            last_success_at: Some(self.now),
            polled_at: Some(self.now),
            last_new_at,
            conditional_polls: match (response, self.was_conditional) {
                (Some(_), true) => old.conditional_polls.saturating_add(1),
                (Some(_), false) => 0,
                (None, _) => old.conditional_polls,
            },
            interval_seconds,
            last_error: None,
            ended: false,
            source_id: old.source_id,
            ..old
        }
    }

    /// Seconds until the next poll: the operator's, or a tenth of the time that the feed has been silent. A new entry
    /// is then found after at most a tenth of the silence before it, and a feed that sleeps costs next to nothing.
    pub(super) fn interval_seconds(&self, last_new_at: Option<Timestamp>) -> u32 {
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

    /// The wait until the next poll, in milliseconds, spread so that feeds do not wake together.
    pub(super) fn wait_millis(&self, interval_seconds: u32) -> i64 {
        let wait = i64::from(interval_seconds) * SECOND;
        match self.source.poll_interval_seconds {
            Some(_) => wait,
            None => jittered(wait, self.source.id.as_str(), self.now),
        }
    }

    /// A poll that failed: the next one waits twice as long, up to 30 days, and longer when the server says so.
    pub(super) fn failed(&self, error: &str, response: Option<&Response>) -> Step {
        let mut old = self.state();
        old.sitemaps.as_deref_mut().map(stopped);
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
            follows: None,
            failures,
            failed_status: response.map_or(0, |response| response.status),
            polled_at: Some(self.now),
            last_error: Some(error.chars().take(200).collect()),
            ended: false,
            ..old
        })
    }

    /// A redirect is followed at once. A permanent one moves the subscription only when a feed is found at its end,
    /// because a broken proxy can answer 301 for everything.
    pub(super) fn redirected(&self, response: &Response, permanent: bool) -> Step {
        match redirect_target(response, self.url) {
            Some(url) => self.led(url, permanent && self.is_at_home(), response),
            None => self.refused("a redirect to nowhere", response),
        }
    }

    /// The answer leads to `url`, for good or this time.
    pub(super) fn led(&self, url: String, permanent: bool, response: &Response) -> Step {
        let redirects = self.detour().map_or(0, |detour| detour.redirects).saturating_add(1);
        if self.fetcher.settings.redirects_max < redirects {
            return self.refused("too many redirects", response);
        }
        match self.reader_of(&url).filter(|_| self.reading().is_none()) {
            Some(reader) if permanent => self.followed(&url, &reader, false),
            Some(_) => self.remembered(self.succeeded(None, None)),
            None => {
                let detour = Detour {
                    url,
                    redirects,
                    permanent,
                    asked_at: None,
                };
                let polled_at = Some(self.now);
                let state = FeedState {
                    polled_at,
                    ..self.state()
                };
                self.onward(detour, state)
            }
        }
    }

    /// Goes on to the detour's URL: on the source's own host at the next opportunity, on another by an errand for the
    /// partition that owns that host.
    pub(super) fn onward(&self, detour: Detour, state: FeedState) -> Step {
        let home = self.home();
        if host_of(&detour.url) == home {
            return self.remembered(FeedState {
                next_poll_at: self.now,
                detour: Some(detour),
                follows: None,
                ended: false,
                ..state
            });
        }
        let header = |(name, value)| HeaderLine { name, value };
        let errand = Errand {
            url: detour.url.clone(),
            purpose: ErrandPurpose::Feed {
                source_id: self.source.id.clone(),
            },
            owner: home.unwrap_or_default(),
            headers: self.headers(&state).into_iter().map(header).collect(),
            asked_at: self.now,
            settled: detour.permanent && detour.url == state.url,
            ..Errand::default()
        };
        let wait = i64::from(self.fetcher.settings.errand_wait_seconds) * SECOND;
        let asked_at = Some(self.now);
        self.remembered(FeedState {
            next_poll_at: self.now.plus_millis(wait),
            detour: Some(Detour { asked_at, ..detour }),
            follows: None,
            ended: false,
            ..state
        })
        .and_found(Found::Errand(Box::new(errand)))
    }

    pub(super) fn ended(&self) -> Step {
        self.remembered(FeedState {
            ended: true,
            detour: None,
            follows: None,
            failed_status: 410,
            polled_at: Some(self.now),
            last_error: Some("the server says that the feed is gone (410)".to_owned()),
            ..self.state()
        })
    }
}
