//! The body of an answer, read and inflated within bounds.

use fetcher::exchange::{Failure, FailureKind, Request};
use hyper::body::Bytes;

use super::coding::{self, Broken, Decoder};
use super::failure::{Phase, failure};

/// The most that is read of an answer that is not a success: its status says everything.
const OTHER_BYTES_MAX: usize = 64 * 1024;

/// How much of a body is wanted.
struct Limits {
    /// Bytes after inflation.
    body_max: usize,
    /// A larger body is cut there, and not refused.
    may_be_cut: bool,
}

/// The inflated body of `answer`. That of an answer other than 2xx is what could be read of it: a redirect whose body
/// is cut or badly compressed is still a redirect.
///
/// # Errors
/// When it is too large, cut short or can't be inflated.
pub(super) async fn read(answer: reqwest::Response, codings: &[&str], request: &Request) -> Result<Vec<u8>, Failure> {
    let is_success = answer.status().is_success();
    let limits = Limits {
        body_max: match is_success {
            true => request.max_body_bytes,
            false => request.max_body_bytes.min(OTHER_BYTES_MAX),
        },
        // A robots.txt may be cut (RFC 9309, section 2.5), an article, a feed or a sitemap may not.
        may_be_cut: !is_success || request.purpose.may_be_cut(),
    };
    let mut body = Vec::new();
    match read_within(answer, codings, &limits, &mut body).await {
        Err(failure) if is_success => Err(failure),
        _ => Ok(body),
    }
}

async fn read_within(
    mut answer: reqwest::Response,
    codings: &[&str],
    limits: &Limits,
    body: &mut Vec<u8>,
) -> Result<(), Failure> {
    let announced = answer.content_length();
    // Without a body it does not matter what is declared of it.
    let Some(mut chunk) = next_chunk(&mut answer).await? else {
        return Ok(());
    };
    let too_large = || of_broken(Broken::TooLarge, limits);
    let codings = coding::declared(codings.iter().copied()).map_err(|broken| of_broken(broken, limits))?;
    let mut room = match codings.as_slice() {
        [] => limits.body_max,
        _ => coding::coded_max(limits.body_max),
    };
    let fits = |announced: u64| usize::try_from(announced).is_ok_and(|announced| announced <= room);
    if !limits.may_be_cut && !announced.is_none_or(fits) {
        return Err(too_large());
    }
    let mut decoder = Decoder::new(&codings, limits.body_max);
    let outcome = loop {
        let pushed = decoder.push(&chunk);
        if let Err(broken) = pushed {
            break Err(of_broken(broken, limits));
        }
        let Some(left) = room.checked_sub(chunk.len()) else {
            break Err(too_large());
        };
        room = left;
        chunk = match next_chunk(&mut answer).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break decoder.finish().map_err(|broken| of_broken(broken, limits)),
            Err(failure) => break Err(failure),
        };
    };
    *body = decoder.into_body();
    match outcome {
        Err(failure) if limits.may_be_cut && failure.kind == FailureKind::TooLarge => Ok(()),
        outcome => outcome,
    }
}

async fn next_chunk(answer: &mut reqwest::Response) -> Result<Option<Bytes>, Failure> {
    answer.chunk().await.map_err(|error| failure(&error, Phase::Body))
}

fn of_broken(broken: Broken, limits: &Limits) -> Failure {
    let (kind, detail) = match broken {
        Broken::TooLarge => (
            FailureKind::TooLarge,
            format!("the body is larger than {} bytes", limits.body_max),
        ),
        Broken::Truncated => (
            FailureKind::Truncated,
            "the compressed body ends in the middle".to_owned(),
        ),
        Broken::Corrupt(reason) => (FailureKind::Decode, reason),
    };
    Failure { kind, detail }
}
