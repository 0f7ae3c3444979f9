//! Sources that are no feeds: home pages that name one, and sitemaps in all their forms.

use super::answer::{Answer, HTML, Step};
use super::document;
use super::expect::Expect;
use super::row::{Asked, Place, Row};
use super::{Text, codings};
use crate::markup::escape;

const XML: &str = "application/xml";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = home_pages();
    rows.extend(sitemaps());
    rows.extend(packed_and_foreign());
    rows.extend(indexes());
    rows.extend(floods());
    rows
}

fn published(place: &Place, count: usize) -> Vec<Expect> {
    let published = place.stories(count).into_iter().map(|text| Expect::Published { text });
    published.chain([Expect::SourceWorks]).collect()
}

fn home(links: &str) -> Answer {
    let page =
        format!("<!DOCTYPE html>\n<html><head><title>Home</title>\n{links}</head><body><h1>Home</h1></body></html>\n");
    Answer::document(HTML, page)
}

fn home_pages() -> Vec<Row> {
    const RSS_LINK: &str = "<link rel=\"alternate\" type=\"application/rss+xml\" href=";
    vec![
        Row::new(
            "page-naming-feed",
            "is subscribed to by its home page, which names a feed",
        )
        .subscribe("/")
        .answers(|asked| {
            (asked.path == "/").then(|| home(&format!("{RSS_LINK}\"feed.xml\" title=\"News &amp; more\">\n")))
        }),
        Row::new(
            "page-naming-feeds",
            "names its feed first, and then one of the readers' comments",
        )
        .subscribe("/")
        .answers(|asked| match asked.path {
            "/" => Some(home(&format!(
                "{RSS_LINK}\"/feed.xml\" title=\"News\">\n{RSS_LINK}\"/comments/feed\" title=\"Comments\">\n"
            ))),
            "/comments/feed" => Some(Asked::feed_of(&[asked.place.story(2)])),
            _ => None,
        })
        .expects(|place| {
            let url_prefix = place.story(2).url;
            [published(place, 1), vec![Expect::NotPublished { url_prefix }]].concat()
        }),
        Row::new("page-naming-itself", "names its home page as its feed")
            .subscribe("/")
            .answers(|asked| (asked.path == "/").then(|| home(&format!("{RSS_LINK}\"/\">\n"))))
            .expects(|_| vec![Expect::SourceFailing { any_of: &[] }]),
        Row::new(
            "page-without-feed",
            "is subscribed to by a home page that names no feed",
        )
        .subscribe("/")
        .answers(|asked| (asked.path == "/").then(|| home("")))
        .expects(|_| vec![Expect::SourceFailing { any_of: &[] }]),
    ]
}

fn url_set(texts: &[Text], more: impl Fn(&Text) -> String) -> String {
    let urls: String = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let (location, time) = (escape(&text.url), document::rfc3339(index, 0));
            format!(
                "<url><loc>{location}</loc><lastmod>{time}</lastmod>{}</url>\n",
                more(text)
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n{urls}</urlset>\n"
    )
}

fn index_of(children: &[&str]) -> Answer {
    let sitemaps: String = children
        .iter()
        .map(|child| format!("<sitemap><loc>{child}</loc></sitemap>\n"))
        .collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{sitemaps}</sitemapindex>\n"
    );
    Answer::document(XML, document)
}

/// A site that is subscribed to by the document at `path`, which lists two articles.
fn source(name: &'static str, does: &'static str, path: &'static str, document: fn(&Place) -> Answer) -> Row {
    Row::new(name, does)
        .subscribe(path)
        .answers(move |asked| (asked.path == path).then(|| document(asked.place)))
        .expects(|place| published(place, 2))
}

fn sitemaps() -> Vec<Row> {
    vec![
        source("sitemap", "is subscribed to by its sitemap", "/sitemap.xml", |place| {
            Answer::document(XML, url_set(&place.stories(2), |_| String::new()))
        }),
        source(
            "sitemap-news",
            "is subscribed to by its news sitemap",
            "/news-sitemap.xml",
            |place| {
                let news = |text: &Text| {
                    format!(
                        "<news:news><news:publication><news:name>The Odd Gazette</news:name>\
                     <news:language>en</news:language></news:publication>\
                     <news:publication_date>{}</news:publication_date><news:title>{}</news:title></news:news>",
                        document::rfc3339(0, 0),
                        escape(&text.title)
                    )
                };
                Answer::document(XML, url_set(&place.stories(2), news))
            },
        ),
        source(
            "sitemap-text",
            "is subscribed to by a sitemap of plain lines",
            "/sitemap.txt",
            |place| {
                let lines: String = place
                    .stories(2)
                    .iter()
                    .map(|text| format!("{}\r\n", text.url))
                    .collect();
                Answer::document("text/plain; charset=utf-8", lines)
            },
        ),
    ]
}

fn packed_and_foreign() -> Vec<Row> {
    vec![
        source(
            "sitemap-gzip-file",
            "is subscribed to by a sitemap in a gzip file",
            "/sitemap.xml.gz",
            |place| {
                let document = url_set(&place.stories(2), |_| String::new());
                Answer::document("application/x-gzip", codings::gzip(document.as_bytes()))
            },
        ),
        source(
            "sitemap-foreign-entries",
            "lists an article of another site in its sitemap, which has no say there",
            "/sitemap.xml",
            |place| {
                let mut texts = place.stories(2);
                texts.push(place.story_elsewhere(3));
                Answer::document(XML, url_set(&texts, |_| String::new()))
            },
        )
        .expects(|place| {
            let url_prefix = place.story_elsewhere(3).url;
            [published(place, 2), vec![Expect::NotPublished { url_prefix }]].concat()
        }),
    ]
}

/// More children than anybody should read in one go.
const CHILDREN: usize = 50_000;

fn indexes() -> Vec<Row> {
    let part = |place: &Place, number: usize| url_set(&[place.story(number)], |_| String::new());
    vec![
        Row::new(
            "sitemap-index",
            "is subscribed to by an index of sitemaps, one of them in a gzip file",
        )
        .subscribe("/sitemap-index.xml")
        .answers(move |asked| match asked.path {
            "/sitemap-index.xml" => {
                let base = &asked.place.base;
                Some(index_of(&[&format!("{base}/one.xml"), &format!("{base}/two.xml.gz")]))
            }
            "/one.xml" => Some(Answer::document(XML, part(asked.place, 1))),
            "/two.xml.gz" => {
                let packed = codings::gzip(part(asked.place, 2).as_bytes());
                Some(Answer::document("application/gzip", packed))
            }
            _ => None,
        })
        .expects(|place| published(place, 2)),
        Row::new(
            "sitemap-index-loop",
            "is subscribed to by an index that lists itself and one sitemap",
        )
        .subscribe("/sitemap-index.xml")
        .answers(move |asked| match asked.path {
            "/sitemap-index.xml" => {
                let base = &asked.place.base;
                Some(index_of(&[
                    &format!("{base}/sitemap-index.xml"),
                    &format!("{base}/one.xml"),
                ]))
            }
            "/one.xml" => Some(Answer::document(XML, part(asked.place, 1))),
            _ => None,
        })
        .expects(|place| published(place, 1)),
    ]
}

fn floods() -> Vec<Row> {
    vec![
        Row::new(
            "sitemap-index-flood",
            "is subscribed to by an index of 50,000 sitemaps, none of which exists",
        )
        .subscribe("/sitemap-index.xml")
        .answers(|asked| {
            (asked.path == "/sitemap-index.xml").then(|| {
                let children: Vec<_> = (0..CHILDREN)
                    .map(|child| asked.place.url(&format!("/no-{child}.xml")))
                    .collect();
                index_of(&children.iter().map(String::as_str).collect::<Vec<_>>())
            })
        })
        .expects(|place| {
            vec![Expect::NotPublished {
                url_prefix: place.url("/"),
            }]
        }),
        Row::new(
            "sitemap-bomb",
            "is subscribed to by a gzip file that inflates to 1 GiB of sitemap",
        )
        .subscribe("/sitemap.xml.gz")
        .answers(|asked| {
            (asked.path == "/sitemap.xml.gz").then(|| {
                let (head, block) = codings::bomb();
                Answer::new(200).header("Content-Type", "application/gzip").steps(vec![
                    Step::Send(head),
                    Step::Repeat {
                        bytes: block,
                        times: 1024,
                    },
                ])
            })
        })
        .expects(|_| vec![Expect::SourceFailing { any_of: &[] }]),
    ]
}
