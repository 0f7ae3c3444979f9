//! Indexes of sitemaps whose servers answer "not modified", whose sitemaps fail, or which lead elsewhere.

use schemas::memory::fetcher::{FeedState, FetcherMemory};
use schemas::time::Timestamp;

use super::sitemaps::{MAP, index, origin, pages, story};
use super::world::{Origin, World, ok, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};

/// An origin whose index never changes and has a tag, and whose sitemaps are answered by `child`.
fn tagged(listed: &[(String, String)], child: impl Fn(&str, Timestamp) -> Answer + 'static) -> Origin {
    let body = index(listed);
    let mut others = origin(child);
    Box::new(move |request: &Request, now| {
        let has_tag = request.headers.iter().any(|(name, _)| name == "If-None-Match");
        match (request.url.as_str(), has_tag) {
            (MAP, true) => status(304, &[], ""),
            (MAP, false) => status(200, &[("ETag", "\"index\"")], &body),
            _ => others(request, now),
        }
    })
}

fn map(number: usize) -> String {
    format!("https://example.org/map/{number}")
}

/// Sitemaps that changed a second before `at`.
fn dated(count: usize, at: Timestamp) -> Vec<(String, String)> {
    let at = at.plus_millis(-1_000);
    (0..count).map(|number| (map(number), at.to_string())).collect()
}

fn number_of(url: &str) -> i64 {
    url.rsplit('/').next().unwrap().parse().unwrap()
}

/// Polls of the index that could be answered with "not modified".
fn conditional(world: &World) -> usize {
    let has_tag = |request: &Request| request.headers.iter().any(|(name, _)| name == "If-None-Match");
    let polls = world.requests.iter().filter(|(_, request)| request.url == MAP);
    polls.filter(|(_, request)| has_tag(request)).count()
}

fn state_of(world: &World, url: &str) -> FeedState {
    let state = world.memory.values().find_map(|change| match change {
        FetcherMemory::Feed(state) if state.url == url => Some(state.clone()),
        _ => None,
    });
    state.unwrap()
}

#[test]
fn an_index_is_not_taken_as_unchanged_before_all_that_it_lists_was_read() {
    let mut world = World::new(&[MAP]);
    let start = world.now;
    // The host fails in the middle of the first poll.
    let mut origin = tagged(&dated(3, start), move |url, now| match url {
        _ if url == map(1) && now.millis_since(start) < 60_000 => super::world::failure(FailureKind::Timeout),
        _ => ok(&pages(&[(story(number_of(url)), start)])),
    });
    world.run_for(900, &mut origin);
    assert_eq!(world.fetched.len(), 3);
    assert_eq!(world.feed_state().failures, 0);
    world.run_for(3_600, &mut origin);
    assert!(3 < conditional(&world), "{}", conditional(&world));
    assert_eq!((0..3).map(|number| world.requested(&map(number))).max(), Some(2));
}

#[test]
fn what_one_poll_has_no_room_for_is_read_by_the_next() {
    let mut world = World::new(&[MAP]);
    world.settings.first_poll_entries = 10_000;
    world.recall();
    let start = world.now;
    let mut origin = tagged(&dated(50, start), move |url, _| {
        ok(&pages(&[(story(number_of(url)), start)]))
    });
    world.run_for(900, &mut origin);
    assert_eq!(world.fetched.len(), 50);
}

#[test]
fn sitemaps_that_may_still_change_today_do_not_keep_us_from_those_never_read() {
    let mut world = World::new(&[MAP]);
    world.settings.first_poll_entries = 10_000;
    world.recall();
    let today = world.now;
    let mut origin = origin(move |url, _| match url {
        MAP => ok(&index(
            &(0..50)
                .map(|number| (map(number), today.to_string()))
                .collect::<Vec<_>>(),
        )),
        _ => ok(&pages(&[(story(number_of(url)), today)])),
    });
    world.run_for(900, &mut origin);
    assert_eq!(world.fetched.len(), 50);
}

#[test]
fn sitemaps_without_dates_are_read_although_their_index_is_unchanged() {
    let mut world = World::new(&[MAP]);
    world.sources[0].poll_interval_seconds = Some(1_200);
    world.recall();
    let start = world.now;
    let mut origin = tagged(&[(map(0), String::new())], move |_, now| {
        let hours = now.millis_since(start) / 3_600_000;
        let stories: Vec<(String, Timestamp)> = (0..=hours)
            .map(|hour| (story(hour), start.plus_millis(hour * 3_600_000)))
            .collect();
        ok(&pages(&stories))
    });
    world.run_for(6 * 3_600 + 1_800, &mut origin);
    assert!(6 <= world.fetched.len(), "{}", world.fetched.len());
}

#[test]
fn a_sitemap_that_failed_is_read_once_it_can_be_had() {
    let mut world = World::new(&[MAP]);
    let start = world.now;
    let mut origin = tagged(&dated(2, start), move |url, now| match url {
        _ if url == map(0) && now.millis_since(start) < 3_600_000 => status(404, &[], ""),
        _ => ok(&pages(&[(story(number_of(url)), start)])),
    });
    world.run_for(3_600, &mut origin);
    assert_eq!(world.fetched.len(), 1);
    assert_eq!(world.feed_state().failures, 0, "the index itself is well");
    world.run_for(3 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), 2);
    assert!(world.feed_state().sitemaps.unwrap().failed.is_empty());
}

#[test]
fn a_dead_sitemap_is_asked_for_less_and_less() {
    let mut world = World::new(&[MAP]);
    let start = world.now;
    let mut origin = tagged(&dated(1, start), |_, _| status(404, &[], ""));
    world.run_for(24 * 3_600, &mut origin);
    let asked = world.requested(&map(0));
    assert!((4..=8).contains(&asked), "{asked}");
}

#[test]
fn pages_of_a_sitemap_that_failed_for_long_are_news_as_far_as_they_came_since() {
    let mut world = World::new(&[MAP]);
    world.settings.first_poll_entries = 1;
    world.recall();
    let start = world.now;
    let day = 24 * 3_600_000;
    let mut origin = origin(move |url, now| match url {
        // Another sitemap appears on the second day, and can be had from the fifth.
        MAP if now.millis_since(start) < day => ok(&index(&dated(1, start))),
        MAP => ok(&index(&[
            (map(0), start.to_string()),
            (map(1), start.plus_millis(day).to_string()),
        ])),
        _ if url == map(1) && now.millis_since(start) < 4 * day => status(404, &[], ""),
        _ if url == map(1) => ok(&pages(
            &(-20..5)
                .map(|number| (story(100 + number), start.plus_millis(number * day)))
                .collect::<Vec<_>>(),
        )),
        _ => ok(&pages(&[(story(0), start)])),
    });
    world.run_for(7 * 24 * 3_600, &mut origin);
    let mut urls: Vec<String> = world.fetched.iter().map(|fetched| fetched.url.clone()).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls, [0, 101, 102, 103, 104].map(story));
}

#[test]
fn an_index_speaks_for_its_own_site_only() {
    let mut world = World::new(&[MAP]);
    let listed = [
        "https://victim.example/search?q=1",
        "https://example.org.evil.example/map",
        "https://203.0.113.9/map",
        "https://maps.example.org/7",
        "https://example.org/led/astray",
        "https://example.org/led/on",
    ];
    let mut origin = origin(move |url, now| match url {
        MAP => ok(&index(&listed.map(|url| (url.to_owned(), now.to_string())))),
        "https://example.org/led/astray" => status(302, &[("location", "https://victim.example/a")], ""),
        "https://example.org/led/on" => status(302, &[("location", "https://www.example.org/8")], ""),
        _ => ok(&pages(&[(story(number_of(url)), now)])),
    });
    world.run_for(100, &mut origin);
    let own =
        |request: &Request| request.url.starts_with("https://example.org/") || request.url.contains(".example.org/");
    let foreign: Vec<&str> = world
        .requests
        .iter()
        .filter(|(_, request)| !own(request))
        .map(|(_, request)| request.url.as_str())
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let mut urls: Vec<&str> = world.fetched.iter().map(|fetched| fetched.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(urls, [story(7), story(8)]);
}

#[test]
fn a_sitemap_that_another_source_reads_is_passed_over() {
    const OTHER: &str = "https://maps.example.org/1";
    let mut world = World::new(&[OTHER]);
    let start = world.now;
    let mut origin: Origin = origin(move |url, _| match url {
        MAP => ok(&index(&[
            (OTHER.to_owned(), start.to_string()),
            (map(2), start.plus_millis(-1_000).to_string()),
        ])),
        _ => ok(&pages(&[(story(number_of(url)), start)])),
    });
    world.run_for(30, &mut origin);
    world.sources.push(schemas::source::Source::of_url(MAP));
    world.recall();
    world.run_for(40, &mut origin);
    let sitemaps = state_of(&world, MAP).sitemaps.unwrap();
    assert_eq!((sitemaps.reading, sitemaps.began_at), (None, None));
    assert!(sitemaps.complete_at.is_some() && sitemaps.failed.is_empty());
    let asked = |request: &Request| matches!(request.purpose, Purpose::Errand(_));
    assert!(!world.requests.iter().any(|(_, request)| asked(request)));
    let mut urls: Vec<&str> = world.fetched.iter().map(|fetched| fetched.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(urls, [story(1), story(2)]);
}
