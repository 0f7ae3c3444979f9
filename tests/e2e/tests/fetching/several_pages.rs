//! What is more or less than its page: an article on two pages comes out whole as its second version, and what all
//! articles of a site end in is cut once the cleaner has seen enough of them.

use std::time::Duration;

use e2e::press::Press;
use e2e::program::run_well;
use e2e::topics::{Follower, articles, read};
use e2e::{account, listing};
use newsroom::Options;
use newsroom::misbehaviour::{Hostile, Seen, SeenArticle, SeenFate};
use schemas::fate::FateRecord;
use schemas::published::PublicArticle;
use serde_json::Value;

use super::{up, words};

const PATIENCE: Duration = Duration::from_secs(120);
const SITES: [&str; 2] = ["two-page-article", "same-last-words"];

fn seen(place: &[String]) -> Seen {
    let fate = |fate: FateRecord| SeenFate {
        requested_url: fate.requested_url,
        fate: fate.fate,
        reason: fate.reason,
    };
    let article = |article: PublicArticle| SeenArticle {
        requested_url: article.requested_url,
        canonical_url: article.canonical_url,
        title: article.title,
        text: article.text,
        version: article.version,
    };
    Seen {
        articles: articles("articles", place).into_iter().map(article).collect(),
        fates: read("fates", place).into_iter().map(fate).collect(),
        sources: listing::sources(place),
        ..Seen::default()
    }
}

#[test]
fn an_article_on_two_pages_comes_out_whole_and_what_a_site_repeats_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let place = words(&format!("--data-dir {}", directory.path().join("data").display()));
    let press = Press::with(Options {
        initial: 0,
        hostile: true,
        ..Options::default()
    });
    let rows = press.newsroom().hostile().into_iter();
    let rows: Vec<Hostile> = rows.filter(|row| SITES.contains(&row.name.as_str())).collect();
    assert_eq!(rows.len(), SITES.len());
    let urls = rows.iter().map(|row| row.subscribe.clone());
    let add = words("sources add --poll-interval-seconds 1").into_iter();
    run_well(add.chain(urls).chain(place.iter().cloned()));

    let options = "--set fetcher.host_delay_ms=5 --set fetcher.poll_interval_min_seconds=1";
    let running = up(options, &place, &directory.path().join("up.log"));
    // Two fates of the article on two pages, one of each of the sixteen others.
    Follower::start("fates", &place).wait("18 fates", PATIENCE, |fates: &[Value]| fates.len() >= 18);
    account::conserves_as_it_runs(&place, PATIENCE);
    assert!(running.terminate().success());

    let seen = seen(&place);
    let problems: Vec<String> = rows.iter().flat_map(|row| row.judge(&seen)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
