//! Fetching from an origin that plays a script.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use fetcher::exchange::{Answer, FailureKind, Purpose, Request, Response};
use fetcher::ssrf::Policy;
use kit::http::{Client, ClientSettings, LookUp};

use crate::origin::{Act, Log, Origin, Script};

/// Longer than any exchange that is not meant to time out.
const PATIENCE: Duration = Duration::from_secs(60);
/// For exchanges that are.
pub(crate) const IMPATIENCE: Duration = Duration::from_millis(500);
/// The most that bodies may have, unless a test says otherwise.
pub(crate) const BODY_MAX: usize = 100_000;

/// What came of a request: status and body, or the kind of failure.
pub(crate) type Outcome = Result<(u16, Vec<u8>), FailureKind>;

/// Settings that let everything be connected to.
pub(crate) fn settings() -> ClientSettings {
    ClientSettings {
        user_agent: "copydesk-test/1".to_owned(),
        timeout: PATIENCE,
        policy: policy(&["0.0.0.0/0", "::/0"]),
        proxy: String::new(),
        authorities: Vec::new(),
    }
}

/// Lets these networks be connected to besides public ones.
pub(crate) fn policy(networks: &[&str]) -> Policy {
    let network = |text: &&str| text.parse().expect("a network");
    Policy::new(networks.iter().map(network).collect())
}

/// Every name is the first loopback address.
pub(crate) fn loopback() -> LookUp {
    Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) }))
}

/// A GET of a page.
pub(crate) fn get(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        host: "host".to_owned(),
        purpose: Purpose::Page,
        headers: Vec::new(),
        max_body_bytes: BODY_MAX,
        ..Request::default()
    }
}

/// The answers to these requests, one after the other, by one client that is gone when they are there.
pub(crate) fn answers(settings: ClientSettings, look_up: LookUp, requests: &[Request]) -> Vec<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let client = Client::with_look_up(settings, look_up).expect("a client");
        let mut answers = Vec::new();
        for request in requests {
            answers.push(client.fetch(request).await);
            // The tasks behind a connection take some turns to hand it back; on this thread each yield is a turn.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        }
        answers
    })
}

/// The answers to `count` GETs from an origin with these scripts, and what the origin saw.
pub(crate) fn played(settings: ClientSettings, scripts: Vec<Script>, count: usize) -> (Vec<Answer>, Log) {
    let origin = Origin::start(scripts);
    let request = get(&format!("http://127.0.0.1:{}/", origin.port()));
    let answers = answers(settings, loopback(), &vec![request; count]);
    (answers, origin.finish())
}

/// The answer of an origin that hears a request and does this.
pub(crate) fn answer_to(acts: &[Act]) -> Answer {
    let script = [&[Act::Hear], acts].concat();
    let (mut answers, _) = played(settings(), vec![script], 1);
    answers.remove(0)
}

/// Checks what comes of an exchange in which the origin sends `bytes` and closes.
pub(crate) fn check(bytes: impl AsRef<[u8]>, expected: Result<(u16, &str), FailureKind>) {
    let bytes = bytes.as_ref();
    let answer = answer_to(&[Act::Say(bytes.to_vec())]);
    let expected = expected.map(|(status, body)| (status, body.as_bytes().to_vec()));
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
    assert_eq!(outcome(&answer), expected, "{shown}\n{answer:?}");
}

pub(crate) fn outcome(answer: &Answer) -> Outcome {
    match answer {
        Answer::Response(response) => Ok((response.status, response.body.clone())),
        Answer::Failure(failure) => Err(failure.kind),
    }
}

pub(crate) fn response(answer: &Answer) -> &Response {
    match answer {
        Answer::Response(response) => response,
        Answer::Failure(failure) => panic!("a failure: {failure:?}"),
    }
}

/// A response of status 200 with a length.
pub(crate) fn ok(headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}
