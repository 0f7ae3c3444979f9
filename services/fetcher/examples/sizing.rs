//! The sizing case: 180,000 feeds with 50 remembered entries each, 14,000 of the feeds on one host. Prints what the
//! state costs in memory and what a look for the next request costs in time. Linux only.

use std::collections::BTreeSet;
use std::time::Instant;

use fetcher::exchange::{Answer, Response};
use fetcher::machine::{Fetcher, Next};
use fetcher::settings::Settings;
use schemas::memory::fetcher::{FeedState, FetcherMemory, SeenEntry};
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;

const FEEDS: usize = 180_000;
const ON_ONE_HOST: usize = 14_000;
const SEEN: usize = 50;
const REQUESTS: u32 = 20_000;

fn main() {
    let now = Timestamp::from_seconds(1_795_000_000);
    let before = resident_kib();
    let mut fetcher = Fetcher::new(Settings::default(), now);
    let filled = Instant::now();
    for number in 0..FEEDS {
        fill(&mut fetcher, number, now);
    }
    println!("recall {:.1} s", filled.elapsed().as_secs_f64());
    println!("memory {} MiB", (resident_kib() - before) / 1_024);

    let later = now.plus_millis(3_600_000);
    let polled = Instant::now();
    let busy = BTreeSet::new();
    for step in 0..REQUESTS {
        let at = later.plus_millis(i64::from(step));
        let Next::Request(request) = fetcher.next(at, &busy) else {
            println!("nothing to do after {step} requests");
            break;
        };
        let not_modified = Answer::Response(Response {
            status: 304,
            ..Response::default()
        });
        for change in fetcher.answer(&request, not_modified, at).decision.memory {
            fetcher.apply(&change);
        }
    }
    println!(
        "request and answer {:.1} us",
        polled.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS)
    );
    let looked = Instant::now();
    let mut waits = 0_u32;
    for _ in 0..REQUESTS {
        waits += u32::from(matches!(fetcher.next(now, &busy), Next::Wait(_)));
    }
    println!(
        "idle look {:.2} us ({waits} waits)",
        looked.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS)
    );
}

fn fill(fetcher: &mut Fetcher, number: usize, now: Timestamp) {
    let host = match number {
        0..ON_ONE_HOST => "big.example".to_owned(),
        _ => format!("host{}.example", number / 3),
    };
    let source = Source::of_url(&format!("https://{host}/section/{number}/feed.xml"));
    fetcher.apply(&FetcherMemory::Feed(FeedState {
        source_id: source.id.clone(),
        url: source.url.clone(),
        next_poll_at: now.plus_millis(i64::try_from(number % 3_600_000).unwrap_or(0)),
        etag: Some(format!("\"{number}-5f3a9c\"")),
        last_modified: Some("Sun, 22 Nov 2026 10:00:00 GMT".to_owned()),
        last_success_at: Some(now),
        ..FeedState::default()
    }));
    for entry in 0..SEEN {
        fetcher.apply(&FetcherMemory::Seen(SeenEntry {
            source_id: source.id.clone(),
            entry: format!("{:016x}", (number * SEEN + entry).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            fingerprint: format!("{entry:016x}"),
            last_seen_at: now,
            changes: 0,
        }));
    }
    fetcher.apply_source(&SourceChange::Set(source));
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
