//! Sketches as earlier releases wrote them.
//!
//! Version 1 kept about a hundred whole hashes of a text, whose thresholds are above those of today's for all but the
//! shortest leads. So today's samples are among them: the sketch is thinned to what this release would have kept, and
//! where it kept less than that, its thresholds say so, as they do for texts of different lengths.

use super::sampling::{LEAD_SHINGLES, Sampled, sample, thin, wanted};
use super::{Sketch, upper};

/// Reads a sketch of version 1; `None` when the bytes are none.
///
/// Little-endian: shingles of the text, threshold of the lead and of the rest (u32 each), counts of samples, of samples
/// in the lead, of numbers, of names and of pieces of evidence (u8 each), samples (u32 each), evidence (u16 each):
/// numbers, their contexts, names, their contexts, title words.
pub(super) fn unpack(bytes: &[u8], fingerprint: u64) -> Option<Sketch> {
    let (head, rest) = bytes.split_at_checked(12)?;
    let (counts, rest) = rest.split_first_chunk::<5>()?;
    let [samples, lead, numbers, names, evidence] = counts.map(usize::from);
    if samples < lead || evidence < 2 * (numbers + names) || rest.len() != 4 * samples + 2 * evidence {
        return None;
    }
    let (samples, evidence) = rest.split_at(4 * samples);
    let words = |bytes: &[u8]| -> Vec<u32> {
        let chunks = bytes.as_chunks::<4>().0.iter();
        chunks.map(|chunk| u32::from_le_bytes(*chunk)).collect()
    };
    let head = words(head);
    let &[length, lead_threshold, body_threshold] = head.as_slice() else {
        return None;
    };
    let samples = words(samples);
    let evidence: Vec<u16> = evidence
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .collect();
    let numbered = evidence.split_at_checked(2 * numbers)?;
    let named = numbered.1.split_at_checked(2 * names)?;
    let (number_values, number_contexts) = numbered.0.split_at(numbers);
    let (name_values, name_contexts) = named.0.split_at(names);
    let values = [number_values, name_values, named.1].concat();
    let contexts = number_contexts.iter().chain(name_contexts);
    let sampled = thinned(&samples, lead, length as usize, [lead_threshold, body_threshold]);
    Some(Sketch {
        fingerprint,
        length,
        samples: sampled.samples().into_boxed_slice(),
        lead: sampled.lead,
        thresholds: sampled.thresholds,
        values: values.into_boxed_slice(),
        contexts: contexts.map(|context| (context >> 8) as u8).collect(),
        numbers: counts[2],
        names: counts[3],
    })
}

/// Today's samples of a text of `length` shingles among those that were kept: the first `lead` of its lead, up to one
/// threshold, the others up to the other.
fn thinned(samples: &[u32], lead: usize, length: usize, kept: [u32; 2]) -> Sampled {
    if kept == [u32::MAX; 2] {
        return sample(samples);
    }
    let (lead, body) = samples.split_at(lead);
    // Of the hashes with the threshold's own upper half only some were kept.
    let [lead_kept, body_kept] = kept.map(|threshold| match threshold {
        u32::MAX => u16::MAX,
        _ => upper(threshold).saturating_sub(1),
    });
    let wanted = wanted(length.saturating_sub(LEAD_SHINGLES));
    let thresholds = (wanted.lead(lead).min(lead_kept), wanted.body(body).min(body_kept));
    thin((lead, body), length.saturating_sub(LEAD_SHINGLES), thresholds)
}
