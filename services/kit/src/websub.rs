//! The public callback of WebSub hubs: answers their questions and takes what they push.
//!
//! Any instance may be asked about any subscription. Whether a request is about one of ours is told by its path alone
//! ([`fetcher::websub::keys`]), whether we still want it by the list of sources, which every instance reads. What is
//! learnt goes to the instance that owns the feed, over the frontier, and is durable before the hub hears that we have
//! it: a hub that got no answer sends again.
//!
//! It is the one port that strangers reach. Connections, time and bytes are bounded before anything is read
//! ([`bounded`]); who does not know a path learns nothing but that there is none; the log is touched only for paths
//! that we made, and what comes to each of these has its pace ([`pace`]).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fetcher::websub::intent::{self, Intent};
use fetcher::websub::keys::{Callback, Keys};
use fetcher::websub::signature;
use schemas::time::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::log::Log;
use crate::telemetry::{Metric, Telemetry};

mod bounded;
mod inbox;
mod pace;
mod wanted;

use inbox::{Inbox, InboxError};
use pace::Pace;

/// The largest content that is taken, in bytes.
const BODY_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Contents that are read or written to the log at once.
const PUSHES_MAX: usize = 16;
/// How long the body of one push may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The address can't be had.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {listen} for WebSub hubs; set fetcher.websub_listen to a free address")]
pub struct ListenError {
    listen: String,
    #[source]
    source: std::io::Error,
}

/// What the callback needs.
pub struct Settings {
    /// Opens paths and knows secrets.
    pub keys: Keys,
    /// The path of the public address, without a slash at its end: what stands before [`Keys::path`].
    pub base_path: String,
    /// Where what is learnt goes.
    pub log: Arc<dyn Log>,
    /// Where it counts.
    pub telemetry: Telemetry,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

struct Shared {
    keys: Keys,
    base_path: String,
    inbox: Arc<Inbox>,
    telemetry: Telemetry,
    clock: fn() -> Timestamp,
    pushes: Semaphore,
    pace: Pace,
}

/// How a push ended, for the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Accepted,
    BadSignature,
    Unknown,
    TooLarge,
    TooMany,
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::BadSignature => "bad_signature",
            Self::Unknown => "unknown",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Failed => "failed",
        }
    }
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

/// Answers hubs until `stop` resolves.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let shared = Arc::new(Shared {
        keys: settings.keys,
        base_path: settings.base_path,
        inbox: Arc::new(Inbox::new(settings.log)),
        telemetry: settings.telemetry,
        clock: settings.clock,
        pushes: Semaphore::new(PUSHES_MAX),
        pace: Pace::default(),
    });
    let router = Router::new().fallback(answer).with_state(shared);
    axum::serve(bounded::Bounded::new(listener), router)
        .with_graceful_shutdown(stop)
        .await
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix(shared.base_path.as_str());
    let Some(callback) = path.and_then(|path| shared.keys.open(path)) else {
        if *request.method() == Method::POST {
            shared.count(Outcome::Unknown);
        }
        return StatusCode::NOT_FOUND.into_response();
    };
    match *request.method() {
        Method::GET => shared.asked(callback, request.uri().query().unwrap_or_default()).await,
        Method::POST => {
            let (outcome, response) = shared.pushed(callback, request).await;
            shared.count(outcome);
            response
        }
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response(),
    }
}

impl Shared {
    fn count(&self, outcome: Outcome) {
        self.telemetry.count(Metric::WebsubPushes, &[outcome.as_str()], 1);
    }

    /// A hub asks whether we mean it, or refuses.
    ///
    /// The mode must be what we want: a subscription while the source is in the list, an end when it is not. The topic
    /// must be that of the path, so nothing is confirmed that this installation did not ask for.
    async fn asked(self: &Arc<Self>, callback: Callback, query: &str) -> Response {
        let Some(intent) = intent::read(query).filter(|intent| callback.is_of_topic(intent.topic())) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let (inbox, now) = (Arc::clone(&self.inbox), (self.clock)());
        if let Err(seconds) = self.pace.reserve(&callback, 0, now) {
            return too_many(seconds);
        }
        let (challenge, is_end) = match &intent {
            Intent::Subscribe { challenge, .. } => (challenge.clone(), false),
            Intent::Unsubscribe { challenge, .. } => (challenge.clone(), true),
            Intent::Denied { .. } => (String::new(), false),
        };
        let noted = blocking(move || inbox.note(&callback, intent, now)).await;
        match noted {
            Ok(is_wanted) if is_wanted != is_end => {
                // A challenge is a stranger's text: no browser may take it for a page.
                let headers = [
                    (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, challenge).into_response()
            }
            Ok(_) => StatusCode::NOT_FOUND.into_response(),
            Err(error) => unavailable(&error),
        }
    }

    /// A hub sends content.
    async fn pushed(self: &Arc<Self>, callback: Callback, request: Request) -> (Outcome, Response) {
        let length = content_length(request.headers())
            .unwrap_or(BODY_BYTES_MAX)
            .min(BODY_BYTES_MAX);
        let reserved = match self.pace.reserve(&callback, length, (self.clock)()) {
            Ok(reserved) => reserved,
            Err(seconds) => return (Outcome::TooMany, too_many(seconds)),
        };
        let Ok(_room) = self.pushes.acquire().await else {
            return (Outcome::Failed, StatusCode::SERVICE_UNAVAILABLE.into_response());
        };
        let (parts, body) = request.into_parts();
        let body = match read(body, &parts.headers).await {
            Ok(body) => body,
            Err(StatusCode::PAYLOAD_TOO_LARGE) => {
                return (Outcome::TooLarge, StatusCode::PAYLOAD_TOO_LARGE.into_response());
            }
            Err(status) => return (Outcome::Failed, status.into_response()),
        };
        self.pace.settle(&callback, &reserved, body.len());
        let secret = self.keys.hub_secret(&callback);
        if signature::verify(text(&parts.headers, "x-hub-signature"), secret.as_bytes(), &body).is_err() {
            // Section 7.1: what is not signed rightly is ignored, and the sender learns nothing of it.
            return (Outcome::BadSignature, StatusCode::ACCEPTED.into_response());
        }
        let content_type = text(&parts.headers, "content-type").map(str::to_owned);
        let (inbox, now) = (Arc::clone(&self.inbox), (self.clock)());
        match blocking(move || inbox.take(&callback, content_type, body, now)).await {
            Ok(true) => (Outcome::Accepted, StatusCode::ACCEPTED.into_response()),
            // Section 7: a hub may end the subscription on this answer.
            Ok(false) => (Outcome::Unknown, StatusCode::GONE.into_response()),
            Err(error) => (Outcome::Failed, unavailable(&error)),
        }
    }
}

/// The body, when it is small enough and comes in time.
async fn read(body: Body, headers: &HeaderMap) -> Result<Vec<u8>, StatusCode> {
    if content_length(headers).is_some_and(|length| BODY_BYTES_MAX < length) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, BODY_BYTES_MAX)).await {
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) => match is_length_limit(&error) {
            true => Err(StatusCode::PAYLOAD_TOO_LARGE),
            false => Err(StatusCode::BAD_REQUEST),
        },
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut inner: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = inner {
        if cause.to_string().contains("length limit exceeded") {
            return true;
        }
        inner = cause.source();
    }
    false
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    text(headers, "content-length")?.parse().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Waiting for the log blocks, so it happens off the runtime's own threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, InboxError> + Send + 'static,
) -> Result<T, InboxError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(InboxError::Stopping))
}

fn too_many(seconds: i64) -> Response {
    let headers = [(header::RETRY_AFTER, seconds.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, headers).into_response()
}

fn unavailable(error: &InboxError) -> Response {
    tracing::warn!(%error, "a WebSub hub was told to come again: the log did not take what it sent");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response()
}
