//! Articles on one event in words of their own: one story, and no copies. All are of our own writing.

use deduper::deduper::{Article, Config, Deduper, Outcome, Verdict};
use deduper::memory::{Memory, StoryOf};

use crate::articles::market;
use crate::{DAY, HOUR, NOON, article, joined, newsroom, take};

/// Three reporters on one summit.
const SUMMIT: [(&str, &str); 3] = [
    (
        "Kesh and Lake Union agree on Meren water at Varda summit",
        "VARDA, May 17 (Coastal Press) - The leaders of Kesh and the Union of Lake States agreed on Sunday to share the water \
of the Meren Basin, and said that 38 billion crowns would go into dams and canals until 2041.\n\n\
The paper was signed in the old customs house of Varda by Prime Minister Ilse Doran of Kesh and by President Tomo Anik of \
Orland, who led the talks for the nine lake states.\n\n\
\"Nobody at this table will ever again learn of a closed sluice from the newspaper,\" Doran told reporters. The pact sets \
up a council of engineers in Port Alma that is to meet every month.\n\n\
It ends a quarrel of 26 years over the flow of the Meren, which waters most of the fields of Orland and drives the power \
plants of Kesh.",
    ),
    (
        "After 26 years, lake states and Kesh bury their quarrel over the Meren",
        "Boats hooted in the harbour of Varda on Sunday evening when word came from the customs house: the summit had not \
failed. Kesh will let more water pass in dry summers, and the Union of Lake States pays its share of new dams.\n\n\
Prime Minister Ilse Doran looked tired as she shook hands with President Tomo Anik, the man who had called her a thief of \
rivers only last autumn. Now the two put their names under a plan worth 38 billion crowns.\n\n\
Farmers in the Meren Basin stayed doubtful. \"I believe it when the ditch is full,\" said one of them in Orland, where wells \
ran dry in three of the last five years. Kesh for its part gets a seat on the council in Port Alma.",
    ),
    (
        "Explainer: what the Varda pact on the water of the Meren says, and what it leaves open",
        "Who may take how much from the Meren, and when? For the first time Kesh and the Union of Lake States have given an \
answer in writing, at the end of three days of talks in Varda.\n\n\
Until 2041 they want to spend 38 billion crowns on dams, canals and gauges in the Meren Basin. A council in Port Alma reads \
the gauges; its word binds Orland as well as Kesh. What happens in a drought like that of last year is left to later talks.\n\n\
Prime Minister Ilse Doran called it a beginning. So did President Tomo Anik, although he had wanted more: his own party \
asked for a share of two thirds.",
    ),
];

/// The same parties in another year, and at another table.
const OTHERS: [(&str, &str); 2] = [
    (
        "Kesh and Lake Union strengthen their partnership",
        "Senior officials of Kesh and the Union of Lake States met in Varda last week for their 12th forum and spoke of \
schools, roads and the exchange of students.\n\n\
Both sides welcomed the start of the ferry line to Sorrel Bay. They want to double the number of scholarships until 2030, \
and look forward to the 25th birthday of their partnership, which falls into next year.\n\n\
The Secretary General of the Union, Ada Reyl, thanked the Ministry of Education of Kesh for its patience.",
    ),
    (
        "Prospects of trade between Kesh and the lake states under the magnifying glass",
        "Scholars from Kesh and five other countries came to the University of Dunmere on Tuesday to ask what the Union of \
Lake States buys, and why it does not buy more of it.\n\n\
Some 150 guests heard Professor Lio Marsh of the Institute for Trade say that customs papers cost a mill in Kesh as much as \
the freight. The Union was founded in 1973; its members have 63 million people.\n\n\
The papers of the workshop are to be printed in autumn.",
    ),
];

fn told(outcome: &Outcome) -> Option<&StoryOf> {
    match &outcome.verdict {
        Verdict::News { story, .. } => story.as_deref(),
        Verdict::Unchanged => None,
    }
}

fn story(outcome: &Outcome) -> Option<&str> {
    told(outcome).map(|of| of.story.as_str())
}

fn all() -> Vec<(&'static str, &'static str)> {
    SUMMIT.into_iter().chain(OTHERS).collect()
}

#[test]
fn reporters_on_one_event_are_one_story_and_no_copies() {
    let all = all();
    for (a, first) in all.iter().enumerate() {
        for (b, second) in all.iter().enumerate().filter(|(b, _)| *b != a) {
            let mut deduper = newsroom();
            take(&mut deduper, &article("first", "gazette", first.0, first.1), NOON);
            let outcome = take(
                &mut deduper,
                &article("second", "courier", second.0, second.1),
                NOON + HOUR,
            );
            let expected = (a < SUMMIT.len() && b < SUMMIT.len()).then_some("first");
            assert_eq!((joined(&outcome), story(&outcome)), (None, expected), "{a} {b}");
        }
    }
}

#[test]
fn a_story_keeps_the_name_of_its_first_article() {
    let mut deduper = newsroom();
    let mut names = Vec::new();
    for (at, (title, text)) in all().iter().enumerate() {
        let id = format!("s{at}");
        let outcome = take(&mut deduper, &article(&id, &id, title, text), NOON + at as i64 * HOUR);
        names.push(story(&outcome).map(str::to_owned));
    }
    let first = Some("s0".to_owned());
    assert_eq!(names, [None, first.clone(), first, None, None]);
}

#[test]
fn a_copy_is_in_the_story_of_what_it_copies_and_stories_point_to_originals() {
    let mut deduper = newsroom();
    let told: Vec<Option<StoryOf>> = [("a", 0), ("b", 1), ("copy-of-b", 1), ("c", 2)]
        .into_iter()
        .map(|(id, which)| {
            let (title, text) = SUMMIT[which];
            told(&take(&mut deduper, &article(id, id, title, text), NOON)).cloned()
        })
        .collect();
    assert_eq!(told[0], None);
    assert_eq!(told[2], told[1]);
    for of in told.iter().skip(1).flatten() {
        assert_eq!(of.story, "a");
        assert!(["a", "b"].contains(&of.related.as_str()), "{}", of.related);
        assert!((0.5..=1.0).contains(&of.score));
    }
    assert!(told[3].is_some());
}

#[test]
fn new_words_leave_an_article_in_its_story() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "a", SUMMIT[0].0, SUMMIT[0].1), NOON);
    let before = take(&mut deduper, &article("b", "b", SUMMIT[1].0, SUMMIT[1].1), NOON);
    let (title, text) = OTHERS[1];
    let changed = Article {
        fetch_id: "b2",
        ..article("b", "b", title, text)
    };
    let after = take(&mut deduper, &changed, NOON + HOUR);
    assert!(story(&before).is_some());
    assert_eq!(told(&after), told(&before));
}

#[test]
fn an_event_ends_some_days_after_its_last_report() {
    for (days, expected) in [(2, Some("a")), (4, None)] {
        let mut deduper = newsroom();
        take(&mut deduper, &article("a", "a", SUMMIT[0].0, SUMMIT[0].1), NOON);
        let later = take(
            &mut deduper,
            &article("b", "b", SUMMIT[1].0, SUMMIT[1].1),
            NOON + days * DAY,
        );
        assert_eq!(story(&later), expected, "{days}");
    }
}

#[test]
fn a_series_of_one_outlet_is_no_story() {
    let mut deduper = newsroom();
    for (at, (day, index, points, volume, leader)) in [
        ("Monday", "2,214.6", "12.4", "310", "Northmine"),
        ("Tuesday", "2,198.1", "16.5", "287", "Alma Lines"),
        ("Wednesday", "2,240.9", "42.8", "402", "Dunmere Foods"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = market(day, index, points, volume, leader);
        let id = format!("market-{at}");
        let closing = article(&id, "gazette", "Alma exchange closes", &text);
        let outcome = take(&mut deduper, &closing, NOON + at as i64 * DAY);
        assert_eq!(story(&outcome), None, "{day}");
    }
}

#[test]
fn what_was_forgotten_does_not_make_names_common() {
    let mut fresh = newsroom();
    let mut used = newsroom();
    for number in 0..40 {
        let id = format!("past-{number}");
        let text = format!("{} {number}", SUMMIT[0].1);
        let other = Deduper::new(Config::default());
        let outcome = other.decide(&article(&id, "old", SUMMIT[0].0, &text), NOON);
        outcome.memory.iter().for_each(|change| used.apply(change));
    }
    for number in 0..40 {
        used.apply(&Memory::Forget(format!("past-{number}")));
    }
    for deduper in [&mut fresh, &mut used] {
        take(deduper, &article("a", "a", SUMMIT[0].0, SUMMIT[0].1), NOON);
    }
    let second = article("b", "b", SUMMIT[1].0, SUMMIT[1].1);
    assert_eq!(fresh.decide(&second, NOON), used.decide(&second, NOON));
}

#[test]
fn explains_a_story_by_what_both_name() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "a", SUMMIT[0].0, SUMMIT[0].1), NOON);
    let explained = deduper.explain_story(&article("b", "b", SUMMIT[1].0, SUMMIT[1].1), NOON + HOUR);
    let [one] = explained.as_slice() else {
        panic!("{explained:?}")
    };
    assert_eq!(one.candidate, "a");
    assert!(0.5 <= one.score && one.score == one.resemblance.score());
    let has = |words: &[String], word: &str| words.iter().any(|held| held == word);
    assert!(
        has(&one.names, "Doran") && has(&one.names, "Varda") && !has(&one.names, "Farmers"),
        "{:?}",
        one.names
    );
    assert!(has(&one.title_words, "Meren"), "{:?}", one.title_words);
    assert!(has(&one.numbers, "38"), "{:?}", one.numbers);
}

#[test]
fn what_has_left_the_window_makes_no_word_common_whether_it_was_forgotten_or_not() {
    let mut deduper = newsroom();
    let [first, second, third] = SUMMIT;
    take(&mut deduper, &article("old", "gazette", first.0, first.1), NOON);
    let late = NOON + 7 * DAY + HOUR;
    take(&mut deduper, &article("b", "herald", second.0, second.1), late);
    let told_then =
        |deduper: &Deduper| told(&deduper.decide(&article("c", "courier", third.0, third.1), late + 1)).cloned();
    let before = told_then(&deduper);
    assert_eq!(before.as_ref().map(|of| of.story.as_str()), Some("b"));
    let due = deduper.due(late + 1);
    assert!(!due.is_empty());
    due.iter().for_each(|change| deduper.apply(change));
    assert_eq!(told_then(&deduper), before);
}
