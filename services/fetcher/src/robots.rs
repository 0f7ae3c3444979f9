//! robots.txt: which URLs its rules let us ask for (RFC 9309, section 2.2).
//!
//! Lenient where real files are: byte order marks, any line ending, a blank instead of the colon, the common
//! misspellings of the keys. Where the RFC and Google's matcher differ (Google does not decode `%62`), the RFC wins.

mod pattern;

use pattern::Pattern;

/// How much of a robots.txt is read, in bytes (RFC 9309, section 2.5, asks for this much at least).
pub const BYTES_MAX: usize = 500 * 1024;

/// A longer line is cut: eight times the longest URL that browsers of old took, as Google's matcher does it.
const LINE_BYTES_MAX: usize = 8 * 2083 - 1;

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
        let bytes = bytes.get(..BYTES_MAX).unwrap_or(bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let us = token_of(product_token);
        let mut groups = Groups::default();
        let mut sitemaps = Vec::new();
        let mut membership = Membership::default();
        let mut group_is_open = true;
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.get(..LINE_BYTES_MAX).unwrap_or(line);
            let Some((key, value)) = key_and_value(line) else {
                continue;
            };
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
        let path = pattern::path_of(url);
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
        if !path.is_empty() {
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
        let starred = value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace);
        self.everyone |= starred;
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

/// The keys that mean something to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    UserAgent,
    Rule { allow: bool },
    CrawlDelay,
    Sitemap,
}

/// Keys as files spell them, with the misspellings that Google's matcher forgives too.
const KEYS: &[(&str, Key)] = &[
    ("user-agent", Key::UserAgent),
    ("useragent", Key::UserAgent),
    ("user agent", Key::UserAgent),
    ("allow", Key::Rule { allow: true }),
    ("disallow", Key::Rule { allow: false }),
    ("dissallow", Key::Rule { allow: false }),
    ("dissalow", Key::Rule { allow: false }),
    ("disalow", Key::Rule { allow: false }),
    ("diasllow", Key::Rule { allow: false }),
    ("disallaw", Key::Rule { allow: false }),
    ("crawl-delay", Key::CrawlDelay),
    ("crawldelay", Key::CrawlDelay),
    ("sitemap", Key::Sitemap),
    ("site-map", Key::Sitemap),
];

fn key_and_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.split(|byte| *byte == b'#').next().unwrap_or(line).trim_ascii();
    if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        let name = line[..colon].trim_ascii();
        let known = KEYS.iter().find(|(key, _)| name.eq_ignore_ascii_case(key.as_bytes()));
        if let Some((_, key)) = known {
            return Some((*key, line[colon + 1..].trim_ascii()));
        }
    }
    // Without a colon, a blank parts key and value.
    KEYS.iter().find_map(|(name, key)| {
        let (start, value) = line.split_at_checked(name.len())?;
        let parted = value.first().is_some_and(u8::is_ascii_whitespace);
        (parted && start.eq_ignore_ascii_case(name.as_bytes())).then(|| (*key, value.trim_ascii()))
    })
}

/// The product token that a name starts with: `Bot/2.1 (news)` is `Bot`.
fn token_of(name: &str) -> &[u8] {
    token_of_bytes(name.as_bytes())
}

fn token_of_bytes(name: &[u8]) -> &[u8] {
    let end = name
        .iter()
        .position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'-' | b'_'));
    &name[..end.unwrap_or(name.len())]
}

#[cfg(test)]
mod tests;
