//! Compares what is on the topics with the truth table.

use std::collections::{BTreeMap, BTreeSet};

use e2e::account::conserves;
use e2e::topics::{self, read};
use newsroom::truth::{Article, Fate, Truth};
use schemas::fate::FateRecord;
use schemas::published::{PublicArticle, Repointing};
use schemas::topic::SUBJECTS;
use serde_json::Value;

/// The least share of articles whose text must come out exactly, and whose first topic must be one of theirs. What is
/// missing is the stages' quality, which their own suites measure; a fall below means that the way is broken.
const EXACT_TEXTS: f64 = 0.97;
const RIGHT_TOPICS: f64 = 0.40;

/// Checks everything that the topics promise once the newsroom is read to its end.
pub(crate) fn check(truth: &Truth, place: &[String]) {
    let fates: Vec<FateRecord> = read("fates", place);
    let fetched: Vec<Value> = read("articles.fetched", place);
    let articles = topics::articles("articles", place);
    let copies = topics::articles("duplicates", place);
    let repointings = topics::repointings("articles", place);
    conserves(&fates, &fetched);
    fates_fit(truth, &fates, repointings.len());
    records_fit(truth, &articles, &copies);
    originals_fit(truth, &articles, &copies, &repointings);
    assert_eq!(
        in_order(topics::repointings("duplicates", place)),
        in_order(repointings.clone())
    );
    latest_holds_each_original_once(&articles, &repointings, &read("articles.latest", place));
    subjects_hold_their_articles(&articles, place);
}

fn of_article<'a>(fates: &'a [FateRecord], article: &Article) -> Vec<&'a FateRecord> {
    fates
        .iter()
        .filter(|fate| article.requested_urls.contains(&fate.requested_url))
        .collect()
}

fn in_order(mut events: Vec<Repointing>) -> Vec<Repointing> {
    events.sort_by(|one, other| one.id.cmp(&other.id));
    events
}

/// Every entry of the truth table ended once, as it should. Of articles with one text the first to arrive is published,
/// and so is the original when it comes later; the others are copies. Which one arrives first is the network's choice.
fn fates_fit(truth: &Truth, fates: &[FateRecord], repointings: usize) {
    let mut wrong = Vec::new();
    let mut published_of: BTreeMap<&str, usize> = BTreeMap::new();
    for article in &truth.articles {
        let (fate, reason) = fate_words(&article.fate);
        let got = of_article(fates, article);
        let is_news = matches!(fate.as_str(), "published" | "duplicate");
        let fits = |one: &&FateRecord| match is_news {
            true => matches!(one.fate.as_str(), "published" | "duplicate"),
            // Of a page without an article, any reason to filter it is right.
            false => one.fate == fate && (fate == "filtered" || one.reason == reason),
        };
        if got.len() != 1 || !got.iter().all(fits) {
            let got: Vec<_> = got.iter().map(|one| (&one.fate, &one.reason)).collect();
            wrong.push(format!("{}: {fate} {reason:?} expected, got {got:?}", article.slug));
        }
        if is_news {
            *published_of.entry(cluster(article)).or_default() +=
                got.iter().filter(|one| one.fate == "published").count();
        }
    }
    let none = published_of.iter().filter(|(_, published)| **published == 0);
    wrong.extend(none.map(|(original, _)| format!("no article of the cluster of {original} was published")));
    let late: usize = published_of.values().map(|published| published.saturating_sub(1)).sum();
    println!("{repointings} originals came after a copy");
    assert_eq!(
        late, repointings,
        "articles published after another of their cluster, and re-pointings"
    );
    let strangers = fates.iter().filter(|fate| {
        !truth
            .articles
            .iter()
            .any(|one| one.requested_urls.contains(&fate.requested_url))
    });
    wrong.extend(strangers.map(|fate| format!("a fate for {} that nobody published", fate.requested_url)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What articles with one text have in common: the canonical URL of the truth table's original.
fn cluster(article: &Article) -> &str {
    article.duplicate_of.as_deref().unwrap_or(&article.canonical_url)
}

/// Title, text, original and topics of every public record.
fn records_fit(truth: &Truth, articles: &[PublicArticle], copies: &[PublicArticle]) {
    let by_url: BTreeMap<&str, &Article> = truth
        .articles
        .iter()
        .map(|one| (one.canonical_url.as_str(), one))
        .collect();
    let (mut wrong_texts, mut wrong_topics, mut wrong) = (Vec::new(), 0_usize, Vec::new());
    for record in articles.iter().chain(copies) {
        let Some(expected) = by_url.get(record.canonical_url.as_str()) else {
            wrong.push(format!("{} is no article of the newsroom", record.canonical_url));
            continue;
        };
        if record.title != expected.title {
            wrong.push(format!(
                "title of {}: {:?} instead of {:?}",
                expected.slug, record.title, expected.title
            ));
        }
        if let Some(copy) = &record.duplicate
            && by_url
                .get(copy.original_url.as_str())
                .is_none_or(|original| cluster(original) != cluster(expected))
        {
            wrong.push(format!("{} is no copy of {}", expected.slug, copy.original_url));
        }
        if record.text != expected.body.join("\n\n") {
            wrong_texts.push(difference(expected, &record.text));
        }
        if record
            .topics
            .first()
            .is_none_or(|topic| !expected.topics.contains(&topic.id))
        {
            wrong_topics += 1;
        }
    }
    let count = articles.len() + copies.len();
    let share = |wrong: usize| 1.0 - wrong as f64 / count as f64;
    println!(
        "exact texts {:.3}, right first topics {:.3} of {count}",
        share(wrong_texts.len()),
        share(wrong_topics)
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        EXACT_TEXTS <= share(wrong_texts.len()),
        "texts differ:\n{}",
        wrong_texts.join("\n")
    );
    assert!(
        RIGHT_TOPICS <= share(wrong_topics),
        "{wrong_topics} of {count} topics are wrong"
    );
}

/// The site whose pages tell the time without its zone.
const ZONELESS: &str = "ledger";

/// The newsroom's originals are those of the topics in the end: whoever follows the re-pointings comes from every copy,
/// and from everything that was published before its original, to the newsroom's original.
fn originals_fit(truth: &Truth, articles: &[PublicArticle], copies: &[PublicArticle], repointings: &[Repointing]) {
    let by_url: BTreeMap<&str, &Article> = truth
        .articles
        .iter()
        .map(|one| (one.canonical_url.as_str(), one))
        .collect();
    let expected = |record: &PublicArticle| by_url.get(record.canonical_url.as_str());
    let of_id: BTreeMap<_, _> = articles.iter().map(|one| (&one.id, expected(one))).collect();
    let moved: BTreeMap<_, _> = repointings.iter().map(|event| (&event.id, &event.original)).collect();
    assert_eq!(moved.len(), repointings.len(), "an article was re-pointed twice");
    let (mut wrong, mut found) = (Vec::new(), BTreeMap::new());
    for record in articles.iter().chain(copies) {
        let start = record.duplicate.as_ref().map_or(&record.id, |copy| &copy.original);
        let steps = std::iter::successors(Some(start), |id| moved.get(*id).copied()).take(articles.len() + 1);
        let (Some(last), Some(expected)) = (steps.last(), expected(record)) else {
            continue;
        };
        let original = by_url.get(cluster(expected));
        let is_original = of_id.get(last).copied().flatten().zip(original);
        if !is_original.is_some_and(|(last, original)| last.slug == original.slug || is_open(original, last)) {
            wrong.push(format!(
                "{} leads to {last} instead of {}",
                expected.slug,
                cluster(expected)
            ));
        }
        if *found.entry(cluster(expected)).or_insert(last) != last {
            wrong.push(format!(
                "{} leads to {last}, others of its cluster do not",
                expected.slug
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether nothing that the two pages show decides which is the original, so that the first to arrive is: no dateline
/// that the other lacks, and a time without a zone.
fn is_open(original: &Article, other: &Article) -> bool {
    cluster(other) == original.canonical_url
        && [original, other].iter().any(|one| one.site == ZONELESS)
        && original.dateline.is_some() <= other.dateline.is_some()
}

/// Which blocks a text has too many and too few.
fn difference(expected: &Article, text: &str) -> String {
    let got: Vec<&str> = text.split("\n\n").collect();
    let start = |block: &str| block.chars().take(70).collect::<String>();
    let kept: Vec<String> = got
        .iter()
        .filter(|one| !expected.body.iter().any(|block| block == *one))
        .map(|one| start(one))
        .collect();
    let lost: Vec<String> = expected
        .body
        .iter()
        .filter(|block| !got.contains(&block.as_str()))
        .map(|one| start(one))
        .collect();
    format!("{}: kept {kept:?}, lost {lost:?}", expected.slug)
}

/// The records of re-pointed articles may be there still, each with a tombstone behind it, until the topic is compacted.
fn latest_holds_each_original_once(
    articles: &[PublicArticle],
    repointings: &[Repointing],
    latest: &[Option<PublicArticle>],
) {
    let gone: BTreeSet<_> = repointings.iter().map(|event| &event.id).collect();
    let (there, before): (Vec<_>, Vec<_>) = latest
        .iter()
        .flatten()
        .map(|one| &one.id)
        .partition(|id| !gone.contains(id));
    let tombstones = latest.iter().filter(|one| one.is_none()).count();
    assert!(
        before.len() <= tombstones,
        "{} re-pointed, {tombstones} tombstones",
        before.len()
    );
    let originals = articles.iter().map(|one| &one.id).filter(|id| !gone.contains(id));
    let expected: BTreeSet<_> = originals.collect();
    assert_eq!(
        there.iter().copied().collect::<BTreeSet<_>>(),
        expected,
        "the latest topic and the event log differ"
    );
    assert_eq!(there.len(), expected.len(), "the latest topic repeats articles");
}

fn subjects_hold_their_articles(articles: &[PublicArticle], place: &[String]) {
    for subject in SUBJECTS {
        let on_topic = topics::articles(&format!("topics.{}", subject.slug), place);
        let has_subject = |one: &&PublicArticle| {
            one.topics
                .iter()
                .any(|topic| topic.id == subject.id && 0.5 <= topic.score)
        };
        let expected: BTreeSet<_> = articles
            .iter()
            .filter(has_subject)
            .map(|one| (&one.id, one.version))
            .collect();
        let got: BTreeSet<_> = on_topic.iter().map(|one| (&one.id, one.version)).collect();
        assert_eq!(got, expected, "topic of {}", subject.slug);
        assert_eq!(got.len(), on_topic.len(), "topic of {} repeats articles", subject.slug);
    }
}

/// The fate of the truth table in the words of the fates topic.
fn fate_words(fate: &Fate) -> (String, Option<String>) {
    let value = serde_json::to_value(fate).unwrap();
    (
        value["fate"].as_str().unwrap().to_owned(),
        value["reason"].as_str().map(str::to_owned),
    )
}
