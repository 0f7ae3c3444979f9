//! Articles come out over time, and are corrected.

use super::client::{get, newsroom};

#[tokio::test(flavor = "multi_thread")]
async fn articles_come_out_in_order_and_not_before() {
    let newsroom = newsroom(10).await;
    let articles = newsroom.truth().articles;
    assert_eq!(newsroom.progress(), (10, articles.len()));
    assert!(
        articles
            .iter()
            .enumerate()
            .all(|(index, article)| article.released == (index < 10))
    );
    let next = articles[10..].iter().find(|article| !article.body.is_empty()).unwrap();
    assert_eq!(get(&next.canonical_url, &[]).await.status, 404);
    newsroom.publish_more(articles.len());
    assert_eq!(get(&next.canonical_url, &[]).await.status, 200);
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_come_out_by_themselves() {
    let options = newsroom::Options {
        initial: 0,
        per_second: 400.0,
        ..newsroom::Options::default()
    };
    let newsroom = newsroom::Newsroom::start(options).await.unwrap();
    let all_out = async {
        while newsroom.progress().0 < newsroom.progress().1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), all_out)
        .await
        .unwrap();
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_changes_page_feed_and_truth() {
    let newsroom = newsroom(usize::MAX).await;
    let correctable: Vec<_> = newsroom
        .truth()
        .articles
        .into_iter()
        .filter(|article| article.correctable)
        .collect();
    assert!(correctable.len() >= 5);
    for before in correctable {
        let page = get(&before.canonical_url, &[]).await.body;
        let after = newsroom.correct(&before.slug).unwrap();
        assert_eq!((after.version, &after.canonical_url), (2, &before.canonical_url));
        assert!(
            after.body != before.body && after.body.len() == before.body.len(),
            "{}",
            before.slug
        );
        assert!(after.updated_at.is_some());
        assert!(page != get(&before.canonical_url, &[]).await.body, "{}", before.slug);
        let feed = newsroom
            .feeds()
            .into_iter()
            .find(|feed| feed.site == before.site)
            .unwrap();
        let parsed = feed_rs::parser::parse(get(&feed.url, &[]).await.body.as_slice()).unwrap();
        assert_eq!(parsed.entries[0].title.as_ref().unwrap().content, before.title);
    }
    assert!(newsroom.correct("no-such-story").is_err());
    newsroom.stop().await;
}
