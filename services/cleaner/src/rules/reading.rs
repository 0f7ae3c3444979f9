//! Which elements of a page the selectors match, and which of its letters stand in them.

use std::ops::Range;

use ego_tree::iter::Edge;
use schemas::time::Timestamp;
use scraper::selector::CssLocalName;
use scraper::{Html, Node};

use super::source::{self, INLINE};
use super::{Key, Rule, Rules};

/// Elements up to which selectors are tried that can cost the square of them.
const MAX_DEAR_ELEMENTS: usize = 5000;
/// Bytes of a headline.
const MAX_TITLE: usize = 1000;

/// What the rules of its host find on a page.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// All text of the page without blanks.
    pub(super) letters: String,
    /// All selectors, in the order of the file.
    pub(super) selectors: Vec<Found>,
    /// Numbers of rules that were left out because their last day is over.
    pub(super) expired: Vec<u32>,
    /// The headline, when a rule names it.
    pub(crate) title: Option<String>,
}

/// What one selector finds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) rule: u32,
    pub(super) key: Key,
    pub(super) selector: String,
    /// Elements that match.
    pub(super) elements: u32,
    /// Where the outermost of them stand in `letters`, in order, apart.
    pub(super) spans: Vec<Range<usize>>,
}

/// Tries the rules for the host of `url` on a page; nothing when there are none. Without `now` no rule is expired.
pub(crate) fn read(rules: &Rules, html: &str, url: Option<&str>, now: Option<Timestamp>) -> Option<Reading> {
    let concerned = rules.of(url?);
    let (expired, valid): (Vec<&Rule>, Vec<&Rule>) = concerned
        .into_iter()
        .partition(|rule| now.is_some_and(|now| rule.is_expired(now)));
    if expired.is_empty() && valid.is_empty() {
        return None;
    }
    let mut reading = Reading {
        expired: expired.iter().map(|rule| rule.number).collect(),
        ..Reading::default()
    };
    if valid.is_empty() {
        return Some(reading);
    }
    let page = parse(html);
    let places = places(&page, &mut reading.letters);
    for rule in valid {
        for selector in &rule.selectors {
            let is_tried = !selector.is_dear || places.len() <= MAX_DEAR_ELEMENTS;
            let nodes: Vec<_> = match is_tried {
                true => page.select(&selector.selector).collect(),
                false => Vec::new(),
            };
            if selector.key == Key::Title && reading.title.is_none() {
                reading.title = nodes.iter().find_map(|node| headline(node.text()));
            }
            let spans = nodes.iter().filter_map(|node| {
                let place = places.binary_search_by_key(&node.id(), |(id, _)| *id).ok()?;
                places.get(place).map(|(_, span)| span.clone())
            });
            reading.selectors.push(Found {
                rule: rule.number,
                key: selector.key,
                selector: selector.text.clone(),
                elements: u32::try_from(nodes.len()).unwrap_or(u32::MAX),
                spans: outermost(spans.collect()),
            });
        }
    }
    Some(reading)
}

/// The page as a tree in which all elements have their own names.
fn parse(html: &str) -> Html {
    let mut page = Html::parse_document(&source::prepare(html));
    for node in page.tree.values_mut() {
        if let Node::Element(element) = node
            && let Some(name) = element.name.local.strip_prefix(INLINE)
        {
            element.name.local = CssLocalName::from(name).0;
        }
    }
    page
}

/// Collects the letters of a page; says for each element, by id, where its own stand.
fn places(page: &Html, letters: &mut String) -> Vec<(ego_tree::NodeId, Range<usize>)> {
    let mut places = Vec::new();
    let mut open = Vec::new();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(_) => open.push(letters.len()),
                Node::Text(text) => letters.extend(text.chars().filter(|letter| !letter.is_whitespace())),
                _ => {}
            },
            Edge::Close(node) => {
                if let (Node::Element(_), Some(start)) = (node.value(), open.last().copied()) {
                    open.pop();
                    places.push((node.id(), start..letters.len()));
                }
            }
        }
    }
    places.sort_unstable_by_key(|(id, _)| *id);
    places
}

/// The text of a headline, blanks folded; nothing when there is none.
fn headline<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<String> {
    let text: String = pieces.collect();
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = crate::words::start(&folded, MAX_TITLE);
    (!title.is_empty()).then(|| title.to_owned())
}

/// The spans that no other one holds, in order; empty ones are no place.
fn outermost(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        if apart.last().is_none_or(|last| last.end <= span.start) {
            apart.push(span);
        }
    }
    apart
}
