//! The same promises over HTTP/2, in frames written by hand (RFC 9113).

use fetcher::exchange::Answer;
use fetcher::exchange::FailureKind::{self, TooLarge, Truncated};
use kit::http::ClientSettings;

use crate::codings::gzip;
use crate::exchange::{answers, get, loopback, outcome, settings};
use crate::origin::{Act, Log, Origin, Script};
use crate::tls::Identity;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    let stream = stream.to_be_bytes();
    [&length[1..], &[kind, flags], &stream, payload].concat()
}

/// The server's first frame, behind the client's first request.
fn greeting() -> Act {
    Act::Say(frame(SETTINGS, 0, 0, &[]))
}

/// A head of status 200 with these headers, as literals without Huffman coding (RFC 7541, section 6.2.2).
fn head(headers: &[(&str, &str)], flags: u8) -> Vec<u8> {
    const STATUS_200: u8 = 0x88;
    let text = |text: &str| {
        let length = u8::try_from(text.len()).expect("a short text");
        assert!(length < 127);
        [&[length], text.as_bytes()].concat()
    };
    let fields = headers
        .iter()
        .map(|(name, value)| [&[0], text(name).as_slice(), &text(value)].concat());
    let block = [vec![STATUS_200], fields.collect::<Vec<_>>().concat()].concat();
    frame(HEADERS, END_HEADERS | flags, 1, &block)
}

fn data(bytes: &[u8], flags: u8) -> Vec<u8> {
    frame(DATA, flags, 1, bytes)
}

fn error_code(code: u32) -> [u8; 4] {
    code.to_be_bytes()
}

/// The answers to `count` requests, and what the origin saw.
fn played(scripts: Vec<Script>, count: usize) -> (Vec<Answer>, Log) {
    let authority = Identity::authority();
    let host = Identity::host(&authority, "a.test", 10);
    let origin = Origin::start_tls(scripts, host.acceptor(b"\x02h2"));
    let settings = ClientSettings {
        authorities: vec![authority.pem()],
        ..settings()
    };
    let request = get(&format!("https://a.test:{}/", origin.port()));
    let answers = answers(settings, loopback(), &vec![request; count]);
    (answers, origin.finish())
}

fn check(frames: &[Vec<u8>], expected: Result<&str, FailureKind>) {
    let script = vec![Act::HearHttp2, greeting(), Act::Say(frames.concat()), Act::Wait];
    let (answers, _) = played(vec![script], 1);
    let expected = expected.map(|body| (200, body.as_bytes().to_vec()));
    assert_eq!(outcome(&answers[0]), expected, "{:?}", answers[0]);
}

#[test]
fn whole_answers_are_taken() {
    check(&[head(&[], 0), data(b"ne", 0), data(b"ws", END_STREAM)], Ok("news"));
    check(
        &[head(&[("content-length", "4")], 0), data(b"news", END_STREAM)],
        Ok("news"),
    );
    check(&[head(&[], END_STREAM)], Ok(""));
    check(
        &[
            head(&[("content-encoding", "gzip")], 0),
            data(&gzip(b"news"), END_STREAM),
        ],
        Ok("news"),
    );
}

#[test]
fn cut_answers_are_truncated() {
    check(
        &[head(&[], 0), data(b"ne", 0), frame(RESET, 0, 1, &error_code(2))],
        Err(Truncated),
    );
    check(
        &[head(&[("content-length", "9")], 0), data(b"news", END_STREAM)],
        Err(Truncated),
    );
    let script = vec![
        Act::HearHttp2,
        greeting(),
        Act::Say([head(&[], 0), data(b"ne", 0)].concat()),
    ];
    let (answers, _) = played(vec![script], 1);
    assert_eq!(outcome(&answers[0]), Err(Truncated), "{:?}", answers[0]);
}

#[test]
fn large_heads_and_endless_bodies_are_refused() {
    let value = "v".repeat(120);
    let names: Vec<String> = (0..120).map(|number| format!("x-{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
    check(&[head(&many[..50], 0), data(b"news", END_STREAM)], Ok("news"));
    // One frame holds 16 KiB; what goes on behind it must not grow without end either.
    const CONTINUATION: u8 = 9;
    let block = head(&many, 0).split_off(9);
    let more = frame(CONTINUATION, 0, 1, &block[1..]);
    let begin = frame(HEADERS, 0, 1, &block);
    check(&[begin.clone(), more.repeat(20)], Err(TooLarge));
    let last = frame(CONTINUATION, END_HEADERS, 1, &block[1..]);
    check(&[begin, more.repeat(3), last, data(b"news", END_STREAM)], Err(TooLarge));
    let zeros = gzip(&vec![0; 4 << 20]);
    check(
        &[head(&[("content-encoding", "gzip")], 0), data(&zeros, END_STREAM)],
        Err(TooLarge),
    );
}

#[test]
fn a_server_that_says_good_bye_is_asked_again_on_a_new_connection() {
    let answered = [head(&[], 0), data(b"news", END_STREAM)].concat();
    // Nothing up to the last stream that the server names will be answered: the request behind it was not looked at.
    let good_bye = frame(GO_AWAY, 0, 0, &[1_u32.to_be_bytes(), error_code(0)].concat());
    let leaving = vec![
        Act::HearHttp2,
        greeting(),
        Act::Say(answered.clone()),
        Act::HearHttp2,
        Act::Say(good_bye),
    ];
    let fresh = vec![Act::HearHttp2, greeting(), Act::Say(answered), Act::Wait];
    let (answers, log) = played(vec![leaving, fresh], 2);
    for answer in &answers {
        assert_eq!(outcome(answer), Ok((200, b"news".to_vec())), "{answer:?}");
    }
    assert_eq!(log.reached_at.len(), 2);
}

#[test]
fn a_kept_connection_that_is_cut_is_no_failure() {
    let answered = [head(&[], 0), data(b"news", END_STREAM)].concat();
    let leaving = vec![
        Act::HearHttp2,
        greeting(),
        Act::Say(answered.clone()),
        Act::HearHttp2,
        Act::Reset,
    ];
    let fresh = vec![Act::HearHttp2, greeting(), Act::Say(answered), Act::Wait];
    let (answers, _) = played(vec![leaving, fresh], 2);
    assert_eq!(outcome(&answers[1]), Ok((200, b"news".to_vec())), "{:?}", answers[1]);
}
