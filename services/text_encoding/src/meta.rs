//! `<meta charset>` in the first bytes of a page (WHATWG HTML, 13.2.3.2, "prescan a byte stream to determine its
//! encoding").

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// The encoding that the page names for itself.
pub(super) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            // `-->` may share its dashes with `<!--`.
            let end = rest.windows(3).position(|window| window == b"-->")?;
            let _ = comment;
            rest = &rest[end + 3..];
        } else if is_tag(rest, b"meta") {
            let mut attributes = Attributes { rest: &rest[4..] };
            if let Some(encoding) = of_meta(&mut attributes) {
                return Some(encoding);
            }
            rest = attributes.rest;
        } else if rest.first().is_some_and(u8::is_ascii_alphabetic)
            || (rest.first() == Some(&b'/') && rest.get(1).is_some_and(u8::is_ascii_alphabetic))
        {
            let end = rest
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?;
            let mut attributes = Attributes { rest: &rest[end..] };
            while attributes.next().is_some() {}
            rest = attributes.rest;
        } else if matches!(rest.first(), Some(b'!' | b'/' | b'?')) {
            let end = rest.iter().position(|byte| *byte == b'>')?;
            rest = &rest[end + 1..];
        }
    }
    None
}

fn is_tag(rest: &[u8], name: &[u8]) -> bool {
    let start = rest
        .get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name));
    start
        && rest
            .get(name.len())
            .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
}

fn of_meta(attributes: &mut Attributes<'_>) -> Option<&'static Encoding> {
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let mut says_content_type = false;
    let mut needs_content_type = None;
    let mut found = None;
    while let Some((name, value)) = attributes.next() {
        if seen.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => says_content_type = value == b"content-type",
            b"content" if found.is_none() => {
                if let Some(encoding) = of_content(&value) {
                    found = Some(encoding);
                    needs_content_type = Some(true);
                }
            }
            b"charset" => {
                found = Encoding::for_label(&value);
                needs_content_type = Some(false);
            }
            _ => {}
        }
        seen.push(name);
    }
    // The bytes end within the tag.
    if attributes.rest.is_empty() {
        return None;
    }
    if needs_content_type? && !says_content_type {
        return None;
    }
    // A page in UTF-16 could not have been read up to here.
    found.map(|encoding| match encoding {
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    })
}

/// `text/html; charset=…` (WHATWG HTML, "extracting a character encoding from a meta element").
fn of_content(value: &[u8]) -> Option<&'static Encoding> {
    let mut rest = value;
    loop {
        let at = rest.windows(7).position(|window| window == b"charset")?;
        rest = rest[at + 7..].trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b"=") {
            rest = after.trim_ascii_start();
            break;
        }
    }
    let label = match rest.first()? {
        quote @ (b'"' | b'\'') => {
            let end = rest[1..].iter().position(|byte| byte == quote)?;
            &rest[1..=end]
        }
        _ => {
            let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b';');
            &rest[..end.unwrap_or(rest.len())]
        }
    };
    Encoding::for_label(label)
}

/// The attributes of a tag, in lower case (WHATWG HTML, "get an attribute").
struct Attributes<'a> {
    rest: &'a [u8],
}

impl Attributes<'_> {
    fn next(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        let skip = self
            .rest
            .iter()
            .position(|byte| !byte.is_ascii_whitespace() && *byte != b'/');
        self.rest = &self.rest[skip.unwrap_or(self.rest.len())..];
        if matches!(self.rest.first(), None | Some(b'>')) {
            return None;
        }
        // Where the bytes end within an attribute, the standard gives up: half a label may be another label.
        let ends_name = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        // An equals sign that comes first belongs to the name.
        let end = self
            .rest
            .iter()
            .skip(1)
            .position(|byte| ends_name(byte) || *byte == b'=');
        let Some(end) = end.map(|at| at + 1) else {
            self.rest = &[];
            return None;
        };
        let name = self.rest[..end].to_ascii_lowercase();
        self.rest = self.rest[end..].trim_ascii_start();
        let Some(after) = self.rest.strip_prefix(b"=") else {
            return Some((name, Vec::new()));
        };
        self.rest = after.trim_ascii_start();
        let value = match self.rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &self.rest[1..];
                let Some(end) = inside.iter().position(|byte| byte == quote) else {
                    self.rest = &[];
                    return None;
                };
                self.rest = &inside[end + 1..];
                &inside[..end]
            }
            _ => {
                let end = self
                    .rest
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
                let Some(end) = end else {
                    self.rest = &[];
                    return None;
                };
                let (value, rest) = self.rest.split_at(end);
                self.rest = rest;
                value
            }
        };
        Some((name, value.to_ascii_lowercase()))
    }
}
