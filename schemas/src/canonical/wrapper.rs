//! Addresses around an address: links that a redirector counts, and copies in AMP caches.
//!
//! Only those are taken off whose inner address stands in the text, so no two articles can become one.

use url::Url;

/// A longer address is left as it is: each layer is a copy of the rest.
const BYTES_MAX: usize = 8 * 1024;

/// A redirector: its host (that one exactly, or with `*.` any below), its path, and the parameter with the address.
struct Redirector(&'static str, &'static str, &'static [&'static str]);

const REDIRECTORS: &[Redirector] = &[
    Redirector("l.facebook.com", "/l.php", &["u"]),
    Redirector("lm.facebook.com", "/l.php", &["u"]),
    Redirector("www.facebook.com", "/l.php", &["u"]),
    Redirector("m.facebook.com", "/l.php", &["u"]),
    Redirector("www.facebook.com", "/flx/warn/", &["u"]),
    Redirector("l.messenger.com", "/l.php", &["u"]),
    Redirector("l.instagram.com", "/", &["u"]),
    Redirector("l.threads.net", "/", &["u"]),
    Redirector("l.threads.com", "/", &["u"]),
    Redirector("l.workplace.com", "/l.php", &["u"]),
    Redirector("l.wl.co", "/l", &["u"]),
    Redirector("out.reddit.com", "", &["url"]),
    Redirector("t.umblr.com", "/redirect", &["z"]),
    Redirector("www.youtube.com", "/redirect", &["q"]),
    Redirector("www.linkedin.com", "/redir/redirect", &["url"]),
    Redirector("www.linkedin.com", "/safety/go", &["url"]),
    Redirector("vk.com", "/away.php", &["to"]),
    Redirector("away.vk.com", "/away.php", &["to"]),
    Redirector("slack-redir.net", "/link", &["url"]),
    Redirector("duckduckgo.com", "/l/", &["uddg"]),
    Redirector("www.bing.com", "/news/apiclick.aspx", &["url"]),
    Redirector("steamcommunity.com", "/linkfilter/", &["url", "u"]),
    Redirector("link.zhihu.com", "/", &["target"]),
    Redirector("*.safelinks.protection.outlook.com", "", &["url"]),
];

/// The address that `url` only wraps.
pub(super) fn unwrapped(url: &Url) -> Option<Url> {
    if BYTES_MAX < url.as_str().len() {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.');
    let inner = of_redirector(url, host).or_else(|| of_amp_cache(url, host))?;
    let is_page = matches!(inner.scheme(), "http" | "https") && inner.host_str().is_some_and(|host| host.contains('.'));
    (is_page && inner.as_str().len() < url.as_str().len()).then_some(inner)
}

fn of_redirector(url: &Url, host: &str) -> Option<Url> {
    let names: &[&str] = match is_google(host) && matches!(url.path(), "/url" | "/imgres") {
        true => &["url", "q"],
        false => {
            let fits = |row: &&Redirector| {
                let is_host = match row.0.strip_prefix('*') {
                    Some(end) => host.ends_with(end),
                    None => host == row.0,
                };
                is_host && (row.1.is_empty() || url.path() == row.1)
            };
            REDIRECTORS.iter().find(fits)?.2
        }
    };
    let value = names
        .iter()
        .find_map(|name| url.query_pairs().find(|(key, _)| key == name))?
        .1;
    Url::parse(&value).ok()
}

/// `www.google.com`, `news.google.co.uk`.
fn is_google(host: &str) -> bool {
    let end = ["www.google.", "news.google.", "google."]
        .iter()
        .find_map(|start| host.strip_prefix(start));
    end.is_some_and(|end| end.len() <= 6 && !end.is_empty() && end.split('.').count() <= 2)
}

/// Google's AMP viewer (`www.google.com/amp/s/HOST/PATH`) and the AMP caches (`HOST.cdn.ampproject.org/c/s/HOST/PATH`,
/// the same with `v` or `wp` for `c`; `/s/` says https).
fn of_amp_cache(url: &Url, host: &str) -> Option<Url> {
    let path = url.path();
    let rest = match host == "cdn.ampproject.org"
        || host.ends_with(".cdn.ampproject.org")
        || host.ends_with(".bing-amp.com")
    {
        true => ["/c/", "/v/", "/wp/"]
            .iter()
            .find_map(|start| path.strip_prefix(start))?,
        false if is_google(host) => path.strip_prefix("/amp/")?,
        false => return None,
    };
    let (scheme, rest) = match rest.strip_prefix("s/") {
        Some(rest) => ("https", rest),
        None => ("http", rest),
    };
    if !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    Url::parse(&format!("{scheme}://{rest}{query}")).ok()
}
