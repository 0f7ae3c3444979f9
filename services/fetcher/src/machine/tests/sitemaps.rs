use std::fmt::Write as _;

use schemas::time::Timestamp;

use super::world::{Origin, World, failure, ok, rss, settings, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};

pub(super) const MAP: &str = "https://example.org/sitemap.xml";

/// An origin that answers robots.txt and pages, and what else by `answer`.
pub(super) fn origin(answer: impl Fn(&str, Timestamp) -> Answer + 'static) -> Origin {
    Box::new(move |request: &Request, now| match &request.purpose {
        Purpose::Robots(_) | Purpose::Tdm(_) => status(404, &[], ""),
        Purpose::Page => ok("<p>story</p>"),
        Purpose::Feed(_) | Purpose::Errand(_) => answer(&request.url, now),
    })
}

/// A sitemap of pages with the days on which they changed.
pub(super) fn pages(stories: &[(String, Timestamp)]) -> String {
    let mut text = "<urlset>".to_owned();
    for (link, at) in stories {
        let _ = write!(text, "<url><loc>{link}</loc><lastmod>{at}</lastmod></url>");
    }
    text + "</urlset>"
}

pub(super) fn index(children: &[(String, String)]) -> String {
    let mut text = "<sitemapindex>".to_owned();
    for (url, modified) in children {
        let _ = write!(text, "<sitemap><loc>{url}</loc><lastmod>{modified}</lastmod></sitemap>");
    }
    text + "</sitemapindex>"
}

pub(super) fn story(number: i64) -> String {
    format!("https://example.org/story/{number}")
}

#[test]
fn a_sitemap_is_read_as_a_feed_is() {
    let mut world = World::new(&[MAP]);
    world.settings.poll_interval_min_seconds = 900;
    world.recall();
    let start = world.now;
    // Oldest first; a story every three hours, and an archive of fifty days.
    let mut origin = origin(move |_, now| {
        let newest = now.millis_since(start) / 10_800_000;
        let stories: Vec<(String, Timestamp)> = (-400..=newest)
            .map(|number| (story(number), start.plus_millis(number * 10_800_000)))
            .collect();
        ok(&pages(&stories))
    });
    world.run_for(7 * 3_600, &mut origin);
    assert_eq!(
        world.fetched.len(),
        settings().first_poll_entries + 2,
        "the newest, and what came since"
    );
    assert!(world.fetched.iter().all(|fetched| fetched.hints.updated_at.is_some()));
    let before = world.fetched.len();
    world.run_for(24 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), before + 8);
    assert!(world.fates.is_empty());
}

#[test]
fn news_sitemaps_give_titles_languages_and_dates() {
    let mut world = World::new(&[MAP]);
    let mut origin = origin(|_, _| {
        ok(
            "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://example.org/a</loc>\
            <n:news><n:publication><n:language>de</n:language></n:publication><n:title>A &amp; B</n:title>\
            <n:publication_date>2026-11-21T10:00:00Z</n:publication_date></n:news></url></urlset>",
        )
    });
    world.run_for(60, &mut origin);
    let hints = &world.fetched[0].hints;
    assert_eq!(hints.title.as_deref(), Some("A & B"));
    assert_eq!(hints.language.as_deref(), Some("de"));
    assert_eq!(hints.published_at.unwrap().to_string(), "2026-11-21T10:00:00.000Z");
}

#[test]
fn an_index_leads_to_what_changed_of_it_newest_first() {
    let mut world = World::new(&[MAP]);
    world.settings.poll_interval_min_seconds = 300;
    world.recall();
    let start = world.now;
    let day = move |number: i64| start.plus_millis(number * 24 * 3_600_000);
    // A sitemap for each day of the last months; the one of today grows by a story an hour.
    let mut origin = origin(move |url, now| {
        let today = now.millis_since(start) / (24 * 3_600_000);
        if url == MAP {
            let children: Vec<(String, String)> = (-100..=today)
                .map(|number| {
                    let modified = if number == today {
                        now
                    } else {
                        day(number + 1).plus_millis(60_000)
                    };
                    (format!("https://example.org/map/{number}.xml"), modified.to_string())
                })
                .collect();
            return ok(&index(&children));
        }
        let number: i64 = url
            .trim_start_matches("https://example.org/map/")
            .trim_end_matches(".xml")
            .parse()
            .unwrap();
        let stories: Vec<(String, Timestamp)> = (0..24)
            .map(|hour| (story(number * 24 + hour), day(number).plus_millis(hour * 3_600_000)))
            .filter(|(_, at)| *at <= now)
            .collect();
        ok(&pages(&stories))
    });
    world.run_for(3_500, &mut origin);
    assert_eq!(
        world.requested("https://example.org/map/0.xml"),
        1 + world.requested(MAP) - 1
    );
    assert_eq!(world.fetched.len(), settings().first_poll_entries);
    let before = world.fetched.len();
    world.run_for(26 * 3_600, &mut origin);
    assert_eq!(world.fetched.len(), before + 26, "every story since, once");
    assert_eq!(
        world.requested("https://example.org/map/-5.xml"),
        0,
        "the archive is left alone"
    );
    assert!(world.requested("https://example.org/map/-1.xml") <= 3);
    assert_eq!(world.feed_state().failures, 0);
    assert!(world.fates.is_empty());
}

#[test]
fn one_poll_reads_so_many_sitemaps_and_no_more() {
    let mut world = World::new(&[MAP]);
    world.settings.first_poll_entries = 10_000;
    world.recall();
    let mut origin = origin(|url, now| match url {
        MAP => {
            let children = (0..100).map(|number| (format!("https://example.org/map/{number}"), now.to_string()));
            ok(&index(&children.collect::<Vec<_>>()))
        }
        _ => ok(&pages(&[])),
    });
    world.run_for(45, &mut origin);
    assert_eq!(world.requests.len(), 1 + 20);
    assert!(world.feed_state().sitemaps.unwrap().reading.is_none());
}

#[test]
fn undated_sitemaps_are_read_from_both_ends() {
    let mut world = World::new(&[MAP]);
    let mut origin = origin(|url, _| match url {
        MAP => ok(&index(
            &(0..100)
                .map(|number| (format!("https://example.org/map/{number}"), String::new()))
                .collect::<Vec<_>>(),
        )),
        _ => ok(&pages(&[])),
    });
    world.run_for(60, &mut origin);
    for (number, asked) in [(0, 1), (9, 1), (10, 0), (89, 0), (90, 1), (99, 1)] {
        assert_eq!(
            world.requested(&format!("https://example.org/map/{number}")),
            asked,
            "{number}"
        );
    }
}

#[test]
fn a_sitemap_that_cannot_be_had_does_not_keep_us_from_the_others() {
    let mut world = World::new(&[MAP]);
    let mut origin = origin(|url, now| match url {
        MAP => {
            let name = |name: &str| (format!("https://example.org/{name}"), now.to_string());
            let elsewhere = ("https://cdn.example.org/far".to_owned(), now.to_string());
            ok(&index(&[
                name("gone"),
                name("cut"),
                name("page"),
                name("moved"),
                name("nested"),
                elsewhere,
                name("feed"),
            ]))
        }
        "https://example.org/gone" => status(410, &[], ""),
        "https://example.org/cut" => failure(FailureKind::Truncated),
        "https://example.org/page" => ok("<html>x</html>"),
        "https://example.org/moved" => status(301, &[("location", "/new")], ""),
        "https://example.org/new" => ok(&pages(&[(story(1), now)])),
        "https://example.org/nested" => ok(&index(&[("https://example.org/inner".to_owned(), now.to_string())])),
        "https://example.org/inner" => ok(&pages(&[(story(2), now)])),
        "https://example.org/feed" => ok(&rss(&[story(3)])),
        "https://cdn.example.org/far" => ok(&pages(&[(story(4), now)])),
        other => panic!("{other}"),
    });
    world.run_for(50, &mut origin);
    let mut urls: Vec<&str> = world.fetched.iter().map(|fetched| fetched.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(urls, [1, 2, 3, 4].map(story));
    let state = world.feed_state();
    assert_eq!((state.failures, state.ended, state.url.as_str()), (0, false, MAP));
    assert!(state.last_error.unwrap().starts_with("https://example.org/page: "));
}

#[test]
fn a_host_that_fails_ends_the_poll_and_the_next_one_reads_on() {
    let mut world = World::new(&[MAP]);
    let start = world.now;
    let mut origin = origin(move |url, now| match url {
        MAP => {
            let children = (0..3).map(|number| (format!("https://example.org/map/{number}"), now.to_string()));
            ok(&index(&children.collect::<Vec<_>>()))
        }
        "https://example.org/map/1" if now.millis_since(start) < 60_000 => failure(FailureKind::Timeout),
        _ => ok(&pages(&[(story(i64::from(url.as_bytes()[url.len() - 1])), now)])),
    });
    world.run_for(40, &mut origin);
    assert_eq!(world.feed_state().failures, 1);
    world.run_for(3_600, &mut origin);
    assert_eq!(world.feed_state().failures, 0);
    let mut urls: Vec<&str> = world.fetched.iter().map(|fetched| fetched.url.as_str()).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), 3);
}
