//! Redirects that lead round in circles, too far, or where an article is.

use super::answer::{Answer, HTML};
use super::document;
use super::expect::Expect;
use super::row::{FEED, Place, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = endless();
    rows.extend(leading());
    rows
}

/// The last hop of a chain that no client should reach: browsers stop at 20.
const HOP_TOO_FAR: usize = 21;

fn chain(path: &str) -> Option<Answer> {
    let hop: usize = path.strip_prefix("/hop/")?.parse().ok()?;
    (hop <= 10_000).then(|| Answer::redirect(302, &format!("/hop/{}", hop + 1)))
}

fn endless() -> Vec<Row> {
    let never_far = |place: &Place| Expect::NeverRequested {
        site: place.name.to_owned(),
        path_prefix: format!("/hop/{HOP_TOO_FAR}"),
    };
    vec![
        Row::new("looping-feed", "redirects its feed to itself")
            .feed(|_| Answer::redirect(302, FEED))
            .expects(|_| vec![Expect::SourceFailing { any_of: &["redirect"] }]),
        Row::new("redirect-chain-feed", "redirects its feed 10,000 times")
            .answers(|asked| match asked.path {
                FEED => Some(Answer::redirect(302, "/hop/1")),
                path => chain(path),
            })
            .expects(move |place| vec![Expect::SourceFailing { any_of: &["redirect"] }, never_far(place)]),
        Row::new("redirect-chain-page", "redirects its article 10,000 times")
            .answers(|asked| match asked.is_story() {
                true => Some(Answer::redirect(302, "/hop/1")),
                false => chain(asked.path),
            })
            .expects(move |place| {
                vec![
                    Expect::Fate {
                        url: place.story(1).url,
                        any_of: &["not_fetched:redirects"],
                    },
                    never_far(place),
                ]
            }),
        Row::new("redirect-pair", "has two articles that redirect to each other")
            .stories(2)
            .pages(|asked| {
                let other = if asked.path.ends_with('1') { 2 } else { 1 };
                Answer::redirect(301, &asked.place.story(other).url)
            })
            .expects(|place| {
                let ends = |number| Expect::Fate {
                    url: place.story(number).url,
                    // While both wait, one may be led to the other.
                    any_of: &["not_fetched:redirects", "not_fetched:joined"],
                };
                vec![ends(1), ends(2)]
            }),
        Row::new("redirect-without-target", "redirects its article without saying where")
            .pages(|_| Answer::new(302))
            .expects(|place| {
                vec![Expect::NotPublished {
                    url_prefix: place.url("/"),
                }]
            }),
    ]
}

/// A redirect of the article, written by `location`; what it leads to is the article's page.
fn to_own_page(name: &'static str, does: &'static str, status: u16, location: fn(&Place) -> String) -> Row {
    Row::new(name, does).answers(move |asked| {
        let text = asked.place.story(1);
        match asked.path {
            path if path.starts_with("/story/") => Some(Answer::redirect(status, &location(asked.place))),
            path if path.starts_with("/landed") => {
                let head = "<meta name=\"author\" content=\"The desk\">";
                Some(Answer::document(HTML, document::page_with_head(&text, head)))
            }
            _ => None,
        }
    })
}

fn leading() -> Vec<Row> {
    vec![
        Row::new(
            "redirect-to-other-host",
            "redirects its article to another site, where it is",
        )
        .pages(|asked| Answer::redirect(302, &asked.place.story_elsewhere(1).url))
        .expects(|place| {
            let url = place.story(1).url;
            vec![Expect::Published {
                text: super::Text {
                    url,
                    ..place.story_elsewhere(1)
                },
            }]
        }),
        to_own_page(
            "redirect-relative",
            "redirects its article by a relative path",
            302,
            |_| "../landed".to_owned(),
        ),
        to_own_page("redirect-307", "redirects its article with status 307", 307, |place| {
            place.url("/landed")
        }),
        to_own_page("redirect-308", "redirects its article with status 308", 308, |place| {
            place.url("/landed")
        }),
        to_own_page(
            "redirect-without-scheme",
            "redirects its article to a URL without a scheme",
            301,
            |place| place.url("/landed").replacen("http:", "", 1),
        ),
        to_own_page(
            "redirect-with-fragment",
            "redirects its article to a URL with a fragment and spaces",
            302,
            |place| place.url("/landed?part=a b#top"),
        ),
    ]
}
