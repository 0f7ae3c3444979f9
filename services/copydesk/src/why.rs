//! `copydesk why`: what became of an article, a fetch or a URL.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use clap::Args;
use kit::log::Log;
use schemas::canonical::canonical_url;
use schemas::fate::FateRecord;
use schemas::id::ArticleId;
use schemas::memory::fetcher::{FetcherMemory, PendingEntry};
use schemas::published::Publication;
use schemas::record::Record as _;
use schemas::topic::{StageName, Topic};

use crate::cli::Common;
use crate::tail::{self, clean};
use crate::{open, scan};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  copydesk why https://example.org/news/1
  copydesk why 5b2c9e0a7d1f4c38a1b2c3d4e5f60718    an article id or a fetch id")]
pub(crate) struct WhyArguments {
    /// An article id, a fetch id, or a URL as a feed or a page spells it.
    what: String,
    #[command(flatten)]
    common: Common,
    /// Print the fate records as JSON lines.
    #[arg(long)]
    json: bool,
}

/// What is asked about.
struct Question {
    text: String,
    article_id: ArticleId,
    url: Option<String>,
}

impl Question {
    fn matches(&self, fate: &FateRecord) -> bool {
        fate.fetch_id.as_str() == self.text
            || fate
                .article_id
                .as_ref()
                .is_some_and(|id| id.as_str() == self.text || *id == self.article_id)
            || self.is_url(&fate.requested_url)
    }

    fn is_url(&self, url: &str) -> bool {
        self.url.is_some() && (url == self.text || canonical_url(url).ok() == self.url)
    }
}

/// Prints every fate that the question fits, oldest first.
pub(crate) fn run(arguments: &WhyArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    let log = open::for_reading(&config)?;
    let question = Question {
        text: arguments.what.clone(),
        article_id: ArticleId::of_url(&arguments.what),
        url: canonical_url(&arguments.what).ok(),
    };
    let mut fates = Vec::new();
    scan::each(log.as_ref(), Topic::Fates, |message| {
        if let Ok(fate) = FateRecord::decode(message.incoming())
            && question.matches(&fate)
        {
            fates.push(fate);
        }
    })?;
    fates.sort_by_key(|fate| fate.decided_at);
    if fates.is_empty() {
        let mut pending = Vec::new();
        scan::each(
            log.as_ref(),
            Topic::Memory(StageName::Fetcher),
            |message| match FetcherMemory::decode(message.incoming()) {
                Ok(FetcherMemory::Pending(entry)) if question.is_url(&entry.entry.requested_url) => pending.push(entry),
                Ok(_) | Err(_) => {}
            },
        )?;
        return say_pending(&arguments.what, &pending);
    }
    for fate in &fates {
        match arguments.json {
            true => println!("{}", serde_json::to_string(fate)?),
            false => println!("{}", sentence(fate)),
        }
    }
    if !arguments.json {
        say_repointings(log.as_ref(), &fates)?;
    }
    Ok(())
}

/// What the articles that the fates are of were re-pointed to since they were published.
fn say_repointings(log: &dyn Log, fates: &[FateRecord]) -> Result<()> {
    let published = fates.iter().filter(|fate| fate.fate == "published");
    let ids: BTreeSet<&ArticleId> = published.filter_map(|fate| fate.article_id.as_ref()).collect();
    // Every re-pointing is on this topic too, and it is smaller than the event log.
    scan::each(log, Topic::Duplicates, |message| {
        let key = message.key.as_deref().unwrap_or_default();
        if ids.iter().any(|id| id.as_str().as_bytes() == key)
            && let Ok(Publication::Repointed { repointing, .. }) = Publication::decode(message.incoming())
        {
            println!("{} {}", message.timestamp, tail::repointed(&repointing));
        }
    })
}

fn say_pending(what: &str, pending: &[PendingEntry]) -> Result<()> {
    match pending.last() {
        Some(entry) => {
            println!(
                "waiting to be fetched, not before {} ({} failed attempts): {}",
                entry.due_at,
                entry.attempts,
                clean(&entry.entry.url)
            );
            Ok(())
        }
        None => bail!(
            "nothing is known of {what}: no fate is recorded and nothing is pending; `copydesk sources list` shows what is read"
        ),
    }
}

fn sentence(fate: &FateRecord) -> String {
    let meaning = match (fate.fate.as_str(), fate.reason.as_deref()) {
        ("published", _) => "published".to_owned(),
        ("duplicate", _) => "a copy of another article, on the duplicates topic".to_owned(),
        ("unchanged", _) => "unchanged since the version before".to_owned(),
        ("filtered", Some(reason)) => format!("filtered: {}", reason.replace('_', " ")),
        ("withheld", Some(reason)) => format!("withheld: {reason}"),
        ("dead", Some(reason)) => format!(
            "in the dead letters of the {}: {}",
            fate.stage,
            reason.replace('_', " ")
        ),
        ("not_fetched", Some(reason)) => format!("not fetched: {}", reason.replace('_', " ")),
        (other, reason) => format!("{other} {}", reason.unwrap_or("")),
    };
    let article = fate
        .article_id
        .as_ref()
        .map_or(String::new(), |id| format!("\n    article {id}"));
    let took = fate.fetched_at.map_or(String::new(), |at| {
        format!(" ({} ms after the fetch)", fate.decided_at.millis_since(at))
    });
    format!(
        "{} {meaning}{took}\n    {}\n    fetch {}{article}",
        fate.decided_at,
        clean(&fate.requested_url),
        fate.fetch_id
    )
}
