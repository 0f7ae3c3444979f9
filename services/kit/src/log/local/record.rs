//! A record as bytes: its value in the store, and its body on the socket.
//!
//! Layout, big endian: the time of writing (i64, milliseconds), flags (u8: 1 has a key, 2 has a value), key and value
//! (u32 length, bytes) where there are any, the number of headers (u32), and for each header its name and its value
//! (u32 length, bytes).

use schemas::time::Timestamp;
use schemas::topic::Topic;

use super::super::{Message, Produce};

const HAS_KEY: u8 = 1;
const HAS_VALUE: u8 = 2;

/// The bytes of `record`, written at `now`.
pub(super) fn encode(record: &Produce, now: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(record.size() + 32 + 8 * record.headers.len());
    bytes.extend(now.as_millis().to_be_bytes());
    let key = if record.key.is_some() { HAS_KEY } else { 0 };
    let value = if record.value.is_some() { HAS_VALUE } else { 0 };
    bytes.push(key | value);
    for part in [&record.key, &record.value].into_iter().flatten() {
        push(&mut bytes, part);
    }
    bytes.extend(length(record.headers.len()).to_be_bytes());
    for (name, value) in &record.headers {
        push(&mut bytes, name.as_bytes());
        push(&mut bytes, value);
    }
    bytes
}

fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(length(part.len()).to_be_bytes());
    bytes.extend(part);
}

/// Parts are far below 4 GiB: records have a limit.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The record at this place; `None` when the bytes are not a record.
pub(super) fn decode(topic: Topic, partition: u32, offset: u64, bytes: &[u8]) -> Option<Message> {
    let mut rest = bytes;
    let timestamp = Timestamp::from_millis(i64::from_be_bytes(take_array(&mut rest)?));
    let [flags] = take_array(&mut rest)?;
    let key = if flags & HAS_KEY == 0 {
        None
    } else {
        Some(take_part(&mut rest)?)
    };
    let value = if flags & HAS_VALUE == 0 {
        None
    } else {
        Some(take_part(&mut rest)?)
    };
    let count = u32::from_be_bytes(take_array(&mut rest)?);
    let mut headers = Vec::new();
    for _ in 0..count {
        let name = String::from_utf8(take_part(&mut rest)?).ok()?;
        headers.push((name, take_part(&mut rest)?));
    }
    rest.is_empty().then_some(Message {
        topic,
        partition,
        offset,
        timestamp,
        key,
        value,
        headers,
    })
}

/// The same bytes as a record to be written; `None` when they are not a record.
pub(super) fn decode_produce(topic: Topic, partition: u32, bytes: &[u8]) -> Option<Produce> {
    let Message {
        key, value, headers, ..
    } = decode(topic, partition, 0, bytes)?;
    Some(Produce {
        topic,
        partition,
        key,
        value,
        headers,
    })
}

/// The first `N` bytes of `rest`, which then starts after them.
pub(super) fn take_array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

fn take_part(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(u32::from_be_bytes(take_array(rest)?)).ok()?;
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(
            key in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)),
            value in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..200)),
            headers in proptest::collection::vec((".{0,12}", proptest::collection::vec(any::<u8>(), 0..20)), 0..4),
            millis in 0..4_000_000_000_000_i64,
        ) {
            let record = Produce { topic: Topic::Fates, partition: 2, key, value, headers };
            let now = Timestamp::from_millis(millis);
            let bytes = encode(&record, now);
            let message = decode(Topic::Fates, 2, 7, &bytes).unwrap();
            prop_assert_eq!(message.timestamp, now);
            prop_assert_eq!(message.offset, 7);
            prop_assert_eq!(decode_produce(Topic::Fates, 2, &bytes), Some(record));
        }

        #[test]
        fn strange_bytes_are_no_record_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(message) = decode(Topic::Fates, 0, 0, &bytes) {
                let record = decode_produce(Topic::Fates, 0, &bytes).unwrap();
                prop_assert!(encode(&record, message.timestamp).len() <= bytes.len() );
            }
        }
    }
}
