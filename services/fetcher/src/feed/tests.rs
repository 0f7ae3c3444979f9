use proptest::prelude::any;
use proptest::{collection, proptest};

use super::*;

const BASE: &str = "https://example.org/news/feed.xml";

fn read(document: &str) -> Feed {
    parse(document.as_bytes(), None, BASE).unwrap_or_else(|error| panic!("{error}: {document}"))
}

/// The one entry of an RSS feed with `fields` in its item.
fn item(fields: &str) -> Entry {
    let feed = read(&format!(
        "<rss version='2.0'><channel><item>{fields}</item></channel></rss>"
    ));
    feed.entries.into_iter().next().unwrap()
}

/// The one entry of an Atom feed with `fields` in it.
fn atom(fields: &str) -> Entry {
    let feed = read(&format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry>{fields}</entry></feed>"
    ));
    feed.entries.into_iter().next().unwrap()
}

#[test]
fn reads_rss_with_the_modules_that_news_uses() {
    let feed = read(
        "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'
        xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The &lt;b&gt;Post&lt;/b&gt;</title>
        <language>de-AT</language><image><title>no</title></image><item><title>Flood &amp;amp; fire</title>
        <link> /story/1 </link><guid isPermaLink='false'>id-1</guid><dc:creator>Jo Doe</dc:creator>
        <pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate><category>World</category><description>Short</description>
        <content:encoded><![CDATA[<p>Long &amp; whole</p>]]></content:encoded></item></channel></rss>",
    );
    assert_eq!(feed.title.as_deref(), Some("The Post"));
    assert_eq!(feed.language.as_deref(), Some("de-AT"));
    let [entry] = feed.entries.as_slice() else {
        panic!("{} entries", feed.entries.len());
    };
    assert_eq!(entry.title.as_deref(), Some("Flood & fire"));
    assert_eq!(entry.link.as_deref(), Some("https://example.org/story/1"));
    assert_eq!(entry.id.as_deref(), Some("id-1"));
    assert_eq!(entry.authors, ["Jo Doe"]);
    assert_eq!(entry.published.unwrap().to_string(), "2026-11-22T09:00:00.000Z");
    assert_eq!(entry.categories, ["World"]);
    assert_eq!(entry.summary.as_deref(), Some("Short"));
    assert_eq!(entry.content_html.as_deref(), Some("<p>Long &amp; whole</p>"));
}

#[test]
fn reads_atom_with_inherited_base_language_and_author() {
    let feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr' xml:base='https://cdn.example/'>
        <author><name>Desk</name></author><title>Une</title><entry xml:base='a/'><id>tag:1</id><title type='html'>
        Un &lt;i&gt;titre&lt;/i&gt;</title><link rel='enclosure' href='x.mp3'/><link href='b'/>
        <published>2026-11-22T10:00:00Z</published><updated>2026-11-22T11:00:00Z</updated>
        <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Un <b>texte</b> &lt; deux</p></div></content>
        </entry><entry><author><name>Jo</name></author></entry></feed>",
    );
    let [first, second] = feed.entries.as_slice() else {
        panic!("{} entries", feed.entries.len());
    };
    assert_eq!(feed.language.as_deref(), Some("fr"));
    assert_eq!(first.link.as_deref(), Some("https://cdn.example/a/b"));
    assert_eq!(first.title.as_deref(), Some("Un titre"));
    assert_eq!(first.authors, ["Desk"]);
    assert_eq!(first.content_html.as_deref(), Some("<p>Un <b>texte</b> &lt; deux</p>"));
    assert_eq!(second.authors, ["Jo"]);
}

#[test]
fn reads_rdf_and_json() {
    let rdf = read(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>
        <channel><title>T</title></channel><item rdf:about='https://example.org/1'><title>One</title>
        <link>https://example.org/1</link></item></rdf:RDF>",
    );
    assert_eq!(rdf.entries[0].id.as_deref(), Some("https://example.org/1"));
    let json = read(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": 7, "url": "/7",
        "content_text": "a < b\n\nc", "authors": [{"name": "Jo"}], "date_published": "2026-11-22T10:00:00Z"}]}"#,
    );
    let entry = &json.entries[0];
    assert_eq!(entry.id.as_deref(), Some("7"));
    assert_eq!(entry.link.as_deref(), Some("https://example.org/7"));
    assert_eq!(entry.content_html.as_deref(), Some("<p>a &lt; b</p><p>c</p>"));
}

#[test]
fn the_address_is_found_wherever_feeds_put_it() {
    let check = |entry: Entry, expected: Option<&str>| assert_eq!(entry.link.as_deref(), expected);
    check(
        item("<link>https://example.org/a</link>"),
        Some("https://example.org/a"),
    );
    check(
        item("<guid>https://example.org/a</guid>"),
        Some("https://example.org/a"),
    );
    check(item("<guid isPermaLink='false'>x</guid>"), None);
    check(
        item("<atom:link rel='self' href='/s'/><atom:link href='/a'/>"),
        Some("https://example.org/a"),
    );
    check(
        atom("<link rel='replies' href='/r'/><link rel='alternate' href='/a'/>"),
        Some("https://example.org/a"),
    );
    check(atom("<id>https://example.org/a</id>"), Some("https://example.org/a"));
    check(
        item("<link>https://EXAMPLE.org/a?b c#d</link>"),
        Some("https://EXAMPLE.org/a?b c#d"),
    );
}

#[test]
fn reads_the_formats_before_and_beside_the_usual_ones() {
    let channel_definition = read(
        "<CHANNEL HREF='https://example.org/'><TITLE>T</TITLE><ITEM HREF='/1' LASTMOD='1998-11-05T22:00'>\
        <TITLE>One</TITLE><ABSTRACT>Text</ABSTRACT></ITEM></CHANNEL>",
    );
    let entry = &channel_definition.entries[0];
    assert_eq!(entry.link.as_deref(), Some("https://example.org/1"));
    assert_eq!(entry.updated_text.as_deref(), Some("1998-11-05T22:00"));
    assert_eq!(entry.summary.as_deref(), Some("Text"));
    let old_atom = read(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#' xml:lang='en_GB'><entry><title mode='escaped'>A &amp;lt; B\
        </title><issued>2026-11-22T10:00:00Z</issued><content type='text/html' mode='base64'>PGI+eDwvYj4=</content>\
        </entry></feed>",
    );
    assert_eq!(old_atom.language.as_deref(), Some("en-GB"));
    assert_eq!(old_atom.entries[0].title.as_deref(), Some("A < B"));
    assert_eq!(old_atom.entries[0].content_html.as_deref(), Some("<b>x</b>"));
}

#[test]
fn the_link_in_the_language_of_the_entry_counts() {
    let german = "<link hreflang='de' href='/de'/>";
    let french = "<link hreflang='fr' href='/fr'/>";
    for links in [format!("{german}{french}"), format!("{french}{german}")] {
        let feed = read(&format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de-AT'><entry>{links}</entry></feed>"
        ));
        assert_eq!(feed.entries[0].link.as_deref(), Some("https://example.org/de"));
    }
    let other = atom("<link type='application/pdf' href='/p'/><link href='/a'/><link rel='related' href='/r'/>");
    assert_eq!(other.link.as_deref(), Some("https://example.org/a"));
}

#[test]
fn a_field_that_was_never_closed_ends_with_the_next_one() {
    let entry = item("<title>One<link>/1<guid isPermaLink='false'>g<description>Text <b>more<pubDate>22 Nov 2026");
    assert_eq!(entry.title.as_deref(), Some("One"));
    assert_eq!(entry.link.as_deref(), Some("https://example.org/1"));
    assert_eq!(entry.id.as_deref(), Some("g"));
    let head = read("<rss><channel><title>T<link>/</link><item><title>One</title></item></channel></rss>");
    assert_eq!(head.title.as_deref(), Some("T"));
    assert_eq!(head.entries.len(), 1);
}

#[test]
fn entries_are_handed_on_as_they_are_read() {
    let document = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry><author><name>Jo</name></author>\
        <entry><id>2</id></entry></feed>";
    let mut seen = Vec::new();
    let feed = parse_with(document.as_bytes(), None, BASE, &mut |entry| seen.push(entry.authors)).unwrap();
    assert_eq!(seen, [vec![], vec!["Jo".to_owned()]]);
    assert_eq!((feed.entries.len(), feed.entries_seen), (0, 2));
    let newest = parse_newest(document.as_bytes(), None, BASE, 1).unwrap();
    assert_eq!((newest.entries.len(), newest.entries_seen), (1, 2));
    assert_eq!(newest.entries[0].authors, ["Jo"]);
}

#[test]
fn names_are_told_from_mail_addresses() {
    let check = |text: &str, expected: &str| assert_eq!(item(&format!("<author>{text}</author>")).authors, [expected]);
    check("desk@example.org (Jo Doe)", "Jo Doe");
    check("Jo Doe &lt;desk@example.org&gt;", "Jo Doe");
    check("Jo Doe (Agency)", "Jo Doe (Agency)");
    check("Jo Doe desk@example.org", "Jo Doe");
    check("&lt;a href='mailto:jo@example.org'&gt;Jo Doe&lt;/a&gt;", "Jo Doe");
    check("Jo Doe @jodoe", "Jo Doe @jodoe");
    check("desk@example.org", "desk@example.org");
}

#[test]
fn a_broken_field_costs_that_field() {
    let entry = item("<title>A & B <c</title><pubDate>someday</pubDate><link>https://example.org/1</link>");
    assert_eq!(entry.title.as_deref(), Some("A & B"));
    assert_eq!(entry.published, None);
    assert_eq!(entry.link.as_deref(), Some("https://example.org/1"));
    let unclosed =
        read("<rss><channel><item><title>One<link>https://example.org/1</link><item><title>Two</title></item>");
    assert_eq!(unclosed.entries.len(), 2);
    assert_eq!(unclosed.entries[1].title.as_deref(), Some("Two"));
}

#[test]
fn a_cut_document_keeps_what_came_before_the_cut() {
    let feed = read(
        "junk <rss><channel><item><title>One</title><link>https://example.org/1</link></item>\
        <item><title>Two</title><link>https://exam",
    );
    assert_eq!(feed.entries.len(), 2);
    assert_eq!(feed.entries[1].title.as_deref(), Some("Two"));
    assert_eq!(feed.entries[1].link, None);
}

#[test]
fn control_bytes_and_other_namespaces_do_no_harm() {
    let entry = item("<title>A\u{1}B</title><g:id xmlns:g='urn:g'>9</g:id><g:title xmlns:g='urn:g'>no</g:title>");
    assert_eq!(entry.id, None);
    assert!(entry.title.unwrap().starts_with('A'));
    let own = read("<x:feed xmlns:x='urn:own'><x:entry><x:title>T</x:title></x:entry></x:feed>");
    assert_eq!(own.entries[0].title.as_deref(), Some("T"));
}

#[test]
fn says_why_a_document_is_no_feed() {
    let check = |document: &str, expected| assert_eq!(parse(document.as_bytes(), None, BASE), Err(expected));
    check("", FeedError::Empty);
    check(" \n\u{feff}", FeedError::Empty);
    check(
        "<!doctype html><html><head><title>x</title></head></html>",
        FeedError::WebPage,
    );
    check("<svg/>", FeedError::Unknown);
    check("{\"a\": 1}", FeedError::Unknown);
    check("[[[", FeedError::Unknown);
}

#[test]
fn two_hundred_thousand_entries_are_read_in_time() {
    let entry = "<item><title>Story</title><link>https://example.org/story</link><description>Text &amp; more\
        </description></item>";
    let document = format!("<rss><channel>{}</channel></rss>", entry.repeat(200_000));
    assert_eq!(read(&document).entries.len(), 200_000);
}

#[test]
fn nesting_without_end_is_harmless() {
    let deep = format!("<rss><channel><item><description>{}", "<b>".repeat(200_000));
    assert_eq!(read(&deep).entries.len(), 1);
    assert_eq!(read(&format!("<rss>{}", "<x>".repeat(200_000))).entries.len(), 0);
    assert!(parse("[".repeat(200_000).as_bytes(), None, BASE).is_err());
}

proptest! {
    /// Whatever strangers send, reading it ends and does not panic.
    #[test]
    fn any_bytes_are_read(bytes in collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, Some("text/xml; charset=x"), BASE);
        let _ = crate::charset::of_page(&bytes, None);
        let _ = crate::robots::Rules::parse(&bytes, "Newsbot").allows("https://example.org/a");
        let _ = crate::sitemap::parse(&bytes, None, BASE);
    }

    /// The same for what looks like a feed.
    #[test]
    fn any_markup_is_read(
        text in "(<[a-z:!?/]{0,3}( [a-z]{0,2}=?[\"']?)?[/>]?|&[#x0-9a-z]{0,3};?|]]>|--|[a-zé]){0,60}",
    ) {
        let _ = parse(format!("<rss><channel><item>{text}").as_bytes(), None, BASE);
        let _ = text::plain_text(&text);
        let _ = discover::discover(&text, BASE);
        let _ = crate::date::parse(&text);
    }

    /// The same for what looks like a date.
    #[test]
    fn any_date_is_read(text in "([0-9]{1,5}|[a-z]{1,4}|[-+:/., ]|年|月|mar|nov|gmt|Z){0,12}") {
        let _ = crate::date::parse(&text);
    }
}
