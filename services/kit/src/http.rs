//! The HTTP client: one request at a time, no redirects, every address checked, everything bounded.
//!
//! - **Addresses**: the one that was checked is the one that is connected to, whatever the name says a moment later.
//! - **Time**: one limit over the whole exchange, from looking up the name to the last inflated byte. A server that
//!   drips bytes gains nothing by it.
//! - **Size**: the HTTP library holds at most 417 KB of an HTTP/1 head; of what it lets through we take
//!   256 lines and 64 KiB. Bodies are inflated by ourselves while they arrive and refused as soon as they are too
//!   large; so is what is declared too large.
//! - **Whole or nothing**: a body that is cut, on the wire or inside its compression, is a failure. One case can't be
//!   told: a body whose only end mark is the end of an encrypted connection, because the TLS library takes an end
//!   without a closing alert for a proper one, as browsers do.
//! - **Connections**: one is kept for each host, for half a minute. One that the server has closed in the meantime
//!   costs a second try, not a failure.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use fetcher::exchange::{Answer, Failure, FailureKind, Request, Response};
use fetcher::ssrf::Policy;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};

use address::CheckingResolver;
pub use address::{Found, LookUp};
use failure::{Phase, failure};

mod address;
mod body;
mod coding;
mod connection;
mod failure;
mod headers;

/// How long a connection may take to make, where the whole exchange may take longer.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next request to its host.
const IDLE_MAX: Duration = Duration::from_secs(30);

/// How the client behaves.
#[derive(Clone)]
pub struct ClientSettings {
    /// The User-Agent header.
    pub user_agent: String,
    /// How long one exchange may take, from connecting to the last byte.
    pub timeout: Duration,
    /// What may be asked for, and which addresses may be connected to.
    pub policy: Policy,
    /// A proxy's URL; empty for none. Names are then resolved by the proxy, whose policy counts.
    pub proxy: String,
    /// Further certificate authorities, PEM.
    pub authorities: Vec<Vec<u8>>,
}

/// The client can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The proxy's URL is not one.
    #[error("fetcher.proxy {0:?} is no proxy URL such as http://proxy.internal:3128")]
    Proxy(String),
    /// A certificate authority is not PEM.
    #[error("a file of fetcher.ca_files holds no PEM certificate")]
    Authority(#[source] reqwest::Error),
    /// TLS can't be set up.
    #[error("can't set up the HTTP client")]
    Setup(#[source] reqwest::Error),
}

/// An HTTP client for the fetcher.
#[derive(Clone)]
pub struct Client {
    inner: reqwest::Client,
    policy: Arc<Policy>,
    timeout: Duration,
    is_proxied: bool,
}

impl Client {
    /// A client with these settings that looks names up as the operating system does.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        Self::with_look_up(settings, address::system_look_up())
    }

    /// A client that looks names up with `look_up`. Each connection asks it once, and each address that it gives is
    /// checked; a name of which one address is forbidden is refused.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn with_look_up(settings: ClientSettings, look_up: LookUp) -> Result<Self, ClientError> {
        let ClientSettings {
            user_agent,
            timeout,
            policy,
            proxy,
            authorities,
        } = settings;
        let (policy, proxy) = (Arc::new(policy), proxy_of(&proxy)?);
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .default_headers(HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static(coding::ACCEPTED),
            )]))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(timeout.min(CONNECT_MAX))
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE_MAX)
            .http1_max_headers(headers::COUNT_MAX)
            // A header in several lines is one header with blanks (RFC 9112, section 5.2).
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            // Twice our own limit: what is beyond this one is no longer told from other broken frames.
            .http2_max_header_list_size(2 * headers::BYTES_MAX)
            .connector_layer(connection::Noting)
            .dns_resolver(Arc::new(CheckingResolver {
                policy: Arc::clone(&policy),
                look_up,
                proxy: proxy.as_ref().map(|(_, host)| host.clone()),
            }));
        let is_proxied = proxy.is_some();
        builder = match proxy {
            None => builder.no_proxy(),
            Some((proxy, _)) => builder.proxy(proxy),
        };
        for authority in authorities {
            let certificates = reqwest::Certificate::from_pem_bundle(&authority).map_err(ClientError::Authority)?;
            builder = certificates
                .into_iter()
                .fold(builder, reqwest::ClientBuilder::add_root_certificate);
        }
        Ok(Self {
            inner: builder.build().map_err(ClientError::Setup)?,
            policy,
            timeout,
            is_proxied,
        })
    }

    /// Makes the request and waits for the whole answer.
    pub async fn fetch(&self, request: &Request) -> Answer {
        match tokio::time::timeout(self.timeout, self.exchange(request)).await {
            Ok(Ok(response)) => Answer::Response(response),
            Ok(Err(failure)) => Answer::Failure(failure),
            Err(_) => Answer::Failure(Failure {
                kind: FailureKind::Timeout,
                detail: format!("no whole answer within {:?}", self.timeout),
            }),
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Response, Failure> {
        let answer = self.send(request).await?;
        // The peer of a proxied request is the proxy.
        if let (Some(peer), false) = (answer.remote_addr(), self.is_proxied) {
            address::checked_peer(SocketAddr::ip(&peer), &self.policy)?;
        }
        let status = answer.status();
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(decode("the server switches to a protocol that was not asked for"));
        }
        let headers = headers::received(answer.headers())?;
        let codings: Vec<&str> = values(&headers, "content-encoding").collect();
        let body = body::read(answer, &codings, request).await?;
        let asked_for_part = values(&request.headers, "range").next().is_some();
        let status = match status {
            StatusCode::PARTIAL_CONTENT if !asked_for_part => whole_range(&headers)?,
            status => status,
        };
        Ok(Response {
            status: status.as_u16(),
            headers,
            body,
        })
    }

    /// Sends the request until the head of an answer is there: once, or twice when a kept connection turns out to be
    /// closed. Nothing else is worth a second try, which no pacing knows of: a server that answers has spoken.
    async fn send(&self, request: &Request) -> Result<reqwest::Response, Failure> {
        let (outcome, has_connected) = connection::observed(self.builder(request)?.send()).await;
        let outcome = outcome.map_err(|error| failure(&error, Phase::Head));
        let is_stale = matches!(&outcome, Err(failure) if failure.kind == FailureKind::Truncated);
        // What a form asked for may have been done all the same.
        if has_connected || !is_stale || !request.form.is_empty() {
            return outcome;
        }
        let again = self.builder(request)?.send().await;
        again.map_err(|error| failure(&error, Phase::Head))
    }

    fn builder(&self, request: &Request) -> Result<reqwest::RequestBuilder, Failure> {
        let url = address::checked(&request.url, &self.policy)?;
        let mut builder = match request.form.as_slice() {
            [] => self.inner.get(url),
            form => {
                let body = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(form)
                    .finish();
                self.inner
                    .post(url)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body)
            }
        };
        for (name, text) in &request.headers {
            let (name, value) = headers::to_send(name, text)?;
            builder = builder.header(name, value);
        }
        Ok(builder)
    }
}

/// The proxy and its host, unless `url` is empty.
fn proxy_of(url: &str) -> Result<Option<(reqwest::Proxy, String)>, ClientError> {
    if url.is_empty() {
        return Ok(None);
    }
    let unusable = || ClientError::Proxy(url.to_owned());
    let host_of = |url: &str| url::Url::parse(url).ok()?.host_str().map(str::to_owned);
    let host = host_of(url).or_else(|| host_of(&format!("http://{url}")));
    let proxy = reqwest::Proxy::all(url).map_err(|_| unusable())?;
    Ok(Some((proxy, host.ok_or_else(unusable)?)))
}

/// The values of the headers of that name.
fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = headers
        .iter()
        .filter(move |(header, _)| header.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.as_str())
}

/// The status of a part that nobody asked for: it counts as the whole when it is, else the body is cut short.
fn whole_range(headers: &[(String, String)]) -> Result<StatusCode, Failure> {
    let is_whole = values(headers, "content-range").next().is_some_and(|range| {
        let range = range.trim().strip_prefix("bytes").map(str::trim_start);
        let parts = range.and_then(|range| range.strip_prefix("0-")?.split_once('/'));
        let numbers = parts.map(|(last, length)| (last.parse::<u64>(), length.parse::<u64>()));
        matches!(numbers, Some((Ok(last), Ok(length))) if last.checked_add(1) == Some(length))
    });
    match is_whole {
        true => Ok(StatusCode::OK),
        false => Err(Failure {
            kind: FailureKind::Truncated,
            detail: "the server sent a part that was not asked for (206)".to_owned(),
        }),
    }
}

fn decode(detail: &str) -> Failure {
    Failure {
        kind: FailureKind::Decode,
        detail: detail.to_owned(),
    }
}
