//! What the fetcher remembers of feeds, entries and hosts.

mod feed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use feed::{Detour, FailedSitemap, FeedState, Follows, ListedSitemap, Rate, ReadSitemap, SeenEntry, SitemapsState};

use crate::frontier::{Errand, ErrandPurpose, FrontierEntry};
use crate::id::{SourceId, frontier_key};
use crate::memory::files::{FileSourceState, FileState};
use crate::memory::lease::LeaseState;
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::{StageName, Topic};

/// One change of the fetcher's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetcherMemory {
    /// How a feed stands.
    Feed(FeedState),
    /// An entry that a feed showed.
    Seen(SeenEntry),
    /// An entry that was taken from the frontier and is not fetched yet.
    Pending(PendingEntry),
    /// When a host may be asked again. Written with every answer, so it is kept apart from the host's robots.txt.
    Host(HostState),
    /// What a host's robots.txt said.
    Robots(RobotsState),
    /// An errand for another partition that was taken from the frontier and is not answered yet.
    Errand(PendingErrand),
    /// The source of another partition that reads a feed here by errands.
    Reader(FeedReader),
    /// How far a file was read.
    File(FileState),
    /// What lies at a file source.
    FileSource(FileSourceState),
    /// A subscription of a source at a WebSub hub.
    Lease(LeaseState),
    /// What a host said about text and data mining.
    Tdm(TdmState),
    /// The record of this key is no longer needed. On the wire a tombstone.
    #[schemars(skip)]
    Forget {
        /// The key, as [`FetcherMemory::key`] gives it.
        key: String,
    },
}

/// An entry that was taken from the frontier and is not fetched yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PendingEntry {
    /// What to fetch.
    pub entry: FrontierEntry,
    /// Failed attempts.
    #[serde(default)]
    pub attempts: u32,
    /// Not before this time.
    pub due_at: Timestamp,
}

/// When a host may be asked again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct HostState {
    /// Host, with port when it is not the scheme's own.
    pub host: String,
    /// No request before this time.
    pub next_request_at: Timestamp,
    /// Failures to reach it in a row.
    #[serde(default)]
    pub failures: u32,
    /// When the hour began in which `requests` were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour_began_at: Option<Timestamp>,
    /// Requests in that hour.
    #[serde(default)]
    pub requests: u32,
}

/// An errand that was taken from the frontier and is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PendingErrand {
    /// What is asked.
    pub errand: Errand,
}

/// The source of another partition that reads a feed here by errands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FeedReader {
    /// The feed's URL.
    pub url: String,
    /// The source.
    pub source_id: SourceId,
    /// When it last got an answer.
    pub read_at: Timestamp,
}

/// What a host's robots.txt said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RobotsState {
    /// Host, with port when it is not the scheme's own.
    pub host: String,
    /// When it was read.
    pub read_at: Timestamp,
    /// When to read it again.
    pub expires_at: Timestamp,
    /// A redirect that is being followed to find it anew; the rest is what was known before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detour: Option<Detour>,
    /// Attempts in a row that could not get it.
    #[serde(default)]
    pub failures: u32,
    /// What it means.
    pub verdict: RobotsVerdict,
    /// The rules that concern us, one `allow: PATH` or `disallow: PATH` a line, when there are any; at most 500 KiB.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rules: String,
    /// The delay between requests that it asks for, in milliseconds.
    #[serde(default)]
    pub crawl_delay_millis: u32,
    /// What it says against machine learning, as a short robots.txt of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ai_opt_outs: String,
}

/// What a host's `/.well-known/tdmrep.json` said about text and data mining.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct TdmState {
    /// Host, with port when it is not the scheme's own.
    pub host: String,
    /// When it was asked for.
    pub read_at: Timestamp,
    /// When to ask for it again.
    pub expires_at: Timestamp,
    /// Its rules in the format of the file, when there are any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rules: String,
}

/// What a robots.txt means as a whole (RFC 9309, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RobotsVerdict {
    /// There is none: everything is allowed.
    #[default]
    AllowAll,
    /// It can't be had: everything is disallowed for now.
    DisallowAll,
    /// The rules decide.
    Rules,
}

impl FetcherMemory {
    /// The key of the record in the memory topic.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Feed(feed) => Self::feed_key(&feed.source_id),
            Self::Seen(seen) => Self::seen_key(&seen.source_id, &seen.entry),
            Self::Pending(pending) => Self::pending_key(&pending.entry.url),
            Self::Host(host) => Self::host_key(&host.host),
            Self::Robots(robots) => Self::robots_key(&robots.host),
            Self::Errand(pending) => Self::errand_key(&pending.errand.purpose, &pending.errand.url),
            Self::Reader(reader) => Self::reader_key(&reader.url),
            Self::File(file) => file.key(),
            Self::FileSource(state) => state.key(),
            Self::Lease(lease) => Self::lease_key(&lease.source_id),
            Self::Tdm(tdm) => Self::tdm_key(&tdm.host),
            Self::Forget { key } => key.clone(),
        }
    }

    /// The key of a feed's state.
    #[must_use]
    pub fn feed_key(source: &SourceId) -> String {
        format!("feed:{source}")
    }

    /// The key of a seen entry.
    #[must_use]
    pub fn seen_key(source: &SourceId, entry: &str) -> String {
        format!("seen:{source}:{entry}")
    }

    /// The key of a pending entry for `url`.
    #[must_use]
    pub fn pending_key(url: &str) -> String {
        format!("pending:{}", frontier_key(url))
    }

    /// The key of a host's pacing.
    #[must_use]
    pub fn host_key(host: &str) -> String {
        format!("host:{host}")
    }

    /// The key of an errand: one asker has one errand for a URL.
    #[must_use]
    pub fn errand_key(purpose: &ErrandPurpose, url: &str) -> String {
        match purpose {
            ErrandPurpose::Feed { source_id } => format!("errand:feed:{}:{source_id}", frontier_key(url)),
            ErrandPurpose::Robots { host } => format!("errand:robots:{}:{host}", frontier_key(url)),
            // Errands for one address share a request, but each subscription is a request of its own.
            ErrandPurpose::Hub { source_id, .. } => {
                format!("errand:hub:{}:{source_id}", frontier_key(&format!("{url} {source_id}")))
            }
        }
    }

    /// The key of the reader of the feed at `url`.
    #[must_use]
    pub fn reader_key(url: &str) -> String {
        format!("reader:{}", frontier_key(url))
    }

    /// The key of what a host's robots.txt said.
    #[must_use]
    pub fn robots_key(host: &str) -> String {
        format!("robots:{host}")
    }

    /// The key of what a host said about text and data mining.
    #[must_use]
    pub fn tdm_key(host: &str) -> String {
        format!("tdm:{host}")
    }

    /// The key of a source's subscription at a WebSub hub.
    #[must_use]
    pub fn lease_key(source: &SourceId) -> String {
        format!("lease:{source}")
    }
}

impl Record for FetcherMemory {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.value {
            Some(_) => decode_json(incoming),
            None => Ok(Self::Forget {
                key: key_text(incoming)?.to_owned(),
            }),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let topic = Topic::Memory(StageName::Fetcher);
        Ok(match self {
            Self::Forget { key } => Encoded::tombstone(topic, key),
            remembered => Encoded::json(topic, &remembered.key(), remembered)?,
        }
        .at(Place::SameAsInput))
    }
}
