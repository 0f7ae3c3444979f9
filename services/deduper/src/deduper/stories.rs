//! Stories: which event an article is on.

use super::{Deduper, hours_between};
use crate::index::Found;
use crate::memory::{Remembered, StoryOf};
use crate::store::{Kept, hash_of, rounded};
use crate::story::{Asked, Resemblance};

/// The least score at which two articles are on one event.
const LEAST: f32 = 0.5;
/// Articles that entered longer before are of another event, however much they resemble it: milliseconds.
const WITHIN: i64 = 72 * 3_600_000;

/// Whether two articles are told to be on one event.
pub(crate) fn is_story(resemblance: &Resemblance) -> bool {
    LEAST <= resemblance.score()
}

impl Deduper {
    /// The article is no copy: finds the story that it is of among the articles near it, if any. That is told once, at
    /// first sight: which story it was of does not change with its text.
    pub(super) fn tells(&self, remembered: &mut Remembered, found: &Found, now: i64) {
        if remembered.story.is_some() {
            return;
        }
        let related = self.related(remembered, found, now);
        let best = related
            .into_iter()
            .next()
            .filter(|(_, resemblance)| is_story(resemblance));
        remembered.story = best.map(|(kept, resemblance)| {
            let cluster = kept.cluster.text();
            StoryOf {
                related: self.original_of(&cluster, now).1,
                story: kept.story().map_or(cluster, |of| of.story),
                score: rounded(resemblance.score()),
            }
        });
        remembered
            .story
            .take_if(|of| of.story == remembered.id || of.related == remembered.id);
    }

    /// The remembered articles that name what this one names, the likeliest to be on one event first. `found` are the
    /// articles near it.
    pub(crate) fn related(&self, article: &Remembered, found: &Found, now: i64) -> Vec<(Kept<'_>, Resemblance)> {
        let asked = Asked::new(&article.sketch);
        let source = hash_of(&article.source);
        let rarity = self.rarity(now);
        let candidates = found.candidates.iter().filter_map(|&(slot, _)| self.store.kept(slot));
        let recent = candidates.filter(|kept| now.saturating_sub(kept.entered) <= WITHIN && !kept.id.is(&article.id));
        let compared = recent.filter_map(|kept| {
            let resemblance = Resemblance {
                same_source: source != 0 && source == kept.source,
                hours: hours_between(article.published, kept.published),
                ..asked.compare(kept.values()?, &rarity)?
            };
            Some((kept, resemblance))
        });
        let mut related: Vec<(Kept<'_>, Resemblance)> = compared.collect();
        related.sort_by(|(a, one), (b, other)| {
            let earlier = || (a.entered, a.id).cmp(&(b.entered, b.id));
            other.score().total_cmp(&one.score()).then_with(earlier)
        });
        related
    }
}
