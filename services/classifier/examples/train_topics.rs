//! Trains the topic model: `train_topics DATA_DIR OUT_DIR VERSION`.
//!
//! Reads `iptc_dev.jsonl` and `iptc_terms.jsonl` (or the same with `.xz`, by the program `xz`) from DATA_DIR, prints
//! progress and the table of figures, and writes `topics.model` and `MODEL-CARD.md` to OUT_DIR.

use anyhow::{Context, Result, bail};
use classifier::corpus::{self, LineError};
use classifier::taxonomy::Taxonomy;
use classifier::train::{Document, Settings, train};
use std::path::Path;
use std::process::Command;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, out, version] = arguments.as_slice() else {
        bail!("usage: train_topics DATA_DIR OUT_DIR VERSION");
    };
    let (data, out) = (Path::new(data), Path::new(out));
    let mut documents = read(data, "iptc_dev.jsonl", corpus::article)?;
    documents.extend(read(data, "iptc_terms.jsonl", corpus::term)?);
    documents.extend(corpus::examples()?);
    let shippable: Vec<Document> = documents
        .iter()
        .filter(|document| corpus::is_shippable(document))
        .cloned()
        .collect();
    eprintln!(
        "{} documents, {} of them may be learnt from",
        documents.len(),
        shippable.len()
    );

    let settings = Settings {
        version: version.clone(),
        ..Settings::default()
    };
    let model = train(&shippable, &settings, |progress| eprintln!("{progress:?}"))?;
    let command = format!("cargo run --release -p classifier --example train_topics -- DATA_DIR OUT_DIR {version}");
    let (card, figures) = corpus_card(&model, &documents, &settings, &command)?;
    println!("{figures}");
    std::fs::write(out.join("topics.model"), &model).context("failed to write the model")?;
    std::fs::write(out.join("MODEL-CARD.md"), card).context("failed to write the card")?;
    eprintln!("wrote {} bytes", model.len());
    Ok(())
}

fn corpus_card(
    model: &[u8],
    documents: &[Document],
    settings: &Settings,
    command: &str,
) -> Result<(String, classifier::report::Report)> {
    Ok(classifier::card::card(
        model,
        documents,
        settings,
        &Taxonomy::media_topics()?,
        command,
    )?)
}

fn read(directory: &Path, name: &str, parse: fn(&str) -> Result<Document, LineError>) -> Result<Vec<Document>> {
    let plain = directory.join(name);
    let text = if plain.exists() {
        std::fs::read_to_string(&plain).with_context(|| format!("failed to read {}", plain.display()))?
    } else {
        let packed = directory.join(format!("{name}.xz"));
        let unpacked = Command::new("xz")
            .arg("-dc")
            .arg(&packed)
            .output()
            .context("failed to run xz")?;
        if !unpacked.status.success() {
            bail!("xz cannot read {}", packed.display());
        }
        String::from_utf8(unpacked.stdout)?
    };
    let lines = text.lines().enumerate();
    lines
        .map(|(index, line)| parse(line).with_context(|| format!("{name}, line {}", index + 1)))
        .collect()
}
