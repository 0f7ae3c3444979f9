//! One entry out of its element: RSS, Atom and the modules that real feeds mix into both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemas::time::Timestamp;

use super::text::{escaped, plain_text};
use super::tree::{Element, Space, resolved};
use super::{Entry, is_web};
use crate::date;

/// Categories and authors of one entry; more are dropped.
const NAMES_MAX: usize = 64;

/// Reads an entry.
pub(super) fn entry(element: &Element) -> Entry {
    let mut fields = Fields::default();
    let prefix = element.prefix();
    for child in element.elements() {
        // Whatever namespace the entry itself is in, that is the feed's own.
        let is_own = child.space == Space::Other && child.prefix() == prefix;
        fields.add(child, if is_own { Space::Rss } else { child.space });
    }
    let about = element
        .attribute("about")
        .map(|about| resolved(&element.scope.base, about));
    fields.into_entry(about, element.scope.language.as_deref())
}

/// A date and how it is written.
type Dated = (Timestamp, String);

/// What was found, by where it was found: earlier places win over later ones.
#[derive(Debug, Default)]
struct Fields {
    title: Option<String>,
    other_title: Option<String>,
    link: Option<String>,
    typed_link: Option<String>,
    permalink: Option<String>,
    id: Option<String>,
    key: Option<String>,
    published: Option<Dated>,
    updated: Option<Dated>,
    other_date: Option<Dated>,
    authors: Vec<String>,
    other_authors: Vec<String>,
    source_authors: Vec<String>,
    summary: Option<String>,
    other_summary: Option<String>,
    content: Option<String>,
    categories: Vec<String>,
    language: Option<String>,
}

impl Fields {
    fn add(&mut self, child: &Element, space: Space) {
        use Space::{Atom, Content, DublinCore, DublinCoreTerms, Itunes, Media, Rss, Xhtml};
        match (space, child.name.as_str()) {
            (Rss | Atom, "title") => keep(&mut self.title, plain_title(child)),
            (DublinCore | Media | Itunes, "title") => keep(&mut self.other_title, plain_title(child)),
            (Rss | Atom, "link") => self.add_link(child),
            (Rss, "guid") => self.add_guid(child),
            (Atom | Rss, "id") => self.add_id(child, true),
            // Where a feed says it twice, its last word counts.
            (Rss | Atom, "pubdate" | "published" | "issued") | (DublinCoreTerms, "issued") => {
                self.published = dated(child).or(self.published.take());
            }
            (Rss | Atom, "updated" | "modified") | (DublinCoreTerms, "modified") => {
                self.updated = dated(child).or(self.updated.take());
            }
            (DublinCore | DublinCoreTerms | Rss | Atom, "date" | "created") => {
                keep(&mut self.other_date, dated(child));
            }
            (Rss, "author") if !child.has_elements() => add_name(&mut self.authors, mail_name(&child.text())),
            (Rss | Atom, "author") => add_name(&mut self.authors, author_name(child)),
            (DublinCore, "creator" | "author") => add_name(&mut self.authors, mail_name(&child.text())),
            (Itunes, "author") => add_name(&mut self.other_authors, mail_name(&child.text())),
            (Rss, "description") => self.add_summary(body_html(child)),
            (Atom | Rss, "summary") => self.add_summary(atom_html(child)),
            (DublinCore | Media, "description") | (Itunes, "summary") => {
                keep(&mut self.other_summary, body_html(child));
            }
            (Atom | Rss, "content") => keep(&mut self.content, atom_html(child)),
            (Content, "encoded") | (Xhtml, "body" | "div") | (_, "fullitem") => {
                keep(&mut self.content, body_html(child));
            }
            (Rss | Atom, "category") | (DublinCore, "subject") => self.add_category(child),
            (Rss | DublinCore, "language") => keep(&mut self.language, filled(child.text())),
            (Atom | Rss, "source") => {
                let authors = child.elements().filter(|element| element.name == "author");
                authors.for_each(|author| add_name(&mut self.source_authors, author_name(author)));
            }
            (Media, "group") => child.elements().for_each(|inner| self.add(inner, inner.space)),
            _ => {}
        }
    }

    /// RSS writes the address as text, Atom as an attribute, and feeds mix them.
    fn add_link(&mut self, child: &Element) {
        let Some(target) = child.attribute("href") else {
            let text = child.text();
            let target = filled(text).or_else(|| child.attribute("resource").map(str::to_owned));
            keep(
                &mut self.link,
                target.map(|target| resolved(&child.scope.base, &target)),
            );
            return;
        };
        let relation = child
            .attribute("rel")
            .unwrap_or("alternate")
            .trim()
            .to_ascii_lowercase();
        if !matches!(
            relation.as_str(),
            "" | "alternate" | "http://www.iana.org/assignments/relation/alternate"
        ) {
            return;
        }
        let target = Some(resolved(&child.scope.base, target));
        let kind = child.attribute("type").unwrap_or("text/html").to_ascii_lowercase();
        match kind.contains("html") {
            true => keep(&mut self.link, target),
            false => keep(&mut self.typed_link, target),
        }
    }

    /// A guid is the address too, unless it says that it is not (RSS 2.0).
    fn add_guid(&mut self, child: &Element) {
        let text = child.text();
        let says_no = child
            .attribute("ispermalink")
            .is_some_and(|value| !value.trim().eq_ignore_ascii_case("true"));
        if !says_no && !text.is_empty() {
            keep(&mut self.permalink, Some(resolved(&child.scope.base, &text)));
        }
        self.add_id(child, !says_no);
    }

    /// An id that is an address may be a relative one.
    fn add_id(&mut self, child: &Element, is_address: bool) {
        let Some(text) = filled(child.text()) else {
            return;
        };
        self.id = Some(match is_address {
            true => resolved(&child.scope.base, &text),
            false => text.clone(),
        });
        self.key = Some(text);
    }

    /// A second summary is more likely the text than the same again.
    fn add_summary(&mut self, html: Option<String>) {
        match self.summary {
            Some(_) => keep(&mut self.content, html),
            None => self.summary = html,
        }
    }

    fn add_category(&mut self, child: &Element) {
        let text = child.attribute("label").or(child.attribute("term")).map(str::to_owned);
        let text = text.unwrap_or_else(|| plain_text(&child.text()));
        if !text.is_empty() && self.categories.len() < NAMES_MAX {
            self.categories.push(text);
        }
    }

    fn into_entry(self, about: Option<String>, scope_language: Option<&str>) -> Entry {
        let key = self.key.or_else(|| about.clone());
        let id = self.id.or(about);
        let id_as_link = id.clone().filter(|id| is_web(id));
        let (published, published_text) = self.published.or(self.other_date).unzip();
        let (updated, updated_text) = self.updated.unzip();
        let authors = [self.authors, self.other_authors, self.source_authors];
        Entry {
            link: self.link.or(self.typed_link).or(self.permalink).or(id_as_link),
            key: key.or_else(|| id.clone()),
            id,
            title: self.title.or(self.other_title),
            published,
            published_text,
            updated,
            updated_text,
            authors: authors.into_iter().find(|names| !names.is_empty()).unwrap_or_default(),
            summary: self.summary.or(self.other_summary),
            content_html: self.content,
            categories: self.categories,
            language: self.language.or_else(|| scope_language.map(str::to_owned)),
        }
    }
}

fn dated(element: &Element) -> Option<Dated> {
    let text = element.text();
    Some((date::parse(&text)?, text))
}

/// The first value that is one stays.
fn keep<T>(field: &mut Option<T>, value: Option<T>) {
    if field.is_none() {
        *field = value;
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn add_name(names: &mut Vec<String>, name: Option<String>) {
    if let Some(name) = name.filter(|name| names.len() < NAMES_MAX && !names.contains(name)) {
        names.push(name);
    }
}

/// A title as plain text.
pub(super) fn plain_title(element: &Element) -> Option<String> {
    let html = match element.space {
        Space::Atom => atom_html(element)?,
        _ => body_html(element)?,
    };
    filled(plain_text(&html))
}

/// The name of an Atom author; without one its address.
pub(super) fn author_name(element: &Element) -> Option<String> {
    let part = |name: &str| element.child(name).map(Element::text).and_then(filled);
    match element.has_elements() {
        true => part("name").or_else(|| part("email")).or_else(|| part("uri")),
        false => mail_name(&element.text()),
    }
}

/// `desk@example.org (Jo Doe)` and `Jo Doe <desk@example.org>` are `Jo Doe`.
fn mail_name(text: &str) -> Option<String> {
    let text = plain_text(&text.replace('<', "&lt;"));
    let within = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let (inside, _) = rest.rsplit_once(close)?;
        Some((before.trim().to_owned(), inside.trim().to_owned()))
    };
    let name = match (within('(', ')'), within('<', '>')) {
        (Some((address, name)), _) if address.contains('@') && !name.is_empty() => name,
        (_, Some((name, address))) if address.contains('@') && !name.is_empty() => name,
        _ => text,
    };
    filled(name)
}

/// The content of an element of RSS as HTML: escaped, in a CDATA section or, against the rules, as elements.
fn body_html(element: &Element) -> Option<String> {
    filled(match element.has_elements() {
        true => element.inner_html(),
        false => element.text(),
    })
}

/// The content of an Atom text construct as HTML (RFC 4287, section 3.1 and 4.1.3; Atom 0.3 has a mode instead).
fn atom_html(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or("").trim().to_ascii_lowercase();
    let mode = element.attribute("mode").unwrap_or("").trim().to_ascii_lowercase();
    let is_xml = kind == "xhtml" || kind == "xml" || kind.ends_with("+xml") || kind.ends_with("/xml") || mode == "xml";
    let is_text = !kind.contains('/') || kind.starts_with("text/");
    let html = match () {
        () if mode == "base64" || (!is_xml && !is_text && mode.is_empty()) => {
            let packed: String = element.text().split_whitespace().collect();
            let unpacked = BASE64.decode(packed).ok().map(String::from_utf8);
            match unpacked {
                Some(text) => text.ok()?,
                None => escaped(&element.text()),
            }
        }
        () if element.has_elements() => {
            // The div that XHTML content must be wrapped in is not a part of it.
            let mut elements = element.elements();
            match (elements.next(), elements.next()) {
                (Some(only), None) if only.name == "div" => only.inner_html(),
                _ => element.inner_html(),
            }
        }
        () if is_xml || kind.contains("html") || mode == "escaped" => element.text(),
        () => {
            // Text that holds an end tag was meant as HTML by an author who forgot to say so.
            let text = element.text();
            match kind.is_empty() && text.contains("</") {
                true => text,
                false => escaped(&text),
            }
        }
    };
    filled(html)
}
