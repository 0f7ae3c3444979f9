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
        let plain = match address {
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
            IpAddr::V4(_) => address,
        };
        let is_public = match plain {
            IpAddr::V4(v4) => is_public_v4(v4),
            IpAddr::V6(v6) => is_public_v6(v6),
        };
        is_public || self.allowed.iter().any(|network| network.contains(plain))
    }

    /// Says whether `url` may be asked for, as far as its text tells. A name that passes still has to resolve to
    /// allowed addresses only.
    ///
    /// # Errors
    /// With the reason when it may not.
    pub fn allows_url(&self, url: &str) -> Result<(), Refusal> {
        let url = Url::parse(url).map_err(|_| Refusal::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        match url.host().ok_or(Refusal::Malformed)? {
            Host::Ipv4(address) => self.judged(IpAddr::V4(address)),
            Host::Ipv6(address) => self.judged(IpAddr::V6(address)),
            Host::Domain(name) => self.judged_name(name),
        }
    }

    fn judged(&self, address: IpAddr) -> Result<(), Refusal> {
        self.allows_address(address).then_some(()).ok_or(Refusal::Address)
    }

    /// Names of special use (RFC 6761, RFC 6762, RFC 8375, and `.internal` of ICANN) never mean a public host.
    fn judged_name(&self, name: &str) -> Result<(), Refusal> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        if last == "localhost" {
            return self.judged(IpAddr::V4(Ipv4Addr::LOCALHOST)).map_err(|_| Refusal::Name);
        }
        let is_private = matches!(
            last,
            "local" | "internal" | "localdomain" | "home" | "lan" | "corp" | "intranet"
        ) || name.ends_with(".home.arpa");
        // A network that an operator allows may have such names; the resolved addresses decide then.
        match name.is_empty() || (is_private && self.allowed.is_empty()) {
            true => Err(Refusal::Name),
            false => Ok(()),
        }
    }
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
        // NAT64 (RFC 6052): the IPv4 address at the end is the one that is reached.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(embedded(high, low)),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_public_v4(embedded(high, low)),
        // Teredo, benchmarking, ORCHID and other protocol assignments; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Result<(), Refusal>) {
        assert_eq!(Policy::default().allows_url(url), expected, "{url}");
    }

    #[test]
    fn public_hosts_are_allowed() {
        for url in [
            "https://example.org/",
            "http://8.8.8.8/a",
            "http://[2606:4700::1]/",
            "https://localhost.example.org/",
            "http://[64:ff9b::808:808]/",
        ] {
            check(url, Ok(()));
        }
    }

    #[test]
    fn every_spelling_of_an_inner_address_is_refused() {
        for url in [
            "http://127.0.0.1/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://2130706433/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest",
            "http://192.0.0.8/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::10.0.0.1]/",
            "http://[64:ff9b::a00:1]/",
            "http://[2002:a00:1::]/",
            "http://[2001::1]/",
            "http://[2001:db8::1]/",
            "http://[fe80::1]/",
            "http://[fd12::1]/",
            "http://[ff02::1]/",
        ] {
            check(url, Err(Refusal::Address));
        }
        check("http://LOCALHOST./", Err(Refusal::Name));
        check("http://a.localhost/", Err(Refusal::Name));
        check("http://printer.local/", Err(Refusal::Name));
        check("file:///etc/passwd", Err(Refusal::Scheme));
        check("example.org", Err(Refusal::Malformed));
    }

    #[test]
    fn operators_may_allow_networks() {
        let policy = Policy::new(vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        assert_eq!(policy.allows_url("http://127.0.0.1:8080/"), Ok(()));
        assert_eq!(policy.allows_url("http://localhost/"), Ok(()));
        assert_eq!(policy.allows_url("http://[::ffff:127.0.0.1]/"), Ok(()));
        assert_eq!(policy.allows_url("http://[fd00::5]/"), Ok(()));
        assert_eq!(policy.allows_url("http://10.0.0.1/"), Err(Refusal::Address));
        assert!(
            "0.0.0.0/0"
                .parse::<Network>()
                .unwrap()
                .contains("8.8.8.8".parse().unwrap())
        );
    }

    #[test]
    fn refuses_what_is_no_network() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "x", "10.0.0.0/"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
