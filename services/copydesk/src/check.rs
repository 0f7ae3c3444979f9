//! `copydesk sources check`: what is at an address, read once by the fetcher's own rules.

use anyhow::{Context as _, Result};
use fetcher::exchange::Response;
use fetcher::feed::{self, Feed};
use fetcher::robots::Rules;
use fetcher::sitemap::{self, Sitemap};
use kit::config::Config;

use crate::fetching;
use crate::tail::clean;

/// Entries and addresses that are shown.
const SHOWN: usize = 5;

/// Says what is at `url`: a feed, a sitemap, or a page with what it and its site's robots.txt name.
pub(crate) fn check(config: &Config, url: &str) -> Result<()> {
    let (address, response) = fetching::get(config, url)?;
    let content_type = response.header("content-type");
    let error = match feed::parse(&response.body, content_type, &address) {
        Ok(parsed) => {
            show_feed(&address, &parsed);
            return Ok(());
        }
        Err(error) => error,
    };
    let sitemap = sitemap::parse(&response.body, content_type, &address);
    if !sitemap.pages.is_empty() || !sitemap.sitemaps.is_empty() {
        show_sitemap(&address, &sitemap);
        return Ok(());
    }
    let page = String::from_utf8_lossy(&response.body);
    let feeds = feed::discover::discover(&page, &address);
    let sitemaps = named_by_robots(config, &address);
    if feeds.is_empty() && sitemaps.is_empty() {
        return Err(error).with_context(|| format!("{address} is no feed, and names none"));
    }
    println!(
        "{address} is a page that names {} feeds and {} sitemaps; add one of them:",
        feeds.len(),
        sitemaps.len()
    );
    for found in feeds.iter().chain(&sitemaps) {
        println!("  copydesk sources add {}", clean(found));
    }
    Ok(())
}

fn show_feed(address: &str, feed: &Feed) {
    let title = feed.title.as_deref().unwrap_or("no title");
    println!("{address}\n  {} ({} entries)", clean(title), feed.entries.len());
    for entry in feed.entries.iter().take(SHOWN) {
        let published = entry.published.map_or("no date".to_owned(), |at| at.to_string());
        println!(
            "  - {published} {}",
            clean(entry.title.as_deref().unwrap_or("no title"))
        );
        println!("    {}", clean(entry.link.as_deref().unwrap_or("no link")));
    }
}

fn show_sitemap(address: &str, sitemap: &Sitemap) {
    println!(
        "{address}\n  a sitemap of {} pages and {} sitemaps",
        sitemap.pages.len(),
        sitemap.sitemaps.len()
    );
    let pages = sitemap
        .pages
        .iter()
        .map(|page| (page.published.or(page.modified), &page.address));
    let children = sitemap.sitemaps.iter().map(|child| (child.modified, &child.address));
    for (date, found) in pages.chain(children).take(SHOWN) {
        let date = date.map_or("no date".to_owned(), |at| at.to_string());
        println!("  - {date} {}", clean(found));
    }
}

/// The sitemaps that the robots.txt of the site names; none when it can't be had.
fn named_by_robots(config: &Config, address: &str) -> Vec<String> {
    let robots = url::Url::parse(address)
        .ok()
        .and_then(|url| url.join("/robots.txt").ok());
    let answer = robots.map(|robots| fetching::get(config, robots.as_str()));
    let Some(Ok((_, Response { body, .. }))) = answer else {
        return Vec::new();
    };
    Rules::parse(&body, &config.fetcher.user_agent_name).sitemaps().to_vec()
}
