//! Which addresses may be connected to: public ones, and those that an operator lists.
//!
//! Feeds, pages and redirects name addresses that strangers chose. The client resolves a name, asks [`Policy`] about
//! each resolved address, and connects to exactly the address that was allowed; a second look-up could answer
//! otherwise. [`Policy::allows_url`] is the part that can be told from the URL alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::{Host, Url};

/// The networks that may be connected to besides the public internet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    allowed: Vec<Network>,
}

/// A range of addresses, written `10.0.0.0/8` or `fd00::/8`; without a length it is one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

/// A text that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a network in CIDR notation: {0:?}")]
pub struct InvalidNetwork(String);

/// Why a URL is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an absolute URL.
    #[error("not an absolute URL")]
    Malformed,
    /// Neither http nor https.
    #[error("its scheme is neither http nor https")]
    Scheme,
    /// Its host is an address that is not public.
    #[error("its address is not public")]
    Address,
    /// Its host is a name that only ever means an address that is not public.
    #[error("its name is not public")]
    Name,
    /// Its port belongs to a service that is not the web, and could be made to take a request for its own commands.
    #[error("its port is not for the web")]
    Port,
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidNetwork(text.chars().take(64).collect());
        let (address, length) = text
            .trim()
            .split_once('/')
            .map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(longest), str::parse).map_err(|_| invalid())?;
        match length <= longest {
            true => Ok(Self { address, length }),
            false => Err(invalid()),
        }
    }
}

impl Network {
    /// True when `address` lies in this network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => starts_alike(
                u128::from(network.to_bits()),
                u128::from(address.to_bits()),
                32,
                self.length,
            ),
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                starts_alike(network.to_bits(), address.to_bits(), 128, self.length)
            }
            _ => false,
        }
    }
}

/// The IPv4 address that a mapped one means.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn starts_alike(one: u128, other: u128, width: u8, length: u8) -> bool {
    let free = u32::from(width - length);
    (one ^ other).checked_shr(free).unwrap_or(0) == 0
}

impl Policy {
    /// A policy that allows public addresses and those in `allowed`.
    #[must_use]
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// True when a connection to `address` may be made.
    #[must_use]
    pub fn allows_address(&self, address: IpAddr) -> bool {
        let plain = plain(address);
        let is_public = match plain {
            IpAddr::V4(v4) => is_public_v4(v4),
            IpAddr::V6(v6) => is_public_v6(v6),
        };
        is_public || self.lists(plain)
    }

    /// Says whether `url` may be asked for, as far as its text tells. A name that passes still has to resolve to
    /// allowed addresses only.
    ///
    /// # Errors
    /// With the reason when it may not.
    pub fn allows_url(&self, url: &str) -> Result<(), Refusal> {
        self.allows(&Url::parse(url).map_err(|_| Refusal::Malformed)?)
    }

    /// As [`Policy::allows_url`], for a URL that is parsed already.
    ///
    /// # Errors
    /// With the reason when it may not.
    pub fn allows(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        let host = url.host().ok_or(Refusal::Malformed)?;
        // What listens in a network of theirs the operators know.
        let is_listed = match host {
            Host::Ipv4(_) | Host::Ipv6(_) => self.lists_host(url),
            Host::Domain(name) => !self.allowed.is_empty() && is_inner(&plain_name(name)),
        };
        if url.port().is_some_and(|port| BAD_PORTS.contains(&port)) && !is_listed {
            return Err(Refusal::Port);
        }
        match host {
            Host::Ipv4(address) => self.judged(IpAddr::V4(address)),
            Host::Ipv6(address) => self.judged(IpAddr::V6(address)),
            Host::Domain(name) => self.judged_name(&plain_name(name)),
        }
    }

    /// True when `url` names its host by an address, or as `localhost`, that an operator listed. Other names may mean
    /// something else a moment later, so that their spelling proves nothing.
    #[must_use]
    pub fn lists_host(&self, url: &Url) -> bool {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => plain(IpAddr::V6(address)),
            Some(Host::Domain("localhost")) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Some(Host::Domain(_)) | None => return false,
        };
        self.lists(address)
    }

    /// True when an operator listed a network that `address`, which is not a mapped one, lies in.
    fn lists(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(address))
    }

    fn judged(&self, address: IpAddr) -> Result<(), Refusal> {
        self.allows_address(address).then_some(()).ok_or(Refusal::Address)
    }

    /// Some names only ever mean an inner address, and some public ones do as well. Where an operator allows a network,
    /// names of its inside may lie there, and the resolved addresses decide.
    fn judged_name(&self, name: &str) -> Result<(), Refusal> {
        if is_loopback(name) {
            let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            let is_allowed = loopback.into_iter().any(|address| self.allows_address(address));
            return is_allowed.then_some(()).ok_or(Refusal::Name);
        }
        if let Some(address) = spelled_address(name) {
            return self.judged(IpAddr::V4(address)).map_err(|_| Refusal::Name);
        }
        match name.is_empty() || (is_inner(name) && self.allowed.is_empty()) {
            true => Err(Refusal::Name),
            false => Ok(()),
        }
    }
}

/// A name without the dot that may end it, in lower case.
fn plain_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn last_label(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn is_loopback(name: &str) -> bool {
    last_label(name) == "localhost" || LOOPBACK_NAMES.iter().any(|known| is_below(name, known))
}

/// Names of special use (RFC 6761, RFC 6762, RFC 7686, RFC 8375, `.internal` of ICANN, the inner names of clusters) and
/// names of one label never mean a public host.
fn is_inner(name: &str) -> bool {
    !name.contains('.')
        || last_label(name) == "localhost"
        || PRIVATE_LABELS.contains(&last_label(name))
        || [".home.arpa", ".cluster.local"].iter().any(|end| name.ends_with(end))
}

/// Last labels that public name servers don't know.
const PRIVATE_LABELS: &[&str] = &[
    "local",
    "internal",
    "localdomain",
    "localnet",
    "home",
    "lan",
    "corp",
    "intranet",
    "private",
    "svc",
    "consul",
    "onion",
];

/// Public names that are made to mean loopback.
const LOOPBACK_NAMES: &[&str] = &["localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "localho.st"];

/// Public services whose names mean the address that stands in them: `10.0.0.1.nip.io`, `a-10-0-0-1.sslip.io`.
const ADDRESS_NAMES: &[&str] = &["nip.io", "sslip.io", "xip.io", "traefik.me"];

/// Ports of services that speak in lines or are no web server (WHATWG Fetch, "bad port").
const BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The address that a name of such a service spells: its last four numbers, parted by dots or dashes, or eight
/// hexadecimal digits.
fn spelled_address(name: &str) -> Option<Ipv4Addr> {
    let rest = ADDRESS_NAMES
        .iter()
        .find_map(|service| name.strip_suffix(service)?.strip_suffix('.'))?;
    let parts: Vec<&str> = rest.split(['.', '-']).collect();
    let numbers = parts.windows(4).rev().find_map(|four| {
        let bytes: Vec<u8> = four.iter().map_while(|part| part.parse().ok()).collect();
        <[u8; 4]>::try_from(bytes).ok()
    });
    let hexadecimal = parts.last().filter(|part| part.len() == 8);
    let hexadecimal = hexadecimal.and_then(|part| u32::from_str_radix(part, 16).ok());
    numbers.map(Ipv4Addr::from).or(hexadecimal.map(Ipv4Addr::from))
}

/// Ranges of the IANA special-purpose registry that are not globally reachable, multicast, and class E.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Only global unicast (2000::/3) is public, without the parts of it that carry or hide other addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // NAT64 (RFC 6052): the IPv4 address at the end is the one that is reached. Its prefix for networks of one's
        // own (64:ff9b:1::/48, RFC 8215) is not public.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(embedded(high, low)),
        // 6to4 (RFC 3056) carries an IPv4 address; it is given up (RFC 7526), and nobody publishes there.
        [0x2002, ..] => false,
        // Teredo, benchmarking, ORCHID and other protocol assignments; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // ISATAP (RFC 5214): the last part is the IPv4 address behind a tunnel.
        [.., 0 | 0x200, 0x5efe, high, low] if !is_public_v4(embedded(high, low)) => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests;
