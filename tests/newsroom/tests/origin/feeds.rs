//! The feeds can be read, link to the articles, and grow.

use std::collections::BTreeSet;

use newsroom::truth::Fate;

use super::client::{get, newsroom};

#[tokio::test(flavor = "multi_thread")]
async fn every_feed_lists_every_article_of_its_site() {
    let newsroom = newsroom(usize::MAX).await;
    let truth = newsroom.truth();
    for feed in newsroom.feeds() {
        let answer = get(&feed.url, &[]).await;
        assert_eq!(answer.status, 200, "{}", feed.url);
        let parser = feed_rs::parser::Builder::new().base_uri(Some(&feed.url)).build();
        let parsed = parser
            .parse(answer.body.as_slice())
            .unwrap_or_else(|error| panic!("{}: {error}", feed.url));
        let links: BTreeSet<_> = parsed
            .entries
            .iter()
            .flat_map(|entry| &entry.links)
            .map(|link| &link.href)
            .collect();
        let articles = truth.articles.iter().filter(|article| article.site == feed.site);
        let mut count = 0;
        for article in articles {
            count += 1;
            assert!(
                links.contains(&article.requested_urls[0]),
                "{}: {} is not in {links:?}",
                feed.url,
                article.slug
            );
        }
        let damaged = parsed.entries.iter().filter(|entry| entry.links.is_empty()).count();
        assert_eq!(parsed.entries.len(), count + damaged, "{}", feed.url);
        assert!((8..=50).contains(&count), "{} has {count} articles", feed.url);
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_carry_the_publication_time() {
    let newsroom = newsroom(usize::MAX).await;
    let truth = newsroom.truth();
    for feed in newsroom.feeds() {
        let parsed = feed_rs::parser::parse(get(&feed.url, &[]).await.body.as_slice()).unwrap();
        let article = truth
            .articles
            .iter()
            .rfind(|article| article.site == feed.site)
            .unwrap();
        let newest = parsed
            .entries
            .iter()
            .filter_map(|entry| entry.published.or(entry.updated))
            .max()
            .unwrap();
        assert_eq!(
            newest.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            article.published_at,
            "{}",
            feed.url
        );
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_site_forbids_a_path_that_its_feed_links_to() {
    let newsroom = newsroom(usize::MAX).await;
    let forbidden: Vec<_> = newsroom
        .truth()
        .articles
        .into_iter()
        .filter(|article| article.fate == Fate::NotFetched("robots".to_owned()))
        .collect();
    assert!(!forbidden.is_empty());
    for article in forbidden {
        let home = article.canonical_url.split("/premium/").next().unwrap();
        let robots = get(&format!("{home}/robots.txt"), &[]).await.text();
        assert!(robots.contains("Disallow: /premium/"), "{robots}");
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_name_the_newest_entries_only() {
    let options = newsroom::Options {
        feed_length: 3,
        ..newsroom::Options::default()
    };
    let newsroom = newsroom::Newsroom::start(options).await.unwrap();
    let feed = &newsroom.feeds()[2];
    let parsed = feed_rs::parser::parse(get(&feed.url, &[]).await.body.as_slice()).unwrap();
    assert_eq!(parsed.entries.len(), 3);
    newsroom.stop().await;
}
