//! Learns the verifier's weights: `train_dedup PENALTY THRESHOLD SET…`, where each SET is the common beginning of
//! `SET.docs.jsonl`, `SET.gold.jsonl` and, optionally, `SET.ignore.jsonl`.
//!
//! Figures go to standard error: for each set, first with weights learned on the other half of all sets (by time),
//! then with all. The lines of the weights' table go to standard output, moved so that THRESHOLD becomes one half.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use deduper::deduper::Article;
use deduper::train::{self, Example, Labelled};
use schemas::time::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    title: String,
    text: String,
    published_at: Timestamp,
    #[serde(default)]
    source: String,
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Gold {
    id: String,
    cluster: String,
}

#[derive(Deserialize)]
struct Ignore {
    a: String,
    b: String,
}

type Failure = Box<dyn std::error::Error>;

fn rows<T: serde::de::DeserializeOwned>(path: &str) -> Result<Vec<T>, Failure> {
    let file = std::io::BufReader::new(std::fs::File::open(path)?);
    file.lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

struct Set {
    name: String,
    examples: Vec<Example>,
    positions: BTreeMap<String, usize>,
    size: usize,
    /// Copies whose cluster has an earlier article.
    copies: usize,
    /// Those with a candidate of their cluster.
    reached: usize,
}

fn load(stem: &str) -> Result<Set, Failure> {
    let documents: Vec<Document> = rows(&format!("{stem}.docs.jsonl"))?;
    let gold: Vec<Gold> = rows(&format!("{stem}.gold.jsonl"))?;
    let clusters: BTreeMap<String, String> = gold.into_iter().map(|row| (row.id, row.cluster)).collect();
    let ignore: Vec<Ignore> = rows(&format!("{stem}.ignore.jsonl")).unwrap_or_default();
    let ignored: BTreeSet<(String, String)> = ignore
        .into_iter()
        .flat_map(|row| [(row.a.clone(), row.b.clone()), (row.b, row.a)])
        .collect();
    let mut entered = 0;
    let mut stream = Vec::new();
    for document in &documents {
        entered = entered.max(document.published_at.as_millis());
        let article = Article {
            id: &document.id,
            fetch_id: &document.id,
            source: &document.source,
            url: &document.url,
            title: &document.title,
            text: &document.text,
            published: Some(document.published_at.as_millis()),
        };
        let cluster = clusters.get(&document.id).map_or("", String::as_str);
        stream.push(Labelled {
            article,
            cluster,
            entered,
        });
    }
    let examples = train::collect(&stream, |a, b| ignored.contains(&(a.to_owned(), b.to_owned())));
    let mut seen = BTreeSet::new();
    let late: BTreeSet<&str> = stream
        .iter()
        .filter(|l| !seen.insert(l.cluster))
        .map(|l| l.article.id)
        .collect();
    let reached: BTreeSet<&str> = examples.iter().filter(|e| e.copy).map(|e| e.article.as_str()).collect();
    let positions = documents
        .iter()
        .enumerate()
        .map(|(at, document)| (document.id.clone(), at))
        .collect();
    for id in late.difference(&reached) {
        eprintln!("  no candidate for {id}");
    }
    Ok(Set {
        name: stem.rsplit('/').next().unwrap_or(stem).to_owned(),
        size: documents.len(),
        copies: late.len(),
        reached: late.intersection(&reached).count(),
        examples,
        positions,
    })
}

fn weighted(sets: &[Set], keep: impl Fn(&Set, &Example) -> bool) -> Vec<Example> {
    let mut all = Vec::new();
    for set in sets {
        let mut part: Vec<Example> = set.examples.iter().filter(|e| keep(set, e)).cloned().collect();
        // Real streams hold few copies, made-up ones many: each kind of stream should be heard.
        let copies = part.iter().filter(|e| e.copy).count().max(1) as f32;
        for example in &mut part {
            let others = if copies < 500.0 { 2.0 } else { 1.0 };
            example.weight = if example.copy {
                (1500.0 / copies).clamp(0.75, 4.0)
            } else {
                others
            };
        }
        all.extend(part);
    }
    all
}

/// Errors of the best match of each article: wrongly joined and wrongly left alone.
fn errors(
    set: &Set,
    weights: &[f32],
    threshold: f32,
    keep: impl Fn(&Example) -> bool,
    show: bool,
) -> (usize, usize, usize) {
    let mut best: BTreeMap<&str, (f32, &Example)> = BTreeMap::new();
    let mut copies = BTreeSet::new();
    for example in set.examples.iter().filter(|e| keep(e)) {
        let score = train::score(example, weights);
        if example.copy {
            copies.insert(example.article.as_str());
        }
        if best.get(example.article.as_str()).is_none_or(|held| held.0 < score) {
            best.insert(&example.article, (score, example));
        }
    }
    let (mut right, mut wrong) = (0, 0);
    for (article, (score, example)) in &best {
        let joined = threshold <= *score;
        right += usize::from(joined && example.copy);
        wrong += usize::from(joined && !example.copy);
        if show && joined != example.copy {
            eprintln!(
                "  {} {article} {} score {score:.3} copy {}",
                set.name, example.candidate, example.copy
            );
        }
    }
    (right, wrong, copies.len() - right.min(copies.len()))
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let penalty: f64 = arguments.first().ok_or("PENALTY is missing")?.parse()?;
    let threshold: f32 = arguments.get(1).ok_or("THRESHOLD is missing")?.parse()?;
    let sets: Vec<Set> = arguments
        .iter()
        .skip(2)
        .map(|stem| load(stem))
        .collect::<Result<_, _>>()?;
    for set in &sets {
        eprintln!(
            "{}: {} pairs, candidates for {} of {} copies",
            set.name,
            set.examples.len(),
            set.reached,
            set.copies
        );
    }
    let mut held_out = BTreeMap::new();
    for half in [0, 1] {
        let in_half = |set: &Set, e: &Example| (set.positions[&e.article] * 2 / set.size == half) as usize;
        let weights = train::fit(&weighted(&sets, |set, e| in_half(set, e) == 0), penalty);
        for set in &sets {
            for threshold in [5, 6, 7, 8, 9] {
                let (right, wrong, missed) =
                    errors(set, &weights, threshold as f32 / 10.0, |e| in_half(set, e) == 1, false);
                let sum = held_out.entry((set.name.clone(), threshold)).or_insert((0, 0, 0));
                *sum = (sum.0 + right, sum.1 + wrong, sum.2 + missed);
            }
        }
    }
    for ((name, threshold), (right, wrong, missed)) in held_out {
        let f1 = 2.0 * right as f64 / (2 * right + wrong + missed) as f64;
        eprintln!("  held out {name} 0.{threshold}: right {right} wrong {wrong} missed {missed} F1 {f1:.4}");
    }
    let mut weights = train::fit(&weighted(&sets, |_, _| true), penalty);
    for set in &sets {
        let (right, wrong, missed) = errors(set, &weights, threshold, |_| true, true);
        eprintln!("{}: right {right} wrong {wrong} missed {missed}", set.name);
    }
    if let Some(bias) = weights.first_mut() {
        *bias -= (threshold / (1.0 - threshold)).ln();
    }
    for (name, weight) in train::feature_names().iter().zip(&weights) {
        println!("    {:?}, // {name}", (weight * 1e4).round() / 1e4);
    }
    Ok(())
}
