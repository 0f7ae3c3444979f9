//! Articles that share words and are not copies: each must stay apart.

use crate::articles::{BACKGROUND, FERRY, FERRY_OTHER_REPORTER, market};
use crate::{DAY, HOUR, NOON, article, joined, newsroom, take};

fn check_apart(first: (&str, &str), second: (&str, &str), what: &str) {
    for (first, second) in [(first, second), (second, first)] {
        let mut deduper = newsroom();
        take(&mut deduper, &article("first", "gazette", first.0, first.1), NOON);
        let outcome = take(
            &mut deduper,
            &article("second", "courier", second.0, second.1),
            NOON + HOUR,
        );
        assert_eq!(joined(&outcome), None, "{what}");
    }
}

#[test]
fn keeps_two_reporters_on_one_event_apart() {
    check_apart(FERRY, FERRY_OTHER_REPORTER, "two reporters");
}

#[test]
fn keeps_a_template_with_other_numbers_apart() {
    let title = "Alma exchange closes";
    let mut deduper = newsroom();
    let days = [
        ("Monday", "2,214.6", "12.4", "310", "Northmine"),
        ("Tuesday", "2,198.1", "16.5", "287", "Alma Lines"),
        ("Wednesday", "2,240.9", "42.8", "402", "Dunmere Foods"),
        ("Thursday", "2,231.0", "9.9", "295", "Sorrel Energy"),
    ];
    for (at, (day, index, points, volume, leader)) in days.into_iter().enumerate() {
        let text = market(day, index, points, volume, leader);
        let id = format!("market-{at}");
        let outcome = take(
            &mut deduper,
            &article(&id, "gazette", title, &text),
            NOON + at as i64 * DAY,
        );
        assert_eq!(joined(&outcome), None, "{day}");
    }
}

#[test]
fn keeps_articles_apart_that_share_boilerplate_only() {
    let boilerplate = BACKGROUND[0].1.split("\n\n").last().unwrap_or_default();
    let bakery =
        format!("The last bakery of Dunmere closes in May, because nobody wants to rise at two.\n\n{boilerplate}");
    let bridge =
        format!("A crane lifted the old footbridge off its piers on Sunday while a band played.\n\n{boilerplate}");
    check_apart(
        ("No more rye rolls", &bakery),
        ("Bridge leaves town", &bridge),
        "the same last paragraph",
    );
}

#[test]
fn keeps_a_digest_apart_from_the_stories_in_it() {
    let lead = FERRY.1.split("\n\n").next().unwrap_or_default();
    let digest = format!(
        "Good morning. Here is what you need to know.\n\n1. Judges of the high court begin hearings on the fishing quota \
today; skippers plan a protest in front of the building.\n\n2. {lead}\n\n3. Sorrel Bay's library opens again on Monday, \
eleven months after a burst main flooded it.\n\n4. The weather stays dry until Friday, with fog along the coast in the \
early hours and fifteen degrees at noon."
    );
    check_apart(FERRY, ("The morning briefing", &digest), "a digest");
}

#[test]
fn keeps_a_series_under_one_title_apart() {
    let title = "Letters to the editor";
    let first = "Your report on the night trains left out the price of a bed. My grandfather took the sleeper to the coast \
in 1961 and paid a week's wages for it. Please print the fares next time. Arne Sund, Port Alma";
    let second = "How long must the people of the southern spit wait for a lamp? My sons fish there in the dark, and every \
winter I count the hours until they are home. The ministry should be ashamed. Oda Brekke, Karst Island";
    check_apart((title, first), (title, second), "letters");
}

#[test]
fn keeps_short_flashes_apart_that_share_a_frame() {
    let first = ("News alert", "Ferry aground off Karst Island. Details to follow.");
    let second = (
        "News alert",
        "Central bank holds rates at 3 percent. Details to follow.",
    );
    check_apart(first, second, "flashes");
}
