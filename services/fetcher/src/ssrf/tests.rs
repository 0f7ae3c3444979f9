use super::*;

fn check(url: &str, expected: Result<(), Refusal>) {
    assert_eq!(Policy::default().allows_url(url), expected, "{url}");
}

#[test]
fn public_hosts_are_allowed() {
    for url in [
        "https://example.org/",
        "http://8.8.8.8/a",
        "http://[2606:4700::1]/",
        "https://localhost.example.org/",
        "http://[64:ff9b::808:808]/",
    ] {
        check(url, Ok(()));
    }
}

#[test]
fn every_spelling_of_an_inner_address_is_refused() {
    for url in [
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://2130706433/",
        "http://10.1.2.3/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest",
        "http://192.0.0.8/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://[2002:808:808::1]/",
        "http://[64:ff9b:1::8.8.8.8]/",
        "http://[2606:4700::5efe:10.0.0.1]/",
        "http://[fec0::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:0:10.0.0.1]/",
        "http://[3fff::1]/",
        "http://[5f00::1]/",
        "http://0/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
        "http://127\u{3002}0\u{3002}0\u{3002}1/",
        "http://example.org@10.0.0.1/",
        "http://172.31.255.255/",
        "http://192.168.0.1/",
        "http://192.0.2.1/",
        "http://198.19.0.1/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://[2001::1]/",
        "http://[2001:db8::1]/",
        "http://[fe80::1]/",
        "http://[fd12::1]/",
        "http://[ff02::1]/",
    ] {
        check(url, Err(Refusal::Address));
    }
}

#[test]
fn names_ports_and_schemes_that_are_not_the_webs_are_refused() {
    check("http://LOCALHOST./", Err(Refusal::Name));
    check("http://a.localhost/", Err(Refusal::Name));
    for name in [
        "printer.local",
        "metadata.google.internal",
        "metadata",
        "router.lan",
        "db.default.svc",
        "localtest.me",
        "a.LVH.me.",
        "10.0.0.1.nip.io",
        "a-169-254-169-254.sslip.io",
        "7f000001.nip.io",
        "a.onion",
    ] {
        check(&format!("http://{name}/"), Err(Refusal::Name));
    }
    check("http://8.8.8.8.nip.io/", Ok(()));
    check("http://example.org:25/", Err(Refusal::Port));
    check("http://example.org:8443/", Ok(()));
    check("http://[fe80::1%25eth0]/", Err(Refusal::Malformed));
    check("http://1.2.3.4.5/", Err(Refusal::Malformed));
    check("file:///etc/passwd", Err(Refusal::Scheme));
    check("example.org", Err(Refusal::Malformed));
}

#[test]
fn operators_may_allow_networks() {
    let policy = Policy::new(vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    assert_eq!(policy.allows_url("http://127.0.0.1:8080/"), Ok(()));
    assert_eq!(policy.allows_url("http://localhost/"), Ok(()));
    assert_eq!(policy.allows_url("http://[::ffff:127.0.0.1]/"), Ok(()));
    assert_eq!(policy.allows_url("http://[fd00::5]/"), Ok(()));
    assert_eq!(policy.allows_url("http://10.0.0.1/"), Err(Refusal::Address));
    assert!(
        "0.0.0.0/0"
            .parse::<Network>()
            .unwrap()
            .contains("8.8.8.8".parse().unwrap())
    );
}

#[test]
fn names_of_the_inside_pass_where_a_network_is_allowed_and_only_there() {
    let inside = Policy::new(vec!["172.16.0.0/12".parse().unwrap()]);
    let loopback = Policy::new(vec!["127.0.0.0/8".parse().unwrap()]);
    for url in [
        "http://newsroom:8101/feed.atom",
        "https://newsroom./",
        "http://cms.internal/",
        "http://cms.news.svc.cluster.local:6000/",
        "http://newsroom:6000/",
    ] {
        assert_eq!(inside.allows_url(url), Ok(()), "{url}");
        assert!(Policy::default().allows_url(url).is_err(), "{url}");
    }
    for url in [
        "http://localhost:8101/",
        "http://a.localhost:6000/",
        "http://localtest.me/",
    ] {
        assert_eq!(loopback.allows_url(url), Ok(()), "{url}");
        assert!(
            inside.allows_url(url).is_err(),
            "{url}: loopback is not in that network"
        );
    }
    assert_eq!(inside.allows_url("http:///"), Err(Refusal::Malformed));
}

#[test]
fn ports_that_are_not_the_webs_are_refused_outside_of_allowed_networks() {
    let policy = Policy::new(vec!["10.1.0.0/16".parse().unwrap()]);
    let check = |url: &str, expected| assert_eq!(policy.allows_url(url), expected, "{url}");
    check("http://10.1.2.3:6000/", Ok(()));
    check("http://[::ffff:10.1.2.3]:6000/", Ok(()));
    check("http://10.2.2.3:6000/", Err(Refusal::Port));
    check("http://10.2.2.3:8080/", Err(Refusal::Address));
    check("http://8.8.8.8:6000/", Err(Refusal::Port));
    check("http://example.org:25/", Err(Refusal::Port));
    check("http://10.1.2.3.nip.io:25/", Err(Refusal::Port));
}

#[test]
fn refuses_what_is_no_network() {
    for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "x", "10.0.0.0/"] {
        assert!(text.parse::<Network>().is_err(), "{text}");
    }
}
