//! Speed and memory at a full window: `cargo bench -p deduper --bench dedup -- [WINDOW…]`, windows in articles.
//!
//! A stream of made-up articles of 1.7 KB, one in five a copy of a recent one (cut, or with a paragraph added), all
//! with words drawn as unevenly as in a language. Every article is decided on and remembered, and one is forgotten for
//! each that comes, as in a running system.

mod stream;

use std::time::{Duration, Instant};

use deduper::deduper::{Article, Config, Deduper, Verdict};
use stream::{Made, Stream};

/// Articles that are measured once the window is full.
const MEASURED: usize = 20_000;
/// Articles that are made at once.
const PART: usize = 250;
/// Milliseconds from one article to the next.
const TICK_MS: i64 = 20;
const START_MS: i64 = 1_780_000_000_000;

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

/// What the deduper itself used up, without the making of the articles.
#[derive(Default)]
struct Spent {
    articles: u32,
    copies: u32,
    text: usize,
    cpu: u64,
    worst: Duration,
    /// Articles that took longer than a millisecond.
    slow: u32,
}

impl Spent {
    fn rate(&self) -> f64 {
        f64::from(self.articles) * 1e9 / self.cpu.max(1) as f64
    }
}

struct Run {
    deduper: Deduper,
    stream: Stream,
    at: usize,
}

impl Run {
    fn take(&mut self, made: &Made) -> (bool, Duration) {
        let now = START_MS + self.at as i64 * TICK_MS;
        self.at += 1;
        let article = Article {
            id: &made.id,
            fetch_id: &made.fetch_id,
            source: &made.source,
            url: &made.url,
            title: &made.title,
            text: &made.text,
            published: Some(now),
        };
        let started = Instant::now();
        let outcome = self.deduper.decide(&article, now);
        outcome.memory.iter().for_each(|change| self.deduper.apply(change));
        let due = self.deduper.due(now);
        due.iter().for_each(|change| self.deduper.apply(change));
        let took = started.elapsed();
        let is_copy = matches!(outcome.verdict, Verdict::News { duplicate: Some(_), .. });
        (is_copy, took)
    }

    /// Makes some articles at once, so that reading the clock costs nothing, and takes them.
    fn run(&mut self, articles: usize) -> Spent {
        let mut spent = Spent::default();
        let mut left = articles;
        while 0 < left {
            let part: Vec<Made> = self.stream.by_ref().take(left.min(PART)).collect();
            left -= part.len();
            let started = (Instant::now(), cpu_nanoseconds());
            for made in &part {
                let (is_copy, took) = self.take(made);
                spent.articles += 1;
                spent.copies += u32::from(is_copy);
                spent.text += made.text.len();
                spent.worst = spent.worst.max(took);
                spent.slow += u32::from(Duration::from_millis(1) < took);
            }
            let wall = u64::try_from(started.0.elapsed().as_nanos()).unwrap_or(u64::MAX);
            let cpu = started.1.zip(cpu_nanoseconds());
            spent.cpu += cpu.map_or(wall, |(before, after)| after.saturating_sub(before));
        }
        spent
    }
}

fn measure(window: usize) {
    let mut run = Run {
        deduper: Deduper::new(Config {
            window_ms: window as i64 * TICK_MS,
            ..Config::default()
        }),
        stream: Stream::default(),
        at: 0,
    };
    // What the articles themselves take up is not counted.
    let warm: Vec<Made> = run.stream.by_ref().take(PART).collect();
    let held = resident_bytes();
    drop(warm);
    let filling = run.run(window);
    let full = run.run(MEASURED);
    let resident = held.zip(resident_bytes());
    let resident = resident.map_or(0, |(before, after)| after.saturating_sub(before) / window as u64);
    let bytes = run.deduper.footprint();
    println!(
        "| {window} | {:.0} | {:.0} | {:.1} | {:.1} ms, {} | {resident} | {} | {} of {} |",
        filling.rate(),
        full.rate(),
        full.cpu as f64 / f64::from(full.articles) / 1e3,
        full.worst.max(filling.worst).as_secs_f64() * 1e3,
        full.slow + filling.slow,
        bytes.total() / window,
        full.copies,
        full.articles,
    );
    let each = |bytes: usize| format!("{:.1}", bytes as f64 / window as f64);
    eprintln!(
        "bytes an article: samples {}, numbers, names and titles {}, identity {}, addresses {}, postings {}, order and \
         look-up by id {}, room {}; {} bytes of text on average",
        each(bytes.samples),
        each(bytes.pieces),
        each(bytes.identity),
        each(bytes.addresses),
        each(bytes.postings),
        each(bytes.order),
        each(bytes.room),
        full.text / MEASURED,
    );
}

/// Prints the articles, one a line, for the peers (`peers/run.py`).
fn print() {
    let count = std::env::args().find_map(|argument| argument.parse().ok());
    for made in Stream::default().take(count.unwrap_or(0)) {
        println!("{}\t{}", made.title, made.text.replace('\n', "\\n"));
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "print") {
        return print();
    }
    let windows: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    println!(
        "| window | articles a CPU-second, filling | full | µs an article | slowest, how many above 1 ms | bytes an \
         article, resident | counted | copies |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for &window in if windows.is_empty() {
        &[10_000, 100_000][..]
    } else {
        &windows
    } {
        measure(window);
    }
}
