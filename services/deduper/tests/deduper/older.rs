//! What earlier releases wrote to the memory topic goes on working.

use ::stage::{Stage, Verdict};
use deduper::deduper::{Config, Deduper};
use schemas::fate::Fate;
use schemas::memory::deduper::{DeduperMemory, RememberedArticle};
use schemas::record::{Incoming, Record};
use schemas::topic::{StageName, Topic};

use crate::articles::{BACKGROUND, FERRY, FERRY_OTHER_REPORTER};
use crate::stage::{cleaned, take};
use crate::{HOUR, NOON};

/// Records of a release with sketches of version 1: of a short article that it kept whole, and of a long one.
const VERSION_1: &str = include_str!("records/sketch-1.jsonl");

fn record(line: usize) -> DeduperMemory {
    let line = VERSION_1.lines().nth(line).unwrap_or_default();
    let incoming = Incoming {
        topic: Topic::Memory(StageName::Deduper),
        key: Some(b"a"),
        value: Some(line.as_bytes()),
    };
    // What can't be read is nothing to remember, and the tests find that nothing is remembered.
    DeduperMemory::decode(incoming).unwrap_or_else(|_| DeduperMemory::Forget("unread".into()))
}

fn texts() -> [String; 2] {
    let long = BACKGROUND.iter().map(|article| article.1).chain([FERRY.1]);
    [FERRY.1.to_owned(), long.collect::<Vec<_>>().join("\n\n")]
}

/// A deduper that recalls one line of the records, with the text that it is of.
fn recalled(at: usize) -> (Deduper, String) {
    let mut deduper = Deduper::new(Config::default());
    Stage::apply(&mut deduper, &record(at));
    (deduper, texts()[at].clone())
}

#[test]
fn sketches_of_version_1_are_compared_with_those_of_today() {
    for at in [0, 1] {
        let (mut deduper, text) = recalled(at);
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        let kept = paragraphs[..paragraphs.len() * 2 / 3].join("\n\n");
        for (id, copy) in [("b", text.as_str()), ("c", &kept), ("d", &text.replace("212", "213"))] {
            let decision = take(&mut deduper, cleaned(id, id, "paper.example", copy), NOON + HOUR);
            let duplicate = decision.records[0].duplicate.as_ref();
            let cluster = duplicate.map(|duplicate| duplicate.cluster.as_str());
            assert_eq!(cluster, Some("a"), "{id} of {at}");
        }
        let other = cleaned("e", "e", "gazette.example", FERRY_OTHER_REPORTER.1);
        assert!(take(&mut deduper, other, NOON + HOUR).records[0].duplicate.is_none());
    }
}

#[test]
fn what_version_1_remembered_is_unchanged_in_the_same_words_and_can_be_forgotten() {
    for at in [0, 1] {
        let (mut deduper, text) = recalled(at);
        let same = take(&mut deduper, cleaned("a", "2", "agency.example", &text), NOON + HOUR);
        assert_eq!(same.verdict, Verdict::End(Fate::Unchanged));
        Stage::apply(&mut deduper, &DeduperMemory::Forget("a".into()));
        assert!(deduper.is_empty() && !deduper.remembers("a"));
        let again = take(&mut deduper, cleaned("b", "3", "paper.example", &text), NOON + HOUR);
        assert!(again.records[0].duplicate.is_none());
    }
}

#[test]
fn a_record_that_is_written_again_has_the_format_of_today() {
    let (mut deduper, text) = recalled(0);
    let changed = text.replace("212", "213");
    let update = take(&mut deduper, cleaned("a", "2", "agency.example", &changed), NOON + HOUR);
    let DeduperMemory::Remember(written) = &update.memory[0] else {
        panic!("nothing remembered")
    };
    let DeduperMemory::Remember(old) = record(0) else {
        panic!("no record")
    };
    let formats = |record: &RememberedArticle| (record.sketch_format, record.version);
    assert_eq!((formats(&old), formats(written)), ((1, 1), (2, 2)));
}
