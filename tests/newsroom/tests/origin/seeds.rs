//! What the articles must be like for the truth table to be worth something.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::misbehaviour::Expect;
use newsroom::truth::{Article, Fate};

use super::client::newsroom;

async fn articles() -> Vec<Article> {
    let newsroom = newsroom(usize::MAX).await;
    let articles = newsroom.truth().articles;
    newsroom.stop().await;
    articles
}

fn is_text(article: &Article) -> bool {
    matches!(article.fate, Fate::Published | Fate::Duplicate)
}

#[tokio::test]
async fn there_are_articles_of_every_sort() {
    let articles = articles().await;
    let text: Vec<_> = articles.iter().filter(|article| is_text(article)).collect();
    assert!(text.len() >= 200, "{}", text.len());
    let sites: BTreeSet<_> = text.iter().map(|article| &article.site).collect();
    assert!(sites.len() >= 6);
    let originals = || text.iter().filter(|article| article.fate == Fate::Published);
    let mut topics = BTreeMap::new();
    let mut languages = BTreeMap::new();
    for article in originals() {
        *topics.entry(article.topics[0].as_str()).or_insert(0) += 1;
        *languages.entry(article.language.as_str()).or_insert(0) += 1;
    }
    assert_eq!(topics.len(), 17, "{topics:?}");
    assert!(topics.values().all(|count| *count >= 4), "{topics:?}");
    assert_eq!(languages.len(), 5);
    assert!(languages.values().all(|count| *count >= 8), "{languages:?}");
    assert!(originals().count() >= 200);
    let fates: BTreeSet<_> = articles.iter().map(|article| &article.fate).collect();
    assert_eq!(fates.len(), 6, "{fates:?}");
}

#[tokio::test]
async fn the_truth_agrees_with_itself() {
    let articles = articles().await;
    let urls: BTreeSet<_> = articles.iter().map(|article| &article.canonical_url).collect();
    let slugs: BTreeSet<_> = articles.iter().map(|article| &article.slug).collect();
    assert_eq!((urls.len(), slugs.len()), (articles.len(), articles.len()));
    assert!(articles.is_sorted_by_key(|article| &article.published_at));
    for (index, article) in articles.iter().enumerate() {
        assert_eq!(article.body.len(), article.kinds.len());
        assert_eq!(article.requested_urls.last(), Some(&article.canonical_url));
        assert_eq!(article.fate == Fate::Duplicate, article.duplicate_of.is_some());
        if let Some(original) = &article.duplicate_of {
            let earlier = articles[..index].iter().find(|other| other.canonical_url == *original);
            let original = earlier.unwrap_or_else(|| panic!("{} comes before its original", article.slug));
            assert_eq!((&original.fate, &original.topics), (&Fate::Published, &article.topics));
        }
    }
}

#[tokio::test]
async fn every_original_is_long_enough_to_be_news() {
    for article in articles()
        .await
        .iter()
        .filter(|article| article.fate == Fate::Published)
    {
        let words = article.body.join(" ").split_whitespace().count();
        assert!(words >= 110, "{} has {words} words", article.slug);
        assert!(article.body.len() >= 3, "{}", article.slug);
    }
}

/// Groups of five words, case and punctuation folded.
fn shingles(body: &[String]) -> BTreeSet<Vec<String>> {
    let words: Vec<_> = body
        .join(" ")
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.windows(5).map(<[String]>::to_vec).collect()
}

#[tokio::test]
async fn texts_that_are_no_copies_have_little_in_common() {
    let articles = articles().await;
    let texts: Vec<_> = articles
        .iter()
        .filter(|article| is_text(article))
        .map(|one| (one, shingles(&one.body)))
        .collect();
    let root = |article: &Article| {
        article
            .duplicate_of
            .clone()
            .unwrap_or_else(|| article.canonical_url.clone())
    };
    for (index, (left, left_shingles)) in texts.iter().enumerate() {
        for (right, right_shingles) in &texts[..index] {
            let common = left_shingles.intersection(right_shingles).count() as f64;
            let containment = common / left_shingles.len().min(right_shingles.len()) as f64;
            if root(left) == root(right) {
                assert!(containment > 0.4, "{} and {}: {containment:.2}", left.slug, right.slug);
            } else if left.family.is_some() && left.family == right.family {
                assert!(containment < 0.4, "{} and {}: {containment:.2}", left.slug, right.slug);
            } else {
                assert!(containment < 0.15, "{} and {}: {containment:.2}", left.slug, right.slug);
            }
        }
    }
}

/// Every article that misbehaving sites should bring out, by its text.
async fn hostile_bodies() -> BTreeMap<Vec<String>, String> {
    let newsroom = super::client::hostile_newsroom().await;
    let expectations = newsroom.hostile().into_iter().flat_map(|row| row.expectations);
    let texts = expectations.filter_map(|expect| match expect {
        Expect::Published { text } => Some(text),
        Expect::Corrected { first, .. } => Some(first),
        _ => None,
    });
    let bodies = texts.map(|text| (text.body, text.slug)).collect();
    newsroom.stop().await;
    bodies
}

#[tokio::test]
async fn articles_of_misbehaving_sites_are_news_and_no_copies() {
    let bodies = hostile_bodies().await;
    let slugs: BTreeSet<_> = bodies.values().collect();
    assert_eq!(slugs.len(), bodies.len(), "two texts have one slug");
    assert!(100 <= bodies.len(), "{}", bodies.len());
    let press = articles().await;
    let press: Vec<_> = press
        .iter()
        .map(|article| (article.slug.clone(), shingles(&article.body)))
        .collect();
    let mut others = Vec::new();
    for (body, slug) in bodies {
        // Japanese has no spaces between words; its text is about 400 characters.
        let words = body.join(" ").split_whitespace().count();
        let is_long = 120 <= words || 300 <= body.join("").chars().filter(|letter| '\u{3000}' <= *letter).count();
        assert!(is_long, "{slug} has {words} words");
        let own = shingles(&body);
        let contained = |shingles: &BTreeSet<_>| {
            let common = own.intersection(shingles).count() as f64;
            common / own.len().min(shingles.len()).max(1) as f64
        };
        for (other, shingles) in &press {
            assert!(contained(shingles) < 0.02, "{slug} and {other} of the press");
        }
        // The articles share a stock of phrases, as the press's families share a template: a copy begins at 0.4.
        for (other, shingles) in &others {
            assert!(
                contained(shingles) < 0.2,
                "{slug} and {other}: {:.2}",
                contained(shingles)
            );
        }
        others.push((slug, own));
    }
}
