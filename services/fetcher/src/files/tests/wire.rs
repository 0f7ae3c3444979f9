//! The agencies' formats.

use schemas::fetched::{Content, Fetched};

use super::world::{World, read_one};

const NINJS: &str = r#"{
  "uri": "urn:newsml:wire.example:20261120:ferry", "type": "text", "pubstatus": "usable", "language": "en-GB",
  "headline": "Ferry &amp; crew sail", "byline": "Mara Quist", "located": "Lindholm",
  "firstcreated": "2026-11-20T07:30:00+01:00", "versioncreated": "2026-11-20T08:00:00Z",
  "subject": [{"name": "transport"}, {"code": "x"}], "body_html": "<p>The ferry sailed.</p>"
}"#;

const NINJS_3: &str = r#"[{
  "uri": "https://wire.example/ferry", "type": "text", "contentcreated": "2026-11-20T06:30:00Z",
  "headlines": [{"role": "short", "value": "Ferry"}, {"role": "main", "value": "Ferry sails"}],
  "by": "Mara Quist", "subjects": [{"name": "transport", "uri": "medtop:1"}],
  "bodies": [{"contenttype": "text/plain", "value": "plain"}, {"role": "main", "contenttype": "text/html",
    "value": "<p>The ferry sailed.</p>"}]
}, {
  "uri": "urn:example:text", "body_text": "The ferry sailed.\n\nIt came back."
}, {"uri": "urn:example:picture", "type": "picture", "body_text": "A ferry"},
   {"uri": "urn:example:flash", "headline": "Ferry sails"}]"#;

const NITF: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xml:lang="en"><head><title>slug</title><docdata management-status="usable">
  <doc-id id-string="wire.example/ferry-1"/><date.issue norm="20261120T063000Z"/>
  <key-list><keyword key="transport"/></key-list></docdata></head>
<body><body.head><hedline><hl1>Ferry sails</hl1><hl2>At last</hl2></hedline>
  <byline><person>Mara Quist</person><byttl>Staff writer</byttl></byline>
  <dateline><location>Lindholm</location></dateline></body.head>
<body.content><block><p>The <org>Harbour Office</org> said &amp; meant <em>noon</em>.</p>
  <media media-type="image"><media-caption>A boat</media-caption></media>
  <hl2>Later</hl2><p>It sailed.</p></block></body.content></body></nitf>"#;

fn newsml(status: &str, class: &str, extra: &str, content: &str) -> String {
    format!(
        r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:20261120:1" version="2"
          xml:lang="en"><itemMeta><itemClass qcode="ninat:{class}"/><versionCreated>2026-11-20T08:00:00Z</versionCreated>
          <firstCreated>2026-11-20T07:30:00+01:00</firstCreated><pubStatus qcode="stat:{status}"/>{extra}</itemMeta>
        <contentMeta><headline>Ferry sails</headline><by>By Mara Quist</by><language tag="en-GB"/>
          <subject qcode="medtop:1"><name>transport</name></subject></contentMeta>
        <contentSet>{content}</contentSet></newsItem>"#
    )
}

const XHTML: &str = r#"<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>
    <title>x</title></head><body><p>The ferry sailed.</p></body></html></inlineXML>"#;

/// The one article of a file, with its body.
fn one(name: &str, text: &str) -> (Fetched, String) {
    let world = read_one(None, name, text.as_bytes());
    assert_eq!(world.dead, [], "{name}");
    let fetched = world.fetched()[0].clone();
    let body = String::from_utf8(fetched.body.clone()).unwrap();
    (fetched, body)
}

#[test]
fn ninjs_of_the_first_version() {
    let (fetched, body) = one("a.json", NINJS);
    assert_eq!(fetched.url, "urn:newsml:wire.example:20261120:ferry");
    assert_eq!(fetched.content, Content::FeedHtml);
    assert_eq!(body, "<p>The ferry sailed.</p>");
    let hints = fetched.hints;
    assert_eq!(hints.title.as_deref(), Some("Ferry & crew sail"));
    assert_eq!(hints.authors, ["Mara Quist"]);
    assert_eq!(hints.categories, ["transport"]);
    assert_eq!(hints.language.as_deref(), Some("en-GB"));
    assert_eq!(hints.published_at.unwrap().to_string(), "2026-11-20T06:30:00.000Z");
    assert_eq!(hints.updated_at.unwrap().to_string(), "2026-11-20T08:00:00.000Z");
}

#[test]
fn ninjs_of_later_versions() {
    let world = read_one(None, "a.json", NINJS_3.as_bytes());
    assert_eq!(world.urls(), ["https://wire.example/ferry", "urn:example:text"]);
    let fetched = world.fetched();
    assert_eq!(fetched[0].body, b"<p>The ferry sailed.</p>");
    assert_eq!(fetched[0].hints.title.as_deref(), Some("Ferry sails"));
    assert_eq!(
        fetched[0].hints.published_at.unwrap().to_string(),
        "2026-11-20T06:30:00.000Z"
    );
    assert_eq!(fetched[0].hints.categories, ["transport"]);
    assert_eq!(
        (fetched[1].content, fetched[1].body.as_slice()),
        (Content::Text, "The ferry sailed.\n\nIt came back.".as_bytes())
    );
    let state = world.state("a.json");
    assert_eq!((state.rows, state.records, state.skipped), (4, 2, 2));
}

#[test]
fn nitf() {
    let (fetched, body) = one("a.xml", NITF);
    assert_eq!(
        fetched.url,
        format!("urn:x-copydesk:{}:wire.example/ferry-1", fetched.trace.source_id)
    );
    let folded = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = "<div><p>The Harbour Office said &amp; meant <em>noon</em>.</p> <h2>Later</h2><p>It sailed.</p></div>";
    assert_eq!(folded, text);
    let hints = fetched.hints;
    assert_eq!(hints.title.as_deref(), Some("Ferry sails"));
    assert_eq!(hints.authors, ["Mara Quist"]);
    assert_eq!(hints.categories, ["transport"]);
    assert_eq!(hints.language.as_deref(), Some("en"));
    assert_eq!(hints.published_at.unwrap().to_string(), "2026-11-20T06:30:00.000Z");
}

#[test]
fn newsml_with_a_text_of_any_kind() {
    let nitf = NITF.split_once("dtd\">").unwrap().1;
    let check = |content: &str, expected: &str, kind: Content| {
        let (fetched, body) = one("a.xml", &newsml("usable", "text", "", content));
        assert_eq!(fetched.url, "urn:newsml:wire.example:20261120:1");
        assert!(body.contains(expected) && !body.contains("A boat"), "{body}");
        assert_eq!(fetched.content, kind);
        let hints = fetched.hints;
        assert_eq!(hints.title.as_deref(), Some("Ferry sails"));
        assert_eq!(hints.authors, ["By Mara Quist"]);
        assert_eq!(hints.categories, ["transport"]);
        assert_eq!(hints.language.as_deref(), Some("en-GB"));
        assert_eq!(hints.published_at.unwrap().to_string(), "2026-11-20T06:30:00.000Z");
        assert_eq!(hints.updated_at.unwrap().to_string(), "2026-11-20T08:00:00.000Z");
    };
    check(XHTML, "<p>The ferry sailed.</p>", Content::FeedHtml);
    check(
        &format!("<inlineXML>{nitf}</inlineXML>"),
        "<p>It sailed.</p>",
        Content::FeedHtml,
    );
    let plain = "<inlineData contenttype='text/plain'>The ferry\n\nsailed.</inlineData>";
    check(plain, "The ferry\n\nsailed.", Content::Text);
    let escaped = "<inlineData contenttype='text/html'><![CDATA[<p>The ferry sailed.</p>]]></inlineData>";
    check(escaped, "<p>The ferry sailed.</p>", Content::FeedHtml);
}

#[test]
fn a_message_holds_several_items() {
    let items: Vec<String> = (0..3)
        .map(|number| newsml("usable", "text", "", XHTML).replace(":1\" version", &format!(":{number}\" version")))
        .collect();
    let package = "<packageItem guid='urn:newsml:wire.example:p'/>";
    let picture = newsml("usable", "picture", "", "<remoteContent/>");
    let message = format!(
        "<newsMessage><header/><itemSet>{}{package}{picture}</itemSet></newsMessage>",
        items.concat()
    );
    let world = read_one(None, "message.xml", message.as_bytes());
    let urls: Vec<String> = (0..3)
        .map(|number| format!("urn:newsml:wire.example:20261120:{number}"))
        .collect();
    assert_eq!(world.urls(), urls);
    assert_eq!(world.state("message.xml").skipped, 2);
}

#[test]
fn what_an_agency_takes_back_ends_and_is_not_handed_on() {
    let check = |name: &str, text: &str, url: &str| {
        let world = read_one(None, name, text.as_bytes());
        assert_eq!(world.found, [], "{name}");
        let url = url.replace("SOURCE", world.source.id.as_str());
        assert_eq!(world.ended, [format!("{url} gone")], "{name}");
    };
    let id = "urn:newsml:wire.example:20261120:1";
    check("a.xml", &newsml("canceled", "text", "", XHTML), id);
    check("b.xml", &newsml("withheld", "text", "", XHTML), id);
    check(
        "c.json",
        &NINJS.replace("usable", "canceled"),
        "urn:newsml:wire.example:20261120:ferry",
    );
    check(
        "d.xml",
        &NITF.replace("usable", "canceled"),
        "urn:x-copydesk:SOURCE:wire.example/ferry-1",
    );
}

#[test]
fn an_embargo_is_waited_for() {
    let embargoed = "2026-11-22T18:00:00Z";
    let in_newsml = newsml("usable", "text", &format!("<embargoed>{embargoed}</embargoed>"), XHTML);
    let in_ninjs = NINJS.replace("\"type\"", &format!("\"embargoed\": \"{embargoed}\", \"type\""));
    let in_nitf = NITF.replace(
        "<date.issue",
        &format!("<date.release norm=\"{embargoed}\"/><date.issue"),
    );
    for (name, text) in [("a.xml", in_newsml), ("b.json", in_ninjs), ("c.xml", in_nitf)] {
        let mut world = World::new(&[(name, text.as_bytes())]);
        world.run();
        assert_eq!(world.found, [], "{name}");
        assert_eq!(
            world.state(name).due_at.unwrap().to_string(),
            "2026-11-22T18:00:00.000Z",
            "{name}"
        );
        world.restart();
        world.now = embargoed.parse().unwrap();
        world.run();
        assert_eq!(world.found.len(), 1, "{name}");
        assert!(world.state(name).finished && world.state(name).due_at.is_none());
    }
}

#[test]
fn a_document_that_is_not_what_it_says_goes_to_the_dead_letters() {
    let check = |name: &str, text: &str| {
        let world = read_one(None, name, text.as_bytes());
        assert_eq!((world.found.len(), world.dead.len()), (0, 1), "{name}");
        assert_eq!(world.dead[0].bytes, text.as_bytes(), "{name}");
    };
    check("a.json", "{\"uri\": ");
    check("a.nitf", "<nothing/>");
    let world = read_one(None, "a.jpg", b"\x89PNG");
    assert_eq!((world.found.len(), world.dead.len()), (0, 0));
    assert!(world.state("a.jpg").error.unwrap().contains("--format"));
    // Once somebody says what it is, it is read.
    let mut world = read_one(None, "a.log", b"The ferry sailed.");
    assert_eq!(world.found.len(), 0);
    world.source.format = Some(schemas::source::FileFormat::Text);
    world.restart();
    world.run();
    assert_eq!((world.found.len(), world.state("a.log").error), (1, None));
}
