//! Records of the log, which an older or newer release, another program or a broken disk may have written.

use schemas::fetched::Fetched;
use schemas::frontier::FrontierEntry;
use schemas::memory::fetcher::FetcherMemory;
use schemas::record::{Incoming, Record};
use schemas::source::SourceChange;
use schemas::topic::{StageName, Topic};

use crate::input::line_and_rest;

/// The first line is the key, the rest the value. A record that can be read is written and read again as the same.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (key, value) = line_and_rest(data);
    round_trip::<Fetched>(Topic::Fetched, key, value);
    round_trip::<FrontierEntry>(Topic::Frontier, key, value);
    round_trip::<FetcherMemory>(Topic::Memory(StageName::Fetcher), key, value);
    round_trip::<SourceChange>(Topic::Sources, key, value);
}

fn round_trip<R: Record + PartialEq + std::fmt::Debug>(topic: Topic, key: &[u8], value: &[u8]) {
    let incoming = Incoming {
        topic,
        key: Some(key),
        value: Some(value),
    };
    let Ok(record) = R::decode(incoming) else {
        return;
    };
    let encoded = record.encode();
    assert!(encoded.is_ok(), "what was read can't be written: {record:?}");
    let again = encoded.ok().and_then(|encoded| {
        let incoming = Incoming {
            topic: encoded.topic,
            key: encoded.key.as_deref(),
            value: encoded.value.as_deref(),
        };
        R::decode(incoming).ok()
    });
    assert_eq!(again.as_ref(), Some(&record), "what was written reads otherwise");
}
