//! The table of misbehaving sites as tests of the whole pipeline use it, and its judge.

use std::collections::BTreeSet;

use newsroom::misbehaviour::{Expect, Hostile, Seen, SeenArticle, SeenFate, SeenSource, Text};
use newsroom::{Hit, Newsroom, Options};

use crate::origin::client::{get, hostile_newsroom, newsroom};

#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_a_site_of_its_own_with_expectations() {
    let newsroom = hostile_newsroom().await;
    let table = newsroom.hostile();
    let hosts: BTreeSet<_> = table
        .iter()
        .map(|row| row.subscribe.split('/').nth(2).unwrap())
        .collect();
    let names: BTreeSet<_> = table.iter().map(|row| &row.name).collect();
    assert_eq!((hosts.len(), names.len()), (table.len(), table.len()));
    for row in &table {
        assert!(!row.expectations.is_empty() && !row.does.is_empty(), "{}", row.name);
        assert!(
            row.name
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
            "{}",
            row.name
        );
    }
    let home = newsroom.feeds()[0].url.replace("/feed.atom", "");
    let served = get(&format!("{home}/-/hostile.json"), &[]).await.text();
    let served: serde_json::Value = serde_json::from_str(&served).unwrap();
    assert_eq!(served, serde_json::to_value(&table).unwrap());
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_press_is_the_same_with_and_without_misbehaving_sites() {
    let options = Options {
        first_published_at: Some(1_772_400_000),
        hostile: true,
        ..Options::default()
    };
    let without = newsroom(usize::MAX).await;
    let with = Newsroom::start(options).await.unwrap();
    assert!(without.hostile().is_empty());
    let titles = |newsroom: &Newsroom| {
        let articles = newsroom.truth().articles.into_iter();
        articles
            .map(|article| (article.slug, article.title, article.body, article.fate))
            .collect::<Vec<_>>()
    };
    assert!(titles(&with) == titles(&without));
    without.stop().await;
    with.stop().await;
}

/// What a run looks like in which all of the row's expectations hold.
fn ideal(row: &Hostile) -> Seen {
    let mut seen = Seen::default();
    let mut source = SeenSource {
        url: row.subscribe.clone(),
        ..SeenSource::default()
    };
    for expect in &row.expectations {
        match expect {
            Expect::Published { text } => seen.articles.push(article(text, 1)),
            Expect::Corrected { first, last } => seen.articles.extend([article(first, 1), article(last, 2)]),
            Expect::Fate { url, any_of } => seen.fates.push(fate(url, any_of[0])),
            Expect::AlsoFate { url, fate: word } => seen.fates.push(fate(url, word)),
            Expect::SourceFailing { any_of } => source.failure = Some(any_of.first().unwrap_or(&"").to_uppercase()),
            Expect::SourceEnded => source.ended = true,
            Expect::SourceMoved { to } => source.moved_to = Some(to.clone()),
            Expect::RequestsAtLeast { site, path, count } => {
                seen.hits.extend(vec![hit(site, path, None, None); *count]);
            }
            Expect::ValidatorReturned { path, header, value } => seen.hits.push(match *header {
                "If-None-Match" => hit(&row.name, path, Some(value), None),
                _ => hit(&row.name, path, None, Some(value)),
            }),
            Expect::Probed { path } => {
                seen.hits.extend([
                    hit(&row.name, path, Some("\"x\""), None),
                    hit(&row.name, path, None, None),
                ]);
            }
            _ => {}
        }
    }
    seen.sources.push(source);
    seen
}

fn article(text: &Text, version: u32) -> SeenArticle {
    SeenArticle {
        requested_url: text.url.clone(),
        canonical_url: text.url.clone(),
        title: text.title.clone(),
        text: text.body.join("\n\n"),
        version,
    }
}

fn fate(url: &str, word: &str) -> SeenFate {
    let (fate, reason) = word
        .split_once(':')
        .map_or((word, None), |(fate, reason)| (fate, Some(reason)));
    SeenFate {
        requested_url: url.to_owned(),
        fate: fate.to_owned(),
        reason: reason.map(str::to_owned),
    }
}

fn hit(site: &str, path: &str, tag: Option<&str>, date: Option<&str>) -> Hit {
    Hit {
        site: site.to_owned(),
        path: path.to_owned(),
        conditional: tag.is_some() || date.is_some(),
        if_none_match: tag.map(str::to_owned),
        if_modified_since: date.map(str::to_owned),
        ..Hit::default()
    }
}

/// Breaks the one thing in an ideal run that `expect` is about; `None` where there is nothing to break.
fn spoil(row: &Hostile, expect: &Expect, seen: &mut Seen) {
    let source = &mut seen.sources[0];
    let published = |url: &str| SeenArticle {
        canonical_url: format!("{url}x"),
        ..SeenArticle::default()
    };
    match expect {
        Expect::Published { text } | Expect::Corrected { last: text, .. } => {
            let whole = text.body.join("\n\n");
            seen.articles
                .iter_mut()
                .filter(|article| article.text == whole)
                .for_each(|article| article.text.push('!'));
        }
        Expect::Fate { url, .. } => seen.fates.push(fate(url, "withheld:embargo")),
        Expect::AlsoFate { url, .. } => seen.fates.retain(|fate| fate.requested_url != *url),
        Expect::NotPublished { url_prefix } => seen.articles.push(published(url_prefix)),
        Expect::SourceWorks => source.failure = Some("broken".to_owned()),
        Expect::SourceFailing { .. } => source.failure = None,
        Expect::SourceEnded => source.ended = false,
        Expect::SourceMoved { .. } => source.moved_to = None,
        Expect::SourceStays => source.moved_to = Some("elsewhere".to_owned()),
        Expect::RequestsAtLeast { path, .. } => seen.hits.retain(|hit| hit.path != *path),
        Expect::RequestsAtMost { site, path, count } => seen.hits.extend(vec![hit(site, path, None, None); count + 1]),
        Expect::NeverRequested { site, path_prefix } => {
            seen.hits.push(hit(site, &format!("{path_prefix}/x"), None, None));
        }
        Expect::BytesAtMost { site, bytes } => seen.hits.push(Hit {
            sent_bytes: bytes + 1,
            ..hit(site, "/", None, None)
        }),
        Expect::ValidatorReturned { path, .. } => seen.hits.push(hit(&row.name, path, Some("other"), Some("other"))),
        Expect::Probed { .. } => seen.hits.retain(|hit| hit.conditional),
        Expect::LineAtMost {
            url_prefix,
            line,
            count,
        } => seen.articles.extend((0..=*count).map(|number| SeenArticle {
            requested_url: format!("{url_prefix}x{number}"),
            text: line.clone(),
            ..SeenArticle::default()
        })),
        Expect::NotInLogs { text } => seen.logs.push_str(text),
        other => panic!("nobody knows how to break {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_accepts_what_was_expected_and_nothing_else() {
    let newsroom = hostile_newsroom().await;
    let mut broken = 0;
    for row in newsroom.hostile() {
        let ideal = ideal(&row);
        assert_eq!(row.judge(&ideal), [""; 0], "{}", row.name);
        for expect in &row.expectations {
            let mut seen = ideal.clone();
            spoil(&row, expect, &mut seen);
            assert!(!row.judge(&seen).is_empty(), "{}: {expect:?} is not judged", row.name);
            broken += 1;
        }
        assert!(
            row.expectations
                .iter()
                .all(|expect| !matches!(expect, Expect::SourceWorks))
                || !row.judge(&Seen::default()).is_empty()
        );
    }
    assert!(300 <= broken, "{broken}");
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_reaches_the_vault_is_seen_and_judged() {
    let newsroom = hostile_newsroom().await;
    let table = newsroom.hostile();
    let row = table.iter().find(|row| row.name == "forbidden-links").unwrap();
    let feed = get(&row.subscribe, &[]).await.text();
    let link = feed
        .split("<link>")
        .find(|link| link.starts_with("http://0.0.0.0:"))
        .unwrap();
    let link = link.split('<').next().unwrap();
    get(&link.replace("0.0.0.0", "127.0.0.1"), &[]).await;
    let seen = Seen {
        hits: newsroom.access_log(),
        ..ideal(row)
    };
    let problems = row.judge(&seen);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("vault was asked for /forbidden-links"),
        "{problems:?}"
    );
    newsroom.stop().await;
}
