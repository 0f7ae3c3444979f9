//! Bytes to text: which encoding a page is in.
//!
//! The order is the one of the WHATWG HTML standard ("determining the character encoding"): byte order mark, then
//! the header, then the prescan of the first 1,024 bytes, then detection. Beyond the standard, text that is valid
//! UTF-8 and not plain ASCII is UTF-8 when nothing else was said, and a `meta` after the first 1,024 bytes is
//! evidence where the standard would already be guessing.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

mod prescan;

/// Bytes that a `meta` is looked for in, after the standard's 1,024.
const LATE_META_BYTES: usize = 64 * 1024;

/// Bytes that detection looks at: enough for any language, and a bound on its time.
const DETECTION_BYTES: usize = 256 * 1024;

/// Text and the encoding that it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark; bytes that make no sense are U+FFFD.
    pub text: Cow<'a, str>,
    /// The WHATWG name of the encoding.
    pub encoding: &'static str,
}

/// Decodes a body. `content_type` is the header's value. Never fails: an unknown label counts as none.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        return Decoded {
            text,
            encoding: encoding.name(),
        };
    }
    let encoding = content_type
        .and_then(charset_of)
        .or_else(|| prescan::declared(bytes.get(..1024).unwrap_or(bytes)))
        .unwrap_or_else(|| detect(bytes));
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        encoding: encoding.name(),
    }
}

/// The encoding that a content type names.
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    prescan::charset_in(content_type.as_bytes()).and_then(|label| Encoding::for_label(&label))
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..DETECTION_BYTES).unwrap_or(bytes);
    let is_utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        // A character cut in two by the end of the sample is no error.
        Err(error) => error.error_len().is_none(),
    };
    if is_utf8 && !sample.is_ascii() {
        return UTF_8;
    }
    if let Some(encoding) = prescan::declared(bytes.get(..LATE_META_BYTES).unwrap_or(bytes))
        && encoding != UTF_8
    {
        return encoding;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(bytes: &[u8], content_type: Option<&str>, encoding: &str, starts: &str) {
        let decoded = decode(bytes, content_type);
        assert_eq!(decoded.encoding, encoding, "{}", decoded.text);
        assert!(decoded.text.contains(starts), "{}", decoded.text);
    }

    #[test]
    fn a_byte_order_mark_beats_the_header() {
        check(
            b"\xef\xbb\xbfna\xc3\xafve",
            Some("text/html; charset=windows-1251"),
            "UTF-8",
            "na\u{ef}ve",
        );
        check(b"\xff\xfeh\0i\0", None, "UTF-16LE", "hi");
    }

    #[test]
    fn the_header_beats_the_page() {
        let page = b"<meta charset=utf-8><p>\xcf\xf0\xe8\xe2\xe5\xf2";
        check(
            page,
            Some("text/html;Charset=\"Windows-1251\""),
            "windows-1251",
            "Привет",
        );
    }

    #[test]
    fn the_page_declares_its_encoding() {
        check(
            b"<!-- <meta charset=big5> --><META CHARSET='iso-8859-2'>\xb1",
            None,
            "ISO-8859-2",
            "ą",
        );
        let page = b"<meta content='text/html; charset=euc-kr' http-equiv=Content-Type>\xb0\xa1";
        check(page, None, "EUC-KR", "가");
        check(
            b"<a title='<meta charset=big5>'><meta charset=utf-16><p>\xc3\xa9",
            None,
            "UTF-8",
            "é",
        );
    }

    #[test]
    fn a_declaration_with_an_unknown_label_counts_as_none() {
        check(
            b"<meta charset=klingon><p>caf\xc3\xa9",
            Some("text/html; charset=klingon"),
            "UTF-8",
            "café",
        );
    }

    #[test]
    fn undeclared_text_is_detected() {
        let russian = "Президент страны подписал закон о бюджете на следующий год".as_bytes();
        check(russian, None, "UTF-8", "Президент");
        let (legacy, _, _) = encoding_rs::WINDOWS_1251.encode("Президент страны подписал закон о бюджете");
        check(&legacy, None, "windows-1251", "Президент");
    }

    #[test]
    fn bytes_without_sense_never_panic() {
        check(b"", None, "UTF-8", "");
        check(b"<meta charset", None, "UTF-8", "<meta");
        check(b"<!--", None, "UTF-8", "<!--");
        check(
            b"<meta content='charset=\"x' http-equiv=content-type>",
            None,
            "UTF-8",
            "<meta",
        );
    }
}
