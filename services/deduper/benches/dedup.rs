//! Articles a second at a full window: `cargo bench -p deduper --bench dedup [WINDOW]`.
//!
//! A stream of made-up articles of 1.7 KB, one in five a copy of a recent one (cut, or with a paragraph added), all
//! with words drawn as unevenly as in a language. Every article is decided on and remembered, and one is forgotten for
//! each that comes, as in a running system.

use std::time::Instant;

use deduper::deduper::{Article, Config, Deduper, Verdict};

const MEASURED: usize = 20_000;
const TEXT_BYTES: usize = 1_700;
const TICK_MS: i64 = 20;

/// A small fixed generator (xorshift), so that each run measures the same stream.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
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
}

fn stream(count: usize) -> Vec<(String, String)> {
    let mut dice = Dice(0x5eed_1234_5678_9abc);
    let mut articles: Vec<(String, String)> = Vec::with_capacity(count);
    for at in 0..count {
        let copied = if 100 < at && dice.below(5) == 0 {
            articles.get(at - 1 - dice.below(100))
        } else {
            None
        };
        let article = match copied {
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
        articles.push(article);
    }
    articles
}

/// Nanoseconds that this process spent on a processor, where the system tells: other programs run beside a benchmark.
fn cpu_nanoseconds() -> Option<u64> {
    std::fs::read_to_string("/proc/self/schedstat")
        .ok()?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// Memory that this process holds, in bytes, where the system tells.
fn resident_bytes() -> Option<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm")
        .ok()?
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()?;
    Some(pages * 4096)
}

fn main() {
    let window: usize = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(100_000);
    let articles = stream(window + MEASURED);
    let bytes: usize = articles.iter().map(|(_, text)| text.len()).sum();
    let mut deduper = Deduper::new(Config {
        window_ms: window as i64 * TICK_MS,
        ..Config::default()
    });
    let mut copies = 0;
    let held = resident_bytes();
    let mut started = (Instant::now(), cpu_nanoseconds());
    for (at, (title, text)) in articles.iter().enumerate() {
        if at == window {
            report("filling", window, started);
            started = (Instant::now(), cpu_nanoseconds());
        }
        let id = format!("{at:032x}");
        let now = at as i64 * TICK_MS;
        let article = Article {
            id: &id,
            fetch_id: &id,
            source: "bench",
            url: "",
            title,
            text,
            published: Some(now),
        };
        let outcome = deduper.decide(&article, now);
        copies += usize::from(matches!(outcome.verdict, Verdict::News { duplicate: Some(_), .. }));
        outcome.memory.iter().for_each(|change| deduper.apply(change));
        deduper.due(now).iter().for_each(|change| deduper.apply(change));
    }
    report("full", MEASURED, started);
    if let (Some(before), Some(after)) = (held, resident_bytes()) {
        println!(
            "{} bytes of memory an article",
            after.saturating_sub(before) / window as u64
        );
    }
    println!(
        "{} of {} were copies; {} bytes of text on average",
        copies,
        articles.len(),
        bytes / articles.len()
    );
}

fn report(what: &str, articles: usize, (wall, cpu): (Instant, Option<u64>)) {
    let wall = articles as f64 / wall.elapsed().as_secs_f64();
    let spent = cpu
        .zip(cpu_nanoseconds())
        .map(|(before, after)| after.saturating_sub(before));
    let rate = spent.map_or(wall, |spent| articles as f64 * 1e9 / spent.max(1) as f64);
    println!("{what:<8} {rate:>7.0} articles a CPU-second, {wall:>7.0} a second");
}
