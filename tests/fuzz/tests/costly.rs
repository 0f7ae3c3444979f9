//! Documents that someone makes to cost much: one piece over and over, and what every entry inherits.
//!
//! Where a reader looks at the same bytes again for each piece, or copies something long into each entry, these take
//! hours or all memory; where it does not, moments.

use fuzz::{address, charset, date, discovery, feed, page, robots, sitemap};

/// The size of a document in bytes, about.
const BYTES: usize = 64 * 1024;

/// As many of `piece` as a document holds, between `head` and `tail`.
fn repeated(head: &str, piece: &str, tail: &str) -> Vec<u8> {
    format!("{head}{}{tail}", piece.repeat(BYTES / piece.len())).into_bytes()
}

/// Half a document of one text that stands before half a document of entries.
fn inherited(before: &str, after: &str, entry: &str) -> Vec<u8> {
    let long = "long".repeat(BYTES / 8);
    let entries = entry.repeat(BYTES / 2 / entry.len());
    format!("{before}{long}{after}{entries}").into_bytes()
}

#[test]
fn feeds_of_one_piece_are_read_to_their_end() {
    for (head, piece) in [
        ("<rss><channel>", "<!-- >"),
        ("<rss><channel>", "<!x>"),
        ("<rss><channel>", "<!DOCTYPE a [<!ENTITY b 'c'>]>"),
        ("<rss><channel>", "<![CDATA["),
        ("<rss><channel>", "<?"),
        ("<rss><channel>", "<a b='x c=\""),
        ("<rss><channel>", "<a xmlns:b='c'>"),
        ("<rss><channel>", "<a xml:base='b/'>"),
        ("<rss><channel>", "<item>"),
        ("<rss><channel>", "<item><guid>a</guid></item>"),
        ("<rss><channel>", "<author>a</author><item/>"),
        ("<rss><channel><item>", "<a>"),
        ("<rss><channel><item>", "<a/>"),
        ("<rss><channel><item>", "</a>"),
        ("<rss><channel><item>", "<author>a</author>"),
        ("<rss><channel><item><source>", "<author><name>a</name></author>"),
        ("<rss><channel><item><a ", "b=1 "),
        ("<rss><channel><item><title>", "&amp;"),
        ("<rss><channel><item><title>", "&"),
        ("<rss><channel><item><title><![CDATA[", "<a"),
        ("<rss><channel><item><title><![CDATA[", "<!--"),
        ("<rss><channel><item><title><![CDATA[", "<script></"),
        ("{\"items\":[{}", ",{}"),
        ("", "["),
        ("", "{\"a\":"),
    ] {
        feed::check(&repeated(head, piece, ""));
        feed::check(&repeated(head, piece, "]}]]></a></title></item></channel></rss>"));
    }
}

#[test]
fn what_entries_inherit_is_no_way_to_fill_memory() {
    for (before, after, entry) in [
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>",
            "</name></author>",
            "<entry/>",
        ),
        ("<feed xml:lang='", "'>", "<entry/>"),
        ("<feed><language>", "</language>", "<entry/>"),
        ("<feed xml:base='/", "/'>", "<entry><link href='a'/></entry>"),
        ("<rss xml:base='/", "/'><channel>", "<item><link>a</link></item>"),
        ("<!DOCTYPE a [<!ENTITY b '", "'>]><rss><channel><item><title>", "&b;"),
        ("{\"author\":{\"name\":\"", "\"},\"items\":[{}", ",{}"),
    ] {
        feed::check(&inherited(before, after, entry));
        feed::check(&[inherited(before, after, entry).as_slice(), b"]}"].concat());
    }
    let entity = "e".repeat(1_000);
    let head = format!("<!DOCTYPE a [<!ENTITY b '{entity}'>]><rss><channel><item><title>");
    feed::check(&repeated(&head, "&b;", "</title></item></channel></rss>"));
}

#[test]
fn other_documents_of_one_piece_are_read_to_their_end() {
    for piece in ["<url><loc>a</loc></url>", "<url><loc>a", "<!-- >", "<sitemap><loc>"] {
        sitemap::check(&repeated("<urlset>", piece, ""));
    }
    sitemap::check(&inherited("<urlset xml:base='/", "/'>", "<url><loc>a</loc></url>"));
    for piece in [
        "<link rel=alternate type=application/rss+xml href=",
        "<!-- >",
        "<base href='a",
    ] {
        discovery::check(&repeated("", piece, ""));
    }
    for piece in ["<meta ", "<meta a ", "<meta charset", "<!--", "<?xml encoding="] {
        charset::check(&repeated("", piece, ""));
    }
    for piece in [
        "disallow: /*a*b\n",
        "allow: /é\n",
        "user-agent: Copydesk\n",
        "*a",
        "disallow: *",
    ] {
        robots::check(&repeated("/aaaaaaaa\nuser-agent: *\n", piece, ""));
        robots::check(&repeated("/aaaaaaaa\nuser-agent: *\ndisallow: /", piece, "\n"));
    }
    for piece in ["a", "1 ", ":", "-1", "年", "nov ", "+"] {
        date::check(&repeated("", piece, ""));
    }
    for piece in ["%", "%41", "/../a", "a=b&", "@", "https://a.example/"] {
        address::check(&repeated("https://example.org/", piece, ""));
        address::check(&repeated("https://example.org/?", piece, ""));
    }
}

#[test]
fn rules_full_of_stars_are_matched_with_long_addresses() {
    let same = "a".repeat(BYTES / 4);
    let pairs = "ab".repeat(BYTES / 8);
    let near = format!("disallow: /*{}b\n", "a".repeat(1_000));
    for (path, rule) in [
        (&same, near.as_str()),
        (&same, "disallow: /*b\n"),
        (&same, "disallow: /*a*a*a*a*b*\n"),
        (&same, "allow: /*a*ab$\n"),
        (&pairs, "disallow: /*a*b*a*b*c\n"),
        (&pairs, "disallow: /*aa*bb\n"),
    ] {
        robots::check(&repeated(&format!("/{path}\nuser-agent: *\n"), rule, ""));
    }
    for stars in ["*a", "**", "*ab", "a*"] {
        robots::check(&repeated(
            &format!("/{pairs}\nuser-agent: *\ndisallow: /"),
            stars,
            "c\n",
        ));
    }
}

#[test]
fn pages_of_one_piece_are_read_to_their_end() {
    let sentence = "<p>The council met on Sunday evening to talk about the new bridge. ";
    for piece in [
        "<div>",
        "<a>",
        "<b><p>",
        "<table><td>",
        "<!-- >",
        "<script>",
        "<script type=application/ld+json>{}</script>",
        "<p a=1 ",
        "word ",
        "<select><option>",
        "<svg><p>",
        sentence,
    ] {
        page::check(&repeated("<html><body>", piece, ""));
    }
}
