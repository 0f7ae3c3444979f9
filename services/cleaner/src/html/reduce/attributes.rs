//! The attributes of one tag: read in one pass, written back as far as they say something.

use std::borrow::Cow;

use memchr::memchr;

/// Attributes looked at in one tag.
const MAX_ATTRIBUTES: usize = 64;

/// The attributes of the tag read last.
#[derive(Default)]
pub(super) struct Attributes<'a> {
    found: Vec<(&'a str, &'a str)>,
    /// No double quote, no single quote stands in the rest of the page: nobody needs to look again.
    exhausted: [bool; 2],
}

/// Attributes whose words are names that designers give, as good as classes.
const CLASS_LIKE: &[&str] = &[
    "class",
    "data-testid",
    "data-test",
    "data-qa",
    "data-component",
    "data-component-name",
    "data-module",
    "data-type",
    "role",
];

impl<'a> Attributes<'a> {
    /// Reads the attributes that start at `at`; returns where the tag ends.
    pub(super) fn read(&mut self, page: &'a str, mut at: usize) -> usize {
        self.found.clear();
        let bytes = page.as_bytes();
        loop {
            at += count(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
            match bytes.get(at) {
                None => return page.len(),
                Some(b'>') => return at + 1,
                Some(_) => {}
            }
            let start = at;
            at += 1 + count(bytes, at + 1, |byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
            });
            let name = page.get(start..at.min(page.len())).unwrap_or_default();
            at += count(bytes, at, |byte| byte.is_ascii_whitespace());
            let mut value = "";
            if bytes.get(at) == Some(&b'=') {
                at += 1;
                at += count(bytes, at, |byte| byte.is_ascii_whitespace());
                (value, at) = self.value(page, at);
            }
            if self.found.len() < MAX_ATTRIBUTES {
                self.found.push((name, value));
            }
        }
    }

    /// A value and where the next attribute starts.
    fn value(&mut self, page: &'a str, at: usize) -> (&'a str, usize) {
        let bytes = page.as_bytes();
        let Some(quote) = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'')) else {
            let length = count(bytes, at, |byte| !byte.is_ascii_whitespace() && byte != b'>');
            return (page.get(at..at + length).unwrap_or_default(), at + length);
        };
        let slot = usize::from(quote == b'"');
        if !self.exhausted[slot] {
            if let Some(length) = bytes.get(at + 1..).and_then(|rest| memchr(quote, rest)) {
                return (page.get(at + 1..at + 1 + length).unwrap_or_default(), at + length + 2);
            }
            self.exhausted[slot] = true;
        }
        // The quote is never closed: the tag ends where a person would say that it ends.
        let length = count(bytes, at, |byte| byte != b'>');
        ("", at + length)
    }

    fn value_of(&self, name: &str) -> Option<&'a str> {
        self.found
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// Whether the element has a name or a meaning given to it.
    pub(super) fn is_named(&self) -> bool {
        self.found.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("hidden")
                || (!value.is_empty()
                    && ["class", "id", "itemprop", "rel", "data-testid"]
                        .iter()
                        .any(|known| name.eq_ignore_ascii_case(known)))
                || is_hiding(name, value)
                || is_of_another(name, value)
        })
    }

    /// Whether a script holds JSON-LD.
    pub(super) fn is_json_ld(&self) -> bool {
        self.value_of("type")
            .is_some_and(|value| value.to_ascii_lowercase().contains("ld+json"))
    }

    /// Whether a link names what browsers load beside the page, which says nothing about the story.
    pub(super) fn is_for_browsers(&self) -> bool {
        const RELATIONS: [&str; 12] = [
            "stylesheet",
            "preload",
            "modulepreload",
            "prefetch",
            "preconnect",
            "dns-prefetch",
            "icon",
            "shortcut icon",
            "apple-touch-icon",
            "apple-touch-icon-precomposed",
            "mask-icon",
            "manifest",
        ];
        let relation = self.value_of("rel").unwrap_or_default().trim();
        RELATIONS.iter().any(|known| relation.eq_ignore_ascii_case(known))
    }

    /// Writes what is worth reading.
    pub(super) fn write(&self, element: &str, out: &mut String) {
        self.write_classes(out);
        let mut hidden = false;
        if element == "img"
            && let Some(source) = self.picture()
        {
            push_attribute(out, "src", cut(source, 1000));
        }
        for (name, value) in &self.found {
            let name = lower(name);
            if &*name == "hidden" || is_hiding(&name, value) {
                hidden = true;
            } else if is_of_another(&name, value) {
                push_attribute(out, ANOTHER, "");
            } else if let Some(limit) = limit(element, &name) {
                push_attribute(out, &name, cut(value, limit));
            }
        }
        if hidden {
            out.push_str(" hidden");
        }
    }

    /// The address of a picture. Where scripts load it later, another attribute has it.
    fn picture(&self) -> Option<&'a str> {
        ["data-src", "data-original", "data-lazy-src", "src"]
            .iter()
            .filter_map(|name| self.value_of(name))
            .find(|value| !value.is_empty() && !value.starts_with("data:"))
    }

    fn write_classes(&self, out: &mut String) {
        let mut is_first = true;
        for (_, value) in self.found.iter().filter(|(name, value)| {
            !value.trim().is_empty() && CLASS_LIKE.iter().any(|known| name.eq_ignore_ascii_case(known))
        }) {
            out.push_str(if is_first { " class=\"" } else { " " });
            is_first = false;
            push_escaped(out, cut(value, 200));
        }
        if !is_first {
            out.push('"');
        }
    }
}

/// The attribute that marks an item which is something else than an article.
pub(in crate::html) const ANOTHER: &str = "another";

/// A name in lower case, as most are.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether an item of microdata is something else than an article ([HTML, 5.2](https://html.spec.whatwg.org/#microdata)):
/// what stands in it says when that was published, and by whom.
fn is_of_another(name: &str, value: &str) -> bool {
    const TYPES: [&str; 10] = [
        "Comment",
        "Event",
        "ImageObject",
        "Offer",
        "Organization",
        "Product",
        "Review",
        "SiteNavigationElement",
        "UserComments",
        "WPSideBar",
    ];
    name.eq_ignore_ascii_case("itemtype")
        && value
            .trim_end()
            .rsplit(['/', '#'])
            .next()
            .is_some_and(|kind| TYPES.contains(&kind))
}

fn is_hiding(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("style")
        && lower(value)
            .split("display")
            .skip(1)
            .any(|rest| rest.trim_start_matches([' ', ':']).starts_with("none"))
}

/// How many bytes of an attribute are kept; none when nobody reads it.
fn limit(element: &str, name: &str) -> Option<usize> {
    match (element, name) {
        (_, "id" | "itemprop" | "datetime") | ("a" | "link", "rel") | ("html", "lang" | "xml:lang") => Some(200),
        ("a" | "link", "href") => Some(1000),
        ("meta", "name" | "property" | "http-equiv") => Some(100),
        ("meta", "content") => Some(4000),
        (_, "content") => Some(200),
        _ => None,
    }
}

fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_escaped(out, value);
    out.push('"');
}

fn push_escaped(out: &mut String, value: &str) {
    for (index, piece) in value.split('"').enumerate() {
        if index > 0 {
            out.push_str("&quot;");
        }
        out.push_str(piece);
    }
}

/// The start of a text, at most `limit` bytes.
fn cut(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

fn count(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> usize {
    bytes
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| wanted(**byte))
        .count()
}
