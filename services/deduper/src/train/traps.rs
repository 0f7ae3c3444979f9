//! What looks like a copy and is none: the next item of a template, borrowed quotes and background, digests.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::edits::Pool;
use super::text::{names, paragraphs, replace_numbers, sentences};

/// The text with every number replaced, each by the same other one wherever it stands.
pub(super) fn other_numbers(text: &str, dice: &mut Dice) -> String {
    let mut others = BTreeMap::<String, String>::new();
    let (changed, _) = replace_numbers(text, |_, number| {
        let other = others.entry(number.to_owned());
        other.or_insert_with(|| dice.between(1, 9999).to_string()).clone()
    });
    changed
}

/// The text with every name replaced, each by the same other one wherever it stands.
pub(super) fn other_names(text: &str, pool: &Pool<'_>, dice: &mut Dice) -> String {
    let mut others = BTreeMap::<&str, &str>::new();
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for (at, name) in names(text) {
        let other = others
            .entry(name)
            .or_insert_with(|| dice.one(&pool.names).copied().unwrap_or(name));
        out.push_str(&text[end..at]);
        out.push_str(other);
        end = at + name.len();
    }
    out.push_str(&text[end..]);
    out
}

/// What two reporters on one event might have written: two texts that share a few paragraphs, at most a fifth of each, as
/// they share quotes and an agency's sentences, and name the same things. The parted text serves as the event.
pub(super) fn two_reporters(text: &str, dice: &mut Dice) -> Option<(String, String)> {
    let all = paragraphs(text);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let (mut of_one, mut of_other, mut of_both) = (0, 0, 0);
    let shares_lead = dice.happens(0.5);
    for (at, paragraph) in all.iter().enumerate() {
        let wanted = if at == 0 { shares_lead } else { dice.happens(0.15) };
        if wanted && 5 * (of_both + paragraph.len()) < text.len() / 2 {
            of_both += paragraph.len();
            one.push(*paragraph);
            other.push(*paragraph);
        } else if of_one <= of_other {
            of_one += paragraph.len();
            one.push(*paragraph);
        } else {
            of_other += paragraph.len();
            other.push(*paragraph);
        }
    }
    let is_even = of_one.max(of_other) < 2 * of_one.min(of_other);
    (6 <= all.len() && is_even).then(|| (one.join("\n\n"), other.join("\n\n")))
}

/// The text `into` with one or two paragraphs of quotes out of `from`.
pub(super) fn borrowed_quotes(from: &str, into: &str, dice: &mut Dice) -> Option<String> {
    let mut quotes: Vec<&str> = paragraphs(from)
        .into_iter()
        .skip(1)
        .filter(|paragraph| paragraph.contains(['"', '“']))
        .collect();
    dice.shuffle(&mut quotes);
    quotes.truncate(dice.between(1, 2));
    let mut all = paragraphs(into);
    for quote in &quotes {
        all.insert(dice.between(0, all.len()), quote);
    }
    (!quotes.is_empty()).then(|| all.join("\n\n"))
}

/// The text `into` with the background out of the second half of `from` at its end.
pub(super) fn borrowed_background(from: &str, into: &str) -> Option<String> {
    let source = paragraphs(from);
    let tail: Vec<&str> = source.iter().skip(source.len() / 2).take(4).copied().collect();
    let size: usize = tail.iter().map(|paragraph| paragraph.len()).sum();
    if source.len() < 4 || 20 * size > 7 * into.len() {
        return None;
    }
    let mut all = paragraphs(into);
    all.extend(tail);
    Some(all.join("\n\n"))
}

/// Several stories in a sentence or two each.
pub(super) fn digest(stories: &[(&str, &str)], dice: &mut Dice) -> String {
    let item = |(at, (title, text)): (usize, &(&str, &str)), dice: &mut Dice| {
        let lead = paragraphs(text).first().map(|lead| sentences(lead)).unwrap_or_default();
        let first = lead.first().copied().unwrap_or_default();
        match (dice.below(2), lead.get(1)) {
            (0, _) => format!("{}. {title}. {first}", at + 1),
            (_, Some(second)) => format!("{first} {second}"),
            (_, None) => first.to_owned(),
        }
    };
    let items: Vec<String> = stories.iter().enumerate().map(|story| item(story, dice)).collect();
    items.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::super::text::paragraphs;
    use super::two_reporters;

    #[test]
    fn two_reporters_share_at_most_a_fifth() {
        let text: Vec<String> = (0..20)
            .map(|at| format!("Paragraph {at} of {} words.", "x".repeat(40 + at)))
            .collect();
        let text = text.join("\n\n");
        for seed in 0..50 {
            let (one, other) = two_reporters(&text, &mut Dice::new(seed)).unwrap_or_default();
            let shared: usize = paragraphs(&one)
                .iter()
                .filter(|paragraph| paragraphs(&other).contains(paragraph))
                .map(|paragraph| paragraph.len())
                .sum();
            assert!(
                5 * shared <= one.len().min(other.len()),
                "{seed}: {shared} of {} and {}",
                one.len(),
                other.len()
            );
            assert!(text.len() < one.len() + other.len() + 100, "{seed}");
        }
        assert_eq!(two_reporters("One.\n\nTwo.", &mut Dice::new(1)), None);
    }
}
