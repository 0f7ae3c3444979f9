//! News agencies and the hosts of their own sites (`agencies.tsv`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A news agency that an article credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agency(u16);

struct Table {
    names: Vec<&'static str>,
    by_name: BTreeMap<&'static str, Agency>,
    by_host: BTreeMap<&'static str, Agency>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (mut names, mut by_name, mut by_host) = (vec![Agency::OTHER], BTreeMap::new(), BTreeMap::new());
    let lines = include_str!("agencies.tsv").lines();
    for (name, hosts) in lines.filter_map(|line| line.split_once('\t')) {
        let agency = Agency(u16::try_from(names.len()).unwrap_or(0));
        names.push(name);
        by_name.insert(name, agency);
        let hosts = hosts.split('|').filter(|host| !host.is_empty());
        by_host.extend(hosts.map(|host| (host, agency)));
    }
    Table {
        names,
        by_name,
        by_host,
    }
});

impl Agency {
    /// The name of agencies that the table lacks.
    const OTHER: &'static str = "other";

    /// The agency of this name; one that the table lacks is an agency as well, the same for all such names.
    #[must_use]
    pub fn named(name: &str) -> Self {
        TABLE.by_name.get(name).copied().unwrap_or(Self(0))
    }

    /// Its place in the table of this release.
    pub(crate) fn number(self) -> u16 {
        self.0
    }

    /// The agency at this place.
    pub(crate) fn of_number(number: u16) -> Self {
        Self(number)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        TABLE.names.get(usize::from(self.0)).copied().unwrap_or(Self::OTHER)
    }

    /// The agency on whose own site this address lies.
    #[must_use]
    pub fn of_url(url: &str) -> Option<Self> {
        let mut host = site(url)?.split(':').next()?;
        loop {
            if let Some(agency) = TABLE.by_host.get(host) {
                return Some(*agency);
            }
            (_, host) = host.split_once('.')?;
        }
    }
}

/// The site of a URL: its host without `www.`, and its port where it names one. Editions and feeds of one site are one
/// source.
pub(crate) fn site(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let site = rest.split(['/', '?', '#']).next()?;
    let site = site.strip_prefix("www.").unwrap_or(site);
    (!site.is_empty()).then_some(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_own_sites_of_agencies() {
        for (url, expected) in [
            ("https://www.antaranews.com/berita/1", Some("ANTARA")),
            ("https://jatim.antaranews.com/berita/1", Some("ANTARA")),
            ("http://apnews.com:80/article/1", Some("AP")),
            ("https://english.kyodonews.net/news/1", Some("Kyodo News")),
            ("https://notapnews.com/1", None),
            ("https://apnews.com.example/1", None),
            ("https://com/1", None),
            ("https://somewhere.example./1", None),
            ("apnews.com/1", None),
            ("", None),
        ] {
            assert_eq!(Agency::of_url(url).map(Agency::name), expected, "{url}");
        }
    }

    #[test]
    fn a_name_stays_the_same_agency_and_an_unknown_one_is_some_other() {
        for name in &TABLE.names {
            assert_eq!(Agency::named(name).name(), *name);
        }
        assert_eq!(Agency::named("Coastal Press").name(), "other");
        assert_ne!(Agency::named("AP"), Agency::named("Coastal Press"));
    }

    #[test]
    fn no_host_is_of_two_agencies_or_written_in_a_way_that_no_url_matches() {
        let lines = include_str!("agencies.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let hosts: Vec<&str> = lines
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(_, hosts)| hosts.split('|').filter(|host| !host.is_empty()))
            .collect();
        for (at, host) in hosts.iter().enumerate() {
            assert!(!hosts[..at].contains(host), "{host} stands there twice");
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
            assert!(
                host.bytes().all(is_plain) && host.contains('.') && !host.starts_with("www."),
                "{host}"
            );
        }
    }
}
