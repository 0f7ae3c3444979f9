//! From kept blocks to the paragraphs of the story.

use schemas::article::{Block, BlockKind};

use super::element::Tag;
use super::page::{Page, RawBlock};

/// Cells longer than this are columns of a layout, not cells of a table.
const MAX_CELL: f32 = 200.0;

/// The blocks between which the story's pictures stand: from the headline, where there is one above, to the end.
pub(super) fn extent(page: &Page, keep: &[bool]) -> (usize, usize) {
    let first = keep.iter().position(|keep| *keep).unwrap_or(0);
    let last = keep.iter().rposition(|keep| *keep).unwrap_or(0);
    let is_headline = |index: &usize| {
        let element = page
            .blocks
            .get(*index)
            .and_then(|block| page.elements.get(block.element as usize));
        element.is_some_and(|element| element.tag == Tag::H1)
    };
    let headline = (first.saturating_sub(20)..first).rev().find(is_headline);
    (headline.unwrap_or(first), last)
}

/// The paragraphs of the story, with the cells of a table row in one.
pub(super) fn blocks(page: &Page, keep: &[bool]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut row = None;
    for block in page
        .blocks
        .iter()
        .zip(keep)
        .filter(|(_, keep)| **keep)
        .map(|(block, _)| block)
    {
        let kind = kind(page, block);
        let this_row = row_of(page, block).filter(|_| kind == BlockKind::TableRow);
        if let (Some(last), true) = (blocks.last_mut(), this_row.is_some() && this_row == row) {
            last.text.push_str(" | ");
            last.text.push_str(&block.text);
        } else {
            blocks.push(Block {
                kind,
                text: block.text.clone(),
            });
        }
        row = this_row;
    }
    blocks
}

fn kind(page: &Page, block: &RawBlock) -> BlockKind {
    if block.is_preformatted && block.text.contains('\n') {
        return BlockKind::Preformatted;
    }
    let mut index = block.element;
    let mut kind = BlockKind::Paragraph;
    for _ in 0..6 {
        let Some(element) = page.elements.get(index as usize) else {
            break;
        };
        match element.tag {
            Tag::H1 | Tag::H2 | Tag::H3 => return BlockKind::Heading,
            Tag::Li | Tag::Definition => return BlockKind::ListItem,
            Tag::Blockquote => return BlockKind::Quote,
            Tag::Cell if block.size <= MAX_CELL && element.size <= MAX_CELL => kind = BlockKind::TableRow,
            _ => {}
        }
        index = element.parent;
    }
    kind
}

/// The table row that a block stands in.
fn row_of(page: &Page, block: &RawBlock) -> Option<u32> {
    let mut index = block.element;
    for _ in 0..6 {
        let element = page.elements.get(index as usize)?;
        if element.tag == Tag::Row {
            return Some(index);
        }
        index = element.parent;
    }
    None
}
