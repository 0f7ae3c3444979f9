//! Language detectors side by side: `cargo run --release [--features lingua] -- FILE.jsonl…`.
//!
//! Each line of a file is {"lang","title"?,"text"}. Every detector is asked for the first sixty characters of a text (a
//! title), for its first 150 (a sentence) and for all of it (up to 2,000); a text that is no longer than a class asks is
//! left out of the longer ones. Accuracy is by the language without its script; time is processor time of this thread.

mod detectors;
mod table;

use detectors::detectors;
use std::collections::BTreeMap;

/// Names of the classes of length, and how many characters they have.
const LENGTHS: [(&str, usize); 3] = [("title", 60), ("sentence", 150), ("long", 2_000)];
/// Texts of one language and length.
const MOST: usize = 300;

/// Texts by length and language.
type Texts = BTreeMap<(usize, String), Vec<String>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut texts = Texts::new();
    for path in std::env::args().skip(1) {
        for line in std::fs::read_to_string(&path)?.lines() {
            add(&mut texts, &serde_json::from_str(line)?);
        }
    }
    let detectors = detectors();
    for (number, (name, _)) in LENGTHS.iter().enumerate() {
        table::print(name, number, &texts, &detectors);
    }
    Ok(())
}

fn add(texts: &mut Texts, row: &serde_json::Value) {
    let field = |name: &str| row[name].as_str().unwrap_or_default();
    let (language, text) = (field("lang"), field("text"));
    let mut before = 0;
    for (number, (_, characters)) in LENGTHS.iter().enumerate() {
        let cut: String = text.chars().take(*characters).collect();
        if before < cut.len() {
            let of_kind = texts.entry((number, language.to_owned())).or_default();
            if of_kind.len() < MOST {
                of_kind.push(cut.clone());
            }
        }
        before = cut.len();
    }
}
