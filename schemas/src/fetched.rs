//! A response as it came: the raw truth that replay starts from.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::article::Trace;
use crate::id::ArticleId;
use crate::record::{DecodeError, EncodeError, Encoded, FETCH_ID_HEADER, Incoming, Place, Record, decode_json};
use crate::time::Timestamp;
use crate::topic::Topic;

/// The largest body of a page that is kept, in bytes after inflation.
pub const MAX_BODY_BYTES: usize = 5 * 1024 * 1024;

/// What the bytes of [`Fetched::body`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "What the bytes of the body are.")]
pub enum Content {
    /// A page, as HTTP delivered it.
    #[default]
    Page,
    /// The article's own text out of the feed, as an HTML fragment, because the page may not or need not be fetched.
    FeedHtml,
    /// An already extracted document, plain text.
    Text,
}

/// What a feed said about an entry; evidence, never the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Hints {
    /// The entry's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The entry's authors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When the entry was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When the entry was updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The entry's categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The language that the feed or the operator states, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// What is known about the use of a response beyond its own body and robots headers: out of the site's robots.txt, its
/// `/.well-known/tdmrep.json` and the response's TDM headers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FetchedRights {
    /// Crawlers that gather text for machine learning and that robots.txt keeps from this address, by the product
    /// tokens that their makers gave them, such as `GPTBot`; then uses that it refuses, such as `ai-train=no`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ai_opt_outs: Vec<String>,
    /// Whether text and data mining rights are reserved; the response's header counts before the site's file. None
    /// when neither says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdm_reserved: Option<bool>,
    /// The address of the policy that goes with the reservation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdm_policy: Option<String>,
}

impl FetchedRights {
    /// True when nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ai_opt_outs.is_empty() && self.tdm_reserved.is_none() && self.tdm_policy.is_none()
    }
}

/// Which part of which article a page is: sites break long articles into several pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Continues {
    /// The article that began on another page.
    pub article_id: ArticleId,
    /// Which page of it this is; the first one is 1 and continues nothing.
    pub part: u8,
}

/// One fetched response.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Fetched {
    /// Its fetch id, source, requested URL and time of arrival.
    pub trace: Trace,
    /// The address that answered, after redirects.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The Content-Type header, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Robots directives of the response's X-Robots-Tag headers, as sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots_headers: Vec<String>,
    /// What the site says about its use elsewhere.
    #[serde(default, skip_serializing_if = "FetchedRights::is_empty")]
    pub rights: FetchedRights,
    /// What the body is.
    #[serde(default)]
    pub content: Content,
    /// What the feed said.
    #[serde(default)]
    pub hints: Hints,
    /// Set when the page was fetched because an article goes on there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
    /// True when it was read from a file: nothing more is fetched on its account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_file: bool,
    /// The body, at most 5 MiB ([`MAX_BODY_BYTES`]). On the wire: zstd, then base64.
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
    pub body: Vec<u8>,
}

pub(crate) fn write_body<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let packed = zstd::encode_all(body, 3).map_err(serde::ser::Error::custom)?;
    serializer.serialize_str(&BASE64.encode(packed))
}

pub(crate) fn read_body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    use serde::de::Error;
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    let packed = BASE64.decode(text.as_bytes()).map_err(Error::custom)?;
    let mut body = Vec::new();
    // The limit keeps a record that inflates without end from taking the memory of whoever reads it.
    let limit = u64::try_from(MAX_BODY_BYTES).unwrap_or(u64::MAX);
    let inflated = zstd::Decoder::new(packed.as_slice()).map_err(Error::custom)?;
    inflated.take(limit + 1).read_to_end(&mut body).map_err(Error::custom)?;
    match body.len() <= MAX_BODY_BYTES {
        true => Ok(body),
        false => Err(Error::custom("the body inflates to more than 5 MiB")),
    }
}

impl Record for Fetched {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let fetch_id = self.trace.fetch_id.as_str();
        Ok(Encoded::json(Topic::Fetched, fetch_id, self)?
            .at(Place::SameAsInput)
            .with_header(FETCH_ID_HEADER, fetch_id.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_body_that_inflates_without_end() {
        let bomb = BASE64.encode(zstd::encode_all(vec![0; MAX_BODY_BYTES + 1].as_slice(), 3).unwrap());
        let mut value = serde_json::to_value(Fetched::default()).unwrap();
        value["body_zstd_base64"] = bomb.into();
        assert!(serde_json::from_value::<Fetched>(value).is_err());
    }

    #[test]
    fn any_bytes_come_back() {
        let fetched = Fetched {
            body: (0..=255).cycle().take(70_000).collect(),
            ..Fetched::default()
        };
        let encoded = fetched.encode().unwrap();
        let incoming = Incoming {
            topic: encoded.topic,
            key: encoded.key.as_deref(),
            value: encoded.value.as_deref(),
        };
        assert_eq!(Fetched::decode(incoming).unwrap(), fetched);
    }
}
