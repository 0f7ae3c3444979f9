//! The callback of WebSub hubs, in processes that fetch.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use fetcher::websub::Settings;
use fetcher::websub::keys::Keys;
use kit::config::Config;
use kit::log::Log;
use kit::stop::Stop;
use kit::telemetry::Telemetry;
use kit::websub;

use crate::clock;

/// How to subscribe at hubs; `None` when it is switched off.
pub(crate) fn settings(config: &Config) -> Option<Settings> {
    let options = &config.fetcher;
    let (callback_url, _) = options.websub_address().filter(|_| options.has_websub())?;
    Some(Settings {
        callback_url,
        keys: Keys::new(&options.websub_secret),
        lease_seconds: options.websub_lease_seconds,
        poll_factor: options.websub_poll_factor,
    })
}

/// Listens for hubs on `runtime` until `stop` is pulled, unless it is switched off.
pub(crate) fn serve(
    config: &Config,
    runtime: &tokio::runtime::Runtime,
    log: &Arc<dyn Log>,
    telemetry: &Telemetry,
    stop: &Stop,
) -> Result<()> {
    let Some(settings) = settings(config) else {
        return Ok(());
    };
    let (_, base_path) = config
        .fetcher
        .websub_address()
        .context("fetcher.websub_callback_url is no web address")?;
    let listener = runtime.block_on(websub::bind(&config.fetcher.websub_listen))?;
    tracing::info!(
        listen = config.fetcher.websub_listen,
        public = settings.callback_url,
        "listening for WebSub hubs"
    );
    let callback = websub::Settings {
        keys: settings.keys,
        base_path,
        log: Arc::clone(log),
        telemetry: telemetry.clone(),
        clock: clock::now,
    };
    let stop = stop.clone();
    let stopped = async move {
        let waited = tokio::task::spawn_blocking(move || while !stop.wait(Duration::from_secs(1)) {});
        // The task can only fail when the runtime ends, which is a stop too.
        let _ = waited.await;
    };
    runtime.spawn(async move {
        if let Err(error) = websub::serve(listener, callback, stopped).await {
            tracing::error!(%error, "the callback of WebSub hubs failed; feeds are polled");
        }
    });
    Ok(())
}
