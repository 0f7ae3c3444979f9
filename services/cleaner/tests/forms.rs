//! Pages that are no ordinary articles: what each is marked as.

use cleaner::extracted::{Form, Known};
use cleaner::html::extract;

/// Sentences that no two updates share.
fn update(number: usize) -> String {
    let places = ["quay", "tower", "school", "market", "bridge", "mill", "chapel"];
    let place = places[number % places.len()];
    format!(
        "Update {number} from the {place}: the water has risen by {number} centimetres since the last report, and the \
         harbour office asks everybody who lives near the {place} to stay on the upper floors until the morning."
    )
}

fn page(head: &str, body: &str) -> String {
    format!(
        "<html lang=en><head><title>Flood reaches the old town</title>{head}</head><body><nav><a href=/>Home</a></nav>\
         <article><h1>Flood reaches the old town</h1>{body}</article><footer><p>© Daily Tide</p></footer></body></html>"
    )
}

fn story() -> String {
    (0..6).map(|number| format!("<p>{}</p>", update(number))).collect()
}

fn timed(count: usize, time: impl Fn(usize) -> String) -> String {
    let one = |number| {
        format!(
            "<div><span class=time>{}</span><p>{}</p></div>",
            time(number),
            update(number)
        )
    };
    (0..count).map(one).collect()
}

/// Pictures with captions and so many paragraphs of text beside each.
fn pictures(count: usize, caption: &str, paragraphs: usize) -> String {
    let text = |number: usize| -> String {
        let paragraph = |at| format!("<p>{}</p>", update(100 + number * paragraphs + at));
        (0..paragraphs).map(paragraph).collect()
    };
    let one = |number| {
        let text = text(number);
        format!(
            "<figure><img src=/{number}.jpg><figcaption>{caption} {number}, seen from the quay</figcaption></figure>{text}"
        )
    };
    (0..count).map(one).collect::<String>() + &format!("<p>{}</p><p>{}</p>", update(1), update(2))
}

#[test]
fn live_blogs_and_galleries_are_told_from_articles() {
    let check = |what: &str, html: &str, expected: Option<Form>| {
        let found = extract(html, Some("https://tide.example/flood"), &Known::default());
        assert_eq!(
            found.unwrap_or_else(|reason| panic!("{what}: {reason:?}")).form,
            expected,
            "{what}"
        );
    };
    let json = |kind: &str| {
        format!("<script type='application/ld+json'>{{\"@type\":\"{kind}\",\"headline\":\"Flood\"}}</script>")
    };
    check("an article", &page(&json("NewsArticle"), &story()), None);
    check(
        "one that calls itself a live blog",
        &page(&json("LiveBlogPosting"), &story()),
        Some(Form::LiveBlog),
    );
    check(
        "one whose publisher has a name like it",
        &page(&json("LiveBlogPostings"), &story()),
        None,
    );
    let clock = |number: usize| format!("{}:{:02}", 9 + number / 4, number % 4 * 15);
    check(
        "updates with a time each",
        &page("", &timed(12, clock)),
        Some(Form::LiveBlog),
    );
    check("a few of them", &page("", &timed(4, clock)), None);
    let day = |number: usize| format!("{:02}.11.2026", number + 1);
    check("entries of a diary with a day each", &page("", &timed(12, day)), None);
    check(
        "pictures with captions",
        &page("", &pictures(12, "The flood", 0)),
        Some(Form::Gallery),
    );
    check(
        "an article with three pictures",
        &page("", &pictures(3, "The flood", 0)),
        None,
    );
    check(
        "an illustrated long read",
        &page("", &pictures(12, "The flood", 2)),
        None,
    );
    let video = "<meta property=og:type content=video.other>";
    check("the words beside a film", &page(video, &story()), Some(Form::Video));
}
