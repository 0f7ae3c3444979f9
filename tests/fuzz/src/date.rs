//! Dates.

use fetcher::date::parse;
use schemas::time::Timestamp;

/// A date is read the same twice and whatever blanks are around it, and its RFC 3339 text reads back as the same time.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let time = parse(&text);
    assert_eq!(time, parse(&text), "two readings differ");
    assert_eq!(time, parse(&format!(" {}\n", text.trim())), "blanks around it count");
    let Some(time) = time else {
        return;
    };
    let (first, last) = (year(1), year(10_000));
    assert!(first <= time && time < last, "the year of {time} is no year");
    assert_eq!(
        parse(&time.to_string()),
        Some(time),
        "{time} from {text:?} does not read back"
    );
}

/// About the start of that year, a day early at most.
fn year(number: i64) -> Timestamp {
    Timestamp::from_seconds((number - 1970) * 31_556_952 - 86_400)
}
