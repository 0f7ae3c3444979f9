//! `copydesk sources list` as a person reads it.

use newsroom::misbehaviour::SeenSource;

use crate::program::run_well;

/// All sources and how they fare.
///
/// # Panics
/// When they can't be listed.
#[must_use]
pub fn sources(place: &[String]) -> Vec<SeenSource> {
    let words = ["sources", "list"].map(str::to_owned);
    parse(&run_well(words.iter().chain(place)))
}

/// Two lines for each source: its id, URL and title; how it fares, indented.
fn parse(list: &str) -> Vec<SeenSource> {
    let mut lines = list.lines();
    let mut sources = Vec::new();
    while let (Some(name), Some(health)) = (lines.next(), lines.next()) {
        let health = health.trim_start();
        let standing = health.split([':', ',', ' ']).next().unwrap_or_default();
        // `blocked: its pages are refused` says nothing of the feed itself.
        let is_failing = matches!(standing, "failing" | "blocked") && health.contains(" in a row)");
        sources.push(SeenSource {
            url: name.split(' ').nth(1).unwrap_or_default().to_owned(),
            failure: is_failing.then(|| health.to_owned()),
            moved_to: health.rsplit_once("; now at ").map(|(_, url)| url.to_owned()),
            ended: standing == "ended",
        });
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_each_source_fares() {
        let list = "0a http://a.example/feed  A title\n    fresh, last read 2026-11-22T12:00:00.000Z, next poll x\n\
                    0b http://b.example/feed\n    failing (2 in a row): timeout: no; whole answer; never read, next poll x\n\
                    0c http://c.example/feed\n    ended: the server says that it is gone; never read; add it again\n\
                    0d http://d.example/feed\n    blocked: its pages are refused; last read x, next poll x\n\
                    0e http://e.example/feed\n    fresh, last read x, next poll x; now at http://f.example/feed\n";
        let source = |url: &str| SeenSource {
            url: format!("http://{url}.example/feed"),
            ..SeenSource::default()
        };
        let failure = "failing (2 in a row): timeout: no; whole answer; never read, next poll x";
        let expected = [
            source("a"),
            SeenSource {
                failure: Some(failure.to_owned()),
                ..source("b")
            },
            SeenSource {
                ended: true,
                ..source("c")
            },
            source("d"),
            SeenSource {
                moved_to: Some("http://f.example/feed".to_owned()),
                ..source("e")
            },
        ];
        assert_eq!(parse(list), expected);
    }
}
