//! `copydesk train`: makes again the models that the program carries.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

mod clean;
mod dedup;
mod folder;
mod labels;
mod topics;

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    #[command(subcommand)]
    command: TrainCommand,
}

#[derive(Debug, Subcommand)]
enum TrainCommand {
    /// Train the topic model: deterministic, with the table of figures and the model card.
    Topics(topics::TopicsArguments),
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
        TrainCommand::Topics(arguments) => topics::run(arguments),
        TrainCommand::Labels(arguments) => labels::run(arguments),
        TrainCommand::Clean(arguments) => clean::run(arguments),
        TrainCommand::Dedup(arguments) => dedup::run(arguments),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("can't write {}", path.display()))?;
    eprintln!("wrote {} ({} bytes)", path.display(), bytes.len());
    Ok(())
}
