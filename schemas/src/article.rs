//! An article as the stages hand it on: what the cleaner found, and the trace that ties it to its fetch.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, FetchId, SourceId};
use crate::time::Timestamp;

/// Ties a record to the response that it came from, through all stages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// The fetch that this item entered by.
    pub fetch_id: FetchId,
    /// The source that led to it.
    pub source_id: SourceId,
    /// The URL that was asked for, as the feed spelled it.
    pub requested_url: String,
    /// When the response arrived: the time at which the item entered the pipeline.
    pub fetched_at: Timestamp,
}

/// What a text block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    #[default]
    Paragraph,
    /// A sub-heading of the story.
    Heading,
    /// One item of a list.
    ListItem,
    /// A quotation set apart.
    Quote,
    /// One row of a table, cells parted by ` | `.
    TableRow,
    /// Text whose line breaks matter.
    Preformatted,
}

/// One block of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text, white space folded, never empty.
    pub text: String,
}

/// A point in time that a page or feed stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundTime {
    /// The time in UTC. A date without time of day is its midnight UTC and `date_only` is true.
    pub at: Timestamp,
    /// True when no time of day was stated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub date_only: bool,
    /// Where it stood: `json_ld`, `meta`, `microdata`, `time_element`, `byline`, `dateline`, `url`, `feed`, `input`,
    /// `script` or `attribute` (markup for programs of the page), `image_url` (the lead picture's address).
    pub found_in: String,
    /// The text as found, at most 200 characters.
    pub text: String,
    /// Minutes east of Greenwich of the clock that the page tells the time by, where it is not Greenwich's: as written
    /// with the time; else, when the page also shows a day that differs from the one in UTC, the whole hours nearest
    /// to UTC that agree with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_minutes: Option<i16>,
}

impl FoundTime {
    /// The time in RFC 3339 with milliseconds, by the clock of the page.
    #[must_use]
    pub fn with_zone(&self) -> String {
        let offset = self
            .offset_minutes
            .and_then(|minutes| jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok());
        match (offset, jiff::Timestamp::from_millisecond(self.at.as_millis())) {
            (Some(offset), Ok(at)) => format!("{:.3}", at.display_with_offset(offset)),
            _ => self.at.to_string(),
        }
    }
}

/// A picture of the article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    /// Absolute URL.
    pub url: String,
    /// The caption beneath it, when the page ties one to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// What publisher and law say about using the article. Reported, not enforced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Rights {
    /// Directives of meta robots and X-Robots-Tag, in lower case, in order, such as `noarchive`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots: Vec<String>,
    /// True when the publisher asks that no copy be kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noarchive: bool,
    /// True when text and data mining rights are reserved (TDM Reservation Protocol).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tdm_reserved: bool,
    /// The address of the publisher's terms for text and data mining, when it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdm_policy: Option<String>,
    /// Opt-outs from machine learning, as spelled by the page or its site's robots.txt: directives such as `noai`,
    /// crawlers that are kept out such as `GPTBot`, content signals such as `ai-train=no`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ai_opt_outs: Vec<String>,
    /// True when the page says that the article is not free to read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paywall: bool,
}

/// How an operator's rules for pages of a site fared on one, by their numbers in the rules file, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PageRules {
    /// Those that found what they look for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matched: Vec<u32>,
    /// Those that did not: of `keep`, `cut` or `title` nothing matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<u32>,
    /// Those that were left out because their last day is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expired: Vec<u32>,
}

/// An article without boilerplate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Its id, for ever.
    pub id: ArticleId,
    /// The address it was read from, after redirects.
    pub url: String,
    /// Its canonical address.
    pub canonical_url: String,
    /// The headline, without the site's name.
    pub title: String,
    /// The text, block by block, in page order.
    pub blocks: Vec<Block>,
    /// BCP 47 tag, when it could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// People, in the order named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was first published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<FoundTime>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<FoundTime>,
    /// The agency credited for the text, such as `AP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The dateline as printed, such as `TOKYO (AP) —`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// The site's name for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,
    /// The section that the publisher put it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The publisher's own tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What its feed files it under, and the topics that the operator gave its source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Pictures, the lead picture first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// Captions that stood on the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
    /// What may be done with it.
    #[serde(default)]
    pub rights: Rights,
    /// What it is where it is not an ordinary article: `live_blog`, `gallery`, `video`. More may come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// How many blocks were cut, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed: BTreeMap<String, u32>,
    /// How the operator's rules for its site fared, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<PageRules>,
    /// Which extractor made it, such as `html/1`, `text/1`, `feed/1`.
    #[serde(default)]
    pub extractor: String,
}

impl Article {
    /// The text as consumers read it: blocks parted by a blank line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.blocks.iter().map(|block| block.text.len() + 2).sum());
        for block in &self.blocks {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&block.text);
        }
        text
    }
}
