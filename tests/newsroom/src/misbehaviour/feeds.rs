//! Feed documents that are broken, hostile, or not what their headers say. What can be read in them is still read.

use super::VAULT;
use super::answer::{Answer, HTML, RSS};
use super::document;
use super::expect::Expect;
use super::row::{Place, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = ill_formed();
    rows.extend(misspelt());
    rows.extend(charsets());
    rows.extend(entities());
    rows.extend(shapes());
    rows
}

fn published(place: &Place, count: usize) -> Vec<Expect> {
    let published = place.stories(count).into_iter().map(|text| Expect::Published { text });
    published.chain([Expect::SourceWorks]).collect()
}

/// A feed of two articles that `spoil` spoils; both can still be read.
fn spoilt(name: &'static str, does: &'static str, spoil: fn(String) -> Vec<u8>) -> Row {
    Row::new(name, does)
        .feed(move |asked| Answer::document(RSS, spoil(document::rss(&asked.place.stories(2)))))
        .expects(|place| published(place, 2))
}

/// The document with `text` in front of the second item.
fn between(document: &str, text: &str) -> Vec<u8> {
    let second = document.rfind("<item>").unwrap_or(document.len());
    [&document[..second], text, &document[second..]].concat().into_bytes()
}

fn ill_formed() -> Vec<Row> {
    vec![
        Row::new("feed-cut", "ends its feed inside the third entry")
            .feed(|asked| {
                let document = document::rss(&asked.place.stories(3));
                let end = document.rfind("<link>").unwrap_or(0);
                Answer::document(RSS, document[..end].to_owned())
            })
            .expects(|place| published(place, 2)),
        spoilt("feed-ampersand", "has bare ampersands in its feed", |document| {
            let wild = "<item><title>Fish & chips &c; A&B</title></item>\n";
            between(&document, wild)
        }),
        spoilt(
            "feed-entities",
            "has entities in its feed that XML does not know",
            |document| {
                document
                    .replace("The Odd Gazette", "The&nbsp;Odd&hellip;Gazette&bogus;")
                    .into_bytes()
            },
        ),
        spoilt(
            "feed-nesting",
            "closes the tags of its feed in the wrong order",
            |document| between(&document, "<item><title>Of <b>bold <i>claims</b></i></title></item>\n"),
        ),
        spoilt(
            "feed-junk-first",
            "prints warnings and empty lines before its feed",
            |document| format!("\r\n\r\nWarning: mysql_connect() in /www/feed.php on line 7\n{document}").into_bytes(),
        ),
        spoilt("feed-junk-last", "prints a footer behind its feed", |document| {
            format!("{document}\n<!-- generated in 0.3 s --><script>track()</script></rss>\n").into_bytes()
        }),
    ]
}

fn misspelt() -> Vec<Row> {
    vec![
        spoilt(
            "feed-null-bytes",
            "has null and control bytes in its feed",
            |document| {
                between(
                    &document,
                    "<item><title>Nul\0 and \u{1}\u{b}\u{1f}&#0;&#x8;</title></item>\0\n",
                )
            },
        ),
        spoilt(
            "feed-attributes",
            "forgets quotation marks around attributes in its feed",
            |document| between(&document, "<image width=88 title=odd/><cloud port=80 path=/x>\n"),
        ),
        spoilt("feed-upper-case", "writes its feed in capitals", |document| {
            ["title", "link", "guid", "item"]
                .iter()
                .fold(document, |document, name| {
                    document
                        .replace(&format!("<{name}"), &format!("<{}", name.to_uppercase()))
                        .replace(&format!("</{name}"), &format!("</{}", name.to_uppercase()))
                })
                .into_bytes()
        }),
    ]
}

fn charsets() -> Vec<Row> {
    let utf16 = |document: &str| {
        let units = document.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect::<Vec<_>>()
    };
    vec![
        spoilt(
            "feed-charset-lie",
            "says UTF-8 twice and sends windows-1252",
            |document| {
                let note = "<copyright>Caf\u{e9} \u{201c}Odd\u{201d}</copyright>\n";
                let text = document.replacen("<item>", &format!("{note}<item>"), 1);
                encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
            },
        ),
        Row::new("feed-utf16", "sends its feed in UTF-16 and says UTF-8")
            .feed(move |asked| Answer::document(RSS, utf16(&document::rss(&asked.place.stories(2)))))
            .expects(|place| published(place, 2)),
        Row::new("feed-charset-unknown", "sends its feed in a charset that nobody knows")
            .feed(|asked| {
                let text = document::rss(&asked.place.stories(2)).replace("UTF-8", "x-odd-8");
                Answer::document("text/xml; charset=x-odd-8", text)
            })
            .expects(|place| published(place, 2)),
        Row::new("feed-as-html", "sends its feed under the type of pages")
            .feed(|asked| Answer::document(HTML, document::rss(&asked.place.stories(2))))
            .expects(|place| published(place, 2)),
        Row::new("feed-as-bytes", "sends its feed under the type of unknown bytes")
            .feed(|asked| Answer::document("application/octet-stream", document::rss(&asked.place.stories(2))))
            .expects(|place| published(place, 2)),
    ]
}

/// The feed behind a document type of the row's own; `&odd;` stands in its description.
fn with_doctype(name: &'static str, does: &'static str, doctype: fn(&Place) -> String) -> Row {
    Row::new(name, does)
        .feed(move |asked| {
            let document = document::rss(&asked.place.stories(1)).replace("A site that misbehaves", "&odd;");
            let document = document.replacen("<rss", &format!("{}\n<rss", doctype(asked.place)), 1);
            Answer::document(RSS, document)
        })
        .expects(|place| {
            vec![
                Expect::Published { text: place.story(1) },
                Expect::NeverRequested {
                    site: VAULT.to_owned(),
                    path_prefix: format!("/{}", place.name),
                },
                Expect::NeverRequested {
                    site: place.name.to_owned(),
                    path_prefix: "/entity".to_owned(),
                },
                Expect::NotInLogs {
                    text: "root:x:0:0".to_owned(),
                },
            ]
        })
}

fn entities() -> Vec<Row> {
    vec![
        with_doctype(
            "entity-bomb",
            "nests entities so that they grow to a billion laughs",
            |_| {
                let mut doctype = "<!DOCTYPE rss [<!ENTITY l0 \"ha\">".to_owned();
                for level in 1..=9 {
                    let inner = format!("&l{};", level - 1).repeat(10);
                    doctype.push_str(&format!("<!ENTITY l{level} \"{inner}\">"));
                }
                doctype + "<!ENTITY odd \"&l9;\">]>"
            },
        ),
        with_doctype(
            "entity-long",
            "repeats one entity of 100,000 letters 1,000 times",
            |_| {
                let letters = "a".repeat(100_000);
                let uses = "&long;".repeat(1_000);
                format!("<!DOCTYPE rss [<!ENTITY long \"{letters}\"><!ENTITY odd \"{uses}\">]>")
            },
        ),
        with_doctype("entity-loop", "has an entity that stands for itself", |_| {
            "<!DOCTYPE rss [<!ENTITY odd \"&even;\"><!ENTITY even \"&odd;\">]>".to_owned()
        }),
        with_doctype("entity-file", "has an entity that stands for a file", |_| {
            "<!DOCTYPE rss [<!ENTITY odd SYSTEM \"file:///etc/passwd\">]>".to_owned()
        }),
        with_doctype(
            "entity-request",
            "has an entity that stands for a page of its own",
            |place| format!("<!DOCTYPE rss [<!ENTITY odd SYSTEM \"{}\">]>", place.url("/entity")),
        ),
        with_doctype(
            "entity-vault",
            "has an entity that stands for a page in a private network",
            |place| {
                let (port, name) = (place.vault_port, place.name);
                format!("<!DOCTYPE rss [<!ENTITY odd SYSTEM \"http://0.0.0.0:{port}/{name}\">]>")
            },
        ),
        with_doctype(
            "entity-parameter",
            "has a document type that includes another",
            |place| {
                let url = place.url("/entity.dtd");
                format!(
                    "<!DOCTYPE rss SYSTEM \"{url}\" [<!ENTITY % more SYSTEM \"{url}\"> %more; <!ENTITY odd \"x\">]>"
                )
            },
        ),
    ]
}

fn shapes() -> Vec<Row> {
    /// How deep the deep feed goes.
    const DEEP: usize = 100_000;
    let survives = |_: &Place| vec![Expect::SourceFailing { any_of: &[] }];
    vec![
        Row::new("feed-deep", "nests 100,000 elements in its feed, behind its article")
            .feed(|asked| {
                let deep = format!("{}{}", "<x>".repeat(DEEP), "</x>".repeat(DEEP));
                let document = document::rss(&asked.place.stories(1));
                Answer::document(RSS, document.replace("</channel>", &format!("{deep}</channel>")))
            })
            .expects(|place| vec![Expect::Published { text: place.story(1) }]),
        Row::new(
            "feed-deep-json",
            "is subscribed to by a JSON Feed of 100,000 open brackets",
        )
        .feed(|_| {
            let deep = format!(
                "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{}",
                "[".repeat(DEEP)
            );
            Answer::document("application/feed+json", deep)
        })
        .expects(survives),
        Row::new(
            "feed-attributes-flood",
            "has an element of 100,000 attributes in its feed",
        )
        .feed(|asked| {
            let attributes: String = (0..DEEP).map(|number| format!(" a{number}=\"\"")).collect();
            let document = document::rss(&asked.place.stories(1));
            Answer::document(
                RSS,
                document.replace("</channel>", &format!("<x{attributes}/></channel>")),
            )
        })
        .expects(|place| vec![Expect::Published { text: place.story(1) }]),
        Row::new("feed-empty", "sends a feed of no bytes")
            .feed(|_| Answer::document(RSS, ""))
            .expects(survives),
        Row::new("feed-without-entries", "sends a good feed of no entries")
            .stories(0)
            .expects(|_| vec![Expect::SourceWorks]),
        Row::new("feed-binary", "sends a picture as its feed")
            .feed(|_| {
                let bytes: Vec<u8> = (0..=255_u8).cycle().take(20_000).collect();
                Answer::document(RSS, [b"\x89PNG\r\n\x1a\n".to_vec(), bytes].concat())
            })
            .expects(survives),
    ]
}
