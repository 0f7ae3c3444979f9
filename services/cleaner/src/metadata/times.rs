//! When a story was published and changed.
//!
//! What the page tells machines comes first: JSON-LD, then `meta`, then microdata. Then what it tells readers (a date
//! line by the headline), then the address, then the feed. A time of change is a time of publication only when there is
//! nothing else.

use jiff::Timestamp as Moment;
use schemas::article::FoundTime;
use schemas::time::Timestamp;
use url::Url;

use super::json_ld::JsonLd;
use crate::dates::{self, Found, Order};
use crate::extracted::Known;
use crate::html::{Cue, Head, Mark, MarkKind};
use crate::words;

mod complete;
mod embedded;

pub(crate) use complete::{Page, complete};

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
/// Parts of names of other metas for the time of publication, and those that make them something else.
const LIKE_PUBLISHED: &[&str] = &[
    "publish", "pubdate", "pub_date", "pub-date", "uploaded", "issued", "created",
];
const UNLIKE_PUBLISHED: &[&str] = &["modif", "updat", "publisher", "expire", "user", "comment"];
/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

/// How dates on a page are read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reader {
    /// Which number comes first.
    pub(crate) order: Order,
    /// No article is younger.
    pub(crate) now: Option<Moment>,
}

impl Reader {
    /// The reader for a page: numbers are in the American order when it is in English and its address is of no other
    /// country.
    pub(crate) fn of(language: Option<&str>, url: Option<&Url>, known: &Known) -> Self {
        let mut parts = language.unwrap_or_default().trim().split(['-', '_']);
        let is_english = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("en"));
        let is_american = parts.next().is_none_or(|region| region.eq_ignore_ascii_case("us"));
        let host = url.and_then(Url::host_str).unwrap_or_default();
        let is_of_a_country = host
            .rsplit('.')
            .next()
            .is_some_and(|end| end.len() == 2 && !["us", "io", "ai", "co", "tv", "me", "ly", "fm"].contains(&end));
        Self {
            order: if is_english && is_american && !is_of_a_country {
                Order::MonthFirst
            } else {
                Order::DayFirst
            },
            now: known.now.and_then(|now| Moment::from_millisecond(now.as_millis()).ok()),
        }
    }

    /// Reads a time out of a text.
    pub(crate) fn read(self, text: &str, found_in: &str) -> Option<FoundTime> {
        dates::find_as(text, self.order, self.now).map(|found| of_found(&found, found_in))
    }

    /// Reads a time out of a line that isn't running text.
    pub(crate) fn read_line(self, line: &str, found_in: &str) -> Option<FoundTime> {
        dates::find_in_line(line, self.order, self.now).map(|found| of_found(&found, found_in))
    }

    fn of_mark(self, mark: &Mark, found_in: &str) -> Option<FoundTime> {
        let stated = mark.value.as_deref().and_then(|value| self.read(value, found_in));
        stated.or_else(|| self.read(&words::fold(&mark.text), found_in))
    }

    fn of_metas(self, head: &Head, names: &[&str]) -> Option<FoundTime> {
        names
            .iter()
            .flat_map(|name| head.metas_of(name))
            .find_map(|text| self.read(text, "meta"))
    }
}

/// A time with its provenance, in the form of the records.
pub(crate) fn found_time(at: Moment, text: &str, found_in: &str) -> FoundTime {
    FoundTime {
        at: Timestamp::from_millis(at.as_millisecond()),
        date_only: at.as_second() % 86_400 == 0 && !text.contains(':'),
        found_in: found_in.to_owned(),
        text: text.chars().take(200).collect(),
        offset_minutes: None,
    }
}

fn of_found(found: &Found<'_>, found_in: &str) -> FoundTime {
    FoundTime {
        date_only: !found.has_time,
        offset_minutes: found.offset.filter(|offset| *offset != 0),
        ..found_time(found.at, found.text, found_in)
    }
}

/// What the page tells machines: times of publication and of change.
pub(crate) fn declared(head: &Head, json_ld: &JsonLd, reader: Reader) -> (Option<FoundTime>, Option<FoundTime>) {
    let marked = |kind: MarkKind| {
        let marks = || {
            head.marks
                .iter()
                .filter(move |mark| mark.kind == kind && !mark.has(Cue::Comment))
        };
        marks()
            .filter(|mark| !mark.has(Cue::Related))
            .chain(marks())
            .find_map(|mark| reader.of_mark(mark, "microdata"))
    };
    let of_json_ld = |text: &Option<String>| text.as_deref().and_then(|text| reader.read(text, "json_ld"));
    let updated = of_json_ld(&json_ld.modified)
        .or_else(|| reader.of_metas(head, UPDATED))
        .or_else(|| marked(MarkKind::Modified));
    let published = of_json_ld(&json_ld.published);
    let in_meta = || {
        reader
            .of_metas(head, PUBLISHED)
            .or_else(|| of_other_metas(head, reader))
    };
    let published = match published {
        // Templates that write the time of the change into both fields often have the first one elsewhere.
        Some(published) if is_same(Some(&published), updated.as_ref()) => {
            let earlier = |other: &FoundTime| other.at < published.at;
            Some(in_meta().filter(earlier).unwrap_or(published))
        }
        Some(published) => Some(published),
        None => in_meta()
            .or_else(|| marked(MarkKind::Published))
            .or_else(|| of_json_ld(&json_ld.created)),
    };
    (published, updated)
}

/// Metas that no list has, whose name says that they are of the publication, and that hold a machine's time only.
fn of_other_metas(head: &Head, reader: Reader) -> Option<FoundTime> {
    head.metas
        .iter()
        .filter(|(name, _)| {
            LIKE_PUBLISHED.iter().any(|part| name.contains(part))
                && !UNLIKE_PUBLISHED.iter().any(|part| name.contains(part))
        })
        .find_map(|(_, content)| {
            reader
                .read(content, "meta")
                .filter(|found| found.text == content.trim())
        })
}

/// Whether both are told as one: zones that templates get wrong move the same time by some hours.
fn is_same(left: Option<&FoundTime>, right: Option<&FoundTime>) -> bool {
    left.zip(right)
        .is_some_and(|(left, right)| left.at.millis_since(right.at).abs() <= DAY / 2)
}
