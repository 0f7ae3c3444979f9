//! The cleaner as a stage: responses in, articles out, or the reason why there is none.

use schemas::article::{Article, PageRules};
use schemas::canonical::host_of;
use schemas::canonical::rules::Rules;
use schemas::fate::FilterReason;
use schemas::fetched::{Content, Fetched, MAX_BODY_BYTES};
use schemas::hop::Cleaned;
use schemas::id::ArticleId;
use schemas::memory::cleaner::CleanerMemory;
use schemas::time::Timestamp;
use stage::{Decision, Stage};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::extracted::{Extracted, Known};
use crate::site::Sites;
use crate::{decode, html, text};

/// What the cleaner is told at its start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The name that robots directives call us by.
    pub product_token: String,
    /// The operator's rules for canonical URLs.
    pub url_rules: Rules,
    /// The operator's rules for pages.
    pub page_rules: Arc<crate::rules::Rules>,
}

/// The cleaner of one partition. It remembers what recurs on the articles of each host.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {
    settings: Arc<Settings>,
    sites: Sites,
}

impl Cleaner {
    /// A cleaner with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            sites: Sites::default(),
        }
    }
}

impl Stage for Cleaner {
    type In = Fetched;
    type Out = Cleaned;
    type Memory = CleanerMemory;

    fn apply(&mut self, change: &CleanerMemory) {
        match change {
            CleanerMemory::Site(site) => self.sites.remember(site),
            CleanerMemory::Forget { key } => self.sites.forget_key(key),
        }
    }

    fn decide(&self, input: Fetched, now: Timestamp) -> Decision<Cleaned, CleanerMemory> {
        let (mut extracted, extractor) = match clean(&input, now, &self.settings) {
            Ok(found) => found,
            Err(reason) => return Decision::drop(reason),
        };
        let canonical = canonical(&input, &extracted, &self.settings.url_rules);
        // An article out of a file may have no address, and then no site either.
        let memory = match address(&input).and_then(host_of) {
            Some(host) => self.sites.read(&host, &canonical, &mut extracted, now),
            None => Vec::new(),
        };
        let cleaned = Cleaned {
            article: article(&input, extracted, extractor, canonical),
            trace: input.trace,
        };
        memory.into_iter().fold(Decision::pass(cleaned), Decision::and_remember)
    }
}

/// Extracts what a response holds; also says by which way.
///
/// # Errors
/// The reason why the response holds no article.
pub fn clean(input: &Fetched, now: Timestamp, settings: &Settings) -> Result<(Extracted, &'static str), FilterReason> {
    if input.body.len() > MAX_BODY_BYTES {
        return Err(FilterReason::TooLarge);
    }
    let known = Known {
        hints: input.hints.clone(),
        now: Some(now),
        robots_headers: input.robots_headers.clone(),
        rights: input.rights.clone(),
        product_token: settings.product_token.clone(),
        rules: settings.page_rules.clone(),
    };
    let content_type = input.content_type.as_deref();
    let decoded = decode::decode(&input.body, content_type.filter(|_| input.content == Content::Page));
    let url = address(input);
    match input.content {
        Content::Text => text::extract(&decoded.text, url, &known).map(|extracted| (extracted, "text/1")),
        Content::FeedHtml => html::extract_fragment(&decoded.text, url, &known).map(|extracted| (extracted, "feed/1")),
        Content::Page => match Media::of(content_type) {
            Media::Html => html::extract(&decoded.text, url, &known).map(|extracted| (extracted, "html/1")),
            Media::Text => text::extract(&decoded.text, url, &known).map(|extracted| (extracted, "text/1")),
            Media::Other => Err(FilterReason::NotHtml),
        },
    }
}

/// What a content type announces. Servers that say nothing, or "bytes", mostly serve pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    Html,
    Text,
    Other,
}

impl Media {
    fn of(content_type: Option<&str>) -> Self {
        let media = content_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match media.as_str() {
            ""
            | "text/html"
            | "application/xhtml+xml"
            | "application/xml"
            | "text/xml"
            | "application/octet-stream"
            | "unknown/unknown" => Self::Html,
            "text/plain" | "text/markdown" => Self::Text,
            _ => Self::Other,
        }
    }
}

/// The address that answered, else the one that was asked for.
fn address(input: &Fetched) -> Option<&str> {
    [input.url.as_str(), input.trace.requested_url.as_str()]
        .into_iter()
        .find(|url| !url.is_empty())
}

/// The canonical URL by the page's own word and the operator's rules.
fn canonical(input: &Fetched, extracted: &Extracted, rules: &Rules) -> String {
    let stated = extracted
        .canonical_url
        .as_deref()
        .or(address(input))
        .unwrap_or_default();
    rules.canonical_url(stated).unwrap_or_else(|_| stated.to_owned())
}

fn article(input: &Fetched, extracted: Extracted, extractor: &str, canonical: String) -> Article {
    let url = address(input).unwrap_or_default();
    let mut removed: BTreeMap<String, u32> = BTreeMap::new();
    for cut in &extracted.removed {
        *removed.entry(cut.kind.name().to_owned()).or_default() += 1;
    }
    Article {
        id: ArticleId::of_canonical_url(&canonical),
        url: url.to_owned(),
        canonical_url: canonical,
        title: extracted.title,
        blocks: extracted.blocks,
        language: extracted.language.map(|language| language.tag),
        authors: extracted.authors,
        published_at: extracted.published_at,
        updated_at: extracted.updated_at,
        agency: extracted.agency.map(|agency| agency.name),
        dateline: extracted.dateline.map(|dateline| dateline.text),
        site_name: extracted.site_name,
        section: extracted.section,
        tags: extracted.tags,
        images: extracted.images,
        captions: extracted.captions,
        rights: extracted.rights,
        removed,
        rules: extracted.ruled.map(|ruled| PageRules {
            matched: ruled.matched,
            missed: ruled.missed,
            expired: ruled.expired,
        }),
        extractor: extractor.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html lang=en><head><title>Ferry line opens after ten years | Daily Tide</title>\
        <link rel=canonical href='https://tide.example/ferry'></head><body><nav><a href=/>Home</a></nav><article>\
        <h1>Ferry line opens after ten years</h1><p>The ferry to the outer islands left the new pier at dawn on \
        Monday, ten years after the storm that took the old one, and four hundred people waved from the quay.</p>\
        <p>The harbour office said that two boats a day will run until the spring, when a third one is expected \
        from the yard, and that the fare will stay as it was before the storm.</p></article>\
        <footer><p>© Daily Tide. All rights reserved.</p></footer></body></html>";

    fn fetched(body: &str, content_type: &str) -> Fetched {
        Fetched {
            url: "https://tide.example/ferry?utm_source=x".to_owned(),
            content_type: Some(content_type.to_owned()),
            body: body.as_bytes().to_vec(),
            ..Fetched::default()
        }
    }

    fn decide(input: Fetched) -> Decision<Cleaned, CleanerMemory> {
        Cleaner::default().decide(input, Timestamp::from_seconds(1_455_703_872))
    }

    #[test]
    fn a_page_becomes_an_article() {
        let decision = decide(fetched(PAGE, "text/html"));
        let article = &decision.records[0].article;
        assert_eq!(article.title, "Ferry line opens after ten years");
        assert_eq!(article.canonical_url, "https://tide.example/ferry");
        assert_eq!(article.blocks.len(), 2, "{:?}", article.blocks);
        assert_eq!(article.language.as_deref(), Some("en"));
        assert_eq!(article.extractor, "html/1");
    }

    #[test]
    fn tracking_does_not_change_the_id() {
        let plain = Fetched {
            url: "https://tide.example/ferry".to_owned(),
            ..fetched(PAGE, "text/html")
        };
        let id = |input| decide(input).records[0].article.id.clone();
        assert_eq!(id(plain), id(fetched(PAGE, "text/html; charset=utf-8")));
    }

    #[test]
    fn an_operators_rules_make_the_id() {
        let url_rules =
            Rules::parse("[[rule]]\nhost = \"tide.example\"\nkeep_parameters = [\"utm_source\"]\n").unwrap();
        let cleaner = Cleaner::new(Settings {
            url_rules,
            ..Settings::default()
        });
        let page = PAGE.replace("rel=canonical", "rel=other");
        let decision = cleaner.decide(fetched(&page, "text/html"), Timestamp::from_seconds(1_455_703_872));
        let article = &decision.records[0].article;
        assert_eq!(article.canonical_url, "https://tide.example/ferry?utm_source=x");
        assert_ne!(article.id, ArticleId::of_url("https://tide.example/ferry"));
    }

    #[test]
    fn a_feed_entry_keeps_its_paragraphs() {
        let body = "<p>The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm.</p>\
            <p>Two boats a day will run until the spring.</p><p><a href='https://tide.example/ferry'>Read more</a></p>";
        let decision = decide(Fetched {
            content: Content::FeedHtml,
            ..fetched(body, "application/rss+xml")
        });
        assert_eq!(decision.records[0].article.blocks.len(), 2);
    }

    #[test]
    fn what_is_no_page_is_filtered() {
        let check = |body: &str, content_type: &str, reason: FilterReason| {
            assert_eq!(
                decide(fetched(body, content_type)),
                Decision::drop(reason),
                "{content_type}"
            );
        };
        check("%PDF-1.4", "application/pdf", FilterReason::NotHtml);
        check("{\"a\": 1}", "text/html", FilterReason::NotHtml);
        check("<p>404 not found</p>", "text/html", FilterReason::NoArticle);
        check("", "text/plain", FilterReason::NoArticle);
    }
}
