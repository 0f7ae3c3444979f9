//! Links and redirects to addresses that a fetcher must not connect to (SSRF).
//!
//! The operator is taken to allow `127.0.0.0/8` alone. Where an address can be listened on, the vault does, so that a
//! request is seen; where it cannot (metadata services, other networks), the fate tells.

use super::VAULT;
use super::answer::{Answer, RSS};
use super::document;
use super::expect::Expect;
use super::row::{FEED, Place, ROBOTS, Row};

const REFUSED: &[&str] = &["not_fetched:refused"];
/// Several spellings are one address: an entry led there may find another one waiting for it.
const REDIRECTED: &[&str] = &["not_fetched:refused", "not_fetched:joined"];

/// Addresses that no request may go to, in their plain spelling.
fn plain(place: &Place) -> Vec<String> {
    let (name, port) = (place.name, place.vault_port);
    vec![
        format!("http://169.254.169.254/{name}/latest/meta-data/"),
        format!("http://10.0.0.1/{name}"),
        format!("http://192.168.1.1/{name}"),
        format!("http://100.64.0.1/{name}"),
        format!("http://0.0.0.0:{port}/{name}"),
        format!("http://[::1]:{port}/{name}"),
        format!("http://[::]:{port}/{name}"),
        format!("http://[fd00::1]/{name}"),
    ]
}

/// The same in spellings that hide them.
fn odd(place: &Place) -> Vec<String> {
    let (name, port) = (place.name, place.vault_port);
    vec![
        format!("http://0xA9FEA9FE/{name}"),
        format!("http://2852039166/{name}"),
        format!("http://0251.0376.0251.0376/{name}"),
        format!("http://169.254.43518/{name}"),
        format!("http://[::ffff:10.0.0.1]/{name}"),
        format!("http://[::ffff:a9fe:a9fe]/{name}"),
        format!("http://[64:ff9b::a9fe:a9fe]/{name}"),
        format!("http://0:{port}/{name}"),
        format!("http://0x0.0:{port}/{name}"),
        format!("http://user:secret@0.0.0.0:{port}/{name}"),
        format!("http://１６９.２５４.１６９.２５４/{name}"),
        format!("http://169.254.169.254./{name}"),
    ]
}

fn schemes(place: &Place) -> Vec<String> {
    let name = place.name;
    vec![
        "file:///etc/passwd".to_owned(),
        format!("ftp://127.0.0.1/{name}"),
        format!("gopher://127.0.0.1:{}/_{name}", place.vault_port),
        "javascript:alert(1)".to_owned(),
        "data:text/html,<h1>Hello</h1>".to_owned(),
        "dict://127.0.0.1:11211/stats".to_owned(),
    ]
}

fn vault_untouched(place: &Place) -> Expect {
    Expect::NeverRequested {
        site: VAULT.to_owned(),
        path_prefix: format!("/{}", place.name),
    }
}

/// A feed whose entries link to `links` after the good one.
fn feed_of_links(place: &Place, links: &[String]) -> Answer {
    let mut items = document::item(
        &place.story(1).title,
        &place.story(1).url,
        &place.story(1).slug,
        &document::rfc822(0),
    );
    for (index, link) in links.iter().enumerate() {
        let title = format!("A door that should stay shut, number {index}");
        items.push_str(&document::item(&title, link, link, &document::rfc822(index + 1)));
    }
    Answer::document(RSS, document::rss_of_items(&items))
}

fn good_alone(place: &Place) -> Vec<Expect> {
    vec![
        Expect::Published { text: place.story(1) },
        Expect::SourceWorks,
        vault_untouched(place),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = links();
    rows.extend(redirects());
    rows
}

fn links() -> Vec<Row> {
    vec![
        Row::new("forbidden-links", "has a feed whose entries link into private networks")
            .feed(|asked| feed_of_links(asked.place, &plain(asked.place)))
            .expects(|place| {
                let refused = plain(place)
                    .into_iter()
                    .map(|url| Expect::Fate { url, any_of: REFUSED });
                refused.chain(good_alone(place)).collect()
            }),
        Row::new(
            "forbidden-odd-links",
            "links into private networks by addresses that are spelt oddly",
        )
        .feed(|asked| feed_of_links(asked.place, &odd(asked.place)))
        .expects(good_alone),
        Row::new("forbidden-schemes", "links to files and to other protocols")
            .feed(|asked| feed_of_links(asked.place, &schemes(asked.place)))
            .expects(|place| {
                let never =
                    ["file:", "ftp:", "gopher:", "javascript:", "data:", "dict:"].map(|scheme| Expect::NotPublished {
                        url_prefix: scheme.to_owned(),
                    });
                never.into_iter().chain(good_alone(place)).collect()
            }),
    ]
}

fn targets(place: &Place) -> Vec<String> {
    [plain(place), odd(place)].concat()
}

/// As many articles as there are forbidden addresses.
const TARGETS: usize = 20;

fn redirects() -> Vec<Row> {
    let to_vault = |place: &Place| format!("http://0.0.0.0:{}/{}", place.vault_port, place.name);
    vec![
        Row::new("forbidden-redirects", "redirects its articles into private networks")
            .stories(TARGETS)
            .pages(|asked| {
                let number = asked.path.rsplit('-').next().and_then(|number| number.parse().ok());
                let index = number.unwrap_or(1_usize).saturating_sub(1);
                let targets = targets(asked.place);
                Answer::redirect(302, targets.get(index).map_or("/", String::as_str))
            })
            .expects(|place| {
                let refused = place.stories(TARGETS).into_iter().map(|text| Expect::Fate {
                    url: text.url,
                    any_of: REDIRECTED,
                });
                refused.chain([vault_untouched(place)]).collect()
            }),
        Row::new("forbidden-feed-redirect", "redirects its feed to a metadata service")
            .feed(|_| Answer::redirect(301, "http://169.254.169.254/latest/meta-data/"))
            .expects(|_| vec![Expect::SourceFailing { any_of: &[] }, Expect::SourceStays]),
        Row::new("forbidden-feed-file", "redirects its feed to a file")
            .feed(|_| Answer::redirect(302, "file:///etc/passwd"))
            .expects(|_| vec![Expect::SourceFailing { any_of: &[] }, Expect::SourceStays]),
        Row::new(
            "forbidden-second-hop",
            "redirects its feed twice, the second time into a private network",
        )
        .answers(move |asked| match asked.path {
            FEED => Some(Answer::redirect(302, "/hop")),
            "/hop" => Some(Answer::redirect(302, &to_vault(asked.place))),
            _ => None,
        })
        .expects(|place| vec![Expect::SourceFailing { any_of: &[] }, vault_untouched(place)]),
        Row::new("forbidden-robots", "redirects its robots.txt into a private network")
            .answers(move |asked| (asked.path == ROBOTS).then(|| Answer::redirect(302, &to_vault(asked.place))))
            .expects(|place| vec![Expect::SourceWorks, vault_untouched(place)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, targets};
    use crate::misbehaviour::row::Place;

    #[test]
    fn there_is_an_article_for_every_forbidden_address() {
        let place = Place {
            name: "x",
            base: String::new(),
            elsewhere: String::new(),
            vault_port: 1,
        };
        assert_eq!(targets(&place).len(), TARGETS);
    }
}
