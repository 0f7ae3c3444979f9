//! The headline: which of the candidates it is, without the name of the site.

use super::json_ld::{JsonLd, plain};
use super::people;
use crate::html::{Cue, Head, MarkKind};
use crate::words;

/// What parts a headline from the name of a site in `title`.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ~ ", "｜", " ‹ ", " > ", "_", "|", "：",
    ": ", "－",
];

/// Weighted characters of the longest name of a site: scripts without blanks have no words to count.
const MAX_NAME: f32 = 45.0;

/// What is known of the site that a title may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    /// Its names, as names are compared.
    pub(crate) names: &'a [String],
    /// The page states one of them; else all that is known is the address.
    pub(crate) is_stated: bool,
}

/// Chooses the headline. The heading on the page wins when the metadata agrees that it is one, or when it is the only
/// one and can be nothing else, because that is what readers see; metadata titles are often written for search engines.
pub(crate) fn choose(head: &Head, json_ld: &JsonLd, site: Site<'_>, hint: Option<&str>) -> String {
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
    let is_site = |text: &str| {
        site.names.iter().any(|name| *name == people::site_key(text))
            || stated.iter().any(|title| ends_apart(title, text))
    };
    let headings: Vec<String> = marked(head, MarkKind::Headline, &stated)
        .chain(marked(head, MarkKind::Heading, &stated))
        .filter(|heading| heading.chars().count() >= 5 && !heading.ends_with([':', '：']) && !is_site(heading))
        .collect();
    let agreed = headings
        .iter()
        .map(|heading| {
            let alike = stated.iter().map(|title| likeness(heading, title)).fold(0.0, f64::max);
            (heading, alike)
        })
        .filter(|(_, likeness)| *likeness >= 0.5)
        .fold(None, |best: Option<(&String, f64)>, next| match best {
            Some(best) if next.1 <= best.1 => Some(best),
            _ => Some(next),
        });
    let heading = agreed.map(|(heading, _)| heading).or_else(|| only(head, &headings));
    if let Some(heading) = heading {
        let cut = without_site(heading, site);
        return without_kicker(&cut, &stated, site).unwrap_or(cut);
    }
    match stated.first() {
        Some(title) => agreed_part(title, hint).unwrap_or_else(|| without_site(title, site)),
        None => marked(head, MarkKind::Heading, &stated).next().unwrap_or_default(),
    }
}

/// Whether a title ends with a text that is set apart from something longer, as the name of a site is.
fn ends_apart(title: &str, end: &str) -> bool {
    title.strip_suffix(end).is_some_and(|rest| {
        words::size(rest) > 1.5 * words::size(end) && SEPARATORS.iter().any(|separator| rest.ends_with(separator))
    })
}

/// The only first-level heading of a page, when it is a sentence rather than the name of a section.
fn only<'a>(head: &Head, headings: &'a [String]) -> Option<&'a String> {
    let [heading] = headings else { return None };
    let is_alone = head.marks.iter().filter(|mark| mark.kind == MarkKind::Heading).count() == 1;
    let is_elsewhere = head.marks.iter().any(|mark| {
        mark.kind == MarkKind::Heading
            && [Cue::Related, Cue::Nav, Cue::Footer]
                .into_iter()
                .any(|cue| mark.has(cue))
    });
    (is_alone && !is_elsewhere && words::words(heading).len() >= 4 && words::size(heading) >= 20.0).then_some(heading)
}

/// The headline in a heading that starts with something else: the name of a section or a series that metadata leaves
/// out. What ends in a colon is a part of the headline.
fn without_kicker(heading: &str, stated: &[String], site: Site<'_>) -> Option<String> {
    let whole = words::key(heading);
    let titles = || stated.iter().map(|title| without_site(title, site));
    // Metadata has the marks that a heading in several lines has not.
    if let Some(same) = titles().find(|title| words::key(title) == whole) {
        return (same.contains([':', '：']) && !heading.contains([':', '：'])).then_some(same);
    }
    titles().find(|title| {
        let Some(kicker) = heading.strip_suffix(title.as_str()) else {
            return false;
        };
        let kicker = kicker.trim();
        !kicker.is_empty()
            && !kicker.ends_with([':', '：'])
            && kicker.split_whitespace().count() <= 5
            && words::size(kicker) <= 40.0
            && words::size(title) >= 15.0
            && words::words(title).len() >= 3
    })
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

/// The texts of headings, without the lines above the headline that stand inside of some. Where metadata has such a
/// line as a part of the headline, it is one.
fn marked<'a>(head: &'a Head, kind: MarkKind, stated: &'a [String]) -> impl Iterator<Item = String> + 'a {
    head.marks
        .iter()
        .enumerate()
        .filter(move |(_, mark)| mark.kind == kind)
        .map(move |(index, mark)| {
            let text = words::fold(&mark.text);
            let kickers = head.marks.iter().skip(index + 1);
            kickers
                .take_while(|mark| mark.kind == MarkKind::Kicker)
                .fold(text, |text, kicker| {
                    let kicker = words::fold(&kicker.text);
                    let key = words::key(&kicker);
                    let is_stated = stated.iter().any(|title| words::key(title).starts_with(&key));
                    match text.strip_prefix(&kicker) {
                        Some(rest) if !is_stated && words::size(rest) >= 10.0 => {
                            rest.trim_start_matches(is_parting).to_owned()
                        }
                        _ => text,
                    }
                })
        })
        .filter(|text| !text.is_empty())
}

/// What may part a headline from the line above it.
fn is_parting(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '–' | '—' | '|' | '/' | ':' | '•' | '·' | '+')
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

/// Cuts the name of the site from the end or the start of a title. `site_names` are as names are compared.
pub(crate) fn without_site(title: &str, site: Site<'_>) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = cut_end(title, site).or_else(|| cut_start(title, site)) else {
            break;
        };
        title = shorter;
    }
    title.to_owned()
}

fn cut_end<'a>(title: &'a str, site: Site<'_>) -> Option<&'a str> {
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len())))
        .max()?;
    let (rest, last) = (title.get(..at)?.trim(), title.get(at + length..)?.trim());
    let last_key = people::site_key(last);
    let names_site = site
        .names
        .iter()
        .any(|name| last_key.contains(name) || (last_key.len() >= 3 && name.contains(&last_key)));
    if title
        .get(at..at + length)
        .is_some_and(|separator| separator.contains([':', '：']))
    {
        // A colon stands within headlines: what is behind it must be the name and nothing else.
        let is_name = site.names.contains(&last_key);
        return (is_name && words::size(rest) >= 8.0).then_some(rest);
    }
    // Without a name to compare: a short ending behind a bar is the site's. A dash stands within headlines as well,
    // so what is behind it must look like a name: every word with a capital, few of them.
    let ends_at_bar = title.get(at..at + length).is_some_and(is_bar);
    let count = last.split_whitespace().count();
    let rest_is_longer =
        words::size(rest) > 1.5 * words::size(last) && rest.split_whitespace().count() >= 3 || words::size(rest) > 30.0;
    let is_cut = names_site && words::size(rest) >= 8.0
        || rest_is_longer
            && count <= 5
            && words::size(last) <= MAX_NAME
            && (ends_at_bar || is_name(last) && count <= 4 && !site.is_stated);
    is_cut.then_some(rest)
}

fn cut_start<'a>(title: &'a str, site: Site<'_>) -> Option<&'a str> {
    let (at, length) = SEPARATORS
        .iter()
        .filter_map(|separator| title.find(separator).map(|at| (at, separator.len())))
        .min()?;
    let (first, rest) = (title.get(..at)?.trim(), title.get(at + length..)?.trim());
    let is_site = site.names.contains(&people::site_key(first));
    // The same at the start, where it is rarer: a short name before a bar, and a longer headline behind it.
    let is_apart = !site.is_stated && title.get(at..at + length).is_some_and(is_bar);
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
    use super::super::people::site_key;
    use super::{Site, without_site};

    #[test]
    fn the_name_of_the_site_goes() {
        let check = |title: &str, site: Option<&str>, expected: &str| {
            let names: Vec<String> = site.map(site_key).into_iter().collect();
            let site = Site {
                names: &names,
                is_stated: site.is_some(),
            };
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
        check(
            "港のフェリーが十年ぶりに出た：潮新聞",
            Some("潮新聞"),
            "港のフェリーが十年ぶりに出た",
        );
        check(
            "Harbour opens at last: the mayor speaks",
            Some("The Tide"),
            "Harbour opens at last: the mayor speaks",
        );
        check("Tide | Harbour opens at last", Some("Tide"), "Harbour opens at last");
        let long = "港のフェリーが十年ぶりに出た日に町の人々が集まって祝った－その後の長い一日を記者が港で見つめ、島の人々の話を聞いた";
        check(long, None, long);
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
