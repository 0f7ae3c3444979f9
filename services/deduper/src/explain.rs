//! Why an article was taken for a copy, or not: for people.

use crate::deduper::stories::is_story;
use crate::deduper::{Article, Deduper};
use crate::pair::Pair;
use crate::sketch::{Sketch, shingles, short, upper};
use crate::story::Resemblance;
use crate::token::{Kind, Token, tokens};
use crate::verifier;

/// Passages that are shown.
const PASSAGES_MAX: usize = 40;
/// Longest shown passage, in bytes.
const PASSAGE_MAX: usize = 400;

/// A remembered article that resembles the article asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The remembered article.
    pub candidate: String,
    /// Its cluster.
    pub cluster: String,
    /// Probability that one is a copy of the other.
    pub probability: f32,
    /// Whether that is enough to be a copy, if the others of its cluster don't speak against it.
    pub is_copy: bool,
    /// What the two have in common, measured.
    pub pair: Pair,
    /// Passages of the article that the other has, as far as the samples tell.
    pub passages: Vec<String>,
    /// Numbers of the article that the other lacks.
    pub numbers_missing: Vec<String>,
    /// Names of the article that the other lacks.
    pub names_missing: Vec<String>,
    /// What each measure added to the log odds, the weightiest first.
    pub parts: Vec<(String, f32)>,
}

impl Deduper {
    /// The remembered articles that resemble this one, the likeliest first, and why. `now` is milliseconds since 1970.
    #[must_use]
    pub fn explain(&self, article: &Article<'_>, now: i64) -> Vec<Explanation> {
        let text = tokens(article.text);
        let all = shingles(&text);
        let (sketched, hashes) = self.sketched(article, now);
        let explained = self.matches(&sketched, &hashes, now).into_iter().map(|found| {
            let other = &found.sketch;
            let mut parts = verifier::contributions(self.weights(), &verifier::features(&found.pair));
            parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            Explanation {
                candidate: found.kept.id.text(),
                cluster: found.kept.cluster.text(),
                probability: found.probability,
                is_copy: self.is_copy(found.probability),
                pair: found.pair,
                passages: passages(article.text, &text, &all, other),
                numbers_missing: missing(article.text, &text, Kind::Number, other.numbers().values),
                names_missing: missing(article.text, &text, Kind::Name, other.names().values),
                parts,
            }
        });
        explained.collect()
    }
}

/// A remembered article that may be on the event of the article asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedExplanation {
    /// The remembered article.
    pub candidate: String,
    /// How likely it is that both are on one event.
    pub score: f32,
    /// Whether that is enough to be told as one story.
    pub is_story: bool,
    /// What the two have in common, measured.
    pub resemblance: Resemblance,
    /// Names that both have, the rarest first.
    pub names: Vec<String>,
    /// Words of the title that the other title has, the rarest first.
    pub title_words: Vec<String>,
    /// Numbers that both have.
    pub numbers: Vec<String>,
}

impl Deduper {
    /// The remembered articles that name what this one names, the likeliest to be on one event first, and why. `now` is
    /// milliseconds since 1970.
    #[must_use]
    pub fn explain_story(&self, article: &Article<'_>, now: i64) -> Vec<RelatedExplanation> {
        let (text, title) = (tokens(article.text), tokens(article.title));
        let (sketched, hashes) = self.sketched(article, now);
        let found = self.near(&hashes, now);
        let related = self.related(&sketched, &found, now).into_iter();
        let explained = related.map(|(kept, resemblance)| {
            let other = kept.sketch();
            let kind = |kind: Kind| move |token: &&Token| token.kind == kind;
            let shared = |source, tokens: &[&Token], held: &[u16]| {
                words(source, tokens.iter().copied(), |hash| held.contains(&hash))
            };
            let names: Vec<&Token> = text.iter().filter(kind(Kind::Name)).collect();
            let numbers: Vec<&Token> = text.iter().filter(kind(Kind::Number)).collect();
            let title: Vec<&Token> = title.iter().collect();
            RelatedExplanation {
                candidate: kept.id.text(),
                score: resemblance.score(),
                is_story: is_story(&resemblance),
                resemblance,
                names: self.rarest_first(shared(article.text, &names, other.names().values), now),
                title_words: self.rarest_first(shared(article.title, &title, other.title()), now),
                numbers: shared(article.text, &numbers, other.numbers().values)
                    .into_iter()
                    .map(|(word, _)| word)
                    .collect(),
            }
        });
        explained.collect()
    }

    fn rarest_first(&self, mut words: Vec<(String, u16)>, now: i64) -> Vec<String> {
        let rarity = self.rarity(now);
        words.sort_by(|a, b| rarity.of(b.1).total_cmp(&rarity.of(a.1)));
        words.into_iter().map(|(word, _)| word).collect()
    }
}

/// The distinct words among some tokens whose short hashes are wanted.
fn words<'a>(text: &str, tokens: impl Iterator<Item = &'a Token>, wanted: impl Fn(u16) -> bool) -> Vec<(String, u16)> {
    let mut found: Vec<(String, u16)> = Vec::new();
    for token in tokens {
        let hash = short(token.hash);
        if wanted(hash) && found.iter().all(|held| held.1 != hash) {
            let word = text.get(token.start as usize..token.end as usize).unwrap_or_default();
            found.push((word.to_owned(), hash));
        }
    }
    found
}

/// The stretches of the text whose samples the other has: one that it lacks, although it would have kept it, ends a
/// stretch.
fn passages(text: &str, tokens: &[Token], all: &[u32], other: &Sketch) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut broken = true;
    for (at, hash) in all.iter().enumerate() {
        if !other.samples.iter().any(|&sample| upper(sample) == upper(*hash)) {
            broken |= upper(*hash) <= other.threshold();
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if !broken => *end = at,
            _ => runs.push((at, at)),
        }
        broken = false;
    }
    let shown = runs.into_iter().take(PASSAGES_MAX).filter_map(|(start, end)| {
        let last = tokens.get((end + 3).min(tokens.len().saturating_sub(1)))?;
        let passage = text.get(tokens.get(start)?.start as usize..last.end as usize)?;
        let cut = (0..=passage.len().min(PASSAGE_MAX))
            .rev()
            .find(|&at| passage.is_char_boundary(at))?;
        passage.get(..cut).map(str::to_owned)
    });
    shown.collect()
}

/// The distinct numbers or names of the text that the other text lacks.
fn missing(text: &str, tokens: &[Token], kind: Kind, other: &[u16]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for token in tokens
        .iter()
        .filter(|token| token.kind == kind && !other.contains(&short(token.hash)))
    {
        let word = text.get(token.start as usize..token.end as usize).unwrap_or_default();
        if !found.iter().any(|held| held == word) {
            found.push(word.to_owned());
        }
    }
    found
}
