//! The day that readers see: a date line by the headline, rather than one in a list of other stories or in a comment.

use std::collections::{BTreeMap, BTreeSet};

use schemas::article::FoundTime;

use super::element::Cue;
use super::head::{Mark, MarkKind};
use super::page::Page;
use super::place::{BEHIND_SUMMARY, Place, bit};
use crate::metadata::people;
use crate::metadata::times::Reader;
use crate::words;

mod announced;

/// Weighted characters of a block that can be a date line; a date within a sentence is the date of something else.
const MAX_LINE: f32 = 90.0;
/// Letters that may stand around the date by the headline, in a line that isn't linked and in one that is.
const MAX_AROUND: [usize; 2] = [60, 30];
/// Letters around a date that is as good as bare.
const MAX_AROUND_BARE: usize = 25;
/// Letters around a date in a line that was taken for a part of the story.
const MAX_AROUND_KEPT: usize = 12;
/// Milliseconds by which the text of an element and its attribute may differ and mean one day.
const MAX_APART: i64 = 2 * 86_400_000;
/// Ranks from here on are not by the headline.
const BY_HEADLINE: usize = 200;
/// Blocks from the headline or the story within which a header or a footer is the story's.
const MAX_CLOSE: usize = 10;
/// The rank of what stands on a page without a headline.
const FAR: usize = 390;

/// A date line.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// What it says.
    pub(crate) time: FoundTime,
    /// It calls itself the time of a change.
    pub(crate) is_change: bool,
    /// It stands by the headline, and holds little else.
    pub(crate) is_clear: bool,
    /// Letters that stand around the date.
    around: usize,
}

/// Words that announce a change, in the larger news languages; lower case.
const CHANGE: &[&str] = &[
    "updated",
    "update:",
    "modified",
    "last edit",
    "last change",
    "last review",
    "revised",
    "aktualisiert",
    "geändert",
    "änderung",
    "überarbeitet",
    "stand:",
    "mis à jour",
    "mise à jour",
    "maj ",
    "modifié",
    "actualizad",
    "modificad",
    "atualizad",
    "aggiornat",
    "bijgewerkt",
    "gewijzigd",
    "oppdatert",
    "opdateret",
    "uppdaterad",
    "päivitetty",
    "diperbarui",
    "обновлен",
    "оновлен",
    "изменен",
    "更新",
    "修改",
    "업데이트",
    "수정",
    "zaktualizowan",
    "aktualizacja",
    "aktualizov",
    "frissít",
    "actualizat",
    "güncelle",
    "cập nhật",
    "ενημερώθηκε",
    "تحديث",
    "تعديل",
    "अपडेट",
    "আপডেট",
    "อัปเดต",
    "ažurirano",
];

/// A date line and how good its place is.
struct Candidate {
    rank: usize,
    seen: Seen,
    /// The look of the element that it stands in.
    look: u64,
}

/// The best date line of the page.
pub(super) fn seen(page: &Page, keep: &[bool], place: &Place, reader: Reader) -> Option<Seen> {
    let is_list = keep.is_empty();
    let rank_of = |index: usize| place.rank(index).or(is_list.then_some(FAR));
    let lines = (0..page.blocks.len()).filter_map(|index| {
        let rank = rank_of(index)?;
        let is_kept = keep.get(index).is_some_and(|keep| *keep);
        let block = page.blocks.get(index)?;
        let seen = of_line(page, index, reader)?;
        // Where the story is, a line with a date and anything else is a caption or a part of the story.
        let is_bare = seen.around <= if is_kept { MAX_AROUND_KEPT } else { MAX_AROUND_BARE };
        let is_byline = || people::opens_byline(&block.text).is_some();
        (is_bare || !is_kept && (rank < BEHIND_SUMMARY || is_byline())).then_some(())?;
        candidate(page, place, (block.element, 0), rank, seen)
    });
    let marks = page.head.marks.iter().filter_map(|mark| {
        let rank = rank_of(mark.at)?;
        let seen = of_mark(page, mark, reader)?;
        candidate(page, place, (mark.element, mark.own_cues), rank, seen)
    });
    let all: Vec<Candidate> = marks.chain(lines).collect();
    let listed = listed(&all);
    // A page without a story that lists others is from the day of the newest of them.
    let newest = || {
        let mut all = all.iter().filter(|_| is_list);
        let first = all.next()?;
        Some(
            all.fold(first, |best, next| match next.seen.time.at > best.seen.time.at {
                true => next,
                false => best,
            }),
        )
    };
    let best = all
        .iter()
        .filter(|candidate| candidate.rank < BY_HEADLINE || !listed.contains(&candidate.group()))
        .min_by_key(|candidate| (candidate.rank / 100, candidate.seen.is_change, candidate.rank))
        .or_else(newest);
    let best = best.map(|candidate| {
        let mut seen = candidate.seen.clone();
        seen.is_clear &= candidate.rank < 100 || candidate.rank < BY_HEADLINE && seen.around == 0;
        (seen, candidate.rank)
    });
    match best {
        Some((seen, rank)) if rank < BY_HEADLINE => Some(seen),
        best => announced::announced(page, keep, place, reader).or(best.map(|(seen, _)| seen)),
    }
}

fn candidate(page: &Page, place: &Place, (element, cues): (u32, u32), rank: usize, seen: Seen) -> Option<Candidate> {
    let cues = place.cues_around(page, element, cues)?;
    let shares_box = place.shares_box(page, element);
    Some(Candidate {
        rank: rank + penalty(cues, rank, shares_box)?,
        seen,
        look: page
            .elements
            .get(element as usize)
            .map_or(0, |element| element.signature),
    })
}

impl Candidate {
    /// What the dates of one list have in common: the look and the part of the page.
    fn group(&self) -> (u64, usize) {
        (self.look, self.rank / 100)
    }
}

/// The groups that hold different days: the dates of lists.
fn listed(all: &[Candidate]) -> BTreeSet<(u64, usize)> {
    let mut days = BTreeMap::new();
    let differs = |candidate: &&Candidate| {
        let day = candidate.seen.time.at.as_millis().div_euclid(86_400_000);
        *days.entry(candidate.group()).or_insert(day) != day
    };
    all.iter().filter(differs).map(Candidate::group).collect()
}

/// What the cues around a date cost. Comments are never between a headline and its story; names of headers and footers
/// are those of the story's own ones, where they stand between both or in one box with the headline.
fn penalty(cues: u32, rank: usize, shares_box: bool) -> Option<usize> {
    let has = |cue: Cue| cues & bit(cue) != 0;
    if has(Cue::Comment) && !has(Cue::Meta) && rank >= BY_HEADLINE {
        return None;
    }
    let is_own = shares_box && rank < BY_HEADLINE || rank <= MAX_CLOSE && !has(Cue::Sidebar);
    let is_elsewhere = [Cue::Sidebar, Cue::Nav, Cue::Footer].into_iter().any(has);
    Some(match () {
        () if has(Cue::Related) => 400,
        () if is_elsewhere && is_own => 40,
        () if is_elsewhere => 400,
        // Servers send a page in pieces, and the comments may come before the story.
        () if has(Cue::Comment) && rank < BY_HEADLINE => 60,
        () => 0,
    })
}

fn of_mark(page: &Page, mark: &Mark, reader: Reader) -> Option<Seen> {
    let is_change = match mark.kind {
        MarkKind::Time | MarkKind::Published => false,
        MarkKind::Modified => true,
        _ => return None,
    };
    if words::size(&mark.text) > MAX_LINE {
        return None;
    }
    let text = words::fold(&mark.text);
    let stated = mark
        .value
        .as_deref()
        .and_then(|value| reader.read(value, "time_element"));
    let told = || reader.read_line(&text, "time_element");
    // Templates write the time of a change into the attribute; what readers see is what the page means.
    let is_told = |told: &FoundTime| {
        let stated = stated.as_ref().map(|stated| told.at.millis_since(stated.at));
        stated.is_none_or(|apart| apart.abs() > MAX_APART)
    };
    let time = told().filter(is_told).or(stated)?;
    let line = page.blocks.get(mark.at).map_or("", |block| block.text.as_str());
    let before = line
        .find(&text)
        .filter(|_| !text.is_empty())
        .and_then(|at| line.get(..at));
    let is_change = is_change || announces_change(&text) || before.is_some_and(announces_change);
    // Within a sentence it is a date that the story tells of.
    let in_sentence = before.is_some() && words::size(line) > MAX_LINE;
    Some(Seen {
        time,
        is_change,
        is_clear: !is_change && !in_sentence,
        around: 0,
    })
}

fn of_line(page: &Page, index: usize, reader: Reader) -> Option<Seen> {
    let block = page.blocks.get(index).filter(|block| block.size <= MAX_LINE)?;
    let time = reader.read_line(&block.text, "byline")?;
    let at = block.text.find(&time.text)?;
    let (before, after) = (block.text.get(..at)?, block.text.get(at + time.text.len()..)?);
    let letters = |text: &str| text.chars().filter(|character| character.is_alphabetic()).count();
    let around = letters(before) + letters(after);
    let is_linked = block.link_size > 0.8 * block.size;
    if around > MAX_AROUND[usize::from(is_linked)] || ends_in_range(before) || is_copyright(before) {
        return None;
    }
    let label = page
        .blocks
        .get(index.wrapping_sub(1))
        .map_or("", |block| block.text.as_str());
    let has_label = before.is_empty() && label.len() <= 40 && !label.contains(|character: char| character.is_numeric());
    let is_change = announces_change(before) || has_label && announces_change(label);
    // "Changed on the 2nd, published on the 1st": the other date is the one.
    if is_change && let Some(second) = reader.read_line(after, "byline") {
        return Some(Seen {
            time: second,
            is_change: false,
            is_clear: true,
            around,
        });
    }
    Some(Seen {
        time,
        is_change,
        is_clear: !is_change && around <= MAX_AROUND_BARE,
        around,
    })
}

fn announces_change(text: &str) -> bool {
    !text.is_empty() && {
        let text = text.to_lowercase();
        CHANGE.iter().any(|word| text.contains(word))
    }
}

/// "12.10. – ": what follows is the end of an event.
fn ends_in_range(before: &str) -> bool {
    let before = before.trim_end();
    ["-", "–", "—", " to", " bis", " au", " al", " until"]
        .iter()
        .any(|end| {
            before.strip_suffix(end).is_some_and(|rest| {
                rest.trim_end_matches(['.', ' '])
                    .ends_with(|last: char| last.is_numeric())
            })
        })
}

fn is_copyright(before: &str) -> bool {
    before.contains(['©', '®']) || before.to_lowercase().contains("copyright")
}

#[cfg(test)]
mod tests {
    use crate::extracted::Known;

    #[test]
    fn comments_before_the_story_neither_date_it_nor_sign_it() {
        let story = "<p>The ferry that left the harbour at dawn came back at noon, with all its crew on deck.</p>\
                     <p>Nobody was hurt when the engine stopped, the harbour office said on the quay on Monday.</p>\
                     <p>Two boats a day will run until spring, when a third one is expected from the yard.</p>";
        let html = format!(
            "<div hidden><div class=top><h1>The ferry is back</h1></div><div class=info><p>By Ana Lim</p>\
             <time>3 May 2016</time><p>Three minutes</p></div></div><div class=comments>\
             <div class=comment><a rel=author href=/u/2>Tom Reed</a><time>5 May 2016</time></div></div><div>{story}</div>"
        );
        let found = crate::html::extract(&html, None, &Known::default()).unwrap();
        assert_eq!(found.authors, ["Ana Lim"]);
        assert_eq!(found.published_at.map(|at| at.text).as_deref(), Some("3 May 2016"));
    }
}
