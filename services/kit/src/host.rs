//! The loop around a stage: poll, decide, commit; all or nothing, and from what is committed after any failure.
//!
//! One synchronous loop on a thread of its own. Work may be thrown away at any line before
//! [`crate::log::Worker::commit`] returns; after it, the work is done for ever. There is no third state, so there is
//! nothing to repair: an error drops the worker and every stage value, and the loop begins again with recall.

use std::time::Duration;

use schemas::time::Timestamp;
use schemas::topic::{StageName, Topic};
use stage::Stage;

use crate::log::{Log, LogError};
use crate::recall::RecallError;
use crate::stop::Stop;
use crate::telemetry::{Metric, Telemetry};

pub mod batch;
pub mod dead;
pub mod measure;
pub mod ready;
pub mod session;

pub use ready::Latch;

/// Which stage runs, on which topics.
pub struct Role<S> {
    /// Its name.
    pub name: StageName,
    /// What it reads. All with the same number of partitions.
    pub inputs: Vec<Topic>,
    /// True when it has a memory topic.
    pub is_stateful: bool,
    /// Makes a stage value without any memory.
    pub make: Box<dyn Fn() -> S + Send>,
}

/// How much a host takes at once, and when it gives up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Records of one commit.
    pub batch_records: usize,
    /// Bytes of input of one commit, about.
    pub batch_bytes: usize,
    /// The share of recent inputs that may go to the dead letters before the role stops, 0 to 1.
    pub reject_share: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_records: 500,
            batch_bytes: 16 * 1024 * 1024,
            reject_share: 0.5,
        }
    }
}

/// The world around a host.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The log.
    pub log: &'a dyn Log,
    /// The prefix of topic and group names.
    pub prefix: &'a str,
    /// Where it counts.
    pub telemetry: &'a Telemetry,
    /// When to stop.
    pub stop: &'a Stop,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// How much at once.
    pub limits: Limits,
}

/// Why a host ended for good.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The log failed in a way that starting over can't mend.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The stage's memory can't be read.
    #[error(transparent)]
    Recall(RecallError),
    /// Too much of the input is poison; more likely the stage is wrong than the world.
    #[error(
        "{rejected} of the last {recent} inputs of the {stage} were rejected, the last one as {reason}: stopping before a bad \
         release drains the topic into the dead letters; look at `copydesk tail {dead_topic}`, or raise host.reject_share"
    )]
    TooManyRejects {
        /// The stage.
        stage: StageName,
        /// Rejected inputs.
        rejected: usize,
        /// Inputs looked at.
        recent: usize,
        /// The last reason.
        reason: &'static str,
        /// The full name of the dead-letter topic.
        dead_topic: String,
    },
}

impl From<RecallError> for HostError {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::Log(error) => Self::Log(error),
            other => Self::Recall(other),
        }
    }
}

/// The consumer group of a role.
#[must_use]
pub fn group(prefix: &str, stage: StageName) -> String {
    format!("{prefix}-{stage}")
}

/// Runs the role until somebody pulls the stop latch. `ready` is released once the first assignment is recalled.
///
/// # Errors
/// When starting over can't help.
pub fn run<S: Stage>(role: &Role<S>, around: Around<'_>, ready: Latch) -> Result<(), HostError> {
    let mut ready = Some(ready);
    start_over(role.name, around, || session::run(role, around, &mut ready))
}

/// Calls `session` again after every failure that starting over may mend, with a growing pause, until it ends well.
///
/// # Errors
/// The first failure that starting over can't mend.
pub fn start_over(
    stage: StageName,
    around: Around<'_>,
    mut session: impl FnMut() -> Result<(), HostError>,
) -> Result<(), HostError> {
    let mut pause = Duration::from_millis(100);
    loop {
        let started_at = (around.clock)();
        let error = match session() {
            Ok(()) | Err(HostError::Recall(RecallError::Stopped)) => return Ok(()),
            Err(HostError::Log(error)) if error.is_transient() => error,
            Err(error) => return Err(error),
        };
        if around.stop.is_pulled() {
            return Ok(());
        }
        around.telemetry.count(Metric::Restarts, &[stage.as_str()], 1);
        tracing::warn!(stage = stage.as_str(), error = %error, pause_ms = pause.as_millis(), "starting over from what is committed");
        if around.stop.wait(pause) {
            return Ok(());
        }
        // A session that lived for a while was healthy: the next failure is a new one.
        let was_healthy = 60_000 < (around.clock)().millis_since(started_at);
        pause = if was_healthy {
            Duration::from_millis(100)
        } else {
            (pause * 2).min(Duration::from_secs(10))
        };
    }
}
