//! From the pipeline's record to the public one.

use schemas::article::{Article, BlockKind, FoundTime};
use schemas::hop::{Change, Classified};
use schemas::published::{Origin, Provenance, PublicArticle, PublicSource};

/// The public record of `classified`. Everything moves; nothing is invented.
#[must_use]
pub fn public_article(classified: Classified, program: &str) -> PublicArticle {
    let Classified {
        trace,
        article,
        duplicate,
        version,
        change,
        topics,
        model,
    } = classified;
    let text = article.text();
    let Article {
        id,
        url,
        canonical_url,
        title,
        blocks,
        language,
        authors,
        agency,
        dateline,
        ..
    } = article;
    PublicArticle {
        id,
        version,
        revision: trace.fetched_at.as_millis(),
        url,
        canonical_url,
        requested_url: trace.requested_url,
        source: PublicSource {
            id: trace.source_id,
            name: article.site_name,
            section: article.section,
            tags: article.tags,
        },
        title,
        text,
        blocks: blocks.iter().map(|block| kind_name(block.kind).to_owned()).collect(),
        language,
        authors,
        published_at: article.published_at.as_ref().map(|found| found.at),
        updated_at: article.updated_at.as_ref().map(|found| found.at),
        fetched_at: trace.fetched_at,
        agency,
        dateline,
        images: article.images,
        captions: article.captions,
        duplicate,
        topics,
        rights: article.rights,
        change: change_name(change).to_owned(),
        provenance: Provenance {
            fetch_id: trace.fetch_id,
            extractor: article.extractor,
            model,
            program: program.to_owned(),
            published_at: article.published_at.map(origin),
            updated_at: article.updated_at.map(origin),
        },
    }
}

fn origin(found: FoundTime) -> Origin {
    Origin {
        found_in: found.found_in,
        text: found.text,
    }
}

/// The name of a block's kind in public records.
#[must_use]
pub fn kind_name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Paragraph => "paragraph",
        BlockKind::Heading => "heading",
        BlockKind::ListItem => "list_item",
        BlockKind::Quote => "quote",
        BlockKind::TableRow => "table_row",
        BlockKind::Preformatted => "preformatted",
    }
}

fn change_name(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
    }
}
