//! Which addresses are connected to.
//!
//! The address that the policy checked is the address that is connected to: names are resolved by our own resolver,
//! which hands only allowed addresses to the connector, so a name that resolves differently the second time (DNS
//! rebinding) gains nothing. A connection that is kept is used again only for the host that it was made for, so it was
//! checked as well.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use fetcher::exchange::{Failure, FailureKind};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether an address may be connected to.
pub type AddressPolicy = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Addresses of a name that are on their way.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host name.
pub type LookUp = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Addresses of one name that are tried. Each costs a part of the time for connecting.
const ADDRESSES_MAX: usize = 8;

/// The look-up of the operating system.
pub(super) fn system_look_up() -> LookUp {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// An address that the policy does not let us connect to.
#[derive(Debug, thiserror::Error)]
#[error("{0} may not be connected to; list its network in fetcher.allow_networks if it is yours")]
pub(super) struct RefusedAddress(String);

/// A name without addresses.
#[derive(Debug, thiserror::Error)]
#[error("the name {name} does not resolve: {cause}")]
pub(super) struct UnknownName {
    name: String,
    cause: io::Error,
}

/// Resolves names and hands on only those addresses that the policy allows.
pub(super) struct CheckingResolver {
    pub(super) policy: AddressPolicy,
    pub(super) look_up: LookUp,
    /// The host of the proxy, if there is one: it is the operator's word, and the only name that is then looked up.
    pub(super) proxy: Option<String>,
}

impl Resolve for CheckingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_proxy = self.proxy.as_deref() == Some(name.as_str());
        let (policy, found) = (Arc::clone(&self.policy), (self.look_up)(name.clone()));
        Box::pin(async move {
            let found = match found.await {
                Ok(found) if !found.is_empty() => found,
                Ok(_) => return Err(unknown(name, io::Error::other("no address"))),
                Err(error) => return Err(unknown(name, error)),
            };
            // A name with one forbidden address is refused whole: mixed answers are how rebinding begins.
            if let Some(refused) = found.iter().find(|address| !is_proxy && !policy(**address)) {
                let refused = RefusedAddress(format!("the name {name} means {refused}, which"));
                return Err(Box::new(refused) as Box<dyn StdError + Send + Sync>);
            }
            let tried = found.into_iter().take(ADDRESSES_MAX);
            Ok(Box::new(tried.map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

fn unknown(name: String, cause: io::Error) -> Box<dyn StdError + Send + Sync> {
    Box::new(UnknownName { name, cause })
}

/// The URL, when its host is a name or an address that may be connected to. Addresses in URLs never reach the
/// resolver; the URL parser has brought their odd spellings (`0x7f.1`) into one form. Names under `localhost` are
/// loopback by definition (RFC 6761), also where a proxy would resolve them.
///
/// # Errors
/// [`FailureKind::RefusedAddress`].
pub(super) fn checked(text: &str, policy: &AddressPolicy) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| refused(format!("{text:?} is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused(format!("scheme {:?} is not http or https", url.scheme())));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(name)) => is_localhost(name).then_some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        None => return Err(refused("the URL names no host".to_owned())),
    };
    match address {
        Some(address) => checked_peer(address, policy).map(|()| url),
        None => Ok(url),
    }
}

/// Nothing, when `address` may be connected to.
///
/// # Errors
/// [`FailureKind::RefusedAddress`].
pub(super) fn checked_peer(address: IpAddr, policy: &AddressPolicy) -> Result<(), Failure> {
    match policy(address) {
        true => Ok(()),
        false => Err(refused(RefusedAddress(address.to_string()).to_string())),
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

fn refused(detail: String) -> Failure {
    Failure {
        kind: FailureKind::RefusedAddress,
        detail,
    }
}
