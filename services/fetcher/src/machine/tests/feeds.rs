use schemas::memory::fetcher::FetcherMemory;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;

use super::world::{Origin, World, failure, ok, rss, settings, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};

const FEED: &str = "https://example.org/feed";

fn origin(answer: impl Fn(&Request, Timestamp) -> Answer + 'static) -> Origin {
    Box::new(move |request, now| match request.purpose {
        Purpose::Robots(_) => status(404, &[], ""),
        _ => answer(request, now),
    })
}

fn links(numbers: std::ops::Range<i64>) -> Vec<String> {
    numbers
        .map(|number| format!("https://example.org/story/{number}"))
        .collect()
}

#[test]
fn a_day_of_polling_finds_every_story_once() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    // A story every twenty minutes; the feed shows the last ten.
    let mut origin = origin(move |request, now| match request.purpose {
        Purpose::Feed(_) => {
            let newest = now.millis_since(start) / 1_200_000;
            ok(&rss(&links((newest - 9).max(0)..newest + 1)))
        }
        _ => ok("<html>story</html>"),
    });
    world.run_for(24 * 3_600, &mut origin);
    let mut urls: Vec<&str> = world.fetched.iter().map(|fetched| fetched.url.as_str()).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), world.fetched.len(), "nothing is fetched twice");
    assert!((71..=73).contains(&urls.len()), "{}", urls.len());
    let polls = world.requested(FEED);
    assert!((72..1_500).contains(&polls), "{polls} polls");
    assert!(world.fates.is_empty());
}

#[test]
fn the_first_poll_takes_the_newest_entries_only() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|request, _| match request.purpose {
        Purpose::Feed(_) => ok(&rss(&links(0..200))),
        _ => ok("<html>story</html>"),
    });
    world.run_for(3_600, &mut origin);
    assert_eq!(world.fetched.len(), settings().first_poll_entries);
    assert_eq!(world.requested("https://example.org/story/0"), 1);
    assert_eq!(world.requested("https://example.org/story/150"), 0);
    let seen = world
        .memory
        .values()
        .filter(|change| matches!(change, FetcherMemory::Seen(_)))
        .count();
    assert_eq!(seen, 200);
}

#[test]
fn a_document_with_more_news_than_one_poll_takes_is_read_to_its_end() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin = origin(move |request, now| match request.purpose {
        Purpose::Feed(_) if request.headers.iter().any(|(name, _)| name == "If-None-Match") => status(304, &[], ""),
        Purpose::Feed(_) => {
            let count = if now.millis_since(start) < 60_000 { 1 } else { 1_200 };
            status(200, &[("ETag", &format!("\"{count}\""))], &rss(&links(0..count)))
        }
        _ => ok("<html>story</html>"),
    });
    world.run_for(12 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), 1_200);
}

#[test]
fn a_changed_entry_is_fetched_again() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin = origin(move |request, now| match request.purpose {
        Purpose::Feed(_) => {
            let title = if now.millis_since(start) < 7_200_000 {
                "Before"
            } else {
                "After"
            };
            ok(&format!(
                "<rss><channel><item><guid isPermaLink='false'>1</guid><title>{title}</title>\
                <link>https://example.org/1</link></item></channel></rss>"
            ))
        }
        _ => ok("<html>story</html>"),
    });
    world.run_for(6 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), 2);
    assert_eq!(world.fetched[1].hints.title.as_deref(), Some("After"));
    assert_eq!(world.fetched[0].url, world.fetched[1].url);
    assert_ne!(world.fetched[0].trace.fetch_id, world.fetched[1].trace.fetch_id);
}

#[test]
fn an_entry_that_changes_at_every_poll_costs_little() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|request, now| match request.purpose {
        Purpose::Feed(_) => ok(&format!(
            "<rss><channel><item><guid isPermaLink='false'>1</guid><title>{now}</title>\
            <link>https://example.org/1</link></item></channel></rss>"
        )),
        _ => ok("<html>story</html>"),
    });
    world.run_for(3 * 24 * 3_600, &mut origin);
    assert!((3..=13).contains(&world.fetched.len()), "{}", world.fetched.len());
}

#[test]
fn validators_go_back_as_they_came_and_are_left_out_now_and_then() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|request, _| match request.purpose {
        Purpose::Feed(_) => match request.headers.iter().find(|(name, _)| name == "If-None-Match") {
            Some((_, tag)) if tag == "W/\"a b\"" => status(304, &[], ""),
            Some(other) => panic!("{other:?}"),
            None => status(
                200,
                &[("ETag", "W/\"a b\""), ("last-modified", "whenever")],
                &rss(&links(0..1)),
            ),
        },
        _ => ok("<html>story</html>"),
    });
    world.run_for(24 * 3_600, &mut origin);
    let polls: Vec<&Request> = world
        .requests
        .iter()
        .map(|(_, request)| request)
        .filter(|request| request.url == FEED)
        .collect();
    let bare = polls.iter().filter(|poll| poll.headers.len() == 1).count();
    assert!(1 < bare && bare * 15 < polls.len() + 15, "{bare} of {}", polls.len());
    assert_eq!(world.feed_state().last_modified.as_deref(), Some("whenever"));
    assert_eq!(world.feed_state().failures, 0);
}

#[test]
fn a_permanent_redirect_to_a_feed_moves_the_subscription() {
    let check = |code: u16, moved: bool| {
        let mut world = World::new(&[FEED]);
        let mut origin = origin(move |request, _| match request.url.as_str() {
            FEED => status(code, &[("Location", "/new")], ""),
            "https://example.org/new" => ok(&rss(&[])),
            other => panic!("{other}"),
        });
        world.run_for(3_600, &mut origin);
        let expected = if moved { "https://example.org/new" } else { FEED };
        assert_eq!(world.feed_state().url, expected, "{code}");
        assert_eq!(world.feed_state().failures, 0, "{code}");
        assert_eq!(world.requested(FEED) == 1, moved, "{code}");
    };
    check(301, true);
    check(308, true);
    check(302, false);
    check(303, false);
    check(307, false);
}

#[test]
fn a_permanent_redirect_to_nowhere_moves_nothing() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|request, _| match request.url.as_str() {
        FEED => status(301, &[("Location", "https://portal.example/login")], ""),
        _ => ok("<html>please log in</html>"),
    });
    world.run_for(600, &mut origin);
    assert_eq!(world.feed_state().url, FEED);
    assert_eq!(
        world.feed_state().last_error.as_deref(),
        Some("the answer is no feed: the document is a web page")
    );
}

#[test]
fn redirects_in_a_circle_are_a_failure() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|_, _| status(301, &[("Location", FEED)], ""));
    world.run_for(30, &mut origin);
    assert_eq!(world.requested(FEED), 6);
    assert_eq!(world.feed_state().last_error.as_deref(), Some("too many redirects"));
}

#[test]
fn only_gone_ends_a_feed_and_everything_else_backs_off() {
    let check = |answer: fn() -> Answer, ends: bool| {
        let mut world = World::new(&[FEED]);
        let mut origin = origin(move |_, _| answer());
        world.run_for(90 * 24 * 3_600, &mut origin);
        let state = world.feed_state();
        assert_eq!(state.ended, ends);
        assert!(state.last_error.is_some());
        let polls = world.requested(FEED);
        match ends {
            true => assert_eq!(polls, 1),
            false => assert!((15..40).contains(&polls), "{polls} polls"),
        }
        let longest = state.next_poll_at.millis_since(world.now);
        assert!(ends || (0 < longest && longest <= 33 * 24 * 3_600_000), "{longest}");
    };
    check(|| status(410, &[], ""), true);
    check(|| status(404, &[], ""), false);
    check(|| status(403, &[], ""), false);
    check(|| status(500, &[], ""), false);
    check(|| status(304, &[], ""), false);
    check(|| ok("what?"), false);
    check(|| ok(""), false);
    check(|| failure(FailureKind::Connect), false);
    check(|| failure(FailureKind::TooLarge), false);
    check(|| failure(FailureKind::RefusedAddress), false);
}

#[test]
fn a_server_that_asks_to_wait_is_not_asked_before() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|_, _| status(503, &[("Retry-After", "86400")], ""));
    world.run_for(23 * 3_600, &mut origin);
    world.recall();
    world.run_for(1_800, &mut origin);
    assert_eq!(world.requested(FEED), 1);
}

#[test]
fn the_operators_interval_wins() {
    let mut world = World::new(&[]);
    let source = Source {
        poll_interval_seconds: Some(10),
        ..Source::of_url(FEED)
    };
    world.sources.push(source);
    world.recall();
    let mut origin = origin(|_, _| ok(&rss(&[])));
    world.run_for(1_000, &mut origin);
    assert!((95..=100).contains(&world.requested(FEED)));
}

#[test]
fn a_removed_source_leaves_nothing_behind() {
    let mut world = World::new(&[FEED]);
    let mut origin = origin(|request, _| match request.purpose {
        Purpose::Feed(_) => ok(&rss(&links(0..1_200))),
        _ => ok("<html>story</html>"),
    });
    world.run_for(600, &mut origin);
    assert_eq!(world.fetcher.health(world.now).count(), 1);
    let source = world.sources.remove(0);
    world.fetcher.apply_source(&SourceChange::Removed(source.id));
    world.run_for(3 * 24 * 3_600, &mut origin);
    assert_eq!(world.memory, std::collections::BTreeMap::new());
    assert_eq!(world.fetcher.health(world.now).count(), 0);
}

#[test]
fn a_paused_source_is_not_polled() {
    let mut world = World::new(&[]);
    world.sources.push(Source {
        paused: true,
        ..Source::of_url(FEED)
    });
    world.recall();
    let mut origin = origin(|_, _| ok(&rss(&[])));
    world.run_for(3_600, &mut origin);
    assert!(world.requests.is_empty());
    assert_eq!(world.fetcher.health(world.now).next().unwrap().next_poll_at, None);
}

#[test]
fn entries_that_the_feed_drops_are_forgotten_after_a_month() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin = origin(move |request, now| match request.purpose {
        Purpose::Feed(_) => {
            let first = i64::from(3_600_000 < now.millis_since(start));
            ok(&rss(&links(first..2)))
        }
        _ => ok("<html>story</html>"),
    });
    let seen = |world: &World| {
        world
            .memory
            .values()
            .filter(|change| matches!(change, FetcherMemory::Seen(_)))
            .count()
    };
    world.run_for(29 * 24 * 3_600, &mut origin);
    assert_eq!(seen(&world), 2);
    world.run_for(3 * 24 * 3_600, &mut origin);
    assert_eq!(seen(&world), 1);
    assert_eq!(world.fetched.len(), 2, "forgetting fetches nothing again");
}
