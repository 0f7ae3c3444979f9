//! The times of a story out of everything: what was declared, what readers see, the address, the feed.

use jiff::Timestamp as Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemas::article::FoundTime;

use super::super::Metadata;
use super::{DAY, Reader, embedded, found_time, of_found};
use crate::dates;
use crate::extracted::Known;
use crate::html::Seen;

/// Days after the publication that a machine is told, from which a story that shows its readers a bare day was
/// published anew.
const ANEW: i64 = 30;

/// What there is besides the declared times.
pub(crate) struct Page<'a> {
    /// The page as it was served.
    pub(crate) html: &'a str,
    /// Its address.
    pub(crate) url: Option<&'a str>,
    /// The best date line.
    pub(crate) seen: Option<Seen>,
}

/// Fills in what the page tells readers, its address, and the feed. `metadata` has what was declared.
pub(crate) fn complete(metadata: &mut Metadata, page: Page, known: &Known) {
    let reader = metadata.reader;
    let of_url = page.url.and_then(|url| of_address(url, "url", reader));
    let (shown, changed) = match page.seen {
        Some(seen) if seen.is_change => (None, Some(seen)),
        seen => (seen, None),
    };
    let changed = changed.map(|seen| seen.time);
    metadata.published_at = match metadata.published_at.take() {
        Some(published) => {
            let shown = shown.as_ref().filter(|seen| seen.is_clear).map(|seen| &seen.time);
            let is_better = |shown: &&FoundTime| is_better(shown, &published, metadata.updated_at.as_ref());
            Some(shown.filter(is_better).cloned().unwrap_or(published))
        }
        None => {
            let by_readers = shown.as_ref().map(|seen| &seen.time);
            // The day in an address is the day of the story; a date line on another day is of something else.
            let is_agreed = |time: &&FoundTime| of_url.as_ref().is_none_or(|of_url| is_near(time, of_url, 2));
            by_readers
                .filter(is_agreed)
                .cloned()
                .or_else(|| of_url.clone())
                .or_else(|| of_hint(known, reader.now))
                .or_else(|| embedded::published(page.html, reader))
                .or_else(|| metadata.updated_at.clone())
                .or_else(|| changed.clone())
                .or_else(|| of_picture(&metadata.images.first()?.url, reader))
        }
    };
    if metadata.updated_at.is_none() {
        metadata.updated_at = changed;
    }
    if let Some(published) = &mut metadata.published_at {
        let changed_on = metadata.updated_at.as_ref().and_then(day_of);
        // An address keeps the day that it was made on; a date line may be of the change.
        let is_of_change = |day: &FoundTime| changed_on.is_some() && day_of(day) == changed_on;
        let shown = shown.map(|seen| seen.time).filter(|shown| !is_of_change(shown));
        for day in [of_url, shown].iter().flatten() {
            tell_zone(published, day);
        }
        let published = published.at;
        metadata.updated_at = metadata.updated_at.take().filter(|updated| updated.at > published);
    }
}

/// Whether a bare date line by the headline is believed more than what machines are told. Moving to another program
/// writes the day of the move into a page's metadata, so an earlier day is the older truth; and a story that comes with
/// a much later day, without a word about a change, was published anew.
fn is_better(shown: &FoundTime, published: &FoundTime, updated: Option<&FoundTime>) -> bool {
    let later = shown.at.millis_since(published.at);
    let is_before_change = updated.is_none_or(|updated| shown.at.millis_since(updated.at) <= 2 * DAY);
    later < -2 * DAY || later > ANEW * DAY && is_before_change
}

/// The day that a picture was filed under; a number in a file's name is anything.
fn of_picture(address: &str, reader: Reader) -> Option<FoundTime> {
    let found = of_address(address, "image_url", reader)?;
    let is_path = found.text.len() == "2016/02/17".len() && found.text.matches('/').count() == 2;
    is_path.then_some(found)
}

fn is_near(left: &FoundTime, right: &FoundTime, days: i64) -> bool {
    left.at.millis_since(right.at).abs() <= days * DAY
}

fn of_address(address: &str, found_in: &str, reader: Reader) -> Option<FoundTime> {
    let found = dates::in_url(address, reader.now)?;
    Some(of_found(&found, found_in))
}

fn of_hint(known: &Known, now: Option<Moment>) -> Option<FoundTime> {
    let at = Moment::from_millisecond(known.hints.published_at?.as_millis()).ok()?;
    dates::is_possible(at, now).then(|| found_time(at, &at.to_string(), "feed"))
}

/// Many programs tell machines the time in UTC and readers the day where they are. When the two days are neighbours,
/// the clock of the page is told by them.
fn tell_zone(published: &mut FoundTime, shown: &FoundTime) {
    let is_utc = published.offset_minutes.is_none() && !published.date_only;
    let (Some(day), Some(shown_day)) = (day_of(published), day_of(shown)) else {
        return;
    };
    let minutes = published.at.as_millis().rem_euclid(DAY) / 60_000;
    let hours = match (is_utc, (shown_day - day).get_days()) {
        (true, -1) => -(minutes / 60 + 1),
        (true, 1) => (24 * 60 - minutes + 59) / 60,
        _ => return,
    };
    if (-12..=14).contains(&hours) {
        published.offset_minutes = i16::try_from(hours * 60).ok();
    }
}

/// The day by the clock of the page.
fn day_of(time: &FoundTime) -> Option<Date> {
    let offset = i64::from(time.offset_minutes.unwrap_or(0)) * 60_000;
    let at = Moment::from_millisecond(time.at.plus_millis(offset).as_millis()).ok()?;
    Some(at.to_zoned(TimeZone::UTC).date())
}
