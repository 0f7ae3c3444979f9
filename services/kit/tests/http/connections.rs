//! Which connection a request goes out on.

use fetcher::exchange::FailureKind::{Connect, Truncated};
use fetcher::exchange::{Answer, Request};

use crate::exchange::{answers, get, loopback, ok, outcome, played, response, settings};
use crate::origin::{Act, Origin, Script};

fn answered() -> Script {
    vec![Act::Hear, Act::Say(ok("", "news"))]
}

/// A kept connection on which the second request meets this.
fn then(acts: &[Act]) -> Script {
    [&answered(), [Act::Hear].as_slice(), acts].concat()
}

#[test]
fn one_connection_serves_one_host_after_the_other_request() {
    let script = (0..20).flat_map(|_| answered()).collect();
    let (answers, log) = played(settings(), vec![script], 20);
    assert!(
        answers
            .iter()
            .all(|answer| outcome(answer) == Ok((200, b"news".to_vec())))
    );
    assert_eq!(log.reached_at.len(), 1);
}

#[test]
fn a_connection_is_not_shared_between_names() {
    let origin = Origin::start(vec![vec![Act::Hear, Act::Say(ok("", "news")), Act::Wait]]);
    let requests = ["a.test", "b.test"].map(|name| get(&format!("http://{name}:{}/", origin.port())));
    answers(settings(), loopback(), &requests);
    assert_eq!(origin.finish().reached_at.len(), 2);
}

#[test]
fn a_kept_connection_that_the_server_closed_is_no_failure() {
    for end in [vec![], vec![Act::Reset], vec![Act::Say(b"HTTP/1.1 2".to_vec())]] {
        let (answers, log) = played(settings(), vec![then(&end), answered()], 2);
        assert_eq!(outcome(&answers[1]), Ok((200, b"news".to_vec())), "{end:?}");
        assert_eq!((log.reached_at.len(), log.requests.len()), (2, 3), "{end:?}");
    }
}

#[test]
fn a_server_that_closes_after_each_answer_without_saying_so_is_no_failure() {
    let (answers, _) = played(settings(), vec![answered()], 50);
    for answer in answers {
        assert_eq!(outcome(&answer), Ok((200, b"news".to_vec())), "{answer:?}");
    }
}

#[test]
fn a_time_out_of_the_server_is_its_answer_and_not_asked_again() {
    let late = Act::Say(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec());
    let (answers, log) = played(settings(), vec![then(&[late])], 2);
    assert_eq!(response(&answers[1]).status, 408);
    assert_eq!(log.requests.len(), 2);
}

#[test]
fn a_new_connection_that_fails_is_a_failure_at_once() {
    let (answers, log) = played(settings(), vec![vec![Act::Hear]], 1);
    assert_eq!(outcome(&answers[0]), Err(Truncated));
    assert_eq!((log.reached_at.len(), log.requests.len()), (1, 1));
}

#[test]
fn a_second_try_that_fails_is_a_failure() {
    let (answers, log) = played(settings(), vec![then(&[]), vec![Act::Hear]], 2);
    assert_eq!(outcome(&answers[1]), Err(Truncated));
    assert_eq!(log.requests.len(), 3);
}

#[test]
fn a_body_that_is_cut_on_a_kept_connection_is_not_asked_for_again() {
    let cut = Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nnews".to_vec());
    let (answers, log) = played(settings(), vec![then(&[cut]), answered()], 2);
    assert_eq!(outcome(&answers[1]), Err(Truncated));
    assert_eq!(log.requests.len(), 2);
}

#[test]
fn a_form_is_never_sent_twice() {
    let origin = Origin::start(vec![then(&[]), answered()]);
    let page = get(&format!("http://127.0.0.1:{}/", origin.port()));
    let form = Request {
        form: vec![("a".to_owned(), "b".to_owned())],
        ..page.clone()
    };
    let answers = answers(settings(), loopback(), &[page, form]);
    assert_eq!(outcome(&answers[1]), Err(Truncated));
    assert_eq!(origin.finish().requests.len(), 2);
}

#[test]
fn what_a_server_says_unasked_is_not_the_next_answer() {
    // The tail of the first answer looks like another answer; it must not be taken for the second one.
    let smuggled = [ok("", "news"), ok("", "smuggled")].concat();
    let (answers, _) = played(
        settings(),
        vec![vec![Act::Hear, Act::Say(smuggled), Act::Wait], answered()],
        2,
    );
    assert_eq!(outcome(&answers[0]), Ok((200, b"news".to_vec())));
    assert_eq!(outcome(&answers[1]), Ok((200, b"news".to_vec())));
}

#[test]
fn the_detail_tells_a_refused_connection_from_an_unknown_name() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let refused = answers(settings(), loopback(), &[get(&format!("http://a.test:{port}/"))]);
    let nowhere =
        std::sync::Arc::new(|_| -> kit::http::Found { Box::pin(async { Err(std::io::Error::other("no such name")) }) });
    let unknown = answers(settings(), nowhere, &[get("http://a.test/")]);
    let nothing = std::sync::Arc::new(|_| -> kit::http::Found { Box::pin(async { Ok(Vec::new()) }) });
    let empty = answers(settings(), nothing, &[get("http://a.test/")]);
    for (answer, begin) in [
        (&refused[0], "no connection to the host: "),
        (&unknown[0], "the name a.test does not resolve: no such name"),
        (&empty[0], "the name a.test does not resolve: "),
    ] {
        match answer {
            Answer::Failure(failure) => {
                assert_eq!(failure.kind, Connect);
                assert!(failure.detail.starts_with(begin), "{failure:?}");
            }
            Answer::Response(response) => panic!("{response:?}"),
        }
    }
}
