//! `copydesk sources`: what is read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use fetcher::feed;
use kit::config::Config;
use kit::log::Log;
use schemas::canonical::canonical_url;
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedState, FetcherMemory};
use schemas::record::Record as _;
use schemas::source::FileFormat;
use schemas::source::{Source, SourceChange};
use schemas::topic::{StageName, Topic};

use crate::cli::Common;
use crate::tail::clean;
use crate::{fetching, files, open, opml, scan, up};

#[derive(Debug, Args)]
pub(crate) struct SourcesArguments {
    #[command(subcommand)]
    command: SourcesCommand,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum SourcesCommand {
    /// Add feeds, files or directories, or change how they are read. Works while `copydesk up` runs.
    #[command(after_help = "\
Examples:
  copydesk sources add https://example.org/rss https://example.com/feed.json
  copydesk sources add https://example.org/rss --language en --title \"Example Daily\"
  copydesk sources add ./CC-NEWS-20261120.warc.gz ./pages.jsonl
  copydesk sources add /srv/wire --format ninjs

Files and directories are read below fetcher.file_roots only, by the fetcher's process, on a lane that waits for the
live one: JSON lines (url or id, html or text), WARC, ninjs, NewsML-G2, NITF, feeds, pages, texts; plain, .gz or .zst. A
directory is watched.")]
    Add(AddArguments),
    /// List what is read and how it fares.
    List,
    /// Fetch a feed once, by the fetcher's own rules, and say what is in it. Adds nothing.
    Check {
        /// Feeds, or pages that name theirs.
        #[arg(required = true)]
        urls: Vec<String>,
    },
    /// Stop reading a source until it is resumed.
    Pause {
        /// Ids or URLs.
        #[arg(required = true)]
        sources: Vec<String>,
    },
    /// Read a paused source again.
    Resume {
        /// Ids or URLs.
        #[arg(required = true)]
        sources: Vec<String>,
    },
    /// Forget sources.
    Remove {
        /// Ids or URLs.
        #[arg(required = true)]
        sources: Vec<String>,
    },
    /// Add every feed of an OPML file or a TOML list such as seeds/feeds.toml.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Print the sources as OPML.
    Export,
}

#[derive(Debug, Args)]
struct AddArguments {
    /// Feeds, files or directories.
    #[arg(required = true)]
    urls: Vec<String>,
    /// What files hold; else each file's name and beginning tell.
    #[arg(long, value_parser = files::format)]
    format: Option<FileFormat>,
    /// The language of their articles, BCP 47.
    #[arg(long)]
    language: Option<String>,
    /// A name for people; only with one URL.
    #[arg(long)]
    title: Option<String>,
    /// Seconds between polls instead of the adaptive pace.
    #[arg(long)]
    poll_interval_seconds: Option<u32>,
    /// Take the feed's own text and fetch no pages.
    #[arg(long)]
    no_pages: bool,
}

/// Does what was asked about sources.
pub(crate) fn run(arguments: SourcesArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    match arguments.command {
        SourcesCommand::Add(new) => add(&config, &new.sources()?),
        SourcesCommand::Import { file } => {
            let text = std::fs::read_to_string(&file).with_context(|| format!("can't read {}", file.display()))?;
            let sources = opml::read(&text).with_context(|| format!("can't import {}", file.display()))?;
            add(&config, &sources)
        }
        SourcesCommand::Check { urls } => urls.iter().try_for_each(|url| check(&config, url)),
        SourcesCommand::List => list(open::for_reading(&config)?.as_ref()),
        SourcesCommand::Export => {
            print!(
                "{}",
                opml::write(
                    &current(open::for_reading(&config)?.as_ref())?
                        .into_values()
                        .collect::<Vec<_>>()
                )
            );
            Ok(())
        }
        SourcesCommand::Pause { sources } => change(&config, &sources, |source| {
            SourceChange::Set(Source { paused: true, ..source })
        }),
        SourcesCommand::Resume { sources } => change(&config, &sources, |source| {
            SourceChange::Set(Source {
                paused: false,
                ..source
            })
        }),
        SourcesCommand::Remove { sources } => change(&config, &sources, |source| SourceChange::Removed(source.id)),
    }
}

impl AddArguments {
    fn sources(self) -> Result<Vec<Source>> {
        if self.title.is_some() && self.urls.len() > 1 {
            bail!("--title names one source; give one URL");
        }
        let source = |text: &String| {
            Ok(Source {
                language: self.language.clone(),
                title: self.title.clone(),
                poll_interval_seconds: self.poll_interval_seconds,
                fetch_pages: !self.no_pages,
                format: self.format,
                ..Source::of_url(&files::url_of(text)?)
            })
        };
        self.urls.iter().map(source).collect()
    }
}

fn add(config: &Config, sources: &[Source]) -> Result<()> {
    for source in sources.iter().filter(|source| !source.is_file()) {
        canonical_url(&source.url).with_context(|| format!("{:?} can't be read", source.url))?;
    }
    let log = open::for_operator(config)?;
    let known = current(log.as_ref())?;
    let changes: Vec<SourceChange> = sources.iter().cloned().map(SourceChange::Set).collect();
    up::append_sources(log.as_ref(), &changes)?;
    for source in sources {
        let word = if known.contains_key(&source.id) {
            "changed"
        } else {
            "added"
        };
        println!("{word} {} {}", source.id, source.url);
    }
    files::advise(config, sources);
    if up::is_local(config) {
        eprintln!(
            "{}: run `copydesk up` there to read them, if it does not run already",
            log.describe()
        );
    }
    Ok(())
}

/// The sources there are, by id.
fn current(log: &dyn Log) -> Result<BTreeMap<SourceId, Source>> {
    let mut sources = BTreeMap::new();
    scan::each(log, Topic::Sources, |message| {
        match SourceChange::decode(message.incoming()) {
            Ok(SourceChange::Set(source)) => {
                sources.insert(source.id.clone(), source);
            }
            Ok(SourceChange::Removed(id)) => {
                sources.remove(&id);
            }
            Err(error) => eprintln!(
                "warning: source record at offset {} does not decode: {error}",
                message.offset
            ),
        }
    })?;
    Ok(sources)
}

fn change(config: &Config, names: &[String], change: impl Fn(Source) -> SourceChange) -> Result<()> {
    let log = open::for_operator(config)?;
    let known = current(log.as_ref())?;
    let found = names.iter().map(|name| {
        let by_name = known
            .get(&SourceId::from(name.as_str()))
            .or_else(|| known.get(&SourceId::of_url(name)))
            .or_else(|| known.get(&SourceId::of_url(&files::url_of(name).ok()?)));
        by_name
            .cloned()
            .with_context(|| format!("there is no source {name:?}; see `copydesk sources list`"))
    });
    let found = found.collect::<Result<Vec<Source>>>()?;
    let changes: Vec<SourceChange> = found.into_iter().map(change).collect();
    up::append_sources(log.as_ref(), &changes)
}

fn list(log: &dyn Log) -> Result<()> {
    let sources = current(log)?;
    let mut states: BTreeMap<SourceId, FeedState> = BTreeMap::new();
    let mut progress = files::Progress::default();
    scan::each(
        log,
        Topic::Memory(StageName::Fetcher),
        |message| match FetcherMemory::decode(message.incoming()) {
            Ok(FetcherMemory::Feed(state)) => {
                states.insert(state.source_id.clone(), state);
            }
            Ok(change) => progress.apply(change),
            Err(_) => {}
        },
    )?;
    for source in sources.values() {
        let health = match states.get(&source.id) {
            _ if source.is_file() => progress.of(source),
            _ if source.paused => "paused".to_owned(),
            None => "not polled yet".to_owned(),
            Some(state) => health(state),
        };
        let title = source
            .title
            .as_deref()
            .map_or(String::new(), |title| format!("  {}", clean(title)));
        println!("{} {}{title}\n    {health}", source.id, clean(&source.url));
    }
    if sources.is_empty() {
        println!("no sources; add one with `copydesk sources add URL`");
    }
    Ok(())
}

fn health(state: &FeedState) -> String {
    let last = state
        .last_success_at
        .map_or("never read".to_owned(), |at| format!("last read {at}"));
    match (state.ended, state.failures, &state.last_error) {
        (true, _, _) => format!("ended: the server says that it is gone; {last}"),
        (false, 0, _) => format!("fresh, {last}, next poll {}", state.next_poll_at),
        (false, failures, error) => format!(
            "failing ({failures} in a row): {}; {last}, next try {}",
            clean(error.as_deref().unwrap_or("no reason recorded")),
            state.next_poll_at
        ),
    }
}

fn check(config: &Config, url: &str) -> Result<()> {
    let (address, response) = fetching::get(config, url)?;
    let content_type = response.header("content-type").map(str::to_owned);
    match feed::parse(&response.body, content_type.as_deref(), &address) {
        Ok(parsed) => {
            println!(
                "{address}\n  {} ({} entries)",
                clean(parsed.title.as_deref().unwrap_or("no title")),
                parsed.entries.len()
            );
            for entry in parsed.entries.iter().take(5) {
                let published = entry.published.map_or("no date".to_owned(), |at| at.to_string());
                println!(
                    "  - {published} {}",
                    clean(entry.title.as_deref().unwrap_or("no title"))
                );
                println!("    {}", clean(entry.link.as_deref().unwrap_or("no link")));
            }
            Ok(())
        }
        Err(error) => {
            let page = String::from_utf8_lossy(&response.body);
            let named = feed::discover::discover(&page, &address);
            if named.is_empty() {
                return Err(error).with_context(|| format!("{address} is no feed, and names none"));
            }
            println!("{address} is a page that names {} feeds; add one of them:", named.len());
            named
                .iter()
                .for_each(|feed| println!("  copydesk sources add {}", clean(feed)));
            Ok(())
        }
    }
}
