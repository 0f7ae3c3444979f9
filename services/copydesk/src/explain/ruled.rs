//! What operators' rules did to a page: which selector matched how much, and what that changed.

use cleaner::extracted::Extracted;
use cleaner::rules::SelectorOutcome;

use crate::tail::clean;

/// Prints how the rules for the page's host fared; nothing where there are none.
pub(super) fn show(extracted: &Extracted) {
    let Some(ruled) = &extracted.ruled else { return };
    for number in &ruled.expired {
        println!("rule       {number} is over and left out");
    }
    for selector in &ruled.selectors {
        println!("rule       {}", line(selector));
        for sample in &selector.samples {
            println!("             {}", clean(sample));
        }
    }
    if !ruled.selectors.is_empty() {
        println!(
            "rules      {} blocks are kept and {} are cut only because of them",
            ruled.put_back, ruled.taken
        );
    }
}

fn line(selector: &SelectorOutcome) -> String {
    let blocks = match (selector.elements, selector.blocks) {
        (0, _) => "matches nothing".to_owned(),
        (elements, 0) => format!("matches {elements} elements without any text"),
        (elements, blocks) => format!("matches {elements} elements with {blocks} blocks of text"),
    };
    let text = clean(&selector.selector);
    format!("{} {} {text:?} {blocks}", selector.rule, selector.key.as_str())
}

#[cfg(test)]
mod tests {
    use super::line;
    use cleaner::rules::{Key, SelectorOutcome};

    #[test]
    fn a_selector_says_what_it_matched() {
        let check = |elements: u32, blocks: usize, expected: &str| {
            let selector = SelectorOutcome {
                rule: 2,
                key: Key::Cut,
                selector: ".poll".to_owned(),
                elements,
                blocks,
                samples: Vec::new(),
            };
            assert_eq!(line(&selector), format!("2 cut \".poll\" matches {expected}"));
        };
        check(0, 0, "nothing");
        check(3, 0, "3 elements without any text");
        check(3, 7, "3 elements with 7 blocks of text");
    }
}
