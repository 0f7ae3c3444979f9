//! What the cleaner says about a page or a text: the story in blocks, its metadata, and what was cut.

use schemas::article::{Block, FoundTime, Image, Rights};
use schemas::fetched::{FetchedRights, Hints};
use schemas::time::Timestamp;
use serde::Serialize;
use std::sync::Arc;

use crate::rules::{Outcome, Rules};

/// What an article was found to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extracted {
    /// The headline, without the name of the site.
    pub title: String,
    /// The story in page order; never the title, bylines, captions or lists of links.
    pub blocks: Vec<Block>,
    /// The language of the story, when there is enough text to tell or the page says so.
    pub language: Option<Language>,
    /// People, not desks or addresses, in page order.
    pub authors: Vec<String>,
    /// When the story was first published.
    pub published_at: Option<FoundTime>,
    /// When the story last changed.
    pub updated_at: Option<FoundTime>,
    /// The page's own idea of its address, believed only on the same site.
    pub canonical_url: Option<String>,
    /// The name of the site.
    pub site_name: Option<String>,
    /// The section that the site files the story under.
    pub section: Option<String>,
    /// Keywords and tags as the page gives them.
    pub tags: Vec<String>,
    /// Pictures of the story, the one that stands for it first.
    pub images: Vec<Image>,
    /// Captions of pictures, in page order.
    pub captions: Vec<String>,
    /// The news agency whose copy this is.
    pub agency: Option<Agency>,
    /// Where and when the copy was filed, as its first line says.
    pub dateline: Option<Dateline>,
    /// What the page says about its use.
    pub rights: Rights,
    /// What it is where it is not an ordinary article.
    pub form: Option<Form>,
    /// Addresses that may be the story's next page; [`crate::pages::next_page`] tells which one is.
    pub page_links: Vec<String>,
    /// What was cut, in page order; behind it, in page order again, what recurs on the site.
    pub removed: Vec<Removed>,
    /// What operators' rules did, where there are some for the host.
    pub ruled: Option<Outcome>,
}

impl Extracted {
    /// The story as one text: a paragraph per block, a blank line between.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.blocks.iter().map(|block| block.text.len() + 2).sum());
        for block in &self.blocks {
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            out.push_str(&block.text);
        }
        out
    }
}

/// What a story is where it is not an ordinary article. The names are those of schema.org's types
/// (`LiveBlogPosting`, `ImageGallery`, `VideoObject`) in the spelling of our records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Many updates with a time each, told while the thing happens.
    LiveBlog,
    /// Pictures with captions and little text besides.
    Gallery,
    /// The words beside a film.
    Video,
}

impl Form {
    /// The form's name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LiveBlog => "live_blog",
            Self::Gallery => "gallery",
            Self::Video => "video",
        }
    }
}

/// A language and how sure we are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Language {
    /// BCP 47 tag, as short as it can be (`id`, `pt`, `zh`).
    pub tag: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// A news agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agency {
    /// Its usual name.
    pub name: String,
}

/// Where and when a wire story was filed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dateline {
    /// The date, when the dateline carries a full one.
    pub date: Option<Timestamp>,
    /// The whole dateline, as printed.
    pub text: String,
}

/// One thing that was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// What it was taken for.
    pub kind: RemovedKind,
    /// Its text, shortened when long.
    pub text: String,
}

/// What a cut paragraph was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedKind {
    /// An advertisement, or a line with nothing to do with the story.
    Ad,
    /// The name of the author.
    Byline,
    /// Words about the author.
    AuthorBio,
    /// A trail of sections above the headline.
    Breadcrumb,
    /// A caption or credit of a picture.
    Caption,
    /// Readers' comments, or the form for them.
    Comments,
    /// A cookie or consent notice.
    Cookie,
    /// A copyright line.
    Copyright,
    /// A date line.
    DateLine,
    /// Menus, headers, footers.
    Navigation,
    /// A sign-up box.
    Newsletter,
    /// A request to pay or log in.
    Paywall,
    /// Links to the previous and the next article.
    PreviousNext,
    /// What recurs on the articles of the site.
    Recurring {
        /// Other articles that it was seen on.
        on: u8,
        /// Other articles that are remembered.
        of: u8,
    },
    /// Links to other stories.
    Related,
    /// The headline once more.
    RepeatedTitle,
    /// Share buttons.
    Share,
    /// Tags.
    Tags,
    /// Thanks for reading.
    Thanks,
    /// Counters of views or likes.
    ViewCounter,
    /// What an operator's rule names as no part of the story.
    Rule,
    /// Anything else that is no part of the story.
    Other,
}

impl RemovedKind {
    /// The kind's name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ad => "ad",
            Self::Byline => "byline",
            Self::AuthorBio => "author_bio",
            Self::Breadcrumb => "breadcrumb",
            Self::Caption => "caption",
            Self::Comments => "comments",
            Self::Cookie => "cookie",
            Self::Copyright => "copyright",
            Self::DateLine => "date_line",
            Self::Navigation => "navigation",
            Self::Newsletter => "newsletter",
            Self::Paywall => "paywall",
            Self::PreviousNext => "previous_next",
            Self::Recurring { .. } => "recurring",
            Self::Related => "related",
            Self::RepeatedTitle => "repeated_title",
            Self::Share => "share",
            Self::Tags => "tags",
            Self::Thanks => "thanks",
            Self::ViewCounter => "view_counter",
            Self::Rule => "rule",
            Self::Other => "other",
        }
    }

    /// What it was cut on, in words, where the line itself does not show it.
    #[must_use]
    pub fn evidence(self) -> Option<String> {
        match self {
            Self::Recurring { on, of } => Some(format!("seen on {on} of the last {of} articles")),
            _ => None,
        }
    }
}

/// What is known of a document before it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What the feed said about the entry.
    pub hints: Hints,
    /// When the document entered the pipeline: no article is younger.
    pub now: Option<Timestamp>,
    /// The values of `X-Robots-Tag` headers.
    pub robots_headers: Vec<String>,
    /// What the site says about its use elsewhere.
    pub rights: FetchedRights,
    /// The name that robots directives call us by; empty when we have none.
    pub product_token: String,
    /// The operator's rules for pages.
    pub rules: Arc<Rules>,
}
