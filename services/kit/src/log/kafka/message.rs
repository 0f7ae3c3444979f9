//! Records between librdkafka's form and ours.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rdkafka::message::{BorrowedMessage, Header, Headers, Message as _, OwnedHeaders};
use schemas::time::Timestamp;

use super::cluster::Cluster;
use super::{natural, unsigned};
use crate::log::Message;

/// `message` in our form; none for a topic that is not ours.
pub(super) fn ours(cluster: &Cluster, message: &BorrowedMessage<'_>) -> Option<Message> {
    Some(Message {
        topic: cluster.topic(message.topic())?,
        partition: unsigned(message.partition()),
        offset: natural(message.offset()),
        timestamp: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or(0)),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers: message.headers().map_or_else(Vec::new, read_headers),
    })
}

fn read_headers<H: Headers>(headers: &H) -> Vec<(String, Vec<u8>)> {
    // The bindings panic on a name that is not UTF-8. Another program may have written one; its header is passed over.
    let read = |index| catch_unwind(AssertUnwindSafe(|| headers.try_get(index))).ok().flatten();
    let owned = |header: Header<'_, &[u8]>| (header.key.to_owned(), header.value.unwrap_or_default().to_vec());
    (0..headers.count()).filter_map(read).map(owned).collect()
}

/// `headers` as librdkafka takes them; none when there are none.
pub(super) fn headers(headers: &[(String, Vec<u8>)]) -> Option<OwnedHeaders> {
    if headers.is_empty() {
        return None;
    }
    let insert = |made: OwnedHeaders, (key, value): &(String, Vec<u8>)| {
        made.insert(Header {
            key,
            value: Some(value),
        })
    };
    Some(
        headers
            .iter()
            .fold(OwnedHeaders::new_with_capacity(headers.len()), insert),
    )
}
