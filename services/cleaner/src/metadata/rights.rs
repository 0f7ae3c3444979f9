//! What is known about the use of a page: robots directives, text-and-data-mining reservations, opt-outs, paywalls.
//!
//! For a mining reservation the word nearest to the article counts: the page's own `meta`, then the response's header,
//! then the site's file. Opt-outs add up, wherever they stand.

use schemas::article::Rights;
use url::Url;

use crate::extracted::Known;
use crate::html::Head;

/// Robots directives kept of one page.
const MAX_DIRECTIVES: usize = 30;

/// Opt-outs kept of one page and its site.
const MAX_OPT_OUTS: usize = 100;

/// Characters kept of one directive.
const MAX_CHARACTERS: usize = 80;

/// Directives against machine learning.
const OPT_OUTS: [&str; 3] = ["noai", "noimageai", "noml"];

/// Directives that have a value behind a colon, so that what stands before it is no name of a crawler.
const WITH_VALUES: [&str; 4] = [
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "unavailable_after",
];

/// Reads the rights of the page at `base`. `is_free` is JSON-LD's `isAccessibleForFree`.
pub(crate) fn read(head: &Head, known: &Known, is_free: Option<bool>, base: Option<&Url>) -> Rights {
    let mut rights = Rights::default();
    let own_name = Some(known.product_token.as_str()).filter(|name| !name.is_empty());
    let names = ["robots", "googlebot", "googlebot-news"].into_iter().chain(own_name);
    for list in names.flat_map(|name| head.metas_of(name)) {
        add(&mut rights, list);
    }
    for list in &known.robots_headers {
        add(&mut rights, list);
    }
    rights.noarchive = rights.robots.iter().any(|directive| {
        let bare = bare(directive);
        matches!(bare, "noarchive" | "nocache" | "none")
    });
    let page_says = match head.meta_of(&["tdm-reservation"]).map(str::trim) {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => None,
    };
    let page_policy = head.meta_of(&["tdm-policy"]).and_then(|policy| absolute(policy, base));
    // A policy goes with the reservation that it was stated with.
    let (reserved, policy) = match page_says {
        Some(reserved) => (reserved, page_policy),
        None => (known.rights.tdm_reserved == Some(true), known.rights.tdm_policy.clone()),
    };
    rights.tdm_reserved = reserved;
    rights.tdm_policy = policy;
    let own = rights
        .robots
        .iter()
        .filter(|directive| OPT_OUTS.contains(&bare(directive)));
    let mut opt_outs: Vec<String> = own.cloned().collect();
    for refused in &known.rights.ai_opt_outs {
        if !opt_outs.contains(refused) && opt_outs.len() < MAX_OPT_OUTS {
            opt_outs.push(refused.clone());
        }
    }
    rights.ai_opt_outs = opt_outs;
    let tier = head
        .meta_of(&["article:content_tier", "og:article:content_tier"])
        .unwrap_or_default();
    rights.paywall = is_free == Some(false) || matches!(tier, "locked" | "metered");
    rights
}

/// Adds the directives of one list, in lower case. Those behind the name of a crawler (`googlebot: noindex, noai`)
/// keep the name in front, each of them. A date has commas of its own and ends the list.
fn add(rights: &mut Rights, list: &str) {
    let list = list.to_lowercase();
    let mut crawler = "";
    let mut rest = list.as_str();
    while !rest.is_empty() {
        let is_date = rest.trim_start().starts_with("unavailable_after");
        let (mut directive, left) = match is_date {
            true => (rest, ""),
            false => rest.split_once(',').unwrap_or((rest, "")),
        };
        rest = left;
        if let Some((name, behind)) = directive.split_once(':')
            && !WITH_VALUES.contains(&name.trim())
        {
            crawler = name.trim();
            directive = behind;
            if directive.trim_start().starts_with("unavailable_after") && !rest.is_empty() {
                // Its date was cut in two with the list.
                let start = list.len() - rest.len() - 1 - directive.len();
                (directive, rest) = (&list[start..], "");
            }
        }
        let directive = directive.trim();
        let named = match crawler {
            "" => directive.to_owned(),
            crawler => format!("{crawler}: {directive}"),
        };
        let named: String = named.chars().take(MAX_CHARACTERS).collect();
        if !directive.is_empty() && !rights.robots.contains(&named) && rights.robots.len() < MAX_DIRECTIVES {
            rights.robots.push(named);
        }
    }
}

/// A directive without the crawler that it is for.
fn bare(directive: &str) -> &str {
    match directive.split_once(": ") {
        Some((name, bare)) if !WITH_VALUES.contains(&name) => bare,
        _ => directive,
    }
}

fn absolute(policy: &str, base: Option<&Url>) -> Option<String> {
    let policy = policy.trim();
    let url = Url::parse(policy).ok().or_else(|| base?.join(policy).ok())?;
    let is_kept = !policy.is_empty() && matches!(url.scheme(), "http" | "https") && url.as_str().len() <= 2_000;
    is_kept.then(|| url.into())
}

#[cfg(test)]
mod tests {
    use schemas::fetched::FetchedRights;

    use super::*;

    fn read_page(metas: &[(&str, &str)], known: &Known) -> Rights {
        let metas = metas
            .iter()
            .map(|(name, content)| ((*name).to_owned(), (*content).to_owned()));
        let head = Head {
            metas: metas.collect(),
            ..Head::default()
        };
        read(&head, known, None, Url::parse("https://paper.example/a").ok().as_ref())
    }

    fn header(value: &str) -> Known {
        Known {
            robots_headers: vec![value.to_owned()],
            product_token: "newsbot".to_owned(),
            ..Known::default()
        }
    }

    #[test]
    fn reservations_are_reported() {
        let metas = [
            ("robots", "index, NOARCHIVE,noai"),
            ("newsbot", "nosnippet"),
            ("otherbot", "noindex"),
            ("tdm-reservation", "1"),
            ("tdm-policy", "/tdm.json"),
            ("article:content_tier", "locked"),
        ];
        let rights = read_page(&metas, &header("nofollow"));
        assert_eq!(rights.robots, ["index", "noarchive", "noai", "nosnippet", "nofollow"]);
        assert!(rights.noarchive && rights.tdm_reserved && rights.paywall);
        assert_eq!(rights.tdm_policy.as_deref(), Some("https://paper.example/tdm.json"));
        assert_eq!(rights.ai_opt_outs, ["noai"]);
    }

    #[test]
    fn a_header_may_name_crawlers_and_dates() {
        let check = |value: &str, expected: &[&str]| {
            assert_eq!(read_page(&[], &header(value)).robots, expected, "{value}");
        };
        check("GoogleBot: noindex, noai", &["googlebot: noindex", "googlebot: noai"]);
        check(
            "noarchive, unavailable_after: Wed, 25 Jun 2027 15:00:00 GMT",
            &["noarchive", "unavailable_after: wed, 25 jun 2027 15:00:00 gmt"],
        );
        check(
            "googlebot: unavailable_after: Wed, 25 Jun 2027 15:00:00 GMT",
            &["googlebot: unavailable_after: wed, 25 jun 2027 15:00:00 gmt"],
        );
        check(
            "max-snippet:-1, max-image-preview: large",
            &["max-snippet:-1", "max-image-preview: large"],
        );
        check(" , ,", &[]);
        assert!(read_page(&[], &header("googlebot: noarchive")).noarchive);
        assert_eq!(read_page(&[], &header("x: noai")).ai_opt_outs, ["x: noai"]);
    }

    #[test]
    fn the_word_nearest_to_the_article_counts_for_mining_and_all_count_as_opt_outs() {
        let known = |reserved| Known {
            rights: FetchedRights {
                ai_opt_outs: vec!["GPTBot".to_owned(), "noai".to_owned()],
                tdm_reserved: reserved,
                tdm_policy: Some("https://rights.example/p".to_owned()),
            },
            ..Known::default()
        };
        let rights = read_page(&[("robots", "noai")], &known(Some(true)));
        assert_eq!(rights.ai_opt_outs, ["noai", "GPTBot"]);
        assert_eq!(rights.tdm_policy.as_deref(), Some("https://rights.example/p"));
        assert!(rights.tdm_reserved);
        let rights = read_page(&[("tdm-reservation", "0")], &known(Some(true)));
        assert_eq!((rights.tdm_reserved, rights.tdm_policy), (false, None));
        assert!(read_page(&[("tdm-reservation", "1")], &known(Some(false))).tdm_reserved);
        assert!(!read_page(&[("tdm-reservation", "2")], &known(None)).tdm_reserved);
    }
}
