//! How large files and functions may grow: what doesn't fit on a few screens is not read before it is changed.

use crate::offence::Offence;
use crate::tokens::Sequences;

/// Lines of a Rust file. 400 are aimed at.
pub const FILE_LINES: usize = 500;
/// Lines of a function, from `fn` to the closing brace. 40 are aimed at.
pub const FUNCTION_LINES: usize = 60;
/// Lines of a program's `main.rs`.
pub const MAIN_LINES: usize = 60;

/// The offences of the Rust source `text` at `file`.
#[must_use]
pub fn check(file: &str, text: &str) -> Vec<Offence> {
    let lines = text.lines().count();
    let mut offences = Vec::new();
    if lines > FILE_LINES {
        let what = format!("a file of {lines} lines; part it by nouns until each has at most {FILE_LINES}");
        offences.push(Offence::new(file, FILE_LINES + 1, what));
    }
    if file.ends_with("src/main.rs") && lines >= MAIN_LINES {
        let what = format!("a main of {lines} lines; move what it does into modules until it has under {MAIN_LINES}");
        offences.push(Offence::new(file, MAIN_LINES, what));
    }
    match Sequences::of(text) {
        Err(error) => offences.push(Offence::new(file, 1, format!("not a Rust source ({error}); mend it"))),
        Ok(sequences) => offences.extend(sequences.functions().into_iter().filter_map(|function| {
            let (name, lines) = (function.name, function.lines);
            let what = format!("fn {name} has {lines} lines; part it until it has at most {FUNCTION_LINES}");
            (lines > FUNCTION_LINES).then(|| Offence::new(file, function.line, what))
        })),
    }
    offences
}
