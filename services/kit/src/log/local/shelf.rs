//! A shelf: the keyspace that holds the records of one retention class and day.
//!
//! The store can't delete a range of keys, so what expires together lies together and is dropped whole. A day with
//! very much traffic gets several shelves, so that the size limit need not wait for midnight.

use schemas::time::Timestamp;
use schemas::topic::{Retention, Topic};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// How long records are kept, and whether they may go earlier when room is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// Days that records are kept.
    pub days: u32,
    /// True for records on their way between stages: once all groups have read them they may go early.
    pub is_hop: bool,
}

impl Class {
    /// The class of `topic`; `None` for a compacted one.
    pub(super) fn of(topic: Topic) -> Option<Self> {
        let is_hop = matches!(
            topic,
            Topic::Frontier | Topic::Fetched | Topic::Cleaned | Topic::Deduplicated | Topic::Classified
        );
        match topic.retention() {
            Retention::Days(days) => Some(Self { days, is_hop }),
            Retention::Compacted => None,
        }
    }
}

/// Which shelf; ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shelf {
    /// The day its records were written, counted from 1970-01-01.
    pub day: i64,
    /// Which of the day's shelves, from 0.
    pub sequence: u32,
    /// What lies in it.
    pub class: Class,
}

/// The day of `now`, counted from 1970-01-01.
pub(super) fn day(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(DAY_MILLIS)
}

impl Shelf {
    /// The name of its keyspace, such as `hop-7-20779-0`.
    pub(super) fn name(self) -> String {
        let kind = if self.class.is_hop { "hop" } else { "keep" };
        format!("{kind}-{}-{}-{}", self.class.days, self.day, self.sequence)
    }

    /// The shelf of this name, if it is one.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let (kind, rest) = name.split_once('-')?;
        let is_hop = match kind {
            "hop" => true,
            "keep" => false,
            _ => return None,
        };
        let (days, rest) = rest.split_once('-')?;
        // The last hyphen, because a day before 1970 has one of its own.
        let (day, sequence) = rest.rsplit_once('-')?;
        let class = Class {
            days: days.parse().ok()?,
            is_hop,
        };
        Some(Self {
            day: day.parse().ok()?,
            sequence: sequence.parse().ok()?,
            class,
        })
    }

    /// True when its youngest record is older than its class is kept.
    pub(super) fn has_expired(self, now: Timestamp) -> bool {
        let last_kept_day = self.day + 1 + i64::from(self.class.days);
        last_kept_day * DAY_MILLIS <= now.as_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_shelf() {
        for (day, is_hop) in [(20_779, true), (0, false), (-3, true)] {
            let shelf = Shelf {
                day,
                sequence: 4,
                class: Class { days: 14, is_hop },
            };
            assert_eq!(Shelf::of_name(&shelf.name()), Some(shelf));
        }
        for name in ["meta", "compacted", "hop-1-2", "hop-x-1-1"] {
            assert_eq!(Shelf::of_name(name), None, "{name}");
        }
    }

    #[test]
    fn expires_when_its_last_record_does() {
        let shelf = Shelf {
            day: 100,
            sequence: 0,
            class: Class { days: 7, is_hop: true },
        };
        assert!(!shelf.has_expired(Timestamp::from_millis(108 * DAY_MILLIS - 1)));
        assert!(shelf.has_expired(Timestamp::from_millis(108 * DAY_MILLIS)));
    }
}
