//! The sketch of an article: all that is remembered of its text, in about 600 bytes.
//!
//! Shingles (runs of four words, or of eight characters where a script has no spaces) are hashed, and a shingle is kept
//! when its hash is below a threshold. The choice depends on the shingle alone, never on its neighbours, so a text cut
//! short keeps what it had and two sketches can be compared at the lower of their thresholds: `hash mod p`, with a `p`
//! that fits the length. The lead has a higher density of its own, because editors cut from the end: a brief of two
//! paragraphs would otherwise share a handful of samples with the long story that it was cut from.

pub(crate) mod wire;

use crate::token::{Kind, Token, tokens};

/// Shingles of the lead from which samples are taken at the higher density.
const LEAD_SHINGLES: usize = 128;
/// Samples taken of the lead, and of the rest, when the text has more.
const LEAD_SAMPLES: usize = 60;
const BODY_SAMPLES: usize = 40;
/// A text of so few shingles is kept whole.
const WHOLE: usize = LEAD_SAMPLES + BODY_SAMPLES;
/// Length of a shingle: a word weighs 2, a character of a script without spaces 1.
const SHINGLE_WEIGHT: u32 = 8;
/// Distinct numbers, names and title words that are kept, in the order of the text.
pub(crate) const NUMBERS_MAX: usize = 20;
pub(crate) const NAMES_MAX: usize = 20;
pub(crate) const TITLE_MAX: usize = 12;

/// What is remembered of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch {
    /// Hash of all tokens of title and text: equal when the words are equal.
    pub(crate) fingerprint: u64,
    /// Shingles of the whole text.
    pub(crate) length: u32,
    /// Sampled shingles in the order of the text, without repeats; the first `lead` of them are of the lead.
    pub(crate) shingles: Box<[u32]>,
    pub(crate) lead: u8,
    /// A shingle of the lead, and of the rest, was kept when its hash is not above this.
    pub(crate) lead_threshold: u32,
    pub(crate) body_threshold: u32,
    /// Hashes of numbers and of their contexts, then names and their contexts, then title words.
    pub(crate) evidence: Box<[u16]>,
    pub(crate) numbers: u8,
    pub(crate) names: u8,
}

impl Sketch {
    /// Sketches an article.
    #[must_use]
    pub fn of(title: &str, text: &str) -> Self {
        let title = tokens(title);
        let text = tokens(text);
        Self::of_tokens(&title, &text)
    }

    pub(crate) fn of_tokens(title: &[Token], text: &[Token]) -> Self {
        let all = shingles(text);
        let numbers = distinct(text, Kind::Number, NUMBERS_MAX);
        let names = distinct(text, Kind::Name, NAMES_MAX);
        let mut evidence = Vec::with_capacity(2 * (numbers.len() + names.len()) + title.len().min(TITLE_MAX));
        for found in [&numbers, &names] {
            evidence.extend(found.iter().map(|piece| piece.0));
            evidence.extend(found.iter().map(|piece| piece.1));
        }
        evidence.extend(title.iter().take(TITLE_MAX).map(|token| short(token.hash)));
        let sampled = sample(&all);
        Self {
            fingerprint: fingerprint(title, text),
            length: u32::try_from(all.len()).unwrap_or(u32::MAX),
            shingles: sampled.shingles.into_boxed_slice(),
            lead: sampled.lead,
            lead_threshold: sampled.lead_threshold,
            body_threshold: sampled.body_threshold,
            evidence: evidence.into_boxed_slice(),
            numbers: saturated(numbers.len()),
            names: saturated(names.len()),
        }
    }

    /// The first [`NUMBERS_MAX`] distinct numbers of the text, in order.
    pub(crate) fn numbers(&self) -> Pieces<'_> {
        self.pieces(0, usize::from(self.numbers))
    }

    /// The first [`NAMES_MAX`] distinct names of the text, in order.
    pub(crate) fn names(&self) -> Pieces<'_> {
        self.pieces(2 * usize::from(self.numbers), usize::from(self.names))
    }

    fn pieces(&self, start: usize, count: usize) -> Pieces<'_> {
        let values = self.evidence.get(start..start + count).unwrap_or(&[]);
        let contexts = self.evidence.get(start + count..start + 2 * count).unwrap_or(&[]);
        Pieces { values, contexts }
    }

    /// Hashes of the first words of the title.
    pub(crate) fn title(&self) -> &[u16] {
        self.evidence
            .get(2 * (usize::from(self.numbers) + usize::from(self.names))..)
            .unwrap_or(&[])
    }

    /// Samples that the other text would have kept, too, wherever they stood in it.
    pub(crate) fn comparable(&self, other: &Self) -> usize {
        let threshold = other.threshold();
        self.shingles.iter().filter(|&&hash| hash <= threshold).count()
    }

    /// The threshold below which a shingle of this text is kept wherever it stands.
    pub(crate) fn threshold(&self) -> u32 {
        self.lead_threshold.min(self.body_threshold)
    }

    /// About where the sample stands in the text, in shingles: samples are spread evenly within the lead and the rest.
    #[expect(clippy::cast_precision_loss, reason = "a text has at most 20,000 shingles")]
    pub(crate) fn position(&self, sample: usize) -> f32 {
        let lead = usize::from(self.lead);
        let lead_length = (self.length as f32).min(LEAD_SHINGLES as f32);
        if self.lead_threshold == u32::MAX && self.body_threshold == u32::MAX {
            sample as f32 * self.length as f32 / self.shingles.len().max(1) as f32
        } else if sample < lead {
            (sample as f32 + 0.5) * lead_length / lead as f32
        } else {
            let rest = (self.shingles.len() - lead).max(1) as f32;
            lead_length + ((sample - lead) as f32 + 0.5) * (self.length as f32 - lead_length) / rest
        }
    }
}

/// Numbers or names of a text, in order, each with the hash of the words around it: two texts from one template have
/// other values in the same contexts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pieces<'a> {
    pub(crate) values: &'a [u16],
    pub(crate) contexts: &'a [u16],
}

fn saturated(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// Sixteen bits of a token's hash: evidence is compared pair by pair, where so few are enough.
pub(crate) fn short(hash: u32) -> u16 {
    (hash >> 16) as u16
}

/// Joins the hashes of tokens one by one.
#[inline]
fn join(state: u64, hash: u32) -> u64 {
    (state.rotate_left(23) ^ u64::from(hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn fingerprint(title: &[Token], text: &[Token]) -> u64 {
    let title = title.iter().fold(1, |state, token| join(state, token.hash));
    text.iter()
        .fold(title.rotate_left(1), |state, token| join(state, token.hash))
}

/// The hash of the shingle that starts at each token; the last ones are shorter than a whole shingle and left out,
/// unless the text is shorter than one shingle.
pub(crate) fn shingles(text: &[Token]) -> Vec<u32> {
    let mut all = Vec::with_capacity(text.len());
    for start in 0..text.len() {
        let mut state = 0u64;
        let mut weight = 0;
        for token in text.iter().skip(start) {
            state = join(state, token.hash);
            weight += if token.kind == Kind::Character { 1 } else { 2 };
            if weight >= SHINGLE_WEIGHT {
                break;
            }
        }
        if weight < SHINGLE_WEIGHT && start > 0 {
            break;
        }
        all.push(
            (state ^ (state >> 32))
                .wrapping_mul(0xd6e8_feb8_6659_fd93)
                .rotate_right(32) as u32,
        );
    }
    all
}

struct Sampled {
    shingles: Vec<u32>,
    lead: u8,
    lead_threshold: u32,
    body_threshold: u32,
}

fn sample(all: &[u32]) -> Sampled {
    let (lead, body) = all.split_at(all.len().min(LEAD_SHINGLES));
    let (lead_threshold, body_threshold) = match all.len() <= WHOLE {
        true => (u32::MAX, u32::MAX),
        false => (threshold(lead, LEAD_SAMPLES), threshold(body, BODY_SAMPLES)),
    };
    let mut shingles = Vec::with_capacity(WHOLE);
    let mut seen = Seen::default();
    let mut lead_count = 0;
    for (at, &hash) in all.iter().enumerate() {
        let in_lead = at < lead.len();
        if hash <= if in_lead { lead_threshold } else { body_threshold } && seen.insert(hash) {
            shingles.push(hash);
            lead_count += u8::from(in_lead);
        }
    }
    Sampled {
        shingles,
        lead: lead_count,
        lead_threshold,
        body_threshold,
    }
}

/// The largest hash that is kept so that about `wanted` are: all of them when there are no more.
fn threshold(hashes: &[u32], wanted: usize) -> u32 {
    if hashes.len() <= wanted {
        return u32::MAX;
    }
    let mut hashes = hashes.to_vec();
    let (_, &mut kept, _) = hashes.select_nth_unstable(wanted - 1);
    kept
}

/// A small set of hashes; a whole sketch fits in.
struct Seen([u32; 256]);

impl Default for Seen {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Seen {
    /// Whether the hash is new. Zero stands for an empty place and is always new.
    fn insert(&mut self, hash: u32) -> bool {
        let mut place = (hash.wrapping_mul(0x9e37_79b1) >> 24) as u8;
        for _ in 0..=u8::MAX {
            let Some(held) = self.0.get_mut(usize::from(place)) else {
                break;
            };
            if *held == hash {
                return hash == 0;
            }
            if *held == 0 {
                *held = hash;
                return true;
            }
            place = place.wrapping_add(1);
        }
        false
    }
}

/// The distinct tokens of one kind, in order, each with the hash of its neighbours.
fn distinct(text: &[Token], kind: Kind, wanted: usize) -> Vec<(u16, u16)> {
    let mut found: Vec<(u16, u16)> = Vec::with_capacity(wanted);
    for (at, token) in text.iter().enumerate().filter(|(_, token)| token.kind == kind) {
        let value = short(token.hash);
        if found.iter().all(|held| held.0 != value) {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let context = join(join(0, masked(before)), masked(text.get(at + 1)));
            found.push((value, (context >> 48) as u16));
            if found.len() == wanted {
                break;
            }
        }
    }
    found
}

/// A neighbour's hash; names and numbers are alike, because a template replaces them.
fn masked(token: Option<&Token>) -> u32 {
    match token {
        None => 0,
        Some(Token { kind: Kind::Number, .. }) => 1,
        Some(Token { kind: Kind::Name, .. }) => 2,
        Some(token) => token.hash,
    }
}
