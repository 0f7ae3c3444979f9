//! `copydesk train`: makes again the models that the program carries.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use classifier::corpus::{self, LineError};
use classifier::picture;
use classifier::taxonomy::Taxonomy;
use classifier::train::{Document, Progress, Settings, train};

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
  copydesk train topics --data corpus --out seeds/topics

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
        } => topics(data, out, model_version),
        TrainCommand::Labels(arguments) => labels::run(arguments),
        TrainCommand::Clean(arguments) => clean::run(arguments),
        TrainCommand::Dedup(arguments) => dedup::run(arguments),
    }
}

fn topics(data: &Path, out: &Path, model_version: &str) -> Result<()> {
    if !out.is_dir() {
        bail!("--out {}: no such folder", out.display());
    }
    let mut documents = read(data, "iptc_dev.jsonl", corpus::article)?;
    documents.extend(read(data, "iptc_terms.jsonl", corpus::term)?);
    documents.extend(corpus::examples()?);
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
    let model = train(&shippable, &settings, reporter())?;
    eprintln!();
    let command = format!("copydesk train topics --data DIR --out DIR --model-version {model_version}");
    let (card, report) = classifier::card::card(&model, &documents, &settings, &Taxonomy::media_topics()?, &command)?;
    println!("{report}");
    let linear = classifier::model::file::read(&model)?;
    let pictures = picture::pictures(&linear, &documents, &Taxonomy::media_topics()?);
    write(&out.join("topics.model"), &model)?;
    write(&out.join(picture::CALIBRATION_FILE), pictures.calibration.as_bytes())?;
    write(&out.join(picture::CONFUSION_FILE), pictures.confusion.as_bytes())?;
    write(&out.join("MODEL-CARD.md"), card.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("can't write {}", path.display()))?;
    eprintln!("wrote {} ({} bytes)", path.display(), bytes.len());
    Ok(())
}

/// Says how far the training is: on a terminal in one line that changes.
fn reporter() -> impl FnMut(Progress) {
    let is_terminal = std::io::stderr().is_terminal();
    move |progress| match is_terminal {
        true => eprint!("\r\x1b[K{progress:?}"),
        false => eprintln!("{progress:?}"),
    }
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
