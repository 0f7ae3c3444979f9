//! Elements with their namespaces resolved: one entry of a feed at a time, never the whole document.

use std::borrow::Cow;

use super::scope::{Scope, Space};
use super::text::{escaped, push_escaped};
use super::xml::{Attributes, Reader, Token};

/// Deeper elements lose their tags and keep their text.
const DEPTH_MAX: usize = 64;

/// An element's content, in order.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Element(Element<'a>),
    Text(Cow<'a, str>),
}

/// One element.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    pub(crate) space: Space,
    /// The name without prefix, in lower case.
    pub(crate) name: Cow<'a, str>,
    /// As written, to find its end tag.
    pub(crate) raw_name: &'a str,
    attributes: Attributes<'a>,
    children: Vec<Node<'a>>,
    pub(crate) scope: Scope,
}

impl<'a> Element<'a> {
    /// The element that a start tag opens.
    pub(crate) fn open(name: &'a str, attributes: Attributes<'a>, outer: &Scope) -> Self {
        let scope = outer.within(&attributes);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let is_lower = !local.bytes().any(|byte| byte.is_ascii_uppercase());
        Self {
            space: scope.space(prefix),
            name: match is_lower {
                true => Cow::Borrowed(local),
                false => Cow::Owned(local.to_ascii_lowercase()),
            },
            raw_name: name,
            attributes,
            children: Vec::new(),
            scope,
        }
    }

    /// Reads the content of this element, up to its end tag or that of one of the elements around it.
    ///
    /// Where the document is cut off, the child in which it is cut is dropped: half an address is a wrong one.
    pub(crate) fn read(self, reader: &mut Reader<'a>, around: &[&str]) -> Self {
        let mut open = Open(vec![self]);
        loop {
            match reader.next() {
                None => {
                    open.0.truncate(1);
                    break;
                }
                Some(Token::Text(text)) => open.push(Node::Text(text)),
                Some(Token::Start {
                    name,
                    attributes,
                    empty,
                }) => {
                    if open.is_ended_by(name) {
                        reader.give_back(Token::Start {
                            name,
                            attributes,
                            empty,
                        });
                        break;
                    }
                    open.start(name, attributes, empty);
                }
                Some(Token::End { name }) => match open.place_of(name) {
                    Some(0) => break,
                    Some(at) => open.close(at),
                    None if around.iter().any(|outer| outer.eq_ignore_ascii_case(name)) => {
                        reader.give_back(Token::End { name });
                        break;
                    }
                    None => {}
                },
            }
        }
        open.finished()
    }

    /// The prefix of its name; empty where it has none.
    pub(crate) fn prefix(&self) -> &'a str {
        self.raw_name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// An attribute by its name without prefix, in any case.
    pub(crate) fn attribute(&self, wanted: &str) -> Option<&str> {
        let local = |name: &str| name.split_once(':').map_or(0, |(prefix, _)| prefix.len() + 1);
        let found = self
            .attributes
            .iter()
            .find(|(name, _)| !name.starts_with("xmlns") && name[local(name)..].eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_ref())
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The text of this element and those in it, trimmed.
    pub(crate) fn text(&self) -> String {
        // Nearly always one piece.
        if let [Node::Text(text)] = self.children.as_slice() {
            return text.trim().to_owned();
        }
        let mut out = String::new();
        self.push_text(&mut out);
        trimmed(out)
    }

    fn push_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.push_text(out),
            }
        }
    }

    /// True when there is an element in it.
    pub(crate) fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// The content as HTML.
    pub(crate) fn inner_html(&self) -> String {
        let mut out = String::new();
        self.push_inner_html(&mut out);
        trimmed(out)
    }

    fn push_inner_html(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => push_escaped(out, text),
                Node::Element(element) => element.push_outer_html(out),
            }
        }
    }

    fn push_outer_html(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            if !name.starts_with("xmlns") && !name.starts_with("xml:") {
                out.push_str(&format!(" {name}=\"{}\"", escaped(value).replace('"', "&quot;")));
            }
        }
        out.push('>');
        if !matches!(self.name.as_ref(), "br" | "hr" | "img" | "input" | "link" | "meta") {
            self.push_inner_html(out);
            out.push_str("</");
            out.push_str(&self.name);
            out.push('>');
        }
    }
}

/// True for the tags that hold one entry of a feed.
pub(crate) fn is_entry_tag(name: &str) -> bool {
    let local = name.split_once(':').map_or(name, |(_, local)| local);
    local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
}

/// True for the tags that hold one entry of a feed or sitemap.
fn never_nests(name: &str) -> bool {
    is_entry_tag(name) || name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("sitemap")
}

/// Fields of an entry in which no other field can be: the next one's start tag ends them where their own end tag is
/// missing.
const PLAIN_FIELDS: &[&str] = &[
    "title",
    "link",
    "guid",
    "id",
    "pubdate",
    "published",
    "updated",
    "modified",
    "issued",
    "created",
    "category",
    "comments",
    "date",
    "creator",
];

/// Fields that hold markup, in which HTML has elements of some of the plain names.
const RICH_FIELDS: &[&str] = &["description", "summary", "encoded"];

/// Fields whose names mean nothing in HTML.
const FIELDS_OF_FEEDS: &[&str] = &[
    "guid",
    "id",
    "pubdate",
    "published",
    "updated",
    "modified",
    "issued",
    "category",
    "comments",
    "date",
    "creator",
    "description",
    "encoded",
];

fn is_field(name: &str) -> bool {
    is_one_of(PLAIN_FIELDS, name) || is_one_of(RICH_FIELDS, name)
}

fn is_one_of(known: &[&str], name: &str) -> bool {
    let local = name.split_once(':').map_or(name, |(_, local)| local);
    known.iter().any(|known| known.eq_ignore_ascii_case(local))
}

/// The element that is read and those open in it.
struct Open<'a>(Vec<Element<'a>>);

impl<'a> Open<'a> {
    /// True when an element of this name can't be in the element that is read, which then was never closed: entries
    /// do not nest, no entry is in a field of the feed, and no field in a plain one.
    fn is_ended_by(&self, name: &str) -> bool {
        let Some(first) = self.0.first() else {
            return false;
        };
        match is_entry_tag(name) {
            true => !is_entry_tag(first.raw_name) || first.raw_name == name,
            false if never_nests(name) => first.raw_name == name,
            false => self.0.len() == 1 && PLAIN_FIELDS.contains(&first.name.as_ref()) && is_field(name),
        }
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        self.0
            .iter()
            .rposition(|element| element.raw_name.eq_ignore_ascii_case(name))
    }

    /// Opens a child of the innermost open element.
    fn start(&mut self, name: &'a str, attributes: Attributes<'a>, empty: bool) {
        if self.ends_field(name) {
            self.close(1);
        }
        let Some(parent) = self.0.last() else {
            return;
        };
        let child = Element::open(name, attributes, &parent.scope);
        match empty {
            true => self.push(Node::Element(child)),
            false if self.0.len() < DEPTH_MAX => self.0.push(child),
            false => {}
        }
    }

    /// True when an element of this name can't be in the open field of an entry.
    fn ends_field(&self, name: &str) -> bool {
        let [entry, field] = self.0.as_slice() else {
            return false;
        };
        let inner = |names: &[&str]| names.contains(&field.name.as_ref());
        is_entry_tag(entry.raw_name)
            && match (inner(PLAIN_FIELDS), inner(RICH_FIELDS)) {
                (true, _) => is_field(name),
                (_, true) => is_one_of(FIELDS_OF_FEEDS, name),
                _ => false,
            }
    }

    fn push(&mut self, node: Node<'a>) {
        if let Some(element) = self.0.last_mut() {
            element.children.push(node);
        }
    }

    /// Closes elements until `left` are open.
    fn close(&mut self, left: usize) {
        while left < self.0.len() {
            if let Some(element) = self.0.pop() {
                self.push(Node::Element(element));
            }
        }
    }

    fn finished(mut self) -> Element<'a> {
        self.close(1);
        self.0.swap_remove(0)
    }
}

/// The text without white space at its ends, in the same memory.
fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    let start = text.len() - text.trim_start().len();
    text.drain(..start);
    text
}
