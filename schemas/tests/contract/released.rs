//! Examples are for ever: what was released stays readable, and to prove it, it stays as it was.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::examples::{Example, all, folder};

/// What is wrong with the files in `there` (name and content) by `listing`, whose lines are a SHA-256 and a name.
fn complaints(listing: &str, there: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let lines = listing
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let complaint = |line: &str| match line.split_once("  ") {
        None => Some(format!("{line:?} is not a hash and a name")),
        Some((hash, name)) => match there.get(name) {
            None => Some(format!("{name} was released and is gone; bring it back")),
            Some(content) if hash_of(content) == hash => None,
            Some(_) => Some(format!(
                "{name} was released and has changed; bring it back, and add a new example"
            )),
        },
    };
    lines.filter_map(complaint).collect()
}

fn hash_of(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn released_examples_are_as_they_were() {
    let listing = std::fs::read_to_string(folder().join("RELEASED.txt")).unwrap();
    let there = all()
        .into_iter()
        .map(|Example { path, bytes, .. }| (path, bytes))
        .collect();
    let complaints = complaints(&listing, &there);
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(
        listing.contains("article/"),
        "no example of the public record was ever released"
    );
}

#[test]
fn a_released_example_that_changes_or_goes_is_found() {
    let there = BTreeMap::from([("a/1-full.json".to_owned(), b"{}".to_vec())]);
    let check = |listing: &str, expected: &str| assert_eq!(complaints(listing, &there).join(" "), expected);
    let hash = hash_of(b"{}");
    check(&format!("# Comment.\n{hash}  a/1-full.json\n"), "");
    let other = hash_of(b"{} ");
    let changed = "a/1-full.json was released and has changed; bring it back, and add a new example";
    check(&format!("{other}  a/1-full.json\n"), changed);
    check(
        &format!("{hash}  a/1-minimal.json\n"),
        "a/1-minimal.json was released and is gone; bring it back",
    );
    check("a/1-full.json\n", "\"a/1-full.json\" is not a hash and a name");
}
