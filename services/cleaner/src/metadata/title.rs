//! The headline: which of the candidates it is, without the name of the site.

use super::json_ld::{JsonLd, plain};
use crate::html::{Head, MarkKind};
use crate::words;

/// What parts a headline from the name of a site in `title`.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ~ ", "｜", " ‹ ", " > ", "_", "|",
];

/// Chooses the headline. The heading on the page wins when the metadata agrees that it is one, because that is what
/// readers see; metadata titles are often written for search engines.
pub(crate) fn choose(head: &Head, json_ld: &JsonLd, site_name: Option<&str>, hint: Option<&str>) -> String {
    let stated: Vec<String> = [
        json_ld.headline.clone(),
        head.meta_of(&["og:title"]).map(plain),
        head.meta_of(&["twitter:title", "title", "dc.title", "sailthru.title", "parsely-title"])
            .map(plain),
        Some(plain(&head.title)),
        hint.map(plain),
    ]
    .into_iter()
    .flatten()
    .filter(|title| !title.is_empty())
    .collect();
    let headings = marked(head, MarkKind::Headline).chain(marked(head, MarkKind::Heading));
    let agreed = headings
        .map(|heading| {
            (
                heading.clone(),
                stated.iter().map(|title| likeness(&heading, title)).fold(0.0, f64::max),
            )
        })
        .filter(|(heading, likeness)| *likeness >= 0.5 && heading.chars().count() >= 5)
        .fold(None, |best: Option<(String, f64)>, next| match best {
            Some(best) if next.1 <= best.1 => Some(best),
            _ => Some(next),
        });
    if let Some((heading, _)) = agreed {
        return without_site(&heading, site_name);
    }
    match stated.first() {
        Some(title) => agreed_part(title, hint).unwrap_or_else(|| without_site(title, site_name)),
        None => marked(head, MarkKind::Heading).next().unwrap_or_default(),
    }
}

/// The feed's headline, when the page's title is that and something set apart from it.
fn agreed_part(title: &str, hint: Option<&str>) -> Option<String> {
    let hint = plain(hint?);
    let rest = title.strip_prefix(&hint).or_else(|| title.strip_suffix(&hint))?;
    let is_apart = SEPARATORS
        .iter()
        .any(|separator| rest.starts_with(separator) || rest.ends_with(separator));
    (is_apart && words::size(&hint) >= 8.0).then_some(hint)
}

fn marked(head: &Head, kind: MarkKind) -> impl Iterator<Item = String> {
    head.marks
        .iter()
        .filter(move |mark| mark.kind == kind)
        .map(|mark| words::fold(&mark.text))
        .filter(|text| !text.is_empty())
}

/// Share of the words of the shorter text that the other has too, damped when the lengths are far apart.
pub(crate) fn likeness(left: &str, right: &str) -> f64 {
    let (left, right) = (words::words(left), words::words(right));
    let shorter = left.len().min(right.len());
    if shorter == 0 {
        return 0.0;
    }
    let common = left.iter().filter(|word| right.contains(word)).count().min(shorter);
    let lengths = shorter as f64 / left.len().max(right.len()) as f64;
    common as f64 / shorter as f64 * lengths.sqrt()
}

/// Cuts the name of the site from the end or the start of a title.
pub(crate) fn without_site(title: &str, site_name: Option<&str>) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = cut_once(title, site_name) else {
            break;
        };
        title = shorter;
    }
    title.to_owned()
}

fn cut_once<'a>(title: &'a str, site_name: Option<&str>) -> Option<&'a str> {
    let site = site_name.map(words::key).filter(|site| !site.is_empty());
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len())))
        .max()?;
    let (rest, last) = (title.get(..at)?.trim(), title.get(at + length..)?.trim());
    let last_key = words::key(last);
    let names_site = site
        .as_ref()
        .is_some_and(|site| last_key.contains(site) || (last_key.len() >= 3 && site.contains(&last_key)));
    // Without a name to compare: a short ending behind a bar is the site's. A dash stands within headlines as well,
    // so what is behind it must look like a name: every word with a capital, few of them.
    let ends_at_bar = title.get(at..at + length).is_some_and(is_bar);
    let count = last.split_whitespace().count();
    let ends_in_name = is_name(last);
    let rest_is_longer =
        words::size(rest) > 1.5 * words::size(last) && rest.split_whitespace().count() >= 3 || words::size(rest) > 30.0;
    if names_site && words::size(rest) >= 8.0
        || rest_is_longer && count <= 5 && (ends_at_bar || ends_in_name && count <= 4 && site.is_none())
    {
        return Some(rest);
    }
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| title.find(separator).map(|at| (at, separator.len())))
        .min()?;
    let (first, rest) = (title.get(..at)?.trim(), title.get(at + length..)?.trim());
    let is_site = site.as_ref().is_some_and(|site| words::key(first) == *site);
    // The same at the start, where it is rarer: a short name before a bar, and a longer headline behind it.
    let is_apart = site.is_none() && title.get(at..at + length).is_some_and(is_bar);
    let is_shorter = words::size(rest) > 1.5 * words::size(first) && rest.split_whitespace().count() >= 4;
    let is_prefix = is_apart && is_shorter && first.split_whitespace().count() <= 4 && is_name(first);
    (is_site && words::size(rest) >= 8.0 || is_prefix).then_some(rest)
}

fn is_bar(separator: &str) -> bool {
    separator.contains(['|', '｜', '»', '«', '_', '‹', '·', '•', '~']) || separator == " :: "
}

/// True for a few words that all begin with a capital.
fn is_name(text: &str) -> bool {
    text.split_whitespace()
        .all(|word| !word.starts_with(char::is_lowercase))
        && !words::ends_sentence(text)
}

#[cfg(test)]
mod tests {
    use super::without_site;

    #[test]
    fn the_name_of_the_site_goes() {
        let check = |title: &str, site: Option<&str>, expected: &str| {
            assert_eq!(without_site(title, site), expected, "{title}");
        };
        check(
            "Harbour opens after ten years - The Daily Tide",
            Some("The Daily Tide"),
            "Harbour opens after ten years",
        );
        check(
            "Harbour opens after ten years | News | Tide",
            None,
            "Harbour opens after ten years",
        );
        check("Daily Tide: x - y", None, "Daily Tide: x - y");
        check("Tide | Harbour opens at last", Some("Tide"), "Harbour opens at last");
        check(
            "The Ellery Ledger :: Harbour opens again after ten years",
            None,
            "Harbour opens again after ten years",
        );
        check("Harbour :: at last", None, "Harbour :: at last");
        check(
            "The harbour - a city waits for its ships",
            Some("Tide"),
            "The harbour - a city waits for its ships",
        );
    }
}
