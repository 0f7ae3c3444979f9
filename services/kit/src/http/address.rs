//! Which addresses are connected to.
//!
//! The address that the policy checked is the address that is connected to: names are resolved by our own resolver,
//! which hands only allowed addresses to the connector, so a name that resolves differently the second time (DNS
//! rebinding) gains nothing. A connection that is kept is used again only for the host that it was made for, so it was
//! checked as well.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use fetcher::exchange::{Failure, FailureKind};
use fetcher::ssrf::{Policy, Refusal};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

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
    pub(super) policy: Arc<Policy>,
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
            // Those under `localhost` are loopback by definition, of which an operator may allow one half only.
            let is_allowed = |address: &&IpAddr| is_proxy || policy.allows_address(**address);
            let refused = found.iter().find(|address| !is_allowed(address));
            let has_some = is_localhost(&name) && found.iter().any(|address| is_allowed(&address));
            if let Some(refused) = refused.filter(|_| !has_some) {
                let refused = RefusedAddress(format!("the name {name} means {refused}, which"));
                return Err(Box::new(refused) as Box<dyn StdError + Send + Sync>);
            }
            let tried: Vec<SocketAddr> = found
                .iter()
                .filter(is_allowed)
                .take(ADDRESSES_MAX)
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            Ok(Box::new(tried.into_iter()) as Addrs)
        })
    }
}

fn unknown(name: String, cause: io::Error) -> Box<dyn StdError + Send + Sync> {
    Box::new(UnknownName { name, cause })
}

/// The URL, when it may be asked for as far as its text tells: addresses in URLs never reach the resolver, and where a
/// proxy resolves names nothing else of them is checked.
///
/// # Errors
/// [`FailureKind::RefusedAddress`].
pub(super) fn checked(text: &str, policy: &Policy) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| refused(format!("{text:?} is no URL: {error}")))?;
    let host = || url.host_str().unwrap_or_default().to_owned();
    match policy.allows(&url) {
        Ok(()) => Ok(url),
        Err(Refusal::Address | Refusal::Name) => Err(refused(RefusedAddress(host()).to_string())),
        Err(refusal) => Err(refused(format!("{text:?} is not asked for: {refusal}"))),
    }
}

/// Nothing, when `address` may be connected to.
///
/// # Errors
/// [`FailureKind::RefusedAddress`].
pub(super) fn checked_peer(address: IpAddr, policy: &Policy) -> Result<(), Failure> {
    match policy.allows_address(address) {
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
