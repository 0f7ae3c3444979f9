//! Arbitrary states of feeds.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use schemas::memory::fetcher::{
    Detour, FailedSitemap, FeedState, Follows, ListedSitemap, Rate, ReadSitemap, SitemapsState,
};

use super::{source_id, text, timestamp};

pub(crate) fn detour() -> impl Strategy<Value = Detour> {
    (text(), any::<u8>(), any::<bool>(), of(timestamp())).prop_map(|(url, redirects, permanent, asked_at)| Detour {
        url,
        redirects,
        permanent,
        asked_at,
    })
}

fn listed() -> impl Strategy<Value = ListedSitemap> {
    (text(), of(timestamp())).prop_map(|(url, modified_at)| ListedSitemap { url, modified_at })
}

fn sitemaps() -> impl Strategy<Value = SitemapsState> {
    let read = (text(), of(timestamp()), timestamp()).prop_map(|(address, modified_at, read_at)| ReadSitemap {
        address,
        modified_at,
        read_at,
    });
    let lists = (of(listed()), vec(listed(), 0..3), vec(read, 0..3), vec(failed(), 0..3));
    (lists, any::<[u32; 2]>(), of(timestamp()), of(timestamp())).prop_map(
        |((reading, queue, read, failed), [asked, found], began_at, complete_at)| SitemapsState {
            reading,
            queue,
            asked,
            found,
            began_at,
            read,
            complete_at,
            failed,
        },
    )
}

fn failed() -> impl Strategy<Value = FailedSitemap> {
    (text(), any::<u32>(), timestamp(), timestamp()).prop_map(|(address, failures, since, tried_at)| FailedSitemap {
        address,
        failures,
        since,
        tried_at,
    })
}

fn rate() -> impl Strategy<Value = Rate> {
    (timestamp(), any::<[u32; 4]>()).prop_map(|(since, [entries, last_entries, windows, usual_thousandths])| Rate {
        since,
        entries,
        last_entries,
        windows,
        usual_thousandths,
    })
}

/// The parts that came later.
fn later() -> impl Strategy<Value = FeedState> {
    let follows = (source_id(), any::<bool>()).prop_map(|(source_id, elsewhere)| Follows { source_id, elsewhere });
    let parts = (of(follows), of(sitemaps()), of(rate()));
    (of(timestamp()), any::<u16>(), any::<u32>(), parts).prop_map(
        |(polled_at, failed_status, pages_refused, (follows, sitemaps, rate))| FeedState {
            polled_at,
            failed_status,
            pages_refused,
            follows: follows.map(Box::new),
            sitemaps: sitemaps.map(Box::new),
            rate: rate.map(Box::new),
            ..FeedState::default()
        },
    )
}

pub(crate) fn feed() -> impl Strategy<Value = FeedState> {
    let address = (source_id(), text(), of(detour()));
    let times = (timestamp(), of(timestamp()), of(timestamp()));
    let words = (of(text()), of(text()), of(text()));
    let counts = (any::<u32>(), any::<u32>(), any::<u32>());
    (address, times, words, counts, any::<bool>(), later()).prop_map(|(address, times, words, counts, ended, later)| {
        let (source_id, url, detour) = address;
        let (next_poll_at, last_success_at, last_new_at) = times;
        let (etag, last_modified, last_error) = words;
        let (failures, conditional_polls, interval_seconds) = counts;
        FeedState {
            source_id,
            url,
            next_poll_at,
            detour,
            etag,
            last_modified,
            failures,
            last_success_at,
            last_new_at,
            conditional_polls,
            interval_seconds,
            last_error,
            ended,
            ..later
        }
    })
}
