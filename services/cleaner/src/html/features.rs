//! What can be said of a block, as numbers: the input of the scorer.
//!
//! Three groups: the block by itself ([`text`]), its place among elements ([`place`]), its neighbours and the page
//! ([`around`]). No feature knows a site. "Good" text is what reads like prose by itself: long enough, hardly linked,
//! with an end of a sentence.

use super::page::{Page, RawBlock};
use super::rows::Rows;
use crate::words;

pub(super) mod around;
mod place;
mod tally;
mod text;

pub use text::Shape;

/// Sizes from which a block can be prose by itself.
const GOOD_SIZE: f32 = 60.0;
/// Share of linked text up to which it can.
const GOOD_LINKS: f32 = 0.4;

/// All features of a page: a row of [`COUNT`] numbers a block.
#[derive(Debug, Default)]
pub struct Features {
    /// A row a block.
    pub rows: Rows,
    /// The shape of each block's text.
    pub shapes: Vec<Shape>,
    /// Whether each block is good by itself.
    pub good: Vec<bool>,
}

/// Describes all blocks of a page. `title` is the headline by the page's metadata, or empty.
pub fn describe(page: &Page, title: &str) -> Features {
    let shapes: Vec<Shape> = text::shapes(page, title);
    let good: Vec<bool> = page
        .blocks
        .iter()
        .zip(&shapes)
        .map(|(block, shape)| is_good(block, shape))
        .collect();
    let places = place::places(page, &good);
    let surroundings = around::surroundings(page, &shapes, &good, &places);
    let mut rows = Rows::new(COUNT, page.blocks.len());
    for index in 0..page.blocks.len() {
        rows.push(|row| {
            text::push(&page.blocks[index], &shapes[index], row);
            place::push(page, &page.blocks[index], &places[index], row);
            around::push(&surroundings[index], row);
        });
    }
    Features { rows, shapes, good }
}

fn is_good(block: &RawBlock, shape: &Shape) -> bool {
    block.size >= GOOD_SIZE && block.link_size < GOOD_LINKS * block.size && shape.sentences > 0
}

/// The names of the features, in the order of a row.
pub const NAMES: &[&str] = &[
    // The block by itself.
    "size",
    "words",
    "link_density",
    "bold_share",
    "sentences",
    "sentence_density",
    "ends_sentence",
    "ends_colon",
    "ends_question",
    "commas",
    "capitals",
    "title_case",
    "digits",
    "first_character",
    "short_words",
    "word_length",
    "links",
    "is_mail_or_address",
    "title_in_block",
    "block_in_title",
    "repeats",
    "says_related",
    "says_comments",
    "says_newsletter",
    "says_share",
    "says_copyright",
    "says_byline",
    "says_date",
    "says_caption",
    "says_bio",
    "says_ad_or_paywall",
    "says_other",
    "phrase_strength",
    "after_break",
    "inline_cues_meta",
    "inline_cues_other",
    // Its place among elements.
    "tag",
    "is_paragraph",
    "is_heading",
    "is_list_item",
    "depth",
    "near_comment",
    "near_related",
    "near_social",
    "near_promo",
    "near_newsletter",
    "near_cookie",
    "near_meta",
    "near_caption",
    "near_nav",
    "near_footer",
    "near_sidebar",
    "near_tags",
    "near_bio",
    "near_body",
    "near_title",
    "near_summary",
    "near_quote",
    "near_box",
    "near_hidden",
    "near_list",
    "near_article",
    "near_live",
    "in_article",
    "in_main",
    "in_aside",
    "in_header",
    "in_footer",
    "in_nav",
    "in_form",
    "in_figure",
    "in_table",
    "in_list",
    "in_blockquote",
    "is_hidden",
    "element_size_share",
    "element_links",
    "parent_links",
    "grandparent_links",
    "signature_good_share",
    "signature_good_rate",
    "signature_blocks",
    "parent_good_share",
    "grandparent_good_share",
    "great_good_share",
    "good_by_parent_tag",
    // Its neighbours and the page.
    "position",
    "position_by_size",
    "good_before",
    "good_after",
    "blocks_to_good_before",
    "blocks_to_good_after",
    "size_before",
    "size_after",
    "links_before",
    "links_after",
    "links_within_2",
    "links_within_5",
    "good_within_2",
    "good_within_5",
    "same_element_before",
    "same_element_after",
    "same_tag_run",
    "best_share",
    "below_best",
    "above_best",
    "after_last_in_best",
    "before_first_in_best",
    "child_of_best_links",
    "child_of_best_good",
    "child_of_best_size",
    "page_blocks",
    "page_good",
    "heading_before",
];

/// The number of features.
pub const COUNT: usize = NAMES.len();

/// Share with a floor under the divisor, so that empty pages give zero.
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The logarithm that sizes enter with: differences matter by ratio.
fn log(size: f32) -> f32 {
    (1.0 + size.max(0.0)).ln()
}

/// Whether two lines are one, by letters and digits.
pub(crate) fn is_same_line(left: &str, right: &str) -> bool {
    let mut left = words::key_characters(left).peekable();
    left.peek().is_some() && left.eq(words::key_characters(right))
}
