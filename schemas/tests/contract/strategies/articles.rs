//! Arbitrary articles.

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use schemas::article::{Article, Block, BlockKind, FoundTime, Image, PageRules, Rights, Trace};
use schemas::hop::{Change, Cleaned, Deduplicated, Duplicate, Replaces, Story};

use super::{article_id, fetch_id, relation, score, source_id, text, timestamp};

pub(crate) fn trace() -> impl Strategy<Value = Trace> {
    (fetch_id(), source_id(), text(), timestamp()).prop_map(|(fetch_id, source_id, requested_url, fetched_at)| Trace {
        fetch_id,
        source_id,
        requested_url,
        fetched_at,
    })
}

pub(crate) fn block() -> impl Strategy<Value = Block> {
    let kind = prop_oneof![
        Just(BlockKind::Paragraph),
        Just(BlockKind::Heading),
        Just(BlockKind::ListItem),
        Just(BlockKind::Quote),
        Just(BlockKind::TableRow),
        Just(BlockKind::Preformatted),
    ];
    (kind, text()).prop_map(|(kind, text)| Block { kind, text })
}

fn found_time() -> impl Strategy<Value = FoundTime> {
    (timestamp(), any::<bool>(), text(), text(), of(any::<i16>())).prop_map(
        |(at, date_only, found_in, text, offset_minutes)| FoundTime {
            at,
            date_only,
            found_in,
            text,
            offset_minutes,
        },
    )
}

fn rights() -> impl Strategy<Value = Rights> {
    let marks = (any::<bool>(), any::<bool>(), any::<bool>());
    (vec(text(), 0..3), vec(text(), 0..3), of(text()), marks).prop_map(
        |(robots, ai_opt_outs, tdm_policy, (noarchive, tdm_reserved, paywall))| Rights {
            robots,
            noarchive,
            tdm_reserved,
            tdm_policy,
            ai_opt_outs,
            paywall,
        },
    )
}

fn page_rules() -> impl Strategy<Value = PageRules> {
    let numbers = || vec(any::<u32>(), 0..3);
    (numbers(), numbers(), numbers()).prop_map(|(matched, missed, expired)| PageRules {
        matched,
        missed,
        expired,
    })
}

pub(crate) fn article() -> impl Strategy<Value = Article> {
    let address = (article_id(), text(), text(), text());
    let times = (of(found_time()), of(found_time()));
    let words = (of(text()), of(text()), of(text()), of(text()), of(text()));
    let image = (text(), of(text())).prop_map(|(url, caption)| Image { url, caption });
    let lists = (
        vec(text(), 0..3),
        (vec(text(), 0..3), vec(text(), 0..3)),
        vec(image, 0..3),
        vec(text(), 0..3),
    );
    let rest = (
        rights(),
        btree_map(text(), any::<u32>(), 0..3),
        of(page_rules()),
        text(),
        of(text()),
    );
    (address, vec(block(), 0..5), times, words, lists, rest).prop_map(
        |((id, url, canonical_url, title), blocks, times, words, lists, (rights, removed, rules, extractor, form))| {
            let (published_at, updated_at) = times;
            let (language, agency, dateline, site_name, section) = words;
            let (authors, (tags, categories), images, captions) = lists;
            Article {
                id,
                url,
                canonical_url,
                title,
                blocks,
                language,
                authors,
                published_at,
                updated_at,
                agency,
                dateline,
                site_name,
                section,
                tags,
                categories,
                images,
                captions,
                rights,
                form,
                removed,
                rules,
                extractor,
            }
        },
    )
}

pub(crate) fn cleaned() -> impl Strategy<Value = Cleaned> {
    (trace(), article()).prop_map(|(trace, article)| Cleaned { trace, article })
}

fn duplicate() -> impl Strategy<Value = Duplicate> {
    let names = (article_id(), article_id(), text(), text());
    (names, relation(), any::<u32>(), score()).prop_map(
        |((cluster, original, original_url, method), relation, copies, similarity)| Duplicate {
            cluster,
            original,
            original_url,
            relation,
            copies,
            similarity,
            method,
        },
    )
}

pub(crate) fn deduplicated() -> impl Strategy<Value = Deduplicated> {
    let change = prop_oneof![Just(Change::Created), Just(Change::Updated)];
    let replaces = (text(), duplicate()).prop_map(|(reason, former)| Replaces { reason, former });
    let story = (article_id(), article_id(), score(), text()).prop_map(|(id, related, score, method)| Story {
        id,
        related,
        score,
        method,
    });
    let cluster = (of(duplicate()), of(replaces), of(story));
    (trace(), article(), cluster, any::<u32>(), change).prop_map(
        |(trace, article, (duplicate, replaces, story), version, change)| Deduplicated {
            trace,
            article,
            duplicate,
            replaces,
            story,
            version,
            change,
        },
    )
}
