//! What is remembered of one host: its last articles, and which of their lines stood on which of them.

use super::lines::Lines;

/// Articles remembered.
pub(super) const ARTICLES: usize = 16;
/// Fingerprints remembered. Those on one article only go first, the oldest first.
pub(super) const PRINTS: usize = 192;
/// Words that two headlines must share to be about one story.
const SHARED_WORDS: usize = 2;

/// An article that was remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Slot {
    /// Which one.
    pub(super) article: u32,
    /// Sampled words of its headline.
    pub(super) title: Vec<u16>,
}

/// A fingerprint, and on which of the articles its line stood: bit 0 is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) print: u32,
    pub(super) on: u16,
}

/// The last articles of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct History {
    /// The articles, newest first.
    pub(super) slots: Vec<Slot>,
    /// The fingerprints, in ascending order.
    pub(super) marks: Vec<Mark>,
}

/// On how many of the other articles a line stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Evidence {
    /// Articles that it stood on.
    pub(super) on: u8,
    /// As many of those as have nothing to do with one another.
    pub(super) independent: u8,
    /// Articles that there were.
    pub(super) of: u8,
}

impl Evidence {
    /// The share of articles that it stood on.
    pub(super) fn share(self) -> f32 {
        f32::from(self.on) / f32::from(self.of.max(1))
    }
}

impl History {
    /// On which articles the line of a fingerprint stood.
    pub(super) fn on(&self, print: u32) -> u16 {
        let found = self.marks.binary_search_by_key(&print, |mark| mark.print);
        found.ok().and_then(|at| self.marks.get(at)).map_or(0, |mark| mark.on)
    }

    /// The place of the same article, fetched before: by the same address, or by another one with the same headline
    /// and text.
    pub(super) fn same(&self, lines: &Lines, prints: &[u32]) -> Option<usize> {
        let by_address = self.slots.iter().position(|slot| slot.article == lines.article);
        by_address.or_else(|| {
            (0..self.slots.len()).find(|at| {
                let on_it = prints.iter().filter(|print| self.on(**print) & bit(*at) != 0);
                is_related(&lines.title, &self.slots[*at].title) && 2 * on_it.count() >= prints.len().max(1)
            })
        })
    }

    /// All articles but this one.
    pub(super) fn all_but(&self, same: Option<usize>) -> u16 {
        let others = (0..self.slots.len()).filter(|at| Some(*at) != same);
        others.fold(0, |others, at| others | bit(at))
    }

    /// All articles but this one and those on the same story, whose background is repeated word for word and belongs
    /// to it.
    pub(super) fn unrelated(&self, lines: &Lines, same: Option<usize>) -> u16 {
        let slots = self.slots.iter().enumerate();
        let others = slots.filter(|(at, slot)| Some(*at) != same && !is_related(&lines.title, &slot.title));
        others.fold(0, |others, (at, _)| others | bit(at))
    }

    /// What `others` say about a line.
    pub(super) fn evidence(&self, print: u32, others: u16) -> Evidence {
        let on = self.on(print) & others;
        Evidence {
            on: count(on),
            independent: self.independent(on),
            of: count(others),
        }
    }

    /// How many of these articles are about stories of their own.
    fn independent(&self, on: u16) -> u8 {
        let mut told: Vec<&Slot> = Vec::new();
        for (_, slot) in self.slots.iter().enumerate().filter(|(at, _)| on & bit(*at) != 0) {
            if !told.iter().any(|other| is_related(&slot.title, &other.title)) {
                told.push(slot);
            }
        }
        u8::try_from(told.len()).unwrap_or(u8::MAX)
    }

    /// The memory with this article as the newest, or in its own place when it was remembered before.
    pub(super) fn with(&self, lines: &Lines, prints: &[u32], same: Option<usize>) -> Self {
        let mut after = self.clone();
        let slot = Slot {
            article: lines.article,
            title: lines.title.clone(),
        };
        let at = match same {
            Some(at) => {
                after.marks.iter_mut().for_each(|mark| mark.on &= !bit(at));
                if let Some(old) = after.slots.get_mut(at) {
                    *old = slot;
                }
                at
            }
            None => {
                after.marks.iter_mut().for_each(|mark| mark.on <<= 1);
                after.slots.insert(0, slot);
                after.slots.truncate(ARTICLES);
                0
            }
        };
        for print in prints {
            match after.marks.binary_search_by_key(print, |mark| mark.print) {
                Ok(found) => after.marks[found].on |= bit(at),
                Err(place) => after.marks.insert(
                    place,
                    Mark {
                        print: *print,
                        on: bit(at),
                    },
                ),
            }
        }
        after.bound();
        after
    }

    /// Forgets lines that no article has any more, then those that say least.
    fn bound(&mut self) {
        self.marks.retain(|mark| mark.on != 0);
        if self.marks.len() <= PRINTS {
            return;
        }
        let value = |mark: &Mark| {
            let age = mark.on.trailing_zeros();
            (
                std::cmp::Reverse(mark.on.count_ones().min(3)),
                age,
                std::cmp::Reverse(mark.on.count_ones()),
                mark.print,
            )
        };
        self.marks.sort_unstable_by_key(value);
        self.marks.truncate(PRINTS);
        self.marks.sort_unstable_by_key(|mark| mark.print);
    }
}

/// The bit of an article.
pub(super) fn bit(at: usize) -> u16 {
    u32::try_from(at).ok().and_then(|at| 1_u16.checked_shl(at)).unwrap_or(0)
}

/// How many articles these are.
pub(super) fn count(articles: u16) -> u8 {
    u8::try_from(articles.count_ones()).unwrap_or(u8::MAX)
}

/// Whether two headlines are about one story.
fn is_related(one: &[u16], other: &[u16]) -> bool {
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    shared >= SHARED_WORDS || shared > 0 && one == other
}
