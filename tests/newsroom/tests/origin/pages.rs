//! Every page shows its gold text, once and in order, and clutter around it.

use newsroom::truth::{Article, Fate};

use super::client::{get, newsroom};

/// The text of a page: scripts, styles and comments out, blocks on lines of their own, entities resolved.
fn visible(html: &str) -> String {
    let mut html = html[html.find("<body").or_else(|| html.find("<BODY")).unwrap()..].to_owned();
    for (open, close) in [("<script", "</script>"), ("<style", "</style>")] {
        while let Some(start) = html.find(open) {
            let end = start + html[start..].find(close).unwrap() + close.len();
            html.replace_range(start..end, " ");
        }
    }
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decode(article: &Article, bytes: &[u8]) -> String {
    if article.site == "isar" {
        encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()
    } else {
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_its_gold_text_once_and_in_order() {
    let newsroom = newsroom(usize::MAX).await;
    for article in newsroom.truth().articles {
        let answer = get(&article.canonical_url, &[]).await;
        if article.fate == Fate::NotFetched("gone".to_owned()) {
            assert!(matches!(answer.status, 404 | 410), "{}", article.slug);
            continue;
        }
        assert_eq!(answer.status, 200, "{}", article.slug);
        let html = decode(&article, &answer.body);
        assert!(
            !html.contains("[["),
            "{}: a gap in the design is not filled",
            article.slug
        );
        assert!(
            html.contains(&article.canonical_url),
            "{}: no canonical link",
            article.slug
        );
        let text = visible(&html);
        let mut from = 0;
        for block in &article.body {
            assert_eq!(text.matches(block.as_str()).count(), 1, "{}: {block}", article.slug);
            let at = text.find(block.as_str()).unwrap();
            assert!(from <= at, "{}: out of order: {block}", article.slug);
            from = at + block.len();
        }
        assert!(text.contains(&article.title), "{}: no title", article.slug);
        let gold: usize = article.body.iter().map(String::len).sum();
        assert!(text.len() > gold + 150, "{}: no clutter around the text", article.slug);
        for author in &article.authors {
            assert!(html.contains(author.as_str()), "{}: no author", article.slug);
        }
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_the_same_while_others_come_out() {
    let newsroom = newsroom(120).await;
    let articles = newsroom.truth().articles;
    let article = articles
        .iter()
        .rfind(|article| article.site == "pulse" && article.released)
        .unwrap();
    let before = get(&article.canonical_url, &[]).await.body;
    newsroom.publish_more(60);
    assert!(before == get(&article.canonical_url, &[]).await.body);
    newsroom.stop().await;
}
