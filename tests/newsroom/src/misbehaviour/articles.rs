//! Articles that change, and articles that only seem to.

use super::Text;
use super::answer::{Answer, HTML, RSS};
use super::document;
use super::expect::Expect;
use super::row::{Asked, Place, Row};
use crate::markup::escape;

/// An Atom feed of the site's first article, which says that it was updated after each poll but the first two.
fn atom(asked: &Asked<'_>) -> Answer {
    let text = asked.place.story(1);
    let later = i64::try_from(asked.earlier.saturating_sub(1)).unwrap_or(0) * 60;
    let (title, url) = (escape(&text.title), escape(&text.url));
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>The Odd Gazette</title>\n<id>tag:odd.example,2026:{slug}</id>\n<updated>{updated}</updated>\n<entry>\n\
         <title>{title}</title>\n<link href=\"{url}\"/>\n<id>tag:odd.example,2026:{slug}/1</id>\n\
         <published>{published}</published>\n<updated>{updated}</updated>\n<summary>{title}</summary>\n</entry>\n</feed>\n",
        slug = text.slug,
        published = document::rfc3339(0, 0),
        updated = document::rfc3339(0, later),
    );
    Answer::document("application/atom+xml; charset=utf-8", document)
}

/// The site's article with another second paragraph, which takes back what the first version said.
fn corrected(place: &Place) -> Text {
    let mut text = place.story(1);
    if let Some(paragraph) = text.body.get_mut(1) {
        "Correction: an earlier version of this article said that the vote had been taken. The chair postponed it by a \
         week, after the clerk found that 14 of the ballots had been printed with the wrong date and could not be counted."
            .clone_into(paragraph);
    }
    text
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new("corrected-article", "corrects its article, which its feed announces")
            .answers(|asked| match asked.path {
                _ if asked.is_feed() => Some(atom(asked)),
                // From the third request on: a kill may have lost the answer to the first.
                _ if asked.is_story() && 1 < asked.earlier => {
                    Some(Answer::document(HTML, document::page(&corrected(asked.place))))
                }
                _ => None,
            })
            .expects(|place| {
                vec![
                    Expect::Corrected {
                        first: place.story(1),
                        last: corrected(place),
                    },
                    Expect::SourceWorks,
                ]
            }),
        Row::new("restless-updated", "announces updates of an article that never changes")
            .feed(atom)
            .expects(|place| {
                vec![
                    Expect::Published { text: place.story(1) },
                    Expect::AlsoFate {
                        url: place.story(1).url,
                        fate: "unchanged",
                    },
                    Expect::SourceWorks,
                ]
            }),
        Row::new(
            "restless-page",
            "puts another time and another advertisement around an unchanged article each time",
        )
        .answers(|asked| match asked.path {
            _ if asked.is_feed() => Some(atom(asked)),
            _ if asked.is_story() => {
                let page = document::page(&asked.place.story(1));
                let clock = format!("<footer><p>Page built for visitor number {}</p>", 4_711 + asked.earlier);
                Some(Answer::document(HTML, page.replace("<footer>", &clock)))
            }
            _ => None,
        })
        .expects(|place| vec![Expect::Published { text: place.story(1) }, Expect::SourceWorks]),
        Row::new(
            "vanishing-entry",
            "takes its article out of its feed after the first poll, and brings it back",
        )
        .feed(|asked| {
            let is_shown = asked.earlier % 2 == 0;
            let texts = asked.place.stories(usize::from(is_shown));
            Answer::document(RSS, document::rss(&texts))
        }),
    ]
}
