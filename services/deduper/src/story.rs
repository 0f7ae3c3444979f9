//! Stories: articles on one event, each in words of its own.
//!
//! Two reporters on one event name the same people and places, often in the headline, and give the same figures; what
//! else they write differs. So the names, title words and numbers of two sketches are compared, each weighed by how
//! rare it is among the articles of the window: that both name a country proves little, that both name a county clerk
//! proves much. Both the share and the amount must be there: two briefs with one name agree wholly and prove nothing.
//!
//! An article of a story is published like any other. Copies don't enter here: they are in the story of what they copy.

use crate::sketch::wire::Values;
use crate::sketch::{NAMES_MAX, NUMBERS_MAX, Sketch, TITLE_MAX};

/// Articles, with names of their own, that a window is taken to have held in addition: in a window of a few articles
/// every name is rare, and that is worth little.
const PRIOR: f32 = 1_000.0;
/// A word is common that is in so many articles that the logarithm of one in how many is this share of that of all: in
/// some hundred of ten thousand.
const COMMON: f32 = 0.4;
/// Names that two articles must share to be looked at.
const NAMES_LEAST: usize = 4;
/// Hours of a day.
const DAY: f32 = 24.0;

/// Parts that the window's words are counted in, by the time at which articles entered.
const PARTS: usize = 8;

/// In how many articles, copies not counted, each name and title word is. Words are told apart by sixteen bits, so the
/// table is complete and never grows; in a very large window rare words look less rare than they are, and fewer stories
/// are seen.
///
/// Articles are forgotten some time after they have left the window, and what is decided must not depend on when: so
/// they are counted by parts of the window, and only those count that lie in it as a whole.
#[derive(Debug)]
pub(crate) struct Rarity {
    /// Milliseconds of a part.
    part_ms: i64,
    /// For each word how many articles of each part have it. A full count stays full: such a word is common anyway.
    counts: Box<[[u16; PARTS]]>,
    /// Which parts these are, counted from 1970, and how many articles each has. A new one takes the place of the one
    /// that is long out of the window.
    numbers: [i64; PARTS],
    articles: [u32; PARTS],
}

impl Rarity {
    /// Nothing counted yet, for a window of so many milliseconds.
    pub(crate) fn new(window_ms: i64) -> Self {
        // With the part that is going on there is one more than fits into the window.
        let parts = i64::try_from(PARTS).unwrap_or(i64::MAX) - 1;
        Self {
            part_ms: (window_ms / parts).max(1),
            counts: vec![[0; PARTS]; 1 << 16].into_boxed_slice(),
            numbers: [i64::MIN; PARTS],
            articles: [0; PARTS],
        }
    }

    /// The number of a part, and its place.
    fn part(&self, entered: i64) -> (i64, usize) {
        let number = entered.div_euclid(self.part_ms);
        (number, (number & (PARTS as i64 - 1)) as usize)
    }

    /// Counts the words of an article.
    pub(crate) fn add(&mut self, sketch: &Sketch, entered: i64) {
        let (number, place) = self.part(entered);
        if number < self.numbers[place] {
            return;
        }
        if self.numbers[place] < number {
            self.numbers[place] = number;
            self.articles[place] = 0;
            self.counts.iter_mut().for_each(|counts| counts[place] = 0);
        }
        self.articles[place] = self.articles[place].saturating_add(1);
        self.each(sketch, |counts| counts[place] = counts[place].saturating_add(1));
    }

    /// Takes the words of an article away that was added.
    pub(crate) fn remove(&mut self, sketch: &Sketch, entered: i64) {
        let (number, place) = self.part(entered);
        if number != self.numbers[place] {
            return;
        }
        self.articles[place] = self.articles[place].saturating_sub(1);
        self.each(sketch, |counts| {
            if counts[place] < u16::MAX {
                counts[place] = counts[place].saturating_sub(1);
            }
        });
    }

    fn each(&mut self, sketch: &Sketch, change: impl Fn(&mut [u16; PARTS])) {
        let names = sketch.names().values;
        let of_title = sketch.title().iter().filter(|word| !names.contains(word));
        for &word in names.iter().chain(of_title) {
            self.counts.get_mut(usize::from(word)).map(&change);
        }
    }

    /// How rare words are among the articles that entered after this time.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more")]
    pub(crate) fn since(&self, horizon: i64) -> Rare<'_> {
        let (oldest, _) = self.part(horizon);
        let counted = self.numbers.map(|number| oldest < number);
        let parts = self.articles.iter().zip(counted).filter(|(_, counted)| *counted);
        let articles: u64 = parts.map(|(articles, _)| u64::from(*articles)).sum();
        Rare {
            counts: &self.counts,
            counted,
            all: articles as f32 + PRIOR,
        }
    }

    /// Bytes that it takes up.
    pub(crate) fn bytes(&self) -> usize {
        self.counts.len() * size_of::<[u16; PARTS]>()
    }
}

/// How rare words are at one time.
pub(crate) struct Rare<'a> {
    counts: &'a [[u16; PARTS]],
    counted: [bool; PARTS],
    all: f32,
}

impl Rare<'_> {
    /// How rare a word is: 1 of one that no article has, 0 of one that a good part of them have.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more")]
    pub(crate) fn of(&self, word: u16) -> f32 {
        let counts = self.counts.get(usize::from(word)).copied().unwrap_or_default();
        let parts = counts.iter().zip(self.counted);
        let count: u32 = parts
            .map(|(count, counted)| if counted { u32::from(*count) } else { 0 })
            .sum();
        let rarity = (self.all / (count as f32 + 1.0)).ln() / self.all.ln();
        ((rarity - COMMON) / (1.0 - COMMON)).clamp(0.0, 1.0)
    }
}

/// What two articles that share no wording have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Resemblance {
    /// Share of the names of the side with less, rare ones counting more, that both have: 0 to 1.
    pub names: f32,
    /// How many names both have, rare ones counting more: 1 for one that no other article has.
    pub names_evidence: f32,
    /// How many title words both have, counted so.
    pub title_evidence: f32,
    /// Share of the numbers of the side with fewer that both have, with some doubt: a half of one that has none.
    pub numbers: f32,
    /// How many numbers both have.
    pub numbers_shared: f32,
    /// Both are from one source.
    pub same_source: bool,
    /// Hours between the articles' own times, at most those of the window.
    pub hours: f32,
}

impl Resemblance {
    /// How sure it is that both are on one event, 0 to 1: from one half on they are. It grows with the amount of what
    /// both name, in the text and in the headline, and with the share of the numbers that agree; a series of one outlet
    /// names the same things every day, with other numbers. However much both name, it must be about half of what they
    /// name: two reports on one subject, years apart, have its names in common and no others.
    ///
    /// The weights were fitted to 131 pairs that a person had judged.
    #[must_use]
    pub fn score(&self) -> f32 {
        let same_source = f32::from(u8::from(self.same_source));
        let log_odds =
            -4.4 + 1.8 * self.names_evidence.ln_1p() + 1.8 * self.title_evidence.ln_1p() + 4.0 * self.numbers
                - 1.2 * same_source
                - 0.7 * (self.hours / DAY).ln_1p()
                - 20.0 * (0.5 - self.names).max(0.0);
        crate::verifier::sigmoid(log_odds)
    }
}

/// An article's names, title words and numbers, made ready to be compared with those of many others.
pub(crate) struct Asked<'a> {
    sketch: &'a Sketch,
    /// Which last bytes its names have: most words of others are told from them by that alone.
    present: [u64; 4],
}

impl<'a> Asked<'a> {
    pub(crate) fn new(sketch: &'a Sketch) -> Self {
        let mut present = [0; 4];
        for name in sketch.names().values {
            present[usize::from(name & 255) / 64] |= 1 << (name & 63);
        }
        Self { sketch, present }
    }

    fn has(&self, name: u16) -> bool {
        self.present[usize::from(name & 255) / 64] & (1 << (name & 63)) != 0
            && self.sketch.names().values.contains(&name)
    }

    /// What another article has in common with this one; `None` when that is too little to look at.
    pub(crate) fn compare(&self, other: Values<'_>, rarity: &Rare<'_>) -> Option<Resemblance> {
        let shared = other.names().take(NAMES_MAX).filter(|&name| self.has(name));
        if shared.clone().count() < NAMES_LEAST {
            return None;
        }
        let sum = |words: &mut dyn Iterator<Item = u16>| words.map(|word| rarity.of(word)).sum::<f32>();
        let title = self.sketch.title();
        let names_evidence = sum(&mut shared.clone());
        let title_evidence = sum(&mut other.title().take(TITLE_MAX).filter(|word| title.contains(word)));
        let names = sum(&mut self.sketch.names().values.iter().copied()).min(sum(&mut other.names()));
        let numbers = self.sketch.numbers().values;
        let both = other
            .numbers()
            .take(NUMBERS_MAX)
            .filter(|number| numbers.contains(number));
        #[expect(clippy::cast_precision_loss, reason = "at most 20")]
        let [both, fewer] = [both.count(), numbers.len().min(other.numbers().count())].map(|count| count as f32);
        Some(Resemblance {
            names: (names_evidence / names.max(1.0)).min(1.0),
            names_evidence,
            title_evidence,
            numbers: (both + 1.0) / (fewer + 2.0),
            numbers_shared: both,
            ..Resemblance::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Rarity, Resemblance};
    use crate::sketch::Sketch;

    #[test]
    fn a_word_is_as_rare_as_the_articles_that_are_there_make_it() {
        let sketch = Sketch::of("Varda summit", "Today the Meren rose in Varda, said Doran.");
        let doran = *sketch.names().values.last().unwrap_or(&0);
        let mut rarity = Rarity::new(70);
        let of = |rarity: &Rarity, horizon| rarity.since(horizon).of(doran);
        let fresh = of(&rarity, 900);
        assert_eq!(fresh, 1.0);
        for _ in 0..50 {
            rarity.add(&sketch, 1000);
        }
        assert!(of(&rarity, 950) < 0.3, "{}", of(&rarity, 950));
        for _ in 0..50 {
            rarity.remove(&sketch, 1000);
        }
        assert_eq!(of(&rarity, 950), fresh);
    }

    #[test]
    fn what_left_the_window_counts_no_more_whether_it_was_forgotten_or_not() {
        let sketch = Sketch::of("Varda summit", "Today the Meren rose in Varda, said Doran.");
        let doran = *sketch.names().values.last().unwrap_or(&0);
        let mut rarity = Rarity::new(70);
        (0..50).for_each(|_| rarity.add(&sketch, 1000));
        assert!(rarity.since(999).of(doran) < 1.0);
        assert_eq!(rarity.since(1001).of(doran), 1.0);
        // A part takes the place of one that is long gone; what comes for that one later is not counted.
        rarity.add(&sketch, 1080);
        (0..50).for_each(|_| rarity.add(&sketch, 1000));
        (0..50).for_each(|_| rarity.remove(&sketch, 1000));
        assert!(rarity.since(1060).of(doran) < 1.0);
        rarity.remove(&sketch, 1080);
        assert_eq!(rarity.since(900).of(doran), 1.0);
    }

    #[test]
    fn the_score_grows_with_what_is_shared_and_falls_with_time_and_in_a_series() {
        let some = Resemblance {
            names: 0.6,
            names_evidence: 5.0,
            title_evidence: 2.0,
            numbers: 0.5,
            numbers_shared: 2.0,
            same_source: false,
            hours: 5.0,
        };
        assert!(0.5 < some.score());
        for less in [
            Resemblance { names: 0.3, ..some },
            Resemblance {
                names_evidence: 1.0,
                ..some
            },
            Resemblance {
                title_evidence: 0.0,
                ..some
            },
            Resemblance { numbers: 0.1, ..some },
            Resemblance {
                same_source: true,
                ..some
            },
            Resemblance { hours: 100.0, ..some },
        ] {
            assert!(less.score() < some.score(), "{less:?}");
        }
    }
}
