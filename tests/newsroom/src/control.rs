//! The truth table, the misbehaving sites and the access log over HTTP, for tests of a newsroom that runs in a container.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde::Serialize;

use crate::press::Press;
use crate::validator::plain;

pub(crate) const TRUTH_PATH: &str = "/-/truth.json";
pub(crate) const ACCESS_PATH: &str = "/-/access.json";
pub(crate) const HOSTILE_PATH: &str = "/-/hostile.json";

/// The truth table as it stands.
pub(crate) fn truth(press: &Press) -> Response<Body> {
    json(&press.truth())
}

/// All requests so far, this one included.
pub(crate) fn access(press: &Press) -> Response<Body> {
    json(&press.access.hits())
}

/// The misbehaving sites and what should come of each.
pub(crate) fn hostile(press: &Press) -> Response<Body> {
    json(&press.hostile())
}

fn json(value: &impl Serialize) -> Response<Body> {
    match serde_json::to_string(value) {
        Ok(text) => plain(StatusCode::OK, "application/json", text),
        Err(error) => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", error.to_string()),
    }
}
