//! What a feed says of itself besides its title: where it lives, who pushes it, when it wants to be read.

use super::reference::resolved;
use super::tree::Element;
use super::{Feed, is_web};

/// Hubs of one feed; more are dropped.
const HUBS_MAX: usize = 16;

/// A longer time to live is no statement.
const TTL_SECONDS_MAX: u32 = 366 * DAY;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

/// What was found besides what stands in [`Feed`].
#[derive(Debug, Default)]
pub(super) struct Head {
    period_seconds: Option<u32>,
    frequency: Option<u32>,
}

/// True for the names, in lower case, that [`Head::add`] wants to see.
pub(super) fn is_of_head(name: &str) -> bool {
    matches!(
        name,
        "link" | "ttl" | "updateperiod" | "updatefrequency" | "skiphours" | "skipdays"
    )
}

impl Head {
    /// Takes a child of the element that describes the feed.
    pub(super) fn add(&mut self, element: &Element<'_>, feed: &mut Feed) {
        match element.name.as_ref() {
            "link" => add_link(element, feed),
            "ttl" => feed.ttl_seconds = minutes(&element.text()).or(feed.ttl_seconds),
            "updateperiod" => self.period_seconds = period_seconds(&element.text()).or(self.period_seconds),
            "updatefrequency" => self.frequency = count(&element.text()).or(self.frequency),
            "skiphours" => {
                let hours = listed(element).filter_map(|hour| hour.parse().ok().map(|hour: u8| hour % 24));
                feed.skip_hours.extend(hours.take(24));
            }
            "skipdays" => feed
                .skip_days
                .extend(listed(element).filter_map(|day| day_of_week(&day)).take(7)),
            _ => {}
        }
    }

    /// Writes down what could only be known when all was read.
    pub(super) fn finish(self, feed: &mut Feed) {
        let between = || Some((self.period_seconds? / self.frequency.unwrap_or(1).max(1)).max(1));
        feed.ttl_seconds = feed.ttl_seconds.or_else(between).map(|ttl| ttl.min(TTL_SECONDS_MAX));
        for skipped in [&mut feed.skip_hours, &mut feed.skip_days] {
            skipped.sort_unstable();
            skipped.dedup();
        }
    }
}

/// `<atom:link rel="self hub" href="…"/>`, with its namespace or without.
fn add_link(element: &Element<'_>, feed: &mut Feed) {
    let (Some(relation), Some(target)) = (element.attribute("rel"), element.attribute("href")) else {
        return;
    };
    let target = resolved(element.scope.base(), target);
    for relation in relation.split_whitespace() {
        match relation.to_ascii_lowercase().as_str() {
            "hub" => add_hub(feed, target.clone()),
            "self" => {
                feed.self_link = feed
                    .self_link
                    .take()
                    .or_else(|| Some(target.clone()).filter(|own| is_web(own)));
            }
            _ => {}
        }
    }
}

/// Keeps a hub that can be spoken to.
pub(super) fn add_hub(feed: &mut Feed, hub: String) {
    if is_web(&hub) && feed.hub_links.len() < HUBS_MAX && !feed.hub_links.contains(&hub) {
        feed.hub_links.push(hub);
    }
}

fn listed(element: &Element<'_>) -> impl Iterator<Item = String> {
    element.elements().map(Element::text)
}

fn count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| 0 < *count)
}

fn minutes(text: &str) -> Option<u32> {
    count(text).map(|minutes| minutes.saturating_mul(MINUTE))
}

/// The periods of the syndication module of RSS 1.0.
fn period_seconds(text: &str) -> Option<u32> {
    match text.to_ascii_lowercase().as_str() {
        "hourly" => Some(HOUR),
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        "monthly" => Some(30 * DAY),
        "yearly" => Some(365 * DAY),
        _ => None,
    }
}

fn day_of_week(text: &str) -> Option<u8> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let lower = text.to_ascii_lowercase();
    let at = DAYS.iter().position(|day| *day == lower)?;
    u8::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use crate::feed::{Feed, parse};

    fn read(document: &str) -> Feed {
        parse(document.as_bytes(), None, "https://example.org/news/feed").unwrap()
    }

    fn channel(fields: &str) -> Feed {
        read(&format!(
            "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel>{fields}</channel></rss>"
        ))
    }

    #[test]
    fn hubs_and_the_own_address_are_found_in_every_format() {
        let rss = channel(
            "<a:link rel='self' href='/rss'/><a:link rel='hub' href='https://hub.example/'/>
            <link rel='HUB' href='https://hub.example/2'/><atom10:link rel='hub' href='https://hub.example/'/>
            <link>https://example.org/</link><item><a:link rel='hub' href='https://no.example/'/></item>",
        );
        let atom = read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='/rss'/>
            <link rel='hub' href='https://hub.example/'/><link rel='hub' href='https://hub.example/2'/>
            <link rel='hub' href='javascript:0'/></feed>",
        );
        let json = read(
            r#"{"version": "https://jsonfeed.org/version/1.1", "feed_url": "/rss", "items": [], "hubs": [
            {"type": "WebSub", "url": "https://hub.example/"}, {"type": "rssCloud"}, {"url": "https://hub.example/2"}]}"#,
        );
        for feed in [rss, atom, json] {
            assert_eq!(feed.self_link.as_deref(), Some("https://example.org/rss"));
            assert_eq!(feed.hub_links, ["https://hub.example/", "https://hub.example/2"]);
        }
    }

    #[test]
    fn says_how_long_it_stays_good() {
        let check = |fields: &str, expected: Option<u32>| assert_eq!(channel(fields).ttl_seconds, expected, "{fields}");
        check("<ttl>60</ttl>", Some(3_600));
        check("<ttl> 4294967295 </ttl>", Some(366 * 24 * 3_600));
        check("<ttl>-5</ttl><ttl>soon</ttl>", None);
        check("<sy:updatePeriod> hourly </sy:updatePeriod>", Some(3_600));
        check(
            "<sy:updateFrequency>4</sy:updateFrequency><sy:updatePeriod>daily</sy:updatePeriod>",
            Some(6 * 3_600),
        );
        check("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>5</ttl>", Some(300));
        check("<item><ttl>5</ttl></item>", None);
    }

    #[test]
    fn says_when_it_wants_to_be_left_alone() {
        let feed = channel(
            "<skipHours><hour>24</hour><hour>3</hour><hour>3</hour><hour>x</hour></skipHours>
            <skipDays><day>Sunday</day><day> monday</day><day>someday</day></skipDays>",
        );
        assert_eq!(feed.skip_hours, [0, 3]);
        assert_eq!(feed.skip_days, [0, 6]);
    }
}
