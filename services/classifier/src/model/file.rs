//! The model file.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | `cdtopics` |
//! | 4 | format number, little-endian like all numbers here |
//! | 4 | length of the header |
//! | … | the header: JSON with version, reading rules, topics and the number of features |
//! | 4 × features | hashes, ascending |
//! | features | inverse document frequencies |
//! | features × topics | weights |
//!
//! A file is read as if a stranger had written it: every length is checked before it is believed.

use super::Identity;
use super::linear::{Linear, Parts, Topic};
use crate::vocabulary::{Vocabulary, Weighing};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"cdtopics";
/// Grows when the layout of the file changes, or the way text becomes features: then old weights mean nothing.
const FORMAT: u32 = 1;
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
    weighing: Weighing,
    topics: Vec<Topic>,
    features: usize,
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
    let (length, rest) = number(rest)?;
    if LONGEST_HEADER < length as usize {
        return Err(FileError::Value { what: "header length" });
    }
    let (header, rest) = rest.split_at_checked(length as usize).ok_or(FileError::Length)?;
    let header: Header = serde_json::from_slice(header).map_err(FileError::Header)?;
    check(&header)?;
    let features = header.features;
    if rest.len() != features * (4 + 1 + header.topics.len()) {
        return Err(FileError::Length);
    }
    let (keys, rest) = rest.split_at_checked(features * 4).ok_or(FileError::Length)?;
    let (rarity, weights) = rest.split_at_checked(features).ok_or(FileError::Length)?;
    let (keys, _) = keys.as_chunks::<4>();
    let keys = keys.iter().map(|key| u32::from_le_bytes(*key)).collect();
    let vocabulary = Vocabulary::new(keys, rarity.to_vec()).ok_or(FileError::Value { what: "features" })?;
    let weights = weights.iter().map(|weight| weight.cast_signed()).collect();
    let parts = Parts {
        topics: header.topics,
        vocabulary,
        weights,
        weighing: header.weighing,
    };
    Linear::new(
        Identity {
            version: header.version,
            hash: hash(bytes),
        },
        parts,
    )
    .ok_or(FileError::Value { what: "topics" })
}

/// Writes a model's parts; [`read`] gives them back.
///
/// # Errors
/// If the header cannot be written as JSON, which only a number that is not finite can cause.
pub fn write(version: &str, parts: &Parts) -> Result<Vec<u8>, FileError> {
    let header = Header {
        version: version.to_owned(),
        weighing: parts.weighing.clone(),
        topics: parts.topics.clone(),
        features: parts.vocabulary.len(),
    };
    check(&header)?;
    let header = serde_json::to_vec(&header).map_err(FileError::Header)?;
    let length = u32::try_from(header.len()).map_err(|_| FileError::Length)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(header);
    bytes.extend(parts.vocabulary.keys().iter().flat_map(|key| key.to_le_bytes()));
    bytes.extend(parts.vocabulary.rarity());
    bytes.extend(parts.weights.iter().map(|weight| weight.cast_unsigned()));
    Ok(bytes)
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), FileError> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(FileError::Length)?;
    Ok((u32::from_le_bytes(*number), rest))
}

fn check(header: &Header) -> Result<(), FileError> {
    let weighing = &header.weighing;
    let counts = |weight: f32| weight.is_finite() && (0.0..=100.0).contains(&weight);
    if !counts(weighing.title) || !counts(weighing.tail) || MOST_WORDS < weighing.words.max(weighing.lead_words) {
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
    use crate::model::linear::{Parts, Topic};
    use crate::vocabulary::{Vocabulary, Weighing};
    use proptest::prelude::{any, proptest};

    fn parts() -> Parts {
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
        Parts {
            topics: vec![topic("a"), topic("b")],
            vocabulary: Vocabulary::new(vec![1, 5, 9], vec![16, 32, 48]).unwrap(),
            weights: vec![1, -1, 127, -127, 0, 3],
            weighing: Weighing {
                title: 2.0,
                lead_words: 100,
                tail: 0.5,
                words: 600,
            },
        }
    }

    #[test]
    fn reads_what_was_written() {
        let bytes = write("v1", &parts()).unwrap();
        let model = read(&bytes).unwrap();
        assert_eq!(model.parts(), &parts());
        assert_eq!(model.identity().version, "v1");
        assert_eq!(model.identity().hash.len(), 64);
    }

    #[test]
    fn another_weight_is_another_hash() {
        let mut changed = parts();
        changed.weights[0] = 2;
        let hash = |parts: &Parts| read(&write("v1", parts).unwrap()).unwrap().identity().hash.clone();
        assert_ne!(hash(&parts()), hash(&changed));
    }

    #[test]
    fn refuses_a_file_of_another_kind_or_format() {
        assert!(matches!(read(b"not a model"), Err(FileError::Magic)));
        let mut newer = write("v1", &parts()).unwrap();
        newer[8] = 9;
        assert!(matches!(read(&newer), Err(FileError::Format { found: 9 })));
    }

    #[test]
    fn refuses_a_cut_or_padded_file() {
        let bytes = write("v1", &parts()).unwrap();
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length} bytes");
        }
        let padded: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert!(matches!(read(&padded), Err(FileError::Length)));
    }

    #[test]
    fn refuses_numbers_out_of_bounds() {
        let check = |what: &str, break_it: fn(&mut Parts)| {
            let mut broken = parts();
            break_it(&mut broken);
            assert!(write("v1", &broken).is_err(), "{what}");
        };
        check("threshold", |parts| parts.topics[0].threshold = 2.0);
        check("scale", |parts| parts.topics[0].scale = f32::NAN);
        check("order of topics", |parts| parts.topics.swap(0, 1));
        check("weighing", |parts| parts.weighing.title = -1.0);
        check("words", |parts| parts.weighing.words = usize::MAX);
    }

    proptest! {
        #[test]
        fn a_hostile_file_is_an_error_or_a_model_that_works(
            flips in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = write("v1", &parts()).unwrap();
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
