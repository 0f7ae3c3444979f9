//! An HTTP response as an archive holds it: head, chunked or compressed body.

use std::io::Read as _;

use schemas::fetched::MAX_BODY_BYTES;

/// The page of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) content_type: Option<String>,
    pub(super) robots_headers: Vec<String>,
    /// The headers `tdm-reservation` and `tdm-policy`.
    pub(super) tdm: [Option<String>; 2],
    pub(super) body: Vec<u8>,
}

/// The size of a head, its empty line included; `None` when it does not end in `bytes`.
pub(super) fn head_size(bytes: &[u8]) -> Option<usize> {
    let mut line_start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            let line = bytes.get(line_start..at)?;
            if line.is_empty() || line == b"\r" {
                return Some(at + 1);
            }
            line_start = at + 1;
        }
    }
    None
}

/// The page of the response in `bytes`; `None` when it is no page, or none that can be read.
pub(super) fn page(bytes: &[u8]) -> Option<Page> {
    let size = head_size(bytes)?;
    let head: String = bytes.get(..size)?.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = head.lines();
    let mut status_line = lines.next()?.split_ascii_whitespace();
    let is_http = status_line.next()?.starts_with("HTTP/");
    if !is_http || status_line.next() != Some("200") {
        return None;
    }
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let named = |name: &'static str| {
        let known = headers
            .iter()
            .filter(move |(known, _)| known.trim().eq_ignore_ascii_case(name));
        known.map(|(_, value)| value.trim())
    };
    let content_type = named("content-type").next();
    let body = bytes.get(size..)?;
    let is_chunked = named("transfer-encoding").any(|coding| coding.to_ascii_lowercase().contains("chunked"));
    // Many archives keep the header and store the body without its frames.
    let body = is_chunked
        .then(|| unchunked(body))
        .flatten()
        .unwrap_or_else(|| body.to_vec());
    let body = match named("content-encoding").next() {
        Some(coding) => inflated(&coding.to_ascii_lowercase(), body)?,
        None => body,
    };
    is_page(content_type, &body).then(|| Page {
        content_type: content_type.map(str::to_owned),
        robots_headers: named("x-robots-tag").map(str::to_owned).collect(),
        tdm: ["tdm-reservation", "tdm-policy"].map(|name| named(name).next().map(str::to_owned)),
        body,
    })
}

/// The page of a record that holds no HTTP head.
pub(super) fn resource(content_type: Option<&str>, bytes: &[u8]) -> Option<Page> {
    is_page(content_type, bytes).then(|| Page {
        content_type: content_type.map(str::to_owned),
        robots_headers: Vec::new(),
        tdm: [None, None],
        body: bytes.to_vec(),
    })
}

fn is_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let media = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    match media.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => body.len() <= MAX_BODY_BYTES,
        "" => body.len() <= MAX_BODY_BYTES && body.trim_ascii_start().starts_with(b"<"),
        _ => false,
    }
}

/// A body without the frames of a chunked transfer (RFC 9112, section 7.1); `None` when it has none.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = rest.iter().take(64).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = rest.get(end + 1..)?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        let after = rest.get(size..)?;
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n"))?;
    }
}

/// The body behind a content coding; as it is where an archive stored it inflated already. `None` for a coding that
/// is not known, or a body that is broken or too large.
fn inflated(coding: &str, body: Vec<u8>) -> Option<Vec<u8>> {
    let limit = MAX_BODY_BYTES as u64 + 1;
    let mut out = Vec::new();
    match coding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            let reader = flate2::read::MultiGzDecoder::new(body.as_slice());
            reader.take(limit).read_to_end(&mut out).ok()?;
        }
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
            let reader = flate2::read::ZlibDecoder::new(body.as_slice());
            reader.take(limit).read_to_end(&mut out).ok()?;
        }
        "gzip" | "x-gzip" | "deflate" | "identity" | "" => return Some(body),
        _ => return body.trim_ascii_start().starts_with(b"<").then_some(body),
    }
    (out.len() <= MAX_BODY_BYTES).then_some(out)
}
