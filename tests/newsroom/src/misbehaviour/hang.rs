//! An origin that takes the request and says nothing.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use tokio::sync::watch;

pub(crate) const PATH: &str = "/misbehaviour/hang.xml";

/// Waits until the newsroom stops.
pub(crate) async fn answer(mut stopped: watch::Receiver<bool>) -> Response<Body> {
    // An error means that the newsroom was dropped, which stops it too.
    stopped.wait_for(|stopped| *stopped).await.ok();
    crate::validator::plain(StatusCode::SERVICE_UNAVAILABLE, "text/plain", String::new())
}
