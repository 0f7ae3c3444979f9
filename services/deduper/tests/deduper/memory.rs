//! State is the fold of the memory records: windows, versions, recall and compaction.

use std::collections::BTreeMap;

use deduper::deduper::{Config, Deduper, Outcome, Verdict};
use deduper::memory::Memory;
use deduper::origin::{Clues, Told};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::articles::{BACKGROUND, BRIEF, FERRY, FERRY_OTHER_REPORTER, JAPANESE};
use crate::{Article, DAY, HOUR, NOON, article, joined, newsroom, take};

#[test]
fn the_same_fetch_again_is_the_same_verdict_and_changes_nothing() {
    let mut deduper = newsroom();
    let first = take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    let copy = take(&mut deduper, &article("b", "outlet", FERRY.0, FERRY.1), NOON + 1);
    for (id, source, before) in [("a", "agency", first), ("b", "outlet", copy)] {
        let again = deduper.decide(&article(id, source, FERRY.0, FERRY.1), NOON + HOUR);
        assert_eq!(again, Outcome { memory: None, ..before });
    }
}

#[test]
fn the_same_words_by_another_fetch_are_unchanged() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    let restyled = FERRY.1.replace("\n\n", "\n").replace('"', "”");
    let refetched = Article {
        fetch_id: "later",
        ..article("a", "agency", FERRY.0, &restyled)
    };
    assert_eq!(
        deduper.decide(&refetched, NOON + HOUR),
        Outcome {
            verdict: Verdict::Unchanged,
            memory: None
        }
    );
}

#[test]
fn other_words_under_the_same_id_are_the_next_version() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    for (version, people) in [(2, "213"), (3, "214")] {
        let text = FERRY.1.replace("212", people);
        let refetched = Article {
            fetch_id: people,
            ..article("a", "agency", FERRY.0, &text)
        };
        let outcome = take(&mut deduper, &refetched, NOON + HOUR);
        assert_eq!(
            outcome.verdict,
            Verdict::News {
                version,
                duplicate: None,
                replaces: None,
                story: None,
            }
        );
    }
}

#[test]
fn a_copy_that_changes_stays_in_its_cluster_while_it_is_a_copy() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    take(&mut deduper, &article("b", "outlet", FERRY.0, FERRY.1), NOON + 1);
    let changed = FERRY.1.replace("212", "213");
    let still = take(
        &mut deduper,
        &Article {
            fetch_id: "2",
            ..article("b", "outlet", FERRY.0, &changed)
        },
        NOON + 2,
    );
    assert_eq!(joined(&still), Some("a"));
    let other = take(
        &mut deduper,
        &Article {
            fetch_id: "3",
            ..article("b", "outlet", BRIEF.0, BRIEF.1)
        },
        NOON + 3,
    );
    assert_eq!(
        other.verdict,
        Verdict::News {
            version: 3,
            duplicate: None,
            replaces: None,
            story: None,
        }
    );
}

#[test]
fn forgets_by_time_of_entry_and_not_by_the_date_of_the_article() {
    let mut deduper = newsroom();
    let dated = Article {
        published: Some(NOON + 80 * 365 * DAY),
        ..article("future", "agency", FERRY.0, FERRY.1)
    };
    take(&mut deduper, &dated, NOON);
    assert_eq!(
        joined(&deduper.decide(&article("b", "outlet", FERRY.0, FERRY.1), NOON + 6 * DAY)),
        Some("future")
    );
    assert!(deduper.due(NOON + 6 * DAY).is_empty());
    // Out of the window it is no candidate any more, whether it was forgotten yet or not.
    let late = NOON + 7 * DAY + 1;
    assert!(deduper.due(late).is_empty(), "nothing newer has entered yet");
    assert_eq!(
        joined(&take(&mut deduper, &article("b", "outlet", FERRY.0, FERRY.1), late)),
        None
    );
    let due = deduper.due(late);
    assert_eq!(due.len(), BACKGROUND.len() + 1);
    due.iter().for_each(|change| deduper.apply(change));
    assert_eq!((deduper.len(), deduper.due(late).len()), (1, 0));
}

#[test]
fn forgetting_the_first_article_keeps_its_cluster_for_later_copies() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    take(&mut deduper, &article("b", "outlet", FERRY.0, FERRY.1), NOON + 1);
    deduper.apply(&Memory::Forget("a".to_owned()));
    assert_eq!(
        joined(&deduper.decide(&article("c", "paper", FERRY.0, FERRY.1), NOON + 2)),
        Some("a")
    );
}

/// A stream of our articles, whole, cut and changed, some of them seen again under the same id.
fn streams() -> impl Strategy<Value = Vec<(u8, usize, usize, u8)>> {
    prop::collection::vec((0..12u8, 0..5usize, 1..9usize, 0..3u8), 1..24)
}

fn run(stream: &[(u8, usize, usize, u8)], deduper: &mut Deduper) -> (Vec<Verdict>, Vec<Memory>) {
    let stories = [FERRY, FERRY_OTHER_REPORTER, BRIEF, JAPANESE, BACKGROUND[1]];
    let (mut verdicts, mut changes) = (Vec::new(), Vec::new());
    for (at, &(id, story, kept, fetch)) in stream.iter().enumerate() {
        let (title, text) = stories[story];
        let text = text.split("\n\n").take(kept).collect::<Vec<_>>().join("\n\n");
        let (id, fetch) = (format!("id-{id}"), format!("fetch-{id}-{story}-{kept}-{fetch}"));
        // Each id has a site of its own, and each fetch says something else of its origin.
        let article = Article {
            fetch_id: &fetch,
            ..article(&id, &id, title, &text)
        };
        let now = NOON + at as i64 * 10 * HOUR;
        let clues = Clues {
            agency: (kept % 3 == 0).then_some("AP"),
            dateline: at % 2 == 0,
            told: (kept % 2 == 0).then_some(Told::At(now - kept as i64 * 6 * HOUR)),
        };
        let outcome = deduper.decide_with(&article, &clues, now);
        outcome.memory.iter().for_each(|change| deduper.apply(change));
        changes.extend(outcome.memory);
        verdicts.push(outcome.verdict);
        let due = deduper.due(now);
        due.iter().for_each(|change| deduper.apply(change));
        changes.extend(due);
    }
    (verdicts, changes)
}

/// What a compacted topic keeps: the last change of each key.
fn compacted(changes: &[Memory]) -> Vec<Memory> {
    changes
        .iter()
        .map(|change| (change.key().to_owned(), change.clone()))
        .collect::<BTreeMap<_, _>>()
        .into_values()
        .collect()
}

#[test]
fn the_streams_of_these_tests_move_originals() {
    let mut moved = 0;
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let stream = streams().new_tree(&mut runner).unwrap().current();
        let (verdicts, _) = run(&stream, &mut Deduper::new(Config::default()));
        let is_move = |verdict: &&Verdict| matches!(verdict, Verdict::News { replaces: Some(_), .. });
        moved += verdicts.iter().filter(is_move).count();
    }
    assert!(10 < moved, "{moved} in 20 streams");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn recall_in_any_order_of_keys_gives_the_same_decisions(first in streams(), then in streams(), turn in 0..24usize) {
        let mut live = Deduper::new(Config::default());
        let (_, changes) = run(&first, &mut live);
        let mut last = compacted(&changes);
        let turn = turn % last.len().max(1);
        last.rotate_left(turn);
        let recall = |changes: &[Memory]| {
            let mut deduper = Deduper::new(Config::default());
            changes.iter().for_each(|change| deduper.apply(change));
            deduper
        };
        let expected = run(&then, &mut recall(&changes));
        prop_assert_eq!(&run(&then, &mut recall(&last)), &expected);
        last.reverse();
        prop_assert_eq!(&run(&then, &mut recall(&last)), &expected);
        prop_assert_eq!(&run(&then, &mut live), &expected);
    }

    #[test]
    fn who_follows_the_re_pointings_knows_the_original_of_every_copy(stream in streams()) {
        // What each article was last told to be: an original, or a copy of another.
        let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
        let (_, changes) = run(&stream, &mut Deduper::new(Config { window_ms: 100 * DAY, ..Config::default() }));
        for change in changes {
            let Memory::Remember(remembered) = change else { continue };
            let moved = remembered.moved.as_ref();
            let original = moved.map_or(&remembered.cluster, |moved| &moved.original).clone();
            if let Some(replaced) = moved.and_then(|moved| moved.replaced.as_ref()) {
                prop_assert_eq!(known.get(&replaced.former), Some(&None), "{} was no original", replaced.former);
                known.insert(replaced.former.clone(), Some(original.clone()));
            }
            let is_original = original == remembered.id;
            prop_assert!(is_original || known.get(&original) == Some(&None), "{} is no original", original);
            known.insert(remembered.id.clone(), (!is_original).then_some(original));
        }
        for id in known.keys() {
            let mut steps = std::iter::successors(Some(id), |id| known.get(*id)?.as_ref());
            prop_assert!(steps.nth(known.len()).is_none(), "{} leads in a circle", id);
        }
    }

    #[test]
    fn a_list_taken_twice_joins_nothing_new_the_second_time(
        stories in prop::collection::btree_set((0..5usize, 1..9usize), 1..8),
    ) {
        let mut deduper = Deduper::new(Config::default());
        let stream: Vec<_> =
            stories.iter().enumerate().map(|(at, &(story, kept))| (at as u8, story, kept, 0)).collect();
        let (first, _) = run(&stream, &mut deduper);
        let (again, changes) = run(&stream, &mut deduper);
        prop_assert_eq!(first, again);
        prop_assert!(changes.is_empty());
    }
}
