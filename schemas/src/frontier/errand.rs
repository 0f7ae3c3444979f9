//! What one partition of the frontier asks of another, and the answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canonical::host_of;
use crate::fetched::{read_body, write_body};
use crate::id::{SourceId, frontier_key};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Place, Record, decode_json};
use crate::time::Timestamp;
use crate::topic::Topic;

/// Tells an errand from the other records of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrandKind {
    /// The only value.
    #[default]
    Errand,
}

/// Tells a delivery from the other records of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// The only value.
    #[default]
    Delivery,
}

/// What an errand is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ErrandPurpose {
    /// The feed of a source.
    Feed {
        /// The source.
        source_id: SourceId,
    },
    /// The robots.txt of a host.
    Robots {
        /// The host, with port when it is not the scheme's own.
        host: String,
    },
    /// The subscription of a source at a WebSub hub.
    Hub {
        /// The source.
        source_id: SourceId,
        /// The name under which the hub knows its feed.
        topic: String,
        /// What is asked of the hub.
        mode: HubMode,
    },
}

/// What is asked of a WebSub hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HubMode {
    /// Begin or renew a subscription.
    Subscribe,
    /// End it.
    Unsubscribe,
}

impl Default for ErrandPurpose {
    fn default() -> Self {
        Self::Robots { host: String::new() }
    }
}

/// One header of a request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub struct HeaderLine {
    /// Its name.
    pub name: String,
    /// Its value, byte for byte.
    pub value: String,
}

/// A request that another partition wants made by the one that owns the URL's host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Errand {
    /// Always `errand`.
    pub kind: ErrandKind,
    /// The URL to request.
    pub url: String,
    /// What for.
    pub purpose: ErrandPurpose,
    /// The host whose partition waits for the answer.
    pub owner: String,
    /// Headers to send besides the client's own, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderLine>,
    /// When it was asked; with purpose and URL this names the errand.
    pub asked_at: Timestamp,
    /// True when the subscription lives at this URL, because a feed was found there before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

/// The answer to an errand, or what a server sent of its own accord.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Always `delivery`.
    pub kind: DeliveryKind,
    /// What the errand was for.
    pub purpose: ErrandPurpose,
    /// The host whose partition waits for it.
    pub owner: String,
    /// The URL that was asked.
    pub url: String,
    /// When the errand was asked.
    pub asked_at: Timestamp,
    /// When the answer came.
    pub answered_at: Timestamp,
    /// True when nobody asked: the server pushed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pushed: bool,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an errand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// A whole HTTP response.
    Response {
        /// The HTTP status.
        status: u16,
        /// The headers that matter, as sent, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        headers: Vec<HeaderLine>,
        /// The body, at most 5 MiB. On the wire: zstd, then base64.
        #[serde(
            rename = "body_zstd_base64",
            serialize_with = "write_body",
            deserialize_with = "read_body"
        )]
        #[schemars(
            with = "String",
            description = "The body, at most 5 MiB: compressed by zstd, then in base64."
        )]
        #[schemars(extend("contentEncoding" = "base64"))]
        body: Vec<u8>,
    },
    /// No whole response.
    Failure {
        /// What kind of failure, in the fetcher's words.
        failure: String,
        /// What happened, for people.
        #[serde(default)]
        detail: String,
    },
    /// Nothing was asked, because another source reads the same feed.
    ReadBy {
        /// The source that reads it.
        source_id: SourceId,
    },
    /// A WebSub hub asked whether the subscription is wanted, and was told that it is.
    Granted {
        /// For how long the hub sends content, in seconds; missing when it did not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease_seconds: Option<u32>,
    },
    /// A WebSub hub refused the subscription.
    Denied {
        /// Why, in the hub's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Response {
            status: 0,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }
}

impl Errand {
    /// The host with port that is to be asked; empty when the URL has none.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.url).unwrap_or_default()
    }

    /// The answer to this errand.
    #[must_use]
    pub fn delivery(&self, outcome: Outcome, answered_at: Timestamp) -> Delivery {
        Delivery {
            kind: DeliveryKind::Delivery,
            purpose: self.purpose.clone(),
            owner: self.owner.clone(),
            url: self.url.clone(),
            asked_at: self.asked_at,
            answered_at,
            pushed: false,
            outcome,
        }
    }
}

impl Record for Errand {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        Ok(Encoded::json(Topic::Frontier, &frontier_key(&self.url), self)?.at(Place::Key(self.host().into_bytes())))
    }
}

impl Record for Delivery {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let place = Place::Key(self.owner.clone().into_bytes());
        Ok(Encoded::json(Topic::Frontier, &frontier_key(&self.url), self)?.at(place))
    }
}
