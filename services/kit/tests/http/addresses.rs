//! Only addresses that the policy allows are connected to.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use fetcher::exchange::FailureKind::RefusedAddress;
use kit::http::{ClientSettings, LookUp};

use crate::exchange::{answers, get, loopback, ok, outcome, policy, settings};
use crate::origin::{Act, Origin};

/// Stands for a public address in these tests, because nothing but loopback is ever connected to.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn only_public() -> ClientSettings {
    allowing(&["127.0.0.2"])
}

/// The policy that the program has when nothing is configured.
fn real_policy() -> ClientSettings {
    allowing(&[])
}

fn allowing(networks: &[&str]) -> ClientSettings {
    ClientSettings {
        policy: policy(networks),
        ..settings()
    }
}

/// The n-th look-up of any name finds the n-th list, the last one from then on.
fn finds(lists: Vec<Vec<IpAddr>>) -> LookUp {
    let count = AtomicUsize::new(0);
    Arc::new(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst).min(lists.len() - 1);
        let found = lists[number].clone();
        Box::pin(async move { Ok(found) })
    })
}

fn origin() -> Origin {
    Origin::start(vec![vec![Act::Hear, Act::Say(ok("Connection: close\r\n", "news"))]])
}

#[test]
fn a_name_that_means_another_address_the_second_time_gains_nothing() {
    let origin = origin();
    let request = get(&format!("http://rebinding.test:{}/", origin.port()));
    let look_up = finds(vec![vec![PUBLIC], vec![PRIVATE]]);
    let answers = answers(only_public(), look_up, &[request.clone(), request]);
    assert_eq!(outcome(&answers[0]), Ok((200, b"news".to_vec())));
    assert_eq!(outcome(&answers[1]), Err(RefusedAddress));
    assert_eq!(origin.finish().reached_at, [PUBLIC]);
}

#[test]
fn a_name_with_one_forbidden_address_is_refused_whole() {
    for mixed in [vec![PUBLIC, PRIVATE], vec![PRIVATE, PUBLIC]] {
        let origin = origin();
        let request = get(&format!("http://mixed.test:{}/", origin.port()));
        let answers = answers(only_public(), finds(vec![mixed]), &[request]);
        assert_eq!(outcome(&answers[0]), Err(RefusedAddress));
        assert!(origin.finish().reached_at.is_empty());
    }
}

#[test]
fn names_that_mean_private_addresses_are_refused_in_every_spelling() {
    for address in [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "10.0.0.1",
        "fd00::1",
        "0.0.0.0",
    ] {
        let address = address.parse().expect("an address");
        let answers = answers(real_policy(), finds(vec![vec![address]]), &[get("http://a.test/")]);
        assert_eq!(outcome(&answers[0]), Err(RefusedAddress), "{address}");
    }
}

#[test]
fn private_addresses_in_urls_are_refused_in_every_spelling() {
    let origin = origin();
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "\u{ff11}27.0.0.1",
    ] {
        let url = format!("http://{host}:{}/", origin.port());
        let answers = answers(real_policy(), loopback(), &[get(&url)]);
        assert_eq!(outcome(&answers[0]), Err(RefusedAddress), "{url}: {:?}", answers[0]);
    }
    for url in [
        "ftp://a.test/",
        "file:///etc/passwd",
        "/a",
        "http:",
        "data:text/plain,a",
        "",
    ] {
        let answers = answers(real_policy(), loopback(), &[get(url)]);
        assert_eq!(outcome(&answers[0]), Err(RefusedAddress), "{url}");
    }
    assert!(origin.finish().reached_at.is_empty());
}

#[test]
fn names_of_the_inside_are_asked_for_where_they_mean_an_allowed_address() {
    let check = |host: &str, found: IpAddr, networks: &[&str], allowed: bool| {
        let origin = origin();
        let request = get(&format!("http://{host}:{}/", origin.port()));
        let answers = answers(allowing(networks), finds(vec![vec![found]]), &[request]);
        let expected = if allowed {
            Ok((200, b"news".to_vec()))
        } else {
            Err(RefusedAddress)
        };
        assert_eq!(outcome(&answers[0]), expected, "{host} at {found} with {networks:?}");
        assert_eq!(origin.finish().reached_at.len(), usize::from(allowed));
    };
    for host in ["newsroom", "cms.internal", "localhost"] {
        check(host, PRIVATE, &["127.0.0.0/8"], true);
        check(host, PRIVATE, &[], false);
    }
    check("newsroom", PRIVATE, &["127.0.0.2/32"], false);
    check("newsroom", PRIVATE, &["172.16.0.0/12"], false);
    check("localhost", PRIVATE, &["172.16.0.0/12"], false);
}

#[test]
fn of_localhost_the_allowed_half_is_taken() {
    let origin = origin();
    let request = get(&format!("http://localhost:{}/", origin.port()));
    let look_up = finds(vec![vec!["::1".parse().expect("an address"), PRIVATE]]);
    let answers = answers(allowing(&["127.0.0.0/8"]), look_up, &[request]);
    assert_eq!(outcome(&answers[0]), Ok((200, b"news".to_vec())));
    assert_eq!(origin.finish().reached_at, [PRIVATE]);
}

#[test]
fn ports_of_other_services_are_not_asked() {
    for url in ["http://news.test:25/", "http://8.8.8.8:6000/"] {
        let answers = answers(allowing(&["127.0.0.0/8"]), loopback(), &[get(url)]);
        assert_eq!(outcome(&answers[0]), Err(RefusedAddress), "{url}");
    }
}

#[test]
fn a_redirect_is_an_answer_and_never_followed() {
    let to = Origin::start(vec![vec![Act::Hear]]);
    let head = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{}/\r\n", to.port());
    let from = Origin::start(vec![vec![
        Act::Hear,
        Act::Say(format!("{head}Content-Length: 0\r\n\r\n").into()),
    ]]);
    let answers = answers(
        settings(),
        loopback(),
        &[get(&format!("http://127.0.0.1:{}/", from.port()))],
    );
    assert_eq!(outcome(&answers[0]), Ok((302, Vec::new())));
    assert_eq!(from.finish().requests.len(), 1);
    assert!(to.finish().reached_at.is_empty());
}

#[test]
fn a_name_may_end_in_a_dot() {
    let origin = origin();
    let url = format!("http://a.test.:{}/", origin.port());
    let answers = answers(settings(), loopback(), &[get(&url)]);
    assert_eq!(outcome(&answers[0]), Ok((200, b"news".to_vec())));
    origin.finish();
}

#[test]
fn behind_a_proxy_private_urls_are_refused_and_only_the_proxy_s_name_is_looked_up() {
    let proxy = origin();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let look_up: LookUp = Arc::new(move |name| {
        noted.lock().expect("a lock").push(name);
        Box::pin(async { Ok(vec![PRIVATE]) })
    });
    let settings = ClientSettings {
        proxy: format!("http://proxy.test:{}", proxy.port()),
        ..real_policy()
    };
    let urls = [
        "http://news.test/a",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://[::ffff:10.0.0.1]/",
    ];
    let answers = answers(settings, look_up, &urls.map(get));
    assert_eq!(outcome(&answers[0]), Ok((200, b"news".to_vec())));
    for refused in &answers[1..] {
        assert_eq!(outcome(refused), Err(RefusedAddress));
    }
    let heard = proxy.finish().requests;
    assert_eq!(heard.len(), 1);
    assert!(heard[0].starts_with(b"GET http://news.test/a HTTP/1.1\r\n"));
    assert_eq!(*asked.lock().expect("a lock"), ["proxy.test"]);
}
