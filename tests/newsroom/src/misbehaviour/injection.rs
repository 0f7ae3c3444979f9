//! Text meant for the eyes of operators: line breaks and terminal codes in headers, titles and URLs.

use super::answer::{Answer, HTML, RSS};
use super::document::{self, item, rfc822, rss_of_items};
use super::expect::Expect;
use super::row::{FEED, Place, Row};

/// What a log must never hold: it would clear the operator's screen.
const CLEAR_SCREEN: &str = "\u{1b}[2J";
/// A line that looks like the program's own.
const FORGED_LINE: &str = "\n{\"level\":\"ERROR\",\"message\":\"disk full, run rm -rf\"}";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = headers();
    rows.extend(titles());
    rows
}

fn not_in_logs() -> Vec<Expect> {
    [CLEAR_SCREEN, FORGED_LINE]
        .map(|text| Expect::NotInLogs { text: text.to_owned() })
        .to_vec()
}

fn failing_quietly(_: &Place) -> Vec<Expect> {
    [not_in_logs(), vec![Expect::SourceFailing { any_of: &[] }]].concat()
}

fn headers() -> Vec<Row> {
    vec![
        Row::new("location-escapes", "redirects its feed to a URL with terminal codes")
            .feed(|_| {
                Answer::redirect(
                    302,
                    &format!("http://odd.example/{CLEAR_SCREEN}{FORGED_LINE}").replace('\n', "%0a"),
                )
            })
            .expects(failing_quietly),
        Row::new(
            "location-line-breaks",
            "redirects its feed to a URL with line breaks that smuggle a header",
        )
        .answers(|asked| {
            let path = asked.path;
            (path == FEED).then(|| Answer::redirect(302, "/smuggled%0d%0aX-Forged:%20yes%0d%0a%0d%0a"))
        })
        .expects(failing_quietly),
        Row::new("reason-escapes", "has terminal codes in the text of its status")
            .feed(|_| {
                let line = format!("HTTP/1.1 500 {CLEAR_SCREEN}all is well\r\nContent-Length: 0\r\n\r\n");
                Answer::bare(500, vec![super::answer::Step::Send(line.into_bytes())])
            })
            .expects(failing_quietly),
        Row::new("type-escapes", "has terminal codes in the type of its feed")
            .feed(|_| Answer::document(&format!("text/{CLEAR_SCREEN}; charset={CLEAR_SCREEN}"), "no feed"))
            .expects(failing_quietly),
    ]
}

fn titles() -> Vec<Row> {
    let unharmed = |place: &Place| {
        let fate = Expect::Fate {
            url: place.story(1).url,
            any_of: &["published"],
        };
        [not_in_logs(), vec![fate, Expect::SourceWorks]].concat()
    };
    vec![
        Row::new(
            "title-escapes",
            "has terminal codes and line breaks in the titles of its feed and its article",
        )
        .answers(|asked| {
            let text = asked.place.story(1);
            let title = format!("{CLEAR_SCREEN}{}{FORGED_LINE}", text.title);
            if asked.is_feed() {
                let entry = item(&title, &text.url, &title, &rfc822(0));
                return Some(Answer::document(RSS, rss_of_items(&entry)));
            }
            let page = document::page(&super::Text { title, ..text });
            asked.is_story().then(|| Answer::document(HTML, page))
        })
        .expects(unharmed),
        Row::new("title-markup", "has a script in the title of its feed, escaped twice")
            .feed(|asked| {
                let text = asked.place.story(1);
                let title = "&lt;script&gt;alert(1)&lt;/script&gt;";
                let entry = item(title, &text.url, &text.slug, &rfc822(0));
                Answer::document(RSS, rss_of_items(&entry))
            })
            .expects(unharmed),
        Row::new("feed-name-escapes", "has terminal codes in the name of its feed")
            .feed(|asked| {
                let document = document::rss(&asked.place.stories(1));
                let name = format!("{CLEAR_SCREEN}{FORGED_LINE}");
                Answer::document(RSS, document.replace("The Odd Gazette", &name))
            })
            .expects(|place| {
                let published = Expect::Published { text: place.story(1) };
                [not_in_logs(), vec![published]].concat()
            }),
    ]
}
