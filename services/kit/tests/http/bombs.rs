//! Bodies that would grow without end: they end early, and what was taken of them is small.

use fetcher::exchange::FailureKind::TooLarge;
use fetcher::exchange::{Purpose, Request};

use crate::codings::{br, gzip, zstd};
use crate::exchange::{BODY_MAX, answers, get, loopback, ok, outcome, played, response, settings};
use crate::origin::{Act, Origin};

/// More than the body's limit, and what lies in buffers of the system.
const TAKEN_MAX: usize = 8 << 20;

fn flood(headers: &str, bytes: Vec<u8>) -> Vec<Act> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    vec![Act::Hear, Act::Say(head.into()), Act::Flood(bytes)]
}

fn check_bomb(headers: &str, bytes: Vec<u8>) {
    let (answers, log) = played(settings(), vec![flood(headers, bytes)], 1);
    assert_eq!(outcome(&answers[0]), Err(TooLarge), "{headers}: {:?}", answers[0]);
    assert!(log.sent < TAKEN_MAX, "{headers}: {} bytes were taken", log.sent);
}

#[test]
fn an_endless_body_is_too_large() {
    check_bomb("", vec![b'x'; 10_000]);
    check_bomb("Content-Length: 1000000000000\r\n", vec![b'x'; 10_000]);
    check_bomb(
        "Transfer-Encoding: chunked\r\n",
        [b"3e8\r\n".as_slice(), &[b'x'; 1000], b"\r\n"].concat(),
    );
}

#[test]
fn an_endless_compressed_body_is_too_large() {
    let zeros = vec![0; 1 << 20];
    check_bomb("Content-Encoding: gzip\r\n", gzip(&zeros));
    check_bomb("Content-Encoding: zstd\r\n", zstd(&zeros));
    check_bomb("Content-Encoding: gzip, zstd\r\n", zstd(&gzip(&zeros)));
}

#[test]
fn a_bomb_of_a_few_bytes_is_too_large() {
    let zeros = vec![0; 16 << 20];
    for (codings, bomb) in [
        ("gzip", gzip(&zeros)),
        ("br", br(&zeros)),
        ("zstd", zstd(&zeros)),
        ("gzip, gzip", gzip(&gzip(&zeros))),
        ("zstd, br, gzip", gzip(&br(&zstd(&zeros)))),
    ] {
        assert!(bomb.len() < BODY_MAX, "{codings}: {} bytes", bomb.len());
        check_bomb(&format!("Content-Encoding: {codings}\r\n"), bomb);
    }
}

#[test]
fn padding_without_end_is_too_large() {
    let stream = gzip(b"short");
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    let script = vec![
        Act::Hear,
        Act::Say([head.as_bytes(), &stream].concat()),
        Act::Flood(vec![0; 10_000]),
    ];
    let (answers, log) = played(settings(), vec![script], 1);
    assert_eq!(outcome(&answers[0]), Err(TooLarge));
    assert!(log.sent < TAKEN_MAX, "{} bytes were taken", log.sent);
}

/// What comes of a robots.txt that an origin sends like this.
fn robots(script: Vec<Act>) -> Vec<u8> {
    let origin = Origin::start(vec![script]);
    let request = Request {
        purpose: Purpose::Robots("host".to_owned()),
        ..get(&format!("http://127.0.0.1:{}/robots.txt", origin.port()))
    };
    let answers = answers(settings(), loopback(), &[request]);
    assert!(origin.finish().sent < TAKEN_MAX);
    response(&answers[0]).body.clone()
}

#[test]
fn a_large_robots_txt_is_cut_at_its_limit() {
    let lines = b"Disallow: /a\n".repeat(100_000);
    for script in [
        flood("", lines.clone()),
        flood("Content-Encoding: gzip\r\n", gzip(&lines)),
        flood("Content-Encoding: br\r\n", br(&lines)),
    ] {
        assert_eq!(robots(script), &lines[..BODY_MAX]);
    }
}

#[test]
fn a_body_may_have_exactly_its_limit() {
    let exact = vec![b'x'; BODY_MAX];
    for (headers, body) in [
        ("", exact.clone()),
        ("Content-Encoding: gzip\r\n", gzip(&exact)),
        ("Content-Encoding: br\r\n", br(&exact)),
    ] {
        let script = vec![Act::Hear, Act::Say(ok(headers, body))];
        let (answers, _) = played(settings(), vec![script], 1);
        assert_eq!(outcome(&answers[0]), Ok((200, exact.clone())), "{headers}");
    }
}
