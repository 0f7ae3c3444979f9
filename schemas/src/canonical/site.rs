//! Which hosts belong to one publisher: the registrable domain of a host.
//!
//! A cut by the forms that public suffixes have, not by the whole list of them (which changes weekly, and with which
//! ids would change too). Where it errs it takes one site for two, never two for one, except under suffixes that
//! nobody publishes news under.

/// Second labels under which countries register names: `co.uk`, `com.au`, `or.jp`.
const SECOND_LABELS: &[&str] = &[
    "ab",
    "ac",
    "ad",
    "asn",
    "asso",
    "bc",
    "biz",
    "co",
    "com",
    "conf",
    "cri",
    "ed",
    "edu",
    "ens",
    "firm",
    "gc",
    "ge",
    "geek",
    "gen",
    "go",
    "gob",
    "gos",
    "gouv",
    "gov",
    "govt",
    "gr",
    "gub",
    "gv",
    "health",
    "id",
    "idf",
    "inc",
    "ind",
    "info",
    "int",
    "iwi",
    "jor",
    "k12",
    "kiwi",
    "lg",
    "ltd",
    "maori",
    "mb",
    "me",
    "med",
    "mil",
    "mod",
    "msk",
    "muni",
    "my",
    "name",
    "nb",
    "ne",
    "net",
    "nf",
    "nhs",
    "nic",
    "nl",
    "nom",
    "ns",
    "nt",
    "nu",
    "od",
    "off",
    "on",
    "or",
    "org",
    "parliament",
    "pe",
    "pl",
    "plc",
    "police",
    "pp",
    "press",
    "presse",
    "pri",
    "pro",
    "pub",
    "qc",
    "re",
    "res",
    "rec",
    "sc",
    "sch",
    "school",
    "sk",
    "spb",
    "store",
    "tm",
    "tv",
    "web",
    "yk",
];

/// Names under which everybody can have a site of their own.
const SHARED_HOSTS: &[&str] = &[
    "altervista.org",
    "appspot.com",
    "azurewebsites.net",
    "blog.hu",
    "blogspot.com",
    "canalblog.com",
    "cloudfront.net",
    "fly.dev",
    "github.io",
    "gitlab.io",
    "hatenablog.com",
    "hatenablog.jp",
    "hatenadiary.com",
    "herokuapp.com",
    "hubpages.com",
    "livejournal.com",
    "medium.com",
    "netlify.app",
    "over-blog.com",
    "pages.dev",
    "pantheonsite.io",
    "s3.amazonaws.com",
    "squarespace.com",
    "substack.com",
    "tistory.com",
    "tumblr.com",
    "typepad.com",
    "vercel.app",
    "web.app",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
];

/// The registrable domain of `host`: `news.paper.co.uk` and `m.paper.co.uk` are both `paper.co.uk`. An address, or a
/// host that is itself a public suffix, is a site of its own.
#[must_use]
pub fn site_of(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_address = host.starts_with('[') || host.rsplit('.').next().is_some_and(|last| last.parse::<u8>().is_ok());
    match is_address {
        true => host,
        false => last_labels(host, suffix_labels(host) + 1),
    }
}

/// True when somebody can own `host`: it is more than a public suffix.
pub(super) fn is_registrable(host: &str) -> bool {
    suffix_labels(host) < host.split('.').count()
}

/// How many labels at the end of `host` are a public suffix.
fn suffix_labels(host: &str) -> usize {
    let is_below = |name: &&&str| host == **name || host.strip_suffix(**name).is_some_and(|rest| rest.ends_with('.'));
    if let Some(shared) = SHARED_HOSTS.iter().find(is_below) {
        return shared.split('.').count();
    }
    let mut labels = host.rsplit('.');
    let (last, second) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
    let is_country = last.len() == 2;
    // blogspot.co.uk and its like.
    let blog_of_country = 1 + usize::from(SECOND_LABELS.contains(&second));
    if is_country && last_labels(host, blog_of_country + 1).starts_with("blogspot.") {
        return blog_of_country + 1;
    }
    match is_country && SECOND_LABELS.contains(&second) {
        true => 2,
        false => 1,
    }
}

fn last_labels(host: &str, count: usize) -> &str {
    let start = host
        .rmatch_indices('.')
        .nth(count.saturating_sub(1))
        .map_or(0, |(at, _)| at + 1);
    host.get(start..).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_what_one_publisher_can_own() {
        for (host, site) in [
            ("www.paper.org", "paper.org"),
            ("m.taz.de", "taz.de"),
            ("paper.org", "paper.org"),
            ("amp.news.paper.co.uk", "paper.co.uk"),
            ("www.abc.net.au", "abc.net.au"),
            ("www.nhk.or.jp", "nhk.or.jp"),
            ("gazette.gov.pl", "gazette.gov.pl"),
            ("jo.substack.com", "jo.substack.com"),
            ("www.jo.wordpress.com", "jo.wordpress.com"),
            ("jo.blogspot.co.uk", "jo.blogspot.co.uk"),
            ("jo.blogspot.de", "jo.blogspot.de"),
            ("co.uk", "co.uk"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(site_of(host), site, "{host}");
        }
        assert!(!is_registrable("org") && !is_registrable("co.uk") && !is_registrable("substack.com"));
        assert!(is_registrable("paper.co.uk"));
    }
}
