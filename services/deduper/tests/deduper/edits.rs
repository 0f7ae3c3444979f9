//! Edits that editors make to agency copy: each must be found.

use crate::articles::{BRIEF, FERRY, JAPANESE, VIETNAMESE};
use crate::{HOUR, NOON, article, joined, newsroom, take};

/// Takes an original and then an edited copy of it.
fn check(original: (&str, &str), edited: (&str, &str), what: &str) {
    let mut deduper = newsroom();
    take(
        &mut deduper,
        &article("original", "agency", original.0, original.1),
        NOON,
    );
    let copy = take(
        &mut deduper,
        &article("copy", "outlet", edited.0, edited.1),
        NOON + 3 * HOUR,
    );
    assert_eq!(joined(&copy), Some("original"), "{what}");
    // The other way round: the cut or edited text came first.
    let mut deduper = newsroom();
    take(&mut deduper, &article("copy", "outlet", edited.0, edited.1), NOON);
    let original = take(
        &mut deduper,
        &article("original", "agency", original.0, original.1),
        NOON + 3 * HOUR,
    );
    assert_eq!(joined(&original), Some("copy"), "{what}, the other way round");
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").collect()
}

#[test]
fn finds_a_verbatim_copy_under_another_headline() {
    for original in [FERRY, BRIEF, JAPANESE, VIETNAMESE] {
        check(
            original,
            ("Something else stands above it here", original.1),
            original.0,
        );
    }
}

#[test]
fn finds_a_copy_cut_from_the_end() {
    let text = paragraphs(FERRY.1);
    for kept in 2..text.len() {
        check(
            FERRY,
            (FERRY.0, &text[..kept].join("\n\n")),
            &format!("{kept} paragraphs kept"),
        );
    }
}

#[test]
fn finds_a_copy_with_paragraphs_left_out_or_moved() {
    let text = paragraphs(FERRY.1);
    let without_some: Vec<&str> = text
        .iter()
        .copied()
        .enumerate()
        .filter(|(at, _)| at % 3 != 2)
        .map(|(_, p)| p)
        .collect();
    let mut moved = text.clone();
    moved.swap(1, 3);
    moved.swap(2, 5);
    check(
        FERRY,
        (FERRY.0, &without_some.join("\n\n")),
        "every third paragraph left out",
    );
    check(FERRY, (FERRY.0, &moved.join("\n\n")), "paragraphs moved");
}

#[test]
fn finds_a_copy_with_byline_dateline_and_credit_changed() {
    let body = FERRY.1.split_once(" - ").map_or("", |(_, body)| body);
    let text =
        format!("By Maren Aasen, Harbour Desk\n\nSORREL BAY (HD) -- {body}\n\nReporting by J. Orr; Editing by K. Dahl");
    check(
        FERRY,
        ("Fog-bound ferry freed of passengers", &text),
        "byline, dateline, credit",
    );
}

#[test]
fn finds_a_copy_in_another_house_style() {
    let text = FERRY
        .1
        .replace("two crew", "2 crew")
        .replace("Nine passengers", "9 passengers")
        .replace("harbour", "harbor")
        .replace("tonnes", "tons")
        .replace("14.5 million", "14.5m")
        .replace('"', "”")
        .replace("said", "stated");
    check(FERRY, (FERRY.0, &text), "house style");
}

#[test]
fn finds_a_copy_with_boilerplate_around_it() {
    let text = format!(
        "Share this on your networks\n\nSubscribe to the morning letter\n\n{}\n\nRead more on our website and follow us for \
the latest news from the region. All rights reserved by Gazette Media.\n\nYou may also like\n\nTen walks for a rainy \
day\n\nHow to bake with rye\n\nAsk the vet: why does my cat sneeze?",
        FERRY.1
    );
    check(FERRY, (FERRY.0, &text), "boilerplate");
}

#[test]
fn finds_a_copy_with_a_local_paragraph_added() {
    let mut text = paragraphs(FERRY.1);
    text.insert(
        3,
        "For families in Dunmere the news ended an anxious morning. The school had opened its gymnasium and parents waited \
there with coffee until the buses came back in the afternoon, headmaster Ivo Rask said.",
    );
    check(FERRY, (FERRY.0, &text.join("\n\n")), "local paragraph");
}

#[test]
fn finds_a_copy_with_typing_errors() {
    let text: String = FERRY
        .1
        .char_indices()
        .filter(|(at, _)| at % 67 != 40)
        .map(|(_, character)| character)
        .collect();
    check(FERRY, (FERRY.0, &text), "a letter missing now and then");
}

#[test]
fn finds_a_copy_without_accents() {
    let plain: String = VIETNAMESE
        .1
        .replace('ư', "u")
        .replace(['ở', 'ộ'], "o")
        .replace('ấ', "a");
    check(VIETNAMESE, (VIETNAMESE.0, &plain), "accents lost");
}

#[test]
fn a_copy_names_cluster_count_and_similarity() {
    use deduper::deduper::Verdict;
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    take(&mut deduper, &article("b", "outlet", FERRY.0, FERRY.1), NOON + 1);
    let third = take(&mut deduper, &article("c", "paper", FERRY.0, FERRY.1), NOON + 2);
    let Verdict::News {
        version: 1,
        duplicate: Some(duplicate),
        ..
    } = third.verdict
    else {
        panic!("{third:?}")
    };
    assert_eq!(
        (
            duplicate.cluster.as_str(),
            duplicate.original.as_str(),
            duplicate.copies
        ),
        ("a", "a", 3)
    );
    assert!(0.9 < duplicate.similarity, "{}", duplicate.similarity);
}

#[test]
fn explains_what_is_shared_and_what_differs() {
    let mut deduper = newsroom();
    take(&mut deduper, &article("a", "agency", FERRY.0, FERRY.1), NOON);
    let changed = FERRY.1.replace("212", "213").replace("Varga", "Novotny");
    let explained = deduper.explain(&article("b", "outlet", FERRY.0, &changed), NOON + HOUR);
    let best = &explained[0];
    assert_eq!((best.candidate.as_str(), best.cluster.as_str()), ("a", "a"));
    assert_eq!(best.numbers_missing, ["213"]);
    assert_eq!(best.names_missing, ["Novotny"]);
    assert!(
        best.passages
            .iter()
            .any(|passage| passage.contains("ran aground on a sandbank")),
        "{:?}",
        best.passages
    );
    assert!(
        !best.passages.iter().any(|passage| passage.contains("213")),
        "{:?}",
        best.passages
    );
}
