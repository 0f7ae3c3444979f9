//! Articles that are more or less than their page: one on two pages, and some that end in the same words.

use super::answer::{Answer, HTML};
use super::expect::Expect;
use super::row::{Asked, Place, Row};
use super::{Text, document, story};

/// Paragraphs on the first of two pages.
const ON_FIRST: usize = 3;
/// Articles that end in the same words, and on how many of them these may still be published: those that were read
/// before anybody could know.
const ALIKE: usize = 16;
const MAY_KEEP: usize = 8;
/// The words. They look like the story and stand where it ends.
const LINE: &str = "The reporters of the Odd Gazette live in the towns that they write about, and readers meet them on the \
                    first Saturday of each month in the old library, where there is coffee for everybody.";

/// The site's article as far as its first page has it.
fn begun(place: &Place) -> Text {
    let mut text = place.story(1);
    text.body.truncate(ON_FIRST);
    text
}

/// Where the second page is.
fn second_url(text: &Text) -> String {
    format!("{}?page=2", text.url)
}

/// The two pages of the article, each with the headline and a pager beneath.
fn page(asked: &Asked<'_>) -> Answer {
    let (mut text, is_second) = (asked.place.story(1), asked.path.ends_with("?page=2"));
    let (url, second) = (text.url.clone(), second_url(&text));
    text.body = match is_second {
        true => text.body.split_off(ON_FIRST),
        false => begun(asked.place).body,
    };
    let pager = match is_second {
        true => format!("<div class=\"pages\">Page 2 of 2: <a href=\"{url}\">1</a> 2</div>\n</article>"),
        false => format!("<div class=\"pages\">Page 1 of 2: 1 <a href=\"{second}\">2</a></div>\n</article>"),
    };
    Answer::document(HTML, document::page(&text).replace("</article>", &pager))
}

/// An article with the words that all articles of the site end in.
fn alike(asked: &Asked<'_>) -> Answer {
    let slug = asked.path.strip_prefix("/story/").unwrap_or_default();
    let mut text = story::text(slug, asked.place.url(asked.path));
    text.body.push(LINE.to_owned());
    Answer::document(HTML, document::page(&text))
}

pub(super) fn rows() -> Vec<Row> {
    const PUBLISHED: &[&str] = &["published"];
    vec![
        Row::new("two-page-article", "breaks its article into two pages")
            .pages(page)
            .expects(|place| {
                vec![
                    Expect::Corrected {
                        first: begun(place),
                        last: place.story(1),
                    },
                    Expect::AlsoFate {
                        url: second_url(&place.story(1)),
                        fate: "published",
                    },
                    Expect::SourceWorks,
                ]
            }),
        Row::new("same-last-words", "ends all of its articles with the same paragraph")
            .stories(ALIKE)
            .pages(alike)
            .expects(|place| {
                let each = place.stories(ALIKE).into_iter().map(|text| Expect::Fate {
                    url: text.url,
                    any_of: PUBLISHED,
                });
                let line = Expect::LineAtMost {
                    url_prefix: place.url("/story/"),
                    line: LINE.to_owned(),
                    count: MAY_KEEP,
                };
                each.chain([line, Expect::SourceWorks]).collect()
            }),
    ]
}
