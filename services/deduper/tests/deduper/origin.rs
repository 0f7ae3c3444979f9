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

/// What the first article of each row is, what the second is, and the reason for which the second takes the place of
/// the first; empty where it is a copy.
type Rows<'a> = &'a [(&'a str, Item<'a>, Item<'a>, &'a str)];

fn check(rows: Rows<'_>) {
    for (what, first, then, reason) in rows {
        let expected = match *reason {
            "" => "copy of a".to_owned(),
            reason => format!("original for a by {reason}"),
        };
        assert_eq!(second(*first, *then), expected, "{what}");
    }
}

#[test]
fn who_says_more_of_where_the_text_is_from_is_the_original() {
    let (a, b) = (item("a", "paper.example"), item("b", "gazette.example"));
    let (antara, tass) = (item("b", "www.antaranews.com"), item("b", "tass.com"));
    let (ria, same_site) = (item("a", "ria.ru"), item("a", "gazette.example"));
    let full = b.credits("AP").dateline();
    check(&[
        ("nothing decides", a, b, ""),
        ("a credit", a, b.credits("AP"), "credit"),
        ("an unknown agency", a, b.credits("Coastal Press"), "credit"),
        ("a dateline", a, b.dateline(), "dateline"),
        ("both over a credit", a.credits("AP"), full, "dateline"),
        ("both over a dateline", a.dateline(), full, "credit"),
        ("credit against dateline", a.dateline(), b.credits("AP"), ""),
        (
            "the agency's site",
            a.credits("ANTARA").dateline(),
            antara,
            "agency_site",
        ),
        ("whatever its time", a.at(-540), antara.at(30), "agency_site"),
        ("another's text on an agency's site", a.credits("AFP"), antara, ""),
        ("as it says itself", a.dateline(), antara.credits("AFP"), ""),
        ("two agencies' sites", ria, tass, ""),
        ("another page of one site", same_site, full, ""),
    ]);
}

#[test]
fn who_was_clearly_published_earlier_is_the_original() {
    let (a, b) = (item("a", "paper.example"), item("b", "gazette.example"));
    let day = |days: i64| Told::Day((NOON - NOON.rem_euclid(DAY)) + days * DAY);
    let local = |hours: i64| Told::Local(NOON + hours * HOUR);
    let (noon, a_day_before) = (0, -25 * 60);
    check(&[
        ("earlier", a.at(40), b.at(25), "earlier"),
        ("by less than a clear margin", a.at(40), b.at(26), ""),
        ("later", a.at(25), b.at(40), ""),
        ("the other tells none", a, b.at(-600), ""),
        ("later, but with a credit", a.at(noon), b.at(30).credits("AP"), "credit"),
        (
            "a day later, with a credit",
            a.at(a_day_before),
            b.at(noon).credits("AP"),
            "",
        ),
        (
            "a day earlier, against a credit",
            a.at(noon).credits("AP"),
            b.at(a_day_before),
            "earlier",
        ),
        ("longer ago than the window", a.at(noon), b.at(-8 * 24 * 60), ""),
        ("in the future", a.at(500), b.at(300), ""),
        ("clocks of unknown zones", a.told(local(0)), b.told(local(-5)), ""),
        ("such clocks, far apart", a.at(noon), b.told(local(-13)), "earlier"),
        ("the day before", a.told(day(0)), b.told(day(-1)), ""),
        ("days before", a.told(day(0)), b.told(day(-4)), "earlier"),
    ]);
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
