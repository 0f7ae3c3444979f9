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
fn rules_longer_when_written_down_are_read_again_whole() {
    let file = format!("user-agent: *\ndisallow: /{}a\n", "é".repeat(8_000));
    let rules = Rules::parse(file.as_bytes(), "Newsbot");
    assert_eq!(Rules::from_lines(&rules.to_lines()), rules);
}
