//! The keys of the store. Numbers are big endian, so that the store's order is the numbers' order.

use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::record::take_array;
use super::topics;

/// A record: topic, partition, offset.
pub(super) fn record(topic: Topic, partition: u32, offset: u64) -> [u8; 14] {
    let mut key = [0; 14];
    key[..6].copy_from_slice(&place(topic, partition));
    key[6..].copy_from_slice(&offset.to_be_bytes());
    key
}

/// The offset in the key of a record.
pub(super) fn record_offset(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|offset| u64::from_be_bytes(*offset))
}

/// The offset of the last record of a message key in a compacted topic: topic, partition, message key.
pub(super) fn index(topic: Topic, partition: u32, key: &[u8]) -> Vec<u8> {
    let mut index = place(topic, partition).to_vec();
    index.extend(key);
    index
}

/// What the keyspace `meta` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meta {
    /// The offset after a partition's last record.
    End(Topic, u32),
    /// On which shelf a partition's records lie from this offset on.
    Segment(Topic, u32, u64),
    /// The offset that a group has committed.
    Committed(Topic, u32, String),
    /// A tombstone, by the time it was written.
    Tombstone(Timestamp, Topic, u32, u64),
}

const END: u8 = b'e';
const SEGMENT: u8 = b's';
const COMMITTED: u8 = b'g';
const TOMBSTONE: u8 = b't';

impl Meta {
    /// The key.
    pub(super) fn key(&self) -> Vec<u8> {
        match self {
            Self::End(topic, partition) => joined(&[&[END], &place(*topic, *partition)]),
            Self::Segment(topic, partition, first) => {
                joined(&[&[SEGMENT], &place(*topic, *partition), &first.to_be_bytes()])
            }
            Self::Committed(topic, partition, group) => {
                joined(&[&[COMMITTED], &place(*topic, *partition), group.as_bytes()])
            }
            Self::Tombstone(time, topic, partition, offset) => joined(&[
                &tombstones_before(*time),
                &place(*topic, *partition),
                &offset.to_be_bytes(),
            ]),
        }
    }

    /// What this key stands for; `None` for topics that this release does not know.
    pub(super) fn of_key(key: &[u8]) -> Option<Self> {
        let mut rest = key;
        let [kind] = take_array(&mut rest)?;
        match kind {
            END => take_place(&mut rest).map(|(topic, partition)| Self::End(topic, partition)),
            SEGMENT => {
                let (topic, partition) = take_place(&mut rest)?;
                Some(Self::Segment(
                    topic,
                    partition,
                    u64::from_be_bytes(take_array(&mut rest)?),
                ))
            }
            COMMITTED => {
                let (topic, partition) = take_place(&mut rest)?;
                Some(Self::Committed(
                    topic,
                    partition,
                    std::str::from_utf8(rest).ok()?.to_owned(),
                ))
            }
            TOMBSTONE => {
                let millis = u64::from_be_bytes(take_array(&mut rest)?).cast_signed();
                let (topic, partition) = take_place(&mut rest)?;
                let offset = u64::from_be_bytes(take_array(&mut rest)?);
                Some(Self::Tombstone(
                    Timestamp::from_millis(millis),
                    topic,
                    partition,
                    offset,
                ))
            }
            _ => None,
        }
    }
}

/// The key below which all tombstones older than `time` lie. Times before 1970 count as 1970.
pub(super) fn tombstones_before(time: Timestamp) -> Vec<u8> {
    joined(&[&[TOMBSTONE], &time.as_millis().max(0).to_be_bytes()])
}

fn place(topic: Topic, partition: u32) -> [u8; 6] {
    let mut place = [0; 6];
    place[..2].copy_from_slice(&topics::code(topic).to_be_bytes());
    place[2..].copy_from_slice(&partition.to_be_bytes());
    place
}

fn take_place(rest: &mut &[u8]) -> Option<(Topic, u32)> {
    let topic = topics::topic(u16::from_be_bytes(take_array(rest)?))?;
    Some((topic, u32::from_be_bytes(take_array(rest)?)))
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_back_to_what_it_stands_for() {
        let now = Timestamp::from_seconds(1_800_000_000);
        for meta in [
            Meta::End(Topic::Fates, 2),
            Meta::Segment(Topic::Fetched, 3, 1 << 40),
            Meta::Committed(Topic::Cleaned, 1, "news.deduper".to_owned()),
            Meta::Tombstone(now, Topic::Latest, 0, 77),
        ] {
            assert_eq!(Meta::of_key(&meta.key()), Some(meta));
        }
        assert_eq!(Meta::of_key(b""), None);
        assert_eq!(Meta::of_key(b"e\xff\xff\0\0\0\0"), None);
    }

    #[test]
    fn older_tombstones_lie_below_the_bound() {
        let bound = Timestamp::from_seconds(1000);
        let key = |millis| Meta::Tombstone(bound.plus_millis(millis), Topic::Latest, 0, 5).key();
        assert!(key(-1) < tombstones_before(bound));
        assert!(tombstones_before(bound) <= key(0));
    }
}
