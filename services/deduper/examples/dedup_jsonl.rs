//! Deduplicates JSON lines: `{"id","title","text","published_at","source"}` in stream order on standard input, one
//! `{"id","cluster","duplicate_of","relation","similarity"}` for each on standard output.
//!
//! `cargo run --release -p deduper --example dedup_jsonl [THRESHOLD] < articles.jsonl > clusters.jsonl`

use std::io::{BufRead, Write};
use std::time::Instant;

use deduper::deduper::{Article, Config, Deduper, Verdict};
use deduper::memory::Relation;
use schemas::time::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    title: String,
    text: String,
    published_at: Option<Timestamp>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    url: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lines: Vec<Line> = std::io::stdin()
        .lock()
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let mut config = Config::default();
    if let Some(threshold) = std::env::args().nth(1) {
        config.threshold = threshold.parse()?;
    }
    let mut deduper = Deduper::new(config);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let started = Instant::now();
    let mut now = 0;
    for line in &lines {
        let published = line.published_at.map(Timestamp::as_millis);
        now = now.max(published.unwrap_or(now));
        let article = Article {
            id: &line.id,
            fetch_id: &line.id,
            source: &line.source,
            url: &line.url,
            title: &line.title,
            text: &line.text,
            published,
        };
        let outcome = deduper.decide(&article, now);
        outcome.memory.iter().for_each(|change| deduper.apply(change));
        for change in deduper.due(now) {
            deduper.apply(&change);
        }
        writeln!(out, "{}", answer(&line.id, &outcome.verdict))?;
    }
    let seconds = started.elapsed().as_secs_f64();
    eprintln!(
        "{} articles, {:.0} articles/s",
        lines.len(),
        lines.len() as f64 / seconds
    );
    Ok(())
}

fn answer(id: &str, verdict: &Verdict) -> serde_json::Value {
    match verdict {
        Verdict::News {
            duplicate: Some(duplicate),
            ..
        } => serde_json::json!({
            "id": id,
            "cluster": duplicate.cluster,
            "duplicate_of": duplicate.original,
            "relation": match duplicate.relation { Relation::Copy => "copy", Relation::Version => "version" },
            "similarity": schemas::hop::four_decimals(f64::from(duplicate.similarity)),
        }),
        _ => serde_json::json!({
            "id": id, "cluster": id, "duplicate_of": null, "relation": null, "similarity": null,
        }),
    }
}
