//! The admin port: health and metrics, loopback unless the operator says otherwise.

use std::net::SocketAddr;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::host::ready::Readiness;
use crate::telemetry::Telemetry;

/// The port can't be had.
#[derive(Debug, thiserror::Error)]
#[error(
    "can't listen on {listen} for health and metrics: {source}; set admin.listen to a free address, or to \"\" for none"
)]
pub struct ListenError {
    listen: String,
    source: std::io::Error,
}

/// Takes the address `listen`.
///
/// # Errors
/// When it is no address, or in use.
pub async fn bind(listen: &str) -> Result<TcpListener, ListenError> {
    TcpListener::bind(listen).await.map_err(|source| ListenError {
        listen: listen.to_owned(),
        source,
    })
}

/// Serves `/health/live`, `/health/ready` and `/metrics` until `stop` resolves.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    telemetry: Telemetry,
    readiness: Readiness,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let ready = move || async move {
        match readiness.is_ready() {
            true => (StatusCode::OK, "ready\n"),
            false => (
                StatusCode::SERVICE_UNAVAILABLE,
                "not ready: recalling, or waiting for the log\n",
            ),
        }
    };
    let metrics = move || async move {
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], telemetry.exposition()).into_response()
    };
    let router = Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics));
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// The address that a listener got, for people and tests that asked for port 0.
#[must_use]
pub fn address(listener: &TcpListener) -> Option<SocketAddr> {
    listener.local_addr().ok()
}
