//! Operators' rules: what they match, what they decide, and what they say of themselves.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cleaner::extracted::{Extracted, Known, RemovedKind};
use cleaner::rules::{Key, Rules};
use cleaner::site::Sites;
use schemas::time::Timestamp;

const URL: &str = "https://www.tide.example/ferry";

/// A page with a story, a box that reads like one, and all that stands around stories.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Ferry line opens | Daily Tide</title></head><body>\
    <header class=top><p id=slogan data-slot='claim one'>News from the coast since the year of the flood.</p></header>\
    <main><h1 class='head big'>Ferry line opens after ten years</h1>\
    <div class=story data-kind=article><p class=lead>The ferry to the outer islands left the new pier at dawn on \
    Monday, ten years after the storm that took the old one.</p>\
    <p>Four hundred people waved from the quay <span class=offer>Order our calendar now!</span> until the boat was out \
    of sight, the harbour office said on Monday.</p>\
    <p>Two boats a day will run until the spring, when a third one is expected from the yard across the bay.</p>\
    <div class=poll><p>Would you take the ferry to the islands in winter, and what should a ticket for two cost, do \
    you think? Three thousand readers have answered.</p></div>\
    <p>The fare will stay as it was before the storm, <b data-x=1>said the harbour master</b>, who has waited for this \
    day.</p></div>\
    <div class=note><p>The line was founded by two brothers and their sister, who had come from the islands \
    themselves, and wanted to go home on Sundays.</p></div></main>\
    <footer><p>Daily Tide is printed on paper from the islands and sold in every port on the coast.</p></footer>\
    </body></html>";

fn read(html: &str, rules: &str) -> Extracted {
    read_at(html, rules, URL, None)
}

fn read_at(html: &str, rules: &str, url: &str, now: Option<Timestamp>) -> Extracted {
    let known = Known {
        rules: Arc::new(Rules::parse(rules).unwrap()),
        now,
        ..Known::default()
    };
    cleaner::html::extract(html, Some(url), &known).unwrap()
}

fn rule(keys: &str) -> String {
    format!("[[rule]]\nhost = \"tide.example\"\n{keys}\n")
}

#[test]
fn rules_say_what_the_story_is() {
    let check = |keys: &str, there: &[&str], gone: &[&str]| {
        let text = read(PAGE, &rule(keys)).text();
        for words in there {
            assert!(text.contains(words), "{keys}: {words} is missing\n{text}");
        }
        for words in gone {
            assert!(!text.contains(words), "{keys}: {words} is there\n{text}");
        }
    };
    let story = ["left the new pier", "Two boats a day", "harbour master"];
    check("cut = ['.poll']", &story, &["Would you take"]);
    check("cut = ['p.none', 'div > div.poll p']", &story, &["Would you take"]);
    check("cut = ['p:has(b)']", &["left the new pier"], &["harbour master"]);
    check(
        "cut = ['.lead + p']",
        &["left the new pier", "Two boats"],
        &["Four hundred"],
    );
    check(
        "cut = ['[data-x=\"1\"]']",
        &["before the storm, , who has waited"],
        &["harbour master"],
    );
    check("cut = ['b']", &["before the storm"], &["harbour master"]);
    check("cut = ['.offer']", &["from the quay until the boat"], &["calendar"]);
    check(
        "keep = ['div[data-kind=article]']",
        &["Would you take", "calendar"],
        &["two brothers", "printed"],
    );
    check(
        "keep = ['.story', '.note']\ncut = ['.poll']",
        &["two brothers", "Two boats"],
        &["Would you", "printed"],
    );
    check(
        "keep = ['[data-slot~=claim]', '.story']",
        &["since the year of the flood"],
        &["two brothers"],
    );
    check(
        "keep = ['main']",
        &["two brothers", "Would you take"],
        &["Ferry line opens", "year of the flood"],
    );
    check("keep = ['#gone']", &story, &["year of the flood"]);
}

#[test]
fn what_rules_cut_is_told() {
    let cut = |extracted: &Extracted| -> Vec<String> {
        let by_rule = extracted.removed.iter().filter(|cut| cut.kind == RemovedKind::Rule);
        by_rule.map(|cut| cut.text.chars().take(14).collect()).collect()
    };
    let extracted = read(PAGE, &rule("cut = ['.poll', '.offer', 'p.lead']"));
    assert_eq!(cut(&extracted), ["The ferry to t", "Order our cale", "Would you take"]);
    let kept = read(PAGE, &rule("keep = ['p.lead', '.note']"));
    assert!(cut(&kept).contains(&"Two boats a da".to_owned()), "{:?}", kept.removed);
    // What the model cut without a rule keeps its own kind.
    assert!(!cut(&kept).contains(&"Daily Tide is ".to_owned()), "{:?}", kept.removed);
}

#[test]
fn a_rule_names_the_headline() {
    let extracted = read(PAGE, &rule("title = '.head'"));
    assert_eq!(extracted.title, "Ferry line opens after ten years");
    let page = PAGE.replace(
        "<h1 class='head big'>",
        "<h1 class=name>The paper</h1><h1 class='head'><i>A</i> ",
    );
    assert_eq!(
        read(&page, &rule("title = '.head'")).title,
        "A Ferry line opens after ten years"
    );
}

#[test]
fn rules_say_how_they_fared() {
    let text = rule("cut = ['.poll', '.gone']\ntitle = 'h1'")
        + &rule("keep = ['.gone']\ncut = ['.poll']")
        + &rule("expires = '2026-03-01'\ncut = ['.lead']");
    let check = |now: i64, expired: &[u32], matched: &[u32]| {
        let extracted = read_at(PAGE, &text, URL, Some(Timestamp::from_seconds(now)));
        let ruled = extracted.ruled.unwrap();
        assert_eq!(ruled.expired, expired);
        assert_eq!(ruled.matched, matched);
        assert_eq!(ruled.missed, [2]);
    };
    // The last second of the rule's last day, and the one after it.
    check(1_772_409_599, &[], &[1, 3]);
    check(1_772_409_600, &[3], &[1]);
    let ruled = read(PAGE, &text).ruled.unwrap();
    let poll = &ruled.selectors[0];
    assert_eq!((poll.rule, poll.key, poll.selector.as_str()), (1, Key::Cut, ".poll"));
    assert_eq!((poll.elements, poll.blocks), (1, 1));
    assert!(poll.samples[0].starts_with("Would you take"), "{poll:?}");
    assert_eq!((ruled.selectors[1].elements, ruled.selectors[1].blocks), (0, 0));
    assert_eq!(ruled.put_back, 0);
    assert!(ruled.taken >= 1);
}

#[test]
fn rules_are_for_a_host_and_all_below_it() {
    let rules = rule("cut = ['.lead']");
    for (url, concerned) in [
        ("https://tide.example/a", true),
        ("https://WWW.tide.example./a", true),
        ("http://a.b.tide.example:8080/a", true),
        ("https://ebbtide.example/a", false),
        ("https://tide.example.org/a", false),
        ("tide.example", false),
    ] {
        let extracted = read_at(PAGE, &rules, url, None);
        assert_eq!(extracted.ruled.is_some(), concerned, "{url}");
        assert_eq!(extracted.text().contains("left the new pier"), !concerned, "{url}");
    }
}

/// The number of paragraphs that are a class each, of a page whose markup no browser minds.
#[test]
fn sloppy_pages_are_matched_as_browsers_read_them() {
    let sloppy = PAGE
        .replace("</p>", "")
        .replace("<div class=poll>", "<table><i><tr><td><font><div class=poll><em>")
        .replace("Three thousand", "<!-- <p> --><script>'</div>'</script>Three thousand")
        .replace("answered.</div>", "answered.</div></table>");
    let text = read(&sloppy, &rule("cut = ['td > div.poll', 'p .offer']")).text();
    assert!(
        !text.contains("Would you take") && !text.contains("Three thousand"),
        "{text}"
    );
    assert!(!text.contains("calendar") && text.contains("harbour master"), "{text}");
}

#[test]
fn hostile_pages_do_not_hold_rules_up() {
    let selectors = "'p a b i', 'div:has(b i)', 'i ~ p', 'div div div i', 'b:nth-last-child(2)', ':not(p *) > q'";
    let rules = rule(&format!("cut = [{selectors}]"));
    for piece in [
        "<div>",
        "<p>a b c",
        "<b>x",
        "<a>x",
        "<table>x",
        "<i><p>x",
        "<span><a>",
        "</p>",
        "x <!--",
        "<a b='",
    ] {
        let page = format!("{PAGE}{}", piece.repeat(30_000));
        let known = Known {
            rules: Arc::new(Rules::parse(&rules).unwrap()),
            ..Known::default()
        };
        if let Ok(extracted) = cleaner::html::extract(&page, Some(URL), &known) {
            let ruled = extracted.ruled.unwrap();
            assert!(
                ruled.selectors.iter().all(|selector| selector.elements <= 20_010),
                "{piece}"
            );
        }
    }
}

#[test]
fn the_memory_of_a_site_cuts_nothing_of_what_an_operator_keeps() {
    const WORDS: [&str; 13] = [
        "harbour", "council", "winter", "budget", "school", "bridge", "market", "tower", "garden", "river", "museum",
        "doctor", "quarry",
    ];
    const CLAIM: &str =
        "Our reporting is free because readers pay for it, and a coffee a month keeps the boats sailing.";
    let article = |number: usize| {
        let word = |at: usize| WORDS[(number * (at % 5 + 2) + at * 3) % WORDS.len()];
        let sentence = |at: usize| {
            let words: Vec<&str> = (0..14).map(|next| word(at * 14 + next)).collect();
            format!(
                "<p>On its page {at} report {number} says that the {}, the mayor added.</p>",
                words.join(" ")
            )
        };
        let sentences: String = (0..6).map(sentence).collect();
        let title = format!("The {} and the {}, part {number}", word(1), word(2));
        format!(
            "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><div class=story>{sentences}\
             <p>{CLAIM}</p></div></main></body></html>"
        )
    };
    let check = |keys: &str, expected: bool| {
        let mut sites = Sites::default();
        let mut last = String::new();
        for number in 1..20 {
            let url = format!("https://www.tide.example/news/{number}");
            let mut extracted = read_at(&article(number), &rule(keys), &url, None);
            let now = Timestamp::from_seconds(1_700_000_000 + i64::try_from(number).unwrap() * 60);
            sites.fold(&url, &mut extracted, now);
            last = extracted.text();
        }
        assert_eq!(last.contains(CLAIM), expected, "{keys}\n{last}");
    };
    check("cut = ['.none']", false);
    check("keep = ['.story']", true);
    // Where it matches nothing, the memory is free again.
    check("keep = ['.none']", false);
}
