//! The features a model knows, and the vector that they make of an article.

mod ranks;

pub(crate) use ranks::Ranks;

use crate::tokenize::{ENGLISH, Feature, Kind, OTHER_LANGUAGES, Profile, features};

/// How an article's features are weighed. It is part of the model file: a model is read the way it was trained.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Weighing {
    /// What a feature in the title counts; one in the lead counts 1.
    pub title: f32,
    /// How many words belong to the lead.
    pub lead_words: usize,
    /// What a feature after the lead counts.
    pub tail: f32,
    /// What the pieces of words count together, where words and their pairs together count 1. Pieces are many, and
    /// scaled in one with the words they would drown them.
    pub pieces: f32,
    /// How many words are read at all: news says first what it is about, and a hostile page cannot cost more.
    pub words: usize,
}

/// The features a model knows, each with the weight of its rarity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// Hashes, ascending, no two alike.
    keys: Vec<u32>,
    /// Inverse document frequency in sixteenths.
    rarity: Vec<u8>,
    /// The upper bits of the keys: most features are known to be unknown by them, and a known one is found in one step
    /// and a short scan.
    ranks: Ranks,
}

/// How many upper bits of a hash are in [`Vocabulary::ranks`].
const RANKED_BITS: u32 = 21;
/// One step of a stored inverse document frequency.
const RARITY_STEP: f32 = 1.0 / 16.0;

impl Vocabulary {
    /// `keys` must ascend without repetition and be as many as `rarity`; else `None`.
    pub fn new(keys: Vec<u32>, rarity: Vec<u8>) -> Option<Self> {
        let ascending = keys
            .windows(2)
            .all(|pair| matches!(pair, [first, second] if first < second));
        if !ascending || keys.len() != rarity.len() || u32::try_from(keys.len()).is_err() {
            return None;
        }
        let ranks = Ranks::new(1 << RANKED_BITS, keys.iter().map(|key| upper(*key)));
        Some(Self { keys, rarity, ranks })
    }

    /// How many features it knows.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The hashes, ascending.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// The inverse document frequencies, in sixteenths, in the order of the keys.
    pub fn rarity(&self) -> &[u8] {
        &self.rarity
    }

    /// The number of the feature with this hash.
    pub fn find(&self, hash: u32) -> Option<usize> {
        let is_likely = self.ranks.contains(upper(hash));
        is_likely
            .then(|| self.find_from(self.ranks.before(upper(hash)), hash))
            .flatten()
    }

    /// The number of the feature with this hash, which is not before `first`.
    fn find_from(&self, first: usize, hash: u32) -> Option<usize> {
        let rest = self.keys.get(first..)?;
        let offset = rest.iter().position(|key| hash <= *key)?;
        (rest.get(offset) == Some(&hash)).then_some(first + offset)
    }

    /// Finds the pending features and counts them. Each waits for memory twice; asked for together, they wait together.
    fn settle(&self, pending: &mut [Pending], counts: &mut Counts) {
        for one in pending.iter_mut() {
            one.place = self.ranks.before(upper(one.hash)) as u32;
        }
        for one in pending.iter() {
            if let Some(index) = self.find_from(one.place as usize, one.hash) {
                counts.add(index as u32, one.is_piece, one.weight);
            }
        }
    }

    /// The vector of an article: the features it has, damped, weighed by rarity; the words and pairs scaled to length
    /// one, and the pieces to theirs.
    pub fn vector(&self, title: &str, text: &str, profile: Profile, weighing: &Weighing) -> Vector {
        let mut counts = Counts::for_bytes(title.len() + text.len());
        let mut pending = [Pending::default(); Pending::MOST];
        let mut waiting = 0;
        each_feature(title, text, profile, weighing, |_, feature, weight| {
            let Some(slot) = pending.get_mut(waiting) else { return };
            *slot = Pending {
                hash: feature.hash,
                is_piece: feature.kind == Kind::Piece,
                weight,
                place: 0,
            };
            // An unknown feature is overwritten by the next: cheaper than to branch on what cannot be foretold.
            waiting += usize::from(self.ranks.contains(upper(feature.hash)));
            if waiting == Pending::MOST {
                self.settle(&mut pending, &mut counts);
                waiting = 0;
            }
        });
        self.settle(pending.get_mut(..waiting).unwrap_or_default(), &mut counts);
        let mut squares = [0.0_f32; 2];
        let (mut entries, kinds) = (counts.entries, counts.are_pieces);
        for (entry, is_piece) in entries.iter_mut().zip(&kinds) {
            let rarity = self.rarity.get(entry.index as usize).copied().unwrap_or(0);
            entry.value = damped(entry.value) * f32::from(rarity) * RARITY_STEP;
            squares[usize::from(*is_piece)] += entry.value * entry.value;
        }
        let scale = |squares: f32, length: f32| if 0.0 < squares { length / squares.sqrt() } else { 0.0 };
        // A script without words has pieces only: they are all there is.
        let length = if 0.0 < squares[0] { weighing.pieces } else { 1.0 };
        let scales = [scale(squares[0], 1.0), scale(squares[1], length)];
        for (entry, is_piece) in entries.iter_mut().zip(&kinds) {
            entry.value *= scales[usize::from(*is_piece)];
        }
        Vector {
            entries,
            norm: (squares[0] + squares[1]).sqrt(),
        }
    }
}

/// Which part of an article a feature was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its title.
    Title,
    /// Its text.
    Text,
}

/// Calls `sink` with each feature of an article and what its place makes it count.
pub fn each_feature(
    title: &str,
    text: &str,
    profile: Profile,
    weighing: &Weighing,
    mut sink: impl FnMut(Part, Feature, f32),
) {
    features(title, profile, weighing.words, |feature| {
        sink(Part::Title, feature, weighing.title);
    });
    features(text, profile, weighing.words, |feature| {
        let weight = if feature.position < weighing.lead_words {
            1.0
        } else {
            weighing.tail
        };
        sink(Part::Text, feature, weight);
    });
}

/// The profile for a language given as a BCP 47 tag: English inflects little, so its words need no stems.
pub fn profile(language: Option<&str>) -> Profile {
    match language {
        Some(tag) if tag == "en" || tag.starts_with("en-") => ENGLISH,
        _ => OTHER_LANGUAGES,
    }
}

/// One feature of a [`Vector`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// The feature's number in the vocabulary.
    pub index: u32,
    /// Its value.
    pub value: f32,
}

/// What a model sees of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// The known features, in the order in which they were first met.
    pub entries: Vec<Entry>,
    /// The length before scaling: how much of what the model knows the article holds.
    pub norm: f32,
}

/// The bits of a hash that [`Vocabulary::ranks`] knows.
fn upper(hash: u32) -> u32 {
    hash >> (32 - RANKED_BITS)
}

/// The logarithm of one more than what a feature counts, which for most is that of a single mention.
fn damped(count: f32) -> f32 {
    if count == 1.0 {
        std::f32::consts::LN_2
    } else {
        (1.0 + count).ln()
    }
}

/// A feature of an article that has not been looked up yet.
#[derive(Clone, Copy, Default)]
struct Pending {
    hash: u32,
    is_piece: bool,
    weight: f32,
    /// Before which place its key does not stand.
    place: u32,
}

impl Pending {
    /// How many wait at most.
    const MOST: usize = 512;
}

/// Sums per feature, in a table sized for the article: a vocabulary-sized one would cost more to clear than the
/// article costs to read.
struct Counts {
    slots: Vec<u32>,
    entries: Vec<Entry>,
    /// For each entry, whether it is a piece of a word.
    are_pieces: Vec<bool>,
}

impl Counts {
    const MOST_SLOTS: usize = 1 << 14;

    fn for_bytes(bytes: usize) -> Self {
        // The first words give two features for each of their letters, the others two for each word.
        let slots = (bytes * 2).next_power_of_two().clamp(1 << 11, Self::MOST_SLOTS);
        Self {
            slots: vec![0; slots],
            entries: Vec::with_capacity(slots / 4),
            are_pieces: Vec::with_capacity(slots / 4),
        }
    }

    fn add(&mut self, index: u32, is_piece: bool, weight: f32) {
        let mask = self.slots.len() - 1;
        let mut slot = (index.wrapping_mul(0x9e37_79b1) >> 16) as usize & mask;
        loop {
            let Some(place) = self.slots.get_mut(slot) else { return };
            match *place {
                0 => {
                    // A table filled to a half stays fast; an article with more different features is cut there.
                    if self.entries.len() < mask / 2 {
                        self.entries.push(Entry { index, value: weight });
                        self.are_pieces.push(is_piece);
                        *place = self.entries.len() as u32;
                    }
                    return;
                }
                taken => {
                    if let Some(entry) = self.entries.get_mut(taken as usize - 1)
                        && entry.index == index
                    {
                        entry.value += weight;
                        return;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Vocabulary, Weighing, profile};
    use crate::tokenize::{ENGLISH, OTHER_LANGUAGES, WORDS, features};
    use proptest::prelude::{any, proptest};

    const EVEN: Weighing = Weighing {
        title: 1.0,
        lead_words: 100,
        tail: 1.0,
        pieces: 1.0,
        words: 1000,
    };

    fn vocabulary(text: &str) -> Vocabulary {
        let mut keys = Vec::new();
        features(text, WORDS, usize::MAX, |feature| keys.push(feature.hash));
        keys.sort_unstable();
        keys.dedup();
        let rarity = vec![16; keys.len()];
        Vocabulary::new(keys, rarity).unwrap()
    }

    #[test]
    fn a_vector_has_length_one_and_only_known_features() {
        let known = vocabulary("rain snow");
        let vector = known.vector("", "Rain and more rain, but no sun", WORDS, &EVEN);
        assert_eq!(vector.entries.len(), 1);
        assert!((vector.entries[0].value - 1.0).abs() < 1e-6);
        let empty = known.vector("", "sun", WORDS, &EVEN);
        assert!(empty.entries.is_empty() && empty.norm == 0.0);
    }

    #[test]
    fn title_and_lead_count_more_than_the_tail() {
        let known = vocabulary("rain. snow. sun");
        let weighing = Weighing {
            title: 3.0,
            lead_words: 1,
            tail: 0.5,
            pieces: 1.0,
            words: 1000,
        };
        let vector = known.vector("sun.", "rain. snow.", WORDS, &weighing);
        let values: Vec<f32> = vector.entries.iter().map(|entry| entry.value).collect();
        assert!(values.is_sorted_by(|first, second| first > second), "{values:?}");
    }

    #[test]
    fn an_article_of_many_different_words_is_cut_not_refused() {
        let words: Vec<String> = (0..200_000).map(|number| format!("w{number}x")).collect();
        let text = words.join(" ");
        let known = vocabulary(&text);
        let unlimited = Weighing {
            words: usize::MAX,
            ..EVEN
        };
        let vector = known.vector("", &text, WORDS, &unlimited);
        assert!(
            1_000 < vector.entries.len() && vector.entries.len() < 20_000,
            "{}",
            vector.entries.len()
        );
    }

    #[test]
    fn only_english_goes_without_stems() {
        for (language, expected) in [
            (Some("en"), ENGLISH),
            (Some("en-GB"), ENGLISH),
            (Some("de"), OTHER_LANGUAGES),
            (None, OTHER_LANGUAGES),
        ] {
            assert_eq!(profile(language), expected, "{language:?}");
        }
    }

    #[test]
    fn refuses_keys_out_of_order() {
        assert_eq!(Vocabulary::new(vec![2, 1], vec![1, 1]), None);
        assert_eq!(Vocabulary::new(vec![1, 1], vec![1, 1]), None);
        assert_eq!(Vocabulary::new(vec![1, 2], vec![1]), None);
    }

    proptest! {
        #[test]
        fn finds_what_is_there_and_nothing_else(mut keys in proptest::collection::vec(any::<u32>(), 0..200), other: u32) {
            keys.sort_unstable();
            keys.dedup();
            let known = Vocabulary::new(keys.clone(), vec![1; keys.len()]).unwrap();
            for (index, key) in keys.iter().enumerate() {
                assert_eq!(known.find(*key), Some(index));
            }
            assert_eq!(known.find(other), keys.binary_search(&other).ok());
        }
    }
}
