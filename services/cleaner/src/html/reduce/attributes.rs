//! The attributes of one tag: read in one pass, written back as far as they say something.

use std::borrow::Cow;

use memchr::memchr;

/// Attributes looked at in one tag.
const MAX_ATTRIBUTES: usize = 64;

/// The attributes of the tag read last.
#[derive(Default)]
pub(in crate::html) struct Attributes<'a> {
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

    /// Calls `visit` with the name and the value of each attribute of an element that is worth reading. Character
    /// references are left as they are; a name may come twice, and then the first counts.
    pub(in crate::html) fn each(&self, element: &str, mut visit: impl FnMut(&'static str, Cow<'a, str>)) {
        if let Some(classes) = self.classes() {
            visit("class", classes);
        }
        let mut hidden = false;
        if element == "img"
            && let Some(source) = self.picture()
        {
            visit("src", Cow::Borrowed(cut(source, 1000)));
        }
        for (name, value) in &self.found {
            let name = lower(name);
            if &*name == "hidden" || is_hiding(&name, value) {
                hidden = true;
            } else if is_of_another(&name, value) {
                visit(ANOTHER, Cow::Borrowed(""));
            } else if let Some((name, limit)) = kept(element, &name) {
                visit(name, Cow::Borrowed(cut(value, limit)));
            }
        }
        if hidden {
            visit("hidden", Cow::Borrowed(""));
        }
    }

    /// The address of a picture. Where scripts load it later, another attribute has it.
    fn picture(&self) -> Option<&'a str> {
        ["data-src", "data-original", "data-lazy-src", "src"]
            .iter()
            .filter_map(|name| self.value_of(name))
            .find(|value| !value.is_empty() && !value.starts_with("data:"))
    }

    /// All that is as good as a class, in one.
    fn classes(&self) -> Option<Cow<'a, str>> {
        let mut classes = self.found.iter().filter(|(name, value)| {
            !value.trim().is_empty() && CLASS_LIKE.iter().any(|known| name.eq_ignore_ascii_case(known))
        });
        let (_, first) = classes.next()?;
        let first = Cow::Borrowed(cut(first, 200));
        Some(classes.fold(first, |all, (_, value)| all + " " + cut(value, 200)))
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

/// The name of an attribute that somebody reads, and how many bytes of it are kept.
fn kept(element: &str, name: &str) -> Option<(&'static str, usize)> {
    Some(match (element, name) {
        (_, "id") => ("id", 200),
        (_, "itemprop") => ("itemprop", 200),
        (_, "datetime") => ("datetime", 200),
        ("a" | "link", "rel") => ("rel", 200),
        ("html", "lang") => ("lang", 200),
        ("html", "xml:lang") => ("xml:lang", 200),
        ("a" | "link", "href") => ("href", 1000),
        ("meta", "name") => ("name", 100),
        ("meta", "property") => ("property", 100),
        ("meta", "http-equiv") => ("http-equiv", 100),
        ("meta", "content") => ("content", 4000),
        (_, "content") => ("content", 200),
        _ => return None,
    })
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
