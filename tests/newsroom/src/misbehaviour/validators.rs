//! Validators that lie, change, or are written in no proper way.

use super::answer::Answer;
use super::expect::Expect;
use super::row::{Asked, FEED, Place, Row};

/// 304 with a tag.
pub(super) fn not_modified(tag: &str) -> Answer {
    Answer::new(304).header("ETag", tag)
}

/// One article, and later a second one.
fn growing(asked: &Asked<'_>) -> Answer {
    Asked::feed_of(&asked.place.stories(if asked.earlier == 0 { 1 } else { 2 }))
}

fn both(place: &Place) -> Vec<Expect> {
    let published = place.stories(2).into_iter().map(|text| Expect::Published { text });
    published.chain([Expect::SourceWorks]).collect()
}

/// A feed under a tag that must come back byte for byte; `tag` has a character for each byte.
fn tagged(name: &'static str, does: &'static str, tag: &'static str) -> Row {
    Row::new(name, does)
        .feed(move |asked| {
            let bytes: Vec<u8> = tag
                .chars()
                .filter_map(|letter| u8::try_from(u32::from(letter)).ok())
                .collect();
            match asked.if_none_match {
                Some(sent) if sent == tag => Answer::new(304).header("ETag", bytes),
                _ => Asked::feed_of(&asked.place.stories(1)).header("ETag", bytes),
            }
        })
        .expects(move |place| {
            vec![
                Expect::Published { text: place.story(1) },
                Expect::SourceWorks,
                Expect::ValidatorReturned {
                    path: FEED.to_owned(),
                    header: "If-None-Match",
                    value: tag.to_owned(),
                },
            ]
        })
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = tags();
    rows.extend(lies());
    rows
}

fn tags() -> Vec<Row> {
    const DATE: &str = "Sun Nov  31 2025 25:61:00 +0099";
    vec![
        tagged("tag-weak", "gives its feed a weak tag", "W/\"33a64df5\""),
        tagged(
            "tag-unquoted",
            "forgets the quotation marks of its tag",
            "33a64df5-gzip",
        ),
        tagged(
            "tag-odd-quotes",
            "puts quotation marks and commas into its tag",
            "\"a,b\"c;\"d\"",
        ),
        tagged(
            "tag-bytes",
            "puts bytes into its tag that are no text",
            "\"caf\u{e9}\u{ff}\u{80}\"",
        ),
        tagged("tag-long", "gives its feed a tag of 2,000 letters", LONG_TAG),
        Row::new("date-odd", "gives its feed a date of change that is none")
            .feed(|asked| match asked.if_modified_since {
                Some(DATE) => Answer::new(304),
                _ => Asked::feed_of(&asked.place.stories(1)).header("Last-Modified", DATE),
            })
            .expects(|place| {
                vec![
                    Expect::Published { text: place.story(1) },
                    Expect::SourceWorks,
                    Expect::ValidatorReturned {
                        path: FEED.to_owned(),
                        header: "If-Modified-Since",
                        value: DATE.to_owned(),
                    },
                ]
            }),
    ]
}

const LONG_TAG: &str = {
    const LETTERS: [u8; 2_000] = [b't'; 2_000];
    match str::from_utf8(&LETTERS) {
        Ok(tag) => tag,
        Err(_) => "",
    }
};

fn lies() -> Vec<Row> {
    vec![
        Row::new(
            "always-304",
            "says that nothing has changed to everybody who has a tag, although it has",
        )
        .stories(2)
        .feed(|asked| match (asked.if_none_match, asked.if_modified_since) {
            (None, None) => growing(asked).header("ETag", "\"for-ever\""),
            _ => not_modified("\"for-ever\""),
        })
        .expects(|place| {
            let probed = Expect::Probed { path: FEED.to_owned() };
            both(place).into_iter().chain([probed]).collect()
        }),
        Row::new("changing-tag", "gives the same feed another tag each time").feed(|asked| {
            let tag = format!("\"{}\"", asked.earlier);
            Asked::feed_of(&asked.place.stories(1)).header("ETag", tag)
        }),
        Row::new(
            "unasked-304",
            "says that nothing has changed to somebody who knows nothing",
        )
        .feed(|asked| match asked.earlier {
            0 => not_modified("\"new\""),
            _ => Asked::feed_of(&asked.place.stories(1)),
        }),
        Row::new(
            "same-tag",
            "keeps its tag when its feed changes, and honours it for the old one only",
        )
        .stories(2)
        .feed(|asked| growing(asked).header("ETag", "\"same\""))
        .expects(both),
        Row::new(
            "page-304",
            "says that an article has not changed to somebody who never had it",
        )
        .pages(|asked| match asked.earlier {
            0 => not_modified("\"page\""),
            _ => asked.page(),
        }),
    ]
}
