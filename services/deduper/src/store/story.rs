//! The story of an article as it is kept: most have none, and of those that have one, most resemble its first article.

use super::bytes::{Name, Put, Reader};
use super::kept::DECIMALS;
use crate::memory::StoryOf;

const HAS_STORY: u64 = 1;
const IS_FIRST: u64 = 1 << 1;
/// Bits that are put beside another number.
pub(super) const BITS: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct KeptStory<'a> {
    story: Name<'a>,
    related: Name<'a>,
    score: f32,
}

/// What [`KeptStory::read`] has to be told of a story.
pub(super) fn bits(story: Option<&StoryOf>) -> u64 {
    match story {
        None => 0,
        Some(of) if of.related == of.story => HAS_STORY | IS_FIRST,
        Some(_) => HAS_STORY,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 10,000"
)]
pub(super) fn put(bytes: &mut Vec<u8>, of: &StoryOf) {
    bytes.name(&of.story);
    if of.related != of.story {
        bytes.name(&of.related);
    }
    bytes.number((of.score * DECIMALS).round() as u64);
}

impl<'a> KeptStory<'a> {
    #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
    pub(super) fn read(reader: &mut Reader<'a>, bits: u64) -> Option<Self> {
        if bits & HAS_STORY == 0 {
            return None;
        }
        let story = reader.name();
        Some(Self {
            story,
            related: if bits & IS_FIRST == 0 { reader.name() } else { story },
            score: reader.small() as f32 / DECIMALS,
        })
    }

    pub(super) fn told(self) -> StoryOf {
        StoryOf {
            story: self.story.text(),
            related: self.related.text(),
            score: self.score,
        }
    }
}
