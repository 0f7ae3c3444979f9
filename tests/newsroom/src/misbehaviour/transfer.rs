//! Answers that do not come, do not end, or are not what their framing says.

use std::time::Duration;

use super::answer::{Answer, HTML, RSS, Step};
use super::document;
use super::expect::Expect;
use super::row::{Asked, Place, Row};
use super::{story, validators};

/// What a client may take of an answer without end: more than any limit on pages or feeds, and socket buffers.
const ENDLESS_BYTES_MAX: u64 = 64 * 1024 * 1024;

pub(super) fn rows() -> Vec<Row> {
    [silent(), cut(), ended(), endless(), heads(), garbled()]
        .into_iter()
        .flatten()
        .collect()
}

fn failing(any_of: &'static [&'static str]) -> impl Fn(&Place) -> Vec<Expect> {
    move |place| {
        vec![
            Expect::SourceFailing { any_of },
            Expect::NotPublished {
                url_prefix: place.url("/"),
            },
        ]
    }
}

fn silent() -> Vec<Row> {
    vec![
        Row::new("hanging-feed", "takes the request for its feed and says nothing")
            .feed(|_| Answer::bare(0, vec![Step::Hang]))
            .expects(failing(&["time"])),
        Row::new(
            "hanging-body",
            "sends the head of its feed and half of the body, and then nothing",
        )
        .feed(|asked| {
            let feed = document::rss(&asked.place.stories(1));
            let half = feed.as_bytes()[..feed.len() / 2].to_vec();
            Answer::new(200)
                .header("Content-Type", RSS)
                .header("Content-Length", feed.len().to_string())
                .steps(vec![Step::Send(half), Step::Hang])
        })
        .expects(failing(&["time"])),
        Row::new("dripping-feed", "sends one byte of its feed each second, for ever")
            .feed(|_| {
                let bytes = vec![b' '; 1_000_000];
                let pause = Duration::from_secs(1);
                Answer::new(200)
                    .header("Content-Type", RSS)
                    .steps(vec![Step::Drip { bytes, pause }, Step::Hang])
            })
            .expects(failing(&["time"])),
        Row::new(
            "hanging-page",
            "takes the first request for its article and says nothing; later it behaves",
        )
        .pages(|asked| match asked.earlier {
            0 => Answer::bare(0, vec![Step::Hang]),
            _ => asked.page(),
        }),
        Row::new("slow-feed", "thinks for three seconds before it sends its feed").feed(|asked| {
            let feed = document::rss(&asked.place.stories(1));
            Answer::new(200)
                .header("Content-Type", RSS)
                .steps(vec![Step::Pause(Duration::from_secs(3)), Step::Send(feed.into_bytes())])
        }),
    ]
}

/// Half of a document under a length that promises all of it.
fn half(content_type: &str, document: &str) -> Answer {
    let half = document.as_bytes()[..document.len() / 2].to_vec();
    Answer::new(200)
        .header("Content-Type", content_type)
        .header("Content-Length", document.len().to_string())
        .steps(vec![Step::Send(half)])
}

fn cut() -> Vec<Row> {
    let whole_feed = |place: &Place| document::rss(&place.stories(2));
    vec![
        Row::new(
            "truncated-feed",
            "closes inside its feed at first, under a tag that it later answers with 304",
        )
        .stories(2)
        .feed(move |asked| match (asked.earlier, asked.if_none_match) {
            (0, _) => half(RSS, &whole_feed(asked.place)).header("ETag", "\"half\""),
            (_, Some(tag)) if tag.contains("half") => validators::not_modified("\"half\""),
            _ => Asked::feed_of(&asked.place.stories(2)),
        })
        .expects(|place| {
            let published = place.stories(2).into_iter().map(|text| Expect::Published { text });
            published.chain([Expect::SourceWorks]).collect()
        }),
        Row::new("truncated-page", "closes inside its article at first; later it behaves").pages(|asked| {
            let slug = format!("{}-1", asked.place.name);
            let page = document::page(&story::text(&slug, asked.place.url(asked.path)));
            match asked.earlier {
                0 => half(HTML, &page),
                _ => Answer::document(HTML, page),
            }
        }),
        Row::new(
            "cut-chunks",
            "closes inside a chunk of its article at first; later it behaves",
        )
        .pages(|asked| {
            let page = asked.page();
            if 0 < asked.earlier {
                return page;
            }
            let body = page.whole();
            let mut bytes = format!("{:x}\r\n", body.len()).into_bytes();
            bytes.extend_from_slice(&body[..body.len() / 2]);
            Answer::new(200)
                .header("Content-Type", HTML)
                .header("Transfer-Encoding", "chunked")
                .steps(vec![Step::Send(bytes)])
        }),
    ]
}

fn ended() -> Vec<Row> {
    vec![
        Row::new(
            "missing-last-chunk",
            "ends its article without the last chunk at first; later it behaves",
        )
        .pages(|asked| {
            let page = asked.page();
            if 0 < asked.earlier {
                return page;
            }
            let body = &page.whole()[..page.whole().len() / 2];
            let mut bytes = format!("{:x}\r\n", body.len()).into_bytes();
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\r\n");
            Answer::new(200)
                .header("Content-Type", HTML)
                .header("Transfer-Encoding", "chunked")
                .steps(vec![Step::Send(bytes)])
        }),
        Row::new("empty-answer", "closes the connection without a word")
            .feed(|_| Answer::bare(0, Vec::new()))
            .expects(failing(&[])),
    ]
}

fn limited(place: &Place) -> Vec<Expect> {
    vec![
        Expect::BytesAtMost {
            site: place.name.to_owned(),
            bytes: ENDLESS_BYTES_MAX,
        },
        Expect::NotPublished {
            url_prefix: place.url("/story/"),
        },
    ]
}

fn endless() -> Vec<Row> {
    vec![
        Row::new("endless-page", "sends paragraphs of its article for ever")
            .pages(|_| {
                let bytes = "<p>The river rose again, and again nobody had counted the sandbags.</p>\n".repeat(200);
                let head = b"<!DOCTYPE html><title>The river</title><h1>The river</h1>\n".to_vec();
                Answer::new(200).header("Content-Type", HTML).steps(vec![
                    Step::Send(head),
                    Step::Repeat {
                        bytes: bytes.into_bytes(),
                        times: u64::MAX,
                    },
                ])
            })
            .expects(limited),
        Row::new("endless-feed", "sends white space in its feed for ever")
            .feed(|_| {
                Answer::new(200).header("Content-Type", RSS).steps(vec![
                    Step::Send(b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>".to_vec()),
                    Step::Repeat {
                        bytes: vec![b' '; 16 * 1024],
                        times: u64::MAX,
                    },
                ])
            })
            .expects(limited),
    ]
}

fn heads() -> Vec<Row> {
    vec![
        Row::new("header-flood", "sends headers for ever")
            .feed(|_| {
                let steps = vec![
                    Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()),
                    Step::Repeat {
                        bytes: b"X-Padding: padding padding padding padding\r\n".repeat(100),
                        times: u64::MAX,
                    },
                ];
                Answer::bare(200, steps)
            })
            .expects(move |place| {
                let mut expectations = limited(place);
                expectations.push(Expect::SourceFailing { any_of: &[] });
                expectations
            }),
        Row::new("large-header", "sends its feed behind 300 KiB in one header")
            .feed(|asked| {
                let feed = document::rss(&asked.place.stories(1));
                Answer::document(RSS, feed).header("X-Padding", "p".repeat(300 * 1024))
            })
            .expects(failing(&[])),
    ]
}

fn garbled() -> Vec<Row> {
    vec![
        Row::new("garbage-status", "answers with a status line that is none")
            .feed(|_| {
                let bytes = b"ICY TWO HUNDRED fine\r\n\x00\x01\xff\r\n\r\nhello".to_vec();
                Answer::bare(0, vec![Step::Send(bytes)])
            })
            .expects(failing(&[])),
        Row::new("status-999", "answers with the status 999")
            .feed(|_| Answer::document(HTML, "<h1>Request denied</h1>").with_status(999))
            .expects(failing(&[])),
        Row::new("two-lengths", "gives two lengths for its feed")
            .feed(|asked| {
                let feed = document::rss(&asked.place.stories(1));
                Answer::document(RSS, feed).header("Content-Length", "17")
            })
            .expects(failing(&[])),
    ]
}
