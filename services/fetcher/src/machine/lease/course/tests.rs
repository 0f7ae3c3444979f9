use proptest::prelude::*;

use super::*;
use crate::exchange::{Failure, FailureKind};
use crate::websub::keys::Keys;

const HUB: &str = "https://hub.example/";
const REDIRECTS_MAX: u8 = 5;

fn settings() -> Settings {
    Settings {
        callback_url: "https://news.example/websub".to_owned(),
        keys: Keys::new("a secret of the operator"),
        lease_seconds: 864_000,
        poll_factor: 6,
    }
}

fn now() -> Timestamp {
    "2026-11-22T00:00:00Z".parse().unwrap()
}

fn advertised(hubs: &[&str]) -> Advertised {
    Advertised {
        hubs: hubs.iter().map(|hub| (*hub).to_owned()).collect(),
        topic: "https://example.org/feed".to_owned(),
    }
}

fn new() -> LeaseState {
    wanted(
        None,
        &advertised(&[HUB]),
        &settings(),
        &"0123456789abcdef".into(),
        now(),
    )
    .unwrap()
}

fn status(status: u16) -> Answer {
    Answer::Response(Response {
        status,
        ..Response::default()
    })
}

fn answer(old: &LeaseState, answer: &Answer, at: Timestamp) -> LeaseState {
    answered(old, HUB, answer, REDIRECTS_MAX, at)
}

#[test]
fn a_subscription_is_asked_for_granted_and_renewed_before_it_ends() {
    let asked = answer(&new(), &status(202), now());
    assert_eq!(asked.standing, LeaseStanding::Asked);
    assert!(!is_active(&asked, now()));
    let granted = granted(&asked, &settings(), Some(100_000), now());
    assert_eq!(granted.expires_at, Some(now().plus_millis(100_000_000)));
    assert_eq!((granted.failures, granted.standing), (0, LeaseStanding::Granted));
    assert!(is_active(&granted, now().plus_millis(99_999_999)));
    assert!(!is_active(&granted, now().plus_millis(100_000_000)));
    let renewal = granted.due_at.millis_since(now());
    assert!((72_000_000..=88_000_000).contains(&renewal), "{renewal}");
    let renewing = answer(&granted, &status(202), granted.due_at);
    assert_eq!(renewing.standing, LeaseStanding::Granted, "the old lease still holds");
    assert_eq!(renewing.expires_at, granted.expires_at);
}

#[test]
fn a_hub_that_names_no_lease_grants_what_it_was_asked_for() {
    let granted = granted(&new(), &settings(), None, now());
    assert_eq!(granted.expires_at, Some(now().plus_millis(864_000_000)));
}

#[test]
fn a_hub_that_fails_is_asked_ever_less_often() {
    let connect = Answer::Failure(Failure {
        kind: FailureKind::Connect,
        detail: "nobody".to_owned(),
    });
    for reply in [status(500), status(404), status(301), status(202), connect] {
        let (mut lease, mut last) = (new(), 0);
        for failure in 1..40 {
            let at = lease.due_at;
            lease = answer(&lease, &reply, at);
            let wait = lease.due_at.millis_since(at);
            assert!(
                last * 2 / 3 < wait && wait <= RETRY_MAX * 11 / 10,
                "{wait} after {failure} failures"
            );
            assert_eq!(lease.failures, failure);
            last = wait;
        }
        assert!(RETRY_MAX * 9 / 10 <= last, "{last}");
        assert!(lease.last_error.is_some());
        assert_eq!(lease.expires_at, None);
    }
}

#[test]
fn a_hub_may_move_the_request_a_few_times() {
    let redirect = Answer::Response(Response {
        status: 308,
        headers: vec![("Location".to_owned(), "/other".to_owned())],
        ..Response::default()
    });
    let mut lease = new();
    for count in 1..=REDIRECTS_MAX {
        lease = answer(&lease, &redirect, now());
        let detour = lease.detour.clone().unwrap();
        assert_eq!(
            (detour.url.as_str(), detour.redirects),
            ("https://hub.example/other", count)
        );
        assert_eq!(lease.due_at, now());
    }
    assert_eq!(answer(&lease, &status(202), now()).detour, None);
    let lost = answer(&lease, &redirect, now());
    assert_eq!((lost.detour, lost.failures), (None, 1));
}

#[test]
fn a_refusal_ends_the_lease_and_its_reliance() {
    let relied = LeaseState {
        relied_on: true,
        ..granted(&new(), &settings(), None, now())
    };
    let denied = denied(&relied, Some("too many"), now());
    assert!(!is_active(&denied, now()) && !denied.relied_on);
    assert_eq!(denied.last_error.as_deref(), Some("the hub refused: too many"));
    let wait = denied.due_at.millis_since(now());
    assert!((6 * DAY..8 * DAY).contains(&wait), "{wait}");
}

#[test]
fn a_feed_keeps_its_subscription_until_it_names_another() {
    let source = SourceId::from("0123456789abcdef");
    let lease = new();
    let again = |old: &LeaseState, hubs: &[&str]| wanted(Some(old), &advertised(hubs), &settings(), &source, now());
    assert_eq!(again(&lease, &[HUB]), None);
    assert_eq!(again(&lease, &["https://first.example/", HUB]), None);
    assert_eq!(
        again(&lease, &["https://new.example/"]).unwrap().hub,
        "https://new.example/"
    );
    let moved = Advertised {
        topic: "https://example.org/other".to_owned(),
        ..advertised(&[HUB])
    };
    assert!(wanted(Some(&lease), &moved, &settings(), &source, now()).is_some());
    let elsewhere = Settings {
        callback_url: "https://other.example".to_owned(),
        ..settings()
    };
    assert!(wanted(Some(&lease), &advertised(&[HUB]), &elsewhere, &source, now()).is_some());
    let failing = LeaseState {
        failures: FAILURES_PER_HUB,
        ..lease
    };
    assert_eq!(again(&failing, &[HUB]), None);
    assert_eq!(
        again(&failing, &[HUB, "https://b.example/"]).unwrap().hub,
        "https://b.example/"
    );
    assert_eq!(
        again(&failing, &["https://a.example/", HUB]).unwrap().hub,
        "https://a.example/"
    );
}

#[test]
fn reliance_is_earned_by_a_poll_that_finds_everything_pushed_and_lost_by_one_that_does_not() {
    let lease = granted(&new(), &settings(), Some(864_000), now());
    assert_eq!(polled(&lease, false, now()), None, "no push, no reliance");
    let relied = polled(&pushed(&lease, now()), false, now()).unwrap();
    assert!(relied.relied_on && !relied.pushed_since_poll);
    assert_eq!(polled(&relied, false, now()), None, "a silent feed stays relied on");
    let missed = polled(&relied, true, now()).unwrap();
    assert!(!missed.relied_on);
    assert_eq!(polled(&missed, false, now()), None);
    let late = now().plus_millis(864_000_000);
    assert!(
        !polled(&pushed(&relied, late), false, late).unwrap().relied_on,
        "the lease has run out"
    );
}

#[test]
fn polls_are_rare_while_pushes_are_relied_on() {
    let lease = granted(&new(), &settings(), Some(3_600), now());
    let relied = LeaseState {
        relied_on: true,
        ..lease.clone()
    };
    assert_eq!(stretched(&lease, &settings(), 5 * MINUTE, now()), 5 * MINUTE);
    assert_eq!(stretched(&relied, &settings(), 5 * MINUTE, now()), 30 * MINUTE);
    assert_eq!(
        stretched(&relied, &settings(), 20 * MINUTE, now()),
        80 * MINUTE,
        "soon after the lease has run out"
    );
    assert_eq!(
        stretched(&relied, &settings(), 5 * MINUTE, now().plus_millis(HOUR)),
        5 * MINUTE
    );
}

#[derive(Debug, Clone)]
enum Event {
    Answer(u16),
    Failure,
    Granted(Option<u32>),
    Denied,
    Pushed,
    Polled(bool),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        prop_oneof![Just(202), Just(204), Just(308), Just(400), Just(503)].prop_map(Event::Answer),
        Just(Event::Failure),
        prop::option::of(any::<u32>()).prop_map(Event::Granted),
        Just(Event::Denied),
        Just(Event::Pushed),
        any::<bool>().prop_map(Event::Polled),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_hub_is_never_hammered_and_never_forgotten(
        events in prop::collection::vec((event(), 0_i64..10 * DAY), 1..40),
    ) {
        let (mut lease, mut at) = (new(), now());
        for (event, wait) in events {
            at = at.plus_millis(wait);
            let before = lease.clone();
            lease = match event {
                // A request goes out when it is due.
                Event::Answer(_) | Event::Failure if at < lease.due_at => lease,
                Event::Answer(code) => answer(&lease, &status(code), at),
                Event::Failure => {
                    let failure = Failure { kind: FailureKind::Timeout, detail: String::new() };
                    answer(&lease, &Answer::Failure(failure), at)
                }
                Event::Granted(seconds) => granted(&lease, &settings(), seconds, at),
                Event::Denied => denied(&lease, None, at),
                Event::Pushed => pushed(&lease, at),
                Event::Polled(news) => polled(&lease, news, at).unwrap_or(lease),
            };
            if lease.due_at != before.due_at {
                let wait = lease.due_at.millis_since(at);
                prop_assert!((4 * MINUTE..=100 * DAY).contains(&wait), "{wait}");
            }
            if !is_active(&lease, at) {
                prop_assert_eq!(stretched(&lease, &settings(), HOUR, at), HOUR);
            }
            prop_assert!((HOUR..=6 * HOUR).contains(&stretched(&lease, &settings(), HOUR, at)));
        }
    }
}
