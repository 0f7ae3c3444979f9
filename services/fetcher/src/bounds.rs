//! What strangers may say at most of one article, so that no record of it is too large to be written.

use schemas::fetched::Hints;

/// A longer address is none. The sitemap protocol allows half of it.
pub(crate) const ADDRESS_BYTES_MAX: usize = 4_096;

/// Text of a feed larger than this does not travel with the entry.
pub(crate) const FEED_HTML_BYTES_MAX: usize = 512 * 1024;

/// Characters of names, titles and categories that are kept.
const HINT_CHARACTERS_MAX: usize = 1_000;

/// Names and categories that are kept.
const HINTS_MAX: usize = 64;

/// Keeps what was said about an article to a size that no record chokes on.
pub(crate) fn bound(hints: &mut Hints) {
    let cut = |text: &mut String| {
        if let Some((end, _)) = text.char_indices().nth(HINT_CHARACTERS_MAX) {
            text.truncate(end);
        }
    };
    hints.title.iter_mut().for_each(cut);
    hints.language.iter_mut().for_each(cut);
    for names in [&mut hints.authors, &mut hints.categories] {
        names.truncate(HINTS_MAX);
        names.iter_mut().for_each(cut);
    }
}
