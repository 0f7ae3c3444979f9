//! A feed with a hub: subscribe, verify, push, renew, deny, lapse, and polling where pushes fail.

mod press;

use schemas::frontier::{ErrandPurpose, FrontierRecord, Outcome};
use schemas::memory::lease::LeaseStanding;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;

use super::world::{Origin, World, ok, rss, status};
use crate::exchange::{Answer, Purpose};
use crate::websub::keys::Keys;
use press::{DAY, FEED, HOUR, HUB, LINKS, MINUTE, Press, TOPIC, field, stories};

#[test]
fn a_feed_with_a_hub_is_subscribed_to() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    let asked = press.asked();
    let [request] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    assert_eq!(field(request, "hub.mode"), Some("subscribe"));
    assert_eq!(field(request, "hub.topic"), Some(TOPIC));
    let callback = field(request, "hub.callback").unwrap();
    let path = callback.strip_prefix("https://news.example/websub").unwrap();
    let opened = Keys::new("a secret of the operator").open(path).unwrap();
    assert_eq!(opened.source_id, Source::of_url(FEED).id);
    assert_eq!(press.lease().unwrap().standing, LeaseStanding::Asked);
    press.grant(864_000);
    assert_eq!(press.lease().unwrap().standing, LeaseStanding::Granted);
}

#[test]
fn without_settings_or_a_hub_nobody_is_asked() {
    let mut press = Press::new("", 202, |_| 3);
    press.run_for(HOUR);
    assert_eq!((press.asked().len(), press.lease()), (0, None));
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.world.settings.websub = None;
    press.world.recall();
    press.run_for(HOUR);
    assert_eq!((press.asked().len(), press.lease()), (0, None));
}

#[test]
fn a_hub_that_never_asks_back_or_fails_is_asked_seldom() {
    for code in [202, 400, 500] {
        let mut press = Press::new(LINKS, code, |_| 3);
        press.run_for(30 * DAY);
        assert!(
            (5..20).contains(&press.asked().len()),
            "{} after {code}",
            press.asked().len()
        );
        let polls = press.polls();
        assert!(30 * 20 < polls, "{polls} polls: they go on as ever");
    }
}

#[test]
fn a_lease_is_renewed_before_it_ends() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    for _ in 0..5 {
        let before = press.asked().len();
        while press.asked().len() == before {
            press.run_for(HOUR);
        }
        if let Some(expires_at) = press.lease().unwrap().expires_at {
            assert!(press.world.now < expires_at);
        }
        press.grant(10 * 24 * 3_600);
    }
    let days = press.world.now.millis_since(press.world.requests[0].0) / 1_000 / DAY;
    assert!((28..=38).contains(&days), "{days} days for five requests");
}

#[test]
fn pushed_entries_are_fetched_at_once_and_once() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    press.grant(864_000);
    let pushed = rss(&["https://example.org/pushed".to_owned()]);
    for _ in 0..3 {
        press.push(&pushed);
        press.run_for(10);
    }
    assert_eq!(
        press.world.requested("https://example.org/pushed"),
        1,
        "a replay brings nothing"
    );
    assert_eq!(press.world.fetched.len(), 4);
    assert!(press.lease().unwrap().last_push_at.is_some());
}

#[test]
fn relative_links_of_a_push_start_from_the_feed() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    press.push("<rss><channel><item><link>/pushed</link></item></channel></rss>");
    press.run_for(10);
    assert_eq!(press.world.requested("https://example.org/pushed"), 1);
}

#[test]
fn a_push_that_is_no_feed_or_comes_before_the_first_poll_is_passed_over() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.push(&rss(&["https://example.org/pushed".to_owned()]));
    press.run_for(MINUTE);
    assert_eq!(press.world.requested("https://example.org/pushed"), 0);
    let lease = press.lease();
    let memory = press.world.memory.clone();
    press.push("what?");
    press.push("<html>Log in</html>");
    assert_eq!((press.lease(), &press.world.memory), (lease, &memory));
}

/// Runs for a day in which a story comes every hour, pushed as it comes; the number of polls.
fn day_of_pushes(press: &mut Press) -> usize {
    let before = press.polls();
    for hour in 1..=24 {
        press.push(&rss(&stories(3 + hour)));
        press.run_for(HOUR);
    }
    press.polls() - before
}

#[test]
fn while_pushes_bring_everything_polls_are_rare() {
    let hourly = |began: Timestamp| move |now: Timestamp| 3 + now.millis_since(began) / 1_000 / HOUR;
    let began = "2026-11-22T00:01:00Z".parse().unwrap();
    let mut polled = Press::new("", 202, hourly(began));
    polled.run_for(MINUTE + DAY);
    let mut press = Press::new(LINKS, 202, hourly(began));
    press.run_for(MINUTE);
    press.grant(864_000);
    let polls = day_of_pushes(&mut press);
    assert!(press.lease().unwrap().relied_on);
    assert!(
        4 * polls < polled.polls(),
        "{polls} polls with pushes, {} without",
        polled.polls()
    );
    assert_eq!(press.world.fetched.len(), 27, "and nothing is missed");
}

#[test]
fn a_poll_that_finds_what_no_push_brought_ends_the_reliance() {
    let quiet: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut press = Press::new(LINKS, 202, move |now| if now < quiet { 30 } else { 31 });
    press.run_for(MINUTE);
    press.grant(864_000);
    press.push(&rss(&stories(30)));
    press.run_for(DAY);
    assert!(press.lease().unwrap().relied_on);
    press.run_for(DAY);
    assert!(!press.lease().unwrap().relied_on);
    assert_eq!(press.world.requested("https://example.org/story/30"), 1);
}

#[test]
fn when_the_lease_lapses_polls_are_as_before() {
    let mut press = Press::new(LINKS, 500, |_| 3);
    press.run_for(MINUTE);
    press.grant(24 * 3_600);
    press.push(&rss(&stories(4)));
    press.run_for(DAY - HOUR);
    let relied = press.lease().unwrap();
    assert!(relied.relied_on);
    press.run_for(2 * HOUR + MINUTE);
    let before = press.polls();
    press.run_for(DAY);
    let polls = press.polls() - before;
    // The feed is silent, so that each interval is the longest, of an hour.
    assert!((20..=28).contains(&polls), "{polls} polls in a day");
}

#[test]
fn a_refusal_brings_polling_back_at_once() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    press.grant(864_000);
    press.push(&rss(&stories(4)));
    press.run_for(DAY);
    let before = press.polls();
    let reason = Some("no more".to_owned());
    press.say(TOPIC, Outcome::Denied { reason });
    assert_eq!(press.lease().unwrap().standing, LeaseStanding::Denied);
    press.run_for(HOUR + 10 * MINUTE);
    assert!(before < press.polls());
    let asked = press.asked().len();
    press.run_for(5 * DAY);
    assert_eq!(press.asked().len(), asked, "the hub is left alone for a while");
    press.run_for(5 * DAY);
    assert!(asked < press.asked().len());
}

#[test]
fn word_about_another_topic_changes_nothing() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    let lease = press.lease();
    press.say(FEED, Outcome::Granted { lease_seconds: None });
    press.say(FEED, Outcome::Denied { reason: None });
    assert_eq!(press.lease(), lease);
}

#[test]
fn a_removed_source_is_unsubscribed_and_forgotten() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    press.grant(864_000);
    let source = press.world.sources.remove(0);
    press.world.fetcher.apply_source(&SourceChange::Removed(source.id));
    press.run_for(MINUTE);
    let asked = press.asked();
    assert_eq!(field(asked[1], "hub.mode"), Some("unsubscribe"));
    assert_eq!(field(asked[1], "hub.callback"), field(asked[0], "hub.callback"));
    press.run_for(3 * DAY);
    assert_eq!(press.asked().len(), 2);
    assert_eq!(press.world.memory, std::collections::BTreeMap::new());
}

#[test]
fn a_hub_that_a_feed_no_longer_names_is_let_go() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.run_for(MINUTE);
    press.grant(864_000);
    press.origin = Press::new("", 202, |_| 3).origin;
    press.run_for(2 * HOUR);
    assert_eq!(press.lease(), None);
}

#[test]
fn nothing_depends_on_when_the_machine_was_recalled() {
    let outcome = |recall_every| {
        let mut press = Press::new(LINKS, 202, |_| 3);
        press.world.recall_every = recall_every;
        press.run_for(MINUTE);
        press.grant(24 * 3_600);
        press.push(&rss(&stories(4)));
        press.run_for(DAY);
        let mut fetched: Vec<String> = press.world.fetched.iter().map(|fetched| fetched.url.clone()).collect();
        fetched.sort();
        (fetched, press.asked().len())
    };
    assert_eq!(outcome(Some(1)), outcome(None));
}

#[test]
fn an_operators_own_interval_is_kept() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    press.world.sources[0].poll_interval_seconds = Some(60);
    press.world.recall();
    press.run_for(MINUTE);
    press.grant(864_000);
    press.push(&rss(&stories(4)));
    press.run_for(HOUR);
    assert!(press.lease().unwrap().relied_on);
    let before = press.polls();
    press.run_for(HOUR);
    assert!((55..=60).contains(&(press.polls() - before)));
}

#[test]
fn an_answer_that_comes_after_the_hubs_own_word_is_old() {
    let mut press = Press::new(LINKS, 202, |_| 3);
    let (mut granted, mut asked) = (false, 0);
    // The hub asks back while our request is still under way.
    while asked == 0 {
        let end = press.world.now.plus_millis(1_000);
        press.world.run_to(end, &mut press.origin, false);
        let answer = press.world.frontier.iter().any(|record| {
            matches!(
                record,
                FrontierRecord::Delivery(delivery) if matches!(delivery.purpose, ErrandPurpose::Hub { .. })
            )
        });
        if answer && !granted {
            let waiting = std::mem::take(&mut press.world.frontier);
            press.grant(864_000);
            press.world.frontier.extend(waiting);
            granted = true;
        }
        press.world.take_once();
        asked = usize::from(granted);
    }
    press.run_for(MINUTE);
    assert_eq!(press.lease().unwrap().standing, LeaseStanding::Granted);
    assert_eq!(press.lease().unwrap().failures, 0);
}

#[test]
fn a_response_without_a_status_of_success_is_not_asked_about_hubs() {
    let mut world = World::new(&[FEED]);
    let mut origin: Origin = Box::new(|_, _| -> Answer { status(503, &[("Link", LINKS)], "") });
    world.settings.websub = Press::new(LINKS, 202, |_| 3).world.settings.websub;
    world.recall();
    world.run_for(HOUR, &mut origin);
    assert_eq!(world.requested(HUB), 0);
}

#[test]
fn a_feed_may_name_its_hub_itself_and_lets_it_go_when_it_names_none() {
    let mut press = Press::new("", 202, |_| 3);
    let shows = |links: &str| -> Origin {
        let body = rss(&stories(3)).replace("<channel>", &format!("<channel>{links}"));
        Box::new(move |request, _| match request.purpose {
            Purpose::Feed(_) => ok(&body),
            Purpose::Errand(_) => status(202, &[], ""),
            _ => status(404, &[], ""),
        })
    };
    press.origin = shows(&format!(
        "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{HUB}'/>\
        <atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='{TOPIC}'/>"
    ));
    press.run_for(MINUTE);
    let lease = press.lease().unwrap();
    assert_eq!((lease.hub.as_str(), lease.topic.as_str()), (HUB, TOPIC));
    press.origin = Box::new(|request, _| match request.purpose {
        Purpose::Feed(_) => ok("<html>closed for the night</html>"),
        _ => status(404, &[], ""),
    });
    press.run_for(2 * HOUR);
    assert!(
        press.lease().is_some(),
        "a page that is no feed says nothing about hubs"
    );
    press.origin = shows("");
    press.run_for(DAY);
    assert_eq!(press.lease(), None);
}
