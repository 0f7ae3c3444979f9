//! What sites say about the use of their pages.

use schemas::fetched::FetchedRights;
use schemas::memory::fetcher::FetcherMemory;
use schemas::source::Source;

use super::world::{Origin, World, failure, rss, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};

const FEED: &str = "https://example.org/feed";
const FILE: &str = "https://example.org/.well-known/tdmrep.json";
const STORY: &str = "https://example.org/news/story";
const RULES: &str = r#"[{"location": "/news/", "tdm-reservation": 1, "tdm-policy": "/terms"}]"#;
const ROBOTS: &str = "user-agent: GPTBot\ndisallow: /news\n";
const DAY: i64 = 24 * 3_600;

fn world() -> World {
    let mut world = World::new(&[FEED]);
    world.settings.ask_tdmrep = true;
    world.recall();
    world
}

/// A feed of one story, whose site answers robots.txt with `robots`, the well-known file with `file`, and the story
/// with these headers.
fn origin(
    robots: &'static str,
    file: impl Fn(&Request) -> Answer + 'static,
    headers: &'static [(&'static str, &'static str)],
) -> Origin {
    Box::new(move |request, _| match &request.purpose {
        Purpose::Feed(_) => status(200, &[], &rss(&[STORY.to_owned()])),
        Purpose::Robots(_) => status(200, &[], robots),
        Purpose::Tdm(host) => {
            assert_eq!((host.as_str(), request.url.as_str()), ("example.org", FILE));
            file(request)
        }
        Purpose::Page | Purpose::Errand(_) => status(200, headers, "<html>story</html>"),
    })
}

fn rights(ai_opt_outs: &[&str], tdm: Option<(bool, Option<&str>)>) -> FetchedRights {
    FetchedRights {
        ai_opt_outs: ai_opt_outs.iter().map(|name| (*name).to_owned()).collect(),
        tdm_reserved: tdm.map(|(reserved, _)| reserved),
        tdm_policy: tdm.and_then(|(_, policy)| policy).map(str::to_owned),
    }
}

fn check(
    robots: &'static str,
    file: impl Fn(&Request) -> Answer + 'static,
    headers: &'static [(&'static str, &'static str)],
    expected: &FetchedRights,
) {
    let mut world = world();
    world.run_for(600, &mut origin(robots, file, headers));
    let [fetched] = world.fetched.as_slice() else {
        panic!("{} pages", world.fetched.len());
    };
    assert_eq!(fetched.rights, *expected);
}

#[test]
fn a_page_says_what_robots_txt_the_file_and_headers_say() {
    let rules = |_: &Request| status(200, &[], RULES);
    let reserved = Some((true, Some("https://example.org/terms")));
    check(ROBOTS, rules, &[], &rights(&["GPTBot"], reserved));
    check("", rules, &[], &rights(&[], reserved));
    check(
        "",
        rules,
        &[("tdm-reservation", "0")],
        &rights(&[], Some((false, None))),
    );
    check("", rules, &[("tdm-reservation", "perhaps")], &rights(&[], reserved));
    let headers = &[("TDM-Reservation", "1"), ("tdm-policy", "https://rights.example/p")];
    let by_header = Some((true, Some("https://rights.example/p")));
    check("", |_| status(404, &[], ""), headers, &rights(&[], by_header));
    let usage = &[("Content-Usage", "train-ai=n, search=y")];
    check(
        ROBOTS,
        |_| status(404, &[], ""),
        usage,
        &rights(&["GPTBot", "train-ai=n"], None),
    );
}

#[test]
fn a_file_that_cannot_be_had_keeps_no_page_waiting() {
    for code in [204, 301, 401, 404, 410, 500, 503] {
        check(
            "",
            move |_| status(code, &[("Location", STORY)], ""),
            &[],
            &rights(&[], None),
        );
    }
    for kind in [FailureKind::Connect, FailureKind::Timeout, FailureKind::TooLarge] {
        check("", move |_| failure(kind), &[], &rights(&[], None));
    }
    check(
        "",
        |_| status(200, &[], "<html>Not found</html>"),
        &[],
        &rights(&[], None),
    );
}

#[test]
fn the_file_is_asked_for_once_a_day_after_robots_txt_and_only_for_pages() {
    let mut world = world();
    let mut count = 0;
    let mut origin: Origin = Box::new(move |request, _| match &request.purpose {
        Purpose::Feed(_) => {
            count += 1;
            status(200, &[], &rss(&[format!("{STORY}/{count}")]))
        }
        Purpose::Tdm(_) | Purpose::Robots(_) => status(404, &[], ""),
        Purpose::Page | Purpose::Errand(_) => status(200, &[], "<html>story</html>"),
    });
    world.recall_every = Some(3);
    world.run_for(3 * DAY - 600, &mut origin);
    assert_eq!(world.requested(FILE), 3);
    assert!(50 < world.fetched.len());
    let place = |url: &str| world.requests.iter().position(|(_, request)| request.url == url);
    assert!(place("https://example.org/robots.txt") < place(FILE));
    assert!(place(FILE) < place(&format!("{STORY}/1")));
}

#[test]
fn the_file_is_not_asked_for_where_nobody_wants_it() {
    let no_page = |settings: fn(&mut World), robots: &'static str| {
        let mut world = world();
        settings(&mut world);
        world.recall();
        world.run_for(600, &mut origin(robots, |request| panic!("{request:?}"), &[]));
        assert_eq!(world.requested(FILE), 0);
        world.fetched.len()
    };
    assert_eq!(no_page(|world| world.settings.ask_tdmrep = false, ""), 1);
    assert_eq!(no_page(|_| {}, "user-agent: *\ndisallow: /.well-known/\n"), 1);
    assert_eq!(no_page(|_| {}, "user-agent: *\ndisallow: /\n"), 0);
    let feeds_text = |world: &mut World| {
        world.sources[0] = Source {
            fetch_pages: false,
            ..Source::of_url(FEED)
        };
    };
    assert_eq!(no_page(feeds_text, ""), 1);
}

#[test]
fn a_file_that_fails_for_a_day_keeps_its_rules_and_one_that_is_gone_has_none() {
    for (code, expected) in [(500, Some(true)), (404, None)] {
        let mut world = world();
        let (mut polls, mut asked) = (0, 0);
        let mut origin: Origin = Box::new(move |request, _| match &request.purpose {
            Purpose::Feed(_) => {
                polls += 1;
                status(200, &[], &rss(&[format!("{STORY}/{polls}")]))
            }
            Purpose::Tdm(_) => {
                asked += 1;
                status(if asked == 1 { 200 } else { code }, &[], RULES)
            }
            Purpose::Robots(_) => status(404, &[], ""),
            Purpose::Page | Purpose::Errand(_) => status(200, &[], "<html>story</html>"),
        });
        world.run_for(2 * DAY, &mut origin);
        assert!(1 < world.requested(FILE));
        let last = world.fetched.last().unwrap();
        assert_eq!(last.rights.tdm_reserved, expected, "after status {code}");
        assert_eq!(world.fetched[0].rights.tdm_reserved, Some(true));
    }
}

#[test]
fn what_is_known_of_an_idle_host_is_forgotten() {
    let mut world = world();
    let mut origin = origin("", |_| status(200, &[], RULES), &[]);
    world.run_for(600, &mut origin);
    let is_tdm = |change: &FetcherMemory| matches!(change, FetcherMemory::Tdm(_));
    assert!(world.memory.values().any(is_tdm));
    world.sources[0].paused = true;
    world.recall();
    world.run_for(3 * DAY, &mut origin);
    assert!(!world.memory.values().any(is_tdm));
}
