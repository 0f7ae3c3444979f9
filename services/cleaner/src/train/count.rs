//! Counts words for the tables: on how many sites a word stands on the story's side, and on the other.

use std::collections::{BTreeMap, BTreeSet};

use super::Prepared;
use crate::html::tables::{Table, Tables};

/// Sites on which a word must stand to be counted.
const MIN_SITES: usize = 4;
/// Words kept in each table, those with the most to say first.
const MAX_NAMES: usize = 3000;
const MAX_WORDS: usize = 6000;

/// Sites with a word among the story, and sites with it elsewhere.
type Sites = BTreeMap<u32, (BTreeSet<usize>, BTreeSet<usize>)>;

/// Makes the tables out of pages.
pub(super) fn tables<'a>(pages: impl Iterator<Item = &'a Prepared>) -> Tables {
    let (mut names, mut words) = (Sites::new(), Sites::new());
    let mut groups = (BTreeSet::new(), BTreeSet::new());
    for page in pages {
        for (evidence, label) in page.evidence.iter().zip(&page.labels) {
            if *label {
                groups.0.insert(page.group)
            } else {
                groups.1.insert(page.group)
            };
            add(&mut names, evidence.names.iter().flatten(), *label, page.group);
            add(&mut words, evidence.words.iter(), *label, page.group);
        }
    }
    let sites = (groups.0.len(), groups.1.len());
    Tables {
        names: table(&names, sites, MAX_NAMES),
        words: table(&words, sites, MAX_WORDS),
    }
}

fn add<'a>(sites: &mut Sites, found: impl Iterator<Item = &'a u32>, is_story: bool, group: usize) {
    for word in found {
        let entry = sites.entry(*word).or_default();
        if is_story {
            entry.0.insert(group)
        } else {
            entry.1.insert(group)
        };
    }
}

fn table(counted: &Sites, sites: (usize, usize), limit: usize) -> Table {
    let mut weighed: Vec<(u32, i8, f32)> = counted
        .iter()
        .filter(|(_, (story, other))| story.union(other).count() >= MIN_SITES)
        .map(|(word, (story, other))| {
            let rate = |found: usize, of: usize| (found as f32 + 0.5) / (of as f32 + 1.0);
            let odds = (rate(story.len(), sites.0) / rate(other.len(), sites.1)).ln();
            let support = (story.len() + other.len()) as f32;
            #[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
            let weight = (odds * 16.0).round().clamp(-127.0, 127.0) as i8;
            (*word, weight, odds.abs() * support.sqrt())
        })
        .filter(|(_, weight, _)| weight.unsigned_abs() >= 3)
        .collect();
    weighed.sort_by(|left, right| right.2.total_cmp(&left.2).then(left.0.cmp(&right.0)));
    weighed.truncate(limit);
    let mut table: Table = weighed.into_iter().map(|(word, weight, _)| (word, weight)).collect();
    table.sort_unstable();
    table
}
