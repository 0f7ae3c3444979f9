//! Two machines that each own some hosts, and what they ask of one another.

use schemas::canonical::host_of;
use schemas::frontier::FrontierRecord;
use schemas::memory::fetcher::FetcherMemory;
use schemas::source::{Source, SourceChange};

use super::world::{Origin, World, failure, ok, rss, status};
use crate::exchange::{Answer, FailureKind, Purpose};

const OLD: &str = "https://old.example/feed";
const OTHER: &str = "https://old.example/other";
const NEW: &str = "https://new.example/feed";

/// A machine for everything but `new.example`, and one for that.
struct Pair {
    here: World,
    there: World,
}

impl Pair {
    fn new(here: &[&str], there: &[&str]) -> Self {
        Self {
            here: World::new(here),
            there: World::new(there),
        }
    }

    /// Hands records to the machine whose host they are placed by.
    fn route(&mut self) {
        let mut all: Vec<FrontierRecord> = self.here.frontier.drain(..).collect();
        all.append(&mut self.there.frontier);
        for record in all {
            let host = match &record {
                FrontierRecord::Entry(entry) => entry.host(),
                FrontierRecord::Errand(errand) => errand.host(),
                FrontierRecord::Delivery(delivery) => delivery.owner.clone(),
            };
            match host.as_str() {
                "new.example" => self.there.frontier.push(record),
                _ => self.here.frontier.push(record),
            }
        }
    }

    fn run_for(&mut self, seconds: i64, origin: &mut Origin) {
        for _ in 0..seconds / 5 {
            for world in [&mut self.here, &mut self.there] {
                let end = world.now.plus_millis(5_000);
                world.run_to(end, origin, false);
            }
            self.route();
            self.here.take_once();
            self.there.take_once();
            self.route();
        }
    }

    fn assert_hosts_are_owned(&self) {
        let asked = |world: &World| -> Vec<String> {
            let hosts = world.requests.iter().map(|(_, request)| host_of(&request.url).unwrap());
            hosts.collect()
        };
        assert!(asked(&self.here).iter().all(|host| host != "new.example"));
        assert!(asked(&self.there).iter().all(|host| host == "new.example"));
    }
}

fn stories() -> Vec<String> {
    (0..3)
        .map(|number| format!("https://new.example/story/{number}"))
        .collect()
}

/// `old.example` moved to `new.example` for good.
fn moved(code: u16) -> Origin {
    Box::new(move |request, _| match (&request.purpose, request.url.as_str()) {
        (Purpose::Robots(_), _) => status(404, &[], ""),
        (_, OLD | OTHER) => status(code, &[("Location", NEW)], ""),
        (_, NEW) if request.headers.iter().any(|(_, value)| value == "\"1\"") => status(304, &[], ""),
        (_, NEW) => status(
            200,
            &[("ETag", "\"1\""), ("content-type", "application/rss+xml")],
            &rss(&stories()),
        ),
        _ => ok("<p>story</p>"),
    })
}

#[test]
fn a_feed_that_moved_is_read_by_the_machine_that_owns_its_host() {
    for code in [301, 302] {
        let mut pair = Pair::new(&[OLD], &[]);
        pair.run_for(6 * 3_600, &mut moved(code));
        pair.assert_hosts_are_owned();
        assert_eq!(pair.there.fetched.len(), 3, "{code}");
        let state = pair.here.feed_state();
        assert_eq!(state.url, if code == 301 { NEW } else { OLD });
        assert_eq!((state.failures, state.etag.as_deref()), (0, Some("\"1\"")));
        assert!(10 < pair.there.requested(NEW), "{}", pair.there.requested(NEW));
        assert_eq!(pair.here.requested(OLD) == 1, code == 301);
        assert!(
            !pair
                .there
                .memory
                .values()
                .any(|change| matches!(change, FetcherMemory::Errand(_)))
        );
        let plain = pair
            .there
            .requests
            .iter()
            .filter(|(_, request)| request.url == NEW && request.headers.len() == 1);
        assert!(plain.count() < 5, "validators travel with errands");
    }
}

#[test]
fn a_robots_txt_on_another_host_is_read_by_its_machine() {
    let mut pair = Pair::new(&[OLD], &[]);
    let mut origin: Origin = Box::new(|request, _| match request.url.as_str() {
        OLD => ok(&rss(&[
            "https://old.example/no".to_owned(),
            "https://old.example/yes".to_owned(),
        ])),
        "https://old.example/robots.txt" => status(301, &[("location", "https://new.example/robots.txt")], ""),
        "https://new.example/robots.txt" => ok("user-agent: *\ndisallow: /no\n"),
        "https://old.example/yes" => ok("<p>x</p>"),
        other => panic!("{other}"),
    });
    pair.run_for(3_600, &mut origin);
    pair.assert_hosts_are_owned();
    assert_eq!(pair.there.requested("https://new.example/robots.txt"), 1);
    assert_eq!(pair.here.fetched.len(), 1);
    assert_eq!(pair.here.fates.len(), 1);
}

#[test]
fn failures_over_there_count_against_the_feed_here() {
    type Check = (fn() -> Answer, &'static str);
    let checks: [Check; 3] = [
        (|| failure(FailureKind::Timeout), "timed out: said the test"),
        (|| status(500, &[], ""), "the server answered with status 500"),
        (|| ok("<html>"), "the answer is no feed: the document is a web page"),
    ];
    for (answer, expected) in checks {
        let mut pair = Pair::new(&[OLD], &[]);
        let mut origin: Origin = Box::new(move |request, _| match request.url.as_str() {
            OLD => status(301, &[("Location", NEW)], ""),
            _ => answer(),
        });
        pair.run_for(60, &mut origin);
        let state = pair.here.feed_state();
        assert_eq!((state.url.as_str(), state.failures), (OLD, 1));
        assert_eq!(state.last_error.as_deref(), Some(expected));
    }
}

#[test]
fn an_answer_that_never_comes_is_a_failure_and_one_that_comes_too_late_leaves_no_trace() {
    let mut pair = Pair::new(&[OLD], &[]);
    let mut origin = moved(301);
    pair.here.run_to(pair.here.now.plus_millis(60_000), &mut origin, false);
    let errand = pair.here.frontier.pop().unwrap();
    assert_eq!(pair.here.feed_state().failures, 0);
    let wait = i64::from(pair.here.settings.errand_wait_seconds) * 1_000;
    pair.here.run_to(pair.here.now.plus_millis(wait), &mut origin, false);
    let state = pair.here.feed_state();
    assert_eq!(state.failures, 1);
    assert_eq!(
        state.last_error.as_deref(),
        Some("no answer from the fetcher that reads new.example")
    );
    pair.there.frontier.push(errand);
    pair.there.run_to(pair.there.now.plus_millis(10_000), &mut origin, true);
    let late = pair.there.frontier.pop();
    pair.here.frontier = late.into_iter().collect();
    let before = pair.here.memory.clone();
    pair.here.take_once();
    assert_eq!(pair.here.memory, before);
}

#[test]
fn an_errand_that_nobody_waits_for_any_more_is_not_run() {
    let mut pair = Pair::new(&[OLD], &[]);
    let mut origin = moved(301);
    pair.here.run_to(pair.here.now.plus_millis(60_000), &mut origin, false);
    pair.route();
    pair.there.now = pair.there.now.plus_millis(24 * 3_600_000);
    pair.there.take_once();
    pair.there
        .run_to(pair.there.now.plus_millis(60_000), &mut origin, false);
    assert_eq!(pair.there.requested(NEW), 0);
}

#[test]
fn errands_for_one_url_share_a_request() {
    let mut pair = Pair::new(&[OLD, OTHER], &[]);
    let mut origin = moved(302);
    pair.run_for(20, &mut origin);
    assert_eq!(pair.there.requested(NEW), 1);
    let states = pair.here.memory.values().filter_map(|change| match change {
        FetcherMemory::Feed(state) => state.last_success_at,
        _ => None,
    });
    assert_eq!(states.count(), 2);
}

fn follows(world: &World) -> Vec<(String, String)> {
    let states = world.memory.values().filter_map(|change| match change {
        FetcherMemory::Feed(state) => Some((
            state.source_id.to_string(),
            state.follows.clone()?.source_id.to_string(),
        )),
        _ => None,
    });
    states.collect()
}

#[test]
fn subscriptions_that_meet_at_one_feed_ask_for_it_once() {
    let id = |url| Source::of_url(url).id.to_string();
    // Both move; or one lives there already, with the same machine or with another.
    for (here, there, reader) in [
        (vec![OLD, OTHER], vec![], None),
        (vec![OLD], vec![NEW], Some(id(NEW))),
        (vec![OLD, OTHER], vec![NEW], Some(id(NEW))),
    ] {
        let mut pair = Pair::new(&here, &there);
        let mut origin = moved(301);
        pair.run_for(24 * 3_600, &mut origin);
        let following = follows(&pair.here);
        let expected = if reader.is_some() { here.len() } else { here.len() - 1 };
        assert_eq!(following.len(), expected, "{here:?} {there:?}");
        assert!(reader.is_none_or(|reader| following.iter().all(|(_, other)| *other == reader)));
        let fetched = pair.here.fetched.len() + pair.there.fetched.len();
        assert!((3..=6).contains(&fetched), "{fetched}");
        let polls = pair.there.requested(NEW);
        pair.run_for(6 * 3_600, &mut origin);
        let polls = pair.there.requested(NEW) - polls;
        assert!(
            (6..=8).contains(&polls),
            "an hour between polls, not {polls} in six hours"
        );
    }
}

#[test]
fn a_follower_reads_by_itself_when_the_reader_goes() {
    let feeds = [OLD, "https://old.example/new"];
    let mut world = World::new(&feeds);
    let mut origin: Origin = Box::new(move |request, _| match request.url.as_str() {
        OLD => status(301, &[("Location", "/new")], ""),
        "https://old.example/new" => ok(&rss(&[])),
        other => panic!("{other}"),
    });
    world.run_for(2 * 3_600, &mut origin);
    assert_eq!(follows(&world).len(), 1);
    let reader = world.sources.remove(1);
    let polls = world.requested(&reader.url);
    world.fetcher.apply_source(&SourceChange::Removed(reader.id.clone()));
    world.run_for(300, &mut origin);
    assert_eq!(follows(&world), []);
    assert!(polls < world.requested(&reader.url));
    // When it comes back, the follower follows again at its next poll.
    world.fetcher.apply_source(&SourceChange::Set(reader.clone()));
    world.sources.push(reader);
    world.run_for(2 * 3_600, &mut origin);
    assert_eq!(follows(&world).len(), 1);
}

#[test]
fn a_follower_takes_over_a_feed_on_another_host() {
    let mut pair = Pair::new(&[OLD, OTHER], &[]);
    let mut origin = moved(301);
    pair.run_for(6 * 3_600, &mut origin);
    let [(follower, reader)] = follows(&pair.here).try_into().unwrap();
    pair.here.sources.retain(|source| source.id.as_str() != reader);
    let removed = SourceChange::Removed(reader.as_str().into());
    pair.here.fetcher.apply_source(&removed);
    // The other machine may remember the reader for two hours, and is then asked again within two more.
    pair.run_for(5 * 3_600, &mut origin);
    let polls = pair.there.requested(NEW);
    pair.run_for(4 * 3_600, &mut origin);
    assert!(polls + 3 <= pair.there.requested(NEW), "{polls}");
    let state = pair.here.feed_state();
    assert_eq!((state.source_id.as_str(), state.failures), (follower.as_str(), 0));
    assert_eq!(state.follows, None);
}
