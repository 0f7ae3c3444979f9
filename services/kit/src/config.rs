//! Configuration: the commented defaults compiled in < the operator's file < the environment < flags.
//!
//! Strict: an unknown option is an error that names the nearest known one. The default file holds every option, so it
//! is the documentation, and it can't go stale.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::Value;

use crate::log::plan::TopicPlan;
use crate::telemetry::logging::LogFormat;

mod classifier;
pub mod layers;
pub mod location;
mod websub;

pub use classifier::{Classifier, RulesUse};
pub use location::LogLocation;

/// The defaults as the program carries them.
pub const DEFAULT: &str = include_str!("config/default.toml");

/// Everything an operator can set. The meaning of each option stands in [`DEFAULT`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "default.toml documents every option, and a test holds both together"
)]
pub struct Config {
    pub log: String,
    pub instance_id: String,
    pub stop_grace_seconds: u64,
    pub topics: Topics,
    pub local: Local,
    pub kafka: Kafka,
    pub host: Host,
    pub fetcher: Fetcher,
    pub urls: Urls,
    pub cleaner: Cleaner,
    pub deduper: Deduper,
    pub classifier: Classifier,
    pub publisher: Publisher,
    pub admin: Admin,
    pub telemetry: Telemetry,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Topics {
    pub prefix: String,
    pub host_partitions: u32,
    pub script_partitions: u32,
    pub key_partitions: u32,
    pub replication: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Local {
    pub max_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Kafka {
    pub properties: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Host {
    pub batch_records: usize,
    pub batch_bytes: usize,
    pub reject_share: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Fetcher {
    pub allow_networks: Vec<String>,
    pub poll_interval_min_seconds: u32,
    pub poll_interval_max_seconds: u32,
    pub host_delay_ms: u32,
    pub host_requests_per_hour_max: u32,
    pub first_poll_entries: usize,
    pub refetch_min_seconds: u32,
    pub seen_entries_max: usize,
    pub retry_min_seconds: u32,
    pub max_requests: usize,
    pub request_timeout_seconds: u64,
    pub user_agent_name: String,
    pub user_agent_contact: String,
    pub proxy: String,
    pub ca_files: Vec<PathBuf>,
    pub credentials_directory: PathBuf,
    pub file_roots: Vec<PathBuf>,
    pub backfill_lag_max_records: usize,
    pub ask_tdmrep: bool,
    pub websub_callback_url: String,
    pub websub_listen: String,
    pub websub_secret: String,
    pub websub_lease_seconds: u32,
    pub websub_poll_factor: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Urls {
    pub rules_file: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Cleaner {
    pub rules_file: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Deduper {
    pub window_hours: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Publisher {
    pub subject_topics: SubjectTopics,
    pub subject_score_min: f64,
}

/// Which subjects get topics of their own: the word `all`, or Media Topics ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum SubjectTopics {
    /// All 17.
    All,
    /// Those of these ids.
    Only(Vec<String>),
}

impl TryFrom<Value> for SubjectTopics {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::String(word) if word == "all" => Ok(Self::All),
            Value::Array(ids) => ids
                .into_iter()
                .map(|id| match id {
                    Value::String(id) if schemas::topic::Subject::of_id(&id).is_some() => Ok(id),
                    other => Err(format!(
                        "{other} is no top-level Media Topics id such as \"medtop:11000000\""
                    )),
                })
                .collect::<Result<_, _>>()
                .map(Self::Only),
            other => Err(format!("{other} is neither \"all\" nor a list of Media Topics ids")),
        }
    }
}

impl From<SubjectTopics> for Value {
    fn from(topics: SubjectTopics) -> Self {
        match topics {
            SubjectTopics::All => Self::String("all".to_owned()),
            SubjectTopics::Only(ids) => Self::Array(ids.into_iter().map(Self::String).collect()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Admin {
    pub listen: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "see default.toml")]
pub struct Telemetry {
    pub log_format: LogFormat,
    pub log_level: String,
}

/// Why the configuration can't be used. The text names file, line and option.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("can't read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{}: {detail}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser says, with line and column.
        detail: String,
    },
    /// An option that does not exist.
    #[error("{place}: unknown option {name:?}{}", nearest.as_ref().map_or(String::new(), |near| format!("; did you mean {near:?}?")))]
    Unknown {
        /// File and line, or the environment variable, or the flag.
        place: String,
        /// The option's path.
        name: String,
        /// The nearest option that exists.
        nearest: Option<String>,
    },
    /// A value that the option can't take.
    #[error("{place}: option {name}: {detail}")]
    Value {
        /// File and line, or the environment variable, or the flag; empty when it is not known which.
        place: String,
        /// The option's path, as far as it is known.
        name: String,
        /// What is wrong.
        detail: String,
    },
}

impl Config {
    /// The effective configuration from the defaults, a file, the environment and flags (pairs of option and text).
    ///
    /// # Errors
    /// When a layer can't be read, names an unknown option or gives an option a value that it can't take.
    pub fn load(
        file: Option<&Path>,
        environment: &dyn layers::Environment,
        flags: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let mut values = layers::defaults();
        if let Some(path) = file {
            layers::lay_file(&mut values, path)?;
        }
        layers::lay_environment(&mut values, environment)?;
        for (name, text) in flags {
            layers::set_text(&mut values, name, text, "command line")?;
        }
        let config: Self = values.try_into().map_err(|error: toml::de::Error| ConfigError::Value {
            place: "configuration".to_owned(),
            name: String::new(),
            detail: error.message().to_owned(),
        })?;
        config.check()?;
        Ok(config)
    }

    /// What the types can't say.
    fn check(&self) -> Result<(), ConfigError> {
        let refuse = |name: &str, detail: String| {
            Err(ConfigError::Value {
                place: "configuration".to_owned(),
                name: name.to_owned(),
                detail,
            })
        };
        if let Err(detail) = self.location() {
            return refuse("log", detail);
        }
        let is_name = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if self.topics.prefix.is_empty() || !is_name(&self.topics.prefix) || 64 < self.topics.prefix.len() {
            return refuse(
                "topics.prefix",
                "must be 1 to 64 letters, digits, dots, dashes or underscores".to_owned(),
            );
        }
        if !is_name(&self.instance_id) {
            return refuse(
                "instance_id",
                "may hold letters, digits, dots, dashes and underscores only".to_owned(),
            );
        }
        let counts = [
            ("topics.host_partitions", self.topics.host_partitions),
            ("topics.script_partitions", self.topics.script_partitions),
            ("topics.key_partitions", self.topics.key_partitions),
        ];
        if let Some((name, count)) = counts.into_iter().find(|(_, count)| !(1..=1000).contains(count)) {
            return refuse(name, format!("{count} is not between 1 and 1000"));
        }
        if !(0.0..=1.0).contains(&self.host.reject_share) {
            return refuse(
                "host.reject_share",
                format!("{} is not between 0 and 1", self.host.reject_share),
            );
        }
        if self.host.batch_records == 0 || self.host.batch_bytes == 0 || self.fetcher.max_requests == 0 {
            return refuse(
                "host.batch_records, host.batch_bytes, fetcher.max_requests",
                "must not be 0".to_owned(),
            );
        }
        if self.fetcher.poll_interval_max_seconds < self.fetcher.poll_interval_min_seconds {
            return refuse(
                "fetcher.poll_interval_max_seconds",
                "is below fetcher.poll_interval_min_seconds".to_owned(),
            );
        }
        if let Err((name, detail)) = self.fetcher.check_websub().and_then(|()| self.classifier.check()) {
            return refuse(name, detail);
        }
        Ok(())
    }

    /// Where the log is.
    ///
    /// # Errors
    /// When the text is neither `local:DIR` nor `kafka:HOST:PORT`.
    pub fn location(&self) -> Result<LogLocation, String> {
        self.log.parse()
    }

    /// Which topics the installation needs.
    #[must_use]
    pub fn topic_plan(&self) -> TopicPlan {
        let Topics {
            host_partitions,
            script_partitions,
            key_partitions,
            replication,
            ..
        } = self.topics;
        TopicPlan {
            hosts: host_partitions,
            scripts: script_partitions,
            keys: key_partitions,
            replication,
        }
    }

    /// What each host takes at once.
    #[must_use]
    pub fn limits(&self) -> crate::host::Limits {
        let Host {
            batch_records,
            batch_bytes,
            reject_share,
        } = self.host;
        crate::host::Limits {
            batch_records,
            batch_bytes,
            reject_share,
        }
    }

    /// The effective values as TOML, to be shown: a secret that is set is not among them.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut shown = self.clone();
        if !shown.fetcher.websub_secret.is_empty() {
            shown.fetcher.websub_secret = "(set)".to_owned();
        }
        toml::to_string_pretty(&shown).unwrap_or_default()
    }
}
