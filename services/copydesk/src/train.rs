//! `copydesk train`: makes again the models that the program carries.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use classifier::corpus::{self, LineError};
use classifier::picture;
use classifier::taxonomy::Taxonomy;
use classifier::train::vectors::Vectors;
use classifier::train::{Document, FOLDS, Progress, Settings, curve, train};

mod clean;
mod dedup;
mod folder;
mod labels;

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    #[command(subcommand)]
    command: TrainCommand,
}

#[derive(Debug, Subcommand)]
enum TrainCommand {
    /// Train the topic model: deterministic, with the table of figures and the model card.
    #[command(after_help = "\
Example:
  copydesk train topics --data corpus --vectors glove.txt --examples seeds/topics/examples --out seeds/topics

The data folder holds iptc_dev.jsonl and iptc_terms.jsonl (or the same with .xz). Only sources whose licence lets
weights be shipped are learnt from; the others serve for the figures.")]
    Topics {
        /// The folder with the data.
        #[arg(long)]
        data: PathBuf,
        /// The folder to write topics.model, MODEL-CARD.md and its pictures (calibration.svg, confusion.svg) to.
        #[arg(long)]
        out: PathBuf,
        /// The name and version to give the model.
        #[arg(long, default_value = "topics/1")]
        model_version: String,
        /// English word vectors as text, a word and its numbers a line, the most frequent words first: the model then
        /// knows of words that no labelled article has. The first 100,000 lines are read.
        #[arg(long)]
        vectors: Option<PathBuf>,
        /// A folder of examples (`*.tsv`: topic, language and text) for terms of any level, as in seeds/topics/examples.
        #[arg(long)]
        examples: Option<PathBuf>,
        /// Measure English with an eighth, a quarter and a half of the articles, too, and write that into the card.
        #[arg(long)]
        curve: bool,
    },
    /// Train the topic model's way on labels of your own, and say how good it is.
    Labels(labels::LabelsArguments),
    /// Train what finds the story in a page: deterministic, with the table of figures.
    Clean(clean::CleanArguments),
    /// Train what tells copies: deterministic, with the table of figures.
    Dedup(dedup::DedupArguments),
}

/// Trains.
pub(crate) fn run(arguments: &TrainArguments) -> Result<()> {
    match &arguments.command {
        TrainCommand::Topics {
            data,
            out,
            model_version,
            vectors,
            examples,
            curve,
        } => topics(
            (data, out),
            model_version,
            (vectors.as_deref(), examples.as_deref()),
            *curve,
        ),
        TrainCommand::Labels(arguments) => labels::run(arguments),
        TrainCommand::Clean(arguments) => clean::run(arguments),
        TrainCommand::Dedup(arguments) => dedup::run(arguments),
    }
}

fn topics(
    (data, out): (&Path, &Path),
    model_version: &str,
    (vectors, examples): (Option<&Path>, Option<&Path>),
    with_curve: bool,
) -> Result<()> {
    if !out.is_dir() {
        bail!("--out {}: no such folder", out.display());
    }
    let taxonomy = Taxonomy::media_topics()?;
    let documents = documents(data, examples, &taxonomy)?;
    let shippable: Vec<Document> = documents
        .iter()
        .filter(|one| corpus::is_shippable(one))
        .cloned()
        .collect();
    eprintln!(
        "{} documents, {} of them may be learnt from",
        documents.len(),
        shippable.len()
    );
    let settings = Settings {
        version: model_version.to_owned(),
        ..Settings::default()
    };
    let vectors = vectors.map(read_vectors).transpose()?.unwrap_or_default();
    let mut trained = train(&shippable, &vectors, &settings, reporter())?;
    if with_curve {
        trained.curve = curve(&shippable, &vectors, &settings, &trained.held_out, reporter())?;
    }
    eprintln!();
    let mut command = format!("copydesk train topics --data DIR --out DIR --model-version {model_version}");
    command.push_str(if vectors.is_empty() { "" } else { " --vectors FILE" });
    command.push_str(if examples.is_none() { "" } else { " --examples DIR" });
    command.push_str(if with_curve { " --curve" } else { "" });
    let (card, report) = classifier::card::card(&trained, (&shippable, &documents), &settings, &taxonomy, &command)?;
    println!("{report}");
    let pictures = picture::pictures(&shippable, &trained.held_out, &taxonomy);
    write(&out.join("topics.model"), &trained.bytes)?;
    write(&out.join(picture::CALIBRATION_FILE), pictures.calibration.as_bytes())?;
    write(&out.join(picture::CONFUSION_FILE), pictures.confusion.as_bytes())?;
    write(&out.join("MODEL-CARD.md"), card.as_bytes())
}

/// All there is to learn from and to measure on.
fn documents(data: &Path, examples: Option<&Path>, taxonomy: &Taxonomy) -> Result<Vec<Document>> {
    let mut documents = read(data, "iptc_dev.jsonl", corpus::article)?;
    documents.extend(read(data, "iptc_terms.jsonl", corpus::term)?);
    documents.extend(corpus::examples()?);
    documents.extend(examples.map(read_examples).transpose()?.unwrap_or_default());
    for document in &mut documents {
        // Terms below the second level, and top terms, are examples of their top term only.
        let term = document.finer.as_deref().and_then(|id| taxonomy.term(id));
        if term.is_none_or(|term| term.parent.is_none()) {
            document.finer = None;
        }
    }
    Ok(documents)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("can't write {}", path.display()))?;
    eprintln!("wrote {} ({} bytes)", path.display(), bytes.len());
    Ok(())
}

/// The examples in the files of a folder, in the order of their names, each with its top term.
fn read_examples(folder: &Path) -> Result<Vec<Document>> {
    let taxonomy = Taxonomy::media_topics()?;
    let entries = std::fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    paths.sort();
    let mut documents = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
        let mut read = corpus::examples_in(&text).with_context(|| format!("can't use {}", path.display()))?;
        for document in &mut read {
            for topic in &mut document.topics {
                let top = taxonomy.top_of(topic);
                let top = top.with_context(|| format!("{}: {topic} is no Media Topic", path.display()))?;
                document.finer = Some(std::mem::replace(topic, top.id.clone()));
            }
        }
        documents.append(&mut read);
    }
    Ok(documents)
}

/// How many lines of a file of word vectors are read: rarer words are seldom met and make the model larger.
const MOST_VECTORS: usize = 100_000;

fn read_vectors(path: &Path) -> Result<Vectors> {
    let file = std::fs::File::open(path).with_context(|| format!("can't read {}", path.display()))?;
    let mut vectors = Vectors::default();
    for (index, line) in std::io::BufReader::new(file).lines().take(MOST_VECTORS).enumerate() {
        let place = || format!("{}:{}", path.display(), index + 1);
        vectors.add(&line.with_context(place)?).with_context(place)?;
    }
    eprintln!("{} words have vectors", vectors.len());
    Ok(vectors)
}

/// Says how far the training is: on a terminal in one line that changes.
fn reporter() -> impl FnMut(Progress) {
    let is_terminal = std::io::stderr().is_terminal();
    move |progress| match is_terminal {
        true => eprint!("\r\x1b[K{}", told(&progress)),
        false => eprintln!("{}", told(&progress)),
    }
}

/// How far it is, in a line.
fn told(progress: &Progress) -> String {
    let Progress {
        fold,
        round,
        epoch,
        epochs,
        features,
        loss,
        ..
    } = progress;
    let language = if progress.is_english {
        "English"
    } else {
        "other languages"
    };
    let part = match *fold {
        fold if fold <= FOLDS => format!("without part {fold} of {FOLDS}"),
        _ => "all documents".to_owned(),
    };
    format!("{language}, {part}, round {round} of 2, epoch {epoch} of {epochs}: {features} features, loss {loss:.4}")
}

/// The documents of `name` in `directory`, plain or packed by xz.
fn read(directory: &Path, name: &str, parse: fn(&str) -> Result<Document, LineError>) -> Result<Vec<Document>> {
    let plain = directory.join(name);
    let path = if plain.exists() {
        plain
    } else {
        directory.join(format!("{name}.xz"))
    };
    let text = text_of(&path)?;
    let numbered = text.lines().enumerate();
    numbered
        .map(|(index, line)| parse(line).with_context(|| format!("{name}:{}", index + 1)))
        .collect()
}

/// The text of a file, unpacked where its name ends in .xz.
fn text_of(path: &Path) -> Result<String> {
    if path.extension().is_none_or(|extension| extension != "xz") {
        return std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()));
    }
    let unpacked = Command::new("xz")
        .arg("-dc")
        .arg(path)
        .output()
        .context("can't run xz to unpack the data")?;
    if !unpacked.status.success() {
        bail!(
            "xz can't read {}: {}",
            path.display(),
            String::from_utf8_lossy(&unpacked.stderr).trim()
        );
    }
    String::from_utf8(unpacked.stdout).with_context(|| format!("{} is not UTF-8", path.display()))
}
