//! `copydesk train dedup`: the weights of the deduper's verifier, from labelled streams of articles.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use deduper::train::run::{Figure, Made, Plan};
use deduper::train::{Document, Stream};
use schemas::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Args)]
#[command(after_help = "\
The folder holds, for each stream NAME, in order of arrival:
  NAME.docs.jsonl    {\"id\",\"published_at\",\"source\",\"title\",\"text\",\"url\"?}, paragraphs of the text parted by a blank line
  NAME.gold.jsonl    {\"id\",\"cluster\",\"edit_kinds\"?}: articles of one cluster are copies of one another
  NAME.ignore.jsonl  {\"a\",\"b\"}, not needed: pairs that are neither right nor wrong
Copies of other kinds are made up out of the articles of streams that have no edit_kinds. The same folder gives the same
bytes. Figures are of the half of each stream that the weights were not learned from.

Example:
  copydesk train dedup --data corpus/copies --out services/deduper/model --report figures.md")]
pub(crate) struct DedupArguments {
    /// The folder with the labelled streams.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The folder to write verifier.tsv to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The probability, as learned, from which a pair counts as a copy.
    #[arg(long, default_value_t = Plan::default().threshold, value_parser = probability)]
    threshold: f32,
    /// Streams of made-up copies for each half of the data.
    #[arg(long, default_value_t = Plan::default().made)]
    made: usize,
    /// A file to write the figures to as well, as Markdown.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn probability(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(share) if 0.0 < share && share < 1.0 => Ok(share),
        _ => Err("not a number between 0 and 1".to_owned()),
    }
}

/// Trains.
pub(super) fn run(arguments: &DedupArguments) -> Result<()> {
    let out = &arguments.out;
    if !out.is_dir() {
        bail!("--out {}: no such folder", out.display());
    }
    let streams = read(&arguments.data)?;
    let plan = Plan {
        threshold: arguments.threshold,
        made: arguments.made,
        ..Plan::default()
    };
    let made = deduper::train::run::run(&streams, &plan, &mut |step| eprintln!("{step}"));
    super::write(&out.join("verifier.tsv"), made.weights.table().as_bytes())?;
    let report = markdown(&made);
    if let Some(path) = &arguments.report {
        super::write(path, report.as_bytes())?;
    }
    print!("{report}");
    Ok(())
}

fn markdown(made: &Made) -> String {
    let mut text = format!(
        "{} pairs.\n\n| stream | articles | candidates | F1 of pairs, other half's weights | right, wrong, missed | F1 of \
         pairs, these weights |\n| --- | --- | --- | --- | --- | --- |\n",
        made.pairs
    );
    for figure in &made.figures {
        let Figure {
            name,
            articles,
            candidates: (copies, reached),
            held_out,
            kept,
        } = figure;
        text.push_str(&format!(
            "| {name} | {articles} | {reached} of {copies} | {:.4} | {}, {}, {} | {:.4} |\n",
            held_out.f1(),
            held_out.right,
            held_out.wrong,
            held_out.missed,
            kept.f1()
        ));
    }
    text
}

#[derive(Deserialize)]
struct Line {
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
    #[serde(default)]
    edit_kinds: Vec<String>,
}

#[derive(Deserialize)]
struct Ignored {
    a: String,
    b: String,
}

/// The streams of a folder, by name.
fn read(folder: &Path) -> Result<Vec<Stream>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("--data {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".docs.jsonl").map(str::to_owned));
    }
    if names.is_empty() {
        bail!("--data {}: no NAME.docs.jsonl in it", folder.display());
    }
    names.iter().map(|name| stream(folder, name)).collect()
}

fn stream(folder: &Path, name: &str) -> Result<Stream> {
    let path = |part: &str| folder.join(format!("{name}.{part}.jsonl"));
    let gold: Vec<Gold> = rows(&path("gold"))?;
    let ignored: Vec<Ignored> = match path("ignore").exists() {
        true => rows(&path("ignore"))?,
        false => Vec::new(),
    };
    let mut clusters: BTreeMap<&str, &str> = gold.iter().map(|row| (row.id.as_str(), row.cluster.as_str())).collect();
    let lines: Vec<Line> = rows(&path("docs"))?;
    let documents = lines.into_iter().map(|line| {
        // Every id once: a second one has no cluster left.
        let cluster = clusters
            .remove(line.id.as_str())
            .with_context(|| format!("{name}: article {} has no cluster, or stands there twice", line.id))?;
        Ok(Document {
            cluster: cluster.to_owned(),
            id: line.id,
            source: line.source,
            url: line.url,
            title: line.title,
            text: line.text,
            published: line.published_at.as_millis(),
        })
    });
    Ok(Stream {
        name: name.to_owned(),
        documents: documents.collect::<Result<_>>()?,
        ignored: ignored
            .into_iter()
            .flat_map(|row| [(row.a.clone(), row.b.clone()), (row.b, row.a)])
            .collect(),
        is_made: gold.iter().any(|row| !row.edit_kinds.is_empty()),
    })
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered
        .map(|(at, line)| serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), at + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Plan, markdown, read};

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    const DOCS: &str = "{\"id\":\"a\",\"published_at\":\"2026-01-01T00:00:00Z\",\"title\":\"T\",\"text\":\"One.\"}\n\
                        {\"id\":\"b\",\"published_at\":\"2026-01-02T00:00:00Z\",\"source\":\"s\",\"text\":\"Two.\"}\n";

    #[test]
    fn streams_are_read_with_what_is_neither_right_nor_wrong() {
        let gold = "{\"id\":\"a\",\"cluster\":\"1\"}\n{\"id\":\"b\",\"cluster\":\"1\",\"edit_kinds\":[\"brief\"]}\n";
        let folder = folder(&[
            ("x.docs.jsonl", DOCS),
            ("x.gold.jsonl", gold),
            ("x.ignore.jsonl", "{\"a\":\"a\",\"b\":\"b\"}\n"),
        ]);
        let streams = read(folder.path()).unwrap();
        assert_eq!(streams.len(), 1);
        assert!(streams[0].is_made);
        assert_eq!(streams[0].documents[1].source, "s");
        assert!(streams[0].ignored.contains(&("b".to_owned(), "a".to_owned())));
        let made = deduper::train::run::run(&streams, &Plan::default(), &mut |_| ());
        assert!(markdown(&made).contains("| x | 2 |"), "{}", markdown(&made));
    }

    #[test]
    fn errors_name_file_line_and_article() {
        let check = |gold: &str, expected: &str| {
            let folder = folder(&[("x.docs.jsonl", DOCS), ("x.gold.jsonl", gold)]);
            let error = format!("{:#}", read(folder.path()).unwrap_err());
            assert!(error.contains(expected), "{error}");
        };
        check("{\"id\":\"a\",\"cluster\":\"1\"}\n{\"id\":3}\n", "x.gold.jsonl:2");
        check("{\"id\":\"a\",\"cluster\":\"1\"}\n", "article b has no cluster");
        let empty = tempfile::tempdir().unwrap();
        assert!(format!("{:#}", read(empty.path()).unwrap_err()).contains("no NAME.docs.jsonl"));
    }
}
