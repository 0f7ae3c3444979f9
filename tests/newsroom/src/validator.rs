//! Conditional requests (RFC 9110, section 13) and the bytes that go out.

use std::io::Write;

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::calendar::Moment;
use crate::site::{Charset, Site, Validators};

/// A document before headers.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) content_type: &'static str,
    /// Seconds since 1970.
    pub(crate) modified_at: i64,
    /// Whether it goes out in the site's legacy charset.
    pub(crate) in_site_charset: bool,
}

/// The answer to a request for `document`: 200, or 304 when the client has it already.
pub(crate) fn answer(site: &Site, request: &HeaderMap, document: &Document) -> Response<Body> {
    let (bytes, _, _) = match site.charset {
        Charset::Windows1252 if document.in_site_charset => encoding_rs::WINDOWS_1252.encode(&document.text),
        Charset::Windows1252 | Charset::Utf8 => encoding_rs::UTF_8.encode(&document.text),
    };
    let tag = format!("\"{:016x}\"", digest(&bytes));
    let date = Moment::new(document.modified_at, 0).http();
    let mut response = Response::builder();
    if matches!(site.validators, Validators::Both | Validators::TagOnly) {
        response = response.header(header::ETAG, &tag);
    }
    if matches!(site.validators, Validators::Both | Validators::DateOnly) {
        response = response.header(header::LAST_MODIFIED, &date);
    }
    if is_known(site, request, &tag, &date) {
        return finish(response.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    let response = response.header(header::CONTENT_TYPE, document.content_type);
    if site.gzip && accepts_gzip(request) {
        let response = response
            .header(header::CONTENT_ENCODING, "gzip")
            .header(header::VARY, "Accept-Encoding");
        return finish(response, Body::from(gzip(&bytes)));
    }
    finish(response, Body::from(bytes.into_owned()))
}

/// An answer without validators.
pub(crate) fn plain(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    finish(
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, content_type),
        Body::from(text),
    )
}

/// An answer that sends the client elsewhere.
pub(crate) fn redirect(status: StatusCode, to: &str) -> Response<Body> {
    finish(
        Response::builder().status(status).header(header::LOCATION, to),
        Body::empty(),
    )
}

fn finish(response: axum::http::response::Builder, body: Body) -> Response<Body> {
    response.body(body).unwrap_or_else(|_| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// `If-None-Match` counts alone when it is there. Dates are compared as written: clients send back what they got.
fn is_known(site: &Site, request: &HeaderMap, tag: &str, date: &str) -> bool {
    let value = |name| request.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = value(header::IF_NONE_MATCH) {
        let tags_sent = matches!(site.validators, Validators::Both | Validators::TagOnly);
        return tags_sent
            && tags
                .split(',')
                .any(|given| given.trim().trim_start_matches("W/") == tag);
    }
    let dates_sent = matches!(site.validators, Validators::Both | Validators::DateOnly);
    dates_sent && value(header::IF_MODIFIED_SINCE) == Some(date)
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted
        .split(',')
        .any(|coding| coding.trim().starts_with("gzip") && !coding.replace(' ', "").contains("q=0"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    encoder.write_all(bytes).ok();
    encoder.finish().unwrap_or_default()
}

fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
