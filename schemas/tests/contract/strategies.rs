//! Arbitrary records: any text in any field, any field absent.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use schemas::command::{Action, Command};
use schemas::fate::FateRecord;
use schemas::fetched::{Content, Continues, Fetched, FetchedRights, Hints};
use schemas::frontier::FrontierEntry;
use schemas::hop::Relation;
use schemas::id::{ArticleId, FetchId, SourceId};
use schemas::memory::publisher::{PublisherMemory, Standing};
use schemas::source::{FileFormat, Source, SourceChange};
use schemas::time::Timestamp;

mod articles;
mod errands;
mod feeds;
mod memories;

pub(crate) use articles::{cleaned, deduplicated};
pub(crate) use errands::{errand, frontier_record};
pub(crate) use memories::{cleaner_memory, deduper_memory, fetcher_memory};

pub(crate) fn text() -> BoxedStrategy<String> {
    prop_oneof![
        Just(String::new()),
        any::<String>(),
        vec(any::<char>(), 0..20).prop_map(String::from_iter)
    ]
    .boxed()
}

pub(crate) fn timestamp() -> BoxedStrategy<Timestamp> {
    prop_oneof![any::<i64>(), -10_000_000_000_000..10_000_000_000_000_i64]
        .prop_map(Timestamp::from_millis)
        .boxed()
}

pub(crate) fn article_id() -> impl Strategy<Value = ArticleId> {
    text().prop_map(ArticleId)
}

pub(crate) fn fetch_id() -> impl Strategy<Value = FetchId> {
    text().prop_map(FetchId)
}

pub(crate) fn source_id() -> impl Strategy<Value = SourceId> {
    text().prop_map(SourceId)
}

/// A score as records carry it.
pub(crate) fn score() -> impl Strategy<Value = f64> {
    (0..=10_000_u32).prop_map(|score| f64::from(score) / 10_000.0)
}

pub(crate) fn relation() -> impl Strategy<Value = Relation> {
    prop_oneof![Just(Relation::Copy), Just(Relation::Version)]
}

fn source() -> impl Strategy<Value = Source> {
    let words = (text(), of(text()), of(text()));
    let settings = (of(any::<u32>()), any::<bool>(), any::<bool>(), of(file_format()));
    let headers = prop::collection::btree_map(text(), text(), 0..3);
    let more = (of(timestamp()), headers, of(text()), vec(text(), 0..3), of(text()));
    (source_id(), words, settings, more).prop_map(
        |(id, (url, title, language), (poll_interval_seconds, fetch_pages, paused, format), more)| Source {
            id,
            url,
            title,
            language,
            poll_interval_seconds,
            fetch_pages,
            paused,
            added_at: more.0,
            headers: more.1,
            credentials_file: more.2,
            topics: more.3,
            charset: more.4,
            format,
        },
    )
}

pub(crate) fn file_format() -> impl Strategy<Value = FileFormat> {
    prop::sample::select(FileFormat::ALL)
}

pub(crate) fn source_change() -> impl Strategy<Value = SourceChange> {
    prop_oneof![
        source().prop_map(SourceChange::Set),
        source_id().prop_map(SourceChange::Removed)
    ]
}

pub(crate) fn command() -> impl Strategy<Value = Command> {
    let action = prop_oneof![Just(Action::Withdraw), Just(Action::Release)];
    (article_id(), action, text(), timestamp(), any::<u32>()).prop_map(
        |(article_id, action, reason, given_at, partition)| Command {
            article_id,
            action,
            reason,
            given_at,
            partition,
        },
    )
}

fn hints() -> impl Strategy<Value = Hints> {
    let times = (of(timestamp()), of(timestamp()));
    let lists = (vec(text(), 0..3), vec(text(), 0..3));
    (of(text()), of(text()), times, lists).prop_map(
        |(title, language, (published_at, updated_at), (authors, categories))| Hints {
            title,
            authors,
            published_at,
            updated_at,
            categories,
            language,
        },
    )
}

pub(crate) fn frontier_entry() -> impl Strategy<Value = FrontierEntry> {
    let origin = (text(), text(), source_id(), timestamp());
    let texts = (hints(), of(text()), of(continues()));
    (origin, any::<u8>(), texts, any::<bool>()).prop_map(
        |((url, requested_url, source_id, found_at), redirects, (hints, feed_html, continues), fetch_page)| {
            FrontierEntry {
                url,
                requested_url,
                source_id,
                found_at,
                redirects,
                hints,
                feed_html,
                continues,
                fetch_page,
            }
        },
    )
}

fn continues() -> impl Strategy<Value = Continues> {
    (article_id(), any::<u8>()).prop_map(|(article_id, part)| Continues { article_id, part })
}

pub(crate) fn fetched() -> impl Strategy<Value = Fetched> {
    let content = prop_oneof![Just(Content::Page), Just(Content::FeedHtml), Just(Content::Text)];
    let answer = (text(), any::<u16>(), of(text()), vec(text(), 0..3));
    let body = prop_oneof![
        vec(any::<u8>(), 0..300),
        (any::<u8>(), 0..100_000_usize).prop_map(|(byte, count)| vec![byte; count])
    ];
    let rights =
        (vec(text(), 0..3), of(any::<bool>()), of(text())).prop_map(|(ai_opt_outs, tdm_reserved, tdm_policy)| {
            FetchedRights {
                ai_opt_outs,
                tdm_reserved,
                tdm_policy,
            }
        });
    let origin = (of(continues()), any::<bool>());
    (articles::trace(), answer, rights, content, hints(), origin, body).prop_map(
        |(trace, (url, status, content_type, robots_headers), rights, content, hints, (continues, from_file), body)| {
            Fetched {
                trace,
                url,
                status,
                content_type,
                robots_headers,
                rights,
                content,
                hints,
                continues,
                from_file,
                body,
            }
        },
    )
}

pub(crate) fn fate() -> impl Strategy<Value = FateRecord> {
    let names = (fetch_id(), of(article_id()), text(), source_id());
    (names, text(), of(text()), text(), of(timestamp()), timestamp()).prop_map(
        |((fetch_id, article_id, requested_url, source_id), fate, reason, stage, fetched_at, decided_at)| FateRecord {
            fetch_id,
            article_id,
            requested_url,
            source_id,
            fate,
            reason,
            stage,
            fetched_at,
            decided_at,
        },
    )
}

fn standing() -> impl Strategy<Value = Standing> {
    let names = (article_id(), fetch_id());
    let marks = (any::<bool>(), any::<bool>(), any::<bool>());
    (names, any::<u32>(), any::<i64>(), timestamp(), marks, vec(text(), 0..3)).prop_map(
        |((article_id, fetch_id), version, revision, changed_at, (duplicate, once_original, withdrawn), subjects)| {
            Standing {
                article_id,
                fetch_id,
                version,
                revision,
                changed_at,
                duplicate,
                once_original,
                withdrawn,
                subjects,
            }
        },
    )
}

pub(crate) fn publisher_memory() -> impl Strategy<Value = PublisherMemory> {
    prop_oneof![
        standing().prop_map(PublisherMemory::Standing),
        article_id().prop_map(PublisherMemory::Forget),
    ]
}
