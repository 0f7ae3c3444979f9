//! The character encoding of feeds, and their text: as of pages ([`text_encoding`]), with the XML declaration in the
//! place of `<meta>`.

mod ebcdic;
mod utf32;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
pub use text_encoding::of_header;
use text_encoding::{detected, is_mostly_utf8};

/// How far an XML declaration is looked for, in bytes.
const DECLARATION_BYTES: usize = 1_024;

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
            declared.unwrap_or_else(|| match is_mostly_utf8(body) {
                true => UTF_8,
                false => detected(body),
            })
        }
        Some(encoding) => encoding,
        None if is_utf8 => UTF_8,
        None => detected(body),
    }
}

/// The encoding of a page.
#[must_use]
pub fn of_page(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    text_encoding::of_page(body, content_type)
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
    let start = body.get(..DECLARATION_BYTES).unwrap_or(body);
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

#[cfg(test)]
mod tests;
