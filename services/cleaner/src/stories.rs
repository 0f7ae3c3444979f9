//! Articles of several pages: each page is asked for through a record, and joined with those before it when it comes.
//!
//! The first page is an article at once. What it holds is remembered until the next page comes; then the whole so far
//! goes out under the same id, which makes it the article's next version, and so on to the last page. Every page that
//! is fetched ends in a fate of its own and nothing waits. What further pages added stays remembered for some days, so
//! that a first page that is fetched anew comes out whole.

use std::collections::{BTreeMap, BTreeSet};

use schemas::article::{Article, Block};
use schemas::fetched::Continues;
use schemas::id::ArticleId;
use schemas::memory::cleaner::{CleanerMemory, RememberedStory, StoryPart};
use schemas::time::Timestamp;

use crate::words;

/// Articles remembered by one partition.
const STORIES: usize = 200;
/// Bytes of text remembered of one article; longer ones are not continued.
const MAX_BYTES: usize = 128 * 1024;
/// Milliseconds for which an article is remembered after its last page came.
const REMEMBERED: i64 = 3 * 24 * 60 * 60 * 1000;
/// Articles forgotten with one that is remembered, at most.
const FORGOTTEN_AT_ONCE: usize = 10;
/// Weighted characters from which a block is told from others by its text.
const TELLING: f32 = 80.0;
/// Weighted characters that a page must add.
const MIN_ADDED: f32 = 40.0;

/// Articles that go on on further pages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stories {
    stories: BTreeMap<ArticleId, RememberedStory>,
    /// When each last changed, the longest ago first.
    by_time: BTreeSet<(Timestamp, ArticleId)>,
}

/// What a further page makes of an article.
#[derive(Debug, PartialEq)]
pub(crate) enum Joined {
    /// The pages before it are not remembered.
    Alone,
    /// It has nothing that the pages before it don't have.
    Nothing,
    /// The article so far, as it is to be remembered.
    Story(Box<RememberedStory>),
}

impl Stories {
    /// Applies one change of what is remembered of an article.
    pub(crate) fn remember(&mut self, story: &RememberedStory) {
        self.forget(&story.first.id);
        self.by_time.insert((story.changed_at, story.first.id.clone()));
        self.stories.insert(story.first.id.clone(), story.clone());
    }

    /// Forgets an article.
    pub(crate) fn forget(&mut self, id: &ArticleId) {
        if let Some(old) = self.stories.remove(id) {
            self.by_time.remove(&(old.changed_at, id.clone()));
        }
    }

    /// Forgets what is remembered under a key of the memory topic.
    pub(crate) fn forget_key(&mut self, key: &str) {
        if let Some(id) = key.strip_prefix(&CleanerMemory::story_key(&ArticleId::default())) {
            self.forget(&id.into());
        }
    }

    /// An article whose first page came, with what further pages added when they were read before.
    pub(crate) fn begin(&self, first: Article, now: Timestamp) -> RememberedStory {
        let parts = self.stories.get(&first.id).map(|known| known.parts.clone());
        RememberedStory {
            first,
            parts: parts.unwrap_or_default(),
            changed_at: now,
        }
    }

    /// The article whose page with the number in `place` came with these blocks. What is known of the pages after it
    /// stays when it `goes_on`.
    pub(crate) fn join(&self, place: &Continues, blocks: Vec<Block>, goes_on: bool, now: Timestamp) -> Joined {
        let known = self.stories.get(&place.article_id);
        let before = usize::from(place.part).checked_sub(2);
        let Some((known, before)) = known.zip(before).filter(|(known, before)| *before <= known.parts.len()) else {
            return Joined::Alone;
        };
        let mut story = RememberedStory {
            first: known.first.clone(),
            parts: known.parts.iter().take(before).cloned().collect(),
            changed_at: now.max(known.changed_at),
        };
        let blocks = added(&story, blocks);
        if blocks.iter().map(|block| words::size(&block.text)).sum::<f32>() < MIN_ADDED {
            return Joined::Nothing;
        }
        story.parts.push(StoryPart { blocks });
        let after = known.parts.iter().skip(before + 1).filter(|_| goes_on);
        story.parts.extend(after.cloned());
        Joined::Story(Box::new(story))
    }

    /// Whether an article is short enough to be remembered.
    pub(crate) fn fits(story: &RememberedStory) -> bool {
        let blocks = story
            .first
            .blocks
            .iter()
            .chain(story.parts.iter().flat_map(|part| &part.blocks));
        blocks.map(|block| block.text.len()).sum::<usize>() <= MAX_BYTES
    }

    /// The changes that remember `story`, and forget those that are old or too many.
    pub(crate) fn changes(&self, story: RememberedStory, now: Timestamp) -> Vec<CleanerMemory> {
        let surplus = (self.stories.len() + 1).saturating_sub(STORIES);
        let goes = |(at, (changed_at, _)): &(usize, &(Timestamp, ArticleId))| {
            *at < surplus || REMEMBERED < now.millis_since(*changed_at)
        };
        let oldest = self.by_time.iter().enumerate().take(FORGOTTEN_AT_ONCE).filter(goes);
        let mut changes: Vec<CleanerMemory> = oldest
            .filter(|(_, (_, id))| *id != story.first.id)
            .map(|(_, (_, id))| forgotten(id))
            .collect();
        changes.push(CleanerMemory::Story(Box::new(story)));
        changes
    }

    /// The change that forgets an article, when it is remembered.
    pub(crate) fn end(&self, id: &ArticleId) -> Option<CleanerMemory> {
        self.stories.contains_key(id).then(|| forgotten(id))
    }
}

fn forgotten(id: &ArticleId) -> CleanerMemory {
    CleanerMemory::Forget {
        key: CleanerMemory::story_key(id),
    }
}

/// The article with all its pages so far.
pub(crate) fn whole(story: &RememberedStory) -> Article {
    let mut article = story.first.clone();
    let further = story.parts.iter().flat_map(|part| part.blocks.iter().cloned());
    article.blocks.extend(further);
    article
}

/// What a page adds to those before it: not the head of the article once more, and no paragraph that they have.
fn added(story: &RememberedStory, blocks: Vec<Block>) -> Vec<Block> {
    let before = story
        .first
        .blocks
        .iter()
        .chain(story.parts.iter().flat_map(|part| &part.blocks));
    let mut seen: BTreeSet<String> = before.map(|block| words::key(&block.text)).collect();
    seen.insert(words::key(&story.first.title));
    let mut is_head = true;
    let mut added = Vec::new();
    for block in blocks {
        let is_telling = words::size(&block.text) >= TELLING;
        let is_repeated = (is_head || is_telling) && seen.contains(&words::key(&block.text));
        if !is_repeated {
            is_head = false;
            added.push(block);
        }
    }
    added
}
