//! Made-up articles in six scripts and copies of them, the same in every run.

use schemas::article::{Article, Block, BlockKind, Trace};
use schemas::hop::Cleaned;
use schemas::id::ArticleId;
use schemas::script::Script;
use schemas::time::Timestamp;

/// New articles of a script in a round, and copies of earlier ones.
const NEW: usize = 3;
const COPIES: usize = 6;
/// Words of a paragraph, paragraphs of an article.
const WORDS: usize = 30;
const PARAGRAPHS: usize = 4;
const START_MS: i64 = 1_780_000_000_000;

/// An article on its way to the dedupers.
pub(crate) struct Item {
    pub(crate) cleaned: Cleaned,
    pub(crate) script: Script,
    /// The article that it is a copy of.
    pub(crate) original: Option<ArticleId>,
}

/// What outlets send, round by round.
pub(crate) struct Wire {
    dice: u64,
    items: usize,
    /// The originals of each script.
    originals: [Vec<(ArticleId, Vec<String>)>; Script::ALL.len()],
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            dice: 0x5eed_c0de_1234_9876,
            items: 0,
            originals: Default::default(),
        }
    }
}

/// The first letter of a run of letters of each script, and how many there are.
fn letters(script: Script) -> (u32, usize) {
    match script {
        Script::Latin => (0x61, 26),
        Script::Cyrillic => (0x430, 32),
        Script::Arabic => (0x627, 20),
        Script::Cjk => (0x4e00, 2000),
        Script::Indic => (0x915, 30),
        // Greek.
        Script::Other => (0x3b1, 17),
    }
}

impl Wire {
    fn below(&mut self, bound: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice % bound as u64) as usize
    }

    fn paragraph(&mut self, script: Script) -> String {
        let (first, count) = letters(script);
        let word = |wire: &mut Self| -> String {
            let letters = (0..3 + wire.below(6)).map(|_| first + wire.below(count) as u32);
            letters.filter_map(char::from_u32).collect()
        };
        let words: Vec<String> = (0..WORDS).map(|_| word(self)).collect();
        words.join(" ")
    }

    /// For each script some new articles, and copies of articles of all rounds before: cut or with a paragraph added.
    pub(crate) fn round(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        for script in Script::ALL {
            for at in 0..COPIES {
                let known = self.originals[script as usize].len();
                if known == 0 {
                    break;
                }
                // One of the very first in every round, the others of any.
                let choice = if at == 0 { self.below(NEW) } else { self.below(known) };
                let (original, mut paragraphs) = self.originals[script as usize][choice].clone();
                match at % 2 {
                    0 => drop(paragraphs.pop()),
                    _ => paragraphs.push(self.paragraph(script)),
                }
                items.push(self.item(script, paragraphs, Some(original)));
            }
            for _ in 0..NEW {
                let paragraphs: Vec<String> = (0..PARAGRAPHS).map(|_| self.paragraph(script)).collect();
                let item = self.item(script, paragraphs.clone(), None);
                self.originals[script as usize].push((item.cleaned.article.id.clone(), paragraphs));
                items.push(item);
            }
        }
        items
    }

    fn item(&mut self, script: Script, paragraphs: Vec<String>, original: Option<ArticleId>) -> Item {
        self.items += 1;
        let number = self.items;
        let entered = Timestamp::from_millis(START_MS + number as i64 * 1000);
        let block = |text: String| Block {
            kind: BlockKind::Paragraph,
            text,
        };
        let cleaned = Cleaned {
            trace: Trace {
                fetch_id: format!("{number:032x}").as_str().into(),
                source_id: format!("outlet-{number}").as_str().into(),
                fetched_at: entered,
                ..Trace::default()
            },
            article: Article {
                id: format!("{:032x}", number + (1 << 32)).as_str().into(),
                canonical_url: format!("https://outlet-{number}.example/{number}.html"),
                title: paragraphs
                    .first()
                    .map_or_else(String::new, |first| first.chars().take(50).collect()),
                blocks: paragraphs.into_iter().map(block).collect(),
                ..Article::default()
            },
        };
        assert_eq!(Script::of(&cleaned.article.text()), script);
        Item {
            cleaned,
            script,
            original,
        }
    }
}
