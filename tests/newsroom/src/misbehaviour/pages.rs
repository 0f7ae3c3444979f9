//! Pages that are missing, are no pages, or say what is not theirs to say.

use super::answer::{Answer, HTML};
use super::document;
use super::expect::Expect;
use super::row::{Place, Row};
use crate::markup::escape;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = missing();
    rows.extend(no_pages());
    rows.extend(claims());
    rows
}

/// A site with one article whose entry ends in one of these fates.
fn ending(any_of: &'static [&'static str]) -> impl Fn(&Place) -> Vec<Expect> {
    move |place| {
        vec![
            Expect::Fate {
                url: place.story(1).url,
                any_of,
            },
            Expect::SourceWorks,
        ]
    }
}

fn missing() -> Vec<Row> {
    const GONE: &[&str] = &["not_fetched:gone"];
    vec![
        Row::new("page-404", "does not find its article")
            .pages(|_| Answer::document(HTML, "<h1>Not found</h1>").with_status(404))
            .expects(ending(GONE)),
        Row::new("page-410", "has removed its article")
            .pages(|_| Answer::document(HTML, "<h1>Gone</h1>").with_status(410))
            .expects(ending(GONE)),
        Row::new("page-500-then-fine", "fails twice before it sends its article").pages(|asked| match asked.earlier {
            0 | 1 => Answer::document(HTML, "<h1>Error</h1>").with_status(500),
            _ => asked.page(),
        }),
        Row::new("page-403", "forbids its article")
            .pages(|_| Answer::document(HTML, "<h1>Are you a robot?</h1>").with_status(403))
            .expects(|place| {
                vec![Expect::NotPublished {
                    url_prefix: place.url("/story/"),
                }]
            }),
        Row::new(
            "page-soft-404",
            "says with status 200 that it does not find its article",
        )
        .pages(|_| {
            Answer::document(
                HTML,
                "<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>",
            )
        })
        .expects(ending(&["filtered"])),
    ]
}

fn no_pages() -> Vec<Row> {
    const NO_ARTICLE: &[&str] = &["filtered", "dead:broken_body"];
    vec![
        Row::new("page-6mb", "sends an article of 6 MiB")
            .pages(|asked| {
                let filler = "<!-- padding padding padding padding padding padding padding -->\n".repeat(100_000);
                let page = String::from_utf8_lossy(asked.page().whole()).into_owned();
                Answer::document(HTML, page.replace("<article>", &format!("{filler}<article>")))
            })
            .expects(ending(&["filtered:too_large", "not_fetched"])),
        Row::new("page-pdf", "sends a PDF and calls it a page")
            .pages(|_| {
                let bytes: Vec<u8> = (0..=255_u8).rev().cycle().take(50_000).collect();
                Answer::document(HTML, [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), bytes].concat())
            })
            .expects(ending(NO_ARTICLE)),
        Row::new("page-image", "sends a picture as its article")
            .pages(|_| {
                let bytes: Vec<u8> = (0..=255_u8).cycle().take(50_000).collect();
                Answer::document("image/jpeg", [b"\xff\xd8\xff\xe0".to_vec(), bytes].concat())
            })
            .expects(ending(&["filtered:not_html", "filtered"])),
        Row::new("page-empty", "sends an article of no bytes")
            .pages(|_| Answer::document(HTML, ""))
            .expects(ending(&["filtered", "not_fetched"])),
        Row::new("page-deep", "nests 200,000 elements around its article")
            .pages(|asked| {
                let page = String::from_utf8_lossy(asked.page().whole()).into_owned();
                Answer::document(
                    HTML,
                    page.replace("<article>", &format!("{}<article>", "<div>".repeat(200_000))),
                )
            })
            .expects(ending(&["published", "filtered", "dead"])),
        Row::new(
            "page-attributes-flood",
            "has an element of 100,000 attributes before its article",
        )
        .pages(|asked| {
            let attributes: String = (0..100_000).map(|number| format!(" a{number}")).collect();
            let page = String::from_utf8_lossy(asked.page().whole()).into_owned();
            Answer::document(
                HTML,
                page.replace("<article>", &format!("<i{attributes}></i><article>")),
            )
        }),
        Row::new(
            "page-null-bytes",
            "has null bytes between the paragraphs of its article",
        )
        .pages(|asked| {
            let page = String::from_utf8_lossy(asked.page().whole()).into_owned();
            Answer::document(HTML, page.replace("</p>\n<p>", "</p>\0\0\n<p>"))
        }),
    ]
}

fn with_head(name: &'static str, does: &'static str, head: fn(&Place) -> String) -> Row {
    Row::new(name, does).pages(move |asked| {
        let head = head(asked.place);
        Answer::document(HTML, document::page_with_head(&asked.place.story(1), &head))
    })
}

/// The address that pages claim as their own and that is another site's.
const OTHER_SITE: &str = "https://www.other-paper.example/";

fn own_address(place: &Place) -> Vec<Expect> {
    vec![
        Expect::Published { text: place.story(1) },
        Expect::NotPublished {
            url_prefix: OTHER_SITE.to_owned(),
        },
    ]
}

fn claims() -> Vec<Row> {
    vec![
        with_head(
            "canonical-other-site",
            "says that its article is another site's",
            |_| format!("<link rel=\"canonical\" href=\"{OTHER_SITE}politics/story-17\">"),
        )
        .expects(own_address),
        with_head(
            "open-graph-other-site",
            "says to social networks that its article is another site's",
            |_| format!("<meta property=\"og:url\" content=\"{OTHER_SITE}politics/story-18\">"),
        )
        .expects(own_address),
        with_head("canonical-home", "says that its article is its home page", |place| {
            format!("<link rel=\"canonical\" href=\"{}\">", place.url("/"))
        }),
        with_head("canonical-broken", "has a canonical link that is no URL", |_| {
            "<link rel=\"canonical\" href=\"http://[::1/%%%\">".to_owned()
        }),
        with_head(
            "base-other-site",
            "sets another site as the base of its links",
            |place| {
                format!(
                    "<base href=\"{OTHER_SITE}\"><link rel=\"canonical\" href=\"/story/{}-1\">",
                    place.name
                )
            },
        )
        .expects(own_address),
        Row::new(
            "meta-refresh",
            "sends a page that leads elsewhere after no seconds, and to itself",
        )
        .pages(|asked| {
            let url = escape(&asked.place.url(asked.path));
            let page = format!(
                "<!DOCTYPE html><html><head><meta http-equiv=\"refresh\" content=\"0; url={url}\">\
                     <title>One moment</title></head><body><p>One moment, please.</p></body></html>\n"
            );
            Answer::document(HTML, page)
        })
        .expects(ending(&["filtered", "not_fetched"])),
    ]
}
