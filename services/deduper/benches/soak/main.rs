//! A long stream through the stage, killed in the middle: `cargo bench -p deduper --bench soak -- [ARTICLES [WINDOW]]`.
//!
//! The stream of the other benchmark goes through the stage in batches; what each batch is to be remembered by is
//! written to a file in one synced write, as a commit writes it to the memory topic, and in the same bytes. A run in
//! one go is compared with one that is killed (SIGKILL) in the middle and goes on from its file: every article must be
//! in the same cluster, and the records must be the same.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod file;
#[path = "../dedup/stream.rs"]
mod stream;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use ::stage::Stage;
use deduper::deduper::{Config, Deduper};
use file::MemoryFile;
use schemas::article::{Article, Block, BlockKind, FoundTime, Trace};
use schemas::hop::Cleaned;
use schemas::time::Timestamp;
use stream::{Made, Stream};

const BATCH: usize = 200;
/// Milliseconds from one article to the next.
const TICK_MS: i64 = 20;
const START_MS: i64 = 1_780_000_000_000;
/// Lines of progress that a run prints.
const LINES: usize = 20;

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let articles = numbers.first().copied().unwrap_or(1_000_000);
    let window = numbers.get(1).copied().unwrap_or(articles / 2);
    match std::env::args().skip_while(|argument| argument != "work").nth(1) {
        Some(path) => work(Path::new(&path), articles, window),
        None => soak(articles, window),
    }
}

fn soak(articles: usize, window: usize) {
    let folder = std::env::temp_dir().join(format!("deduper-soak-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [whole, torn] = ["whole", "torn"].map(|name| folder.join(name));
    println!("{articles} articles, window {window}, in one go");
    follow(start(&whole, articles, window), None);
    println!("the same, killed in the middle");
    follow(start(&torn, articles, window), Some(LINES / 2));
    follow(start(&torn, articles, window), None);
    let same = std::fs::read(&whole).unwrap() == std::fs::read(&torn).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(same, "the run that was killed remembers something else");
    println!("both remember the same, byte for byte");
}

fn start(path: &Path, articles: usize, window: usize) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .arg(articles.to_string())
        .arg(window.to_string())
        .arg("work")
        .arg(path);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// Prints what the child prints, and kills it after so many lines.
fn follow(mut child: Child, lines: Option<usize>) {
    let output = BufReader::new(child.stdout.take().unwrap());
    for (at, line) in output.lines().enumerate() {
        println!("{}", line.unwrap());
        if lines == Some(at) {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(status.success() != lines.is_some(), "{status}");
}

fn work(path: &Path, articles: usize, window: usize) {
    let mut deduper = Deduper::new(Config {
        window_ms: window as i64 * TICK_MS,
        ..Config::default()
    });
    let started = Instant::now();
    let (mut file, recalled) = MemoryFile::open(path, |change| Stage::apply(&mut deduper, change));
    if 0 < recalled.records {
        let (seconds, held) = (started.elapsed().as_secs_f64(), deduper.len());
        let records = recalled.records;
        println!("| recalled {held} articles from {records} records in {seconds:.1} s | | |");
    } else {
        println!("| articles | held | MB resident |\n| --- | --- | --- |");
    }
    let mut stream = Stream::default()
        .skip(recalled.articles)
        .take(articles - recalled.articles)
        .peekable();
    let mut at = recalled.articles;
    while stream.peek().is_some() {
        let part: Vec<Made> = stream.by_ref().take(BATCH).collect();
        let mut changes = Vec::with_capacity(2 * BATCH);
        for made in part {
            let now = Timestamp::from_millis(START_MS + at as i64 * TICK_MS);
            at += 1;
            let decided = Stage::decide(&deduper, cleaned(made, now), now).memory;
            decided.iter().for_each(|change| Stage::apply(&mut deduper, change));
            changes.extend(decided);
            while let Some(due) = Stage::due(&deduper, now) {
                due.memory.iter().for_each(|change| Stage::apply(&mut deduper, change));
                changes.extend(due.memory);
            }
        }
        file.commit(at, &changes);
        if at % (articles / LINES).max(1) < BATCH {
            println!("| {at} | {} | {} |", deduper.len(), resident_megabytes());
        }
    }
}

fn cleaned(made: Made, now: Timestamp) -> Cleaned {
    let block = |text: &str| Block {
        kind: BlockKind::Paragraph,
        text: text.to_owned(),
    };
    Cleaned {
        trace: Trace {
            fetch_id: made.fetch_id.as_str().into(),
            source_id: made.source.as_str().into(),
            ..Trace::default()
        },
        article: Article {
            id: made.id.as_str().into(),
            canonical_url: made.url,
            title: made.title,
            blocks: made.text.split("\n\n").map(block).collect(),
            published_at: Some(FoundTime {
                at: now,
                date_only: false,
                found_in: "json_ld".to_owned(),
                text: "00:00Z".to_owned(),
                offset_minutes: None,
            }),
            ..Article::default()
        },
    }
}

/// Memory that this process holds, where the system tells.
fn resident_megabytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096 / 1_000_000
}
