//! The day that readers see: a date line by the headline, rather than one in a list of other stories or in a comment.

use schemas::article::FoundTime;

use super::element::Cue;
use super::head::{Mark, MarkKind};
use super::page::Page;
use super::place::{Place, bit};
use crate::metadata::times::Reader;
use crate::words;

/// Weighted characters of a block that can be a date line; a date within a sentence is the date of something else.
const MAX_LINE: f32 = 90.0;
/// Letters that may stand around the date by the headline, in a line that isn't linked and in one that is.
const MAX_AROUND: [usize; 2] = [60, 30];
/// Letters around a date that is as good as bare.
const MAX_AROUND_BARE: usize = 25;
/// Letters around a date in a line that was taken for a part of the story.
const MAX_AROUND_KEPT: usize = 12;

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
    "last review",
    "revised",
    "aktualisiert",
    "geändert",
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

/// The best date line of the page.
pub(super) fn seen(page: &Page, keep: &[bool], place: &Place, reader: Reader) -> Option<Seen> {
    let lines = (0..page.blocks.len()).filter_map(|index| {
        let rank = place.rank(index)?;
        let is_kept = keep.get(index).is_some_and(|keep| *keep);
        let seen = of_line(page, index, reader)?;
        // Where the story is, a line with a date and anything else is a caption or a part of the story.
        let is_bare = seen.around <= if is_kept { MAX_AROUND_KEPT } else { MAX_AROUND_BARE };
        (is_bare || rank < 200 && !is_kept).then_some(())?;
        Some((
            rank + penalty(place.cues_around(page, page.blocks.get(index)?.element, 0)?, rank)?,
            seen,
        ))
    });
    let marks = page.head.marks.iter().filter_map(|mark| {
        let rank = place.rank(mark.at)?;
        let seen = of_mark(page, mark, reader)?;
        Some((
            rank + penalty(place.cues_around(page, mark.element, mark.own_cues)?, rank)?,
            seen,
        ))
    });
    let (rank, mut seen) = marks
        .chain(lines)
        .min_by_key(|(rank, seen)| (*rank / 100, seen.is_change, *rank))?;
    seen.is_clear &= rank < 100 || rank <= 103 && seen.around == 0;
    Some(seen)
}

/// What the cues around a date cost. Comments are never between a headline and its story.
fn penalty(cues: u32, rank: usize) -> Option<usize> {
    let has = |cue: Cue| cues & bit(cue) != 0;
    if has(Cue::Comment) && !has(Cue::Meta) && rank >= 200 {
        return None;
    }
    let is_elsewhere = [Cue::Related, Cue::Sidebar, Cue::Nav, Cue::Footer].into_iter().any(has);
    Some(if is_elsewhere { 400 } else { 0 })
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
    let time = stated.or_else(|| reader.read_line(&text, "time_element"))?;
    let line = page.blocks.get(mark.at).map_or("", |block| block.text.as_str());
    let before = line
        .find(&text)
        .filter(|_| !text.is_empty())
        .and_then(|at| line.get(..at));
    let is_change = is_change || announces_change(&text) || before.is_some_and(announces_change);
    Some(Seen {
        time,
        is_change,
        is_clear: !is_change,
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
