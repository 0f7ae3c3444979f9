//! Clusters: who is the original, who joins, and what that makes of an article.

use std::collections::BTreeSet;

use super::{Deduper, Match, relation};
use crate::memory::{Attachment, Moved, Remembered, Replaced};
use crate::origin;
use crate::store::{Kept, hash_of, long_hash_of, rounded};
use crate::verdict::{Duplicate, Replaces, Verdict};

/// Which remembered articles say that the original of their cluster moved: hash of the cluster, how often by then, when
/// the article entered, its slot. Whoever says the highest number knows the present original.
#[derive(Debug, Default)]
pub(super) struct Moves(BTreeSet<(u64, u32, i64, u32)>);

impl Moves {
    pub(super) fn insert(&mut self, slot: u32, kept: &Kept<'_>) {
        self.0.extend(entry(slot, kept));
    }

    pub(super) fn remove(&mut self, slot: u32, kept: &Kept<'_>) {
        entry(slot, kept).map(|entry| self.0.remove(&entry));
    }

    /// The slot of an article of the window that knows the present original of a cluster.
    fn latest(&self, cluster: &str, horizon: i64) -> Option<u32> {
        let cluster = long_hash_of(cluster);
        let all = (cluster, 0, i64::MIN, 0)..=(cluster, u32::MAX, i64::MAX, u32::MAX);
        let mut latest_first = self.0.range(all).rev();
        latest_first
            .find(|(_, _, entered, _)| horizon <= *entered)
            .map(|(_, _, _, slot)| *slot)
    }
}

fn entry(slot: u32, kept: &Kept<'_>) -> Option<(u64, u32, i64, u32)> {
    let moved = kept.moved()?;
    Some((long_hash_of(&kept.cluster.text()), moved.count, kept.entered, slot))
}

impl Deduper {
    /// How often the original of a cluster has moved, and its id.
    pub(super) fn original_of(&self, cluster: &str, now: i64) -> (u32, String) {
        let latest = self.moves.latest(cluster, self.horizon(now));
        let moved = latest.and_then(|slot| self.store.kept(slot)?.moved());
        moved.map_or((0, cluster.to_owned()), |moved| (moved.count, moved.original))
    }

    /// The cluster's original stays it in its new versions, whatever becomes of its text: others point to it.
    pub(super) fn stays_original(&self, remembered: &mut Remembered, before: Option<&Remembered>, now: i64) -> bool {
        let Some(before) = before.filter(|before| self.original_of(&before.cluster, now).1 == before.id) else {
            return false;
        };
        remembered.cluster.clone_from(&before.cluster);
        remembered.copies = before.copies;
        let moved = before.moved.as_ref();
        // Its first version said whose place it took; that is not to be told again.
        remembered.moved = moved.map(|moved| Moved::known(moved.count, &moved.original));
        true
    }

    /// The article matches nothing. Its id may be the name of a cluster that has another original by now: it left
    /// that one, and needs another name for its own.
    pub(super) fn stands_alone(&self, remembered: &mut Remembered, now: i64) {
        if self.original_of(&remembered.id, now).1 != remembered.id {
            remembered.cluster.clone_from(&remembered.fetch_id);
            remembered.moved = Some(Moved::known(1, &remembered.id));
        }
    }

    /// The article joins the cluster of its best match, as a copy or as its new original.
    pub(super) fn joins(
        &self,
        remembered: &mut Remembered,
        (best, matches): (&Match<'_>, &[Match<'_>]),
        before: Option<&Remembered>,
        now: i64,
    ) {
        let cluster = best.kept.cluster.text();
        remembered.cluster.clone_from(&cluster);
        if remembered.story.is_none() {
            remembered.story = best
                .kept
                .story()
                .filter(|of| of.story != remembered.id && of.related != remembered.id);
        }
        // The newest copy knows how many there are, and the newest of those alike are among the candidates.
        let siblings = matches.iter().filter(|other| other.kept.cluster == best.kept.cluster);
        let copies = siblings.map(|sibling| sibling.kept.copies).max();
        remembered.copies = copies.unwrap_or(1).saturating_add(1);
        let (moves, original) = self.original_of(&cluster, now);
        let known = (0 < moves).then(|| Moved::known(moves, &original));
        if original == remembered.id {
            // The original itself, which was forgotten while its copies were not.
            remembered.moved = known;
            return;
        }
        remembered.attachment = Some(Attachment {
            matched: best.kept.id.text(),
            relation: relation(best),
            similarity: rounded(best.probability),
        });
        // Who was told to be a copy stays one while it is: so no article takes a place twice, and none has to be told
        // back and forth. What left the window or was remembered without evidence keeps its place: there is nothing to
        // compare with.
        let is_told = before.is_some_and(|before| before.cluster == cluster);
        let source = hash_of(&remembered.source);
        let contested = self.kept(&original).filter(|original| {
            let in_window = self.horizon(now) <= original.entered;
            in_window && !is_told && original.evidence.is_some() && original.source != source
        });
        let contested = contested.map(|original| original.remembered());
        let reason = contested.and_then(|other| origin::comes_before(remembered, &other, self.config.window_ms));
        remembered.moved = match reason {
            None => known,
            Some(reason) => Some(Box::new(Moved {
                count: moves.saturating_add(1),
                original: remembered.id.clone(),
                replaced: Some(Replaced {
                    former: original,
                    reason,
                }),
            })),
        };
    }

    /// What a remembered article was told to be.
    pub(super) fn verdict(&self, remembered: &Remembered) -> Verdict {
        let moved = remembered.moved.as_ref();
        let copy_of = |attachment: &Attachment, original: &str| Duplicate {
            cluster: remembered.cluster.clone(),
            original: original.to_owned(),
            original_url: self
                .kept(original)
                .map_or_else(String::new, |original| original.address()),
            copies: remembered.copies,
            relation: attachment.relation,
            similarity: attachment.similarity,
        };
        let attachment = remembered.attachment.as_ref();
        let (duplicate, replaces) = match moved.and_then(|moved| moved.replaced.as_ref()) {
            Some(replaced) => {
                let former = attachment.map(|attachment| copy_of(attachment, &replaced.former));
                let reason = replaced.reason;
                (None, former.map(|former| Replaces { reason, former }))
            }
            None => {
                let original = moved.map_or(&remembered.cluster, |moved| &moved.original);
                (attachment.map(|attachment| copy_of(attachment, original)), None)
            }
        };
        Verdict::News {
            version: remembered.version,
            duplicate,
            replaces,
            story: remembered.story.clone().map(Box::new),
        }
    }
}
