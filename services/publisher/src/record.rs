//! From the pipeline's record to the public one.

use schemas::article::{BlockKind, FoundTime};
use schemas::hop::{Change, Classified};
use schemas::published::{Origin, Provenance, PublicArticle, PublicSource};

/// The public record of `classified`. Everything moves; nothing is invented.
#[must_use]
pub fn public_article(classified: Classified, program: &str) -> PublicArticle {
    let provenance = provenance(&classified, program);
    let Classified {
        trace,
        article,
        duplicate,
        story,
        version,
        change,
        topics,
        ..
    } = classified;
    PublicArticle {
        text: article.text(),
        blocks: article
            .blocks
            .iter()
            .map(|block| kind_name(block.kind).to_owned())
            .collect(),
        published_at: article.published_at.map(|found| found.at),
        updated_at: article.updated_at.map(|found| found.at),
        source: PublicSource {
            id: trace.source_id,
            name: article.site_name,
            section: article.section,
            tags: article.tags,
        },
        id: article.id,
        version,
        revision: trace.fetched_at.as_millis(),
        url: article.url,
        canonical_url: article.canonical_url,
        requested_url: trace.requested_url,
        title: article.title,
        form: article.form,
        language: article.language,
        authors: article.authors,
        fetched_at: trace.fetched_at,
        agency: article.agency,
        dateline: article.dateline,
        images: article.images,
        captions: article.captions,
        duplicate,
        story,
        topics,
        rights: article.rights,
        change: change_name(change).to_owned(),
        provenance,
    }
}

fn provenance(classified: &Classified, program: &str) -> Provenance {
    let Classified {
        trace, article, model, ..
    } = classified;
    Provenance {
        fetch_id: trace.fetch_id.clone(),
        extractor: article.extractor.clone(),
        model: model.clone(),
        program: program.to_owned(),
        published_at: article.published_at.as_ref().map(origin),
        updated_at: article.updated_at.as_ref().map(origin),
    }
}

fn origin(found: &FoundTime) -> Origin {
    Origin {
        found_in: found.found_in.clone(),
        text: found.text.clone(),
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
