//! The packed form of a sketch, in memory and in the memory topic.
//!
//! Little-endian: shingles of the text (u16), thresholds of the lead and of the rest (u16 each), counts of samples, of samples in the
//! lead, of numbers, names and title words (u8 each), upper halves of the samples (u16 each), lower halves of the keys
//! (u16 each), hashes of numbers, names and title words (u16 each), contexts of numbers and names (u8 each). At most
//! 357 bytes as this release samples. In the topic it is base64 without padding. The fingerprint travels beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::sampling::{LEAD_SHINGLES, thresholds_of};
use super::{Sketch, Thresholds, older, upper};

/// Version of this form. Sketches of version 1 are read and thinned ([`older`]). A sketch of a version that is not
/// known is not read: its article stays known by id, fetch, words and version until it leaves the window, and takes
/// part in comparing again when its text is seen the next time.
pub(crate) const FORMAT: u32 = 2;

/// Bytes before the samples.
const HEAD: usize = 11;
/// The largest numbers of samples, and of numbers, names and title words, that are read.
const SAMPLES_MAX: usize = 200;
const VALUES_MAX: usize = 250;

/// Packs a sketch for a record.
pub(crate) fn encode(sketch: &Sketch) -> String {
    let mut bytes = Vec::with_capacity(400);
    pack(sketch, &mut bytes);
    STANDARD_NO_PAD.encode(bytes)
}

/// Unpacks a sketch of a record; `None` when the text is no sketch of that format.
pub(crate) fn decode(format: u32, packed: &str, fingerprint: u64) -> Option<Sketch> {
    let bytes = STANDARD_NO_PAD.decode(packed).ok()?;
    match format {
        1 => older::unpack(&bytes, fingerprint),
        FORMAT => unpack(&bytes, fingerprint),
        _ => None,
    }
}

/// Adds a packed sketch to `bytes`.
pub(crate) fn pack(sketch: &Sketch, bytes: &mut Vec<u8>) {
    let count = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
    let Thresholds { lead, body, .. } = sketch.thresholds;
    let titles = sketch.title().len();
    bytes.extend_from_slice(&u16::try_from(sketch.length).unwrap_or(u16::MAX).to_le_bytes());
    put(bytes, [lead, body]);
    bytes.extend_from_slice(&[
        count(sketch.samples.len()),
        sketch.lead,
        sketch.numbers,
        sketch.names,
        count(titles),
    ]);
    put(bytes, sketch.samples.iter().map(|&sample| upper(sample)));
    put(bytes, sketch.keys().map(|key| key as u16));
    put(bytes, sketch.values.iter().copied());
    bytes.extend_from_slice(&sketch.contexts);
}

fn put(bytes: &mut Vec<u8>, numbers: impl IntoIterator<Item = u16>) {
    let pairs = numbers.into_iter().map(u16::to_le_bytes);
    pairs.for_each(|pair| bytes.extend_from_slice(&pair));
}

/// The samples of a packed sketch: all that it takes to see that two texts have nothing to do with each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Samples<'a> {
    uppers: &'a [u8],
    threshold: u16,
}

/// The samples of a packed sketch; `None` when the bytes are none.
pub(crate) fn samples(bytes: &[u8]) -> Option<Samples<'_>> {
    let &[_, _, a, b, c, d, count, ..] = bytes else {
        return None;
    };
    Some(Samples {
        uppers: bytes.get(HEAD..HEAD + 2 * usize::from(count))?,
        threshold: u16::from_le_bytes([a, b]).min(u16::from_le_bytes([c, d])),
    })
}

impl Samples<'_> {
    /// How many of the samples another sketch has, and how many it would have if the texts were the same.
    pub(crate) fn shared(&self, other: &Sketch, has: impl Fn(u16) -> bool) -> (usize, usize) {
        let (mut shared, mut comparable) = (0, 0);
        for half in halves(self.uppers) {
            shared += usize::from(has(half));
            comparable += usize::from(half <= other.threshold());
        }
        let of_other = other.samples.iter().filter(|&&sample| upper(sample) <= self.threshold);
        (shared, comparable.min(of_other.count()))
    }
}

/// Numbers, names and title words of a packed sketch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    numbers: &'a [u8],
    names: &'a [u8],
    title: &'a [u8],
}

/// The numbers, names and title words of a packed sketch, which are at its end; `None` when the bytes are none.
pub(crate) fn values(bytes: &[u8]) -> Option<Values<'_>> {
    let &[_, _, _, _, _, _, _, _, numbers, names, titles, ..] = bytes else {
        return None;
    };
    let [numbers, names, titles] = [numbers, names, titles].map(usize::from);
    let end = bytes.len().checked_sub(numbers + names)?;
    let start = end.checked_sub(2 * (numbers + names + titles))?;
    let (numbers, rest) = bytes.get(start..end)?.split_at_checked(2 * numbers)?;
    let (names, title) = rest.split_at_checked(2 * names)?;
    Some(Values { numbers, names, title })
}

impl<'a> Values<'a> {
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u16> + Clone + use<'a> {
        halves(self.numbers)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = u16> + Clone + use<'a> {
        halves(self.names)
    }

    pub(crate) fn title(&self) -> impl Iterator<Item = u16> + Clone + use<'a> {
        halves(self.title)
    }
}

/// Reads a packed sketch; `None` when the bytes are none.
pub(crate) fn unpack(bytes: &[u8], fingerprint: u64) -> Option<Sketch> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (thresholds, rest) = rest.split_first_chunk::<4>()?;
    let (counts, rest) = rest.split_first_chunk::<5>()?;
    let [samples, lead, numbers, names, titles] = counts.map(usize::from);
    let values = numbers + names + titles;
    if SAMPLES_MAX < samples || samples < lead || VALUES_MAX < values {
        return None;
    }
    let (uppers, rest) = rest.split_at_checked(2 * samples)?;
    let uppers: Box<[u32]> = halves(uppers).map(|half| u32::from(half) << 16).collect();
    let length = u32::from(u16::from_le_bytes(*length));
    let [a, b, c, d] = *thresholds;
    let kept = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
    let mut sketch = Sketch {
        fingerprint,
        length,
        lead: counts[1],
        thresholds: thresholds_of(&uppers, lead, (length as usize).saturating_sub(LEAD_SHINGLES), kept),
        samples: uppers,
        numbers: counts[2],
        names: counts[3],
        ..Sketch::default()
    };
    let keys = (0..samples).filter(|&at| sketch.is_key(at)).count();
    let (lowers, rest) = rest.split_at_checked(2 * keys)?;
    let mut lowers = halves(lowers);
    for at in 0..samples {
        if sketch.is_key(at) {
            sketch.samples[at] |= u32::from(lowers.next()?);
        }
    }
    let (pieces, contexts) = rest.split_at_checked(2 * values)?;
    sketch.values = halves(pieces).collect();
    sketch.contexts = contexts.into();
    (contexts.len() == numbers + names).then_some(sketch)
}

fn halves(bytes: &[u8]) -> impl Iterator<Item = u16> + Clone {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair))
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
            assert_eq!(decode(FORMAT, &encode(&sketch), sketch.fingerprint), Some(sketch));
        }
    }

    #[test]
    fn a_packed_sketch_is_small() {
        let packed = encode(&Sketch::of(
            "One two three four five six seven eight nine ten eleven twelve",
            &long_text(),
        ));
        assert!(packed.len() <= 476, "{}", packed.len());
    }

    #[test]
    fn refuses_what_is_no_sketch() {
        let whole = encode(&Sketch::of("Title", &long_text()));
        for broken in ["", "?", "AAAA", &whole[..whole.len() - 8], &format!("{whole}AAAA")] {
            assert_eq!(decode(FORMAT, broken, 0), None, "{broken}");
            assert_eq!(decode(1, broken, 0), None, "{broken}");
        }
        assert_eq!(decode(3, &whole, 0), None);
    }

    #[test]
    fn refuses_counts_that_do_not_fit() {
        let sketch = Sketch::of("Title", "Four words of text");
        for (place, count) in [(6, 2), (6, 250), (7, 200), (8, 200), (9, 1), (10, 9)] {
            let mut bytes = Vec::new();
            pack(&sketch, &mut bytes);
            bytes[place] = count;
            assert_eq!(unpack(&bytes, 0), None, "{place} {count}");
        }
    }
}
