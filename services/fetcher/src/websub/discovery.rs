//! Which hub speaks for a feed, and under which name (WebSub, section 4).

use super::link_header;

/// Hubs of one feed that are remembered.
const HUBS_MAX: usize = 5;

/// A longer address of a hub or a topic is not believed, in bytes.
const ADDRESS_BYTES_MAX: usize = 2_048;

/// What a feed says about its hubs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advertised {
    /// Its hubs, the preferred one first; at least one.
    pub hubs: Vec<String>,
    /// The name under which the hubs know it.
    pub topic: String,
}

/// Links that stand in the feed itself, absolute, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Embedded<'a> {
    /// Links with the relation `hub`.
    pub hubs: &'a [String],
    /// The link with the relation `self`.
    pub own: Option<&'a str>,
}

/// What a feed's response says about its hubs, `link_headers` being the values of its Link headers; `None` when it
/// names none.
///
/// Each relation is taken from the Link headers of the response, and from the feed where the headers do not have it.
/// A feed without `self` is known by `url`, the address that answered: the Recommendation asks publishers for one, but
/// hubs know the feeds of those who left it out under nothing else.
#[must_use]
pub fn advertised<'a>(
    link_headers: impl Iterator<Item = &'a str>,
    embedded: Embedded<'_>,
    url: &str,
) -> Option<Advertised> {
    let links: Vec<link_header::Link> = link_headers
        .flat_map(link_header::parse)
        .filter(|link| !link.is_of_another)
        .collect();
    let of_relation = |relation: &'static str| {
        let has = move |link: &&link_header::Link| link.relations.iter().any(|known| known == relation);
        links.iter().filter(has).filter_map(|link| absolute(&link.target, url))
    };
    let mut hubs: Vec<String> = of_relation("hub").collect();
    if hubs.is_empty() {
        hubs = embedded.hubs.iter().filter_map(|hub| absolute(hub, url)).collect();
    }
    let mut unique = Vec::new();
    for hub in hubs {
        if !unique.contains(&hub) && unique.len() < HUBS_MAX {
            unique.push(hub);
        }
    }
    let topic = of_relation("self")
        .next()
        .or_else(|| absolute(embedded.own?, url))
        .unwrap_or_else(|| url.to_owned());
    (!unique.is_empty()).then_some(Advertised { hubs: unique, topic })
}

/// The target as an absolute web address. One that is absolute already keeps its spelling: hubs compare topics letter
/// by letter.
fn absolute(target: &str, base: &str) -> Option<String> {
    let target = target.trim();
    if target.is_empty() || ADDRESS_BYTES_MAX < target.len() {
        return None;
    }
    let url = match url::Url::parse(target) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => url::Url::parse(base).ok()?.join(target).ok()?,
        Err(_) => return None,
    };
    let is_usable = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    let is_absolute = url::Url::parse(target).is_ok();
    is_usable.then(|| match is_absolute {
        true => target.to_owned(),
        false => url.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &str = "https://example.org/feeds/all";

    fn check(links: &[&str], hubs: &[&str], own: Option<&str>, expected: Option<(&[&str], &str)>) {
        let hubs: Vec<String> = hubs.iter().map(|hub| (*hub).to_owned()).collect();
        let embedded = Embedded { hubs: &hubs, own };
        let found = advertised(links.iter().copied(), embedded, FEED);
        let expected = expected.map(|(hubs, topic)| Advertised {
            hubs: hubs.iter().map(|hub| (*hub).to_owned()).collect(),
            topic: topic.to_owned(),
        });
        assert_eq!(found, expected, "{links:?} {hubs:?} {own:?}");
    }

    #[test]
    fn headers_count_before_the_feed() {
        check(
            &[
                "<https://hub.example/>; rel=\"hub\"",
                "<https://example.org/a>; rel=self",
            ],
            &["https://other.example/"],
            Some("https://example.org/b"),
            Some((&["https://hub.example/"], "https://example.org/a")),
        );
        check(
            &[],
            &["https://other.example/"],
            Some("https://example.org/b"),
            Some((&["https://other.example/"], "https://example.org/b")),
        );
    }

    #[test]
    fn each_relation_is_looked_for_on_its_own() {
        check(
            &["<https://hub.example/>; rel=hub"],
            &[],
            Some("https://example.org/b"),
            Some((&["https://hub.example/"], "https://example.org/b")),
        );
        check(
            &["<https://hub.example/>; rel=hub"],
            &[],
            None,
            Some((&["https://hub.example/"], FEED)),
        );
        check(&["<https://example.org/b>; rel=self"], &[], None, None);
    }

    #[test]
    fn several_hubs_keep_their_order_and_stand_once() {
        check(
            &["<https://b.example/>; rel=hub, <https://a.example/>; rel=hub, <https://b.example/>; rel=hub"],
            &[],
            None,
            Some((&["https://b.example/", "https://a.example/"], FEED)),
        );
    }

    #[test]
    fn relative_links_start_from_the_feed_and_absolute_ones_keep_their_spelling() {
        check(
            &["</hub>; rel=hub", "<all?x=1>; rel=self"],
            &[],
            None,
            Some((&["https://example.org/hub"], "https://example.org/feeds/all?x=1")),
        );
        check(
            &["<https://Hub.example>; rel=hub"],
            &[],
            Some("HTTPS://example.org"),
            Some((&["https://Hub.example"], "HTTPS://example.org")),
        );
    }

    #[test]
    fn addresses_that_cannot_be_asked_are_no_hubs() {
        for hub in [
            "ftp://hub.example/",
            "mailto:hub@example.org",
            "https://me:pass@hub.example/",
            "http://[",
            "",
        ] {
            check(&[], &[hub], None, None);
        }
    }
}
