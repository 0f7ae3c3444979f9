//! A redirect that leads back to itself.

use axum::body::Body;
use axum::http::{Response, StatusCode};

pub(crate) const PATH: &str = "/misbehaviour/loop.xml";

/// 302 to the same path.
pub(crate) fn answer() -> Response<Body> {
    crate::validator::redirect(StatusCode::FOUND, PATH)
}
