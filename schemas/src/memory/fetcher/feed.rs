//! What is remembered of a feed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::time::Timestamp;

/// How a feed stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FeedState {
    /// The source.
    pub source_id: SourceId,
    /// Where the feed is now; differs from the source's URL after a permanent redirect.
    pub url: String,
    /// The next poll.
    pub next_poll_at: Timestamp,
    /// A redirect that the poll under way is following.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detour: Option<Detour>,
    /// The entity tag of the last good answer, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The Last-Modified header of the last good answer, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Failed polls in a row.
    #[serde(default)]
    pub failures: u32,
    /// The last answer that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<Timestamp>,
    /// The last poll that showed something new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_new_at: Option<Timestamp>,
    /// Polls since an unconditional one: validators that lie are found by asking without them now and then.
    #[serde(default)]
    pub conditional_polls: u32,
    /// Seconds between polls at present.
    #[serde(default)]
    pub interval_seconds: u32,
    /// Why the last poll failed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// True when the server said that the feed is gone for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
    /// When the last answer came, good or bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polled_at: Option<Timestamp>,
    /// The HTTP status of the last failed poll; 0 when there was no response, or no failure.
    #[serde(default)]
    pub failed_status: u16,
    /// Pages of it in a row that its host refused, as far as they are fetched by the same partition.
    #[serde(default)]
    pub pages_refused: u32,
    /// The source that reads the same feed, so that this one is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Box<Follows>>,
    /// Where the source is an index of sitemaps: what was read of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitemaps: Option<Box<SitemapsState>>,
    /// How much is new in a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Box<Rate>>,
}

/// That another source reads the same feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Follows {
    /// The source that reads it.
    pub source_id: SourceId,
    /// True when another partition owns that source.
    #[serde(default)]
    pub elsewhere: bool,
}

/// What was read of an index of sitemaps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SitemapsState {
    /// The sitemap that the poll under way asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<ListedSitemap>,
    /// Those that the poll under way will ask for after it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<ListedSitemap>,
    /// Sitemaps that the poll under way has asked for.
    #[serde(default)]
    pub asked: u32,
    /// Entries that the poll under way has handed on.
    #[serde(default)]
    pub found: u32,
    /// When the poll under way began; it is over when this is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// What was read lately.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<ReadSitemap>,
    /// When the last poll began that came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_at: Option<Timestamp>,
    /// What could not be had when it was last asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedSitemap>,
}

/// A sitemap that an index lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListedSitemap {
    /// Its address.
    pub url: String,
    /// When it changed, by the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
}

/// A sitemap of an index that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReadSitemap {
    /// Hash of its address, 16 hexadecimal digits.
    pub address: String,
    /// When it had changed, by the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Timestamp,
}

/// A sitemap of an index that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FailedSitemap {
    /// Hash of its address, 16 hexadecimal digits.
    pub address: String,
    /// Failures in a row.
    #[serde(default)]
    pub failures: u32,
    /// When the first of them was.
    pub since: Timestamp,
    /// When the last of them was.
    pub tried_at: Timestamp,
}

/// How much is new in a day, counted in windows of 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// When the present window began.
    pub since: Timestamp,
    /// New entries in it.
    #[serde(default)]
    pub entries: u32,
    /// New entries in the window before it.
    #[serde(default)]
    pub last_entries: u32,
    /// Complete windows.
    #[serde(default)]
    pub windows: u32,
    /// New entries in a usual window, smoothed over the windows before the last one, in thousandths.
    #[serde(default)]
    pub usual_thousandths: u32,
}

/// A chain of redirects that is being followed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Detour {
    /// The URL to request next.
    pub url: String,
    /// Redirects followed so far.
    pub redirects: u8,
    /// True while every redirect of the chain was a permanent one; a good answer then moves the subscription.
    #[serde(default)]
    pub permanent: bool,
    /// When the partition that owns the URL's host was asked for it; missing while nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

/// An entry that a feed showed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SeenEntry {
    /// The source.
    pub source_id: SourceId,
    /// Hash of the entry's id or link, 16 hexadecimal digits.
    pub entry: String,
    /// Hash of what would change with a new version of the article, 16 hexadecimal digits.
    pub fingerprint: String,
    /// A poll that showed it: the last one or, because not every poll is written down, one of the days before.
    pub last_seen_at: Timestamp,
    /// How often it was fetched again because its fingerprint changed.
    #[serde(default)]
    pub changes: u32,
}
