//! What a page says about its use: robots directives, text-and-data-mining reservations, opt-outs, paywalls.

use schemas::article::Rights;

use crate::html::Head;

/// Robots directives kept of one page.
const MAX_DIRECTIVES: usize = 30;

/// Reads the rights of a page. `headers` are values of `X-Robots-Tag`, `is_free` is JSON-LD's `isAccessibleForFree`.
pub(crate) fn read(head: &Head, headers: &[String], is_free: Option<bool>) -> Rights {
    let mut rights = Rights::default();
    let metas = head.metas_of("robots").chain(head.metas_of("googlebot"));
    for directive in metas
        .chain(headers.iter().map(String::as_str))
        .flat_map(|list| list.split(','))
    {
        let directive = directive.trim().to_lowercase();
        if !directive.is_empty() && !rights.robots.contains(&directive) && rights.robots.len() < MAX_DIRECTIVES {
            rights.robots.push(directive.chars().take(80).collect());
        }
    }
    rights.noarchive = rights
        .robots
        .iter()
        .any(|directive| directive.ends_with("noarchive") || directive.ends_with("nocache"));
    // TDM Reservation Protocol, W3C community group report of 2024: 1 reserves, 0 does not.
    rights.tdm_reserved = head.meta_of(&["tdm-reservation"]) == Some("1");
    let opt_outs = ["noai", "noimageai", "noml"];
    rights.ai_opt_outs = rights
        .robots
        .iter()
        .filter(|directive| opt_outs.iter().any(|known| directive.ends_with(known)))
        .cloned()
        .collect();
    let tier = head
        .meta_of(&["article:content_tier", "og:article:content_tier"])
        .unwrap_or_default();
    rights.paywall = is_free == Some(false) || matches!(tier, "locked" | "metered");
    rights
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::html::Head;

    #[test]
    fn reservations_are_reported() {
        let metas = [
            ("robots", "index, NOARCHIVE,noai"),
            ("tdm-reservation", "1"),
            ("article:content_tier", "locked"),
        ];
        let metas = metas
            .iter()
            .map(|(name, content)| ((*name).to_owned(), (*content).to_owned()))
            .collect();
        let rights = read(
            &Head {
                metas,
                ..Head::default()
            },
            &["nosnippet".to_owned()],
            None,
        );
        assert_eq!(rights.robots, ["index", "noarchive", "noai", "nosnippet"]);
        assert!(rights.noarchive && rights.tdm_reserved && rights.paywall);
        assert_eq!(rights.ai_opt_outs, ["noai"]);
    }
}
