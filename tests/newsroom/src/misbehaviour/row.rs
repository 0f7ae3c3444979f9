//! A misbehaving site: what it answers, and how it behaves where its row says nothing.
//!
//! Where a row has no answer of its own, its site is a good one: `/feed.xml` lists its articles, `/story/…` are their
//! pages, and there is no robots.txt. So each row differs from a good site in one thing only.

use std::fmt;

use super::answer::{Answer, HTML, RSS};
use super::document;
use super::expect::Expect;
use super::story::{self, Text};

/// The feed of a site whose row names no other.
pub(super) const FEED: &str = "/feed.xml";
pub(super) const ROBOTS: &str = "/robots.txt";

/// Where a site stands, and whom it may send clients to.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The row's name, which is also the site's key in the access log.
    pub(super) name: &'static str,
    /// `http://HOST:PORT` of the site itself.
    pub(super) base: String,
    /// `http://HOST:PORT` of a good site: `/story/SLUG` is the article of that slug, `/feed/SLUG.xml` a feed of it.
    pub(super) elsewhere: String,
    /// The port of a site that no request may reach; it listens on every spelling of the loopback address that the
    /// operator did not allow.
    pub(super) vault_port: u16,
}

impl Place {
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The article number `number` of this site, at its usual URL.
    pub(super) fn story(&self, number: usize) -> Text {
        let slug = format!("{}-{number}", self.name);
        let url = self.url(&format!("/story/{slug}"));
        story::text(&slug, url)
    }

    /// The same for several, 1 to `count`.
    pub(super) fn stories(&self, count: usize) -> Vec<Text> {
        (1..=count).map(|number| self.story(number)).collect()
    }

    /// An article of this site's own on the good site.
    pub(super) fn story_elsewhere(&self, number: usize) -> Text {
        let slug = format!("{}-{number}", self.name);
        let url = format!("{}/story/{slug}", self.elsewhere);
        story::text(&slug, url)
    }

    /// A feed of the article number `number` on the good site.
    pub(super) fn feed_elsewhere(&self, number: usize) -> String {
        format!("{}/feed/{}-{number}.xml", self.elsewhere, self.name)
    }
}

/// A request as a row sees it.
#[derive(Debug)]
pub(super) struct Asked<'request> {
    pub(super) place: &'request Place,
    /// Path and query.
    pub(super) path: &'request str,
    /// How many requests for this path came before.
    pub(super) earlier: usize,
    /// The `If-None-Match`, each byte as the character of the same number.
    pub(super) if_none_match: Option<&'request str>,
    /// The `If-Modified-Since`.
    pub(super) if_modified_since: Option<&'request str>,
}

impl Asked<'_> {
    pub(super) fn is_feed(&self) -> bool {
        self.path == FEED
    }

    pub(super) fn is_robots(&self) -> bool {
        self.path == ROBOTS
    }

    pub(super) fn is_story(&self) -> bool {
        self.path.starts_with("/story/")
    }

    /// The good feed of `texts`.
    pub(super) fn feed_of(texts: &[Text]) -> Answer {
        Answer::document(RSS, document::rss(texts))
    }

    /// The good page of the story asked for.
    pub(super) fn page(&self) -> Answer {
        let slug = self.path.strip_prefix("/story/").unwrap_or_default();
        let slug = slug.split(['?', '#']).next().unwrap_or_default();
        // However it is spelt it is the same article (RFC 3986, section 2.3).
        let slug = percent_decoded(slug);
        let text = story::text(&slug, self.place.url(&format!("/story/{slug}")));
        Answer::document(HTML, document::page(&text))
    }
}

/// `path` without the percent encoding of letters, digits and hyphens.
fn percent_decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
            Some(byte) => {
                decoded.push(char::from(byte));
                decoded.push_str(&part[2..]);
            }
            None => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

type Answers = Box<dyn Fn(&Asked<'_>) -> Option<Answer> + Send + Sync>;
type Expects = Box<dyn Fn(&Place) -> Vec<Expect> + Send + Sync>;

/// One way to misbehave.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) does: &'static str,
    /// The path to subscribe to.
    pub(super) subscribe: &'static str,
    /// How many articles the good feed lists.
    pub(super) stories: usize,
    answers: Answers,
    expects: Expects,
}

impl fmt::Debug for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Row")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Row {
    /// A good site with one article, which is expected to be published.
    pub(super) fn new(name: &'static str, does: &'static str) -> Self {
        Self {
            name,
            does,
            subscribe: FEED,
            stories: 1,
            answers: Box::new(|_| None),
            expects: Box::new(|place| vec![Expect::Published { text: place.story(1) }, Expect::SourceWorks]),
        }
    }

    /// What it answers instead of a good answer; `None` where it behaves.
    pub(super) fn answers(mut self, answers: impl Fn(&Asked<'_>) -> Option<Answer> + Send + Sync + 'static) -> Self {
        self.answers = Box::new(answers);
        self
    }

    /// What it answers to requests for its feed.
    pub(super) fn feed(self, answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static) -> Self {
        self.answers(move |asked| asked.is_feed().then(|| answer(asked)))
    }

    /// What it answers to requests for its articles.
    pub(super) fn pages(self, answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static) -> Self {
        self.answers(move |asked| asked.is_story().then(|| answer(asked)))
    }

    /// What it answers to requests for robots.txt.
    pub(super) fn robots(self, answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static) -> Self {
        self.answers(move |asked| asked.is_robots().then(|| answer(asked)))
    }

    /// What should come of it, in place of one published article.
    pub(super) fn expects(mut self, expects: impl Fn(&Place) -> Vec<Expect> + Send + Sync + 'static) -> Self {
        self.expects = Box::new(expects);
        self
    }

    /// How many articles the good feed lists.
    pub(super) fn stories(mut self, count: usize) -> Self {
        self.stories = count;
        self
    }

    /// The path to subscribe to where it is not the feed's.
    pub(super) fn subscribe(mut self, path: &'static str) -> Self {
        self.subscribe = path;
        self
    }

    pub(super) fn expectations(&self, place: &Place) -> Vec<Expect> {
        (self.expects)(place)
    }

    /// The answer to a request: the row's own, else that of a good site.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> Answer {
        (self.answers)(asked).unwrap_or_else(|| {
            if asked.is_feed() {
                Asked::feed_of(&asked.place.stories(self.stories))
            } else if asked.is_story() {
                asked.page()
            } else {
                Answer::document(
                    HTML,
                    "<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1>\n",
                )
                .with_status(404)
            }
        })
    }
}
