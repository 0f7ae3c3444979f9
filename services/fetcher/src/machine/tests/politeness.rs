use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof};
use proptest::{collection, proptest};
use schemas::memory::fetcher::FetcherMemory;
use schemas::source::SourceChange;
use schemas::time::Timestamp;

use super::world::{Origin, World, failure, ok, rss, settings, status};
use crate::exchange::{FailureKind, Purpose, Request};
use crate::machine::{Fetcher, Next};

const FEEDS: [&str; 4] = [
    "https://one.example/feed",
    "https://one.example/sport",
    "https://two.example/feed",
    "https://two.example:8443/feed",
];

/// Stories of each feed on its own host and the next one; now and then a failure, a redirect, a refusal.
fn origin() -> Origin {
    Box::new(|request, now| {
        let turn = now.as_millis() / 50 % 11;
        match (&request.purpose, turn) {
            (Purpose::Robots(_) | Purpose::Tdm(_) | Purpose::Errand(_), _) => {
                ok("user-agent: *\ncrawl-delay: 3\ndisallow: /no\n")
            }
            (_, 3) => failure(FailureKind::Timeout),
            (_, 5) => status(429, &[("retry-after", "30")], ""),
            (Purpose::Page, 7) => status(302, &[("location", "https://two.example/moved")], ""),
            (Purpose::Page, _) => ok("<p>x</p>"),
            (Purpose::Feed(_), _) => {
                let hour = now.as_millis() / 3_600_000;
                let on = |host: &str, path: &str| format!("https://{host}.example/{path}/{hour}");
                ok(&rss(&[
                    on("one", "a"),
                    on("two", "b"),
                    on("two", "no"),
                    on("three", "c"),
                ]))
            }
        }
    })
}

fn assert_polite(requests: &[(Timestamp, Request)], latency: i64) {
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (at, request) in requests {
        if let Some(before) = last.insert(&request.host, *at) {
            let gap = at.millis_since(before) - latency;
            assert!(
                i64::from(settings().host_delay_ms) <= gap,
                "{gap} ms before {request:?}"
            );
        }
    }
}

#[test]
fn no_host_is_asked_before_its_delay_has_passed_not_even_across_restarts() {
    for recall_every in [None, Some(1), Some(7)] {
        let mut world = World::new(&FEEDS);
        world.recall_every = recall_every;
        world.run_for(6 * 3_600, &mut origin());
        assert!(100 < world.requests.len(), "{}", world.requests.len());
        assert!(world.fetched.len() + world.fates.len() > 10);
        assert_polite(&world.requests, world.latency_millis);
    }
}

#[test]
fn crawl_delay_holds_once_it_is_known() {
    let mut world = World::new(&FEEDS[..1]);
    world.run_for(6 * 3_600, &mut origin());
    let of_host = |request: &&(Timestamp, Request)| request.1.host == "one.example";
    let after_robots = world
        .requests
        .iter()
        .skip_while(|(_, request)| !matches!(request.purpose, Purpose::Robots(_)));
    let times: Vec<Timestamp> = after_robots.filter(of_host).map(|(at, _)| *at).collect();
    assert!(2 < times.len());
    assert!(times.windows(2).all(|pair| 3_000 <= pair[1].millis_since(pair[0])));
}

#[test]
fn a_busy_host_is_left_alone_and_does_not_hold_up_the_others() {
    let world = World::new(&FEEDS);
    let later = world.now.plus_millis(60_000);
    let mut busy = BTreeSet::new();
    for _ in 0..3 {
        match world.fetcher.next(later, &busy) {
            Next::Request(request) => assert!(busy.insert(request.host)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(world.fetcher.next(later, &busy), Next::Wait(None));
}

/// What a machine does next, told apart from others by its own words.
fn says(fetcher: &Fetcher, now: Timestamp) -> String {
    let hosts = ["", "one.example", "two.example"].map(str::to_owned);
    let answers = hosts.map(|host| format!("{:?}", fetcher.next(now, &BTreeSet::from([host]))));
    format!("{answers:?} {:?}", fetcher.due(now))
}

#[test]
fn a_recalled_machine_says_the_same() {
    let mut world = World::new(&FEEDS);
    let mut origin = origin();
    for _ in 0..200 {
        world.run_for(97, &mut origin);
        let before = says(&world.fetcher, world.now.plus_millis(5_000));
        world.fold();
        assert_eq!(says(&world.fetcher, world.now.plus_millis(5_000)), before);
    }
}

#[test]
fn a_step_that_was_never_committed_is_decided_again() {
    let mut world = World::new(&FEEDS[..1]);
    let mut origin = origin();
    world.run_for(10, &mut origin);
    let end = world.now.plus_millis(3 * 3_600_000);
    // Every second answer is lost with the process that got it.
    let mut lost = 0;
    while world.now < end {
        world.take();
        match world.fetcher.next(world.now, &BTreeSet::new()) {
            Next::Request(request) => {
                let step = world.fetcher.answer(&request, origin(&request, world.now), world.now);
                lost += 1;
                match lost % 2 {
                    0 => world.commit(step),
                    _ => world.recall(),
                }
            }
            Next::Decided(step) => world.commit(*step),
            Next::Wait(until) => world.now = until.unwrap_or(end).min(end),
        }
        world.now = world.now.plus_millis(50);
    }
    let mut ids: Vec<String> = world
        .fetched
        .iter()
        .map(|fetched| fetched.trace.requested_url.clone())
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert!(3 < all, "{all}");
    assert_eq!(ids.len(), all, "nothing is fetched into the log twice");
}

fn changes() -> impl Strategy<Value = Vec<usize>> {
    let any_order = collection::vec(0..1_000usize, 200);
    prop_oneof![any_order, Just((0..200).collect())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// The memory topic is compacted and its keys come in any order, with the sources before, between or after them.
    #[test]
    fn state_does_not_depend_on_the_order_of_keys(order in changes()) {
        let mut world = World::new(&FEEDS);
        world.run_for(2 * 3_600, &mut origin());
        let mut kept: Vec<&FetcherMemory> = world.memory.values().collect();
        for (at, pick) in order.iter().enumerate().take(kept.len()) {
            let other = pick % kept.len();
            kept.swap(at, other);
        }
        let mut fetcher = Fetcher::new(settings(), world.now);
        for (at, change) in kept.iter().enumerate() {
            if at == kept.len() / 2 {
                for source in &world.sources {
                    fetcher.apply_source(&SourceChange::Set(source.clone()));
                }
            }
            fetcher.apply(change);
            // Applying a change twice is applying it once.
            fetcher.apply(change);
        }
        world.recall();
        let later = world.now.plus_millis(1_000);
        assert_eq!(says(&fetcher, later), says(&world.fetcher, later));
        assert_eq!(fetcher.health(later).collect::<Vec<_>>(), world.fetcher.health(later).collect::<Vec<_>>());
    }
}
