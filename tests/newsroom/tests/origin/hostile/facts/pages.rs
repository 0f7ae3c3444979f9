//! Articles and robots.txt.

use super::Fact::{Bytes, Empty, Endless, Header, Lacks, Large, Leads, Nothing, Shows, Silent, Status, Times};
use super::{Case, FEED, STORY, case};

const ROBOTS: &str = "/robots.txt";

pub(super) const CASES: &[Case] = &[
    case("robots-404", ROBOTS, &[&[Status(404)]]),
    case("robots-403", ROBOTS, &[&[Status(403)]]),
    case("robots-410", ROBOTS, &[&[Status(410)]]),
    case("robots-empty", ROBOTS, &[&[Status(200), Empty]]),
    case("robots-500", ROBOTS, &[&[Status(500)], &[Status(500)]]),
    case("robots-503", ROBOTS, &[&[Status(503)]]),
    case("robots-hanging", ROBOTS, &[&[Silent]]),
    case("robots-closing", ROBOTS, &[&[Nothing]]),
    case("robots-html", ROBOTS, &[&[Status(200), Shows("<!DOCTYPE html>")]]),
    case(
        "robots-binary",
        ROBOTS,
        &[&[Status(200), Header("content-type", "image/png"), Large(20_000)]],
    ),
    case(
        "robots-disallow-all",
        ROBOTS,
        &[&[Shows("User-agent: *\nDisallow: /\n")]],
    ),
    case(
        "robots-disallow-path",
        ROBOTS,
        &[&[Shows("Disallow: /story/robots-disallow-path-2\n")]],
    ),
    case(
        "robots-disallow-path",
        FEED,
        &[&[Shows("/story/robots-disallow-path-2<")]],
    ),
    case(
        "robots-mark-first",
        ROBOTS,
        &[&[Bytes("\r\n\r\n\u{ef}\u{bb}\u{bf}User-agent")]],
    ),
    case("robots-bare-returns", ROBOTS, &[&[Shows("*\rDisallow: "), Lacks("\n")]]),
    case("robots-wildcard", ROBOTS, &[&[Shows("disallow:/*-2$")]]),
    case(
        "robots-allow-wins",
        ROBOTS,
        &[&[Shows("Disallow: /\nAllow: /story/robots-allow-wins-1\n")]],
    ),
    case(
        "robots-1mb",
        ROBOTS,
        &[&[Large(1_000_000), Shows("Disallow: /story/robots-1mb-2")]],
    ),
    case(
        "robots-null-bytes",
        ROBOTS,
        &[&[Bytes("\0\u{ff}\u{fe} garbage"), Shows("Disallow: ")]],
    ),
    case(
        "robots-slow-patterns",
        ROBOTS,
        &[&[Shows("*a*a*a*a*a*a*a*a"), Times("Disallow: ", 51)]],
    ),
    case("robots-own-group", ROBOTS, &[&[Shows("User-agent: copydesk")]]),
    case("robots-crawl-delay", ROBOTS, &[&[Shows("Crawl-delay: 2\n")]]),
    case(
        "robots-endless",
        ROBOTS,
        &[&[Status(200), Endless, Shows("Disallow: /story/")]],
    ),
    case("robots-redirect-chain", ROBOTS, &[&[Status(301), Leads("/robots/1")]]),
    case(
        "robots-redirect-chain",
        "/robots/2",
        &[&[Status(302), Leads("/robots/robots-redirect-chain.txt")]],
    ),
    case("robots-redirect-loop", ROBOTS, &[&[Status(302), Leads(ROBOTS)]]),
    case("robots-redirect-far", "/hop/77", &[&[Status(302), Leads("/hop/78")]]),
    case("page-404", STORY, &[&[Status(404)]]),
    case("page-410", STORY, &[&[Status(410)]]),
    case(
        "page-500-then-fine",
        STORY,
        &[&[Status(500)], &[Status(500)], &[Status(200)]],
    ),
    case("page-403", STORY, &[&[Status(403)]]),
    case("page-soft-404", STORY, &[&[Status(200), Shows("Page not found")]]),
    case("page-6mb", STORY, &[&[Status(200), Large(6 * 1024 * 1024)]]),
    case(
        "page-pdf",
        STORY,
        &[&[Header("content-type", "text/html"), Bytes("\r\n\r\n%PDF-1.7")]],
    ),
    case(
        "page-image",
        STORY,
        &[&[Header("content-type", "image/jpeg"), Bytes("\u{ff}\u{d8}\u{ff}")]],
    ),
    case("page-empty", STORY, &[&[Status(200), Empty]]),
    case("page-deep", STORY, &[&[Times("<div>", 200_000), Shows("<article>")]]),
    case(
        "page-attributes-flood",
        STORY,
        &[&[Shows(" a99999"), Shows("<article>")]],
    ),
    case("page-null-bytes", STORY, &[&[Bytes("</p>\0\0\n<p>")]]),
    case(
        "canonical-other-site",
        STORY,
        &[&[Shows("rel=\"canonical\" href=\"https://www.other-paper.example/")]],
    ),
    case(
        "open-graph-other-site",
        STORY,
        &[&[Shows("og:url\" content=\"https://www.other-paper.example/")]],
    ),
    case(
        "canonical-home",
        STORY,
        &[&[Shows("rel=\"canonical\""), Lacks("canonical-home-1")]],
    ),
    case("canonical-broken", STORY, &[&[Shows("href=\"http://[::1/%%%\"")]]),
    case(
        "base-other-site",
        STORY,
        &[&[Shows("<base href=\"https://www.other-paper.example/\">")]],
    ),
    case(
        "meta-refresh",
        STORY,
        &[&[Shows("http-equiv=\"refresh\""), Lacks("<article>")]],
    ),
    case(
        "corrected-article",
        STORY,
        &[
            &[Lacks("Correction:")],
            &[Lacks("Correction:")],
            &[Shows("Correction:")],
        ],
    ),
    case(
        "corrected-article",
        FEED,
        &[&[Shows("21:20:00Z</updated>")], &[], &[Shows("21:21:00Z</updated>")]],
    ),
    case(
        "restless-page",
        STORY,
        &[&[Shows("visitor number 4711")], &[Shows("visitor number 4712")]],
    ),
    case(
        "charset-utf16-little",
        STORY,
        &[&[Header("content-type", "utf-8"), Bytes("\u{ff}\u{fe}<\0!\0")]],
    ),
    case("charset-utf16-big", STORY, &[&[Bytes("\u{fe}\u{ff}\0<\0!")]]),
    case(
        "charset-header-wins",
        STORY,
        &[&[
            Header("content-type", "windows-1252"),
            Shows("charset=\"utf-8\""),
            Bytes("\u{93}a cur\u{e9}"),
        ]],
    ),
    case(
        "charset-latin1",
        STORY,
        &[&[Header("content-type", "ISO-8859-1"), Bytes("\u{93}a cur\u{e9}")]],
    ),
    case(
        "charset-koi8-r",
        STORY,
        &[&[
            Shows("charset=\"koi8-r\""),
            Bytes("\u{f4}\u{d2}\u{c1}\u{cd}\u{d7}\u{c1}\u{ca}"),
        ]],
    ),
    case(
        "charset-late-meta",
        STORY,
        &[&[Shows("charset=Shift_JIS"), Shows("var x = 1; var x = 1;")]],
    ),
    case("two-page-article", STORY, &[&[Shows("Page 1 of 2"), Shows(">2</a>")]]),
    case(
        "same-last-words",
        STORY,
        &[&[Shows("The reporters of the Odd Gazette")]],
    ),
];
