//! Feeds that are well formed and whose entries are not: without links or ids, with ids that change or are all one,
//! dated in other centuries, or too many.

use super::answer::{Answer, RSS};
use super::document::{item, rfc822, rss_of_items};
use super::expect::Expect;
use super::row::{Place, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = identities();
    rows.extend(dates());
    rows.extend(links());
    rows.extend(floods());
    rows
}

/// The page of the site's article `number` is fetched once and no more.
fn once(place: &Place, number: usize) -> Expect {
    Expect::RequestsAtMost {
        site: place.name.to_owned(),
        path: format!("/story/{}-{number}", place.name),
        count: 1,
    }
}

/// Articles 1 to `count` are published, each fetched once.
fn published_once(place: &Place, count: usize) -> Vec<Expect> {
    let each = |number| {
        [
            Expect::Published {
                text: place.story(number),
            },
            once(place, number),
        ]
    };
    let expectations = (1..=count).flat_map(each);
    expectations.chain([Expect::SourceWorks]).collect()
}

fn items(place: &Place, count: usize, write: impl Fn(usize, &super::Text) -> String) -> Answer {
    let items: String = (1..=count).map(|number| write(number, &place.story(number))).collect();
    Answer::document(RSS, rss_of_items(&items))
}

fn identities() -> Vec<Row> {
    vec![
        Row::new(
            "entries-without-links",
            "has entries without links, ids and titles around its article",
        )
        .feed(|asked| {
            items(asked.place, 1, |_, text| {
                let good = item(&text.title, &text.url, &text.slug, &rfc822(0));
                let bad = "<item></item>\n<item><title></title><pubDate>yesterday evening</pubDate></item>\n\
                               <item><link></link><guid/><description>(photo)</description></item>\n";
                format!("{bad}{good}{bad}")
            })
        })
        .expects(|place| published_once(place, 1)),
        Row::new("entries-only-id", "has an entry whose link is in its id alone")
            .feed(|asked| {
                items(asked.place, 1, |_, text| {
                    format!("<item><title>{}</title><guid>{}</guid></item>\n", text.title, text.url)
                })
            })
            .expects(|place| published_once(place, 1)),
        Row::new("changing-ids", "gives the same entries other ids at each poll")
            .feed(|asked| {
                items(asked.place, 2, |number, text| {
                    let identifier = format!("{}-{}", text.slug, asked.earlier);
                    item(&text.title, &text.url, &identifier, &rfc822(number))
                })
            })
            .expects(|place| published_once(place, 2)),
        Row::new("same-ids", "gives all entries the same id")
            .feed(|asked| {
                items(asked.place, 3, |number, text| {
                    item(&text.title, &text.url, "post", &rfc822(number))
                })
            })
            .expects(|place| published_once(place, 3)),
        Row::new("shuffled-entries", "lists its entries in another order at each poll")
            .feed(|asked| {
                let order = |number: usize| (number + asked.earlier) % 3 + 1;
                items(asked.place, 3, |number, _| {
                    let text = asked.place.story(order(number));
                    item(&text.title, &text.url, &text.slug, &rfc822(order(number)))
                })
            })
            .expects(|place| published_once(place, 3)),
    ]
}

/// A feed whose second entry has `date`; the first is an ordinary one.
fn dated(name: &'static str, does: &'static str, date: &'static str) -> Row {
    Row::new(name, does)
        .feed(move |asked| {
            items(asked.place, 2, |number, text| {
                let ordinary = rfc822(number);
                let date = if number == 2 { date } else { &ordinary };
                item(&text.title, &text.url, &text.slug, date)
            })
        })
        .expects(|place| published_once(place, 2))
}

fn dates() -> Vec<Row> {
    vec![
        dated(
            "date-2099",
            "has an entry of the year 2099",
            "Thu, 31 Dec 2099 23:59:59 GMT",
        ),
        dated(
            "date-1970",
            "has an entry of the year 1970",
            "Thu, 01 Jan 1970 00:00:00 GMT",
        ),
        dated(
            "date-absurd",
            "has an entry of the year 20266",
            "Mon, 02 Mar 20266 10:00:00 GMT",
        ),
        dated(
            "date-negative",
            "has an entry of a year before Christ",
            "-0044-03-15T12:00:00Z",
        ),
        dated(
            "date-impossible",
            "has an entry of the thirtieth of February",
            "Mon, 30 Feb 2026 25:61:61 +9999",
        ),
        dated("date-long", "has an entry whose date has 5,000 digits", LONG_DATE),
        Row::new("date-changing", "dates the same entries anew at each poll")
            .feed(|asked| {
                items(asked.place, 1, |_, text| {
                    let date = super::document::rfc3339(0, i64::try_from(asked.earlier).unwrap_or(0));
                    item(&text.title, &text.url, &text.slug, &date)
                })
            })
            .expects(|place| vec![Expect::Published { text: place.story(1) }, Expect::SourceWorks]),
    ]
}

const LONG_DATE: &str = {
    const DIGITS: [u8; 5_000] = [b'9'; 5_000];
    match str::from_utf8(&DIGITS) {
        Ok(date) => date,
        Err(_) => "",
    }
};

/// One URL in twenty spellings that lead to one article.
fn spellings(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or_default();
    let (folder, name) = path.split_once('/').unwrap_or_default();
    let queries = [
        "",
        "?utm_source=rss",
        "?utm_source=feed&utm_medium=web&utm_campaign=all",
        "?fbclid=IwAR0a1b2c3",
        "?gclid=Cj0KCQ",
        "?mc_cid=12&mc_eid=34",
        "?",
        "#comments",
        "#",
        "?utm_content=a%20b#top",
        "?UTM_SOURCE=rss",
        "?msclkid=77",
        "?igshid=abc",
    ];
    let mut spellings: Vec<_> = queries.iter().map(|query| format!("{url}{query}")).collect();
    spellings.extend([
        format!("{}://{host}/{path}", scheme.to_uppercase()),
        format!("{scheme}://{host}/./{path}"),
        format!("{scheme}://{host}/x/../{path}"),
        format!(
            "{scheme}://{host}/{folder}/%{:02X}{}",
            name.as_bytes().first().unwrap_or(&b'x'),
            name.get(1..).unwrap_or("")
        ),
        format!(" {url}\n"),
        format!("/{path}"),
        format!("//{host}/{path}"),
    ]);
    spellings
}

fn links() -> Vec<Row> {
    vec![
        Row::new(
            "twenty-spellings",
            "links to one article by twenty spellings of its URL",
        )
        .feed(|asked| {
            let text = asked.place.story(1);
            let spellings = spellings(&text.url);
            let items = spellings.iter().enumerate();
            let items: String = items
                .map(|(index, link)| item(&text.title, link, &format!("{}/{index}", text.slug), &rfc822(index)))
                .collect();
            Answer::document(RSS, rss_of_items(&items))
        })
        .expects(|place| {
            let text = place.story(1);
            vec![Expect::Published { text }, Expect::SourceWorks]
        }),
        Row::new(
            "long-link",
            "links to an article by a URL of 100,000 letters, before a good one",
        )
        .feed(|asked| {
            items(asked.place, 1, |_, text| {
                let long = asked.place.url(&format!("/story/{}", "x".repeat(100_000)));
                let bad = item("A very long way", &long, "long", &rfc822(1));
                format!("{bad}{}", item(&text.title, &text.url, &text.slug, &rfc822(0)))
            })
        })
        .expects(|place| published_once(place, 1)),
        Row::new(
            "broken-links",
            "has links in its feed that are no URLs, before a good one",
        )
        .feed(|asked| {
            let bad = [
                "http://",
                "http://[::1",
                "http://a b/",
                "::::",
                "http://x:99999/",
                "http://%zz/",
                "mailto:a@b.example",
            ];
            items(asked.place, 1, |_, text| {
                let bad = bad.map(|link| item("No way", link, link, &rfc822(1))).concat();
                format!("{bad}{}", item(&text.title, &text.url, &text.slug, &rfc822(0)))
            })
        })
        .expects(|place| published_once(place, 1)),
    ]
}

fn floods() -> Vec<Row> {
    /// How many entries the full feed has.
    const ENTRIES: usize = 20_000;
    vec![
        Row::new(
            "entries-20000",
            "has 20,000 entries in its feed, most of them the same one under other ids",
        )
        .feed(|asked| {
            let texts = asked.place.stories(3);
            let items: String = (0..ENTRIES)
                .map(|index| {
                    let text = &texts[index.min(2)];
                    item(
                        &text.title,
                        &text.url,
                        &format!("{}/{index}", text.slug),
                        &rfc822(index),
                    )
                })
                .collect();
            Answer::document(RSS, rss_of_items(&items))
        })
        .expects(|place| published_once(place, 3)),
        Row::new(
            "title-1mb",
            "has a title of a megabyte in its feed, before a good entry",
        )
        .feed(|asked| {
            items(asked.place, 1, |_, text| {
                let long = item(&"long ".repeat(200_000), "", "long", &rfc822(1));
                format!("{long}{}", item(&text.title, &text.url, &text.slug, &rfc822(0)))
            })
        })
        .expects(|place| published_once(place, 1)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::spellings;

    #[test]
    fn one_url_has_twenty_spellings() {
        let spellings: BTreeSet<_> = spellings("http://127.0.0.1:80/story/one-1").into_iter().collect();
        assert_eq!(spellings.len(), 20, "{spellings:?}");
        assert!(spellings.contains("http://127.0.0.1:80/story/%6Fne-1"));
    }
}
