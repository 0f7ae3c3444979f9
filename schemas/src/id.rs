//! Names of things: articles, fetches, sources.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::canonical::canonical_url;
use crate::time::Timestamp;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

id! {
    /// An article, for ever: 32 hexadecimal digits, a hash of its canonical URL. All versions of it share the id.
    ArticleId
}
id! {
    /// One fetched response: 32 hexadecimal digits. It ends in exactly one fate.
    FetchId
}
id! {
    /// A source that an operator added: 16 hexadecimal digits, a hash of the canonical URL of its feed.
    SourceId
}

/// The first `digits` hexadecimal digits of the SHA-256 of `parts`, each part followed by a zero byte.
///
/// Thirty-two digits are 128 bits: with a billion articles the chance of one collision is below 10^-20.
fn digest(digits: usize, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .take(digits / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl ArticleId {
    /// The id of the article at `url`. Spellings of one address ([`crate::canonical`]) have one id.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        Self(digest(
            32,
            &["article", &canonical_url(url).unwrap_or_else(|_| url.to_owned())],
        ))
    }

    /// The id of the article whose canonical URL is `canonical`, by whichever rules it was made.
    #[must_use]
    pub fn of_canonical_url(canonical: &str) -> Self {
        Self(digest(32, &["article", canonical]))
    }
}

impl SourceId {
    /// The id of the source whose feed is at `url`.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        Self(digest(
            16,
            &["source", &canonical_url(url).unwrap_or_else(|_| url.to_owned())],
        ))
    }
}

impl FetchId {
    /// The id of the response to a request for `url` that was asked for at `asked_at`.
    #[must_use]
    pub fn of_request(url: &str, asked_at: Timestamp) -> Self {
        Self(digest(32, &["fetch", url, &asked_at.to_string()]))
    }
}

/// The key of an entry of the frontier: 32 hexadecimal digits, a hash of the URL as it will be requested.
#[must_use]
pub fn frontier_key(url: &str) -> String {
    digest(32, &["frontier", url])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one_article() {
        let one = ArticleId::of_url("https://Example.org:443/a/b?utm_source=x#top");
        assert_eq!(one, ArticleId::of_url("https://example.org/a/b"));
        assert_ne!(one, ArticleId::of_url("https://example.org/a/c"));
        assert_eq!(one.as_str().len(), 32);
    }

    #[test]
    fn ids_of_different_kinds_never_meet() {
        let url = "https://example.org/";
        assert!(!ArticleId::of_url(url).0.starts_with(&SourceId::of_url(url).0));
    }

    #[test]
    fn ids_are_stable_across_releases() {
        assert_eq!(
            ArticleId::of_url("https://example.org/news/1").as_str(),
            "f18ae019f1161766b6bb2be91b6a4630"
        );
    }
}
