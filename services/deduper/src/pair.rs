//! What two sketches have in common, measured.
//!
//! Everything is a share between 0 and 1 or a count, has a reason, and can be shown to a person. The verifier weighs
//! these measures; it sees nothing else.

use crate::sketch::sampling::LEAD_SHINGLES;
use crate::sketch::{NAMES_MAX, NUMBERS_MAX, Pieces, Sketch, upper};

/// Places that coverage is looked at in: a copy is covered everywhere, a borrowed paragraph in one place.
const BINS: usize = 8;
/// Samples that a share is taken to have seen in addition, all unmatched: few samples prove little.
const DOUBT: f32 = 1.0;

/// One side of a pair: how much of this text the other one has.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Side {
    /// Share of the sampled shingles that the other text has, common ones counting less.
    pub cover: f32,
    /// The same, all counting alike.
    pub plain_cover: f32,
    /// The same of the lead alone.
    pub lead_cover: f32,
    /// The plain share, estimated apart of the lead and of the rest and added up by their lengths: a lead that is shared
    /// counts for no more of a long text than it is.
    pub part_cover: f32,
    /// Share of the parts of the text in which anything is shared.
    pub spread: f32,
    /// Where in the text the first shared passage begins, 0 to 1; 1 when none is shared.
    pub start: f32,
    /// Share of the numbers that the other text has; 1 without numbers.
    pub numbers: f32,
    /// How many numbers the other text lacks.
    pub numbers_missing: f32,
    /// Share of the names that the other text has; 1 without names.
    pub names: f32,
    /// How many names the other text lacks.
    pub names_missing: f32,
}

/// Two texts compared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pair {
    /// The shorter text, which a cut copy is.
    pub short: Side,
    /// The longer text.
    pub long: Side,
    /// Shared sampled shingles.
    pub shared: f32,
    /// Sum of the weights of the shared shingles: rare ones are 1.
    pub shared_weight: f32,
    /// Share of neighbouring shared shingles that stand in the same order in both.
    pub order: f32,
    /// Numbers in both.
    pub numbers_shared: f32,
    /// Names in both.
    pub names_shared: f32,
    /// Contexts in which both have a number, but not the same one.
    pub numbers_replaced: f32,
    /// Contexts in which both have a name, but not the same one.
    pub names_replaced: f32,
    /// Share of the words of the shorter title that the other title has; 0 when a title is missing.
    pub title: f32,
    /// Share of the words of both titles that are in both.
    pub title_resemblance: f32,
    /// Length of the shorter text, in shingles.
    pub short_length: f32,
    /// Length of the longer text, in shingles.
    pub long_length: f32,
    /// Hours between the articles' own times, at most those of the window; 0 when unknown.
    pub hours: f32,
    /// Both are from one source.
    pub same_source: bool,
    /// Both stood at one address.
    pub same_address: bool,
}

/// A sketch with, for each of its shingles, in how many clusters it is.
#[derive(Clone, Copy)]
pub(crate) struct Weighed<'a> {
    pub(crate) sketch: &'a Sketch,
    pub(crate) clusters: &'a [f32],
}

/// Finds a shingle's place in one sketch; made once for an article and asked for each candidate.
pub(crate) struct Lookup {
    places: [(u16, u8); 256],
}

const NOWHERE: u8 = u8::MAX;

impl Lookup {
    pub(crate) fn new(sketch: &Sketch) -> Self {
        let mut places = [(0, NOWHERE); 256];
        for (at, &sample) in sketch.samples.iter().take(200).enumerate() {
            let hash = upper(sample);
            let mut place = slot_of(hash);
            while places.get(place).is_some_and(|held| held.1 != NOWHERE) {
                place = (place + 1) % 256;
            }
            if let Some(held) = places.get_mut(place) {
                *held = (hash, u8::try_from(at).unwrap_or(0));
            }
        }
        Self { places }
    }

    /// The place of the sample with this half hash.
    #[inline]
    pub(crate) fn place(&self, hash: u16) -> Option<u8> {
        let mut place = slot_of(hash);
        loop {
            match self.places.get(place) {
                Some(&(held, at)) if at != NOWHERE => {
                    if held == hash {
                        return Some(at);
                    }
                }
                _ => return None,
            }
            place = (place + 1) % 256;
        }
    }
}

#[inline]
fn slot_of(hash: u16) -> usize {
    usize::from(hash.wrapping_mul(0x9e37) >> 8)
}

/// Shared shingles as pairs of places, in the order of the second sketch.
pub(crate) fn shared(lookup: &Lookup, other: &Sketch) -> Vec<(u8, u8)> {
    let mut pairs = Vec::with_capacity(other.samples.len());
    for (at, &sample) in other.samples.iter().enumerate() {
        if let Some(place) = lookup.place(upper(sample)) {
            pairs.push((place, u8::try_from(at).unwrap_or(u8::MAX)));
        }
    }
    pairs
}

/// Compares two texts whose shared shingles are `shared` (places in `a`, places in `b`).
#[expect(clippy::cast_precision_loss, reason = "counts of at most 20,000")]
pub(crate) fn compare(a: Weighed<'_>, b: Weighed<'_>, shared: &[(u8, u8)]) -> Pair {
    let mut in_a = [false; 256];
    let mut in_b = [false; 256];
    let mut shared_weight = 0.0;
    for &(place_a, place_b) in shared {
        in_a[usize::from(place_a)] = true;
        in_b[usize::from(place_b)] = true;
        let clusters = a.clusters.get(usize::from(place_a)).copied().unwrap_or(1.0);
        shared_weight += crate::index::weight(clusters - 1.0);
    }
    let side_a = Side {
        ..coverage(a, &in_a, b.sketch)
    };
    let side_b = Side {
        ..coverage(b, &in_b, a.sketch)
    };
    let numbers = agreement(a.sketch.numbers(), b.sketch.numbers(), NUMBERS_MAX);
    let names = agreement(a.sketch.names(), b.sketch.names(), NAMES_MAX);
    let side_a = side_a.with_evidence(numbers.a, numbers.both, names.a, names.both);
    let side_b = side_b.with_evidence(numbers.b, numbers.both, names.b, names.both);
    let (short, long) = match a.sketch.length <= b.sketch.length {
        true => (side_a, side_b),
        false => (side_b, side_a),
    };
    let (title, title_resemblance) = titles(a.sketch.title(), b.sketch.title());
    let rising = shared.windows(2).filter(|two| two[0].0 < two[1].0).count();
    Pair {
        short,
        long,
        shared: shared.len() as f32,
        shared_weight,
        order: if shared.len() < 2 {
            1.0
        } else {
            rising as f32 / (shared.len() - 1) as f32
        },
        numbers_shared: numbers.both,
        names_shared: names.both,
        numbers_replaced: numbers.replaced,
        names_replaced: names.replaced,
        title,
        title_resemblance,
        short_length: a.sketch.length.min(b.sketch.length) as f32,
        long_length: a.sketch.length.max(b.sketch.length) as f32,
        hours: 0.0,
        same_source: false,
        same_address: false,
    }
}

impl Side {
    fn with_evidence(self, numbers: f32, numbers_both: f32, names: f32, names_both: f32) -> Self {
        Self {
            numbers: (numbers_both + DOUBT) / (numbers + DOUBT),
            numbers_missing: numbers - numbers_both,
            names: (names_both + DOUBT) / (names + DOUBT),
            names_missing: names - names_both,
            ..self
        }
    }
}

/// Sums of a share: what was looked for and what was found.
#[derive(Default, Clone, Copy)]
struct Share {
    looked: f32,
    found: f32,
    samples: f32,
}

impl Share {
    #[inline]
    fn add(&mut self, weight: f32, found: bool) {
        self.looked += weight;
        self.samples += 1.0;
        if found {
            self.found += weight;
        }
    }

    /// The share found, with some doubt when samples are few.
    fn value(self) -> f32 {
        if self.samples == 0.0 {
            return 0.0;
        }
        self.found / self.looked * self.samples / (self.samples + DOUBT * 0.25)
    }
}

/// How much of `side` the `other` text has. A sample of `side` that the other would not have kept wherever it stands
/// says nothing when it is missing; those that it would have kept in its lead are looked at apart.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts"
)]
fn coverage(side: Weighed<'_>, matched: &[bool; 256], other: &Sketch) -> Side {
    let anywhere = other.threshold();
    let (mut rare, mut plain, mut lead) = (Share::default(), Share::default(), Share::default());
    let (mut plain_lead, mut plain_rest) = (Share::default(), Share::default());
    let (mut looked, mut found) = ([false; BINS], [false; BINS]);
    let mut start = 1.0f32;
    let length = side.sketch.length.max(1) as f32;
    for (at, &sample) in side.sketch.samples.iter().enumerate() {
        let hash = upper(sample);
        let is_matched = matched.get(at).copied().unwrap_or(false);
        let in_lead = at < usize::from(side.sketch.lead);
        let clusters = side.clusters.get(at).copied().unwrap_or(1.0);
        let weight = crate::index::weight(clusters - f32::from(u8::from(is_matched)));
        let bin = ((side.sketch.position(at) / length * BINS as f32) as usize).min(BINS - 1);
        if is_matched {
            found[bin] = true;
            start = start.min(side.sketch.position(at) / length);
        }
        if hash <= anywhere {
            let kept = if in_lead {
                side.sketch.thresholds.lead
            } else {
                side.sketch.thresholds.body
            };
            let density = (f32::from(anywhere.min(kept)) + 1.0) / (f32::from(anywhere) + 1.0);
            rare.add(weight / density, is_matched);
            plain.add(1.0 / density, is_matched);
            if !in_lead {
                plain_rest.add(1.0, is_matched);
            }
        }
        if in_lead && hash <= other.thresholds.lead {
            lead.add(weight, is_matched);
            plain_lead.add(1.0, is_matched);
        }
        looked[bin] |= is_matched || hash <= anywhere || (in_lead && hash <= other.thresholds.lead);
    }
    let count = |bins: &[bool]| bins.iter().filter(|&&bin| bin).count() as f32;
    Side {
        cover: rare.value(),
        plain_cover: plain.value(),
        lead_cover: lead.value(),
        part_cover: parts(side.sketch.length, plain_lead, plain_rest),
        spread: count(&found) / count(&looked).max(1.0),
        start,
        ..Side::default()
    }
}

/// The share found of a text of which the lead and the rest were looked at apart.
#[expect(clippy::cast_precision_loss, reason = "at most 20,000")]
fn parts(length: u32, lead: Share, rest: Share) -> f32 {
    let all = length.max(1) as f32;
    let of_lead = (LEAD_SHINGLES as f32).min(all) / all;
    match rest.samples == 0.0 {
        true => lead.value(),
        false => of_lead * lead.value() + (1.0 - of_lead) * rest.value(),
    }
}

/// How many pieces of evidence are compared on each side, how many are in both, and how many are replaced.
struct Agreement {
    a: f32,
    b: f32,
    both: f32,
    replaced: f32,
}

/// Compares lists in the order of the text. A full list was cut, so what stands in the other list after the last
/// common piece might have been cut here and is not held against it.
#[expect(clippy::cast_precision_loss, reason = "at most 24")]
fn agreement(a: Pieces<'_>, b: Pieces<'_>, full: usize) -> Agreement {
    let both = a.values.iter().filter(|value| b.values.contains(value)).count();
    let compared = |mine: &[u16], other: &[u16]| {
        if other.len() < full {
            return mine.len() as f32;
        }
        mine.iter()
            .rposition(|value| other.contains(value))
            .map_or(mine.len(), |last| last + 1) as f32
    };
    let replaced = a.values.iter().zip(a.contexts).filter(|(value, context)| {
        let held = b
            .contexts
            .iter()
            .position(|other| other == *context)
            .and_then(|at| b.values.get(at));
        held.is_some_and(|held| held != *value) && !b.values.contains(value)
    });
    Agreement {
        replaced: replaced.count() as f32,
        a: compared(a.values, b.values),
        b: compared(b.values, a.values),
        both: both as f32,
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 14")]
fn titles(a: &[u16], b: &[u16]) -> (f32, f32) {
    if a.is_empty() || b.is_empty() {
        return (0.0, 0.0);
    }
    let both = a.iter().filter(|hash| b.contains(hash)).count() as f32;
    let (short, long) = (a.len().min(b.len()) as f32, a.len().max(b.len()) as f32);
    (
        (both / short).min(1.0),
        (both / (short + long - both).max(1.0)).min(1.0),
    )
}
