//! An article as it is kept: what the deduper needs of a [`Remembered`] one, packed.
//!
//! What only the record says is left out (by which words it was fetched, which article it matched). Of what is only
//! compared, a hash is kept. The address is kept of originals alone: copies are pointed to by nobody.

use super::address;
use super::bytes::{Name, Put, Reader};
use super::story::{self, KeptStory};
use crate::memory::{Attachment, Moved, Relation, Remembered, Replaced, StoryOf};
use crate::origin::{Agency, Evidence, Precision, Reason};
use crate::sketch::Sketch;
use crate::sketch::wire::{self, Samples, Values};

const OWN_CLUSTER: u8 = 1;
const ATTACHED: u8 = 1 << 1;
const VERSION: u8 = 1 << 2;
const EVIDENCE: u8 = 1 << 3;
const AGENCY: u8 = 1 << 4;
const DATELINE: u8 = 1 << 5;
const MOVED: u8 = 1 << 6;
const REPLACED: u8 = 1 << 7;
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;
/// Similarities have four decimals.
pub(super) const DECIMALS: f32 = 10_000.0;

/// A packed article, opened.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Kept<'a> {
    pub(crate) id: Name<'a>,
    pub(crate) cluster: Name<'a>,
    /// Hash of the words of title and text.
    pub(crate) fingerprint: u64,
    /// Hash of the fetch by which it entered.
    pub(crate) fetch: u32,
    /// Hash of where it is from.
    pub(crate) source: u32,
    pub(crate) entered: i64,
    pub(crate) published: i64,
    pub(crate) copies: u32,
    pub(crate) version: u32,
    pub(crate) evidence: Option<Evidence>,
    attachment: Option<(Relation, f32)>,
    moved: Option<KeptMoved<'a>>,
    story: Option<KeptStory<'a>>,
    address: Address<'a>,
    sketch: &'a [u8],
}

/// Where an article stood.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Address<'a> {
    /// Of an original, packed.
    Whole(&'a [u8]),
    /// Of a copy; 0 without one.
    Hash(u32),
}

impl Default for Address<'_> {
    fn default() -> Self {
        Self::Hash(0)
    }
}

/// An address to compare with.
pub(crate) struct Place {
    packed: Vec<u8>,
    hash: u32,
}

impl Place {
    pub(crate) fn of(address: &str) -> Self {
        Self {
            packed: address::packed(address),
            hash: hash_of(address),
        }
    }
}

#[cfg(test)]
impl<'a> Kept<'a> {
    /// An article of a cluster of which nothing else is known.
    pub(crate) fn of_cluster(cluster: &'a str) -> Self {
        Self {
            cluster: Name::of_text(cluster),
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct KeptMoved<'a> {
    count: u32,
    original: Name<'a>,
    replaced: Option<(Name<'a>, Reason)>,
}

/// A hash of a name that is only compared with others of its kind; 0 of an empty one.
pub(crate) fn hash_of(text: &str) -> u32 {
    if text.is_empty() {
        return 0;
    }
    (long_hash_of(text) >> 32) as u32 | 1
}

/// The same for what is not compared again.
pub(crate) fn long_hash_of(text: &str) -> u64 {
    let mixed = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let state = text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mixed);
    (state ^ state >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The similarity as it is kept and recorded.
pub(crate) fn rounded(similarity: f32) -> f32 {
    (similarity * DECIMALS).round() / DECIMALS
}

/// Packs an article. Its time of entry is not among it.
pub(crate) fn packed(article: &Remembered) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let attachment = article.attachment.as_ref();
    let moved = article.moved.as_deref();
    let replaced = moved.and_then(|moved| moved.replaced.as_ref());
    let evidence = article.evidence;
    let has_agency = evidence.is_some_and(|evidence| evidence.agency.is_some());
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    bytes.push(
        flag(article.cluster == article.id, OWN_CLUSTER)
            | flag(attachment.is_some(), ATTACHED)
            | flag(attachment.is_some_and(|one| one.relation == Relation::Version), VERSION)
            | flag(evidence.is_some(), EVIDENCE)
            | flag(has_agency, AGENCY)
            | flag(evidence.is_some_and(|evidence| evidence.dateline), DATELINE)
            | flag(moved.is_some(), MOVED)
            | flag(replaced.is_some(), REPLACED),
    );
    bytes.name(&article.id);
    if article.cluster != article.id {
        bytes.name(&article.cluster);
    }
    bytes.extend_from_slice(&article.sketch.fingerprint.to_le_bytes());
    for text in [&article.fetch_id, &article.source] {
        bytes.extend_from_slice(&hash_of(text).to_le_bytes());
    }
    bytes.signed(article.entered.saturating_sub(article.published));
    bytes.number(article.copies.into());
    let story = article.story.as_ref();
    bytes.number(u64::from(article.version) << story::BITS | story::bits(story));
    if let Some(attachment) = attachment {
        bytes.number((attachment.similarity * DECIMALS).round() as u64);
    }
    if let Some(evidence) = evidence {
        put_evidence(&mut bytes, evidence, article.entered);
    }
    if let Some(moved) = moved {
        bytes.number(moved.count.into());
        bytes.name(&moved.original);
    }
    if let Some(replaced) = replaced {
        bytes.name(&replaced.former);
        bytes.push(replaced.reason as u8);
    }
    if let Some(of) = story {
        story::put(&mut bytes, of);
    }
    let is_original = attachment.is_none() || replaced.is_some();
    if is_original {
        bytes.counted(&address::packed(&article.url));
    } else {
        bytes.extend_from_slice(&hash_of(&article.url).to_le_bytes());
    }
    wire::pack(&article.sketch, &mut bytes);
    bytes
}

fn put_evidence(bytes: &mut Vec<u8>, evidence: Evidence, entered: i64) {
    if let Some(agency) = evidence.agency {
        bytes.number(agency.number().into());
    }
    // Most articles are a few hours old when they enter: one byte less than the minute itself.
    bytes.push(evidence.precision as u8 | u8::from(evidence.minute == 0) << 2);
    if evidence.minute != 0 {
        bytes.signed(entered / MINUTE - i64::from(evidence.minute));
    }
}

impl<'a> Kept<'a> {
    /// Opens a packed article that entered at a time.
    pub(crate) fn of(bytes: &'a [u8], entered: i64) -> Self {
        let mut reader = Reader(bytes);
        let flags = reader.byte();
        let set = |flag: u8| flags & flag != 0;
        let id = reader.name();
        let relation = if set(VERSION) {
            Relation::Version
        } else {
            Relation::Copy
        };
        let cluster = if set(OWN_CLUSTER) { id } else { reader.name() };
        let fingerprint = u64::from_le_bytes(reader.fixed());
        let fetch = u32::from_le_bytes(reader.fixed());
        let source = u32::from_le_bytes(reader.fixed());
        let published = entered.saturating_sub(reader.signed());
        let copies = reader.small();
        let version = reader.number();
        #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
        Self {
            id,
            cluster,
            fingerprint,
            fetch,
            source,
            entered,
            published,
            copies,
            version: u32::try_from(version >> story::BITS).unwrap_or(u32::MAX),
            attachment: set(ATTACHED).then(|| (relation, reader.small() as f32 / DECIMALS)),
            evidence: set(EVIDENCE).then(|| evidence(&mut reader, set(AGENCY), set(DATELINE), entered)),
            moved: set(MOVED).then(|| moved(&mut reader, set(REPLACED))),
            story: KeptStory::read(&mut reader, version),
            address: match set(ATTACHED) && !set(REPLACED) {
                false => Address::Whole(reader.counted()),
                true => Address::Hash(u32::from_le_bytes(reader.fixed())),
            },
            sketch: reader.0,
        }
    }

    /// Its samples, without opening all of its sketch.
    pub(crate) fn samples(&self) -> Option<Samples<'a>> {
        wire::samples(self.sketch)
    }

    /// Its numbers, names and title words, without opening all of its sketch.
    pub(crate) fn values(&self) -> Option<Values<'a>> {
        wire::values(self.sketch)
    }

    /// Whether it is a copy, or was one when it took the place of an original.
    pub(crate) fn is_attached(&self) -> bool {
        self.attachment.is_some()
    }

    /// The story that it is of.
    pub(crate) fn story(&self) -> Option<StoryOf> {
        self.story.map(KeptStory::told)
    }

    /// Its sketch.
    pub(crate) fn sketch(&self) -> Sketch {
        wire::unpack(self.sketch, self.fingerprint).unwrap_or_default()
    }

    /// Its address, if it is an original.
    pub(crate) fn address(&self) -> String {
        match self.address {
            Address::Whole(packed) => address::unpacked(packed),
            Address::Hash(_) => String::new(),
        }
    }

    /// Whether it stood at this address.
    pub(crate) fn is_at(&self, place: &Place) -> bool {
        place.hash != 0
            && match self.address {
                Address::Whole(packed) => packed == place.packed,
                Address::Hash(hash) => hash == place.hash,
            }
    }

    /// Bytes of its samples, of its numbers, names and titles, of its address, and of all else.
    pub(crate) fn bytes(&self, all: usize) -> [usize; 4] {
        let sketch = self.sketch();
        let pieces = 2 * sketch.values.len() + sketch.contexts.len();
        let samples = self.sketch.len().saturating_sub(pieces);
        let address = match self.address {
            Address::Whole(packed) => packed.len(),
            Address::Hash(_) => 0,
        };
        let rest = all.saturating_sub(self.sketch.len() + address);
        [samples, pieces, address, rest]
    }

    /// Whether it says that the original of its cluster moved.
    pub(crate) fn has_moved(&self) -> bool {
        self.moved.is_some()
    }

    /// What it says of that.
    pub(crate) fn moved(&self) -> Option<Box<Moved>> {
        self.moved.map(|moved| {
            Box::new(Moved {
                count: moved.count,
                original: moved.original.text(),
                replaced: moved.replaced.map(|(former, reason)| Replaced {
                    former: former.text(),
                    reason,
                }),
            })
        })
    }

    /// The article with all that is kept of it, but without its sketch; what is not kept is empty.
    pub(crate) fn remembered(&self) -> Remembered {
        Remembered {
            id: self.id.text(),
            fetch_id: String::new(),
            source: String::new(),
            url: self.address(),
            cluster: self.cluster.text(),
            copies: self.copies,
            version: self.version,
            attachment: self.attachment.map(|(relation, similarity)| Attachment {
                matched: String::new(),
                relation,
                similarity,
            }),
            story: self.story(),
            evidence: self.evidence,
            moved: self.moved(),
            entered: self.entered,
            published: self.published,
            sketch: Sketch::default(),
        }
    }
}

fn evidence(reader: &mut Reader<'_>, has_agency: bool, dateline: bool, entered: i64) -> Evidence {
    let agency = has_agency.then(|| Agency::of_number(u16::try_from(reader.small()).unwrap_or(0)));
    let byte = reader.byte();
    let precision = [Precision::Minute, Precision::LocalMinute, Precision::Day];
    let minute = match byte >> 2 {
        0 => u32::try_from((entered / MINUTE).saturating_sub(reader.signed())).unwrap_or(0),
        _ => 0,
    };
    Evidence {
        agency,
        dateline,
        minute,
        precision: precision.get(usize::from(byte & 3)).copied().unwrap_or_default(),
    }
}

fn moved<'a>(reader: &mut Reader<'a>, has_replaced: bool) -> KeptMoved<'a> {
    KeptMoved {
        count: reader.small(),
        original: reader.name(),
        replaced: has_replaced.then(|| (reader.name(), Reason::of_number(reader.byte()))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, packed};
    use crate::memory::{Attachment, Moved, Relation, Remembered, Replaced, StoryOf};
    use crate::origin::{Agency, Evidence, Precision, Reason};
    use crate::sketch::Sketch;

    fn article() -> Remembered {
        Remembered {
            id: "0f".repeat(16),
            fetch_id: "1e".repeat(16),
            source: "paper.example".to_owned(),
            url: "https://www.paper.example/world/2026/ferry-48123.html".to_owned(),
            cluster: "0f".repeat(16),
            copies: 1,
            version: 1,
            attachment: None,
            story: None,
            evidence: Some(Evidence::default()),
            moved: None,
            entered: 1_780_000_000_000,
            published: 1_780_000_000_000,
            sketch: Sketch::of("A title", "A text of some words."),
        }
    }

    /// What is kept of an article is all but what is said to be left out.
    fn check(article: &Remembered, url: &str) {
        let bytes = packed(article);
        let kept = Kept::of(&bytes, article.entered);
        let expected = Remembered {
            fetch_id: String::new(),
            source: String::new(),
            url: url.to_owned(),
            attachment: article.attachment.as_ref().map(|attachment| Attachment {
                matched: String::new(),
                ..attachment.clone()
            }),
            sketch: Sketch::default(),
            ..article.clone()
        };
        assert_eq!(kept.remembered(), expected);
        assert_eq!(kept.sketch(), article.sketch);
        assert!(kept.id.is(&article.id) && kept.cluster.is(&article.cluster));
    }

    #[test]
    fn an_original_keeps_its_address_and_a_copy_does_not() {
        let original = article();
        check(&original, &original.url);
        let copy = Remembered {
            cluster: "some-first".to_owned(),
            copies: 900,
            version: 3,
            published: original.entered - 86_400_001,
            attachment: Some(Attachment {
                matched: "x".to_owned(),
                relation: Relation::Version,
                similarity: 0.9371,
            }),
            moved: Some(Moved::known(2, "aa")),
            story: Some(StoryOf {
                story: "5c".repeat(16),
                related: "some-other".to_owned(),
                score: 0.5,
            }),
            ..original.clone()
        };
        check(&copy, "");
        let taker = Remembered {
            moved: Some(Box::new(Moved {
                count: 1,
                original: original.id.clone(),
                replaced: Some(Replaced {
                    former: "bb".to_owned(),
                    reason: Reason::Dateline,
                }),
            })),
            story: Some(StoryOf {
                story: "5c".repeat(16),
                related: "5c".repeat(16),
                score: 0.9876,
            }),
            ..copy
        };
        check(&taker, &original.url);
    }

    #[test]
    fn evidence_is_kept_to_the_minute() {
        for (agency, minute, precision) in [
            (None, 0, Precision::Minute),
            (Some(Agency::named("AP")), 29_666_000, Precision::Day),
            (Some(Agency::named("no such")), 30_000_000, Precision::LocalMinute),
            (None, 1, Precision::Minute),
        ] {
            let evidence = Evidence {
                agency,
                dateline: minute == 1,
                minute,
                precision,
            };
            let article = Remembered {
                evidence: Some(evidence),
                ..article()
            };
            check(&article, &article.url);
        }
        check(
            &Remembered {
                evidence: None,
                ..article()
            },
            &article().url,
        );
    }
}
