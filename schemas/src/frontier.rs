//! What will be fetched next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canonical::host_of;
use crate::fetched::Hints;
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
