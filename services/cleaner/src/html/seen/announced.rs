//! A date anywhere on the page that says of itself that it is the one of the publication or of a change: "Dieser Artikel
//! wurde am 14. Dezember 2015 geschrieben", "Stand: 3. Mai 2013" in a footer.

use super::super::element::Cue;
use super::super::page::Page;
use super::super::place::{Place, bit};
use super::{Seen, announces_change};
use crate::metadata::times::Reader;
use crate::words;

/// Weighted characters of a block that can say so.
const MAX_SIZE: f32 = 600.0;
/// Weighted characters of a line that says nothing else.
const MAX_LINE: f32 = 60.0;
/// Letters between the words and the date.
const MAX_BETWEEN: usize = 45;

/// Words that announce a publication, in the larger news languages; lower case.
const PUBLICATION: &[&str] = &[
    "published",
    "posted",
    "publish date",
    "publication date",
    "release date",
    "date posted",
    "written on",
    "created on",
    "submitted by",
    "submitted on",
    "veröffentlich",
    "publiziert",
    "geschrieben",
    "verfasst",
    "erstellt",
    "eingestellt",
    "erschienen",
    "online seit",
    "publié",
    "mis en ligne",
    "mise en ligne",
    "posté",
    "rédigé le",
    "publicad",
    "publicación",
    "publicação",
    "postado",
    "pubblicat",
    "inserito",
    "scritto",
    "gepubliceerd",
    "geplaatst",
    "publicerad",
    "publisert",
    "offentliggjort",
    "udgivet",
    "julkaistu",
    "opublikowan",
    "data publikacji",
    "dodano",
    "publikován",
    "zveřejněn",
    "vydáno",
    "közzétéve",
    "megjelent",
    "publicat",
    "yayınlan",
    "yayın tarihi",
    "опубликован",
    "дата публикации",
    "размещен",
    "опубліковано",
    "objavljeno",
    "diterbitkan",
    "dipublikasikan",
    "ngày đăng",
    "xuất bản",
    "发布",
    "發布",
    "发表",
    "發表",
    "公開日",
    "投稿日",
    "掲載",
    "배포",
    "등록",
    "입력",
    "게시",
    "نشر",
    "प्रकाशित",
    "প্রকাশ",
    "เผยแพร่",
    "δημοσιεύ",
];

/// How a sentence starts that speaks of the story which it belongs to; lower case.
const ITSELF: &[&str] = &[
    "this entry was",
    "this post was",
    "this article was",
    "this story was",
    "dieser beitrag wurde",
    "dieser artikel wurde",
    "dieser eintrag wurde",
    "cet article a été",
    "cet article est paru",
    "ce billet a été",
    "cette entrée a été",
    "este artículo fue",
    "esta entrada fue",
    "este artigo foi",
    "questo articolo è stato",
    "dit bericht is",
    "dit artikel is",
    "ten wpis został",
    "ten artykuł został",
];

/// The date that says so, when all that do, outside of the story, name one day.
pub(super) fn announced(page: &Page, keep: &[bool], place: &Place, reader: Reader) -> Option<Seen> {
    let mut found: Vec<Seen> = (0..page.blocks.len())
        .filter(|index| !keep.get(*index).is_some_and(|keep| *keep) || is_of_itself(page, *index))
        .filter_map(|index| of_block(page, index, place, reader))
        .collect();
    if found.iter().any(|seen| !seen.is_change) {
        found.retain(|seen| !seen.is_change);
    }
    let day = |seen: &Seen| seen.time.at.as_millis().div_euclid(86_400_000);
    let first = found.first().map(day)?;
    let is_one = found.iter().all(|seen| day(seen) == first);
    found.into_iter().next().filter(|_| is_one)
}

/// Whether a block speaks of the story that it belongs to, or is too short to be of it.
fn is_of_itself(page: &Page, index: usize) -> bool {
    let block = page.blocks.get(index).filter(|block| block.size <= MAX_SIZE);
    block.is_some_and(|block| {
        let start = words::start(&block.text, 40).to_lowercase();
        block.size <= MAX_LINE || ITSELF.iter().any(|words| start.starts_with(words))
    })
}

fn of_block(page: &Page, index: usize, place: &Place, reader: Reader) -> Option<Seen> {
    let block = page.blocks.get(index).filter(|block| block.size <= MAX_SIZE)?;
    let time = reader.read_line(&block.text, "byline")?;
    let at = block.text.find(&time.text)?;
    let (before, after) = (block.text.get(..at)?, block.text.get(at + time.text.len()..)?);
    let is_change = announces_change(before);
    let is_publication = says(before, true) || says(after, false) || before.trim().is_empty() && labels(page, index);
    if !is_change && !is_publication {
        return None;
    }
    let cues = place.cues_around(page, block.element, block.inline_cues)?;
    let is_of_another = [Cue::Comment, Cue::Related].into_iter().any(|cue| cues & bit(cue) != 0);
    (!is_of_another).then_some(Seen {
        time,
        is_change: is_change && !is_publication,
        is_clear: false,
        around: 0,
    })
}

/// Whether the block before is the words and nothing else.
fn labels(page: &Page, index: usize) -> bool {
    let label = page.blocks.get(index.wrapping_sub(1));
    label.is_some_and(|label| label.size <= 30.0 && says(&label.text, true))
}

/// Whether a text says so close to its end or its start.
fn says(text: &str, at_end: bool) -> bool {
    if text.is_empty() {
        return false;
    }
    let letters: Vec<char> = if at_end {
        text.chars().rev().take(MAX_BETWEEN).collect()
    } else {
        text.chars().take(2 * MAX_BETWEEN).collect()
    };
    let near: String = match at_end {
        true => letters.into_iter().rev().flat_map(char::to_lowercase).collect(),
        false => letters.into_iter().flat_map(char::to_lowercase).collect(),
    };
    PUBLICATION.iter().any(|word| near.contains(word))
}
