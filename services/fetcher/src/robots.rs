//! robots.txt: which URLs its rules let us ask for (RFC 9309, section 2.2).
//!
//! Lenient where real files are: byte order marks, any line ending, a blank instead of the colon, the common
//! misspellings of the keys. Where the RFC and Google's matcher differ (Google does not decode `%62`), the RFC wins.

mod lines;
pub mod opt_outs;
mod pattern;

use lines::{Key, is_everyone, key_and_value, token_of, token_of_bytes};
pub(crate) use pattern::{Pattern, path_of};

/// How much of a robots.txt is read, in bytes (RFC 9309, section 2.5, asks for this much at least).
pub const BYTES_MAX: usize = 500 * 1024;

/// Rules of one group that count: as many as fill [`BYTES_MAX`] at 25 octets each. Far shorter ones by the ten thousand
/// are made to cost, not to be obeyed.
const RULES_MAX: usize = 20_000;

/// The rules of one robots.txt that concern one crawler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    crawl_delay_millis: u32,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
}

/// The group of one or more `user-agent` lines that a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Membership {
    /// One of the lines names us.
    us: bool,
    /// One of the lines is `*`.
    everyone: bool,
}

/// Rules of the groups that name us and of those for everyone, each merged (section 2.2.1).
#[derive(Debug, Default)]
struct Groups {
    us: Option<Rules>,
    everyone: Rules,
}

impl Rules {
    /// Reads the rules for the crawler called `product_token`; at most [`BYTES_MAX`] of `bytes` count.
    #[must_use]
    pub fn parse(bytes: &[u8], product_token: &str) -> Self {
        let us = token_of(product_token);
        let mut groups = Groups::default();
        let mut sitemaps = Vec::new();
        let mut membership = Membership::default();
        let mut group_is_open = true;
        for (key, value) in lines::known(bytes) {
            let value = value.as_slice();
            match key {
                Key::UserAgent => {
                    if !group_is_open {
                        membership = Membership::default();
                        group_is_open = true;
                    }
                    membership.join(value, us);
                    groups.open(membership);
                }
                Key::Rule { allow } => {
                    group_is_open = false;
                    groups.add(membership, |rules| rules.add(allow, value));
                }
                Key::CrawlDelay => groups.add(membership, |rules| rules.set_crawl_delay(value)),
                Key::Sitemap => sitemaps.push(String::from_utf8_lossy(value).into_owned()),
                // Reported by [`opt_outs`]; no rule of access, and no end of a group (RFC 9309, section 2.2.4).
                Key::ContentSignal | Key::ContentUsage => {}
            }
        }
        Self {
            sitemaps,
            ..groups.us.unwrap_or(groups.everyone)
        }
    }

    /// The rules that [`Rules::to_lines`] wrote.
    #[must_use]
    pub fn from_lines(lines: &str) -> Self {
        let mut rules = Self::default();
        for line in lines.lines() {
            if let Some((Key::Rule { allow }, value)) = key_and_value(line.as_bytes()) {
                rules.add(allow, value);
            }
        }
        rules
    }

    /// The rules as text, one `allow: PATH` or `disallow: PATH` a line.
    #[must_use]
    pub fn to_lines(&self) -> String {
        let mut lines = String::new();
        for rule in &self.rules {
            lines.push_str(if rule.allow { "allow: " } else { "disallow: " });
            lines.push_str(rule.pattern.as_str());
            lines.push('\n');
        }
        lines
    }

    /// True when `url` may be asked for: the longest matching rule decides, `allow` wins a tie (section 2.2.2).
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        let path = path_of(url);
        if path == b"/robots.txt" {
            return true;
        }
        let matching = self.rules.iter().filter(|rule| rule.matches(&path));
        matching
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// True when there is no rule at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The delay between requests that the file asks for, in milliseconds; zero when it asks for none.
    #[must_use]
    pub fn crawl_delay_millis(&self) -> u32 {
        self.crawl_delay_millis
    }

    /// The sitemaps that the file names, for whichever crawler.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    fn add(&mut self, allow: bool, path: &[u8]) {
        // An empty rule says nothing (section 2.2.2).
        if !path.is_empty() && self.rules.len() < RULES_MAX {
            self.rules.push(Rule {
                allow,
                pattern: Pattern::new(path),
            });
        }
    }

    fn set_crawl_delay(&mut self, value: &[u8]) {
        let seconds = std::str::from_utf8(value)
            .ok()
            .and_then(|text| text.parse::<f64>().ok());
        let Some(seconds) = seconds.filter(|seconds| seconds.is_finite() && 0.0 < *seconds) else {
            return;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, finite and clamped to the range of the type"
        )]
        let millis = (seconds * 1000.0).min(f64::from(u32::MAX)) as u32;
        self.crawl_delay_millis = self.crawl_delay_millis.max(millis);
    }
}

impl Rule {
    fn matches(&self, path: &[u8]) -> bool {
        self.pattern.matches(path) || (self.allow && self.pattern.matches_as_directory(path))
    }
}

impl Membership {
    fn join(&mut self, value: &[u8], us: &[u8]) {
        self.everyone |= is_everyone(value);
        self.us |= !us.is_empty() && token_of_bytes(value).eq_ignore_ascii_case(us);
    }
}

impl Groups {
    fn open(&mut self, membership: Membership) {
        if membership.us {
            self.us.get_or_insert_default();
        }
    }

    fn add(&mut self, membership: Membership, add: impl Fn(&mut Rules)) {
        if let (true, Some(rules)) = (membership.us, &mut self.us) {
            add(rules);
        }
        if membership.everyone {
            add(&mut self.everyone);
        }
    }
}

#[cfg(test)]
mod tests;
