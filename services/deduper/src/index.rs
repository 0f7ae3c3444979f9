//! Inverted postings: which remembered articles have a key, and how common it is.
//!
//! How common a shingle is counts in clusters, not in articles: a story that a hundred outlets print is still one
//! story, while a template or a standing notice is in many. A look-up visits the newest few articles of a posting and
//! no more, so its cost does not grow with the window; nor does what it says depend on the order in which articles
//! were added, only on which are there.

use std::collections::BTreeMap;

use crate::sketch::sampling::SAMPLES;
use crate::store::Store;
use crate::table::{SLOTS, Table};
use crate::window::Order;

/// Articles of a posting that a look-up visits, newest first.
const VISITS: usize = 20;
/// A shingle that more of the visited clusters have leads to no candidates.
const CLUSTERS_MAX: usize = 12;
/// Articles of one cluster that one shingle leads to.
const PER_CLUSTER: usize = 3;
/// Articles of a posting in the table; a longer one is a list.
const IN_TABLE: usize = 16;
/// Many shards, because with their number grows that of the bits by which keys are told apart.
const SHARD_BITS: u32 = 12;
/// Stands in the table for a list.
const LIST: u32 = SLOTS - 1;

/// What the index knows of the shingles of an article.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// For each shingle, in how many clusters it is, about.
    pub(crate) clusters: Vec<f32>,
    /// Articles that share rare shingles, with the sum of the shingles' weights, best first.
    pub(crate) candidates: Vec<(u32, f32)>,
}

/// The postings.
#[derive(Debug)]
pub(crate) struct Index {
    postings: Table,
    lists: BTreeMap<u32, Order>,
}

/// The weight of a shingle that so many other clusters have.
#[inline]
pub(crate) fn weight(other_clusters: f32) -> f32 {
    2.0 / (2.0 + other_clusters.max(0.0))
}

/// Slots of postings that are in the table, one posting after the other.
struct Fetched {
    slots: Vec<u32>,
    /// Where each posting ends.
    ends: Vec<usize>,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            postings: Table::new(SHARD_BITS),
            lists: BTreeMap::new(),
        }
    }
}

impl Index {
    /// Adds an article of the store.
    pub(crate) fn insert(&mut self, slot: u32, keys: impl Iterator<Item = u32> + Clone, store: &Store) {
        self.postings.warm(keys.clone());
        for key in keys {
            let (mut held, mut count) = ([0; IN_TABLE], 0);
            self.postings.of(key).zip(&mut held).for_each(|(slot, place)| {
                *place = slot;
                count += 1;
            });
            let held = &held[..count];
            if held == [LIST] {
                self.lists
                    .entry(self.postings.cell(key))
                    .or_default()
                    .insert(slot, store);
            } else if held.contains(&slot) {
                // Another of its keys has the same cell.
            } else if count < IN_TABLE {
                self.postings.insert(key, slot);
            } else {
                let mut list = Order::default();
                for &other in held.iter().chain([&slot]) {
                    self.postings.remove(key, other);
                    list.insert(other, store);
                }
                self.lists.insert(self.postings.cell(key), list);
                self.postings.insert(key, LIST);
            }
        }
    }

    /// Takes an article away while the store still has it; `keys` are those it was added with.
    pub(crate) fn remove(&mut self, slot: u32, keys: impl Iterator<Item = u32> + Clone, store: &Store) {
        self.postings.warm(keys.clone());
        for key in keys {
            if self.postings.remove(key, slot) {
                continue;
            }
            let Some(list) = self.lists.get_mut(&self.postings.cell(key)) else {
                continue;
            };
            list.remove(slot, store);
            if IN_TABLE / 2 < list.len() {
                continue;
            }
            self.postings.remove(key, LIST);
            let rest = self.lists.remove(&self.postings.cell(key)).unwrap_or_default();
            rest.slots().for_each(|slot| self.postings.insert(key, slot));
        }
    }

    /// Looks up the shingles of an article: how common each is, and who shares the rare ones. Articles that entered
    /// before `horizon` are as if forgotten.
    pub(crate) fn look_up(&self, shingles: &[u32], horizon: i64, wanted: usize, store: &Store) -> Found {
        let fetched = self.fetch(shingles.iter().copied(), store);
        let mut found = Found {
            clusters: Vec::with_capacity(shingles.len()),
            candidates: Vec::new(),
        };
        let mut hits: Vec<(u32, f32)> = Vec::new();
        for (&shingle, posting) in shingles.iter().zip(fetched.postings()) {
            let start = hits.len();
            let clusters = self.visit((shingle, posting), horizon, store, |slot| hits.push((slot, 0.0)));
            found.clusters.push(clusters);
            if clusters <= CLUSTERS_MAX as f32 {
                let new = hits.iter_mut().skip(start);
                new.for_each(|hit| hit.1 = weight(clusters - 1.0));
            } else {
                hits.truncate(start);
            }
        }
        found.candidates = best(hits, wanted, store);
        found
    }

    /// In how many clusters each key is, about.
    pub(crate) fn clusters(&self, keys: impl Iterator<Item = u32> + Clone, horizon: i64, store: &Store) -> Vec<f32> {
        let fetched = self.fetch(keys.clone(), store);
        let visited = keys.zip(fetched.postings());
        visited
            .map(|(key, posting)| self.visit((key, posting), horizon, store, |_| ()))
            .collect()
    }

    /// Bytes that they take up, about.
    pub(crate) fn bytes(&self) -> usize {
        let lists = self.lists.values().map(|list| size_of::<u32>() + list.bytes());
        self.postings.bytes() + lists.sum::<usize>()
    }

    /// The postings, with the entries of their articles at hand.
    fn fetch(&self, shingles: impl Iterator<Item = u32> + Clone, store: &Store) -> Fetched {
        self.postings.warm(shingles.clone());
        let mut fetched = Fetched {
            slots: Vec::with_capacity(64),
            ends: Vec::with_capacity(SAMPLES),
        };
        for shingle in shingles {
            fetched.slots.extend(self.postings.of(shingle));
            fetched.ends.push(fetched.slots.len());
        }
        let entered = fetched.slots.iter().filter_map(|&slot| store.entry(slot));
        std::hint::black_box(entered.fold(0, |sum, entry| sum ^ entry.entered));
        fetched
    }

    /// Visits the newest articles of a posting, a few of each cluster, and answers in how many clusters the shingle
    /// is: counted among those visited, scaled to the length of the posting.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    #[inline]
    fn visit(&self, (key, posting): (u32, &[u32]), horizon: i64, store: &Store, mut see: impl FnMut(u32)) -> f32 {
        match posting {
            [] => 0.0,
            [LIST] => {
                let Some(list) = self.lists.get(&self.postings.cell(key)) else {
                    return 0.0;
                };
                let (visited, distinct) = few_of_each(list.slots().rev().take(VISITS), horizon, store, see);
                if visited < VISITS {
                    return distinct as f32;
                }
                distinct as f32 * (list.len() - list.before(horizon, store)) as f32 / VISITS as f32
            }
            [slot] => {
                let current = store.entry(*slot).is_some_and(|entry| horizon <= entry.entered);
                if current {
                    see(*slot);
                }
                f32::from(u8::from(current))
            }
            many => {
                let mut newest_first = [0; IN_TABLE];
                let count = many.len().min(IN_TABLE);
                newest_first[..count].copy_from_slice(&many[..count]);
                newest_first[..count].sort_unstable_by(|a, b| store.compare(*b, *a));
                few_of_each(newest_first.into_iter().take(count), horizon, store, see).1 as f32
            }
        }
    }
}

/// Sees the articles, newest first, that did not enter before `horizon`, a few of each cluster; answers how many there
/// were and of how many clusters.
fn few_of_each(
    newest_first: impl Iterator<Item = u32>,
    horizon: i64,
    store: &Store,
    mut see: impl FnMut(u32),
) -> (usize, usize) {
    let mut seen = [(0u32, 0usize); VISITS];
    let (mut visited, mut distinct) = (0, 0);
    for slot in newest_first {
        let Some(entry) = store.entry(slot).filter(|entry| horizon <= entry.entered) else {
            break;
        };
        visited += 1;
        let known = seen[..distinct].iter_mut();
        match known.into_iter().find(|(cluster, _)| *cluster == entry.cluster) {
            Some((_, count)) if *count == PER_CLUSTER => {}
            Some((_, count)) => {
                *count += 1;
                see(slot);
            }
            None => {
                seen[distinct] = (entry.cluster, 1);
                distinct += 1;
                see(slot);
            }
        }
    }
    (visited, distinct)
}

impl Fetched {
    fn postings(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let posting = self.slots.get(start..end).unwrap_or(&[]);
            start = end;
            posting
        })
    }
}

/// Sums the hits of each article and keeps the best; the newer one of two that are equal.
fn best(mut hits: Vec<(u32, f32)>, wanted: usize, store: &Store) -> Vec<(u32, f32)> {
    // By weight as well, so that sums do not depend on the slots that articles happen to have.
    hits.sort_unstable_by_key(|hit| (hit.0, hit.1.to_bits()));
    let mut sums: Vec<(u32, f32)> = Vec::new();
    for (slot, weight) in hits {
        match sums.last_mut() {
            Some((last, sum)) if *last == slot => *sum += weight,
            _ => sums.push((slot, weight)),
        }
    }
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then_with(|| store.compare(b.0, a.0));
    if wanted < sums.len() {
        sums.select_nth_unstable_by(wanted, order);
        sums.truncate(wanted);
    }
    sums.sort_unstable_by(order);
    sums
}
