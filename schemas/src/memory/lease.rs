//! What the fetcher remembers of a subscription at a WebSub hub.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::memory::fetcher::Detour;
use crate::time::Timestamp;

/// A subscription of one source at a WebSub hub, wanted or granted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LeaseState {
    /// The source.
    pub source_id: SourceId,
    /// The hub, as the feed names it.
    pub hub: String,
    /// The name under which the hub knows the feed.
    pub topic: String,
    /// The callback that the hub was or will be given; another one makes it another subscription.
    pub callback: String,
    /// How far it is.
    pub standing: LeaseStanding,
    /// When the hub is asked next: for the first time, again, or for a renewal.
    pub due_at: Timestamp,
    /// When the partition that owns the hub's host was asked to ask it; missing while nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// When the lease that the hub granted ends; none was granted yet, or it was withdrawn, when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// A redirect of the hub that is being followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detour: Option<Detour>,
    /// Times in a row that the hub was asked and no lease came of it.
    #[serde(default)]
    pub failures: u32,
    /// The last content that the hub sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_push_at: Option<Timestamp>,
    /// True when the hub sent content since the last poll.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pushed_since_poll: bool,
    /// True while polls find nothing that was not pushed before: the feed is then polled less often.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub relied_on: bool,
    /// Why there is no lease, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// How far a subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaseStanding {
    /// The hub was not asked yet, or not with success.
    #[default]
    Wanted,
    /// The hub took the request and has not asked back yet.
    Asked,
    /// The hub granted a lease.
    Granted,
    /// The hub refused.
    Denied,
}
