//! An article becomes a page.
//!
//! A design is a file in `seeds/newsroom/designs`: named blocks of HTML, each starting with a line `%% name`.
//!
//! | block | is |
//! | --- | --- |
//! | `page` | the whole page; `[[body]]` is where the text goes |
//! | `paragraph`, `heading`, `quote` | one block of text, `[[text]]` |
//! | `dateline` | put in front of the first paragraph's text when the story has a place |
//! | `after N` | put behind the Nth block of text, if more text follows |
//! | `byline`, `figure` | only when there is an author or a caption |
//! | `item` | one entry of a list of other articles (`[[related]]`) |
//!
//! A block that a design leaves out is empty, but for `heading` and `quote`, which fall back to `paragraph`.

use crate::edition::Article;
use crate::markup::{escape, fill, inline, plain};
use crate::press::Press;
use crate::seed::{Block, PageKind};
use crate::site::{SITES, Site};
use crate::truth::BlockKind;

mod comments;
mod json_ld;

/// A design file.
#[derive(Debug)]
pub(crate) struct Design {
    file: &'static str,
}

/// The bodies of pages that are no articles, the same on all sites.
static LISTING: &str = include_str!("../../../seeds/newsroom/designs/listing.html");
static VIDEO: &str = include_str!("../../../seeds/newsroom/designs/video.html");

impl Design {
    pub(crate) const fn new(file: &'static str) -> Self {
        Self { file }
    }

    /// The block `name`, without the line breaks around it.
    fn block(&self, name: &str) -> &'static str {
        let mark = format!("%% {name}\n");
        let Some(start) = self.file.find(&mark) else { return "" };
        let rest = &self.file[start + mark.len()..];
        rest.split("\n%% ").next().unwrap_or(rest).trim_matches('\n')
    }

    /// Whether a story's place is shown in front of its text.
    pub(crate) fn shows_dateline(&self) -> bool {
        !self.block("dateline").is_empty()
    }

    /// Whether the author's name is shown.
    pub(crate) fn shows_author(&self) -> bool {
        !self.block("byline").is_empty()
    }

    /// Whether pictures and captions are shown.
    pub(crate) fn shows_caption(&self) -> bool {
        !self.block("figure").is_empty()
    }

    /// The text of each block as a reader sees it.
    pub(crate) fn gold(&self, article: &Article) -> Vec<String> {
        article
            .blocks
            .iter()
            .enumerate()
            .map(|(index, block)| plain(&self.text(article, index, block)))
            .collect()
    }

    /// The inside of one block of text, the dateline included.
    fn text(&self, article: &Article, index: usize, block: &Block) -> String {
        let text = inline(&block.text);
        let Some(place) = article.dateline.as_deref().filter(|_| index == 0) else {
            return text;
        };
        let agency = article.agency.as_deref().unwrap_or(SITES[article.site].name);
        let dateline = fill(self.block("dateline"), |name| match name {
            "place" => Some(escape(place)),
            "agency" => Some(escape(agency)),
            _ => None,
        });
        if dateline.is_empty() {
            text
        } else {
            format!("{dateline} {text}")
        }
    }

    /// The text in its tags, without the boxes that the page puts between: what a feed carries.
    pub(crate) fn feed_body(&self, article: &Article) -> String {
        let blocks = article.blocks.iter().enumerate();
        blocks
            .map(|(index, block)| format!("<p>{}</p>\n", self.text(article, index, block)))
            .collect()
    }

    /// All blocks in their tags, with the boxes between them.
    fn body(&self, article: &Article, gap: &dyn Fn(&str) -> Option<String>) -> String {
        let mut out = String::new();
        for (index, block) in article.blocks.iter().enumerate() {
            let own = match block.kind {
                BlockKind::Paragraph => "",
                BlockKind::Heading => self.block("heading"),
                BlockKind::Quote => self.block("quote"),
            };
            let tags = if own.is_empty() { self.block("paragraph") } else { own };
            let text = self.text(article, index, block);
            out.push_str(&fill(tags, |name| (name == "text").then(|| text.clone())));
            out.push('\n');
            if index + 1 < article.blocks.len() {
                out.push_str(&fill(self.block(&format!("after {}", index + 1)), gap));
                out.push('\n');
            }
        }
        out
    }
}

/// The page of article `index`.
pub(crate) fn page(press: &Press, index: usize) -> String {
    let article = press.article(index);
    let site = &SITES[article.site];
    let simple = |name: &str| value(press, site, &article, index, name);
    let body = match article.page {
        PageKind::Listing => fill(LISTING, simple),
        PageKind::Video => fill(VIDEO, simple),
        _ => site.design.body(&article, &simple),
    };
    fill(site.design.block("page"), |name| match name {
        "body" => Some(body.clone()),
        "byline" if !article.authors.is_empty() => Some(fill(site.design.block("byline"), simple)),
        "figure" if article.caption.is_some() => Some(fill(site.design.block("figure"), simple)),
        "byline" | "figure" => Some(String::new()),
        _ => simple(name),
    })
}

/// The front page of a site: its newest articles.
pub(crate) fn front(press: &Press, site: usize) -> String {
    let items: String = press
        .newest(site, 30)
        .iter()
        .map(|index| item(press, *index, FRONT_ITEM))
        .collect();
    let name = escape(SITES[site].name);
    format!(
        "<!DOCTYPE html>\n<html><head><title>{name}</title></head>\n<body><h1>{name}</h1>\n<ul>\n{items}</ul>\n</body></html>\n"
    )
}

const FRONT_ITEM: &str = "<li><a href=\"[[url]]\">[[title]]</a> <span>[[summary]]</span></li>\n";

fn item(press: &Press, index: usize, template: &str) -> String {
    let other = press.article(index);
    fill(template, |name| match name {
        "url" => Some(escape(&other.path)),
        "title" => Some(escape(&other.title)),
        "summary" => Some(escape(&other.summary())),
        _ => None,
    })
}

/// The gaps that may stand anywhere in a design.
fn value(press: &Press, site: &Site, article: &Article, index: usize, name: &str) -> Option<String> {
    let related = press.related(index);
    // The first article of a site has no older one to link to.
    let link = |other: Option<&usize>| match other.map(|other| press.article(*other)) {
        Some(other) => (other.path, other.title),
        None => ("/".to_owned(), site.name.to_owned()),
    };
    let comments = comments::of(site.language, article.number);
    let plain = match name {
        "title" => article.title.clone(),
        "site" => site.name.to_owned(),
        "home" => press.base_url(article.site),
        "canonical" => article.canonical_url.clone(),
        "language" => article.language.to_owned(),
        "summary" => article.summary(),
        "author" => article.authors.join(", "),
        "caption" => article.caption.clone().unwrap_or_default(),
        "image" => format!("{}/media/{}.jpg", press.base_url(article.site), article.number),
        "published" => article.published(site).iso(),
        "published_text" => article.published(site).for_reader(site.language),
        "updated" => article.updated(site).iso(),
        "updated_text" => article.updated(site).for_reader(site.language),
        "number" => article.number.to_string(),
        "agency" => article.agency.clone().unwrap_or_else(|| site.name.to_owned()),
        "share" => format!("{}?share=1", article.path),
        "comment_count" => comments.len().to_string(),
        "related_url" => link(related.first()).0,
        "related_title" => link(related.first()).1,
        "second_url" => link(related.get(1)).0,
        "second_title" => link(related.get(1)).1,
        "related" => {
            return Some(
                related
                    .iter()
                    .map(|at| item(press, *at, site.design.block("item")))
                    .collect(),
            );
        }
        "json_ld" => return Some(json_ld::news_article(press, site, article)),
        "comments" => return Some(comments::render(&comments, site.design.block("comment"))),
        _ => return None,
    };
    Some(escape(&plain))
}
