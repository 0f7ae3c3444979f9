//! Headers: how many, how large, which bytes.

use fetcher::exchange::FailureKind::{Decode, TooLarge};
use fetcher::exchange::{Answer, Request};

use crate::exchange::{IMPATIENCE, answer_to, answers, check, get, loopback, ok, outcome, played, response, settings};
use crate::origin::{Act, Origin};

#[test]
fn many_or_large_headers_are_refused() {
    let lines = |count: usize, length: usize| {
        let value = "v".repeat(length);
        (0..count)
            .map(|number| format!("X-{number}: {value}\r\n"))
            .collect::<String>()
    };
    check(ok(&lines(200, 10), "news"), Ok((200, "news")));
    check(ok(&lines(300, 10), "news"), Err(TooLarge));
    check(ok(&lines(1, 60_000), "news"), Ok((200, "news")));
    check(ok(&lines(1, 70_000), "news"), Err(TooLarge));
    check(ok(&lines(40, 2_000), "news"), Err(TooLarge));
}

#[test]
fn endless_headers_end_at_the_first_limit() {
    for flood in ["X-A: b\r\n", "x"] {
        let script = vec![
            Act::Hear,
            Act::Say(b"HTTP/1.1 200 OK\r\n".to_vec()),
            Act::Flood(flood.repeat(1_000).into()),
        ];
        let (answers, log) = played(settings(), vec![script], 1);
        assert_eq!(outcome(&answers[0]), Err(TooLarge), "{:?}", answers[0]);
        assert!(log.sent < 8 << 20, "{} bytes were taken", log.sent);
    }
}

#[test]
fn endless_interim_answers_end_with_the_time() {
    let script = vec![Act::Hear, Act::Flood(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100))];
    let mut settings = settings();
    settings.timeout = IMPATIENCE;
    let (answers, _) = played(settings, vec![script], 1);
    assert_eq!(outcome(&answers[0]), Err(fetcher::exchange::FailureKind::Timeout));
}

#[test]
fn a_header_in_several_lines_is_one_header() {
    let answer = answer_to(&[Act::Say(ok("X-Long: one\r\n  two\r\n", ""))]);
    let value = response(&answer)
        .header("x-long")
        .map(|value| value.split_whitespace().collect::<Vec<_>>());
    assert_eq!(value, Some(vec!["one", "two"]));
}

#[test]
fn places_to_go_to_must_agree() {
    let check = |places: &str, expected: Result<u16, _>| {
        let answer = answer_to(&[Act::Say(
            format!("HTTP/1.1 302 Found\r\n{places}Content-Length: 0\r\n\r\n").into(),
        )]);
        assert_eq!(outcome(&answer).map(|(status, _)| status), expected, "{places}");
    };
    check("Location: /a\r\n", Ok(302));
    check("Location: /a\r\nLocation: /a\r\n", Ok(302));
    check("Location: /a\r\nLocation: http://other.test/\r\n", Err(Decode));
}

#[test]
fn values_are_utf_8_else_latin_1() {
    let bytes =
        [b"HTTP/1.1 200 OK\r\nX-A: caf\xc3\xa9\r\nX-B: caf\xe9\r\nContent-Length: 0\r\n\r\n".as_slice()].concat();
    let answer = answer_to(&[Act::Say(bytes)]);
    assert_eq!(response(&answer).header("x-a"), Some("caf\u{e9}"));
    assert_eq!(response(&answer).header("x-b"), Some("caf\u{e9}"));
}

/// The request that was heard behind the answer with these validators, which a second request sends back.
fn sent_back(validators: &[u8]) -> Vec<u8> {
    let head = [
        b"HTTP/1.1 200 OK\r\n".as_slice(),
        validators,
        b"Content-Length: 0\r\n\r\n",
    ]
    .concat();
    let origin = Origin::start(vec![vec![Act::Hear, Act::Say(head.clone()), Act::Hear, Act::Say(head)]]);
    let url = format!("http://127.0.0.1:{}/", origin.port());
    let first = answers(settings(), loopback(), &[get(&url)]);
    let conditional = |answer: &Answer| {
        let value = |name| response(answer).header(name).map(str::to_owned);
        let (etag, date) = (value("etag"), value("last-modified"));
        let named = [("If-None-Match", etag), ("If-Modified-Since", date)];
        named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    };
    let second = Request {
        headers: conditional(&first[0]).collect(),
        ..get(&url)
    };
    answers(settings(), loopback(), &[second]);
    origin.finish().requests.remove(1)
}

#[test]
fn validators_are_sent_back_byte_for_byte() {
    let check = |sent: &[u8], name: &str| {
        let request = sent_back(&[b"ETag: ".as_slice(), sent, b"\r\n"].concat());
        let header = [name.as_bytes(), b": ", sent, b"\r\n"].concat();
        let is_there = request.windows(header.len()).any(|window| window == header);
        assert!(is_there, "{}", String::from_utf8_lossy(&request));
    };
    for etag in [
        b"\"plain\"".as_slice(),
        b"W/\"weak\"",
        b"unquoted",
        b"\"caf\xe9\"",
        b"\"caf\xc3\xa9\"",
        b"\"\xa0\xff\"",
    ] {
        check(etag, "if-none-match");
    }
    let request = sent_back(b"Last-Modified: Lundi 3 f\xe9vrier 2025\r\n");
    let header = b"if-modified-since: Lundi 3 f\xe9vrier 2025\r\n";
    assert!(request.windows(header.len()).any(|window| window == header));
}

#[test]
fn the_client_says_who_it_is_and_what_it_understands() {
    let (_, log) = played(settings(), vec![vec![Act::Hear, Act::Say(ok("", ""))]], 1);
    let request = String::from_utf8_lossy(&log.requests[0]).to_ascii_lowercase();
    for line in [
        "get / http/1.1",
        "user-agent: copydesk-test/1",
        "accept-encoding: gzip, br, zstd, deflate",
    ] {
        assert!(request.lines().any(|heard| heard == line), "{line} in {request}");
    }
    assert!(!request.contains("referer"), "{request}");
}

#[test]
fn a_form_is_posted() {
    let origin = Origin::start(vec![vec![Act::Hear, Act::Say(ok("", ""))]]);
    let request = Request {
        form: vec![
            ("hub.mode".to_owned(), "subscribe".to_owned()),
            ("hub.topic".to_owned(), "http://a.test/?b=c&d=\u{e9}".to_owned()),
        ],
        ..get(&format!("http://127.0.0.1:{}/hub", origin.port()))
    };
    let answers = answers(settings(), loopback(), &[request]);
    assert_eq!(outcome(&answers[0]), Ok((200, Vec::new())));
    let heard = String::from_utf8_lossy(&origin.finish().requests[0]).into_owned();
    assert!(heard.starts_with("POST /hub HTTP/1.1\r\n"), "{heard}");
    assert!(
        heard.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{heard}"
    );
    let body = "hub.mode=subscribe&hub.topic=http%3A%2F%2Fa.test%2F%3Fb%3Dc%26d%3D%C3%A9";
    assert!(heard.ends_with(&format!("\r\n\r\n{body}")), "{heard}");
}

#[test]
fn a_header_that_can_t_be_sent_fails_before_anything_is_sent() {
    let origin = Origin::start(vec![vec![Act::Hear]]);
    let request = Request {
        headers: vec![("X-A".to_owned(), "a\r\nX-B: b".to_owned())],
        ..get(&format!("http://127.0.0.1:{}/", origin.port()))
    };
    assert_eq!(outcome(&answers(settings(), loopback(), &[request])[0]), Err(Decode));
    assert!(origin.finish().reached_at.is_empty());
}
