//! The whole exchange has one limit in time, whatever the origin does to fill it.

use std::sync::Arc;
use std::time::Duration;

use fetcher::exchange::FailureKind::Timeout;
use fetcher::exchange::Request;
use kit::http::{ClientSettings, LookUp};

use crate::codings::gzip;
use crate::exchange::{IMPATIENCE, answers, get, loopback, outcome, settings};
use crate::origin::{Act, Origin};

/// Too short for as many packets as would break another limit.
const DRIPPING: Duration = Duration::from_millis(100);

fn check(acts: &[Act], timeout: Duration) {
    let origin = Origin::start(vec![[&[Act::Hear], acts].concat()]);
    let request = Request {
        max_body_bytes: 1 << 30,
        ..get(&format!("http://127.0.0.1:{}/", origin.port()))
    };
    let settings = ClientSettings { timeout, ..settings() };
    let answers = answers(settings, loopback(), &[request]);
    assert_eq!(outcome(&answers[0]), Err(Timeout), "{acts:?}: {:?}", answers[0]);
    let heard = origin.finish().requests.len();
    assert!(heard <= 1, "a request that timed out is not made again");
}

#[test]
fn an_origin_that_falls_silent_times_out() {
    for said in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nnews",
    ] {
        check(&[Act::Say(said.into()), Act::Wait], IMPATIENCE);
    }
}

#[test]
fn a_head_that_drips_times_out_although_it_never_falls_silent() {
    check(
        &[Act::Say(b"HTTP/1.1 200 OK\r\nX-A: ".to_vec()), Act::Drip(b'x')],
        DRIPPING,
    );
}

#[test]
fn a_body_that_drips_times_out_although_it_never_falls_silent() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    check(&[Act::Say(head.clone()), Act::Drip(b'x')], DRIPPING);
    // Padding behind the stream, which inflates to nothing.
    let inflated = [head, gzip(b"short")].concat();
    check(&[Act::Say(inflated), Act::Drip(0)], DRIPPING);
}

#[test]
fn a_name_that_is_never_resolved_times_out() {
    let silence: LookUp = Arc::new(|_| Box::pin(std::future::pending()));
    let mut settings = settings();
    settings.timeout = IMPATIENCE;
    let answers = answers(settings, silence, &[get("http://slow.test/")]);
    assert_eq!(outcome(&answers[0]), Err(Timeout), "{:?}", answers[0]);
}
