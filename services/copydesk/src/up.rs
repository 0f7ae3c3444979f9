//! Running roles: one of them, or all in one process.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use kit::config::{Config, LogLocation};
use kit::host::Around;
use kit::host::ready::readiness;
use kit::log::Log;
use kit::stop::Stop;
use kit::supervise::Crew;
use kit::telemetry::{Metric, Telemetry, logging};
use kit::{admin, recall};
use schemas::record::Record as _;
use schemas::source::SourceChange;
use schemas::topic::{StageName, Topic};

use crate::cli::Common;
use crate::{callback, clock, open, roles};

/// Runs `stages` until a signal asks to stop.
pub(crate) fn run(common: &Common, stages: &[StageName]) -> Result<()> {
    let config = open::config(common)?;
    logging::start(config.telemetry.log_format, &config.telemetry.log_level)?;
    let log = open::for_roles(&config)?;
    if stages.len() > 1 {
        advise(&config, log.as_ref())?;
    }
    Running::start(&config, &log, stages)?.wait()
}

/// Says what an operator who starts everything wants to know first.
fn advise(config: &Config, log: &dyn Log) -> Result<()> {
    tracing::info!(
        log = log.describe(),
        admin = config.admin.listen,
        "starting; read with `copydesk tail articles`"
    );
    if count_sources(log)? == 0 {
        tracing::info!(
            "there are no sources yet: add one with `copydesk sources add URL`, or many with `copydesk sources import seeds/feeds.toml`"
        );
    }
    Ok(())
}

fn count_sources(log: &dyn Log) -> Result<usize> {
    let mut sources = std::collections::BTreeSet::new();
    recall::recall(
        log,
        Topic::Sources,
        0,
        &Stop::new(),
        |change: &SourceChange| match change {
            SourceChange::Set(source) => {
                sources.insert(source.id.clone());
            }
            SourceChange::Removed(id) => {
                sources.remove(id);
            }
        },
    )?;
    Ok(sources.len())
}

/// Roles that run in this process.
pub(crate) struct Running {
    crew: Crew,
    /// Pull it to stop.
    pub(crate) stop: Stop,
    /// What they count.
    pub(crate) telemetry: Telemetry,
    /// Where asynchronous things run.
    pub(crate) runtime: tokio::runtime::Runtime,
    grace: Duration,
}

impl Running {
    /// Starts `stages` on `log`, and the admin port. SIGTERM and SIGINT stop them, from before they are made: reading the
    /// models takes a moment.
    pub(crate) fn start(config: &Config, log: &Arc<dyn Log>, stages: &[StageName]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("can't start the runtime for network requests")?;
        let (telemetry, stop) = (Telemetry::new(), Stop::new());
        stop_on_signal(&runtime, &stop)?;
        telemetry.record(Metric::BuildInfo, &[env!("CARGO_PKG_VERSION")], 1.0);
        let (ready, latch) = readiness();
        serve_admin(config, &runtime, &telemetry, ready, &stop)?;
        if stages.contains(&StageName::Fetcher) {
            callback::serve(config, &runtime, log, &telemetry, &stop)?;
        }
        let grace = Duration::from_secs(config.stop_grace_seconds);
        let mut crew = Crew::new(stop.clone());
        // Every role is made before the first starts: a wrong option stops the program, not half of it.
        let runs = stages
            .iter()
            .map(|stage| Ok((*stage, roles::role(*stage, config, runtime.handle())?)));
        for (stage, run) in runs.collect::<Result<Vec<_>>>()? {
            let (log, telemetry, stop, latch) = (Arc::clone(log), telemetry.clone(), stop.clone(), latch.clone());
            let (prefix, limits) = (config.topics.prefix.clone(), config.limits());
            crew.start(stage.as_str(), move || {
                let (log, telemetry, stop) = (log.as_ref(), &telemetry, &stop);
                run(
                    Around {
                        log,
                        prefix: &prefix,
                        telemetry,
                        stop,
                        clock: clock::now,
                        limits,
                    },
                    latch,
                )
            })?;
        }
        Ok(Self {
            crew,
            stop,
            telemetry,
            runtime,
            grace,
        })
    }

    /// Waits until everything has ended.
    pub(crate) fn wait(self) -> Result<()> {
        let ended = self.crew.wait(self.grace);
        self.runtime.shutdown_timeout(Duration::from_secs(1));
        if ended.is_ok() {
            tracing::info!("stopped; everything that was begun is committed");
        }
        Ok(ended?)
    }
}

/// Pulls `stop` on SIGTERM and SIGINT.
fn stop_on_signal(runtime: &tokio::runtime::Runtime, stop: &Stop) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let _entered = runtime.enter();
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    let stop = stop.clone();
    runtime.spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: finishing what was begun");
        stop.pull();
    });
    Ok(())
}

fn serve_admin(
    config: &Config,
    runtime: &tokio::runtime::Runtime,
    telemetry: &Telemetry,
    ready: kit::host::ready::Readiness,
    stop: &Stop,
) -> Result<()> {
    if config.admin.listen.is_empty() {
        return Ok(());
    }
    let listener = runtime.block_on(admin::bind(&config.admin.listen))?;
    if let Some(address) = admin::address(&listener) {
        tracing::info!(%address, "health and metrics");
    }
    let (telemetry, stop) = (telemetry.clone(), stop.clone());
    let stopped = async move {
        let waited = tokio::task::spawn_blocking(move || while !stop.wait(Duration::from_secs(1)) {});
        // The task can only fail when the runtime ends, which is a stop too.
        let _ = waited.await;
    };
    runtime.spawn(async move {
        if let Err(error) = admin::serve(listener, telemetry, ready, stopped).await {
            tracing::error!(%error, "the admin port failed");
        }
    });
    Ok(())
}

/// True when the log is a directory of this machine.
pub(crate) fn is_local(config: &Config) -> bool {
    matches!(config.location(), Ok(LogLocation::Local(_)))
}

/// Records for adding or removing sources, appended and durable.
pub(crate) fn append_sources(log: &dyn Log, changes: &[SourceChange]) -> Result<()> {
    let records = changes
        .iter()
        .map(|change| Ok(kit::log::Produce::new(change.encode()?, 0)));
    Ok(log.append(records.collect::<Result<Vec<_>>>()?)?)
}
