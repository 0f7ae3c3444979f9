//! robots.txt while it moves, while it can't be had, and when it is large.

use schemas::memory::fetcher::{FetcherMemory, RobotsState, RobotsVerdict};
use schemas::record::Record;

use super::world::{Origin, World, failure, ok, rss, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request, Response};

const FEED: &str = "https://example.org/feed";
const DAY: i64 = 24 * 3_600;

fn robots_of(world: &World, host: &str) -> Option<RobotsState> {
    match world.memory.get(&FetcherMemory::robots_key(host)) {
        Some(FetcherMemory::Robots(state)) => Some(state.clone()),
        _ => None,
    }
}

/// A feed with a new story every hour, and a robots.txt answered by `robots`.
fn hourly(mut robots: impl FnMut(&Request, i64) -> Answer + 'static) -> Origin {
    let start = World::new(&[]).now;
    Box::new(move |request, now| match request.purpose {
        Purpose::Feed(_) => {
            let hour = now.millis_since(start) / 3_600_000;
            ok(&rss(&[format!("https://example.org/story/{hour}")]))
        }
        Purpose::Page => ok("<p>story</p>"),
        _ => robots(request, now.millis_since(start) / 1_000),
    })
}

#[test]
fn crawl_delay_holds_while_robots_txt_moves() {
    let mut world = World::new(&[FEED]);
    let file = "user-agent: *\ncrawl-delay: 20\ndisallow: /private\n";
    let mut origin = hourly(move |request, second| match request.url.as_str() {
        "https://example.org/robots.txt" if second < DAY => ok(file),
        "https://example.org/robots.txt" => status(302, &[("location", "/new.txt")], ""),
        _ => ok(file),
    });
    world.run_for(3 * DAY, &mut origin);
    assert!(world.requested("https://example.org/new.txt") >= 1);
    let first = |(_, request): &&(_, Request)| !request.url.ends_with("/robots.txt");
    let times: Vec<_> = world.requests.iter().skip_while(first).map(|(at, _)| *at).collect();
    let shortest = times.windows(2).map(|pair| pair[1].millis_since(pair[0])).min();
    assert!(Some(20_000) <= shortest, "{shortest:?}");
}

#[test]
fn crawl_delay_holds_when_robots_txt_comes_from_another_host() {
    let mut world = World::new(&[FEED]);
    let mut origin = hourly(|request, _| match request.url.as_str() {
        "https://example.org/robots.txt" => status(302, &[("location", "https://www.example.org/robots.txt")], ""),
        _ => ok("user-agent: *\ncrawl-delay: 20\ndisallow: /private\n"),
    });
    world.run_for(600, &mut origin);
    let home = |request: &&(_, Request)| request.1.host == "example.org";
    let moved = |(_, request): &&(_, Request)| !request.url.ends_with("/robots.txt");
    let of_home = world.requests.iter().filter(home).skip_while(moved);
    let times: Vec<_> = of_home.map(|(at, _)| *at).collect();
    assert!(3 < times.len());
    let shortest = times.windows(2).map(|pair| pair[1].millis_since(pair[0])).min();
    assert!(Some(20_000) <= shortest, "{shortest:?}");
}

#[test]
fn rules_stay_in_force_while_a_redirect_of_robots_txt_leads_nowhere() {
    let mut world = World::new(&[FEED]);
    let mut origin = hourly(|request, second| match request.url.as_str() {
        "https://example.org/robots.txt" if second < DAY => ok("user-agent: *\ncrawl-delay: 2\ndisallow: /story/3$\n"),
        "https://example.org/robots.txt" => status(302, &[("location", "https://www.example.org/robots.txt")], ""),
        _ => failure(FailureKind::Timeout),
    });
    world.run_for(DAY + 7_200, &mut origin);
    let before = world.fetched.len();
    let state = robots_of(&world, "example.org").unwrap();
    assert_eq!((state.verdict, state.crawl_delay_millis), (RobotsVerdict::Rules, 2_000));
    assert_eq!(state.rules, "disallow: /story/3$\n");
    world.run_for(12 * 3_600, &mut origin);
    assert!(
        before + 5 <= world.fetched.len(),
        "{before} and {}",
        world.fetched.len()
    );
}

#[test]
fn without_rules_a_redirect_that_leads_nowhere_allows_nothing() {
    let mut world = World::new(&[FEED]);
    let mut origin = hourly(|request, _| match request.url.as_str() {
        "https://example.org/robots.txt" => status(302, &[("location", "https://www.example.org/robots.txt")], ""),
        _ => failure(FailureKind::Timeout),
    });
    world.run_for(DAY, &mut origin);
    assert!(world.fetched.is_empty());
    let state = robots_of(&world, "example.org").unwrap();
    assert_eq!(state.verdict, RobotsVerdict::DisallowAll);
}

#[test]
fn a_large_robots_txt_is_kept_for_as_long_as_its_host_has_work() {
    let mut world = World::new(&[FEED]);
    let large: String = (0..4_000)
        .map(|number| format!("disallow: /private/{number}\n"))
        .collect();
    let mut origin: Origin = Box::new(move |request, _| match (&request.purpose, request.host.as_str()) {
        (Purpose::Feed(_), _) => ok(&rss(&[
            "https://large.example/1".to_owned(),
            "https://large.example/2".to_owned(),
            "https://small.example/1".to_owned(),
            "https://example.org/1".to_owned(),
        ])),
        (Purpose::Robots(_), "small.example") => ok("user-agent: *\ndisallow: /private\n"),
        (Purpose::Robots(_), _) => ok(&format!("user-agent: *\n{large}")),
        _ => ok("<p>story</p>"),
    });
    world.run_for(120, &mut origin);
    assert_eq!(world.fetched.len(), 4);
    assert_eq!(world.requested("https://large.example/robots.txt"), 1);
    assert!(robots_of(&world, "large.example").is_none(), "nothing is asked of it");
    assert!(robots_of(&world, "small.example").is_some());
    assert!(robots_of(&world, "example.org").is_some(), "its feed is polled");
    let pacing = FetcherMemory::host_key("large.example");
    assert!(world.memory.contains_key(&pacing), "its budget counts on");
    world.run_for(7_200, &mut origin);
    assert!(!world.memory.contains_key(&pacing));
}

#[test]
fn what_is_remembered_of_a_robots_txt_fits_into_a_record() {
    let crawlers = "user-agent: *\nuser-agent: GPTBot\nuser-agent: CCBot\n";
    let long = "\u{4e00}".repeat(500);
    let hostile = crawlers.to_owned() + &format!("disallow: /{long}\n").repeat(500);
    let wide = hostile.encode_utf16().flat_map(u16::to_le_bytes);
    let body: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide).collect();
    assert!(400_000 < body.len());
    let mut world = World::new(&[FEED]);
    let mut origin = hourly(move |_, _| {
        Answer::Response(Response {
            status: 200,
            body: body.clone(),
            ..Response::default()
        })
    });
    world.run_for(60, &mut origin);
    let state = robots_of(&world, "example.org").unwrap();
    assert_eq!(state.verdict, RobotsVerdict::Rules);
    assert!(state.ai_opt_outs.len() <= 64 * 1024);
    let record = FetcherMemory::Robots(state).encode().unwrap();
    let size = record.value.map_or(0, |value| value.len());
    assert!((500_000..1_500_000).contains(&size), "{size}");
}
