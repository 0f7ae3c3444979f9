//! Lines of a document and what each of them looks like.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::extracted::RemovedKind;
use crate::metadata::people;
use crate::phrases::{Said, own_regex, said};
use crate::{dates, wire, words};

/// Lines read of one document.
const MAX_LINES: usize = 20_000;

/// One line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// Its text, blanks at the ends cut.
    pub(crate) text: String,
    /// Letters and digits.
    pub(super) key: String,
    /// Weighted characters.
    pub(super) size: f32,
    pub(super) words: usize,
    pub(super) sentences: usize,
    pub(crate) ends_sentence: bool,
    pub(crate) is_bullet: bool,
    /// Share of words with a capital.
    pub(super) title_case: f32,
    /// Set phrases that count for this line.
    pub(crate) said: Option<RemovedKind>,
    /// How strong they are.
    pub(crate) phrase: f32,
    /// It reads like running text by itself.
    pub(super) is_prose: bool,
    /// It can be the name of a person and nothing else.
    pub(super) is_person: bool,
    /// Hardly more than a date.
    pub(crate) is_date: bool,
    /// It gives a figure for something, as in "Price: 37,510".
    pub(super) is_figure: bool,
    /// It names who took or lent a picture.
    pub(crate) is_credit: bool,
    /// Share of its content words that the story uses elsewhere.
    pub(super) familiar: f32,
    /// Share of all its words that the story uses elsewhere: 0 in another language.
    pub(super) common: f32,
    /// It is the headline.
    pub(super) is_title: bool,
    /// It was cut, as this.
    pub(super) cut: Option<RemovedKind>,
}

impl Line {
    /// Short, without the end of a sentence.
    pub(super) fn is_heading_shaped(&self) -> bool {
        !self.ends_sentence && !self.is_bullet && self.size <= 90.0 && self.words <= 14
    }

    /// A byline of more than a person, as in "By Courier staff": it opens as bylines do, and goes on with a name.
    pub(crate) fn names_newsroom(&self) -> bool {
        let opens = said(&self.text).start == Some(RemovedKind::Byline);
        let second = self.text.split_whitespace().nth(1);
        let is_name = second.is_some_and(|word| word.starts_with(char::is_uppercase));
        opens && is_name && !self.ends_sentence && self.size < 60.0 && self.words <= 7
    }
}

/// A document as lines.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Lines with text, in order.
    pub(crate) lines: Vec<Line>,
    /// There is running text; otherwise this is verse, a list, an interview, or nothing.
    pub(crate) has_prose: bool,
}

impl Document {
    /// Reads a text.
    pub(crate) fn read(text: &str) -> Self {
        let mut lines: Vec<Line> = unwrapped(text)
            .into_iter()
            .take(MAX_LINES)
            .map(|text| line(&text))
            .collect();
        let has_prose = lines.iter().any(|line| line.is_prose);
        familiarise(&mut lines);
        Self { lines, has_prose }
    }
}

/// The lines of a text; paragraphs that were broken at a column are put together again.
fn unwrapped(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let full = lines.iter().filter(|line| !line.is_empty()).count();
    let is_broken = |pair: &[&str]| {
        let goes_on = pair[1].chars().next().is_some_and(char::is_lowercase);
        goes_on && !words::ends_sentence(pair[0]) && (40..=110).contains(&pair[0].chars().count())
    };
    let broken = lines.windows(2).filter(|pair| is_broken(pair)).count();
    if broken * 10 < full * 3 || broken < 3 {
        return lines
            .into_iter()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let paragraphs = lines
        .split(|line| line.is_empty())
        .filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| paragraph.join(" ")).collect()
}

/// Reads one line by itself.
pub(crate) fn line(text: &str) -> Line {
    let is_bullet = text.starts_with(['-', '–', '•', '*', '·', '▪', '■', '●', '○', '►', '▸', '‣'])
        && text.chars().nth(1).is_some_and(char::is_whitespace);
    let spelled: Vec<&str> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let capitals = spelled
        .iter()
        .filter(|word| !word.starts_with(char::is_lowercase))
        .count();
    let size = words::size(text);
    let sentences = words::sentence_ends(text);
    let ends_sentence = words::ends_sentence(text);
    let (said, phrase) = evidence(text, said(text), size, ends_sentence);
    let is_credit = is_credit(text, size);
    let reads_on =
        ends_sentence && size >= 60.0 || sentences >= 1 && size >= 150.0 || size >= 100.0 && is_unpunctuated(text);
    Line {
        key: words::key(text),
        words: spelled.len(),
        title_case: if spelled.is_empty() {
            0.0
        } else {
            capitals as f32 / spelled.len() as f32
        },
        is_prose: reads_on && !is_bullet && !is_credit && phrase < 2.0,
        is_person: !ends_sentence && is_person(text, size),
        is_date: is_date(text),
        is_figure: text
            .split_once([':', '：', '\t', '|'])
            .is_some_and(|(_, value)| value.chars().any(char::is_numeric)),
        text: text.to_owned(),
        size,
        sentences,
        ends_sentence,
        is_bullet,
        said,
        phrase,
        is_credit,
        ..Line::default()
    }
}

/// Whether a line can be a name and nothing else: a few words, every one with a capital where the script has them.
fn is_person(text: &str, size: f32) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_short = words.iter().all(|word| word.chars().count() <= 14);
    let is_count = (2..=5).contains(&words.len())
        || text.chars().all(words::is_ideographic) && (2..=4).contains(&text.chars().count());
    let is_capital = !words.iter().any(|word| word.starts_with(char::is_lowercase));
    is_short
        && is_count
        && is_capital
        && size <= 40.0
        && !text.ends_with([',', ':', ';'])
        && people::is_person(text, &[])
}

/// What the set phrases in a line are worth. A phrase that could open a sentence counts only where none follows.
fn evidence(text: &str, said: Said, size: f32, ends_sentence: bool) -> (Option<RemovedKind>, f32) {
    if let Some(kind) = said.whole {
        return (Some(kind), 4.0);
    }
    if let Some(kind) = said.within.filter(|_| size < 260.0) {
        return (Some(kind), 3.5);
    }
    if wire::agency_named(text).is_some() {
        return (Some(RemovedKind::Byline), 3.0);
    }
    let Some(kind) = said.start else {
        return ends_with_share(text);
    };
    let is_short = size < 70.0;
    let worth = match kind {
        RemovedKind::Byline => {
            let names_somebody = !people::people(&[text.to_owned()], &[]).is_empty() || text.contains([':', '：']);
            if is_short && !ends_sentence && names_somebody {
                3.0
            } else {
                0.0
            }
        }
        RemovedKind::DateLine | RemovedKind::ViewCounter => {
            let has_digit = text.chars().any(char::is_numeric);
            if is_short && has_digit && !ends_sentence {
                3.5
            } else {
                0.0
            }
        }
        RemovedKind::Caption
            if text.contains([':', '：', '/', '】', '＝', '=']) && !(ends_sentence && size > 200.0) =>
        {
            2.5
        }
        RemovedKind::Caption if is_short && !ends_sentence => 1.0,
        RemovedKind::Caption => 0.0,
        RemovedKind::Related | RemovedKind::PreviousNext if ends_sentence && size > 120.0 => 0.5,
        _ if ends_sentence && !is_short => 0.8,
        _ => 3.0,
    };
    (Some(kind).filter(|_| worth > 0.0), worth)
}

/// A line whose last words are those of a share bar, as in "The Editors / Daily Tide Share:".
fn ends_with_share(text: &str) -> (Option<RemovedKind>, f32) {
    let is_bar = text.ends_with([':', '：']) && text.chars().count() < 90;
    let last = text.split_whitespace().next_back().unwrap_or_default();
    if is_bar && said(last).whole == Some(RemovedKind::Share) {
        (Some(RemovedKind::Byline), 3.0)
    } else {
        (None, 0.0)
    }
}

/// Whether most letters are of a script that ends no sentences with a mark (Thai, Lao, Khmer, Burmese).
fn is_unpunctuated(text: &str) -> bool {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let unpunctuated = text
        .chars()
        .filter(|character| matches!(u32::from(*character), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff))
        .count();
    unpunctuated * 2 > letters
}

/// Whether a line is hardly more than a date: without it, little is left.
fn is_date(text: &str) -> bool {
    if text.chars().count() > 60 || words::ends_sentence(text) && text.split_whitespace().count() > 6 {
        return false;
    }
    let left = dates::find(text, None).map(|found| {
        words::key(text)
            .chars()
            .count()
            .saturating_sub(words::key(found.text).chars().count())
    });
    left.is_some_and(|left| left <= 18)
}

/// Whether a line ends with, or is, the credit of a picture: "(Photo: …)", "AGENCY/Name", "… / Getty Images".
fn is_credit(text: &str, size: f32) -> bool {
    static BRACKET: LazyLock<Option<Regex>> = LazyLock::new(|| {
        own_regex(
            r"(?i)[(（\[](?:file )?(?:photos?|pictures?|pics?|images?|video|credit|courtesy|source|foto|fotos|gambar|ilustrasi|sumber|ảnh|hình|nguồn|imagen|fotografía|imagem|crédito|crédits?|bild|quelle|immagine|beeld|bron|kuva|zdjęcie|fot|fotoğraf|görsel|фото|источник|صورة|تصوير|عکس|फोटो|तस्वीर|ภาพ|写真|撮影|提供|图|圖|摄影|攝影|資料|사진)\b?[^)）\]]{0,80}[)）\]][\s.。]*$|\((?:AP|AFP|Reuters|EPA|Getty)\b[^)]{0,30}\)[\s.]*$|(?:写真|撮影)[＝=:：]\S{1,20}$",
        )
    });
    static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        own_regex(
            r"(?i)(?:\b(?:photo|foto|image|video)s?\s*(?:by|oleh|de|von|:|/|\|)|getty images|shutterstock|\bistock|/\s?(?:AFP|AP|EPA|Reuters|Xinhua|Antara|TTXVN|Kyodo|VNA|EPA-EFE)\b|\bvia (?:AP|Reuters|AFP|Getty)\b|ap photo|afp photo|reuters photo|file photo)",
        )
    });
    if size > 420.0 {
        return false;
    }
    let opens_with_agency = text
        .split_once('/')
        .is_some_and(|(first, rest)| wire::agency_named(first).is_some() && rest.split_whitespace().count() <= 4);
    let is_named =
        || size < 120.0 && NAMES.as_ref().is_some_and(|regex| regex.is_match(text)) && !words::ends_sentence(text);
    opens_with_agency && size < 60.0 || BRACKET.as_ref().is_some_and(|regex| regex.is_match(text)) || is_named()
}

/// Tells how much of each line the rest of the story talks about, too.
fn familiarise(lines: &mut [Line]) {
    let has_prose = lines.iter().any(|line| line.is_prose);
    let is_source: Vec<bool> = lines
        .iter()
        .map(|line| line.is_prose || !has_prose && line.phrase <= 0.0)
        .collect();
    let found = familiarity(lines, &is_source);
    for (line, (familiar, common)) in lines.iter_mut().zip(found) {
        line.familiar = familiar;
        line.common = common;
    }
}

/// Which share of each line's content words, and of all its words, the lines of the source use, too.
pub(super) fn familiarity(lines: &[Line], is_source: &[bool]) -> Vec<(f32, f32)> {
    let read: Vec<Vec<String>> = lines.iter().map(|line| words::words(&line.text)).collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (words, _) in read.iter().zip(is_source).filter(|(_, is_source)| **is_source) {
        for word in words.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            *known.entry(word).or_default() += 1;
        }
    }
    let share = |found: usize, of: usize| if of == 0 { 0.0 } else { found as f32 / of as f32 };
    read.iter()
        .zip(is_source)
        .map(|(all, is_source)| {
            // What a line says itself makes none of its words familiar.
            let needed = if *is_source { 2 } else { 1 };
            let is_known = |word: &&String| known.get(word.as_str()).is_some_and(|lines| needed <= *lines);
            let content: Vec<&String> = all.iter().filter(|word| is_content(word)).collect();
            let common = share(all.iter().filter(is_known).count(), all.len());
            let familiar = match content.len() {
                0 => common,
                count => share(content.iter().copied().filter(is_known).count(), count),
            };
            (familiar, common)
        })
        .collect()
}

/// Whether a word is likely to say what a text is about: length tells, in scripts with words.
fn is_content(word: &str) -> bool {
    word.chars().count() >= 4 || word.chars().next().is_some_and(words::is_ideographic)
}
