//! Authors: people's names out of metadata and bylines.

use std::sync::LazyLock;

use regex::Regex;

use super::json_ld::{JsonLd, plain};
use crate::html::Head;
use crate::phrases::own_regex;
use crate::words;

/// Authors kept of one page.
const MAX_AUTHORS: usize = 12;

/// Words that open a byline, in the larger news languages.
static OPENING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)^(?:(?:written|reported|authored|posted|published|created|contributed) by|reporting by|story by|words by|text by|by|oleh|penulis|por|par|von|di|door|av|af|od|przez|írta|scris de|yazan|tekst|texto|texte|text|testo di|autor(?:zy|ka|a|e|in|en|es)?|autore|auteure?s?|authors?|escrito por|écrit par|scritto da|geschrieben von|reporter|editor|laporan|wartawan|автор(?:ы|и)?|текст|بقلم|كتب|作者|记者|記者|文|撰文|執筆|取材|기자|โดย|tác giả|bài)\b\s*[:：/|]?\s*|^(?:By|BY)[:\s]+",
    )
});
/// What stands between two names. The words for "and" count in small letters only: Dan is a name.
static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"\s*(?:,?\s(?:and|AND|und|y|et|dan|và|og|och|en|ve|и|e|with|for|oraz|ja)\s|[,;/|•·、，\n]|\s[-–—]\s|\s&\s)\s*",
    )
});
/// What is no person: desks, agencies, addresses, links.
static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)^(?:admin(?:istrator)?|staff|editor(?:ial)?s?|editor-in-chief|redaks[iy].*|redac.*|redak.*|reda[zç].*|webdesk|web desk|news ?desk|desk|team|guest|anonymous|unknown|contributors?|correspondents?|reporter|writer|author|none|null|undefined|n/a|agenc(?:y|ies|ia|ias)|redazione|la rédaction|newsroom|online|tim|internet|user|root|test|super user|published|updated|posted|share|follow|subscribe|privacy.*|terms.*|cookies?|contact.*|about|advertis.*|sponsored.*|partner content|press release|twitter|facebook|bluesky|mastodon|threads|instagram|linkedin|youtube|tiktok|whatsapp|telegram|email|comments?|minutes?|read more|(?:written|posted|published|reported)?\s?by|(?:more|about|view|see|all|posts|articles|stories|meet|follow)\s(?:about|by|from|all|posts|articles|stories|the|on)?\b.*|.*\b(?:staff|newsroom|newsdesk|desk|editors|team|agencies|correspondents|reporters|redaktion|redacción|rédaction|editorial|bureau|news agency|news service|contributor|administrator|webmaster)\b.*|.*\b(?:by|from|news|magazine|network|gazette|telegram|redazione|media|university|institute|association|foundation|platform)|(?:updated|edited|reviewed|words|insights) (?:by|from)\b.*|the\s.*|(?:hi|hello|dear|thanks|thank you)\b.*|(?:reuters|ap|afp|dpa|apa|sda|ansa|efe|lusa|ntb|tt|ritzau|bloomberg|(?:the )?associated press|(?:the )?canadian press|agence france-presse|press association|pa media|press trust of india|xinhua|tass|antara|pti|ians|ani|upi|cnn|bbc news|anadolu ajansı|deutsche presse-agentur|deutsche welle|nachrichten|powered by))$",
    )
});
/// What people do, where it stands behind their names.
static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)\b(?:director|manager|president|founder|co-founder|ceo|cto|cfo|cmo|chief|officer|editor|coordinator|specialist|attorney|lawyer|head of|lead|writer|reporter|correspondent|korrespondent(?:in)?|journalist(?:in|e)?|columnist|analyst|consultant|expert|engineer|producer|photographer|fotograf|strategist|author|scientist|researcher|redakteur(?:in)?|redacteur|redactor|journaliste|periodista|giornalista|jurnalis|wartawan|special to|ltd|llc|inc|gmbh|corp|company|university|institute|magazine|marketing|journalism|dpt|department)\b",
    )
});
/// What a line says of other people than the author, with all that follows.
static ANOTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"(?i)\b(?:(?:medically |fact[- ])?(?:reviewed|edited|checked|illustrated|photographed|translated) by|(?:photos?|photograph(?:s|y)?|pictures?|images?|illustrations?|videos?|graphics|additional reporting) (?:by|:)|fotos?:|foto \p{L}+:|as told to|for the)",
    )
});
/// When something happened to the story; the author may stand behind.
static DATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| own_regex(r"(?i)\b(?:published|updated|posted|created|modified)(?: on\b|:)"));
/// An agency behind a name without a mark between.
static AGENCY_END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r"\s(?:[Tt]he\s)?(?:Associated Press|Canadian Press|Press Association|PA Media|Reuters|AFP|dpa|Bloomberg News)$",
    )
});

/// Words for a reporter that stand behind the name, in languages that put them there.
const REPORTER: &[&str] = &["기자", "특파원", "記者", "记者"];

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// The authors that the page tells machines, and whether they are names rather than the names of accounts.
pub(crate) fn declared(head: &Head, json_ld: &JsonLd, site_names: &[String]) -> Vec<String> {
    let of_json_ld = people(&json_ld.authors, site_names);
    if !of_json_ld.is_empty() {
        return of_json_ld;
    }
    [
        "author",
        "article:author",
        "parsely-author",
        "dc.creator",
        "dcterms.creator",
        "dc.contributor",
        "sailthru.author",
        "byl",
        "article:author_name",
        "twitter:data1",
        "cxenseparse:author",
        "citation_author",
    ]
    .iter()
    .map(|name| {
        let texts: Vec<String> = head
            .metas_of(name)
            .filter(|text| !text.contains("://") && !text.contains("min read"))
            .map(plain)
            .collect();
        people(&texts, site_names)
    })
    .find(|people| !people.is_empty())
    .unwrap_or_default()
}

/// Chooses between what machines are told, what readers see, and what the feed says. Programs tell the name of an
/// account where readers see the name of a person.
pub(crate) fn choose(
    declared: Vec<String>,
    bylines: &[String],
    site_names: &[String],
    hints: &[String],
) -> Vec<String> {
    let is_account = |names: &[String]| matches!(names, [name] if name.is_ascii() && !name.contains(' '));
    if declared.is_empty() || is_account(&declared) {
        let seen = people(bylines, site_names);
        let is_better = if declared.is_empty() {
            !seen.is_empty()
        } else {
            seen.iter().any(|name| name.contains(' '))
        };
        if is_better {
            return seen;
        }
    }
    if declared.is_empty() {
        people(hints, site_names)
    } else {
        declared
    }
}

/// The people named in these texts, in order, each once. `site_names` are those of the site and its publisher.
pub(crate) fn people(texts: &[String], site_names: &[String]) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for text in texts.iter().filter(|text| text.len() <= 400) {
        for name in names(&without_opening(text)) {
            let is_new = !people.iter().any(|known| words::key(known) == words::key(&name));
            if is_person(&name, site_names) && is_new && people.len() < MAX_AUTHORS {
                people.push(name);
            }
        }
    }
    without_longer(&people)
}

/// Names without those that are another one and something glued to it: a role, a paper.
fn without_longer(people: &[String]) -> Vec<String> {
    let is_longer = |name: &String| {
        let is_part = |other: &String| {
            other.len() < name.len()
                && other.contains(' ')
                && (name.starts_with(other.as_str()) || name.ends_with(other.as_str()))
        };
        people.iter().any(is_part)
    };
    people.iter().filter(|name| !is_longer(name)).cloned().collect()
}

/// The pieces of a byline that can be names: what stands behind a name and a comma is mostly a role, a place or a
/// company.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let Some(between) = BETWEEN.as_ref() else {
        return names;
    };
    let (mut start, mut is_listed, mut is_role) = (0, false, false);
    let ends = between
        .find_iter(text)
        .map(|found| (found.start(), found.end()))
        .chain([(text.len(), text.len())]);
    for (end, next) in ends {
        let piece = bare(text.get(start..end).unwrap_or_default());
        let is_single = piece.is_ascii() && !piece.contains(' ');
        // Behind a comma a single word is a place, a degree or an agency.
        let is_behind = is_listed && !names.is_empty() && (is_single || is_role);
        if matches(&ROLE, &piece) {
            is_role = true;
        } else if !is_behind && !piece.is_empty() {
            is_role = false;
            names.push(piece);
        }
        let separator = text.get(end..next).unwrap_or_default();
        if separator.trim() == "for" {
            break;
        }
        is_listed = separator.trim().starts_with(',') && separator.trim().len() == 1
            || separator.contains(['|', '–', '—', '-']);
        start = next;
    }
    names
}

/// A piece of a byline without brackets, agencies and marks around it.
fn bare(piece: &str) -> String {
    // Initials and roles in brackets are no part of the name.
    let name = piece
        .split(['(', '（', '['])
        .next()
        .unwrap_or_default()
        .trim_matches(|character: char| !character.is_alphanumeric() && character != '.')
        .trim();
    let name = REPORTER
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
        .trim();
    let agency = AGENCY_END.as_ref().and_then(|end| end.find(name));
    let name = agency.and_then(|agency| name.get(..agency.start())).unwrap_or(name);
    name.to_owned()
}

/// What follows the opening of a byline; empty when the line is nothing else. None when it doesn't open one.
pub(crate) fn opens_byline(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(found) = OPENING.as_ref().and_then(|opening| opening.find(line)) {
        return line.get(found.end()..).map(str::trim);
    }
    glued(line)
}

/// Whether a line names somebody who is not the author.
pub(crate) fn names_another(line: &str) -> bool {
    ANOTHER
        .as_ref()
        .and_then(|another| another.find(line))
        .is_some_and(|found| found.start() == 0)
}

/// Markup without blanks glues the opening to the name.
fn glued(line: &str) -> Option<&str> {
    line.strip_prefix("By")
        .or_else(|| line.strip_prefix("by"))
        .filter(|rest| rest.starts_with(char::is_uppercase))
}

/// A byline without its opening words, and without what it says of others.
fn without_opening(text: &str) -> String {
    let mut text = words::fold(text);
    if let Some(found) = ANOTHER.as_ref().and_then(|another| another.find(&text)) {
        text.truncate(found.start());
    }
    if let Some(found) = DATED.as_ref().and_then(|dated| dated.find(&text)) {
        let by = text.find(" by ").filter(|_| found.start() == 0);
        match by.and_then(|by| text.get(by + 1..)).map(str::to_owned) {
            Some(rest) => text = rest,
            None => text.truncate(found.start()),
        }
    }
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
    glued(&text).map(str::to_owned).unwrap_or(text)
}

/// Whether a text can be the name of a person: a few words with capitals (in scripts that have them), no digits.
pub(crate) fn is_person(name: &str, site_names: &[String]) -> bool {
    let size = name.chars().count();
    let count = name.split_whitespace().count();
    let is_marked =
        |character: char| character.is_numeric() || matches!(character, '@' | '/' | '#' | '©' | '!' | '?' | ':' | '=');
    let is_letters = count == 1 && name.is_ascii() && size < 4;
    if !(2..=50).contains(&size) || count > 6 || is_letters || name.chars().any(is_marked) || is_address(name) {
        return false;
    }
    let key = words::key(name);
    let key = key.strip_prefix("the").unwrap_or(&key);
    if site_names
        .iter()
        .any(|site| site == key || site.len() >= 8 && key.starts_with(site.as_str()))
        || matches(&NOBODY, name)
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

/// Whether a text is the name of a host.
fn is_address(name: &str) -> bool {
    !name.contains(' ')
        && name.rsplit_once('.').is_some_and(|(host, end)| {
            host.len() >= 2 && end.len() >= 2 && end.bytes().all(|byte| byte.is_ascii_lowercase())
        })
}

/// What names of a site are compared by.
pub(crate) fn site_key(name: &str) -> String {
    let key = words::key(name);
    key.strip_prefix("the").map(str::to_owned).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::{choose, people};

    #[test]
    fn bylines_give_people() {
        let check = |byline: &str, expected: &[&str]| {
            assert_eq!(
                people(&[byline.to_owned()], &["dailytide".to_owned()]),
                expected,
                "{byline}"
            );
        };
        check("By Ana Lim and Budi Santoso", &["Ana Lim", "Budi Santoso"]);
        check("Oleh: Siti Rahma", &["Siti Rahma"]);
        check("Von Karl Ernst und Eva Maier", &["Karl Ernst", "Eva Maier"]);
        check("Ana Lim, Staff Writer", &["Ana Lim"]);
        check("Daily Tide", &[]);
        check("The Daily Tide", &[]);
        check("Dan Ross", &["Dan Ross"]);
        check("ByAna Lim", &["Ana Lim"]);
        check("Eva Maier (em), Karl Ernst (ke)", &["Eva Maier", "Karl Ernst"]);
        check("admin", &[]);
        check("news@tide.example", &[]);
        check("tide.example", &[]);
        check("Автор: Иван Петров", &["Иван Петров"]);
        check("记者：王小明", &["王小明"]);
        check("Écrit par Anne Roy et Luc Petit", &["Anne Roy", "Luc Petit"]);
    }

    #[test]
    fn roles_places_and_companies_are_nobody() {
        let check = |byline: &str, expected: &[&str]| {
            assert_eq!(people(&[byline.to_owned()], &[]), expected, "{byline}");
        };
        check("Ana Lim, Sr. Director of Ferries, Harbour Lines", &["Ana Lim"]);
        check("Ana Lim, Chief Pilot and Head of Harbours", &["Ana Lim"]);
        check(
            "Ana Lim, reporter, and Budi Santoso, editor",
            &["Ana Lim", "Budi Santoso"],
        );
        check("Von Eva Maier, Frankfurt", &["Eva Maier"]);
        check("Ana Lim, VMD, DACVB; Budi Santoso, BA", &["Ana Lim", "Budi Santoso"]);
        check("Ana Lim | WBEZ", &["Ana Lim"]);
        check("Ana Lim The Associated Press", &["Ana Lim"]);
        check("Ana Lim, Associated Press", &["Ana Lim"]);
        check("By Ana Lim Reviewed by Budi Santoso", &["Ana Lim"]);
        check("Posted on 17 February 2016 by Ana Lim", &["Ana Lim"]);
        check("By Ana Lim Updated: 17 February 2016", &["Ana Lim"]);
        check("Written by", &[]);
        check("Ana Lim for the Daily Tide", &["Ana Lim"]);
        check("More about Ana Lim", &[]);
        check("Sponsored", &[]);
        check("Bluesky", &[]);
        check("신현주 기자", &["신현주"]);
        check("byHarbour News", &[]);
        check("Insights from | Ana Lim", &["Ana Lim"]);
        check("Ana Lim Ellery Courier-Post | Ana Lim", &["Ana Lim"]);
        check("Sat", &[]);
    }

    #[test]
    fn a_person_that_readers_see_wins_over_an_account() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let check = |declared: &[&str], bylines: &[&str], expected: &[&str]| {
            let found = choose(names(declared), &names(bylines), &[], &names(&["Rosa Feed"]));
            assert_eq!(found, expected, "{declared:?} {bylines:?}");
        };
        check(&["AnaL"], &["By Ana Lim"], &["Ana Lim"]);
        check(&["AnaL"], &["By admin"], &["AnaL"]);
        check(&["Budi Santoso"], &["By Ana Lim"], &["Budi Santoso"]);
        check(&[], &["By Ana Lim"], &["Ana Lim"]);
        check(&[], &[], &["Rosa Feed"]);
    }
}
