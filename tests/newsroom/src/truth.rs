//! The right answer for every page.

use serde::{Deserialize, Serialize};

/// All articles of a newsroom in the order in which they come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// Every feed entry that there is or will be.
    pub articles: Vec<Article>,
}

/// What should become of a feed entry when it comes in after every earlier one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "fate", content = "reason", rename_all = "snake_case")]
pub enum Fate {
    /// It is an article of its own.
    Published,
    /// It is a copy of [`Article::duplicate_of`].
    Duplicate,
    /// Its page is fetched but is no article: `listing_page`, or `no_article` for a video with a line of text, which
    /// may as well be called `too_short`.
    Filtered(String),
    /// Its page cannot be had: `robots`, `gone`.
    NotFetched(String),
}

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A heading inside the text.
    Heading,
    /// A quotation set apart.
    Quote,
}

/// One feed entry and the page behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Unique among all articles: the story's own slug, with `@` and the site's key behind it for a copy.
    pub slug: String,
    /// The key of the site.
    pub site: String,
    /// Absolute URLs under which it may be asked for: the feed's link (tracking parameters and redirects included)
    /// first, the canonical one last.
    pub requested_urls: Vec<String>,
    /// Where the page says it lives.
    pub canonical_url: String,
    /// The headline, without the site's name.
    pub title: String,
    /// The text, block for block exactly as the page shows it, white space folded.
    pub body: Vec<String>,
    /// The kind of each block of `body`.
    pub kinds: Vec<BlockKind>,
    /// BCP 47.
    pub language: String,
    /// IPTC Media Topics, the main one first, for example `medtop:04000000`.
    pub topics: Vec<String>,
    /// The canonical URL of the first article with this text, which comes earlier in the table.
    pub duplicate_of: Option<String>,
    /// How a copy differs from its original: `truncated`, `headline`, `byline`, `lead`, `local_paragraph`,
    /// `house_style`, `moved`; empty for originals and for verbatim copies.
    pub edits: Vec<String>,
    /// Articles with the same family share a template but not their facts: they are not copies of one another.
    pub family: Option<String>,
    /// What should become of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// RFC 3339, UTC, whole minutes.
    pub published_at: String,
    /// RFC 3339, UTC; only after a correction.
    pub updated_at: Option<String>,
    /// Names as the page shows them; empty when it shows none.
    pub authors: Vec<String>,
    /// The agency that the story came from.
    pub agency: Option<String>,
    /// The place in front of the first paragraph, where the design shows it there (it is part of `body` then).
    pub dateline: Option<String>,
    /// The caption of the picture; not part of `body`.
    pub caption: Option<String>,
    /// Whether it is out now.
    pub released: bool,
    /// 1, and 2 after a correction.
    pub version: u32,
    /// Whether it can be corrected.
    pub correctable: bool,
}
