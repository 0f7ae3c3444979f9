//! `copydesk train labels`: the topic model's training on any labelled texts, to see what the method is worth elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use classifier::evaluate::{Figures, HEADING, Tally};
use classifier::model::{Article, Model as _, file};
use classifier::train::{Document, HeldOut, Settings, train};
use serde::Deserialize;

#[derive(Debug, Args)]
#[command(after_help = "\
Each line of a file is {\"text\",\"title\"?,\"lang\"?} with \"label\" or \"topics\" (a list). The figures are of five fits that
each leave a fifth of the texts out. The same files give the same bytes.

Examples:
  copydesk train labels --data agnews.jsonl.xz
  copydesk train labels --data reuters.jsonl --only acq,crude,earn,grain,interest,money-fx,ship,trade
  copydesk train labels --data train.jsonl --test test.jsonl --out desk.model

A model written here gives these labels as topics: `copydesk classify --model desk.model` reads it.")]
pub(crate) struct LabelsArguments {
    /// A file of labelled texts, plain or packed by xz; may be given several times.
    #[arg(long, required = true, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// Labelled texts to measure on instead of the part that is held out.
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// Keep only texts with exactly one of these labels, whatever other labels there are, parted by commas.
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    only: Vec<String>,
    /// English word vectors as text, as for `train topics`.
    #[arg(long, value_name = "FILE")]
    vectors: Option<PathBuf>,
    /// A file to write the model to.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The name and version to give the model.
    #[arg(long, default_value = "labels/1")]
    model_version: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default, alias = "language")]
    lang: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    topics: Vec<String>,
}

/// Trains and measures.
pub(super) fn run(arguments: &LabelsArguments) -> Result<()> {
    let mut documents = Vec::new();
    for path in &arguments.data {
        documents.extend(read(path, &arguments.only)?);
    }
    let test = match &arguments.test {
        Some(path) => read(path, &arguments.only)?,
        None => Vec::new(),
    };
    let settings = Settings {
        version: arguments.model_version.clone(),
        ..Settings::default()
    };
    eprintln!("{} texts{}", documents.len(), counts(&documents));
    let vectors = arguments
        .vectors
        .as_deref()
        .map(super::topics::read_vectors)
        .transpose()?
        .unwrap_or_default();
    let trained = train(&documents, &vectors, &settings, super::topics::reporter())?;
    eprintln!();
    let figures = match arguments.test {
        Some(_) => measure(&trained.bytes, &test)?,
        None => cross_validated(&documents, &trained.held_out),
    };
    print!("{}", table(&figures));
    match &arguments.out {
        Some(path) => super::write(path, &trained.bytes),
        None => Ok(()),
    }
}

/// The figures of the fits that had not seen the texts.
fn cross_validated(documents: &[Document], held_out: &[HeldOut]) -> Figures {
    let mut tally = Tally::default();
    for one in held_out {
        if let Some(document) = documents.get(one.document) {
            tally.add(&document.topics, &one.scores());
        }
    }
    tally.figures()
}

fn read(path: &Path, only: &[String]) -> Result<Vec<Document>> {
    let text = super::topics::text_of(path)?;
    let mut documents = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), index + 1))?;
        documents.extend(document(line, only));
    }
    if documents.is_empty() {
        bail!("{} holds no text with such a label", path.display());
    }
    Ok(documents)
}

/// A line as a document; `None` where it has no label, or not exactly one of those that are asked for.
fn document(line: Line, only: &[String]) -> Option<Document> {
    let mut topics = line.topics;
    topics.extend(line.label);
    if !only.is_empty() {
        topics.retain(|topic| only.contains(topic));
    }
    let fits = if only.is_empty() {
        !topics.is_empty()
    } else {
        topics.len() == 1
    };
    fits.then(|| Document {
        source: "labels".to_owned(),
        language: line.lang.unwrap_or_else(|| "en".to_owned()),
        title: line.title.unwrap_or_default(),
        text: line.text,
        topics,
        finer: None,
        group: None,
        always_fit: false,
    })
}

fn counts(documents: &[Document]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for topic in documents.iter().flat_map(|document| &document.topics) {
        *counts.entry(topic).or_default() += 1;
    }
    counts
        .iter()
        .map(|(topic, count)| format!(", {topic} {count}"))
        .collect()
}

fn measure(model: &[u8], documents: &[Document]) -> Result<Figures> {
    let model = file::read(model)?;
    let mut tally = Tally::default();
    for document in documents {
        let article = Article {
            language: Some(&document.language),
            title: &document.title,
            text: &document.text,
            ..Article::default()
        };
        tally.add(&document.topics, &model.scores(&article));
    }
    Ok(tally.figures())
}

fn table(figures: &Figures) -> String {
    let mut text = format!("{:24} {HEADING}\n{:24} {figures}\n\n", "", "held out");
    text.push_str(&format!("{:24}   docs precision  recall      F1  bestF1\n", "label"));
    for (label, row) in &figures.topics {
        let (support, precision, recall, f1, first) = (row.support, row.precision, row.recall, row.f1, row.first_f1);
        text.push_str(&format!(
            "{label:24} {support:>6}    {precision:.4}  {recall:.4}  {f1:.4}  {first:.4}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{LabelsArguments, Line, document, run};

    fn topics(line: &str, only: &[&str]) -> Option<Vec<String>> {
        let only: Vec<String> = only.iter().map(|label| (*label).to_owned()).collect();
        let line: Line = serde_json::from_str(line).unwrap();
        document(line, &only).map(|document| document.topics)
    }

    #[test]
    fn a_label_or_a_list_of_them_is_read() {
        let owned = |labels: &[&str]| Some(labels.iter().map(|label| (*label).to_owned()).collect::<Vec<String>>());
        assert_eq!(topics(r#"{"text":"x","label":"a"}"#, &[]), owned(&["a"]));
        assert_eq!(topics(r#"{"text":"x","topics":["a","b"]}"#, &[]), owned(&["a", "b"]));
        assert_eq!(topics(r#"{"text":"x","topics":[]}"#, &[]), None);
        assert_eq!(topics(r#"{"text":"x","topics":["a","z"]}"#, &["a", "b"]), owned(&["a"]));
        assert_eq!(topics(r#"{"text":"x","topics":["a","b"]}"#, &["a", "b"]), None);
        assert_eq!(topics(r#"{"text":"x","label":"z"}"#, &["a", "b"]), None);
    }

    #[test]
    fn the_same_file_gives_the_same_model_that_knows_its_labels() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data.jsonl");
        let words = [("red", "rose fire blood"), ("green", "leaf grass frog")];
        let lines: String = (0..400)
            .map(|number| {
                let (label, words) = words[number % 2];
                format!("{{\"label\":\"{label}\",\"text\":\"{words} number{number} and more\"}}\n")
            })
            .collect();
        std::fs::write(&data, lines).unwrap();
        let made = |name: &str| {
            let out = directory.path().join(name);
            let arguments = LabelsArguments {
                data: vec![data.clone()],
                test: Some(data.clone()),
                only: Vec::new(),
                vectors: None,
                out: Some(out.clone()),
                model_version: "colours".to_owned(),
            };
            run(&arguments).unwrap();
            std::fs::read(out).unwrap()
        };
        let model = made("one.model");
        assert_eq!(model, made("two.model"));
        let read = classifier::model::file::read(&model).unwrap();
        let labels: Vec<&str> = read.heads()[0].topics.iter().map(|topic| topic.id.as_str()).collect();
        assert_eq!(labels, ["green", "red"]);
    }
}
