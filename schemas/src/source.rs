//! What operators want read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Record, decode_json, key_text};
use crate::time::Timestamp;
use crate::topic::Topic;

/// One source: a feed, a file or a directory, and how to read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Its id, from the feed's URL.
    pub id: SourceId,
    /// The feed's URL, or the `file:` URL of a file or directory.
    pub url: String,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The language of its articles, BCP 47, when the operator knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Seconds between polls when the operator wants another pace than the adaptive one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll_interval_seconds: Option<u32>,
    /// False to take the feed's own text and fetch no pages.
    #[serde(default = "yes")]
    pub fetch_pages: bool,
    /// True while the operator has it paused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// When the operator last added or resumed it. A feed that has ended, or that failed and waits, is then asked
    /// again at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
    /// Headers for requests to the source's own host, by name. They are no secrets: anybody who reads this topic reads
    /// them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The plain name of a file in the fetcher's directory of credentials, for requests to the source's own host:
    /// `user:password`, or header lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials_file: Option<String>,
    /// What its articles are about, as the operator knows: handed on as categories of each entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// The charset that its feed is really in, where the feed says something else or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// What the files of a file source hold, when the operator says so; else it is told by each file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A JSON object on each line: `url` or `id`, `html` or `text`, and hints.
    Jsonl,
    /// HTTP exchanges as archives keep them (ISO 28500).
    Warc,
    /// IPTC ninjs 1 to 3.
    Ninjs,
    /// IPTC NewsML-G2.
    Newsml,
    /// IPTC NITF.
    Nitf,
    /// A feed.
    Feed,
    /// One page.
    Html,
    /// One text.
    Text,
}

impl FileFormat {
    /// All formats.
    pub const ALL: &[Self] = &[
        Self::Jsonl,
        Self::Warc,
        Self::Ninjs,
        Self::Newsml,
        Self::Nitf,
        Self::Feed,
        Self::Html,
        Self::Text,
    ];

    /// The format as records and command lines spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Warc => "warc",
            Self::Ninjs => "ninjs",
            Self::Newsml => "newsml",
            Self::Nitf => "nitf",
            Self::Feed => "feed",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

fn yes() -> bool {
    true
}

impl Source {
    /// True when it is a file or a directory rather than a feed.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.url
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
    }

    /// A source for the feed at `url` with nothing else said.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        Self {
            id: SourceId::of_url(url),
            url: url.to_owned(),
            fetch_pages: true,
            ..Self::default()
        }
    }
}

/// One change of the list of sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceChange {
    /// Added or changed.
    Set(Source),
    /// Removed.
    Removed(SourceId),
}

impl Record for SourceChange {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        match incoming.value {
            Some(_) => decode_json(incoming).map(Self::Set),
            None => key_text(incoming).map(|key| Self::Removed(key.into())),
        }
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        match self {
            Self::Set(source) => Encoded::json(Topic::Sources, source.id.as_str(), source),
            Self::Removed(id) => Ok(Encoded::tombstone(Topic::Sources, id.as_str())),
        }
    }
}
