//! The sketch of an article: all that is remembered of its text, in some 300 bytes.
//!
//! Shingles (runs of four words, or of eight characters where a script has no spaces) are hashed, and a shingle is kept
//! when its hash is below a threshold. The choice depends on the shingle alone, never on its neighbours, so a text cut
//! short keeps what it had and two sketches can be compared at the lower of their thresholds: `hash mod p`, with a `p`
//! that fits the length. The lead has a higher density of its own, because editors cut from the end: a brief of two
//! paragraphs would otherwise share a handful of samples with the long story that it was cut from.
//!
//! Of a sample 16 bits are kept, which is enough to compare two texts with each other: of two that share nothing, one
//! sample in ten pairs agrees by chance. The lowest samples are keys: of them all 32 bits are kept, and they lead to
//! the article among millions. Since the lowest are taken on both sides, the keys of one copy are samples of the other.

mod older;
pub(crate) mod sampling;
pub(crate) mod wire;

use crate::token::{Kind, Token, tokens};
use sampling::{LEAD_SHINGLES, sample};

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
    /// Sampled shingles in the order of the text, without repeats; the first `lead` of them are of the lead. Of those
    /// that are no keys the lower half is zero.
    pub(crate) samples: Box<[u32]>,
    pub(crate) lead: u8,
    pub(crate) thresholds: Thresholds,
    /// Hashes of numbers, then of names, then of title words.
    pub(crate) values: Box<[u16]>,
    /// Hashes of what stands around the numbers, then around the names.
    pub(crate) contexts: Box<[u8]>,
    pub(crate) numbers: u8,
    pub(crate) names: u8,
}

/// A shingle was kept, or is a key, when the upper half of its hash is not above these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Thresholds {
    /// Of samples of the lead, and of the rest.
    pub(crate) lead: u16,
    pub(crate) body: u16,
    /// Of keys of the lead, and of the rest.
    pub(crate) lead_keys: u16,
    pub(crate) body_keys: u16,
}

/// A sketch with what is known of its text while that is at hand: the whole hashes of its samples.
pub(crate) struct Fresh {
    pub(crate) sketch: Sketch,
    pub(crate) hashes: Vec<u32>,
}

impl Sketch {
    /// Sketches an article.
    #[must_use]
    pub fn of(title: &str, text: &str) -> Self {
        Fresh::of(title, text).sketch
    }

    /// The first [`NUMBERS_MAX`] distinct numbers of the text, in order.
    pub(crate) fn numbers(&self) -> Pieces<'_> {
        self.pieces(0, usize::from(self.numbers))
    }

    /// The first [`NAMES_MAX`] distinct names of the text, in order.
    pub(crate) fn names(&self) -> Pieces<'_> {
        self.pieces(usize::from(self.numbers), usize::from(self.names))
    }

    fn pieces(&self, start: usize, count: usize) -> Pieces<'_> {
        Pieces {
            values: self.values.get(start..start + count).unwrap_or(&[]),
            contexts: self.contexts.get(start..start + count).unwrap_or(&[]),
        }
    }

    /// Hashes of the first words of the title.
    pub(crate) fn title(&self) -> &[u16] {
        let start = usize::from(self.numbers) + usize::from(self.names);
        self.values.get(start..).unwrap_or(&[])
    }

    /// The threshold below which a shingle of this text is kept wherever it stands.
    pub(crate) fn threshold(&self) -> u16 {
        self.thresholds.lead.min(self.thresholds.body)
    }

    /// Whether the sample at this place is a key.
    pub(crate) fn is_key(&self, at: usize) -> bool {
        let threshold = match at < usize::from(self.lead) {
            true => self.thresholds.lead_keys,
            false => self.thresholds.body_keys,
        };
        self.samples.get(at).is_some_and(|&sample| upper(sample) <= threshold)
    }

    /// The samples that lead to the article, whole.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u32> + Clone {
        let numbered = self.samples.iter().enumerate();
        numbered.filter(|(at, _)| self.is_key(*at)).map(|(_, &sample)| sample)
    }

    /// About where the sample stands in the text, in shingles: samples are spread evenly within the lead and the rest.
    #[expect(clippy::cast_precision_loss, reason = "a text has at most 20,000 shingles")]
    pub(crate) fn position(&self, sample: usize) -> f32 {
        let lead = usize::from(self.lead);
        let lead_length = (self.length as f32).min(LEAD_SHINGLES as f32);
        if self.threshold() == u16::MAX {
            sample as f32 * self.length as f32 / self.samples.len().max(1) as f32
        } else if sample < lead {
            (sample as f32 + 0.5) * lead_length / lead as f32
        } else {
            let rest = self.samples.len().saturating_sub(lead).max(1) as f32;
            lead_length + ((sample - lead) as f32 + 0.5) * (self.length as f32 - lead_length) / rest
        }
    }
}

impl Fresh {
    /// Sketches an article.
    pub(crate) fn of(title: &str, text: &str) -> Self {
        Self::of_tokens(&tokens(title), &tokens(text))
    }

    pub(crate) fn of_tokens(title: &[Token], text: &[Token]) -> Self {
        let all = shingles(text);
        let numbers = distinct(text, Kind::Number, NUMBERS_MAX);
        let names = distinct(text, Kind::Name, NAMES_MAX);
        let words = title.iter().take(TITLE_MAX).map(|token| short(token.hash));
        let found = || numbers.iter().chain(&names);
        let sampled = sample(&all);
        let sketch = Sketch {
            fingerprint: fingerprint(title, text),
            length: u32::try_from(all.len()).unwrap_or(u32::MAX),
            samples: sampled.samples().into_boxed_slice(),
            lead: sampled.lead,
            thresholds: sampled.thresholds,
            values: found().map(|piece| piece.0).chain(words).collect(),
            contexts: found().map(|piece| piece.1).collect(),
            numbers: saturated(numbers.len()),
            names: saturated(names.len()),
        };
        Self {
            sketch,
            hashes: sampled.hashes,
        }
    }
}

/// The half of a hash that is compared.
#[inline]
pub(crate) fn upper(hash: u32) -> u16 {
    (hash >> 16) as u16
}

/// Numbers or names of a text, in order, each with the hash of the words around it: two texts from one template have
/// other values in the same contexts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pieces<'a> {
    pub(crate) values: &'a [u16],
    pub(crate) contexts: &'a [u8],
}

fn saturated(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// Sixteen bits of a token's hash: evidence is compared pair by pair, where so few are enough.
pub(crate) fn short(hash: u32) -> u16 {
    upper(hash)
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
        let rest = text.get(start..).unwrap_or(&[]);
        let (state, weight) = match rest {
            // Most of most texts.
            [a, b, c, d, ..] if [a, b, c, d].iter().all(|token| token.kind != Kind::Character) => {
                let state = join(join(0, a.hash), b.hash);
                (join(join(state, c.hash), d.hash), SHINGLE_WEIGHT)
            }
            _ => shingle(rest),
        };
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

/// The joined hashes of the first tokens, as many as a shingle has, and how much they weigh.
fn shingle(tokens: &[Token]) -> (u64, u32) {
    let (mut state, mut weight) = (0, 0);
    for token in tokens {
        state = join(state, token.hash);
        weight += if token.kind == Kind::Character { 1 } else { 2 };
        if weight >= SHINGLE_WEIGHT {
            break;
        }
    }
    (state, weight)
}

/// The distinct tokens of one kind, in order, each with the hash of its neighbours.
fn distinct(text: &[Token], kind: Kind, wanted: usize) -> Vec<(u16, u8)> {
    let mut found: Vec<(u16, u8)> = Vec::with_capacity(wanted);
    for (at, token) in text.iter().enumerate().filter(|(_, token)| token.kind == kind) {
        let value = short(token.hash);
        if found.iter().all(|held| held.0 != value) {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let context = join(join(0, masked(before)), masked(text.get(at + 1)));
            found.push((value, (context >> 56) as u8));
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
