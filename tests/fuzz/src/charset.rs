//! Character encodings of feeds and pages.

use fetcher::charset::{decode_xml, of_header, of_page, of_xml};

use crate::input::header_and_body;

/// A byte that means nothing becomes U+FFFD, which has three.
const GROWTH_MAX: usize = 3;

/// The encoding is the same when asked twice, decoding never grows beyond three bytes for one, and text that says that
/// it is UTF-8, and is, stays as it was.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (content_type, body) = header_and_body(data);
    assert_eq!(of_xml(body, content_type), of_xml(body, content_type));
    assert_eq!(of_page(body, content_type), of_page(body, content_type));
    let text = decode_xml(body, content_type);
    assert_eq!(text, decode_xml(body, content_type), "two readings differ");
    let limit = GROWTH_MAX * body.len() + GROWTH_MAX;
    assert!(text.len() <= limit, "{} bytes became {}", body.len(), text.len());
    if let Some(encoding) = content_type.and_then(of_header) {
        assert_eq!(
            encoding_rs::Encoding::for_label(encoding.name().as_bytes()),
            Some(encoding)
        );
    }
    let is_marked = encoding_rs::Encoding::for_bom(body).is_some() || body.contains(&0);
    if let (false, Ok(plain)) = (is_marked, std::str::from_utf8(body)) {
        let kept = decode_xml(body, Some("application/xml; charset=utf-8"));
        assert_eq!(kept, plain, "what is UTF-8 and says so was changed");
    }
}
