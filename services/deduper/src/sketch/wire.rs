//! The packed form of a sketch in the memory topic.
//!
//! Little-endian: shingles of the text (u32), shingle threshold of the lead and of the rest (u32 each), counts of
//! samples, of samples in the lead, of numbers, names and pieces of evidence (u8 each), samples (u32 each), evidence
//! (u16 each); then base64 without padding. At most 609 bytes before base64. The fingerprint travels beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Sketch;

/// Version of this form. A sketch of another version is not read: its article stays known by id, fetch and version,
/// and takes part in comparing again when its text is seen the next time.
pub(crate) const FORMAT: u32 = 1;

/// The largest numbers of samples and of pieces of evidence that are read.
const SAMPLES_MAX: usize = 200;
const EVIDENCE_MAX: usize = 250;

/// Packs a sketch.
pub(crate) fn encode(sketch: &Sketch) -> String {
    let mut bytes = Vec::with_capacity(17 + 4 * sketch.shingles.len() + 2 * sketch.evidence.len());
    for number in [sketch.length, sketch.lead_threshold, sketch.body_threshold] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    let count = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
    let counts = [
        count(sketch.shingles.len()),
        sketch.lead,
        sketch.numbers,
        sketch.names,
        count(sketch.evidence.len()),
    ];
    bytes.extend_from_slice(&counts);
    sketch
        .shingles
        .iter()
        .for_each(|shingle| bytes.extend_from_slice(&shingle.to_le_bytes()));
    sketch
        .evidence
        .iter()
        .for_each(|piece| bytes.extend_from_slice(&piece.to_le_bytes()));
    STANDARD_NO_PAD.encode(bytes)
}

/// Unpacks a sketch; `None` when the text is no such sketch.
pub(crate) fn decode(packed: &str, fingerprint: u64) -> Option<Sketch> {
    let bytes = STANDARD_NO_PAD.decode(packed).ok()?;
    let (numbers, rest) = bytes.split_first_chunk::<12>()?;
    let (counts, rest) = rest.split_first_chunk::<5>()?;
    let [samples, lead, number_count, name_count, evidence] = counts.map(usize::from);
    let fits = samples <= SAMPLES_MAX && lead <= samples && evidence <= EVIDENCE_MAX;
    if !fits || evidence < 2 * (number_count + name_count) || rest.len() != 4 * samples + 2 * evidence {
        return None;
    }
    let (shingles, pieces) = rest.split_at(4 * samples);
    let words = |bytes: &[u8]| {
        bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|chunk| u32::from_le_bytes(*chunk))
            .collect()
    };
    let head: Vec<u32> = words(numbers);
    let &[length, lead_threshold, body_threshold] = head.as_slice() else {
        return None;
    };
    Some(Sketch {
        fingerprint,
        length,
        shingles: words(shingles).into_boxed_slice(),
        lead: counts[1],
        lead_threshold,
        body_threshold,
        evidence: pieces
            .as_chunks::<2>()
            .0
            .iter()
            .map(|chunk| u16::from_le_bytes(*chunk))
            .collect(),
        numbers: counts[2],
        names: counts[3],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_text() -> String {
        (0..900)
            .map(|at| format!("Ward{} counted {} votes. ", at % 97, at * 31 % 1009))
            .collect()
    }

    #[test]
    fn unpacks_what_it_packed() {
        for text in ["", "Short.", &long_text(), "東京で首脳会議が開かれた。"] {
            let sketch = Sketch::of("A title of some words", text);
            assert_eq!(decode(&encode(&sketch), sketch.fingerprint), Some(sketch));
        }
    }

    #[test]
    fn a_packed_sketch_is_small() {
        let packed = encode(&Sketch::of(
            "One two three four five six seven eight nine ten eleven twelve",
            &long_text(),
        ));
        assert!(packed.len() <= 812, "{}", packed.len());
    }

    #[test]
    fn refuses_what_is_no_sketch() {
        let whole = encode(&Sketch::of("Title", &long_text()));
        for broken in ["", "?", "AAAA", &whole[..whole.len() - 8], &format!("{whole}AAAA")] {
            assert_eq!(decode(broken, 0), None, "{broken}");
        }
    }

    #[test]
    fn refuses_counts_that_do_not_fit() {
        let mut bytes = STANDARD_NO_PAD
            .decode(encode(&Sketch::of("Title", "Four words of text")))
            .unwrap();
        bytes[14] = 200;
        assert_eq!(decode(&STANDARD_NO_PAD.encode(bytes), 0), None);
    }
}
