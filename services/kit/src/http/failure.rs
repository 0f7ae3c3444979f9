//! What kind of failure an error of the HTTP library is.

use std::error::Error as StdError;
use std::io;

use fetcher::exchange::{Failure, FailureKind};

use super::address::{RefusedAddress, UnknownName};

/// Where in the exchange the error came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the whole head of the answer was there.
    Head,
    /// In its body.
    Body,
}

/// The failure that `error` means.
pub(super) fn failure(error: &reqwest::Error, phase: Phase) -> Failure {
    let causes = causes(error);
    let (kind, reason) = match told(&causes, phase) {
        Some(told) => told,
        None if error.is_timeout() => (FailureKind::Timeout, last(&causes)),
        None if error.is_connect() => (
            FailureKind::Connect,
            format!("no connection to the host: {}", last(&causes)),
        ),
        None if phase == Phase::Body => (FailureKind::Truncated, format!("within the body: {}", last(&causes))),
        None => (FailureKind::Truncated, format!("before the answer: {}", last(&causes))),
    };
    Failure {
        kind,
        detail: reason.chars().take(300).collect(),
    }
}

fn causes(error: &reqwest::Error) -> Vec<&(dyn StdError + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// The innermost reason; what lies around it only repeats that an exchange failed.
fn last(causes: &[&(dyn StdError + 'static)]) -> String {
    causes
        .last()
        .map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

/// What a cause of known type says.
fn told(causes: &[&(dyn StdError + 'static)], phase: Phase) -> Option<(FailureKind, String)> {
    causes.iter().find_map(|cause| {
        if cause.is::<RefusedAddress>() {
            return Some((FailureKind::RefusedAddress, cause.to_string()));
        }
        if cause.is::<UnknownName>() {
            return Some((FailureKind::Connect, cause.to_string()));
        }
        if cause.is::<native_tls::Error>() {
            return Some((FailureKind::Tls, last(causes)));
        }
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            return of_hyper(error).map(|kind| (kind, last(causes)));
        }
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            return of_http2(error, phase).map(|kind| (kind, last(causes)));
        }
        let error = cause.downcast_ref::<io::Error>()?;
        of_input(error).map(|kind| (kind, last(causes)))
    })
}

/// What the HTTP library could not read.
fn of_hyper(error: &hyper::Error) -> Option<FailureKind> {
    match error.is_parse() {
        // The test for this case belongs to the library's server half, which we don't build.
        true if error.to_string().contains("too large") => Some(FailureKind::TooLarge),
        true => Some(FailureKind::Decode),
        false => None,
    }
}

/// What we found wrong with HTTP/2 frames. A body with less than its length is the one thing that goes wrong in it.
fn of_http2(error: &h2::Error, phase: Phase) -> Option<FailureKind> {
    let is_ours = error.is_library() && phase == Phase::Head;
    is_ours.then(|| match error.reason() {
        Some(h2::Reason::ENHANCE_YOUR_CALM) => FailureKind::TooLarge,
        _ => FailureKind::Decode,
    })
}

/// What the framing of a body says: sizes of chunks that are none. Everything else is a connection that ended.
fn of_input(error: &io::Error) -> Option<FailureKind> {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Some(FailureKind::Decode),
        _ => None,
    }
}
