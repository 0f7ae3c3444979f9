//! The model file.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | `cdtopics` |
//! | 4 | format number, little-endian like all numbers here |
//!
//! and then, as one Zstandard frame (RFC 8878), for each head
//!
//! | bytes | content |
//! | --- | --- |
//! | 4 | length of the header |
//! | … | the header: JSON with version, language, reading rules, topics and the number of features |
//! | 4 × features | hashes, ascending, as [`super::packed`] has them |
//! | features | inverse document frequencies |
//! | features × topics | weights |
//! | 4 × finer features | numbers of the features that tell second-level terms apart, ascending; if there are any |
//! | finer features × terms | their weights |
//!
//! Packed a feature takes a third of its room: most weights are of a few steps, and neighbouring hashes lie close together.
//!
//! A file is read as if a stranger had written it: every length is checked before it is believed.

use super::Identity;
use super::finer::Finer;
use super::linear::{Head, Linear, Topic};
use super::packed::{self, Unpacker};
use crate::vocabulary::{Vocabulary, Weighing};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"cdtopics";
/// Grows when the layout of the file changes, or the way text becomes features: then old weights mean nothing.
const FORMAT: u32 = 4;
const LONGEST_HEADER: usize = 1 << 20;
const MOST_FEATURES: usize = 1 << 24;
const MOST_WORDS: usize = 1 << 20;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It does not begin like a model file.
    #[error("this is not a topic model file")]
    Magic,
    /// It was written by an older or newer program.
    #[error("the topic model has format {found}, and this program reads format {FORMAT}: train it again")]
    Format {
        /// The format number in the file.
        found: u32,
    },
    /// Its length is not what its header says.
    #[error("the topic model file is cut short or has bytes left over")]
    Length,
    /// What is packed in it cannot be unpacked, or not within bounds.
    #[error("the topic model file is damaged: it cannot be unpacked")]
    Packed(#[source] std::io::Error),
    /// Its header is not the JSON that it should be.
    #[error("the header of the topic model cannot be read")]
    Header(#[source] serde_json::Error),
    /// A number in it is out of bounds.
    #[error("the topic model is broken: {what}")]
    Value {
        /// Which part is wrong.
        what: &'static str,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    version: String,
    #[serde(default)]
    language: Option<String>,
    weighing: Weighing,
    topics: Vec<Topic>,
    features: usize,
    #[serde(default)]
    finer: Option<Finer>,
    #[serde(default)]
    finer_features: usize,
}

/// Reads a model.
///
/// # Errors
/// If the bytes are not a whole model file of this format with sane numbers.
pub fn read(bytes: &[u8]) -> Result<Linear, FileError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(FileError::Magic)?;
    let (found, rest) = number(rest)?;
    if found != FORMAT {
        return Err(FileError::Format { found });
    }
    let mut packed = Unpacker::new(rest).map_err(FileError::Packed)?;
    let mut heads = Vec::new();
    let mut version = String::new();
    while !packed.is_at_end().map_err(FileError::Packed)? {
        if heads.len() == Linear::MOST_HEADS {
            return Err(FileError::Value {
                what: "number of heads",
            });
        }
        let head;
        (version, head) = read_head(&mut packed)?;
        heads.push(head);
    }
    if !packed.rest().is_empty() {
        return Err(FileError::Length);
    }
    let hash = hash(bytes);
    Linear::new(Identity { version, hash }, heads).ok_or(FileError::Value { what: "heads" })
}

/// The next head, and the version in its header.
fn read_head(packed: &mut Unpacker<'_>) -> Result<(String, Head), FileError> {
    let length = take(packed, 4)?;
    let (length, _) = number(&length)?;
    if LONGEST_HEADER < length as usize {
        return Err(FileError::Value { what: "header length" });
    }
    let header: Header = serde_json::from_slice(&take(packed, length as usize)?).map_err(FileError::Header)?;
    check(&header)?;
    let features = header.features;
    let keys = packed::ascending(&take(packed, features * 4)?);
    let rarity = take(packed, features)?;
    let weights = take(packed, features * header.topics.len())?;
    let vocabulary = Vocabulary::new(keys, rarity).ok_or(FileError::Value { what: "features" })?;
    let head = Head {
        finer: read_finer(packed, header.finer, header.finer_features)?,
        language: header.language,
        topics: header.topics,
        vocabulary,
        weights: signed(weights),
        weighing: header.weighing,
    };
    Ok((header.version, head))
}

/// The second-level terms with their weights, which stand next.
fn read_finer(packed: &mut Unpacker<'_>, finer: Option<Finer>, features: usize) -> Result<Option<Finer>, FileError> {
    let Some(mut finer) = finer else {
        return Ok(None);
    };
    if MOST_FEATURES < features || Finer::MOST_TERMS < finer.terms.len() {
        return Err(FileError::Value { what: "finer terms" });
    }
    let numbers = take(packed, features * 4)?;
    let (numbers, _) = numbers.as_chunks::<4>();
    finer.features = numbers.iter().map(|number| u32::from_le_bytes(*number)).collect();
    finer.weights = signed(take(packed, features * finer.terms.len())?);
    Ok(Some(finer))
}

/// The next `count` bytes, all of them.
fn take(packed: &mut Unpacker<'_>, count: usize) -> Result<Vec<u8>, FileError> {
    let bytes = packed.bytes(count).map_err(FileError::Packed)?;
    (bytes.len() == count).then_some(bytes).ok_or(FileError::Length)
}

/// Weights as they are stored, in the same memory.
fn signed(weights: Vec<u8>) -> Vec<i8> {
    weights.into_iter().map(u8::cast_signed).collect()
}

/// Writes a model's heads; [`read`] gives them back.
///
/// # Errors
/// If a header cannot be written as JSON, which only a number that is not finite can cause, or [`read`] would refuse it.
pub fn write(version: &str, heads: &[Head]) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    for head in heads {
        let header = Header {
            version: version.to_owned(),
            language: head.language.clone(),
            weighing: head.weighing.clone(),
            topics: head.topics.clone(),
            features: head.vocabulary.len(),
            finer: head.finer.clone(),
            finer_features: head.finer.as_ref().map_or(0, |finer| finer.features.len()),
        };
        check(&header)?;
        let header = serde_json::to_vec(&header).map_err(FileError::Header)?;
        let length = u32::try_from(header.len()).map_err(|_| FileError::Length)?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(header);
        bytes.extend(packed::gaps(head.vocabulary.keys()));
        bytes.extend(head.vocabulary.rarity());
        bytes.extend(head.weights.iter().map(|weight| weight.cast_unsigned()));
        if let Some(finer) = &head.finer {
            bytes.extend(finer.features.iter().flat_map(|number| number.to_le_bytes()));
            bytes.extend(finer.weights.iter().map(|weight| weight.cast_unsigned()));
        }
    }
    if packed::MOST_BYTES < bytes.len() as u64 {
        return Err(FileError::Value { what: "size" });
    }
    let packed = packed::pack(&bytes).map_err(FileError::Packed)?;
    Ok([MAGIC.as_slice(), &FORMAT.to_le_bytes(), &packed].concat())
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), FileError> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(FileError::Length)?;
    Ok((u32::from_le_bytes(*number), rest))
}

fn check(header: &Header) -> Result<(), FileError> {
    let weighing = &header.weighing;
    let counts = |weight: f32| weight.is_finite() && (0.0..=100.0).contains(&weight);
    let weights = [weighing.title, weighing.tail, weighing.pieces];
    if !weights.into_iter().all(counts) || MOST_WORDS < weighing.words.max(weighing.lead_words) {
        return Err(FileError::Value { what: "weighing" });
    }
    if MOST_FEATURES < header.features {
        return Err(FileError::Value {
            what: "number of features",
        });
    }
    let ascending = header.topics.is_sorted_by(|first, second| first.id < second.id);
    if !ascending || Linear::MOST_TOPICS < header.topics.len() || !header.topics.iter().all(sane) {
        return Err(FileError::Value { what: "topics" });
    }
    Ok(())
}

fn sane(topic: &Topic) -> bool {
    let scale = topic.calibration;
    topic.bias.is_finite()
        && topic.scale.is_finite()
        && scale.slope.is_finite()
        && scale.rival.is_finite()
        && scale.intercept.is_finite()
        && (0.0..=1.0).contains(&topic.threshold)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{FileError, read, write};
    use crate::model::Model;
    use crate::model::calibration::Calibration;
    use crate::model::finer::{Finer, Term};
    use crate::model::linear::{Head, Topic};
    use crate::vocabulary::{Vocabulary, Weighing};
    use proptest::prelude::{any, proptest};

    fn head(language: Option<&str>) -> Head {
        let topic = |id: &str| Topic {
            id: id.to_owned(),
            bias: -1.0,
            scale: 0.01,
            calibration: Calibration {
                slope: 1.0,
                rival: -0.5,
                intercept: 0.0,
            },
            threshold: 0.5,
        };
        Head {
            language: language.map(str::to_owned),
            topics: vec![topic("a"), topic("b")],
            vocabulary: Vocabulary::new(vec![1, 5, 9], vec![16, 32, 48]).unwrap(),
            weights: vec![1, -1, 127, -127, 0, 3],
            finer: None,
            weighing: Weighing {
                title: 2.0,
                lead_words: 100,
                tail: 0.5,
                pieces: 0.8,
                words: 600,
            },
        }
    }

    fn heads() -> Vec<Head> {
        vec![head(Some("en")), head(None)]
    }

    #[test]
    fn reads_what_was_written() {
        let bytes = write("v1", &heads()).unwrap();
        let model = read(&bytes).unwrap();
        assert_eq!(model.heads(), heads());
        assert_eq!(model.identity().version, "v1");
        assert_eq!(model.identity().hash.len(), 64);
    }

    #[test]
    fn second_level_terms_are_read_back() {
        let term = |id: &str| Term {
            id: id.to_owned(),
            parent: "a".to_owned(),
            bias: -1.0,
            scale: 0.01,
        };
        let mut written = head(None);
        let finer = Finer::new(vec![term("a1"), term("a2")], 0.6, vec![0, 2], vec![1, -1, 2, -2]);
        written.finer = Some(finer.clone());
        let bytes = write("v1", &[written]).unwrap();
        let read_back = read(&bytes).unwrap();
        let read_back = read_back.heads()[0].finer.as_ref().unwrap();
        assert_eq!(
            (&read_back.terms, &read_back.features, &read_back.weights),
            (&finer.terms, &finer.features, &finer.weights)
        );
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn another_weight_is_another_hash() {
        let mut changed = heads();
        changed[1].weights[0] = 2;
        let hash = |heads: &[Head]| read(&write("v1", heads).unwrap()).unwrap().identity().hash.clone();
        assert_ne!(hash(&heads()), hash(&changed));
    }

    #[test]
    fn refuses_a_file_of_another_kind_or_format() {
        assert!(matches!(read(b"not a model"), Err(FileError::Magic)));
        let mut newer = write("v1", &heads()).unwrap();
        newer[8] = 9;
        assert!(matches!(read(&newer), Err(FileError::Format { found: 9 })));
    }

    #[test]
    fn refuses_a_cut_or_padded_file() {
        let bytes = write("v1", &heads()).unwrap();
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length} bytes");
        }
        let endless = write("v1", &vec![head(None); 9]).unwrap();
        assert!(matches!(
            read(&endless),
            Err(FileError::Value {
                what: "number of heads"
            })
        ));
        let headless = write("v1", &[head(Some("en"))]).unwrap();
        assert!(matches!(read(&headless), Err(FileError::Value { what: "heads" })));
        let padded: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert!(matches!(read(&padded), Err(FileError::Length)));
    }

    #[test]
    fn refuses_numbers_out_of_bounds() {
        let check = |what: &str, break_it: fn(&mut Head)| {
            let mut broken = head(None);
            break_it(&mut broken);
            assert!(write("v1", &[broken]).is_err(), "{what}");
        };
        check("threshold", |head| head.topics[0].threshold = 2.0);
        check("scale", |head| head.topics[0].scale = f32::NAN);
        check("order of topics", |head| head.topics.swap(0, 1));
        check("weighing", |head| head.weighing.title = -1.0);
        check("pieces", |head| head.weighing.pieces = f32::INFINITY);
        check("words", |head| head.weighing.words = usize::MAX);
    }

    proptest! {
        #[test]
        fn a_hostile_file_is_an_error_or_a_model_that_works(
            flips in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = write("v1", &heads()).unwrap();
            for (at, value) in flips {
                let at = usize::from(at) % bytes.len();
                bytes[at] = value;
            }
            if let Ok(model) = read(&bytes) {
                let article = crate::model::Article { title: "Rain", text: "More rain", ..Default::default() };
                assert!(!model.scores(&article).is_empty());
            }
        }
    }
}
