//! Function words and letters: what tells languages of one script apart.
//!
//! Every language has a few dozen words that stand in almost every sentence. Each one that occurs speaks for all
//! languages that have it; so do letters that only some languages write. That takes a look into a table per word.

use super::script::Script;
use std::sync::LazyLock;

/// The lists that are compiled in.
const LISTS: &str = include_str!("../../../../seeds/topics/function-words.tsv");
/// Languages that the table can hold.
const MOST_LANGUAGES: usize = 128;
/// A longer word is no function word, in characters.
const LONGEST: usize = 16;
/// What an occurrence of a letter counts beside a word, and how many occurrences of one kind count.
const LETTER: f32 = 0.6;
const MOST_LETTERS: u8 = 6;

/// Letters that only some languages have. Accents that are common to half of Europe are left out: loan words have them.
const LETTERS: &[(&str, &str)] = &[
    ("ß", "de"),
    ("ñ", "es gl eu tl"),
    ("ã", "pt"),
    ("õ", "pt et vi"),
    ("ç", "fr pt ca tr az sq tk ku"),
    ("œ", "fr"),
    ("èàù", "fr it ca vi yo ht"),
    ("ò", "it ca vi yo ht"),
    ("ê", "fr pt vi cy ku af"),
    ("âî", "fr ro tr ku cy pt"),
    ("ô", "fr pt vi sk cy"),
    ("ëï", "nl fr sq af lb ca"),
    ("ł", "pl"),
    ("ąę", "pl lt"),
    ("śźżń", "pl"),
    ("ć", "pl hr bs sr-Latn"),
    ("đ", "hr bs sr-Latn vi"),
    ("čšž", "cs sk sl hr bs sr-Latn lt lv et"),
    ("řěů", "cs"),
    ("ä", "sk de sv fi et lb tk"),
    ("ľĺŕ", "sk"),
    ("ďťň", "cs sk"),
    ("ý", "cs sk is vi tk"),
    ("őű", "hu"),
    ("ö", "de sv fi et hu tr az is tk"),
    ("ü", "de hu tr az et tk"),
    ("å", "sv da nb nn"),
    ("øæ", "da nb nn is"),
    ("ø", "da nb nn"),
    ("þð", "is"),
    ("șț", "ro"),
    ("ş", "tr az ku tk ro"),
    ("ă", "ro vi"),
    ("ğı", "tr az"),
    ("ə", "az"),
    ("ėįų", "lt"),
    ("āēīģķļņ", "lv"),
    ("ħġċ", "mt"),
    ("ơưạảấầẩẫậắằẳẵặẻẽếềểễỉĩủũứừửữựỏốồổỗớờởỡợỳỷỹỵ", "vi"),
    ("ẹọ", "yo ig vi"),
    ("ṣ", "yo"),
    ("ịụ", "ig vi"),
    ("ɓɗƙ", "ha"),
    ("ŵŷ", "cy"),
    ("ĉĝĥĵŝŭ", "eo"),
    ("áí", "es pt hu cs sk is gl vi ga yo"),
    ("óú", "es pt hu is gl vi ga yo sk pl"),
    ("é", "fr es pt hu cs sk is ca ga"),
    ("і", "uk be kk"),
    ("їєґ", "uk"),
    ("ў", "be"),
    ("ы", "ru be kk ky mn tt"),
    ("э", "ru be kk ky mn tt"),
    ("ъ", "bg ru tg"),
    ("щ", "ru uk bg"),
    ("ѓќѕ", "mk"),
    ("ђћ", "sr"),
    ("јљњџ", "sr mk"),
    ("әғқұ", "kk tt"),
    ("ңөү", "kk ky mn tt"),
    ("ҷӣӯҳ", "tg"),
    ("پچژگیک", "fa ur ps ckb ug sd"),
    ("ةيكى", "ar"),
    ("ٹڈڑےں", "ur"),
    ("ټډړۍښځڅ", "ps"),
    ("ۆێڕڵ", "ckb"),
    ("ۇۈۋ", "ug"),
    ("ڄڃٻڀٿڦڏڙڻڳ", "sd"),
    ("ײױװ", "yi"),
    ("ৰৱ", "as"),
    ("ኣቐ", "ti"),
    ("አ", "am"),
    ("ळ", "mr"),
];

/// How many words the table has room for.
const SLOTS: usize = 1 << 13;

/// The lists as a table that is looked into without an allocation.
struct Table {
    tags: Vec<&'static str>,
    /// For each language its script and its group of sisters.
    kinds: Vec<(Script, Option<usize>)>,
    /// The words by their hashes, apart from what is known of them: most words of a text are not there, and the hashes
    /// alone stay in the processor's cache.
    hashes: Vec<u32>,
    /// For each slot, the languages that have the word.
    languages: Vec<u128>,
    letters: Vec<(char, u8, u128)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

impl Table {
    fn read() -> Self {
        let mut table = Self {
            tags: Vec::new(),
            kinds: Vec::new(),
            hashes: vec![0; SLOTS],
            languages: vec![0; SLOTS],
            letters: Vec::new(),
        };
        let lines = LISTS.lines().filter(|line| !line.starts_with('#'));
        for (tag, words) in lines.filter_map(|line| line.split_once('\t')).take(MOST_LANGUAGES) {
            let language = 1 << table.tags.len();
            table.tags.push(tag);
            let sisters = SISTERS.iter().position(|group| group.contains(&tag));
            table.kinds.push((script_of(tag), sisters));
            // Apostrophes part words in a text, so they do here.
            for word in words.split([' ', '\'', '’']).filter(|word| !word.is_empty()) {
                let hash = word.chars().fold(SEED, step);
                let at = table.find(hash);
                if let (Some(own), Some(languages)) = (table.hashes.get_mut(at), table.languages.get_mut(at)) {
                    *own = short(hash);
                    *languages |= language;
                }
            }
        }
        for (group, (letters, languages)) in LETTERS.iter().enumerate() {
            let mask = languages.split(' ').fold(0, |mask, tag| mask | table.mask(tag));
            let group = u8::try_from(group).unwrap_or(u8::MAX);
            table
                .letters
                .extend(letters.chars().map(|letter| (letter, group, mask)));
        }
        table
            .letters
            .sort_unstable_by_key(|(letter, group, _)| (*letter, *group));
        table
    }

    fn mask(&self, tag: &str) -> u128 {
        self.tags.iter().position(|known| *known == tag).map_or(0, |at| 1 << at)
    }

    /// The slot of a hash, or the empty one where it would be; the table is never full.
    fn find(&self, hash: u64) -> usize {
        let short = short(hash);
        // FNV-1a mixes its lower bits into these.
        let mut at = (short >> 8) as usize % SLOTS;
        while self.hashes.get(at).is_some_and(|own| *own != 0 && *own != short) {
            at = (at + 1) % SLOTS;
        }
        at
    }

    fn languages(&self, hash: u64) -> u128 {
        self.languages.get(self.find(hash)).copied().unwrap_or(0)
    }
}

/// What the table knows a word by; 0 is an empty slot.
fn short(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, character: char) -> u64 {
    (hash ^ u64::from(character)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// What the words of a text say so far.
pub(super) struct Ballot {
    scores: [f32; MOST_LANGUAGES],
    letters: [u8; LETTERS.len()],
    words: u32,
    known: u32,
    hash: u64,
    length: usize,
}

/// Languages that share most of their function words, by the first word of each group. Which of a group it is may stay in
/// doubt where it is plain that it is one of them.
const SISTERS: &[&[&str]] = &[
    &["id", "ms"],
    &["da", "nb", "nn"],
    &["hr", "bs", "sr-Latn"],
    &["cs", "sk"],
    &["es", "gl"],
    &["nl", "af"],
    &["zu", "xh"],
    &["rn", "rw"],
    &["bg", "mk"],
];

/// The language that most words speak for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    pub(super) tag: &'static str,
    pub(super) score: f32,
    /// The score of the next language that is no sister of it, and of the next that is.
    pub(super) rival: f32,
    pub(super) sister: f32,
    pub(super) words: u32,
    /// Words that are in any list.
    pub(super) known: u32,
}

impl Ballot {
    pub(super) fn new() -> Self {
        Self {
            scores: [0.0; MOST_LANGUAGES],
            letters: [0; LETTERS.len()],
            words: 0,
            known: 0,
            hash: SEED,
            length: 0,
        }
    }

    /// A letter of a word, in lower case.
    pub(super) fn letter(&mut self, letter: char) {
        self.hash = step(self.hash, letter);
        self.length += 1;
        if !letter.is_ascii() {
            self.special(letter);
        }
    }

    fn special(&mut self, letter: char) {
        let table = &*TABLE;
        let first = table.letters.partition_point(|(known, ..)| *known < letter);
        let same = table
            .letters
            .iter()
            .skip(first)
            .take_while(|(known, ..)| *known == letter);
        for (_, group, mask) in same {
            if let Some(count) = self.letters.get_mut(usize::from(*group))
                && *count < MOST_LETTERS
            {
                *count += 1;
                add(&mut self.scores, *mask, LETTER);
            }
        }
    }

    /// The end of a word, or of nothing.
    pub(super) fn end(&mut self) {
        if self.length != 0 {
            self.words += 1;
            if self.length <= LONGEST {
                let languages = TABLE.languages(self.hash);
                self.known += u32::from(languages != 0);
                add(&mut self.scores, languages, 1.0);
            }
        }
        self.hash = SEED;
        self.length = 0;
    }

    /// The outcome among the languages of a script.
    pub(super) fn outcome(&self, script: Script) -> Outcome {
        let table = &*TABLE;
        let all = table.kinds.iter().zip(&self.scores).enumerate();
        let of_script = all.filter(|(_, ((own, _), score))| *own == script && 0.0 < **score);
        let mut best = (usize::MAX, None, 0.0);
        for (language, ((_, sisters), score)) in of_script.clone() {
            if best.2 < *score {
                best = (language, *sisters, *score);
            }
        }
        let (mut rival, mut sister) = (0.0_f32, 0.0_f32);
        for (_, ((_, sisters), score)) in of_script.filter(|(language, _)| *language != best.0) {
            let is_sister = sisters.is_some() && *sisters == best.1;
            let next = if is_sister { &mut sister } else { &mut rival };
            *next = next.max(*score);
        }
        Outcome {
            tag: table.tags.get(best.0).copied().unwrap_or_default(),
            score: best.2,
            rival,
            sister,
            words: self.words,
            known: self.known,
        }
    }

    /// The score of a language; 0 for one that has no list.
    pub(super) fn score(&self, tag: &str) -> f32 {
        let language = TABLE.tags.iter().position(|known| *known == tag);
        language
            .and_then(|language| self.scores.get(language))
            .copied()
            .unwrap_or_default()
    }
}

pub(super) fn are_sisters(one: &str, other: &str) -> bool {
    SISTERS
        .iter()
        .any(|group| group.contains(&one) && group.contains(&other))
}

fn script_of(tag: &str) -> Script {
    match tag {
        "ru" | "uk" | "be" | "bg" | "mk" | "sr" | "kk" | "ky" | "mn" | "tg" | "tt" => Script::Cyrillic,
        "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" => Script::Arabic,
        "hi" | "mr" | "ne" => Script::Devanagari,
        "bn" | "as" => Script::Bengali,
        "he" | "yi" => Script::Hebrew,
        "am" | "ti" => Script::Ethiopic,
        _ => Script::Latin,
    }
}

fn add(scores: &mut [f32; MOST_LANGUAGES], mut languages: u128, weight: f32) {
    while languages != 0 {
        if let Some(score) = scores.get_mut(languages.trailing_zeros() as usize) {
            *score += weight;
        }
        languages &= languages - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, MOST_LANGUAGES, SLOTS, TABLE};

    #[test]
    fn the_lists_are_whole() {
        let table = &*TABLE;
        assert!(80 < table.tags.len() && table.tags.len() <= MOST_LANGUAGES);
        let used = table.hashes.iter().filter(|hash| **hash != 0).count();
        assert!(2000 < used && used < SLOTS / 2, "{used}");
        for tag in LETTERS.iter().flat_map(|(_, languages)| languages.split(' ')) {
            assert!(table.tags.contains(&tag), "{tag} has letters and no words");
        }
    }
}
