//! The WHATWG prescan: the encoding that a page's own `meta` declares.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding declared in these bytes, by the algorithm "prescan a byte stream to determine its encoding".
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while let Some(offset) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|&byte| byte == b'<'))
    {
        at += offset;
        let rest = bytes.get(at..)?;
        if rest.starts_with(b"<!--") {
            at += 2 + find(rest.get(2..)?, b"-->")? + 3;
            continue;
        }
        if is_meta(rest) {
            let mut cursor = Cursor { bytes, at: at + 5 };
            if let Some(encoding) = encoding_of_meta(&mut cursor) {
                return Some(encoding);
            }
            at = cursor.at;
            continue;
        }
        at = after_other_tag(bytes, at)?;
    }
    None
}

fn is_meta(rest: &[u8]) -> bool {
    rest.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
        && rest
            .get(5)
            .is_some_and(|&byte| byte == b'/' || byte.is_ascii_whitespace())
}

/// Where to go on after something that is no `meta`.
fn after_other_tag(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let name_at = if rest.get(1) == Some(&b'/') { 2 } else { 1 };
    match rest.get(name_at) {
        Some(byte) if byte.is_ascii_alphabetic() => {
            let name_length = rest
                .iter()
                .position(|&byte| byte.is_ascii_whitespace() || byte == b'>')?;
            let mut cursor = Cursor {
                bytes,
                at: at + name_length,
            };
            while cursor.attribute().is_some() {}
            Some(cursor.at)
        }
        Some(b'!' | b'?' | b'/') => Some(at + rest.iter().position(|&byte| byte == b'>')? + 1),
        _ if name_at == 2 => Some(at + rest.iter().position(|&byte| byte == b'>')? + 1),
        _ => Some(at + 1),
    }
}

fn encoding_of_meta(cursor: &mut Cursor<'_>) -> Option<&'static Encoding> {
    let (mut is_pragma, mut needs_pragma, mut label) = (false, false, None);
    let mut seen: Vec<Vec<u8>> = Vec::new();
    while let Some((name, value)) = cursor.attribute() {
        if seen.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => is_pragma = value == b"content-type",
            b"content" if label.is_none() => {
                if let Some(found) = charset_in(&value) {
                    (label, needs_pragma) = (Some(found), true);
                }
            }
            b"charset" => (label, needs_pragma) = (Some(value), false),
            _ => {}
        }
        seen.push(name);
    }
    let encoding = Encoding::for_label(&label?)?;
    if needs_pragma && !is_pragma {
        return None;
    }
    // A page whose ASCII `meta` could be read is not UTF-16.
    if encoding == UTF_16BE || encoding == UTF_16LE {
        return Some(UTF_8);
    }
    Some(if encoding.name() == "x-user-defined" {
        WINDOWS_1252
    } else {
        encoding
    })
}

/// The label after `charset=`, by the algorithm "extracting a character encoding from a meta element".
pub(super) fn charset_in(value: &[u8]) -> Option<Vec<u8>> {
    let lower = value.to_ascii_lowercase();
    let mut at = 0;
    loop {
        at += find(lower.get(at..)?, b"charset")? + b"charset".len();
        at += blanks(lower.get(at..)?);
        if lower.get(at) == Some(&b'=') {
            break;
        }
    }
    at += 1;
    at += blanks(lower.get(at..)?);
    let rest = lower.get(at..)?;
    let label = match rest.first()? {
        quote @ (b'"' | b'\'') => {
            let inner = rest.get(1..)?;
            inner.get(..inner.iter().position(|byte| byte == quote)?)?
        }
        _ => {
            let end = rest
                .iter()
                .position(|&byte| byte.is_ascii_whitespace() || byte == b';' || byte == b',');
            rest.get(..end.unwrap_or(rest.len()))?
        }
    };
    Some(label.to_vec())
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// A place among the attributes of a tag.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    /// The next attribute in lower case; none at the end of the tag, which is then behind the cursor.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.skip(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if self.peek()? == b'>' {
            self.at += 1;
            return None;
        }
        let start = self.at;
        self.skip(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        if self.at == start {
            // An attribute may start with "=", and then that is its name.
            self.at += 1;
        }
        let name = self.bytes.get(start..self.at)?.to_ascii_lowercase();
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.peek() != Some(b'=') {
            return Some((name, Vec::new()));
        }
        self.at += 1;
        self.skip(|byte| byte.is_ascii_whitespace());
        let first = self.peek()?;
        let is_quoted = matches!(first, b'"' | b'\'');
        self.at += usize::from(is_quoted);
        let start = self.at;
        if is_quoted {
            self.skip(|byte| byte != first);
            self.peek()?;
        } else {
            self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        }
        let value = self.bytes.get(start..self.at)?.to_ascii_lowercase();
        self.at += usize::from(is_quoted);
        Some((name, value))
    }
}
