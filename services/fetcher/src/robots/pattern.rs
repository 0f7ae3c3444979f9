//! Paths of rules and URLs in one form, and how they match.

use memchr::memmem::find;

/// The path of a rule: literal parts with anything between them, and perhaps an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// As the file spells it, with octets outside ASCII escaped.
    text: String,
    /// The literal parts in one form; the first must start the path.
    parts: Vec<Vec<u8>>,
    /// The last part must end the path.
    anchored: bool,
    /// The length of all parts together.
    literal: usize,
}

impl Pattern {
    pub(crate) fn new(path: &[u8]) -> Self {
        let text = escaped(path);
        let (body, anchored) = match text.strip_suffix('$') {
            Some(body) => (body, true),
            None => (text.as_str(), false),
        };
        // A path that starts with neither slash nor star can't match as written; its author meant the slash.
        let rooted = body.starts_with(['/', '*']) || body.is_empty();
        let mut parts: Vec<Vec<u8>> = body.split('*').map(|part| one_form(part.as_bytes())).collect();
        if let (false, Some(first)) = (rooted, parts.first_mut()) {
            first.insert(0, b'/');
        }
        let literal = parts.iter().map(Vec::len).sum();
        Self {
            text,
            parts,
            anchored,
            literal,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The length that decides which of several matching rules wins, in octets.
    pub(crate) fn len(&self) -> usize {
        self.literal + self.parts.len().saturating_sub(1) + usize::from(self.anchored)
    }

    /// True when `path`, in one form, matches. Each part takes its leftmost place, which never spoils a later one, so
    /// that the path is gone through once, and not at all when it is too short.
    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        if path.len() < self.literal {
            return false;
        }
        let Some((first, rest)) = self.parts.split_first() else {
            return true;
        };
        let Some(mut left) = path.strip_prefix(first.as_slice()) else {
            return false;
        };
        let Some((last, between)) = rest.split_last() else {
            return !self.anchored || left.is_empty();
        };
        for part in between {
            match find(left, part) {
                Some(at) => left = &left[at + part.len()..],
                None => return false,
            }
        }
        match self.anchored {
            true => left.ends_with(last),
            false => find(left, last).is_some(),
        }
    }

    /// True when this names the index page of the directory that `path` names.
    pub(crate) fn matches_as_directory(&self, path: &[u8]) -> bool {
        let [only] = self.parts.as_slice() else {
            return false;
        };
        let directory = only
            .strip_suffix(b"index.html")
            .or_else(|| only.strip_suffix(b"index.htm"));
        directory.is_some_and(|directory| directory.ends_with(b"/") && directory == path)
    }
}

/// The path and query of `url` in one form; `/` when it has none.
pub(crate) fn path_of(url: &str) -> Vec<u8> {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = after_scheme.find(['/', '?', ';', '#']).unwrap_or(after_scheme.len());
    let path = &after_scheme[start..];
    let path = path.split('#').next().unwrap_or(path);
    let mut bytes = one_form(path.as_bytes());
    if bytes.first() != Some(&b'/') {
        bytes.insert(0, b'/');
    }
    bytes
}

/// Octets outside printable ASCII as percent escapes.
fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path {
        match byte {
            0x21..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Percent escapes of unreserved characters and of the two that rules give a meaning (`*`, `$`) resolved, the others
/// in upper case, and what a URL can't hold escaped (RFC 9309, section 2.2.2; RFC 3986, section 6.2.2).
fn one_form(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((byte, after)) = rest.split_first() {
        let escape = match rest {
            [b'%', high, low, after @ ..] => hex(*high).zip(hex(*low)).map(|(high, low)| (high * 16 + low, after)),
            _ => None,
        };
        match escape {
            Some((value, after)) if value.is_ascii_alphanumeric() || b"-._~*$".contains(&value) => {
                out.push(value);
                rest = after;
            }
            Some((value, after)) => {
                out.extend_from_slice(format!("%{value:02X}").as_bytes());
                rest = after;
            }
            None => {
                match byte {
                    b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=0x20 | 0x7f..=0xff => {
                        out.extend_from_slice(format!("%{byte:02X}").as_bytes());
                    }
                    _ => out.push(*byte),
                }
                rest = after;
            }
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
