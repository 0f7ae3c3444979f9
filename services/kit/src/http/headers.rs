//! Headers as bytes on the wire and as text for the machines, and how many of them an answer may have.

use fetcher::exchange::{Failure, FailureKind};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Header lines of one answer. Busy news sites send 30 to 60.
pub(super) const COUNT_MAX: usize = 256;
/// Bytes of all header lines of one answer. Content security policies and cookies make some 10 KB on busy sites.
pub(super) const BYTES_MAX: u32 = 64 * 1024;

/// Validators are opaque to us and go back byte for byte, so their text is Latin-1 whatever they contain: it has one
/// character for each byte.
const OPAQUE: [&str; 4] = ["etag", "last-modified", "if-none-match", "if-modified-since"];

/// The header of a request with this text as its value.
pub(super) fn to_send(name: &str, text: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let name_bytes = HeaderName::from_bytes(name.as_bytes());
    let is_opaque = OPAQUE.iter().any(|opaque| name.eq_ignore_ascii_case(opaque));
    let latin = is_opaque.then(|| text.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect());
    let value: Vec<u8> = latin.flatten().unwrap_or_else(|| text.as_bytes().to_vec());
    match (name_bytes, HeaderValue::from_bytes(&value)) {
        (Ok(name), Ok(value)) => Ok((name, value)),
        _ => Err(Failure {
            kind: FailureKind::Decode,
            detail: format!("the request's header {name:?} has bytes that no header may have"),
        }),
    }
}

/// The headers of an answer as text, in order: UTF-8, else Latin-1; validators always Latin-1.
pub(super) fn received(headers: &HeaderMap) -> Result<Vec<(String, String)>, Failure> {
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if COUNT_MAX < headers.len() || usize::try_from(BYTES_MAX).is_ok_and(|max| max < bytes) {
        return Err(Failure {
            kind: FailureKind::TooLarge,
            detail: format!("the headers have {} lines and {bytes} bytes", headers.len()),
        });
    }
    // Two places to go to are what a header smuggled into an answer looks like; browsers refuse them as well.
    let mut places = headers.get_all("location").iter();
    let first = places.next();
    if places.any(|place| Some(place) != first) {
        return Err(Failure {
            kind: FailureKind::Decode,
            detail: "the answer has several Location headers that differ".to_owned(),
        });
    }
    let text = |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), text(name.as_str(), value.as_bytes()));
    Ok(headers.iter().map(text).collect())
}

fn text(name: &str, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() || !OPAQUE.contains(&name) => text.to_owned(),
        _ => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_beyond_latin_1_is_sent_as_utf_8() {
        let (_, value) = to_send("If-None-Match", "\"\u{65b0}\"").expect("a value");
        assert_eq!(value.as_bytes(), "\"\u{65b0}\"".as_bytes());
        let (_, value) = to_send("X-Key", "caf\u{e9}").expect("a value");
        assert_eq!(value.as_bytes(), "caf\u{e9}".as_bytes());
    }

    #[test]
    fn a_line_break_is_not_sent() {
        let failure = to_send("X-Key", "a\r\nHost: b").expect_err("a failure");
        assert_eq!(failure.kind, FailureKind::Decode);
        let failure = to_send("X Key", "a").expect_err("a failure");
        assert_eq!(failure.kind, FailureKind::Decode);
    }

    proptest! {
        #[test]
        fn validators_go_back_byte_for_byte(bytes in prop::collection::vec(0x20_u8..=0xff, 0..40)) {
            prop_assume!(!bytes.contains(&0x7f));
            let (_, sent) = to_send("If-None-Match", &text("etag", &bytes)).expect("a value");
            prop_assert_eq!(sent.as_bytes(), bytes.as_slice());
        }

        #[test]
        fn other_text_is_kept_when_it_is_utf_8(value in "[ -~\u{a0}-\u{2fff}]{0,40}") {
            prop_assert_eq!(text("location", value.as_bytes()), value);
        }
    }
}
