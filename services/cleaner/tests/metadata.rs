//! What pages of our own making say about themselves: rules one by one, each against the sources that contradict it.

use cleaner::extracted::{Extracted, Known};
use cleaner::html::describe;

const STORY: &str = "<p>The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm that \
    took the old one, and four hundred people waved from the quay until it was out of sight.</p><p>Two boats a day will \
    run until the spring, when a third one is expected from the yard, the harbour office said. The fare stays.</p>";

/// The page with this head and this main part, as one about itself.
fn page(head: &str, main: &str) -> Extracted {
    at("https://tide.example/ferry", head, main)
}

fn at(url: &str, head: &str, main: &str) -> Extracted {
    let html = format!("<html lang=en><head>{head}</head><body><main>{main}</main></body></html>");
    cleaner::html::extract(&html, Some(url), &Known::default())
        .unwrap_or_else(|_| describe(&html, Some(url), &Known::default()))
}

fn published(extracted: &Extracted) -> String {
    let found = extracted.published_at.as_ref();
    found.map_or_else(
        || "none".to_owned(),
        |found| format!("{} {}", found.with_zone(), found.found_in),
    )
}

fn json_ld(fields: &str) -> String {
    format!(
        "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"Ferry line opens\",{fields}}}</script>"
    )
}

#[test]
fn the_date_line_by_the_headline_is_the_one() {
    let check = |main: &str, expected: &str| {
        let extracted = page("<title>Ferry line opens</title>", main);
        assert_eq!(published(&extracted).split(' ').next(), Some(expected), "{main}");
    };
    let h1 = "<h1>Ferry line opens</h1>";
    let day = "2016-02-17T00:00:00.000Z";
    check(&format!("{h1}<ul><li>17 February 2016</li></ul>{STORY}"), day);
    check(&format!("<p>Sport, 17.2.16</p>{h1}{STORY}"), day);
    // Lists of other stories, comments, embedded posts, captions and events have dates of their own.
    check(
        &format!(
            "{h1}<p>17 February 2016</p>{STORY}<div class=related><a href=/x>Storm took the pier</a><time datetime=2016-02-11>11 February 2016</time></div>"
        ),
        day,
    );
    check(
        &format!(
            "{h1}{STORY}<div class=comment><time datetime=2016-02-19>19 February 2016</time><p>Well done.</p></div>"
        ),
        "none",
    );
    check(
        &format!(
            "{h1}<p>17 February 2016</p><blockquote><p>So proud.</p><time datetime=2016-02-11>11 February 2016</time></blockquote>{STORY}"
        ),
        day,
    );
    check(&format!("{h1}<p>12.02. - 15.02.2016</p>{STORY}"), "none");
    check(&format!("{h1}{STORY}<p>© 17.02.2016 Daily Tide</p>"), "none");
    // The time of a change counts when there is nothing else.
    check(
        &format!("{h1}<p>Updated: 18 February 2016</p><p>Published: 17 February 2016</p>{STORY}"),
        day,
    );
    check(
        &format!("{h1}<p>Updated 18 February 2016, published 17 February 2016</p>{STORY}"),
        day,
    );
    check(
        &format!("{h1}<p>Last updated: <time>17 February 2016</time></p>{STORY}"),
        day,
    );
}

#[test]
fn machines_are_told_first_then_readers_then_the_address() {
    let line = "<h1>Ferry line opens</h1><p>17 February 2016</p>";
    let check = |url: &str, head: &str, main: &str, expected: &str| {
        assert_eq!(
            published(&at(url, head, &format!("{main}{STORY}"))),
            expected,
            "{url} {head} {main}"
        );
    };
    let plain = "https://tide.example/ferry";
    check(
        plain,
        &json_ld("\"datePublished\":\"2016-02-16T08:00:00+07:00\""),
        line,
        "2016-02-16T08:00:00.000+07:00 json_ld",
    );
    check(
        plain,
        "<meta name=harbour:uploaded content=2016-02-16T08:00:00Z>",
        line,
        "2016-02-16T08:00:00.000Z meta",
    );
    check(
        plain,
        "<meta name=publisher content='Tide, 16 February 2016'>",
        line,
        "2016-02-17T00:00:00.000Z byline",
    );
    check(
        "https://tide.example/2016/02/17/ferry",
        "",
        "",
        "2016-02-17T00:00:00.000Z url",
    );
    check(
        "https://tide.example/2016/02/17/ferry",
        "",
        "<p>1 March 2009</p>",
        "2016-02-17T00:00:00.000Z url",
    );
    let changed = json_ld("\"dateModified\":\"2016-02-19T08:00:00Z\"");
    check(plain, &changed, line, "2016-02-17T00:00:00.000Z byline");
    check(plain, &changed, "", "2016-02-19T08:00:00.000Z json_ld");
    // A template that writes the time of the change into both fields.
    let both = json_ld("\"datePublished\":\"2016-02-29T08:00:00Z\",\"dateModified\":\"2016-02-29T08:00:00Z\"");
    check(plain, &both, line, "2016-02-17T00:00:00.000Z byline");
    check(plain, &both, "", "2016-02-29T08:00:00.000Z json_ld");
    let earlier = format!("{both}<meta property=article:published_time content=2016-02-16T08:00:00Z>");
    check(plain, &earlier, "", "2016-02-16T08:00:00.000Z meta");
}

#[test]
fn a_date_that_says_what_it_is_counts_wherever_it_stands() {
    let far = "<p class=box>Timetable</p>".repeat(40);
    let check = |main: &str, expected: &str| {
        let extracted = page("", &format!("<h1>Ferry line opens</h1>{STORY}{far}{main}"));
        assert_eq!(published(&extracted).split('T').next(), Some(expected), "{main}");
    };
    check(
        "<p>Dieser Beitrag wurde am 17. Februar 2016 von Ana Lim veröffentlicht.</p>",
        "2016-02-17",
    );
    check("<footer><p>Letzte Änderung: 17.02.2016</p></footer>", "2016-02-17");
    check("<dl><dt>Published</dt><dd>17 February 2016</dd></dl>", "2016-02-17");
    check("<p>The pier was closed on 17 February 2016.</p>", "none");
    // Two that differ are those of other stories.
    check(
        "<footer><p>Published 17 February 2016</p><p>Published 19 February 2016</p></footer>",
        "none",
    );
    check("<div class=comments><p>Posted on 17 February 2016</p></div>", "none");
}

#[test]
fn what_another_item_says_of_itself_is_not_said_of_the_article() {
    let of_item = |kind: &str| {
        let item = format!(
            "<div itemscope itemtype=https://schema.org/{kind}><meta itemprop=datePublished content=2016-02-17>\
             <span itemprop=author>Rosa Kern</span></div>"
        );
        let extracted = page("", &format!("<h1>Ferry line opens</h1>{STORY}{item}"));
        (published(&extracted), extracted.authors)
    };
    let nobody = ("none".to_owned(), Vec::new());
    assert_eq!(of_item("Comment"), nobody);
    assert_eq!(of_item("ImageObject"), nobody);
    let told = ("2016-02-17T00:00:00.000Z meta".to_owned(), vec!["Rosa Kern".to_owned()]);
    assert_eq!(of_item("NewsArticle"), told);
}

#[test]
fn a_bare_day_by_the_headline_may_correct_what_machines_are_told() {
    let check = |fields: &str, line: &str, expected: &str| {
        let main = format!("<h1>Ferry line opens</h1>{line}{STORY}");
        let extracted = page(&json_ld(fields), &main);
        assert_eq!(
            published(&extracted).split('T').next(),
            Some(expected),
            "{fields} {line}"
        );
    };
    let both = "\"datePublished\":\"2016-02-17T08:00:00Z\",\"dateModified\":\"2016-06-17T08:00:00Z\"";
    check(both, "<p>8 February 2016</p>", "2016-02-08");
    // Published anew, unless it says that it was changed only, or soon after.
    check(both, "<p>17 June 2016</p>", "2016-06-17");
    check(both, "<p>Updated 17 June 2016</p>", "2016-02-17");
    check(both, "<p>25 February 2016</p>", "2016-02-17");
    check(both, "<p>17 December 2016</p>", "2016-02-17");
    // In a header of the story's own, above and below the headline; not in a list of stories.
    check(
        both,
        "<div class=page-header><p>8 February 2016</p></div>",
        "2016-02-08",
    );
    check(
        both,
        "<div class=related><a href=/x>8 February 2016</a></div>",
        "2016-02-17",
    );
    // The text of an element is what readers see.
    check(
        "\"x\":1",
        "<time datetime=2016-02-21>Publié le 17 février 2016</time>",
        "2016-02-17",
    );
    check(
        "\"x\":1",
        "<p class=post-meta><a class=post-time href=/2016>17.02.2016</a> by Ana Lim in News, Ferries, Harbours, Islands and Timetables of the whole year</p>",
        "2016-02-17",
    );
}

#[test]
fn days_of_lists_are_nobodys_unless_the_page_is_a_list() {
    let row = |day: u32| {
        format!("<div class=row><span>Budi</span><p class=day>{day} February 2016</p><p>Well done!</p></div>")
    };
    let rows: String = (17..=20).map(row).collect();
    let story = page("", &format!("<h1>Ferry line opens</h1>{STORY}{rows}"));
    assert_eq!(published(&story), "none");
    let html = format!("<html><body>{rows}</body></html>");
    let list = describe(&html, None, &Known::default());
    assert_eq!(published(&list).split('T').next(), Some("2016-02-20"));
}

#[test]
fn the_folder_of_the_lead_picture_is_the_last_resort() {
    let check = |address: &str, expected: &str| {
        let head = format!("<meta property=og:image content='https://tide.example/{address}'>");
        let extracted = page(&head, &format!("<h1>Ferry line opens</h1>{STORY}"));
        assert_eq!(published(&extracted), expected, "{address}");
    };
    check("files/2016/02/17/pier.png", "2016-02-17T00:00:00.000Z image_url");
    check("uploads/2016/02/7-ferries.png", "none");
    check("pier-20160217.png", "none");
}

#[test]
fn the_day_that_readers_see_tells_the_zone() {
    let check = |time: &str, url: &str, line: &str, expected: &str| {
        let head = json_ld(&format!("\"datePublished\":\"{time}\""));
        let extracted = at(url, &head, &format!("<h1>Ferry line opens</h1>{line}{STORY}"));
        let found = extracted.published_at.map(|found| found.with_zone());
        assert_eq!(found.as_deref(), Some(expected), "{time} {url} {line}");
    };
    let (plain, dated) = ("https://tide.example/ferry", "https://tide.example/2016/02/17/ferry");
    let line = "<p>17 February 2016</p>";
    check("2016-02-18T02:05:00Z", dated, "", "2016-02-17T23:05:00.000-03:00");
    check("2016-02-18T02:05:00Z", plain, line, "2016-02-17T23:05:00.000-03:00");
    check("2016-02-16T18:30:00Z", plain, line, "2016-02-17T00:30:00.000+06:00");
    check("2016-02-18T20:00:00Z", plain, line, "2016-02-18T20:00:00.000Z");
    check(
        "2016-02-18T02:05:00+09:00",
        plain,
        line,
        "2016-02-18T02:05:00.000+09:00",
    );
    check("2016-02-14T02:05:00Z", plain, line, "2016-02-14T02:05:00.000Z");
}

#[test]
fn a_refused_page_still_says_when_it_is_from() {
    let html = "<html><head><title>Watch the ferry | Tide</title></head><body><h1>Watch the ferry</h1>\
        <time datetime=2016-02-17T08:00:00+01:00>17 February 2016</time></body></html>";
    assert!(cleaner::html::extract(html, None, &Known::default()).is_err());
    let extracted = describe(html, None, &Known::default());
    assert_eq!(extracted.title, "Watch the ferry");
    assert_eq!(published(&extracted), "2016-02-17T08:00:00.000+01:00 time_element");
    assert_eq!(describe("no page", None, &Known::default()), Extracted::default());
}

#[test]
fn the_headline_is_what_readers_see_without_the_line_above_it() {
    let check = |head: &str, main: &str, expected: &str| {
        assert_eq!(page(head, &format!("{main}{STORY}")).title, expected, "{head} {main}");
    };
    let title = "<title>Ferry line opens again at last | Daily Tide</title>";
    let expected = "Ferry line opens again at last";
    check(title, "", expected);
    check(title, "<h1>Ferry line opens again at last</h1>", expected);
    check(
        title,
        "<h1><span class=article-overline>Islands</span><span class=x> - </span>Ferry line opens again at last</h1>",
        expected,
    );
    check(
        title,
        "<h1><a href=/opinion>Opinion | </a>Ferry line opens again at last</h1>",
        expected,
    );
    check(
        title,
        "<h1>Islands: Ferry line opens again at last</h1>",
        "Islands: Ferry line opens again at last",
    );
    check(
        title,
        "<h1>Daily Tide</h1><h2>Ferry line opens again at last</h2>",
        expected,
    );
    // The only heading wins over words for search engines, the name of a section doesn't.
    check(
        title,
        "<h1>Four hundred people wave from the quay</h1>",
        "Four hundred people wave from the quay",
    );
    check(title, "<h1>News and views</h1>", expected);
}

#[test]
fn authors_are_those_of_this_story() {
    let h1 = "<h1>Ferry line opens</h1>";
    let check = |head: &str, main: &str, expected: &[&str]| {
        let extracted = page(&format!("<title>Ferry line opens</title>{head}"), main);
        assert_eq!(extracted.authors, expected, "{head} {main}");
    };
    check(
        "",
        &format!("{h1}<p>By Ana Lim and Budi Santoso</p>{STORY}"),
        &["Ana Lim", "Budi Santoso"],
    );
    check("", &format!("{h1}<p>Par</p><p>Anne Roy</p>{STORY}"), &["Anne Roy"]);
    check(
        "",
        &format!("{h1}<p><span class=a>By</span><span class=b>Ana Lim</span></p>{STORY}"),
        &["Ana Lim"],
    );
    check(
        "",
        &format!("{h1}<div class=author><div>Written by Ana Lim</div><div>Head of Harbours</div></div>{STORY}"),
        &["Ana Lim"],
    );
    check(
        "",
        &format!("{h1}<div><a rel=author href=/a>Ana Lim</a> <a rel=author href=/b>Budi Santoso</a></div>{STORY}"),
        &["Ana Lim", "Budi Santoso"],
    );
    // Names beside other stories are those of others.
    check(
        "",
        &format!(
            "{h1}<p>By Ana Lim</p>{STORY}<div class=related><a href=/x>Storm</a><a rel=author href=/c>Rosa Kind</a></div>"
        ),
        &["Ana Lim"],
    );
    check(
        "",
        &format!("{h1}{STORY}<div class=related><a rel=author href=/c>Rosa Kind</a></div>"),
        &[],
    );
}

#[test]
fn machines_are_told_authors_first() {
    let byline = format!("<h1>Ferry line opens</h1><p>By Ana Lim</p>{STORY}");
    let check = |head: &str, expected: &[&str]| {
        let extracted = page(&format!("<title>Ferry line opens</title>{head}"), &byline);
        assert_eq!(extracted.authors, expected, "{head}");
    };
    // What machines are told comes first, unless it is an account, a desk, a company or an address.
    check(
        "<meta name=author content='Budi Santoso, Rosa Kind'>",
        &["Budi Santoso", "Rosa Kind"],
    );
    check("<meta name=author content=alim77>", &["Ana Lim"]);
    check(
        "<meta name=author content=desk@tide.example><meta name=parsely-author content='Budi Santoso'>",
        &["Budi Santoso"],
    );
    check(
        &json_ld("\"author\":{\"@type\":\"Organization\",\"name\":\"Harbour Lines\"}"),
        &["Ana Lim"],
    );
    check(
        &json_ld("\"author\":[{\"name\":\"Budi Santoso\"},{\"name\":\"Tide Staff\"}]"),
        &["Budi Santoso"],
    );
}

#[test]
fn pictures_come_with_their_captions() {
    let head = json_ld("\"image\":{\"@type\":\"ImageObject\",\"url\":\"/lead.jpg\",\"caption\":\"The new pier\"}");
    let head = format!("{head}<meta property=og:image content='/lead.jpg?w=1200'>");
    let extracted = page(
        &head,
        &format!(
            "<h1>Ferry line opens</h1><figure><img src=/quay.jpg><figcaption>The quay at dawn</figcaption></figure>{STORY}"
        ),
    );
    let found: Vec<(&str, Option<&str>)> = extracted
        .images
        .iter()
        .map(|image| (image.url.as_str(), image.caption.as_deref()))
        .collect();
    let expected = [
        ("https://tide.example/lead.jpg?w=1200", Some("The new pier")),
        ("https://tide.example/quay.jpg", Some("The quay at dawn")),
    ];
    assert_eq!(found, expected);
}
