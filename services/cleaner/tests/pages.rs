//! Whole pages of our own making: what comes out, what is cut and as what, and which pages are refused.

use cleaner::extracted::{Extracted, Known};
use schemas::article::BlockKind;
use schemas::fate::FilterReason;

const HEAD: &str = "<html lang=en><head><title>Ferry line opens after ten years | Daily Tide</title>\
    <meta property=og:title content='Ferry line opens after ten years'></head><body><header><nav><ul>\
    <li><a href=/>Home</a><li><a href=/sport>Sport</a><li><a href=/sea>Sea</a></ul></nav></header><main>";
const FOOT: &str = "</main><footer><p>© Daily Tide. All rights reserved.</p><ul><li><a href=/about>About us</a>\
    <li><a href=/terms>Terms</a></ul></footer></body></html>";
const STORY: [&str; 4] = [
    "The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm that took the old one, and four hundred people waved from the quay until it was out of sight.",
    "Two boats a day will run until the spring, when a third one is expected from the yard, the harbour office said. The fare will stay as it was before the storm.",
    "“We have had a decade of rowing,” said the teacher of the island school, who was the first to step on board with her class of nine.",
    "The pier cost less than planned because the fishermen drove the piles themselves, the mayor said, and the money that is left will pay for a waiting room.",
];

fn extract(main: &str) -> Result<Extracted, FilterReason> {
    let page = format!("{HEAD}{main}{FOOT}");
    cleaner::html::extract(&page, Some("https://tide.example/ferry"), &Known::default())
}

fn whole_page() -> String {
    let [first, second, third, fourth] = STORY;
    let related: String = (1..7)
        .map(|number| format!("<li><a href=/n{number}>Another story from the coast number {number}</a></li>"))
        .collect();
    format!(
        "<article><h1>Ferry line opens after ten years</h1><p class=byline>By Ana Lim</p>\
         <time datetime=2016-02-17>17 February 2016</time><figure><img src=/f.jpg><figcaption>The ferry at the new \
         pier on Monday. Photo: Tide</figcaption></figure><div class=article-body><p>{first}</p><p>{second}</p>\
         <p><strong>Read also:</strong> <a href=/x>Storm took the old pier</a></p><h2>A decade of rowing</h2>\
         <p>{third}</p><p>{fourth}</p><h2>Boats on weekdays</h2><ul><li>From the quay at seven in the morning</li>\
         <li>Back from the islands at six in the evening</li></ul></div><div class=newsletter-box><p>Get our letter \
         every morning. Sign up for our newsletter.</p></div></article><section class=related><h3>More from the \
         coast</h3><ul>{related}</ul></section><section id=comments><h3>3 comments</h3><div class=comment>\
         <b>old_salt</b><p>I sailed on the old boat as a child and I still remember the smell of the engine, so this \
         made my day.</p></div><div class=comment><b>Rosa K.</b><p>They should have built it years ago, but better \
         late than never, and the fishermen deserve a statue.</p></div></section>"
    )
}

#[test]
fn the_story_comes_out_and_nothing_else() {
    let extracted = extract(&whole_page()).unwrap_or_default();
    let found: Vec<(BlockKind, &str)> = extracted
        .blocks
        .iter()
        .map(|block| (block.kind, block.text.as_str()))
        .collect();
    let expected = [
        (BlockKind::Paragraph, STORY[0]),
        (BlockKind::Paragraph, STORY[1]),
        (BlockKind::Heading, "A decade of rowing"),
        (BlockKind::Paragraph, STORY[2]),
        (BlockKind::Paragraph, STORY[3]),
        (BlockKind::Heading, "Boats on weekdays"),
        (BlockKind::ListItem, "From the quay at seven in the morning"),
        (BlockKind::ListItem, "Back from the islands at six in the evening"),
    ];
    assert_eq!(found, expected);
    assert_eq!(extracted.title, "Ferry line opens after ten years");
    assert_eq!(extracted.authors, ["Ana Lim"]);
    assert_eq!(
        extracted.published_at.map(|found| found.at.to_string()).as_deref(),
        Some("2016-02-17T00:00:00.000Z")
    );
    assert_eq!(extracted.captions, ["The ferry at the new pier on Monday. Photo: Tide"]);
    assert!(
        extracted
            .images
            .iter()
            .any(|image| image.url == "https://tide.example/f.jpg")
    );
}

#[test]
fn what_was_cut_is_told_by_kind() {
    let extracted = extract(&whole_page()).unwrap_or_default();
    let check = |start: &str, kind: &str| {
        let found = extracted.removed.iter().find(|removed| removed.text.starts_with(start));
        assert_eq!(found.map(|removed| removed.kind.name()), Some(kind), "{start}");
    };
    check("Home", "navigation");
    check("By Ana Lim", "byline");
    check("17 February", "date_line");
    check("The ferry at the new pier", "caption");
    check("Read also", "related");
    check("Get our letter", "newsletter");
    check("I sailed on the old boat", "comments");
    check("© Daily Tide", "copyright");
}

#[test]
fn a_long_text_among_links_is_no_list_of_teasers() {
    let links: String = (1..26)
        .map(|number| {
            format!("<li><a href=/a{number}>Another lesson of this course, the one with number {number}</a></li>")
        })
        .collect();
    let text = STORY.concat();
    let page = format!(
        "<h1>What is a ferry?</h1><a href=/t>The text that is spoken in the film</a><p>{text}</p><ul>{links}</ul>"
    );
    let extracted = extract(&page);
    assert!(extracted.is_ok_and(|extracted| extracted.text().contains(STORY[0])));
}

#[test]
fn pages_without_a_story_are_refused() {
    let check = |main: &str, reason: FilterReason| assert_eq!(extract(main).err(), Some(reason), "{main}");
    let cards: String = (1..26)
        .map(|number| {
            format!(
                "<div class=card><h3><a href=/a{number}>The council has decided on matter number {number} at last</a>\
                 </h3><p>A short teaser on what the council has decided this week.</p></div>"
            )
        })
        .collect();
    check(&cards, FilterReason::ListingPage);
    check(
        "<h1>404</h1><p>Sorry, we could not find the page you are looking for.</p>",
        FilterReason::NoArticle,
    );
    check(
        "<h1>Watch: the ferry leaves</h1><div class=player><video src=x></video></div><p>1:32</p>",
        FilterReason::NoArticle,
    );
    let stub = format!(
        "<article><h1>Ferry line opens after ten years</h1><p>{}</p><p>Two boats a day will run until the spring, when a \
         third one is expected from…</p><div class=paywall><p>Subscribe to continue reading this article.</p></div></article>",
        STORY[0]
    );
    check(&stub, FilterReason::PaywallStub);
}
