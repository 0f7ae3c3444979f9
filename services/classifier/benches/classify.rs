//! Articles a second on one core: `cargo bench -p classifier`.
//!
//! Reads `seeds/topics/topics.model`; the articles are made of our own sentences and have 1.7 KB each.

use classifier::classifier::Classifier;
use classifier::corpus::examples;
use classifier::model::Article;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ARTICLE_BYTES: usize = 1_700;
const ARTICLES: usize = 2_000;

fn main() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/topics/topics.model");
    let (Ok(bytes), Ok(examples)) = (std::fs::read(model), examples()) else {
        println!("skipped: {model} cannot be read");
        return;
    };
    let started = Instant::now();
    let Ok(classifier) = Classifier::from_bytes(&bytes) else {
        println!("skipped: {model} is no model");
        return;
    };
    println!(
        "load                         {:>10.1} ms",
        started.elapsed().as_secs_f64() * 1e3
    );
    let sentences: Vec<&str> = examples
        .iter()
        .filter(|example| example.language == "en")
        .map(|example| example.text.as_str())
        .collect();
    let articles: Vec<String> = (0..ARTICLES).map(|first| article(&sentences, first)).collect();
    for (name, language) in [("language given", Some("en")), ("language identified", None)] {
        measure(name, &articles, |text| {
            let article = Article {
                language,
                title: "Council closes the old bridge",
                text,
            };
            black_box(classifier.topics(&article));
        });
    }
    measure("identification alone", &articles, |text| {
        black_box(classifier.language("", text));
    });
}

/// Sentences in an order of each article's own until it is long enough.
fn article(sentences: &[&str], first: usize) -> String {
    let mut text = String::new();
    let mut at = first;
    while text.len() < ARTICLE_BYTES {
        at += 7;
        text.push_str(sentences.get(at % sentences.len()).copied().unwrap_or("."));
        text.push(' ');
    }
    text.truncate(text.floor_char_boundary(ARTICLE_BYTES));
    text
}

fn measure(name: &str, articles: &[String], mut run: impl FnMut(&str)) {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        for text in articles {
            run(text);
        }
        best = best.min(started.elapsed());
    }
    println!(
        "{name:28} {:>10.0} articles/s",
        articles.len() as f64 / best.as_secs_f64()
    );
}
