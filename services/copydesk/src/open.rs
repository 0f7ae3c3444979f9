//! From the command line to a configuration and an open log.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use kit::config::layers::ProcessEnvironment;
use kit::config::{Config, LogLocation};
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::local::{self, LocalLog, LocalSettings};
use kit::log::{Log, LogError};

use crate::cli::Common;
use crate::clock;

/// How long a process that wants to own a directory waits for a command that looks into it.
const OWNER_PATIENCE: Duration = Duration::from_secs(5);
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// The effective configuration.
pub(crate) fn config(common: &Common) -> Result<Config> {
    let mut flags: Vec<(String, String)> = Vec::new();
    if let Some(log) = &common.log {
        flags.push(("log".to_owned(), log.clone()));
    }
    if let Some(directory) = &common.data_dir {
        flags.push(("log".to_owned(), format!("local:{}", directory.display())));
    }
    for option in &common.options {
        let Some((name, value)) = option.split_once('=') else {
            bail!("--set {option}: write it as OPTION=VALUE, such as fetcher.host_delay_ms=500");
        };
        flags.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Config::load(common.config.as_deref(), &ProcessEnvironment, &flags)?)
}

/// The log, for a process that runs roles on it.
pub(crate) fn for_roles(config: &Config) -> Result<Arc<dyn Log>> {
    Ok(match location(config)? {
        LogLocation::Local(directory) => Arc::new(own(&directory, config)?),
        LogLocation::Kafka(brokers) => Arc::new(kafka(config, &brokers)?),
    })
}

/// The directory, for this process alone. A command that looks into it holds it for a moment, so that is waited for.
fn own(directory: &Path, config: &Config) -> Result<LocalLog> {
    let deadline = Instant::now() + OWNER_PATIENCE;
    loop {
        match LocalLog::open(directory, local_settings(config)) {
            Err(LogError::Locked { .. }) if Instant::now() < deadline && local::connect(directory).is_err() => {
                std::thread::sleep(RETRY_PAUSE);
            }
            opened => return Ok(opened?),
        }
    }
}

/// The log, for a command that goes on reading while others write: never as the owner of a directory, which would
/// keep `copydesk up` out.
pub(crate) fn for_following(config: &Config) -> Result<Box<dyn Log>> {
    let LogLocation::Local(directory) = location(config)? else {
        return for_operator(config);
    };
    let mut is_told = false;
    loop {
        match local::connect(&directory) {
            Ok(log) => return Ok(Box::new(log)),
            Err(_) if !is_told => {
                eprintln!(
                    "nothing runs on {} yet; waiting for `copydesk up` there",
                    directory.display()
                );
                is_told = true;
            }
            Err(_) => std::thread::sleep(RETRY_PAUSE),
        }
    }
}

/// The log, for a command that looks at it or adds a record while another process may run the roles.
pub(crate) fn for_operator(config: &Config) -> Result<Box<dyn Log>> {
    Ok(match location(config)? {
        LogLocation::Local(directory) => local::open_or_connect(&directory, &local_settings(config))?,
        LogLocation::Kafka(brokers) => Box::new(kafka(config, &brokers)?),
    })
}

/// The same, but only for reading: a directory that does not exist is an error, not a new log.
pub(crate) fn for_reading(config: &Config) -> Result<Box<dyn Log>> {
    if let LogLocation::Local(directory) = location(config)?
        && !Path::new(&directory).is_dir()
    {
        bail!(
            "there is no log at {}; say where it is with --data-dir or --log",
            directory.display()
        );
    }
    for_operator(config)
}

fn location(config: &Config) -> Result<LogLocation> {
    config.location().map_err(anyhow::Error::msg)
}

fn local_settings(config: &Config) -> LocalSettings {
    LocalSettings {
        prefix: config.topics.prefix.clone(),
        plan: config.topic_plan(),
        max_bytes: config.local.max_bytes,
        clock: Arc::new(clock::now),
    }
}

fn kafka(config: &Config, bootstrap: &str) -> Result<KafkaLog> {
    let instance_id = match config.instance_id.as_str() {
        "" => random_id().context("can't make an instance id")?,
        id => id.to_owned(),
    };
    let settings = KafkaSettings {
        properties: config.kafka.properties.clone(),
        ..KafkaSettings::new(bootstrap, &config.topics.prefix, &instance_id)
    };
    Ok(KafkaLog::connect(settings)?)
}

/// A name that no other process has.
fn random_id() -> std::io::Result<String> {
    use std::io::Read as _;
    let mut bytes = [0_u8; 8];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
