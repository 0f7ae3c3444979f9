use kit::log::partitioner;
use schemas::frontier::{ErrandPurpose, HubMode, Outcome};
use schemas::record::Place as Spot;
use schemas::source::{Source, SourceChange};

use crate::place::{FEED, Place, TOPIC};

const BODY: &[u8] = b"<rss><channel><item><link>https://example.org/1</link></item></channel></rss>";

fn question(mode: &str) -> [(&str, &str); 4] {
    [
        ("hub.mode", mode),
        ("hub.topic", TOPIC),
        ("hub.challenge", "<b>a challenge</b>"),
        ("hub.lease_seconds", "3600"),
    ]
}

fn removed(place: &Place) -> SourceChange {
    SourceChange::Removed(place.source.id.clone())
}

#[test]
fn a_wanted_subscription_is_confirmed_and_its_lease_written_down_first() {
    let place = Place::new();
    let reply = place.ask(&place.callback(TOPIC), &question("subscribe"));
    assert_eq!((reply.status, reply.body.as_str()), (200, "<b>a challenge</b>"));
    assert_eq!(reply.content_type, "text/plain; charset=utf-8");
    let deliveries = place.deliveries();
    let [(partition, delivery)] = deliveries.as_slice() else {
        panic!("{deliveries:?}");
    };
    let owner = Spot::Key(b"example.org".to_vec());
    assert_eq!(*partition, partitioner::partition(&owner, 0, 8));
    assert_eq!((delivery.owner.as_str(), delivery.url.as_str()), ("example.org", FEED));
    assert!(delivery.pushed);
    let lease_seconds = Some(3_600);
    assert_eq!(delivery.outcome, Outcome::Granted { lease_seconds });
    let purpose = ErrandPurpose::Hub {
        source_id: place.source.id.clone(),
        topic: TOPIC.to_owned(),
        mode: HubMode::Subscribe,
    };
    assert_eq!(delivery.purpose, purpose);
}

#[test]
fn nothing_is_confirmed_that_was_not_asked_for() {
    let place = Place::new();
    let check = |callback: &str, parameters: &[(&str, &str)]| {
        let reply = place.ask(callback, parameters);
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (404, ""),
            "{callback} {parameters:?}"
        );
    };
    let ours = place.callback(TOPIC);
    check(&place.callback(FEED), &question("subscribe"));
    check(&ours, &question("unsubscribe"));
    check(&ours, &question("publish"));
    check(&ours, &question("subscribe")[..2]);
    check(&ours, &[]);
    check(&format!("{ours}0"), &question("subscribe"));
    check(&ours[..ours.len() - 1], &question("subscribe"));
    check(&format!("{}/", place.address()), &question("subscribe"));
    check(&ours.replace("/hooks/websub", ""), &question("subscribe"));
    place.list(&removed(&place));
    check(&ours, &question("subscribe"));
    check(&ours, &question("denied"));
    assert_eq!(place.deliveries(), []);
}

#[test]
fn the_end_of_what_is_no_longer_wanted_is_confirmed() {
    let place = Place::new();
    place.list(&SourceChange::Set(Source {
        paused: true,
        ..place.source.clone()
    }));
    assert_eq!(place.ask(&place.callback(TOPIC), &question("unsubscribe")).status, 200);
    place.list(&SourceChange::Set(place.source.clone()));
    assert_eq!(place.ask(&place.callback(TOPIC), &question("unsubscribe")).status, 404);
    place.list(&removed(&place));
    let reply = place.ask(&place.callback(TOPIC), &question("unsubscribe"));
    assert_eq!((reply.status, reply.body.as_str()), (200, "<b>a challenge</b>"));
    assert_eq!(place.deliveries(), []);
}

#[test]
fn a_refusal_reaches_the_owner() {
    let place = Place::new();
    let reason = ("hub.reason", "not for you");
    let reply = place.ask(
        &place.callback(TOPIC),
        &[("hub.mode", "denied"), ("hub.topic", TOPIC), reason],
    );
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    let reason = Some("not for you".to_owned());
    assert_eq!(place.deliveries()[0].1.outcome, Outcome::Denied { reason });
}

#[test]
fn signed_content_is_durable_before_the_hub_hears_of_it() {
    let place = Place::new();
    let reply = place.push(&place.callback(TOPIC), Some(&place.signature(TOPIC, BODY)), BODY);
    assert_eq!((reply.status, reply.body.as_str()), (202, ""));
    let deliveries = place.deliveries();
    let delivery = &deliveries[0].1;
    let source_id = place.source.id.clone();
    assert_eq!(delivery.purpose, ErrandPurpose::Feed { source_id });
    assert!(delivery.pushed);
    let Outcome::Response { status, headers, body } = &delivery.outcome else {
        panic!("{delivery:?}");
    };
    assert_eq!((*status, body.as_slice()), (200, BODY));
    assert_eq!(
        (headers[0].name.as_str(), headers[0].value.as_str()),
        ("content-type", "application/rss+xml")
    );
    assert!((place.counted("accepted") - 1.0).abs() < f64::EPSILON);
}

#[test]
fn forged_content_is_ignored_and_its_sender_learns_nothing() {
    let place = Place::new();
    let right = place.signature(TOPIC, BODY);
    let of_another_topic = place.signature(FEED, BODY);
    let of_another_body = place.signature(TOPIC, b"other");
    let cut = &right[..right.len() - 2];
    let forged = [None, Some(""), Some("sha256="), Some("md5=00"), Some(cut)];
    let forged = forged
        .into_iter()
        .chain([Some(of_another_topic.as_str()), Some(of_another_body.as_str())]);
    let mut count = 0.0;
    for signature in forged {
        let reply = place.push(&place.callback(TOPIC), signature, BODY);
        assert_eq!((reply.status, reply.body.as_str()), (202, ""), "{signature:?}");
        count += 1.0;
    }
    assert_eq!(place.deliveries(), []);
    assert!((place.counted("bad_signature") - count).abs() < f64::EPSILON);
}

#[test]
fn content_for_nobody_is_refused() {
    let place = Place::new();
    let signature = place.signature(TOPIC, BODY);
    let unknown = format!("{}x", place.callback(TOPIC));
    assert_eq!(place.push(&unknown, Some(&signature), BODY).status, 404);
    place.list(&removed(&place));
    let reply = place.push(&place.callback(TOPIC), Some(&signature), BODY);
    assert_eq!((reply.status, reply.body.as_str()), (410, ""));
    assert_eq!(place.deliveries(), []);
    assert!((place.counted("unknown") - 2.0).abs() < f64::EPSILON);
}

#[test]
fn content_is_taken_up_to_its_limit() {
    let place = Place::new();
    let mut seed = 1_u64;
    // Noise does not compress, so this is also the largest record that the log is given.
    let noise = std::iter::repeat_with(|| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()
    });
    let mut body: Vec<u8> = noise.take(5 * 1024 * 1024 / 8).flatten().collect();
    let reply = place.push(&place.callback(TOPIC), Some(&place.signature(TOPIC, &body)), &body);
    assert_eq!(reply.status, 202);
    body.push(0);
    let reply = place.push(&place.callback(TOPIC), Some(&place.signature(TOPIC, &body)), &body);
    assert_eq!((reply.status, reply.body.as_str()), (413, ""));
    assert_eq!(place.deliveries().len(), 1);
    assert!((place.counted("too_large") - 1.0).abs() < f64::EPSILON);
}

#[test]
fn a_hub_that_sends_without_end_is_told_to_wait() {
    let place = Place::new();
    let (callback, other) = (place.callback(TOPIC), place.callback(FEED));
    // What is forged costs as much to read.
    let body = vec![0; 5 * 1024 * 1024];
    let statuses: Vec<u16> = (0..8).map(|_| place.push(&callback, None, &body).status).collect();
    assert_eq!(statuses, [202, 202, 202, 202, 202, 202, 202, 429]);
    assert_eq!(place.ask(&callback, &question("subscribe")).status, 429);
    assert!((place.counted("too_many") - 1.0).abs() < f64::EPSILON);
    assert_eq!(place.push(&other, Some(&place.signature(FEED, BODY)), BODY).status, 202);
}

#[test]
fn what_the_log_does_not_take_the_hub_is_told_to_send_again() {
    let place = Place::with_partitions(0);
    let callback = place.callback(TOPIC);
    let reply = place.push(&callback, Some(&place.signature(TOPIC, BODY)), BODY);
    assert_eq!((reply.status, reply.body.as_str()), (503, ""));
    assert_eq!(place.ask(&callback, &question("subscribe")).status, 503);
    assert!((place.counted("failed") - 1.0).abs() < f64::EPSILON);
}

#[test]
fn strangers_learn_nothing() {
    let place = Place::new();
    let root = place.address().replace("/hooks/websub", "/");
    for url in [root.as_str(), place.address(), "health/live", "metrics"] {
        let url = if url.contains("://") {
            url.to_owned()
        } else {
            format!("{root}{url}")
        };
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"] {
            let reply = place.request(method, &url);
            assert_eq!((reply.status, reply.body.as_str()), (404, ""), "{method} {url}");
        }
    }
    assert_eq!(place.request("PUT", &place.callback(TOPIC)).status, 405);
}
