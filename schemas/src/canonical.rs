//! One spelling for one address: the rules by which URLs of the same article become the same text.
//!
//! The rules live here and not in the fetcher because the article's id is a hash of the result, so they are part of
//! the contract: the built-in ones change in releases only, and an operator who changes [`Rules`] of his own gives
//! the articles that they touch new ids. They join spellings that the URL standard or common practice make equal and
//! nothing else; a query parameter that could select another article stays.
//!
//! What stays apart although it is mostly the same article, because sites say it better themselves (rel=canonical,
//! redirects) or their operator in a rules file: http and https, `www.` and not, `m.` and mobile hosts, a slash at
//! the end, `index.html`, the order of parameters (sites exist that read them by place).

use url::{Host, Url};

mod escapes;
pub mod rules;
pub mod site;
mod tracking;
mod wrapper;

use escapes::normalised;
use rules::{Dropped, HostRules, Rules};

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

/// How often all rules are tried on one address after the first time.
const PASSES_MAX: usize = 8;

/// The canonical spelling of `text` by the built-in rules: scheme and host in lower case, default port, credentials,
/// fragment and tracking and session parameters gone, dots in the path resolved, percent escapes in one form, no dot
/// after the host, AMP forms of pages and links over redirectors led back to the page, remaining parameters in their
/// order.
///
/// # Errors
/// When the text is no absolute http or https URL.
pub fn canonical_url(text: &str) -> Result<String, InvalidUrl> {
    Rules::default().canonical_url(text)
}

impl Rules {
    /// The canonical spelling of `text` by these rules and the built-in ones.
    ///
    /// # Errors
    /// When the text is no absolute http or https URL.
    pub fn canonical_url(&self, text: &str) -> Result<String, InvalidUrl> {
        let mut canonical = self.reduced(text)?;
        // What one rule takes away can make another fit. Each takes away, so this ends early.
        for _ in 0..PASSES_MAX {
            let again = self.reduced(&canonical)?;
            if again == canonical {
                break;
            }
            canonical = again;
        }
        Ok(canonical)
    }

    fn reduced(&self, text: &str) -> Result<String, InvalidUrl> {
        let mut url = Url::parse(text.trim()).map_err(|_| InvalidUrl::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidUrl::Scheme(url.scheme().chars().take(32).collect()));
        }
        while let Some(inner) = wrapper::unwrapped(&url) {
            url = inner;
        }
        // Setting these fails only for URLs without a host, and http URLs always have one.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        set_host(&mut url, self);
        let host_rules = self.of_host(url.host_str().unwrap_or_default());
        if host_rules.https && url.port().is_none() {
            let _ = url.set_scheme("https");
        }
        let path = canonical_path(url.path(), &host_rules);
        url.set_path(&path);
        let query = url.query().and_then(|query| kept_query(query, &host_rules));
        url.set_query(query.as_deref());
        let fragment = url
            .fragment()
            .and_then(|fragment| kept_fragment(fragment, url.path(), &host_rules));
        url.set_fragment(fragment.as_deref());
        Ok(url.into())
    }
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

/// The host without dots behind it, without an `amp.` in front, under the name that an operator gives it.
fn set_host(url: &mut Url, rules: &Rules) {
    let Some(Host::Domain(host)) = url.host() else {
        return;
    };
    let mut host = host.trim_end_matches('.').to_owned();
    while let Some(rest) = host.strip_prefix("amp.").filter(|rest| site::is_registrable(rest)) {
        host = rest.to_owned();
    }
    let host = rules.alias_of(&host).unwrap_or(&host);
    // `127.0..` is a name that nobody has; without its dots it would be an address.
    if matches!(Host::parse(host), Ok(Host::Domain(_))) {
        let _ = url.set_host(Some(host));
    }
}

/// Dots are resolved by the parser. Slashes that a base's end and a path's start put side by side are one.
fn canonical_path(path: &str, rules: &HostRules<'_>) -> String {
    let mut path = normalised(path);
    loop {
        let before = path.len();
        path = format!("/{}", path.trim_start_matches('/'));
        path = without_session(&path);
        path = without_amp(path);
        path = rules.without_suffix(path);
        if path.len() == before {
            return path;
        }
    }
}

/// A session in the path: `;jsessionid=…` of servlets, `/(S(…))/` of ASP.NET.
fn without_session(path: &str) -> String {
    let segments = path
        .split('/')
        .filter(|segment| !(segment.starts_with("(S(") && segment.ends_with("))")));
    let segments = segments.map(|segment| {
        let session = segment.to_ascii_lowercase().find(";jsessionid=");
        let end = session.map(|at| {
            at + segment
                .get(at + 1..)
                .and_then(|rest| rest.find(';'))
                .map_or(segment.len() - at, |next| next + 1)
        });
        match (session, end) {
            (Some(at), Some(end)) => format!("{}{}", &segment[..at], &segment[end..]),
            _ => segment.to_owned(),
        }
    });
    segments.collect::<Vec<String>>().join("/")
}

/// The path of the page whose AMP form `path` is: `/amp` in front or behind, `.amp` behind. Only where what is left
/// looks like an article's own path, because a section may be called so.
fn without_amp(path: String) -> String {
    let (stem, slash) = path.strip_suffix('/').map_or((path.as_str(), ""), |stem| (stem, "/"));
    let behind = stem
        .strip_suffix("/amp")
        .or_else(|| stem.strip_suffix(".amp"))
        .map(|stem| format!("{stem}{slash}"));
    let html = path.strip_suffix(".amp.html").map(|stem| format!("{stem}.html"));
    let front = path.strip_prefix("/amp/").map(|rest| format!("/{rest}"));
    let plain = behind.or(html).or(front).filter(|plain| names_an_article(plain));
    plain.unwrap_or(path)
}

/// True when the last part of `path` has the form of an article's name rather than of a section's.
fn names_an_article(path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let has_mark = last
        .bytes()
        .any(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.' | b'%'));
    has_mark && !last.starts_with("index.")
}

fn kept_query(query: &str, rules: &HostRules<'_>) -> Option<String> {
    let is_kept = |pair: &String| match rules.drops(pair.split('=').next().unwrap_or(pair)) {
        Dropped::Yes => false,
        Dropped::No => true,
        Dropped::Unsaid => !pair.is_empty() && !tracking::is_tracking(pair),
    };
    // What an HTML escape left behind that was not resolved is no part of a name.
    let pairs = query
        .split('&')
        .map(|pair| normalised(pair).trim_start_matches("amp;").to_owned());
    let kept: Vec<String> = pairs.filter(is_kept).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// A fragment names a place in a page, but on pages that a script fills it is the address (`#!/story/7`, `#/story/7`).
/// Such pages have no article in their path.
fn kept_fragment(fragment: &str, path: &str, rules: &HostRules<'_>) -> Option<String> {
    let fragment = normalised(fragment);
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    let route = fragment.strip_prefix('!').unwrap_or(fragment);
    let is_route = fragment.starts_with(['!', '/']) && route.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_kept = match rules.keep_fragment {
        Some(keep) => keep && !fragment.is_empty(),
        None => is_route && !names_an_article(path),
    };
    is_kept.then(|| fragment.to_owned())
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
        check(
            "https://example.org/a?utm%5Fsource=rss&amp;id=7&amp;fbclid=z",
            "https://example.org/a?id=7",
        );
        check("https://example.org//a//b", "https://example.org/a//b");
        check(
            "https://example.org/a?PHPSESSID=9&s=0123456789abcdef0123456789ab",
            "https://example.org/a",
        );
        check(
            "https://example.org/a;jsessionid=4F2;v=2?x=1",
            "https://example.org/a;v=2?x=1",
        );
        check(
            "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx",
            "https://example.org/a.aspx",
        );
        check("https://example.org/a#:~:text=storm", "https://example.org/a");
        check(
            "https://example.org/#!/story/7:~:text=a",
            "https://example.org/#!/story/7",
        );
        check("https://example.org/100%", "https://example.org/100%");
        check(" https://example.org/a\n", "https://example.org/a");
    }

    #[test]
    fn leads_amp_forms_and_redirectors_back_to_the_page() {
        let plain = "https://paper.example/politics/vote-2026";
        for text in [
            "https://paper.example/politics/vote-2026/amp",
            "https://amp.paper.example/politics/vote-2026",
            "https://paper.example/amp/politics/vote-2026",
            "https://paper.example/politics/vote-2026.amp",
            "https://paper.example/politics/vote-2026?amp",
            "https://paper.example/politics/vote-2026?outputType=amp&utm_source=x",
            "https://paper-example.cdn.ampproject.org/c/s/paper.example/politics/vote-2026?amp_js_v=0.1&usqp=a",
            "https://www.google.com/amp/s/paper.example/politics/vote-2026",
            "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fpaper.example%2Fpolitics%2Fvote-2026&usg=x",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fpolitics%2Fvote-2026%3Ffbclid%3Da&h=b",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Famp.paper.example%2Fpolitics%2Fvote-2026%2Famp",
        ] {
            assert_eq!(canonical_url(text).as_deref(), Ok(plain), "{text}");
        }
        for text in [
            "https://paper.example/music/amp",
            "https://amp.example/",
            "https://amp.co.uk/a-1",
            "https://www.google.com/url?q=nowhere",
            "https://l.facebook.com/l.php?u=javascript:alert(1)",
        ] {
            assert_eq!(canonical_url(text).as_deref(), Ok(text), "{text}");
        }
        assert_eq!(
            canonical_url("https://paper.example/a-1.amp.html").as_deref(),
            Ok("https://paper.example/a-1.html")
        );
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
        check("https://example.org/?sid=7", "https://example.org/?sid=8");
        check("https://example.org/#!/story/7", "https://example.org/#!/story/8");
        check("https://example.org/view=1?view=print", "https://example.org/view=1");
        check("https://example.org/a;id=1", "https://example.org/a;id=2");
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
        for text in ["https://example.org/%7ejo?utm_a=1&b=%2f", "http://EXAMPLE.org/x/../y"] {
            let once = canonical_url(text).unwrap();
            assert_eq!(canonical_url(&once).unwrap(), once);
        }
    }
}
