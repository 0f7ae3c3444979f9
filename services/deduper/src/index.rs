//! Inverted postings: which remembered articles have a shingle, and how common it is.
//!
//! How common a shingle is counts in clusters, not in articles: a story that a hundred outlets print is still one
//! story, while a template or a standing notice is in many. A look-up visits the newest few articles of a posting and
//! no more, so its cost does not grow with the window; nor does what it says depend on the order in which articles
//! were added, only on which are there.

use std::collections::VecDeque;
use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;

/// Articles of a posting that a look-up visits, newest first.
const VISITS: usize = 20;
/// A shingle that more of the visited clusters have leads to no candidates.
const CLUSTERS_MAX: usize = 12;
/// Articles of one cluster that one shingle leads to.
const PER_CLUSTER: usize = 3;
/// Marks a posting of several articles; the rest of the value is the number of its list.
const LIST: u32 = 1 << 31;

/// Where an article stands in the order of entry, and in which cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Entry {
    /// Time of entry, milliseconds.
    pub(crate) entered: i64,
    /// Hash of the article's id, to order articles of one time.
    pub(crate) id: u64,
    /// Hash of the cluster's id.
    pub(crate) cluster: u64,
}

/// What the index knows of the shingles of an article.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// For each shingle, in how many clusters it is, about.
    pub(crate) clusters: Vec<f32>,
    /// Articles that share rare shingles, with the sum of the shingles' weights, best first.
    pub(crate) candidates: Vec<(u32, f32)>,
}

/// The postings.
#[derive(Debug, Default)]
pub(crate) struct Index {
    postings: HashMap<u32, u32, BuildHasherDefault<Mixer>>,
    lists: Vec<VecDeque<u32>>,
    free_lists: Vec<u32>,
    entries: Vec<Entry>,
}

/// The weight of a shingle that so many other clusters have.
#[inline]
pub(crate) fn weight(other_clusters: f32) -> f32 {
    2.0 / (2.0 + other_clusters.max(0.0))
}

impl Index {
    /// Adds the article of `slot`.
    pub(crate) fn insert(&mut self, slot: u32, entry: Entry, shingles: &[u32]) {
        let place = slot as usize;
        if self.entries.len() <= place {
            self.entries.resize(place + 1, Entry::default());
        }
        self.entries[place] = entry;
        for &shingle in shingles {
            let posting = self.postings.entry(shingle).or_insert(slot);
            if *posting == slot {
                continue;
            }
            if *posting & LIST == 0 {
                let first = *posting;
                let number = new_list(&mut self.lists, &mut self.free_lists);
                *posting = number | LIST;
                if let Some(list) = self.lists.get_mut(number as usize) {
                    list.push_back(first);
                }
            }
            if let Some(list) = self.lists.get_mut((*posting & !LIST) as usize) {
                insert_ordered(list, &self.entries, slot);
            }
        }
    }

    /// Takes the article of `slot` away; `shingles` are those it was added with.
    pub(crate) fn remove(&mut self, slot: u32, shingles: &[u32]) {
        for &shingle in shingles {
            let Some(posting) = self.postings.get_mut(&shingle) else {
                continue;
            };
            if *posting & LIST == 0 {
                if *posting == slot {
                    self.postings.remove(&shingle);
                }
                continue;
            }
            let number = *posting & !LIST;
            let Some(list) = self.lists.get_mut(number as usize) else {
                continue;
            };
            remove_ordered(list, &self.entries, slot);
            if list.len() == 1 {
                *posting = list.pop_front().unwrap_or_default();
                *list = VecDeque::new();
                self.free_lists.push(number);
            }
        }
    }

    /// Looks up the shingles of an article: how common each is, and who shares the rare ones. Articles that entered
    /// before `horizon` are as if forgotten.
    pub(crate) fn look_up(&self, shingles: &[u32], horizon: i64, wanted: usize) -> Found {
        let mut found = Found {
            clusters: Vec::with_capacity(shingles.len()),
            candidates: Vec::new(),
        };
        let mut hits: Vec<(u32, f32)> = Vec::new();
        // All postings are fetched before any is looked into: the fetches miss the cache, and so they miss it together.
        let postings: Vec<Option<u32>> = shingles
            .iter()
            .map(|shingle| self.postings.get(shingle).copied())
            .collect();
        for posting in postings {
            let start = hits.len();
            let clusters = self.visit(posting, horizon, |slot| hits.push((slot, 0.0)));
            found.clusters.push(clusters);
            if clusters <= CLUSTERS_MAX as f32 {
                hits.iter_mut()
                    .skip(start)
                    .for_each(|hit| hit.1 = weight(clusters - 1.0));
            } else {
                hits.truncate(start);
            }
        }
        found.candidates = self.best(hits, wanted);
        found
    }

    /// In how many clusters each shingle is, about.
    pub(crate) fn clusters(&self, shingles: &[u32], horizon: i64) -> Vec<f32> {
        let postings: Vec<Option<u32>> = shingles
            .iter()
            .map(|shingle| self.postings.get(shingle).copied())
            .collect();
        postings
            .into_iter()
            .map(|posting| self.visit(posting, horizon, |_| ()))
            .collect()
    }

    /// Visits the newest articles of a posting, a few of each cluster, and answers in how many clusters the shingle
    /// is: counted among those visited, scaled to the length of the posting.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    #[inline]
    fn visit(&self, posting: Option<u32>, horizon: i64, mut see: impl FnMut(u32)) -> f32 {
        let Some(posting) = posting else { return 0.0 };
        if posting & LIST == 0 {
            let current = self
                .entries
                .get(posting as usize)
                .is_some_and(|entry| horizon <= entry.entered);
            if current {
                see(posting);
            }
            return f32::from(u8::from(current));
        }
        let Some(list) = self.lists.get((posting & !LIST) as usize) else {
            return 0.0;
        };
        let mut seen = [(0u64, 0usize); VISITS];
        let mut distinct = 0;
        let mut visited = 0;
        for &slot in list.iter().rev().take(VISITS) {
            let Some(entry) = self.entries.get(slot as usize).filter(|entry| horizon <= entry.entered) else {
                break;
            };
            visited += 1;
            let known = seen[..distinct]
                .iter_mut()
                .find(|(cluster, _)| *cluster == entry.cluster);
            match known {
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
        if visited < VISITS {
            return distinct as f32;
        }
        let old = list.partition_point(|&slot| self.entries.get(slot as usize).is_some_and(|e| e.entered < horizon));
        distinct as f32 * (list.len() - old) as f32 / VISITS as f32
    }

    /// Sums the hits of each article and keeps the best; the newer one of two that are equal.
    fn best(&self, mut hits: Vec<(u32, f32)>, wanted: usize) -> Vec<(u32, f32)> {
        hits.sort_unstable_by_key(|hit| hit.0);
        let mut sums: Vec<(u32, f32)> = Vec::new();
        for (slot, weight) in hits {
            match sums.last_mut() {
                Some((last, sum)) if *last == slot => *sum += weight,
                _ => sums.push((slot, weight)),
            }
        }
        let entry = |slot: u32| self.entries.get(slot as usize).copied().unwrap_or_default();
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then_with(|| entry(b.0).cmp(&entry(a.0)));
        if wanted < sums.len() {
            sums.select_nth_unstable_by(wanted, order);
            sums.truncate(wanted);
        }
        sums.sort_unstable_by(order);
        sums
    }
}

fn new_list(lists: &mut Vec<VecDeque<u32>>, free: &mut Vec<u32>) -> u32 {
    free.pop().unwrap_or_else(|| {
        lists.push(VecDeque::with_capacity(4));
        u32::try_from(lists.len() - 1).unwrap_or(LIST - 1)
    })
}

/// Adds `slot` in the order of entry. Articles mostly come in that order, so the end is tried first.
fn insert_ordered(list: &mut VecDeque<u32>, entries: &[Entry], slot: u32) {
    let entry = |slot: u32| entries.get(slot as usize).copied().unwrap_or_default();
    let new = entry(slot);
    if list.back().is_none_or(|&last| entry(last) < new) {
        list.push_back(slot);
        return;
    }
    let place = list.partition_point(|&other| entry(other) < new);
    if list.get(place) != Some(&slot) {
        list.insert(place, slot);
    }
}

fn remove_ordered(list: &mut VecDeque<u32>, entries: &[Entry], slot: u32) {
    if list.front() == Some(&slot) {
        list.pop_front();
        return;
    }
    let entry = |slot: u32| entries.get(slot as usize).copied().unwrap_or_default();
    let gone = entry(slot);
    let place = list.partition_point(|&other| entry(other) < gone);
    if list.get(place) == Some(&slot) {
        list.remove(place);
    }
}

/// Shingles are hashes already; a multiplication spreads those that sampling left in a low range.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
