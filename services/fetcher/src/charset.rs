//! The character encoding of pages and feeds, and their text.
//!
//! Pages by the WHATWG standards: byte order mark, HTTP header, `<meta>` in the first bytes, detection. Feeds the
//! same with the XML declaration in the place of `<meta>`.

mod ebcdic;
mod meta;
mod utf32;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a page is searched for `<meta>`, in bytes (WHATWG HTML, "prescan a byte stream").
const PRESCAN_BYTES: usize = 1_024;

/// How far a late `<meta>` is looked for, in bytes.
const LATE_META_BYTES: usize = 64 * 1_024;

/// The text of an XML document in UTF-8; its own bytes where they are that already.
#[must_use]
pub fn decode_xml<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = utf32::decode(body).or_else(|| ebcdic::decode(body)) {
        return Cow::Owned(text);
    }
    let encoding = of_xml(body, content_type);
    let (text, _, _) = encoding.decode(body);
    text
}

/// The encoding of an XML document.
///
/// A label that names a single-byte encoding is not believed of a body that is valid UTF-8 with characters outside
/// ASCII: text in such an encoding is never valid UTF-8 by chance, and servers often send a label of their own.
#[must_use]
pub fn of_xml(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let labelled = of_bytes_order(body)
        .or_else(|| content_type.and_then(of_header))
        .or_else(|| of_declaration(body));
    let is_utf8 = std::str::from_utf8(body).is_ok();
    match labelled {
        Some(encoding) if encoding.is_single_byte() && is_utf8 && !body.is_ascii() => UTF_8,
        // What is labelled UTF-8 and is not was labelled by a default.
        Some(encoding) if encoding == UTF_8 && !is_utf8 => {
            let declared = of_declaration(body).filter(|declared| *declared != UTF_8);
            declared.unwrap_or_else(|| match mostly_utf8(body) {
                true => UTF_8,
                false => detected(body),
            })
        }
        Some(encoding) => encoding,
        None if is_utf8 => UTF_8,
        None => detected(body),
    }
}

/// True when most of the characters outside ASCII are valid UTF-8: a few broken bytes do not change what it is.
fn mostly_utf8(body: &[u8]) -> bool {
    let (valid, broken) = body.utf8_chunks().fold((0, 0), |(valid, broken), chunk| {
        let outside = chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        (valid + outside, broken + usize::from(!chunk.invalid().is_empty()))
    });
    broken < valid
}

/// The encoding of a page, and how it is known.
#[must_use]
pub fn of_page(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let labelled = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    let labelled = labelled.or_else(|| content_type.and_then(of_header));
    let within = |bytes: usize| meta::prescan(body.get(..bytes).unwrap_or(body));
    labelled
        .or_else(|| within(PRESCAN_BYTES))
        // Browsers start over when they meet a later one.
        .or_else(|| within(LATE_META_BYTES))
        .unwrap_or_else(|| detected(body))
}

/// The `charset` parameter of a Content-Type header.
#[must_use]
pub fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, after) = lower.split_once("charset")?;
    let value = after
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .trim_matches(['"', '\'']);
    let end = value.find(|character: char| character.is_whitespace() || matches!(character, ';' | ',' | '"' | '\''));
    Encoding::for_label(value.as_bytes().get(..end.unwrap_or(value.len()))?)
}

/// A byte order mark, or the zeros that UTF-16 puts between the letters of a tag.
fn of_bytes_order(body: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    marked.or(match body {
        [b'<', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    })
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn of_declaration(body: &[u8]) -> Option<&'static Encoding> {
    let start = body.get(..PRESCAN_BYTES).unwrap_or(body);
    let start = String::from_utf8_lossy(start);
    let (_, declaration) = start.split_once("<?xml")?;
    let (declaration, _) = declaration.split_once('>')?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // The declaration was read byte by byte, so it can't be in an encoding of two bytes each.
    match encoding == UTF_16LE || encoding == UTF_16BE {
        true => Some(UTF_8),
        false => Some(encoding),
    }
}

/// What the bytes themselves look like.
fn detected(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(body, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests;
