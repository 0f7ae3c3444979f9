//! What a feed showed is remembered so that it is not new again, and a hostile feed can't make that grow for ever.

use schemas::memory::fetcher::FetcherMemory;

use super::world::{Origin, World, ok, status};
use crate::exchange::Purpose;

const FEED: &str = "https://example.org/feed";
const HOUR: i64 = 60 * 60;

fn seen(world: &World) -> usize {
    let is_seen = |change: &&FetcherMemory| matches!(change, FetcherMemory::Seen(_));
    world.memory.values().filter(is_seen).count()
}

/// A feed of `items`, which gets the number of polls so far.
fn feed(items: impl Fn(usize) -> String + 'static) -> Origin {
    let mut polls = 0;
    Box::new(move |request, _| match request.purpose {
        Purpose::Feed(_) => {
            polls += 1;
            ok(&format!("<rss><channel>{}</channel></rss>", items(polls)))
        }
        Purpose::Robots(_) => status(404, &[], ""),
        _ => ok("<html>story</html>"),
    })
}

#[test]
fn a_feed_whose_ids_change_at_every_poll_is_remembered_to_a_limit() {
    let mut world = World::new(&[FEED]);
    world.settings.seen_entries_max = 1_000;
    world.sources[0].poll_interval_seconds = Some(HOUR.try_into().unwrap());
    world.recall();
    let lasting = "<item><guid>lasting</guid><link>https://example.org/lasting</link></item>";
    let mut origin = feed(move |poll| {
        let item = |number| format!("<item><guid isPermaLink='false'>{poll}-{number}</guid></item>");
        lasting.to_owned() + &(0..400).map(item).collect::<String>()
    });
    let mut most = 0;
    for _ in 0..5 * 24 {
        world.run_for(HOUR, &mut origin);
        most = most.max(seen(&world));
    }
    assert!((900..=1_000).contains(&most), "{most} seen entries");
    assert_eq!(world.requested(FEED), 120);
    assert_eq!(world.fetched.len(), 1, "what it shows stays known");
}

#[test]
fn a_document_of_more_entries_than_are_remembered_is_new_once() {
    let mut world = World::new(&[FEED]);
    world.settings.seen_entries_max = 10;
    world.settings.first_poll_entries = 100;
    world.recall();
    let item = |number| format!("<item><guid>{number}</guid><link>https://example.org/{number}</link></item>");
    let mut origin = feed(move |_| (0..60).map(item).collect());
    world.run_for(2 * 24 * HOUR, &mut origin);
    assert_eq!((seen(&world), world.fetched.len()), (60, 60));
}

#[test]
fn a_limit_that_was_lowered_is_reached_after_some_polls() {
    let mut world = World::new(&[FEED]);
    let mut origin = feed(|poll| {
        let item = |number| format!("<item><guid isPermaLink='false'>{number}</guid></item>");
        match poll {
            1 => (0..2_000).map(item).collect(),
            _ => item(0),
        }
    });
    world.run_for(30, &mut origin);
    assert_eq!(seen(&world), 2_000);
    world.settings.seen_entries_max = 100;
    world.recall();
    world.run_for(6 * HOUR, &mut origin);
    assert_eq!(seen(&world), 100);
}

#[test]
fn of_a_document_with_very_many_entries_the_newest_are_looked_at() {
    let mut world = World::new(&[FEED]);
    world.settings.entries_per_poll_max = 80;
    world.recall();
    let mut origin = feed(|_| {
        let item = |minute: usize| {
            let (hour, minute) = (minute / 60, minute % 60);
            format!(
                "<item><link>https://example.org/{hour}-{minute}</link>\
                <pubDate>Sat, 21 Nov 2026 {hour:02}:{minute:02}:00 GMT</pubDate></item>"
            )
        };
        (0..24 * 60).map(item).collect()
    });
    world.run_for(HOUR, &mut origin);
    assert_eq!((seen(&world), world.fetched.len()), (80, 50));
    assert_eq!(world.requested("https://example.org/23-59"), 1);
    assert_eq!(world.requested("https://example.org/0-0"), 0);
}
