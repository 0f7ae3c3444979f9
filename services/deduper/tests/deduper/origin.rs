//! Who is the original of a cluster, and what happens when that turns out to be another article.

use deduper::deduper::{Config, Deduper, Duplicate, Outcome, Replaces, Verdict};
use deduper::memory::Memory;
use deduper::origin::{Clues, Told};

use crate::articles::{BRIEF, FERRY};
use crate::{Article, DAY, HOUR, NOON, article, newsroom};

const MINUTE: i64 = HOUR / 60;

/// An article with what it says of its origin.
#[derive(Clone, Copy)]
struct Item<'a> {
    id: &'a str,
    host: &'a str,
    clues: Clues<'a>,
}

fn item<'a>(id: &'a str, host: &'a str) -> Item<'a> {
    Item {
        id,
        host,
        clues: Clues::default(),
    }
}

impl<'a> Item<'a> {
    fn credits(self, agency: &'a str) -> Self {
        let agency = Some(agency);
        let clues = Clues { agency, ..self.clues };
        Self { clues, ..self }
    }

    fn dateline(self) -> Self {
        let dateline = true;
        let clues = Clues { dateline, ..self.clues };
        Self { clues, ..self }
    }

    fn told(self, told: Told) -> Self {
        let told = Some(told);
        let clues = Clues { told, ..self.clues };
        Self { clues, ..self }
    }

    fn at(self, minutes: i64) -> Self {
        self.told(Told::At(NOON + minutes * MINUTE))
    }
}

/// A deduper with a stream of one story behind it.
struct Stream {
    deduper: Deduper,
    changes: Vec<Memory>,
}

impl Stream {
    fn new() -> Self {
        Self {
            deduper: newsroom(),
            changes: Vec::new(),
        }
    }

    fn decide(&self, item: Item<'_>, fetch_id: &str, text: &str, now: i64) -> Outcome {
        let url = format!("https://{}/{}", item.host, item.id);
        let article = Article {
            fetch_id,
            url: &url,
            ..article(item.id, item.host, FERRY.0, text)
        };
        self.deduper.decide_with(&article, &item.clues, now)
    }

    fn fetch(&mut self, item: Item<'_>, fetch_id: &str, text: &str, now: i64) -> Outcome {
        let outcome = self.decide(item, fetch_id, text, now);
        outcome.memory.iter().for_each(|change| self.deduper.apply(change));
        self.changes.extend(outcome.memory.clone());
        outcome
    }

    /// Takes the story as the item brings it, an hour after noon.
    fn take(&mut self, item: Item<'_>) -> Outcome {
        self.fetch(item, item.id, FERRY.1, NOON + HOUR)
    }

    fn forget_what_is_due(&mut self, now: i64) {
        let due = self.deduper.due(now);
        due.iter().for_each(|change| self.deduper.apply(change));
        self.changes.extend(due);
    }
}

/// What an article was told to be, in short: `original`, `copy of X`, `original for X by REASON`.
fn told(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Unchanged => "unchanged".to_owned(),
        Verdict::News {
            duplicate: None,
            replaces: None,
            ..
        } => "original".to_owned(),
        Verdict::News {
            duplicate: Some(Duplicate { original, .. }),
            replaces: None,
            ..
        } => format!("copy of {original}"),
        Verdict::News {
            duplicate: None,
            replaces: Some(Replaces { reason, former }),
            ..
        } => format!("original for {} by {}", former.original, reason.as_str()),
        Verdict::News { .. } => "both copy and original".to_owned(),
    }
}

/// Takes two articles with one text in the order given; says what the second was told to be.
fn second(first: Item<'_>, second: Item<'_>) -> String {
    let mut stream = Stream::new();
    assert_eq!(told(&stream.take(first)), "original");
    told(&stream.take(second))
}

const STAYS: &str = "copy of a";

#[test]
fn what_an_article_says_of_its_origin_decides_who_is_the_original() {
    let (a, b) = (item("a", "paper.example"), item("b", "gazette.example"));
    let (antara, tass) = (item("b", "www.antaranews.com"), item("b", "tass.com"));
    let day = |days: i64| Told::Day((NOON - NOON.rem_euclid(DAY)) + days * DAY);
    let cases = [
        ("nothing decides", a, b, STAYS),
        ("a credit", a, b.credits("AP"), "original for a by credit"),
        (
            "an agency that the table lacks",
            a,
            b.credits("Coastal Press"),
            "original for a by credit",
        ),
        ("a dateline", a, b.dateline(), "original for a by dateline"),
        (
            "credit and dateline over a credit",
            a.credits("AP"),
            b.credits("AP").dateline(),
            "original for a by dateline",
        ),
        (
            "credit and dateline over a dateline",
            a.dateline(),
            b.credits("AP").dateline(),
            "original for a by credit",
        ),
        ("credit against dateline", a.dateline(), b.credits("AP"), STAYS),
        (
            "the agency's own site",
            a.credits("ANTARA").dateline(),
            antara,
            "original for a by agency_site",
        ),
        (
            "whatever its time",
            a.at(-9 * 60),
            antara.at(30),
            "original for a by agency_site",
        ),
        (
            "the site of an agency that passes on another's",
            a.credits("AFP"),
            antara,
            STAYS,
        ),
        ("and says so", a.dateline(), antara.credits("AFP"), STAYS),
        ("two agencies' sites", item("a", "ria.ru"), tass, STAYS),
        ("an earlier time", a.at(40), b.at(25), "original for a by earlier"),
        ("less than a clear margin", a.at(40), b.at(26), STAYS),
        ("a later time", a.at(25), b.at(40), STAYS),
        ("a time against none", a, b.at(-600), STAYS),
        (
            "a credit over an earlier time",
            a.at(0),
            b.at(30).credits("AP"),
            "original for a by credit",
        ),
        (
            "a credit, but a day later",
            a.at(-25 * 60),
            b.at(0).credits("AP"),
            STAYS,
        ),
        (
            "a day earlier, against a credit",
            a.at(0).credits("AP"),
            b.at(-25 * 60),
            "original for a by earlier",
        ),
        ("longer ago than the window", a.at(0), b.at(-8 * 24 * 60), STAYS),
        ("a time to come", a.at(500), b.at(300), STAYS),
        (
            "clocks of unknown zones",
            a.told(Told::Local(NOON)),
            b.told(Told::Local(NOON - 5 * HOUR)),
            STAYS,
        ),
        (
            "far apart",
            a.at(0),
            b.told(Told::Local(NOON - 13 * HOUR)),
            "original for a by earlier",
        ),
        ("the day before", a.told(day(0)), b.told(day(-1)), STAYS),
        (
            "the days before",
            a.told(day(0)),
            b.told(day(-4)),
            "original for a by earlier",
        ),
        (
            "another page of the same site",
            item("a", "gazette.example"),
            b.credits("AP").dateline(),
            STAYS,
        ),
    ];
    for (what, first, then, expected) in cases {
        assert_eq!(second(first, then), expected, "{what}");
    }
}

#[test]
fn of_two_articles_the_same_one_is_the_original_whichever_came_first_or_the_first_is() {
    let times = [
        None,
        Some(Told::At(NOON)),
        Some(Told::At(NOON - 2 * DAY)),
        Some(Told::Day(NOON - 5 * DAY)),
    ];
    let all = |id, hosts: [&'static str; 2]| {
        let marks = [(None, false), (None, true), (Some("ANSA"), false), (Some("AFP"), true)];
        let of_host = move |host| {
            marks.into_iter().flat_map(move |(agency, dateline)| {
                times.into_iter().map(move |told| Item {
                    id,
                    host,
                    clues: Clues { agency, dateline, told },
                })
            })
        };
        hosts.into_iter().flat_map(of_host).collect::<Vec<_>>()
    };
    let mut moved = 0;
    for a in all("a", ["paper.example", "ansa.it"]) {
        for b in all("b", ["gazette.example", "afp.com"]) {
            let (forth, back) = (second(a, b), second(b, a));
            let (b_takes, a_takes) = (forth.starts_with("original for"), back.starts_with("original for"));
            assert!(
                !(a_takes && b_takes),
                "{:?} and {:?}: {forth}, {back}",
                a.clues,
                b.clues
            );
            moved += usize::from(a_takes || b_takes);
        }
    }
    assert!(
        500 < moved,
        "{moved} of 1024 pairs have an original that arrival does not decide"
    );
}

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
    assert!(stream.deduper.remembered("b").is_none());
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
