//! Operators' rules for the pages of some sites: what is the story and what never is, by CSS selectors.
//!
//! ```toml
//! [[rule]]
//! host = "paper.example"                       # this host and all below it
//! keep = ["article .story"]                    # only what stands in these elements is the story, and all of it
//! cut = [".read-also", "#poll"]                # what stands in these never is
//! title = "h1.headline"                        # the headline
//! note = "their poll looks like a paragraph"   # for whoever reads the file next
//! expires = "2026-12-31"                       # the last day of the rule, in UTC
//! ```
//!
//! `host` and at least one of `keep`, `cut` and `title` must be there. Several rules may concern one host. Selectors
//! are matched against the page as it came: all tags, classes, ids and other attributes in it. There is nothing to
//! match in what is no text to read (scripts, styles, drawings, `noscript`, `template`, frames, buttons, media), nor
//! in what scripts would make. Elements deeper than 200 or beyond the 20,000th are taken for the one around them,
//! and of an attribute the first 1,000 bytes count.
//!
//! `cut` wins over `keep`. A part of a paragraph in a `cut` element is cut out of the paragraph. Where nothing matches
//! `keep`, the page is read as if the rule had no `keep`, and the rule counts as missed.
//!
//! Start reading at [`Rules`], then [`reading`] (which elements match) and [`applied`] (what that does to the blocks).

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::time::Timestamp;
use scraper::Selector;

pub(crate) mod applied;
mod file;
pub(crate) mod reading;
mod source;

pub use applied::{Outcome, SelectorOutcome};
pub use file::InvalidRules;

/// The rules of an operator; by default none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Places in `rules`, by host.
    by_host: BTreeMap<String, Vec<usize>>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its place in the file, from 1.
    pub number: u32,
    /// The host, in lower case; the rule is for all below it as well.
    pub host: String,
    /// What its author has to say about it.
    pub note: Option<String>,
    /// The last day on which it is applied.
    pub expires: Option<Date>,
    selectors: Vec<RuleSelector>,
}

/// One selector of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RuleSelector {
    key: Key,
    text: String,
    selector: Selector,
    /// Matching it can cost the square of the elements.
    is_dear: bool,
}

/// What a selector is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Only this is the story.
    Keep,
    /// This never is.
    Cut,
    /// The headline.
    Title,
}

impl Key {
    /// The key in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Cut => "cut",
            Self::Title => "title",
        }
    }
}

impl Rule {
    /// Whether its last day is over.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let today = jiff::Timestamp::from_millisecond(now.as_millis()).map(|now| TimeZone::UTC.to_datetime(now).date());
        matches!((self.expires, today), (Some(last), Ok(today)) if last < today)
    }
}

impl Rules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// When it is no TOML, names an unknown key, or a value can't be meant. The error names the rule and the key.
    pub fn parse(text: &str) -> Result<Self, InvalidRules> {
        let rules = file::parse(text)?;
        let mut by_host: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            by_host.entry(rule.host.clone()).or_default().push(index);
        }
        Ok(Self { rules, by_host })
    }

    /// All rules, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules whose last day is over, in the order of the file.
    pub fn expired(&self, now: Timestamp) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.is_expired(now))
    }

    /// The rules for the host of `url`, in the order of the file.
    fn of(&self, url: &str) -> Vec<&Rule> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let host = url::Url::parse(url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        let mut found: Vec<usize> = hosts_above(&host)
            .filter_map(|host| self.by_host.get(host))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.iter().filter_map(|index| self.rules.get(*index)).collect()
    }
}

/// A host, and the hosts that it is below of.
fn hosts_above(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host.trim_end_matches('.')), |host| {
        host.split_once('.').map(|(_, rest)| rest)
    })
}
