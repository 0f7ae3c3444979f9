//! Authors: people's names out of metadata and bylines.

use std::sync::LazyLock;

use regex::Regex;

use super::json_ld::{JsonLd, plain};
use crate::html::{Head, MarkKind};
use crate::phrases::own_regex;
use crate::words;

/// Authors kept of one page.
const MAX_AUTHORS: usize = 12;

/// Words that open a byline, in the larger news languages.
static OPENING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)^(?:written by|reported by|reporting by|story by|words by|text by|posted by|published by|by|oleh|penulis|por|par|von|di|door|av|af|tekst|texto|texte|text|autor(?:a|e|in)?|auteur|author|escrito por|reporter|editor|laporan|автор|текст|بقلم|كتب|作者|记者|記者|文|撰文|โดย|tác giả)\b\s*[:：/|]?\s*|^(?:By|BY)[:\s]+",
    )
});
/// What stands between two names. The words for "and" count in small letters only: Dan is a name.
static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"\s*(?:[,;/|•·、，\n]|\s[-–—]\s|\s&\s|\s(?:and|AND|und|y|et|dan|và|og|och|en|ve|и|e|with|for|oraz|ja)\s)\s*",
    )
});
/// What is no person: desks, roles, agencies, addresses.
static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)^(?:admin(?:istrator)?|staff|editor(?:ial)?s?|editor-in-chief|redaks[iy].*|redac.*|redak.*|reda[zç].*|webdesk|web desk|news ?desk|desk|team|guest|anonymous|unknown|contributors?|correspondents?|reporter|writer|author|none|null|undefined|n/a|agenc(?:y|ies|ia|ias)|redazione|la rédaction|newsroom|online|tim|internet|user|root|test|super user|published|updated|posted|share|follow|twitter|facebook|email|comments?|.*\b(?:staff|newsroom|desk|editors|team|agencies|correspondent|correspondents|reporters|redaktion|redacción|rédaction|editorial|bureau|news agency|reporter|senior writer|staff writer)\b.*|(?:reuters|ap|afp|dpa|ansa|efe|bloomberg|associated press|the associated press|agence france-presse|press association|pa media|xinhua|tass|antara|pti|ians|ani|upi|cnn|bbc news))$",
    )
});

/// Chooses the authors: the first source that names a person wins.
pub(crate) fn choose(head: &Head, json_ld: &JsonLd, site_name: Option<&str>, hints: &[String]) -> Vec<String> {
    let metas: Vec<String> = [
        "author",
        "article:author",
        "parsely-author",
        "dc.creator",
        "dcterms.creator",
        "sailthru.author",
        "byl",
        "article:author_name",
        "twitter:data1",
        "cxenseparse:author",
    ]
    .iter()
    .flat_map(|name| head.metas_of(name))
    .map(plain)
    .filter(|text| !text.contains(':') && !text.contains("min read") && !text.contains("://"))
    .collect();
    let marked = |kind: MarkKind| -> Vec<String> {
        head.marks
            .iter()
            .filter(|mark| mark.kind == kind)
            .take(8)
            .map(|mark| {
                mark.value
                    .clone()
                    .filter(|_| mark.text.trim().is_empty())
                    .unwrap_or_else(|| words::fold(&mark.text))
            })
            .collect()
    };
    let first_byline: Vec<String> = marked(MarkKind::Byline)
        .into_iter()
        .filter(|text| words::size(text) < 80.0)
        .collect();
    let one_of = |texts: Vec<String>| texts.into_iter().take(1).collect::<Vec<_>>();
    let sources = [
        json_ld.authors.clone(),
        one_of(metas),
        marked(MarkKind::Author),
        one_of(first_byline),
        hints.to_vec(),
    ];
    sources
        .into_iter()
        .map(|texts| people(&texts, site_name))
        .find(|people| !people.is_empty())
        .unwrap_or_default()
}

/// The people named in these texts, in order, each once.
pub(crate) fn people(texts: &[String], site_name: Option<&str>) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for text in texts.iter().filter(|text| text.len() <= 400) {
        let Some(between) = BETWEEN.as_ref() else { break };
        for name in between.split(&without_opening(text)) {
            // Initials and roles in brackets are no part of the name.
            let name = name
                .split(['(', '（', '['])
                .next()
                .unwrap_or_default()
                .trim_matches(|character: char| !character.is_alphanumeric() && character != '.')
                .trim();
            let is_new = !people.iter().any(|known| words::key(known) == words::key(name));
            if is_person(name, site_name) && is_new && people.len() < MAX_AUTHORS {
                people.push(name.to_owned());
            }
        }
    }
    people
}

/// A byline without its opening words.
fn without_opening(text: &str) -> String {
    let mut text = words::fold(text);
    for _ in 0..2 {
        let Some(found) = OPENING.as_ref().and_then(|opening| opening.find(&text)) else {
            break;
        };
        let rest = text.get(found.end()..).unwrap_or_default().trim_start().to_owned();
        if rest.is_empty() {
            break;
        }
        text = rest;
    }
    // Markup without blanks glues the opening to the name.
    let glued = text
        .strip_prefix("By")
        .filter(|rest| rest.starts_with(char::is_uppercase));
    glued.map(str::to_owned).unwrap_or(text)
}

/// Whether a text can be the name of a person: a few words with capitals (in scripts that have them), no digits.
pub(crate) fn is_person(name: &str, site_name: Option<&str>) -> bool {
    let size = name.chars().count();
    let count = name.split_whitespace().count();
    if !(2..=50).contains(&size)
        || count > 6
        || name
            .chars()
            .any(|character| character.is_numeric() || matches!(character, '@' | '/' | '#' | '©' | '!' | '?' | ':'))
    {
        return false;
    }
    if site_name.is_some_and(|site| words::key(site) == words::key(name))
        || NOBODY.as_ref().is_some_and(|nobody| nobody.is_match(name))
    {
        return false;
    }
    let is_cased = name
        .chars()
        .any(|character| character.is_lowercase() || character.is_uppercase());
    let capitals = name
        .split_whitespace()
        .filter(|word| {
            word.chars()
                .find(|character| character.is_alphabetic())
                .is_some_and(|character| !character.is_lowercase())
        })
        .count();
    !is_cased || capitals > 0 && capitals * 2 >= count
}

#[cfg(test)]
mod tests {
    use super::people;

    #[test]
    fn bylines_give_people() {
        let check = |byline: &str, expected: &[&str]| {
            assert_eq!(people(&[byline.to_owned()], Some("Daily Tide")), expected, "{byline}");
        };
        check("By Ana Lim and Budi Santoso", &["Ana Lim", "Budi Santoso"]);
        check("Oleh: Siti Rahma", &["Siti Rahma"]);
        check("Von Karl Ernst und Eva Maier", &["Karl Ernst", "Eva Maier"]);
        check("Ana Lim, Staff Writer", &["Ana Lim"]);
        check("Daily Tide", &[]);
        check("Dan Ross", &["Dan Ross"]);
        check("ByAna Lim", &["Ana Lim"]);
        check("Eva Maier (em), Karl Ernst (ke)", &["Eva Maier", "Karl Ernst"]);
        check("admin", &[]);
        check("news@tide.example", &[]);
        check("Автор: Иван Петров", &["Иван Петров"]);
        check("记者：王小明", &["王小明"]);
    }
}
