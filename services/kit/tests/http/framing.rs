//! Where an answer begins and ends, and what is none.

use fetcher::exchange::FailureKind::{Decode, TooLarge, Truncated};

use crate::exchange::{answer_to, check, outcome};
use crate::origin::Act;

#[test]
fn whole_answers_are_taken_in_every_framing() {
    check("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews", Ok((200, "news")));
    check("HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nnews", Ok((200, "news")));
    check("HTTP/1.1 200 OK\nContent-Length: 4\n\nnews", Ok((200, "news")));
    check("HTTP/1.0 200 OK\r\n\r\nnews", Ok((200, "news")));
    check("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nnews", Ok((200, "news")));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nne\r\n2\r\nws\r\n0\r\n";
    check(format!("{chunked}\r\n"), Ok((200, "news")));
    check(format!("{chunked}X-Trailer: 1\r\n\r\n"), Ok((200, "news")));
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nnews",
        Ok((200, "news")),
    );
    // Chunks win over a length (RFC 9112, section 6.3).
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnews\r\n0\r\n\r\n",
        Ok((200, "news")),
    );
}

#[test]
fn a_body_that_ends_too_early_is_truncated() {
    check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nnews", Err(Truncated));
    check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Err(Truncated));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for cut in ["", "4", "4\r\nne", "4\r\nnews", "4\r\nnews\r\n", "4\r\nnews\r\n0\r\n"] {
        check(format!("{chunked}{cut}"), Err(Truncated));
    }
}

#[test]
fn a_connection_that_ends_before_the_answer_is_truncated() {
    for cut in ["", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Le"] {
        check(cut, Err(Truncated));
    }
}

#[test]
fn a_reset_is_truncation_wherever_it_comes() {
    for before in ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nnews"] {
        let answer = answer_to(&[Act::Say(before.into()), Act::Reset]);
        assert_eq!(outcome(&answer), Err(Truncated), "{before:?}: {answer:?}");
    }
}

#[test]
fn what_is_not_http_is_not_decoded() {
    for bytes in [
        "<html>HTTP/0.9 had no heads</html>",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "* OK IMAP4rev1 ready\r\n",
        "\0\0\0\0\0\0\0\0",
        "HTTP/1.1 two hundred\r\n\r\n",
        "HTTP/1.1 99 Odd\r\n\r\n",
        "HTTP/7.5 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
    ] {
        check(bytes, Err(Decode));
    }
}

#[test]
fn contradictory_or_broken_framing_is_not_decoded() {
    for headers in [
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: -4",
        "Content-Length: 4, 5",
        "Content-Length: four",
        "Content-Length: 99999999999999999999999",
    ] {
        check(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\nnews"), Err(Decode));
    }
    for chunks in [
        "four\r\nnews\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nnews",
        "4\r\nnews and more\r\n0\r\n\r\n",
    ] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        check(format!("{head}{chunks}"), Err(Decode));
    }
}

#[test]
fn headers_with_forbidden_bytes_are_not_decoded() {
    for header in [
        "X-A: a\0b",
        "X-A: a\rb",
        "X A: b",
        ": b",
        "no colon",
        "X\u{1}: b",
        "X-\u{e9}: b",
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\n{header}\r\nContent-Length: 4\r\n\r\nnews");
        check(answer, Err(Decode));
    }
}

#[test]
fn statuses_without_bodies_have_none() {
    check(
        "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nnews",
        Ok((204, "")),
    );
    check(
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nnews",
        Ok((304, "")),
    );
    check(
        "HTTP/1.1 304 Not Modified\r\nContent-Encoding: odd\r\n\r\n",
        Ok((304, "")),
    );
    // This one may not have a body either, but its framing says whether there is one.
    check(
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 4\r\n\r\nnews",
        Ok((205, "news")),
    );
}

#[test]
fn interim_answers_are_passed_over_and_other_protocols_refused() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews";
    check(format!("{interim}{last}"), Ok((200, "news")));
    check(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nnews",
        Err(Decode),
    );
}

#[test]
fn a_part_that_nobody_asked_for_counts_only_when_it_is_the_whole() {
    let check_range = |range: &str, expected| {
        let head = format!("HTTP/1.1 206 Partial Content\r\n{range}Content-Length: 4\r\n\r\n");
        check(format!("{head}news"), expected);
    };
    check_range("Content-Range: bytes 0-3/4\r\n", Ok((200, "news")));
    check_range("Content-Range: bytes 0-3/40\r\n", Err(Truncated));
    check_range("Content-Range: bytes 4-7/8\r\n", Err(Truncated));
    check_range("Content-Range: bytes 0-3/*\r\n", Err(Truncated));
    check_range("", Err(Truncated));
}

#[test]
fn a_status_other_than_success_does_not_depend_on_its_body() {
    for (head, body) in [
        ("Content-Length: 50\r\n", "cut"),
        ("Transfer-Encoding: chunked\r\n", "zz\r\n"),
        ("Content-Encoding: odd\r\n", "anything"),
    ] {
        let answer = answer_to(&[Act::Say(
            format!("HTTP/1.1 301 Moved\r\nLocation: /b\r\n{head}\r\n{body}").into(),
        )]);
        assert_eq!(
            outcome(&answer).map(|(status, _)| status),
            Ok(301),
            "{head}: {answer:?}"
        );
    }
    let large = "x".repeat(200_000);
    check(
        format!("HTTP/1.1 404 Not Found\r\n\r\n{large}"),
        Ok((404, &large[..64 * 1024])),
    );
    check(format!("HTTP/1.1 200 OK\r\n\r\n{large}"), Err(TooLarge));
}
