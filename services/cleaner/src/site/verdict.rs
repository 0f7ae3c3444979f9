//! Which lines of an article are cut, because they recur.
//!
//! A line at the end is cut on little evidence, one in the middle of the story needs much: running stories repeat their
//! background word for word, and a sentence too much there costs less than a hole. The opening needs most: the first
//! paragraph of a much-linked story stands on many pages. What recurs is also weighed against what is left: the larger
//! part of a story stays, whatever the memory says.

use super::history::{Evidence, History, count};
use super::lines::{Line, Lines};

/// Articles without which nothing is known.
const MIN_ARTICLES: u8 = 5;
/// The largest share of an article that is cut.
const MAX_CUT: f32 = 0.5;
/// Weighted characters that must be left.
const MIN_LEFT: f32 = 140.0;

/// Articles on which a line must stand, and the share of all, to be no part of any story whatever they are about.
const EVERYWHERE: (u8, f32) = (8, 0.75);

/// The articles that can say something about a line.
struct Witnesses<'a> {
    history: &'a History,
    /// All but the article itself.
    all: u16,
    /// Those of them that are on other stories.
    unrelated: u16,
}

impl Witnesses<'_> {
    /// What those on other stories say, unless nearly all of the site's articles say the same: headlines may be alike
    /// because the site words them so.
    fn evidence(&self, print: u32) -> Evidence {
        let everywhere = self.history.evidence(print, self.all);
        if EVERYWHERE.0 <= everywhere.on && EVERYWHERE.1 <= everywhere.share() {
            return Evidence {
                independent: everywhere.on,
                ..everywhere
            };
        }
        match count(self.unrelated) < MIN_ARTICLES {
            true => Evidence::default(),
            false => self.history.evidence(print, self.unrelated),
        }
    }
}

/// Where a line stands between the paragraphs of the article that don't recur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Middle,
    End,
}

/// For each line, what speaks against it when it is cut.
pub(super) fn judge(history: &History, lines: &Lines, same: Option<usize>) -> Vec<Option<Evidence>> {
    let mut cut: Vec<Option<Evidence>> = vec![None; lines.lines.len()];
    let witnesses = Witnesses {
        history,
        all: history.all_but(same),
        unrelated: history.unrelated(lines, same),
    };
    if count(witnesses.all) < MIN_ARTICLES {
        return cut;
    }
    let evidence: Vec<Evidence> = lines
        .lines
        .iter()
        .map(|line| {
            line.whole
                .map_or_else(Evidence::default, |print| witnesses.evidence(print))
        })
        .collect();
    let places = places(&lines.lines, &evidence);
    for (index, line) in lines.lines.iter().enumerate() {
        let (place, whole) = (places[index], evidence[index]);
        cut[index] = if recurs(line, place, whole) {
            Some(whole)
        } else {
            edge(&witnesses, line, place)
        };
    }
    keep_headings(&lines.lines, &mut cut);
    keep_most(&lines.lines, &mut cut);
    cut
}

/// Whether the evidence is enough at the end of an article, where least is needed.
fn recurs_at_end(evidence: Evidence) -> bool {
    evidence.independent >= 3 && evidence.share() >= 0.25
}

fn recurs(line: &Line, place: Place, evidence: Evidence) -> bool {
    let (articles, share) = match place {
        Place::End => return recurs_at_end(evidence),
        Place::Middle => (4, 0.5),
        Place::Top if line.is_prose => (4, 0.75),
        Place::Top => (4, 0.4),
    };
    evidence.independent >= articles && evidence.share() >= share
}

/// The evidence of the first or last words, for a short line at an edge.
fn edge(witnesses: &Witnesses<'_>, line: &Line, place: Place) -> Option<Evidence> {
    if place == Place::Middle {
        return None;
    }
    let ends = line.ends.iter().flatten();
    let evidence = ends.map(|print| witnesses.evidence(*print)).max()?;
    (evidence.independent >= 4 && evidence.share() >= 0.5).then_some(evidence)
}

fn places(lines: &[Line], evidence: &[Evidence]) -> Vec<Place> {
    let is_story = |index: &usize| lines[*index].is_prose && !recurs_at_end(evidence[*index]);
    let first = (0..lines.len()).find(is_story).unwrap_or(lines.len());
    let last = (0..lines.len()).rfind(is_story).unwrap_or(0);
    (0..lines.len())
        .map(|index| match () {
            () if index < first => Place::Top,
            () if index > last => Place::End,
            () => Place::Middle,
        })
        .collect()
}

/// A sub-heading stays when what it stands over stays.
fn keep_headings(lines: &[Line], cut: &mut [Option<Evidence>]) {
    let mut stays = false;
    for (line, cut) in lines.iter().zip(cut).rev() {
        if line.is_heading {
            *cut = cut.filter(|_| !stays);
        }
        stays = cut.is_none();
    }
}

/// Takes back what is least sure until enough is left.
fn keep_most(lines: &[Line], cut: &mut [Option<Evidence>]) {
    let all: f32 = lines.iter().map(|line| line.size).sum();
    let allowed = (all * MAX_CUT).min(all - MIN_LEFT);
    let mut order: Vec<(Evidence, usize)> = (0..cut.len()).filter_map(|index| Some((cut[index]?, index))).collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    let mut taken = 0.0;
    for (_, index) in order {
        if taken + lines[index].size <= allowed {
            taken += lines[index].size;
        } else {
            cut[index] = None;
        }
    }
}
