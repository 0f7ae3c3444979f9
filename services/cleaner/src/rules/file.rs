//! The file of rules: read, checked, and refused with the place of the mistake.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scraper::Selector;
use serde::Deserialize;
use toml::Spanned;

use super::{Key, Rule, RuleSelector, hosts_above};

/// Rules in one file.
const MAX_RULES: usize = 20_000;
/// Selectors that may concern one host: all of them are tried on each of its pages.
const MAX_SELECTORS: usize = 64;
/// Of those, selectors that can cost the square of a page's elements.
const MAX_DEAR: usize = 8;
/// Bytes of one selector.
const MAX_SELECTOR: usize = 300;

/// Why a file of rules can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRules {
    /// The number of the rule, from 1; 0 when the mistake stands before the first.
    pub rule: usize,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, with the key.
    pub detail: String,
}

impl std::fmt::Display for InvalidRules {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.rule {
            0 => write!(formatter, "line {}: {}", self.line, self.detail),
            rule => write!(formatter, "rule {rule} (line {}): {}", self.line, self.detail),
        }
    }
}

impl std::error::Error for InvalidRules {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<Raw>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    host: String,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    cut: Vec<String>,
    title: Option<String>,
    note: Option<String>,
    expires: Option<String>,
}

pub(super) fn parse(text: &str) -> Result<Vec<Rule>, InvalidRules> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let above = text.lines().take(line);
        InvalidRules {
            rule: above.filter(|line| line.trim_start().starts_with("[[rule]]")).count(),
            line,
            detail: error.message().to_owned(),
        }
    })?;
    if file.rule.len() > MAX_RULES {
        return Err(InvalidRules {
            rule: 0,
            line: 1,
            detail: format!("{} rules are too many; the limit is {MAX_RULES}", file.rule.len()),
        });
    }
    let mut lines = Vec::with_capacity(file.rule.len());
    let mut rules = Vec::with_capacity(file.rule.len());
    let (mut line, mut at) = (1, 0);
    for (index, raw) in file.rule.into_iter().enumerate() {
        let start = raw.span().start.max(at);
        line += text.get(at..start).unwrap_or_default().matches('\n').count();
        at = start;
        let rule = rule(index, raw.into_inner()).map_err(|detail| InvalidRules {
            rule: index + 1,
            line,
            detail,
        })?;
        rules.push(rule);
        lines.push(line);
    }
    match too_many(&rules) {
        Some((index, detail)) => Err(InvalidRules {
            rule: index + 1,
            line: lines.get(index).copied().unwrap_or(1),
            detail,
        }),
        None => Ok(rules),
    }
}

fn rule(index: usize, raw: Raw) -> Result<Rule, String> {
    let keyed = |key: Key, texts: Vec<String>| texts.into_iter().map(move |text| (key, text));
    let selectors = keyed(Key::Keep, raw.keep)
        .chain(keyed(Key::Cut, raw.cut))
        .chain(keyed(Key::Title, raw.title.into_iter().collect()))
        .map(|(key, text)| selector(key, text))
        .collect::<Result<Vec<_>, _>>()?;
    if selectors.is_empty() {
        return Err("a rule needs keep, cut or title".to_owned());
    }
    let expires = raw.expires.map(|text| match text.parse::<Date>() {
        Ok(day) if text.len() == 10 => Ok(day),
        _ => Err(format!("expires: {text:?} is no day such as \"2026-12-31\"")),
    });
    Ok(Rule {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        host: host(&raw.host)?,
        note: raw.note,
        expires: expires.transpose()?,
        selectors,
    })
}

/// The host in lower case, when it is one.
fn host(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let parsed = url::Url::parse(&format!("http://{lower}/"));
    let parsed = parsed.ok().and_then(|url| url.host_str().map(str::to_owned));
    match parsed {
        Some(host) if host == lower && !host.contains('*') => Ok(lower),
        _ => Err(format!(
            "host: {text:?} is no host name, in ASCII form and without port"
        )),
    }
}

fn selector(key: Key, text: String) -> Result<RuleSelector, String> {
    let name = key.as_str();
    if text.len() > MAX_SELECTOR {
        return Err(format!(
            "{name}: a selector of {} bytes; the limit is {MAX_SELECTOR}",
            text.len()
        ));
    }
    match Selector::parse(&text) {
        Ok(selector) => Ok(RuleSelector {
            key,
            is_dear: is_dear(&text),
            selector,
            text,
        }),
        Err(error) => Err(format!("{name}: {text:?} is no CSS selector: {error}")),
    }
}

/// Whether matching can look at all siblings of each element, or at all that is below it.
fn is_dear(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let later_sibling = lower.replace("~=", "").contains('~');
    later_sibling
        || [":has(", ":nth-last", "of-type", ":nth-child"]
            .iter()
            .any(|dear| lower.contains(dear))
}

/// The first rule by which a host has more selectors than are tried on a page.
fn too_many(rules: &[Rule]) -> Option<(usize, String)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for rule in rules {
        let dear = rule.selectors.iter().filter(|selector| selector.is_dear).count();
        let (all, dears) = counts.entry(&rule.host).or_default();
        *all += rule.selectors.len();
        *dears += dear;
    }
    rules.iter().enumerate().find_map(|(index, rule)| {
        let above = hosts_above(&rule.host).filter_map(|host| counts.get(host));
        let (all, dears) = above.fold((0, 0), |(all, dears), count| (all + count.0, dears + count.1));
        let detail = if all > MAX_SELECTORS {
            format!(
                "host: {all} selectors concern {}; the limit is {MAX_SELECTORS}",
                rule.host
            )
        } else if dears > MAX_DEAR {
            format!(
                "host: {dears} selectors with ~, :has or :nth concern {}; the limit is {MAX_DEAR}",
                rule.host
            )
        } else {
            return None;
        };
        Some((index, detail))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Rules;

    const GOOD: &str = "[[rule]]\nhost = \"a.example\"\ncut = [\"p\"]\n";

    fn check(text: &str, place: &str, words: &str) {
        let error = Rules::parse(text).unwrap_err().to_string();
        assert!(error.starts_with(place) && error.contains(words), "{text}\n{error}");
    }

    #[test]
    fn a_mistake_is_named_with_its_rule_and_key() {
        let after = |text: &str| format!("{GOOD}[[rule]]\n{text}\n");
        check("[[rule\n", "line 1", "");
        check(&after("host = 'b.example'\nkeeps = []"), "rule 2 (line 6)", "keeps");
        check(&after("cut = ['p']"), "rule 2 (line 4)", "host");
        check(&after("host = 'b.example'"), "rule 2 (line 4)", "keep, cut or title");
        check(
            &after("host = 'b.example'\ntitle = ['h1']"),
            "rule 2 (line 6)",
            "string",
        );
        for (key, words) in [
            ("cut = ['div[']", "cut: \"div[\""),
            ("keep = ['p::before']", "keep: \"p::before\""),
            ("title = ''", "title: \"\""),
            ("cut = ['p']\nexpires = '2026-02-30'", "expires: \"2026-02-30\""),
        ] {
            check(&after(&format!("host = 'b.example'\n{key}")), "rule 2 (line 4)", words);
        }
        for host in ["http://a.example", "*", "a.example:80", ""] {
            check(&GOOD.replace("a.example", host), "rule 1 (line 1)", "host name");
        }
    }

    #[test]
    fn what_would_hold_pages_up_is_refused() {
        let long = GOOD.replace("\"p\"", &format!("\"{}\"", "a ".repeat(400)));
        check(&long, "rule 1", "cut: a selector of 800 bytes");
        let many = GOOD.replace("\"p\"", &"\"p\",".repeat(40));
        let below = many.replace("a.example", "b.a.example").repeat(2);
        check(&format!("{GOOD}{below}"), "rule 2", "81 selectors");
        check(&many.replace("\"p\"", "\"p ~ a\""), "rule 1", "40 selectors with ~");
        check(&GOOD.repeat(20_001), "line 1", "20001 rules");
    }

    #[test]
    fn ten_thousand_rules_are_read() {
        let text: String = (0..10_000)
            .map(|index| format!("[[rule]]\nhost = \"h{index}.example\"\ncut = [\"p.x{index}\"]\n"))
            .collect();
        let rules = Rules::parse(&text).unwrap();
        assert_eq!(rules.all().len(), 10_000);
        assert_eq!(rules.of("https://www.h77.example/a").len(), 1);
        assert_eq!(rules.of("https://h77.example.org/a").len(), 0);
    }
}
