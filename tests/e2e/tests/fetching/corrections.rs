//! A corrected article comes out as its next version, one whose entry alone changed as unchanged.

use std::time::Duration;

use e2e::press::Press;
use e2e::program::run_well;
use e2e::topics::{self, Follower, read};
use schemas::fate::FateRecord;
use schemas::published::PublicArticle;

use super::{up, words};

const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn a_corrected_article_comes_out_as_its_next_version() {
    let directory = tempfile::tempdir().unwrap();
    let place = words(&format!("--data-dir {}", directory.path().join("data").display()));
    let press = Press::start(1_000, 0.0);
    run_well(press.sources_add().iter().chain(&place));
    let log = directory.path().join("up.log");
    let options =
        "--set fetcher.host_delay_ms=5 --set fetcher.poll_interval_min_seconds=1 --set fetcher.refetch_min_seconds=1";
    let running = up(options, &place, &log);
    let articles = Follower::start("articles", &place);
    let is_out =
        |articles: &[serde_json::Value], url: &str| articles.iter().any(|article| article["canonical_url"] == url);
    let first = articles.wait("100 articles, one of them with a correction", PATIENCE, |articles| {
        articles.len() >= 100 && press.can_correct(|article| is_out(articles, &article.canonical_url))
    });

    let corrected = press.correct_one(|article| is_out(&first, &article.canonical_url));
    let url = corrected.canonical_url.as_str();
    articles.wait("the second version", PATIENCE, |articles| {
        let second = |article: &serde_json::Value| article["canonical_url"] == url && article["version"] == 2;
        articles.iter().any(second)
    });
    assert!(running.terminate().success());

    let versions: Vec<PublicArticle> = topics::articles("articles", &place)
        .into_iter()
        .filter(|article| article.canonical_url == url)
        .collect();
    let [first, second] = versions.as_slice() else {
        panic!("{} versions instead of two", versions.len())
    };
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(first.id, second.id);
    assert!(first.revision < second.revision);
    assert_eq!(second.text, corrected.body.join("\n\n"));
    assert_ne!(first.text, second.text);
    let fates: Vec<FateRecord> = read("fates", &place);
    let published = fates
        .iter()
        .filter(|fate| corrected.requested_urls.contains(&fate.requested_url));
    assert!(published.clone().all(|fate| fate.fate == "published"));
    assert_eq!(published.count(), 2);
}
