//! What happens to a cluster when its original turns out to be another article than the first.

use deduper::deduper::{Config, Deduper, Outcome, Replaces, Verdict};

use crate::articles::{BRIEF, FERRY};
use crate::origin::{Stream, item, told};
use crate::{DAY, HOUR, NOON};

#[test]
fn copies_that_come_after_a_late_original_point_to_it_and_the_cluster_keeps_its_name() {
    let mut stream = Stream::new();
    stream.take(item("a", "paper.example"));
    assert_eq!(told(&stream.take(item("b", "gazette.example"))), "copy of a");
    let moved = stream.take(item("c", "antaranews.com"));
    let Verdict::News {
        replaces: Some(Replaces { former, .. }),
        ..
    } = &moved.verdict
    else {
        panic!("{moved:?}")
    };
    assert_eq!((former.cluster.as_str(), former.copies), ("a", 3));
    assert_eq!(former.original_url, "https://paper.example/a");
    let later = stream.take(item("d", "courier.example"));
    let Verdict::News {
        duplicate: Some(copy), ..
    } = &later.verdict
    else {
        panic!("{later:?}")
    };
    assert_eq!(
        (copy.cluster.as_str(), copy.original.as_str(), copy.copies),
        ("a", "c", 4)
    );
    assert_eq!(copy.original_url, "https://antaranews.com/c");
}

#[test]
fn an_original_may_move_several_times_and_every_step_names_the_one_before() {
    let mut stream = Stream::new();
    let steps = [
        (item("a", "paper.example").at(50), "original"),
        (item("b", "gazette.example").at(20), "original for a by earlier"),
        (item("c", "courier.example").at(40), "copy of b"),
        (item("d", "ledger.example").dateline(), "original for b by dateline"),
        (
            item("e", "herald.example").dateline().credits("dpa"),
            "original for d by credit",
        ),
        (item("f", "globe.example").dateline(), "copy of e"),
        (item("g", "dpa.com"), "original for e by agency_site"),
        (item("h", "afp.com"), "copy of g"),
    ];
    for (item, expected) in steps {
        assert_eq!(told(&stream.take(item)), expected, "{}", item.id);
    }
    // Who was seen already is told the same again.
    for (item, expected) in steps {
        let again = stream.decide(item, item.id, FERRY.1, NOON + 2 * HOUR);
        assert_eq!((told(&again).as_str(), again.memory), (expected, None), "{}", item.id);
    }
}

#[test]
fn the_new_original_is_known_after_the_first_article_and_itself_left_the_window() {
    let mut stream = Stream::new();
    stream.fetch(item("a", "paper.example"), "1", FERRY.1, NOON);
    stream.fetch(item("b", "ansa.it"), "2", FERRY.1, NOON + DAY);
    stream.fetch(item("c", "gazette.example"), "3", FERRY.1, NOON + 2 * DAY);
    for (id, day) in [("d", 7), ("e", 8), ("f", 9), ("g", 15)] {
        let now = NOON + day * DAY + HOUR;
        let item = item(id, "courier.example").at(-30 * 60);
        // Whether what left the window was forgotten yet or not.
        let before = told(&stream.fetch(item, id, FERRY.1, now));
        assert_eq!(before, "copy of b", "{id}");
        stream.forget_what_is_due(now);
        let again = Deduper::new(Config::default());
        let recalled = stream.changes.iter().fold(again, |mut deduper, change| {
            deduper.apply(change);
            deduper
        });
        stream.deduper = recalled;
    }
    assert!(!stream.deduper.remembers("b"));
}

#[test]
fn an_original_that_left_the_window_keeps_its_place() {
    let mut stream = Stream::new();
    stream.fetch(item("a", "paper.example"), "1", FERRY.1, NOON);
    stream.fetch(item("b", "gazette.example"), "2", FERRY.1, NOON + 6 * DAY);
    let late = stream.fetch(item("c", "ansa.it"), "3", FERRY.1, NOON + 8 * DAY);
    assert_eq!(told(&late), "copy of a");
}

#[test]
fn an_original_that_comes_back_after_it_was_forgotten_is_no_copy_of_itself() {
    for (first, late) in [("a", None), ("b", Some(item("b", "ansa.it")))] {
        let mut stream = Stream::new();
        stream.fetch(item("a", "paper.example"), "1", FERRY.1, NOON);
        late.map(|late| stream.fetch(late, "2", FERRY.1, NOON + HOUR));
        stream.fetch(item("c", "gazette.example"), "3", FERRY.1, NOON + 6 * DAY);
        let (now, host) = (NOON + 8 * DAY, if first == "a" { "paper.example" } else { "ansa.it" });
        stream.forget_what_is_due(now);
        assert_eq!(told(&stream.fetch(item(first, host), "4", FERRY.1, now)), "original");
        let copy = stream.fetch(item("d", "courier.example"), "5", FERRY.1, now);
        assert_eq!(told(&copy), format!("copy of {first}"));
    }
}

#[test]
fn versions_of_the_original_stay_it_and_versions_of_the_former_one_are_copies() {
    let mut stream = Stream::new();
    let (a, b) = (item("a", "paper.example"), item("b", "ansa.it"));
    stream.take(a);
    stream.take(b);
    let (second, third) = (FERRY.1.replace("212", "213"), FERRY.1.replace("212", "214"));
    let steps = [
        (b, "b2", second.as_str(), "original"),
        (a, "a2", second.as_str(), "copy of b"),
        // What an article says of itself later does not make it take a place.
        (a.credits("ANSA").dateline().at(-300), "a3", third.as_str(), "copy of b"),
        (b, "b3", BRIEF.1, "original"),
        (item("c", "gazette.example"), "c", third.as_str(), "copy of b"),
    ];
    for (item, fetch_id, text, expected) in steps {
        let outcome = stream.fetch(item, fetch_id, text, NOON + 2 * HOUR);
        assert_eq!(told(&outcome), expected, "{fetch_id}");
        let again = stream.decide(item, fetch_id, text, NOON + 3 * HOUR);
        assert_eq!(again.verdict, outcome.verdict, "{fetch_id} again");
    }
}

#[test]
fn a_former_original_whose_text_is_another_story_starts_a_cluster_with_another_name() {
    let mut stream = Stream::new();
    let a = item("a", "paper.example");
    stream.take(a);
    stream.take(item("b", "ansa.it"));
    let other = stream.fetch(a, "a2", BRIEF.1, NOON + 2 * HOUR);
    assert_eq!(told(&other), "original");
    let copy = stream.fetch(item("c", "gazette.example"), "c", BRIEF.1, NOON + 2 * HOUR);
    assert_eq!(told(&copy), "copy of a");
    let old_copy = stream.fetch(item("d", "courier.example"), "d", FERRY.1, NOON + 2 * HOUR);
    assert_eq!(told(&old_copy), "copy of b");
    let cluster = |outcome: &Outcome| match &outcome.verdict {
        Verdict::News { duplicate, .. } => duplicate.as_ref().map(|copy| copy.cluster.clone()),
        Verdict::Unchanged => None,
    };
    assert_eq!(cluster(&old_copy).as_deref(), Some("a"));
    assert_eq!(cluster(&copy).as_deref(), Some("a2"));
    assert_eq!(
        told(&stream.fetch(a, "a3", &BRIEF.1.replace("6,400", "6,500"), NOON + 3 * HOUR)),
        "original"
    );
}
