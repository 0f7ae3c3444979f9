//! Which encoding the bytes of a page are in, by the WHATWG standards: byte order mark, HTTP header, `<meta>` in the
//! first bytes, detection.
//!
//! One rule for whoever reads pages: the fetcher, which looks for feeds in them, and the cleaner, which looks for the
//! article. It does not know feeds, HTML beyond the prescan, or where the bytes come from.
//!
//! Start reading at [`of_page`], then `alphabet`.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod alphabet;
mod meta;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// How much of a page is searched for `<meta>`, in bytes (WHATWG HTML, "prescan a byte stream").
const PRESCAN_BYTES: usize = 1_024;

/// How far a late `<meta>` is looked for, in bytes.
const LATE_META_BYTES: usize = 64 * 1_024;

/// How much detection looks at, in bytes: enough for any language, and a bound on its time.
const DETECTION_BYTES: usize = 256 * 1_024;

/// The encoding of a page. `content_type` is the header's value; an unknown label counts as none.
#[must_use]
pub fn of_page(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let within = |bytes: usize| meta::prescan(body.get(..bytes).unwrap_or(body));
    Encoding::for_bom(body)
        .map(|(encoding, _)| encoding)
        .or_else(|| content_type.and_then(of_header))
        .or_else(|| within(PRESCAN_BYTES))
        .unwrap_or_else(|| {
            // Browsers start over when they meet a later `<meta>`. What its bytes contradict is not believed: text in
            // another encoding is never valid UTF-8 by chance.
            let sample = body.get(..DETECTION_BYTES).unwrap_or(body);
            match within(LATE_META_BYTES) {
                _ if !sample.is_ascii() && is_utf8(sample) => UTF_8,
                Some(late) if late != UTF_8 || sample.is_ascii() || is_mostly_utf8(sample) => late,
                _ => detected(sample),
            }
        })
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

/// What the bytes themselves look like.
#[must_use]
pub fn detected(body: &[u8]) -> &'static Encoding {
    let body = body.get(..DETECTION_BYTES).unwrap_or(body);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(body, true);
    alphabet::judged(body, detector.guess(None, Utf8Detection::Allow))
}

/// True when most of the characters outside ASCII are valid UTF-8: a few broken bytes do not change what it is.
#[must_use]
pub fn is_mostly_utf8(body: &[u8]) -> bool {
    let (valid, broken) = body.utf8_chunks().fold((0, 0), |(valid, broken), chunk| {
        let outside = chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        (valid + outside, broken + usize::from(!chunk.invalid().is_empty()))
    });
    broken < valid
}

/// Valid, but for a character that the end of the sample cuts in two.
fn is_utf8(sample: &[u8]) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

#[cfg(test)]
mod tests;
