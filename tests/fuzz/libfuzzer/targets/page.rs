//! libFuzzer on [`fuzz::page`], and no page may take long.
#![no_main]

/// Processor time of one check, in nanoseconds: 100 ms a page, three readings, and four times slower by the sanitizer.
const MAX_NANOSECONDS: u64 = 100_000_000 * 3 * 4;

/// Processor time that this thread has used, in nanoseconds; none where the system does not tell.
fn used() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let before = used();
    fuzz::page::check(data);
    if let (Some(before), Some(after)) = (before, used()) {
        assert!(after - before <= MAX_NANOSECONDS, "{} ms for one page", (after - before) / 1_000_000);
    }
});
