//! `copydesk train topics`: the topic model out of labelled articles, definitions and examples, with its card.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use classifier::corpus::{self, Groups, LineError};
use classifier::picture;
use classifier::taxonomy::Taxonomy;
use classifier::train::vectors::Vectors;
use classifier::train::{Document, FOLDS, Progress, Settings, curve, train};

use super::write;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  copydesk train topics --data corpus --vectors glove.txt --examples seeds/topics/examples \\
    --groups seeds/topics/sib200-groups.tsv --out seeds/topics

The data folder holds iptc_dev.jsonl and iptc_terms.jsonl (or the same with .xz). Only sources whose licence lets
weights be shipped are learnt from; the others serve for the figures.")]
pub(crate) struct TopicsArguments {
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
    /// A folder of examples (`*.tsv`: topics, language and text) for terms of any level, as in seeds/topics/examples.
    #[arg(long)]
    examples: Option<PathBuf>,
    /// Which articles say the same in other words or languages (lines of id and group, parted by a tab): those of a group
    /// are on one side of each split, so that none is scored by a model that has read its translation.
    #[arg(long)]
    groups: Option<PathBuf>,
    /// Measure English with an eighth, a quarter and a half of the articles, too, and write that into the card.
    #[arg(long)]
    curve: bool,
}

/// Trains the topic model and writes it down with its card.
pub(super) fn run(arguments: &TopicsArguments) -> Result<()> {
    let out = &arguments.out;
    if !out.is_dir() {
        bail!("--out {}: no such folder", out.display());
    }
    let taxonomy = Taxonomy::media_topics()?;
    let documents = documents(arguments, &taxonomy)?;
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
        version: arguments.model_version.clone(),
        ..Settings::default()
    };
    let vectors = arguments
        .vectors
        .as_deref()
        .map(read_vectors)
        .transpose()?
        .unwrap_or_default();
    let mut trained = train(&shippable, &vectors, &settings, reporter())?;
    if arguments.curve {
        trained.curve = curve(&shippable, &vectors, &settings, &trained.held_out, reporter())?;
    }
    eprintln!();
    let (card, report) = classifier::card::card(
        &trained,
        (&shippable, &documents),
        &settings,
        &taxonomy,
        &command(arguments),
    )?;
    println!("{report}");
    let pictures = picture::pictures(&shippable, &trained.held_out, &taxonomy);
    write(&out.join("topics.model"), &trained.bytes)?;
    write(&out.join(picture::CALIBRATION_FILE), pictures.calibration.as_bytes())?;
    write(&out.join(picture::CONFUSION_FILE), pictures.confusion.as_bytes())?;
    write(&out.join("MODEL-CARD.md"), card.as_bytes())
}

/// The command as the card names it.
fn command(arguments: &TopicsArguments) -> String {
    let mut command = format!(
        "copydesk train topics --data DIR --out DIR --model-version {}",
        arguments.model_version
    );
    let given = [
        (arguments.vectors.is_some(), " --vectors FILE"),
        (arguments.examples.is_some(), " --examples DIR"),
        (arguments.groups.is_some(), " --groups FILE"),
        (arguments.curve, " --curve"),
    ];
    command.extend(
        given
            .into_iter()
            .filter_map(|(is_given, option)| is_given.then_some(option)),
    );
    command
}

/// All there is to learn from and to measure on.
fn documents(arguments: &TopicsArguments, taxonomy: &Taxonomy) -> Result<Vec<Document>> {
    let groups = arguments
        .groups
        .as_deref()
        .map(read_groups)
        .transpose()?
        .unwrap_or_default();
    let mut documents = read(&arguments.data, "iptc_dev.jsonl", |line| corpus::article(line, &groups))?;
    if let Some(path) = &arguments.groups {
        report_groups(path, &documents)?;
    }
    documents.extend(read(&arguments.data, "iptc_terms.jsonl", corpus::term)?);
    documents.extend(corpus::examples()?);
    documents.extend(
        arguments
            .examples
            .as_deref()
            .map(read_examples)
            .transpose()?
            .unwrap_or_default(),
    );
    for document in &mut documents {
        // Terms below the second level, and top terms, are examples of their top term only.
        let term = document.finer.as_deref().and_then(|id| taxonomy.term(id));
        if term.is_none_or(|term| term.parent.is_none()) {
            document.finer = None;
        }
    }
    Ok(documents)
}

/// The groups of articles, by their ids.
fn read_groups(path: &Path) -> Result<Groups> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let mut groups = Groups::new();
    for (index, line) in lines {
        let place = format!("{}:{}", path.display(), index + 1);
        let (id, group) = line
            .split_once('\t')
            .filter(|(id, _)| !id.is_empty())
            .with_context(|| format!("{place} is not an id and a group parted by a tab"))?;
        if groups.insert(id.to_owned(), group.to_owned()).is_some() {
            bail!("{place} has {id} for the second time");
        }
    }
    Ok(groups)
}

/// Says how many articles the groups hold: a file for other data would do nothing.
fn report_groups(path: &Path, documents: &[Document]) -> Result<()> {
    let grouped = documents.iter().filter(|document| document.group.is_some()).count();
    if grouped == 0 {
        bail!("--groups {}: none of its ids is that of an article", path.display());
    }
    eprintln!("{grouped} of {} articles are in a group", documents.len());
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
            // An example of two topics says nothing of the terms under one.
            document.finer.take_if(|_| 1 < document.topics.len());
        }
        documents.append(&mut read);
    }
    Ok(documents)
}

/// How many lines of a file of word vectors are read: rarer words are seldom met and make the model larger.
const MOST_VECTORS: usize = 100_000;

pub(super) fn read_vectors(path: &Path) -> Result<Vectors> {
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
pub(super) fn reporter() -> impl FnMut(Progress) {
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
fn read(directory: &Path, name: &str, parse: impl Fn(&str) -> Result<Document, LineError>) -> Result<Vec<Document>> {
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
pub(super) fn text_of(path: &Path) -> Result<String> {
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Document, read_groups, report_groups};

    #[test]
    fn groups_are_read_and_mistakes_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("groups.tsv");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            read_groups(&path).map_err(|error| error.to_string())
        };
        let groups = read("# id and group\na\t1\nb\t1\n").unwrap();
        assert_eq!((groups["a"].as_str(), groups.len()), ("1", 2));
        for (text, place) in [("a\t1\na\t2\n", ":2"), ("a 1\n", ":1"), ("\t1\n", ":1")] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(&format!("groups.tsv{place} ")), "{refused}");
        }
    }

    #[test]
    fn groups_of_other_articles_are_refused() {
        let line = r#"{"id":"a","src":"s","lang":"en","title":"","text":"Rain.","topics":["medtop:17000000"]}"#;
        let with = |id: &str| -> Vec<Document> {
            let groups = [(id.to_owned(), "1".to_owned())].into();
            vec![classifier::corpus::article(line, &groups).unwrap()]
        };
        let path = std::path::Path::new("groups.tsv");
        assert!(report_groups(path, &with("a")).is_ok());
        assert!(
            report_groups(path, &with("b"))
                .unwrap_err()
                .to_string()
                .contains("groups.tsv")
        );
    }
}
