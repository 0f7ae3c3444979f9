//! What can be asked for on the command line.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use schemas::topic::StageName;

use crate::{clock, demo, explain, filter, health, models, open, roles, sources, tail, topics, train, up, why};

/// A streaming news ingestion pipeline: fetches articles, cuts what isn't the story, finds copies and topics, and
/// publishes clean records to topics.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, max_term_width = 110, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  copydesk demo                                   see it run, with an invented press on loopback
  copydesk sources add https://example.org/rss    say what to read
  copydesk up                                     run everything here, records in ./copydesk-data
  copydesk tail articles --follow                 read what is published
  copydesk why https://example.org/news/1         what became of an article
  copydesk cleaner --log kafka:broker:9092        run one role against Kafka
  copydesk clean page.html                        cut the boilerplate from a file";

/// Where the configuration and the log are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// A configuration file; `copydesk config` shows what can stand in it.
    #[arg(
        long,
        env = "COPYDESK_CONFIG",
        value_name = "FILE",
        global = true,
        help_heading = "Configuration"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Where records live: local:DIR or kafka:HOST:PORT.
    #[arg(long, value_name = "LOG", global = true, help_heading = "Configuration")]
    pub(crate) log: Option<String>,
    /// Short for --log local:DIR.
    #[arg(
        long,
        env = "COPYDESK_DATA_DIR",
        value_name = "DIR",
        conflicts_with = "log",
        global = true,
        help_heading = "Configuration"
    )]
    pub(crate) data_dir: Option<PathBuf>,
    /// Sets any option, such as fetcher.host_delay_ms=500. May be given several times.
    #[arg(
        long = "set",
        value_name = "OPTION=VALUE",
        global = true,
        help_heading = "Configuration"
    )]
    pub(crate) options: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run all roles in this process, on a local directory unless --log says otherwise.
    Up(RunArguments),
    /// Run everything against a built-in press of invented sites, and show what comes out.
    Demo(demo::DemoArguments),
    /// Run the fetcher: decides what to fetch and when, and fetches it.
    Fetcher(RunArguments),
    /// Run the cleaner: finds the article in each page.
    Cleaner(RunArguments),
    /// Run the deduper: finds copies.
    Deduper(RunArguments),
    /// Run the classifier: finds topics.
    Classifier(RunArguments),
    /// Run the publisher: makes the public records.
    Publisher(RunArguments),
    /// Say what to read: add, list, check, pause, resume, remove, import and export sources.
    Sources(sources::SourcesArguments),
    /// Create and check the topics of the installation.
    Topics(topics::TopicsArguments),
    /// Print the records of a topic.
    Tail(tail::TailArguments),
    /// Tell what became of an article or a fetch.
    Why(why::WhyArguments),
    /// Take one article through all stages, dry, and tell what each decided.
    Explain(explain::ExplainArguments),
    /// Cut boilerplate: JSON lines on stdin, or files.
    Clean(filter::clean::CleanArguments),
    /// Find copies in a stream of JSON lines.
    Dedup(filter::dedup::DedupArguments),
    /// Find topics of JSON lines, files or the log, or compare two models on them.
    Classify(filter::classify::ClassifyArguments),
    /// Try the fetcher's parsers and policies on JSON lines.
    Probe(filter::probe::ProbeArguments),
    /// Train the models that the program carries.
    Train(train::TrainArguments),
    /// Ask the process on an admin port whether it is ready.
    Health(health::HealthArguments),
    /// Check the configuration and say what is wrong with it.
    Check(Common),
    /// Print the effective configuration, or with --default the commented defaults.
    Config(ConfigArguments),
}

/// How a role or all of them run.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
struct ConfigArguments {
    #[command(flatten)]
    common: Common,
    /// Print the commented defaults instead.
    #[arg(long)]
    default: bool,
}

impl Arguments {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Up(arguments) => up::run(&arguments.common, &StageName::ALL),
            Command::Demo(arguments) => demo::run(&arguments),
            Command::Fetcher(arguments) => up::run(&arguments.common, &[StageName::Fetcher]),
            Command::Cleaner(arguments) => up::run(&arguments.common, &[StageName::Cleaner]),
            Command::Deduper(arguments) => up::run(&arguments.common, &[StageName::Deduper]),
            Command::Classifier(arguments) => up::run(&arguments.common, &[StageName::Classifier]),
            Command::Publisher(arguments) => up::run(&arguments.common, &[StageName::Publisher]),
            Command::Sources(arguments) => sources::run(arguments),
            Command::Topics(arguments) => topics::run(&arguments),
            Command::Tail(arguments) => tail::run(&arguments),
            Command::Why(arguments) => why::run(&arguments),
            Command::Explain(arguments) => explain::run(&arguments),
            Command::Clean(arguments) => filter::clean::run(&arguments),
            Command::Dedup(arguments) => filter::dedup::run(&arguments),
            Command::Classify(arguments) => filter::classify::run(&arguments),
            Command::Probe(arguments) => filter::probe::run(&arguments),
            Command::Train(arguments) => train::run(&arguments),
            Command::Health(arguments) => health::run(&arguments),
            Command::Check(common) => check(&common),
            Command::Config(arguments) => show_config(&arguments),
        }
    }
}

fn check(common: &Common) -> Result<()> {
    let config = open::config(common)?;
    roles::url_rules(&config)?;
    for rule in roles::page_rules(&config)?.expired(clock::now()) {
        let note = rule.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        println!(
            "warning: rule {} of cleaner.rules_file, for {}{note}, is over and left out",
            rule.number, rule.host
        );
    }
    let classifier = models::configured(&config)?;
    println!(
        "the configuration is fine: log {}, topics {}.*, admin {}, topic model {}",
        config.log,
        config.topics.prefix,
        config.admin.listen,
        classifier.model_name()
    );
    Ok(())
}

fn show_config(arguments: &ConfigArguments) -> Result<()> {
    match arguments.default {
        true => print!("{}", kit::config::DEFAULT),
        false => print!("{}", open::config(&arguments.common)?.to_toml()),
    }
    Ok(())
}
