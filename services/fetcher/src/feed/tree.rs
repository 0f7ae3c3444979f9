//! Elements with their namespaces resolved: one entry of a feed at a time, never the whole document.

use std::rc::Rc;

use super::text::escaped;
use super::xml::{Reader, Token};

/// Deeper elements lose their tags and keep their text.
const DEPTH_MAX: usize = 64;

/// The namespaces that mean something to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS of any version, and no namespace at all.
    Rss,
    /// Atom 1.0 and 0.3.
    Atom,
    Rdf,
    DublinCore,
    DublinCoreTerms,
    Content,
    Media,
    Itunes,
    Xhtml,
    Other,
}

impl Space {
    fn of_uri(uri: &str) -> Self {
        let lower = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
        let name = lower
            .strip_prefix("https://")
            .or(lower.strip_prefix("http://"))
            .unwrap_or(&lower);
        match name {
            "www.w3.org/2005/atom" | "purl.org/atom/ns" | "example.com/newformat" => Self::Atom,
            ""
            | "purl.org/rss/1.0"
            | "my.netscape.com/rdf/simple/0.9"
            | "channel.netscape.com/rdf/simple/0.9"
            | "backend.userland.com/rss2"
            | "backend.userland.com/rss"
            | "blogs.law.harvard.edu/tech/rss"
            | "purl.org/net/rss1.1"
            | "my.netscape.com/publish/formats/rss-0.91.dtd"
            | "backend.userland.com/rss091" => Self::Rss,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => Self::DublinCore,
            "purl.org/dc/terms" => Self::DublinCoreTerms,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "search.yahoo.com/mrss" | "tools.search.yahoo.com/mrss" | "video.search.yahoo.com/mrss" => Self::Media,
            "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "www.w3.org/1999/xhtml" => Self::Xhtml,
            _ => Self::Other,
        }
    }

    /// What a prefix that the document does not declare is taken for.
    fn of_prefix(prefix: &str) -> Self {
        match prefix.to_ascii_lowercase().as_str() {
            "" => Self::Rss,
            "atom" | "a10" => Self::Atom,
            "rdf" => Self::Rdf,
            "dc" => Self::DublinCore,
            "dcterms" => Self::DublinCoreTerms,
            "content" => Self::Content,
            "media" => Self::Media,
            "itunes" => Self::Itunes,
            "xhtml" | "html" => Self::Xhtml,
            _ => Self::Other,
        }
    }
}

/// What an element inherits.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    bindings: Rc<Vec<(String, Space)>>,
    /// The address that relative links start from.
    pub(crate) base: Rc<str>,
    pub(crate) language: Option<Rc<str>>,
}

impl Scope {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            bindings: Rc::default(),
            base: base.into(),
            language: None,
        }
    }

    /// The scope inside an element with these attributes.
    fn within(&self, attributes: &[(&str, std::borrow::Cow<'_, str>)]) -> Self {
        let mut scope = self.clone();
        for (name, value) in attributes {
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                Some(("xml", "base")) => {
                    scope.base = resolved(&scope.base, value).into();
                    continue;
                }
                Some(("xml", "lang")) => {
                    scope.language = (!value.is_empty()).then(|| value.as_ref().into());
                    continue;
                }
                None if *name == "xmlns" => "",
                _ => continue,
            };
            let space = match (prefix, Space::of_uri(value)) {
                // Feeds make up namespaces for themselves; what has no prefix belongs to the feed.
                ("", Space::Other) => Space::Rss,
                (_, space) => space,
            };
            Rc::make_mut(&mut scope.bindings).push((prefix.to_owned(), space));
        }
        scope
    }

    fn space(&self, prefix: &str) -> Space {
        let bound = self.bindings.iter().rev().find(|(known, _)| known == prefix);
        bound.map_or_else(|| Space::of_prefix(prefix), |(_, space)| *space)
    }
}

/// `reference` as an absolute address, in its own spelling when it is one; itself when it can't be resolved.
pub(crate) fn resolved(base: &str, reference: &str) -> String {
    let reference = reference.trim();
    if url::Url::parse(reference).is_ok() {
        return reference.to_owned();
    }
    match url::Url::parse(base).and_then(|base| base.join(reference)) {
        Ok(url) => url.into(),
        Err(_) => reference.to_owned(),
    }
}

/// An element's content, in order.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

/// One element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) space: Space,
    /// The name without prefix, in lower case.
    pub(crate) name: String,
    /// As written, to find its end tag.
    pub(crate) raw_name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    pub(crate) scope: Scope,
}

impl Element {
    /// The element that a start tag opens.
    pub(crate) fn open(name: &str, attributes: &[(&str, std::borrow::Cow<'_, str>)], outer: &Scope) -> Self {
        let scope = outer.within(attributes);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let own = |(name, value): &(&str, std::borrow::Cow<'_, str>)| ((*name).to_owned(), value.to_string());
        Self {
            space: scope.space(prefix),
            name: local.to_ascii_lowercase(),
            raw_name: name.to_owned(),
            attributes: attributes.iter().map(own).collect(),
            children: Vec::new(),
            scope,
        }
    }

    /// Reads the content of this element, up to its end tag or that of one of the elements around it.
    ///
    /// Where the document is cut off, the child in which it is cut is dropped: half an address is a wrong one.
    pub(crate) fn read(self, reader: &mut Reader<'_>, around: &[String]) -> Self {
        let mut open = vec![self];
        loop {
            match reader.next() {
                None => {
                    open.truncate(1);
                    break;
                }
                Some(Token::Text(text)) => push(&mut open, Node::Text(text.into_owned())),
                Some(Token::Start {
                    name,
                    attributes,
                    empty,
                }) => {
                    // Entries do not nest: the one before was never closed.
                    let is_next_entry = never_nests(name) && open.first().is_some_and(|first| first.raw_name == name);
                    if is_next_entry {
                        reader.give_back(Token::Start {
                            name,
                            attributes,
                            empty,
                        });
                        break;
                    }
                    start(&mut open, name, &attributes, empty);
                }
                Some(Token::End { name }) => match open.iter().rposition(|element| element.raw_name == name) {
                    Some(0) => break,
                    Some(at) => close(&mut open, at),
                    None if around.iter().any(|outer| outer == name) => {
                        reader.give_back(Token::End { name });
                        break;
                    }
                    None => {}
                },
            }
        }
        close(&mut open, 1);
        open.swap_remove(0)
    }

    /// The prefix of its name; empty where it has none.
    pub(crate) fn prefix(&self) -> &str {
        self.raw_name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// An attribute by its name without prefix, in any case.
    pub(crate) fn attribute(&self, wanted: &str) -> Option<&str> {
        let local = |name: &str| name.split_once(':').map_or(0, |(prefix, _)| prefix.len() + 1);
        let found = self
            .attributes
            .iter()
            .find(|(name, _)| !name.starts_with("xmlns") && name[local(name)..].eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
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
        let mut out = String::new();
        self.push_text(&mut out);
        out.trim().to_owned()
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
        out.trim().to_owned()
    }

    fn push_inner_html(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(&escaped(text)),
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
        if !matches!(self.name.as_str(), "br" | "hr" | "img" | "input" | "link" | "meta") {
            self.push_inner_html(out);
            out.push_str(&format!("</{}>", self.name));
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

/// Opens a child of the innermost open element.
fn start(open: &mut Vec<Element>, name: &str, attributes: &[(&str, std::borrow::Cow<'_, str>)], empty: bool) {
    let Some(parent) = open.last() else {
        return;
    };
    let child = Element::open(name, attributes, &parent.scope);
    match empty {
        true => push(open, Node::Element(child)),
        false if open.len() < DEPTH_MAX => open.push(child),
        false => {}
    }
}

fn push(open: &mut [Element], node: Node) {
    if let Some(element) = open.last_mut() {
        element.children.push(node);
    }
}

/// Closes elements until `left` are open.
fn close(open: &mut Vec<Element>, left: usize) {
    while left < open.len() {
        if let Some(element) = open.pop() {
            push(open, Node::Element(element));
        }
    }
}
