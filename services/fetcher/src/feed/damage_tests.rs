//! Documents that something happened to: an entry is lost at most, never its siblings.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use proptest::prelude::{Just, Strategy};
use proptest::sample::{Index, select};
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::*;

const BASE: &str = "https://example.org/news/feed";

const ENTRIES: usize = 6;

/// A whole document as its head, its entries and its tail.
struct Whole {
    head: &'static str,
    entries: Vec<String>,
    tail: &'static str,
}

impl Whole {
    fn with(&self, broken_at: usize, broken: &str) -> String {
        let entry = |at: usize| if at == broken_at { broken } else { &self.entries[at] };
        let entries: Vec<&str> = (0..self.entries.len()).map(entry).collect();
        let part = if self.head.starts_with('{') { ",\n" } else { "\n" };
        format!("{}{}{}", self.head, entries.join(part), self.tail)
    }
}

fn whole(head: &'static str, tail: &'static str, entry: impl Fn(usize) -> String) -> Whole {
    let entries = (0..ENTRIES).map(entry).collect();
    Whole { head, entries, tail }
}

fn rss() -> Whole {
    whole(
        "<?xml version=\"1.0\"?><rss version='2.0'><channel><title>The Post</title>\n",
        "</channel></rss>",
        |at| {
            format!(
                "<item><title><![CDATA[Entry {at}]]></title><link>https://example.org/{at}</link>\
                <guid isPermaLink=\"false\">id-{at}</guid><!-- {at} --><description>Text &amp; &lt;b&gt;more&lt;/b&gt;\
                </description><enclosure url='/e' length=\"1\"/></item>"
            )
        },
    )
}

fn atom() -> Whole {
    whole(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>The Post</title><author><name>Jo</name></author>\n",
        "</feed>",
        |at| {
            format!(
                "<entry xml:lang=\"de\"><title type='html'>Entry {at}</title><id>urn:{at}</id>\
                <link rel=\"alternate\" href='https://example.org/{at}'/><updated>2026-11-22T10:00:00Z</updated>\
                <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Text</p></div></content></entry>"
            )
        },
    )
}

fn json() -> Whole {
    whole(
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [\n",
        "], \"title\": \"The Post\"}",
        |at| {
            format!(
                "{{\"id\": \"{at}\", \"url\": \"https://example.org/{at}\", \"title\": \"Entry {at}\", \
                \"tags\": [\"a\", \"b\"], \"attachments\": [{{\"url\": \"/e\"}}], \"content_text\": \"T \\\"q\\\"\"}}"
            )
        },
    )
}

/// True when the feed has the entry of that number as it was.
fn has_entry(feed: &Feed, number: usize) -> bool {
    let (title, link) = (format!("Entry {number}"), format!("https://example.org/{number}"));
    let is_it = |entry: &&Entry| entry.title.as_ref() == Some(&title) && entry.link.as_ref() == Some(&link);
    feed.entries.iter().filter(is_it).count() == 1
}

/// Something that happens to an entry.
#[derive(Debug, Clone)]
enum Damage {
    Lost { from: Index, length: usize },
    Added { at: Index, text: &'static str },
}

impl Damage {
    fn of(&self, entry: &str) -> String {
        let boundary = |at: usize| (at..).find(|at| entry.is_char_boundary(*at)).unwrap_or(entry.len());
        match self {
            Self::Lost { from, length } => {
                let from = boundary(from.index(entry.len()));
                let to = boundary((from + length).min(entry.len()));
                format!("{}{}", &entry[..from], &entry[to..])
            }
            Self::Added { at, text } => {
                // Inside the entry: what stands before its first mark belongs to the document.
                let at = boundary(1 + at.index(entry.len() - 1));
                format!("{}{text}{}", &entry[..at], &entry[at..])
            }
        }
    }
}

const MARKUP: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "<b>",
    "</b>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "<!",
    "<!DOCTYPE a [",
    "</",
    "/>",
    "<a b=\"",
    "<a b='",
    "</title>",
    "<title>",
    "<link>",
    "<description>",
    "</description>",
    "</item>",
    "</entry>",
    "</channel>",
    "</rss>",
    "</feed>",
    "<channel>",
    "<html>",
    "&nope;",
    "&#0;",
    "\u{0}",
    "\u{1b}",
    "\u{fffd}",
    "é",
];

const JSON_MARKS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "\n",
    "\u{0}",
    "null",
    "},{",
    "}{",
    "],[",
    "\"x\": [{",
    "é",
];

fn damage(texts: &'static [&'static str]) -> impl Strategy<Value = Damage> {
    prop_oneof![
        (proptest::prelude::any::<Index>(), 1..40_usize).prop_map(|(from, length)| Damage::Lost { from, length }),
        (proptest::prelude::any::<Index>(), select(texts)).prop_map(|(at, text)| Damage::Added { at, text }),
    ]
}

/// Reads a document in which one entry is broken, and looks for the others.
fn siblings_survive(whole: &Whole, broken_at: usize, damage: &Damage) -> Result<(), String> {
    let document = whole.with(broken_at, &damage.of(&whole.entries[broken_at]));
    let feed = parse(document.as_bytes(), None, BASE).map_err(|error| format!("{error}: {document}"))?;
    let lost = (0..ENTRIES).find(|number| *number != broken_at && !has_entry(&feed, *number));
    lost.map_or(Ok(()), |lost| {
        Err(format!("entry {lost} is lost: {document}\n{:#?}", feed.entries))
    })
}

#[test]
fn whole_documents_are_read_whole() {
    for whole in [rss(), atom(), json()] {
        let document = whole.with(0, &whole.entries[0]);
        let feed = parse(document.as_bytes(), None, BASE).unwrap();
        assert_eq!(feed.title.as_deref(), Some("The Post"));
        assert_eq!(feed.entries_seen, ENTRIES);
        assert!((0..ENTRIES).all(|number| has_entry(&feed, number)), "{document}");
    }
}

proptest! {
    #[test]
    fn a_broken_entry_of_xml_costs_itself(broken_at in 0..ENTRIES, damage in damage(MARKUP), is_rss: bool) {
        let whole = if is_rss { rss() } else { atom() };
        let read = siblings_survive(&whole, broken_at, &damage);
        prop_assert!(read.is_ok(), "{}", read.unwrap_err());
    }

    #[test]
    fn a_broken_item_of_json_costs_itself(broken_at in 0..ENTRIES, damage in damage(JSON_MARKS)) {
        let read = siblings_survive(&json(), broken_at, &damage);
        prop_assert!(read.is_ok(), "{}", read.unwrap_err());
    }

    #[test]
    fn a_cut_document_keeps_the_entries_before_the_cut(
        whole in prop_oneof![Just(0), Just(1), Just(2)],
        cut: Index,
    ) {
        let whole = [rss(), atom(), json()].into_iter().nth(whole).unwrap();
        let document = whole.with(0, &whole.entries[0]);
        let cut = whole.head.len() + cut.index(document.len() - whole.head.len());
        let feed = parse(&document.as_bytes()[..cut], None, BASE);
        let seen = feed.map(|feed| (0..ENTRIES).take_while(|number| has_entry(&feed, *number)).count());
        let ends = whole.entries.iter().filter(|entry| {
            document.find(entry.as_str()).is_some_and(|at| at + entry.len() <= cut)
        });
        prop_assert!(ends.count() <= seen.unwrap_or(0));
    }

    #[test]
    fn two_documents_run_together_are_bounded(first: Index, second: Index, kinds in (0..3_usize, 0..3_usize)) {
        let documents = [rss(), atom(), json()].map(|whole| whole.with(0, &whole.entries[0]));
        let (one, other) = (&documents[kinds.0], &documents[kinds.1]);
        let spliced = [&one.as_bytes()[..first.index(one.len())], &other.as_bytes()[second.index(other.len())..]];
        if let Ok(feed) = parse(&spliced.concat(), None, BASE) {
            prop_assert!(feed.entries.len() <= 2 * ENTRIES + 2);
            prop_assert_eq!(feed.entries.len(), feed.entries_seen);
        }
    }

    #[test]
    fn the_same_text_in_another_encoding_is_the_same_feed(
        label in select(&["utf-8", "windows-1251", "koi8-r", "iso-8859-5", "utf-16le", "utf-16be"][..]),
        is_declared: bool,
    ) {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let declaration = if is_declared { format!("<?xml version='1.0' encoding='{label}'?>") } else { String::new() };
        let text = format!(
            "{declaration}<rss><channel><item><title>Пожар в порту потушен</title>\
            <description>Пожарные работали всю ночь, сообщает городская служба спасения.</description></item>",
        );
        let bytes: Vec<u8> = match encoding {
            encoding if encoding == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            encoding if encoding == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            encoding => encoding.encode(&text).0.into_owned(),
        };
        let header = format!("text/xml; charset={label}");
        let feed = parse(&bytes, (!is_declared).then_some(header.as_str()), BASE).unwrap();
        prop_assert_eq!(feed.entries[0].title.as_deref(), Some("Пожар в порту потушен"));
    }
}

/// Each of these would take hours if every mark were answered by a search to the end of the document.
#[test]
fn hostile_repetition_is_read_in_one_go() {
    let repeated = |start: &str, part: &str| {
        let document = format!("{start}{}", part.repeat(400_000 / part.len()));
        let _ = parse(document.as_bytes(), None, BASE);
        let _ = text::plain_text(&document);
    };
    for part in [
        "<!--",
        "<![CDATA[",
        "<a b=\"",
        "<a b='x",
        "<a b=\"<'",
        "<a<",
        "<!",
        "<?",
        "</",
        "&",
        "&#",
        "<item>",
        "<!a [",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<!ENTITY x '",
        "<![CDATA[</item",
        "<!--<!--</item>",
        "<title>",
        "<x xmlns:y='z'>",
        "<x xml:base='a/'>",
        "<link rel='hub' href='h'/>",
    ] {
        repeated("<rss><channel><item><description>", part);
        repeated("<!DOCTYPE rss [", part);
    }
    for part in [
        "{",
        "[",
        "\"",
        "{\"a\":",
        "},{\"",
        "\\",
        "{\"id\": 1},",
        "1,",
        "{\"x\": \"},{\"y",
    ] {
        repeated("{\"items\": [", part);
    }
}
