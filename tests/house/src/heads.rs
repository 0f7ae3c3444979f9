//! How every crate opens: what it does, what it does not know, where to start reading; and, in a pure room, that the
//! lints of purity are on.

use crate::offence::Offence;

/// The first line of code of a pure room.
pub const PURITY: &str = "#![deny(clippy::disallowed_methods, clippy::disallowed_types)]";

/// What the words at a crate's head must say, and the reason.
const SAYS: [(&str, &str); 2] = [
    ("does not know", "an absence is a rule that a reader can check"),
    ("start reading", "a reader needs a first file"),
];

/// The offences of the head of the crate whose root is `text` at `path`.
#[must_use]
pub fn check(path: &str, text: &str, pure: bool) -> Vec<Offence> {
    let words: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let words = words.join(" ").to_lowercase();
    let mut offences: Vec<Offence> = SAYS
        .iter()
        .filter(|(phrase, _)| !words.contains(phrase))
        .map(|(phrase, reason)| {
            let what = format!("the crate's documentation does not say \"{phrase}\"; add it: {reason}");
            Offence::new(path, 1, what)
        })
        .collect();
    let code = text
        .lines()
        .enumerate()
        .find(|(_, line)| !line.starts_with("//") && !line.trim().is_empty());
    let (index, first) = code.unwrap_or((0, ""));
    if pure && first != PURITY {
        let what = format!("the first line of code in a pure room is {PURITY}; put it there");
        offences.push(Offence::new(path, index + 1, what));
    }
    offences
}
