//! The sizing case: 180,000 feeds, 14,000 of them on one host, with 30 remembered entries each (another number as the
//! first argument). Prints what the state costs in memory and to recall, and what an hour in which no feed has
//! anything new costs of one core. Times are of the processor, so that other load does not count. Linux only.

use std::collections::{BTreeMap, BTreeSet};

use fetcher::exchange::{Answer, Request, Response};
use fetcher::machine::{Fetcher, Next, Step};
use fetcher::settings::Settings;
use schemas::memory::fetcher::{FeedState, FetcherMemory, HostState, SeenEntry};
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;

const FEEDS: usize = 180_000;
const ON_ONE_HOST: usize = 14_000;
const LOOKS: u32 = 100_000;
const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// The time between a request and its answer.
const LATENCY_MILLIS: i64 = 500;

fn main() {
    let seen = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let seen: usize = seen.unwrap_or(30);
    let now = Timestamp::from_seconds(1_795_000_000);
    let empty = resident_bytes();
    let before = processor_seconds();
    let mut fetcher = Fetcher::new(Settings::default(), now);
    for number in 0..FEEDS {
        recall(&mut fetcher, number, seen, now);
    }
    println!("recall of {FEEDS} feeds with {seen} entries each");
    println!("  processor {:.1} s", processor_seconds() - before);
    report_memory(empty);

    let before = processor_seconds();
    let hour = Hour::of(&mut fetcher, now);
    let seconds = processor_seconds() - before;
    let (polls, looks) = (hour.polls, hour.looks_in_vain);
    println!("an hour without news: {polls} polls, {looks} looks in vain");
    println!("  processor {seconds:.2} s, {:.3} % of a core", seconds / 36.0);
    println!("  a poll {:.1} us", seconds * 1e6 / f64::from(polls.max(1)));
    report_memory(empty);

    let before = processor_seconds();
    let end = now.plus_millis(HOUR_MILLIS);
    for _ in 0..LOOKS {
        std::hint::black_box(fetcher.next(end, &BTreeSet::new()));
    }
    let seconds = processor_seconds() - before;
    println!("a look {:.2} us", seconds * 1e6 / f64::from(LOOKS));
}

/// What an hour was made of.
#[derive(Default)]
struct Hour {
    polls: u32,
    /// Looks that found nothing to do before a later time: as often does the host wake up.
    looks_in_vain: u32,
    /// Requests under way by the time of their answer.
    under_way: BTreeMap<(Timestamp, u32), Request>,
    busy: BTreeSet<String>,
}

impl Hour {
    /// Polls what is due for an hour; every answer is that nothing changed.
    fn of(fetcher: &mut Fetcher, start: Timestamp) -> Self {
        let end = start.plus_millis(HOUR_MILLIS);
        let mut hour = Self::default();
        let mut now = start;
        while now < end {
            hour.take_answers(fetcher, now);
            while let Some(step) = fetcher.due(now) {
                apply(fetcher, &step);
            }
            match fetcher.next(now, &hour.busy) {
                Next::Request(request) => hour.ask(*request, now),
                Next::Decided(step) => apply(fetcher, &step),
                Next::Wait(until) => {
                    hour.looks_in_vain += 1;
                    let answer = hour.under_way.keys().next().map(|(at, _)| *at);
                    now = until.into_iter().chain(answer).min().unwrap_or(end);
                }
            }
        }
        hour
    }

    fn ask(&mut self, request: Request, now: Timestamp) {
        self.polls += 1;
        self.busy.insert(request.host.clone());
        self.under_way
            .insert((now.plus_millis(LATENCY_MILLIS), self.polls), request);
    }

    fn take_answers(&mut self, fetcher: &mut Fetcher, now: Timestamp) {
        while let Some(first) = self.under_way.first_entry().filter(|first| first.key().0 <= now) {
            let request = first.remove();
            let not_modified = Answer::Response(Response {
                status: 304,
                ..Response::default()
            });
            let step = fetcher.answer(&request, not_modified, now);
            apply(fetcher, &step);
            self.busy.remove(&request.host);
        }
    }
}

fn apply(fetcher: &mut Fetcher, step: &Step) {
    for change in &step.decision.memory {
        fetcher.apply(change);
    }
}

/// Recalls one feed that was polled at some time in the last four hours and has shown nothing new for three days.
fn recall(fetcher: &mut Fetcher, number: usize, seen: usize, now: Timestamp) {
    let host = match number {
        0..ON_ONE_HOST => "big.example".to_owned(),
        _ => format!("host{}.example", number / 3),
    };
    let source = Source::of_url(&format!("https://{host}/section/{number}/feed.xml"));
    let wait = i64::try_from(number * 7_919 % 14_400).unwrap_or(0) * 1_000;
    let polled_at = now.plus_millis(wait - 4 * HOUR_MILLIS);
    fetcher.apply(&FetcherMemory::Feed(FeedState {
        source_id: source.id.clone(),
        url: source.url.clone(),
        next_poll_at: now.plus_millis(wait),
        etag: Some(format!("\"{number}-5f3a9c\"")),
        last_modified: Some("Thu, 19 Nov 2026 10:00:00 GMT".to_owned()),
        last_success_at: Some(polled_at),
        last_new_at: Some(now.plus_millis(-3 * DAY_MILLIS)),
        conditional_polls: u32::try_from(number % 20).unwrap_or(0),
        interval_seconds: 14_400,
        ..FeedState::default()
    }));
    fetcher.apply(&FetcherMemory::Host(HostState {
        host,
        next_request_at: polled_at,
        ..HostState::default()
    }));
    for entry in 0..seen {
        fetcher.apply(&FetcherMemory::Seen(SeenEntry {
            source_id: source.id.clone(),
            entry: format!("{:016x}", (number * seen + entry).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            fingerprint: format!("{entry:016x}"),
            last_seen_at: polled_at,
            changes: 0,
        }));
    }
    fetcher.apply_source(&SourceChange::Set(source));
}

fn report_memory(empty: u64) {
    let bytes = resident_bytes().saturating_sub(empty);
    let feeds = u64::try_from(FEEDS).unwrap_or(1);
    println!("  memory {} MiB, {} bytes a feed", bytes >> 20, bytes / feeds);
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0) * 1_024
}

/// The time that this process has spent on a processor.
fn processor_seconds() -> f64 {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = schedule.split_whitespace().next().map(str::parse);
    nanoseconds.and_then(Result::ok).unwrap_or(0.0) / 1e9
}
