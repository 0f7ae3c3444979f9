//! The deduper as a stage: records in, records out.

use schemas::fate::Fate;
use schemas::hop::{Change, Cleaned, Deduplicated, four_decimals};
use schemas::id::ArticleId;
use schemas::memory::deduper::{CopyOf, DeduperMemory, RememberedArticle};
use schemas::time::Timestamp;
use stage::{Decision, Stage};

use crate::deduper::{Article, Deduper, Duplicate, Verdict};
use crate::memory::{Attachment, Memory, Relation, Remembered};
use crate::sketch::{Sketch, wire};

/// How copies are found, as records say it; the number grows when the verifier's answers change.
pub const METHOD: &str = "sampled_shingles/2";

impl Stage for Deduper {
    type In = Cleaned;
    type Out = Deduplicated;
    type Memory = DeduperMemory;

    fn apply(&mut self, change: &DeduperMemory) {
        match change {
            DeduperMemory::Remember(record) => self.apply(&Memory::Remember(Box::new(from_record(record)))),
            DeduperMemory::Forget(id) => self.apply(&Memory::Forget(id.as_str().to_owned())),
        }
    }

    fn decide(&self, input: Cleaned, now: Timestamp) -> Decision<Deduplicated, DeduperMemory> {
        let Cleaned { trace, article } = input;
        let text = article.text();
        let outcome = self.decide(
            &Article {
                id: article.id.as_str(),
                fetch_id: trace.fetch_id.as_str(),
                source: site(&article.canonical_url).unwrap_or(trace.source_id.as_str()),
                url: &article.canonical_url,
                title: &article.title,
                text: &text,
                published: article.published_at.as_ref().map(|found| found.at.as_millis()),
            },
            now.as_millis(),
        );
        let decision = match outcome.verdict {
            Verdict::Unchanged => Decision::end(Fate::Unchanged),
            Verdict::News { version, duplicate } => {
                let change = if version == 1 { Change::Created } else { Change::Updated };
                let duplicate = duplicate.map(duplicate_record);
                Decision::pass(Deduplicated {
                    trace,
                    article,
                    duplicate,
                    version,
                    change,
                })
            }
        };
        match outcome.memory {
            Some(change) => decision.and_remember(memory_record(&change)),
            None => decision,
        }
    }

    fn due(&self, now: Timestamp) -> Option<Decision<Deduplicated, DeduperMemory>> {
        let changes = self.due(now.as_millis());
        let forget = changes.iter().map(memory_record);
        let decision = forget.fold(Decision::done(), Decision::and_remember);
        (!changes.is_empty()).then_some(decision)
    }
}

/// The host of a URL, without `www.`: editions and feeds of one site are one source.
fn site(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

fn duplicate_record(duplicate: Duplicate) -> schemas::hop::Duplicate {
    schemas::hop::Duplicate {
        cluster: ArticleId(duplicate.cluster),
        original: ArticleId(duplicate.original),
        original_url: duplicate.original_url,
        relation: relation_record(duplicate.relation),
        copies: duplicate.copies,
        similarity: four_decimals(f64::from(duplicate.similarity)),
        method: METHOD.to_owned(),
    }
}

fn relation_record(relation: Relation) -> schemas::hop::Relation {
    match relation {
        Relation::Copy => schemas::hop::Relation::Copy,
        Relation::Version => schemas::hop::Relation::Version,
    }
}

fn memory_record(change: &Memory) -> DeduperMemory {
    let remembered = match change {
        Memory::Forget(id) => return DeduperMemory::Forget(id.as_str().into()),
        Memory::Remember(remembered) => remembered,
    };
    DeduperMemory::Remember(Box::new(RememberedArticle {
        article_id: remembered.id.as_str().into(),
        fetch_id: remembered.fetch_id.as_str().into(),
        entered_at: Timestamp::from_millis(remembered.entered),
        published_at: Some(Timestamp::from_millis(remembered.published)),
        canonical_url: remembered.url.clone(),
        source: remembered.source.clone(),
        cluster: remembered.cluster.as_str().into(),
        copies: remembered.copies,
        copy_of: remembered.attachment.as_ref().map(|attachment| CopyOf {
            matched: attachment.matched.as_str().into(),
            relation: relation_record(attachment.relation),
            similarity: four_decimals(f64::from(attachment.similarity)),
        }),
        version: remembered.version,
        content_hash: format!("{:016x}", remembered.sketch.fingerprint),
        sketch_format: wire::FORMAT,
        sketch: wire::encode(&remembered.sketch),
    }))
}

/// Reads a record. A sketch that can't be read leaves the article known by its id, fetch and version only.
fn from_record(record: &RememberedArticle) -> Remembered {
    let fingerprint = u64::from_str_radix(&record.content_hash, 16).unwrap_or(0);
    let readable = record.sketch_format == wire::FORMAT;
    let sketch = if readable {
        wire::decode(&record.sketch, fingerprint)
    } else {
        None
    };
    Remembered {
        id: record.article_id.as_str().to_owned(),
        fetch_id: record.fetch_id.as_str().to_owned(),
        source: record.source.clone(),
        url: record.canonical_url.clone(),
        cluster: record.cluster.as_str().to_owned(),
        copies: record.copies,
        version: record.version,
        attachment: record.copy_of.as_ref().map(|copy| Attachment {
            matched: copy.matched.as_str().to_owned(),
            relation: match copy.relation {
                schemas::hop::Relation::Copy | schemas::hop::Relation::Other => Relation::Copy,
                schemas::hop::Relation::Version => Relation::Version,
            },
            #[expect(clippy::cast_possible_truncation, reason = "four decimals between 0 and 1")]
            similarity: copy.similarity as f32,
        }),
        entered: record.entered_at.as_millis(),
        published: record.published_at.unwrap_or(record.entered_at).as_millis(),
        sketch: sketch.unwrap_or(Sketch {
            fingerprint,
            ..Sketch::default()
        }),
    }
}
