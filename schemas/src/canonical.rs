//! One spelling for one address: the rules by which URLs of the same article become the same text.
//!
//! The rules live here and not in the fetcher because the article's id is a hash of the result, so they are part of
//! the contract: they change in releases only. They join spellings that the URL standard or common practice make
//! equal and nothing else; a query parameter that could select another article stays.

use url::{Host, Url};

/// A text that cannot name a page: no http or https URL, or no host.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidUrl {
    /// The text is no absolute URL by the WHATWG URL standard.
    #[error("not an absolute URL")]
    Malformed,
    /// The URL's scheme is neither http nor https.
    #[error("scheme {0:?} is not http or https")]
    Scheme(String),
}

/// Parameters that say how a reader came to a page, never which page it is.
const TRACKING: &[&str] = &[
    "__s",
    "__twitter_impression",
    "_branch_match_id",
    "_branch_referrer",
    "_cldee",
    "_ga",
    "_gl",
    "_ke",
    "_kx",
    "_openstat",
    "action_object_map",
    "action_ref_map",
    "action_type_map",
    "campaign_id",
    "cmp",
    "cmpid",
    "cvid",
    "cxrecs_s",
    "dclid",
    "dm_i",
    "ef_id",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbadid",
    "fbclid",
    "feedname",
    "feedtype",
    "ftag",
    "gbraid",
    "gclid",
    "gclsrc",
    "gs_l",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hss_channel",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "intcmp",
    "ito",
    "li_fat_id",
    "lipi",
    "mbid",
    "mc_cid",
    "mc_eid",
    "mc_tc",
    "mibextid",
    "mkt_tok",
    "mkwid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "msockid",
    "ncid",
    "nr_email_referer",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "partner",
    "pcrid",
    "rb_clickid",
    "rdid",
    "ref_map",
    "ref_src",
    "ref_url",
    "s_cid",
    "s_kwcid",
    "scm",
    "sfmc_id",
    "share_source",
    "sharetoken",
    "smid",
    "sms_ss",
    "smtyp",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "srsltid",
    "taid",
    "tblci",
    "tduid",
    "trk",
    "trkcampaign",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "vgo_ee",
    "wbraid",
    "wickedid",
    "wprov",
    "xing_share",
    "xtor",
    "xtref",
    "yclid",
    "ysclid",
    "zanpid",
];

/// Families of such parameters, by the start of the name.
const TRACKING_PREFIXES: &[&str] = &[
    "utm_",
    "hsa_",
    "pk_",
    "mtm_",
    "piwik_",
    "matomo_",
    "_hs",
    "__hs",
    "itm_",
    "stm_",
    "ns_",
    "at_",
    "wt_",
    "wt.",
    "cm_mmc",
    "sc_c",
    "trk_",
    "bsft_",
    "elq",
    "gad_",
    "vero_",
    "_bta_",
    "ga_source",
    "ga_medium",
    "ga_campaign",
];

/// Parameters that name an article on one site and a way of coming on another. They go when their value says which of
/// the two it is: a channel, such as `rss` or `twitter_share`.
const AMBIGUOUS: &[&str] = &[
    "camp", "campaign", "cid", "cm", "from", "mod", "origin", "ref", "refer", "referer", "referrer", "source", "src",
    "via", "xid",
];

/// Words that name a channel.
const CHANNELS: &[&str] = &[
    "atom",
    "bluesky",
    "email",
    "facebook",
    "fb",
    "feed",
    "feedburner",
    "feeds",
    "flipboard",
    "googlenews",
    "instagram",
    "linkedin",
    "mail",
    "newsletter",
    "reddit",
    "rss",
    "rss2",
    "share",
    "social",
    "socialflow",
    "telegram",
    "twitter",
    "twsrc",
    "whatsapp",
];

/// The canonical spelling of `text`: scheme and host in lower case, default port, credentials, fragment and tracking
/// parameters gone, dots in the path resolved, percent escapes in one form, no dot after the host, remaining
/// parameters in their order (sites exist that read them by place).
///
/// # Errors
/// When the text is no absolute http or https URL.
pub fn canonical_url(text: &str) -> Result<String, InvalidUrl> {
    let mut url = Url::parse(text.trim()).map_err(|_| InvalidUrl::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidUrl::Scheme(url.scheme().chars().take(32).collect()));
    }
    url.set_fragment(None);
    // Setting these fails only for URLs without a host, and http URLs always have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let host = url.host_str().map(|host| host.trim_end_matches('.').to_owned());
    // `127.0..` is a name that nobody has; without its dots it would be an address.
    if let Some(host) = host.filter(|host| matches!(Host::parse(host), Ok(Host::Domain(_)))) {
        let _ = url.set_host(Some(&host));
    }
    let path = normalise_escapes(url.path());
    url.set_path(&path);
    let query = url.query().and_then(kept_query);
    url.set_query(query.as_deref());
    Ok(url.into())
}

/// The host of `text` with its port when it is not the scheme's own, in lower case: the unit of politeness.
#[must_use]
pub fn host_of(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

fn kept_query(query: &str) -> Option<String> {
    let kept: Vec<String> = query
        .split('&')
        .map(normalise_escapes)
        .filter(|pair| !pair.is_empty() && !is_tracking(pair))
        .collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let channel = value
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    TRACKING.contains(&name.as_str())
        || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || (AMBIGUOUS.contains(&name.as_str()) && CHANNELS.contains(&channel))
}

/// Percent escapes in upper case, and those of unreserved characters resolved (RFC 3986, section 6.2.2).
fn normalise_escapes(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    while let Some(found) = bytes[rest..].iter().position(|byte| *byte == b'%') {
        let at = rest + found;
        out.push_str(&text[rest..at]);
        let escape = bytes
            .get(at + 1..at + 3)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if is_unreserved(byte) && !completes_an_escape(&out, byte) => out.push(char::from(byte)),
            Some(byte) => out.push_str(&format!("%{byte:02X}")),
            None => {
                out.push('%');
                rest = at + 1;
                continue;
            }
        }
        rest = at + 3;
    }
    out.push_str(&text[rest..]);
    out
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Whether `byte` behind `before` would make an escape of a percent sign that is none, and so another address.
fn completes_an_escape(before: &str, byte: u8) -> bool {
    let open = match before.as_bytes() {
        [.., b'%'] => true,
        [.., b'%', digit] => digit.is_ascii_hexdigit(),
        _ => false,
    };
    open && byte.is_ascii_hexdigit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_the_spellings_of_one_address() {
        let check = |text: &str, expected: &str| assert_eq!(canonical_url(text).as_deref(), Ok(expected), "{text}");
        check("HTTPS://News.Example.ORG:443/a", "https://news.example.org/a");
        check("https://example.org./a", "https://example.org/a");
        check("https://user:secret@example.org/a", "https://example.org/a");
        check("https://example.org/a/./b/../c#part", "https://example.org/a/c");
        check(
            "https://example.org/%7ejo%2fx?q=%e4",
            "https://example.org/~jo%2Fx?q=%E4",
        );
        check(
            "https://example.org/a?utm_source=rss&id=7&fbclid=z",
            "https://example.org/a?id=7",
        );
        check("https://example.org/a?utm_source=rss", "https://example.org/a");
        check(
            "https://example.org/a?cid=rss&ref=twitter_share&CMP=x",
            "https://example.org/a",
        );
        check("https://example.org/100%", "https://example.org/100%");
        check(" https://example.org/a\n", "https://example.org/a");
    }

    #[test]
    fn keeps_what_may_select_another_article() {
        let check = |one: &str, other: &str| assert_ne!(canonical_url(one), canonical_url(other));
        check("https://example.org/?p=1", "https://example.org/?p=2");
        check("https://example.org/?cid=1", "https://example.org/?cid=2");
        check("https://example.org/?source=one", "https://example.org/?source=two");
        check("https://example.org/A", "https://example.org/a");
        check("https://example.org/a?x=1&y=2", "https://example.org/a?y=2&x=1");
        check("https://example.org:8443/a", "https://example.org/a");
    }

    #[test]
    fn refuses_what_names_no_page() {
        for text in [
            "",
            "news",
            "/a",
            "mailto:a@example.org",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(canonical_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn is_its_own_canonical_form() {
        for text in [
            "https://example.org/%7ejo?utm_a=1&b=%2f",
            "http://EXAMPLE.org/x/../y",
            "https://example.org/?%75tm_source=x",
            "https://127.0../a",
        ] {
            let once = canonical_url(text).unwrap();
            assert_eq!(canonical_url(&once).unwrap(), once);
        }
    }
}
