//! JSON lines, WARC, pages, texts and feeds.

use schemas::fetched::Content;
use schemas::source::FileFormat;

use super::world::{World, gzip, read_one};
use crate::found::Found;

fn body(world: &World, index: usize) -> String {
    String::from_utf8(world.fetched()[index].body.clone()).unwrap()
}

#[test]
fn a_row_of_json_is_an_article_with_all_that_it_says() {
    let line =
        r#"{"id": 7, "url": "https://harbour.example/ferry", "html": "<p>The ferry sailed.</p>", "title": "Ferry",
        "published_at": "2026-11-20T07:30:00+01:00", "authors": ["Mara Quist", "Jo Doe"], "language": "en",
        "content_type": "application/xhtml+xml; charset=latin1"}"#
            .replace('\n', " ");
    let world = read_one(None, "pages.jsonl", line.as_bytes());
    let fetched = world.fetched()[0];
    assert_eq!(fetched.url, "https://harbour.example/ferry");
    assert_eq!(fetched.content, Content::Page);
    assert_eq!(
        fetched.content_type.as_deref(),
        Some("application/xhtml+xml; charset=utf-8")
    );
    assert_eq!(fetched.hints.title.as_deref(), Some("Ferry"));
    assert_eq!(fetched.hints.authors, ["Mara Quist", "Jo Doe"]);
    assert_eq!(
        fetched.hints.published_at.unwrap().to_string(),
        "2026-11-20T06:30:00.000Z"
    );
    assert_eq!(fetched.hints.language.as_deref(), Some("en"));
    assert_eq!(body(&world, 0), "<p>The ferry sailed.</p>");
}

#[test]
fn a_bad_row_costs_that_row() {
    let file = "\u{feff}{\"id\": \"a\", \"text\": \"One.\"}\r\n\
        not json\n\
        \n\
        [1, 2]\n\
        {\"text\": \"nameless\"}\n\
        {\"id\": \"b\"}\n\
        {\"id\": \"c\", \"text\": \"Two.\"}";
    let world = read_one(None, "rows.jsonl", file.as_bytes());
    let source = &world.source.id;
    assert_eq!(
        world.urls(),
        [
            format!("urn:x-copydesk:{source}:a"),
            format!("urn:x-copydesk:{source}:c")
        ]
    );
    assert_eq!(world.fetched()[0].content, Content::Text);
    let dead: Vec<(u64, &str)> = world.dead.iter().map(|row| (row.number, row.detail.as_str())).collect();
    let (numbers, details): (Vec<u64>, Vec<&str>) = dead.into_iter().unzip();
    assert_eq!(numbers, [2, 4, 5, 6]);
    assert!(details[0].contains("no JSON"), "{details:?}");
    assert_eq!(world.dead[0].bytes, b"not json");
    let state = world.state("rows.jsonl");
    assert_eq!((state.rows, state.records, state.bad, state.finished), (7, 2, 4, true));
}

#[test]
fn a_line_that_does_not_end_is_passed_over() {
    let mut file = b"{\"id\": \"a\", \"text\": \"One.\"}\n{\"id\": \"".to_vec();
    file.extend(std::iter::repeat_n(b'x', 2 * crate::files::PIECE_BYTES));
    file.extend(b"\"}\n{\"id\": \"b\", \"text\": \"Two.\"}\n");
    let world = read_one(None, "rows.jsonl", &file);
    assert_eq!(world.found.len(), 2);
    assert_eq!(world.dead.len(), 1);
    assert_eq!(world.dead[0].number, 2);
    assert!(world.dead[0].bytes.len() <= 64 * 1024 && world.dead[0].bytes.starts_with(b"{\"id\": \"xx"));
}

#[test]
fn a_body_that_no_record_holds_is_a_bad_row() {
    let large = format!("{{\"id\": \"a\", \"text\": \"{}\"}}\n", "word ".repeat(1_100_000));
    let world = read_one(None, "rows.jsonl", large.as_bytes());
    assert_eq!((world.found.len(), world.dead.len()), (0, 1));
    assert!(world.dead[0].detail.contains("5 MiB"));
}

/// A WARC record of these headers and this block.
pub(super) fn record(kind: &str, uri: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-11-20T06:30:00Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// An HTTP response.
pub(super) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {status}\r\n{headers}\r\n").as_bytes(), body].concat()
}

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const PAGE: &[u8] = b"<p>The ferry sailed.</p>";

/// An archive's record of the page at `name`, with these headers.
fn page(name: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let block = response("200 OK", &format!("{HTML}{headers}"), body);
    record("response", &format!("https://harbour.example/{name}"), &block)
}

/// Six pages in the forms that archives keep them in.
fn pages() -> Vec<Vec<u8>> {
    let chunked = b"4;x=1\r\n<p>T\r\n14\r\nhe ferry sailed.</p>\r\n0\r\n\r\n";
    let without_type = response("200 OK", "", PAGE);
    vec![
        page("a", "X-Robots-Tag: noarchive\r\nTDM-Reservation: 1\r\n", PAGE),
        page("b", "Content-Encoding: gzip\r\n", &gzip(PAGE)),
        page("c", "Content-Encoding: gzip\r\n", PAGE),
        page("d", "Transfer-Encoding: chunked\r\n", chunked),
        page("e", "Transfer-Encoding: chunked\r\n", PAGE),
        record("response", "<https://harbour.example/f>", &without_type),
    ]
}

/// Seven records that hold no page.
fn others() -> Vec<Vec<u8>> {
    let of = |kind: &str, block: &[u8]| record(kind, "https://harbour.example/a", block);
    let pdf = response("200 OK", "Content-Type: application/pdf\r\n", PAGE);
    vec![
        of("warcinfo", b"software: crawler\r\n"),
        of("request", b"GET /a HTTP/1.1\r\nHost: harbour.example\r\n\r\n"),
        of("response", &response("404 Not Found", HTML, PAGE)),
        of("response", &pdf),
        of("revisit", &response("200 OK", HTML, b"")),
        of("metadata", b"fetchTimeMs: 12\r\n"),
        record("response", "dns:harbour.example", b"20261120063000\r\n"),
    ]
}

#[test]
fn an_archive_yields_its_pages_and_counts_the_rest() {
    let records = [others(), pages()].concat();
    let packed: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    let plain = read_one(None, "news.warc", &records.concat());
    let packed = read_one(None, "news.warc.gz", &packed.concat());
    for world in [plain, packed] {
        let urls = ["a", "b", "c", "d", "e", "f"].map(|name| format!("https://harbour.example/{name}"));
        assert_eq!(world.urls(), urls);
        for (index, url) in urls.iter().enumerate() {
            assert_eq!(body(&world, index).as_bytes(), PAGE, "{url}");
        }
        assert_eq!(world.fetched()[0].robots_headers, ["noarchive"]);
        assert_eq!(world.fetched()[0].rights.tdm_reserved, Some(true));
        assert_eq!(world.dead.len(), 0);
        let state = world.lane.files_of(&world.source.id).next().cloned().unwrap();
        assert_eq!((state.rows, state.records, state.skipped), (13, 6, 7));
        assert_eq!((state.finished, state.error), (true, None));
    }
}

#[test]
fn an_archive_that_is_cut_or_broken_loses_what_is_cut_or_broken() {
    let good = |name: &str| {
        let block = response("200 OK", HTML, PAGE);
        record("response", &format!("https://harbour.example/{name}"), &block)
    };
    let huge = record("response", "https://harbour.example/huge", &vec![b'x'; 9 * 1024 * 1024]);
    let cut = &good("cut")[..120];
    let check = |file: Vec<u8>, expected: &[&str], bad: usize| {
        let world = read_one(Some(FileFormat::Warc), "news.warc", &file);
        let urls: Vec<String> = expected
            .iter()
            .map(|name| format!("https://harbour.example/{name}"))
            .collect();
        assert_eq!(world.urls(), urls);
        assert_eq!(
            world.dead.len(),
            bad,
            "{:?}",
            world.dead.iter().map(|row| &row.detail).collect::<Vec<_>>()
        );
        assert!(world.state("news.warc").finished);
    };
    check([good("a"), cut.to_vec()].concat(), &["a"], 1);
    check([good("a"), b"garbage\n".to_vec(), good("b")].concat(), &["a", "b"], 1);
    check([good("a"), huge.clone(), good("b")].concat(), &["a", "b"], 0);
    check([huge[..8 * 1024 * 1024].to_vec()].concat(), &[], 1);
    check(b"no archive at all".to_vec(), &[], 1);
    check(Vec::new(), &[], 0);
    check(
        [good("a"), b"\r\n\r\n".to_vec(), good("b"), b"\n".to_vec()].concat(),
        &["a", "b"],
        0,
    );
    let packed = [gzip(&good("a")), gzip(&good("b"))[..40].to_vec()].concat();
    let world = read_one(None, "news.warc.gz", &packed);
    assert_eq!(world.urls(), ["https://harbour.example/a"]);
    assert!(world.state("news.warc.gz").error.is_some());
}

#[test]
fn a_page_is_known_by_the_address_that_it_gives_itself() {
    let check = |page: &str, expected: &str| {
        let world = read_one(None, "saved/ferry.html", page.as_bytes());
        let expected = expected.replace("SOURCE", world.source.id.as_str());
        assert_eq!(world.urls(), [expected], "{page}");
    };
    let canonical = "<html><head><LINK rel='canonical' href=https://harbour.example/a></head><body><p>x</p>";
    check(canonical, "https://harbour.example/a");
    check(
        "<meta property=og:url content='https://harbour.example/b'><p>x</p>",
        "https://harbour.example/b",
    );
    check("<p>nameless</p>", "urn:x-copydesk:SOURCE:saved/ferry.html/0");
    check(
        "<link rel=canonical href='file:///etc/passwd'><p>x</p>",
        "urn:x-copydesk:SOURCE:file:///etc/passwd",
    );
}

#[test]
fn the_entries_of_a_feed_take_the_way_of_all_entries() {
    let feed = br#"<rss version="2.0"><channel><title>Harbour</title>
        <item><link>https://harbour.example/a</link><title>Ferry</title><description>It sailed.</description></item>
        <item><title>nameless</title></item></channel></rss>"#;
    let mut world = World::new(&[("feed.xml", feed)]);
    world.run();
    assert_eq!(world.urls(), ["entry https://harbour.example/a"]);
    let mut world = World::new(&[("feed.xml", feed)]);
    world.source.fetch_pages = false;
    world.restart();
    world.run();
    assert_eq!(world.urls(), ["https://harbour.example/a"]);
    assert_eq!(world.fetched()[0].content, Content::FeedHtml);
}

#[test]
fn a_text_in_a_feed_that_is_too_large_stays_behind() {
    let text = "word ".repeat(300_000);
    let feed =
        format!("<rss><channel><item><link>https://harbour.example/a</link><description>{text}</description></item>");
    let mut world = World::new(&[("feed.xml", feed.as_bytes())]);
    world.run();
    let [Found::Entry(entry)] = world.found.as_slice() else {
        panic!("{} records", world.found.len());
    };
    assert_eq!(entry.feed_html, None);
}

#[test]
fn what_a_file_holds_is_told_by_its_name_and_its_beginning() {
    let check = |name: &str, bytes: &str, expected: Option<FileFormat>| {
        assert_eq!(
            crate::files::format::of(name, bytes.as_bytes()),
            expected,
            "{name} {bytes}"
        );
    };
    check("a.jsonl", "anything", Some(FileFormat::Jsonl));
    check("a.ndjson.gz", "", Some(FileFormat::Jsonl));
    check("a.WARC.gz", "", Some(FileFormat::Warc));
    check("a.txt", "<nitf>", Some(FileFormat::Text));
    check("a", "WARC/1.1\r\n", Some(FileFormat::Warc));
    check("a.json", "{\"id\": 1}\n{\"id\": 2}\n", Some(FileFormat::Jsonl));
    check("a.json", "{\n  \"uri\": \"x\"\n}", Some(FileFormat::Ninjs));
    check("a.json", "[{\"uri\": \"x\"}]", Some(FileFormat::Ninjs));
    check(
        "a.json",
        "{\"version\": \"https://jsonfeed.org/version/1.1\"}",
        Some(FileFormat::Feed),
    );
    check(
        "a.xml",
        "<?xml version='1.0'?>\n<!-- x --><nitf>",
        Some(FileFormat::Nitf),
    );
    check("a.xml", "<g2:newsItem xmlns:g2='x'>", Some(FileFormat::Newsml));
    check("a.xml", "<rdf:RDF>", Some(FileFormat::Feed));
    check("a", "<!DOCTYPE html><title>x", Some(FileFormat::Html));
    check("a.xml", "<svg>", None);
    check("a.jpg", "\u{fffd}PNG", None);
    check("a", "", None);
}
