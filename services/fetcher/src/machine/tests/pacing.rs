//! What a host asks for, what it can bear, and what is not its fault.

use schemas::memory::fetcher::FetcherMemory;

use super::world::{Origin, World, failure, ok, rss, status};
use crate::exchange::{FailureKind, Purpose, Request};
use crate::health::Standing;

const FEED: &str = "https://example.org/feed";

fn stories(count: i64) -> Vec<String> {
    (0..count)
        .map(|number| format!("https://example.org/{number}"))
        .collect()
}

fn pages(world: &World) -> usize {
    let is_page = |request: &Request| request.purpose == Purpose::Page;
    world.requests.iter().filter(|(_, request)| is_page(request)).count()
}

#[test]
fn retry_after_holds_for_the_whole_host_and_across_restarts() {
    for (code, header) in [
        (429, "7200"),
        (503, "7200"),
        (503, "Sun, 22 Nov 2026 02:00:05 GMT"),
        (429, "Sunday, 22-Nov-26 02:00:05 GMT"),
    ] {
        let mut world = World::new(&[FEED]);
        let start = world.now;
        let mut origin: Origin = Box::new(move |request, now| match request.purpose {
            Purpose::Feed(_) => ok(&rss(&stories(5))),
            Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
            Purpose::Page if now.millis_since(start) < 60_000 => status(code, &[("Retry-After", header)], ""),
            Purpose::Page => ok("<p>x</p>"),
        });
        world.run_for(60, &mut origin);
        assert_eq!(pages(&world), 1, "{code} {header}");
        for _ in 0..4 {
            world.recall();
            world.run_for(1_700, &mut origin);
        }
        assert_eq!(pages(&world), 1, "{code} {header}");
        world.run_for(3_600, &mut origin);
        assert_eq!(world.fetched.len(), 5, "{code} {header}");
    }
}

#[test]
fn a_host_gets_no_more_requests_in_an_hour_than_its_budget() {
    let mut world = World::new(&[FEED]);
    world.settings.host_requests_per_hour_max = 30;
    world.settings.poll_interval_min_seconds = 600;
    world.recall();
    let mut origin: Origin = Box::new(|request, _| match request.purpose {
        Purpose::Feed(_) => ok(&rss(&stories(50))),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    for hour in 1..=3 {
        world.run_for(1_800, &mut origin);
        world.recall();
        world.run_for(1_800, &mut origin);
        assert!(
            world.requests.len() <= 30 * hour + 1,
            "{} in {hour} hours",
            world.requests.len()
        );
    }
    assert_eq!(world.fetched.len(), 50);
}

#[test]
fn an_outage_of_our_own_network_counts_against_nobody() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(move |request, now| match request.purpose {
        _ if (100_000..7_200_000).contains(&now.millis_since(start)) => failure(FailureKind::OurNetwork),
        Purpose::Feed(_) => ok(&rss(&stories(now.millis_since(start) / 60_000 + 1))),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    world.run_for(90, &mut origin);
    let fetched = world.fetched.len();
    world.run_for(7_000, &mut origin);
    assert_eq!(world.feed_state().failures, 0);
    assert!(
        (100..130).contains(&(world.requests.len() - fetched)),
        "{}",
        world.requests.len()
    );
    for change in world.memory.values() {
        match change {
            FetcherMemory::Pending(pending) => assert_eq!(pending.attempts, 0),
            FetcherMemory::Host(host) => assert_eq!(host.failures, 0),
            _ => {}
        }
    }
    world.run_for(600, &mut origin);
    assert!(100 < world.fetched.len(), "{}", world.fetched.len());
    assert!(world.fates.is_empty());
}

#[test]
fn a_broken_document_keeps_the_validators_of_the_last_good_one() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(move |request, now| {
        let tag = request.headers.iter().find(|(name, _)| name == "If-None-Match");
        let minute = now.millis_since(start) / 60_000;
        match (minute, tag.map(|(_, tag)| tag.as_str())) {
            (0, _) | (15.., None) => status(200, &[("ETag", "\"good\"")], &rss(&[])),
            (1..5, _) => status(200, &[("ETag", "\"bad\"")], "<html>maintenance</html>"),
            (5..15, _) => failure(FailureKind::Truncated),
            (_, Some("\"good\"")) => status(304, &[], ""),
            other => panic!("{other:?}"),
        }
    });
    world.run_for(3_600, &mut origin);
    assert_eq!(world.feed_state().etag.as_deref(), Some("\"good\""));
    assert_eq!(world.feed_state().failures, 0);
}

#[test]
fn validators_that_lie_are_found_out() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    // It says "not modified" whatever is new.
    let mut origin: Origin = Box::new(move |request, now| match request.purpose {
        Purpose::Feed(_) if request.headers.iter().any(|(name, _)| name == "If-None-Match") => status(304, &[], ""),
        Purpose::Feed(_) => status(
            200,
            &[("ETag", "\"1\"")],
            &rss(&stories(now.millis_since(start) / 3_600_000 + 1)),
        ),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    world.run_for(24 * 3_600, &mut origin);
    assert!(20 < world.fetched.len(), "{}", world.fetched.len());
}

#[test]
fn pages_that_are_refused_again_and_again_are_a_blockade() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(move |request, now| match request.purpose {
        Purpose::Feed(_) => ok(&rss(&stories(5 + now.millis_since(start) / 86_400_000))),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page if now.millis_since(start) < 80_000_000 => status(403, &[], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    let standing = |world: &World| world.fetcher.health(world.now).next().unwrap().standing;
    world.run_for(60, &mut origin);
    assert_eq!(standing(&world), Standing::Blocked);
    world.recall();
    assert_eq!(standing(&world), Standing::Blocked);
    world.run_for(2 * 86_400, &mut origin);
    assert_eq!(standing(&world), Standing::Fresh);
}

#[test]
fn a_feed_that_falls_silent_says_so() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    // A story every four hours for nine days, and then no more.
    let mut origin: Origin = Box::new(move |request, now| match request.purpose {
        Purpose::Feed(_) => ok(&rss(&stories((now.millis_since(start) / 14_400_000).min(54) + 1))),
        Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_) => status(404, &[], ""),
        Purpose::Page => ok("<p>x</p>"),
    });
    let standing = |world: &World| world.fetcher.health(world.now).next().unwrap().standing;
    world.run_for(9 * 86_400, &mut origin);
    assert_eq!(standing(&world), Standing::Fresh);
    let usual = crate::health::usual_gap_millis(&world.feed_state()).unwrap() / 3_600_000;
    assert!((3..=5).contains(&usual), "{usual} hours");
    world.run_for(86_400 / 2, &mut origin);
    assert_eq!(standing(&world), Standing::Fresh);
    world.run_for(86_400, &mut origin);
    assert_eq!(standing(&world), Standing::Silent);
}
