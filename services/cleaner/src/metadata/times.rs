//! When a story was published and changed.

use jiff::Timestamp as Moment;
use schemas::article::FoundTime;
use schemas::time::Timestamp;

use super::json_ld::JsonLd;
use crate::dates;
use crate::extracted::Known;
use crate::html::{Cue, Head, Mark, MarkKind};
use crate::words;

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "date.published",
    "publish_date",
    "publish-date",
    "published_at",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "og:published_time",
    "bt:pubdate",
    "analyticsattributes.articledate",
    "article.published",
    "date",
    "og:pubdate",
    "citation_publication_date",
];
const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "article:modified",
    "revised",
];

/// Times of publication and of change. A time of change before the publication, or equal to it, says nothing.
pub(crate) fn choose(
    head: &Head,
    json_ld: &JsonLd,
    url: Option<&str>,
    known: &Known,
) -> (Option<FoundTime>, Option<FoundTime>) {
    let now = known.now.and_then(|now| Moment::from_millisecond(now.as_millis()).ok());
    let stated = |names: &[&str]| {
        names
            .iter()
            .flat_map(|name| head.metas_of(name))
            .find_map(|text| read(text, "meta", now))
    };
    let marked = |kind: MarkKind| {
        head.marks
            .iter()
            .filter(|mark| mark.kind == kind)
            .find_map(|mark| of_mark(mark, "microdata", now))
    };
    let updated = json_ld
        .modified
        .as_deref()
        .and_then(|text| read(text, "json_ld", now))
        .or_else(|| stated(UPDATED))
        .or_else(|| marked(MarkKind::Modified));
    let published = json_ld
        .published
        .as_deref()
        .and_then(|text| read(text, "json_ld", now))
        .or_else(|| stated(PUBLISHED))
        .or_else(|| marked(MarkKind::Published))
        .or_else(|| of_time_elements(head, now))
        .or_else(|| of_url(url, now))
        .or_else(|| of_hint(known, now));
    let updated = updated.filter(|updated| published.as_ref().is_none_or(|published| updated.at > published.at));
    (published, updated)
}

/// Reads a time out of a text.
pub(crate) fn read(text: &str, found_in: &str, now: Option<Moment>) -> Option<FoundTime> {
    let found = dates::find(text, now)?;
    Some(found_time(found.at, found.text, found_in))
}

/// A time with its provenance, in the form of the records.
pub(crate) fn found_time(at: Moment, text: &str, found_in: &str) -> FoundTime {
    FoundTime {
        at: Timestamp::from_millis(at.as_millisecond()),
        date_only: at.as_second() % 86_400 == 0 && !text.contains(':'),
        found_in: found_in.to_owned(),
        text: text.chars().take(200).collect(),
    }
}

fn of_mark(mark: &Mark, found_in: &str, now: Option<Moment>) -> Option<FoundTime> {
    let stated = mark.value.as_deref().and_then(|value| read(value, found_in, now));
    stated.or_else(|| read(&words::fold(&mark.text), found_in, now))
}

/// The first `time` that stands near a headline or byline rather than in a list of other stories; else the first.
fn of_time_elements(head: &Head, now: Option<Moment>) -> Option<FoundTime> {
    let times = || head.marks.iter().filter(|mark| mark.kind == MarkKind::Time);
    let is_elsewhere = |mark: &&Mark| {
        [Cue::Related, Cue::Comment, Cue::Sidebar, Cue::Nav, Cue::Footer]
            .into_iter()
            .any(|cue| mark.has(cue))
    };
    times()
        .filter(|mark| !is_elsewhere(mark))
        .find_map(|mark| of_mark(mark, "time_element", now))
        .or_else(|| times().find_map(|mark| of_mark(mark, "time_element", now)))
}

fn of_url(url: Option<&str>, now: Option<Moment>) -> Option<FoundTime> {
    let found = dates::in_url(url?, now)?;
    Some(found_time(found.at, found.text, "url"))
}

fn of_hint(known: &Known, now: Option<Moment>) -> Option<FoundTime> {
    let at = Moment::from_millisecond(known.hints.published_at?.as_millis()).ok()?;
    dates::is_possible(at, now).then(|| found_time(at, &at.to_string(), "feed"))
}
