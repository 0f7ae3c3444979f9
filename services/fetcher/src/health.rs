//! How a source fares, in one word, from what is remembered of its feed.

use schemas::memory::fetcher::{FeedState, Rate};
use schemas::source::Source;
use schemas::time::Timestamp;

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;

/// So many pages refused in a row are a blockade and no accident.
pub const PAGES_REFUSED_MAX: u32 = 5;

/// So many polls refused in a row are one.
const POLLS_REFUSED: u32 = 3;

/// Silence is longer than this times the usual gap between entries …
const SILENT_GAPS: i64 = 5;

/// … and than this, where too little is known to say what is usual.
const SILENT_UNKNOWN: i64 = 7 * DAY;

/// Days that must have been seen before a day can be called slow.
const SLOW_DAYS: u32 = 5;

/// New entries of a usual day, in thousandths, below which a day says nothing.
const SLOW_USUAL_MIN: u32 = 6_000;

/// How a source fares. The first that is true counts, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The operator paused it.
    Paused,
    /// The server says that it is gone for good.
    Ended,
    /// Another source reads the same feed.
    Follows,
    /// The server refuses us: its feed (401, 403, 429, 451) three times in a row, or its pages five times in a row.
    Blocked,
    /// The last poll failed.
    Failing,
    /// It was never read.
    New,
    /// Nothing new for longer than a day and five times its usual gap.
    Silent,
    /// Less than a third of what is usual for a day was new in the last one.
    Slow,
    /// All is well.
    Fresh,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Paused,
        Self::Ended,
        Self::Follows,
        Self::Blocked,
        Self::Failing,
        Self::New,
        Self::Silent,
        Self::Slow,
        Self::Fresh,
    ];

    /// The word for it, in lists and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Ended => "ended",
            Self::Follows => "follows",
            Self::Blocked => "blocked",
            Self::Failing => "failing",
            Self::New => "new",
            Self::Silent => "silent",
            Self::Slow => "slow",
            Self::Fresh => "fresh",
        }
    }

    /// How `source` fares at `now`; `state` is what is remembered of its feed.
    #[must_use]
    pub fn of(source: &Source, state: Option<&FeedState>, now: Timestamp) -> Self {
        let Some(state) = state else {
            return if source.paused { Self::Paused } else { Self::New };
        };
        let refused = matches!(state.failed_status, 401 | 403 | 429 | 451) && POLLS_REFUSED <= state.failures;
        match state {
            _ if source.paused => Self::Paused,
            _ if state.ended => Self::Ended,
            _ if state.follows.is_some() => Self::Follows,
            _ if refused || PAGES_REFUSED_MAX <= state.pages_refused => Self::Blocked,
            _ if 0 < state.failures => Self::Failing,
            _ if state.last_success_at.is_none() => Self::New,
            _ if is_silent(state, now) => Self::Silent,
            _ if state.rate.as_deref().is_some_and(is_slow) => Self::Slow,
            _ => Self::Fresh,
        }
    }
}

/// The usual time between two new entries, in milliseconds; `None` while too little is known.
#[must_use]
pub fn usual_gap_millis(state: &FeedState) -> Option<i64> {
    let rate = state.rate.as_deref().filter(|rate| 0 < rate.usual_thousandths)?;
    Some(DAY * 1_000 / i64::from(rate.usual_thousandths))
}

fn is_silent(state: &FeedState, now: Timestamp) -> bool {
    // A feed that never had anything is silent since it was first read.
    let since = state.last_new_at.or(state.rate.as_deref().map(|rate| rate.since));
    let silence = since.map_or(0, |since| now.millis_since(since));
    let most = match usual_gap_millis(state) {
        Some(gap) => DAY.max(gap.saturating_mul(SILENT_GAPS)),
        None => SILENT_UNKNOWN,
    };
    most < silence
}

fn is_slow(rate: &Rate) -> bool {
    let is_known = SLOW_DAYS <= rate.windows && SLOW_USUAL_MIN <= rate.usual_thousandths;
    is_known && u64::from(rate.last_entries) * 3_000 < u64::from(rate.usual_thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas::memory::fetcher::Follows;

    fn now() -> Timestamp {
        Timestamp::from_seconds(100 * 24 * 3_600)
    }

    /// A feed that was read an hour ago and had news two hours ago, changed by `change`.
    fn check(expected: Standing, change: fn(&mut FeedState)) {
        let mut state = FeedState {
            last_success_at: Some(now().plus_millis(-HOUR)),
            last_new_at: Some(now().plus_millis(-2 * HOUR)),
            ..FeedState::default()
        };
        change(&mut state);
        let source = Source::default();
        assert_eq!(Standing::of(&source, Some(&state), now()), expected, "{state:?}");
        let paused = Source { paused: true, ..source };
        assert_eq!(Standing::of(&paused, Some(&state), now()), Standing::Paused);
    }

    /// Sets the new entries of the last day, those of a usual day, and the days that were seen.
    fn rate(state: &mut FeedState, last_entries: u32, usual: u32, windows: u32) {
        state.rate = Some(Box::new(Rate {
            since: now(),
            entries: 0,
            last_entries,
            windows,
            usual_thousandths: usual * 1_000,
        }));
    }

    fn silent(state: &mut FeedState, hours: i64) {
        state.last_new_at = Some(now().plus_millis(-hours * HOUR));
    }

    fn refused(state: &mut FeedState, status: u16, polls: u32) {
        (state.failed_status, state.failures) = (status, polls);
    }

    #[test]
    fn the_gravest_word_counts() {
        check(Standing::Fresh, |_| {});
        check(Standing::New, |state| state.last_success_at = None);
        check(Standing::Failing, |state| refused(state, 403, 1));
        check(Standing::Blocked, |state| refused(state, 403, 3));
        check(Standing::Failing, |state| refused(state, 500, 30));
        check(Standing::Blocked, |state| state.pages_refused = 5);
        check(Standing::Ended, |state| (state.ended, state.failures) = (true, 9));
        check(Standing::Follows, |state| {
            state.follows = Some(Box::new(Follows::default()));
        });
    }

    #[test]
    fn silence_is_measured_by_what_is_usual() {
        let eight_hourly = |state: &mut FeedState, hours| {
            rate(state, 3, 3, 9);
            silent(state, hours);
        };
        let mut state = FeedState::default();
        for (hours, expected) in [(39, false), (41, true)] {
            eight_hourly(&mut state, hours);
            assert_eq!(is_silent(&state, now()), expected, "{hours}");
        }
        // A busy feed may sleep for a day.
        for (hours, expected) in [(23, false), (25, true)] {
            rate(&mut state, 90, 100, 9);
            silent(&mut state, hours);
            assert_eq!(is_silent(&state, now()), expected, "{hours}");
        }
        check(Standing::Fresh, |state| silent(state, 6 * 24));
        check(Standing::Silent, |state| silent(state, 8 * 24));
    }

    #[test]
    fn a_slow_day_is_less_than_a_third_of_a_usual_one() {
        check(Standing::Slow, |state| rate(state, 33, 100, 9));
        check(Standing::Fresh, |state| rate(state, 34, 100, 9));
        check(Standing::Fresh, |state| rate(state, 3, 100, 4));
        check(Standing::Fresh, |state| rate(state, 0, 3, 9));
    }

    #[test]
    fn words_are_unique() {
        let mut words: Vec<&str> = Standing::ALL.iter().map(|standing| standing.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Standing::ALL.len());
    }
}
