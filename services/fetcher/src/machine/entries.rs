//! Which entries of a polled document are new, changed or old.

mod names;

use std::collections::BTreeSet;

use schemas::fetched::Hints;
use schemas::frontier::FrontierEntry;
use schemas::memory::fetcher::{FetcherMemory, SeenEntry};
use schemas::time::Timestamp;

use super::is_web;
use super::poll::{Backlog, Poll};
use super::subscription::{Mark, hash_text, parse_hash};
use crate::bounds::{ADDRESS_BYTES_MAX, FEED_HTML_BYTES_MAX, bound};
use crate::feed::text::plain_text;
use crate::feed::{Entry, Feed};
use crate::found::Found;
use crate::stable_hash::stable_hash;
use names::Names;

/// Entries handed on by one poll. The others are new again at the next one, which then goes out without validators.
const FOUND_MAX: usize = 500;

/// Seen entries forgotten by one poll, besides as many as it adds.
const FORGOTTEN_MAX: usize = 500;

/// What a document brought.
pub(super) struct Judged {
    pub(super) found: Vec<Found>,
    pub(super) changes: Vec<FetcherMemory>,
    /// The time of the newest new entry, as far as it can be believed.
    pub(super) newest_at: Option<Timestamp>,
    /// False when the document holds more than one poll may hand on.
    pub(super) is_complete: bool,
    /// New and changed entries.
    pub(super) news: u32,
}

/// Compares the entries of `feed` with those seen before.
///
/// An entry without a link is not handed on: without an address it could not be told from its siblings later.
pub(super) fn judge(poll: &Poll<'_>, feed: Feed) -> Judged {
    let taken = match poll.backlog() {
        Backlog::All => (0..feed.entries.len()).collect(),
        Backlog::Newest(count) => newest(&feed.entries, count),
        Backlog::NewestAndSince(count, since) => {
            let mut taken = newest(&feed.entries, count);
            let is_since = |entry: &Entry| entry.updated.max(entry.published).is_some_and(|date| since <= date);
            taken.extend(
                (0..)
                    .zip(&feed.entries)
                    .filter(|(_, entry)| is_since(entry))
                    .map(|(at, _)| at),
            );
            taken
        }
    };
    let language = poll.source.language.clone().or(feed.language);
    let mut judged = Judged {
        found: Vec::new(),
        changes: Vec::new(),
        newest_at: None,
        is_complete: true,
        news: 0,
    };
    let names = Names::of(&feed.entries, &poll.subscription.seen);
    let mut shown = BTreeSet::new();
    let mut links = BTreeSet::new();
    for (at, entry) in feed.entries.into_iter().enumerate() {
        let Some(name) = names.of_entry(&entry).filter(|name| shown.insert(*name)) else {
            continue;
        };
        let link = article_link(&entry).filter(|link| taken.contains(&at) && links.insert(link.clone()));
        if link.is_some() && FOUND_MAX <= judged.found.len() {
            judged.is_complete = false;
            continue;
        }
        judge_one(poll, &mut judged, name, entry, link, language.as_deref());
    }
    let forgotten = forgotten(poll, &shown, &judged.changes);
    judged.changes.extend(forgotten);
    judged
}

/// The entry's link when it leads to a page.
fn article_link(entry: &Entry) -> Option<String> {
    let link = entry.link.clone()?;
    (link.len() <= ADDRESS_BYTES_MAX && request_url(&link).is_some()).then_some(link)
}

fn judge_one(
    poll: &Poll<'_>,
    judged: &mut Judged,
    name: u64,
    entry: Entry,
    link: Option<String>,
    language: Option<&str>,
) {
    let fingerprint = fingerprint(&entry);
    let old = poll.subscription.seen.get(name);
    let Some(news) = news(poll, old, fingerprint) else {
        return;
    };
    judged.changes.push(FetcherMemory::Seen(SeenEntry {
        source_id: poll.source.id.clone(),
        entry: hash_text(name),
        fingerprint: hash_text(fingerprint),
        last_seen_at: poll.now,
        changes: match news {
            News::Changed => old.map_or(0, Mark::changes).saturating_add(1),
            News::New | News::StillShown => old.map_or(0, Mark::changes),
        },
    }));
    if news == News::StillShown {
        return;
    }
    judged.news = judged.news.saturating_add(1);
    // A date in the future would make the feed look busy for ever, and one long past would make a busy feed sleep.
    let stated = entry.updated.max(entry.published).unwrap_or(poll.now);
    let first = judged.newest_at.unwrap_or_default();
    let is_backlog = old.is_none() && poll.subscription.state.is_none();
    let at = if is_backlog { stated.min(poll.now) } else { poll.now };
    judged.newest_at = Some(first.max(at));
    if let Some(link) = link {
        judged
            .found
            .push(Found::Entry(Box::new(frontier_entry(poll, entry, link, language))));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    New,
    Changed,
    /// Nothing new, but the record that it was seen grows old.
    StillShown,
}

/// What is new about an entry; `None` when nothing is to be written.
///
/// Some feeds put something else into an entry at every poll, such as a count of comments or the present time. Each
/// change therefore doubles the time before the next one is believed, up to a day.
fn news(poll: &Poll<'_>, old: Option<&Mark>, fingerprint: u64) -> Option<News> {
    let Some(mark) = old else {
        return Some(News::New);
    };
    let settings = &poll.fetcher.settings;
    let age_seconds = poll.now.millis_since(mark.last_seen_at()) / 1_000;
    let patience = i64::from(settings.refetch_min_seconds) << mark.changes().min(9);
    let patience = patience.min(24 * 60 * 60);
    if !names::has_same_text(mark.fingerprint, fingerprint) {
        return (patience <= age_seconds).then_some(News::Changed);
    }
    let half_kept = i64::from(settings.seen_kept_seconds) / 2;
    (half_kept <= age_seconds).then_some(News::StillShown)
}

/// Entries that the feed does not show any more and has not shown for long, and the oldest of the others where a feed
/// names more than is remembered of one: some put a new id into each entry at every poll.
fn forgotten(poll: &Poll<'_>, shown: &BTreeSet<u64>, seen_now: &[FetcherMemory]) -> Vec<FetcherMemory> {
    let settings = &poll.fetcher.settings;
    let seen = &poll.subscription.seen;
    let kept = i64::from(settings.seen_kept_seconds) * 1_000;
    let is_new = |change: &&FetcherMemory| match change {
        FetcherMemory::Seen(entry) => parse_hash(&entry.entry).is_some_and(|name| seen.get(name).is_none()),
        _ => false,
    };
    let added = seen_now.iter().filter(is_new).count();
    let excess = (seen.len() + added).saturating_sub(settings.seen_entries_max);
    let mut gone: Vec<(Timestamp, u64)> = seen
        .iter()
        .filter(|(name, _)| !shown.contains(name))
        .map(|(name, mark)| (mark.last_seen_at(), name))
        .collect();
    let expired = gone.iter().filter(|(at, _)| kept < poll.now.millis_since(*at)).count();
    // As many as are added must be able to go, else those of a feed like that would grow all the same.
    let count = expired.min(FORGOTTEN_MAX).max(excess.min(added + FORGOTTEN_MAX));
    if count < gone.len() {
        gone.select_nth_unstable(count);
        gone.truncate(count);
        gone.sort_unstable();
    }
    let forget = |(_, name): (Timestamp, u64)| FetcherMemory::Forget {
        key: FetcherMemory::seen_key(&poll.source.id, &hash_text(name)),
    };
    gone.into_iter().map(forget).collect()
}

/// The places of the `count` newest entries. Where one has no date, the document's order counts, newest first.
fn newest(entries: &[Entry], count: usize) -> BTreeSet<usize> {
    let date = |at: &usize| entries.get(*at).and_then(|entry| entry.published.or(entry.updated));
    let mut places: Vec<usize> = (0..entries.len()).collect();
    if places.iter().all(|at| date(at).is_some()) {
        places.sort_by_key(|at| std::cmp::Reverse(date(at)));
    }
    places.into_iter().take(count).collect()
}

/// What changes when the article does: title, date of update, text. Markup and white space do not count. The link is in
/// its lower half.
fn fingerprint(entry: &Entry) -> u64 {
    let text = entry
        .content_html
        .as_deref()
        .or(entry.summary.as_deref())
        .map(plain_text);
    let updated = entry.updated.or(entry.published).map(|time| time.to_string());
    let text = stable_hash(&[
        entry.title.as_deref().unwrap_or_default().as_bytes(),
        updated.unwrap_or_default().as_bytes(),
        text.unwrap_or_default().as_bytes(),
    ]);
    names::with_link(text, entry.link.as_deref())
}

/// The address to ask for, for a link as the feed spells it; `None` when it leads to no web page.
fn request_url(link: &str) -> Option<String> {
    let mut url = url::Url::parse(link).ok().filter(url::Url::has_host)?;
    url.set_fragment(None);
    let url: String = url.into();
    is_web(&url).then_some(url)
}

fn frontier_entry(poll: &Poll<'_>, entry: Entry, link: String, language: Option<&str>) -> FrontierEntry {
    let feed_html = entry.content_html.or(entry.summary);
    // An operator's topics come first: what comes late in a long list is cut.
    let mut categories = poll.source.topics.clone();
    let new = |category: &String| !poll.source.topics.contains(category);
    categories.extend(entry.categories.into_iter().filter(new));
    let mut hints = Hints {
        title: entry.title,
        authors: entry.authors,
        published_at: entry.published,
        updated_at: entry.updated,
        categories,
        language: entry.language.or_else(|| language.map(str::to_owned)),
    };
    bound(&mut hints);
    FrontierEntry {
        url: request_url(&link).unwrap_or_default(),
        requested_url: link,
        source_id: poll.source.id.clone(),
        found_at: poll.now,
        redirects: 0,
        hints,
        feed_html: feed_html.filter(|html| !html.is_empty() && html.len() <= FEED_HTML_BYTES_MAX),
        continues: None,
        fetch_page: poll.source.fetch_pages,
    }
}
