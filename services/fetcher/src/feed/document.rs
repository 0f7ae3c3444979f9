//! A feed in XML, read in one pass: at any time one entry is in memory besides those that the taker keeps.

use std::borrow::Cow;

use super::entry_fields::{author_name, entry, plain_title};
use super::head::{Head, is_of_head};
use super::scope::{Scope, Space};
use super::tree::{Element, is_entry_tag};
use super::xml::{Reader, Token};
use super::{Entry, Feed, FeedError};

/// Elements deeper than this around an entry are not looked at.
const DEPTH_MAX: usize = 64;

/// Authors of a feed; more are dropped, because each entry without an author has all of them.
pub(super) const AUTHORS_MAX: usize = 8;

/// The elements around the present place.
struct Path<'a> {
    raw_names: Vec<&'a str>,
    names: Vec<Cow<'a, str>>,
    scopes: Vec<Scope>,
    outermost: Scope,
}

impl<'a> Path<'a> {
    fn scope(&self) -> &Scope {
        self.scopes.last().unwrap_or(&self.outermost)
    }

    fn enter(&mut self, element: Element<'a>) {
        if self.raw_names.len() < DEPTH_MAX {
            self.raw_names.push(element.raw_name);
            self.names.push(element.name);
            self.scopes.push(element.scope);
        }
    }

    fn leave(&mut self, raw_name: &str) {
        let is_it = |open: &&str| open.eq_ignore_ascii_case(raw_name);
        if let Some(at) = self.raw_names.iter().rposition(is_it) {
            self.raw_names.truncate(at);
            self.names.truncate(at);
            self.scopes.truncate(at);
        }
    }

    /// True directly inside the element that describes the feed.
    fn is_in_feed(&self) -> bool {
        matches!(self.names.last().map(Cow::as_ref), Some("channel" | "feed"))
    }
}

/// What was read so far.
struct Document<'a, 't> {
    path: Path<'a>,
    feed: Feed,
    head: Head,
    is_feed: bool,
    take: &'t mut dyn FnMut(Entry),
}

/// Reads a feed in XML and hands its entries to `take`.
pub(super) fn parse(text: &str, base_url: &str, take: &mut dyn FnMut(Entry)) -> Result<Feed, FeedError> {
    let mut reader = Reader::new(text);
    let mut document = Document {
        path: Path {
            raw_names: Vec::new(),
            names: Vec::new(),
            scopes: Vec::new(),
            outermost: Scope::new(base_url),
        },
        feed: Feed::default(),
        head: Head::default(),
        is_feed: false,
        take,
    };
    while let Some(token) = reader.next() {
        match token {
            Token::Start {
                name,
                attributes,
                empty,
            } => {
                let element = Element::open(name, attributes, document.path.scope());
                document.start(element, empty, &mut reader)?;
            }
            Token::End { name } => document.path.leave(name),
            Token::Text(_) => {}
        }
    }
    document.head.finish(&mut document.feed);
    document.is_feed.then_some(document.feed).ok_or(FeedError::Unknown)
}

impl<'a> Document<'a, '_> {
    fn start(&mut self, element: Element<'a>, empty: bool, reader: &mut Reader<'a>) -> Result<(), FeedError> {
        let around = &self.path.raw_names;
        let reads = |element: Element<'a>, reader: &mut Reader<'a>| match empty {
            true => element,
            false => element.read(reader, around),
        };
        let feed = &mut self.feed;
        match element.name.as_ref() {
            "html" if !self.is_feed => return Err(FeedError::WebPage),
            "rss" | "feed" | "rdf" | "channel" => {
                self.is_feed = true;
                let language = element.attribute("lang").map(language_tag);
                feed.language = feed.language.take().or(language.flatten());
                if !empty {
                    self.path.enter(element);
                }
            }
            _ if is_entry_tag(element.raw_name) && is_of_feed(element.space) => {
                // A document of entries alone is a feed that lost its head.
                self.is_feed = true;
                let mut entry = entry(&reads(element, reader));
                feed.entries_seen += 1;
                if entry.authors.is_empty() {
                    entry.authors.clone_from(&feed.authors);
                }
                (self.take)(entry);
            }
            "title" if self.path.is_in_feed() && is_of_feed(element.space) => {
                let title = plain_title(&reads(element, reader));
                feed.title = feed.title.take().or(title);
            }
            "language" if self.path.is_in_feed() => {
                // What the feed says of itself wins over an attribute of its root.
                let language = language_tag(&reads(element, reader).text());
                feed.language = language.or(feed.language.take());
            }
            "author" if self.path.is_in_feed() && element.space == Space::Atom => {
                let author = author_name(&reads(element, reader));
                feed.authors.extend(author.filter(|_| feed.authors.len() < AUTHORS_MAX));
            }
            name if self.path.is_in_feed() && is_of_head(name) => self.head.add(&reads(element, reader), feed),
            _ if empty => {}
            _ => self.path.enter(element),
        }
        Ok(())
    }
}

/// The tag as written, but for the underscore that POSIX writes in it.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace('_', "-"))
}

fn is_of_feed(space: Space) -> bool {
    matches!(space, Space::Rss | Space::Atom | Space::Other | Space::Rdf)
}
