use super::{ENGLISH, Feature, Kind, OTHER_LANGUAGES, Profile, WORDS, features};
use proptest::prelude::{any, proptest};

fn all(text: &str, profile: Profile) -> Vec<Feature> {
    let mut found = Vec::new();
    features(text, profile, usize::MAX, |feature| found.push(feature));
    found
}

/// The text of each feature of one kind.
fn check(text: &str, profile: Profile, kind: Kind, expected: &[&str]) {
    let found = all(text, profile);
    let written: Vec<&str> = found
        .iter()
        .filter(|feature| feature.kind == kind)
        .map(|feature| &text[feature.start..feature.end])
        .collect();
    assert_eq!(written, expected, "{text}");
}

fn hashes(text: &str) -> Vec<u32> {
    all(text, OTHER_LANGUAGES).iter().map(|feature| feature.hash).collect()
}

#[test]
fn english_gives_words_and_pairs() {
    check(
        "The council's vote, at last",
        WORDS,
        Kind::Word,
        &["The", "council", "vote", "at", "last"],
    );
    check(
        "The council's vote, at last",
        WORDS,
        Kind::Pair,
        &["The council", "council's vote", "at last"],
    );
    check("The council's vote, at last", WORDS, Kind::Piece, &[]);
}

#[test]
fn other_alphabets_give_beginnings_too() {
    let stems = Profile {
        runs: &[],
        ..OTHER_LANGUAGES
    };
    check("Pemilihan umum", stems, Kind::Piece, &["Pemi", "Pemili", "umum"]);
}

#[test]
fn the_first_words_give_runs_with_their_edges() {
    check("On ice", ENGLISH, Kind::Piece, &["On", "ice", "ice"]);
    let short = Profile {
        run_words: 1,
        runs: &[3, 5],
        ..ENGLISH
    };
    check("On ice", short, Kind::Piece, &["On", "On"]);
    check("42 1987", ENGLISH, Kind::Piece, &[]);
}

#[test]
fn languages_share_no_features() {
    let english = all("die Wahl", ENGLISH);
    let german = all("die Wahl", OTHER_LANGUAGES);
    assert!(
        english
            .iter()
            .all(|one| german.iter().all(|other| one.hash != other.hash))
    );
}

#[test]
fn scripts_without_spaces_give_runs_of_characters() {
    check(
        "市議会",
        WORDS,
        Kind::Piece,
        &["市", "議", "市議", "会", "議会", "市議会"],
    );
    check(
        "サッカー",
        WORDS,
        Kind::Piece,
        &["サッ", "ッカ", "サッカ", "カー", "ッカー"],
    );
    check(
        "สะพาน",
        WORDS,
        Kind::Piece,
        &["สะพ", "ะพา", "สะพา", "พาน", "ะพาน", "สะพาน"],
    );
    check(
        "선거 시",
        WORDS,
        Kind::Word,
        &["선", "선거", "거", "선거", "선거", "시"],
    );
    check("선거 시에", WORDS, Kind::Pair, &["선거 시에"]);
}

#[test]
fn case_and_vowel_marks_make_no_difference() {
    assert_eq!(hashes("Élection ÉTAT"), hashes("élection état"));
    assert_eq!(hashes("مُحَمَّد"), hashes("محمد"));
}

#[test]
fn a_number_is_its_length() {
    assert_eq!(hashes("in 1987"), hashes("in 2023"));
    assert_ne!(hashes("in 87"), hashes("in 2023"));
    assert_ne!(hashes("g7"), hashes("g8"));
}

#[test]
fn a_sentence_end_parts_a_pair() {
    check(
        "Rain fell. Markets rose",
        WORDS,
        Kind::Pair,
        &["Rain fell", "Markets rose"],
    );
}

#[test]
fn reads_no_more_words_than_asked() {
    let mut count = 0;
    features(&"word ".repeat(1000), WORDS, 10, |feature| {
        count += usize::from(feature.kind == Kind::Word);
    });
    assert_eq!(count, 10);
    let mut count = 0;
    features(&"สะพาน".repeat(1000), WORDS, 10, |_| count += 1);
    assert!(count < 200, "{count}");
}

proptest! {
    #[test]
    fn features_lie_within_the_text(text in any::<String>()) {
        for feature in all(&text, OTHER_LANGUAGES) {
            assert!(text.get(feature.start..feature.end).is_some_and(|written| !written.is_empty()));
        }
    }
}
