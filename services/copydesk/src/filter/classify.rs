//! `copydesk classify`: topics of articles, and what another model would make of them.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use classifier::classifier::Classifier;
use kit::config::Config;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::{models, open};

mod compare;
mod given;

use given::{Given, Sink};

#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"title\",\"text\",\"language\"?,\"section\"?,\"tags\"?,\"url\"?} a line, or a record of the log as `tail --json` prints it
Out: {\"id\",\"language\",\"topics\":[{\"id\":\"medtop:…\",\"name\",\"score\"}]}, best first

A MODEL is `configured`, `built-in`, a model file, or a rules file (its name ends in .toml; see `copydesk config --default`).
MODELS joined by + are asked in turn: `rules.toml+built-in` is what rules_use = \"over_model\" makes of them.

Examples:
  copydesk classify --all < articles.jsonl
  copydesk classify story.txt page.html                            files for people: cleaned first
  copydesk classify --from articles.deduplicated > topics.jsonl    what the log holds
  copydesk classify --model new.model articles.jsonl               try a model without configuring it
  copydesk classify --compare configured new.model --from articles.deduplicated
  copydesk classify --compare built-in new.toml+built-in articles.jsonl --fail-above 0.02 --json

With --compare nothing but the comparison is printed, and the exit code is 1 when more articles changed than --fail-above
allows.")]
pub(crate) struct ClassifyArguments {
    /// Files: JSON lines, or an article when the name ends in .txt, .html or .htm. Without: JSON lines on stdin (also: -).
    files: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Also the topics that are too unlikely to be published.
    #[arg(long, conflicts_with = "compare")]
    all: bool,
    /// The model to use instead of the configured one.
    #[arg(long, value_name = "MODEL", conflicts_with = "compare")]
    model: Option<String>,
    /// Read the articles of a topic of the log, such as articles.deduplicated or articles, from its start.
    #[arg(long, value_name = "TOPIC", conflicts_with = "files")]
    from: Option<String>,
    /// Compare two models on the articles instead of printing topics.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    compare: Option<Vec<String>>,
    /// How many of the most changed articles to show.
    #[arg(long, default_value_t = 10, value_name = "N", requires = "compare")]
    examples: usize,
    /// Fail when a larger share of the articles has other topics than before, between 0 and 1.
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "compare")]
    fail_above: Option<f64>,
    /// Print the comparison as JSON.
    #[arg(long, requires = "compare")]
    json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

/// Classifies, or compares.
pub(crate) fn run(arguments: &ClassifyArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    if let Some([old, new]) = arguments.compare.as_deref() {
        let old = models::named(old, &config).with_context(|| format!("--compare {old}"))?;
        let new = models::named(new, &config).with_context(|| format!("--compare {new}"))?;
        return compare_all(arguments, &config, &old, &new);
    }
    let classifier = match arguments.model.as_deref() {
        Some(name) => models::named(name, &config).with_context(|| format!("--model {name}"))?,
        None => models::configured(&config)?,
    };
    let answer = |given: &Given| line(&classifier, given, arguments.all);
    let is_stdin = arguments.files.is_empty() && arguments.from.is_none();
    if is_stdin {
        return super::run(|value: Value| Ok(answer(&Given::read(value)?)));
    }
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut print = |given: Result<Given, super::LineError>, id: &Value| -> Result<()> {
        let line = match given {
            Ok(given) => answer(&given),
            Err(error) => super::error_line(id, &error),
        };
        Ok(writeln!(output, "{line}")?)
    };
    each(arguments, &config, &mut print)?;
    Ok(output.flush()?)
}

fn line(classifier: &Classifier, given: &Given, all: bool) -> Value {
    let language = given.language(classifier);
    let article = given.article(language.as_deref());
    let topics = match all {
        true => classifier.all_topics(&article),
        false => classifier.topics(&article),
    };
    json!({ "id": given.id, "language": language, "topics": topics })
}

/// Hands every article to `sink`, one at a time, in the order of the files or of the topic's partitions.
fn each(arguments: &ClassifyArguments, config: &Config, sink: &mut Sink<'_>) -> Result<()> {
    if let Some(topic) = &arguments.from {
        return given::from_log(config, topic, sink);
    }
    if arguments.files.is_empty() {
        return given::from_lines(std::io::stdin().lock(), sink).context("can't read standard input");
    }
    for path in &arguments.files {
        from_file(path, sink).with_context(|| format!("can't read {}", path.display()))?;
    }
    Ok(())
}

fn from_file(path: &Path, sink: &mut Sink<'_>) -> Result<()> {
    if path == Path::new("-") {
        return given::from_lines(std::io::stdin().lock(), sink);
    }
    let extension = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    if ["txt", "html", "htm"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
    {
        let id = json!(path.display().to_string());
        return sink(given::from_page(path)?, &id);
    }
    given::from_lines(BufReader::with_capacity(1 << 16, File::open(path)?), sink)
}

fn compare_all(arguments: &ClassifyArguments, config: &Config, old: &Classifier, new: &Classifier) -> Result<()> {
    let mut comparison = compare::Comparison::new(old, new, arguments.examples);
    let mut progress = given::Progress::default();
    each(arguments, config, &mut |given, _| {
        match given {
            Ok(given) => comparison.add(&given),
            Err(_) => comparison.unread += 1,
        }
        progress.step();
        Ok(())
    })?;
    progress.end();
    if comparison.articles == 0 {
        bail!("there is no article to compare the models on");
    }
    let mut output = std::io::stdout().lock();
    match arguments.json {
        true => writeln!(output, "{}", comparison.json())?,
        false => write!(output, "{comparison}")?,
    }
    match arguments.fail_above {
        Some(limit) if limit < comparison.changed_share() => bail!(
            "{} of {} articles changed, a share of {:.4}; --fail-above allows {limit}",
            comparison.changed,
            comparison.articles,
            comparison.changed_share()
        ),
        _ => Ok(()),
    }
}
