//! Bytes to text, in the encoding that [`text_encoding`] finds.

use std::borrow::Cow;

use encoding_rs::Encoding;

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
    let encoding = text_encoding::of_page(bytes, content_type);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        encoding: encoding.name(),
    }
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
