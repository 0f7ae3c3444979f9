//! What operators say about sources: adding again, headers, credentials, charset, topics, pages in place of feeds.

use schemas::source::{Source, SourceChange};

use super::world::{Origin, World, failure, ok, rss, status};
use crate::exchange::{FailureKind, Purpose};

const HOME: &str = "https://example.org/";
const FEED: &str = "https://example.org/feed";
const PAGE: &str = "<html><head><link rel=alternate type=application/rss+xml href=/rss><title>x</title></head></html>";

fn set(world: &mut World, source: Source) {
    world.fetcher.apply_source(&SourceChange::Set(source.clone()));
    world.sources = vec![source];
}

#[test]
fn a_page_that_names_a_feed_leads_to_it_once() {
    for (target, feed) in [
        (None, "https://example.org/rss"),
        (Some("https://www.example.org/"), "https://www.example.org/rss"),
    ] {
        let mut world = World::new(&[HOME]);
        let start = world.now;
        let mut origin: Origin = Box::new(move |request, now| match (request.url.as_str(), target) {
            (HOME, Some(target)) => status(302, &[("location", target)], ""),
            (url, _) if url.ends_with("/rss") && now.millis_since(start) < 7_200_000 => ok(&rss(&[])),
            _ => ok(PAGE),
        });
        world.run_for(3_600, &mut origin);
        assert_eq!(world.feed_state().url, feed);
        assert_eq!(world.requested(HOME), 1);
        // Later a page is no feed, whatever it names.
        world.run_for(2 * 3_600, &mut origin);
        assert_eq!(world.feed_state().url, feed);
        assert!(0 < world.feed_state().failures);
    }
}

#[test]
fn a_page_that_names_a_page_moves_nothing() {
    let mut world = World::new(&[HOME]);
    let mut origin: Origin = Box::new(|_, _| ok(PAGE));
    world.run_for(60, &mut origin);
    assert_eq!(world.feed_state().url, HOME);
    assert_eq!(world.feed_state().failures, 1);
}

#[test]
fn adding_a_source_again_revives_it() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(move |_, now| match now.millis_since(start) < 3_600_000 {
        true => status(410, &[], ""),
        false => ok(&rss(&[])),
    });
    world.run_for(2 * 3_600, &mut origin);
    assert!(world.feed_state().ended);
    assert_eq!(world.requests.len(), 1);
    let again = Source {
        added_at: Some(world.now),
        ..Source::of_url(FEED)
    };
    set(&mut world, again);
    world.run_for(10, &mut origin);
    assert_eq!(world.requests.len(), 2);
    let state = world.feed_state();
    assert_eq!((state.ended, state.failures, state.last_error), (false, 0, None));
    world.recall();
    world.run_for(30, &mut origin);
    assert_eq!(world.requests.len(), 2, "once");
}

#[test]
fn a_revived_source_that_is_still_gone_ends_again() {
    let mut world = World::new(&[FEED]);
    let mut origin: Origin = Box::new(|_, _| status(410, &[], ""));
    world.run_for(60, &mut origin);
    let again = Source {
        added_at: Some(world.now),
        ..Source::of_url(FEED)
    };
    set(&mut world, again);
    world.run_for(3_600, &mut origin);
    assert!(world.feed_state().ended);
    assert_eq!(world.requests.len(), 2);
}

#[test]
fn adding_a_source_that_failed_for_long_polls_it_at_once_at_the_address_that_was_given() {
    let mut world = World::new(&[FEED]);
    let start = world.now;
    let mut origin: Origin = Box::new(
        move |request, now| match (request.url.as_str(), now.millis_since(start)) {
            (FEED, ..60_000) => status(301, &[("location", "/moved")], ""),
            (_, ..60_000) => ok(&rss(&[])),
            _ => failure(FailureKind::Connect),
        },
    );
    world.run_for(10 * 24 * 3_600, &mut origin);
    assert_eq!(world.feed_state().url, "https://example.org/moved");
    let before = world.requested(FEED);
    let again = Source {
        added_at: Some(world.now),
        ..Source::of_url(FEED)
    };
    set(&mut world, again);
    world.run_for(2 * 3_600, &mut origin);
    assert!(before < world.requested(FEED));
}

#[test]
fn headers_and_credentials_go_to_the_sources_own_host_alone() {
    let mut world = World::new(&[]);
    let source = Source {
        headers: [("X-Partner".to_owned(), "7".to_owned())].into(),
        credentials_file: Some("example".to_owned()),
        ..Source::of_url(FEED)
    };
    set(&mut world, source);
    let mut origin: Origin = Box::new(|request, _| match request.url.as_str() {
        FEED => status(302, &[("location", "https://elsewhere.example/feed")], ""),
        "https://elsewhere.example/feed" => ok(&rss(&[
            "https://example.org/1".to_owned(),
            "https://elsewhere.example/2".to_owned(),
            "http://example.org/3".to_owned(),
        ])),
        url if url.ends_with("robots.txt") => status(404, &[], ""),
        _ => ok("<p>x</p>"),
    });
    world.run_for(60, &mut origin);
    assert_eq!(world.fetched.len(), 3);
    for (_, request) in &world.requests {
        let is_own = request.url.starts_with("https://example.org/") && !matches!(request.purpose, Purpose::Robots(_));
        assert_eq!(request.credentials_file.is_some(), is_own, "{}", request.url);
        assert_eq!(
            request.headers.iter().any(|(name, _)| name == "X-Partner"),
            is_own,
            "{}",
            request.url
        );
    }
}

#[test]
fn charset_and_topics_of_the_operator_count() {
    let mut world = World::new(&[]);
    let source = Source {
        charset: Some("windows-1251".to_owned()),
        topics: vec!["medtop:15000000".to_owned(), "sport".to_owned()],
        ..Source::of_url(FEED)
    };
    set(&mut world, source);
    let mut origin: Origin = Box::new(|request, _| match request.url.as_str() {
        FEED => {
            let mut answer = status(200, &[("content-type", "application/rss+xml; charset=utf-8")], "");
            if let crate::exchange::Answer::Response(response) = &mut answer {
                response.body.extend(b"<rss><channel><item><title>");
                response.body.extend([0xd1, 0xef, 0xee, 0xf0, 0xf2]);
                response.body.extend(
                    b"</title><category>sport</category><link>https://example.org/1</link></item></channel></rss>",
                );
            }
            answer
        }
        url if url.ends_with("robots.txt") => status(404, &[], ""),
        _ => ok("<p>x</p>"),
    });
    world.run_for(60, &mut origin);
    let hints = &world.fetched[0].hints;
    assert_eq!(hints.title.as_deref(), Some("Спорт"));
    // The operator's come first.
    assert_eq!(hints.categories, ["medtop:15000000", "sport"]);
}

#[test]
fn a_source_added_by_a_clock_ahead_of_ours_is_polled_as_any_other() {
    for feed in ["https://example.org/moved", "https://www.example.org/moved"] {
        let mut world = World::new(&[]);
        let source = Source {
            added_at: Some(world.now.plus_millis(6 * 3_600_000)),
            ..Source::of_url(FEED)
        };
        set(&mut world, source);
        let mut origin: Origin = Box::new(move |request, _| match request.url.as_str() {
            FEED => status(302, &[("location", feed)], ""),
            _ => ok(&rss(&[])),
        });
        world.run_for(1_200, &mut origin);
        assert!((5..=21).contains(&world.requested(FEED)), "{}", world.requested(FEED));
        assert_eq!(world.requested(feed), world.requested(FEED));
    }
}

#[test]
fn a_source_of_another_partition_leaves_nothing_when_it_is_said_to_be_removed() {
    let mut world = World::new(&[FEED]);
    for number in 0..100 {
        let id = Source::of_url(&format!("https://other{number}.example/feed")).id;
        world.fetcher.apply_source(&SourceChange::Removed(id));
    }
    assert_eq!(world.fetcher.subscriptions.len(), 1);
    assert!(world.fetcher.removed.is_empty());
    // One that has left something is swept first.
    let mut origin: Origin = Box::new(|_, _| ok(&rss(&["https://example.org/1".to_owned()])));
    world.run_for(60, &mut origin);
    let id = world.sources.remove(0).id;
    world.fetcher.apply_source(&SourceChange::Removed(id));
    world.run_for(60, &mut origin);
    assert!(world.fetcher.subscriptions.is_empty());
    assert!(world.fetcher.removed.is_empty());
    assert!(
        !world
            .memory
            .keys()
            .any(|key| key.starts_with("feed:") || key.starts_with("seen:"))
    );
}
