//! Articles of several pages through the stage: what is published, asked for and remembered, page by page.

use cleaner::output::Output;
use cleaner::stage::Cleaner;
use schemas::article::{Article, Trace};
use schemas::fate::{Fate, FilterReason};
use schemas::fetched::{Continues, Fetched};
use schemas::frontier::FrontierEntry;
use schemas::id::FetchId;
use schemas::memory::cleaner::CleanerMemory;
use schemas::record::{Incoming, Record as _};
use schemas::time::Timestamp;
use schemas::topic::Topic;
use stage::{Decision, Stage as _, Verdict};

const STORY: &str = "https://tide.example/news/ferry-line";
const LAST: u8 = 3;

fn sentence(page: u8, number: usize) -> String {
    let places = ["quay", "tower", "school", "market", "bridge", "mill", "chapel"];
    let place = places[(usize::from(page) * 3 + number) % places.len()];
    format!(
        "On page {page}, paragraph {number}, the harbour office tells how the people of the {place} waited for the new \
         ferry for ten long years, and what became of the old one after the storm."
    )
}

/// A page of the story, with the head that all of its pages have, and a pager where there is one.
fn html(page: u8, pager: &str) -> String {
    let paragraphs: String = (0..4)
        .map(|number| format!("<p>{}</p>", sentence(page, number)))
        .collect();
    format!(
        "<html lang=en><head><title>Ferry line opens after ten years | Daily Tide</title></head><body><nav><a href=/>Home\
         </a> <a href=/news/2>Older news</a></nav><article><h1>Ferry line opens after ten years</h1>\
         <p>The long way to a new ferry, told in three parts by those who waited for it on the quay and on the islands \
         through ten winters.</p>{paragraphs}<div class=pager>{pager}</div></article>\
         <footer><p>© Daily Tide. All rights reserved.</p></footer></body></html>"
    )
}

fn pager(page: u8) -> String {
    let link = |other: u8| match other {
        1 => format!("<a href='{STORY}'>1</a> "),
        other if other == page => format!("{other} "),
        other => format!("<a href='{STORY}?page={other}'>{other}</a> "),
    };
    format!("Page {page} of {LAST}: {}", (1..=LAST).map(link).collect::<String>())
}

fn fetched(page: u8, html: &str) -> Fetched {
    let url = match page {
        1 => STORY.to_owned(),
        page => format!("{STORY}?page={page}"),
    };
    let trace = Trace {
        fetch_id: FetchId::of_request(&url, Timestamp::from_seconds(0)),
        requested_url: url.clone(),
        ..Trace::default()
    };
    Fetched {
        trace,
        url,
        content_type: Some("text/html".to_owned()),
        body: html.as_bytes().to_vec(),
        ..Fetched::default()
    }
}

/// The cleaner and the time: every page comes a minute after the one before.
#[derive(Default)]
struct Desk {
    cleaner: Cleaner,
    minutes: i64,
}

impl Desk {
    fn take(&mut self, input: Fetched) -> Decision<Output, CleanerMemory> {
        self.minutes += 1;
        let decision = self
            .cleaner
            .decide(input, Timestamp::from_seconds(1_700_000_000 + self.minutes * 60));
        decision.memory.iter().for_each(|change| self.cleaner.apply(change));
        decision
    }

    /// Fetches what was asked for.
    fn follow(&mut self, request: &FrontierEntry, html: &str) -> Decision<Output, CleanerMemory> {
        let part = request.continues.as_ref().unwrap().part;
        self.take(Fetched {
            continues: request.continues.clone(),
            ..fetched(part, html)
        })
    }
}

fn article(decision: &Decision<Output, CleanerMemory>) -> &Article {
    let article = decision.records.iter().find_map(|record| match record {
        Output::Article(cleaned) => Some(&cleaned.article),
        Output::NextPage(_) => None,
    });
    article.unwrap_or_else(|| panic!("no article in {decision:?}"))
}

fn request(decision: &Decision<Output, CleanerMemory>) -> Option<&FrontierEntry> {
    decision.records.iter().find_map(|record| match record {
        Output::NextPage(entry) => Some(entry.as_ref()),
        Output::Article(_) => None,
    })
}

/// The pages whose paragraphs are in the text, in order, each paragraph once.
fn pages_in(article: &Article) -> Vec<u8> {
    let text = article.text();
    let pages = (1..=LAST).filter(|page| {
        let count = |number| text.matches(&sentence(*page, number)).count();
        let counts: Vec<usize> = (0..4).map(count).collect();
        assert!(
            counts == [1; 4] || counts == [0; 4],
            "page {page}: {counts:?} in {text}"
        );
        counts == [1; 4]
    });
    pages.collect()
}

#[test]
fn each_page_makes_the_article_longer() {
    let mut desk = Desk::default();
    let first = desk.take(fetched(1, &html(1, &pager(1))));
    assert_eq!(pages_in(article(&first)), [1]);
    let second = desk.follow(request(&first).unwrap(), &html(2, &pager(2)));
    assert_eq!(pages_in(article(&second)), [1, 2]);
    let third = desk.follow(request(&second).unwrap(), &html(3, &pager(3)));
    assert_eq!(pages_in(article(&third)), [1, 2, 3]);
    assert_eq!(request(&third), None);
    assert_eq!(article(&third).id, article(&first).id);
    assert_eq!(article(&third).title, "Ferry line opens after ten years");
    assert_eq!(article(&third).url, STORY);
    assert_eq!(article(&third).text().matches("The long way to a new ferry").count(), 1);

    // The first page fetched anew comes out whole, and the others are asked for once more.
    let again = desk.take(fetched(1, &html(1, &pager(1))));
    assert_eq!(pages_in(article(&again)), [1, 2, 3]);
    let second = desk.follow(request(&again).unwrap(), &html(2, &pager(2)));
    assert_eq!(pages_in(article(&second)), [1, 2, 3]);
    // A story that was cut short loses what came after.
    let shorter = desk.follow(request(&again).unwrap(), &html(2, ""));
    assert_eq!(pages_in(article(&shorter)), [1, 2]);
    let single = desk.take(fetched(1, &html(1, "")));
    assert_eq!(pages_in(article(&single)), [1]);
    let late = desk.follow(request(&again).unwrap(), &html(2, ""));
    assert_eq!(late.verdict, Verdict::End(Fate::Filtered(FilterReason::PartAlone)));
}

#[test]
fn a_request_says_where_the_article_goes_on() {
    let decision = Desk::default().take(fetched(1, &html(1, &pager(1))));
    let entry = request(&decision).unwrap();
    let id = article(&decision).id.clone();
    assert_eq!(entry.url, format!("{STORY}?page=2"));
    assert_eq!(entry.requested_url, entry.url);
    assert_eq!(
        entry.continues,
        Some(Continues {
            article_id: id,
            part: 2
        })
    );
    let encoded = Output::NextPage(Box::new(entry.clone())).encode().unwrap();
    assert_eq!(encoded.topic, Topic::Frontier);
    let incoming = Incoming {
        topic: encoded.topic,
        key: encoded.key.as_deref(),
        value: encoded.value.as_deref(),
    };
    assert_eq!(
        Output::decode(incoming).unwrap(),
        Output::NextPage(Box::new(entry.clone()))
    );
}

#[test]
fn a_page_ends_in_one_fate_whatever_it_holds() {
    let check = |what: &str, body: &str, expected: Verdict| {
        let mut desk = Desk::default();
        let first = desk.take(fetched(1, &html(1, &pager(1))));
        let decision = desk.follow(request(&first).unwrap(), body);
        assert_eq!(decision.verdict, expected, "{what}");
    };
    check(
        "the first page once more",
        &html(1, &pager(1)),
        Verdict::End(Fate::Unchanged),
    );
    check(
        "no page",
        "<p>404 not found</p>",
        Verdict::End(Fate::Filtered(FilterReason::NoArticle)),
    );
    check("the second page", &html(2, ""), Verdict::Pass);

    let alone = Fetched {
        continues: Some(Continues {
            article_id: "0123".into(),
            part: 2,
        }),
        ..fetched(2, &html(2, ""))
    };
    let expected = Verdict::End(Fate::Filtered(FilterReason::PartAlone));
    assert_eq!(
        Desk::default().take(alone).verdict,
        expected,
        "a page of an unknown article"
    );
    let mut desk = Desk::default();
    let first = desk.take(fetched(1, &html(1, &pager(1))));
    let skipped = Fetched {
        continues: Some(Continues {
            article_id: article(&first).id.clone(),
            part: 3,
        }),
        ..fetched(3, &html(3, ""))
    };
    assert_eq!(
        desk.take(skipped).verdict,
        expected,
        "a page whose forerunner never came"
    );
}

#[test]
fn nothing_is_asked_for_where_no_page_of_the_story_follows() {
    let check = |what: &str, pager: &str| {
        let decision = Desk::default().take(fetched(1, &html(1, pager)));
        assert_eq!(request(&decision), None, "{what}");
    };
    check("the next story", "<a rel=next href=/news/bridge-falls>Next</a>");
    check(
        "a story of another host",
        "<a rel=next href='https://other.example/news/ferry-line?page=2'>Next</a>",
    );
    check("the next page of the comments", "<a href='?page=2#comments'>2</a>");
    check("a page further on", "<a href='?page=3'>3</a>");
    let from_file = Fetched {
        from_file: true,
        ..fetched(1, &html(1, &pager(1)))
    };
    assert_eq!(request(&Desk::default().take(from_file)), None, "a page out of a file");
}

#[test]
fn stories_are_forgotten_with_time_and_number() {
    let mut desk = Desk::default();
    let first = desk.take(fetched(1, &html(1, &pager(1))));
    let other = |number: usize| {
        let page = html(1, &pager(1)).replace("ferry-line", &format!("story-x{number}"));
        let url = STORY.replace("ferry-line", &format!("story-x{number}"));
        Fetched {
            url,
            ..fetched(1, &page)
        }
    };
    let mut remembered = 1_i64;
    for number in 0..260 {
        for change in desk.take(other(number)).memory {
            remembered += match change {
                CleanerMemory::Story(_) => 1,
                CleanerMemory::Forget { .. } => -1,
                CleanerMemory::Site(_) => 0,
            };
        }
    }
    assert_eq!(remembered, 200);
    let late = desk.follow(request(&first).unwrap(), &html(2, ""));
    assert_eq!(late.verdict, Verdict::End(Fate::Filtered(FilterReason::PartAlone)));
    desk.minutes += 4 * 24 * 60;
    let changes = desk.take(other(300)).memory;
    let forgotten = changes
        .iter()
        .filter(|change| matches!(change, CleanerMemory::Forget { .. }));
    assert_eq!(forgotten.count(), 10, "old ones go, a bounded number at once");
}
