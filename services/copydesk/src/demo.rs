//! `copydesk demo`: everything in one process, reading an invented press on loopback.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kit::config::Config;
use kit::config::layers::ProcessEnvironment;
use kit::log::{Log, Reader, Start};
use kit::telemetry::{Metric, logging};
use newsroom::{Newsroom, Options};
use schemas::published::Publication;
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};
use schemas::topic::{StageName, Topic};

use crate::up::{self, Running};
use crate::{open, tail};

/// Marks a directory as the demo's own, which a new demo may empty.
const MARKER: &str = "copydesk-demo";
/// How long nothing may happen before the demo is taken to be over.
const QUIET: Duration = Duration::from_secs(8);

#[derive(Debug, Args)]
#[command(after_help = "\
Needs no Kafka, no Docker and no network. The records stay in --data-dir for a look afterwards; a new demo starts
afresh.

Examples:
  copydesk demo
  copydesk demo --articles 50 --quiet
  copydesk demo --keep-running        go on until interrupted")]
pub(crate) struct DemoArguments {
    /// Where to keep the records.
    #[arg(long, default_value = "copydesk-demo-data", value_name = "DIR")]
    data_dir: PathBuf,
    /// End after this many published articles; 0 for all that the press has.
    #[arg(long, default_value_t = 0)]
    articles: usize,
    /// How many articles the press brings out each second, after the first half that is out at the start.
    #[arg(long, default_value_t = 20.0)]
    per_second: f64,
    /// Print no line for each article.
    #[arg(long)]
    quiet: bool,
    /// Go on when the press has nothing new.
    #[arg(long)]
    keep_running: bool,
    /// Where to serve health and metrics; "" for nowhere.
    #[arg(long, default_value = "", value_name = "ADDRESS")]
    admin_listen: String,
}

/// Runs the demo until everything is published.
pub(crate) fn run(arguments: &DemoArguments) -> Result<()> {
    let config = config(arguments)?;
    logging::start(config.telemetry.log_format, &config.telemetry.log_level)?;
    prepare(&arguments.data_dir)?;
    let log = open::for_roles(&config)?;
    let press_runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let options = Options {
        initial: 120,
        per_second: arguments.per_second,
        ..Options::default()
    };
    let press = press_runtime
        .block_on(Newsroom::start(options))
        .context("can't start the invented press")?;
    let feeds = press.feeds();
    let sources = feeds.iter().map(|feed| {
        let (title, language) = (Some(feed.site.clone()), Some(feed.language.clone()));
        SourceChange::Set(Source {
            title,
            language,
            poll_interval_seconds: Some(2),
            ..Source::of_url(&feed.url)
        })
    });
    up::append_sources(log.as_ref(), &sources.collect::<Vec<_>>())?;
    println!(
        "An invented press of {} feeds is out on loopback; Copydesk reads it into {}.",
        feeds.len(),
        arguments.data_dir.display()
    );
    println!("Fetch → clean → dedup → classify → publish, all in this process:\n");
    let running = Running::start(&config, &log, &StageName::ALL)?;
    let started_at = Instant::now();
    let watched = Watch::open(log.as_ref())?.follow(arguments, &running, &press);
    running.stop.pull();
    let telemetry = running.telemetry.clone();
    running.wait()?;
    press_runtime.block_on(press.stop());
    summarise(&telemetry, started_at.elapsed(), &arguments.data_dir);
    watched
}

fn config(arguments: &DemoArguments) -> Result<Config> {
    let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let flags = [
        option("log", &format!("local:{}", arguments.data_dir.display())),
        option("admin.listen", &arguments.admin_listen),
        option("fetcher.allow_networks", "127.0.0.0/8"),
        option("fetcher.host_delay_ms", "20"),
        option("fetcher.poll_interval_min_seconds", "1"),
        option("fetcher.first_poll_entries", "500"),
        option("telemetry.log_level", "error"),
    ];
    Ok(Config::load(None, &ProcessEnvironment, &flags)?)
}

/// Empties a former demo's directory; refuses any other.
fn prepare(directory: &Path) -> Result<()> {
    if directory.exists() {
        let is_empty = std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none());
        if !is_empty && !directory.join(MARKER).exists() {
            bail!(
                "{} exists and is no former demo's; give another --data-dir",
                directory.display()
            );
        }
        std::fs::remove_dir_all(directory).with_context(|| format!("can't empty {}", directory.display()))?;
    }
    std::fs::create_dir_all(directory).with_context(|| format!("can't make {}", directory.display()))?;
    std::fs::write(directory.join(MARKER), "made by copydesk demo\n").context("can't mark the directory")?;
    Ok(())
}

/// Looks at what becomes public.
struct Watch {
    readers: Vec<Box<dyn Reader>>,
    published: usize,
}

impl Watch {
    fn open(log: &dyn Log) -> Result<Self> {
        let partitions = 0..log.partitions(Topic::Articles)?;
        let readers = partitions.map(|partition| log.reader(Topic::Articles, partition, Start::First));
        Ok(Self {
            readers: readers.collect::<Result<_, _>>()?,
            published: 0,
        })
    }

    /// Prints what comes until enough is published, all is quiet, or somebody stops it.
    fn follow(mut self, arguments: &DemoArguments, running: &Running, press: &Newsroom) -> Result<()> {
        let mut changed_at = Instant::now();
        let mut before = 0.0;
        while !running.stop.wait(Duration::from_millis(50)) {
            self.show(arguments.quiet)?;
            let settled = settled(&running.telemetry);
            if (settled - before).abs() > 0.5 {
                (before, changed_at) = (settled, Instant::now());
            }
            let (out, all) = press.progress();
            let is_over = out == all && QUIET < changed_at.elapsed();
            let is_enough = arguments.articles != 0 && arguments.articles <= self.published;
            if !arguments.keep_running && (is_enough || is_over) {
                return Ok(());
            }
            if Duration::from_secs(90) < changed_at.elapsed() {
                bail!("nothing happened for 90 seconds after {settled} fates; run again with RUST_LOG=debug");
            }
        }
        Ok(())
    }

    fn show(&mut self, quiet: bool) -> Result<()> {
        for reader in &mut self.readers {
            for message in reader.read(100, Duration::ZERO)? {
                let line = match Publication::decode(message.incoming()) {
                    Ok(Publication::Article { article, .. }) => {
                        self.published += 1;
                        format!("{:>4}  {}", self.published, tail::headline(&article))
                    }
                    Ok(Publication::Repointed { repointing, .. }) => format!("      {}", tail::repointed(&repointing)),
                    Ok(_) | Err(_) => continue,
                };
                if !quiet {
                    println!("{line}");
                }
            }
        }
        Ok(())
    }
}

/// All fates so far.
fn settled(telemetry: &kit::telemetry::Telemetry) -> f64 {
    let ended = [("published", ""), ("duplicate", ""), ("unchanged", "")];
    ended
        .iter()
        .map(|(fate, reason)| fates(telemetry, fate, reason))
        .sum::<f64>()
}

fn fates(telemetry: &kit::telemetry::Telemetry, fate: &str, reason: &str) -> f64 {
    StageName::ALL
        .iter()
        .map(|stage| telemetry.value(Metric::Fates, &[stage.as_str(), fate, reason]))
        .sum()
}

fn summarise(telemetry: &kit::telemetry::Telemetry, took: Duration, directory: &Path) {
    use schemas::fate::{FilterReason, NotFetchedReason};
    let filtered: f64 = FilterReason::ALL
        .iter()
        .map(|reason| fates(telemetry, "filtered", reason.as_str()))
        .sum();
    let refused: f64 = NotFetchedReason::ALL
        .iter()
        .map(|reason| fates(telemetry, "not_fetched", reason.as_str()))
        .sum();
    let requests: f64 = ["ok", "not_modified", "redirect", "client_error", "server_error"]
        .iter()
        .map(|outcome| {
            ["feed", "robots", "page"]
                .iter()
                .map(|purpose| telemetry.value(Metric::Requests, &[purpose, outcome]))
                .sum::<f64>()
        })
        .sum();
    let (published, copies) = (fates(telemetry, "published", ""), fates(telemetry, "duplicate", ""));
    let unchanged = fates(telemetry, "unchanged", "");
    let repointed = telemetry.value(Metric::DeduperOriginals, &["replaced"]);
    println!("\nIn {:.1} s and {requests} requests:", took.as_secs_f64());
    println!("  {published:>5} published     originals, on news.articles.v1 and the topics of their subjects");
    println!("  {repointed:>5} re-pointed    of them, copies that were read before their original");
    println!("  {copies:>5} copies        of articles already published, on news.duplicates.v1");
    println!("  {unchanged:>5} unchanged     fetched again, same text");
    println!("  {filtered:>5} filtered      pages that hold no article");
    println!("  {refused:>5} not fetched   forbidden by robots.txt, gone, or refused");
    let directory = directory.display();
    // As it was called, so that the lines can be copied.
    let copydesk = std::env::args().next().unwrap_or_else(|| "copydesk".to_owned());
    println!("\nThe records are in {directory}. Read them:");
    println!("  {copydesk} tail articles -n 5 --data-dir {directory}");
    println!("  {copydesk} tail topics.sport --from-start --data-dir {directory}");
    println!("  {copydesk} tail duplicates --json --data-dir {directory}");
    println!("  {copydesk} why URL --data-dir {directory}");
}
