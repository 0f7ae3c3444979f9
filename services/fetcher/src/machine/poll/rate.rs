//! How much is new in a day: what a source that falls silent is measured by.

use schemas::memory::fetcher::{FeedState, Rate};

use super::Poll;
use crate::machine::backoff::DAY;

/// The weight of one more day in what is usual, as its inverse.
const DAYS: i64 = 8;

impl Poll<'_> {
    /// `state` after `news` new entries. What the first poll brings is backlog and says nothing about a day.
    pub(super) fn counted(&self, mut state: FeedState, news: u32) -> FeedState {
        match &mut state.rate {
            Some(rate) => {
                while DAY <= self.now.millis_since(rate.since) {
                    next_day(rate);
                }
                rate.entries = rate.entries.saturating_add(news);
            }
            None => {
                state.rate = Some(Box::new(Rate {
                    since: self.now,
                    ..Rate::default()
                }));
            }
        }
        state
    }
}

fn next_day(rate: &mut Rate) {
    let entries = i64::from(rate.entries) * 1_000;
    let usual = i64::from(rate.usual_thousandths);
    // The first days count for more, so that one odd day at the beginning is soon forgotten.
    let weight = DAYS.min(i64::from(rate.windows) + 1);
    let usual = usual + (entries - usual) / weight;
    *rate = Rate {
        since: rate.since.plus_millis(DAY),
        entries: 0,
        last_entries: rate.entries,
        windows: rate.windows.saturating_add(1),
        usual_thousandths: u32::try_from(usual).unwrap_or(u32::MAX),
    };
}
