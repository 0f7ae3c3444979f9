//! `copydesk clean`: boilerplate out, of JSON lines or of files.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use cleaner::decode::decode;
use cleaner::extracted::{Extracted, Known};
use cleaner::site::Sites;
use cleaner::{html, text};
use schemas::fate::FilterReason;
use schemas::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::LineError;
use crate::tail::clean as printable;

#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"html\" or \"text\",\"url\"?,\"content_type\"?} a line
Out: {\"id\",\"title\",\"text\",\"language\",\"authors\",\"published_at\",…,\"removed\":[{\"kind\",\"text\"}]},
     or {\"id\",\"filtered\":\"reason\",\"title\"?,\"authors\"?,\"published_at\"?}
Times are by the clock of the page, where it tells its zone.

Examples:
  copydesk clean < pages.jsonl > articles.jsonl
  copydesk clean --site-memory < pages.jsonl   also cut what recurs on the pages of a host, in the order given
  copydesk clean page.html story.txt
  copydesk clean --removed story.txt           also show what was cut")]
pub(crate) struct CleanArguments {
    /// Files to clean and print for reading: HTML, or text when the name ends in .txt. Without: JSON lines on stdin.
    files: Vec<PathBuf>,
    /// Show what was cut as well.
    #[arg(long, requires = "files")]
    removed: bool,
    /// Print JSON lines for files too.
    #[arg(long, requires = "files")]
    json: bool,
    /// Remember each page for those after it, as the pipeline does: what recurs on the articles of a host is cut.
    #[arg(long)]
    site_memory: bool,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    content_type: Option<String>,
}

/// Answers standard input, or prints what is left of the files.
pub(crate) fn run(arguments: &CleanArguments) -> Result<()> {
    let mut memory = arguments.site_memory.then(Sites::default);
    let mut remembered = |place: &str, extracted: Result<Extracted, FilterReason>| match memory.as_mut() {
        // The pages carry no time of arrival; it only matters for what is written to a log.
        Some(sites) => extracted.map(|extracted| with_memory(sites, place, extracted, Timestamp::default())),
        None => extracted,
    };
    if arguments.files.is_empty() {
        return super::run(|question: Question| {
            let extracted = answer(&question)?;
            let place = question.url.as_deref().unwrap_or_default();
            let mut line = line(&question.id, &remembered(place, extracted));
            if let (Some(_), Some(html)) = (line.get("filtered"), &question.html) {
                describe(
                    &mut line,
                    &html::describe(html, question.url.as_deref(), &Known::default()),
                );
            }
            Ok(line)
        });
    }
    let mut filtered = 0;
    for path in &arguments.files {
        let extracted = remembered(&path.display().to_string(), file(path, None, &Known::default())?);
        if arguments.json {
            println!("{}", line(&json!(path.display().to_string()), &extracted));
        } else {
            filtered += usize::from(!print(path, &extracted, arguments.removed));
        }
    }
    match filtered {
        0 => Ok(()),
        count => bail!("{count} of {} files hold no article", arguments.files.len()),
    }
}

/// The article after the memory of its site cut what recurs; the memory knows it from now on.
pub(crate) fn with_memory(sites: &mut Sites, place: &str, mut extracted: Extracted, now: Timestamp) -> Extracted {
    sites.fold(place, &mut extracted, now);
    extracted
}

fn answer(question: &Question) -> Result<Result<Extracted, FilterReason>, LineError> {
    let known = Known::default();
    let is_text = |kind: &String| kind.trim_start().to_ascii_lowercase().starts_with("text/plain");
    Ok(match (&question.html, &question.text) {
        (Some(html), None) if question.content_type.as_ref().is_some_and(is_text) => {
            text::extract(html, question.url.as_deref(), &known)
        }
        (Some(html), None) => html::extract(html, question.url.as_deref(), &known),
        (None, Some(text)) => text::extract(text, question.url.as_deref(), &known),
        (None, None) | (Some(_), Some(_)) => {
            return Err(LineError::new("bad_input", "give either \"html\" or \"text\""));
        }
    })
}

/// Adds what a page without an article says about itself.
fn describe(line: &mut Value, page: &Extracted) {
    if !page.title.is_empty() {
        line["title"] = json!(page.title);
    }
    if !page.authors.is_empty() {
        line["authors"] = json!(page.authors);
    }
    if let Some(found) = &page.published_at {
        line["published_at"] = json!(found.with_zone());
        line["published_at_found_in"] = json!(found.found_in);
    }
}

/// The article in a file, by the code of the cleaner.
pub(crate) fn file(path: &Path, url: Option<&str>, known: &Known) -> Result<Result<Extracted, FilterReason>> {
    let bytes = std::fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
    let decoded = decode(&bytes, None);
    let is_text = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    Ok(match is_text {
        true => text::extract(&decoded.text, url, known),
        false => html::extract(&decoded.text, url, known),
    })
}

fn line(id: &Value, extracted: &Result<Extracted, FilterReason>) -> Value {
    let extracted = match extracted {
        Ok(extracted) => extracted,
        Err(reason) => return json!({ "id": id, "filtered": reason.as_str() }),
    };
    let removed: Vec<Value> = extracted
        .removed
        .iter()
        .map(|removed| match removed.kind.evidence() {
            None => json!({ "kind": removed.kind.name(), "text": removed.text }),
            Some(evidence) => json!({ "kind": removed.kind.name(), "text": removed.text, "evidence": evidence }),
        })
        .collect();
    let kinds: Vec<&str> = extracted
        .blocks
        .iter()
        .map(|block| publisher::record::kind_name(block.kind))
        .collect();
    json!({
        "id": id,
        "title": extracted.title,
        "text": extracted.text(),
        "blocks": kinds,
        "language": extracted.language.as_ref().map(|language| &language.tag),
        "authors": extracted.authors,
        "published_at": extracted.published_at.as_ref().map(|found| found.with_zone()),
        "published_at_found_in": extracted.published_at.as_ref().map(|found| &found.found_in),
        "updated_at": extracted.updated_at.as_ref().map(|found| found.with_zone()),
        "canonical_url": extracted.canonical_url,
        "site_name": extracted.site_name,
        "section": extracted.section,
        "tags": extracted.tags,
        "images": extracted.images,
        "captions": extracted.captions,
        "agency": extracted.agency.as_ref().map(|agency| &agency.name),
        "dateline": extracted.dateline.as_ref().map(|dateline| &dateline.text),
        "rights": extracted.rights,
        "removed": removed,
    })
}

/// Prints for reading; false when there is no article.
fn print(path: &Path, extracted: &Result<Extracted, FilterReason>, removed: bool) -> bool {
    let extracted = match extracted {
        Ok(extracted) => extracted,
        Err(reason) => {
            println!("{}: filtered, {}", path.display(), reason.as_str().replace('_', " "));
            return false;
        }
    };
    println!(
        "# {}\n\n{}\n",
        printable(&extracted.title),
        printable_lines(&extracted.text())
    );
    for cut in extracted.removed.iter().filter(|_| removed) {
        println!("- cut {}: {}", cut.kind.name(), printable(&cut.text));
    }
    true
}

fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}
