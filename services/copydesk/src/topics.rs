//! `copydesk topics`: the topics of an installation.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use kit::log::plan::Outcome;

use crate::cli::Common;
use crate::open;

#[derive(Debug, Args)]
pub(crate) struct TopicsArguments {
    #[command(subcommand)]
    command: TopicsCommand,
}

#[derive(Debug, Subcommand)]
enum TopicsCommand {
    /// Create the topics that are missing and compare the others with the configuration.
    #[command(after_help = "\
Examples:
  copydesk topics apply --log kafka:broker:9092
  copydesk topics apply --log kafka:broker:9092 --set topics.replication=3

Nothing that exists is changed. Exit code 1 when a topic differs from the configuration.")]
    Apply(Common),
}

/// Creates and checks.
pub(crate) fn run(arguments: &TopicsArguments) -> Result<()> {
    let TopicsCommand::Apply(common) = &arguments.command;
    let config = open::config(common)?;
    let log = open::for_operator(&config)?;
    let applied = log.apply_topics(&config.topic_plan())?;
    let mut differing = 0;
    for topic in &applied {
        match &topic.outcome {
            Outcome::Created => println!("created  {}", topic.name),
            Outcome::Fits => println!("fits     {}", topic.name),
            Outcome::Differs(detail) => {
                differing += 1;
                println!("DIFFERS  {}: {detail}", topic.name);
            }
        }
    }
    match differing {
        0 => Ok(()),
        count => bail!(
            "{count} topics differ from the configuration; change them with Kafka's own tools, or the configuration"
        ),
    }
}
