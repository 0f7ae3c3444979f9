//! The made-up articles, the same in every run.

use std::collections::VecDeque;

const TEXT_BYTES: usize = 1_700;
/// Articles back that a copy is made of.
const RECENT: usize = 100;

/// A made-up article.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) fetch_id: String,
    pub(crate) source: String,
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// A small fixed generator (xorshift), so that each run measures the same stream.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// A word of a vocabulary of 60,000, the common ones far more often.
    fn word(&mut self, text: &mut String) {
        let rank = (60_000f64.powf(self.below(1_000_000) as f64 / 1_000_000.0)) as usize;
        let mut rest = rank + 7;
        if self.below(12) == 0 {
            text.push((b'A' + (rest % 26) as u8) as char);
        }
        while 0 < rest {
            text.push((b'a' + (rest % 26) as u8) as char);
            text.push(b"aeiou"[rest % 5] as char);
            rest /= 26;
        }
        if self.below(40) == 0 {
            text.push_str(&format!(" {}", self.below(5_000)));
        }
    }

    fn paragraph(&mut self) -> String {
        let mut text = String::new();
        while text.len() < TEXT_BYTES / 6 {
            self.word(&mut text);
            text.push_str(if self.below(14) == 0 { ". " } else { " " });
        }
        text
    }

    /// Thirty-two hexadecimal digits, as ids are.
    fn id(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}

/// Articles without end.
pub(crate) struct Stream {
    dice: Dice,
    recent: VecDeque<(String, String)>,
    at: usize,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            dice: Dice(0x5eed_1234_5678_9abc),
            recent: VecDeque::new(),
            at: 0,
        }
    }
}

impl Iterator for Stream {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        let dice = &mut self.dice;
        let copied = if self.recent.len() == RECENT && dice.below(5) == 0 {
            self.recent.get(dice.below(RECENT))
        } else {
            None
        };
        let (title, text) = match copied {
            Some((title, text)) if dice.below(2) == 0 => (
                title.clone(),
                text.split("\n\n").take(3).collect::<Vec<_>>().join("\n\n"),
            ),
            Some((title, text)) => (title.clone(), format!("{text}\n\n{}", dice.paragraph())),
            None => {
                let title: String = dice.paragraph().split(' ').take(8).collect::<Vec<_>>().join(" ");
                (title, (0..6).map(|_| dice.paragraph()).collect::<Vec<_>>().join("\n\n"))
            }
        };
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((title.clone(), text.clone()));
        self.at += 1;
        let source = format!("outlet{}.example", dice.below(500));
        let slug: String = title.to_lowercase().replace([' ', '.'], "-");
        Some(Made {
            id: dice.id(),
            fetch_id: dice.id(),
            url: format!("https://www.{source}/world/2026/11/{slug}-{}.html", self.at),
            source,
            title,
            text,
        })
    }
}
