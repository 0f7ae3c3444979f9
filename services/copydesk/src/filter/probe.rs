//! `copydesk probe`: the fetcher's parsers and policies, one case a line.

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::cli::Common;
use crate::{open, roles};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '{\"s\":\"Tue, 3 Feb 2026 10:00 GMT\"}' | copydesk probe date
  echo '{\"url\":\"http://0x7f.1/\"}' | copydesk probe ssrf")]
pub(crate) struct ProbeArguments {
    /// What to try.
    suite: Suite,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Suite {
    /// Feeds: {"bytes_b64","content_type","feed_url"}.
    Feed,
    /// Sitemaps: {"bytes_b64"}.
    Sitemap,
    /// robots.txt: {"robots_b64","queries"}.
    Robots,
    /// Charsets: {"bytes_b64","content_type"}.
    Charset,
    /// Dates: {"s"}.
    Date,
    /// URLs: {"url"}, {"variants"} or {"in","fn","args"}.
    Url,
    /// The address policy: {"url"}.
    Ssrf,
}

/// Answers standard input.
pub(crate) fn run(arguments: &ProbeArguments) -> Result<()> {
    use fetcher::probe;
    if let Suite::Url = arguments.suite {
        let rules = roles::url_rules(&open::config(&arguments.common)?)?;
        return super::run(|case: Value| Ok(probe::url_by(&rules, &case)));
    }
    let answer: fn(&Value) -> Value = match arguments.suite {
        Suite::Feed => probe::feed,
        Suite::Sitemap => probe::sitemap,
        Suite::Robots => probe::robots,
        Suite::Charset => probe::charset,
        Suite::Date => probe::date,
        Suite::Url => probe::url,
        Suite::Ssrf => probe::ssrf,
    };
    super::run(|case: Value| Ok(answer(&case)))
}
