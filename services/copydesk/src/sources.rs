//! `copydesk sources`: what is read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use fetcher::health::Standing;
use kit::config::Config;
use kit::log::Log;
use schemas::canonical::canonical_url;
use schemas::id::SourceId;
use schemas::memory::fetcher::{FeedState, FetcherMemory};
use schemas::record::Record as _;
use schemas::source::FileFormat;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};

use crate::cli::Common;
use crate::tail::clean;
use crate::{check, clock, files, open, opml, scan, up};

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
        /// Feeds, sitemaps, or pages that name theirs.
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
    /// A header for requests to the source's own host; may be given several times. No secrets: they belong into a file.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The name of a file with credentials for the source's own host: user:password, or header lines. It lies in the
    /// directory that fetcher.credentials_directory names where the fetcher runs. Only sent over https, or to an address
    /// of fetcher.allow_networks.
    #[arg(long, value_name = "NAME", value_parser = credentials_name)]
    credentials_file: Option<String>,
    /// What its articles are about; may be given several times.
    #[arg(long = "topic")]
    topics: Vec<String>,
    /// The charset that the feed is really in, where it says another.
    #[arg(long)]
    charset: Option<String>,
}

fn credentials_name(name: &str) -> Result<String, String> {
    match kit::fetch::is_credentials_name(name) {
        true => Ok(name.to_owned()),
        false => Err("give the plain name of a file in fetcher.credentials_directory".to_owned()),
    }
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
        SourcesCommand::Check { urls } => urls.iter().try_for_each(|url| check::check(&config, url)),
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
                added_at: Some(clock::now()),
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
        let header = |line: &String| {
            let (name, value) = line
                .split_once(':')
                .with_context(|| format!("--header {line:?} is not NAME: VALUE"))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        };
        let headers: BTreeMap<String, String> = self.headers.iter().map(header).collect::<Result<_>>()?;
        let source = |text: &String| {
            Ok(Source {
                language: self.language.clone(),
                title: self.title.clone(),
                poll_interval_seconds: self.poll_interval_seconds,
                fetch_pages: !self.no_pages,
                headers: headers.clone(),
                credentials_file: self.credentials_file.clone(),
                topics: self.topics.clone(),
                charset: self.charset.clone(),
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
    let added = |source: &Source| {
        SourceChange::Set(Source {
            added_at: Some(clock::now()),
            ..source.clone()
        })
    };
    let changes: Vec<SourceChange> = sources.iter().map(added).collect();
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
        let health = match source.is_file() {
            true => progress.of(source),
            false => health(source, states.get(&source.id), clock::now()),
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

/// How a source fares, with what an operator needs to judge it.
fn health(source: &Source, state: Option<&FeedState>, now: Timestamp) -> String {
    let standing = Standing::of(source, state, now);
    let word = standing.as_str();
    let Some(state) = state.filter(|_| standing != Standing::Paused) else {
        let why = if source.paused {
            "until it is resumed"
        } else {
            "not polled yet"
        };
        return format!("{word}: {why}");
    };
    let moved = match state.url == source.url {
        true => String::new(),
        false => format!("; now at {}", clean(&state.url)),
    };
    let last = state
        .last_success_at
        .map_or("never read".to_owned(), |at| format!("last read {at}"));
    let newest = state
        .last_new_at
        .map_or(String::new(), |at| format!(", last news {at}"));
    let next = format!("next poll {}", state.next_poll_at);
    let error = clean(state.last_error.as_deref().unwrap_or("no reason recorded"));
    let reader = state
        .follows
        .as_ref()
        .map_or("another source", |follows| follows.source_id.as_str());
    match standing {
        Standing::Ended => format!("{word}: the server says that it is gone; {last}; add it again to try again{moved}"),
        Standing::Follows => format!("{word}: {reader} reads the same feed{moved}"),
        Standing::Failing => format!("{word} ({} in a row): {error}; {last}, {next}{moved}", state.failures),
        Standing::Blocked if 0 < state.failures => {
            format!("{word} ({} in a row): {error}; {last}, {next}{moved}", state.failures)
        }
        Standing::Blocked => format!("{word}: its pages are refused; {last}{newest}, {next}{moved}"),
        _ => format!("{word}, {last}{newest}, {next}{moved}"),
    }
}
