//! Requests that were for nothing: their answers could not be committed, so they will be made again.
//!
//! Origins must not pay for a full disk of ours. While nothing that was fetched can be committed, each new start leaves
//! every host alone for longer.

use schemas::time::Timestamp;

/// The first pause, and the longest, in milliseconds.
const PAUSE_MILLIS: i64 = 1_000;
const PAUSE_MAX_MILLIS: i64 = 10 * 60 * 1_000;

/// Failed sessions in a row that had asked hosts and committed nothing that they answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Setbacks {
    in_a_row: u32,
    has_asked: bool,
}

impl Setbacks {
    /// A host is asked.
    pub(super) fn asked(&mut self) {
        self.has_asked = true;
    }

    /// Something that was fetched, or led to by that, is committed.
    pub(super) fn bore_fruit(&mut self) {
        *self = Self::default();
    }

    /// What is remembered of a session that failed.
    pub(super) fn failed(self) -> Self {
        Self {
            in_a_row: self.in_a_row.saturating_add(u32::from(self.has_asked)),
            has_asked: false,
        }
    }

    /// From when on hosts may be asked by machines that start at `now`.
    pub(super) fn start_at(self, now: Timestamp) -> Timestamp {
        match self.in_a_row.checked_sub(1) {
            None => now,
            Some(doublings) => now.plus_millis((PAUSE_MILLIS << doublings.min(20)).min(PAUSE_MAX_MILLIS)),
        }
    }
}
