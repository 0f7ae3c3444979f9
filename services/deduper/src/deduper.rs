//! The state and the decisions.

use std::collections::BTreeSet;
use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;

use crate::index::{Entry, Found, Index, Mixer};
use crate::join::joined;
use crate::memory::{Memory, Relation, Remembered};
use crate::origin::{Clues, Evidence};
use crate::pair::{Lookup, Pair, Weighed, compare, shared};
use crate::sketch::Sketch;
use crate::verifier::{self, Weights};

mod clusters;

pub use crate::verdict::{Duplicate, Outcome, Replaces, Verdict};

/// Candidates that are verified.
const CANDIDATES: usize = 6;
/// Articles that one answer of [`Deduper::due`] forgets at most.
const FORGET_AT_ONCE: usize = 1_000;
/// A copy shares at least one of so many samples that the two sketches have comparable.
const HOPELESS: usize = 12;
/// Milliseconds of an hour.
const HOUR: f32 = 3_600_000.0;

/// Settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Config {
    /// How long an article is remembered after it entered, milliseconds.
    pub window_ms: i64,
    /// A pair of at least this probability is a copy.
    pub threshold: f32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window_ms: 7 * 24 * 3_600_000,
            threshold: 0.5,
        }
    }
}

/// An article as the deduper sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Article<'a> {
    /// Its id.
    pub id: &'a str,
    /// The fetch by which it entered.
    pub fetch_id: &'a str,
    /// Where it is from.
    pub source: &'a str,
    /// Its canonical URL.
    pub url: &'a str,
    /// The headline.
    pub title: &'a str,
    /// The text, paragraphs parted by line breaks.
    pub text: &'a str,
    /// When it says that it was published, milliseconds since 1970.
    pub published: Option<i64>,
}

/// A remembered article that an article matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'a> {
    /// The remembered article.
    pub remembered: &'a Remembered,
    /// What the two have in common.
    pub pair: Pair,
    /// Probability that one is a copy of the other.
    pub probability: f32,
}

/// Finds copies among the articles of the window.
#[derive(Debug)]
pub struct Deduper {
    config: Config,
    weights: Weights,
    documents: Vec<Option<Box<Remembered>>>,
    free: Vec<u32>,
    slots: HashMap<u64, u32, BuildHasherDefault<Mixer>>,
    queue: BTreeSet<(i64, u64)>,
    index: Index,
    moves: clusters::Moves,
}

impl Deduper {
    /// A deduper that remembers nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_weights(config, Weights::shipped())
    }

    /// A deduper that weighs by other weights than those that ship with the crate.
    #[must_use]
    pub fn with_weights(config: Config, weights: Weights) -> Self {
        Self {
            config,
            weights,
            documents: Vec::new(),
            free: Vec::new(),
            slots: HashMap::default(),
            queue: BTreeSet::new(),
            index: Index::default(),
            moves: clusters::Moves::default(),
        }
    }

    /// The weights that pairs are judged by.
    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How many articles are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The only door through which state changes.
    pub fn apply(&mut self, change: &Memory) {
        self.forget(change.key());
        if let Memory::Remember(remembered) = change {
            self.remember(remembered.clone());
        }
    }

    fn remember(&mut self, remembered: Box<Remembered>) {
        let id = hash_of(&remembered.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.documents.push(None);
            u32::try_from(self.documents.len() - 1).unwrap_or(0)
        });
        let entry = Entry {
            entered: remembered.entered,
            id,
            cluster: hash_of(&remembered.cluster),
        };
        self.index.insert(slot, entry, &remembered.sketch.shingles);
        self.moves.insert(&remembered);
        self.queue.insert((remembered.entered, id));
        self.slots.insert(id, slot);
        if let Some(place) = self.documents.get_mut(slot as usize) {
            *place = Some(remembered);
        }
    }

    fn forget(&mut self, id: &str) {
        let id = hash_of(id);
        let Some(slot) = self.slots.remove(&id) else { return };
        let Some(remembered) = self.documents.get_mut(slot as usize).and_then(Option::take) else {
            return;
        };
        self.index.remove(slot, &remembered.sketch.shingles);
        self.moves.remove(&remembered);
        self.queue.remove(&(remembered.entered, id));
        self.free.push(slot);
    }

    /// What is remembered of the article with this id.
    #[must_use]
    pub fn remembered(&self, id: &str) -> Option<&Remembered> {
        let slot = *self.slots.get(&hash_of(id))?;
        self.document(slot).filter(|remembered| remembered.id == id)
    }

    fn document(&self, slot: u32) -> Option<&Remembered> {
        self.documents.get(slot as usize)?.as_deref()
    }

    /// Looks, decides, changes nothing. `now` is the time at which the article entered, milliseconds since 1970.
    #[must_use]
    pub fn decide(&self, article: &Article<'_>, now: i64) -> Outcome {
        self.decide_with(article, &Clues::default(), now)
    }

    /// The same for an article that says where it comes from: where that speaks for it more than for the original of
    /// the cluster that it joins, it takes that one's place.
    #[must_use]
    pub fn decide_with(&self, article: &Article<'_>, clues: &Clues<'_>, now: i64) -> Outcome {
        let before = self
            .remembered(article.id)
            .filter(|before| self.horizon(now) <= before.entered);
        if let Some(before) = before.filter(|before| before.fetch_id == article.fetch_id) {
            return Outcome {
                verdict: self.verdict(before),
                memory: None,
            };
        }
        let sketch = Sketch::of(article.title, article.text);
        if before.is_some_and(|before| before.sketch.fingerprint == sketch.fingerprint) {
            return Outcome {
                verdict: Verdict::Unchanged,
                memory: None,
            };
        }
        let mut remembered = self.alone(article, sketch, now);
        remembered.evidence = Some(Evidence::of(clues, now));
        remembered.version = before.map_or(1, |before| before.version.saturating_add(1));
        if !self.stays_original(&mut remembered, before, now) {
            let matches = self.matches(&remembered, now);
            match joined(&matches, self.config.threshold) {
                Some(best) => self.joins(&mut remembered, (best, &matches), before, now),
                None => self.stands_alone(&mut remembered, now),
            }
        }
        Outcome {
            verdict: self.verdict(&remembered),
            memory: Some(Memory::Remember(Box::new(remembered))),
        }
    }

    /// The article as it would be remembered if nothing were known.
    pub(crate) fn sketched(&self, article: &Article<'_>, now: i64) -> Remembered {
        self.alone(article, Sketch::of(article.title, article.text), now)
    }

    fn alone(&self, article: &Article<'_>, sketch: Sketch, now: i64) -> Remembered {
        let published = article
            .published
            .unwrap_or(now)
            .clamp(now.saturating_sub(self.config.window_ms), now);
        Remembered {
            id: article.id.to_owned(),
            fetch_id: article.fetch_id.to_owned(),
            source: article.source.to_owned(),
            url: article.url.to_owned(),
            cluster: article.id.to_owned(),
            copies: 1,
            version: 1,
            attachment: None,
            evidence: None,
            moved: None,
            entered: now,
            published,
            sketch,
        }
    }

    /// The remembered articles that resemble this one, verified, the likeliest copy first.
    pub(crate) fn matches(&self, article: &Remembered, now: i64) -> Vec<Match<'_>> {
        let horizon = self.horizon(now);
        let found = self.index.look_up(&article.sketch.shingles, horizon, CANDIDATES + 1);
        if found.candidates.is_empty() {
            return Vec::new();
        }
        let lookup = Lookup::new(&article.sketch);
        let mut matches: Vec<Match<'_>> = found
            .candidates
            .iter()
            .filter_map(|&(slot, _)| self.document(slot))
            .filter(|candidate| candidate.id != article.id)
            .take(CANDIDATES)
            .filter_map(|candidate| self.verify(article, candidate, &lookup, &found, horizon))
            .collect();
        matches.sort_by(|a, b| {
            let earlier = || (a.remembered.entered, &a.remembered.id).cmp(&(b.remembered.entered, &b.remembered.id));
            b.probability.total_cmp(&a.probability).then_with(earlier)
        });
        matches
    }

    fn verify<'a>(
        &self,
        article: &Remembered,
        candidate: &'a Remembered,
        lookup: &Lookup,
        found: &Found,
        horizon: i64,
    ) -> Option<Match<'a>> {
        let shared = shared(lookup, &candidate.sketch);
        if hopeless(shared.len(), &article.sketch, &candidate.sketch) {
            return None;
        }
        let clusters = self.index.clusters(&candidate.sketch.shingles, horizon);
        let mut pair = compare(
            Weighed {
                sketch: &article.sketch,
                clusters: &found.clusters,
            },
            Weighed {
                sketch: &candidate.sketch,
                clusters: &clusters,
            },
            &shared,
        );
        pair.hours = hours_between(article.published, candidate.published);
        pair.same_source = article.source == candidate.source;
        pair.same_address = !article.url.is_empty() && article.url == candidate.url;
        let probability = verifier::sigmoid(self.weights.log_odds(&verifier::features(&pair)));
        Some(Match {
            remembered: candidate,
            pair,
            probability,
        })
    }

    /// What fell out of the window: a bounded number of articles to forget, the oldest first. To be applied and asked
    /// for again until it is empty.
    ///
    /// The window ends at the newest entry and not at `now` when that is later: after a stop, or in a replay, the
    /// articles that wait are still to be compared with those of their own days.
    #[must_use]
    pub fn due(&self, now: i64) -> Vec<Memory> {
        let newest = self.queue.last().map_or(now, |(entered, _)| *entered);
        let horizon = self.horizon(now.min(newest));
        let old = self
            .queue
            .iter()
            .take_while(|(entered, _)| *entered < horizon)
            .take(FORGET_AT_ONCE);
        let slots = old.filter_map(|(_, id)| self.slots.get(id));
        slots
            .filter_map(|&slot| self.document(slot))
            .map(|old| Memory::Forget(old.id.clone()))
            .collect()
    }

    fn horizon(&self, now: i64) -> i64 {
        now.saturating_sub(self.config.window_ms)
    }
}

#[expect(clippy::cast_precision_loss, reason = "hours need no milliseconds")]
fn hours_between(a: i64, b: i64) -> f32 {
    a.abs_diff(b) as f32 / HOUR
}

/// Whether two texts share too few samples for a copy: looking closer costs many times as much.
fn hopeless(shared: usize, a: &Sketch, b: &Sketch) -> bool {
    let comparable = a.comparable(b).min(b.comparable(a));
    shared * HOPELESS < comparable
}

/// A version is the same copy by the same hand with other facts or more of them; everything else is a copy.
fn relation(best: &Match<'_>) -> Relation {
    let changed =
        best.pair.long.plain_cover < 0.95 || best.pair.short.numbers_missing + best.pair.short.names_missing > 0.0;
    if best.pair.same_source && changed {
        Relation::Version
    } else {
        Relation::Copy
    }
}

fn hash_of(id: &str) -> u64 {
    let mut hasher = Mixer::default();
    hasher.write(id.as_bytes());
    hasher.finish()
}
