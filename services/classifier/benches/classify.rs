//! Articles per second of processor time on one core: `cargo bench -p classifier`.
//!
//! Reads `seeds/topics/topics.model`; the articles are made of our own sentences and have 1.7 KB each. Other programs may
//! run beside a benchmark, so processor time is counted, and the best of five runs. Says memory and allocations, too.

use classifier::classifier::Classifier;
use classifier::corpus::examples;
use classifier::model::filed::Filed;
use classifier::model::{Article, Filing, file};
use classifier::sections::Sections;
use classifier::taxonomy::Taxonomy;
use classifier::tokenize::{WORDS, features};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const ARTICLE_BYTES: usize = 1_700;
const ARTICLES: usize = 2_000;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

#[expect(
    unsafe_code,
    reason = "an allocator can only be wrapped by unsafe functions; each hands on what it is given"
)]
// SAFETY: every method does what the system's allocator does, and counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps to the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps to the contract of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/topics/topics.model");
    let (Ok(bytes), Ok(examples)) = (std::fs::read(path), examples()) else {
        println!("skipped: {path} cannot be read");
        return;
    };
    let before = resident("VmRSS");
    let started = Instant::now();
    let Some(classifier) = classifier(&bytes) else {
        println!("skipped: {path} is no model");
        return;
    };
    println!(
        "load                         {:>10.1} ms",
        started.elapsed().as_secs_f64() * 1e3
    );
    println!("model                        {:>10.1} MB", bytes.len() as f64 / 1e6);
    println!(
        "memory of the loaded model   {:>10.1} MB",
        (resident("VmRSS") - before) / 1e3
    );
    for language in ["en", "de"] {
        let sentences: Vec<&str> = examples
            .iter()
            .filter(|example| example.language == language)
            .map(|example| example.text.as_str())
            .collect();
        if !sentences.is_empty() {
            run(&classifier, language, &sentences);
        }
    }
    println!("peak memory                  {:>10.1} MB", resident("VmHWM") / 1e3);
}

fn classifier(bytes: &[u8]) -> Option<Classifier> {
    let taxonomy = Taxonomy::media_topics().ok()?;
    let model = Filed::new(file::read(bytes).ok()?, Sections::known(&taxonomy).ok()?);
    Some(Classifier::new(Arc::new(model), Arc::new(taxonomy)))
}

fn run(classifier: &Classifier, tag: &str, sentences: &[&str]) {
    let articles: Vec<String> = (0..ARTICLES)
        .map(|first| article(sentences, first, ARTICLE_BYTES))
        .collect();
    let tags = ["Bridges".to_owned(), "Council".to_owned()];
    let filing = Filing {
        section: Some("Local politics"),
        tags: &tags,
        categories: &[],
        url: "https://paper.example/news/local/council-closes-the-old-bridge.html",
    };
    for (name, language, filing) in [
        ("language given", Some(tag), Filing::default()),
        ("language identified", None, Filing::default()),
        ("and filed in a section", None, filing),
    ] {
        measure(&format!("{tag}: {name}"), &articles, |text| {
            let article = Article {
                language,
                title: "Council closes the old bridge",
                text,
                filing,
            };
            black_box(classifier.topics(&article));
        });
    }
    measure(&format!("{tag}: identification alone"), &articles, |text| {
        black_box(classifier.language("", text));
    });
    allocations(classifier, tag, sentences);
}

/// What a longer article allocates more than a short one, by token: its table of features is larger, not more.
fn allocations(classifier: &Classifier, tag: &str, sentences: &[&str]) {
    let count = |bytes: usize| {
        let text = article(sentences, 1, bytes);
        let article = Article {
            text: &text,
            ..Article::default()
        };
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        black_box(classifier.topics(&article));
        let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
        let mut tokens = 0_u64;
        features(&text, WORDS, usize::MAX, |_| tokens += 1);
        (allocations, tokens)
    };
    let (short, long) = (count(ARTICLE_BYTES / 4), count(ARTICLE_BYTES * 2));
    println!(
        "{tag}: allocations           {:>10} an article of {} features, {} one of {}",
        short.0, short.1, long.0, long.1
    );
}

/// Sentences in an order of each article's own until it is long enough.
fn article(sentences: &[&str], first: usize, bytes: usize) -> String {
    let mut text = String::new();
    let mut at = first;
    while text.len() < bytes {
        at += 7;
        text.push_str(sentences.get(at % sentences.len()).copied().unwrap_or("."));
        text.push(' ');
    }
    text.truncate(text.floor_char_boundary(bytes));
    text
}

/// Over all articles again and again until the clock, which may tick in steps of hundredths, has something to say.
fn measure(name: &str, articles: &[String], mut run: impl FnMut(&str)) {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let started = processor_seconds();
        let (mut passes, mut seconds) = (0.0, 0.0);
        while seconds < 0.5 {
            articles.iter().for_each(|text| run(text));
            passes += 1.0;
            seconds = processor_seconds() - started;
            if seconds <= 0.0 && 100.0 < passes {
                println!("{name:28} no processor time can be read here");
                return;
            }
        }
        best = best.min(seconds / passes);
    }
    println!("{name:28} {:>10.0} articles/CPU s", articles.len() as f64 / best);
}

/// Seconds that this thread has run on a processor (the first field of schedstat, in nanoseconds).
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|field| field.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}

/// A field of the process's status, in kilobytes.
fn resident(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    value.and_then(|value| value.parse().ok()).unwrap_or_default()
}
