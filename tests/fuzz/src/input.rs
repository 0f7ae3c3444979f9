//! How a file of the corpus is read: what stands beside the body comes first, so that a corpus is made of texts.

/// The address that every document is said to come from.
pub(crate) const ADDRESS: &str = "https://example.org/news/index.xml";

/// The Content-Type header and the body: a first line that starts with `#!` is the header.
pub(crate) fn header_and_body(data: &[u8]) -> (Option<&str>, &[u8]) {
    let Some(rest) = data.strip_prefix(b"#!") else {
        return (None, data);
    };
    let (header, body) = line_and_rest(rest);
    (std::str::from_utf8(header).ok(), body)
}

/// The first line, without its end, and what follows it.
pub(crate) fn line_and_rest(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (line, rest) = data.split_at(end);
    (line, rest.get(1..).unwrap_or_default())
}

/// The bytes of a field that may be missing.
pub(crate) fn length(field: Option<&String>) -> usize {
    field.map_or(0, String::len)
}
