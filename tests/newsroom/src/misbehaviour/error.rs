//! An origin whose database is down.

use axum::body::Body;
use axum::http::{Response, StatusCode};

pub(crate) const PATH: &str = "/misbehaviour/error.xml";

/// 500, with a page meant for people.
pub(crate) fn answer() -> Response<Body> {
    let text = "<html><body><h1>Error establishing a database connection</h1></body></html>\n".to_owned();
    crate::validator::plain(StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8", text)
}
