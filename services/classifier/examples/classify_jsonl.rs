//! Classifies articles: `classify_jsonl MODEL [--all | --explain] < ARTICLES > TOPICS`.
//!
//! In: `{"id","title","text","language"?}` per line. Out: `{"id","language","topics":[{"id","name","score"}]}` per line,
//! best first; `--all` gives topics that would not be published too, `--explain` the words that decided.

use anyhow::{Context, Result, bail};
use classifier::classifier::Classifier;
use classifier::model::Article;
use serde_json::{Value, json};
use std::io::{BufRead, Write, stdin, stdout};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((model, options)) = arguments.split_first() else {
        bail!("usage: classify_jsonl MODEL [--all | --explain] < ARTICLES > TOPICS");
    };
    let has = |option: &str| options.iter().any(|given| given == option);
    let bytes = std::fs::read(model).with_context(|| format!("failed to read {model}"))?;
    let classifier = Classifier::from_bytes(&bytes)?;
    let mut out = std::io::BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        let line = line?;
        let row = match serde_json::from_str::<Value>(&line) {
            Ok(row) => answer(&classifier, &row, has("--all"), has("--explain")),
            Err(error) => json!({"id": null, "error": {"code": "json", "message": error.to_string()}}),
        };
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn answer(classifier: &Classifier, row: &Value, all: bool, explain: bool) -> Value {
    let field = |name: &str| row.get(name).and_then(Value::as_str);
    let (title, text) = (field("title").unwrap_or_default(), field("text").unwrap_or_default());
    let language = field("language").or_else(|| classifier.language(title, text).map(|guess| guess.tag));
    let article = Article { language, title, text };
    let topics = if all {
        classifier.all_topics(&article)
    } else {
        classifier.topics(&article)
    };
    let mut answer = json!({"id": row.get("id"), "language": language, "topics": topics});
    if explain {
        let explained = classifier.explain(&article, 2, 8).into_iter().map(|explanation| {
            let reasons = explanation
                .reasons
                .into_iter()
                .map(|reason| json!([reason.words, reason.weight]));
            json!({"topic": explanation.score.topic, "reasons": reasons.collect::<Vec<Value>>()})
        });
        answer["explain"] = explained.collect();
    }
    answer
}
