//! Validators, compression, redirects and the access log.

use std::io::Read;

use super::client::{get, newsroom};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_has_already_is_answered_with_304() {
    let newsroom = newsroom(usize::MAX).await;
    let mut with_validators = 0;
    for feed in newsroom.feeds() {
        let article = newsroom
            .truth()
            .articles
            .into_iter()
            .rfind(|article| article.site == feed.site)
            .unwrap();
        for url in [&feed.url, &article.canonical_url] {
            let first = get(url, &[]).await;
            let tag = first.header("etag").map(|tag| ("If-None-Match", tag));
            let date = first.header("last-modified").map(|date| ("If-Modified-Since", date));
            for (name, value) in [tag, date].into_iter().flatten() {
                with_validators += 1;
                let again = get(url, &[(name, value)]).await;
                assert_eq!((again.status, again.body.len()), (304, 0), "{url} {name}");
                assert_eq!(get(url, &[(name, "\"other\"")]).await.status, 200, "{url} {name}");
            }
        }
    }
    assert!(with_validators >= 20, "{with_validators}");
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_site_compresses_for_those_who_ask() {
    let newsroom = newsroom(usize::MAX).await;
    let feed = newsroom.feeds().into_iter().find(|feed| feed.site == "pulse").unwrap();
    let plain = get(&feed.url, &[]).await;
    assert_eq!(plain.header("content-encoding"), None);
    let packed = get(&feed.url, &[("Accept-Encoding", "br;q=0.5, gzip")]).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_articles_redirect_to_their_canonical_url() {
    let newsroom = newsroom(usize::MAX).await;
    let truth = newsroom.truth();
    let moved: Vec<_> = truth
        .articles
        .iter()
        .filter(|article| article.requested_urls[0].contains("/go/"))
        .collect();
    assert!(moved.len() >= 2);
    for article in moved {
        let answer = get(&article.requested_urls[0], &[]).await;
        assert_eq!(answer.status, 301);
        assert!(article.canonical_url.ends_with(answer.header("location").unwrap()));
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_who_asked_for_what_and_when() {
    let newsroom = newsroom(usize::MAX).await;
    let feed = &newsroom.feeds()[0];
    get(&feed.url, &[("User-Agent", "probe/1")]).await;
    let headers = [("If-None-Match", "\"caf\u{e9}\""), ("If-Modified-Since", "yesterday")];
    get(&format!("{}?x=1", feed.url), &headers).await;
    let hits = newsroom.access_log();
    assert_eq!(
        (hits[0].status, hits[0].user_agent.as_str(), hits[0].conditional),
        (200, "probe/1", false)
    );
    assert_eq!((hits[1].path.as_str(), hits[1].conditional), ("/feed.atom?x=1", true));
    // The test's client sends UTF-8: two bytes for the accent, each kept as a character.
    assert_eq!(hits[1].if_none_match.as_deref(), Some("\"caf\u{c3}\u{a9}\""));
    assert_eq!(hits[1].if_modified_since.as_deref(), Some("yesterday"));
    assert!(
        hits.iter()
            .all(|hit| hit.ended_ms.is_some_and(|ended| hit.at_ms <= ended))
    );
    assert!(hits.iter().all(|hit| hit.open_on_site == 1 && hit.site == "meridian"));
    assert_ne!(
        hits[0].peer_port, hits[1].peer_port,
        "the test's client opens a connection for each request"
    );
    assert!(hits.is_sorted_by_key(|hit| hit.at_ms));
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_in_use_are_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_port = taken.local_addr().unwrap().port();
    let error = newsroom::Newsroom::start(newsroom::Options {
        base_port,
        ..newsroom::Options::default()
    })
    .await;
    assert!(error.unwrap_err().to_string().contains(&base_port.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_name_the_host_that_was_asked_for() {
    let options = newsroom::Options {
        host_name: Some("press.test".to_owned()),
        ..newsroom::Options::default()
    };
    let newsroom = newsroom::Newsroom::start(options).await.unwrap();
    assert!(
        newsroom
            .feeds()
            .iter()
            .all(|feed| feed.url.starts_with("http://press.test:"))
    );
    assert!(
        newsroom
            .truth()
            .articles
            .iter()
            .all(|article| article.canonical_url.starts_with("http://press.test:"))
    );
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn truth_and_access_log_can_be_fetched() {
    let newsroom = newsroom(30).await;
    let home = newsroom.feeds()[0].url.replace("/feed.atom", "");
    let fetched = get(&format!("{home}/-/truth.json"), &[]).await.text();
    assert_eq!(
        serde_json::from_str::<newsroom::truth::Truth>(&fetched).unwrap(),
        newsroom.truth()
    );
    let log = get(&format!("{home}/-/access.json"), &[]).await.text();
    let hits: serde_json::Value = serde_json::from_str(&log).unwrap();
    assert_eq!(hits[0]["path"], "/-/truth.json");
    assert_eq!(hits[0]["status"], 200);
    newsroom.stop().await;
}
