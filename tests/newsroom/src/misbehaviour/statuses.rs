//! Feeds that move, end, fail, and ask for patience.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::answer::{Answer, HTML};
use super::expect::Expect;
use super::row::{Asked, FEED, Place, Row};
use crate::calendar::Moment;

/// The pause that patient rows ask for: more than a second, which is as exact as dates are.
const PAUSE: Duration = Duration::from_secs(4);
/// How often a feed that has ended may still be asked, to be sure.
const GOODBYES: usize = 3;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = moves();
    rows.extend(failures());
    rows.extend(patience());
    rows
}

fn away(name: &'static str, does: &'static str, status: u16, moves: bool) -> Row {
    Row::new(name, does)
        .feed(move |asked| Answer::redirect(status, &asked.place.feed_elsewhere(1)))
        .expects(move |place| {
            let text = place.story_elsewhere(1);
            let to = place.feed_elsewhere(1);
            let whither = if moves {
                Expect::SourceMoved { to }
            } else {
                Expect::SourceStays
            };
            vec![Expect::Published { text }, whither]
        })
}

fn moves() -> Vec<Row> {
    vec![
        away("feed-301", "has moved its feed for good, with status 301", 301, true),
        away("feed-308", "has moved its feed for good, with status 308", 308, true),
        away("feed-302", "has moved its feed for now, with status 302", 302, false),
        away("feed-307", "has moved its feed for now, with status 307", 307, false),
        Row::new(
            "feed-301-after-302",
            "moves its feed for now to a place that moved for good",
        )
        .answers(|asked| match asked.path {
            FEED => Some(Answer::redirect(302, "/now.xml")),
            "/now.xml" => Some(Answer::redirect(301, &asked.place.feed_elsewhere(1))),
            _ => None,
        })
        .expects(|place| {
            let text = place.story_elsewhere(1);
            vec![Expect::Published { text }, Expect::SourceStays]
        }),
        Row::new(
            "feed-301-home",
            "moves its feed for good to its front page, which is none",
        )
        .answers(|asked| match asked.path {
            FEED => Some(Answer::redirect(301, "/")),
            "/" => Some(Answer::document(
                HTML,
                "<!DOCTYPE html><title>Home</title><h1>Welcome</h1>\n",
            )),
            _ => None,
        })
        .expects(|_| vec![Expect::SourceFailing { any_of: &[] }, Expect::SourceStays]),
        Row::new("feed-410", "says that its feed is gone for good")
            .feed(|_| Answer::new(410))
            .expects(|place| {
                let at_most = Expect::RequestsAtMost {
                    site: place.name.to_owned(),
                    path: FEED.to_owned(),
                    count: GOODBYES,
                };
                vec![Expect::SourceEnded, at_most]
            }),
    ]
}

fn failing(name: &'static str, does: &'static str, status: u16, words: &'static [&'static str]) -> Row {
    Row::new(name, does)
        .feed(move |_| {
            Answer::document(HTML, "<h1>Error establishing a database connection</h1>\n").with_status(status)
        })
        .expects(move |_| vec![Expect::SourceFailing { any_of: words }, Expect::SourceStays])
}

fn failures() -> Vec<Row> {
    vec![
        failing("feed-404", "does not find its feed", 404, &["404"]),
        failing("feed-403", "forbids its feed", 403, &["403"]),
        failing("feed-401", "wants to know who asks for its feed", 401, &["401"]),
        failing("feed-500", "has lost its database", 500, &["500"]),
        failing(
            "feed-html",
            "answers 200 with a page that says that it is broken",
            200,
            &[],
        ),
        Row::new("feed-500-then-fine", "loses its database once").feed(|asked| match asked.earlier {
            0 => Answer::new(500).header("ETag", "\"error\""),
            _ if asked.if_none_match.is_some_and(|tag| tag.contains("error")) => Answer::new(304),
            _ => Asked::feed_of(&asked.place.stories(1)),
        }),
    ]
}

/// A feed that asks for patience once; `value` writes the header.
fn patient(name: &'static str, does: &'static str, status: u16, value: fn(u64) -> String) -> Row {
    Row::new(name, does).feed(move |asked| match asked.earlier {
        0 => Answer::new(status).retry_after(&value(PAUSE.as_secs()), PAUSE),
        _ => Asked::feed_of(&asked.place.stories(1)),
    })
}

/// The moment in `seconds`, on the wall clock.
fn moment(seconds: u64) -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::new(i64::try_from(now.as_secs() + seconds).unwrap_or(i64::MAX), 0)
}

fn patience() -> Vec<Row> {
    let once = |place: &Place| {
        vec![Expect::RequestsAtMost {
            site: place.name.to_owned(),
            path: FEED.to_owned(),
            count: 1,
        }]
    };
    vec![
        patient(
            "retry-after-seconds",
            "asks for a pause in seconds, with 503",
            503,
            |seconds| seconds.to_string(),
        ),
        patient(
            "retry-after-429",
            "asks for a pause in seconds, with 429",
            429,
            |seconds| seconds.to_string(),
        ),
        patient(
            "retry-after-imf",
            "asks for a pause by a date of today's form",
            503,
            |seconds| moment(seconds).http(),
        ),
        patient(
            "retry-after-rfc850",
            "asks for a pause by a date with the weekday in full",
            503,
            |seconds| moment(seconds).rfc850(),
        ),
        patient(
            "retry-after-asctime",
            "asks for a pause by a date as C writes it",
            503,
            |seconds| moment(seconds).asctime(),
        ),
        Row::new("retry-after-nonsense", "asks for a pause in words").feed(|asked| match asked.earlier {
            0 => Answer::new(503).header("Retry-After", "in a little while"),
            _ => Asked::feed_of(&asked.place.stories(1)),
        }),
        Row::new("retry-after-day", "asks for a pause of a day")
            .feed(|_| Answer::new(503).retry_after("86400", Duration::from_secs(86_400)))
            .expects(once),
        Row::new("retry-after-page", "asks for a pause before its article").pages(|asked| match asked.earlier {
            0 => Answer::new(503).retry_after(&PAUSE.as_secs().to_string(), PAUSE),
            _ => asked.page(),
        }),
    ]
}
