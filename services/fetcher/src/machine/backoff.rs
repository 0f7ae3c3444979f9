//! How long to wait: after failures, at a server's request, between polls.

use schemas::time::Timestamp;

use crate::date;
use crate::exchange::Response;
use crate::stable_hash::stable_hash;

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// `base` times `factor` to the power of `steps`, at most `cap`; all in milliseconds.
pub(super) fn growing(base: i64, factor: i64, steps: u32, cap: i64) -> i64 {
    let mut wait = base;
    for _ in 0..steps {
        if cap <= wait {
            break;
        }
        wait = wait.saturating_mul(factor);
    }
    wait.min(cap)
}

/// `wait` moved by up to a tenth either way. What waits on different names then does not wake together, and the same
/// name at the same time always waits the same.
pub(super) fn jittered(wait: i64, name: &str, now: Timestamp) -> i64 {
    let spread = wait / 10;
    if spread == 0 {
        return wait;
    }
    let hash = stable_hash(&[name.as_bytes(), &now.as_millis().to_be_bytes()]);
    let width = u64::try_from(2 * spread + 1).unwrap_or(1);
    wait - spread + i64::try_from(hash % width).unwrap_or(0)
}

/// How long the response asks us to stay away, in milliseconds, at most `cap` (RFC 9110, section 10.2.3: seconds or
/// a date).
pub(super) fn retry_after(response: &Response, now: Timestamp, cap: i64) -> Option<i64> {
    let text = response.header("retry-after")?;
    let wait = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * SECOND,
        Err(_) => date::parse(text)?.millis_since(now),
    };
    Some(wait.clamp(0, cap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_up_to_the_cap() {
        assert_eq!(growing(1, 2, 0, 100), 1);
        assert_eq!(growing(1, 2, 3, 100), 8);
        assert_eq!(growing(1, 2, u32::MAX, 100), 100);
        assert_eq!(growing(500, 2, 0, 100), 100);
    }

    #[test]
    fn jitter_stays_within_a_tenth() {
        for name in ["a", "b", "c", "d"] {
            let wait = jittered(1_000, name, Timestamp::from_seconds(7));
            assert!((900..=1_100).contains(&wait), "{wait}");
        }
        assert_eq!(jittered(5, "a", Timestamp::default()), 5);
    }

    #[test]
    fn reads_seconds_and_dates() {
        let now = Timestamp::from_seconds(784_111_777);
        let check = |text: &str, expected: Option<i64>| {
            let response = Response {
                headers: vec![("Retry-After".to_owned(), text.to_owned())],
                ..Response::default()
            };
            assert_eq!(retry_after(&response, now, DAY), expected, "{text}");
        };
        check("120", Some(120 * SECOND));
        check("999999999", Some(DAY));
        check("-5", None);
        check("Sun, 06 Nov 1994 08:50:37 GMT", Some(MINUTE));
        check("Sunday, 06-Nov-94 08:50:37 GMT", Some(MINUTE));
        check("Sun Nov  6 08:50:37 1994", Some(MINUTE));
        check("Sun, 06 Nov 1994 00:00:00 GMT", Some(0));
        check("soon", None);
    }
}
