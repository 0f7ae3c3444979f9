//! Arbitrary records of the frontier.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use schemas::frontier::{
    Delivery, DeliveryKind, Errand, ErrandKind, ErrandPurpose, FrontierRecord, HeaderLine, HubMode, Outcome,
};

use super::{frontier_entry, source_id, text, timestamp};

fn purpose() -> impl Strategy<Value = ErrandPurpose> {
    prop_oneof![
        source_id().prop_map(|source_id| ErrandPurpose::Feed { source_id }),
        text().prop_map(|host| ErrandPurpose::Robots { host }),
        (source_id(), text(), any::<bool>()).prop_map(|(source_id, topic, ends)| ErrandPurpose::Hub {
            source_id,
            topic,
            mode: if ends { HubMode::Unsubscribe } else { HubMode::Subscribe },
        }),
    ]
}

fn headers() -> impl Strategy<Value = Vec<HeaderLine>> {
    vec(
        (text(), text()).prop_map(|(name, value)| HeaderLine { name, value }),
        0..3,
    )
}

pub(crate) fn errand() -> impl Strategy<Value = Errand> {
    (text(), purpose(), text(), headers(), timestamp(), any::<bool>()).prop_map(
        |(url, purpose, owner, headers, asked_at, settled)| Errand {
            kind: ErrandKind::Errand,
            url,
            purpose,
            owner,
            headers,
            asked_at,
            settled,
        },
    )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        (any::<u16>(), headers(), vec(any::<u8>(), 0..300)).prop_map(|(status, headers, body)| Outcome::Response {
            status,
            headers,
            body
        }),
        (text(), text()).prop_map(|(failure, detail)| Outcome::Failure { failure, detail }),
        source_id().prop_map(|source_id| Outcome::ReadBy { source_id }),
        of(any::<u32>()).prop_map(|lease_seconds| Outcome::Granted { lease_seconds }),
        of(text()).prop_map(|reason| Outcome::Denied { reason }),
    ]
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let times = (timestamp(), timestamp());
    (purpose(), text(), text(), times, any::<bool>(), outcome()).prop_map(
        |(purpose, owner, url, (asked_at, answered_at), pushed, outcome)| Delivery {
            kind: DeliveryKind::Delivery,
            purpose,
            owner,
            url,
            asked_at,
            answered_at,
            pushed,
            outcome,
        },
    )
}

pub(crate) fn frontier_record() -> impl Strategy<Value = FrontierRecord> {
    prop_oneof![
        frontier_entry().prop_map(|entry| FrontierRecord::Entry(Box::new(entry))),
        errand().prop_map(|errand| FrontierRecord::Errand(Box::new(errand))),
        delivery().prop_map(|delivery| FrontierRecord::Delivery(Box::new(delivery))),
    ]
}
