//! How a fetched item ended. Every fetch id has exactly one fate; reasons are closed lists because they are metric
//! labels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, FetchId, SourceId};
use crate::record::{DecodeError, EncodeError, Encoded, Incoming, Record, decode_json};
use crate::time::Timestamp;
use crate::topic::Topic;

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All reasons of this list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The reason as records and metrics spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

reasons! {
    /// Why a fetched item holds no article worth passing on.
    FilterReason {
        /// The page has no main content.
        NoArticle = "no_article",
        /// There is a text, but too little of it.
        TooShort = "too_short",
        /// Only the part before a paywall.
        PaywallStub = "paywall_stub",
        /// The page lists articles.
        ListingPage = "listing_page",
        /// The page has no text before its scripts have run.
        NeedsScript = "needs_script",
        /// The body is not HTML or text.
        NotHtml = "not_html",
        /// The body is larger than the limit.
        TooLarge = "too_large",
        /// A later page of an article whose pages before it are not remembered.
        PartAlone = "part_alone",
    }
}

reasons! {
    /// Why a publishable article is held back.
    WithheldReason {
        /// Its embargo has not ended.
        Embargo = "embargo",
        /// An operator's rule about rights.
        Rights = "rights",
        /// An operator withdrew the article.
        Withdrawn = "withdrawn",
    }
}

reasons! {
    /// Why an item is in the dead letters.
    DeadReason {
        /// The record does not decode.
        Undecodable = "undecodable",
        /// The stage panicked on it.
        Panicked = "panicked",
        /// What the stage made of it can't be written.
        Unencodable = "unencodable",
        /// It is larger than the topic it should go to takes.
        Oversized = "oversized",
        /// The charset or compression of the body is broken.
        BrokenBody = "broken_body",
    }
}

reasons! {
    /// Why an entry was never fetched.
    NotFetchedReason {
        /// robots.txt forbids it.
        Robots = "robots",
        /// The server says that it is gone (404, 410).
        Gone = "gone",
        /// The address is not one that we may connect to.
        Refused = "refused",
        /// Too many attempts failed.
        GivenUp = "given_up",
        /// Too many redirects.
        Redirects = "redirects",
        /// It leads to a page that another entry waits for.
        Joined = "joined",
    }
}

/// How an item ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// On the public topics.
    Published,
    /// On the duplicates topic.
    Duplicate,
    /// The same text as the version before.
    Unchanged,
    /// No article.
    Filtered(FilterReason),
    /// Held back.
    Withheld(WithheldReason),
    /// In the dead letters.
    Dead(DeadReason),
    /// Never fetched; outside the sum over fetch ids.
    NotFetched(NotFetchedReason),
}

impl Fate {
    /// The fate as records and metrics spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Duplicate => "duplicate",
            Self::Unchanged => "unchanged",
            Self::Filtered(_) => "filtered",
            Self::Withheld(_) => "withheld",
            Self::Dead(_) => "dead",
            Self::NotFetched(_) => "not_fetched",
        }
    }

    /// The reason, where the fate has one.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Published | Self::Duplicate | Self::Unchanged => None,
            Self::Filtered(reason) => Some(reason.as_str()),
            Self::Withheld(reason) => Some(reason.as_str()),
            Self::Dead(reason) => Some(reason.as_str()),
            Self::NotFetched(reason) => Some(reason.as_str()),
        }
    }
}

/// The record of one fate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FateRecord {
    /// The fetch that ended; for an entry that was never fetched, the key of the entry.
    pub fetch_id: FetchId,
    /// The article, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article_id: Option<ArticleId>,
    /// The URL that was asked for.
    #[serde(default)]
    pub requested_url: String,
    /// The source that led to it.
    #[serde(default)]
    pub source_id: SourceId,
    /// `published`, `duplicate`, `unchanged`, `filtered`, `withheld`, `dead` or `not_fetched`. More may come.
    pub fate: String,
    /// Why, from a closed list of the fate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The stage that decided.
    pub stage: String,
    /// When the response arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    /// When the fate was decided.
    pub decided_at: Timestamp,
}

impl Record for FateRecord {
    fn decode(incoming: Incoming<'_>) -> Result<Self, DecodeError> {
        decode_json(incoming)
    }

    fn encode(&self) -> Result<Encoded, EncodeError> {
        let key = self
            .article_id
            .as_ref()
            .map_or(self.fetch_id.as_str(), ArticleId::as_str);
        Encoded::json(Topic::Fates, key, self)
    }
}
