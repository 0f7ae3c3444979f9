//! Links to other stories of the site, put between the paragraphs or below the last.
//!
//! A paragraph that is a link from end to end, reads like a headline and leads to another page of the same site tells
//! of another story. So does a list of a few of them, when it stands between two paragraphs of prose: nothing
//! introduces it, nothing goes on from it. What stands under a heading, in a long list, in a table, or leads to another
//! site is as often what the story is about: lists of sources, of products, of parts.

use super::Review;
use crate::extracted::RemovedKind;
use crate::words;

/// Weighted characters from which a link can be a headline.
const MIN_HEADLINE: f32 = 18.0;
/// Links in a row that editors put between two paragraphs; more are a list of something.
const MAX_RUN: usize = 4;
/// Weighted characters up to which a line can be the label of a list of links.
const MAX_LABEL: f32 = 60.0;
/// Share of the kept text that makes an element the story's.
const STORY_SHARE: f32 = 0.7;

/// Takes links that stand alone between paragraphs, and links below the story with their labels.
pub(super) fn take(review: &mut Review, url: Option<&str>) {
    let Some(last) = review.kept().rfind(|index| review.features.good[*index]) else {
        return;
    };
    // Links that the model cut already stand in the same runs.
    let found: Vec<usize> = (0..review.page.blocks.len())
        .filter(|index| is_link(review, *index, url))
        .collect();
    let story = review.innermost(STORY_SHARE, |_| true);
    let is_outside = |index: usize| review.around(index).all(|(element, _)| Some(element) != story);
    let (below, within): (Vec<usize>, Vec<usize>) = found.into_iter().partition(|index| last < *index);
    let mut taken: Vec<usize> = below
        .into_iter()
        .filter(|index| is_outside(*index) || is_labelled(review, *index))
        .collect();
    let runs = within.chunk_by(|left, right| left + 1 == *right);
    taken.extend(runs.filter(|run| stands_alone(review, run)).flatten());
    taken.retain(|index| review.keep[*index]);
    taken.extend(review.kept().filter(|index| names_link(review, *index)));
    for index in taken {
        review.take(index, RemovedKind::Related);
    }
    take_labels(review, last);
}

/// Whether a few links stand right between a paragraph of prose and another, or the heading over it; or have a label.
fn stands_alone(review: &Review, run: &[usize]) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return false;
    };
    let is_kept = |index: &usize| review.keep.get(*index).copied().unwrap_or(false);
    let is_prose = |index: usize| review.features.good[index];
    let introduces = |index: usize| review.block(index).text.trim_end().ends_with([':', '：']);
    let above = first.checked_sub(1).filter(is_kept);
    let below = Some(last + 1).filter(is_kept);
    let is_between = above.is_some_and(|above| is_prose(above) && !introduces(above))
        && below.is_some_and(|below| is_prose(below) || review.is_over_prose(below));
    run.len() <= MAX_RUN && (is_between || is_labelled(review, *first))
}

/// Whether the nearest line above that is no link says that links to other stories follow.
fn is_labelled(review: &Review, index: usize) -> bool {
    let above = (index.saturating_sub(20)..index)
        .rev()
        .find(|index| review.block(*index).link_size < 0.8 * review.block(*index).size);
    above.is_some_and(|index| review.features.shapes[index].said.whole == Some(RemovedKind::Related))
}

/// Whether a block is one link to a page of this site and nothing else, but for a bullet: a headline, or the way back
/// to the front page.
fn is_link(review: &Review, index: usize, url: Option<&str>) -> bool {
    let block = review.block(index);
    if block.links != 1 || block.size - block.link_size > 2.0 || review.is_heading(index) {
        return false;
    }
    let path = block.link.as_deref().and_then(|address| path_on_site(address, url));
    let text = block.text.trim_end();
    let is_unspaced = block.size > 1.5 * text.chars().count() as f32;
    let is_headline = block.size >= MIN_HEADLINE
        && (is_unspaced || text.split_whitespace().nth(3).is_some())
        && !text.ends_with(['.', '。', ':', '：', ',', ';']);
    path.is_some_and(|path| is_headline || path.trim_matches('/').is_empty())
}

/// The path of an address that leads to another page of the site of `url`.
fn path_on_site<'a>(address: &'a str, url: Option<&str>) -> Option<&'a str> {
    let address = address.trim();
    if address.is_empty() || address.starts_with('#') {
        return None;
    }
    let absolute = address.split_once("://").map(|(_, rest)| rest);
    let Some(rest) = absolute.or(address.strip_prefix("//")) else {
        let has_scheme = address
            .split(['/', '?', '#'])
            .next()
            .is_some_and(|start| start.contains(':'));
        return Some(address).filter(|_| !has_scheme);
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let ours = host_of(url?.split_once("://")?.1);
    let is_ours = site_of(&ours.to_ascii_lowercase()) == site_of(&host.to_ascii_lowercase());
    is_ours.then_some(path)
}

fn host_of(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// A host without the label for one of its servers.
fn site_of(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether a block says that it is about another story, and goes on with the link to it: "Read also: …".
fn names_link(review: &Review, index: usize) -> bool {
    let block = review.block(index);
    review.features.shapes[index].said.start == Some(RemovedKind::Related)
        && block.links == 1
        && block.link_size >= 0.5 * block.size
        && !review.is_heading(index)
        && !block.text.trim_end().ends_with(['.', '。'])
}

/// Takes labels right above a link that was cut: set phrases anywhere, and any short line behind the last prose.
fn take_labels(review: &mut Review, last: usize) {
    for index in review.kept().rev().collect::<Vec<_>>() {
        let block = review.block(index);
        let is_phrase = review.features.shapes[index].said.whole == Some(RemovedKind::Related);
        let is_label = block.size <= MAX_LABEL && !words::ends_sentence(&block.text);
        let next = review.page.blocks.get(index + 1);
        let is_over_links = next.is_some_and(|next| !review.keep[index + 1] && next.link_size > 0.8 * next.size);
        let is_taken = review.taken.get(index + 1).is_some_and(Option::is_some);
        if is_over_links && (is_phrase || is_label && is_taken && last < index) {
            review.take(index, RemovedKind::Related);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::path_on_site;

    #[test]
    fn paths_of_other_sites_are_none_of_ours() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(
                path_on_site(address, Some("https://www.gull.example/n/77?a")),
                expected,
                "{address}"
            );
        };
        check("/n/71", Some("/n/71"));
        check("71.html", Some("71.html"));
        check("https://gull.example/n/71", Some("/n/71"));
        check("//WWW.Gull.example?n=71", Some("?n=71"));
        check("https://sea.example/n/71", None);
        check("https://sea.example/?from=https://gull.example/", None);
        check("#notes", None);
        check("mailto:desk@gull.example", None);
        check("", None);
        assert_eq!(path_on_site("https://gull.example/n/71", None), None);
    }
}
