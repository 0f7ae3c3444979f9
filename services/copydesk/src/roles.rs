//! The table of stages: which crate decides, what it reads, how it is made. A new stage is a crate and a row here.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use cleaner::stage::Cleaner;
use deduper::deduper::Deduper;
use fetcher::settings::Settings;
use fetcher::ssrf::{Network, Policy};
use kit::config::{Config, SubjectTopics};
use kit::fetch::{CredentialSettings, FetchRole};
use kit::host::{self, Around, HostError, Latch, Role};
use kit::http::{Client, ClientSettings};
use publisher::Publisher;
use schemas::canonical::rules::Rules;
use schemas::topic::{SUBJECTS, StageName, Topic};
use stage::Stage;

use crate::{callback, clock, models};

/// A role that is ready to run on a thread of its own.
pub(crate) type Run = Box<dyn FnOnce(Around<'_>, Latch) -> Result<(), HostError> + Send>;

/// The role of `stage`, with everything that its configuration needs read and checked.
pub(crate) fn role(stage: StageName, config: &Config, runtime: &tokio::runtime::Handle) -> Result<Run> {
    Ok(match stage {
        StageName::Fetcher => fetcher(config, runtime)?,
        StageName::Cleaner => {
            let cleaner = cleaner(config)?;
            hosted(stage, vec![Topic::Fetched], true, move || cleaner.clone())
        }
        StageName::Deduper => {
            let settings = deduper_settings(config);
            hosted(stage, vec![Topic::Cleaned], true, move || Deduper::new(settings))
        }
        StageName::Classifier => {
            let classifier = models::configured(config)?;
            hosted(stage, vec![Topic::Deduplicated], false, move || classifier.clone())
        }
        StageName::Publisher => {
            let settings = publisher_settings(config);
            let inputs = vec![Topic::Classified, Topic::Commands];
            hosted(stage, inputs, true, move || Publisher::new(settings.clone()))
        }
    })
}

fn hosted<S: Stage + 'static>(
    name: StageName,
    inputs: Vec<Topic>,
    is_stateful: bool,
    make: impl Fn() -> S + Send + 'static,
) -> Run {
    let role = Role {
        name,
        inputs,
        is_stateful,
        make: Box::new(make),
    };
    Box::new(move |around, ready| host::run(&role, around, ready))
}

fn fetcher(config: &Config, runtime: &tokio::runtime::Handle) -> Result<Run> {
    let role = FetchRole {
        settings: fetcher_settings(config),
        client: client(config)?,
        credentials: CredentialSettings {
            directory: config.fetcher.credentials_directory.clone(),
            policy: policy(config)?,
        },
        runtime: runtime.clone(),
        max_requests: config.fetcher.max_requests,
        files: kit::files::FileSettings {
            roots: config.fetcher.file_roots.clone(),
            lag_max_records: config.fetcher.backfill_lag_max_records,
        },
    };
    Ok(Box::new(move |around, ready| kit::fetch::run(&role, around, ready)))
}

/// Settings of the fetcher's machine.
pub(crate) fn fetcher_settings(config: &Config) -> Settings {
    let options = &config.fetcher;
    Settings {
        product_token: options.user_agent_name.clone(),
        poll_interval_min_seconds: options.poll_interval_min_seconds,
        poll_interval_max_seconds: options.poll_interval_max_seconds,
        host_delay_ms: options.host_delay_ms,
        host_requests_per_hour_max: options.host_requests_per_hour_max,
        first_poll_entries: options.first_poll_entries,
        refetch_min_seconds: options.refetch_min_seconds,
        seen_entries_max: options.seen_entries_max,
        retry_min_seconds: options.retry_min_seconds,
        ask_tdmrep: options.ask_tdmrep,
        websub: callback::settings(config),
        ..Settings::default()
    }
}

/// The cleaner as configured.
pub(crate) fn cleaner(config: &Config) -> Result<Cleaner> {
    Ok(Cleaner::new(cleaner::stage::Settings {
        product_token: config.fetcher.user_agent_name.clone(),
        url_rules: url_rules(config)?,
        page_rules: Arc::new(page_rules(config)?),
    }))
}

/// The operator's rules for canonical URLs.
pub(crate) fn url_rules(config: &Config) -> Result<Rules> {
    match config.urls.rules_file.as_str() {
        "" => Ok(Rules::default()),
        path => {
            let text = std::fs::read_to_string(path).with_context(|| format!("can't read urls.rules_file {path}"))?;
            Rules::parse(&text).with_context(|| format!("urls.rules_file {path} can't be used"))
        }
    }
}

/// The operator's rules for pages. Rules that are over are told, because their sites are read without them.
pub(crate) fn page_rules(config: &Config) -> Result<cleaner::rules::Rules> {
    let rules = match config.cleaner.rules_file.as_str() {
        "" => cleaner::rules::Rules::default(),
        path => page_rules_of(Path::new(path)).context("cleaner.rules_file")?,
    };
    for rule in rules.expired(clock::now()) {
        tracing::warn!(
            rule = rule.number,
            host = rule.host,
            note = rule.note,
            "a rule of cleaner.rules_file is over and left out"
        );
    }
    Ok(rules)
}

/// The rules for pages in a file.
pub(crate) fn page_rules_of(path: &Path) -> Result<cleaner::rules::Rules> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    cleaner::rules::Rules::parse(&text).with_context(|| format!("{} can't be used", path.display()))
}

/// Settings of the deduper.
pub(crate) fn deduper_settings(config: &Config) -> deduper::deduper::Config {
    let window_ms = i64::from(config.deduper.window_hours) * 60 * 60 * 1000;
    deduper::deduper::Config {
        window_ms,
        ..Default::default()
    }
}

/// Settings of the publisher.
pub(crate) fn publisher_settings(config: &Config) -> publisher::Settings {
    let subjects = match &config.publisher.subject_topics {
        SubjectTopics::All => SUBJECTS.iter().map(|subject| subject.id.to_owned()).collect(),
        SubjectTopics::Only(ids) => ids.clone(),
    };
    publisher::Settings {
        subjects,
        subject_score_min: config.publisher.subject_score_min,
        program: format!("copydesk/{}", env!("CARGO_PKG_VERSION")),
    }
}

/// Which addresses may be connected to.
fn policy(config: &Config) -> Result<Policy> {
    let networks = config.fetcher.allow_networks.iter();
    let networks = networks.map(|network| network.parse::<Network>());
    Ok(Policy::new(
        networks.collect::<Result<_, _>>().context("fetcher.allow_networks")?,
    ))
}

/// The HTTP client as configured.
pub(crate) fn client(config: &Config) -> Result<Client> {
    let options = &config.fetcher;
    let read = |path: &std::path::PathBuf| {
        std::fs::read(path).with_context(|| format!("can't read {} of fetcher.ca_files", path.display()))
    };
    let contact = match options.user_agent_contact.as_str() {
        "" => String::new(),
        contact => format!(" (+{contact})"),
    };
    Ok(Client::new(ClientSettings {
        user_agent: format!("{}/{}{contact}", options.user_agent_name, env!("CARGO_PKG_VERSION")),
        timeout: Duration::from_secs(options.request_timeout_seconds),
        policy: policy(config)?,
        proxy: options.proxy.clone(),
        authorities: options.ca_files.iter().map(read).collect::<Result<_>>()?,
    })?)
}
