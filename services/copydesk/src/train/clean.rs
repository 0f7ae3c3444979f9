//! `copydesk train clean`: the weights of the cleaner, from folders of pages with known stories.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use cleaner::train::Example;
use cleaner::train::run::{Made, Plan, Step};

use super::folder;

#[derive(Debug, Args)]
#[command(after_help = "\
Each folder holds gold.jsonl, a line {\"id\",\"text\",\"url\"?,\"gold_in_html\"?} for each page (`text` is its story), and
pages/ID.html.gz, the page's bytes in any charset. A page with gold_in_html below 0.9 is left out: its story is not in
its markup. All pages of a site are on one side of every split; a page without a URL is a site of its own. The same
folders in the same order give the same bytes.

Examples:
  copydesk train clean --data corpus/news --data corpus/posts --out services/cleaner/model
  copydesk train clean --data corpus/news --out /tmp --folds 0                  weights only, no figures
  copydesk train clean --data corpus/news --out /tmp --report figures.md        the table for the card")]
pub(crate) struct CleanArguments {
    /// A folder of pages with known stories; may be given several times. Its name is the set's name in the figures.
    #[arg(long, required = true, value_name = "DIR")]
    data: Vec<PathBuf>,
    /// The folder to write the weights to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Parts to split the sites into for cross-validation; 0 for none.
    #[arg(long, default_value_t = Plan::default().folds, value_parser = folds)]
    folds: usize,
    /// How many times each page is used with something inserted that is not its story.
    #[arg(long, default_value_t = Plan::default().insertions)]
    insertions: usize,
    /// A file to write the figures to as well, as Markdown.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn folds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(1) => Err("one part leaves no page to learn from; 0 is for no cross-validation".to_owned()),
        Ok(folds) => Ok(folds),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// Trains.
pub(super) fn run(arguments: &CleanArguments) -> Result<()> {
    let out = &arguments.out;
    if !out.is_dir() {
        bail!("--out {}: no such folder", out.display());
    }
    let examples = read(&arguments.data)?;
    let plan = Plan {
        folds: arguments.folds,
        insertions: arguments.insertions,
        ..Plan::default()
    };
    let made = cleaner::train::run::run(&examples, &plan, &mut reporter());
    write(arguments, &made)
}

/// The pages of all folders, in the folders' order and in that of their lines.
fn read(folders: &[PathBuf]) -> Result<Vec<Example>> {
    let mut examples: Vec<Example> = Vec::new();
    for path in folders {
        let set = folder::read(path)?;
        eprintln!("{}: {} pages, {} left out", set.name, set.examples.len(), set.left_out);
        if examples.iter().any(|example| example.set == set.name) {
            bail!("--data {}: two folders are called {}", path.display(), set.name);
        }
        examples.extend(set.examples);
    }
    Ok(examples)
}

fn write(arguments: &CleanArguments, made: &Made) -> Result<()> {
    for weights in &made.weights {
        super::write(&arguments.out.join(weights.file), &weights.bytes)?;
    }
    let mut table = made.figures.markdown();
    if !made.lines.is_empty() {
        table.push_str("\nText mode, on documents made of the same pages:\n\n");
    }
    for figure in &made.lines {
        table.push_str(&format!("- {figure}\n"));
    }
    if let Some(path) = &arguments.report {
        super::write(path, table.as_bytes())?;
    }
    print!("{table}");
    Ok(())
}

/// Says how far the work is: on a terminal in one line that changes, elsewhere in a line for each large step.
fn reporter() -> impl FnMut(Step) {
    let is_terminal = std::io::stderr().is_terminal();
    move |step| {
        let (text, is_large) = told(step);
        match (is_terminal, is_large) {
            (true, false) => eprint!("\r\x1b[K{text}"),
            (true, true) => eprintln!("\r\x1b[K{text}"),
            (false, true) => eprintln!("{text}"),
            (false, false) => {}
        }
    }
}

/// A step in words, and whether it is worth a line of its own.
fn told(step: Step) -> (String, bool) {
    match step {
        Step::Read { done, of } => (format!("read {done} of {of} pages"), false),
        Step::Prepared { sites, blocks } => (format!("{sites} sites, {blocks} blocks"), true),
        Step::Fold { done, of } => (format!("fold {done} of {of}"), true),
        Step::Trained { trees } => (format!("{trees} trees"), true),
        Step::Lines(told) => (format!("lines: {told}"), true),
    }
}

#[cfg(test)]
mod tests;
