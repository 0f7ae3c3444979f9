//! The deduper as a stage: records in, records out.

use schemas::article::FoundTime;
use schemas::fate::Fate;
use schemas::hop::{Change, Cleaned, Deduplicated, four_decimals};
use schemas::id::ArticleId;
use schemas::memory::deduper::{
    CopyOf, DeduperMemory, MovedOriginal, OriginClues, RememberedArticle, RememberedStory, ReplacedOriginal,
};
use schemas::time::Timestamp;
use stage::{Decision, Stage};

use crate::deduper::{Article, Deduper, Duplicate, Replaces, Verdict};
use crate::memory::{Attachment, Memory, Moved, Relation, Remembered, Replaced, StoryOf};
use crate::origin::{self, Agency, Clues, Evidence, Precision, Reason, Told};
use crate::sketch::{Sketch, wire};

/// How copies are found, as records say it; the number grows when the verifier's answers change.
pub const METHOD: &str = "sampled_shingles/4";

/// How articles on one event are found, likewise.
pub const STORY_METHOD: &str = "shared_names/1";

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
        let outcome = self.decide_with(
            &Article {
                id: article.id.as_str(),
                fetch_id: trace.fetch_id.as_str(),
                source: origin::site(&article.canonical_url).unwrap_or(trace.source_id.as_str()),
                url: &article.canonical_url,
                title: &article.title,
                text: &text,
                published: article.published_at.as_ref().map(|found| found.at.as_millis()),
            },
            &clues(&article),
            now.as_millis(),
        );
        let decision = match outcome.verdict {
            Verdict::Unchanged => Decision::end(Fate::Unchanged),
            Verdict::News {
                version,
                duplicate,
                replaces,
                story,
            } => {
                let change = if version == 1 { Change::Created } else { Change::Updated };
                Decision::pass(Deduplicated {
                    trace,
                    article,
                    duplicate: duplicate.map(duplicate_record),
                    replaces: replaces.map(replaces_record),
                    story: story.map(|of| story_record(*of)),
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

fn clues(article: &schemas::article::Article) -> Clues<'_> {
    Clues {
        agency: article.agency.as_deref(),
        dateline: article.dateline.is_some(),
        told: article.published_at.as_ref().map(told),
    }
}

/// What a time that the cleaner found proves.
#[must_use]
pub fn told(found: &FoundTime) -> Told {
    let at = found.at.as_millis();
    match (found.date_only, names_zone(found)) {
        (true, _) => Told::Day(at),
        (false, true) => Told::At(at),
        (false, false) => Told::Local(at),
    }
}

/// Whether a time was told with its zone. The cleaner says how far it is from Greenwich's; a time that was told in
/// Greenwich's own has to be told from one without any.
fn names_zone(found: &FoundTime) -> bool {
    let text = found.text.trim_end().to_ascii_uppercase();
    let is_utc = text
        .strip_suffix('Z')
        .is_some_and(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
    let names_utc = ["UTC", "GMT", "+00:00", "+0000", "-00:00", "-0000"];
    found.offset_minutes.is_some() || is_utc || names_utc.iter().any(|zone| text.contains(zone))
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

fn replaces_record(replaces: Replaces) -> schemas::hop::Replaces {
    schemas::hop::Replaces {
        reason: replaces.reason.as_str().to_owned(),
        former: duplicate_record(replaces.former),
    }
}

fn story_record(of: StoryOf) -> schemas::hop::Story {
    schemas::hop::Story {
        id: ArticleId(of.story),
        related: ArticleId(of.related),
        score: four_decimals(f64::from(of.score)),
        method: STORY_METHOD.to_owned(),
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
        story: remembered.story.clone().map(remembered_story_record),
        origin: remembered.evidence.map(clues_record),
        moved: remembered.moved.as_deref().map(moved_record),
        version: remembered.version,
        content_hash: format!("{:016x}", remembered.sketch.fingerprint),
        sketch_format: wire::FORMAT,
        sketch: wire::encode(&remembered.sketch),
    }))
}

fn remembered_story_record(of: StoryOf) -> RememberedStory {
    RememberedStory {
        id: ArticleId(of.story),
        related: ArticleId(of.related),
        score: four_decimals(f64::from(of.score)),
    }
}

fn from_story_record(of: &RememberedStory) -> StoryOf {
    #[expect(clippy::cast_possible_truncation, reason = "four decimals between 0 and 1")]
    let score = of.score as f32;
    StoryOf {
        story: of.id.as_str().to_owned(),
        related: of.related.as_str().to_owned(),
        score,
    }
}

fn clues_record(evidence: Evidence) -> OriginClues {
    OriginClues {
        agency: evidence.agency.map(|agency| agency.name().to_owned()),
        dateline: evidence.dateline,
        published_at: (0 < evidence.minute).then(|| Timestamp::from_seconds(i64::from(evidence.minute) * 60)),
        precision: match evidence.precision {
            Precision::Minute => schemas::memory::deduper::Precision::Minute,
            Precision::LocalMinute => schemas::memory::deduper::Precision::LocalMinute,
            Precision::Day => schemas::memory::deduper::Precision::Day,
        },
    }
}

fn moved_record(moved: &Moved) -> MovedOriginal {
    MovedOriginal {
        count: moved.count,
        original: moved.original.as_str().into(),
        replaced: moved.replaced.as_ref().map(|replaced| ReplacedOriginal {
            former: replaced.former.as_str().into(),
            reason: replaced.reason.as_str().to_owned(),
        }),
    }
}

fn from_clues_record(clues: &OriginClues) -> Evidence {
    let minute = |at: Timestamp| u32::try_from(at.as_millis().div_euclid(60_000)).unwrap_or(0);
    Evidence {
        agency: clues.agency.as_deref().map(Agency::named),
        dateline: clues.dateline,
        minute: clues.published_at.map_or(0, minute),
        precision: match clues.precision {
            schemas::memory::deduper::Precision::Minute => Precision::Minute,
            schemas::memory::deduper::Precision::LocalMinute => Precision::LocalMinute,
            // The least exact one for what a later release knows.
            schemas::memory::deduper::Precision::Day | schemas::memory::deduper::Precision::Other => Precision::Day,
        },
    }
}

fn from_moved_record(moved: &MovedOriginal) -> Box<Moved> {
    Box::new(Moved {
        count: moved.count,
        original: moved.original.as_str().to_owned(),
        replaced: moved.replaced.as_ref().map(|replaced| Replaced {
            former: replaced.former.as_str().to_owned(),
            reason: Reason::of_str(&replaced.reason),
        }),
    })
}

/// Reads a record. A sketch that can't be read leaves the article known by its id, fetch and version only.
fn from_record(record: &RememberedArticle) -> Remembered {
    let fingerprint = u64::from_str_radix(&record.content_hash, 16).unwrap_or(0);
    let sketch = wire::decode(record.sketch_format, &record.sketch, fingerprint);
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
        story: record.story.as_ref().map(from_story_record),
        evidence: record.origin.as_ref().map(from_clues_record),
        moved: record.moved.as_ref().map(from_moved_record),
        entered: record.entered_at.as_millis(),
        published: record.published_at.unwrap_or(record.entered_at).as_millis(),
        sketch: sketch.unwrap_or(Sketch {
            fingerprint,
            ..Sketch::default()
        }),
    }
}
