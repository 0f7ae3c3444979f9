//! What files and modules are called, and what tests don't do.

use crate::offence::Offence;
use crate::tokens::Sequences;

/// Names that say nothing about what is inside, so that everything ends up there.
const EMPTY_NAMES: [&str; 8] = [
    "util", "utils", "common", "helper", "helpers", "manager", "managers", "misc",
];

/// The offences of the name of the file at `path`.
#[must_use]
pub fn check_path(path: &str) -> Vec<Offence> {
    let mut offences = Vec::new();
    if path.ends_with("/mod.rs") {
        let what = "a mod.rs; name the file after its folder and put it beside the folder";
        offences.push(Offence::new(path, 1, what));
    }
    let parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    offences.extend(parts.filter(|part| EMPTY_NAMES.contains(part)).map(|part| {
        let what = format!("the name {part} says nothing; name the file or folder after the one thing in it");
        Offence::new(path, 1, what)
    }));
    offences
}

/// The offences of the Rust source `text` at `path`.
///
/// Tests wait for a condition, never for a time. The libraries that tests are written with (`tests/*/src`) may pause
/// between two looks at another process, because such a process can't call back.
#[must_use]
pub fn check_source(path: &str, text: &str) -> Vec<Offence> {
    let Ok(sequences) = Sequences::of(text) else {
        return Vec::new();
    };
    let modules = sequences
        .modules()
        .into_iter()
        .filter(|(name, _)| EMPTY_NAMES.contains(&name.as_str()));
    let empty = modules.map(|(name, line)| {
        let what = format!("the name {name} says nothing; name the module after the one thing in it");
        Offence::new(path, line, what)
    });
    let ignored = sequences.attributes("ignore").into_iter().map(|line| {
        let what = "an ignored test proves nothing; mend it, or take it out";
        Offence::new(path, line, what)
    });
    let test_modules = sequences.test_modules();
    let in_test =
        |line: &usize| is_test_file(path) || test_modules.iter().any(|(first, last)| (first..=last).contains(&line));
    let sleeps = sequences.calls("sleep").into_iter().filter(in_test).map(|line| {
        let what = "a test that sleeps is slow or flaky; wait for the condition, or move the clock by hand";
        Offence::new(path, line, what)
    });
    empty.chain(ignored).chain(sleeps).collect()
}

/// Whether all of the file is test code: integration tests, and modules called `tests`.
fn is_test_file(path: &str) -> bool {
    let below_room = path.split('/').skip(1);
    below_room.into_iter().any(|part| part == "tests" || part == "tests.rs")
}
