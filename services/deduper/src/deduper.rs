//! The state and the decisions.

use crate::index::{Found, Index};
use crate::join::joined;
use crate::memory::{Memory, Relation, Remembered};
use crate::origin::{Clues, Evidence};
use crate::pair::{Lookup, Pair, Weighed, compare, shared};
use crate::sketch::{Fresh, Sketch};
use crate::store::{Kept, Place, Store, hash_of};
use crate::story::{Rare, Rarity};
use crate::verifier::{self, Weights};
use crate::window::Window;

mod clusters;
mod footprint;
pub(crate) mod stories;

pub use footprint::Footprint;

pub use crate::verdict::{Duplicate, Outcome, Replaces, Verdict};

/// Candidates that are verified.
const CANDIDATES: usize = 6;
/// Candidates whose names are compared to find stories.
const STORY_CANDIDATES: usize = 6;
/// Articles that one answer of [`Deduper::due`] forgets at most.
const FORGET_AT_ONCE: usize = 1_000;
/// A copy shares at least one of so many samples that the two sketches have comparable; looking closer costs much more
/// than counting them.
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
pub(crate) struct Match<'a> {
    /// The remembered article.
    pub(crate) kept: Kept<'a>,
    /// Its text.
    pub(crate) sketch: Sketch,
    /// What the two have in common.
    pub(crate) pair: Pair,
    /// Probability that one is a copy of the other.
    pub(crate) probability: f32,
}

/// Finds copies among the articles of the window.
#[derive(Debug)]
pub struct Deduper {
    config: Config,
    weights: Weights,
    store: Store,
    window: Window,
    index: Index,
    moves: clusters::Moves,
    rarity: Rarity,
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
            store: Store::default(),
            window: Window::default(),
            index: Index::default(),
            moves: clusters::Moves::default(),
            rarity: Rarity::new(config.window_ms),
        }
    }

    /// Whether a pair of this probability is a copy.
    pub(crate) fn is_copy(&self, probability: f32) -> bool {
        self.config.threshold <= probability
    }

    /// The weights that pairs are judged by.
    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How rare names and title words are among the articles of the window.
    pub(crate) fn rarity(&self, now: i64) -> Rare<'_> {
        self.rarity.since(self.horizon(now))
    }

    /// How many articles are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.store.len() == 0
    }

    /// The only door through which state changes.
    pub fn apply(&mut self, change: &Memory) {
        self.forget(change.key());
        if let Memory::Remember(remembered) = change {
            self.remember(remembered);
        }
    }

    fn remember(&mut self, remembered: &Remembered) {
        let Some(slot) = self.store.insert(remembered) else {
            return;
        };
        self.index.insert(slot, remembered.sketch.keys(), &self.store);
        self.window.insert(slot, &self.store);
        if remembered.attachment.is_none() {
            self.rarity.add(&remembered.sketch, remembered.entered);
        }
        if let Some(kept) = self.store.kept(slot).filter(Kept::has_moved) {
            self.moves.insert(slot, &kept);
        }
    }

    fn forget(&mut self, id: &str) {
        let Some(slot) = self.store.slot(id) else { return };
        if let Some(kept) = self.store.kept(slot) {
            let sketch = kept.sketch();
            self.index.remove(slot, sketch.keys(), &self.store);
            if !kept.is_attached() {
                self.rarity.remove(&sketch, kept.entered);
            }
            if kept.has_moved() {
                self.moves.remove(slot, &kept);
            }
        }
        self.window.remove(slot, &self.store);
        self.store.remove(slot);
    }

    /// Whether the article with this id is remembered.
    #[must_use]
    pub fn remembers(&self, id: &str) -> bool {
        self.store.slot(id).is_some()
    }

    fn kept(&self, id: &str) -> Option<Kept<'_>> {
        self.store.kept(self.store.slot(id)?)
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
            .kept(article.id)
            .filter(|before| self.horizon(now) <= before.entered);
        if let Some(before) = before.filter(|before| before.fetch == hash_of(article.fetch_id)) {
            return Outcome {
                verdict: self.verdict(&before.remembered()),
                memory: None,
            };
        }
        let Fresh { sketch, hashes } = Fresh::of(article.title, article.text);
        if before.is_some_and(|before| before.fingerprint == sketch.fingerprint) {
            return Outcome {
                verdict: Verdict::Unchanged,
                memory: None,
            };
        }
        let before = before.map(|before| before.remembered());
        let mut remembered = self.alone(article, sketch, now);
        remembered.evidence = Some(Evidence::of(clues, now));
        remembered.version = before.as_ref().map_or(1, |before| before.version.saturating_add(1));
        remembered.story = before.as_ref().and_then(|before| before.story.clone());
        if !self.stays_original(&mut remembered, before.as_ref(), now) {
            let found = self.near(&hashes, now);
            let matches = self.matches_of(&remembered, &found, now);
            match joined(&matches, self.config.threshold) {
                Some(best) => self.joins(&mut remembered, (best, &matches), before.as_ref(), now),
                None => {
                    self.stands_alone(&mut remembered, now);
                    self.tells(&mut remembered, &found, now);
                }
            }
        }
        Outcome {
            verdict: self.verdict(&remembered),
            memory: Some(Memory::Remember(Box::new(remembered))),
        }
    }

    /// The article as it would be remembered if nothing were known.
    pub(crate) fn sketched(&self, article: &Article<'_>, now: i64) -> (Remembered, Vec<u32>) {
        let Fresh { sketch, hashes } = Fresh::of(article.title, article.text);
        (self.alone(article, sketch, now), hashes)
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
            story: None,
            evidence: None,
            moved: None,
            entered: now,
            published,
            sketch,
        }
    }

    /// The remembered articles that resemble this one, verified, the likeliest copy first. `hashes` are the whole
    /// hashes of its samples.
    pub(crate) fn matches(&self, article: &Remembered, hashes: &[u32], now: i64) -> Vec<Match<'_>> {
        self.matches_of(article, &self.near(hashes, now), now)
    }

    /// The remembered articles that share rare passages with an article whose samples have these hashes.
    pub(crate) fn near(&self, hashes: &[u32], now: i64) -> Found {
        self.index
            .look_up(hashes, self.horizon(now), STORY_CANDIDATES + 1, &self.store)
    }

    pub(crate) fn matches_of(&self, article: &Remembered, found: &Found, now: i64) -> Vec<Match<'_>> {
        let horizon = self.horizon(now);
        if found.candidates.is_empty() {
            return Vec::new();
        }
        let clusters = spread(&article.sketch, |at| {
            found.clusters.get(at).copied().unwrap_or_default()
        });
        let asked = Asked {
            article,
            source: hash_of(&article.source),
            place: Place::of(&article.url),
            lookup: Lookup::new(&article.sketch),
            clusters: &clusters,
            horizon,
        };
        self.store.warm(found.candidates.iter().map(|&(slot, _)| slot));
        let mut matches: Vec<Match<'_>> = found
            .candidates
            .iter()
            .take(CANDIDATES + 1)
            .filter_map(|&(slot, _)| self.store.kept(slot))
            .filter(|candidate| !candidate.id.is(&article.id))
            .take(CANDIDATES)
            .filter_map(|candidate| self.verify(&asked, &candidate))
            .collect();
        matches.sort_by(|a, b| {
            let earlier = || (a.kept.entered, a.kept.id).cmp(&(b.kept.entered, b.kept.id));
            b.probability.total_cmp(&a.probability).then_with(earlier)
        });
        matches
    }

    fn verify<'a>(&self, asked: &Asked<'_>, kept: &Kept<'a>) -> Option<Match<'a>> {
        let article = asked.article;
        let has = |half: u16| asked.lookup.place(half).is_some();
        let (few, comparable) = kept.samples()?.shared(&article.sketch, has);
        if few * HOPELESS < comparable {
            return None;
        }
        let sketch = kept.sketch();
        let shared = shared(&asked.lookup, &sketch);
        let of_keys = self.index.clusters(sketch.keys(), asked.horizon, &self.store);
        let mut of_keys = of_keys.into_iter();
        let known: Vec<f32> = (0..sketch.samples.len())
            .map(|at| {
                if sketch.is_key(at) {
                    of_keys.next().unwrap_or_default()
                } else {
                    0.0
                }
            })
            .collect();
        let clusters = spread(&sketch, |at| known.get(at).copied().unwrap_or_default());
        let mut pair = compare(
            Weighed {
                sketch: &article.sketch,
                clusters: asked.clusters,
            },
            Weighed {
                sketch: &sketch,
                clusters: &clusters,
            },
            &shared,
        );
        pair.hours = hours_between(article.published, kept.published);
        pair.same_source = asked.source == kept.source;
        pair.same_address = kept.is_at(&asked.place);
        let probability = verifier::sigmoid(self.weights.log_odds(&verifier::features(&pair)));
        Some(Match {
            kept: *kept,
            sketch,
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
        let entered = |slot: u32| self.store.entry(slot).map_or(now, |entry| entry.entered);
        let newest = self.window.newest().map_or(now, entered);
        let horizon = self.horizon(now.min(newest));
        let old = self.window.slots().take_while(|&slot| entered(slot) < horizon);
        let old = old.take(FORGET_AT_ONCE).filter_map(|slot| self.store.kept(slot));
        old.map(|old| Memory::Forget(old.id.text())).collect()
    }

    fn horizon(&self, now: i64) -> i64 {
        now.saturating_sub(self.config.window_ms)
    }
}

#[expect(clippy::cast_precision_loss, reason = "hours need no milliseconds")]
fn hours_between(a: i64, b: i64) -> f32 {
    a.abs_diff(b) as f32 / HOUR
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

/// What is asked of every candidate of an article.
struct Asked<'a> {
    article: &'a Remembered,
    source: u32,
    place: Place,
    lookup: Lookup,
    clusters: &'a [f32],
    horizon: i64,
}

/// In how many clusters each sample is, about. That is counted for keys; a passage is as common as the nearest of them.
fn spread(sketch: &Sketch, counted: impl Fn(usize) -> f32) -> Vec<f32> {
    let samples = 0..sketch.samples.len();
    let mut spread: Vec<f32> = samples.clone().map(&counted).collect();
    let keys: Vec<usize> = samples.filter(|&at| sketch.is_key(at)).collect();
    let mut next = 0;
    for (at, value) in spread.iter_mut().enumerate() {
        while keys.get(next).is_some_and(|&key| key < at) {
            next += 1;
        }
        let behind = next.checked_sub(1).and_then(|last| keys.get(last));
        let nearest = match (behind, keys.get(next)) {
            (Some(&behind), Some(&ahead)) => Some(if at - behind <= ahead - at { behind } else { ahead }),
            (behind, ahead) => behind.or(ahead).copied(),
        };
        *value = nearest.map_or(*value, |nearest| value.max(counted(nearest)));
    }
    spread
}
