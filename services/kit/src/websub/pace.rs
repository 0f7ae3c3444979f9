//! How much may come to one callback: a hub knows the paths of its own subscriptions, and may be anybody that a feed
//! names.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use fetcher::websub::keys::Callback;
use schemas::time::Timestamp;

/// Bytes that may come at once.
const BURST_BYTES: i64 = 32 * 1024 * 1024;

/// Bytes per second that may come for ever.
const BYTES_PER_SECOND: i64 = 64 * 1024;

/// What the smallest request counts, in bytes: four a second may come for ever, two thousand at once.
const REQUEST_BYTES: i64 = 16 * 1024;

/// Callbacks whose account is kept, before those are dropped that are as good as new.
const ACCOUNTS_MAX: usize = 1_000;

/// Bytes that were set aside for a request, of which what did not come is given back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reserved(i64);

/// What may still come to a callback. It falls below zero by one request for each that comes at the same time.
#[derive(Debug, Clone, Copy)]
struct Account {
    bytes: i64,
    at: Timestamp,
}

impl Account {
    fn at(self, now: Timestamp) -> Self {
        // A clock that was set back begins anew from there.
        let millis = now.millis_since(self.at).max(0);
        let earned = millis.saturating_mul(BYTES_PER_SECOND) / 1_000;
        Self {
            bytes: self.bytes.saturating_add(earned).min(BURST_BYTES),
            at: now,
        }
    }
}

/// The accounts of the callbacks that were asked here; each instance keeps its own.
#[derive(Debug, Default)]
pub(super) struct Pace {
    accounts: Mutex<BTreeMap<Callback, Account>>,
}

impl Pace {
    /// Sets aside `bytes` for a request to `callback`.
    ///
    /// # Errors
    /// With the seconds to wait, when too much came already.
    pub(super) fn reserve(&self, callback: &Callback, bytes: usize, now: Timestamp) -> Result<Reserved, i64> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if ACCOUNTS_MAX <= accounts.len() {
            accounts.retain(|_, account| account.at(now).bytes < BURST_BYTES);
        }
        let new = Account {
            bytes: BURST_BYTES,
            at: now,
        };
        let account = accounts.entry(callback.clone()).or_insert(new);
        *account = account.at(now);
        if account.bytes <= 0 {
            return Err(1 - account.bytes / BYTES_PER_SECOND);
        }
        let bytes = cost(bytes);
        account.bytes -= bytes;
        Ok(Reserved(bytes))
    }

    /// Gives back what was set aside for a request of which only `bytes` came.
    pub(super) fn settle(&self, callback: &Callback, reserved: &Reserved, bytes: usize) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get_mut(callback) {
            account.bytes += (reserved.0 - cost(bytes)).max(0);
        }
    }
}

fn cost(bytes: usize) -> i64 {
    i64::try_from(bytes)
        .unwrap_or(i64::MAX)
        .clamp(REQUEST_BYTES, BURST_BYTES)
}

#[cfg(test)]
mod tests {
    use fetcher::websub::keys::Keys;
    use schemas::id::SourceId;

    use super::*;

    const MEBIBYTE: usize = 1024 * 1024;

    fn callback(source: &str) -> Callback {
        let keys = Keys::new("a secret of the operator");
        let path = keys.path(&SourceId::from(source), "https://example.org/feed");
        keys.open(&path).unwrap()
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000 + second)
    }

    /// Requests of so many bytes that one callback may send at the time.
    fn sent(pace: &Pace, source: &str, bytes: usize, now: Timestamp) -> usize {
        let may = |_: &usize| pace.reserve(&callback(source), bytes, now).is_ok();
        (0..10_000).take_while(may).count()
    }

    #[test]
    fn a_burst_may_come_and_then_a_steady_stream() {
        for (bytes, burst, in_an_hour) in [(0, 2_048, 2_048), (5 * MEBIBYTE, 7, 7), (100 * MEBIBYTE, 1, 1)] {
            let pace = Pace::default();
            assert_eq!(sent(&pace, "one", bytes, second(0)), burst, "{bytes}");
            assert_eq!(sent(&pace, "one", bytes, second(3_600)), in_an_hour, "{bytes}");
        }
        let pace = Pace::default();
        sent(&pace, "one", 0, second(0));
        assert_eq!(sent(&pace, "one", 0, second(10)), 40);
    }

    #[test]
    fn who_must_wait_is_told_how_long_and_may_come_then() {
        let pace = Pace::default();
        sent(&pace, "one", 5 * MEBIBYTE, second(0));
        let wait = pace.reserve(&callback("one"), 0, second(0)).unwrap_err();
        assert_eq!(wait, 49, "3 MiB too much came");
        assert!(pace.reserve(&callback("one"), 0, second(wait - 2)).is_err());
        assert!(pace.reserve(&callback("one"), 0, second(wait)).is_ok());
    }

    #[test]
    fn one_callback_costs_another_nothing() {
        let pace = Pace::default();
        sent(&pace, "one", 5 * MEBIBYTE, second(0));
        assert_eq!(sent(&pace, "two", 5 * MEBIBYTE, second(0)), 7);
    }

    #[test]
    fn what_did_not_come_is_given_back() {
        let pace = Pace::default();
        for _ in 0..1_000 {
            let reserved = pace.reserve(&callback("one"), 5 * MEBIBYTE, second(0)).unwrap();
            pace.settle(&callback("one"), &reserved, 100);
        }
        assert_eq!(sent(&pace, "one", 0, second(0)), 1_048);
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody_for_long() {
        let pace = Pace::default();
        sent(&pace, "one", 0, second(1_000_000));
        assert!(pace.reserve(&callback("one"), 0, second(0)).is_err());
        assert!(pace.reserve(&callback("one"), 0, second(1)).is_ok());
    }

    #[test]
    fn accounts_that_are_as_good_as_new_are_dropped() {
        let pace = Pace::default();
        for number in 0..3 * ACCOUNTS_MAX {
            let at = second(i64::try_from(number).unwrap());
            pace.reserve(&callback(&number.to_string()), 0, at).unwrap();
        }
        assert!(pace.accounts.lock().unwrap().len() <= ACCOUNTS_MAX);
    }
}
