//! The names of tags.

/// Bytes of the longest name of a tag.
const MAX_NAME: usize = 40;

/// The name of a tag, lower case.
pub(super) struct TagName {
    bytes: [u8; MAX_NAME],
    length: usize,
}

impl TagName {
    pub(super) fn as_str(&self) -> &str {
        let name = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }
}

/// The name that a tag starts with; none when it is too long to be one.
pub(super) fn tag_name(rest: &str) -> Option<TagName> {
    let mut name = TagName {
        bytes: [0; MAX_NAME],
        length: 0,
    };
    for byte in rest.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b':' | b'_' => {
                *name.bytes.get_mut(name.length)? = byte.to_ascii_lowercase();
                name.length += 1;
            }
            b'/' | b'>' | b'<' => return Some(name),
            blank if blank.is_ascii_whitespace() => return Some(name),
            _ => return None,
        }
    }
    None
}
