//! What should come of a misbehaving site, as data, and the judge that compares it with what came.

use serde::{Deserialize, Serialize};

use super::story::Text;
use crate::access::Hit;

/// One thing that must hold once the pipeline has read a misbehaving site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "expect", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Expect {
    /// The article is published once, in one version, with this title and text.
    Published {
        /// The article. Its URL is the requested or the canonical one of the record.
        text: Text,
    },
    /// The article is published in two versions and no more: the text changed once.
    Corrected {
        /// The text of version 1.
        first: Text,
        /// The text of version 2.
        last: Text,
    },
    /// Of the articles whose requested URL starts like this, so many at most have the line.
    LineAtMost {
        /// The first letters of the URL.
        url_prefix: String,
        /// A paragraph.
        line: String,
        /// How many.
        count: usize,
    },
    /// The entry ends in one of these fates, and in no other.
    Fate {
        /// The requested URL.
        url: String,
        /// `fate` or `fate:reason`, for example `not_fetched:gone`.
        any_of: &'static [&'static str],
    },
    /// At least one fate like this: a page that was fetched again without news.
    AlsoFate {
        /// The requested URL.
        url: String,
        /// `fate` or `fate:reason`.
        fate: &'static str,
    },
    /// Nothing whose requested or canonical URL starts like this is published.
    NotPublished {
        /// The first letters of the URL.
        url_prefix: String,
    },
    /// The source is read without failures.
    SourceWorks,
    /// The source is known to fail, and is still a source.
    SourceFailing {
        /// Words of which the failure's text has at least one, in any case; none where any text is right.
        any_of: &'static [&'static str],
    },
    /// The source has ended and is asked no more.
    SourceEnded,
    /// The subscription has moved for good.
    SourceMoved {
        /// Its new URL.
        to: String,
    },
    /// The subscription keeps its URL.
    SourceStays,
    /// So many requests at least for this path.
    RequestsAtLeast {
        /// The key of the site.
        site: String,
        /// Path and query.
        path: String,
        /// How many.
        count: usize,
    },
    /// So many requests at most for this path, however long the pipeline runs, and one more for each kill of it.
    RequestsAtMost {
        /// The key of the site.
        site: String,
        /// Path and query.
        path: String,
        /// How many.
        count: usize,
    },
    /// Nothing on the site whose path starts like this is ever requested.
    NeverRequested {
        /// The key of the site.
        site: String,
        /// The first letters of the path.
        path_prefix: String,
    },
    /// The client hangs up before it has taken more than this of one answer (socket buffers included).
    BytesAtMost {
        /// The key of the site.
        site: String,
        /// How many.
        bytes: u64,
    },
    /// Of the conditional requests for this path, at least one sends the validator back, and none sends another.
    ValidatorReturned {
        /// Path and query.
        path: String,
        /// `If-None-Match` or `If-Modified-Since`.
        header: &'static str,
        /// The validator as it was sent, each byte as the character of the same number.
        value: String,
    },
    /// After the second request, some request for the path goes out without validators: the probe for those that lie.
    Probed {
        /// Path and query.
        path: String,
    },
    /// The program's logs do not hold this text.
    NotInLogs {
        /// The text.
        text: String,
    },
}

/// A published record, as far as the judge looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeenArticle {
    /// The URL that was asked for.
    pub requested_url: String,
    /// The canonical URL.
    pub canonical_url: String,
    /// The headline.
    pub title: String,
    /// The paragraphs, parted by a blank line.
    pub text: String,
    /// 1, 2, 3.
    pub version: u32,
}

/// How an entry ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeenFate {
    /// The URL that was asked for.
    pub requested_url: String,
    /// The fate as records spell it.
    pub fate: String,
    /// The reason, where there is one.
    pub reason: Option<String>,
}

/// The state of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeenSource {
    /// The URL that was subscribed to.
    pub url: String,
    /// The last failure, while it fails.
    pub failure: Option<String>,
    /// Where it moved for good.
    pub moved_to: Option<String>,
    /// Whether it has ended.
    pub ended: bool,
}

/// What came of a run: every list whole, not only this site's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The access log.
    pub hits: Vec<Hit>,
    /// Records of the public topic.
    pub articles: Vec<SeenArticle>,
    /// Records of the fates topic.
    pub fates: Vec<SeenFate>,
    /// All sources.
    pub sources: Vec<SeenSource>,
    /// What the program wrote to its logs.
    pub logs: String,
    /// How often the program was killed. What was under way is asked for again, so [`Expect::RequestsAtMost`] allows for
    /// as many more.
    pub kills: usize,
}
