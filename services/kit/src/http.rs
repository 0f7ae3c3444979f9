//! The HTTP client: one GET at a time, no redirects, every address checked, everything bounded.
//!
//! The address that the policy checked is the address that is connected to: names are resolved by our own resolver,
//! which hands only allowed addresses to the connector, so a name that resolves differently the second time
//! (DNS rebinding) gains nothing.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use fetcher::exchange::{Answer, Failure, FailureKind, Request, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address may be connected to.
pub type AddressPolicy = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// How the client behaves.
#[derive(Clone)]
pub struct ClientSettings {
    /// The User-Agent header.
    pub user_agent: String,
    /// How long one exchange may take, from connecting to the last byte.
    pub timeout: Duration,
    /// Which addresses may be connected to.
    pub policy: AddressPolicy,
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
    policy: AddressPolicy,
}

/// An address that the policy does not let us connect to.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name} resolves to no address that may be connected to; list its network in fetcher.allow_networks if it is yours"
)]
struct RefusedAddress {
    name: String,
}

struct CheckingResolver {
    policy: AddressPolicy,
}

impl Resolve for CheckingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, name) = (Arc::clone(&self.policy), name.as_str().to_owned());
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // A name with one forbidden address is refused whole: mixed answers are how rebinding begins.
            if !found.iter().all(|address| policy(address.ip())) || found.is_empty() {
                return Err(Box::new(RefusedAddress { name }) as Box<dyn StdError + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl Client {
    /// A client with these settings.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        let ClientSettings {
            user_agent,
            timeout,
            policy,
            proxy,
            authorities,
        } = settings;
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(10)))
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(CheckingResolver {
                policy: Arc::clone(&policy),
            }));
        builder = match proxy.as_str() {
            "" => builder.no_proxy(),
            url => builder.proxy(reqwest::Proxy::all(url).map_err(|_| ClientError::Proxy(proxy.clone()))?),
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
        })
    }

    /// Makes the request and waits for the whole answer.
    pub async fn fetch(&self, request: &Request) -> Answer {
        match self.exchange(request).await {
            Ok(response) => Answer::Response(response),
            Err(failure) => Answer::Failure(failure),
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Response, Failure> {
        let url = self.checked_url(&request.url)?;
        let mut builder = self.inner.get(url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let mut answer = builder.send().await.map_err(|error| failure(&error))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), header_text(value.as_bytes())));
        let headers: Vec<(String, String)> = headers.collect();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error))? {
            let room = request.max_body_bytes.saturating_sub(body.len());
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if room < chunk.len() {
                // A robots.txt may be cut (RFC 9309, section 2.5), an article or a feed may not.
                if request.purpose.may_be_cut() {
                    break;
                }
                let detail = format!("the body is larger than {} bytes", request.max_body_bytes);
                return Err(Failure {
                    kind: FailureKind::TooLarge,
                    detail,
                });
            }
        }
        Ok(Response { status, headers, body })
    }

    /// The URL, when its host is a name or an address that may be connected to. Addresses in URLs never reach the
    /// resolver; the URL parser has brought their odd spellings (`0x7f.1`) into one form.
    fn checked_url(&self, text: &str) -> Result<url::Url, Failure> {
        let refused = |detail: String| Failure {
            kind: FailureKind::RefusedAddress,
            detail,
        };
        let url = url::Url::parse(text).map_err(|error| refused(format!("{text:?} is no URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(format!("scheme {:?} is not http or https", url.scheme())));
        }
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(url::Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(url::Host::Domain(_)) => None,
            None => return Err(refused("the URL names no host".to_owned())),
        };
        match address {
            Some(address) if !(self.policy)(address) => Err(refused(format!(
                "{address} may not be connected to; list its network in fetcher.allow_networks if it is yours"
            ))),
            _ => Ok(url),
        }
    }
}

/// A header's value as text: UTF-8, else Latin-1.
fn header_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// What kind of failure the client's error is, from its own word and the chain beneath it.
fn failure(error: &reqwest::Error) -> Failure {
    let mut texts = Vec::new();
    let mut is_refused = false;
    let mut inner: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(cause) = inner {
        is_refused |= cause.is::<RefusedAddress>();
        texts.push(cause.to_string());
        inner = cause.source();
    }
    let detail = texts.last().cloned().unwrap_or_else(|| error.to_string());
    let chain = texts.join(": ").to_ascii_lowercase();
    let kind = if is_refused {
        FailureKind::RefusedAddress
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else if chain.contains("certificate") || chain.contains("ssl") || chain.contains("tls") {
        FailureKind::Tls
    } else if error.is_connect() {
        FailureKind::Connect
    } else if chain.contains("incomplete")
        || chain.contains("before message completed")
        || chain.contains("end of file")
    {
        FailureKind::Truncated
    } else if error.is_decode() || error.is_body() {
        FailureKind::Decode
    } else {
        FailureKind::Connect
    };
    Failure {
        kind,
        detail: detail.chars().take(300).collect(),
    }
}
