//! What an element inherits from those around it: namespaces, base address, language.

use std::borrow::Cow;
use std::rc::Rc;

use super::reference::resolved;

/// Prefixes of one scope; more are taken for what they are called.
const BINDINGS_MAX: usize = 128;

/// A longer language is none, for the same reason as a longer base.
const LANGUAGE_BYTES_MAX: usize = 64;

/// A longer base is none: every relative link would repeat it.
const BASE_BYTES_MAX: usize = 4_096;

/// The namespaces that mean something to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS of any version, and no namespace at all.
    Rss,
    /// Atom 1.0 and those before it.
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
            // The later ones are the names that Atom had before it was called so.
            "www.w3.org/2005/atom"
            | "purl.org/atom/ns"
            | "example.com/newformat"
            | "example.com/necho"
            | "purl.org/echo"
            | "uri/of/echo/namespace"
            | "purl.org/pie" => Self::Atom,
            ""
            | "purl.org/rss/1.0"
            | "purl.org/rss/1.0/modules/rss091"
            | "purl.org/net/rss1.1"
            | "my.netscape.com/rdf/simple/0.9"
            | "channel.netscape.com/rdf/simple/0.9"
            | "my.netscape.com/publish/formats/rss-0.91.dtd"
            | "blogs.law.harvard.edu/tech/rss"
            | "cyber.law.harvard.edu/rss" => Self::Rss,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => Self::DublinCore,
            "purl.org/dc/terms" => Self::DublinCoreTerms,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "search.yahoo.com/mrss" | "tools.search.yahoo.com/mrss" | "video.search.yahoo.com/mrss" => Self::Media,
            "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "www.w3.org/1999/xhtml" => Self::Xhtml,
            userland if userland.starts_with("backend.userland.com/rss") => Self::Rss,
            _ => Self::Other,
        }
    }

    /// What a prefix that the document does not declare is taken for.
    fn of_prefix(prefix: &str) -> Self {
        const NAMES: [(&str, Space); 12] = [
            ("atom", Space::Atom),
            ("atom10", Space::Atom),
            ("atom03", Space::Atom),
            ("a10", Space::Atom),
            ("rdf", Space::Rdf),
            ("dc", Space::DublinCore),
            ("dcterms", Space::DublinCoreTerms),
            ("content", Space::Content),
            ("media", Space::Media),
            ("itunes", Space::Itunes),
            ("xhtml", Space::Xhtml),
            ("html", Space::Xhtml),
        ];
        let known = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(prefix));
        match prefix {
            "" => Self::Rss,
            _ => known.map_or(Self::Other, |(_, space)| *space),
        }
    }
}

/// What an element inherits; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Scope(Rc<Inherited>);

#[derive(Debug, Clone)]
struct Inherited {
    bindings: Vec<(String, Space)>,
    base: Rc<str>,
    language: Option<Rc<str>>,
}

impl Scope {
    pub(crate) fn new(base: &str) -> Self {
        Self(Rc::new(Inherited {
            bindings: Vec::new(),
            base: base.into(),
            language: None,
        }))
    }

    /// The address that relative links start from.
    pub(crate) fn base(&self) -> &str {
        &self.0.base
    }

    /// The language, as written.
    pub(crate) fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// The scope inside an element with these attributes.
    pub(crate) fn within(&self, attributes: &[(&str, Cow<'_, str>)]) -> Self {
        let mut scope = self.clone();
        // Nearly every element inherits and says nothing.
        for (name, value) in attributes.iter().filter(|(name, _)| name.starts_with("xml")) {
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                Some(("xml", "base")) if value.len() <= BASE_BYTES_MAX => {
                    let base = resolved(scope.base(), value);
                    if base.len() <= BASE_BYTES_MAX {
                        Rc::make_mut(&mut scope.0).base = base.into();
                    }
                    continue;
                }
                Some(("xml", "lang")) => {
                    let language = Some(value.trim()).filter(|tag| !tag.is_empty() && tag.len() <= LANGUAGE_BYTES_MAX);
                    Rc::make_mut(&mut scope.0).language = language.map(Into::into);
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
            scope.bind(prefix, space);
        }
        scope
    }

    fn bind(&mut self, prefix: &str, space: Space) {
        if self.bound(prefix) == Some(space) {
            return;
        }
        let bindings = &mut Rc::make_mut(&mut self.0).bindings;
        match bindings.iter().position(|(known, _)| known == prefix) {
            Some(at) => bindings[at].1 = space,
            None if bindings.len() < BINDINGS_MAX => bindings.push((prefix.to_owned(), space)),
            None => {}
        }
    }

    fn bound(&self, prefix: &str) -> Option<Space> {
        let bound = self.0.bindings.iter().find(|(known, _)| known == prefix);
        bound.map(|(_, space)| *space)
    }

    /// The namespace of names with this prefix.
    pub(crate) fn space(&self, prefix: &str) -> Space {
        self.bound(prefix).unwrap_or_else(|| Space::of_prefix(prefix))
    }
}
