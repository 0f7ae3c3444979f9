//! What will be fetched next: entries, and what partitions of the frontier ask of one another.
//!
//! A host is asked only by the partition that owns it. Where a feed or a robots.txt leads to another host, the
//! partition that waits for it puts an [`Errand`] on the frontier, placed by the host of its URL, and the partition
//! that takes it answers with a [`Delivery`], placed by the host whose partition waits.

mod errand;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use errand::{Delivery, DeliveryKind, Errand, ErrandKind, ErrandPurpose, HeaderLine, HubMode, Outcome};

use crate::canonical::host_of;
use crate::fetched::{Continues, Hints};
use crate::id::{SourceId, frontier_key};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json};
use crate::time::Timestamp;
use crate::topic::Topic;

/// One URL to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FrontierEntry {
    /// The URL to request now.
    pub url: String,
    /// The URL as the feed spelled it, before redirects to other hosts.
    pub requested_url: String,
    /// The source that led to it.
    pub source_id: SourceId,
    /// When it was found.
    pub found_at: Timestamp,
    /// Redirects followed so far.
    #[serde(default)]
    pub redirects: u8,
    /// What the feed said about it.
    #[serde(default)]
    pub hints: Hints,
    /// The article's text from the feed, HTML, for use where the page may not be fetched. At most 512 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_html: Option<String>,
    /// Set when it is wanted because an article goes on there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
    /// False when only the feed's text is wanted.
    #[serde(default = "yes")]
    pub fetch_page: bool,
}

fn yes() -> bool {
    true
}

impl FrontierEntry {
    /// The host with port that owns this entry; empty when the URL has none.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.url).unwrap_or_default()
    }
}

impl Record for FrontierEntry {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        Ok(Encoded::json(Topic::Frontier, &frontier_key(&self.url), self)?.at(Place::Key(self.host().into_bytes())))
    }
}

/// One record of the frontier. An entry carries no `kind` on the wire, the others do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrontierRecord {
    /// A page to fetch.
    Entry(Box<FrontierEntry>),
    /// A request that another partition wants made.
    Errand(Box<Errand>),
    /// The answer to an errand.
    Delivery(Box<Delivery>),
}

/// As much of a record as tells which it is.
#[derive(Deserialize)]
struct Tag {
    #[serde(default)]
    kind: Option<String>,
}

impl Record for FrontierRecord {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        let tag: Tag = decode_json(incoming)?;
        match tag.kind.as_deref() {
            None => FrontierEntry::decode(incoming).map(|entry| Self::Entry(Box::new(entry))),
            Some("delivery") => Delivery::decode(incoming).map(|delivery| Self::Delivery(Box::new(delivery))),
            // A kind of a later release is no errand either, and says so.
            Some(_) => Errand::decode(incoming).map(|errand| Self::Errand(Box::new(errand))),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Entry(entry) => entry.encode(),
            Self::Errand(errand) => errand.encode(),
            Self::Delivery(delivery) => delivery.encode(),
        }
    }
}
