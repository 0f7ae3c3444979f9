use proptest::prelude::*;

use super::*;

fn check(file: &str, url: &str, expected: bool) {
    let rules = Rules::parse(file.as_bytes(), "Newsbot");
    assert_eq!(rules.allows(url), expected, "{url} by {file:?}");
    let again = Rules::from_lines(&rules.to_lines());
    assert_eq!(again.allows(url), expected, "{url} by the kept lines of {file:?}");
}

#[test]
fn the_longest_rule_wins_and_allow_wins_a_tie() {
    let file = "user-agent: *\ndisallow: /archive\nallow: /archive/free\ndisallow: /tie\nallow: /tie\n";
    check(file, "https://example.org/archive/2026", false);
    check(file, "https://example.org/archive/free/1", true);
    check(file, "https://example.org/tie", true);
    check(file, "https://example.org/", true);
}

#[test]
fn the_group_that_names_us_hides_the_one_for_everyone() {
    let file = "user-agent: *\ndisallow: /\n\nuser-agent: other\nuser-agent: newsbot\ndisallow: /private\n";
    check(file, "https://example.org/a", true);
    check(file, "https://example.org/private", false);
    check(
        "user-agent: *\ndisallow: /\nuser-agent: newsbot\n",
        "https://example.org/a",
        true,
    );
    check("user-agent: newsbots\ndisallow: /\n", "https://example.org/a", true);
    check(
        "user-agent: NEWSBOT/2.0 (x)\ndisallow: /\n",
        "https://example.org/a",
        false,
    );
}

#[test]
fn groups_of_one_name_are_one_group() {
    let file = "user-agent: newsbot\ndisallow: /a\nuser-agent: x\ndisallow: /c\nuser-agent: newsbot\ndisallow: /b\n";
    check(file, "https://example.org/a", false);
    check(file, "https://example.org/b", false);
    check(file, "https://example.org/c", true);
}

#[test]
fn stars_and_ends_match() {
    let file = "user-agent: *\ndisallow: /*/print$\ndisallow: *.pdf\ndisallow: /a*b*c\n";
    check(file, "https://example.org/story/print", false);
    check(file, "https://example.org/story/print?x", true);
    check(file, "https://example.org/x/y.pdf?z=1", false);
    check(file, "https://example.org/a--b--c--", false);
    check(file, "https://example.org/a--c--b", true);
}

#[test]
fn escapes_are_compared_in_one_form() {
    let file = "user-agent: *\ndisallow: /%7ejo\ndisallow: /caf\u{e9}\ndisallow: /x%2fy\n";
    check(file, "https://example.org/~jo/1", false);
    check(file, "https://example.org/caf%c3%a9", false);
    check(file, "https://example.org/x%2Fy", false);
    check(file, "https://example.org/x/y", true);
}

#[test]
fn forgives_what_real_files_do() {
    check(
        "\u{feff}User-Agent : *\r\nDisallow:/a # all of it\r\n",
        "https://example.org/a",
        false,
    );
    check("user-agent *\rdisallow /a\r", "https://example.org/a", false);
    check("useragent: *\ndissallow: /a\n", "https://example.org/a", false);
    check("disallow: /a\n", "https://example.org/a", true);
    check("user-agent: *\ndisallow:\n", "https://example.org/a", true);
    check("<html><body>Not found</body></html>", "https://example.org/a", true);
}

#[test]
fn reads_delay_and_sitemaps() {
    let file = "sitemap: https://example.org/s.xml\nuser-agent: *\ncrawl-delay: 2.5\ndisallow: /a\n";
    let rules = Rules::parse(file.as_bytes(), "Newsbot");
    assert_eq!(rules.crawl_delay_millis(), 2_500);
    assert_eq!(rules.sitemaps(), ["https://example.org/s.xml"]);
    let absurd = Rules::parse(b"user-agent: *\ncrawl-delay: 1e300\n", "Newsbot");
    assert_eq!(absurd.crawl_delay_millis(), u32::MAX);
    let none = Rules::parse(b"user-agent: *\ncrawl-delay: nan\n", "Newsbot");
    assert_eq!(none.crawl_delay_millis(), 0);
}

#[test]
fn reads_no_more_than_its_share_of_a_file() {
    let mut file = b"user-agent: *\ndisallow: /a\n".to_vec();
    file.resize(BYTES_MAX, b'#');
    file.extend_from_slice(b"\ndisallow: /b\n");
    let rules = Rules::parse(&file, "Newsbot");
    assert!(!rules.allows("https://example.org/a"));
    assert!(rules.allows("https://example.org/b"));
}

#[test]
fn a_file_in_utf_16_is_read_by_its_mark() {
    let text = "user-agent: *\r\ndisallow: /caf\u{e9}\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for file in [
        [b"\xff\xfe".as_slice(), &little].concat(),
        [b"\xfe\xff".as_slice(), &big].concat(),
    ] {
        let rules = Rules::parse(&file, "Newsbot");
        assert!(!rules.allows("https://example.org/caf%C3%A9"));
        assert!(rules.allows("https://example.org/cafe"));
    }
}

#[test]
fn what_is_no_robots_txt_forbids_nothing() {
    let page = "<!doctype html>\n<html><head><title>User-agent: * Disallow: /</title></head>\n<body>\n\
        <p>User-agent: *</p>\n<p>Disallow: /</p>\n</body></html>";
    check(page, "https://example.org/a", true);
    let picture: Vec<u8> = (0..=255).cycle().take(9_000).collect();
    assert!(Rules::parse(&picture, "Newsbot").is_empty());
    assert!(Rules::parse(b"{\"user-agent\": \"*\", \"disallow\": \"/\"}", "Newsbot").is_empty());
}

#[test]
fn a_line_without_end_hides_no_other_line() {
    let long = "a".repeat(40_000);
    let file = format!("user-agent: *\ndisallow: /{long}\ndisallow: /b\n");
    check(&file, "https://example.org/b", false);
    check(&file, &format!("https://example.org/{long}"), false);
    check(&file, "https://example.org/a", true);
}

#[test]
fn signals_and_delays_neither_end_a_group_nor_allow_anything() {
    let file =
        "user-agent: *\ncontent-signal: ai-train=no\ncrawl-delay: 3\ncontent-usage: /a train-ai=n\ndisallow: /a\n";
    check(file, "https://example.org/a", false);
    check(file, "https://example.org/b", true);
}

/// Paths of rules and URLs over few letters, so that they meet.
fn path() -> impl Strategy<Value = String> {
    "/[ab/*$%2F]{0,8}"
}

fn rules() -> impl Strategy<Value = Vec<(bool, String)>> {
    proptest::collection::vec((any::<bool>(), path()), 0..6)
}

fn lines_of(rules: &[(bool, String)]) -> String {
    let word = |allow| if allow { "Allow" } else { "Disallow" };
    rules
        .iter()
        .map(|(allow, path)| format!("{}: {path}\n", word(*allow)))
        .collect()
}

proptest! {
    #[test]
    fn groups_of_others_change_nothing(ours in rules(), other in rules(), url in path(), before in any::<bool>()) {
        let ours = format!("User-agent: newsbot\n{}", lines_of(&ours));
        // Without a rule of its own, the group would be one with the next.
        let other = format!("User-agent: otherbot\n{}Disallow: /never\n", lines_of(&other));
        let (first, second) = if before { (&other, &ours) } else { (&ours, &other) };
        let alone = Rules::parse(ours.as_bytes(), "newsbot").allows(&url);
        // A group without rules is one with the group behind it.
        prop_assume!(before || ours.lines().count() > 1);
        prop_assert_eq!(Rules::parse(format!("{first}{second}").as_bytes(), "newsbot").allows(&url), alone);
    }

    #[test]
    fn the_order_of_rules_changes_nothing(mut rules in rules(), url in path()) {
        let parse = |rules: &[(bool, String)]| {
            Rules::parse(format!("User-agent: *\n{}", lines_of(rules)).as_bytes(), "newsbot").allows(&url)
        };
        let forwards = parse(&rules);
        rules.reverse();
        prop_assert_eq!(parse(&rules), forwards);
    }

    #[test]
    fn comments_blank_lines_and_line_ends_change_nothing(rules in rules(), url in path()) {
        let plain = format!("User-agent: *\n{}", lines_of(&rules));
        let dressed = plain.replace('\n', " # said so\r\n\r\n\t#\r\n");
        let allows = |file: &str| Rules::parse(file.as_bytes(), "newsbot").allows(&url);
        prop_assert_eq!(allows(&plain), allows(&dressed));
    }

    #[test]
    fn allowing_more_never_forbids(rules in rules(), url in path(), more in path()) {
        let file = format!("User-agent: *\n{}", lines_of(&rules));
        let allows = |file: &str| Rules::parse(file.as_bytes(), "newsbot").allows(&url);
        let wider = format!("{file}Allow: {more}\n");
        prop_assert!(!allows(&file) || allows(&wider));
    }

    #[test]
    fn kept_lines_say_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..200), url in path()) {
        let file = [b"user-agent: *\ndisallow: /".as_slice(), &bytes].concat();
        let rules = Rules::parse(&file, "newsbot");
        prop_assert_eq!(Rules::from_lines(&rules.to_lines()).allows(&url), rules.allows(&url));
    }
}

#[test]
fn rules_longer_when_written_down_are_read_again_whole() {
    let file = format!("user-agent: *\ndisallow: /{}a\n", "é".repeat(8_000));
    let rules = Rules::parse(file.as_bytes(), "Newsbot");
    assert_eq!(Rules::from_lines(&rules.to_lines()), rules);
}

#[test]
fn of_more_rules_than_any_site_has_the_first_count() {
    let mut file = "user-agent: *\ndisallow: /first\n".to_owned();
    file.extend((1..20_000).map(|number| format!("allow: /{number}$\n")));
    file.push_str("disallow: /last\n");
    check(&file, "https://example.org/first", false);
    check(&file, "https://example.org/last", true);
}

/// What a pattern means, by its definition: a star takes any part of the path, tried one by one.
fn matches_by_definition(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => true,
        b"$" => path.is_empty(),
        [b'*', rest @ ..] => (0..=path.len()).any(|at| matches_by_definition(rest, &path[at..])),
        [byte, rest @ ..] => path.first() == Some(byte) && matches_by_definition(rest, &path[1..]),
    }
}

proptest! {
    #[test]
    fn patterns_mean_what_they_say(pattern in "/[ab*]{0,6}[$]?", path in "/[ab]{0,8}") {
        let found = Pattern::new(pattern.as_bytes()).matches(path.as_bytes());
        prop_assert_eq!(found, matches_by_definition(pattern.as_bytes(), path.as_bytes()));
    }
}
