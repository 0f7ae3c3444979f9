//! Who is the original of a cluster.

use deduper::deduper::{Deduper, Duplicate, Outcome, Replaces, Verdict};
use deduper::memory::Memory;
use deduper::origin::{Clues, Told};

use crate::articles::FERRY;
use crate::{Article, DAY, HOUR, NOON, article, newsroom};

const MINUTE: i64 = HOUR / 60;

/// An article with what it says of its origin.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) id: &'a str,
    pub(crate) host: &'a str,
    pub(crate) clues: Clues<'a>,
}

pub(crate) fn item<'a>(id: &'a str, host: &'a str) -> Item<'a> {
    Item {
        id,
        host,
        clues: Clues::default(),
    }
}

impl<'a> Item<'a> {
    pub(crate) fn credits(self, agency: &'a str) -> Self {
        let agency = Some(agency);
        let clues = Clues { agency, ..self.clues };
        Self { clues, ..self }
    }

    pub(crate) fn dateline(self) -> Self {
        let dateline = true;
        let clues = Clues { dateline, ..self.clues };
        Self { clues, ..self }
    }

    pub(crate) fn told(self, told: Told) -> Self {
        let told = Some(told);
        let clues = Clues { told, ..self.clues };
        Self { clues, ..self }
    }

    pub(crate) fn at(self, minutes: i64) -> Self {
        self.told(Told::At(NOON + minutes * MINUTE))
    }
}

/// A deduper with a stream of one story behind it.
pub(crate) struct Stream {
    pub(crate) deduper: Deduper,
    pub(crate) changes: Vec<Memory>,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self {
            deduper: newsroom(),
            changes: Vec::new(),
        }
    }

    pub(crate) fn decide(&self, item: Item<'_>, fetch_id: &str, text: &str, now: i64) -> Outcome {
        let url = format!("https://{}/{}", item.host, item.id);
        let article = Article {
            fetch_id,
            url: &url,
            ..article(item.id, item.host, FERRY.0, text)
        };
        self.deduper.decide_with(&article, &item.clues, now)
    }

    pub(crate) fn fetch(&mut self, item: Item<'_>, fetch_id: &str, text: &str, now: i64) -> Outcome {
        let outcome = self.decide(item, fetch_id, text, now);
        outcome.memory.iter().for_each(|change| self.deduper.apply(change));
        self.changes.extend(outcome.memory.clone());
        outcome
    }

    /// Takes the story as the item brings it, an hour after noon.
    pub(crate) fn take(&mut self, item: Item<'_>) -> Outcome {
        self.fetch(item, item.id, FERRY.1, NOON + HOUR)
    }

    pub(crate) fn forget_what_is_due(&mut self, now: i64) {
        let due = self.deduper.due(now);
        due.iter().for_each(|change| self.deduper.apply(change));
        self.changes.extend(due);
    }
}

/// What an article was told to be, in short: `original`, `copy of X`, `original for X by REASON`.
pub(crate) fn told(outcome: &Outcome) -> String {
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
