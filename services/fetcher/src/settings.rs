//! What an operator can set. Every number has a default that is polite to the world's news sites.

use crate::websub;

/// Settings of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name by which robots.txt files know us (RFC 9309, section 2.2.1): letters, `-` and `_` only.
    pub product_token: String,
    /// The shortest time between two polls of a feed, in seconds. A source's own interval wins over it.
    pub poll_interval_min_seconds: u32,
    /// The longest time between two polls of a feed that answers, in seconds.
    pub poll_interval_max_seconds: u32,
    /// The time between an answer of a host and the next request to it, in milliseconds.
    pub host_delay_ms: u32,
    /// The longest crawl-delay of a robots.txt that is honoured, in milliseconds.
    pub crawl_delay_max_ms: u32,
    /// How many of its newest entries the first poll of a new source takes.
    pub first_poll_entries: usize,
    /// How many entries of one document are looked at: the newest where all have dates, else the first.
    pub entries_per_poll_max: usize,
    /// How often a page is tried before it is given up.
    pub page_attempts_max: u32,
    /// Bytes of pending entries above which those that come leave the feed's text behind. It is what an entry ends with
    /// whose page may not be fetched, and by far the most of it.
    pub pending_text_bytes_max: usize,
    /// The first wait after a failure of a page, a robots.txt or a whole host, in seconds; further ones grow.
    pub retry_min_seconds: u32,
    /// How long an entry waits for a host whose robots.txt can't be had, in seconds.
    pub page_wait_max_seconds: u32,
    /// Redirects that are followed for one page, feed or robots.txt.
    pub redirects_max: u8,
    /// Every poll of this number goes out without validators.
    pub unconditional_poll_every: u32,
    /// The shortest time between two fetches of one entry whose text in the feed keeps changing, in seconds.
    pub refetch_min_seconds: u32,
    /// How long an entry is remembered that its feed no longer shows, in seconds.
    pub seen_kept_seconds: u32,
    /// How many entries of one feed are remembered. The oldest that it no longer shows go first; what it shows at the
    /// time stays, so that a document of more entries is no way to have them fetched again.
    pub seen_entries_max: usize,
    /// How long the answer of another partition is waited for, in seconds, before the poll that needs it has failed.
    pub errand_wait_seconds: u32,
    /// Requests to one host within an hour, at most.
    pub host_requests_per_hour_max: u32,
    /// How many sitemaps of an index one poll reads.
    pub sitemaps_per_poll_max: u32,
    /// The largest body of a page in bytes.
    pub page_bytes_max: usize,
    /// The largest body of a feed in bytes.
    pub feed_bytes_max: usize,
    /// Whether each host is asked for its `/.well-known/tdmrep.json`.
    pub ask_tdmrep: bool,
    /// How to subscribe at WebSub hubs; without it feeds are polled only.
    pub websub: Option<websub::Settings>,
}

impl Settings {
    /// The first wait after a failure, in milliseconds.
    pub(crate) fn retry_min_millis(&self) -> i64 {
        i64::from(self.retry_min_seconds.max(1)) * 1_000
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            product_token: "Copydesk".to_owned(),
            poll_interval_min_seconds: 300,
            poll_interval_max_seconds: 4 * 60 * 60,
            host_delay_ms: 1_000,
            crawl_delay_max_ms: 60_000,
            first_poll_entries: 50,
            entries_per_poll_max: 5_000,
            page_attempts_max: 5,
            pending_text_bytes_max: 64 * 1024 * 1024,
            retry_min_seconds: 60,
            page_wait_max_seconds: 3 * 24 * 60 * 60,
            redirects_max: 5,
            unconditional_poll_every: 20,
            refetch_min_seconds: 5 * 60,
            seen_kept_seconds: 30 * 24 * 60 * 60,
            seen_entries_max: 20_000,
            errand_wait_seconds: 4 * 60 * 60,
            host_requests_per_hour_max: 3_600,
            sitemaps_per_poll_max: 20,
            page_bytes_max: schemas::fetched::MAX_BODY_BYTES,
            feed_bytes_max: 20 * 1024 * 1024,
            ask_tdmrep: true,
            websub: None,
        }
    }
}
