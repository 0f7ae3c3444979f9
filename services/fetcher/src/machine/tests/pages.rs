use schemas::fate::{Fate, NotFetchedReason};
use schemas::fetched::Content;
use schemas::source::Source;

use super::world::{Origin, World, failure, ok, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};

const FEED: &str = "https://example.org/feed";
const STORY: &str = "https://example.org/story?utm_source=rss#top";
const ASKED: &str = "https://example.org/story?utm_source=rss";

fn feed(text: &str) -> String {
    format!(
        "<rss><channel><language>en</language><item><title>A &amp; B</title><link>{STORY}</link>\
        <dc:creator>Jo Doe</dc:creator><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate>\
        <description><![CDATA[{text}]]></description></item></channel></rss>"
    )
}

/// Answers the feed, allows robots, and answers the page by `page`.
fn origin(text: &'static str, page: impl Fn(&Request) -> Answer + 'static) -> Origin {
    Box::new(move |request, _| match &request.purpose {
        Purpose::Feed(_) => ok(&feed(text)),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page => page(request),
    })
}

fn check_fate(page: impl Fn(&Request) -> Answer + 'static, expected: NotFetchedReason, requests: usize) {
    let mut world = World::new(&[FEED]);
    world.run_for(5 * 24 * 3_600, &mut origin("", page));
    assert_eq!(world.fates, [(STORY.to_owned(), Fate::NotFetched(expected))]);
    let pages = world
        .requests
        .iter()
        .filter(|(_, request)| request.purpose == Purpose::Page)
        .count();
    assert_eq!(pages, requests, "{expected:?}");
    assert_eq!(world.fetcher.pending_count(), 0);
    assert!(world.fetched.is_empty());
}

#[test]
fn a_page_is_fetched_with_what_the_feed_said() {
    let mut world = World::new(&[FEED]);
    let page = |_: &Request| {
        status(
            200,
            &[("content-type", "text/html"), ("X-Robots-Tag", "noarchive")],
            "<p>x</p>",
        )
    };
    world.run_for(3_600, &mut origin("", page));
    let [fetched] = world.fetched.as_slice() else {
        panic!("{} records", world.fetched.len());
    };
    assert_eq!(fetched.trace.requested_url, STORY);
    assert_eq!(fetched.url, ASKED);
    assert_eq!(fetched.content_type.as_deref(), Some("text/html"));
    assert_eq!(fetched.robots_headers, ["noarchive"]);
    assert_eq!(fetched.content, Content::Page);
    assert_eq!(fetched.hints.title.as_deref(), Some("A & B"));
    assert_eq!(fetched.hints.authors, ["Jo Doe"]);
    assert_eq!(fetched.hints.language.as_deref(), Some("en"));
    assert_eq!(
        fetched.hints.published_at.unwrap().to_string(),
        "2026-11-22T10:00:00.000Z"
    );
    assert_eq!(world.fetcher.pending_count(), 0);
}

#[test]
fn each_status_has_its_fate() {
    check_fate(|_| status(404, &[], ""), NotFetchedReason::Gone, 1);
    check_fate(|_| status(410, &[], ""), NotFetchedReason::Gone, 1);
    check_fate(|_| failure(FailureKind::RefusedAddress), NotFetchedReason::Refused, 1);
    check_fate(|_| failure(FailureKind::TooLarge), NotFetchedReason::GivenUp, 1);
    for code in [304, 400, 401, 403, 451, 500, 502, 999] {
        check_fate(move |_| status(code, &[], ""), NotFetchedReason::GivenUp, 5);
    }
    for kind in [
        FailureKind::Connect,
        FailureKind::Timeout,
        FailureKind::Tls,
        FailureKind::Truncated,
    ] {
        check_fate(move |_| failure(kind), NotFetchedReason::GivenUp, 5);
    }
    check_fate(|_| status(302, &[], ""), NotFetchedReason::GivenUp, 5);
    check_fate(
        |_| status(302, &[("location", "ftp://example.org/")], ""),
        NotFetchedReason::GivenUp,
        5,
    );
    check_fate(
        |request| status(302, &[("location", &format!("{}x", request.url))], ""),
        NotFetchedReason::Redirects,
        6,
    );
    check_fate(
        |request| status(302, &[("location", &request.url)], ""),
        NotFetchedReason::Redirects,
        6,
    );
}

#[test]
fn an_overloaded_server_delays_an_entry_and_does_not_end_it() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(move |request, now| match &request.purpose {
        Purpose::Feed(_) => ok(&feed("")),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page if now.millis_since(start) < 2 * 24 * 3_600_000 => status(429, &[("retry-after", "3600")], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    world.run_for(3 * 24 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), 1);
    assert!(world.fates.is_empty());
}

#[test]
fn redirects_are_followed_on_the_host_and_over_the_frontier() {
    for target in ["/elsewhere", "https://other.example/elsewhere"] {
        let mut world = World::new(&[FEED]);
        let page = move |request: &Request| match request.url.ends_with("elsewhere") {
            true => ok("<p>x</p>"),
            false => status(301, &[("Location", target)], ""),
        };
        world.run_for(3_600, &mut origin("", page));
        let [fetched] = world.fetched.as_slice() else {
            panic!("{} records", world.fetched.len());
        };
        assert!(fetched.url.ends_with("elsewhere"));
        assert_eq!(fetched.trace.requested_url, STORY);
        assert_eq!(fetched.hints.title.as_deref(), Some("A & B"));
        assert_eq!(world.fetcher.pending_count(), 0);
    }
}

fn robots(answer: impl Fn() -> Answer + 'static, text: &'static str) -> World {
    let mut world = World::new(&[FEED]);
    let mut origin: Origin = Box::new(move |request, _| match &request.purpose {
        Purpose::Feed(_) => ok(&feed(text)),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => answer(),
        Purpose::Page => ok("<p>x</p>"),
    });
    world.run_for(5 * 24 * 3_600, &mut origin);
    world
}

#[test]
fn robots_decides_before_the_first_page() {
    let allowing: [fn() -> Answer; 5] = [
        || ok("user-agent: *\ndisallow: /private\n"),
        || ok("user-agent: *\ndisallow: /\nuser-agent: newsbot\nallow: /\n"),
        || status(404, &[], ""),
        || status(403, &[], ""),
        || status(302, &[("location", "/robots.txt")], ""),
    ];
    for answer in allowing {
        let world = robots(answer, "");
        assert_eq!(world.fetched.len(), 1);
        assert!(matches!(world.requests[1].1.purpose, Purpose::Robots(_)));
        assert_eq!(world.requests[1].1.url, "https://example.org/robots.txt");
    }
}

#[test]
fn what_robots_forbids_ends_or_comes_from_the_feed() {
    let forbid = || ok("user-agent: *\ndisallow: /\n");
    let world = robots(forbid, "a teaser");
    assert_eq!(
        world.fates,
        [(STORY.to_owned(), Fate::NotFetched(NotFetchedReason::Robots))]
    );
    let long: &'static str = "<p>Every word of the story stands in the feed.</p>".repeat(10).leak();
    let world = robots(forbid, long);
    assert!(world.fates.is_empty());
    let [fetched] = world.fetched.as_slice() else {
        panic!("{} records", world.fetched.len());
    };
    assert_eq!(fetched.content, Content::FeedHtml);
    assert_eq!(fetched.body, long.as_bytes());
    assert_eq!(world.requested(ASKED), 0);
}

#[test]
fn entries_wait_for_a_robots_txt_that_cannot_be_had() {
    let unreachable: [fn() -> Answer; 3] = [
        || status(500, &[], ""),
        || failure(FailureKind::Timeout),
        || status(429, &[], ""),
    ];
    for answer in unreachable {
        let world = robots(answer, "");
        assert_eq!(
            world.fates,
            [(STORY.to_owned(), Fate::NotFetched(NotFetchedReason::GivenUp))]
        );
        assert_eq!(world.requested(ASKED), 0);
        let asked = world.requested("https://example.org/robots.txt");
        assert!((5..20).contains(&asked), "{asked}");
    }
    let world = robots(|| failure(FailureKind::RefusedAddress), "");
    assert_eq!(world.fetched.len(), 1, "the page itself is refused or not");
}

#[test]
fn robots_txt_is_followed_to_another_host_and_read_once_a_day() {
    let mut world = World::new(&[FEED]);
    let mut origin: Origin = Box::new(|request, now| match request.url.as_str() {
        FEED => ok(&feed(&now.to_string())),
        "https://example.org/robots.txt" => status(301, &[("location", "https://www.example.org/robots.txt")], ""),
        "https://www.example.org/robots.txt" => ok("user-agent: *\ndisallow: /story\n"),
        other => panic!("{other}"),
    });
    world.run_for(10 * 24 * 3_600, &mut origin);
    assert!((2..=11).contains(&world.requested("https://www.example.org/robots.txt")));
    assert!(2 < world.fates.len());
    assert!(world.fetched.is_empty());
}

#[test]
fn without_page_fetching_the_feeds_text_is_the_article() {
    let mut world = World::new(&[]);
    world.sources.push(Source {
        fetch_pages: false,
        ..Source::of_url(FEED)
    });
    world.recall();
    world.run_for(3_600, &mut origin("<p>short</p>", |request| panic!("{}", request.url)));
    assert_eq!(world.fetched.len(), 1);
    assert_eq!(world.fetched[0].content, Content::FeedHtml);
    assert_eq!(world.fetched[0].body, b"<p>short</p>");
}

#[test]
fn what_a_feed_says_of_an_entry_is_cut_to_what_can_be_remembered() {
    let mut world = World::new(&[FEED]);
    let category = format!("<category>{}</category>", "y".repeat(2_000));
    let item = |title: &str| {
        let categories = category.repeat(2_000);
        format!("<rss><channel><item><title>{title}</title><link>{STORY}</link>{categories}</item></channel></rss>")
    };
    let body = item(&"x".repeat(3 * 1024 * 1024));
    let mut origin: Origin = Box::new(move |_, _| ok(&body));
    let start = world.now;
    world.run_to(start.plus_millis(60_000), &mut origin, false);
    let [schemas::frontier::FrontierRecord::Entry(entry)] = world.frontier.as_slice() else {
        panic!("{} records", world.frontier.len());
    };
    let bytes = serde_json::to_vec(entry).unwrap().len();
    assert!(bytes < 1024 * 1024, "{bytes}");
    assert_eq!(entry.hints.title.as_ref().map(String::len), Some(1_000));
}

#[test]
fn a_redirect_to_an_address_that_is_too_long_leads_nowhere() {
    let target = format!("https://example.org/{}", "a".repeat(5_000));
    let moved = move |_: &Request| status(301, &[("location", target.as_str())], "");
    check_fate(moved, NotFetchedReason::GivenUp, 5);
}

#[test]
fn pending_entries_leave_the_text_of_their_feeds_behind_when_it_is_too_much() {
    let mut world = World::new(&[]);
    world.settings.pending_text_bytes_max = 50_000;
    world.fold();
    for number in 0..10 {
        let url = format!("https://example.org/{number}");
        let entry = schemas::frontier::FrontierEntry {
            requested_url: url.clone(),
            url,
            feed_html: Some("x".repeat(20_000)),
            fetch_page: true,
            found_at: world.now,
            ..schemas::frontier::FrontierEntry::default()
        };
        world
            .frontier
            .push(schemas::frontier::FrontierRecord::Entry(Box::new(entry)));
    }
    world.take_once();
    assert_eq!(world.fetcher.pending_count(), 10);
    let bytes = world.fetcher.pending_bytes();
    assert!((40_000..60_000).contains(&bytes), "{bytes}");
    world.run_for(3_600, &mut origin("", |_| status(404, &[], "")));
    assert_eq!((world.fetcher.pending_count(), world.fetcher.pending_bytes()), (0, 0));
    assert_eq!(world.fates.len(), 10);
}

#[test]
fn two_entries_that_lead_to_each_other_get_a_fate_each() {
    let mut world = World::new(&[FEED]);
    let mut origin: Origin = Box::new(|request, _| match &request.purpose {
        Purpose::Feed(_) => ok("<rss><channel><item><link>https://example.org/1</link></item>\
            <item><link>https://example.org/2</link></item></channel></rss>"),
        Purpose::Page if request.url.ends_with('1') => status(301, &[("location", "/2")], ""),
        Purpose::Page => status(301, &[("location", "/1")], ""),
        _ => status(404, &[], ""),
    });
    world.run_for(3_600, &mut origin);
    let mut fates = world.fates.clone();
    fates.sort_by(|left, right| left.0.cmp(&right.0));
    let ended = |url: &str, reason| (url.to_owned(), Fate::NotFetched(reason));
    let joined = ended("https://example.org/1", NotFetchedReason::Joined);
    assert_eq!(
        fates,
        [joined, ended("https://example.org/2", NotFetchedReason::Redirects)]
    );
    assert_eq!(world.fetcher.pending_count(), 0);
}
