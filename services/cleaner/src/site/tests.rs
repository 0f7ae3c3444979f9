//! A made-up paper whose articles share lines, and what the memory of its site makes of them.

use proptest::collection::vec;
use proptest::prelude::*;
use schemas::article::{Block, BlockKind};
use schemas::memory::cleaner::CleanerMemory;
use schemas::record::{Incoming, Record as _};
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};

use super::Sites;
use crate::extracted::{Extracted, RemovedKind};

const HOST: &str = "tide.example";
/// Words enough that no two sentences of the tests are alike.
const WORDS: [&str; 24] = [
    "harbour", "council", "ferry", "winter", "budget", "school", "bridge", "market", "tower", "garden", "river",
    "engine", "museum", "doctor", "farmer", "signal", "island", "lantern", "orchard", "quarry", "railway", "stadium",
    "theatre", "village",
];

/// A sentence of twelve words that only this number has.
fn sentence(number: usize) -> String {
    let word = |at: usize| WORDS[(number * 7 + at * (number % 11 + 3) + number / 24) % WORDS.len()];
    let words: Vec<&str> = (0..12).map(word).collect();
    format!("Report {} says that {}.", letters(number), words.join(" "))
}

/// A number without digits, which lines may differ in.
fn letters(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| char::from(digit - b'0' + b'k'))
        .collect()
}

fn paragraph(text: &str) -> Block {
    Block {
        kind: BlockKind::Paragraph,
        text: text.to_owned(),
    }
}

/// The article of this number: four paragraphs of its own.
fn article(number: usize) -> Extracted {
    let word = |at: usize| WORDS[(number * 5 + at * 7) % WORDS.len()];
    Extracted {
        title: format!("{} {} {}", word(0), word(1), letters(number)),
        blocks: (0..4).map(|at| paragraph(&sentence(number * 4 + at))).collect(),
        ..Extracted::default()
    }
}

fn read(sites: &mut Sites, host: &str, number: usize, mut article: Extracted) -> Extracted {
    let url = format!("https://{host}/news/{number}");
    let now = Timestamp::from_seconds(1_700_000_000 + i64::try_from(number).unwrap() * 60);
    sites.fold(&url, &mut article, now);
    article
}

fn recurring(article: &Extracted) -> Vec<&str> {
    let cut = article.removed.iter();
    cut.filter(|removed| matches!(removed.kind, RemovedKind::Recurring { .. }))
        .map(|removed| removed.text.as_str())
        .collect()
}

/// Where a line stands in the articles that have it.
#[derive(Clone, Copy)]
enum At {
    Top,
    Middle,
    End,
}

/// Reads twenty articles of which `has` says which have the line, and tells on how many of the last four it was cut.
fn cut_of_last_four(at: At, has: fn(usize) -> bool, line: fn(usize) -> Block) -> usize {
    let mut sites = Sites::default();
    let mut cut = 0;
    for number in 0..20 {
        let mut article = article(number);
        if has(number) {
            let place = match at {
                At::Top => 0,
                At::Middle => 2,
                At::End => article.blocks.len(),
            };
            article.blocks.insert(place, line(number));
        }
        let before = article.blocks.len();
        let article = read(&mut sites, HOST, number, article);
        assert!(before - article.blocks.len() <= 1, "only the line may go");
        cut += usize::from(16 <= number && !recurring(&article).is_empty());
    }
    cut
}

#[test]
fn what_recurs_is_cut_and_what_belongs_to_stories_stays() {
    let check = |name: &str, at: At, has: fn(usize) -> bool, line: fn(usize) -> Block, expected: usize| {
        assert_eq!(cut_of_last_four(at, has, line), expected, "{name}");
    };
    let always = |_| true;
    let donation = |_| {
        paragraph(
            "Our reporting is free because readers pay for it. If you can, give the paper what a cup of coffee in the harbour costs you.",
        )
    };
    check("a request for donations", At::End, always, donation, 4);
    check("the same in the middle", At::Middle, always, donation, 4);
    check("the same on top", At::Top, always, donation, 4);
    check(
        "the same on every third article",
        At::End,
        |number| number % 3 == 1,
        donation,
        2,
    );
    check(
        "a middle paragraph of every third article",
        At::Middle,
        |number| number % 3 == 1,
        donation,
        0,
    );
    check(
        "a first paragraph of every second article",
        At::Top,
        |number| number % 2 == 1,
        donation,
        0,
    );
    let counter = |number: usize| paragraph(&format!("{} readers wrote to us", number * 31));
    check("a line with another number each time", At::End, always, counter, 4);
    let signed = |number: usize| paragraph(&format!("Write to our reporter {}", letters(number * 17)));
    check("a line that starts alike", At::End, always, signed, 4);
    check("a line that starts alike, in the middle", At::Middle, always, signed, 0);
    let heading = |_| Block {
        kind: BlockKind::Heading,
        text: "What we know so far".to_owned(),
    };
    check("a sub-heading over the story", At::Middle, always, heading, 0);
    check("a heading over nothing", At::End, always, heading, 4);
    let divider = |_| paragraph("* * *");
    check("a line without words", At::Middle, always, divider, 0);
}

#[test]
fn the_background_of_a_running_story_stays() {
    let mut sites = Sites::default();
    let background =
        "The old lighthouse fell in the great storm, and the town has argued about a new one ever since then.";
    for number in 0..20 {
        let mut article = article(number);
        if number % 3 != 0 {
            article.title = format!("Lighthouse quarrel enters round {}", letters(number));
            article.blocks.push(paragraph(background));
        }
        assert_eq!(recurring(&read(&mut sites, HOST, number, article)), [""; 0]);
    }
}

#[test]
fn what_all_articles_have_is_cut_however_alike_their_headlines_are() {
    let mut sites = Sites::default();
    let cut = (0..20).filter(|number| {
        let mut article = article(*number);
        article.title = format!("Harbour council hears of plan {}", letters(*number));
        article.blocks.push(paragraph("Get the app"));
        !recurring(&read(&mut sites, HOST, *number, article)).is_empty()
    });
    assert_eq!(cut.count(), 12, "all but the first eight");
}

#[test]
fn an_article_counts_once_however_often_it_is_fetched() {
    let mut sites = Sites::default();
    for number in 0..6 {
        read(&mut sites, HOST, number, article(number));
    }
    for _ in 0..10 {
        assert_eq!(
            recurring(&read(&mut sites, HOST, 3, article(3))),
            [""; 0],
            "at its own address"
        );
    }
    for other in 100..110 {
        assert_eq!(
            recurring(&read(&mut sites, HOST, other, article(3))),
            [""; 0],
            "at address {other}"
        );
    }
}

#[test]
fn a_design_that_is_gone_is_forgotten_and_a_new_one_learned() {
    let mut sites = Sites::default();
    let with = |number: usize, line: &str| {
        let mut article = article(number);
        article.blocks.push(paragraph(line));
        article
    };
    let (old, new) = ("Subscribe to our letter", "Get the app");
    for number in 0..30 {
        read(&mut sites, HOST, number, with(number, old));
    }
    let learned =
        (30..120).filter(|number| !recurring(&read(&mut sites, HOST, *number, with(*number, new))).is_empty());
    assert!(60 < learned.count(), "the new line is cut after two dozen articles");
    assert_eq!(recurring(&read(&mut sites, HOST, 120, with(120, old))), [""; 0]);
}

#[test]
fn the_larger_part_of_an_article_stays() {
    let mut sites = Sites::default();
    let lines: Vec<String> = (500..506).map(sentence).collect();
    for number in 0..20 {
        let mut article = article(number);
        article.blocks.truncate(2);
        article.blocks.extend(lines.iter().map(|line| paragraph(line)));
        let before = article.text().len();
        let article = read(&mut sites, HOST, number, article);
        assert!(before <= 2 * article.text().len() + 16, "{number}");
        assert_eq!(recurring(&article).is_empty(), number < 5, "{number}");
    }
}

#[test]
fn what_was_cut_says_on_what_evidence() {
    let mut sites = Sites::default();
    let mut last = Extracted::default();
    for number in 0..17 {
        let mut article = article(number);
        if number != 3 {
            article.blocks.push(paragraph("Get the app"));
        }
        last = read(&mut sites, HOST, number, article);
    }
    let cut = last.removed.last().unwrap();
    assert_eq!(
        cut.kind.evidence().as_deref(),
        Some("seen on 15 of the last 16 articles")
    );
    assert_eq!(cut.kind.name(), "recurring");
}

#[test]
fn a_dateline_behind_a_line_that_recurs_is_found() {
    let mut sites = Sites::default();
    let mut last = Extracted::default();
    for number in 0..10 {
        let mut article = article(number);
        article.blocks[0].text = format!("OSLO (AP) — {}", article.blocks[0].text);
        article.blocks.insert(0, paragraph("Listen to this story"));
        last = read(&mut sites, HOST, number, article);
    }
    assert_eq!(recurring(&last), ["Listen to this story"]);
    assert_eq!(last.agency.map(|agency| agency.name).as_deref(), Some("AP"));
}

#[test]
fn the_host_that_learned_longest_ago_goes_for_a_new_one() {
    let mut sites = Sites::default();
    for number in 0..super::HOSTS + 3 {
        read(&mut sites, &format!("paper{number}.example"), number, article(number));
    }
    assert_eq!((sites.hosts.len(), sites.by_time.len()), (super::HOSTS, super::HOSTS));
    let is_known = |number: usize| sites.hosts.contains_key(&format!("paper{number}.example"));
    assert_eq!([0, 2, 3, super::HOSTS + 2].map(is_known), [false, false, true, true]);
}

/// An article of lines out of a small stock, so that much recurs: host, name, title, lines.
type Drawn = (usize, usize, usize, Vec<usize>);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    vec((0..3_usize, 0..40_usize, 0..12_usize, vec(0..30_usize, 0..9)), 0..60)
}

fn as_article((_, _, title, lines): &Drawn) -> Extracted {
    let text = |line: &usize| match line {
        0..8 => format!("Line {}", letters(*line)),
        _ => sentence(*line),
    };
    Extracted {
        title: article(*title).title,
        blocks: lines.iter().map(|line| paragraph(&text(line))).collect(),
        ..Extracted::default()
    }
}

/// Reads the articles in order; the articles after it, and what was to be remembered of each.
fn run(stream: &[(usize, Drawn)]) -> (Sites, Vec<(usize, Extracted)>, Vec<CleanerMemory>) {
    let (mut sites, mut articles, mut memory) = (Sites::default(), Vec::new(), Vec::new());
    for (at, drawn) in stream {
        let mut article = as_article(drawn);
        let now = Timestamp::from_seconds(1_700_000_000 + i64::try_from(*at).unwrap() * 60);
        let host = format!("paper{}.example", drawn.0);
        for change in sites.read(&host, &drawn.1.to_string(), &mut article, now) {
            apply(&mut sites, &change);
            memory.push(change);
        }
        articles.push((*at, article));
    }
    (sites, articles, memory)
}

fn apply(sites: &mut Sites, change: &CleanerMemory) {
    match change {
        CleanerMemory::Site(site) => sites.remember(site),
        CleanerMemory::Forget { key } => sites.forget_key(key),
        CleanerMemory::Story(_) => panic!("a site's memory holds no stories"),
    }
}

fn state(sites: &Sites) -> String {
    format!("{:?} {:?}", sites.hosts, sites.by_time)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_last_record_of_each_host_is_the_whole_state(stream in drawn()) {
        let stream: Vec<_> = stream.into_iter().enumerate().collect();
        let (sites, _, memory) = run(&stream);
        let mut last = std::collections::BTreeMap::new();
        for change in &memory {
            let encoded = change.encode().unwrap();
            prop_assert!(encoded.value.as_ref().is_none_or(|value| value.len() <= 2300));
            last.insert(encoded.key.clone(), encoded);
        }
        let mut recalled = Sites::default();
        for encoded in last.values() {
            let incoming = Incoming {
                topic: Topic::Memory(StageName::Cleaner),
                key: encoded.key.as_deref(),
                value: encoded.value.as_deref(),
            };
            let change = CleanerMemory::decode(incoming).unwrap();
            apply(&mut recalled, &change);
            apply(&mut recalled, &change);
        }
        prop_assert_eq!(state(&recalled), state(&sites));
    }

    #[test]
    fn hosts_do_not_touch_one_another(stream in drawn()) {
        let mut stream: Vec<_> = stream.into_iter().enumerate().collect();
        let (sites, mut articles, _) = run(&stream);
        stream.sort_by_key(|(at, drawn)| (drawn.0, *at));
        let (sorted_sites, mut sorted_articles, _) = run(&stream);
        articles.sort_by_key(|(at, _)| *at);
        sorted_articles.sort_by_key(|(at, _)| *at);
        prop_assert_eq!(articles, sorted_articles);
        prop_assert_eq!(state(&sites), state(&sorted_sites));
    }

    #[test]
    fn what_stays_is_the_article_in_order_and_at_least_half_of_it(stream in drawn()) {
        let stream: Vec<_> = stream.into_iter().enumerate().collect();
        let (_, articles, _) = run(&stream);
        for ((_, drawn), (_, after)) in stream.iter().zip(&articles) {
            let before = as_article(drawn);
            let mut rest = before.blocks.iter();
            prop_assert!(after.blocks.iter().all(|block| rest.any(|other| other == block)));
            prop_assert_eq!(before.blocks.len(), after.blocks.len() + recurring(after).len());
            let size = |article: &Extracted| crate::words::size(&article.text());
            prop_assert!(size(&before) <= 2.0 * size(after));
        }
    }

    #[test]
    fn no_bytes_trip_the_reader(bytes in vec(any::<u8>(), 0..400)) {
        if let Some(history) = super::wire::decode(&bytes) {
            prop_assert_eq!(super::wire::encode(&history), bytes);
        }
    }
}
