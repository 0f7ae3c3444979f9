//! The cleaner as a stage: responses in, articles and requests for their further pages out, or the reason why there is
//! none.

use schemas::article::{Article, PageRules, Trace};
use schemas::canonical::host_of;
use schemas::canonical::rules::Rules;
use schemas::fate::{Fate, FilterReason};
use schemas::fetched::{Content, Continues, Fetched, MAX_BODY_BYTES};
use schemas::frontier::FrontierEntry;
use schemas::hop::Cleaned;
use schemas::id::ArticleId;
use schemas::memory::cleaner::{CleanerMemory, RememberedStory};
use schemas::time::Timestamp;
use stage::{Decision, Stage};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::extracted::{Extracted, Known};
use crate::output::Output;
use crate::site::Sites;
use crate::stories::{Joined, Stories};
use crate::{decode, html, pages, stories, text};

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

/// The cleaner of one partition. It remembers what recurs on the articles of each host, and articles of several pages.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {
    settings: Arc<Settings>,
    sites: Sites,
    stories: Stories,
}

impl Cleaner {
    /// A cleaner with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            ..Self::default()
        }
    }
}

impl Stage for Cleaner {
    type In = Fetched;
    type Out = Output;
    type Memory = CleanerMemory;

    fn apply(&mut self, change: &CleanerMemory) {
        match change {
            CleanerMemory::Site(site) => self.sites.remember(site),
            CleanerMemory::Story(story) => self.stories.remember(story),
            CleanerMemory::Forget { key } => {
                self.sites.forget_key(key);
                self.stories.forget_key(key);
            }
        }
    }

    fn decide(&self, input: Fetched, now: Timestamp) -> Decision<Output, CleanerMemory> {
        let (mut extracted, extractor) = match clean(&input, now, &self.settings) {
            Ok(found) => found,
            Err(reason) => return Decision::drop(reason),
        };
        let canonical = canonical(&input, &extracted, &self.settings.url_rules);
        // An article out of a file may have no address, and then no site either.
        let learned = match address(&input).and_then(host_of) {
            Some(host) => self.sites.read(&host, &canonical, &mut extracted, now),
            None => Vec::new(),
        };
        match input.continues.clone() {
            // A further page is no other article: the site's memory has nothing to learn from it.
            Some(place) => self.further_page(input, &place, extracted, now),
            None => {
                let next = next_page(&input, &extracted, 1);
                let article = article(&input, extracted, extractor, canonical);
                let decision = self.first_page(input, article, next, now);
                learned.into_iter().fold(decision, Decision::and_remember)
            }
        }
    }
}

impl Cleaner {
    /// The article on a page of its own, or on the first of several.
    fn first_page(
        &self,
        input: Fetched,
        article: Article,
        next: Option<String>,
        now: Timestamp,
    ) -> Decision<Output, CleanerMemory> {
        let known = self.stories.end(&article.id);
        let story = self.stories.begin(article, now);
        match next.filter(|_| Stories::fits(&story)) {
            Some(next) => self.goes_on(input, story, Some((next, 2)), now),
            None => {
                let decision = pass(input.trace, story.first);
                known.into_iter().fold(decision, Decision::and_remember)
            }
        }
    }

    /// A later page of an article: the whole article so far.
    fn further_page(
        &self,
        input: Fetched,
        place: &Continues,
        extracted: Extracted,
        now: Timestamp,
    ) -> Decision<Output, CleanerMemory> {
        let next = next_page(&input, &extracted, place.part);
        match self.stories.join(place, extracted.blocks, next.is_some(), now) {
            Joined::Alone => Decision::drop(FilterReason::PartAlone),
            Joined::Nothing => Decision::end(Fate::Unchanged),
            Joined::Story(story) if Stories::fits(&story) => {
                let next = next.zip(place.part.checked_add(1));
                self.goes_on(input, *story, next, now)
            }
            // Longer than can be remembered: it ends here.
            Joined::Story(story) => pass(input.trace, stories::whole(&story)),
        }
    }

    /// The article so far, the request for its next page, and what to remember until that comes.
    fn goes_on(
        &self,
        input: Fetched,
        story: RememberedStory,
        next: Option<(String, u8)>,
        now: Timestamp,
    ) -> Decision<Output, CleanerMemory> {
        let request = next.map(|(url, part)| {
            Output::NextPage(Box::new(FrontierEntry {
                requested_url: url.clone(),
                url,
                source_id: input.trace.source_id.clone(),
                found_at: now,
                continues: Some(Continues {
                    article_id: story.first.id.clone(),
                    part,
                }),
                fetch_page: true,
                ..FrontierEntry::default()
            }))
        });
        let decision = pass(input.trace, stories::whole(&story));
        let decision = request.into_iter().fold(decision, Decision::and_record);
        let changes = self.stories.changes(story, now);
        changes.into_iter().fold(decision, Decision::and_remember)
    }
}

fn pass(trace: Trace, article: Article) -> Decision<Output, CleanerMemory> {
    Decision::pass(Output::Article(Box::new(Cleaned { trace, article })))
}

/// Where the article goes on of which this is page `part`: on the host that it is from, whose partition remembers it.
fn next_page(input: &Fetched, extracted: &Extracted, part: u8) -> Option<String> {
    let url = address(input).filter(|_| input.content == Content::Page && !input.from_file)?;
    let canonical = extracted.canonical_url.as_deref().filter(|_| part == 1);
    let own = [Some(url), canonical].into_iter().flatten();
    let mut next = own.filter_map(|own| pages::next_page(own, part, &extracted.page_links));
    next.next().filter(|next| host_of(next) == host_of(url))
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

/// Most categories of an article, and the most bytes of one: a feed may send anything, and all that comes later carries
/// them.
const CATEGORIES_MAX: usize = 30;
const CATEGORY_MAX: usize = 100;

/// Where a feed files the article, as far as names go that somebody would file under.
fn categories(given: &[String]) -> Vec<String> {
    let short = given.iter().filter(|name| name.len() <= CATEGORY_MAX);
    short.take(CATEGORIES_MAX).cloned().collect()
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
        categories: categories(&input.hints.categories),
        images: extracted.images,
        captions: extracted.captions,
        rights: extracted.rights,
        form: extracted.form.map(|form| form.name().to_owned()),
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

    fn decide(input: Fetched) -> Decision<Output, CleanerMemory> {
        Cleaner::default().decide(input, Timestamp::from_seconds(1_455_703_872))
    }

    fn article_of(decision: &Decision<Output, CleanerMemory>) -> &Article {
        match decision.records.as_slice() {
            [Output::Article(cleaned)] => &cleaned.article,
            other => panic!("one article expected, got {other:?}"),
        }
    }

    #[test]
    fn categories_of_a_feed_are_few_and_short() {
        let mut input = fetched(PAGE, "text/html");
        input.hints.categories = vec!["Islands".to_owned(), "x".repeat(101)];
        assert_eq!(article_of(&decide(input.clone())).categories, ["Islands"]);
        input.hints.categories = (0..50).map(|number| number.to_string()).collect();
        assert_eq!(article_of(&decide(input)).categories.len(), CATEGORIES_MAX);
    }

    #[test]
    fn a_page_becomes_an_article() {
        let decision = decide(fetched(PAGE, "text/html"));
        let article = article_of(&decision);
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
        let id = |input| article_of(&decide(input)).id.clone();
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
        let article = article_of(&decision);
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
        assert_eq!(article_of(&decision).blocks.len(), 2);
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
