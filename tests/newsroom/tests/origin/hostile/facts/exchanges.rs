//! Transfers, codings, redirects, statuses, validators and headers.

use super::Fact::{
    Bytes, CutChunks, Empty, Endless, Header, Inflates, Large, Leads, Nothing, Short, Shows, Silent, Status,
};
use super::{Case, FEED, STORY, case};

/// A head of its own, and nothing of the article in plain sight.
const GZIP: &[&[super::Fact]] = &[&[Status(200), Header("content-encoding", "gzip"), Bytes("\u{1f}\u{8b}")]];

pub(super) const CASES: &[Case] = &[
    case("hanging-feed", FEED, &[&[Silent]]),
    case(
        "hanging-body",
        FEED,
        &[&[Status(200), Silent, Shows("<rss"), Large(100)]],
    ),
    case("dripping-feed", FEED, &[&[Status(200), Silent]]),
    case("hanging-page", STORY, &[&[Silent], &[Status(200)]]),
    case("slow-feed", FEED, &[&[Status(200), Silent, Empty]]),
    Case {
        headers: &["If-None-Match: \"half\""],
        ..case(
            "truncated-feed",
            FEED,
            &[&[Short, Header("etag", "\"half\"")], &[Status(304)]],
        )
    },
    case(
        "truncated-page",
        STORY,
        &[&[Status(200), Short], &[Status(200), Shows("</html>")]],
    ),
    case(
        "cut-chunks",
        STORY,
        &[&[Status(200), CutChunks], &[Status(200), Shows("</html>")]],
    ),
    case(
        "missing-last-chunk",
        STORY,
        &[&[Status(200), CutChunks], &[Status(200), Shows("</html>")]],
    ),
    case("empty-answer", FEED, &[&[Nothing]]),
    case("endless-page", STORY, &[&[Status(200), Endless]]),
    case("endless-feed", FEED, &[&[Status(200), Endless]]),
    case("header-flood", FEED, &[&[Endless, Bytes("X-Padding: padding")]]),
    case(
        "large-header",
        FEED,
        &[&[Status(200), Header("x-padding", "pppppppp"), Shows("<rss")]],
    ),
    case(
        "garbage-status",
        FEED,
        &[&[Bytes("ICY TWO HUNDRED"), Bytes("\0\u{1}\u{ff}")]],
    ),
    case("status-999", FEED, &[&[Status(999)]]),
    case(
        "two-lengths",
        FEED,
        &[&[
            Header("content-length", "17"),
            Bytes("Content-Length: 17\r\nContent-Length: "),
        ]],
    ),
    case("coding-gzip", STORY, GZIP),
    case(
        "coding-x-gzip",
        STORY,
        &[&[Header("content-encoding", "x-gzip"), Bytes("\u{1f}\u{8b}")]],
    ),
    case(
        "coding-upper-case",
        STORY,
        &[&[Header("content-encoding", "GZIP"), Bytes("\u{1f}\u{8b}")]],
    ),
    case(
        "coding-deflate-zlib",
        STORY,
        &[&[Header("content-encoding", "deflate"), Bytes("\r\n\r\n\u{78}\u{9c}")]],
    ),
    case(
        "coding-deflate-raw",
        STORY,
        &[&[Header("content-encoding", "deflate"), Large(300)]],
    ),
    case("coding-br", STORY, &[&[Header("content-encoding", "br"), Large(300)]]),
    case(
        "coding-zstd",
        STORY,
        &[&[Header("content-encoding", "zstd"), Bytes("\u{28}\u{b5}\u{2f}\u{fd}")]],
    ),
    case(
        "coding-identity",
        STORY,
        &[&[Header("content-encoding", "identity"), Shows("<article>")]],
    ),
    case(
        "coding-layered",
        STORY,
        &[&[Header("content-encoding", "gzip, br"), Large(300)]],
    ),
    case(
        "coding-two-headers",
        STORY,
        &[&[Bytes("Content-Encoding: gzip\r\nContent-Encoding: br\r\n")]],
    ),
    case("coding-gzip-members", STORY, GZIP),
    case("coding-gzip-feed", FEED, GZIP),
    case(
        "coding-truncated-gzip",
        STORY,
        &[&[Status(200), Header("content-encoding", "gzip"), Large(300)]],
    ),
    case(
        "coding-wrong",
        STORY,
        &[&[Header("content-encoding", "br"), Bytes("\r\n\r\n\u{1f}\u{8b}")]],
    ),
    case(
        "coding-unknown",
        STORY,
        &[&[Header("content-encoding", "x-odd"), Large(300)]],
    ),
    case(
        "gzip-bomb",
        FEED,
        &[&[
            Header("content-encoding", "gzip"),
            Inflates(100_000_000),
            Large(10_000_000),
        ]],
    ),
    case(
        "layered-bomb",
        FEED,
        &[&[Header("content-encoding", "gzip, gzip"), Inflates(1_000_000)]],
    ),
    case(
        "gzip-bomb-page",
        STORY,
        &[&[Header("content-encoding", "gzip"), Inflates(100_000_000)]],
    ),
    case(
        "many-codings",
        STORY,
        &[&[Header("content-encoding", "gzip, gzip, gzip, gzip"), Shows("<article>")]],
    ),
    case("looping-feed", FEED, &[&[Status(302), Leads(FEED)]]),
    case("redirect-chain-feed", FEED, &[&[Status(302), Leads("/hop/1")]]),
    case(
        "redirect-chain-feed",
        "/hop/9999",
        &[&[Status(302), Leads("/hop/10000")]],
    ),
    case("redirect-chain-page", STORY, &[&[Status(302), Leads("/hop/1")]]),
    case(
        "redirect-pair",
        STORY,
        &[&[Status(301), Leads("/story/redirect-pair-2")]],
    ),
    case("redirect-without-target", STORY, &[&[Status(302), Empty]]),
    case(
        "redirect-to-other-host",
        STORY,
        &[&[Status(302), Leads("/story/redirect-to-other-host-1")]],
    ),
    case("redirect-relative", STORY, &[&[Status(302), Leads("../landed")]]),
    case("redirect-307", STORY, &[&[Status(307), Leads("/landed")]]),
    case("redirect-308", STORY, &[&[Status(308), Leads("/landed")]]),
    case(
        "redirect-without-scheme",
        STORY,
        &[&[Status(301), Bytes("Location: //127.0.0.1:")]],
    ),
    case(
        "redirect-with-fragment",
        STORY,
        &[&[Status(302), Leads("/landed?part=a b#top")]],
    ),
    case(
        "forbidden-links",
        FEED,
        &[&[Shows("//169.254.169.254/"), Shows("//[::1]:"), Shows("//0.0.0.0:")]],
    ),
    case(
        "forbidden-odd-links",
        FEED,
        &[&[Shows("//0xA9FEA9FE/"), Shows("//[::ffff:10.0.0.1]/")]],
    ),
    case(
        "forbidden-schemes",
        FEED,
        &[&[Shows("<link>file:///etc/passwd<"), Shows("<link>gopher:")]],
    ),
    case(
        "forbidden-redirects",
        STORY,
        &[&[
            Status(302),
            Leads("169.254.169.254/forbidden-redirects/latest/meta-data/"),
        ]],
    ),
    case(
        "forbidden-redirects",
        "/story/forbidden-redirects-6",
        &[&[Status(302), Header("location", "http://[::1]:")]],
    ),
    case(
        "forbidden-feed-redirect",
        FEED,
        &[&[Status(301), Header("location", "//169.254.169.254/")]],
    ),
    case(
        "forbidden-feed-file",
        FEED,
        &[&[Status(302), Leads("file:///etc/passwd")]],
    ),
    case(
        "forbidden-second-hop",
        "/hop",
        &[&[Status(302), Header("location", "http://0.0.0.0:")]],
    ),
    case(
        "forbidden-robots",
        "/robots.txt",
        &[&[Status(302), Header("location", "http://0.0.0.0:")]],
    ),
    case("feed-301", FEED, &[&[Status(301), Leads("/feed/feed-301-1.xml")]]),
    case("feed-308", FEED, &[&[Status(308), Leads("/feed/feed-308-1.xml")]]),
    case("feed-302", FEED, &[&[Status(302), Leads("/feed/feed-302-1.xml")]]),
    case("feed-307", FEED, &[&[Status(307), Leads("/feed/feed-307-1.xml")]]),
    case("feed-301-after-302", FEED, &[&[Status(302), Leads("/now.xml")]]),
    case(
        "feed-301-after-302",
        "/now.xml",
        &[&[Status(301), Leads("/feed/feed-301-after-302-1.xml")]],
    ),
    case("feed-301-home", FEED, &[&[Status(301), Leads("/")]]),
    case(
        "feed-301-home",
        "/",
        &[&[Status(200), Header("content-type", "text/html")]],
    ),
    case("feed-410", FEED, &[&[Status(410)]]),
    case("feed-404", FEED, &[&[Status(404)]]),
    case("feed-403", FEED, &[&[Status(403)]]),
    case("feed-401", FEED, &[&[Status(401)]]),
    case("feed-500", FEED, &[&[Status(500)]]),
    case(
        "feed-html",
        FEED,
        &[&[Status(200), Header("content-type", "text/html")]],
    ),
    Case {
        headers: &["If-None-Match: \"error\""],
        ..case(
            "feed-500-then-fine",
            FEED,
            &[&[Status(500), Header("etag", "error")], &[Status(304)]],
        )
    },
    case(
        "retry-after-seconds",
        FEED,
        &[&[Status(503), Header("retry-after", "4")], &[Status(200)]],
    ),
    case(
        "retry-after-429",
        FEED,
        &[&[Status(429), Header("retry-after", "4")], &[Status(200)]],
    ),
    case(
        "retry-after-imf",
        FEED,
        &[&[Status(503), Header("retry-after", " GMT"), Header("retry-after", ", ")]],
    ),
    case(
        "retry-after-rfc850",
        FEED,
        &[&[Status(503), Header("retry-after", "day, "), Header("retry-after", "-")]],
    ),
    case(
        "retry-after-asctime",
        FEED,
        &[&[Status(503), Header("retry-after", ":")], &[Status(200)]],
    ),
    case(
        "retry-after-nonsense",
        FEED,
        &[&[Status(503), Header("retry-after", "while")], &[Status(200)]],
    ),
    case(
        "retry-after-day",
        FEED,
        &[&[Status(503), Header("retry-after", "86400")], &[Status(503)]],
    ),
    case(
        "retry-after-page",
        STORY,
        &[&[Status(503), Header("retry-after", "4")], &[Status(200)]],
    ),
    case("tag-weak", FEED, &[&[Status(200), Header("etag", "W/\"33a64df5\"")]]),
    Case {
        headers: &["If-None-Match: W/\"33a64df5\""],
        ..case("tag-weak", FEED, &[&[Status(304)]])
    },
    Case {
        headers: &["If-None-Match: 33a64df5-gzip"],
        ..case("tag-unquoted", FEED, &[&[Status(304)]])
    },
    case(
        "tag-odd-quotes",
        FEED,
        &[&[Status(200), Header("etag", "\"a,b\"c;\"d\"")]],
    ),
    case(
        "tag-bytes",
        FEED,
        &[&[Status(200), Bytes("ETag: \"caf\u{e9}\u{ff}\u{80}\"\r\n")]],
    ),
    Case {
        headers: &["If-None-Match: \"caf\u{e9}\u{ff}\u{80}\""],
        ..case("tag-bytes", FEED, &[&[Status(304)]])
    },
    case(
        "tag-long",
        FEED,
        &[&[Status(200), Header("etag", "tttttttttttttttttttttttttttttttt")]],
    ),
    case("date-odd", FEED, &[&[Status(200), Header("last-modified", "Nov  31")]]),
    Case {
        headers: &["If-Modified-Since: Sun Nov  31 2025 25:61:00 +0099"],
        ..case("date-odd", FEED, &[&[Status(304)]])
    },
    case(
        "always-304",
        FEED,
        &[
            &[Status(200), Header("etag", "for-ever")],
            &[Status(200), Shows("always-304-2")],
        ],
    ),
    Case {
        headers: &["If-Modified-Since: yesterday"],
        ..case("always-304", FEED, &[&[Status(304)]])
    },
    case(
        "changing-tag",
        FEED,
        &[&[Header("etag", "\"0\"")], &[Header("etag", "\"1\"")]],
    ),
    case("unasked-304", FEED, &[&[Status(304)], &[Status(200)]]),
    case(
        "same-tag",
        FEED,
        &[
            &[Header("etag", "same")],
            &[Header("etag", "same"), Shows("same-tag-2")],
        ],
    ),
    case("page-304", STORY, &[&[Status(304)], &[Status(200)]]),
    case("location-escapes", FEED, &[&[Status(302), Bytes("\u{1b}[2J")]]),
    case(
        "location-line-breaks",
        FEED,
        &[&[Status(302), Header("location", "%0d%0aX-Forged")]],
    ),
    case(
        "reason-escapes",
        FEED,
        &[&[Status(500), Bytes("500 \u{1b}[2Jall is well")]],
    ),
    case(
        "type-escapes",
        FEED,
        &[&[Status(200), Header("content-type", "\u{1b}[2J")]],
    ),
];
