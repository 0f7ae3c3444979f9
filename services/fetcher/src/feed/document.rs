//! A feed in XML, read in one pass: at any time one entry is in memory besides those already read.

use super::entry_fields::{author_name, entry, plain_title};
use super::head::{Head, is_of_head};
use super::tree::{Element, Scope, Space, is_entry_tag};
use super::xml::{Reader, Token};
use super::{Feed, FeedError};

/// Elements deeper than this around an entry are not looked at.
const DEPTH_MAX: usize = 64;

/// The elements around the present place.
struct Path {
    raw_names: Vec<String>,
    names: Vec<String>,
    scopes: Vec<Scope>,
}

impl Path {
    fn scope(&self) -> Scope {
        self.scopes.last().cloned().unwrap_or_else(|| Scope::new(""))
    }

    fn enter(&mut self, element: Element) {
        if self.raw_names.len() < DEPTH_MAX {
            self.raw_names.push(element.raw_name);
            self.names.push(element.name);
            self.scopes.push(element.scope);
        }
    }

    fn leave(&mut self, raw_name: &str) {
        if let Some(at) = self.raw_names.iter().rposition(|open| open == raw_name) {
            self.raw_names.truncate(at);
            self.names.truncate(at);
            // The first scope is the document's own.
            self.scopes.truncate(at + 1);
        }
    }

    /// True directly inside the element that describes the feed.
    fn is_in_feed(&self) -> bool {
        matches!(self.names.last().map(String::as_str), Some("channel" | "feed"))
    }
}

/// What was read so far.
struct Document {
    path: Path,
    feed: Feed,
    head: Head,
    /// The feed's own authors.
    authors: Vec<String>,
    is_feed: bool,
}

/// Reads a feed in XML.
pub(super) fn parse(text: &str, base_url: &str) -> Result<Feed, FeedError> {
    let mut reader = Reader::new(text);
    let mut document = Document {
        path: Path {
            raw_names: Vec::new(),
            names: Vec::new(),
            scopes: vec![Scope::new(base_url)],
        },
        feed: Feed::default(),
        head: Head::default(),
        authors: Vec::new(),
        is_feed: false,
    };
    while let Some(token) = reader.next() {
        match token {
            Token::Start {
                name,
                attributes,
                empty,
            } => {
                let element = Element::open(name, &attributes, &document.path.scope());
                document.start(element, empty, &mut reader)?;
            }
            Token::End { name } => document.path.leave(name),
            Token::Text(_) => {}
        }
    }
    document.finished()
}

impl Document {
    fn start(&mut self, element: Element, empty: bool, reader: &mut Reader<'_>) -> Result<(), FeedError> {
        let around = &self.path.raw_names;
        let reads = |element: Element, reader: &mut Reader<'_>| match empty {
            true => element,
            false => element.read(reader, around),
        };
        let feed = &mut self.feed;
        match element.name.as_str() {
            "html" if !self.is_feed => return Err(FeedError::WebPage),
            "rss" | "feed" | "rdf" | "channel" => {
                self.is_feed = true;
                let language = element.scope.language.as_deref().map(str::to_owned);
                feed.language = feed.language.take().or(language);
                if !empty {
                    self.path.enter(element);
                }
            }
            _ if is_entry_tag(&element.raw_name) && is_of_feed(element.space) => {
                // A document of entries alone is a feed that lost its head.
                self.is_feed = true;
                feed.entries.push(entry(&reads(element, reader)));
            }
            "title" if self.path.is_in_feed() && is_of_feed(element.space) => {
                let title = plain_title(&reads(element, reader));
                feed.title = feed.title.take().or(title);
            }
            "language" if self.path.is_in_feed() => {
                let language = reads(element, reader).text();
                // What the feed says of itself wins over an attribute of its root.
                feed.language = Some(language)
                    .filter(|language| !language.is_empty())
                    .or(feed.language.take());
            }
            "author" if self.path.is_in_feed() && element.space == Space::Atom => {
                self.authors.extend(author_name(&reads(element, reader)));
            }
            name if self.path.is_in_feed() && is_of_head(name) => self.head.add(&reads(element, reader), feed),
            _ if empty => {}
            _ => self.path.enter(element),
        }
        Ok(())
    }

    fn finished(mut self) -> Result<Feed, FeedError> {
        // Atom entries without an author have the feed's (RFC 4287, section 4.2.1).
        for entry in self.feed.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
            entry.authors.clone_from(&self.authors);
        }
        self.head.finish(&mut self.feed);
        self.is_feed.then_some(self.feed).ok_or(FeedError::Unknown)
    }
}

fn is_of_feed(space: Space) -> bool {
    matches!(space, Space::Rss | Space::Atom | Space::Other | Space::Rdf)
}
