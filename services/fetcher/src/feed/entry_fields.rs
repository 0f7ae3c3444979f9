//! One entry out of its element: RSS, Atom and the modules that real feeds mix into both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemas::time::Timestamp;

use super::reference::resolved;
use super::scope::Space;
use super::text::{escaped, plain_text};
use super::tree::Element;
use super::{Entry, is_web};
use crate::date;

/// Categories and authors of one entry; more are dropped.
const NAMES_MAX: usize = 64;

/// A longer author is prose: where it is the feed's, every entry would repeat it.
pub(super) const NAME_BYTES_MAX: usize = 256;

/// Reads an entry.
pub(super) fn entry(element: &Element<'_>) -> Entry {
    let mut fields = Fields::default();
    let prefix = element.prefix();
    for child in element.elements() {
        // Whatever namespace the entry itself is in, that is the feed's own.
        let is_own = child.space == Space::Other && child.prefix() == prefix;
        fields.add(child, if is_own { Space::Rss } else { child.space });
    }
    let about = element
        .attribute("about")
        .map(|about| resolved(element.scope.base(), about));
    fields.add_attributes(element);
    fields.into_entry(about, element.scope.language())
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
    translated_link: Option<String>,
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
    fn add(&mut self, child: &Element<'_>, space: Space) {
        use Space::{Atom, Content, DublinCore, DublinCoreTerms, Itunes, Media, Rss, Xhtml};
        match (space, child.name.as_ref()) {
            (Rss | Atom, "title") => keep(&mut self.title, plain_title(child)),
            (DublinCore | Media | Itunes, "title") => keep(&mut self.other_title, plain_title(child)),
            (Rss | Atom, "link") => self.add_link(child),
            (Rss, "guid") => self.add_guid(child),
            (Atom | Rss, "id") => self.add_id(child, true),
            // Where a feed says it twice, its last word counts.
            (Rss | Atom, "pubdate" | "published" | "issued") | (DublinCoreTerms, "issued") => {
                self.published = dated(child).or(self.published.take());
            }
            (Rss | Atom, "updated" | "modified" | "lastbuilddate") | (DublinCoreTerms, "modified") => {
                self.updated = dated(child).or(self.updated.take());
            }
            (DublinCore | DublinCoreTerms | Rss | Atom, "date" | "created") | (_, "publicationdate") => {
                keep(&mut self.other_date, dated(child));
            }
            (Rss, "author") if !child.has_elements() => add_name(&mut self.authors, mail_name(&child.text())),
            (Rss | Atom, "author") => add_name(&mut self.authors, author_name(child)),
            (DublinCore, "creator" | "author") => add_name(&mut self.authors, mail_name(&child.text())),
            (Itunes, "author") => add_name(&mut self.other_authors, mail_name(&child.text())),
            (Rss, "description" | "abstract") => self.add_summary(body_html(child)),
            (Atom | Rss, "summary") => self.add_summary(atom_html(child)),
            (DublinCore | Media, "description") | (Itunes, "summary") => {
                keep(&mut self.other_summary, body_html(child));
            }
            (Atom | Rss, "content") => self.add_content(atom_html(child)),
            (Content, "encoded") | (Xhtml | Rss, "body") | (Xhtml, "div") | (_, "fullitem") => {
                self.add_content(body_html(child));
            }
            (Rss | Atom, "category") | (DublinCore, "subject") => self.add_category(child),
            (Rss | DublinCore, "language") => keep(&mut self.language, filled(child.text())),
            (Atom | Rss, "source") => {
                let authors = child.elements().filter(|element| element.name == "author");
                authors.for_each(|author| add_name(&mut self.source_authors, author_name(author)));
            }
            (Media, "group" | "content") | (Rss, "enclosure") => {
                let modules = child.elements().filter(|inner| !matches!(inner.space, Rss | Atom));
                modules.for_each(|inner| self.add(inner, inner.space));
            }
            _ => {}
        }
    }

    /// RSS writes the address as text, Atom as an attribute, and feeds mix them. Where a feed says it twice, its last
    /// word counts.
    fn add_link(&mut self, child: &Element<'_>) {
        let Some(target) = child.attribute("href") else {
            let target = filled(child.text()).or_else(|| child.attribute("resource").map(str::to_owned));
            let target = target.map(|target| resolved(child.scope.base(), &target));
            self.link = target.or(self.link.take());
            return;
        };
        let relation = child.attribute("rel").unwrap_or("alternate").trim();
        // Full names of relations are as good as short ones (RFC 4287, section 4.2.7.2).
        let relation = relation
            .strip_prefix("http://www.iana.org/assignments/relation/")
            .unwrap_or(relation);
        if !relation.is_empty() && !relation.eq_ignore_ascii_case("alternate") {
            return;
        }
        let target = Some(resolved(child.scope.base(), target));
        let kind = child.attribute("type").unwrap_or("text/html").to_ascii_lowercase();
        match (kind.contains("html"), self.is_translation(child)) {
            (true, false) => self.link = target,
            (true, true) => keep(&mut self.translated_link, target),
            (false, _) => keep(&mut self.typed_link, target),
        }
    }

    /// True for a link to the article in another language than the entry's.
    fn is_translation(&self, child: &Element<'_>) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().map(str::to_ascii_lowercase);
        let target = child.attribute("hreflang").and_then(primary);
        let own = self.language.as_deref().or(child.scope.language()).and_then(primary);
        target.is_some() && own.is_some() && target != own
    }

    /// A guid is the address too, unless it says that it is not (RSS 2.0).
    fn add_guid(&mut self, child: &Element<'_>) {
        let text = child.text();
        let says_no = child
            .attribute("ispermalink")
            .is_some_and(|value| !value.trim().eq_ignore_ascii_case("true"));
        if !says_no && !text.is_empty() {
            keep(&mut self.permalink, Some(resolved(child.scope.base(), &text)));
        }
        self.add_id(child, !says_no);
    }

    /// An id that is an address may be a relative one.
    fn add_id(&mut self, child: &Element<'_>, is_address: bool) {
        let Some(text) = filled(child.text()) else {
            return;
        };
        self.id = Some(match is_address {
            true => resolved(child.scope.base(), &text),
            false => text.clone(),
        });
        self.key = Some(text);
    }

    /// A second summary is more likely the text than the same again.
    fn add_summary(&mut self, html: Option<String>) {
        match self.summary {
            Some(_) => self.add_content(html),
            None => self.summary = html,
        }
    }

    /// Of several contents the longest: the others are excerpts, or the same without markup.
    fn add_content(&mut self, html: Option<String>) {
        let length = |html: &Option<String>| html.as_ref().map_or(0, String::len);
        if length(&self.content) < length(&html) {
            self.content = html;
        }
    }

    /// The Channel Definition Format writes address and date as attributes of the item.
    fn add_attributes(&mut self, element: &Element<'_>) {
        if self.link.is_none() {
            let target = element.attribute("href");
            self.link = target.map(|target| resolved(element.scope.base(), target));
        }
        if let Some(text) = element.attribute("lastmod").filter(|_| self.updated.is_none()) {
            self.updated = date::parse(text).map(|time| (time, text.to_owned()));
        }
    }

    fn add_category(&mut self, child: &Element<'_>) {
        let text = child.attribute("label").or(child.attribute("term")).map(str::to_owned);
        let text = text.unwrap_or_else(|| plain_text(&child.text()));
        if !text.is_empty() && self.categories.len() < NAMES_MAX {
            self.categories.push(text);
        }
    }

    fn into_entry(self, about: Option<String>, scope_language: Option<&str>) -> Entry {
        let key = self.key.or_else(|| about.clone());
        let id = self.id.or(about);
        let other_link = self.translated_link.or(self.typed_link);
        let id_as_link = id.clone().filter(|id| is_web(id));
        let (published, published_text) = self.published.or(self.other_date).unzip();
        let (updated, updated_text) = self.updated.unzip();
        let authors = [self.authors, self.other_authors, self.source_authors];
        Entry {
            link: self.link.or(other_link).or(self.permalink).or(id_as_link),
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

fn dated(element: &Element<'_>) -> Option<Dated> {
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
pub(super) fn plain_title(element: &Element<'_>) -> Option<String> {
    let html = match element.space {
        Space::Atom => atom_html(element)?,
        _ => body_html(element)?,
    };
    filled(plain_text(&html))
}

/// The name of an Atom author; without one its address.
pub(super) fn author_name(element: &Element<'_>) -> Option<String> {
    let part = |name: &str| element.child(name).map(Element::text).and_then(filled);
    let name = match element.has_elements() {
        true => part("name").or_else(|| part("email")).or_else(|| part("uri")),
        false => mail_name(&element.text()),
    };
    name.filter(|name| name.len() <= NAME_BYTES_MAX)
}

/// `desk@example.org (Jo Doe)` and `Jo Doe <desk@example.org>` are `Jo Doe`; an address alone is itself.
fn mail_name(text: &str) -> Option<String> {
    let Some(address) = mail_address(text) else {
        return filled(plain_text(text));
    };
    let name = text.replacen(address, "", 1).replace("<>", "").replace("()", "");
    let name = plain_text(&name);
    let name = name.trim_matches([',', ';', ' ']);
    let inside = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    let name = inside.unwrap_or(name).trim();
    Some(if name.is_empty() { address } else { name }.to_owned())
}

/// The first mail address in a text.
fn mail_address(text: &str) -> Option<&str> {
    let ends_word = |character: char| character.is_whitespace() || "<>()[],;:\"'=/".contains(character);
    text.split(ends_word).find(|word| {
        let (user, host) = word.split_once('@').unwrap_or_default();
        !user.is_empty() && host.contains('.')
    })
}

/// The content of an element of RSS as HTML: escaped, in a CDATA section or, against the rules, as elements.
fn body_html(element: &Element<'_>) -> Option<String> {
    filled(match element.has_elements() {
        true => element.inner_html(),
        false => element.text(),
    })
}

/// The content of an Atom text construct as HTML (RFC 4287, section 3.1 and 4.1.3; Atom 0.3 has a mode instead).
fn atom_html(element: &Element<'_>) -> Option<String> {
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
