//! robots.txt in all its states (RFC 9309).

use super::answer::{Answer, HTML, Step};
use super::expect::Expect;
use super::row::{Place, ROBOTS, Row};

const ROBOTS_FATE: &[&str] = &["not_fetched:robots"];
/// The seconds between two requests that a site asks for.
pub(super) const CRAWL_DELAY_SECONDS: u64 = 2;
/// The row that asks for it.
pub(super) const DELAYED: &str = "robots-crawl-delay";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = unavailable();
    rows.extend(rules());
    rows.extend(requests());
    rows.extend(redirected());
    rows
}

fn text(body: impl Into<Vec<u8>>) -> Answer {
    Answer::document("text/plain; charset=utf-8", body)
}

/// The path of the site's article `number`.
fn path(place: &Place, number: usize) -> String {
    format!("/story/{}-{number}", place.name)
}

/// Article 1 comes out, article 2 is forbidden and never asked for.
fn second_forbidden(place: &Place) -> Vec<Expect> {
    vec![
        Expect::Published { text: place.story(1) },
        Expect::Fate {
            url: place.story(2).url,
            any_of: ROBOTS_FATE,
        },
        Expect::NeverRequested {
            site: place.name.to_owned(),
            path_prefix: path(place, 2),
        },
    ]
}

fn no_page_requested(place: &Place) -> Vec<Expect> {
    vec![Expect::NeverRequested {
        site: place.name.to_owned(),
        path_prefix: "/story/".to_owned(),
    }]
}

fn unavailable() -> Vec<Row> {
    vec![
        Row::new("robots-404", "has no robots.txt").robots(|_| Answer::new(404)),
        Row::new("robots-403", "forbids its robots.txt, which means that it has none").robots(|_| Answer::new(403)),
        Row::new("robots-410", "has no robots.txt any more").robots(|_| Answer::new(410)),
        Row::new("robots-empty", "has an empty robots.txt").robots(|_| text("")),
        Row::new(
            "robots-500",
            "has lost its robots.txt, which forbids everything meanwhile",
        )
        .robots(|_| Answer::new(500))
        .expects(no_page_requested),
        Row::new(
            "robots-503",
            "is too busy for its robots.txt, which forbids everything meanwhile",
        )
        .robots(|_| Answer::new(503))
        .expects(no_page_requested),
        Row::new(
            "robots-hanging",
            "takes the request for robots.txt and says nothing, which forbids everything",
        )
        .robots(|_| Answer::bare(0, vec![Step::Hang]))
        .expects(no_page_requested),
        Row::new(
            "robots-closing",
            "closes the connection when it is asked for robots.txt, which forbids everything",
        )
        .robots(|_| Answer::bare(0, Vec::new()))
        .expects(no_page_requested),
        Row::new("robots-html", "sends its home page as robots.txt").robots(|_| {
            Answer::document(
                HTML,
                "<!DOCTYPE html>\n<html><head><title>Home</title></head><body><p>Hello</p></body></html>\n",
            )
        }),
        Row::new("robots-binary", "sends a picture as robots.txt").robots(|_| {
            let bytes: Vec<u8> = (0..=255_u8).cycle().take(20_000).collect();
            Answer::document("image/png", bytes)
        }),
    ]
}

/// A site whose robots.txt forbids its second article, written by `write` for its path.
fn forbidding(name: &'static str, does: &'static str, write: fn(&str) -> Vec<u8>) -> Row {
    Row::new(name, does)
        .stories(2)
        .robots(move |asked| text(write(&path(asked.place, 2))))
        .expects(second_forbidden)
}

fn rules() -> Vec<Row> {
    vec![
        Row::new("robots-disallow-all", "forbids everything")
            .robots(|_| text("User-agent: *\nDisallow: /\n"))
            .expects(|place| {
                let fate = Expect::Fate {
                    url: place.story(1).url,
                    any_of: ROBOTS_FATE,
                };
                no_page_requested(place).into_iter().chain([fate]).collect()
            }),
        forbidding("robots-disallow-path", "forbids one path", |path| {
            format!("User-agent: *\nDisallow: {path}\n").into()
        }),
        forbidding("robots-mark-first", "puts a byte order mark before its rules", |path| {
            format!("\u{feff}User-agent: *\nDisallow: {path}\n").into()
        }),
        forbidding(
            "robots-bare-returns",
            "ends the lines of its rules like an old Macintosh",
            |path| format!("User-agent: *\rDisallow: {path}\r").into(),
        ),
        forbidding("robots-wildcard", "forbids a path by a pattern with an end", |_| {
            b"user-agent:*\ndisallow:/*-2$ # drafts\n".to_vec()
        }),
        forbidding(
            "robots-allow-wins",
            "forbids everything and allows the longer path",
            |path| {
                let allowed = format!("{}1", path.trim_end_matches('2'));
                format!("User-agent: *\nDisallow: /\nAllow: {allowed}\n").into()
            },
        ),
        forbidding(
            "robots-1mb",
            "has a megabyte of robots.txt, with the rule at its start",
            |path| {
                let filler = "# All work and no play makes a dull robot.\n".repeat(25_000);
                format!("User-agent: *\nDisallow: {path}\n{filler}").into()
            },
        ),
        forbidding(
            "robots-null-bytes",
            "has null bytes and broken text among its rules",
            |path| {
                let mut rules = b"\0\xff\xfe garbage\nUser-agent: *\n\xc3\x28: \x80\n".to_vec();
                rules.extend_from_slice(format!("Disallow: {path}\n").as_bytes());
                rules
            },
        ),
        forbidding("robots-slow-patterns", "has patterns that are slow to match", |path| {
            let slow = format!("Disallow: /{}$\n", "*a".repeat(2_000)).repeat(50);
            format!("User-agent: *\n{slow}Disallow: {path}\n").into()
        }),
    ]
}

fn requests() -> Vec<Row> {
    vec![
        Row::new("robots-own-group", "forbids everything to all robots but this one")
            .robots(|_| text("User-agent: *\nDisallow: /\n\nUser-agent: copydesk\nDisallow: /admin/\n")),
        Row::new(DELAYED, "asks for two seconds between requests")
            .stories(3)
            .robots(|_| text(format!("User-agent: *\nCrawl-delay: {CRAWL_DELAY_SECONDS}\n")))
            .expects(|place| {
                let published = place.stories(3).into_iter().map(|text| Expect::Published { text });
                published.chain([Expect::SourceWorks]).collect()
            }),
        Row::new("robots-endless", "sends comments in its robots.txt for ever")
            .robots(|_| {
                Answer::new(200).header("Content-Type", "text/plain").steps(vec![
                    Step::Send(b"User-agent: *\nDisallow: /story/\n".to_vec()),
                    Step::Repeat {
                        bytes: b"# Please do not read this.\n".repeat(500),
                        times: u64::MAX,
                    },
                ])
            })
            .expects(|place| {
                let bytes = Expect::BytesAtMost {
                    site: place.name.to_owned(),
                    bytes: 32 * 1024 * 1024,
                };
                no_page_requested(place).into_iter().chain([bytes]).collect()
            }),
    ]
}

fn redirected() -> Vec<Row> {
    vec![
        Row::new(
            "robots-redirect-chain",
            "redirects its robots.txt three times, at last to another site's rules",
        )
        .stories(2)
        .answers(|asked| match asked.path {
            ROBOTS => Some(Answer::redirect(301, "/robots/1")),
            "/robots/1" => Some(Answer::redirect(302, "/robots/2")),
            "/robots/2" => {
                let (elsewhere, name) = (&asked.place.elsewhere, asked.place.name);
                Some(Answer::redirect(302, &format!("{elsewhere}/robots/{name}.txt")))
            }
            _ => None,
        })
        .expects(second_forbidden),
        Row::new("robots-redirect-loop", "redirects its robots.txt to itself")
            .robots(|_| Answer::redirect(302, ROBOTS))
            .expects(|_| vec![Expect::SourceWorks]),
        Row::new("robots-redirect-far", "redirects its robots.txt 10,000 times")
            .answers(|asked| match asked.path {
                ROBOTS => Some(Answer::redirect(302, "/hop/1")),
                path => {
                    let hop: usize = path.strip_prefix("/hop/")?.parse().ok()?;
                    Some(Answer::redirect(302, &format!("/hop/{}", hop + 1)))
                }
            })
            .expects(|place| {
                vec![Expect::NeverRequested {
                    site: place.name.to_owned(),
                    path_prefix: "/hop/21".to_owned(),
                }]
            }),
    ]
}

/// The rules that `elsewhere` serves for the row `name`: its second article is forbidden.
pub(super) fn rules_elsewhere(name: &str) -> Answer {
    text(format!("User-agent: *\nDisallow: /story/{name}-2\n"))
}
