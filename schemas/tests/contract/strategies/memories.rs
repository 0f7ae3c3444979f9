//! Arbitrary memories of the fetcher and the deduper.

use proptest::option::of;
use proptest::prelude::*;
use schemas::memory::cleaner::{CleanerMemory, RememberedSite, RememberedStory, StoryPart};
use schemas::memory::deduper::{
    CopyOf, DeduperMemory, MovedOriginal, OriginClues, Precision, RememberedArticle, RememberedStory as OfStory,
    ReplacedOriginal,
};
use schemas::memory::fetcher::{
    FeedReader, FetcherMemory, HostState, PendingEntry, PendingErrand, RobotsState, RobotsVerdict, SeenEntry, TdmState,
};
use schemas::memory::files::{FileSourceState, FileState};
use schemas::memory::lease::{LeaseStanding, LeaseState};

use super::articles::{article, block};
use super::feeds::{detour, feed};
use super::{article_id, errand, fetch_id, file_format, frontier_entry, relation, score, source_id, text, timestamp};

fn seen() -> impl Strategy<Value = SeenEntry> {
    (source_id(), text(), text(), timestamp(), any::<u32>()).prop_map(
        |(source_id, entry, fingerprint, last_seen_at, changes)| SeenEntry {
            source_id,
            entry,
            fingerprint,
            last_seen_at,
            changes,
        },
    )
}

fn pending() -> impl Strategy<Value = PendingEntry> {
    (frontier_entry(), any::<u32>(), timestamp()).prop_map(|(entry, attempts, due_at)| PendingEntry {
        entry,
        attempts,
        due_at,
    })
}

fn host() -> impl Strategy<Value = HostState> {
    let hour = (of(timestamp()), any::<u32>());
    (text(), timestamp(), any::<u32>(), hour).prop_map(
        |(host, next_request_at, failures, (hour_began_at, requests))| HostState {
            host,
            next_request_at,
            failures,
            hour_began_at,
            requests,
        },
    )
}

fn reader() -> impl Strategy<Value = FeedReader> {
    (text(), source_id(), timestamp()).prop_map(|(url, source_id, read_at)| FeedReader {
        url,
        source_id,
        read_at,
    })
}

fn robots() -> impl Strategy<Value = RobotsState> {
    let verdict = prop_oneof![
        Just(RobotsVerdict::AllowAll),
        Just(RobotsVerdict::DisallowAll),
        Just(RobotsVerdict::Rules),
    ];
    let times = (timestamp(), timestamp());
    (
        text(),
        times,
        of(detour()),
        any::<u32>(),
        verdict,
        (text(), text()),
        any::<u32>(),
    )
        .prop_map(
            |(host, (read_at, expires_at), detour, failures, verdict, (rules, ai_opt_outs), crawl_delay_millis)| {
                RobotsState {
                    host,
                    read_at,
                    expires_at,
                    detour,
                    failures,
                    verdict,
                    rules,
                    crawl_delay_millis,
                    ai_opt_outs,
                }
            },
        )
}

fn tdm() -> impl Strategy<Value = TdmState> {
    (text(), timestamp(), timestamp(), text()).prop_map(|(host, read_at, expires_at, rules)| TdmState {
        host,
        read_at,
        expires_at,
        rules,
    })
}

fn lease() -> impl Strategy<Value = LeaseState> {
    let standing = prop_oneof![
        Just(LeaseStanding::Wanted),
        Just(LeaseStanding::Asked),
        Just(LeaseStanding::Granted),
        Just(LeaseStanding::Denied),
    ];
    let names = (source_id(), text(), text(), text(), standing);
    let times = (timestamp(), of(timestamp()), of(timestamp()), of(timestamp()));
    let words = (of(detour()), of(text()), any::<u32>());
    (names, times, words, any::<bool>(), any::<bool>()).prop_map(
        |(names, times, words, pushed_since_poll, relied_on)| {
            let (source_id, hub, topic, callback, standing) = names;
            let (due_at, asked_at, expires_at, last_push_at) = times;
            let (detour, last_error, failures) = words;
            LeaseState {
                source_id,
                hub,
                topic,
                callback,
                standing,
                due_at,
                asked_at,
                expires_at,
                detour,
                failures,
                last_push_at,
                pushed_since_poll,
                relied_on,
                last_error,
            }
        },
    )
}

fn file() -> impl Strategy<Value = FileState> {
    let name = (source_id(), text(), any::<u64>(), timestamp(), timestamp());
    let head = (of(file_format()), text(), any::<u32>());
    let place = (any::<u64>(), any::<u64>(), any::<u64>(), any::<bool>());
    let counts = (any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>());
    let end = (of(timestamp()), any::<bool>(), of(text()));
    (name, head, place, counts, end).prop_map(|(name, head, place, counts, end)| {
        let (source_id, path, size, modified, taken_at) = name;
        let (format, head, head_bytes) = head;
        let (offset, inflated, pass_bytes, pass_line) = place;
        let (rows, records, bad, skipped) = counts;
        let (due_at, finished, error) = end;
        FileState {
            source_id,
            path,
            size,
            modified,
            taken_at,
            format,
            head,
            head_bytes,
            offset,
            inflated,
            pass_bytes,
            pass_line,
            rows,
            records,
            bad,
            skipped,
            due_at,
            finished,
            error,
        }
    })
}

fn file_source() -> impl Strategy<Value = FileSourceState> {
    (source_id(), any::<u64>(), any::<u64>(), timestamp(), of(text())).prop_map(
        |(source_id, files, bytes, seen_at, error)| FileSourceState {
            source_id,
            files,
            bytes,
            seen_at,
            error,
        },
    )
}

pub(crate) fn fetcher_memory() -> impl Strategy<Value = FetcherMemory> {
    prop_oneof![
        feed().prop_map(FetcherMemory::Feed),
        seen().prop_map(FetcherMemory::Seen),
        pending().prop_map(FetcherMemory::Pending),
        host().prop_map(FetcherMemory::Host),
        robots().prop_map(FetcherMemory::Robots),
        errand().prop_map(|errand| FetcherMemory::Errand(PendingErrand { errand })),
        reader().prop_map(FetcherMemory::Reader),
        file().prop_map(FetcherMemory::File),
        file_source().prop_map(FetcherMemory::FileSource),
        lease().prop_map(FetcherMemory::Lease),
        tdm().prop_map(FetcherMemory::Tdm),
        text().prop_map(|key| FetcherMemory::Forget { key }),
    ]
}

fn origin() -> impl Strategy<Value = OriginClues> {
    let precision = prop::sample::select(vec![Precision::Minute, Precision::LocalMinute, Precision::Day]);
    (of(text()), any::<bool>(), of(timestamp()), precision).prop_map(|(agency, dateline, published_at, precision)| {
        OriginClues {
            agency,
            dateline,
            published_at,
            precision,
        }
    })
}

fn moved() -> impl Strategy<Value = MovedOriginal> {
    let replaced = (article_id(), text()).prop_map(|(former, reason)| ReplacedOriginal { former, reason });
    (any::<u32>(), article_id(), of(replaced)).prop_map(|(count, original, replaced)| MovedOriginal {
        count,
        original,
        replaced,
    })
}

fn remembered() -> impl Strategy<Value = RememberedArticle> {
    let names = (article_id(), fetch_id(), article_id(), text(), text());
    let copy_of = (article_id(), relation(), score()).prop_map(|(matched, relation, similarity)| CopyOf {
        matched,
        relation,
        similarity,
    });
    let counts = (any::<u32>(), any::<u32>(), any::<u32>());
    let story = (article_id(), article_id(), score()).prop_map(|(id, related, score)| OfStory { id, related, score });
    let cluster = (of(copy_of), of(story), of(origin()), of(moved()));
    (names, timestamp(), of(timestamp()), cluster, counts, text(), text()).prop_map(
        |(names, entered_at, published_at, (copy_of, story, origin, moved), counts, content_hash, sketch)| {
            let (article_id, fetch_id, cluster, canonical_url, source) = names;
            let (copies, version, sketch_format) = counts;
            RememberedArticle {
                article_id,
                fetch_id,
                entered_at,
                published_at,
                canonical_url,
                source,
                cluster,
                copies,
                copy_of,
                story,
                origin,
                moved,
                version,
                content_hash,
                sketch_format,
                sketch,
            }
        },
    )
}

pub(crate) fn deduper_memory() -> impl Strategy<Value = DeduperMemory> {
    prop_oneof![
        remembered().prop_map(|article| DeduperMemory::Remember(Box::new(article))),
        article_id().prop_map(DeduperMemory::Forget),
    ]
}

fn site() -> impl Strategy<Value = RememberedSite> {
    (
        text(),
        timestamp(),
        any::<u32>(),
        proptest::collection::vec(any::<u8>(), 0..60),
    )
        .prop_map(|(host, learned_at, format, recurring)| RememberedSite {
            host,
            learned_at,
            format,
            recurring,
        })
}

fn story() -> impl Strategy<Value = RememberedStory> {
    let part = proptest::collection::vec(block(), 0..3).prop_map(|blocks| StoryPart { blocks });
    (article(), proptest::collection::vec(part, 0..3), timestamp()).prop_map(|(first, parts, changed_at)| {
        RememberedStory {
            first,
            parts,
            changed_at,
        }
    })
}

pub(crate) fn cleaner_memory() -> impl Strategy<Value = CleanerMemory> {
    prop_oneof![
        site().prop_map(CleanerMemory::Site),
        story().prop_map(|story| CleanerMemory::Story(Box::new(story))),
        text().prop_map(|key| CleanerMemory::Forget { key }),
    ]
}
