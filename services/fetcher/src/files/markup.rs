//! A whole XML document as a tree: small, lenient, names without prefixes and in lower case. The agencies' formats
//! share no element names that would need the namespaces.

use crate::feed::text::escaped;
use crate::feed::xml::{Reader, Token};

/// Deeper elements lose their tags and keep their text.
const DEPTH_MAX: usize = 64;

/// An element's content, in order.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// One element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// The name without prefix, in lower case.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

/// The document's elements, below one without a name.
pub(super) fn parse(text: &str) -> Element {
    let mut reader = Reader::new(text);
    let mut open = vec![Element::default()];
    while let Some(token) = reader.next() {
        match token {
            Token::Text(text) => push(&mut open, Node::Text(text.into_owned())),
            Token::Start {
                name,
                attributes,
                empty,
            } => {
                let own = |(name, value): (&str, std::borrow::Cow<'_, str>)| (local(name), value.into_owned());
                let element = Element {
                    name: local(name),
                    attributes: attributes.into_iter().map(own).collect(),
                    children: Vec::new(),
                };
                match empty {
                    true => push(&mut open, Node::Element(element)),
                    false if open.len() < DEPTH_MAX => open.push(element),
                    false => {}
                }
            }
            Token::End { name } => {
                let name = local(name);
                let at = open.iter().rposition(|element| element.name == name);
                if let Some(at) = at.filter(|at| 0 < *at) {
                    close(&mut open, at);
                }
            }
        }
    }
    close(&mut open, 1);
    open.pop().unwrap_or_default()
}

fn local(name: &str) -> String {
    name.split_once(':')
        .map_or(name, |(_, local)| local)
        .to_ascii_lowercase()
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

impl Element {
    /// An attribute by its name without prefix, in lower case.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of that name in it.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element at the end of this path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        self.elements()
            .filter(|element| element.name == *first)
            .find_map(|element| element.at(rest))
    }

    /// All elements of these names, however deep; those within one of them are not looked for.
    pub(super) fn all<'a>(&'a self, names: &[&str]) -> Vec<&'a Self> {
        let mut found = Vec::new();
        self.collect(names, &mut found);
        found
    }

    fn collect<'a>(&'a self, names: &[&str], found: &mut Vec<&'a Self>) {
        for element in self.elements() {
            match names.contains(&element.name.as_str()) {
                true => found.push(element),
                false => element.collect(names, found),
            }
        }
    }

    /// The text of this element and those in it, blanks folded; `None` when there is none.
    pub(super) fn text(&self) -> Option<String> {
        let mut out = String::new();
        self.push_text(&mut out);
        let folded = out.split_whitespace().collect::<Vec<_>>().join(" ");
        (!folded.is_empty()).then_some(folded)
    }

    /// The text as written.
    pub(super) fn raw_text(&self) -> String {
        let mut out = String::new();
        self.push_text(&mut out);
        out
    }

    fn push_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.push_text(out),
            }
        }
    }

    /// The content as an HTML fragment: NITF's own names become those of HTML, pictures and what they bring go.
    pub(super) fn html(&self) -> String {
        let mut out = String::new();
        self.push_html(&mut out);
        out
    }

    fn push_html(&self, out: &mut String) {
        for node in &self.children {
            let element = match node {
                Node::Text(text) => {
                    out.push_str(&escaped(text));
                    continue;
                }
                Node::Element(element) => element,
            };
            let name = match element.name.as_str() {
                "media" | "figure" | "script" | "style" | "head" => continue,
                "hl1" | "hl2" | "hedline" => "h2",
                "block" | "body" | "html" | "section" => "div",
                "ul" | "ol" | "li" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "tr" | "td" | "th"
                | "blockquote" | "pre" | "em" | "strong" | "b" | "i" | "a" | "br" | "hr" | "div" => &element.name,
                // An element that only marks a name or a number within a sentence.
                _ => {
                    element.push_html(out);
                    continue;
                }
            };
            out.push_str(&format!("<{name}>"));
            if !matches!(name, "br" | "hr") {
                element.push_html(out);
                out.push_str(&format!("</{name}>"));
            }
        }
    }
}
