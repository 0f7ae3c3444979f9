//! Pages a second on one core: `cargo bench -p cleaner --bench clean [-- FILE.jsonl...]`.
//!
//! The pages are made by code: 174 KB on average, from 30 KB to 1 MB, with the scripts, menus and teasers of real ones.
//! Files of JSON lines `{"html": ..., "url": ...}` are measured instead when they are named, so that everyone can have
//! the figure of his own pages. Other programs may run beside a benchmark, so throughput counts processor time, and the
//! time of a page is the shortest of five.

use std::hint::black_box;
use std::io::BufRead as _;
use std::time::{Duration, Instant};

use cleaner::extracted::{Extracted, Known};
use cleaner::{html, text};
use pages::{Dice, hostile, nested, page};
use schemas::fate::FilterReason;

mod pages;

/// Kilobytes of the pages made: 174 on average.
const KILOBYTES: [usize; 20] = [
    30, 45, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 185, 200, 225, 260, 375, 780,
];
const PAGES: usize = 300;
const TIMES: usize = 5;
/// Pages held at one time, so that memory is what the cleaner needs.
const BATCH: usize = 10;

/// What was measured so far.
#[derive(Default)]
struct Measured {
    bytes: usize,
    stories: usize,
    cpu: u64,
    /// The same for the parser alone, on the whole page: what any extractor spends that parses first.
    parser_cpu: u64,
    fastest: Vec<Duration>,
}

impl Measured {
    fn batch(&mut self, batch: &[(String, Option<String>)]) {
        let known = Known::default();
        let started = cpu_nanoseconds();
        for (page, url) in batch {
            let mut fastest = Duration::MAX;
            let mut is_story = false;
            for _ in 0..TIMES {
                let begin = Instant::now();
                is_story = black_box(html::extract(black_box(page), url.as_deref(), &known)).is_ok();
                fastest = fastest.min(begin.elapsed());
            }
            self.bytes += page.len();
            self.stories += usize::from(is_story);
            self.fastest.push(fastest);
        }
        let ended = cpu_nanoseconds();
        self.cpu += ended.saturating_sub(started);
        for _ in 0..TIMES {
            for (page, _) in batch {
                black_box(scraper::Html::parse_document(black_box(page)));
            }
        }
        self.parser_cpu += cpu_nanoseconds().saturating_sub(ended);
    }

    fn report(mut self) {
        self.fastest.sort_unstable();
        let pages = self.fastest.len();
        if pages == 0 {
            println!("no pages");
            return;
        }
        let part = |share: f64| {
            let at = ((pages as f64 * share) as usize).min(pages - 1);
            self.fastest.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        let rate = |cpu: u64| (pages * TIMES) as f64 * 1e9 / cpu.max(1) as f64;
        println!(
            "{pages} pages, {} of them stories, {:.0} KB on average\n{:.0} pages per second of a processor; scraper's \
             parser alone {:.0}\n{:.2} ms a page in the middle, {:.2} ms for 99 of 100, {:.2} ms at most",
            self.stories,
            self.bytes as f64 / pages as f64 / 1e3,
            rate(self.cpu),
            rate(self.parser_cpu),
            part(0.5),
            part(0.99),
            part(1.0)
        );
    }
}

fn main() {
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let mut measured = Measured::default();
    if files.is_empty() {
        let mut dice = Dice(0x5eed_1234_5678_9abc);
        for start in (0..PAGES).step_by(BATCH) {
            let sizes = (start..start + BATCH).map(|at| 1000 * KILOBYTES[at * 7 % KILOBYTES.len()]);
            let batch: Vec<_> = sizes.map(|bytes| (page(&mut dice, bytes), None)).collect();
            measured.batch(&batch);
        }
    }
    for file in &files {
        if let Err(error) = read(file, &mut measured) {
            println!("{file}: {error}");
        }
    }
    measured.report();
    if let Some(peak) = peak_megabytes() {
        println!("{peak:.1} MB of memory at most, {BATCH} pages included");
    }
    if files.is_empty() {
        depth();
        attacks();
    }
}

fn read(file: &str, measured: &mut Measured) -> Result<(), Box<dyn std::error::Error>> {
    let mut batch = Vec::new();
    for line in std::io::BufReader::new(std::fs::File::open(file)?).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| row[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        batch.push((field("html").unwrap_or_default(), field("url")));
        if batch.len() == BATCH {
            measured.batch(&std::mem::take(&mut batch));
        }
    }
    measured.batch(&batch);
    Ok(())
}

/// A way into the cleaner.
type Reader = fn(&str, Option<&str>, &Known) -> Result<Extracted, FilterReason>;

/// What strangers send comes in by all of these.
const READERS: [(&str, Reader); 3] = [
    ("a page", html::extract),
    ("a feed's content", html::extract_fragment),
    ("plain text", text::extract),
];

/// The shortest of five.
fn fastest(read: Reader, document: &str) -> Duration {
    let times = (0..TIMES).map(|_| {
        let begin = Instant::now();
        let _ = black_box(read(black_box(document), None, &Known::default()));
        begin.elapsed()
    });
    times.min().unwrap_or_default()
}

/// The same text nested ten times as deep.
fn depth() {
    let [flat, deep] = [20, 200].map(|depth| {
        let page = nested(&mut Dice(0x5eed_1234_5678_9abc), depth);
        fastest(html::extract, &page).as_secs_f64()
    });
    println!("{:.2} times the time for ten times the depth", deep / flat);
}

/// What documents cost that want to cost much, at one, two and four sizes, by every way in.
fn attacks() {
    println!("\nmilliseconds for hostile documents of one, two and four megabytes");
    let heads: Vec<String> = READERS.iter().map(|(name, _)| format!("{name:>26}")).collect();
    println!("{:<24}{}", "taken for", heads.concat());
    let all = [1, 2, 4].map(hostile);
    for (at, (name, _)) in all[0].iter().enumerate() {
        let milliseconds = |read: Reader| {
            let times = all.iter().map(|scale| fastest(read, &scale[at].1).as_secs_f64() * 1e3);
            let row: Vec<String> = times.map(|time| format!("{time:>8.1}")).collect();
            format!("  {}", row.concat())
        };
        let row: Vec<String> = READERS.iter().map(|(_, read)| milliseconds(*read)).collect();
        println!("{name:<24}{}", row.concat());
    }
}

/// Nanoseconds that this process spent on a processor, where the system tells; else of the clock.
fn cpu_nanoseconds() -> u64 {
    static STARTED: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    told.and_then(|told| told.split_whitespace().next()?.parse().ok())
        .unwrap_or_else(|| STARTED.elapsed().as_nanos() as u64)
}

/// The most memory that this process has held, where the system tells.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
